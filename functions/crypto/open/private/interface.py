"""The interface of a private key store. Key files and a key bucket implement it and pass the same tests."""

from collections.abc import Hashable, Iterable
from typing import Protocol

from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.seal.public_store import PublicStore


class KeyStore(PublicStore, Protocol):
    """What a function needs in order to open or sign. Raises KeyringError."""

    @property
    def place(self) -> str:
        """The folder or bucket, for messages."""

    def mark(self) -> Hashable:
        """Return a value that changes with each rotation."""

    def private(self, purpose: Purpose, instance: str = "") -> PrivateKeys:
        """Return the private keys of one purpose; with ``instance`` its keys at least, which may be quicker."""

    def missing(self, purposes: Iterable[Purpose], instances: Iterable[str]) -> list[tuple[Purpose, str]]:
        """Return the (purpose, instance) pairs without a current key, as far as can be told without opening any."""

"""What is asked of a place of private keys. Key files and a key bucket stand behind it and pass one suite of tests."""

from collections.abc import Hashable, Iterable
from typing import Protocol

from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.seal.public_store import PublicStore


class KeyStore(PublicStore, Protocol):
    """What a function that opens or signs needs besides. Raises KeyringError."""

    @property
    def place(self) -> str:
        """Where the keys are, for messages."""

    def mark(self) -> Hashable:
        """Changes after each rotation."""

    def private(self, purpose: Purpose) -> PrivateKeys:
        """The private keys of one purpose."""

    def missing(self, purposes: Iterable[Purpose], instances: Iterable[str]) -> list[tuple[Purpose, str]]:
        """The (purpose, instance) pairs that have no current key, as far as can be told without opening any."""

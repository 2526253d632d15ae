"""What ops ask of a key store: make, publish, destroy."""

from collections.abc import Iterable
from typing import Protocol

from functions.crypto.open.private.interface import KeyStore
from functions.crypto.seal.public_keys import Purpose


class KeyMaker(KeyStore, Protocol):
    """A key store for ops. No function gets one. Raises KeyringError."""

    def exists(self) -> bool:
        """Tell whether there are public keys at all."""

    def check_existing(self) -> None:
        """Check what is there before anything is made. Raises KeyringError if it is not as it must be."""

    def private_ids(self, purpose: Purpose, instance: str) -> list[str]:
        """Return the ids of the private keys of one purpose and instance."""

    def generate(self, purpose: Purpose, instance: str) -> str:
        """Make a new pair and make it current. Returns its key id."""

    def generate_all(self, pairs: Iterable[tuple[Purpose, str]]) -> list[str]:
        """Make new pairs, the private half first, and make them current. Returns their key ids."""

    def check(self, purpose: Purpose, instance: str, key_id: str) -> None:
        """Raises KeyringError if a private key is missing or not what it claims to be."""

    def destroy(self, purpose: Purpose, instance: str, key_id: str) -> None:
        """Destroy an old private key and drop its public half. Refuses to destroy the current one."""

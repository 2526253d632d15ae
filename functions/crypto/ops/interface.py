"""What ops ask of a place of keys: making, publishing, destroying."""

from collections.abc import Iterable
from typing import Protocol

from functions.crypto.open.private.interface import KeyStore
from functions.crypto.seal.public_keys import Purpose


class KeyMaker(KeyStore, Protocol):
    """What ops do: make keys, publish and destroy them. No function is given this. Raises KeyringError."""

    def exists(self) -> bool:
        """Whether there are public keys at all."""

    def look_over(self) -> None:
        """Raises KeyringError where what is there is not as it must be, before anything is made."""

    def private_ids(self, purpose: Purpose, instance: str) -> list[str]:
        """The ids of the private keys that are there for one purpose and instance."""

    def generate(self, purpose: Purpose, instance: str) -> str:
        """Make a new pair and make it current. Returns its key id."""

    def generate_all(self, pairs: Iterable[tuple[Purpose, str]]) -> list[str]:
        """Make new pairs, the private half first, and make them current. Returns their key ids."""

    def check(self, purpose: Purpose, instance: str, key_id: str) -> None:
        """Raises KeyringError where a private key is not there or cannot be what it claims."""

    def destroy(self, purpose: Purpose, instance: str, key_id: str) -> None:
        """Destroy an old private key and forget its public half. Refuses the current one."""

"""What is asked of a place of keys. Key files and a key bucket stand behind it and pass one suite of tests."""

from collections.abc import Hashable, Iterable
from typing import Protocol

from functions.vault.keyring import PrivateKeys, PublicKeys, Purpose


class PublicStore(Protocol):
    """All that intake and thread need: what to seal to. Raises KeyringError."""

    def public(self) -> PublicKeys:
        """All public keys."""


class KeyStore(PublicStore, Protocol):
    """What a function that opens or signs needs besides. Raises KeyringError."""

    @property
    def place(self) -> str:
        """Where the keys are, for messages."""

    def mark(self) -> Hashable:
        """Something that is another after a rotation."""

    def private(self, purpose: Purpose) -> PrivateKeys:
        """The private keys of one purpose."""

    def missing(self, purposes: Iterable[Purpose], instances: Iterable[str]) -> list[tuple[Purpose, str]]:
        """The (purpose, instance) pairs that have no current key, as far as can be told without opening any."""


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

"""What ops ask of a key store: make, publish, destroy."""

from collections.abc import Iterable
from typing import Protocol

from functions.casework.consent.roster import Roster
from functions.crypto.errors import KeyringError
from functions.crypto.open.private.interface import KeyStore
from functions.crypto.seal.public_keys import PublicKeys, Purpose


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

    def put_roster(self, instance: str, roster: Roster | None, before: str) -> None:
        """Publish an instance's roster in place of the one of id ``before`` ("" for none), or none at all."""


def with_roster(known: PublicKeys, instance: str, roster: Roster | None, before: str) -> PublicKeys:
    """Return the public keys with this roster. Raises KeyringError if another than ``before`` stands by now."""
    standing = known.rosters.get(instance)
    if (standing.id if standing else "") != before:
        raise KeyringError(f"another roster of {instance} was published meanwhile; look at it and try again")
    others = {code: each for code, each in known.rosters.items() if code != instance}
    return known._replace(rosters=others | ({instance: roster} if roster else {}))

"""What ops ask of a key store: make, publish, destroy."""

from collections.abc import Collection, Iterable
from typing import Protocol

from functions.casework.consent.roster import Roster
from functions.casework.directory.linked_office import LinkedOffice
from functions.crypto.errors import KeyringError
from functions.crypto.open.private.interface import KeyStore
from functions.crypto.seal.public_keys import PublicKeys, Purpose, key_id_of


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

    def put_linked(self, code: str, office: LinkedOffice | None) -> None:
        """Publish the keys of a linked office in place of those that it had, or take them away."""

    def keep_late(self, purpose: Purpose, instances: Collection[str]) -> None:
        """Let reports to the current keys in, also after the next ones were made. Which keys these were before ends."""

    def end_late(self, purpose: Purpose, instances: Collection[str]) -> None:
        """Let no report to the keys of before in any more: no page shows them by now."""


def with_linked(known: PublicKeys, code: str, office: LinkedOffice | None) -> PublicKeys:
    """Return the public keys with those of a linked office, or without. No key of an instance here is touched."""
    before = known.linked.get(code)
    old = {key_id_of(key) for key in before.document.keys.values()} if before else set()
    keys = {key_id: key for key_id, key in known.keys.items() if key_id not in old}
    current = {place: key_id for place, key_id in known.current.items() if not (before and place[1] == code)}
    rosters = {each: roster for each, roster in known.rosters.items() if not (before and each == code)}
    linked = {each: other for each, other in known.linked.items() if each != code}
    if office:
        if any(instance == code for _, instance in current):
            raise KeyringError(f"{code} has keys of its own here; a linked office cannot take their place")
        document = office.document
        if taken := [key_id for key in document.keys.values() if (key_id := key_id_of(key)) in keys]:
            raise KeyringError(f"{code} names a key of another government, {taken[0]}; do not take it")
        keys |= {key_id_of(key): key for key in document.keys.values()}
        current |= {(Purpose(purpose), code): key_id_of(key) for purpose, key in document.keys.items()}
        rosters |= {code: document.roster} if document.roster else {}
        linked[code] = office
    return known._replace(keys=keys, current=current, rosters=rosters, linked=linked)


def with_late(known: PublicKeys, purpose: Purpose, instances: Collection[str]) -> PublicKeys:
    """Return the public keys with the current ones of these instances as the late ones."""
    late = {(purpose, each): known.current_id(purpose, each) for each in instances}
    return known._replace(late={**known.late, **late})


def without_late(known: PublicKeys, purpose: Purpose, instances: Collection[str]) -> PublicKeys:
    """Return the public keys without late ones of this purpose and these instances."""
    gone = {(purpose, each) for each in instances}
    late = {place: each for place, each in known.late.items() if place not in gone}
    return known._replace(late=late)


def without_key(known: PublicKeys, purpose: Purpose, instance: str, key_id: str) -> PublicKeys:
    """Return the public keys without an old one. Raises KeyringError for the current one."""
    if known.current.get((purpose, instance)) == key_id:
        raise KeyringError(f"{key_id} is the current key of {purpose} for {instance}; rotate first")
    late = {place: each for place, each in known.late.items() if each != key_id}
    return known._replace(keys={k: v for k, v in known.keys.items() if k != key_id}, late=late)


def with_roster(known: PublicKeys, instance: str, roster: Roster | None, before: str) -> PublicKeys:
    """Return the public keys with this roster. Raises KeyringError if another than ``before`` stands by now."""
    standing = known.rosters.get(instance)
    if (standing.id if standing else "") != before:
        raise KeyringError(f"another roster of {instance} was published meanwhile; look at it and try again")
    others = {code: each for code, each in known.rosters.items() if code != instance}
    return known._replace(rosters=others | ({instance: roster} if roster else {}))

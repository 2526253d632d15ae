"""Help an officer who lost their second factor: a code to read out by phone, or the end of all their factors.

At a desk the coordinator helps the staff of units, the inspectorate the coordinators; ops help everybody
(``functions.cli.directory.factors``). What a helper does is told by mail to who watches over them.

Tests: ``tests/doors/test_factor_help.py``, ``tests/cli/test_factors.py``.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from secrets import choice
from typing import NamedTuple

from functions.actions.factors.notify import Notify
from functions.casework.access import Viewer
from functions.casework.directory.agencies import Directory, Member
from functions.casework.factors.events import Event
from functions.casework.factors.keyring import Keyring, sealed_as
from functions.casework.factors.standing import Policy, helped_by, helps_somebody, may_help
from functions.casework.problems import NotFoundProblem
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.storage.interface import Revocation, Store
from functions.storage.registers.factors import change_keyring, read_keyrings
from functions.storage.registers.staff import read_staff

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none sounds or looks like another of them
SYMBOLS, CODE_SECONDS = 8, 900


class Helped(NamedTuple):
    """An officer, and what they have."""

    member: Member
    keyring: Keyring


@dataclass(frozen=True, slots=True)
class HelpFactor:
    """``purpose`` and ``realm`` are those of the door where the officer signs in. ``now`` gives epoch seconds."""

    store: Store
    directory: Directory
    public: Callable[[], PublicKeys]
    now: Callable[[], int]
    policy: Policy
    purpose: Purpose = Purpose.DESK
    realm: str = ""

    def team(self, viewer: Viewer) -> tuple[Helped, ...]:
        """Return those a viewer may help, by agency. Raises NotFoundProblem if they help nobody, StorageError."""
        if not helps_somebody(viewer, self.directory):
            raise NotFoundProblem
        members = [m for m in read_staff(self.store).members if may_help(viewer, m, self.directory)]
        return tuple(self.of(members))

    def of(self, members: list[Member]) -> Iterator[Helped]:
        """Yield what each of these has, reading one register for each agency. Raises StorageError."""
        for agency in dict.fromkeys(member.agency for member in members):
            keyrings = read_keyrings(self.store, self.realm, agency)
            yield from (Helped(m, keyrings.get(m.ident, Keyring())) for m in members if m.agency == agency)

    def give_code(self, viewer: Viewer, ident: str) -> str:
        """Return a code for one of the team, in two groups. Raises NotFoundProblem, StorageError."""
        return self.code_for(self._member(viewer, ident), viewer.officer)

    def revoke(self, viewer: Viewer, ident: str) -> None:
        """End all factors and links of one of the team. Raises NotFoundProblem, StorageError."""
        self.revoke_of(self._member(viewer, ident), viewer.officer)

    def code_for(self, member: Member, by: str = "") -> str:
        """Return a code that holds once, for 15 minutes; it replaces an earlier one. ``by`` is "" for ops. Raises
        KeyringError, StorageError."""
        code = "".join(choice(ALPHABET) for _ in range(SYMBOLS))
        instance = self._instance(member)
        said = json.dumps([code, self.now() + CODE_SECONDS]).encode()
        _, sealed = self.public().seal(self.purpose, instance, sealed_as("code", member.ident), said)

        def give(keyring: Keyring) -> Keyring:
            return replace(keyring, code=sealed, code_instance=instance, help_hour=0, help_misses=0)

        change_keyring(self.store, self.realm, member.agency, member.ident, give)
        Notify(self.store, self.public)(instance, member.ident, Event.CODE, by)
        return f"{code[: SYMBOLS // 2]}-{code[SYMBOLS // 2 :]}"

    def revoke_of(self, member: Member, by: str = "") -> None:
        """End all factors and links of an officer; a new factor wants a code. Raises KeyringError, StorageError."""
        change_keyring(self.store, self.realm, member.agency, member.ident, Keyring.revoked)
        self.store.revoke(Revocation(f"officer:{member.ident}", self.now() + 1))
        Notify(self.store, self.public)(self._instance(member), member.ident, Event.REVOKED, by)

    def forget(self, member: Member) -> None:
        """Drop the factors of an officer who is removed. If the removal is refused after all, a new factor wants a
        code. Raises StorageError."""
        change_keyring(self.store, self.realm, member.agency, member.ident, lambda _: Keyring(shut=True))

    def begin(self, member: Member) -> None:
        """Let somebody who is entered anew begin with nothing, whoever bore their ident before. Raises StorageError."""
        change_keyring(self.store, self.realm, member.agency, member.ident, lambda _: Keyring())

    def _member(self, viewer: Viewer, ident: str) -> Member:
        for member in read_staff(self.store).members:
            if member.ident == ident and may_help(viewer, member, self.directory):
                return member
        raise NotFoundProblem

    def _instance(self, member: Member) -> str:
        """Return the instance to whose key a code is sealed: the centre's staff have none of their own."""
        found = self.directory.instance_of(member.agency) if member.agency in self.directory.agencies else None
        return found.code if found else self.directory.instances()[0].code


def helper_of(member: Member, directory: Directory) -> str:
    """Return the name of the agency that an officer calls when they lost theirs; "" for ops."""
    code = helped_by(member.agency, member.role, directory)
    return directory.agencies[code].name if code else ""

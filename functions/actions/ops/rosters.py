"""Propose and publish the roster of an instance's custodians: the part of ops, at a ceremony (``docs/custodians.md``).

Ops publish and cannot vouch: a roster after the first needs the signatures of two custodians of the one before.

Tests: ``tests/captured/test_custody.py``.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from functions.casework.consent.roster import Candidate, Member, Roster, RosterError, next_roster
from functions.casework.directory.agencies import Directory, Officer, Role
from functions.crypto.key_pairs import SUITE, hpke_public
from functions.crypto.ops.interface import KeyMaker
from functions.crypto.sign.vouches import check_vouched
from functions.storage.interface import Registers
from functions.storage.registers.custodians import Custodians, Keeper, read_custodians, write_custodians

LEFT = "names go on being sealed to who is no custodian of today"
LEFT_DO = "`custodians propose` frees their seats; who came after them makes a key, then propose once more."


@dataclass(frozen=True, slots=True)
class Rosters:
    """The roster of one instance. ``seats`` are today's custodians as agency and ident: a place is a person's, and
    neither whoever left nor whoever came after them has it."""

    store: Registers
    keys: KeyMaker
    instance: str
    seats: Collection[tuple[str, str]]

    def standing(self) -> Roster | None:
        """Return the published roster. Raises KeyringError."""
        return self.keys.public().rosters.get(self.instance)

    def propose(self) -> Roster:
        """Write down the roster that today's custodians would have, for two of them to vouch for. It frees the seats of
        who left first, also where no roster comes of it. Raises RosterError."""
        known = self._seated()
        seated = known.keepers.values()
        if twice := [by for by, count in Counter(each.by for each in seated).items() if count > 1]:
            raise RosterError(f"{', '.join(twice)} would hold two shares of each name; one person has one seat")
        found = [keeper.candidate for keeper in seated]
        for candidate in found:  # a phone could seal nothing to it, and no name would be taken
            try:
                SUITE.encrypt(b"", hpke_public(candidate.public))  # some keys load, and take no envelope
            except ValueError as error:
                raise RosterError(f"the key of {candidate.agency} is none; they make a new one") from error
        roster = next_roster(self.instance, self.standing(), found)
        before = self.standing()
        if before and before.members == roster.members:
            raise RosterError("nothing changes: the roster that stands has these custodians and keys")
        write_custodians(self.store, self.instance, replace(known, proposed=roster))
        return roster

    def _seated(self) -> Custodians:
        """Return the register without the keys of who has no seat any more: only they may change these, so that whoever
        came after them can make none beside them."""
        known = read_custodians(self.store, self.instance)
        seated = {agency: keeper for agency, keeper in known.keepers.items() if (agency, keeper.by) in self.seats}
        if seated == known.keepers:
            return known
        write_custodians(self.store, self.instance, replace(known, keepers=seated))
        return read_custodians(self.store, self.instance)

    def left(self) -> list[str]:
        """Return why members of the roster that stands are not today's custodians, a phrase each. Raises
        KeyringError."""
        roster, keepers = self.standing(), read_custodians(self.store, self.instance).keepers
        reasons = [(member.agency, self._left(member, keepers)) for member in roster.members] if roster else []
        return [f"{agency} ({why})" for agency, why in reasons if why]

    def _left(self, member: Member, keepers: Mapping[str, Keeper]) -> str:
        keeper = keepers.get(member.agency)
        if member.agency not in {agency for agency, _ in self.seats}:
            return "no custodian there any more"
        if keeper is None or keeper.candidate != Candidate(member.agency, member.public, member.vouch):
            return "another key or custodian there by now"
        return "" if (member.agency, keeper.by) in self.seats else f"another custodian there than {keeper.by}"

    def init(self) -> Roster:
        """Publish the first roster. Its vouch is the minutes that everybody signs. Raises RosterError."""
        if self.standing():
            raise RosterError("a roster stands; a later one is proposed, vouched for by two, and published")
        roster = self.propose()
        self.keys.put_roster(self.instance, roster, "")
        return roster

    def publish(self) -> Roster:
        """Publish the proposed roster. Raises RosterError unless two custodians of the one that stands vouched."""
        before, roster = self.standing(), read_custodians(self.store, self.instance).proposed
        if before is None or roster is None:
            raise RosterError("nothing to publish; `custodians propose` comes first, for the first roster `init`")
        check_vouched(roster, before)
        self.keys.put_roster(self.instance, roster, before.id)
        return roster


def rosters_of(
    store: Registers, keys: KeyMaker, instance: str, directory: Directory, officers: Sequence[Officer]
) -> Rosters:
    """Return an instance's roster, with those of ``officers`` who are its custodians."""
    custodians = [each for each in officers if each.role is Role.CUSTODIAN]
    seats = {
        (each.agency, each.ident)
        for each in custodians
        if (found := directory.instance_of(each.agency)) and found.code == instance
    }
    return Rosters(store, keys, instance, seats)

"""Propose and publish the roster of an instance's custodians: the part of ops, at a ceremony (``docs/custodians.md``).

Ops publish and cannot vouch: a roster after the first needs the signatures of two custodians of the one before.

Tests: ``tests/captured/test_custody.py``.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from functions.casework.consent.roster import Roster, RosterError, next_roster
from functions.crypto.key_pairs import hpke_public
from functions.crypto.ops.interface import KeyMaker
from functions.crypto.sign.vouches import check_vouched
from functions.storage.interface import Registers
from functions.storage.registers.custodians import read_custodians, write_custodians


@dataclass(frozen=True, slots=True)
class Rosters:
    """The roster of one instance. ``agencies`` are those with a custodian today: whoever left gets no place."""

    store: Registers
    keys: KeyMaker
    instance: str
    agencies: Collection[str]

    def standing(self) -> Roster | None:
        """Return the published roster. Raises KeyringError."""
        return self.keys.public().rosters.get(self.instance)

    def propose(self) -> Roster:
        """Write down the roster that today's custodians would have, for two of them to vouch for. Raises
        RosterError."""
        known = read_custodians(self.store, self.instance)
        found = [k.candidate for agency, k in known.keepers.items() if agency in self.agencies]
        for candidate in found:  # a phone could seal nothing to it, and no name would be taken
            try:
                hpke_public(candidate.public)
            except ValueError as error:
                raise RosterError(f"the key of {candidate.agency} is none; they make a new one") from error
        roster = next_roster(self.instance, self.standing(), found)
        before = self.standing()
        if before and before.members == roster.members:
            raise RosterError("nothing changes: the roster that stands has these custodians and keys")
        write_custodians(self.store, self.instance, replace(known, proposed=roster))
        return roster

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

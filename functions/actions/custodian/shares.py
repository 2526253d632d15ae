"""The custody door's part in opening a split name: it hands out slots and passes as the rules allow, and no more.

Each step is written before a share leaves: the request before its asker gets their slot, the opening and the reading
before the second custodian gets theirs with what was passed on. Two browsers combine the shares; the door cannot.

Tests: ``tests/doors/test_custodian_shares.py``, ``tests/captured/test_custody.py``,
``tests/captured/test_custody_browser.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import NamedTuple

from functions.actions.common.decrypted_identity import Change, OpenedIdentity, rewrite
from functions.actions.custodian.custody import Custody
from functions.actions.custodian.slots import Pass, slot_of
from functions.casework import sealed_identity
from functions.casework.access import Viewer
from functions.casework.case import CaseHead
from functions.casework.consent import identity_request
from functions.casework.consent.roster import Member, Roster
from functions.casework.directory.agencies import Role
from functions.casework.sealed_identity import Identity, StepKind, TrustProblem
from functions.crypto.seal.shares import ENVELOPE_BYTES, Slot


class Turn(NamedTuple):
    """What a custodian may do with shares now: request number ``step``, and to whom they pass theirs on. ``reading``:
    two have opened the name, and this custodian is one of them."""

    step: int
    member: Member
    recipients: tuple[Member, ...]
    reading: bool


class Handed(NamedTuple):
    """What leaves the door: the custodian's own slot, the shares passed on to them, and every slot's hash by its place.
    ``sealed`` holds name and contact, b"" until two have opened them. ``talk`` is the hash of the key by which the door
    read the steps: the browser compares it with the one that the name's own key opens, before it shows a name. Who
    writes to the store can seal another talk key to the door, and a yes under it."""

    identity: Identity
    turn: Turn
    slot: Slot
    passes: tuple[Pass, ...]
    digests: dict[int, bytes]
    sealed: bytes
    talk: bytes


@dataclass(frozen=True, slots=True)
class Shares:
    """Hands out and takes shares, by the rules of ``custody``."""

    custody: Custody

    def hand_out(self, viewer: Viewer, case_id: str) -> Handed:
        """Return what this custodian's browser may have now. The first reading is recorded before it is returned.

        Raises NotFoundProblem, TrustProblem (``identity_closed``, ``identity_no_slot``), BusyProblem.
        """

        def decide(identity: Identity) -> Change | None:
            opened = self.custody.opened(identity)
            turn = self._turn(viewer, self.custody.load(viewer, case_id)[0], opened)
            if turn.reading and not sealed_identity.read_before(opened.steps(), viewer.officer):
                return sealed_identity.stepped(identity, StepKind.READ, self.custody.today(), viewer), ()
            return None

        identity = rewrite(self.custody.store, lambda: self.custody.load(viewer, case_id)[1], decide)
        opened = self.custody.opened(identity)
        turn = self._turn(viewer, self.custody.load(viewer, case_id)[0], opened)
        slots = self.custody.slots.all(identity)
        slot = slot_of(slots, turn.member)
        if slot is None:
            raise TrustProblem("identity_no_slot")
        found = self.custody.slots.passes(identity) if turn.reading else ()
        return Handed(
            identity,
            turn,
            slot,
            tuple(one for one in found if (one.step, one.to) == (turn.step, turn.member.x)),
            {each.x: each.digest for each in slots},
            identity.sealed if turn.reading else b"",
            sha256(opened.talk).digest(),
        )

    def take_passes(self, viewer: Viewer, case_id: str, passes: Sequence[tuple[int, bytes]]) -> None:
        """Keep shares that this custodian sealed on, each with the place of whom it is for. Sent again, they replace
        the earlier ones.

        Raises NotFoundProblem, TrustProblem (``identity_closed``, ``identity_bad_pass``), BusyProblem.
        """

        def decide(identity: Identity) -> Change:
            head = self.custody.load(viewer, case_id)[0]
            turn = self._turn(viewer, head, self.custody.opened(identity))
            places = [to for to, _ in passes]
            allowed = {member.x for member in turn.recipients}
            whole = all(len(envelope) == ENVELOPE_BYTES for _, envelope in passes)
            if not passes or not whole or len(set(places)) != len(places) or not allowed.issuperset(places):
                raise TrustProblem("identity_bad_pass")
            others = [p for p in self.custody.slots.passes(identity) if (p.step, p.giver) != (turn.step, turn.member.x)]
            mine = [Pass(turn.step, turn.member.x, to, envelope) for to, envelope in passes]
            kept = self.custody.slots.sealed(identity, [*others, *mine])
            return replace(identity, passes=kept, version=identity.version + 1), ()

        rewrite(self.custody.store, lambda: self.custody.load(viewer, case_id)[1], decide)

    def _turn(self, viewer: Viewer, head: CaseHead, opened: OpenedIdentity) -> Turn:
        identity, steps = opened.identity, opened.steps()
        sealed_identity.check_there(identity)
        roster = self.custody.slots.public().rosters.get(identity.instance)
        member = roster.of(viewer.agency) if roster and viewer.role is Role.CUSTODIAN else None
        if not identity.split or roster is None or member is None:
            raise TrustProblem("identity_no_slot")
        if identity.pending:
            request = identity_request.waiting(steps)
            if request.by != viewer.officer or not request.whole:
                raise TrustProblem("identity_closed")
            return Turn(request.n, member, self._deciders(head, roster, member), reading=False)
        if not self.custody.reads(viewer, opened):
            raise TrustProblem("identity_closed")
        opening, asked = sealed_identity.last_opening(steps, viewer.officer)
        other = roster.of(asked.agency if opening.by == viewer.officer else opening.agency)
        return Turn(asked.n, member, (other,) if other else (), reading=True)

    def _deciders(self, head: CaseHead, roster: Roster, asker: Member) -> tuple[Member, ...]:
        """Return the members who may decide on the request: not the asker, and nobody of the accused agency."""
        seats = {member: Viewer("", member.agency, Role.CUSTODIAN) for member in roster.members if member != asker}
        return tuple(m for m, seat in seats.items() if sealed_identity.may_look(seat, head, self.custody.directory))

"""What the custody door keeps of a split name: a slot for each custodian, and the shares that custodians passed on.

The door opens the envelope around them and none of the shares in it: each is sealed to a key that one browser holds.

Tests: ``tests/doors/test_custodian_shares.py``, ``tests/captured/test_custody.py``.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from functions.casework.access import Viewer
from functions.casework.consent.identity_request import Request
from functions.casework.consent.roster import Member
from functions.casework.sealed_identity import Identity
from functions.crypto.errors import SealError
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.public_keys import PublicKeys, Purpose, hint_of
from functions.crypto.seal.shares import SharesError, Slot, parted, passes_context, shares_context
from functions.storage.interface import Identities


class Pass(NamedTuple):
    """A share that the member at ``giver`` sealed on to the member at ``to``, for the request number ``step``."""

    step: int
    giver: int
    to: int
    envelope: bytes


@dataclass(frozen=True, slots=True)
class Slots:
    """Reads slots and passes with the door's key, and seals passes to it."""

    store: Identities
    private: Callable[[], PrivateKeys]
    public: Callable[[], PublicKeys]

    def member(self, instance: str, agency: str) -> Member | None:
        """Return an agency's custodian as the published roster names them."""
        roster = self.public().rosters.get(instance)
        return roster.of(agency) if roster else None

    def all(self, identity: Identity) -> tuple[Slot, ...]:
        """Return every slot of a name, none if they do not open here or are no shares: a foreign browser sealed it."""
        context = shares_context(identity.case_id)
        try:
            return parted(self._open(identity, context, self.store.read_shares(identity.case_id)))[1]
        except (SealError, SharesError):
            return ()

    def of(self, identity: Identity, member: Member | None) -> Slot | None:
        """Return a member's slot. One who joined after the name was left has none, nor has one with a new key."""
        return slot_of(self.all(identity), member)

    def passes(self, identity: Identity) -> tuple[Pass, ...]:
        """Return the shares that were passed on. Raises SealError."""
        if not identity.passes:
            return ()
        rows = json.loads(self._open(identity, passes_context(identity.case_id), identity.passes))
        return tuple(Pass(step, giver, to, b64decode(envelope)) for step, giver, to, envelope in rows)

    def sealed(self, identity: Identity, passes: Sequence[Pass]) -> bytes:
        """Seal passes to the door. Raises KeyringError."""
        rows = [[*each[:3], b64encode(each.envelope).decode()] for each in passes]
        plain = json.dumps(rows, separators=(",", ":")).encode()
        return self.public().seal(Purpose.IDENTITY, identity.instance, passes_context(identity.case_id), plain)[1]

    def between(self, identity: Identity, request: Request, opener: str) -> Identity:
        """Return an identity with the passes to the two who opened it alone: custodians of ``request.agency`` and of
        the agency ``opener``. Anybody else's would read the name with this door, whatever the days say.

        Raises SealError, KeyringError."""
        if not identity.passes:
            return identity
        two = {member.x for agency in (request.agency, opener) if (member := self.member(identity.instance, agency))}
        kept = [one for one in self.passes(identity) if one.step == request.n and one.to in two]
        return replace(identity, passes=self.sealed(identity, kept))

    def passed_to(self, identity: Identity, viewer: Viewer, step: int) -> bool:
        """Whether a share was passed on to this custodian for a request."""
        member = self.member(identity.instance, viewer.agency)
        return member is not None and any((one.step, one.to) == (step, member.x) for one in self.passes(identity))

    def _open(self, identity: Identity, context: str, envelope: bytes) -> bytes:
        return self.private().open(identity.instance, context, envelope)


def slot_of(slots: Sequence[Slot], member: Member | None) -> Slot | None:
    """Return a member's slot among these."""
    wanted = (hint_of(member.key_id), member.x) if member else None
    return next((slot for slot in slots if (slot.hint, slot.x) == wanted), None)

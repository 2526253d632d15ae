"""The identity a reporter left in trust (mode *rahasia*), and when it may be opened.

Two custodians open it together. One asks with a reason, the reporter has some working days to object, and another opens
with their own reason. An objection ends the request. Every step is stored, sealed so that only its reporter and the
custodians read it.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from functions.casework.access import Viewer, is_accused, waits
from functions.casework.case import CaseHead
from functions.casework.deadlines.workdays import add_workdays
from functions.casework.directory.agencies import Directory, Role
from functions.casework.problems import Problem

READING_DAYS = 14


class TrustProblem(Problem):
    """A rule of this module forbids it now; ``code`` names the rule.

    - ``identity_withdrawn``: the reporter took it back, or left none
    - ``identity_pending``: a request waits already
    - ``identity_not_pending``: no request waits
    - ``identity_second``: the second custodian must be a different one, of another agency
    - ``identity_early``: the reporter may still object
    - ``identity_objected``: the reporter refused this agency's request; another may ask
    - ``identity_left``: the reporter has left one already
    """

    status = 409

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__()


class StepKind(StrEnum):
    """What happened to an identity."""

    LEFT = "left"
    ASKED = "asked"
    OBJECTED = "objected"
    REFUSED = "refused"
    OPENED = "opened"
    READ = "read"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class IdentityStep:
    """One thing that happened: number ``n`` (1-based), on a local day. ``by`` is the custodian's ident and ``agency``
    the code of their agency, both "" for the reporter. ``sealed`` holds the reason under the identity's key."""

    n: int
    kind: StepKind
    by: str
    agency: str
    on: date
    sealed: bytes = b""


@dataclass(frozen=True, slots=True)
class Identity:
    """A sealed identity. Its own key is wrapped to the receipt and to the custody door's public key ``key_id``;
    ``sealed`` holds name and contact under that key, b"" once withdrawn. ``version`` counts writes."""

    case_id: str
    instance: str
    key_id: str
    wrap_receipt: bytes
    wrap_custody: bytes
    sealed: bytes
    version: int = 1
    steps: tuple[IdentityStep, ...] = ()

    @property
    def pending(self) -> bool:
        """Whether a request waits for the second custodian."""
        return bool(self.steps) and self.steps[-1].kind is StepKind.ASKED


class TrustState(StrEnum):
    """The state of an identity. ``OPENED`` lasts until it is left again: what was read is not unread."""

    SEALED = "sealed"
    ASKED = "asked"
    OPENED = "opened"
    WITHDRAWN = "withdrawn"


def may_look(viewer: Viewer, head: CaseHead, directory: Directory) -> bool:
    """Whether this custodian may know that an identity exists. They must belong to the instance whose keys it is sealed
    to, and not to the accused; nobody knows before the hour of its batch."""
    if waits(viewer, head) or viewer.role is not Role.CUSTODIAN or viewer.agency not in directory.agencies:
        return False
    if viewer.case_id not in ("", head.case_id):
        return False
    instance = directory.instance_of(viewer.agency)
    ours = instance is not None and instance.code == head.entrusted_to
    return ours and not is_accused(viewer.agency, head.about_agency, directory)


def stepped(identity: Identity, kind: StepKind, on: date, by: Viewer | None = None, sealed: bytes = b"") -> Identity:
    """Return the identity after one more step; ``by`` is None for the reporter. Checks nothing."""
    officer, agency = (by.officer, by.agency) if by else ("", "")
    step = IdentityStep(len(identity.steps) + 1, kind, officer, agency, on, sealed)
    return replace(identity, version=identity.version + 1, steps=(*identity.steps, step))


def withdrawn(identity: Identity, on: date) -> Identity:
    """Return the identity taken back, without any sealed name, reason or key. Raises TrustProblem."""
    check_there(identity)
    return stepped(_emptied(identity), StepKind.WITHDRAWN, on)


def left_again(earlier: Identity, fresh: Identity) -> Identity:
    """Return a fresh identity in place of a withdrawn one, with the earlier steps. Raises TrustProblem
    ``identity_left`` if the earlier one was not withdrawn."""
    if earlier.sealed:
        raise TrustProblem("identity_left")
    last = replace(fresh.steps[-1], n=len(earlier.steps) + 1)
    return replace(fresh, version=earlier.version + 1, steps=(*earlier.steps, last))


def trust_state(identity: Identity) -> TrustState:
    """Return the identity's state now."""
    if not identity.sealed:
        return TrustState.WITHDRAWN
    if identity.pending:
        return TrustState.ASKED
    return TrustState.OPENED if _openings(identity) else TrustState.SEALED


def objection_ends(identity: Identity, days: int, holidays: Collection[date] = ()) -> date:
    """Return the last day on which only the reporter may act: ``days`` working days after the pending request. Raises
    TrustProblem ``identity_not_pending``."""
    return add_workdays(_request(identity).on, days, holidays)


def check_ask(identity: Identity, viewer: Viewer) -> None:
    """Raise TrustProblem unless this custodian may ask now. After an objection, the same agency may not ask again until
    another one has: nobody may wear a reporter down by asking."""
    check_there(identity)
    if identity.pending:
        raise TrustProblem("identity_pending")
    answered = [asked for asked, after in pairwise(identity.steps) if after.kind is StepKind.OBJECTED]
    if answered and answered[-1].agency == viewer.agency:
        raise TrustProblem("identity_objected")


def check_pending(identity: Identity) -> None:
    """Raise TrustProblem unless a request waits: only then may the reporter object."""
    check_there(identity)
    _request(identity)


def check_second(identity: Identity, viewer: Viewer) -> None:
    """Raise TrustProblem unless this custodian may decide on the request. Neither the asking custodian nor their agency
    may."""
    check_pending(identity)
    asked = _request(identity)
    if viewer.officer == asked.by or viewer.agency == asked.agency:
        raise TrustProblem("identity_second")


def check_open(identity: Identity, viewer: Viewer, today: date, ends: date) -> None:
    """Raise TrustProblem unless this custodian may open it today; ``ends`` is from ``objection_ends``."""
    check_second(identity, viewer)
    if today <= ends:
        raise TrustProblem("identity_early")


def check_there(identity: Identity) -> None:
    """Raise TrustProblem if the identity was withdrawn."""
    if not identity.sealed:
        raise TrustProblem("identity_withdrawn")


def readable_until(identity: Identity, officer: str) -> date | None:
    """Return the last day on which this custodian may read name and contact, None if they never took part in opening
    them."""
    if not identity.sealed:
        return None
    opened = [step for step, asked in _openings(identity) if officer in (step.by, asked.by)]
    return opened[-1].on + timedelta(days=READING_DAYS) if opened else None


def may_read(identity: Identity, officer: str, today: date) -> bool:
    """Whether this custodian may read name and contact today. A first reading is a step, and a step would end a waiting
    request, so it has to wait for that request."""
    until = readable_until(identity, officer)
    if until is None or today > until:
        return False
    return read_before(identity, officer) or not identity.pending


def read_before(identity: Identity, officer: str) -> bool:
    """Whether this custodian's reading since the latest opening is already recorded."""
    for step in reversed(identity.steps):
        if step.kind is StepKind.OPENED:
            return False
        if step.kind is StepKind.READ and step.by == officer:
            return True
    return False


def _request(identity: Identity) -> IdentityStep:
    if not identity.pending:
        raise TrustProblem("identity_not_pending")
    return identity.steps[-1]


def _openings(identity: Identity) -> list[tuple[IdentityStep, IdentityStep]]:
    """Return every opening since the identity was last left, with the request it answered (the step before it)."""
    left = max((step.n for step in identity.steps if step.kind is StepKind.LEFT), default=0)
    return [(step, asked) for asked, step in pairwise(identity.steps) if step.kind is StepKind.OPENED and step.n > left]


def _emptied(identity: Identity) -> Identity:
    steps = tuple(replace(step, sealed=b"") for step in identity.steps)
    return replace(identity, wrap_receipt=b"", wrap_custody=b"", sealed=b"", steps=steps)

"""The identity a reporter left in trust (mode *rahasia*): its steps, its state, and who reads it once it is open.

Two custodians open it together, and only after its reporter said yes (``consent.identity_request``). Every step is
stored, sealed so that only its reporter and the custody door read it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from functions.casework.access import Viewer, is_accused, waits
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Directory, Role
from functions.casework.problems import Problem, TooManyProblem

READING_DAYS = 14
LEFT_MAX = 20  # times that a case's name is left: each time is two steps and two events that stay


class TrustProblem(Problem):
    """A rule of this module forbids it now; ``code`` names the rule.

    - ``identity_withdrawn``: the reporter took it back, or left none
    - ``identity_pending``: a request waits already
    - ``identity_not_pending``: no request waits
    - ``identity_second``: the second custodian must be a different one, of another agency
    - ``identity_no_yes``: the reporter did not say yes, and no danger to life is named
    - ``identity_early``: a danger is named, and the reporter still has time to answer
    - ``identity_overseer``: a danger is named, and no overseer agreed yet
    - ``identity_objected``: the reporter refused this agency's request; another may ask
    - ``identity_final``: the reporter refused, so no danger stands in for their yes
    - ``identity_other``: the answer is to an earlier request
    - ``identity_endorsed``: an overseer agreed already
    - ``identity_no_danger``: the request names no danger, so no overseer decides on it
    - ``identity_role``: the step belongs to another role
    - ``identity_broken``: a step is not what its seal says
    - ``identity_left``: the reporter has left one already
    - ``identity_unpassed``: the asking custodian did not pass their share on yet
    - ``identity_no_slot``: this custodian holds no share of this name
    - ``roster_other``: another roster waits to be vouched for by now, or none
    - ``roster_signature``: the signature under a roster is not this custodian's
    - ``keeper_other``: another custodian of this agency made its key
    - ``identity_closed``: no share may be handed out to this custodian now
    - ``identity_bad_pass``: a passed share is not for this request, or not for a custodian who may have it
    """

    status = 409

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__()


class StepKind(StrEnum):
    """What happened to an identity. AGREED and UNDECIDED are the reporter's yes and its taking back, ENDORSED is an
    overseer's agreement: a request still waits after them."""

    LEFT = "left"
    ASKED = "asked"
    AGREED = "agreed"
    UNDECIDED = "undecided"
    ENDORSED = "endorsed"
    OBJECTED = "objected"
    REFUSED = "refused"
    OPENED = "opened"
    READ = "read"
    WITHDRAWN = "withdrawn"


# What a reporter says to a request: their signature is under it (``crypto.sign.name_answers``).
REPORTERS = frozenset({StepKind.AGREED, StepKind.UNDECIDED, StepKind.OBJECTED})
# Answers to a request that leave it waiting.
ANSWERS = frozenset({StepKind.AGREED, StepKind.UNDECIDED, StepKind.ENDORSED})
# Custodians and reporters give words with these, which only taking the name back erases.
WORDED = frozenset({StepKind.ASKED, StepKind.REFUSED, StepKind.OBJECTED})
# After these no share that was passed on is of any use: nobody may combine it later.
ENDS = frozenset({StepKind.LEFT, StepKind.ASKED, StepKind.OBJECTED, StepKind.REFUSED, StepKind.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class IdentityStep:
    """One thing that happened: number ``n`` (1-based), on a local day. ``by`` is the custodian's ident and ``agency``
    the code of their agency, both "" for the reporter. ``sealed`` holds the reason under the identity's key. ``sig`` is
    the reporter's signature under an answer; the step LEFT brings the key that it is checked with
    (``crypto.sign.name_answers``). b"" for custodians' steps, and in a case of an older release."""

    n: int
    kind: StepKind
    by: str
    agency: str
    on: date
    sealed: bytes = b""
    sig: bytes = b""


class ReadStep(NamedTuple):
    """A step as read. ``agency`` is the custodian's or overseer's code and ``by`` their ident (both "" for the
    reporter), ``reason`` the reason they wrote. ``danger`` is the code of a danger that a request names, ``request``
    the number of the request that an answer is to. ``whole`` is False if the clear record is not what its seal
    says."""

    n: int
    kind: StepKind
    by: str
    agency: str
    on: date
    reason: str = ""
    danger: str = ""
    request: int = 0
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Identity:
    """A sealed identity. ``sealed`` holds name and contact under the name's key, b"" once withdrawn. That key is
    wrapped to the receipt. ``version`` counts writes; ``key_id`` is the custody door's key that it is sealed to.

    Where the instance has a roster, the name's key is split: ``shares`` is the envelope around the parts, which the
    store keeps apart and gives only when asked (``read_shares``). ``wrap_talk`` is the talk key under the name's key,
    and ``wrap_custody`` the talk key sealed to the custody door, which opens the reasons and no name. ``passes`` are
    the shares that custodians passed on for a request, sealed once more to the door.

    On the older path ``wrap_talk`` is b"", and ``wrap_custody`` the name's key sealed to the custody door.
    """

    case_id: str
    instance: str
    key_id: str
    wrap_receipt: bytes
    wrap_custody: bytes
    sealed: bytes
    version: int = 1
    steps: tuple[IdentityStep, ...] = ()
    wrap_talk: bytes = b""
    passes: bytes = b""
    shares: bytes = b""

    @property
    def split(self) -> bool:
        """Whether only two custodians' browsers open the name, not the custody door."""
        return self.wrap_talk != b""

    @property
    def pending(self) -> bool:
        """Whether a request waits, answered by the reporter or not."""
        return asked_last(step.kind for step in self.steps)


class TrustState(StrEnum):
    """The state of an identity. ``OPENED`` lasts until it is left again: what was read is not unread."""

    SEALED = "sealed"
    ASKED = "asked"
    OPENED = "opened"
    WITHDRAWN = "withdrawn"


def erased(steps: Sequence[IdentityStep], nth: int) -> bool:
    """Whether the words of the step at place ``nth`` went when the name was taken back."""
    return any(step.kind is StepKind.WITHDRAWN for step in steps[nth + 1 :])


def asked_last(kinds: Iterable[StepKind]) -> bool:
    """Whether the last of these kinds, apart from answers, is a request."""
    return [kind for kind in kinds if kind not in ANSWERS][-1:] == [StepKind.ASKED]


def may_look(viewer: Viewer, head: CaseHead, directory: Directory) -> bool:
    """Whether this custodian may know that an identity exists. They must belong to the instance whose keys it is sealed
    to, and not to the accused, nor to whom later words accuse; nobody knows before the hour of its batch. An overseer
    of that instance or of the level above may too, but only for a request that names a danger
    (``consent.identity_request.overseen``)."""
    if waits(viewer, head):
        return False
    if viewer.agency not in directory.agencies or viewer.case_id not in ("", head.case_id):
        return False
    kept = any(is_accused(viewer.agency, code, directory) for code in head.desk_work.kept_from)
    return not kept and may_keep(viewer.role, viewer.agency, head.entrusted_to, head.about_agency, directory)


def may_keep(role: Role, agency: str, instance: str, about_agency: str, directory: Directory) -> bool:
    """Whether an officer of this role and agency has to do with identities of an instance in reports about
    ``about_agency``."""
    if role is Role.CUSTODIAN:
        found = directory.instance_of(agency)
        ours = found is not None and found.code == instance
    else:
        known = instance in directory.agencies
        ours = role is Role.OVERSEER and known and agency in directory.lineage(instance)
    return ours and not is_accused(agency, about_agency, directory)


def stepped(
    identity: Identity, kind: StepKind, on: date, by: Viewer | None = None, sealed: bytes = b"", sig: bytes = b""
) -> Identity:
    """Return the identity after one more step; ``by`` is None for the reporter. A new request, and what ends one,
    removes every share that was passed on, and so does any step after the days to read. Checks nothing."""
    officer, agency = (by.officer, by.agency) if by else ("", "")
    step = IdentityStep(len(identity.steps) + 1, kind, officer, agency, on, sealed, sig)
    kept = usable_passes(identity, on) if kind not in ENDS else b""
    return replace(identity, version=identity.version + 1, steps=(*identity.steps, step), passes=kept)


def usable_passes(identity: Identity, today: date) -> bytes:
    """Return the shares that were passed on, b"" once nobody may use them: their request is over, and so are the days
    to read what it opened."""
    opened = [step.on for step in identity.steps if step.kind is StepKind.OPENED]
    reading = bool(opened) and today <= opened[-1] + timedelta(days=READING_DAYS)
    return identity.passes if identity.pending or reading else b""


def withdrawn(identity: Identity, on: date) -> Identity:
    """Return the identity taken back, without any sealed name, reason or key. Raises TrustProblem."""
    check_there(identity)
    return stepped(_emptied(identity), StepKind.WITHDRAWN, on)


def left_again(earlier: Identity, fresh: Identity) -> Identity:
    """Return a fresh identity in place of a withdrawn one, with the earlier steps. Raises TrustProblem
    ``identity_left`` if the earlier one was not withdrawn, TooManyProblem."""
    if earlier.sealed:
        raise TrustProblem("identity_left")
    if sum(step.kind is StepKind.LEFT for step in earlier.steps) >= LEFT_MAX:
        raise TooManyProblem(what="names", limit=str(LEFT_MAX))
    last = replace(fresh.steps[-1], n=len(earlier.steps) + 1)
    return replace(fresh, version=earlier.version + 1, steps=(*earlier.steps, last))


def trust_state(identity: Identity) -> TrustState:
    """Return the identity's state now."""
    if not identity.sealed:
        return TrustState.WITHDRAWN
    if identity.pending:
        return TrustState.ASKED
    kinds = [step.kind for step in identity.steps if step.kind in (StepKind.LEFT, StepKind.OPENED)]
    return TrustState.OPENED if kinds[-1:] == [StepKind.OPENED] else TrustState.SEALED


def check_there(identity: Identity) -> None:
    """Raise TrustProblem if the identity was withdrawn."""
    if not identity.sealed:
        raise TrustProblem("identity_withdrawn")


def readable_until(steps: Sequence[ReadStep], officer: str) -> date | None:
    """Return the last day on which this custodian may read name and contact, None if they never took part in opening
    them. An opening that is not what its seal says opens nothing."""
    opened = [step for step, asked in _openings(steps) if officer in (step.by, asked.by)]
    return opened[-1].on + timedelta(days=READING_DAYS) if opened else None


def last_opening(steps: Sequence[ReadStep], officer: str) -> tuple[ReadStep, ReadStep]:
    """Return the latest opening that this custodian took part in, and the request it answered. Raises TrustProblem
    ``identity_closed``."""
    found = [(step, asked) for step, asked in _openings(steps) if officer in (step.by, asked.by)]
    if not found:
        raise TrustProblem("identity_closed")
    return found[-1]


def may_read(steps: Sequence[ReadStep], officer: str, today: date) -> bool:
    """Whether this custodian may read name and contact today. A first reading is a step, and a step would end a waiting
    request, so it has to wait for that request."""
    until = readable_until(steps, officer)
    if until is None or today > until:
        return False
    return read_before(steps, officer) or not asked_last(step.kind for step in steps)


def read_before(steps: Sequence[ReadStep], officer: str) -> bool:
    """Whether this custodian's reading since the latest opening is already recorded."""
    for step in reversed(steps):
        if step.kind is StepKind.OPENED:
            return False
        if step.kind is StepKind.READ and step.by == officer:
            return True
    return False


def _openings(steps: Sequence[ReadStep]) -> list[tuple[ReadStep, ReadStep]]:
    """Return every opening since the identity was last left or taken back, with the request it answered."""
    found: list[tuple[ReadStep, ReadStep]] = []
    asked: ReadStep | None = None
    for step in steps:
        if step.kind in (StepKind.LEFT, StepKind.WITHDRAWN):
            found.clear()
        elif step.kind is StepKind.ASKED:
            asked = step
        elif step.kind is StepKind.OPENED and asked and asked.whole and step.whole:
            found.append((step, asked))
    return found


def _emptied(identity: Identity) -> Identity:
    steps = tuple(replace(step, sealed=b"") for step in identity.steps)
    return replace(
        identity, wrap_receipt=b"", wrap_custody=b"", sealed=b"", wrap_talk=b"", passes=b"", shares=b"", steps=steps
    )

"""A custodian's request to open an identity: who has to say yes, and what counts as a yes.

Silence opens nothing. A request opens if its reporter said yes to it, by its number, and has not taken the yes back.
The one exception is a danger to life that the asking custodian named. Then it also opens without an answer, once some
working days have passed and an overseer agreed, besides the two custodians. A no is final: it ends the request, and no
danger that is named later opens this identity without a yes.

Every rule reads steps that were opened with the identity's key (``ReadStep``), never the clear record alone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from functions.casework.access import Viewer
from functions.casework.deadlines.workdays import add_workdays
from functions.casework.directory.agencies import Role
from functions.casework.problems import TooManyProblem
from functions.casework.sealed_identity import (
    REPORTERS,
    Identity,
    ReadStep,
    StepKind,
    TrustProblem,
    asked_last,
    check_there,
)

ANSWERS_MAX = 20  # to one request: each is a step that stays


class Answer(StrEnum):
    """What a reporter says to a request. LATER leaves it undecided, and takes back a yes."""

    YES = "yes"
    NO = "no"
    LATER = "later"


class Danger(StrEnum):
    """The dangers to life that a request may name, in place of the reporter's yes."""

    THREAT = "threat"
    VIOLENCE = "violence"
    CAPTIVE = "captive"
    SELF_HARM = "self_harm"
    HEALTH = "health"


@dataclass(frozen=True, slots=True)
class Request:
    """A request that waits: number ``n`` of its step, asked by the custodian ``by`` of ``agency`` on a local day.

    ``danger`` is None for a request that only a yes can open. ``yes``: its reporter agreed to it. ``endorsed``: an
    overseer did. ``whole`` is False if a step is not what its seal says, so that nothing may be built on it.
    """

    n: int
    by: str
    agency: str
    on: date
    danger: Danger | None
    yes: bool
    endorsed: bool
    whole: bool


def waiting(steps: Sequence[ReadStep]) -> Request:
    """Return the request that waits. Raises TrustProblem ``identity_not_pending``."""
    if not asked_last(step.kind for step in steps):
        raise TrustProblem("identity_not_pending")
    at = max(i for i, step in enumerate(steps) if step.kind is StepKind.ASKED)
    asked, since = steps[at], steps[at + 1 :]
    answers = [step.kind for step in since if step.request == asked.n and step.whole]
    decided = [kind for kind in answers if kind is not StepKind.ENDORSED]
    return Request(
        asked.n,
        asked.by,
        asked.agency,
        asked.on,
        Danger(asked.danger) if asked.danger in list(Danger) else None,
        yes=bool(decided) and decided[-1] is StepKind.AGREED,
        endorsed=StepKind.ENDORSED in answers,
        whole=all(step.whole for step in steps[at:]),
    )


def check_ask(identity: Identity, viewer: Viewer, danger: Danger | None = None) -> None:
    """Raise TrustProblem unless this custodian may ask now.

    After an objection, the same agency may not ask again until another one has: nobody may wear a reporter down by
    asking. After any objection, even if the identity was taken back since, no danger stands in for a yes.
    """
    check_there(identity)
    _check_role(viewer, Role.CUSTODIAN)
    if identity.pending:
        raise TrustProblem("identity_pending")
    answered, asked = "", ""
    for step in identity.steps:
        asked = step.agency if step.kind is StepKind.ASKED else asked
        answered = asked if step.kind is StepKind.OBJECTED else answered
    if answered and answered == viewer.agency:
        raise TrustProblem("identity_objected")
    if answered and danger:
        raise TrustProblem("identity_final")


def check_answer(identity: Identity, steps: Sequence[ReadStep], n: int) -> Request:
    """Return the request that waits. Raises TrustProblem unless it is number ``n``: what is said to an earlier request
    says nothing about another."""
    check_there(identity)
    request = waiting(steps)
    if request.n != n:
        raise TrustProblem("identity_other")
    return request


def check_room(identity: Identity, kind: StepKind) -> None:
    """Raise TooManyProblem if the reporter changed their mind too often about the request that waits. A no always stays
    possible: it ends the request."""
    asked = max(step.n for step in identity.steps if step.kind is StepKind.ASKED)
    said = sum(step.kind in REPORTERS for step in identity.steps[asked:])
    if kind is not StepKind.OBJECTED and said >= ANSWERS_MAX:
        raise TooManyProblem(what="talk", limit=str(ANSWERS_MAX))


def check_refuse(identity: Identity, steps: Sequence[ReadStep], viewer: Viewer) -> None:
    """Raise TrustProblem unless this custodian may refuse the request that waits. The asking custodian and their agency
    never may."""
    check_there(identity)
    _check_second(waiting(steps), viewer)


def check_endorse(identity: Identity, steps: Sequence[ReadStep], viewer: Viewer) -> Request:
    """Return the request that waits. Raises TrustProblem unless this overseer may agree to it: it names a danger, and
    no overseer agreed before."""
    check_there(identity)
    _check_role(viewer, Role.OVERSEER)
    request = waiting(steps)
    if request.danger is None:
        raise TrustProblem("identity_no_danger")
    if request.endorsed:
        raise TrustProblem("identity_endorsed")
    return request


def check_open(identity: Identity, steps: Sequence[ReadStep], viewer: Viewer, today: date, ends: date) -> None:
    """Raise TrustProblem unless this custodian may open it today; ``ends`` is from ``silence_ends``. The asking
    custodian and their agency never may."""
    check_there(identity)
    request = waiting(steps)
    _check_second(request, viewer)
    if not request.whole:
        raise TrustProblem("identity_broken")
    if request.yes:
        return
    if request.danger is None:
        raise TrustProblem("identity_no_yes")
    if today <= ends:
        raise TrustProblem("identity_early")
    if not request.endorsed:
        raise TrustProblem("identity_overseer")


def silence_ends(request: Request, days: int, holidays: Collection[date] = ()) -> date:
    """Return the last day on which a request that names a danger cannot be opened without an answer: ``days`` working
    days after it was asked."""
    return add_workdays(request.on, days, holidays)


def overseen(steps: Sequence[ReadStep], officer: str) -> bool:
    """Whether an overseer may know of an identity: a request waits that names a danger, or they decided on one."""
    if any(step.by == officer for step in steps):
        return True
    try:
        return waiting(steps).danger is not None
    except TrustProblem:
        return False


def _check_second(request: Request, viewer: Viewer) -> None:
    _check_role(viewer, Role.CUSTODIAN)
    if viewer.officer == request.by or viewer.agency == request.agency:
        raise TrustProblem("identity_second")


def _check_role(viewer: Viewer, role: Role) -> None:
    if viewer.role is not role:
        raise TrustProblem("identity_role")

"""Show an agency what is masked in a message: asked with a ground, agreed to by a second person where it must be.

The rules stand in ``casework.consent.unmask_request``. A second person gets the requests and no word of the case.

Tests: ``tests/doors/test_masking.py``.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

from functions.actions.common.append import Step, append
from functions.actions.common.decrypted_case import OpenedCase, unmask_facts
from functions.actions.officer.case_act import CaseAct, read_reason
from functions.actions.officer.masking import masked_kinds
from functions.actions.officer.read_case import ReadCase
from functions.actions.officer.unread_words import unread_accuse
from functions.casework.access import Viewer, assisting, rights
from functions.casework.case import CaseHead, EventKind
from functions.casework.case_changes import with_second
from functions.casework.consent import unmask_request
from functions.casework.consent.unmask_request import DECISIONS, Ground, UnmaskRequest, UnmaskStep
from functions.casework.consent.unmask_steps import noted
from functions.casework.directory.agencies import Directory
from functions.casework.problems import FieldError, InvalidInputProblem, NotFoundProblem
from functions.casework.stages import Actor, Duty, Move
from functions.storage.interface import CaseNotFoundError, Notice


class Unmasked(NamedTuple):
    """What an officer asked for: the event's number, and whether their agency sees the words now."""

    n: int
    shown: bool


class Waiting(NamedTuple):
    """A request that waits, as somebody who may know of it reads it; ``mine`` says that they may decide on it."""

    request: UnmaskRequest
    mine: bool


@dataclass(frozen=True, slots=True)
class Unmask:
    """Requests to see masked words."""

    act: CaseAct

    def ask(self, viewer: Viewer, case_id: str, n: str, ground: str, reason: str) -> Unmasked:
        """Ask to see message ``n`` as it was written, for this officer's agency. The reporter reads ground and reason.

        Raises InvalidInputProblem (also for a message that is shown already), UnmaskProblem, NotNowProblem,
        NotAllowedProblem, NotFoundProblem.
        """
        if ground not in list(Ground):
            raise InvalidInputProblem(FieldError("ground", "unknown" if ground else "required"))
        text, done = read_reason(reason), [False]

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            self.act.rule(opened.head, Move.UNMASK, duty)
            asked = {message.n for message in opened.messages() if str(message.n) == n}
            _, messages = self.act.cases.copy_for(viewer.agency, opened, asked)
            if not any(message.n in asked and message.masked for message in messages):
                raise InvalidInputProblem(FieldError("n", "not_masked"))
            kinds = masked_kinds(opened, int(n), sensitive=self.act.cases.sensitive(opened))
            second = unmask_request.needs_second(kinds)
            unmask_request.check_ask(viewer.agency, int(n), unmask_facts(opened.messages()))
            step = UnmaskStep.ASKED if second else UnmaskStep.SHOWN
            words = {
                "step": step.value,
                "reason": text,
                "agency": viewer.agency,
                "target": n,
                "ground": ground,
                "kinds": unmask_request.kinds_text(kinds),
                "asker": viewer.officer,
            }
            head = replace(opened.head, quarantined=False)
            done[:] = [not second]
            head = noted(head, viewer.agency, ground, step)
            if not second:
                return Step(EventKind.UNMASK, Actor.SYSTEM, words, head)
            tell = unmask_request.told_to(viewer.agency, head, self.act.directory)
            others = tuple((Notice.UNMASK_ASKED, agency) for agency in tell)
            return Step(EventKind.UNMASK, Actor.SYSTEM, words, head, others=others)

        number = self.act.carry_out(viewer, case_id, decide)[0]
        return Unmasked(number, done[0])

    def decide(self, viewer: Viewer, case_id: str, request: str, decision: str, reason: str) -> int:
        """Agree to a request, or refuse it, as the second person. The reporter reads the reason. Returns the event's
        number.

        Raises InvalidInputProblem, UnmaskProblem, NotFoundProblem.
        """
        if decision not in DECISIONS:
            raise InvalidInputProblem(FieldError("decision", "unknown" if decision else "required"))
        text, step = read_reason(reason), DECISIONS[decision]

        def decided(opened: OpenedCase) -> Step:
            _waiting(self.act.cases, viewer, opened)
            found = unmask_request.find(unmask_facts(opened.messages()), request)
            unmask_request.check_decide(found, viewer, opened.head, self.act.directory)
            words = {
                "step": step.value,
                "reason": text,
                "agency": found.agency,
                "target": str(found.target),
                "request": request,
                "by": viewer.agency,
            }
            head = noted(opened.head, found.agency, found.ground, step)
            head = with_second(head, assisting(head, self.act.directory))
            told = ((Notice.UNMASK_DECIDED, found.agency),)
            return Step(EventKind.UNMASK, Actor.SYSTEM, words, head, officer=viewer.officer, others=told)

        def load() -> OpenedCase:
            return _open(self.act.cases, viewer, case_id)

        return append(self.act.store, load, decided, self.act.today(), public_keys=self.act.public_keys)[0]


def waiting(cases: ReadCase, viewer: Viewer, case_id: str) -> tuple[CaseHead, tuple[Waiting, ...]]:
    """Return the requests that wait, without a word of the case. Raises NotFoundProblem, also for an inspector who may
    see nothing of the case but these, if there are none."""
    opened = _open(cases, viewer, case_id)
    found = _waiting(cases, viewer, opened)
    return opened.head, tuple(Waiting(one, _mine(one, viewer, opened.head, cases.directory)) for one in found)


def _open(cases: ReadCase, viewer: Viewer, case_id: str) -> OpenedCase:
    try:
        case = cases.store.read_case(case_id)
    except CaseNotFoundError as error:
        raise NotFoundProblem from error
    allowed = unmask_request.may_look(viewer, case.head, cases.directory)
    key = cases.case_key(case.head) if allowed else b""
    if not key:
        raise NotFoundProblem
    opened = OpenedCase(case, key)
    meant = viewer.agency != case.head.holder and unread_accuse(viewer.agency, opened, cases.directory)
    if meant or cases.hides(viewer.agency, case.head, opened.named()):
        raise NotFoundProblem
    return opened


def _waiting(cases: ReadCase, viewer: Viewer, opened: OpenedCase) -> tuple[UnmaskRequest, ...]:
    found = unmask_request.waiting(unmask_facts(opened.messages()))
    if not found and not rights(viewer, opened.head, cases.directory).see:
        raise NotFoundProblem
    return found


def _mine(request: UnmaskRequest, viewer: Viewer, head: CaseHead, directory: Directory) -> bool:
    try:
        unmask_request.check_decide(request, viewer, head, directory)
    except unmask_request.UnmaskProblem:
        return False
    return True

"""Correct a case's district or topic, with a reason that its reporter reads.

The seal binds the topic, so ``append`` wraps the case's key again. Published editions of the barometer are never
rewritten; whatever is counted later counts the case under what it has then.

Tests: ``tests/doors/test_correct.py``.
"""

from dataclasses import dataclass

from functions.actions.common.append import Step, counted
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.officer.case_act import CaseAct, read_reason
from functions.casework.access import Viewer
from functions.casework.case import CaseHead, EventKind
from functions.casework.problems import CorrectedProblem, FieldError, InvalidInputProblem
from functions.casework.routing.correction import corrected
from functions.casework.stages import Actor, Duty, Move


@dataclass(frozen=True, slots=True)
class CorrectCase:
    """Corrections by the desk that holds a case."""

    act: CaseAct

    def __call__(
        self, viewer: Viewer, case_id: str, district: str, topic: str, reason: str, seen: str = ""
    ) -> CaseHead:
        """Set district and topic (codes, "" to leave one as it is). ``seen`` is the number of the last event that the
        page showed, "" if unknown. Pressing the button twice writes once.

        Raises CorrectedProblem if somebody corrected it since, InvalidInputProblem, NotNowProblem, NotAllowedProblem,
        NotFoundProblem.
        """
        text = read_reason(reason)

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            self.act.rule(opened.head, Move.CORRECT, duty)
            after, words = corrected(opened.head, self.act.directory, district=district, topic=topic)
            since = seen.isdecimal() and any(
                event.n > int(seen[:6]) and event.kind is EventKind.CORRECT for event in opened.case.events
            )
            if not words and since:
                raise _DoneAlreadyError(opened.head)
            if since:
                raise CorrectedProblem
            if not words:
                raise InvalidInputProblem(FieldError("district", "as_it_is"))
            after = counted(after, Actor.OFFICER, after.stage)
            return Step(EventKind.CORRECT, Actor.SYSTEM, words | {"reason": text}, after)

        try:
            return self.act.carry_out(viewer, case_id, decide)[1]
        except _DoneAlreadyError as done:
            return done.head


class _DoneAlreadyError(Exception):
    """The case is as wanted since somebody corrected it."""

    def __init__(self, head: CaseHead) -> None:
        self.head = head
        super().__init__("done already")

"""Asking an overseer to let the accused read a case, and his decision; see ``casework.lifting``."""

from dataclasses import dataclass
from datetime import date

from functions.actions.appending import Step, counted
from functions.actions.handle import Handle, read_reason
from functions.actions.opened import OpenedCase
from functions.casework import lifting
from functions.casework.access import Viewer
from functions.casework.case import CaseHead, EventKind
from functions.casework.lifting import DECISIONS, LiftStep
from functions.casework.problems import FieldError, InvalidInputProblem, NotAllowedProblem
from functions.casework.stages import Actor, Duty, Move
from functions.storage.interface import Notice


@dataclass(frozen=True, slots=True)
class Lifting:
    """An officer's request and an overseer's answer. ``objection_days`` are the working days that belong to the
    reporter alone."""

    handle: Handle
    objection_days: int = 3

    def ask(self, viewer: Viewer, case_id: str, reason: str) -> CaseHead:
        """Ask, in the name of who holds the case. Its reporter reads who asked, why, whom it would be shown to and
        until when nobody decides; that day is a promise, kept whatever the settings become.

        Raises InvalidInputProblem, LiftProblem (after an objection), NotNowProblem (a request waits, or there is nobody
        to decide), NotAllowedProblem.
        """
        text, handle = read_reason(reason), self.handle

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            if duty is Duty.OVERSEE:
                raise NotAllowedProblem
            handle.rule(opened.head, Move.LIFT, duty)
            head = lifting.asked(opened.head, handle.today(), handle.directory)
            handle.allow(viewer, opened.head, Move.LIFT)
            until = lifting.objection_ends(handle.today(), self.objection_days, handle.holidays)
            who = {"agency": viewer.agency, "by": head.lift_by}
            words = lifting.told(head, LiftStep.ASKED, reason=text, until=until.isoformat(), **who)
            head = counted(head, Actor.OFFICER, head.stage)
            return Step(EventKind.LIFT, Actor.SYSTEM, words, head, Notice.LIFT_ASKED, tell=head.lift_by)

        return handle.carry_out(viewer, case_id, decide)[1]

    def decide(self, viewer: Viewer, case_id: str, decision: str, reason: str) -> CaseHead:
        """Grant or refuse, with a reason that the reporter reads. Granting shows nothing by itself: from then on the
        case may be handed to the accused.

        Raises InvalidInputProblem, LiftProblem (granted while the reporter may still object), NotNowProblem (nothing
        waits any more), NotAllowedProblem.
        """
        if decision not in DECISIONS:
            raise InvalidInputProblem(FieldError("decision", "unknown" if decision else "required"))
        text, step, handle = read_reason(reason), DECISIONS[decision], self.handle

        def decided(opened: OpenedCase, duty: Duty) -> Step:
            if duty is not Duty.OVERSEE:
                raise NotAllowedProblem
            handle.rule(opened.head, Move.LIFT, duty)
            handle.allow(viewer, opened.head, Move.LIFT)
            lifting.check_decision(step, handle.today(), asked_until(opened))
            head = counted(lifting.ended(opened.head, step), Actor.OFFICER, opened.head.stage)
            words = lifting.told(head, step, reason=text, by=viewer.agency)
            return Step(EventKind.LIFT, Actor.SYSTEM, words, head, Notice.LIFT_ENDED)

        return handle.carry_out(viewer, case_id, decided)[1]


def asked_until(opened: OpenedCase) -> date:
    """The last day on which, as its reporter was told, nobody decides on the latest request."""
    told = (opened.words(event) for event in reversed(opened.case.events) if event.kind is EventKind.LIFT)
    return date.fromisoformat(next(words["until"] for words in told if words["step"] == LiftStep.ASKED))

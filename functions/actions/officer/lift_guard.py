"""Asking an overseer to let the accused read a case, and his decision; see ``casework.guard_lift``."""

from dataclasses import dataclass
from datetime import date

from functions.actions.common.append import Step, counted
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.officer.handle_case import Handle, read_reason
from functions.casework import guard_lift
from functions.casework.access import Viewer
from functions.casework.case import CaseHead, EventKind
from functions.casework.guard_lift import DECISIONS, LiftStep
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
            head = guard_lift.asked(opened.head, handle.today(), handle.directory)
            handle.allow(viewer, opened.head, Move.LIFT)
            until = guard_lift.objection_ends(handle.today(), self.objection_days, handle.holidays)
            who = {"agency": viewer.agency, "by": head.lift.by}
            words = guard_lift.told(head, LiftStep.ASKED, reason=text, until=until.isoformat(), **who)
            head = counted(head, Actor.OFFICER, head.stage)
            return Step(EventKind.LIFT, Actor.SYSTEM, words, head, Notice.LIFT_ASKED, tell=head.lift.by)

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
            guard_lift.check_decision(step, handle.today(), asked_until(opened))
            head = counted(guard_lift.ended(opened.head, step), Actor.OFFICER, opened.head.stage)
            words = guard_lift.told(head, step, reason=text, by=viewer.agency)
            return Step(EventKind.LIFT, Actor.SYSTEM, words, head, Notice.LIFT_ENDED)

        return handle.carry_out(viewer, case_id, decided)[1]


def asked_until(opened: OpenedCase) -> date:
    """The last day on which, as its reporter was told, nobody decides on the latest request."""
    told = (opened.words(event) for event in reversed(opened.case.events) if event.kind is EventKind.LIFT)
    return date.fromisoformat(next(words["until"] for words in told if words["step"] == LiftStep.ASKED))

"""Ask an overseer to let the accused read a case, and decide on it; see ``casework.guard_lift``.

Tests: ``tests/doors/test_lift.py``.
"""

from dataclasses import dataclass
from datetime import date

from functions.actions.common.append import Step, counted
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.officer.case_act import CaseAct, read_reason
from functions.casework import guard_lift
from functions.casework.access import Viewer
from functions.casework.case import CaseHead, EventKind
from functions.casework.guard_lift import DECISIONS, LiftStep
from functions.casework.problems import FieldError, InvalidInputProblem, NotAllowedProblem
from functions.casework.stages import Actor, Duty, Move
from functions.storage.interface import Notice


@dataclass(frozen=True, slots=True)
class LiftGuard:
    """An officer's request and an overseer's answer. In ``objection_days`` working days only the reporter may act."""

    act: CaseAct
    objection_days: int = 3

    def ask(self, viewer: Viewer, case_id: str, reason: str) -> CaseHead:
        """Ask in the holder's name. The reporter reads who asked, why, who would read the case, and until when nobody
        decides. That day is a promise: later settings do not change it.

        Raises InvalidInputProblem, LiftProblem (after an objection), NotNowProblem (a request waits, or nobody can
        decide), NotAllowedProblem.
        """
        text, act = read_reason(reason), self.act

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            if duty is Duty.OVERSEE:
                raise NotAllowedProblem
            act.rule(opened.head, Move.LIFT, duty)
            head = guard_lift.asked(opened.head, act.today(), act.directory)
            act.allow(viewer, opened.head, Move.LIFT)
            until = guard_lift.objection_ends(act.today(), self.objection_days, act.holidays)
            who = {"agency": viewer.agency, "by": head.lift.by}
            words = guard_lift.told(head, LiftStep.ASKED, reason=text, until=until.isoformat(), **who)
            head = counted(head, Actor.OFFICER, head.stage)
            return Step(EventKind.LIFT, Actor.SYSTEM, words, head, Notice.LIFT_ASKED, tell=head.lift.by)

        return act.carry_out(viewer, case_id, decide)[1]

    def decide(self, viewer: Viewer, case_id: str, decision: str, reason: str) -> CaseHead:
        """Grant or refuse, with a reason that the reporter reads. Granting shows nothing by itself: it allows handing
        the case to the accused.

        Raises InvalidInputProblem, LiftProblem (granted while the reporter may still object), NotNowProblem (no
        request waits), NotAllowedProblem.
        """
        if decision not in DECISIONS:
            raise InvalidInputProblem(FieldError("decision", "unknown" if decision else "required"))
        text, step, act = read_reason(reason), DECISIONS[decision], self.act

        def decided(opened: OpenedCase, duty: Duty) -> Step:
            if duty is not Duty.OVERSEE:
                raise NotAllowedProblem
            act.rule(opened.head, Move.LIFT, duty)
            act.allow(viewer, opened.head, Move.LIFT)
            guard_lift.check_decision(step, act.today(), asked_until(opened))
            head = counted(guard_lift.ended(opened.head, step), Actor.OFFICER, opened.head.stage)
            words = guard_lift.told(head, step, reason=text, by=viewer.agency)
            return Step(EventKind.LIFT, Actor.SYSTEM, words, head, Notice.LIFT_ENDED)

        return act.carry_out(viewer, case_id, decided)[1]


def asked_until(opened: OpenedCase) -> date:
    """Return the last day on which nobody decides on the latest request, as the reporter was told. Raises
    NotAllowedProblem if it cannot be read."""
    told = (opened.readable(event) for event in reversed(opened.case.events) if event.kind is EventKind.LIFT)
    until = next((words["until"] for words in told if words.get("step") == LiftStep.ASKED), None)
    if until is None:
        raise NotAllowedProblem
    return date.fromisoformat(until)

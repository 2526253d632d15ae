"""Letting the accused read a case after all, since sometimes only they can mend the matter.

The holder asks with a reason, the reporter has some working days to object, an overseer above decides. An objection
ends it for good. The decision itself shows nothing: the holder then hands the case over.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from enum import StrEnum

from functions.casework.access import lift_decider
from functions.casework.case import CaseHead, Lift, LiftRequest
from functions.casework.deadlines.workdays import add_workdays
from functions.casework.directory.agencies import Directory
from functions.casework.problems import Problem


class LiftStep(StrEnum):
    """A step of a request to let the accused read a case; the value is ``step`` in the event's words."""

    ASKED = "asked"
    OBJECTED = "objected"
    GRANTED = "granted"
    REFUSED = "refused"


DECISIONS = {"granted": LiftStep.GRANTED, "refused": LiftStep.REFUSED}
STATES = {
    LiftStep.ASKED: Lift.ASKED,
    LiftStep.OBJECTED: Lift.OBJECTED,
    LiftStep.GRANTED: Lift.LIFTED,
    LiftStep.REFUSED: Lift.REFUSED,
}


class LiftProblem(Problem):
    """The rules of such a request forbid it; ``code`` names the rule.

    - ``lift_early``: the reporter may still object (``facts``: day, the last day to object)
    - ``lift_objected``: the reporter objected, which is final
    """

    status = 409

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(**facts)
        self.code = code


def asked(head: CaseHead, today: date, directory: Directory) -> CaseHead:
    """Return the head with a request that waits for the overseer above. Raises LiftProblem after an objection."""
    if head.lift.state is Lift.OBJECTED:
        raise LiftProblem("lift_objected")
    return replace(head, lift=LiftRequest(Lift.ASKED, lift_decider(head, directory), today))


def ended(head: CaseHead, step: LiftStep) -> CaseHead:
    """Return the head after an objection or a decision: the request waits for nobody any more."""
    return replace(head, lift=replace(head.lift, state=STATES[step], by=""))


def told(head: CaseHead, step: LiftStep, **facts: str) -> dict[str, str]:
    """Return the words of its event, to be sealed: the step, the accused agency, and ``facts``."""
    return {"step": step.value, "about": head.about_agency, **facts}


def objection_ends(asked_on: date, days: int, holidays: Collection[date] = ()) -> date:
    """Return the last day on which only the reporter may act: ``days`` working days after the request."""
    return add_workdays(asked_on, days, holidays)


def decidable(today: date, until: date) -> bool:
    """Whether the overseer may grant it today; ``until`` is the reporter's last day."""
    return today > until


def check_decision(step: LiftStep, today: date, until: date) -> None:
    """Raise LiftProblem if it is granted while the reporter may still object. Refusing is possible at any time: it
    takes nothing from the reporter."""
    if step is LiftStep.GRANTED and not decidable(today, until):
        raise LiftProblem("lift_early", day=until.isoformat())

"""Letting the accused read a case after all, since sometimes only he can mend the thing.

Its holder asks with a reason, the reporter has some working days to object, an overseer above decides. An objection
ends it for good. Nothing is shown by the decision itself: who holds the case hands it over.
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
    """What happened to such a request; the value stands in the event's words as ``step``."""

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
    """The rules of such a request stand against it; ``code`` names which.

    - ``lift_early``: the reporter may still object (``facts``: day, the last of his days)
    - ``lift_objected``: he did; nobody asks again
    """

    status = 409

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(**facts)
        self.code = code


def asked(head: CaseHead, today: date, directory: Directory) -> CaseHead:
    """The head with a request that waits for the overseer above. Raises LiftProblem after an objection."""
    if head.lift.state is Lift.OBJECTED:
        raise LiftProblem("lift_objected")
    return replace(head, lift=LiftRequest(Lift.ASKED, lift_decider(head, directory), today))


def ended(head: CaseHead, step: LiftStep) -> CaseHead:
    """The head after an objection or a decision: it waits for nobody any more."""
    return replace(head, lift=replace(head.lift, state=STATES[step], by=""))


def told(head: CaseHead, step: LiftStep, **facts: str) -> dict[str, str]:
    """What an event of it says, sealed: the step, whom the case is about, and ``facts``."""
    return {"step": step.value, "about": head.about_agency, **facts}


def objection_ends(asked_on: date, days: int, holidays: Collection[date] = ()) -> date:
    """The last day that belongs to the reporter alone: ``days`` working days after it was asked."""
    return add_workdays(asked_on, days, holidays)


def decidable(today: date, until: date) -> bool:
    """Whether it may be granted today; ``until`` is the reporter's last day."""
    return today > until


def check_decision(step: LiftStep, today: date, until: date) -> None:
    """Raises LiftProblem where it is granted while the reporter's days last. No may be said at any time: it takes
    nothing from him."""
    if step is LiftStep.GRANTED and not decidable(today, until):
        raise LiftProblem("lift_early", day=until.isoformat())

"""What a case's page and its JSON say of letting the accused read it after all."""

from datetime import date

from functions.actions.officer.views import OfficerView
from functions.casework.access import lift_decider
from functions.casework.case import EventKind
from functions.casework.directory.agencies import Directory
from functions.casework.guard_lift import LiftStep, decidable
from functions.casework.stages import Duty, Move


def lift_parts(view: OfficerView, directory: Directory, today: date) -> dict[str, object]:
    """For the page: ``about`` and ``by``, the names of whom it is about and of where the overseer stands; for who
    decides, ``deciding``, the last day that is the reporter's alone (``until``), and whether it may be granted yet
    (``may_grant``)."""
    head, until = view.head, _until(view)
    may_ask = Move.LIFT in view.rights.moves
    deciding = may_ask and view.rights.duty is Duty.OVERSEE
    by = head.lift.by if deciding else lift_decider(head, directory) if may_ask else ""
    return {
        "deciding": deciding,
        "about": directory.agency(head.about_agency).name if may_ask else "",
        "by": directory.agency(by).name if by else "",
        "until": until,
        "may_grant": until is not None and decidable(today, until),
    }


def lift_json(view: OfficerView) -> dict[str, object]:
    """``lift``: where such a request stands, at which agency it is decided, until when nobody decides."""
    head, until = view.head, _until(view)
    return {
        "state": head.lift.state.value or None,
        "by": head.lift.by or None,
        "asked_on": head.lift.on.isoformat() if head.lift.on else None,
        "until": until.isoformat() if until else None,
    }


def _until(view: OfficerView) -> date | None:
    """As the latest request told its reporter; None where nobody asked, or the words are not this officer's to read."""
    for message in reversed(view.messages):
        if message.kind is EventKind.LIFT and message.facts.get("step") == LiftStep.ASKED:
            return date.fromisoformat(message.facts["until"])
    return None

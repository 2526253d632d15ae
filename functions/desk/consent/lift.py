"""Letting the accused read a case after all: the acts, and what a case's page and JSON say of it."""

from datetime import date
from typing import TYPE_CHECKING

from functions.actions.officer.views import OfficerView
from functions.casework.access import lift_decider
from functions.casework.case import CaseHead, EventKind
from functions.casework.directory.agencies import Directory
from functions.casework.guard_lift import LiftStep, decidable
from functions.casework.stages import Duty, Move
from functions.desk.acts import Act, asked, standing

if TYPE_CHECKING:  # loaded when first asked for (``lazy_routes``)
    from functions.actions.officer.lift_guard import LiftGuard


def lift_acts(guard: "LiftGuard") -> dict[str, Act]:
    """``lift`` (``reason``) and ``lift/decision`` (``decision``: granted or refused; ``reason``)."""
    return {
        "lift": Act(
            lambda viewer, case_id, typed: _standing(guard.ask(viewer, case_id, typed.get("reason", ""))), "lift"
        ),
        "lift/decision": Act(
            lambda viewer, case_id, typed: _standing(
                guard.decide(viewer, case_id, *(text.strip() for text in asked(typed, "decision", "reason")))
            ),
            "decision",
        ),
    }


def lift_parts(view: OfficerView, directory: Directory, today: date) -> dict[str, object]:
    """Return what the page shows: ``about`` and ``by``, the names of the accused and of the overseer's agency. For the
    overseer also ``deciding``, the last day that is the reporter's alone (``until``), and ``may_grant``."""
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
    """Return where such a request stands, which agency decides it, and until when nobody does."""
    head, until = view.head, _until(view)
    return {
        "state": head.lift.state.value or None,
        "by": head.lift.by or None,
        "asked_on": head.lift.on.isoformat() if head.lift.on else None,
        "until": until.isoformat() if until else None,
    }


def _until(view: OfficerView) -> date | None:
    """Return the day that the latest request told its reporter; None if there is none that this officer may read."""
    for message in reversed(view.messages):
        if message.kind is EventKind.LIFT and message.facts.get("step") == LiftStep.ASKED:
            return date.fromisoformat(message.facts["until"])
    return None


def _standing(head: CaseHead) -> dict[str, object]:
    return {"lift": head.lift.state.value or None, **standing(head)}

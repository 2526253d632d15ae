"""A case as JSON (DESIGN §8), and whether the accused is called otherwise today."""

from functions.actions.officer.views import OfficerView
from functions.casework.directory.accused_name import is_renamed
from functions.casework.directory.agencies import Directory
from functions.casework.stages import Duty
from functions.desk.consent.lift import lift_json
from functions.desk.consent.publication import public_json
from functions.desk.conversation import message_json
from functions.desk.handover.routing import proposals_json, suspects_json, transfers_json
from functions.desk.today.inbox import taken_by


def case_json(view: OfficerView, directory: Directory, agency: str) -> dict[str, object]:
    """Return the case as JSON (DESIGN §8). ``agency`` is the officer's."""
    head = view.head
    return {
        "tracking_id": head.case_id,
        "stage": head.stage.value,
        "due": head.clock.due.isoformat(),
        "kind": head.kind.value,
        "topic": head.topic,
        "district": head.district,
        "sealed": head.wraps.sealed.value,
        "identity_mode": head.reporter.mode.value,
        "quarantined": head.quarantined,
        "oversight": head.oversight,
        "named": named_otherwise(view, directory),
        "sp4n": head.desk_work.sp4n or None,
        "priority": head.desk_work.priority,
        "assigned": taken_by(head, agency) or None,
        "canned": head.history.canned,
        "templates": [{"id": t.ident, "title": t.title, "text": t.text} for t in view.templates],
        "shredded": head.shredded,
        "lift": lift_json(view),
        "publication": public_json(view),
        **({"subject": view.subject} if view.subject is not None else {}),
        "routing": {
            "holder": head.holder,
            "proposed": view.proposed or None,
            "suspected": suspects_json(view.suspects),
            "targets": [{"code": agency.code, "name": agency.name} for agency in view.targets],
            "second": head.desk_work.second or None,
            "seconds": [{"code": agency.code, "name": agency.name} for agency in view.seconds],
            **proposals_json(view.proposals),
            "instance": head.instance,
            "transfers": transfers_json(view, directory),
        },
        "clocks": {
            "received_on": head.received_on.isoformat(),
            "handed_on": head.clock.handed_on.isoformat() if head.clock.handed_on else None,
            "closed_on": head.closing.on.isoformat() if head.closing.on else None,
            "due": head.clock.due.isoformat(),
            "overdue": view.overdue,
            "extended": head.clock.extended,
            "held_on": head.clock.held_on.isoformat() if head.clock.held_on else None,
            "paused": head.clock.paused,
            "escalated": head.escalation.steps,
            "escalated_to": head.escalation.agency or None,
        },
        "joined": {
            "into": view.into.case_id if view.into else None,
            "cases": [{"tracking_id": other.case_id, "stage": other.stage.value} for other in view.joined],
        },
        "stages": [stage.value for stage in view.stages],
        "outcome": head.closing.outcome.value if head.closing.outcome else None,
        "rating": head.closing.rating,
        "confirmed": head.closing.confirmed,
        "lapsed": head.closing.lapsed,
        "counts": {"from_reporter": head.history.from_reporter, "from_officers": head.history.from_officers},
        "messages": [message_json(message, directory) for message in view.shown],
        "older": view.older or None,
        "actions": [move.value for move in view.rights.moves],
    }


def named_otherwise(view: OfficerView, directory: Directory) -> dict[str, str] | None:
    """Return ``then``, the name that the reporter read of the accused agency, and ``now``, what the case's agency is
    called today; None where both agree, or nothing is known. Of other officers than those who sort, inspect or oversee
    nobody is told."""
    code, named = view.head.about_agency, view.named
    inspects = directory.agency(view.head.instance).inspectorate == view.head.holder
    if not named.code or not (inspects or view.rights.duty in (Duty.SORT, Duty.OVERSEE)):
        return None
    if named.code == code and not is_renamed(named, directory):
        return None
    now = directory.agencies.get(code)
    return {"then": named.name or directory.agency(named.code).name, "now": now.name if now else ""}

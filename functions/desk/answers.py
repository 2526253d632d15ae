"""What the desk answers in JSON: inbox and case (DESIGN §8)."""

from functions.actions.common.decrypted_case import Message
from functions.actions.officer.handle_case import Handle
from functions.actions.officer.views import Inbox, OfficerView, Row
from functions.casework.case import EventKind
from functions.desk.badges import taken_by
from functions.desk.lifted import lift_json
from functions.desk.proposed import proposals_json
from functions.desk.publication import public_json
from functions.desk.transferred import transfers_json
from functions.web.narration import narrate


def inbox_json(page: Inbox, agency: str) -> dict[str, object]:
    """The inbox of DESIGN §8; ``subject`` only for who may read the words. ``agency`` is the reader's."""
    cases = [_row_json(row, agency) for row in page.rows]
    elsewhere = {name: getattr(page, name) for name in ("quarantine", "escalated", "asked", "second")}
    return {"cases": cases, "next": page.next or None, **elsewhere}


def case_json(view: OfficerView, handle: Handle, agency: str) -> dict[str, object]:
    """The case of DESIGN §8. ``agency`` is the reader's."""
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
            "targets": [{"code": agency.code, "name": agency.name} for agency in view.targets],
            "second": head.desk_work.second or None,
            "seconds": [{"code": agency.code, "name": agency.name} for agency in view.seconds],
            **proposals_json(view.proposals),
            "instance": head.instance,
            "transfers": transfers_json(view, handle.directory),
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
        "messages": [_message_json(message, handle) for message in view.messages],
        "actions": [move.value for move in view.rights.moves],
    }


def _row_json(row: Row, agency: str) -> dict[str, object]:
    head = row.head
    body: dict[str, object] = {
        "tracking_id": head.case_id,
        "stage": head.stage.value,
        "due": head.clock.due.isoformat(),
        "topic": head.topic,
        "district": head.district,
        "overdue": row.overdue,
        "escalated": head.escalation.steps,
        "priority": head.desk_work.priority,
        "assigned": taken_by(head, agency) or None,
        "canned": head.history.canned,
    }
    return body | ({"subject": row.subject} if row.subject is not None else {})


def _message_json(message: Message, handle: Handle) -> dict[str, object]:
    body: dict[str, object] = {"n": message.n, "from": message.by.value, "on": message.on.isoformat()}
    if not message.readable:
        return body
    facts = message.facts if message.kind is EventKind.REPORT else {}
    return body | {
        "body": _body(message, handle),
        "files": [{"n": file.n, "type": file.type, "size": file.size} for file in message.files],
        **({"masked": True} if message.masked else {}),
        **({"broken": True} if message.broken else {}),
        **{name: facts[name] for name in ("place", "happened_on", "about_officials", "name") if facts.get(name)},
    }


def _body(message: Message, handle: Handle) -> str:
    return narrate(message.kind, message.stage, message.body, message.facts, handle.directory)

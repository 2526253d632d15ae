"""A case as a line of a list: deadline in working days, what stands beside the stage, where it may belong."""

from collections.abc import Collection
from datetime import date
from typing import Any

from functions.actions.common.sign_in import Session
from functions.actions.officer.read_case import ReadCase
from functions.actions.officer.views import Line, Row
from functions.casework.access import Viewer
from functions.casework.case import CaseHead, Publication
from functions.casework.deadlines.workdays import workdays_between
from functions.casework.directory.agencies import AgencyKind, Directory
from functions.casework.reply_templates import TWICE
from functions.casework.routing.propose import Proposal, Why
from functions.casework.stages import STANDING, Move
from functions.web.language import gettext, ngettext
from functions.web.layout import long_date
from functions.web.narration import case_stage, district_name, topic_name
from functions.web.wording import N_

SOON = 1  # working days
WORDS_TOLD = 3  # of those that speak for a proposal
BECAUSE = {
    Why.TOPIC: N_("karena topiknya"),
    Why.ACCUSED: N_("karena yang biasa menangani adalah yang dilaporkan"),
}


def inbox_row(row: Row, session: Session, cases: ReadCase) -> dict[str, Any]:
    """Return a line of the desk, or of a list beside it, as its template shows it."""
    directory, head, agency = cases.directory, row.head, session.viewer.agency
    centre = directory.agencies[agency].kind is AgencyKind.CENTRE
    line = row.line
    accused = directory.agencies.get(head.accused)
    return {
        "case_id": head.case_id,
        "instance": directory.agency(head.instance).name if centre else "",
        "subject": line.first if line else row.subject,
        "topic": topic_name(head.topic, directory),
        "district": district_name(head.district, directory),
        "holder": directory.agency(head.holder).name if head.holder != agency else "",
        "stage": case_stage(head),
        "answered": head.closing.confirmed,
        "due": due_words(head, cases.today(), cases.holidays),
        "badges": [*_waiting_here(row, agency, directory), *badges(head, session.viewer)],
        "ticks": bool(line and line.sorts and Move.HANDOVER in line.granted.moves),
        "about": accused.name if accused and line and line.sorts else "",
        "proposal": proposal_words(line, directory) if line and line.sorts else None,
    }


def _waiting_here(row: Row, agency: str, directory: Directory) -> list[str]:
    """Return why a case that another agency holds is in this list. One may have escalated further since."""
    if row.asked:
        return [gettext(N_("Menunggu keputusan Anda"))]
    if not row.escalated:
        return []
    reached = row.head.escalation.agency
    if reached == agency:
        return [gettext(N_("Terlambat, naik kepada Anda"))]
    return [gettext(N_("Terlambat, naik sampai {agency}")).format(agency=directory.agency(reached).name)]


def row_json(row: Row, agency: str) -> dict[str, object]:
    """Return a line of a list as JSON."""
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


def due_words(head: CaseHead, today: date, off: Collection[date] = ()) -> dict[str, str]:
    """Return a case's deadline as people say it, in working days, and how urgent it is (``late``, ``soon``, ``fine``,
    ``held``, ``over``). ``off`` are the instance's own days off."""
    if not head.open:
        day = long_date(head.closing.on or head.clock.due)
        return {"text": gettext("Ditutup {day}").format(day=day), "how": "over"}
    if head.stage in STANDING:
        return {"text": gettext("Jam berhenti"), "how": "held"}
    due = head.clock.due
    if due < today:
        days = workdays_between(due, today, off)
        late = ngettext("Terlambat {days} hari kerja", "Terlambat {days} hari kerja", days)
        return {"text": late.format(days=days) if days else gettext("Lewat batas waktu"), "how": "late"}
    if due == today:
        return {"text": gettext("Hari ini"), "how": "soon"}
    days = workdays_between(today, due, off)
    left = ngettext("{days} hari kerja lagi", "{days} hari kerja lagi", days)
    # A day off that was decreed later may stand between: then no working day is left.
    text = left.format(days=days) if days else gettext("Sebelum hari kerja berikutnya")
    return {"text": text, "how": "soon" if days <= SOON else "fine"}


def badges(head: CaseHead, viewer: Viewer) -> list[str]:
    """Return what stands beside the stage, the most pressing first: urgent, taken by, awaited text, reply templates."""
    officer, found = taken_by(head, viewer.agency), []
    if head.desk_work.priority and head.open:
        found.append(gettext(N_("Mendesak")))
    if officer == viewer.officer:
        found.append(gettext(N_("Anda tangani")))
    elif officer:
        found.append(gettext(N_("Ditangani {officer}")).format(officer=officer))
    if head.publication.state is Publication.WISHED and head.holder == viewer.agency:
        found.append(gettext(N_("Pelapor menunggu teks untuk umum")))
    if head.history.canned >= TWICE:
        found.append(gettext(N_("Contoh jawaban dipakai dua kali")))
    return found


def taken_by(head: CaseHead, agency: str) -> str:
    """Return the ident of the officer who took the case, "" if nobody did. Only the holder's officers see it."""
    return head.desk_work.assigned if head.holder == agency else ""


def proposal_words(line: Line, directory: Directory) -> dict[str, str] | None:
    """Return the likeliest ``unit`` for a case and the reason (``because``); None if nothing speaks for any."""
    if not line.proposals:
        return None
    first = line.proposals[0]
    if first.outside:
        unit = gettext(N_("{name}, di luar pemerintah daerah")).format(name=first.outside.name)
    else:
        unit = directory.agencies[first.agency].name
    return {"unit": unit, "because": _because(first)}


def _because(proposal: Proposal) -> str:
    if proposal.why is not Why.ACCUSED and proposal.words:
        quoted = ", ".join(f"“{word}”" for word in proposal.words[:WORDS_TOLD])
        return gettext(N_("karena {words}")).format(words=quoted)
    return gettext(BECAUSE[proposal.why]) if proposal.why in BECAUSE else ""

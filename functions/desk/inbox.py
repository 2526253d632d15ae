"""The inbox and the lists beside it: ``GET /desk/``, ``/desk/escalated/`` and the like, each with ``?after=``."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from flask import Flask, Response, g, make_response, render_template, request

from functions.actions.common.sign_in import Session
from functions.actions.officer.case_lists import CaseLists
from functions.actions.officer.personal.reminders import Reminders
from functions.actions.officer.read_case import ReadCase
from functions.actions.officer.views import Inbox, Row
from functions.casework.access import Viewer, surveyed
from functions.casework.case import CaseHead, Publication
from functions.casework.directory.agencies import AgencyKind, Role
from functions.casework.problems import NotFoundProblem
from functions.casework.reply_templates import TWICE
from functions.casework.stages import STANDING
from functions.desk.acts import said
from functions.storage.interface import BadPageTokenError
from functions.web.forms import wants_json
from functions.web.language import gettext, ngettext
from functions.web.layout import long_date
from functions.web.narration import district_name, stage_name, topic_name
from functions.web.wording import N_

# The inbox in order: what waits for a decision, what waits for this officer, late cases that escalated to them, what
# waits for the reporter, what waits for other agencies, what is closed.
GROUPS = ("asked", "mine", "late", "held", "others", "closed")


class Listing(NamedTuple):
    """What a list is called, and what stands above it, with rows and without. ``read`` gives a page of it."""

    title: str
    lead: str
    empty: str
    read: Callable[[CaseLists, Viewer, str], Inbox]


LISTINGS = {
    "escalated": Listing(
        N_("Laporan terlambat"),
        N_("Instansi yang memegang laporan ini tidak menjawab pada waktunya. Tagih mereka, atau pindahkan laporannya."),
        N_("Tidak ada laporan terlambat yang naik kepada Anda."),
        CaseLists.escalated,
    ),
    "asked": Listing(
        N_("Menunggu keputusan Anda"),
        N_(
            "Pemegang laporan ini meminta izin memperlihatkannya kepada yang dilaporkan. Baca alasannya, lalu putuskan."
        ),
        N_("Tidak ada permintaan yang menunggu keputusan Anda."),
        CaseLists.asked,
    ),
    "second": Listing(
        N_("Laporan yang ikut Anda tangani"),
        N_("Instansi lain memegang laporan ini, juga batas waktunya. Anda dapat membaca dan menjawab pelapornya."),
        N_("Tidak ada laporan instansi lain yang ikut Anda tangani."),
        CaseLists.second,
    ),
    "mine": Listing(
        N_("Daftar saya"),
        N_("Laporan yang Anda tangani. Rekan Anda tetap melihatnya di kotak masuk."),
        N_("Belum ada. Buka sebuah laporan, lalu tekan “Saya tangani”."),
        CaseLists.taken,
    ),
}


def inbox_routes(app: Flask, cases: ReadCase) -> None:
    """Register the inbox and the lists of ``LISTINGS``."""
    lists = CaseLists(cases)

    @app.get("/desk/")
    def inbox() -> Response:
        page = read_page(lists.inbox)
        if wants_json():
            return make_response(inbox_json(page, g.session.viewer.agency))
        return make_response(_inbox(page, g.session, cases, done=request.args.get("done", "")))

    for name in LISTINGS:
        app.add_url_rule(f"/desk/{name}/", f"list_{name}", _list_view(name, lists), methods=["GET"])


def read_page(read: Callable[[Viewer, str], Inbox]) -> Inbox:
    """Return the page of a list that the request asks for. Raises NotFoundProblem for a token that is none."""
    try:
        return read(g.session.viewer, request.args.get("after", ""))
    except BadPageTokenError as error:
        raise NotFoundProblem from error


def inbox_json(page: Inbox, agency: str) -> dict[str, object]:
    """Return a page as JSON; ``subject`` only if the officer may read the words. ``agency`` is the officer's."""
    cases = [_row_json(row, agency) for row in page.rows]
    elsewhere = {name: getattr(page, name) for name in ("quarantine", "escalated", "asked", "second")}
    return {"cases": cases, "next": page.next or None, **elsewhere}


def inbox_row(row: Row, session: Session, cases: ReadCase) -> dict[str, Any]:
    """Return a line of the inbox, or of a list beside it, as its template shows it."""
    directory, head, agency = cases.directory, row.head, session.viewer.agency
    centre = directory.agencies[agency].kind is AgencyKind.CENTRE
    return {
        "case_id": head.case_id,
        "group": "asked" if row.asked else "late" if row.escalated else _group(head, agency),
        "instance": directory.agency(head.instance).name if centre else "",
        "subject": row.subject,
        "topic": topic_name(head.topic, directory),
        "district": district_name(head.district, directory),
        "holder": directory.agency(head.holder).name if head.holder != agency else "",
        "stage": stage_name(head.stage),
        "answered": head.closing.confirmed,
        "due": due_words(head, cases.today()),
        "badges": badges(head, session.viewer),
    }


def due_words(head: CaseHead, today: date) -> dict[str, str]:
    """Return a case's deadline as people say it, and how urgent it is (``late``, ``soon``, ``fine``, ``over``)."""
    if not head.open:
        day = long_date(head.closing.on or head.clock.due)
        return {"text": gettext("Ditutup {day}").format(day=day), "how": "over"}
    days = (head.clock.due - today).days
    if days < 0:
        return {
            "text": ngettext("Terlambat {days} hari", "Terlambat {days} hari", -days).format(days=-days),
            "how": "late",
        }
    if days == 0:
        return {"text": gettext("Hari ini"), "how": "soon"}
    if days == 1:
        return {"text": gettext("Besok"), "how": "soon"}
    return {"text": long_date(head.clock.due), "how": "fine"}


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
        found.append(gettext(N_("Jawaban baku dua kali")))
    return found


def taken_by(head: CaseHead, agency: str) -> str:
    """Return the ident of the officer who took the case, "" if nobody did. Only the holder's officers see it."""
    return head.desk_work.assigned if head.holder == agency else ""


def _inbox(page: Inbox, session: Session, cases: ReadCase, *, done: str) -> str:
    """The page: what waits for this officer first, then what waits for others, then what is closed."""
    rows = [inbox_row(row, session, cases) for row in page.rows]
    groups = [{"name": name, "rows": [row for row in rows if row["group"] == name]} for name in GROUPS]
    return render_template(
        "inbox.html",
        session=session,
        agency=cases.directory.agencies[session.viewer.agency],
        groups=[group for group in groups if group["rows"]],
        waiting=sum(row["group"] in ("asked", "mine", "late") for row in rows),
        coordinates=session.viewer.role is Role.COORDINATOR,
        next=page.next,
        quarantine=page.quarantine,
        escalated=page.escalated,
        figures=bool(surveyed(session.viewer, cases.directory)),
        asked=page.asked,
        second=page.second,
        done=said(done),
    )


def _list_view(name: str, lists: CaseLists) -> Callable[[], Response]:
    listing = LISTINGS[name]

    def show() -> Response:
        page = read_page(lambda viewer, after: listing.read(lists, viewer, after))
        if wants_json():
            return make_response(inbox_json(page, g.session.viewer.agency))
        return make_response(_list(name, page, lists.cases))

    return show


def _list(name: str, page: Inbox, cases: ReadCase) -> str:
    listing, session = LISTINGS[name], g.session
    return render_template(
        "listing.html",
        session=session,
        agency=cases.directory.agencies[session.viewer.agency],
        name=name,
        heading=gettext(listing.title),
        lead=gettext(listing.lead if page.rows else listing.empty),
        rows=[inbox_row(row, session, cases) for row in page.rows],
        next=page.next,
        reminders=Reminders(cases).due(session.viewer) if name == "mine" else (),
    )


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


def _group(head: CaseHead, agency: str) -> str:
    if not head.open:
        return "closed"
    if head.holder != agency:
        return "others"
    return "held" if head.stage in STANDING else "mine"

"""The desk of the day and the lists beside it: ``GET /desk/``, ``/desk/second/`` and the like, each with ``?after=``.

``/desk/`` takes ``view``, ``sort``, ``after``, ``q`` (a search) and ``open`` (a case beside the list).
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from flask import Flask, Response, g, make_response, render_template, request

from functions.actions.common.sign_in import Session
from functions.actions.officer.case_lists import WINDOW, CaseLists
from functions.actions.officer.lists.desk_views import View, views_of
from functions.actions.officer.personal.reminders import Reminders
from functions.actions.officer.read_case import ReadCase
from functions.actions.officer.views import Inbox, Today
from functions.casework.access import Viewer, surveyed
from functions.casework.directory.agencies import Role
from functions.casework.problems import FactsChangedProblem, NotFoundProblem
from functions.desk.acts import said
from functions.desk.conversation import heading_of, message_rows
from functions.desk.counter import COUNTER
from functions.desk.today import texts
from functions.desk.today.next_case import next_case_parts, told_of
from functions.desk.today.rows import badges, due_words, inbox_row, row_json
from functions.desk.today.search import RECEIPT_TYPED, search
from functions.storage.interface import BadPageTokenError, Scope
from functions.web.forms import case_number, wants_json
from functions.web.language import gettext
from functions.web.layout import long_date
from functions.web.narration import case_stage, district_name, topic_name
from functions.web.session import back
from functions.web.wording import N_, sentence

Read = TypeVar("Read")


class Listing(NamedTuple):
    """A listing, and what a browser gets of it: the ``view`` of the desk that shows the same, or a page with a title
    and what stands above it, with rows and without."""

    scope: Scope
    view: View | None = None
    title: str = ""
    lead: str = ""
    empty: str = ""


LISTINGS = {
    "escalated": Listing(Scope.ESCALATED, View.LATE),
    "asked": Listing(Scope.ASKED, View.NEW),
    "second": Listing(
        Scope.SECOND,
        None,
        N_("Laporan yang ikut Anda tangani"),
        N_("Instansi lain memegang laporan ini, juga batas waktunya. Anda dapat membaca dan menjawab pelapornya."),
        N_("Tidak ada laporan instansi lain yang ikut Anda tangani."),
    ),
    "mine": Listing(Scope.ASSIGNED, View.MINE),
}


def inbox_routes(app: Flask, cases: ReadCase) -> None:
    """Register the desk and the lists of ``LISTINGS``."""
    lists = CaseLists(cases)
    next_case_parts(app, cases)

    @app.get("/desk/")
    def inbox() -> Response:
        viewer, asked = g.session.viewer, request.args
        if viewer.role is Role.CLERK:  # reads no case: the counter is their desk
            return back(COUNTER)
        if asked.get("sort", "") not in ("", *texts.SORTS):
            raise NotFoundProblem
        if asked.get("q", "").strip():
            return search(lists, g.session)
        if wants_json() and not {"view", "sort"} & set(asked):
            return make_response(inbox_json(read_page(lists.inbox), viewer.agency))
        return _today(lists, g.session)

    for name in LISTINGS:
        app.add_url_rule(f"/desk/{name}/", f"list_{name}", _list_view(name, lists), methods=["GET"])


def read_page(read: Callable[[Viewer, str], Read]) -> Read:
    """Return what ``read`` makes of the page that the request asks for. Raises NotFoundProblem for a token that is
    none."""
    try:
        return read(g.session.viewer, request.args.get("after", ""))
    except BadPageTokenError as error:
        raise NotFoundProblem from error


def inbox_json(page: Inbox, agency: str) -> dict[str, object]:
    """Return a page as JSON; ``subject`` only if the officer may read the words. ``agency`` is the officer's."""
    cases = [row_json(row, agency) for row in page.rows]
    elsewhere = {name: getattr(page, name) for name in ("quarantine", "escalated", "asked", "second")}
    return {"cases": cases, "next": page.next or None, **elsewhere}


def _today(lists: CaseLists, session: Session) -> Response:
    """The desk in the view that the request names. A token of another day or view is not found; a browser is shown the
    first page, which says so."""
    view, sort, after = _view(session.viewer), request.args.get("sort") or "due", request.args.get("after", "")
    if after and view is None:  # a page of the desk as it was before there were views
        view = View.ALL
    try:
        today = lists.today(session.viewer, view, after, sort)
    except BadPageTokenError as error:
        if wants_json():
            raise NotFoundProblem from error
        again = lists.today(session.viewer, view, "", sort)
        begun = {"trouble": gettext(N_("Daftarnya sudah berubah, jadi kami mulai lagi dari awal."))}
        return make_response(_page(again, session, lists.cases, sort, begun), NotFoundProblem.status)
    if wants_json():
        return make_response(_today_json(today, session.viewer.agency))
    return make_response(_page(today, session, lists.cases, sort, _done()))


def _view(viewer: Viewer) -> View | None:
    named = request.args.get("view", "")
    known = {view.value for view in (*views_of(viewer), View.ALL)}
    if named and named not in (known if wants_json() else list(View)):  # a view of another role leads to one's own
        raise NotFoundProblem
    return View(named) if named in known else None


def _today_json(today: Today, agency: str) -> dict[str, object]:
    return {
        "view": today.view.value,
        "cases": [row_json(row, agency) for row in today.rows],
        "next": today.next or None,
        "counts": {view.value: {"count": n.number, "more": n.more} for view, n in today.counts.items()},
        "quarantine": today.quarantine,
        "second": today.second,
    }


def _page(today: Today, session: Session, cases: ReadCase, sort: str, done: Mapping[str, str]) -> str:
    """The page: chips, search, the list, and beside it the case that ``open`` names. ``done`` is as ``_done`` says."""
    role = session.viewer.role
    return render_template(
        "inbox.html",
        session=session,
        agency=cases.directory.agencies[session.viewer.agency],
        heading=texts.heading(today, role),
        view=today.view.value,
        chips=_chips(today, role),
        rows=[inbox_row(row, session, cases) for row in today.rows],
        empty=texts.empty(today.view, role),
        next=today.next,
        sort=sort,
        sorts={name: gettext(said) for name, said in texts.SORTS.items()},
        window=WINDOW if today.cut else 0,
        quarantine=today.quarantine,
        second=today.second,
        figures=bool(surveyed(session.viewer, cases.directory)),
        coordinates=role is Role.COORDINATOR,
        done=done,
        reminders=Reminders(cases).due(session.viewer) if today.view is View.MINE else (),
        pane=_pane(cases, session),
    )


def _pane(cases: ReadCase, session: Session) -> dict[str, Any] | None:
    """Return the case that the request opens beside the list, as the template shows it; None if it opens none. One that
    is unknown or not for this officer has no ``head``. What is done to it is done on its own page."""
    wanted = request.args.get("open", "")
    if not wanted:
        return None
    try:
        view = cases.read(session.viewer, case_number(wanted))
    except (NotFoundProblem, FactsChangedProblem):
        return {"head": None}
    head, directory = view.head, cases.directory
    about = directory.agencies.get(head.accused)
    return {
        "head": head,
        "subject": heading_of(view),
        "words": view.rights.words,
        "topic": topic_name(head.topic, directory),
        "district": district_name(head.district, directory),
        "holder": directory.agency(head.holder).name,
        "stage": case_stage(head),
        "due": due_words(head, cases.today(), cases.holidays) | {"day": long_date(head.clock.due)},
        "badges": badges(head, session.viewer),
        "about": about.name if about and view.rights.words else "",
        "messages": message_rows(view, directory) if view.rights.words else (),
        "acts": bool(view.rights.moves),
    }


def _chips(today: Today, role: Role) -> list[Mapping[str, object]]:
    return [
        {
            "view": view.value,
            "name": texts.chip_name(view, role),
            "count": texts.counted(count),
            "late": view is View.LATE and count.number > 0,
        }
        for view, count in today.counts.items()
    ]


def _done() -> dict[str, str]:
    """Return what was just done, and to which case (``did``, ``of``), or why the page is another (``trouble``)."""
    done = request.args.get("done", "")
    if done == RECEIPT_TYPED:
        return {"trouble": sentence("search_receipt")}
    return {"did": said(done)} if said(done) else told_of()


def _list_view(name: str, lists: CaseLists) -> Callable[[], Response]:
    listing = LISTINGS[name]

    def show() -> Response:
        if listing.view and not wants_json():
            read_page(lambda viewer, after: lists.check_token(viewer, listing.scope, after))
            return back("/desk/", view=listing.view.value)
        page = read_page(lambda viewer, after: lists.listed(viewer, listing.scope, after))
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
    )

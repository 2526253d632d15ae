"""The quarantine: reports of a flood that came without any sign of a person, read through, and archived many at once
with one reason.

What came with a proof or a viewed form is never here (``intake.gate``), and nothing outside it is archived unread.
"""

from collections.abc import Callable, Mapping

from flask import Response, g, make_response, render_template, request

from functions.actions.common.sign_in import Session
from functions.actions.officer.case_lists import CaseLists
from functions.actions.officer.handle_case import HandleCase
from functions.actions.officer.read_case import ReadCase
from functions.actions.officer.views import Inbox
from functions.casework.problems import (
    FieldError,
    InvalidInputProblem,
    NotAllowedProblem,
    NotFoundProblem,
    NotNowProblem,
    Problem,
)
from functions.casework.receipt import parse_tracking_id
from functions.casework.stages import Stage
from functions.desk.acts import Typed
from functions.desk.today.inbox import inbox_json, read_page
from functions.desk.today.rows import inbox_row
from functions.storage.interface import Scope
from functions.web.forms import fields, wants_json
from functions.web.kept_input import told
from functions.web.session import back


def quarantine_views(handle: HandleCase) -> Mapping[str, Callable[..., Response]]:
    """``GET /desk/quarantine/`` and ``POST /desk/quarantine/archive`` (``case`` once or more, ``reason``)."""
    lists = CaseLists(handle.act.cases)

    def quarantine() -> Response:
        page = read_page(lambda viewer, after: lists.listed(viewer, Scope.QUARANTINE, after))
        if wants_json():
            return make_response(inbox_json(page, g.session.viewer.agency))
        return make_response(_page(page, g.session, lists.cases))

    def archive() -> Response:
        typed = fields()
        cases = _cases(typed)
        try:
            done = _archive(handle, cases, typed.get("reason", ""))
        except InvalidInputProblem as problem:
            if wants_json():
                raise
            return make_response(_again(lists, problem, typed), problem.status)
        left = len(cases) - len(done)
        if wants_json():
            return make_response({"archived": done, "left": left})
        if left:
            unread = InvalidInputProblem(FieldError("case", "need_look", {"count": str(left)}))
            return make_response(_again(lists, unread, {}))
        return back("/desk/", done="quarantine")

    return {"quarantine": quarantine, "archive": archive}


def _archive(handle: HandleCase, cases: list[str], reason: str) -> list[str]:
    """Archive each that is in quarantine, and return those. Raises InvalidInputProblem."""
    if not cases:
        raise InvalidInputProblem(FieldError("case", "none_ticked"))
    done = []
    for case_id in cases:
        try:
            handle.set_stage(g.session.viewer, case_id, Stage.DIARSIPKAN, reason, unread=True)
        except (NotNowProblem, NotAllowedProblem, NotFoundProblem):
            continue
        done.append(case_id)
    return done


def _again(lists: CaseLists, problem: Problem, typed: Typed) -> str:
    return _page(lists.listed(g.session.viewer, Scope.QUARANTINE), g.session, lists.cases, problem=problem, typed=typed)


def _cases(typed: Typed) -> list[str]:
    """Return the ticked cases without what is no tracking id. JSON sends one, as text."""
    named = [typed.get("case", "")] if request.is_json else request.form.getlist("case")
    found = []
    for name in named:
        try:
            found.append(parse_tracking_id(name))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _page(
    page: Inbox,
    session: Session,
    cases: ReadCase,
    *,
    problem: Problem | None = None,
    typed: Typed | None = None,
) -> str:
    """The page. ``typed`` is given back with ``problem``."""
    return render_template(
        "quarantine.html",
        session=session,
        agency=cases.directory.agencies[session.viewer.agency],
        rows=[inbox_row(row, session, cases) for row in page.rows],
        next=page.next,
        errors=told(problem, "archive"),
        values=typed or {},
    )

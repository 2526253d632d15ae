"""The search: ``GET /desk/?q=``. A number leads straight to its case; other words are looked for in the most pressing
cases, since words are sealed and no index of them exists.

A receipt that somebody typed is neither shown nor looked for: the address is left at once, so that it stays in no
history.
"""

from flask import Response, make_response, render_template, request

from functions.actions.common.sign_in import Session
from functions.actions.officer.case_lists import CaseLists
from functions.actions.officer.lists.search_words import QUERY_MAX, Wanted
from functions.actions.officer.views import Search
from functions.casework.problems import FieldError, InvalidInputProblem, NotFoundProblem
from functions.casework.receipt import parse_tracking_id
from functions.casework.understanding.receipts import receipts_in
from functions.desk.today.next_case import chosen_view
from functions.desk.today.rows import inbox_row, row_json
from functions.desk.today.texts import desk_name
from functions.storage.interface import BadPageTokenError
from functions.web.forms import wants_json
from functions.web.session import back
from functions.web.wording import sentence

RECEIPT_TYPED = "receipt_typed"  # as something that was done, in the address that is led to


def search(lists: CaseLists, session: Session) -> Response:
    """Return the answer to the request's ``q``. Raises InvalidInputProblem, in JSON, and NotFoundProblem."""
    typed = request.args.get("q", "")
    view = chosen_view(session.viewer)
    if receipts_in(typed):
        if wants_json():
            raise InvalidInputProblem(FieldError("q", "search_receipt"))
        return back("/desk/", **({"view": view.value} if view else {}), done=RECEIPT_TYPED)
    if len(typed) > QUERY_MAX:
        if wants_json():
            raise InvalidInputProblem(FieldError("q", "search_length", {"limit": str(QUERY_MAX)}))
        trouble = sentence("search_length", {"limit": str(QUERY_MAX)})
        return make_response(_page(session, lists, Search((), "", 0), typed, trouble), InvalidInputProblem.status)
    found = _found(lists, session, typed)
    if wants_json():
        rows = [row_json(row, session.viewer.agency) for row in found.rows]
        return make_response({"cases": rows, "next": found.next or None, "looked_at": found.looked_at})
    number = _number(typed)
    if number and found.rows:
        return back(f"/desk/cases/{number}", **({"view": view.value} if view else {}))
    return make_response(_page(session, lists, found, typed))


def _found(lists: CaseLists, session: Session, typed: str) -> Search:
    if number := _number(typed):
        return lists.numbered(session.viewer, number)
    try:
        return lists.search(session.viewer, Wanted.of(typed), request.args.get("after", ""))
    except BadPageTokenError as error:
        raise NotFoundProblem from error


def _number(typed: str) -> str:
    try:
        return parse_tracking_id(typed)
    except ValueError:
        return ""


def _page(session: Session, lists: CaseLists, found: Search, typed: str, trouble: str = "") -> str:
    return render_template(
        "search.html",
        session=session,
        agency=lists.cases.directory.agencies[session.viewer.agency],
        desk=desk_name(session.viewer.role),
        q=typed,
        most=QUERY_MAX,
        trouble=trouble,
        number=_number(typed),
        rows=[inbox_row(row, session, lists.cases) for row in found.rows],
        looked_at=found.looked_at,
        next=found.next,
    )

"""The desk's routes: a link in, a session out; inbox, case, and what an officer does with it (DESIGN §8)."""

from secrets import token_bytes

from flask import Flask, Response, g, make_response, request
from werkzeug.exceptions import HTTPException

from functions.actions.common.sign_in import Session, SignIn
from functions.actions.common.trouble_codes import TROUBLE, TROUBLES, trouble_code
from functions.actions.officer.handle_case import HandleCase
from functions.casework.directory.agencies import Role
from functions.casework.problems import (
    CsrfProblem,
    FieldError,
    InvalidInputProblem,
    LinkProblem,
    NotFoundProblem,
    Problem,
    SignedOutProblem,
)
from functions.crypto.sign.counter_passes import Passes
from functions.desk import pages
from functions.desk.case import case_routes
from functions.desk.case_acts import case_act_routes
from functions.desk.counter import COUNTER, counter_routes
from functions.desk.inbox import inbox_routes
from functions.desk.lazy_routes import lazy_routes
from functions.desk.quarantine import quarantine_routes
from functions.web import errors
from functions.web.door import make_door
from functions.web.forms import UPLOAD_MAX_BYTES, fields, wants_json
from functions.web.kept_input import words
from functions.web.session import Cookie, back, check_csrf

OPEN_ROUTES = frozenset({"session", "links", "healthz"})


def make_app(
    handle: HandleCase,
    signin: SignIn,
    *,
    https: bool,
    operator: str = "",
    objection_days: int = 3,
    passes: Passes | None = None,
) -> Flask:
    """Return the desk door. ``objection_days``: see ``actions.officer.lift_guard``. ``passes`` are those the intake
    knows; without them, passes hold in this process alone."""
    app = make_door(
        __name__,
        TROUBLES,
        https=https,
        max_bytes=UPLOAD_MAX_BYTES,
        templates=pages.TEMPLATES,
        operator=operator,
    )
    cookie = Cookie("desk", https=https)
    for known in (SignedOutProblem, LinkProblem, CsrfProblem, *TROUBLE):
        app.register_error_handler(known, _with_words)

    @app.before_request
    def guard() -> None:
        """Every route but the three open ones needs a session, every POST its form's own token. For a clerk there is
        the counter and the way out, and nothing else at all; for others there is no counter."""
        if request.endpoint is None or request.endpoint in OPEN_ROUTES:
            return
        g.session = signin.session(cookie.read())
        if (g.session.viewer.role is Role.CLERK) != (request.endpoint == "counter") and request.endpoint != "end":
            raise NotFoundProblem
        check_csrf(g.session.csrf)

    @app.post("/desk/session")
    def session() -> Response:
        token = fields().get("token", "")
        if not token.strip():
            raise InvalidInputProblem(FieldError("token", "required"))
        found = signin.exchange(token, cookie.read())
        response = _signed_in(found)
        cookie.write(response, found.cookie)
        return response

    @app.post("/desk/session/end")
    def end() -> Response:
        signin.sign_out(_session())
        response = make_response({}) if wants_json() else make_response(pages.signed_out())
        cookie.clear(response)
        return response

    @app.post("/desk/links")
    def links() -> Response:
        try:
            signin.ask_link(fields().get("email", ""))
        except InvalidInputProblem as error:
            if wants_json():
                raise
            return make_response(pages.ask_link(fields(), error), error.status)
        return make_response(({}, 202) if wants_json() else (pages.link_asked(), 202))

    cases = handle.act.cases
    counter_routes(app, cases.directory, passes or Passes(token_bytes(32)))
    inbox_routes(app, cases)
    case_routes(app, cases)
    case_act_routes(app, handle)
    quarantine_routes(app, handle)
    lazy_routes(app, handle, signin, objection_days)
    return app


def _session() -> Session:
    found: Session = g.session
    return found


def _signed_in(session: Session) -> Response:
    case_id = session.viewer.case_id
    if not wants_json():
        if session.viewer.role is Role.CLERK:
            return back(COUNTER)
        return back(f"/desk/cases/{case_id}" if case_id else "/desk/")
    body = {"csrf": session.csrf, "officer": session.viewer.officer, "agency": session.viewer.agency}
    return make_response(body | ({"case": case_id} if case_id else {}))


def _with_words(error: Exception) -> Response:
    """Signed out, or the store out of reach: the case cannot be shown, but what was written is given back."""
    written = "" if wants_json() else _written()
    if isinstance(error, Problem):
        whole, code = errors.answer(error), error.code
    else:
        code = trouble_code(error)
        whole = errors.trouble(error, code)
    return make_response(pages.kept(code, written), whole.status_code) if written else whole


def _written() -> str:
    try:
        return words(request.form)
    except HTTPException:  # a body too large or broken holds nothing to give back
        return ""

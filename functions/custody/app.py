"""The custody door's routes: a custodian's link in, a session out; what waits, one identity, and what he decides."""

from collections.abc import Callable

from flask import Flask, Response, g, make_response, request
from werkzeug.exceptions import HTTPException

from functions.actions.common.sign_in import Session, SignIn
from functions.actions.common.trouble_codes import TROUBLE, TROUBLES, trouble_code
from functions.actions.custodian.custody import Custody
from functions.casework.access import Viewer
from functions.casework.problems import (
    CsrfProblem,
    FieldError,
    InvalidInputProblem,
    LinkProblem,
    NotFoundProblem,
    Problem,
    SignedOutProblem,
)
from functions.casework.receipt import parse_tracking_id
from functions.casework.sealed_identity import TrustState
from functions.custody import pages
from functions.web import errors
from functions.web.door import make_door
from functions.web.forms import fields, wants_json
from functions.web.kept_input import words
from functions.web.session import Cookie, back, check_csrf

OPEN_ROUTES = frozenset({"session", "healthz"})
Act = Callable[[Viewer, str, str], TrustState]


def make_app(custody: Custody, signin: SignIn, *, https: bool, operator: str = "") -> Flask:
    """The custody door around a ``Custody`` and a ``SignIn`` that lets in custodians alone."""
    app = make_door(__name__, TROUBLES, https=https, templates=pages.TEMPLATES, operator=operator)
    cookie = Cookie("custody", https=https)
    for known in (SignedOutProblem, LinkProblem, CsrfProblem, *TROUBLE):
        app.register_error_handler(known, _with_words)

    @app.before_request
    def guard() -> None:
        """Every route but the two open ones needs a session, every POST its form's own token."""
        if request.endpoint is None or request.endpoint in OPEN_ROUTES:
            return
        g.session = signin.session(cookie.read())
        check_csrf(g.session.csrf)

    @app.post("/custody/session")
    def session() -> Response:
        token = fields().get("token", "")
        if not token.strip():
            raise InvalidInputProblem(FieldError("token", "required"))
        found = signin.exchange(token, cookie.read())
        response = _signed_in(found)
        cookie.write(response, found.cookie)
        return response

    @app.post("/custody/session/end")
    def end() -> Response:
        signin.sign_out(_session())
        response = make_response({}) if wants_json() else make_response(pages.signed_out())
        cookie.clear(response)
        return response

    @app.get("/custody/")
    def requests() -> Response:
        rows = custody.pending(_session().viewer)
        if wants_json():
            return make_response(pages.requests_json(rows))
        return make_response(pages.requests(rows, _session(), custody))

    case_routes(app, custody)
    return app


def case_routes(app: Flask, custody: Custody) -> None:
    """The routes of one case."""

    @app.post("/custody/cases")
    def find() -> Response:
        typed = fields()
        try:
            case_id = parse_tracking_id(typed.get("tracking_id", ""))
        except ValueError as error:
            problem = InvalidInputProblem(FieldError("tracking_id", "bad_tracking"))
            if wants_json():
                raise problem from error
            rows = custody.pending(_session().viewer)
            return make_response(pages.requests(rows, _session(), custody, problem, typed), problem.status)
        return make_response({"tracking_id": case_id}) if wants_json() else back(f"/custody/cases/{case_id}")

    @app.get("/custody/cases/<tracking_id>")
    def case(tracking_id: str) -> Response:
        view = custody.look(_session().viewer, _case_id(tracking_id))
        if wants_json():
            return make_response(pages.case_json(view))
        return make_response(pages.case(view, _session(), custody, done=request.args.get("done", "")))

    def answer(tracking_id: str, act: Act, done: str) -> Response:
        """Carry out an act: JSON, or back to the case (303); with a problem, the case with what was typed."""
        case_id, typed, viewer = _case_id(tracking_id), fields(), _session().viewer
        if wants_json():
            return make_response({"state": act(viewer, case_id, typed.get("reason", "")).value})
        try:
            act(viewer, case_id, typed.get("reason", ""))
        except NotFoundProblem:
            raise
        except Problem as error:
            view = custody.look(viewer, case_id)
            return make_response(pages.case(view, _session(), custody, problem=error, typed=typed), error.status)
        return back(f"/custody/cases/{case_id}", done=done)

    @app.post("/custody/cases/<tracking_id>/ask")
    def ask(tracking_id: str) -> Response:
        return answer(tracking_id, custody.ask, "ask")

    @app.post("/custody/cases/<tracking_id>/refuse")
    def refuse(tracking_id: str) -> Response:
        return answer(tracking_id, custody.refuse, "refuse")

    @app.post("/custody/cases/<tracking_id>/open")
    def open_(tracking_id: str) -> Response:
        return answer(tracking_id, custody.open, "open")


def _session() -> Session:
    found: Session = g.session
    return found


def _signed_in(session: Session) -> Response:
    case_id = session.viewer.case_id
    if not wants_json():
        return back(f"/custody/cases/{case_id}" if case_id else "/custody/")
    body = {"csrf": session.csrf, "officer": session.viewer.officer, "agency": session.viewer.agency}
    return make_response(body | ({"case": case_id} if case_id else {}))


def _with_words(error: Exception) -> Response:
    """Signed out, or the store out of reach: nothing of the case can be shown, but a reason is given back."""
    if isinstance(error, Problem):
        whole, code = errors.answer(error), error.code
    else:
        code = trouble_code(error)
        whole = errors.trouble(error, code)
    return whole if wants_json() else make_response(pages.kept(code, _written()), whole.status_code)


def _written() -> str:
    try:
        return words(request.form)
    except HTTPException:  # a body too large or broken holds nothing to give back
        return ""


def _case_id(tracking_id: str) -> str:
    try:
        return parse_tracking_id(tracking_id)
    except ValueError as error:
        raise NotFoundProblem from error

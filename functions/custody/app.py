"""The custody door: custodians, and overseers for a danger to life, come in by a signed link; what waits, one identity,
and what they decide."""

from collections.abc import Callable

from flask import Flask, Response, g, make_response, request

from functions.actions.common.sign_in import SignIn
from functions.actions.common.trouble_codes import TROUBLES
from functions.actions.custodian.custody import Custody
from functions.actions.custodian.own_key import OwnKeys
from functions.actions.custodian.shares import Shares
from functions.casework.access import Viewer
from functions.casework.problems import FieldError, InvalidInputProblem, NotFoundProblem, Problem
from functions.casework.receipt import parse_tracking_id
from functions.casework.sealed_identity import TrustState
from functions.custody import pages
from functions.custody.own_key import key_routes
from functions.custody.shares import share_routes
from functions.web.door import make_door
from functions.web.factors.acts import Acts
from functions.web.forms import case_number, fields, wants_json
from functions.web.officer_session import OfficerDoor, officer_session
from functions.web.session import back

Act = Callable[[Viewer, str, dict[str, str]], TrustState]
DOOR = OfficerDoor(
    name="custody",
    new_link="/masuk/kustodian/",
    open_routes=frozenset({"session", "healthz"}),
    kept_empty=True,
)


def make_app(
    custody: Custody,
    signin: SignIn,
    *,
    https: bool,
    operator: str = "",
    factors: Callable[[], Acts] | None = None,
) -> Flask:
    """Return the custody door. ``signin`` lets in custodians and overseers alone, each with a link for this door;
    ``factors`` gives what is done with second factors."""
    app = make_door(__name__, TROUBLES, https=https, templates=pages.TEMPLATES, operator=operator)
    officer_session(app, signin, DOOR, TROUBLES, https=https, factors=factors)

    @app.get("/custody/")
    def requests() -> Response:
        rows = custody.pending(g.session.viewer)
        if wants_json():
            return make_response(pages.requests_json(rows))
        return make_response(pages.requests(rows, g.session, custody))

    case_routes(app, custody)
    share_routes(app, Shares(custody))
    key_routes(app, OwnKeys(custody.store, custody.public_keys, custody.directory))
    return app


def case_routes(app: Flask, custody: Custody) -> None:
    """Register the routes of one case."""

    @app.post("/custody/cases")
    def find() -> Response:
        typed = fields()
        try:
            case_id = parse_tracking_id(typed.get("tracking_id", ""))
        except ValueError as error:
            problem = InvalidInputProblem(FieldError("tracking_id", "bad_tracking"))
            if wants_json():
                raise problem from error
            rows = custody.pending(g.session.viewer)
            return make_response(pages.requests(rows, g.session, custody, problem, typed), problem.status)
        return make_response({"tracking_id": case_id}) if wants_json() else back(f"/custody/cases/{case_id}")

    @app.get("/custody/cases/<tracking_id>")
    def case(tracking_id: str) -> Response:
        view = custody.look(g.session.viewer, case_number(tracking_id))
        if wants_json():
            return make_response(pages.case_json(view))
        return make_response(pages.case(view, g.session, custody, done=request.args.get("done", "")))

    def answer(tracking_id: str, act: Act, done: str) -> Response:
        """Carry out an act: JSON, or back to the case (303); with a problem, the case with what was typed."""
        case_id, typed, viewer = case_number(tracking_id), fields(), g.session.viewer
        if wants_json():
            return make_response({"state": act(viewer, case_id, typed).value})
        try:
            act(viewer, case_id, typed)
        except NotFoundProblem:
            raise
        except Problem as error:
            view = custody.look(viewer, case_id)
            return make_response(pages.case(view, g.session, custody, problem=error, typed=typed), error.status)
        return back(f"/custody/cases/{case_id}", done=done)

    @app.post("/custody/cases/<tracking_id>/ask")
    def ask(tracking_id: str) -> Response:
        def act(viewer: Viewer, case_id: str, typed: dict[str, str]) -> TrustState:
            return custody.ask(viewer, case_id, typed.get("reason", ""), typed.get("danger", ""))

        return answer(tracking_id, act, "ask")

    @app.post("/custody/cases/<tracking_id>/refuse")
    def refuse(tracking_id: str) -> Response:
        return answer(tracking_id, _reasoned(custody.refuse), "refuse")

    @app.post("/custody/cases/<tracking_id>/open")
    def open_(tracking_id: str) -> Response:
        return answer(tracking_id, _reasoned(custody.open), "open")

    @app.post("/custody/cases/<tracking_id>/endorse")
    def endorse(tracking_id: str) -> Response:
        return answer(tracking_id, _reasoned(custody.endorse), "endorse")


def _reasoned(act: Callable[[Viewer, str, str], TrustState]) -> Act:
    """Return the act with its reason taken from the form."""
    return lambda viewer, case_id, typed: act(viewer, case_id, typed.get("reason", ""))

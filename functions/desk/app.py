"""The desk's routes: a link in, a session out; inbox, case, and what an officer does with it (DESIGN §8)."""

from collections.abc import Callable
from secrets import token_bytes

from flask import Flask, Response, g, make_response, request
from werkzeug.exceptions import HTTPException

from functions.actions.common.sign_in import Session, SignIn
from functions.actions.common.trouble_codes import TROUBLE, TROUBLES, trouble_code
from functions.actions.officer.case_notes import Mark
from functions.casework.case import CaseHead
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
from functions.casework.receipt import parse_tracking_id
from functions.crypto.sign.counter_passes import Passes
from functions.desk import answers, pages
from functions.desk.listings import listing_routes
from functions.desk.loket import COUNTER, counter_routes
from functions.desk.marks import mark_routes
from functions.desk.quarantine import quarantine_routes
from functions.desk.rare import rare_routes
from functions.desk.worklist import worklist_routes
from functions.storage.interface import BadPageTokenError
from functions.web import errors
from functions.web.door import make_door
from functions.web.file_answer import file_answer
from functions.web.forms import UPLOAD_MAX_BYTES, fields, upload, wants_json
from functions.web.kept_input import words
from functions.web.session import Cookie, back, check_csrf

OPEN_ROUTES = frozenset({"session", "links", "healthz"})
LEAVING = frozenset({"handover", "discard", "oversight", "recuse", "decision", "transfer", "leave"})
Act = Callable[[str, dict[str, str]], dict[str, object]]


def make_app(
    handle: Mark,
    signin: SignIn,
    *,
    https: bool,
    operator: str = "",
    objection_days: int = 3,
    passes: Passes | None = None,
) -> Flask:
    """The desk door around a ``Handle`` and a ``SignIn``. ``objection_days``: see ``actions.officer.lift_guard``;
    ``passes`` are those the intake knows, of this process alone where none are given."""
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

    @app.get("/desk/")
    def inbox() -> Response:
        try:
            page = handle.inbox(_session().viewer, request.args.get("after", ""))
        except BadPageTokenError as error:
            raise NotFoundProblem from error
        if wants_json():
            return make_response(answers.inbox_json(page, _session().viewer.agency))
        return make_response(pages.inbox(page, _session(), handle, done=request.args.get("done", "")))

    counter_routes(app, handle.directory, passes or Passes(token_bytes(32)))
    listing_routes(app, handle)
    case_routes(app, handle)
    mark_routes(app, handle, answering(handle), _case_id)
    quarantine_routes(app, handle)
    worklist_routes(app, handle, answering(handle))
    rare_routes(app, handle, signin, answering(handle), objection_days)
    return app


def answering(handle: Mark) -> Callable[[str, Act, int, str], Response]:
    """How an act on a case is answered."""

    def answer(tracking_id: str, act: Act, status: int, done: str) -> Response:
        """Carry out an act: JSON, or back to the case (303); with a problem, the case with what was typed."""
        case_id, typed = _case_id(tracking_id), fields()
        if wants_json():
            return make_response(act(case_id, typed), status)
        try:
            joined = act(case_id, typed).get("joined")
        except (SignedOutProblem, LinkProblem, NotFoundProblem):
            raise
        except Problem as error:
            view = handle.read(_session().viewer, case_id)
            return make_response(pages.case(view, _session(), handle, problem=error, typed=typed), error.status)
        if isinstance(joined, list):
            if missed := [one for one in joined if not one["taken"]]:
                view = handle.read(_session().viewer, case_id)
                return make_response(pages.case(view, _session(), handle, done=done, missed=missed))
            done = f"{done}_joined" if joined else done
        # Who hands a case on may no longer see it: he goes back to his inbox.
        return back("/desk/" if done in LEAVING else f"/desk/cases/{case_id}", done=done)

    return answer


def case_routes(app: Flask, handle: Mark) -> None:
    """The routes of one case."""

    @app.get("/desk/cases/<tracking_id>")
    def case(tracking_id: str) -> Response:
        view = handle.read(_session().viewer, _case_id(tracking_id))
        if wants_json():
            return make_response(answers.case_json(view, handle, _session().viewer.agency))
        return make_response(pages.case(view, _session(), handle, done=request.args.get("done", "")))

    @app.get("/desk/cases/<tracking_id>/files/<int:n>")
    def file(tracking_id: str, n: int) -> Response:
        content, media_type = handle.file(_session().viewer, _case_id(tracking_id), n)
        return file_answer(content, media_type, n)

    answer = answering(handle)

    @app.post("/desk/cases/<tracking_id>/messages")
    def messages(tracking_id: str) -> Response:
        def act(case_id: str, typed: dict[str, str]) -> dict[str, object]:
            wanted = [typed.get(name, "") for name in ("body", "message_key", "seen")]
            again = typed.get("again", "") == "yes"
            if typed.get("joined", "") == "yes":
                from functions.desk.together import replied  # noqa: PLC0415 - see ``rare``

                return replied(handle, _session().viewer, case_id, wanted, again=again)
            return {"n": handle.reply(_session().viewer, case_id, *wanted, again=again)}

        if request.form.get("fill"):
            from functions.desk.shelf import canned_answer  # noqa: PLC0415 - see ``rare``

            return canned_answer(handle, _session(), _case_id(tracking_id), fields())
        return answer(tracking_id, act, 201, "reply")

    @app.post("/desk/cases/<tracking_id>/files")
    def files(tracking_id: str) -> Response:
        def act(case_id: str, typed: dict[str, str]) -> dict[str, object]:
            raw = upload()
            if not raw:
                raise InvalidInputProblem(FieldError("file", "required"))
            key, keep = typed.get("file_key", ""), typed.get("keep_size", "") == "yes"
            return {"n": handle.attach(_session().viewer, case_id, raw, key, keep_size=keep)}

        return answer(tracking_id, act, 201, "attach")

    @app.post("/desk/cases/<tracking_id>/stage")
    def stage(tracking_id: str) -> Response:
        def act(case_id: str, typed: dict[str, str]) -> dict[str, object]:
            wanted = [typed.get(name, "") for name in ("stage", "reason", "outside")]
            return _stage(handle.set_stage(_session().viewer, case_id, *wanted))

        return answer(tracking_id, act, 200, "stage")

    @app.post("/desk/cases/<tracking_id>/handover")
    def handover(tracking_id: str) -> Response:
        def act(case_id: str, typed: dict[str, str]) -> dict[str, object]:
            wanted = [typed.get(name, "") for name in ("agency", "reason", "second")]
            return _stage(handle.handover(_session().viewer, case_id, *wanted))

        return answer(tracking_id, act, 200, "handover")

    @app.post("/desk/cases/<tracking_id>/extend")
    def extend(tracking_id: str) -> Response:
        def act(case_id: str, typed: dict[str, str]) -> dict[str, object]:
            return _stage(handle.extend(_session().viewer, case_id, typed.get("due", ""), typed.get("reason", "")))

        return answer(tracking_id, act, 200, "extend")

    @app.post("/desk/cases/<tracking_id>/unmask")
    def unmask(tracking_id: str) -> Response:
        def act(case_id: str, typed: dict[str, str]) -> dict[str, object]:
            return {"n": handle.unmask(_session().viewer, case_id, typed.get("n", ""), typed.get("reason", ""))}

        return answer(tracking_id, act, 201, "unmask")

    @app.post("/desk/cases/<tracking_id>/discard")
    def discard(tracking_id: str) -> Response:
        return answer(
            tracking_id, lambda case_id, _: _stage(handle.discard(_session().viewer, case_id)), 200, "discard"
        )

    @app.post("/desk/cases/<tracking_id>/close")
    def close(tracking_id: str) -> Response:
        def act(case_id: str, typed: dict[str, str]) -> dict[str, object]:
            wanted = [typed.get(name, "") for name in ("outcome", "reason", "message_key")]
            again = typed.get("again", "") == "yes"
            if typed.get("joined", "") == "yes":
                from functions.desk.together import closed  # noqa: PLC0415 - see ``rare``

                head, each = closed(handle, _session().viewer, case_id, wanted, again=again)
                return _stage(head) | {"joined": each}
            return _stage(handle.close(_session().viewer, case_id, *wanted, again=again))

        return answer(tracking_id, act, 200, "close")


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


def _case_id(tracking_id: str) -> str:
    try:
        return parse_tracking_id(tracking_id)
    except ValueError as error:
        raise NotFoundProblem from error


def _stage(head: CaseHead) -> dict[str, object]:
    return {"stage": head.stage.value, "due": head.clock.due.isoformat()}

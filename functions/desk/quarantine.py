"""The quarantine's routes: reports of a flood, looked through, and archived many at once with one reason."""

from flask import Flask, Response, g, make_response, request

from functions.actions.officer.handle_case import Handle
from functions.casework.problems import FieldError, InvalidInputProblem, NotFoundProblem, NotNowProblem, Problem
from functions.casework.receipt import parse_tracking_id
from functions.casework.stages import Stage
from functions.desk import answers, pages
from functions.storage.interface import BadPageTokenError
from functions.web.forms import fields, wants_json
from functions.web.session import back


def quarantine_routes(app: Flask, handle: Handle) -> None:
    """``GET /desk/quarantine/`` and ``POST /desk/quarantine/archive`` (``case`` once or more, ``reason``)."""

    @app.get("/desk/quarantine/")
    def quarantine() -> Response:
        try:
            page = handle.quarantine(g.session.viewer, request.args.get("after", ""))
        except BadPageTokenError as error:
            raise NotFoundProblem from error
        if wants_json():
            return make_response(answers.inbox_json(page, g.session.viewer.agency))
        return make_response(pages.quarantine(page, g.session, handle))

    @app.post("/desk/quarantine/archive")
    def archive() -> Response:
        typed = fields()
        try:
            done = _archive(handle, _cases(typed), typed.get("reason", ""))
        except InvalidInputProblem as problem:
            if wants_json():
                raise
            return make_response(_again(handle, problem, typed), problem.status)
        return make_response({"archived": done}) if wants_json() else back("/desk/", done="quarantine")


def _archive(handle: Handle, cases: list[str], reason: str) -> list[str]:
    """Archive each; one that somebody else has dealt with meanwhile is passed over. Raises InvalidInputProblem."""
    if not cases:
        raise InvalidInputProblem(FieldError("case", "none_ticked"))
    done = []
    for case_id in cases:
        try:
            handle.set_stage(g.session.viewer, case_id, Stage.DIARSIPKAN, reason)
        except (NotNowProblem, NotFoundProblem):
            continue
        done.append(case_id)
    return done


def _again(handle: Handle, problem: Problem, typed: dict[str, str]) -> str:
    return pages.quarantine(handle.quarantine(g.session.viewer), g.session, handle, problem=problem, typed=typed)


def _cases(typed: dict[str, str]) -> list[str]:
    """The ticked cases; what is no tracking id is passed over. JSON sends one, as text."""
    named = [typed.get("case", "")] if request.is_json else request.form.getlist("case")
    found = []
    for name in named:
        try:
            found.append(parse_tracking_id(name))
        except ValueError:
            continue
    return found

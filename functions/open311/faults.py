"""Faults in the standard's form: 404 unknown, 403 no key, 400 all else, each with a list of faults.

One thing differs from its table, on purpose: trouble on our side is 503, not the table's 400. A 400 tells an app never
to try again, and a report would be lost. HTTP's own answers (405, 413) keep their status.
"""

from functools import partial

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from functions.actions.common.trouble_codes import TROUBLES
from functions.casework.formats.open311 import Fault, plain
from functions.casework.formats.open311_wire import JSON, MEDIA, XML, Content, write
from functions.casework.problems import InvalidInputProblem, Problem
from functions.config import logs
from functions.open311.texts import FAULTS
from functions.web.language import gettext
from functions.web.wording import sentence

HTTP_CODES = {404: "not_found", 405: "bad_method", 413: "too_large"}
INPUT = 422
RETRY_SECONDS = "120"
# A report's fields by their names in the standard.
NAMES = {
    "topic": "service_code",
    "body": "description",
    **{
        name: f"attribute[{name}]"
        for name in ("kind", "district", "place", "happened_on", "subject", "about_agency", "about_officials")
    },
}


class RefusedError(Exception):
    """A request that cannot be answered. ``status`` is HTTP's, ``faults`` are the reasons."""

    def __init__(self, status: int, *faults: Fault) -> None:
        self.status, self.faults = status, faults
        super().__init__(str(status))


def refused(status: int, code: str, **facts: str) -> RefusedError:
    """Return a refusal with one fault of ``texts.FAULTS``."""
    return RefusedError(status, Fault(status, gettext(FAULTS[code]).format(**facts)))


def answer(root: str, content: Content, status: int = 200) -> Response:
    """Return an answer in the format that the path names. Without one it is XML, which every app of the standard
    reads."""
    fmt = JSON if request.path.endswith(".json") else XML
    return Response(write(fmt, root, content), status, content_type=MEDIA[fmt])


def register(app: Flask) -> None:
    """Answer every error with a list of faults."""

    @app.errorhandler(RefusedError)
    def refusal(error: RefusedError) -> Response:
        return _told(error.status, *error.faults)

    @app.errorhandler(InvalidInputProblem)
    def wrong_input(error: InvalidInputProblem) -> Response:
        faults = [
            Fault(400, f"{NAMES.get(each.field, each.field)}: {sentence(each.code, each.facts, each.field)}")
            for each in error.errors
        ]
        return _told(400, *faults)

    @app.errorhandler(Problem)
    def problem(error: Problem) -> Response:
        status = error.status if error.status in (403, 404) else 400
        text = FAULTS.get(error.code, FAULTS["bad_request"])
        return _told(status, Fault(error.status, gettext(text)))

    for kind, code in TROUBLES.items():
        app.register_error_handler(kind, partial(_trouble, code=code))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = error.code or 500
        response = _said(status, HTTP_CODES.get(status, "bad_request"))
        if allowed := dict(error.get_headers()).get("Allow"):
            response.headers["Allow"] = allowed
        return response

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        _report("unexpected", error, 500)
        return _said(500, "server_error")


def _trouble(error: Exception, code: str) -> Response:
    _report("trouble", error, 503, code)
    response = _said(503, code)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


def _said(status: int, code: str) -> Response:
    return _told(status, Fault(status, gettext(FAULTS[code])))


def _told(status: int, *faults: Fault) -> Response:
    return answer("errors", [plain(fault) for fault in faults], status)


def _report(event: str, error: Exception, status: int, code: str = "") -> None:
    """Write an error to the log with the template of the route, never with the requested path."""
    route = request.url_rule.rule if request.url_rule else ""
    logs.report(event, error, door="open311", route=route, method=request.method, status=status, code=code)

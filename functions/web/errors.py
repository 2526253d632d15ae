"""Problems as answers: RFC 9457 problem+json, or a calm page. Never a traceback, never the input.

The door of a form gives back what was typed into it; this module is for everything else.
"""

import json
from collections.abc import Mapping
from functools import partial

from flask import Flask, Response, current_app, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from functions.casework.problems import InvalidInputProblem, LinkProblem, Problem, SignedOutProblem
from functions.config import logs
from functions.web.forms import wants_json
from functions.web.language import current, gettext, translations
from functions.web.layout import url
from functions.web.wording import N_, SENTENCES, sentence, spoken, title

# A wrong address or too large a body tells no language, so the page says it in both.
WITHOUT_LANGUAGE = frozenset({404, 413})
# What passes by itself. Where the page was only asked for, it is asked for again; what was sent is still one page back.
PASSING = frozenset({"busy", "starting", "cut_off", "unavailable", "offline", "server_error"})
DESKS = {"/desk/": N_("Meja hari ini"), "/custody/": N_("Daftar permintaan")}
HTTP_CODES = {404: "not_found", 405: "bad_method", 413: "too_large", 415: "bad_type"}


def register(app: Flask, troubles: Mapping[type[Exception], str]) -> None:
    """Answer every problem of a door.

    ``troubles`` are errors on our side, each with the code of what is then said (503).
    """

    @app.errorhandler(Problem)
    def problem(error: Problem) -> Response:
        return answer(error)

    for kind, code in troubles.items():
        app.register_error_handler(kind, partial(trouble, code=code))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        if isinstance(error, RequestRedirect):
            return Response(status=error.code, headers={"Location": error.new_url})
        status = error.code or 500
        if status >= 500:  # noqa: PLR2004 - RFC 9110 §15.6
            _report("unexpected", getattr(error, "original_exception", None) or error, status)
        response = plain_answer(HTTP_CODES.get(status, "bad_request"), status)
        if status == 405 and (allowed := dict(error.get_headers()).get("Allow")):  # noqa: PLR2004 - RFC 9110 §15.5.6
            response.headers["Allow"] = allowed
        return response

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        _report("unexpected", error, 500)
        return plain_answer("server_error", 500)


def trouble(error: Exception, code: str) -> Response:
    """Answer an error on our side: ops get its class in the log, people the sentence of its code."""
    _report("trouble", error, 503, code=code)
    return plain_answer(code, 503)


def answer(error: Problem) -> Response:
    """Return a problem as an answer."""
    errors = spoken(error.errors) if isinstance(error, InvalidInputProblem) else []
    return plain_answer(error.code, error.status, facts=error.facts, errors=errors)


def plain_answer(
    code: str, status: int, *, facts: dict[str, str] | None = None, errors: list[dict[str, str]] | None = None
) -> Response:
    """Return the answer of a code: problem+json or the message page."""
    if wants_json():
        return problem_json(code, status, facts=facts, errors=errors)
    paragraphs = [error["message"] for error in errors or []] or [sentence(code, facts)]
    english = translations("en").gettext(SENTENCES[code]) if status in WITHOUT_LANGUAGE and current() == "id" else ""
    page = render_template(
        "message.html",
        title=title(code),
        paragraphs=paragraphs,
        actions=_ways_on(code, errors or [], facts or {}),
        english=english,
    )
    return make_response(page, status)


def problem_json(
    code: str, status: int, *, facts: dict[str, str] | None = None, errors: list[dict[str, str]] | None = None
) -> Response:
    """Return RFC 9457 problem details, with ``errors: [{field, message}]`` if fields are at fault."""
    body: dict[str, object] = {"type": "about:blank", "title": title(code), "status": status}
    body |= {"detail": sentence(code, facts), "code": code}
    if errors:
        body["errors"] = errors
    if linked := (facts or {}).get("linked"):
        body["linked"] = linked
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json")


def _ways_on(code: str, errors: list[dict[str, str]], facts: Mapping[str, str]) -> list[dict[str, object]]:
    if facts.get("linked"):
        there: dict[str, object] = {
            "href": f"{facts['url']}/lacak/",
            "text": gettext("Buka di %(office)s") % facts,
        }
        return [there, {"href": url("/lacak/"), "text": gettext("Kembali"), "quiet": True}]
    wants_link = any(error["field"] == "token" for error in errors)
    if wants_link or code.startswith("link_") or code == SignedOutProblem.code or code in (LinkProblem.code, "csrf"):
        return [{"href": url("/masuk/"), "text": gettext("Minta link baru")}]
    desk = next((desk for desk in DESKS if request.path.startswith(desk) and request.path != desk), "")
    passing = code in PASSING
    away = passing or code == "too_large"  # the front page leads away from what was typed
    ways: list[dict[str, object]] = []
    if passing and request.method in ("GET", "HEAD"):
        ways.append({"href": "", "text": gettext("Coba lagi")})
    ways.append({"href": desk or url("/"), "text": gettext(DESKS.get(desk, N_("Ke halaman depan"))), "quiet": away})
    return ways if desk else [*ways, {"href": url("/bantuan/"), "text": gettext("Bantuan"), "quiet": True}]


def _report(event: str, error: Exception, status: int, code: str = "") -> None:
    """Log the door and the template of the route, never the requested path."""
    door = current_app.name.removeprefix("functions.").partition(".")[0]
    route = request.url_rule.rule if request.url_rule else ""
    logs.report(event, error, door=door, route=route, method=request.method, status=status, code=code)

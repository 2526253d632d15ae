"""What every door has in common: a quiet Flask app with our layout, headers, errors and health."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from flask import Flask, Response, jsonify, request
from flask.templating import Environment
from werkzeug.routing import Rule

from functions.casework.formats.attachments import FILE_MB
from functions.web import cross_site, errors, headers, host_check, language, layout, quick_exit
from functions.web.forms import FORM_MAX_BYTES, QuietRequest


class MatchedOnly(Rule):
    """A rule that only matches requests. Werkzeug would compile two functions for each rule for ``url_for``, which
    nothing here calls: a good part of the desk's cold start."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 - Werkzeug's own
        return _no_address


def _no_address(rule: Rule, **_: object) -> tuple[str, str]:
    raise NotImplementedError(f"no address is made of {rule.rule}: write it down")


class Door(Flask):
    """A Flask app with our layout. Jinja starts with the first page: JSON needs none."""

    url_rule_class = MatchedOnly
    jinja_environment = layout.PageEnvironment

    def create_jinja_environment(self) -> Environment:
        """Return Jinja's environment, with what ``layout`` has for pages."""
        return layout.furnish(super().create_jinja_environment(), self.config)


def make_door(
    name: str,
    troubles: Mapping[type[Exception], str],
    *,
    https: bool,
    max_bytes: int = FORM_MAX_BYTES,
    templates: Path | None = None,
    operator: str = "",
    owner: Callable[[], str] = layout.nobody,
    portals: Callable[[str], str] | None = None,
    file_mb: int = FILE_MB,
) -> Flask:
    """Return an empty door: limits, layout, headers, error answers and ``GET /healthz``.

    ``troubles`` is for ``errors.register``. ``max_bytes`` bounds a request's body; ``templates`` is the door's own
    folder; ``operator`` is named in the footer, and above our name what ``owner`` returns. Where several portals
    share the door, ``portals`` returns the name of one for its instance's code, "" for an unknown one. ``file_mb`` is
    the most MB of a file, as pages state it.
    """
    app = bare_door(name, https=https, max_bytes=max_bytes, templates=templates)
    app.config.update(OPERATOR=operator, OWNER=owner, PORTALS=portals, FILE_MB=file_mb)
    layout.bring(app)
    language.resolve_answers(app)
    errors.register(app, troubles)
    cross_site.guard(app)
    return app


def bare_door(name: str, *, https: bool, max_bytes: int, templates: Path | None = None) -> Flask:
    """Return a door without our pages and error answers: limits, headers and ``GET /healthz``."""
    app = Door(name, static_folder=None, template_folder=str(templates) if templates else None)
    app.request_class = QuietRequest
    app.config["MAX_CONTENT_LENGTH"] = max_bytes
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's default provider has it
    app.json.sort_keys = False  # type: ignore[attr-defined]  # as above
    app.logger.setLevel(logging.CRITICAL)  # Flask would log exceptions with their messages, which quote people
    headers.secure(app, https=https)
    host_check.relative_redirects(app)

    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    return app


def offline_door(
    name: str,
    *,
    https: bool,
    code: str = "offline",
    retry_seconds: int = 3600,
    answer: Callable[[], Response] | None = None,
) -> Flask:
    """Return a door that takes nothing: better no report than one that nobody can read. ``code`` names what it says,
    unless ``answer`` makes the page."""
    app = Door(name, static_folder=None)
    app.config["OFFLINE"] = True
    app.request_class = QuietRequest
    layout.bring(app)
    headers.secure(app, https=https)
    errors.register(app, {})
    quick_exit.register(app)  # people who have to leave must not be held up

    @app.before_request
    def refuse() -> Response | None:
        if request.path == quick_exit.PATH:
            return None
        response = answer() if answer else errors.plain_answer(code, 503)
        if retry_seconds:
            response.headers["Retry-After"] = str(retry_seconds)
        return response

    return app


def is_offline(app: object) -> bool:
    """Tell whether this is a door that takes nothing."""
    return isinstance(app, Flask) and bool(app.config.get("OFFLINE"))

"""What every door has in common: a quiet Flask app with our layout, headers, errors and health."""

import logging
from collections.abc import Mapping
from pathlib import Path

from flask import Flask, Response, jsonify

from functions.web import errors, headers, layout
from functions.web.forms import FORM_MAX_BYTES, QuietRequest


def make_door(
    name: str,
    troubles: Mapping[type[Exception], str],
    *,
    https: bool,
    max_bytes: int = FORM_MAX_BYTES,
    templates: Path | None = None,
    operator: str = "",
) -> Flask:
    """An empty door: limits, layout, headers, error answers and ``GET /healthz``.

    ``troubles`` is for ``errors.register``. ``max_bytes`` bounds a request's body; ``templates`` is the door's own
    folder; ``operator`` is named in the footer.
    """
    app = Flask(name, static_folder=None, template_folder=str(templates) if templates else None)
    app.request_class = QuietRequest
    app.config["MAX_CONTENT_LENGTH"] = max_bytes
    app.config["OPERATOR"] = operator
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's default provider has it
    app.json.sort_keys = False  # type: ignore[attr-defined]  # as above
    app.logger.setLevel(logging.CRITICAL)  # Flask would log exceptions with their messages, which quote people
    layout.prepare(app)
    headers.secure(app, https=https)
    errors.register(app, troubles)

    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    return app


def offline_door(name: str, *, https: bool) -> Flask:
    """A door that takes nothing: better no report than one that nobody can read."""
    app = Flask(name, static_folder=None)
    app.request_class = QuietRequest
    layout.prepare(app)
    headers.secure(app, https=https)
    errors.register(app, {})

    @app.before_request
    def refuse() -> Response:
        response = errors.plain_answer("offline", 503)
        response.headers["Retry-After"] = "3600"
        return response

    return app

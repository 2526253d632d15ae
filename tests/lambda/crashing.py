"""The handlers with a fault inside, whose text quotes all it can: ``CRASH`` says in which layer. For the runtime,
which loads it by name."""

import io
import os
from contextlib import redirect_stdout
from typing import Any

import flask

from functions.aws_lambda import handler

with redirect_stdout(io.StringIO()):  # it says that it makes an instance
    from zappa import handler as zappa

lambda_handler = handler.lambda_handler  # ours
zappas_handler = zappa.lambda_handler  # without ours before it


def quote(*things: Any) -> None:
    raise RuntimeError(f"kenari-galat {things}") from KeyError("kenari-sebab")


def in_the_view(self: flask.Flask) -> None:
    quote(flask.request.get_data(), flask.request.environ)


def in_the_app(self: flask.Flask, environ: dict[str, Any], start_response: Any) -> None:
    quote(environ)


def after_the_start(self: flask.Flask, environ: dict[str, Any], start_response: Any) -> None:
    start_response("200 OK", [("Content-Type", "text/plain")])
    quote(environ)


def in_zappa(event: dict[str, Any], **_: Any) -> None:
    quote(event)


FAULTS = {
    "view": (flask.Flask, "dispatch_request", in_the_view),
    "app": (flask.Flask, "wsgi_app", in_the_app),
    "started": (flask.Flask, "wsgi_app", after_the_start),
    "zappa": (zappa, "create_wsgi_request", in_zappa),
}
setattr(*FAULTS[os.environ["CRASH"]])

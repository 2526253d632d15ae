"""On PYTHONPATH this makes every process of the product as talkative as can be: each logger prints at every level,
the server logs each request whole, a thread dies of one, and a door breaks on what it was sent.

With ``LOUD=unguarded`` our own logging is left out, so that the search for what is printed has something to find.
"""

import logging
import os
import threading
from typing import Any

import flask
from waitress.task import WSGITask

from functions.config import logs

logging.basicConfig(level=logging.DEBUG)
logging.Logger.isEnabledFor = lambda self, level: True  # type: ignore[method-assign]  # whatever level was set
get_environment = WSGITask.get_environment
dispatch_request = flask.Flask.dispatch_request


def talking(self: WSGITask) -> dict[str, Any]:
    environ: dict[str, Any] = get_environment(self)
    for level in (logging.DEBUG, logging.INFO, logging.WARNING):
        logging.getLogger("waitress").log(level, "got %r", environ, stack_info=True)
    if environ["PATH_INFO"] == "/desk/links":
        threading.Thread(target=breaking, args=(environ,)).start()
    return environ


def breaking(*things: object) -> None:
    raise RuntimeError(f"CANARY-error {things}") from KeyError("CANARY-cause")


def dispatching(self: flask.Flask) -> Any:
    if flask.request.path == "/desk/links":
        try:
            breaking(flask.request.get_data())
        except RuntimeError:
            self.logger.exception("broken by %s", flask.request.url)
            raise
    return dispatch_request(self)


WSGITask.get_environment = talking
flask.Flask.dispatch_request = dispatching  # type: ignore[method-assign]  # as above
if os.environ.get("LOUD") == "unguarded":
    logs.configure = logs.catch = lambda: None

"""The outermost layer of a WSGI app: it sees a request as it came, and whatever breaks; nothing behind it does.

It is no part of ``web``, which knows nothing of keys or storage.
"""

import logging
import sys
from collections.abc import Callable, Iterable
from time import time
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Headers

from functions.config import logs
from functions.crypto.errors import KeysUnavailableError
from functions.edge.request_filter import Buckets, clean_environ, from_edge
from functions.storage.interface import StorageError
from functions.web.door import is_offline, offline_door
from functions.web.errors import problem_json
from functions.web.headers import SECURITY

OFFLINE_SECONDS = 30

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def cleaned(app: "WSGIApplication", buckets: Buckets, doors: Iterable[str]) -> "WSGIApplication":
    """Hand on only what may pass of a request. ``doors`` are the paths under which there is no frozen file."""
    prefixes = tuple(doors)

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        portal = not any(path == prefix or path.startswith(prefix + "/") for prefix in prefixes)
        bucket = buckets.of(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", ""))
        return app(clean_environ(environ, bucket, portal=portal), start_response)

    return call


def admitted(app: "WSGIApplication", secrets: tuple[str, ...]) -> "WSGIApplication":
    """Refuse what did not come by the edge, before anything else is looked at. Without ``secrets`` nothing is."""

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if from_edge(environ.get("HTTP_X_LAPOR_ORIGIN", ""), secrets):
            return app(environ, start_response)
        start_response("403 Forbidden", refused().to_wsgi_list())
        return []

    return call


def guarded(app: "WSGIApplication") -> "WSGIApplication":
    """Answer 500 for what the app itself did not catch, and log its class: a server would log its text."""

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        started = False

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            nonlocal started
            started = True
            return start_response(status, headers, exc_info)

        try:
            return app(environ, start)
        except Exception as error:  # noqa: BLE001 - the last place where its text can be kept from a log
            logs.report("escaped", error, method=environ.get("REQUEST_METHOD", ""), status=500)
            body, headers = broken()
            start_response("500 Internal Server Error", headers, sys.exc_info() if started else None)
            return [body]

    return call


def patient(
    make: "Callable[[], WSGIApplication]", *, https: bool, clock: Callable[[], float] = time
) -> "WSGIApplication":
    """The app that ``make`` makes, tried at once. While the store, in which the directory is, or the place of the keys
    is out of reach, a page that says so; the next request tries again. An app that is offline for want of keys is made
    anew after a while: keys are put right beside it, and a function may live for hours."""
    resting = offline_door(__name__, https=https, code="busy", retry_seconds=5)
    made: list[tuple[WSGIApplication, float]] = []

    def app() -> "WSGIApplication":
        if made and is_offline(made[0][0]) and not 0 <= clock() - made[0][1] < OFFLINE_SECONDS:
            made.clear()
        if not made:
            try:
                made.append((make(), clock()))
            except (StorageError, KeysUnavailableError) as error:
                logs.report("trouble", error, status=503)
                return resting
        return made[0][0]

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return app()(environ, start_response)

    app()
    return call


def broken() -> tuple[bytes, list[tuple[str, str]]]:
    """The answer where nothing is left that could make a better one: its body and headers."""
    problem = problem_json("server_error", 500)
    headers = Headers({**SECURITY, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"})
    headers["Content-Type"] = problem.content_type or ""
    headers["Content-Length"] = str(len(problem.get_data()))
    return problem.get_data(), headers.to_wsgi_list()


def refused() -> Headers:
    """The headers of the empty answer, 403, to what did not come by the edge; that is logged, and nothing of it."""
    logs.report("not_by_the_edge", level=logging.WARNING, status=403)
    headers = Headers({**SECURITY, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"})
    headers["Content-Length"] = "0"
    return headers

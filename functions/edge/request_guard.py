"""The outermost layer of a WSGI app: only it sees the raw request, and whatever breaks.

It is not part of ``web``, which knows nothing of keys or storage.
"""

import logging
import sys
from collections.abc import Callable, Iterable
from time import time
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.datastructures import Headers

from functions.config import logs
from functions.crypto.errors import KeysUnavailableError
from functions.edge.request_filter import Buckets, bucket_of, clean_environ, from_edge
from functions.storage.interface import StorageError
from functions.web.door import is_offline, offline_door
from functions.web.errors import plain_answer, problem_json
from functions.web.headers import SECURITY

OFFLINE_SECONDS = 30
BROKEN = 500

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def cleaned(app: "WSGIApplication", buckets: Buckets, doors: Iterable[str]) -> "WSGIApplication":
    """Pass on only what the lists allow. ``doors`` are the paths that hold no frozen file."""
    prefixes = tuple(doors)

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        portal = not any(path == prefix or path.startswith(prefix + "/") for prefix in prefixes)
        bucket = buckets.of(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", ""))
        return app(clean_environ(environ, bucket, portal=portal), start_response)

    return call


def cleaned_again(app: "WSGIApplication") -> "WSGIApplication":
    """Pass on only what the lists allow, in the process of a door: what another process sent is not believed either.

    The bucket is the one that the first process assigned, since this one sees no address.
    """

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return app(clean_environ(environ, bucket_of(environ), portal=False), start_response)

    return call


def admitted(app: "WSGIApplication", secrets: tuple[str, ...]) -> "WSGIApplication":
    """Refuse what did not come through the edge, before reading anything else. Without ``secrets`` everything
    passes."""

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if from_edge(environ.get("HTTP_X_LAPOR_ORIGIN", ""), secrets):
            return app(environ, start_response)
        start_response("403 Forbidden", refused().to_wsgi_list())
        return []

    return call


def guarded(app: "WSGIApplication") -> "WSGIApplication":
    """Answer 500 for what the app did not catch, and log only its class: a server would log its text."""

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        started = False

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            nonlocal started
            started = True
            return start_response(status, headers, exc_info)

        try:
            return app(environ, start)
        except Exception as error:  # noqa: BLE001 - the last place that can keep its text from a log
            logs.report("escaped", error, method=environ.get("REQUEST_METHOD", ""), status=500)
            body, headers = broken()
            start_response("500 Internal Server Error", headers, sys.exc_info() if started else None)
            return [body]

    return call


def fitting(app: "WSGIApplication", most: int, *, https: bool) -> "WSGIApplication":
    """Answer in words in place of a body of more than ``most`` bytes, which the way back would not carry."""

    def instead() -> Flask:  # made when it is wanted: a cold start has no time for it
        return offline_door(
            __name__, https=https, retry_seconds=0, answer=lambda: plain_answer("answer_too_large", BROKEN)
        )

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        begun: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            begun[:] = [status, headers, exc_info]
            return lambda _: None

        body = app(environ, start)
        if int(Headers(begun[1]).get("Content-Length", 0)) > most:
            logs.report("answer_too_large", method=environ.get("REQUEST_METHOD", ""), status=BROKEN)
            getattr(body, "close", lambda: None)()
            return instead()({**environ, "REQUEST_METHOD": "GET", "CONTENT_LENGTH": "0"}, start_response)
        start_response(*begun)
        return body

    return call


def patient(
    make: "Callable[[], WSGIApplication]", *, https: bool, clock: Callable[[], float] = time
) -> "WSGIApplication":
    """Return the app that ``make`` makes, tried at once.

    While the store (with the directory) or the key store does not answer, a page says so and the next request tries
    again. An app that is offline for lack of keys is made again after a while: keys are repaired meanwhile, and a
    function may live for hours.
    """
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
    """Return body and headers of the answer when nothing is left that could make a better one."""
    problem = problem_json("server_error", 500)
    headers = Headers({**SECURITY, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"})
    headers["Content-Type"] = problem.content_type or ""
    headers["Content-Length"] = str(len(problem.get_data()))
    return problem.get_data(), headers.to_wsgi_list()


def refused() -> Headers:
    """Return the headers of the empty 403 for what did not come through the edge. It is logged, without any content."""
    logs.report("not_by_the_edge", level=logging.WARNING, status=403)
    headers = Headers({**SECURITY, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"})
    headers["Content-Length"] = "0"
    return headers

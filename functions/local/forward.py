"""Pass a cleaned request on to a door's process, over its UNIX socket, and its answer back.

Only what the request filter let through is passed: its headers, path, query and body, and the bucket that floods are
counted by. While the process starts, a page says so and gives back what was typed.
"""

import http.client
import socket
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Flask, Response, make_response, render_template
from werkzeug.wsgi import ClosingIterator

from functions.edge.request_filter import BUCKET_HEADER, REFUSED_KEY, bucket_of, passed_headers
from functions.web import errors
from functions.web.door import offline_door
from functions.web.forms import wants_json
from functions.web.kept_input import written
from functions.web.wording import sentence, title

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ANSWER_SECONDS = 60
RETRY_SECONDS = 5
# An aggregator may well hand over ten SMS at once.
WAITING, TURN_SECONDS = 4, 5.0
PIECE_BYTES = 64 * 1024
HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "date", "server"})  # RFC 9110 §7.6.1; ours


class _Line(http.client.HTTPConnection):
    """HTTP over a UNIX socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=ANSWER_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def forwarded(path: Path, *, https: bool) -> "WSGIApplication":
    """Return an app that passes requests on to the socket at ``path``. Answers 503 while nobody listens there."""
    starting, cut_off = (resting_door(code, https=https) for code in ("starting", "cut_off"))

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        line = _Line(path)
        try:
            line.connect()
        except OSError:
            line.close()
            return starting(environ, start_response)
        try:
            answer = _ask(line, environ)
        except (OSError, http.client.HTTPException):
            line.close()
            environ["wsgi.input"].seek(0)  # our server keeps bodies in memory; what was typed goes back
            return cut_off(environ, start_response)
        headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP]
        start_response(f"{answer.status} {answer.reason}", headers)
        return _pieces(line, answer)

    return call


def _ask(line: _Line, environ: "WSGIEnvironment") -> http.client.HTTPResponse:
    target = quote(environ.get("PATH_INFO", "").encode("latin-1"), safe="/")
    query = environ.get("QUERY_STRING", "")
    whole = f"{target}?{query}" if query else target
    line.putrequest(environ["REQUEST_METHOD"], whole, skip_host=True, skip_accept_encoding=True)
    for name, value in passed_headers(environ).items():
        line.putheader(name, value)
    line.putheader(BUCKET_HEADER, bucket_of(environ))
    line.endheaders()
    left = int(environ.get("CONTENT_LENGTH") or 0)
    while left > 0 and (piece := environ["wsgi.input"].read(min(left, PIECE_BYTES))):
        line.send(piece)
        left -= len(piece)
    return line.getresponse()


def _pieces(line: _Line, answer: http.client.HTTPResponse) -> Iterator[bytes]:
    try:
        while piece := answer.read(PIECE_BYTES):
            yield piece
    finally:
        line.close()


def shared(door: "WSGIApplication", most: int, *, https: bool) -> "WSGIApplication":
    """Return an app that lets ``most`` requests at a time into a door, while ``WAITING`` more wait for their turn. It
    answers 503 to the others at once, and to whose turn does not come. So a door that is slow holds no more of our
    threads, and a gateway that hands over several SMS at once is not sent away."""
    places, room = threading.BoundedSemaphore(most), threading.BoundedSemaphore(most + WAITING)
    busy = resting_door("busy", https=https)

    def leave() -> None:
        places.release()
        room.release()

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not room.acquire(blocking=False):
            return busy(environ, start_response)
        if not places.acquire(timeout=TURN_SECONDS):
            room.release()
            return busy(environ, start_response)
        try:
            answer = door(environ, start_response)
        except BaseException:
            leave()
            raise
        return ClosingIterator(answer, leave)

    return call


def kept_bodies(app: "WSGIApplication", *, https: bool) -> "WSGIApplication":
    """Return an app that answers for a body that our server did not keep (``connections``): 413, or 503."""
    too_large = offline_door(
        __name__, https=https, retry_seconds=0, answer=lambda: errors.plain_answer("too_large", 413)
    )
    refusing = {"too_large": too_large, "busy": resting_door("busy", https=https)}

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if refused := environ.get(REFUSED_KEY):
            return refusing[refused]({**environ, "CONTENT_LENGTH": "0"}, start_response)
        return app(environ, start_response)

    return call


def resting_door(code: str, *, https: bool) -> Flask:
    """Return a door that says that another is not there just now (503), and gives back what was typed."""

    def answer() -> Response:
        text = "" if wants_json() else written()
        if not text:
            return errors.plain_answer(code, 503)
        return make_response(render_template("strange.html", title=title(code), says=sentence(code), written=text), 503)

    return offline_door(__name__, https=https, retry_seconds=RETRY_SECONDS, answer=answer)

"""An AWS engine in trouble: a server in front of a real one that delays, refuses, or loses what it answers.

It passes on what it is not told to spoil, so what was done before an answer was lost is really done. The tests tell it by
the API's name for an operation, e.g. ``TransactWriteItems``, ``PutObject``, ``Decrypt``.
"""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.engines.serving import SOON

Trouble = Callable[["Passing"], None]
S3 = {"PUT": "PutObject", "GET": "GetObject", "POST": "DeleteObjects", "HEAD": "HeadObject"}
HOP = frozenset({"connection", "transfer-encoding", "content-length", "date", "server"})


class Passing(BaseHTTPRequestHandler):
    """One request on its way; a trouble is given it and does with it what it wants."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def handle_one(self) -> None:
        """Note the call, and give it to its trouble, if there is one."""
        engine: Engine = self.server.engine  # type: ignore[attr-defined]
        _, _, name = self.headers.get("X-Amz-Target", "").rpartition(".")
        name = name or S3[self.command]
        engine.calls[name] += 1
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with suppress(ConnectionError):  # whoever asked waits no longer
            engine.troubles.get(name, Passing.pass_on)(self)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_one  # noqa: N815 - the base class finds them by these names

    def asked(self) -> tuple[int, list[tuple[str, str]], bytes]:
        """What the engine answers."""
        engine: Engine = self.server.engine  # type: ignore[attr-defined]
        line = http.client.HTTPConnection(engine.behind, timeout=30)
        try:
            line.request(self.command, self.path, self.body, dict(self.headers))
            answer = line.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            line.close()

    def say(self, status: int, headers: list[tuple[str, str]], body: bytes, length: int | None = None) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def pass_on(self) -> None:
        self.say(*self.asked())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def refuses(code: str, **more: Any) -> Trouble:
    """The engine does nothing and answers with an error of its own, as JSON."""
    body = json.dumps({"__type": f"com.amazonaws#{code}", "message": "m"} | more).encode()
    return lambda request: request.say(400, [("Content-Type", "application/x-amz-json-1.0")], body)


def delays(seconds: float) -> Trouble:
    """It is done, and answered late."""

    def late(request: Passing) -> None:
        done = request.asked()
        time.sleep(seconds)
        request.say(*done)

    return late


def stalls(request: Passing) -> None:
    """It is done, and not answered before whoever asked gives up."""
    request.asked()
    request.connection.recv(1)
    request.close_connection = True


def loses(request: Passing) -> None:
    """It is done, and nobody hears of it."""
    request.asked()
    request.close_connection = True


def halves(request: Passing) -> None:
    """The connection ends in the middle of the answer."""
    status, headers, body = request.asked()
    request.say(status, headers, body[: len(body) // 2], len(body))
    request.close_connection = True


def each(n: int, trouble: Trouble) -> Trouble:
    """The trouble comes with every ``n``-th call, the first one first."""
    count = iter(range(10**9))

    def some(request: Passing) -> None:
        chosen = Passing.pass_on if next(count) % n else trouble
        chosen(request)

    return some


@dataclass
class Engine:
    """The server in front of ``behind`` (host and port): its ``url``, its ``troubles`` by operation, all ``calls``."""

    url: str
    behind: str
    troubles: dict[str, Trouble] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)


@contextmanager
def troubled(url: str) -> Iterator[Engine]:
    """Stand before the engine at ``url``."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Passing)
    server.daemon_threads = True
    engine = Engine(f"http://127.0.0.1:{server.server_port}", urlsplit(url).netloc)
    server.engine = engine  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(SOON,), daemon=True)
    thread.start()
    try:
        yield engine
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

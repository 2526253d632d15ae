"""A link between a browser and the product that loses what it is told to lose, as links in the hills do."""

import http.client
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.engines.serving import SOON
from tests.server import free_port

SECONDS = 90
PER_HOP = {"connection", "keep-alive", "transfer-encoding"}


class Fate(StrEnum):
    """What becomes of a report on its way."""

    PASSES = "passes"
    REQUEST_LOST = "request lost"
    ANSWER_LOST = "answer lost"
    TROUBLE = "trouble at the server"
    STRANGER = "answered by a stranger"  # a hotel's sign-in page
    HELD_BEFORE = "held before the server has it"
    HELD_AFTER = "held once the server has it"


class Weak:
    """The link. ``down``: there is none. ``fate`` is asked for each report that is posted; ``held`` is set while one is
    held, which ``let_go`` ends by losing it."""

    def __init__(self, target: int) -> None:
        self.target, self.port = target, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.down = False
        self.fate: Callable[[], Fate] = lambda: Fate.PASSES
        self.fates: Counter[Fate] = Counter()
        self.asked: list[str] = []
        self.held, self.let_go = threading.Event(), threading.Event()


def _handler(link: Weak) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def lose(self) -> None:
            """Hang up without a word."""
            self.close_connection = True

        def do_GET(self) -> None:
            link.asked.append(f"{self.command} {self.path}")
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if link.down:
                return self.lose()
            report = self.command == "POST" and self.path.startswith("/api/reports?")
            fate = link.fate() if report else Fate.PASSES
            if report:
                link.fates[fate] += 1
            return self.meet(fate, body)

        do_POST = do_GET  # noqa: N815 - the name that http.server asks for

        def meet(self, fate: Fate, body: bytes) -> None:
            if fate is Fate.TROUBLE:
                return self.answer(503, {"Content-Type": "text/html"}, b"<title>Sebentar</title>")
            if fate is Fate.STRANGER:
                return self.answer(200, {"Content-Type": "application/json"}, b'{"opened": "selamat datang"}')
            if fate is Fate.HELD_BEFORE:
                self.hold()
            if fate in (Fate.REQUEST_LOST, Fate.HELD_BEFORE):
                return self.lose()
            found = self.ask(body)
            if fate is Fate.HELD_AFTER:
                self.hold()
            if found is None or fate in (Fate.ANSWER_LOST, Fate.HELD_AFTER):
                return self.lose()
            return self.answer(*found)

        def hold(self) -> None:
            link.held.set()
            link.let_go.wait(SECONDS)

        def ask(self, body: bytes) -> tuple[int, dict[str, str], bytes] | None:
            line = http.client.HTTPConnection("127.0.0.1", link.target, timeout=SECONDS)
            headers = {name: value for name, value in self.headers.items() if name.lower() not in PER_HOP}
            try:
                line.request(self.command, self.path, body or None, headers)
                reply = line.getresponse()
                content = reply.read()
            except (OSError, http.client.HTTPException):
                return None
            finally:
                line.close()
            return reply.status, dict(reply.getheaders()), content

        def answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
            with suppress(OSError):  # the browser is gone
                self.send_response_only(status)
                for name, value in headers.items():
                    if name.lower() not in PER_HOP | {"content-length"}:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(content)
            self.close_connection = True

    return Handler


@contextmanager
def weak_link(target: int) -> Iterator[Weak]:
    """A link to the product on a port of this machine."""
    link = Weak(target)
    server = ThreadingHTTPServer(("127.0.0.1", link.port), _handler(link))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(SOON,), daemon=True)
    thread.start()
    try:
        yield link
    finally:
        link.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()

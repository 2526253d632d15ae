"""An agency's own system for tests: a small GeoReport server over real HTTP, that can be away, refuse, be slow to give
numbers, say things, answer with what is no answer (``raw``), and drip (a byte at a time, without end)."""

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import BinaryIO
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from tests.engines.serving import SOON

KEY = "kunci-sistem-contoh"


@dataclass
class LinkedSystem:
    url: str = ""
    letter: str = "R"  # before its numbers
    status: int = 200
    tokens: bool = False
    speaks_updates: bool = True
    requests: list[dict[str, str]] = field(default_factory=list)
    updates: list[dict[str, str]] = field(default_factory=list)
    said: list[dict[str, str]] = field(default_factory=list)
    closed: dict[str, tuple[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    body: bytes | None = None
    raw: bytes | None = None  # all that goes out, in place of an answer
    drip: bytes = b""  # what follows it, again and again, byte by byte
    drip_seconds: float = 0.05
    dripping: int = 0  # how many callers hang here now
    over: threading.Event = field(default_factory=threading.Event)

    def pour(self, out: BinaryIO) -> None:
        """Send ``raw``, then drip until the caller has gone."""
        try:
            out.write(self.raw or b"")
            self.dripping += bool(self.drip)
            for byte in itertools.cycle(self.drip):
                out.write(bytes([byte]))
                if self.over.wait(self.drip_seconds):
                    return
        except OSError:
            pass
        finally:
            self.dripping -= bool(self.drip)

    def say(self, number: str, text: str, status: str = "OPEN", code: str = "", update: str = "") -> None:
        """An update of this system's, for whoever asks."""
        fields = {"service_request_id": number, "update_id": update or str(len(self.said)), "status": status}
        self.said.append({**fields, "description": text, "external_status_code": code})

    def answer(self, method: str, path: str, form: dict[str, str]) -> tuple[int, str]:  # noqa: PLR0911 - a server
        self.asked.append(f"{method} {path}")
        if self.status != 200:
            return self.status, "<errors><error><code>x</code><description>x</description></error></errors>"
        if method == "POST" and form.get("api_key") != KEY:
            return 403, "<errors/>"
        if path.endswith("/requests.xml") and method == "POST":
            if form not in self.requests:
                self.requests.append(form)
            number = f"{self.letter}-{self.requests.index(form) + 1}"
            what = f"<token>T{number}</token>" if self.tokens else f"<service_request_id>{number}</service_request_id>"
            return 200, f"<service_requests><request>{what}</request></service_requests>"
        if "/tokens/" in path:
            number = path.rpartition("/T")[2].removesuffix(".xml")
            inner = "" if self.tokens else f"<service_request_id>{number}</service_request_id>"
            return 200, f"<service_requests><request>{inner}</request></service_requests>"
        if path.endswith("/servicerequestupdates.xml"):
            if not self.speaks_updates:
                return 404, "<errors/>"
            if method == "POST":
                self.updates.append(form)
                return 200, "<service_request_updates/>"
            return 200, _xml("service_request_updates", "request_update", self.said)
        if path.endswith("/requests.xml"):
            wanted = form["service_request_id"].split(",")
            rows = [
                {"service_request_id": n, "status": "closed", "updated_datetime": when, "status_notes": notes}
                for n, (when, notes) in self.closed.items()
                if n in wanted
            ]
            return (200, _xml("service_requests", "request", rows)) if rows else (404, "<errors/>")
        return 404, "<errors/>"


def _xml(root: str, name: str, rows: list[dict[str, str]]) -> str:
    inner = "".join(f"<{name}>{''.join(f'<{k}>{escape(v)}</{k}>' for k, v in row.items())}</{name}>" for row in rows)
    return f"<{root}>{inner}</{root}>"


@contextmanager
def linked_system() -> Iterator[LinkedSystem]:
    """Runs until the block ends."""
    system = LinkedSystem()

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            parts = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode() or parts.query
            if system.raw is not None or system.drip:
                system.asked.append(f"{self.command} {parts.path}")
                system.pour(self.wfile)
                return
            form = {name: values[0] for name, values in parse_qs(raw).items()}
            status, text = system.answer(self.command, parts.path, form)
            body = text.encode() if system.body is None else system.body
            self.send_response(status)
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _do  # noqa: N815 - the base class names them so

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(SOON,))
    thread.start()
    system.url = f"http://127.0.0.1:{server.server_port}/v2"
    try:
        yield system
    finally:
        system.over.set()
        server.shutdown()
        thread.join()
        server.server_close()

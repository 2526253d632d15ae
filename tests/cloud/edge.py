"""The edge as a plain address on this machine, for whoever drives the product from outside: the story, a browser.

What CloudFront does is done by the emulator from our own template: which path goes where, which headers and cookies
pass, the functions, the origin's secret. This only stands where TLS would end, so it takes ``Secure`` off cookies for all but browsers; and
it answers ``/dev/…`` as ``make run`` does, out of the mail that the emulator's SES took.
"""

import json
import threading
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "infra" / "demo"
PASSED_OVER = frozenset({"host", "connection", "content-length", "transfer-encoding"})
SECONDS = 60


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())


@dataclass
class Edge:
    """Where a distribution is reached. ``deliver`` runs the courier, which the schedule would do within a minute."""

    gateway: str
    host: str
    deliver: Callable[[], None]
    url: str = ""
    for_browsers: bool = False  # they take ``Secure`` from 127.0.0.1, and ``__Host-`` without it they do not
    cookies: list[str] = field(default_factory=list)  # as they were set, before ``Secure`` is taken off

    def mails(self) -> list[dict[str, Any]]:
        """What SES took, in the order in which it came."""
        with OPENER.open(f"{self.gateway}/_ministack/ses/messages", timeout=SECONDS) as answer:
            taken = [mail for mails in json.loads(answer.read())["messages"].values() for mail in mails]
        taken.sort(key=lambda mail: float(mail["Timestamp"]))
        return [
            {
                "n": n,
                "channel": "mail",
                "to": ", ".join(mail["To"]),
                "subject": mail["Subject"],
                "text": mail["BodyText"],
                "html": mail["BodyHtml"],
            }
            for n, mail in enumerate(taken, 1)
        ]

    def readable(self) -> str:
        """The same for people, the newest first, with links that lead here."""
        mails = [f"To: {m['to']}\nSubject: {m['subject']}\n\n{m['text']}\n" for m in reversed(self.mails())]
        text = ("-" * 70 + "\n").join(mails) or "No letter has left yet.\n"
        return text.replace(f"https://{self.host}/", f"{self.url}/")


def directory() -> dict[str, Any]:
    """The demonstration's directory, as ``/dev/directory.json`` tells it."""
    told = tomllib.loads((DEMO / "kutai-timur.toml").read_text())
    officers = tomllib.loads((DEMO / "officers.toml").read_text())["officers"]
    return {
        "agencies": [{name: a.get(name) for name in ("code", "name", "kind", "parent")} for a in told["agencies"]],
        "officers": [{name: o[name] for name in ("email", "agency", "role")} for o in officers],
        "topics": [{name: t[name] for name in ("code", "name")} for t in told["topics"]],
        "districts": [{name: d[name] for name in ("code", "name")} for d in told["districts"]],
    }


@contextmanager
def serving(edge: Edge) -> Iterator[Edge]:
    """The edge at an address of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(edge))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    edge.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield edge
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(edge: Edge) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/dev/outbox.json":
                edge.deliver()
                self.answer(200, [("Content-Type", "application/json")], json.dumps(edge.mails()).encode())
            elif self.path == "/dev/outbox":
                edge.deliver()
                self.answer(200, [("Content-Type", "text/plain; charset=utf-8")], edge.readable().encode())
            elif self.path == "/dev/directory.json":
                self.answer(200, [("Content-Type", "application/json")], json.dumps(directory()).encode())
            else:
                self.pass_on()

        def do_POST(self) -> None:
            self.pass_on()

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))) or None
            headers = {name: value for name, value in self.headers.items() if name.lower() not in PASSED_OVER}
            headers |= {"Host": edge.host, "X-Forwarded-Proto": "https"}
            request = urllib.request.Request(edge.gateway + self.path, body, headers, method=self.command)
            try:
                with OPENER.open(request, timeout=SECONDS) as found:
                    self.answer(found.status, found.headers.items(), found.read())
            except urllib.error.HTTPError as found:
                self.answer(found.code, found.headers.items(), found.read())

        def answer(self, status: int, headers: Any, body: bytes) -> None:
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() == "set-cookie":
                    edge.cookies.append(value)
                    self.send_header(name, value if edge.for_browsers else value.replace("; Secure", ""))
                elif name.lower() not in PASSED_OVER:  # a policy names the portal's host, which is this address here
                    self.send_header(name, value.replace(f"https://{edge.host}", edge.url))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
            pass

    return Handler

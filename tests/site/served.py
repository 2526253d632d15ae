"""The frozen portal on a real socket, compressed and with the real headers, and what a visit to it weighs."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from wsgiref.headers import Headers

from werkzeug.serving import make_server
from whitenoise import WhiteNoise

from functions.web.headers import SECURITY
from tests.engines.serving import SOON
from tests.pages import check_page

TIMEOUT_SECONDS = 10


# For modules that a test loads by themselves, without a page that names their hashes.
UNHELD = {name: value for name, value in SECURITY.items() if name != "Integrity-Policy"}


def _nothing(environ, start_response):
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b""]


@contextmanager
def served(folder: Path, app=_nothing, said: Mapping[str, str] = SECURITY) -> Iterator[str]:
    """Serve ``folder``, and ``app`` for what is not in it, at the URL this yields, with the headers ``said``."""

    def add_headers(headers: Headers, path: str, url: str) -> None:
        for name, value in said.items():
            headers[name] = value

    site = WhiteNoise(app, root=folder, index_file=True, max_age=0, add_headers_function=add_headers)
    server = make_server("127.0.0.1", 0, site, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(SOON,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answer(origin: str, path: str) -> tuple[bytes, bytes]:
    """The raw head and the body as they cross the wire for a browser that takes brotli."""
    return _told(origin, f"GET {path}")


def ask(origin: str, path: str, fields: dict[str, str]) -> tuple[bytes, bytes]:
    """Likewise, to a form that such a browser sends."""
    form = urlencode(fields)
    more = f"Accept: text/html\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n"
    return _told(origin, f"POST {path}", more, form)


def _told(origin: str, asked: str, more: str = "", form: str = "") -> tuple[bytes, bytes]:
    host, _, port = origin.removeprefix("http://").partition(":")
    head = f"{asked} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept-Encoding: gzip, br\r\nConnection: close\r\n{more}\r\n"
    with socket.create_connection((host, int(port)), TIMEOUT_SECONDS) as line:
        line.sendall(head.encode() + form.encode())
        raw = b"".join(iter(lambda: line.recv(65536), b""))
    head, _, body = raw.partition(b"\r\n\r\n")
    return head + b"\r\n\r\n", body


def visit(origin: str, path: str, html: str) -> dict[str, tuple[bytes, bytes]]:
    """Every request a first visit to ``path`` makes, by path."""
    root = check_page(html)
    loads = [e.get("src", "") for e in root.iter() if e.tag in ("script", "img", "iframe", "source")]
    loads += [e.get("href", "") for e in root.iter("link") if not e.get("href", "").startswith("data:")]
    return {address: answer(origin, address) for address in (path, *loads)}

"""Requests with two ends, several on one line, half closed or broken off: straight at the server that all doors share.
The same through nginx: ``tests/office/test_nginx.py``."""

import json
import socket
from contextlib import suppress

import pytest

from functions.local.connections import Server
from functions.web.layout import asset
from tests.local.test_connections import port, serving
from tests.pages import check_page

HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
CHUNKED, SIX = b"Transfer-Encoding: chunked\r\n", b"Content-Length: 6\r\n"
TWO_ENDS = {
    "a length, then chunks": SIX + CHUNKED,
    "chunks, then a length": CHUNKED + SIX,
    "two lengths": SIX + b"Content-Length: 60\r\n",
    "a length with a sign": b"Content-Length: +6\r\n",
    "a blank before the colon": b"Transfer-Encoding : chunked\r\n" + SIX,
    "chunks that are none": b"Transfer-Encoding: xchunked\r\n" + SIX,
    "chunks, then nothing": CHUNKED + b"Transfer-Encoding: identity\r\n",
    "in capitals, after a tab": b"TRANSFER-ENCODING:\tchunked\r\n" + SIX,
}


def said(server: Server, raw: bytes, *, half: bool = False) -> bytes:
    """All that comes back until the other side closes."""
    found = b""
    with socket.create_connection(("127.0.0.1", port(server)), timeout=30) as line, suppress(OSError):
        line.sendall(raw)
        if half:
            line.shutdown(socket.SHUT_WR)
        while piece := line.recv(65536):
            found += piece
    return found


@pytest.mark.parametrize("half", [False, True], ids=["open", "half closed"])
@pytest.mark.parametrize("lines", TWO_ENDS.values(), ids=TWO_ENDS.keys())
def test_a_request_with_two_ends_is_refused_and_nothing_after_it_is_read(lines: bytes, half: bool) -> None:
    with serving() as (server, seen):
        raw = b"POST /api/reports HTTP/1.1\r\nHost: 127.0.0.1\r\n" + lines + b"\r\n0\r\n\r\n\r\n" + HIDDEN
        answer = said(server, raw, half=half)
        old = said(server, b"POST /api/reports HTTP/1.0\r\n" + CHUNKED + SIX + b"\r\n0\r\n\r\n\r\n", half=half)
        assert seen == []
    for each in (answer, old):
        assert each.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400", b"HTTP/1.1 501")), each
        assert each.count(b"HTTP/1.") == 1
        assert b"waitress" not in each.lower()


def test_several_on_one_line_are_answered_in_their_order_also_half_closed() -> None:
    with serving() as (server, seen):
        raw = b"".join(f"GET /{n} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() for n in range(3))
        assert said(server, raw, half=True).count(b"HTTP/1.1 200") == 3
        assert [each["PATH_INFO"] for each in seen] == ["/0", "/1", "/2"]


def test_of_a_body_that_ends_early_nothing_reaches_a_door() -> None:
    with serving() as (server, seen):
        assert said(server, b"POST /api/reports HTTP/1.1\r\nContent-Length: 99\r\n\r\n{", half=True) == b""
        assert said(server, b"POST /api/reports HTTP/1.1\r\n" + CHUNKED + b"\r\n9\r\n{", half=True) == b""
        assert seen == []


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"POST /api/reports HTTP/1.1\r\nContent-Length: 99999999\r\n", 413, "too_large"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 20_000 + b"\r\n", 431, "bad_request"),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n", 400, "bad_request"),
    ],
)
def test_what_the_server_refuses_by_itself_is_said_in_our_words(raw: bytes, status: int, code: str) -> None:
    with serving() as (server, _):
        head, _, page = said(server, raw + b"\r\n").partition(b"\r\n\r\n")
        assert f" {status} ".encode() in head.splitlines()[0]
        assert b"Cache-Control: no-store" in head
        root = check_page(page.decode())
        assert [each.get("lang") for each in root.iter("p")] == [None, "en", None]
        assert [each.get("href") for each in root.iter("a")] == ["/"], "no way on"
        assert [each.get("href") for each in root.iter("link")] == [asset("lapor.css")], "bare, and white at night"
        if status != 431:  # whose head was not read
            head, _, body = said(server, raw + b"Accept: application/json\r\n\r\n").partition(b"\r\n\r\n")
            assert b"application/problem+json" in head
            assert (json.loads(body)["status"], json.loads(body)["code"]) == (status, code)

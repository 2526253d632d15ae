"""Calls to other systems: whatever a server does, a call ends, in bounds, with an answer or with the one error."""

import gzip
import socket
from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path

import pytest

from functions.delivery import bounded_call, open311
from functions.delivery.bounded_call import HEAD_BYTES, OK, CallError, call
from functions.delivery.interface import DeliveryError, Text
from functions.delivery.open311 import System
from functions.delivery.sms import HttpTexter
from tests.linked_system import LinkedSystem, linked_system

HEAD = b"HTTP/1.1 200 OK\r\n"
STRANGE = {
    "no status line": b"XYZ\r\n\r\n",
    "nothing": b"",
    "a status that is no number": b"HTTP/1.1 ok OK\r\n\r\n",
    "less than it says": HEAD + b"Content-Length: 100\r\n\r\nabc",
    "a length that is no number": HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n",
    "too many headers": HEAD + b"".join(b"X-%d: a\r\n" % n for n in range(200)) + b"\r\n",
    "a header without end": HEAD + b"X: " + b"a" * 70_000 + b"\r\n\r\n",
    "continue without end": b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000,
    "HTTP/0.9": b"<a/>",
}
DRIPS = {
    "before the status": b"",
    "in the status": b"HTTP/1.1 ",
    "in a header": HEAD + b"X: ",
    "between headers": HEAD,
    "in the body": HEAD + b"Content-Length: 2000000\r\n\r\n<a>",
    "in a body without a length": HEAD + b"\r\n<a>",
    "in chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
}


def whole(body: bytes) -> bytes:
    """A whole answer."""
    return HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body


@pytest.fixture
def system() -> Iterator[LinkedSystem]:
    with linked_system() as running:
        yield running


@pytest.mark.parametrize("name", STRANGE)
def test_what_is_no_answer_is_the_one_error(system: LinkedSystem, name: str) -> None:
    system.raw = STRANGE[name]
    with pytest.raises(CallError) as raised:
        call(system.url, most=1000)
    assert (raised.value.status, raised.value.lasting, raised.value.slow) == (0, False, False)
    with pytest.raises(DeliveryError, match="open311_unreachable"):
        list(open311.states(System(system.url, "k"), ["R-1"]))
    with pytest.raises(DeliveryError, match="sms_unreachable"):
        HttpTexter(system.url).send(Text("+6281200000017", "Halo", "a" * 32))


@pytest.mark.parametrize("name", DRIPS)
def test_a_drip_ends_with_the_time_of_the_call(
    system: LinkedSystem, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte comes well within a time-out for one read."""
    monkeypatch.setattr(bounded_call, "CALL_SECONDS", 0.3)
    system.raw, system.drip = DRIPS[name], b"1\r\na\r\n" if name == "in chunks" else b"a"
    with pytest.raises(CallError) as raised:
        call(system.url, b"a=b", most=2_000_000)
    assert raised.value.slow


def test_all_addresses_of_a_host_share_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred addresses that swallow all: each would take a whole time-out."""
    seconds, tried = iter(range(1000)), []

    def swallow(address: tuple[str, int], timeout: float) -> socket.socket:
        tried.append((address, timeout))
        raise TimeoutError

    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"192.0.2.{n}", 80)) for n in range(100)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", swallow)
    with pytest.raises(CallError) as raised:
        call("http://lapor.example.id/v2", most=10, clock=lambda: float(next(seconds)))
    assert raised.value.slow
    assert 1 < len(tried) < 10


def test_a_connection_that_stands_too_late_is_closed(system: LinkedSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not left to the collector, which says so in a warning: a courier that is slow would gather them."""
    made: list[socket.socket] = []
    connect = socket.create_connection
    monkeypatch.setattr(socket, "create_connection", lambda *given: made.append(connect(*given)) or made[-1])
    ticks = chain(repeat(0.0, 3), repeat(bounded_call.CALL_SECONDS + 1.0))  # the start, and twice before it connects
    with pytest.raises(CallError) as raised:
        call(system.url, most=100, clock=lambda: next(ticks))
    assert raised.value.slow
    assert [each.fileno() for each in made] == [-1]


def test_an_answer_is_as_long_as_it_may_be_and_no_longer(system: LinkedSystem) -> None:
    system.raw = whole(b"x" * 1000)
    assert call(system.url, most=1000) == b"x" * 1000
    with pytest.raises(CallError) as raised:
        call(system.url, most=999)
    assert raised.value.status == OK
    system.raw = HEAD + b"\r\n" + b"x" * (HEAD_BYTES + 3_000_000)
    with pytest.raises(CallError) as raised:
        call(system.url, most=1000)
    assert not raised.value.slow


def test_nothing_is_decompressed(system: LinkedSystem) -> None:
    bomb = gzip.compress(b"<a>" + b" " * 20_000_000)
    system.raw = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb) + bomb
    assert call(system.url, most=100_000) == bomb
    with pytest.raises(DeliveryError, match="open311_strange"):
        list(open311.states(System(system.url, "k"), ["R-1"]))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_itself_is_asked_once(system: LinkedSystem, status: int) -> None:
    system.raw = f"HTTP/1.1 {status} Moved\r\nLocation: {system.url}\r\nContent-Length: 0\r\n\r\n".encode()
    with pytest.raises(CallError) as raised:
        call(system.url, most=10)
    assert (raised.value.status, raised.value.lasting) == (status, False)
    assert len(system.asked) == 1


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1/a", "data:,a", "http:", "http://[::1", ""])
def test_nothing_but_http_is_opened(url: str) -> None:
    with pytest.raises(CallError):
        call(url, most=100)


@pytest.mark.parametrize("encoding", ["klingon", "utf-7", "base64", "utf-32", "idna"])
def test_an_encoding_that_xml_does_not_know_is_strange(system: LinkedSystem, encoding: str) -> None:
    system.raw = whole(f'<?xml version="1.0" encoding="{encoding}"?><service_requests/>'.encode())
    with pytest.raises(DeliveryError, match="open311_strange"):
        list(open311.states(System(system.url, "k"), ["R-1"]))


def test_a_number_longer_than_any_is_strange(system: LinkedSystem) -> None:
    number = "9" * 100_000
    system.raw = whole(f"<r><request><service_request_id>{number}</service_request_id></request></r>".encode())
    with pytest.raises(DeliveryError, match="open311_strange"):
        open311.ask(System(system.url, "k"), {})


def test_a_handshake_that_stalls_ends_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_call, "CALL_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(CallError) as raised:
        call(f"https://127.0.0.1:{server.getsockname()[1]}/", most=10)
    assert raised.value.slow

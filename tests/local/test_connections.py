"""The server of the portal's process: who gives way where connections or memory get short, and which body is kept."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest
from waitress.channel import HTTPChannel

from functions.edge.request_filter import REFUSED_KEY
from functions.local import connections
from functions.local.connections import LARGE_TOTAL_BYTES, MIB, Server, most_bytes
from tests.lines import head, line_to
from tests.server import free_port, wait_for


@contextmanager
def serving(port: int = 0, *, connections_: int = 8) -> Iterator[tuple[Server, list[dict[str, Any]]]]:
    """The server alone, and what each request was to the app."""
    seen: list[dict[str, Any]] = []

    def app(environ, start_response):
        seen.append({**environ, "body": environ["wsgi.input"].read()})
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    server = Server(app, port or free_port(), connections=connections_, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server, seen
    finally:
        server.end()
        thread.join(20)
        server.task_dispatcher.shutdown()
        server.close()


def test_a_loop_that_others_wake_first_is_not_closed_while_it_is_being_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """What ends it was put down already. The end's own write then met a closed pipe, and a clean end said CRITICAL."""
    server = Server(lambda *_: [], free_port(), connections=8, threads=1)
    loop = threading.Thread(target=server.run, daemon=True)
    closing = threading.Thread(target=lambda: (loop.join(20), server.close()))
    wake = server.trigger._physical_pull

    def late() -> None:
        wake()  # as an answer that is done just then
        loop.join(20)
        closing.start()
        closing.join(0.2)
        wake()

    monkeypatch.setattr(server.trigger, "_physical_pull", late)
    loop.start()
    server.end()
    closing.join(20)
    assert [thread.is_alive() for thread in (loop, closing)] == [False, False]
    server.end()  # a signal that comes later still
    server.task_dispatcher.shutdown()


def port(server: Server) -> int:
    return int(server.effective_port)


def test_the_slowest_gives_way_and_not_the_newest() -> None:
    with serving() as (server, _), ExitStack() as lines:
        slow = lines.enter_context(line_to(port(server), b"G"))
        time.sleep(0.5)
        fast = [lines.enter_context(line_to(port(server), b"GET / HTTP/1.1\r\n")) for _ in range(7)]
        assert wait_for(lambda: len(server.active_channels) == 8)
        newest = lines.enter_context(line_to(port(server), b"GET / HTTP/1.1\r\n\r\n"))
        assert newest.recv(100).startswith(b"HTTP/1.1 200")
        assert slow.recv(1) == b""
        for line in fast:
            line.sendall(b"\r\n")
            assert line.recv(100).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "start", [b"GET / HTTP/1.1\r\n", head("/api/reports", 5000), head("/api/thread/files", 5 * MIB)]
)
def test_a_request_that_drips_has_an_end(start: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte renews waitress's own time-out."""
    monkeypatch.setattr(connections, "PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr(connections, "LOOK_SECONDS", 0)
    with serving() as (server, seen), line_to(port(server), start) as line:
        for _ in range(300):
            try:
                line.sendall(b"a")
            except OSError:
                break
            time.sleep(0.05)
        else:
            pytest.fail("it drips on")
        assert wait_for(lambda: not server.active_channels)
        assert seen == []


def test_an_answer_that_is_read_in_drips_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr(connections, "LOOK_SECONDS", 0)

    with serving() as (server, _), line_to(port(server)) as line:
        server.application = lambda environ, start: (start("200 OK", []), [b"x" * 12 * MIB])[1]
        line.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert wait_for(lambda: server.active_channels)
        assert line.recv(1) == b"H"
        monkeypatch.setattr(connections, "LEAST_BYTES_A_SECOND", 100 * MIB)
        assert wait_for(lambda: not server.active_channels)


GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def answering(server: Server, body: bytes) -> list[str]:
    """Let the app answer so; returns the paths that it is asked for."""
    asked: list[str] = []

    def app(environ, start_response):
        asked.append(environ["PATH_INFO"])
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    server.application = app
    return asked


def test_answers_that_nobody_reads_hold_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests sent ahead on one line, and not a byte read: each line held a thread for good, so 48 closed all doors."""
    monkeypatch.setattr(connections, "LOOK_SECONDS", 0)
    monkeypatch.setattr(connections, "IDLE_SECONDS", 1)
    with serving() as (server, _), ExitStack() as lines:
        asked = answering(server, b"x" * 12 * MIB)
        for _ in range(2):  # as many as threads; two answers are more than waitress keeps of one line
            lines.enter_context(line_to(port(server), GET * 5))
        assert wait_for(lambda: len(asked) == 4)
        time.sleep(0.5)  # until the threads wait

        def answered() -> bool:
            with line_to(port(server), GET) as honest:  # on a loaded machine it may seem idle, and is closed: once more
                honest.settimeout(30)
                return honest.recv(100).startswith(b"HTTP/1.1 200")

        assert wait_for(answered)


def test_more_requests_than_a_browser_sends_ahead_end_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    many, received = 200, HTTPChannel.received  # in one read

    def slowly(channel: HTTPChannel, data: bytes) -> bool:
        taken: bool = received(channel, data)
        time.sleep(0.5)  # the loop loses the processor, and threads could answer them all
        return taken

    monkeypatch.setattr(HTTPChannel, "received", slowly)
    with serving() as (server, seen), line_to(port(server), GET * connections.PIPELINED) as few:
        assert wait_for(lambda: len(seen) == connections.PIPELINED)
        few.close()
        with line_to(port(server), GET * many) as line, suppress(ConnectionResetError):
            while line.recv(65536):
                pass
        assert len(seen) < many // 2


def test_all_answers_together_have_a_bound_and_the_slowest_readers_give_way() -> None:
    with serving(connections_=200) as (server, _), ExitStack() as lines:
        asked = answering(server, b"x" * 6 * MIB)
        for _ in range(30):
            lines.enter_context(line_to(port(server), GET))
        assert wait_for(lambda: len(asked) == 30)
        assert wait_for(lambda: not any(each.requests for each in tuple(server.active_channels.values())))

        def held() -> int:
            return sum(each.unread() for each in tuple(server.active_channels.values()))

        # Both threads may look at once, each before the other's answer is there: who gives way is found at the next look.
        assert wait_for(lambda: 6 * MIB < held() <= connections.ANSWERS_BYTES + 6 * MIB), held()
        with line_to(port(server), GET) as honest:
            honest.settimeout(30)
            got = 0
            while got < 6 * MIB:
                piece = honest.recv(MIB)
                assert piece
                got += len(piece)
        assert wait_for(lambda: held() <= connections.ANSWERS_BYTES), held()


def test_a_body_is_refused_by_length_and_path_before_it_is_kept() -> None:
    with serving() as (server, seen):
        for path in (
            "/",
            "/api/reports",
            "/api/thread",
            "/api/thread/files",
            "/api/clean",
            "//api/thread/files",
            "/desk/x",
        ):
            for more, refused in ((0, ""), (1, "too_large")):
                length = most_bytes("/" + path.lstrip("/")) + more
                with line_to(port(server), head(path, length), b"x" * length, patience=30) as line:
                    assert line.recv(100).startswith(b"HTTP/1.1 200"), path
                environ = seen.pop()
                assert environ[REFUSED_KEY] == refused
                assert len(environ["body"]) == (0 if refused else length)
        assert {most_bytes(path) for path in ("/api/reports", "/api/sms", "/", "/custody/x")} == {MIB}


def test_a_body_in_chunks_counts_as_it_comes() -> None:
    start = b"POST /api/reports HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with serving() as (server, seen), line_to(port(server), start, *[chunk] * 40) as line:
        assert wait_for(lambda: seen)
        assert seen[0][REFUSED_KEY] == "too_large"
        assert wait_for(lambda: not server.active_channels)
        line.close()


def test_large_bodies_wait_for_room_and_slow_ones_make_it() -> None:
    """A client's header cannot say that a body was refused, and cannot say that it was not."""
    length = 6 * MIB
    fits = LARGE_TOTAL_BYTES // length
    sent = head("/api/thread/files", length)[:-2] + b"lapor.refused: \r\nlapor-refused: \r\n\r\n"
    with serving(connections_=100) as (server, seen), ExitStack() as lines:
        for _ in range(fits):
            lines.enter_context(line_to(port(server), sent, b"x" * (length - 1)))
        assert wait_for(lambda: len(server.active_channels) == fits)
        with line_to(port(server), sent, b"x" * length, patience=30) as line:
            assert line.recv(100).startswith(b"HTTP/1.1 200")
        assert seen.pop()[REFUSED_KEY] == "busy"
        for channel in server.active_channels.values():
            channel.since -= connections.PATIENCE_SECONDS + 1  # they had their time
        with line_to(port(server), sent, b"x" * length, patience=30) as line:
            assert line.recv(100).startswith(b"HTTP/1.1 200")
        assert seen.pop()[REFUSED_KEY] == ""
        assert wait_for(lambda: len(server.active_channels) == fits - 1)


def test_no_two_servers_of_a_test_are_given_one_port() -> None:
    """Of three at random nginx once had two on one port, in a run of 150."""
    ports = [free_port() for _ in range(300)]
    assert len(set(ports)) == len(ports)

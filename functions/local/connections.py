"""The HTTP server of the portal's process: waitress, with limits that one visitor's slow or many connections cannot use
up for all.

Where connections or memory get short, the slowest gives way, not the newest. A body is refused by its announced length
and its path, before any of it is kept in memory. An answer that nobody reads holds no thread, and all answers in memory
have a bound.

Tests: ``tests/local/test_connections.py``, ``tests/whole/test_floods.py``.
"""

import socket
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from waitress.adjustments import Adjustments
from waitress.buffers import OverflowableBuffer, ReadOnlyFileBasedBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import FixedStreamReceiver
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask

from functions.edge.request_filter import REFUSED_KEY
from functions.local.refusals import Refusal, check_framing
from functions.web.forms import FORM_MAX_BYTES, UPLOAD_MAX_BYTES

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MIB: Final = 1024 * 1024
MEMORY_BYTES: Final = 16 * MIB
HEAD_BYTES: Final = 16 * 1024
SMALL_BYTES: Final = 256 * 1024  # a report of the longest words, percent-encoded
LARGE_TOTAL_BYTES: Final = 30 * MIB  # five of the largest uploads
TOTAL_BYTES: Final = 48 * MIB
ANSWERS_BYTES: Final = 64 * MIB  # that wait for their readers; ten of the largest files
KERNEL_BYTES: Final = 128 * 1024  # of an answer, beyond ours; Linux takes twice that, and by itself some megabytes
PIPELINED: Final = 8  # requests sent ahead on one line; no browser does that
# A request may take this long, and longer as long as it moves this much on average. GPRS moves more.
PATIENCE_SECONDS: Final = 30
LEAST_BYTES_A_SECOND: Final = 1000
IDLE_SECONDS: Final = 60
LOOK_SECONDS: Final = 5
SPARE: Final = 50  # above the limit, where nothing can give way since all are being answered
UPLOADS: Final = ("/api/clean", "/api/thread/files", "/desk/")


class Server(TcpWSGIServer):  # type: ignore[misc]  # waitress has no types
    """A waitress server with its own threads and at most about ``connections`` connections at a time."""

    def __init__(self, app: "WSGIApplication", port: int, *, connections: int, **pool: Any) -> None:
        self.connections, self.sockets = connections, dict[int, object]()
        self.waking, self.is_closed = threading.Lock(), False
        self.channel_class = Channel
        adjusted = Adjustments(
            host="127.0.0.1",
            port=port,
            ident=None,
            connection_limit=connections + SPARE,
            asyncore_use_poll=True,  # select() knows no descriptor from 1,024 on
            max_request_header_size=HEAD_BYTES,
            max_request_body_size=MEMORY_BYTES,
            inbuf_overflow=MEMORY_BYTES,  # beyond this waitress would spool bodies, unsealed, to a file
            outbuf_overflow=MEMORY_BYTES,
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=LOOK_SECONDS,
            **pool,
        )
        super().__init__(app, map=self.sockets, adj=adjusted)

    def end(self) -> None:
        """End the loop, from any thread. It goes on for as long as it has a socket; others may wake it first."""
        with self.waking:
            if not self.is_closed:
                self.trigger.pull_trigger(self.sockets.clear)

    def close(self) -> None:
        """Close the listener and every connection, once the loop has ended, and with it whoever ends it."""
        with self.waking:
            self.is_closed = True
        for channel in tuple(self.active_channels.values()):
            channel.handle_close()
        super().close()

    def set_socket_options(self, conn: socket.socket) -> None:
        """Bound what the kernel keeps of an answer: it outlives a line that is closed unread."""
        super().set_socket_options(conn)
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)

    def handle_accept(self) -> None:
        """Take a connection; near the limit the slowest gives way to it."""
        standing = [channel for channel in self.active_channels.values() if not channel.will_close]
        if len(standing) >= self.connections:
            _close_slowest(standing)
        super().handle_accept()

    def maintenance(self, now: float) -> None:
        """Close what is idle (waitress), and requests and answers that move too slowly as a whole."""
        super().maintenance(now)
        for channel in self.active_channels.values():
            if channel.is_late(now):
                channel.end()


class Task(WSGITask):  # type: ignore[misc]
    """Tells the app of a body that was not kept. No header of a client can say so."""

    def get_environment(self) -> dict[str, Any]:
        """Return the WSGI environ, with why the body was refused, or ""."""
        environ: dict[str, Any] = super().get_environment()
        environ[REFUSED_KEY] = self.request.refused
        return environ


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that knows how many bytes its present request and answer have moved, since when."""

    task_class = Task
    error_task_class = Refusal

    def __init__(self, server: Server, *arguments: Any, **more: Any) -> None:
        super().__init__(server, *arguments, **more)
        self.parser_class = partial(Request, server)
        self.requests_lock = threading.RLock()
        self.since, self.moved = self.creation_time, 0

    def received(self, data: bytes) -> bool:
        """Take bytes from the client."""
        if self.request is None and not self.requests:
            self.since, self.moved = time.time(), 0
        self.moved += len(data)
        with self.requests_lock:  # or threads would answer them, between waitress's hold of it and the count
            taken = bool(super().received(data))
            if len(self.requests) > PIPELINED:
                del self.requests[1:]  # the first is in a thread's hand
                self.end()
        return taken

    def write_soon(self, data: Any) -> int:
        """Queue a piece of an answer, from a thread of a door; the slowest readers of all give way to it."""
        if not self.total_outbufs_len:
            self.since, self.moved = time.time(), 0
        if data and not isinstance(data, ReadOnlyFileBasedBuffer):
            _make_room_for_answer(self.server, len(data))
        return int(super().write_soon(data))

    def send(self, data: bytes, do_close: bool = True) -> int:  # noqa: FBT001, FBT002 - waitress's signature
        """Send bytes to the client; return how many it took."""
        sent: int = super().send(data, do_close=do_close)
        self.moved += sent
        return sent

    def in_memory(self) -> "list[Request]":
        """Return its requests that are in memory, whole or in part."""
        return [each for each in (self.request, *self.requests) if each is not None and not self.will_close]

    def unread(self) -> int:
        """Return the bytes of its answers that are in memory. Files of the portal are read as they leave."""
        return sum(len(each) for each in tuple(self.outbufs) if not isinstance(each, ReadOnlyFileBasedBuffer))

    def bytes_a_second(self, now: float) -> float:
        """Return the average of the present request and answer. One that is new counts as fast."""
        is_idle = self.request is None and not self.total_outbufs_len
        since, moved = (self.last_activity, 0) if is_idle else (self.since, self.moved)
        return float((moved + 1) / max(now - since, 0.001))

    def end(self) -> None:
        """Have the loop close it, whose descriptor must not become another's within a round. Shut down, it is ready at
        once, also where a client that reads nothing kept it from being written to."""
        self.will_close = True
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def gives_way(self, now: float) -> bool:
        """Tell whether it had its time, or is too slow on average."""
        return now - self.since > PATIENCE_SECONDS or self.bytes_a_second(now) < LEAST_BYTES_A_SECOND

    def is_late(self, now: float) -> bool:
        """Tell whether a request that is being sent, or an answer that is being read, is too slow as a whole, or an
        answer is not read at all. waitress waits without end where more requests stand behind it."""
        if self.total_outbufs_len and now - self.last_activity > IDLE_SECONDS:
            return True
        waits_for_client = self.total_outbufs_len or (self.request is not None and not self.requests)
        patient = now - self.since <= PATIENCE_SECONDS
        return bool(waits_for_client and not patient and self.bytes_a_second(now) < LEAST_BYTES_A_SECOND)


class Request(HTTPRequestParser):  # type: ignore[misc]
    """A request whose body is kept only if its path takes so much and there is memory for it.

    ``refused`` is "" or a problem's code. Such a body is read and dropped: a browser that is still sending would not
    see an early answer.
    """

    def __init__(self, server: Server, adjusted: Adjustments) -> None:
        super().__init__(adjusted)
        self._server = server
        self.body_rcv: Any = None
        self.refused = ""
        self.most = 0
        self.kept = 0

    def parse_header(self, header_plus: bytes) -> None:
        """Parse the head, and decide about the body that follows."""
        super().parse_header(header_plus)
        check_framing(self)
        if self.body_rcv is None:
            return
        self.most = most_bytes("/" + self.path.lstrip("/"))
        wanted = self.most if self.chunked else self.content_length
        self.refused = "too_large" if wanted > self.most else _make_room(self._server, wanted)
        self.kept = 0 if self.refused else wanted
        if self.refused and self.chunked:
            self._end("busy")
        elif self.refused:
            self.body_rcv = FixedStreamReceiver(self.content_length, _Nowhere(0))

    def received(self, data: bytes) -> int:
        """Take bytes; return how many belonged to this request."""
        used: int = super().received(data)
        if self.chunked and not self.completed and self.body_bytes_received > self.most:
            self._end("too_large")
        return used

    def _end(self, refused: str) -> None:
        """Answer now: nobody knows how long a chunked body still is."""
        self.refused, self.kept, self.completed = refused, 0, True
        self.headers["CONNECTION"] = "close"
        self.body_rcv = None


class _Nowhere(OverflowableBuffer):  # type: ignore[misc]
    def append(self, data: bytes) -> None:
        """Keep nothing."""


def most_bytes(path: str) -> int:
    """Return how long a body may be at a path."""
    return UPLOAD_MAX_BYTES if path.startswith(UPLOADS) else FORM_MAX_BYTES


def _make_room(server: Server, wanted: int) -> str:
    """Let the slowest bodies give way until there is memory for another. Return "busy" if a large one finds none."""
    is_large = wanted > SMALL_BYTES
    now, most = time.time(), LARGE_TOTAL_BYTES if is_large else TOTAL_BYTES
    held = {channel: sum(each.kept for each in channel.in_memory()) for channel in server.active_channels.values()}
    held = {channel: size for channel, size in held.items() if size > (SMALL_BYTES if is_large else 0)}
    while sum(held.values()) + wanted > most:
        closed = _close_slowest([channel for channel in held if not is_large or channel.gives_way(now)])
        if closed is None:
            return "busy" if is_large else ""
        del held[closed]
    return ""


def _make_room_for_answer(server: Server, wanted: int) -> None:
    """Let the slowest readers give way until there is memory for another piece of an answer."""
    now = time.time()
    read = [each for each in tuple(server.active_channels.values()) if each.total_outbufs_len and not each.will_close]
    unread = {channel: channel.unread() for channel in read}
    slowest = sorted(unread, key=lambda channel: channel.bytes_a_second(now))
    while slowest and sum(unread.values()) + wanted > ANSWERS_BYTES:
        channel = slowest.pop(0)
        channel.end()
        del unread[channel]


def _close_slowest(channels: Iterable[Channel]) -> Channel | None:
    """Close the slowest of those that nobody is answering, and return it."""
    now = time.time()
    waiting = [channel for channel in channels if not channel.requests]
    slowest = min(waiting, key=lambda channel: channel.bytes_a_second(now), default=None)
    if slowest is not None:
        slowest.end()
    return slowest

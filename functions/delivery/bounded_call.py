"""Calls to other systems, bounded in time and bytes: reports, numbers and words go only where ops said.

A server may drip, stall, send without end, redirect in circles, or answer what is no HTTP. None of it holds the caller
for longer than ``CALL_SECONDS`` or reaches it as anything but a ``CallError``. ``urllib`` and ``urllib3`` bound each
read alone, so that one byte a second passes their time-outs for hours. Nothing is decompressed: no encoding is offered.
"""

import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPSConnection
from io import BufferedReader, RawIOBase
from typing import Any

CALL_SECONDS = 10  # connecting, head and body together
HEAD_BYTES = 64 * 1024
OK, REFUSED, TOO_MANY, SERVER_FAULT = 200, 400, 429, 500


class CallError(Exception):
    """A call that brought no answer. ``status`` is the server's, 0 if there is none, OK if the answer is too long.
    ``slow``: all the time of a call is used up."""

    def __init__(self, status: int = 0, *, slow: bool = False) -> None:
        self.status, self.slow = status, slow
        super().__init__(f"status {status}")

    @property
    def lasting(self) -> bool:
        """Whether another try is no use: 4xx but 429."""
        return REFUSED <= self.status < SERVER_FAULT and self.status != TOO_MANY


@dataclass(slots=True)
class Limit:
    """What is left of a call: seconds until ``until`` on ``clock``, and ``room`` in bytes."""

    clock: Callable[[], float]
    until: float
    room: int

    @property
    def over(self) -> bool:
        """Whether the time is used up."""
        return self.clock() >= self.until

    def left(self) -> float:
        """Return the seconds that are left. Raises TimeoutError if there are none."""
        if self.over:
            raise TimeoutError
        return self.until - self.clock()

    def take(self, count: int) -> int:
        """Count bytes that came and return how many. Raises ValueError beyond the room."""
        self.room -= count
        if self.room < 0:
            raise ValueError("more bytes than an answer may have")
        return count


def call(
    url: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    *,
    most: int,
    clock: Callable[[], float] = time.monotonic,
) -> bytes:
    """GET, or POST a body, and return an answer of at most ``most`` bytes. Raises CallError, and nothing else."""
    limit = Limit(clock, clock() + CALL_SECONDS, most + HEAD_BYTES)
    try:
        opener = urllib.request.OpenerDirector()  # with neither files, FTP nor redirects
        processors = (urllib.request.HTTPErrorProcessor(), urllib.request.HTTPDefaultErrorHandler())
        for handler in (urllib.request.ProxyHandler(), _Handler(limit), *processors):
            opener.add_handler(handler)
        request = urllib.request.Request(url, body, headers or {})  # noqa: S310 - see the line above
        with opener.open(request, timeout=CALL_SECONDS) as answer:
            content: bytes = answer.read(most + 1)
            missing = answer.length
    except urllib.error.HTTPError as error:
        error.close()
        raise CallError(error.code, slow=limit.over) from None
    except Exception:  # noqa: BLE001 - what a foreign server provokes has no list: HTTPException, OSError, LookupError …
        raise CallError(slow=limit.over) from None
    if len(content) > most:
        raise CallError(OK)
    if missing:  # the connection ended before the body: ``read`` with a size does not tell
        raise CallError
    return content


@dataclass(slots=True)
class _Bounded:
    """A connected socket as ``http.client`` uses it: each read and write ends with the call's time, and counts."""

    sock: socket.socket
    limit: Limit
    read: bool = False

    def sendall(self, content: Any) -> None:
        view = memoryview(content)
        while view:
            self.sock.settimeout(self.limit.left())
            view = view[self.sock.send(view) :]

    def makefile(self, *_: object, **__: object) -> BufferedReader:
        self.read = True
        return BufferedReader(_Reader(self.sock, self.limit))

    def close(self) -> None:
        if not self.read:  # else its reader closes it: ``http.client`` lets go of the socket before it reads the body
            self.sock.close()


class _Reader(RawIOBase):
    def __init__(self, sock: socket.socket, limit: Limit) -> None:
        self._sock, self._limit = sock, limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._limit.left())
        return self._limit.take(self._sock.recv_into(buffer))

    def close(self) -> None:
        self._sock.close()
        super().close()


def _reach(limit: Limit, address: tuple[str, int], *_: object) -> socket.socket:
    """Connect to the first address of a host that answers; all share the call's time. Raises OSError."""
    for found in socket.getaddrinfo(*address, type=socket.SOCK_STREAM):
        try:
            reached = socket.create_connection((str(found[4][0]), address[1]), limit.left())
        except OSError:
            continue
        try:
            reached.settimeout(limit.left())  # a TLS handshake has one time-out as a whole
        except TimeoutError:
            reached.close()
            raise
        return reached
    raise ConnectionError


class _Plain(HTTPConnection):
    def __init__(self, host: str, *, timeout: float, limit: Limit) -> None:
        super().__init__(host, timeout=timeout)
        self._limit, self._create_connection = limit, partial(_reach, limit)  # the base class connects by it

    def connect(self) -> None:
        super().connect()
        self.sock: Any = _Bounded(self.sock, self._limit)


class _Secure(HTTPSConnection):
    def __init__(self, host: str, *, timeout: float, limit: Limit) -> None:
        super().__init__(host, timeout=timeout)
        self._limit, self._create_connection = limit, partial(_reach, limit)

    def connect(self) -> None:
        super().connect()
        self.sock: Any = _Bounded(self.sock, self._limit)


class _Handler(urllib.request.AbstractHTTPHandler):
    http_request = https_request = urllib.request.AbstractHTTPHandler.do_request_

    def __init__(self, limit: Limit) -> None:
        super().__init__()
        self._limit = limit

    def http_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(_Plain, request, limit=self._limit)  # type: ignore[arg-type]  # typeshed wants a factory of positions

    def https_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(_Secure, request, limit=self._limit)  # type: ignore[arg-type]

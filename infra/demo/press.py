"""The barometer's counts and editions, made in a copy of this process while the year goes on.

A fork shares the store in memory until one side writes, so nothing is copied beforehand and nothing is sent over but
what came out. Only the copy's engine is used there: it is a database without a file, which nothing else has open.
"""

from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection

from functions.storage.interface import Register

Counting = Callable[[], Sequence[Register]]


class Press:
    """One counting at a time. What it wrote is taken before the next begins, since that one builds on it."""

    def __init__(self) -> None:
        self._context = get_context("fork")
        self._line: Connection | None = None

    def begin(self, counting: Counting) -> None:
        """Start a counting on the store as it stands now. Raises ValueError while another one goes on."""
        if self._line:
            raise ValueError("what was begun was not taken yet")
        self._line, other = self._context.Pipe(duplex=False)
        self._context.Process(target=_send, args=(counting, other), daemon=True).start()
        other.close()

    def made(self) -> Sequence[Register]:
        """Wait for what was begun, and return what it wrote. Raises EOFError if the process died."""
        if self._line is None:
            return ()
        with self._line as line:
            self._line = None
            written: Sequence[Register] = line.recv()
        return written


def _send(counting: Counting, line: Connection) -> None:
    line.send(counting())

"""A line before the cleaner: one file at a time, a few in line, and the others are told at once to come again.

Who waits in line holds a thread of a door, and whoever sends much would hold them all.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from functions.sanitize.file_types import FileRefusedError, Refusal

WAIT_SECONDS = 20.0


class Line:
    """Lets one in at a time. ``places`` are in hand, the one that is being cleaned included; ``wait`` is how many
    seconds somebody stands in line."""

    def __init__(self, places: int, wait: float = WAIT_SECONDS) -> None:
        self._places, self._wait = threading.BoundedSemaphore(places), wait
        self._seat = threading.BoundedSemaphore(1)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and hold it. Raises FileRefusedError, busy, where there is no place or no turn comes."""
        if not self._places.acquire(blocking=False):
            raise FileRefusedError(Refusal.BUSY)
        try:
            if not self._seat.acquire(timeout=self._wait):
                raise FileRefusedError(Refusal.BUSY)
            try:
                yield
            finally:
                self._seat.release()
        finally:
            self._places.release()

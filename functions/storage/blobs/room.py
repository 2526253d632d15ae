"""A limit to what this process stores in a day, and room on the disk that files leave for words."""

import threading
from collections.abc import Callable
from datetime import date

from functions.storage.interface import Blobs, NoRoomError


class BoundedBlobs:
    """``interface.Blobs`` that take at most ``most_a_day`` bytes a day, and leave ``reserve`` bytes of the disk free.

    ``free`` returns the free bytes.
    """

    def __init__(self, blobs: Blobs, most_a_day: int, reserve: int, free: Callable[[], int]) -> None:
        self.blobs, self.most_a_day, self.reserve, self.free = blobs, most_a_day, reserve, free
        self._lock = threading.Lock()
        self._day, self._stored = date.min, 0

    def prepare(self) -> None:
        """Make the place."""
        self.blobs.prepare()

    def put(self, case_id: str, name: str, sealed: bytes, on: date) -> None:
        """Store under (case, name). Raises NoRoomError if it is too much for the day or the disk. What could not be
        stored does not count."""
        with self._lock:
            if on != self._day:
                self._day, self._stored = on, 0
            if self._stored + len(sealed) > self.most_a_day or self.free() - len(sealed) < self.reserve:
                raise NoRoomError("files: no room")
            self._stored += len(sealed)
        try:
            self.blobs.put(case_id, name, sealed, on)
        except BaseException:
            with self._lock:
                self._stored -= len(sealed) if on == self._day else 0
            raise

    def get(self, case_id: str, name: str) -> bytes:
        """Return the sealed bytes."""
        return self.blobs.get(case_id, name)

    def redate(self, since: date) -> int:
        """Give what was put since a day one time of change."""
        return self.blobs.redate(since)

    def delete_case(self, case_id: str) -> None:
        """Remove all blobs of a case."""
        self.blobs.delete_case(case_id)

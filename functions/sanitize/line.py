"""A line before the cleaner: one file at a time, a few in line, and the others are told at once to come again.

Who waits in line holds a thread of a door, and whoever sends much would hold them all. Nobody is refused for whom they
share an address with: where the line is full, whoever stands there most gives a place to somebody with fewer. Next is
somebody else than was served last.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from functions.sanitize.file_types import FileRefusedError, Refusal

WAIT_SECONDS = 20.0


@dataclass(eq=False)
class _Place:
    who: str


class Line:
    """Lets one in at a time. ``places`` are in hand, the one that is being cleaned included; ``wait`` is how many
    seconds somebody stands in line."""

    def __init__(self, places: int, wait: float = WAIT_SECONDS) -> None:
        self._places, self._wait = places, wait
        self._change = threading.Condition()
        self._waiting: list[_Place] = []
        self._served: _Place | None = None
        self._last: str | None = None

    @contextmanager
    def turn(self, who: str) -> Iterator[None]:
        """Wait for a turn and hold it. ``who`` are those whose places are counted together: an officer, an address,
        "" for all whose address is unknown. Raises FileRefusedError, busy, where there is no place or no turn comes."""
        place = _Place(who)
        with self._change:
            self._stand(place)
            self._change.wait_for(lambda: place not in self._waiting or self._is_next(place), self._wait)
            called = self._is_next(place)
            if place in self._waiting:
                self._waiting.remove(place)
            if not called:
                self._change.notify_all()
                raise FileRefusedError(Refusal.BUSY)
            self._served = place
        try:
            yield
        finally:
            with self._change:
                self._served, self._last = None, who if self._waiting else None
                self._change.notify_all()

    def _stand(self, place: _Place) -> None:
        standing = Counter(each.who for each in (*self._waiting, self._served) if each)
        if sum(standing.values()) >= self._places:
            most = max(self._waiting, key=lambda each: standing[each.who], default=None)
            # After the change both have as many, or the newcomer fewer: two never take each other's place in turn.
            if most is None or standing[most.who] < standing[place.who] + 2:
                raise FileRefusedError(Refusal.BUSY)
            youngest = next(each for each in reversed(self._waiting) if each.who == most.who)
            self._waiting.remove(youngest)
            self._change.notify_all()
        self._waiting.append(place)

    def _is_next(self, place: _Place) -> bool:
        if self._served or not self._waiting:
            return False
        others = (each for each in self._waiting if each.who != self._last)
        return next(others, self._waiting[0]) is place

"""What repeats a thousand times what has been run before, without the coverage that doubles its time.

Lines that ran once are known; to see them again costs as much as the work itself. So the first turns of a long
simulation are counted like any test, and the rest is not.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from coverage import Coverage


@contextmanager
def uncounted() -> Iterator[None]:
    """Nothing that this thread runs meanwhile is noted; without coverage nothing happens at all."""
    counting = Coverage.current()
    if counting:
        counting.stop()
    try:
        yield
    finally:
        if counting:
            counting.start()

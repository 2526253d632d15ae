"""The work of a look-up that is refused: the same, whether nothing is there or it is not for who asks.

The answers are alike, so only time could tell them apart. A refused look-up reads one thing that is there and one that
is not, in whichever order they came. What is there is the last one that this process met: so before the first the work
is less, once. Measured by ``python -m tests.bench.lookups``.

Tests: ``tests/actions/test_even_lookup.py``.
"""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from functions.casework.problems import NotFoundProblem, Problem
from functions.storage.interface import CaseNotFoundError

T = TypeVar("T")
NOWHERE: Final = "0000-0000-0000"  # a number that no case has: chance would have to draw 60 zeros


def nowhere(_: bytes) -> Problem:
    """Return what is said of a receipt that opens nothing, where there are no linked offices."""
    return NotFoundProblem()


class EvenLookup(Generic[T]):
    """Reads by number. Keeps the number of something that is there, and nothing of what stands in it."""

    def __init__(self) -> None:
        self._there = ""

    def find(self, read: Callable[[str], T], number: str) -> tuple[T | None, bool]:
        """Return what is there, and whether it is what was asked for. If it is not, something else stands in for it, to
        be judged and thrown away; None if this process met nothing yet."""
        try:
            found = read(number)
        except CaseNotFoundError:
            return self._quietly(read, self._there), False
        self._there = number
        return found, True

    def refuse(self, read: Callable[[str], T]) -> None:
        """Read what is not there, as whoever asked for nothing did before."""
        self._quietly(read, NOWHERE)

    def _quietly(self, read: Callable[[str], T], number: str) -> T | None:
        try:
            return read(number) if number else None
        except CaseNotFoundError:
            return None

"""The cells a case counts in, and sums of many cases without a new record for each.

A cell is a level and a code: the instance, the agency that holds the case, its topic, its district. Their number
depends on the directory, however many cases there are.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from functions.casework.barometer.counts import Count, Sums, from_json, to_json
from functions.casework.barometer.survival import Durations
from functions.casework.case import CaseHead


class Cell(NamedTuple):
    """A level (``instance``, ``agency``, ``topic``, ``district``) and a code of the directory."""

    level: str
    code: str


Cells = Mapping[Cell, Sums]
Key = TypeVar("Key", bound=tuple[str, str])


def cells_of(head: CaseHead) -> tuple[Cell, ...]:
    """Return the cells in which a case counts, once each."""
    return (
        Cell("instance", head.instance),
        Cell("agency", head.holder),
        Cell("topic", head.topic),
        Cell("district", head.district),
    )


class Adder(Generic[Key]):
    """Growing sums of cells."""

    def __init__(self) -> None:
        self._counts: dict[Key, Counter[Count]] = {}
        self._days: dict[Key, tuple[Counter[int], Counter[int], Counter[int], Counter[int]]] = {}

    def add(self, cells: Iterable[Key], sums: Sums) -> None:
        """Add the same sums to each of these cells."""
        if not sums:
            return
        for cell in cells:
            self._counts.setdefault(cell, Counter()).update(sums.counts)
            days = self._days.setdefault(cell, (Counter(), Counter(), Counter(), Counter()))
            added = (sums.answer.events, sums.answer.censored, sums.resolve.events, sums.resolve.censored)
            for sum_of, each in zip(days, added, strict=True):
                sum_of.update(each)

    def add_all(self, cells: Mapping[Key, Sums]) -> None:
        """Add each cell to its own."""
        for cell, sums in cells.items():
            self.add((cell,), sums)

    def cells(self) -> dict[Key, Sums]:
        """Return the present sums, in the cells' order."""
        return {cell: self._sums(cell) for cell in sorted(self._counts)}

    def _sums(self, cell: Key) -> Sums:
        answered, unanswered, resolved, unresolved = map(dict, self._days[cell])
        return Sums(dict(self._counts[cell]), Durations(answered, unanswered), Durations(resolved, unresolved))


def plain_cells(cells: Cells) -> list[list[Any]]:
    """Return cells as plain data for JSON."""
    return [[cell.level, cell.code, to_json(sums)] for cell, sums in sorted(cells.items())]


def read_cells(raw: Iterable[Iterable[Any]]) -> dict[Cell, Sums]:
    """Parse what ``plain_cells`` returned. Raises ValueError, KeyError."""
    return {Cell(level, code): from_json(sums) for level, code, sums in raw}

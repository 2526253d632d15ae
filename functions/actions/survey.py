"""Counting cases for those who oversee: once a day by the clock, which opens nothing; read at the desk."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date

from functions.casework.access import Viewer, surveyed
from functions.casework.agencies import Agency, Directory
from functions.casework.barometer.cells import Adder
from functions.casework.barometer.measures import Measures, measures
from functions.casework.barometer.sums import Calendar, total
from functions.casework.case import CaseHead
from functions.casework.figures import Cell, Tally, counts_for, known_to, spans, tally
from functions.casework.problems import NotFoundProblem
from functions.storage.figures import Counted, read_figures, write_figures
from functions.storage.interface import Scope, Store

PAGE = 100


@dataclass(frozen=True, slots=True)
class Count:
    """The clock's part. Harmless to run again: a day is counted once."""

    store: Store
    directory: Directory
    today: Callable[[], date]
    holidays: Collection[date] = ()

    def __call__(self) -> int:
        """Count every instance that was not counted today; returns how many were. Raises StoreUnavailableError."""
        return sum(self._count(instance.code) for instance in self.directory.instances())

    def _count(self, instance: str) -> bool:
        today, standing = self.today(), read_figures(self.store, instance)
        if standing and standing.on >= today:
            return False
        lately = Adder[Cell]()
        cells = tally(spans(self._heads(instance, today), today, Calendar(self.holidays), lately), today)
        return write_figures(self.store, instance, Counted(today, cells, lately.cells()))

    def _heads(self, instance: str, today: date) -> Iterator[CaseHead]:
        """The cases that count, page by page: open ones come first in the listing, the long closed last."""
        after = ""
        while True:
            page = self.store.page(Scope.INSTANCE, instance, after, PAGE)
            for head in page.heads:
                if not counts_for(head, today):
                    return
                yield head
            after = page.next
            if not after:
                return


@dataclass(frozen=True, slots=True)
class Figures:
    """An instance's figures as one viewer may know them, ``rows`` by agency, most late first; None for ``on`` where
    nothing was counted yet. ``lately`` measures what came in within ``CLOSED_DAYS``, exactly: for the desk, and never
    published. ``instances`` are those he may choose among."""

    instance: Agency
    instances: tuple[Agency, ...]
    on: date | None
    rows: tuple[tuple[Agency, Tally], ...]
    total: Tally
    lately: Measures


@dataclass(frozen=True, slots=True)
class Survey:
    """The desk's part."""

    store: Store
    directory: Directory

    def may(self, viewer: Viewer) -> bool:
        """Whether there are figures for this viewer at all."""
        return bool(surveyed(viewer, self.directory))

    def read(self, viewer: Viewer, instance: str = "") -> Figures:
        """The figures of an instance, "" for the first that this viewer may see. Raises NotFoundProblem for others."""
        allowed = surveyed(viewer, self.directory)
        wanted = instance or next(iter(allowed), "")
        if wanted not in allowed:
            raise NotFoundProblem
        found = read_figures(self.store, wanted)
        on, cells, sums = found or (None, {}, {})
        agencies = self.directory.agencies
        known = known_to(viewer, cells, self.directory)
        lately = known_to(viewer, sums, self.directory)
        rows = [(agencies[code], each) for code, each in known.items() if code in agencies]
        rows.sort(key=lambda row: (-row[1].late, -row[1].open, row[0].name))
        return Figures(
            agencies[wanted],
            tuple(agencies[code] for code in allowed),
            on,
            tuple(rows),
            sum((each for _, each in rows), Tally()),
            measures(total(lately.values())),
        )

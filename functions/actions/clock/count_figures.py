"""Count cases once a day for overseers; ``actions.officer.figures`` reads the result. Opens nothing.

Tests: ``tests/doors/test_figures.py``.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date

from functions.casework.barometer.cells import Adder
from functions.casework.barometer.counts import Calendar
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Directory
from functions.casework.figures import Cell, Request, counts_for, requests_in, spans, tally
from functions.storage.interface import Scope, Store
from functions.storage.registers.figures import Counted, read_figures, write_figures

PAGE = 100


@dataclass(frozen=True, slots=True)
class CountFigures:
    """The clock's counting. It is safe to repeat: a day is counted once. ``hour`` gives the epoch hour: what waits for
    a later batch is left out."""

    store: Store
    directory: Directory
    today: Callable[[], date]
    holidays: Collection[date] = ()
    hour: Callable[[], int] = lambda: 0

    def __call__(self) -> int:
        """Count every instance that was not counted today. Returns how many were. Raises StoreUnavailableError."""
        return sum(self.one(instance.code) for instance in self.directory.instances())

    def one(self, instance: str) -> bool:
        """Count one instance. False if it was counted today."""
        today, standing = self.today(), read_figures(self.store, instance)
        if standing and standing.on >= today:
            return False
        lately, requests = Adder[Cell](), Counter[Request]()
        heads = requests_in(self._heads(instance, today), requests)
        cells = tally(spans(heads, today, Calendar(self.holidays), lately), today)
        return write_figures(self.store, instance, Counted(today, cells, lately.cells(), requests))

    def _heads(self, instance: str, today: date) -> Iterator[CaseHead]:
        """Yield the cases that count, page by page: open ones come first in the listing, old closed ones last."""
        after, hour = "", self.hour()
        while True:
            page = self.store.page(Scope.INSTANCE, instance, after, PAGE)
            for head in page.heads:
                if not counts_for(head, today):
                    return
                if head.visible_from <= hour:
                    yield head
            after = page.next
            if not after:
                return

"""Count for the barometer, without opening anything: what ended since the last count, and month ends.

A finished case counts the same for ever. So it is counted under its closing day and never read again. Counting a day
again replaces its own entry, so that no case counts twice. Only some days can still change: a case is finished a few
weeks after its closing at the latest, when its reporter's window has passed. A case that was opened again says under
which days it was counted before (``earlier_ends``). Only open cases are walked through, page by page, at a month's end.
So a count's work grows with what happened, and its memory with the directory alone.

Tests: ``tests/actions/test_tallies.py``, ``tests/actions/test_publish.py``.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from functions.casework.barometer.cells import Adder, Cell, cells_of
from functions.casework.barometer.counts import Calendar, Count, closed_in, cohort, contribution, settled
from functions.casework.barometer.months import add_months, days_of, month_end, month_of, months_between
from functions.casework.case import CaseHead
from functions.casework.deadlines.clocks import Deadlines, Terms
from functions.casework.directory.agencies import Directory
from functions.storage.interface import Page, Scope, Store
from functions.storage.registers import barometer_counts
from functions.storage.registers.barometer_counts import Day, Standing

PAGE = 100
CHANGING = timedelta(
    days=60
)  # the usual window of ten working days, with the longest holidays and a clock that stood still
USUAL = Deadlines().window
WINDOW = 12  # months of reports in the sums of a year


@dataclass(frozen=True, slots=True)
class CountBarometer:
    """The clock's counting. It is safe to repeat and to interrupt: the next run finishes the rest. ``window`` is the
    reporter's, in working days (``Deadlines``): a day of closings changes until it has passed. Cases of before a change
    of that setting keep theirs, so a month's end notes the longest."""

    store: Store
    directory: Directory
    today: Callable[[], date]
    holidays: Collection[date] = field(default=())
    window: int = USUAL

    def __call__(self) -> int:
        """Count every instance that was not yet counted through yesterday. Returns how many were.

        Raises StoreUnavailableError, and VersionConflictError if another clock counts at the same moment.
        """
        return sum(self.one(instance.code) for instance in self.directory.instances())

    def one(self, instance: str) -> bool:
        """Count one instance. False if it was counted through yesterday. Raises as above."""
        return OneInstance(self.store, instance, Calendar(self.holidays), self.today(), self.window)()

    def again(self, month: str) -> None:
        """Count a month's end again from the present store, as a correction: every closing of its year, and what is
        open.

        What happened after the month counts as not yet. Raises as above.
        """
        calendar = Calendar(self.holidays)
        for instance in self.directory.instances():
            OneInstance(self.store, instance.code, calendar, self.today()).again(month)


@dataclass(frozen=True, slots=True)
class OneInstance:
    """The counting of one instance."""

    store: Store
    instance: str
    calendar: Calendar
    today: date
    window: int = USUAL

    def __call__(self) -> bool:
        """Count what was not yet counted through yesterday. Returns whether there was anything."""
        last, counted = self.today - timedelta(days=1), barometer_counts.read_counted(self.store, self.instance)
        if counted and counted >= last:
            return False
        self._recount(self._count_through(counted, last))
        for month in self._ended_months(counted):
            self._close_month(month)
        barometer_counts.write_counted(self.store, self.instance, last)
        return True

    def again(self, month: str) -> None:
        """Count a month's end again."""
        for closing in months_between(add_months(month, 1 - WINDOW), month):
            self._count_days(closing, *days_of(closing))
        self._close_month(month)

    def _count_through(self, counted: date | None, last: date) -> set[date]:
        """Count the days that could have changed. Returns other days that changed as well."""
        longest = max(self.window, barometer_counts.read_window(self.store, self.instance))
        changing = CHANGING + timedelta(days=2 * max(0, longest - USUAL))
        first = counted - changing if counted else self._first_day(last)
        earlier: set[date] = set()
        for month in months_between(month_of(first), month_of(last)):
            begin, end = days_of(month)
            earlier |= self._count_days(month, max(first, begin), min(last, end))
        return {day for day in earlier if day < first}

    def _first_day(self, last: date) -> date:
        """Return the day of the earliest closing of all."""
        oldest = self.store.closed_before(self.instance, last + timedelta(days=1), 1)
        return (oldest[0].closing.on or oldest[0].received_on) if oldest else last

    def _count_days(self, month: str, first: date, last: date) -> set[date]:
        """Count days of one month again, in place. Returns the days under which their cases were counted before."""
        adders: dict[date, dict[str, Adder[Cell]]] = {}
        earlier: set[date] = set()
        for head in self._ended(first, last):
            day = head.closing.on or head.received_on
            adder = adders.setdefault(day, {}).setdefault(cohort(head), Adder[Cell]())
            adder.add(cells_of(head), contribution(head, max(day, last), self.calendar))
            earlier |= _earlier(head)
        fresh: dict[date, Day] = {
            day: {name: adder.cells() for name, adder in cohorts.items()} for day, cohorts in adders.items()
        }
        kept = {
            day: cells
            for day, cells in barometer_counts.read_month(self.store, self.instance, month).items()
            if not first <= day <= last
        }
        barometer_counts.write_month(self.store, self.instance, month, kept | fresh)
        return earlier

    def _recount(self, days: Collection[date]) -> None:
        """Count single days again. Cases that this brings to light were counted with them."""
        for day in sorted(days):
            self._count_days(month_of(day), day, day)

    def _ended_months(self, counted: date | None) -> Iterator[str]:
        """Return the months that ended since the last count, and the last one that ended, unless they are kept
        already."""
        newest = add_months(month_of(self.today), -1)
        oldest = month_of(counted) if counted else newest
        for month in months_between(min(oldest, newest), newest):
            if not barometer_counts.has_standing(self.store, self.instance, month):
                yield month

    def _close_month(self, month: str) -> None:
        """Keep the state of all cases at the end of a month. Cases that were opened again since are subtracted
        first."""
        as_of, earlier = month_end(month), set[date]()
        walked, longest = MonthEnd(month, as_of, self.calendar), 0
        for head in self._open():
            earlier |= _earlier(head)
            walked.add(head)
            longest = max(longest, Terms(*head.clock.terms).window if head.clock.terms else 0)
        if longest > self.window or barometer_counts.read_window(self.store, self.instance):
            barometer_counts.write_window(self.store, self.instance, longest)
        for head in self._ended(as_of + timedelta(days=1), self.today):
            earlier |= _earlier(head)  # withdrawn or closed again after it was counted as closed
            walked.add(head)
        self._recount(earlier)
        for closing in months_between(walked.first, month):
            for cohorts in barometer_counts.read_month(self.store, self.instance, closing).values():
                walked.add_day(cohorts, closing)
        barometer_counts.write_standing(self.store, self.instance, month, walked.standing())

    def _open(self) -> Iterator[CaseHead]:
        """Yield open cases, and closed ones that may still be answered: they come first in the listing."""
        after = ""
        while True:
            page = self.store.page(Scope.INSTANCE, self.instance, after, PAGE)
            for head in page.heads:
                if settled(head):
                    return
                yield head
            after = page.next
            if not after:
                return

    def _ended(self, first: date, last: date) -> Iterator[CaseHead]:
        after = ""
        while first <= last:
            page: Page = self.store.page_ended(self.instance, first, last, after, PAGE)
            yield from page.heads
            after = page.next
            if not after:
                return


class MonthEnd:
    """The sums of a month's end while they grow."""

    def __init__(self, month: str, as_of: date, calendar: Calendar) -> None:
        self.month, self.first = month, add_months(month, 1 - WINDOW)
        self._as_of, self._calendar = as_of, calendar
        self._cohorts, self._month, self._received = Adder[Cell](), Adder[Cell](), Adder[Cell]()

    def add(self, head: CaseHead) -> None:
        """Add a case that no day's count of this month or before has."""
        sums, cells = contribution(head, self._as_of, self._calendar), cells_of(head)
        if self.first <= cohort(head):
            self._cohorts.add(cells, sums)
        closed = closed_in(head) if head.closing.on and head.closing.on <= self._as_of else ""
        if sums[Count.OPEN] or closed == self.month:
            self._month.add(cells, sums)
        if cohort(head) == self.month:
            self._received.add(cells, sums)

    def add_day(self, cohorts: Day, closing: str) -> None:
        """Add what was closed on a day of the month ``closing``."""
        for name, cells in cohorts.items():
            if name >= self.first:
                self._cohorts.add_all(cells)
            if closing == self.month:
                self._month.add_all(cells)
            if name == self.month:
                self._received.add_all(cells)

    def standing(self) -> Standing:
        """Return the result."""
        return Standing(self._cohorts.cells(), self._month.cells(), self._received.cells())


def _earlier(head: CaseHead) -> set[date]:
    return {date.fromordinal(day) for day in head.closing.earlier_ends}

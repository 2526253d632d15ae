"""The simulated year (``tests/actions/year.py``) as a barometer: the clock counts four times a month (every day:
twice), and a week after each month its edition is made. For the tests, and for pictures: ``python -m
tests.barometer_year FOLDER`` writes the editions as ``site/freeze.py --editions`` takes them."""

import json
import shutil
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from functions.actions.clock.barometer_counts import CHANGING, CountBarometer
from functions.actions.clock.publish_edition import Editions
from functions.casework.barometer.cells import Cell
from functions.casework.barometer.counts import RATINGS, Count, Sums
from functions.casework.barometer.edition import Edition, plain_edition
from functions.casework.barometer.months import add_months, month_end, month_of
from functions.casework.case import CaseHead, EventKind
from functions.casework.stages import Stage
from functions.storage.registers.barometer_counts import read_standing
from functions.storage.registers.editions import list_editions, newest_editions
from tests.actions.test_tallies import all_at_once
from tests.actions.year import Year, live
from tests.depth import deep
from tests.room import fast_folder

EDITIONS = 12
# A clock that slept some days makes up for them, and a year takes a fraction of the time.
COUNTED = deep(frozenset({1, 8, 15, 22}), frozenset({1, 8}))
FIRST = date(2026, 2, 1)  # before it there is nothing to count of a whole month
# What a reporter says more than sixty days after the closing is not counted any more.
SAID = {Count.CONFIRMED, Count.LAPSED, Count.AWAITED, Count.RATED, *RATINGS}


@dataclass
class Barometer:
    """Does what the clock does of the barometer each day, until there are twelve editions, and looks at each month's end
    whether it is what a look at every case says. ``checked`` are months that were, ``wrong`` those that were not. Of the
    last one, ``said`` has by count what the clock says of what reporters said, and the least and the most that the trail
    of each case leaves possible."""

    checked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    said: dict[Count, tuple[int, int, int]] = field(default_factory=dict)

    def __call__(self, year: Year) -> None:
        """One day."""
        world = year.world
        if world.today < FIRST or len(list_editions(world.store)) >= EDITIONS:
            return
        if world.today.day not in COUNTED:
            return
        CountBarometer(world.store, world.directory, lambda: world.today)()
        Editions(world.store, world.directory, lambda: world.today)()
        if world.today.day == 1:
            self._check(year, add_months(month_of(world.today), -1))

    def _check(self, year: Year, month: str) -> None:
        found = read_standing(year.world.store, "kutim", month)
        heads = [year.world.store.read_head(case_id) for case_id in year.cases]
        ours = [head for head in heads if head.instance == "kutim"]
        standing = (found.cohorts, found.month, found.received) if found else ()
        same = [_bare(each) for each in standing] == [_bare(each) for each in all_at_once(ours, month)]
        (self.checked if same else self.wrong).append(month)
        if found and len(list_editions(year.world.store)) == EDITIONS - 1:
            sums = found.cohorts[Cell("instance", "kutim")]
            counts = [_by_trail(year, ours, month, late=late) for late in (False, True)]
            self.said = {
                each: (sums[each], *sorted(count[each] for count in counts))
                for each in (Count.CONFIRMED, Count.LAPSED, Count.AWAITED, Count.RATED)
            }


def _by_trail(year: Year, heads: Sequence[CaseHead], month: str, *, late: bool) -> Counter[Count]:
    """What reporters said of the year's closed cases, read off the events after the last closing; ``late``: also what was
    said after the clock stopped looking at that day, which it looks at again where another case of the day opens. Where
    the trail was deleted at its reporter's wish, the head says what he said, and nobody knows when."""
    found = Counter[Count]()
    for head in heads:
        ended, cohort = head.closing.on, f"{head.received_on:%Y-%m}"
        if (
            ended is None
            or head.quarantined
            or not (head.stage is Stage.SELESAI or head.closing.confirmed or head.closing.lapsed)
        ):
            continue
        if ended > month_end(month) or cohort < add_months(month, -11) or cohort > month:
            continue
        if head.shredded:
            after = {EventKind.CONFIRM if head.closing.confirmed and late else EventKind.LAPSE}
        else:
            events = year.world.store.read_case(head.case_id).events
            closed = max(event.n for event in events if event.kind is EventKind.CLOSE)
            after = {event.kind for event in events if event.n > closed and (late or event.on - ended <= CHANGING)}
        if EventKind.CONFIRM in after:
            found[Count.CONFIRMED] += 1
            found[Count.RATED] += head.closing.rating is not None
        else:
            found[Count.LAPSED if EventKind.LAPSE in after else Count.AWAITED] += 1
    return found


def _bare(cells: Mapping[Cell, Sums]) -> dict[Cell, Sums]:
    return {
        cell: replace(sums, counts={name: n for name, n in sums.counts.items() if name not in SAID})
        for cell, sums in cells.items()
    }


class EnoughError(Exception):
    """There are twelve editions; what follows of the year is not needed for them."""


def editions(folder: Path) -> tuple[Edition, ...]:
    """Let the year pass until its twelfth edition; returns them."""
    barometer, seen = Barometer(), list[Year]()

    def each_day(year: Year) -> None:
        barometer(year)
        seen[:] = [year]
        if len(list_editions(year.world.store)) == EDITIONS:
            raise EnoughError

    with suppress(EnoughError):
        live(folder, each_day)
    assert not barometer.wrong, barometer
    return newest_editions(seen[0].world.store)


def write(found: tuple[Edition, ...], folder: Path) -> None:
    """One file each."""
    folder.mkdir(parents=True, exist_ok=True)
    for edition in found:
        (folder / f"{edition.month}.{edition.number}.json").write_text(json.dumps(plain_edition(edition)))


if __name__ == "__main__":
    place = fast_folder()
    write(editions(place), Path(sys.argv[1]))
    shutil.rmtree(place)

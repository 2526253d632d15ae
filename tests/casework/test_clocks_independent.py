"""Working days and deadlines once more, by other means: a list checked in, a table of all days, a look into it.

Nothing here asks the product's ``is_workday`` or the ``holidays`` package. The days off stand in ``hari_libur.txt``; a
weekday comes from the day's number, since 1 January of the year 1 was a Monday in the calendar that ``date`` counts by.
"""

from bisect import bisect_right
from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from functions.casework.case import Kind
from functions.casework.deadlines.clocks import Deadlines, due_after
from functions.casework.deadlines.workdays import add_workdays, is_workday
from functions.casework.stages import Stage
from tests.casework.trees import a_head
from tests.depth import deep

LINES = (Path(__file__).parent / "hari_libur.txt").read_text().splitlines()
OFF = {date.fromisoformat(line[:10]): line[11:] for line in LINES if not line.startswith("#")}
FIRST, LAST = date(2025, 1, 1), date(2028, 3, 31)
STARTS = st.dates(FIRST, date(2027, 11, 30))
COUNTS = st.integers(0, 60)


def working(day: date, own: Collection[date] = ()) -> bool:
    return (day.toordinal() - 1) % 7 < 5 and day not in OFF and day not in own


def counted(start: date, count: int, own: Collection[date] = ()) -> date:
    """The ``count``-th working day after ``start``, looked up in the list of all working days there are."""
    if count == 0:
        return start
    all_days = (date.fromordinal(n) for n in range(FIRST.toordinal(), LAST.toordinal() + 1))
    table = [day for day in all_days if working(day, own)]
    return table[bisect_right(table, start) + count - 1]


def test_the_list_has_the_days_of_the_decrees() -> None:
    of_year = {y: [name[0] for day, name in OFF.items() if day.year == y] for y in (2025, 2026, 2027)}
    assert {y: (kinds.count("p"), kinds.count("g")) for y, kinds in of_year.items()} == DAYS_OFF
    assert len(OFF) == sum(not line.startswith("#") for line in LINES), "a day stands twice"


DAYS_OFF = {2025: (17, 11), 2026: (17, 8), 2027: (18, 8)}


def test_every_day_of_the_years_is_judged_alike() -> None:
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    assert [day for day in days if working(day) != is_workday(day)] == []
    assert sum(map(working, days)) > 700


@settings(max_examples=deep(400, 80))
@given(STARTS, COUNTS)
@example(date(2025, 3, 27), 1)  # Nyepi and Lebaran 2025 in a row: to 8 April
@example(date(2026, 3, 17), 1)  # Lebaran 2026
@example(date(2027, 3, 5), 1)  # Nyepi and Lebaran 2027
@example(date(2025, 12, 24), 5)  # over the year's end
@example(date(2026, 12, 31), 1)
@example(date(2027, 12, 23), 14)
@example(date(2027, 11, 30), 60)  # over the leap day of 2028
def test_adding_agrees_with_the_table(start: date, count: int) -> None:
    assert add_workdays(start, count) == counted(start, count)


@given(STARTS, COUNTS, st.data())
def test_own_days_off_are_left_out_too(start: date, count: int, data: st.DataObject) -> None:
    near = st.dates(start, start + timedelta(days=60))
    own = data.draw(st.sets(near, max_size=10), label="own days off")
    assert add_workdays(start, count, own) == counted(start, count, own)


@pytest.mark.parametrize(
    ("start", "count", "own", "due"),
    [
        (date(2025, 3, 27), 1, (), date(2025, 4, 8)),  # 28 March to 7 April: Nyepi, Lebaran, weekends
        (date(2026, 3, 17), 1, (), date(2026, 3, 25)),
        (date(2025, 12, 24), 1, (), date(2025, 12, 29)),  # Christmas, cuti bersama, a weekend
        (date(2025, 12, 31), 1, (), date(2026, 1, 2)),
        (date(2026, 12, 23), 3, (), date(2026, 12, 30)),
        (date(2028, 2, 28), 1, (), date(2028, 2, 29)),
        (date(2028, 2, 28), 1, (date(2028, 2, 29),), date(2028, 3, 1)),
        (date(2025, 8, 15), 1, (), date(2025, 8, 19)),  # cuti bersama decreed late, on 18 August
        (date(2026, 10, 9), 1, (date(2026, 10, 12),), date(2026, 10, 13)),  # the regency's own day
    ],
)
def test_by_hand_on_a_calendar(start: date, count: int, own: Collection[date], due: date) -> None:
    assert counted(start, count, own) == due
    assert add_workdays(start, count, own) == due


@given(STARTS, st.sampled_from(Kind), st.integers(1, 15), st.integers(1, 15), st.data())
def test_each_deadline_is_so_many_working_days_from_its_day(
    today: date, kind: Kind, first: int, second: int, data: st.DataObject
) -> None:
    """Sorting from the receipt, answering from the hand-over, the reporter's days from the closing, and a reopened case
    anew, with limits of any length."""
    own = data.draw(st.sets(st.dates(today, today + timedelta(days=40)), max_size=5), label="own days off")
    limits = Deadlines(verify=first, respond=second, window=first + 1, **{f"finish_{kind}": first + second})
    new = a_head(kind=kind, received_on=today, due=today)
    assert due_after(new, Stage.DITERIMA, today, limits, own) == counted(today, first, own)
    assert due_after(new, Stage.DIDISPOSISIKAN, today, limits, own) == counted(today, second, own)
    assert due_after(new, Stage.DIALIHKAN, today, limits, own) == counted(today, first, own)
    assert due_after(new, Stage.SELESAI, today, limits, own) == counted(today, first + 1, own)
    closed = a_head(kind=kind, stage=Stage.SELESAI, received_on=today, due=today)
    assert due_after(closed, Stage.DIPROSES, today, limits, own) == counted(today, first + second, own)

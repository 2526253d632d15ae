"""What the last day of a month, a deadline and a calendar's oldest year say of a case."""

from datetime import date, timedelta
from typing import Any

import pytest

from functions.casework.barometer.counts import Calendar, Count, contribution
from functions.casework.case import Outcome
from functions.casework.deadlines.workdays import workdays_between
from functions.casework.stages import Stage
from tests.casework.trees import a_head

CALENDAR = Calendar()
END = date(2026, 6, 30)
DAY = timedelta(days=1)
WINDOW = date(2026, 7, 17)  # once an office closed a case, its clock is the reporter's, who may answer until then


def counted(**facts: Any) -> set[Count]:
    """For what a case of 2 June counts at the end of June; ``due`` is what its clock says now."""
    head = a_head(**{"received_on": date(2026, 6, 2), "due": date(2026, 7, 10), "stage": Stage.DIPROSES} | facts)
    return set(contribution(head, END, CALENDAR).counts)


def closed(on: date, due: date | None) -> set[Count]:
    """For what it counts if it was closed on a day, and was due on another."""
    return counted(stage=Stage.SELESAI, outcome=Outcome.DIPERBAIKI, closed_on=on, closed_due=due, due=WINDOW)


@pytest.mark.parametrize(("days", "answered"), [(-1, True), (0, True), (1, False)])
def test_an_answer_on_the_months_last_day_is_one_of_the_month(days: int, answered: bool) -> None:
    assert (Count.ANSWERED in counted(answered_on=END + days * DAY)) is answered


@pytest.mark.parametrize(("days", "late"), [(-1, True), (0, False), (1, False)])
def test_an_open_case_is_late_from_the_day_after_its_deadline(days: int, late: bool) -> None:
    due = END + days * DAY
    for found in (counted(due=due), closed(END + 3 * DAY, due)):  # open still, or closed before the clock looked
        assert Count.OPEN in found
        assert {Count.OVERDUE in found, Count.FELL_DUE in found} == {late}


def test_a_row_that_knows_no_deadline_of_its_closing_is_late_by_its_clock() -> None:
    assert Count.OVERDUE not in closed(END + 3 * DAY, None)


@pytest.mark.parametrize(("days", "in_time"), [(-1, True), (0, True), (1, False)])
def test_who_closes_on_the_day_of_the_deadline_is_in_time(days: int, in_time: bool) -> None:
    due = date(2026, 6, 19)
    found = closed(due + days * DAY, due)
    assert {Count.CLOSED, Count.FELL_DUE} <= found
    assert (Count.ON_TIME in found) is in_time


def test_the_calendar_counts_across_its_first_year_and_never_backwards() -> None:
    first, last = date(2000, 12, 28), date(2001, 1, 5)
    assert CALENDAR.between(first, last) == workdays_between(first, last) > 0
    assert CALENDAR.between(last, first) == CALENDAR.between(last, last) == 0

"""Working days, against lists written down by hand and a count of our own."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.deadlines.workdays import add_workdays, is_workday, named_holidays, national_holidays

# National holidays and cuti bersama of 2026 by the joint decree of three ministers, written down by hand.
PUBLIC_2026 = [
    (1, 1), (1, 16), (2, 17), (3, 19), (3, 21), (3, 22), (4, 3), (4, 5), (5, 1), (5, 14), (5, 27), (5, 31),
    (6, 1), (6, 16), (8, 17), (8, 25), (12, 25),
]  # fmt: skip
CUTI_BERSAMA_2026 = [(2, 16), (3, 18), (3, 20), (3, 23), (3, 24), (5, 15), (5, 28), (12, 24)]
OFF_2026 = {date(2026, month, day) for month, day in PUBLIC_2026 + CUTI_BERSAMA_2026}


def test_the_year_2026_has_these_days_off():
    assert national_holidays(2026) == OFF_2026


def test_every_day_of_2026_is_judged_as_by_hand():
    day = date(2026, 1, 1)
    while day.year == 2026:
        assert is_workday(day) == (day.isoweekday() <= 5 and day not in OFF_2026), day
        day += timedelta(days=1)


@given(st.dates(date(2026, 1, 1), date(2026, 9, 30)), st.integers(0, 60))
def test_adding_agrees_with_a_list_of_all_working_days(start, count):
    days = (date(2026, 1, 1) + timedelta(days=n) for n in range(365))
    later = [day for day in days if day > start and day.isoweekday() not in (6, 7) and day not in OFF_2026]
    assert add_workdays(start, count) == (later[count - 1] if count else start)


def test_lebaran_2026_is_jumped_over():
    # Tuesday 17 March is the last working day before, Wednesday 25 March the first after.
    assert add_workdays(date(2026, 3, 16), 1) == date(2026, 3, 17)
    assert add_workdays(date(2026, 3, 17), 1) == date(2026, 3, 25)
    assert add_workdays(date(2026, 3, 17), 3) == date(2026, 3, 27)


def test_cuti_bersama_counts_as_a_day_off():
    assert not is_workday(date(2026, 12, 24))
    assert add_workdays(date(2026, 12, 23), 1) == date(2026, 12, 28)


def test_the_year_turns():
    assert add_workdays(date(2026, 12, 31), 1) == date(2027, 1, 4)


def test_the_leap_day_of_2028_is_a_working_day():
    assert date(2028, 2, 29).isoweekday() == 2
    assert is_workday(date(2028, 2, 29))
    assert add_workdays(date(2028, 2, 28), 1) == date(2028, 2, 29)
    assert add_workdays(date(2028, 2, 28), 2) == date(2028, 3, 1)


def test_an_own_day_off_moves_the_deadline():
    own = {date(2026, 8, 18)}
    assert add_workdays(date(2026, 8, 14), 1) == date(2026, 8, 18)
    assert add_workdays(date(2026, 8, 14), 1, own) == date(2026, 8, 19)
    assert not is_workday(date(2026, 8, 18), own)


@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(1, 30), st.integers(1, 30))
def test_steps_add_up_and_end_on_working_days(start, first, second):
    assert add_workdays(add_workdays(start, first), second) == add_workdays(start, first + second)
    assert is_workday(add_workdays(start, first))


def test_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="forwards"):
        add_workdays(date(2026, 1, 1), -1)


def test_days_off_have_their_names_and_kinds():
    days = {day.day: day for day in named_holidays(2026)}
    assert set(days) == OFF_2026
    assert {(day.day.month, day.day.day) for day in days.values() if day.joint} == set(CUTI_BERSAMA_2026)
    assert days[date(2026, 8, 17)] == (date(2026, 8, 17), "Hari Kemerdekaan Republik Indonesia", False, False)
    assert list(days) == sorted(days)
    # Far ahead the moon's feasts are estimates, those of the sun are not.
    estimated = {day.name for day in named_holidays(2090) if day.estimated}
    assert any(name.startswith("Hari Raya Idul Fitri") for name in estimated)
    assert "Hari Kemerdekaan Republik Indonesia" in {day.name for day in named_holidays(2090)} - estimated
    assert named_holidays(2200) == ()

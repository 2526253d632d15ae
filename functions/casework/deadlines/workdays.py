"""Working days (hari kerja): no Saturday, Sunday, national holiday or cuti bersama.

Holidays come from the ``holidays`` package (categories *public* and *government*). Each instance may list more, since
cuti bersama is sometimes decreed at short notice.
"""

from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

SATURDAY = 5
ESTIMATED = "(perkiraan)"  # the package's mark on days that depend on the moon, until they are decreed


@lru_cache(maxsize=16)
def national_holidays(year: int) -> frozenset[date]:
    """Return all national holidays and cuti bersama of a year, as far as the package knows them."""
    import holidays  # noqa: PLC0415 - 80 ms and 450 modules: only where a date is counted

    return frozenset(holidays.country_holidays("ID", years=year, categories=("public", "government")))


class DayOff(NamedTuple):
    """A day off by decree: ``joint`` leave (cuti bersama) or a holiday; ``estimated`` until it is decreed."""

    day: date
    name: str
    joint: bool
    estimated: bool


def named_holidays(year: int) -> tuple[DayOff, ...]:
    """Return national holidays and cuti bersama of a year by date, with their Indonesian names; none for years the
    package does not know."""
    import holidays  # noqa: PLC0415 - as above

    found = []
    for category in ("public", "government"):
        days = holidays.country_holidays("ID", years=year, categories=(category,), language="id")
        found += [DayOff(day, name, category == "government", ESTIMATED in name) for day, name in days.items()]
    return tuple(sorted(found))


def is_workday(day: date, own: Collection[date] = ()) -> bool:
    """Whether offices work on this day. ``own`` are the instance's extra days off."""
    return day.weekday() < SATURDAY and day not in own and day not in national_holidays(day.year)


def add_workdays(start: date, count: int, own: Collection[date] = ()) -> date:
    """Return the ``count``-th working day after ``start`` (the day itself does not count). Raises ValueError if
    ``count`` is negative."""
    if count < 0:
        raise ValueError("working days are counted forwards")
    day = start
    while count:
        day += timedelta(days=1)
        if is_workday(day, own):
            count -= 1
    return day


def workdays_between(start: date, end: date, own: Collection[date] = ()) -> int:
    """Return the number of working days after ``start`` through ``end``; 0 if ``end`` is not after it."""
    return sum(is_workday(start + timedelta(days=n), own) for n in range(1, (end - start).days + 1))

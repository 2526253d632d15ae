"""Months as ``YYYY-MM``, whose text order is their order in time."""

from collections.abc import Iterator
from datetime import date, timedelta

YEAR = 12


def month_of(day: date) -> str:
    """Return the month of a day."""
    return f"{day:%Y-%m}"


def add_months(month: str, count: int) -> str:
    """Return the month ``count`` months later, or earlier."""
    year, number = divmod(int(month[:4]) * YEAR + int(month[5:]) - 1 + count, YEAR)
    return f"{year:04d}-{number + 1:02d}"


def months_between(first: str, last: str) -> Iterator[str]:
    """Return the months from one through another; none if ``last`` is before ``first``."""
    while first <= last:
        yield first
        first = add_months(first, 1)


def days_of(month: str) -> tuple[date, date]:
    """Return its first and last day."""
    return date.fromisoformat(f"{month}-01"), month_end(month)


def month_end(month: str) -> date:
    """Return its last day."""
    return date.fromisoformat(f"{add_months(month, 1)}-01") - timedelta(days=1)

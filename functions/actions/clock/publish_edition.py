"""Publish the barometer's edition of a month: audited, a week after its end at the earliest, and never changed.

``Publish`` is a list of steps, for everything that is published in rounds. Results rest in the store; the portal shows
them when it is next frozen.

Tests: ``tests/actions/test_publish.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from functions.casework.barometer.audit import publishable
from functions.casework.barometer.audit_tables import Ended, tables_of
from functions.casework.barometer.disclosure import Edition as Tables
from functions.casework.barometer.disclosure import due_on
from functions.casework.barometer.edition import Edition, Place
from functions.casework.barometer.months import add_months, month_of
from functions.casework.barometer.places import HISTORY, places_of
from functions.casework.directory.agencies import Agency, Directory
from functions.storage.interface import Registers
from functions.storage.registers.barometer_counts import read_counted, read_standing
from functions.storage.registers.editions import (
    earlier_tables,
    list_editions,
    read_edition,
    read_tables,
    write_edition,
    write_tables,
)


@dataclass(frozen=True, slots=True)
class Publish:
    """All that is published in rounds, by name. It is safe to repeat."""

    steps: dict[str, Callable[[], int]]

    def __call__(self) -> int:
        """Run every step. Returns how much was published."""
        return sum(step() for step in self.steps.values())


@dataclass(frozen=True, slots=True)
class Editions:
    """The step that publishes the barometer's editions."""

    store: Registers
    directory: Directory
    today: Callable[[], date]

    def __call__(self) -> int:
        """Make the edition of the last month that ended a week ago, unless it exists. Returns how many were made.

        Raises StorageError, and AuditFailedError if nothing of the month may be published.
        """
        month = due_on(self.today())
        if any(known == month for known, _number in list_editions(self.store)):
            return 0
        return self._make(month, 1)

    def correct(self, month: str) -> int:
        """Make another edition of a published month from the present counts. Returns its number.

        Medians and shares stay as published until a later month counts them again. Raises as above, and KeyError for a
        month without an edition.
        """
        numbers = [number for known, number in list_editions(self.store) if known == month]
        if not numbers:
            raise KeyError(month)
        number = max(numbers) + 1
        return number if self._make(month, number) else 0

    def _make(self, month: str, number: int) -> bool:
        if not all(self._counted(instance, month) for instance in self.directory.instances()):
            return False  # the clock is late: the next round decides
        earlier, former = self._before(month), read_edition(self.store, month, number - 1) if number > 1 else None
        found: list[Place] = []
        for instance in self.directory.instances():
            standing = read_standing(self.store, instance.code, month)
            if standing is None or not (standing.cohorts or standing.month):
                continue  # an instance that is younger than the month, or has nothing to publish yet
            ended = Ended(standing.cohorts, standing.month, standing.received)
            year = self._audited(instance, month, number, ended)
            found += places_of(instance, year, ended, self.directory, earlier, former)
        if not found:
            return False
        edition = Edition(month, number, add_months(month, 1 - HISTORY), self.today(), tuple(found))
        return write_edition(self.store, edition)

    def _audited(self, instance: Agency, month: str, number: int, ended: Ended) -> list[Tables]:
        """Return the tables of an instance, folded and withheld as far as needed, after the year's earlier months.

        They are stored at once: if the edition is interrupted, the next run must publish the same.
        """
        told = list(earlier_tables(self.store, instance.code, (month, number)))
        tables = read_tables(self.store, instance.code, month, number)
        if tables is None:
            made = replace(tables_of(instance, month, ended, self.directory, told), number=number)
            tables = publishable(made, told)
            write_tables(self.store, tables)
        newest = {each.month: each for each in sorted([*told, tables], key=lambda each: each.number)}
        first = add_months(month, 1 - HISTORY)
        return [newest[each] for each in sorted(newest) if first <= each <= month]

    def _counted(self, instance: Agency, month: str) -> bool:
        counted = read_counted(self.store, instance.code)
        return counted is not None and month_of(counted) > month

    def _before(self, month: str) -> Edition | None:
        """Return the newest edition of an earlier month, whose history continues."""
        known = [(name, number) for name, number in list_editions(self.store) if name < month]
        return read_edition(self.store, *max(known)) if known else None

"""Instances beside their peers: who is compared with whom, in which order, and with which edition before.

All of it follows from the instances' places in the editions, as everybody has them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from barometer_sentences import Base, base_of

from functions.casework.barometer.edition import Edition, Place, Published
from functions.casework.barometer.months import add_months
from functions.casework.barometer.national import Kind, Quartiles, Size, middle_share, quartiles, size_of
from functions.casework.barometer.national_edition import Member, Sums, instances, members, sums
from functions.casework.directory.agencies import Directory

YEAR, APART = 12, 3  # months: what a trend compares with, and the least between two editions that it compares


class Row(NamedTuple):
    """An instance in the newest edition: its place, the reports of its yearly numbers, its class (None: not compared),
    and its place in the edition compared with."""

    member: Member
    place: Place
    base: Base | None
    size: Size | None
    before: Place | None

    @property
    def days(self) -> int | None:
        """Working days until half is answered; None if that is not reached."""
        value = self.place.values["answer_median"]
        return value if isinstance(value, int) else None

    @property
    def group(self) -> tuple[Kind, Size | None]:
        """With whom it is compared."""
        return self.member.kind, self.size


@dataclass(frozen=True)
class Country:
    """The editions of all instances, newest first, as the pages compare them. None is no country."""

    editions: tuple[Edition, ...]
    directory: Directory
    _known: dict[str, "Country"] = field(default_factory=dict, repr=False, compare=False)

    def at(self, edition: Edition) -> "Country":
        """Return the country as it was when an edition was the newest one: later ones change nothing in it."""
        if edition.month not in self._known:
            until = self.editions[self.editions.index(edition) :]
            self._known[edition.month] = Country(until, self.directory, self._known)
        return self._known[edition.month]

    @property
    def newest(self) -> Edition:
        """The edition that is shown."""
        return self.editions[0]

    @cached_property
    def members(self) -> Mapping[str, Member]:
        """Every instance that ever stood in an edition, by code."""
        return members(self.editions, self.directory)

    @cached_property
    def places(self) -> Mapping[str, Mapping[str, Place]]:
        """The instances of each month by code."""
        return {edition.month: {place.code: place for place in instances(edition)} for edition in self.editions}

    @cached_property
    def sums(self) -> Mapping[str, Sums]:
        """The audited sums of each month."""
        return {edition.month: sums(edition, self.members) for edition in self.editions}

    @cached_property
    def before(self) -> Edition | None:
        """The edition that the newest is compared with: a year before, else the oldest that is not too near."""
        known = {edition.month: edition for edition in self.editions}
        oldest = self.editions[-1]
        near = oldest.month > add_months(self.newest.month, -APART)
        return known.get(add_months(self.newest.month, -YEAR)) or (None if near else oldest)

    @cached_property
    def rows(self) -> Mapping[str, Row]:
        """The instances of the newest edition by code."""
        earlier = self.places[self.before.month] if self.before else {}
        return {
            code: self._row(place, earlier.get(code)) for code, place in sorted(self.places[self.newest.month].items())
        }

    def _row(self, place: Place, before: Place | None) -> Row:
        base = base_of(self.newest, place)
        compared = base is not None and place.values.get("answer_known")
        return Row(self.members[place.code], place, base, size_of(base.count) if base and compared else None, before)

    @cached_property
    def groups(self) -> Mapping[tuple[Kind, Size], Sequence[Row]]:
        """Those that are compared, by kind and class, who answers fastest first."""
        found: dict[tuple[Kind, Size], list[Row]] = {(kind, size): [] for kind in Kind for size in reversed(Size)}
        for row in self.rows.values():
            if row.size:
                found[row.member.kind, row.size].append(row)
        return {group: sorted(rows, key=_order) for group, rows in found.items() if rows}

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """The rank of each instance in its group; those with as many days share one."""
        found: dict[str, int] = {}
        for rows in self.groups.values():
            days = [_late(row) for row in rows]
            found |= {row.member.code: days.index(late) + 1 for row, late in zip(rows, days, strict=True)}
        return found

    @cached_property
    def gone(self) -> Sequence[Member]:
        """Those that the newest edition does not have any more."""
        return [member for member in self.members.values() if member.last < self.newest.month]

    def within(self, province: str) -> list[Row]:
        """Return the instances of a province, its own government first."""
        found = [row for row in self.rows.values() if row.member.province == province]
        return sorted(found, key=lambda row: (row.member.kind is not Kind.PROVINCE, row.place.name))


def _late(row: Row) -> tuple[bool, int]:
    return row.days is None, row.days or 0


def _order(row: Row) -> tuple[tuple[bool, int], str]:
    return _late(row), row.place.name


def spread(rows: Iterable[Row]) -> Quartiles | None:
    """Return the quartiles of days until an answer of those that are compared."""
    return quartiles([row.days for row in rows if row.size])


def usual_share(rows: Iterable[Row]) -> tuple[Published, int]:
    """Return the share on time that half of the compared reach at least, and how many publish one."""
    shares = [value for row in rows if row.size and (value := row.place.values.get("on_time")) is not None]
    return middle_share(shares), len(shares)

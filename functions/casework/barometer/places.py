"""From a month's end to an edition: the tables that the audit takes, and the places as they are published.

A place has counts of the month as its instance's tables tell them (``disclosure``), and, of what came in within twelve
months, medians and shares as ``shown`` lets them be told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from functions.casework.agencies import Agency, AgencyKind, Directory
from functions.casework.barometer import disclosure as law
from functions.casework.barometer.cells import Cell, Cells
from functions.casework.barometer.disclosure import ALL, KINDS, OTHER, TOTAL, Menu, Printed, Quiet, Veil
from functions.casework.barometer.edition import HIDDEN, Edition, Month, Place, Published
from functions.casework.barometer.measures import CHECKPOINTS, rate
from functions.casework.barometer.months import add_months
from functions.casework.barometer.quality import Office, qualities
from functions.casework.barometer.shown import Known, Share, Shown, Told, curve_of, known, share_of, shown
from functions.casework.barometer.sums import AGES, Count, Sums

HISTORY = 12
BY_AGENCY = (Menu.RECEIVED_AGENCY, Menu.CLOSED_AGENCY, Menu.OPEN_AGENCY)
CURVE = (0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90)  # working days at which the curve is told
PER_CENT = 100
# Which rows of which tables tell how many came in and how many were closed.
TOLD: Mapping[str, tuple[Menu, Menu | None]] = {
    "instance": (Menu.RECEIVED, Menu.CLOSED),
    "agency": (Menu.RECEIVED_AGENCY, Menu.CLOSED_AGENCY),
    "topic": (Menu.RECEIVED_TOPIC, None),
    "district": (Menu.RECEIVED_DISTRICT, None),
}


class Ended(NamedTuple):
    """An instance at a month's end: sums of the year's cohorts, of what was closed or open, and of what came in."""

    cohorts: Cells
    month: Cells
    received: Cells


def quiet_of(instance: Agency, directory: Directory) -> Quiet:
    """What no table of a month names."""
    topics = frozenset(topic.code for topic in directory.topics.values() if topic.sensitive)
    return Quiet(topics, frozenset({instance.inspectorate} - {""}))


def tables_of(
    instance: Agency, month: str, ended: Ended, directory: Directory, earlier: Iterable[law.Edition] = ()
) -> law.Edition:
    """The tables of a month, not audited yet. ``earlier`` are the instance's published ones. Raises ValueError where
    the sums contradict each other."""
    quiet = quiet_of(instance, directory)
    counts: dict[Menu, dict[law.Cell, int]] = {}
    for menu, row, column, count in (*_received(ended.received, quiet), *_standing(ended.month, quiet)):
        table = counts.setdefault(menu, {})
        if count:
            table[row, column] = table.get((row, column), 0) + count
    return law.assemble(instance.code, month, _rows(instance, directory, quiet), counts, earlier)


def places_of(
    instance: Agency, year: Sequence[law.Edition], ended: Ended, directory: Directory, earlier: Edition | None
) -> tuple[Place, ...]:
    """An instance's places as they are published: itself, its agencies, topics and districts; each with the history
    that the edition before gave it. ``year`` are the audited tables of the months whose reports are in the sums of a
    year, the last of them this edition's."""
    quiet, districts = quiet_of(instance, directory), directory.districts
    named = [
        (Cell("instance", instance.code), instance.name, ""),
        *((Cell("agency", each.code), each.name, "") for each in _agencies(instance, directory)),
        *((Cell("topic", each.code), each.name, each.name_en) for each in directory.topics.values()),
        *((Cell("district", code), districts[code].name, "") for code in _districts(instance, directory)),
    ]
    told = _Telling(year, law.public(year[-1]), ended)
    found = [
        told.place(cell, instance.code, name, english)
        for cell, name, english in named
        if cell.code not in (quiet.topics if cell.level == "topic" else quiet.agencies)
    ]
    return tuple(_with_history(place, year[-1].month, earlier) for place in _compared(found, told))


def _received(cells: Cells, quiet: Quiet) -> Iterator[tuple[Menu, str, str, int]]:
    for (level, code), sums in cells.items():
        if level == "instance":
            yield Menu.RECEIVED, ALL, ALL, sums[Count.RECEIVED]
        elif level == "agency":
            yield Menu.RECEIVED_AGENCY, OTHER if code in quiet.agencies else code, ALL, sums[Count.RECEIVED]
        else:
            sensitive = level == "topic" and code in quiet.topics
            menu = Menu.RECEIVED_TOPIC if level == "topic" else Menu.RECEIVED_DISTRICT
            for kind in KINDS:
                yield menu, OTHER if sensitive else code, kind, sums[Count(kind)]
            if sensitive:
                yield Menu.SENSITIVE, code, ALL, sums[Count.RECEIVED]


def _standing(cells: Cells, quiet: Quiet) -> Iterator[tuple[Menu, str, str, int]]:
    for (level, code), sums in cells.items():
        if level == "instance":
            yield Menu.CLOSED, ALL, ALL, sums[Count.CLOSED]
            yield Menu.OPEN, ALL, ALL, sums[Count.OPEN]
        elif level == "agency":
            row = OTHER if code in quiet.agencies else code
            yield Menu.CLOSED_AGENCY, row, ALL, sums[Count.CLOSED]
            for band in AGES:
                yield Menu.OPEN_AGENCY, row, band.value, sums[band]


def _rows(instance: Agency, directory: Directory, quiet: Quiet) -> dict[Menu, tuple[str, ...]]:
    """The rows of each table, with "Lainnya" where something is not to be named."""
    agencies = [each.code for each in _agencies(instance, directory) if each.code not in quiet.agencies]
    topics = [topic for topic in directory.topics if topic not in quiet.topics]
    other = {True: (OTHER,), False: ()}
    return {
        Menu.RECEIVED_DISTRICT: tuple(_districts(instance, directory)),
        Menu.RECEIVED_TOPIC: (*topics, *other[bool(quiet.topics)]),
        Menu.SENSITIVE: tuple(sorted(quiet.topics)),
        **{menu: (*agencies, *other[bool(quiet.agencies)]) for menu in BY_AGENCY},
    }


def _agencies(instance: Agency, directory: Directory) -> tuple[Agency, ...]:
    """Who may hold a case of an instance: its sorting desk, its units, the desk above."""
    above = [directory.agencies[code] for code in directory.lineage(instance.code)[1:]]
    return (instance, *directory.units(instance.code), *(each for each in above if each.kind is AgencyKind.CENTRE))


def _districts(instance: Agency, directory: Directory) -> list[str]:
    return [code for code in directory.districts if directory.instance_of_district(code) == instance]


@dataclass(frozen=True, slots=True)
class _Telling:
    """What is told of an instance's cells."""

    year: Sequence[law.Edition]
    tables: Mapping[str, Mapping[str, Mapping[str, Printed]]]
    ended: Ended

    def place(self, cell: Cell, instance: str, name: str, name_en: str) -> Place:
        """One place; its month has no name yet."""
        counts, what = self.counts(cell), self.known(cell)
        month, now = self.ended.month.get(cell, Sums()), self.known(cell, self.year[-1:])
        of_month = rate(month[Count.ON_TIME], month[Count.FELL_DUE]) if TOLD[cell.level][1] else None
        on_time = _share(share_of(of_month, now.closed))
        told = self.shown(cell)
        curve = curve_of(self.ended.cohorts.get(cell, Sums()).resolve, what.received, CURVE)
        return Place(
            cell.level,
            cell.code,
            name,
            name_en,
            instance,
            counts | values_of(told),
            (Month("", counts["received"], counts["closed"], on_time),),
            tuple((day, share / PER_CENT) for day, share in curve if isinstance(share, int)),
            self.ages(cell),
            {outcome.value: _share(share) for outcome, share in told.mix.items()},
        )

    def shown(self, cell: Cell) -> Shown:
        """The measures of a cell as they may be told."""
        return shown(self.ended.cohorts.get(cell, Sums()), self.known(cell))

    def known(self, cell: Cell, year: Sequence[law.Edition] | None = None) -> Known:
        """How many there are at least, as everybody can work out."""
        received, closed = TOLD[cell.level]
        row = TOTAL if cell.level == "instance" else cell.code
        return known(self.year if year is None else year, (received, row), (closed, row) if closed else None)

    def counts(self, cell: Cell) -> dict[str, Published]:
        """The counts of the month that the tables tell of a place."""
        if cell.level == "instance":
            menus = (Menu.RECEIVED, Menu.CLOSED, Menu.OPEN)
            names = ("received", "closed", "open")
            return {name: self._told(menu, TOTAL, TOTAL) for name, menu in zip(names, menus, strict=True)}
        if cell.level == "agency":
            return {
                "received": self._told(Menu.RECEIVED_AGENCY, cell.code, ALL),
                "closed": self._told(Menu.CLOSED_AGENCY, cell.code, ALL),
                "open": self._told(Menu.OPEN_AGENCY, cell.code, TOTAL),
            }
        return {"received": self._told(TOLD[cell.level][0], cell.code, TOTAL), "closed": None, "open": None}

    def ages(self, cell: Cell) -> dict[str, Published]:
        """What is open, by age."""
        row = TOTAL if cell.level == "instance" else cell.code
        if cell.level not in ("instance", "agency") or row not in self.tables.get(Menu.OPEN_AGENCY.value, {}):
            return {}
        return {band.value: self._told(Menu.OPEN_AGENCY, row, band.value) for band in AGES}

    def _told(self, menu: Menu, row: str, column: str) -> Published:
        number = self.tables.get(menu.value, {}).get(row, {}).get(column)
        if number is Veil.SMALL:
            return HIDDEN
        return number if isinstance(number, int) else None


def values_of(told: Shown) -> dict[str, Published]:
    """The medians and shares of a place by the names of ``Place.values``."""
    waiting = told.resolve.waiting if told.resolve else (None,) * len(CHECKPOINTS)
    return {
        **_spell("answer", told.answer),
        **_spell("finish", told.resolve),
        **{f"open_{day}": _share(share) for day, share in zip(CHECKPOINTS, waiting, strict=True)},
        "on_time": _share(told.on_time),
        "reopened": _share(told.reopened),
        "appealed": _share(told.appealed),
        "upheld": _share(told.upheld),
        "transferred": _share(told.transferred),
        "lapsed": _share(told.lapsed),
        "confirmed": _share(told.confirmed),
        "rated": _share(told.rated),
        "satisfied": _share(told.satisfied),
        **dict.fromkeys(("index", "group", "standing")),
    }


def nothing_told() -> dict[str, Published]:
    """The values of a place of which nothing may be told."""
    return {"received": None, "closed": None, "open": None} | values_of(shown(Sums(), Known(0, 0)))


def _spell(name: str, told: Told | None) -> dict[str, Published]:
    """A median that is there but not reached is "known" and None."""
    return {
        f"{name}_known": told is not None,
        f"{name}_median": told.median if told else None,
        f"{name}_low": told.low if told else None,
        f"{name}_high": told.high if told else None,
        f"{name}_p90": told.tail if told else None,
    }


def _share(share: Share) -> Published:
    if share is Veil.SMALL:
        return HIDDEN
    return share / PER_CENT if isinstance(share, int) else None


def _compared(places: Sequence[Place], told: _Telling) -> Iterator[Place]:
    """The places, agencies that can be compared with their index."""
    cells = [Cell(*place.key) for place in places if place.level == "agency"]
    offices = [Office(cell.code, told.known(cell), told.shown(cell)) for cell in cells]
    found = {each.code: each for each in qualities(offices)}
    for place in places:
        quality = found.get(place.code) if place.level == "agency" else None
        if quality is None:
            yield place
        else:
            index = {"index": quality.index, "group": quality.group.value, "standing": quality.standing.value}
            yield replace(place, values={**place.values, **index})


def _with_history(place: Place, month: str, earlier: Edition | None) -> Place:
    """The place with the months before as they were published, and its own name for this one."""
    before = earlier.place(place.level, place.code) if earlier else None
    history = {each.month: each for each in before.months} if before else {}
    history[month] = replace(place.months[0], month=month)
    names = [add_months(month, back) for back in range(1 - HISTORY, 1)]
    return replace(place, months=tuple(history.get(name, Month(name)) for name in names if name >= min(history)))

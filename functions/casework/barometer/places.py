"""From a month's end to an edition: the tables that the audit takes, and the places as they are published.

A place has counts of the month as its instance's tables tell them (``disclosure``), and, of what came in within twelve
months, medians and shares without the counts behind them (``measures``).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from functions.casework.agencies import Agency, AgencyKind, Directory
from functions.casework.barometer import disclosure as law
from functions.casework.barometer.cells import Cell, Cells
from functions.casework.barometer.disclosure import ALL, KINDS, OTHER, TOTAL, Menu, Printed, Quiet, Veil
from functions.casework.barometer.edition import HIDDEN, Edition, Month, Place, Published
from functions.casework.barometer.measures import MIX, Measures, Rate, Spell, measures, rate
from functions.casework.barometer.months import add_months
from functions.casework.barometer.sums import AGES, Count, Sums
from functions.casework.barometer.survival import curve, open_after

HISTORY = 12
BY_AGENCY = (Menu.RECEIVED_AGENCY, Menu.CLOSED_AGENCY, Menu.OPEN_AGENCY)
STEPS = 20  # shares are told in steps of 5 %
CURVE = (0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90)  # working days at which the curve is told
Tables = Mapping[str, Mapping[str, Mapping[str, Printed]]]


class Ended(NamedTuple):
    """An instance at a month's end: sums of the year's cohorts, of what was closed or open, and of what came in."""

    cohorts: Cells
    month: Cells
    received: Cells


def nothing_told() -> dict[str, Published]:
    """The values of a place of which nothing may be told."""
    return {"received": None, "closed": None, "open": None} | _values(measures(Sums()))


def quiet_of(instance: Agency, directory: Directory) -> Quiet:
    """What no table of a month names."""
    topics = frozenset(topic.code for topic in directory.topics.values() if topic.sensitive)
    return Quiet(topics, frozenset({instance.inspectorate} - {""}))


def tables_of(instance: Agency, month: str, ended: Ended, directory: Directory) -> law.Edition:
    """The tables of a month, not audited yet."""
    quiet = quiet_of(instance, directory)
    counts: dict[Menu, dict[law.Cell, int]] = {}
    for menu, row, column, count in (*_received(ended.received, quiet), *_standing(ended.month, quiet)):
        table = counts.setdefault(menu, {})
        if count:
            table[row, column] = table.get((row, column), 0) + count
    return law.Edition(instance.code, month, _rows(instance, directory, quiet, counts), counts)


def places_of(
    instance: Agency, tables: Tables, ended: Ended, directory: Directory, month: str, earlier: Edition | None
) -> tuple[Place, ...]:
    """An instance's places as they are published: itself, its agencies, topics and districts; each with the history
    that the edition before gave it."""
    quiet, districts = quiet_of(instance, directory), directory.districts
    named = [
        (Cell("instance", instance.code), instance.name, ""),
        *((Cell("agency", each.code), each.name, "") for each in _agencies(instance, directory)),
        *((Cell("topic", each.code), each.name, each.name_en) for each in directory.topics.values()),
        *((Cell("district", code), districts[code].name, "") for code in _districts(instance, directory)),
    ]
    found = (
        _place(cell, instance.code, (name, english), tables, ended)
        for cell, name, english in named
        if cell.code not in (quiet.topics if cell.level == "topic" else quiet.agencies)
    )
    return tuple(_with_history(place, month, earlier) for place in found)


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


def _rows(
    instance: Agency, directory: Directory, quiet: Quiet, counts: Mapping[Menu, Mapping[law.Cell, int]]
) -> dict[Menu, tuple[str, ...]]:
    """The rows of each table: what the directory has, and what was counted though the directory has it no more."""
    agencies = [agency.code for agency in _agencies(instance, directory)]
    topics = list(directory.topics)
    listed: dict[Menu, Iterable[str]] = {
        Menu.RECEIVED_DISTRICT: _districts(instance, directory),
        Menu.RECEIVED_TOPIC: [topic for topic in topics if topic not in quiet.topics],
        Menu.SENSITIVE: [topic for topic in topics if topic in quiet.topics],
        **{menu: [code for code in agencies if code not in quiet.agencies] for menu in BY_AGENCY},
    }
    seen = {menu: [row for row, _column in counts.get(menu, {}) if row != OTHER] for menu in listed}
    return {menu: tuple(dict.fromkeys((*rows, *sorted(seen[menu])))) for menu, rows in listed.items()}


def _agencies(instance: Agency, directory: Directory) -> tuple[Agency, ...]:
    """Who may hold a case of an instance: its sorting desk, its units, the desk above."""
    above = [directory.agencies[code] for code in directory.lineage(instance.code)[1:]]
    return (instance, *directory.units(instance.code), *(each for each in above if each.kind is AgencyKind.CENTRE))


def _districts(instance: Agency, directory: Directory) -> list[str]:
    return [code for code in directory.districts if directory.instance_of_district(code) == instance]


def _place(cell: Cell, instance: str, names: tuple[str, str], tables: Tables, ended: Ended) -> Place:
    cohorts, month = ended.cohorts.get(cell, Sums()), ended.month.get(cell, Sums())
    counts = _counts(cell, tables)
    found = measures(cohorts)
    told = rate(month[Count.ON_TIME], month[Count.FELL_DUE]) if cell.level in ("instance", "agency") else None
    return Place(
        cell.level,
        cell.code,
        *names,
        instance,
        counts | _values(found),
        (Month("", counts["received"], counts["closed"], _share(told)),),
        _curve(cohorts, found),
        _ages(cell, tables),
        {outcome.value: _share(found.mix.get(outcome)) for outcome in MIX} if found.mix else {},
    )


def _with_history(place: Place, month: str, earlier: Edition | None) -> Place:
    """The place with the months before as they were published, and its own name for this one."""
    before = earlier.place(place.level, place.code) if earlier else None
    known = {each.month: each for each in before.months} if before else {}
    now = place.months[0]
    known[month] = Month(month, now.received, now.closed, now.on_time)
    names = [add_months(month, back) for back in range(1 - HISTORY, 1)]
    months = tuple(known.get(name, Month(name)) for name in names if name >= min(known))
    return Place(**{name: getattr(place, name) for name in Place.__slots__} | {"months": months})


def _counts(cell: Cell, tables: Tables) -> dict[str, Published]:
    """The counts of the month that the tables tell of a place."""

    def told(menu: Menu, row: str, column: str) -> Published:
        return _printed(tables.get(menu.value, {}).get(row, {}).get(column))

    if cell.level == "instance":
        menus = (Menu.RECEIVED, Menu.CLOSED, Menu.OPEN)
        received, closed, still = (told(menu, TOTAL, TOTAL) for menu in menus)
        return {"received": received, "closed": closed, "open": still}
    if cell.level == "agency":
        return {
            "received": told(Menu.RECEIVED_AGENCY, cell.code, ALL),
            "closed": told(Menu.CLOSED_AGENCY, cell.code, ALL),
            "open": told(Menu.OPEN_AGENCY, cell.code, TOTAL),
        }
    menu = Menu.RECEIVED_TOPIC if cell.level == "topic" else Menu.RECEIVED_DISTRICT
    return {"received": told(menu, cell.code, TOTAL), "closed": None, "open": None}


def _ages(cell: Cell, tables: Tables) -> dict[str, Published]:
    rows = tables.get(Menu.OPEN_AGENCY.value, {})
    if cell.level not in ("instance", "agency"):
        return {}
    row = rows.get(TOTAL if cell.level == "instance" else cell.code, {})
    return {band.value: _printed(row.get(band.value)) for band in AGES} if row else {}


def _printed(number: Printed | None) -> Published:
    if number is Veil.SMALL:
        return HIDDEN
    return number if isinstance(number, int) else None


def _values(found: Measures) -> dict[str, Published]:
    return {
        **_spell("answer", found.answer),
        **_spell("finish", found.resolve),
        "on_time": _share(found.on_time),
        "reopened": _share(found.reopened),
        "appealed": _share(found.appealed),
        "upheld": _share(found.upheld),
        "transferred": _share(found.transferred),
        "lapsed": _share(found.lapsed),
        "confirmed": _share(found.confirmed),
        "rated": _share(found.rated),
        "satisfied": _share(found.satisfied),
    }


def _spell(name: str, spell: Spell | None) -> dict[str, Published]:
    """A median that is there but not reached is "known" and None."""
    waiting = {day: point.share for day, point in spell.waiting.items()} if spell and spell.tail else {}
    still = {f"open_{day}": _stepped(waiting.get(day)) for day in (30, 60, 90)} if name == "finish" else {}
    return {
        f"{name}_known": bool(spell),
        f"{name}_median": spell.median.day if spell else None,
        f"{name}_low": spell.median.low if spell else None,
        f"{name}_high": spell.median.high if spell else None,
        f"{name}_p90": spell.tail.day if spell and spell.tail else None,
        **still,
    }


def _curve(sums: Sums, found: Measures) -> tuple[tuple[int, float], ...]:
    """The curve of resolution in coarse steps; none of fewer than its 90th percentile takes."""
    if found.resolve is None or found.resolve.tail is None:
        return ()
    points = curve(sums.resolve)
    return tuple((day, round(open_after(points, day).share * STEPS) / STEPS) for day in CURVE)


def _share(found: Rate | None) -> Published:
    return _stepped(found.share) if found else None


def _stepped(share: float | None) -> Published:
    return None if share is None else round(share * STEPS) / STEPS

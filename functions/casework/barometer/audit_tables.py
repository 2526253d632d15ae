"""From a month's end to the tables that the audit takes: which count stands in which row of which table."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from functions.casework.barometer import disclosure as law
from functions.casework.barometer.cells import Cells
from functions.casework.barometer.counts import AGES, Count
from functions.casework.barometer.disclosure import ALL, KINDS, OTHER, Menu, Quiet
from functions.casework.directory.agencies import Agency, AgencyKind, Directory

BY_AGENCY = (Menu.RECEIVED_AGENCY, Menu.CLOSED_AGENCY, Menu.OPEN_AGENCY)


class Ended(NamedTuple):
    """An instance at a month's end: sums of the year's cohorts, of closed and open cases, and of what came in."""

    cohorts: Cells
    month: Cells
    received: Cells


def quiet_of(instance: Agency, directory: Directory) -> Quiet:
    """Return what no table of a month names."""
    topics = frozenset(topic.code for topic in directory.topics.values() if topic.sensitive)
    return Quiet(topics, frozenset({instance.inspectorate} - {""}))


def tables_of(
    instance: Agency, month: str, ended: Ended, directory: Directory, earlier: Iterable[law.Edition] = ()
) -> law.Edition:
    """Return the tables of a month before the audit. ``earlier`` are the instance's published ones.

    Raises ValueError if the sums contradict each other.
    """
    quiet = quiet_of(instance, directory)
    counts: dict[Menu, dict[law.Cell, int]] = {}
    for menu, row, column, count in (*_received(ended.received, quiet), *_standing(ended.month, quiet)):
        table = counts.setdefault(menu, {})
        if count:
            table[row, column] = table.get((row, column), 0) + count
    return law.assemble(instance.code, month, _rows(instance, directory, quiet), counts, earlier)


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
    """Return the rows of each table, with "Lainnya" if something must not be named."""
    agencies = [each.code for each in agencies_of(instance, directory) if each.code not in quiet.agencies]
    topics = [topic for topic in directory.topics if topic not in quiet.topics]
    other = {True: (OTHER,), False: ()}
    return {
        Menu.RECEIVED_DISTRICT: tuple(districts_of(instance, directory)),
        Menu.RECEIVED_TOPIC: (*topics, *other[bool(quiet.topics)]),
        Menu.SENSITIVE: tuple(sorted(quiet.topics)),
        **{menu: (*agencies, *other[bool(quiet.agencies)]) for menu in BY_AGENCY},
    }


def agencies_of(instance: Agency, directory: Directory) -> tuple[Agency, ...]:
    """Return who may hold a case of an instance: its sorting desk, its units, the desk above."""
    above = [directory.agencies[code] for code in directory.lineage(instance.code)[1:]]
    return (instance, *directory.units(instance.code), *(each for each in above if each.kind is AgencyKind.CENTRE))


def districts_of(instance: Agency, directory: Directory) -> list[str]:
    """Return the codes of an instance's districts."""
    return [code for code in directory.districts if directory.instance_of_district(code) == instance]

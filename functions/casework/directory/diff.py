"""What an import would change, entry by entry and field by field."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from functions.casework.directory.agencies import Agency, AgencyKind, Directory
from functions.casework.directory.check import Checked
from functions.casework.directory.tables import AGENCIES, DISTRICTS, HOLIDAYS, OFFICERS, TOPICS, VILLAGES


class What(StrEnum):
    """What happens to an entry."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    MOVED = "moved"


# What a trail tells of an entry that comes or goes, and in which column the agency stands that it concerns.
TOLD: Mapping[str, tuple[str, ...]] = {
    AGENCIES: ("name", "level", "parent", "once_below", "spoken"),
    TOPICS: ("name", "unit"),
    DISTRICTS: ("name",),
    VILLAGES: ("name",),
    OFFICERS: ("agency", "role"),
}
PLACE: Mapping[str, str] = {AGENCIES: "code", TOPICS: "unit", OFFICERS: "agency"}


@dataclass(frozen=True, slots=True)
class Change:
    """One entry's change. ``fields`` are the changed ones, each with its old and new value.

    MOVED stands once for a table whose entries only change their order, which is the order on the pages.
    """

    table: str
    code: str
    what: What
    fields: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def __str__(self) -> str:
        if self.what is What.MOVED:
            return f"{self.table}: another order"
        told = "".join(f"; {name}: {old or '–'} → {new or '–'}" for name, (old, new) in self.fields.items())
        return f"{self.table}: {self.what} {self.code}{told}"


def diff(old: Checked, new: Checked) -> tuple[Change, ...]:
    """Return the changes from ``old`` to ``new``: for each table what is added, changed, removed, moved."""
    before, after = _tables(old), _tables(new)
    return tuple(change for table in before for change in _changes(table, before[table], after[table]))


def in_full(changes: Iterable[Change], old: Checked, new: Checked) -> tuple[Change, ...]:
    """Return the changes with what matters of entries that come or go, so that a trail has it when they are gone. No
    address is told."""
    tables = _tables(old), _tables(new)
    return tuple(_in_full(each, tables) if each.what in (What.ADDED, What.REMOVED) else each for each in changes)


def _in_full(change: Change, tables: Sequence[Mapping[str, Mapping[str, Any]]]) -> Change:
    told = {}
    for name in TOLD.get(change.table, ()):
        before, after = (str(getattr(each[change.table].get(change.code), name, "")) for each in tables)
        if before or after:
            told[name] = (before, after)
    return Change(change.table, change.code, change.what, told)


def by_instance(changes: Iterable[Change], old: Checked, new: Checked) -> dict[str, list[Change]]:
    """Return the changes by the instance that they concern, "" for all. Another order decides nothing and is left out;
    of an instance that is new, nobody there has to be told."""
    sides = [(each.directory, _tables(each)) for each in (old, new)]
    found: dict[str, list[Change]] = {}
    for change in changes:
        if change.what is not What.MOVED:
            for instance in _concerned(change, sides) or [""]:
                if not instance or instance in old.directory.agencies:
                    found.setdefault(instance, []).append(change)
    return found


def _concerned(change: Change, sides: Sequence[tuple[Directory, Mapping[str, Mapping[str, Any]]]]) -> list[str]:
    """Return the instances of the agencies that a change names; none for what belongs to the nation, as topics do but
    for their unit."""
    if change.table not in PLACE or (change.table == TOPICS and set(change.fields) != {"unit"}):
        return []
    found: dict[str, None] = {}
    for directory, tables in sides:
        agency = getattr(tables[change.table].get(change.code), PLACE[change.table], "")
        instance = directory.instance_of(agency) if agency in directory.agencies else None
        if agency:
            found[instance.code if instance else ""] = None
    return list(found)


def voided(old: Checked, new: Checked) -> tuple[str, ...]:
    """Return whose links an import voids, as subjects of revocations.

    These are removed agencies, removed officers, and officers whose agency, role or address changes.
    """
    later = {officer.ident: officer for officer in new.officers}
    officers = [f"officer:{o.ident}" for o in old.officers if later.get(o.ident) != o]
    gone = [f"agency:{code}" for code in old.directory.agencies if code not in new.directory.agencies]
    return (*officers, *gone)


def uprooted(old: Directory, new: Directory) -> tuple[Agency, ...]:
    """Return agencies that an import removes, turns into another kind, or moves to another instance.

    Otherwise the cases they hold would be nobody's, or somebody else's.
    """
    return tuple(agency for agency in old.agencies.values() if _uprooted(agency, old, new))


def _uprooted(agency: Agency, old: Directory, new: Directory) -> bool:
    later = new.agencies.get(agency.code)
    if later is None or later.kind is not agency.kind:
        return True
    if agency.kind is not AgencyKind.UNIT:
        return False
    before, after = old.instance_of(agency.code), new.instance_of(agency.code)
    return (before.code if before else "") != (after.code if after else "")


def _tables(checked: Checked) -> dict[str, Mapping[str, Any]]:
    return {
        AGENCIES: checked.directory.agencies,
        TOPICS: checked.directory.topics,
        DISTRICTS: checked.directory.districts,
        VILLAGES: checked.directory.villages,
        HOLIDAYS: {day.isoformat(): day for day in sorted(checked.holidays)},
        OFFICERS: {officer.ident: officer for officer in checked.officers},
    }


def _changes(table: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for code, entry in new.items():
        if code not in old:
            yield Change(table, code, What.ADDED)
        elif entry != old[code]:
            yield Change(table, code, What.CHANGED, _fields(old[code], entry))
    yield from (Change(table, code, What.REMOVED) for code in old if code not in new)
    if table != OFFICERS and _kept(old, new) != _kept(new, old):
        yield Change(table, "", What.MOVED)


def _fields(old: Any, new: Any) -> dict[str, tuple[str, str]]:
    pairs = {each.name: (getattr(old, each.name), getattr(new, each.name)) for each in fields(old)}
    return {name: (_said(before), _said(after)) for name, (before, after) in pairs.items() if before != after}


def _said(value: Any) -> str:
    return str(value) if not isinstance(value, bool) else "yes" if value else "no"


def _kept(these: Mapping[str, Any], others: Mapping[str, Any]) -> Sequence[str]:
    return [code for code in these if code in others]

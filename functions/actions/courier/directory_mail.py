"""Who is told by mail what changed in the directory, and of which changes.

The inspectorate and the overseer watch over who may be accused under which name; a unit learns that its name changed.
The notice holds no word of the change: it is read in the trail, which holds no address and no word of a case.

Tests: ``tests/doors/test_instance_names.py``.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from functions.casework.directory.agencies import Agency, Directory, Officer, Role
from functions.casework.directory.diff import Change
from functions.casework.directory.tables import AGENCIES, OFFICERS
from functions.casework.directory.trail import IMPORTS, Entry, Trail
from functions.delivery.directory_lines import lines_of
from functions.storage.interface import OutboxEntry, Registers
from functions.storage.registers.directory_trail import read_trail

READERS = (Role.INSPECTOR, Role.OFFICER)
BY_OPS = "pengelola sistem"


@dataclass(frozen=True, slots=True)
class Told:
    """One letter: to whom, about which instance, what was changed, and the trail's entry with who did it and when."""

    officer: Officer
    instance: Agency
    changes: tuple[Change, ...]
    by: str
    on: date

    @property
    def name(self) -> str:
        """The recipient in the outbox entry's ``delivered``: an overseer at the centre watches several instances."""
        return f"{self.officer.ident}@{self.instance.code}"

    def entry(self, entry: OutboxEntry) -> OutboxEntry:
        """Return the notice as this letter's own: its instance's keys sign the link."""
        return replace(entry, entry_id=f"{entry.entry_id}-{self.instance.code}", instance=self.instance.code)

    def facts(self, say_day: Callable[[date], str]) -> Mapping[str, str]:
        """Return what fills the letter."""
        by = BY_OPS if self.by == IMPORTS else self.by
        return {
            "by": by,
            "on": say_day(self.on),
            "whose": self.instance.name,
            "lines": "\n".join(lines_of(self.changes)),
        }


def who_is_told(
    entry: OutboxEntry, store: Registers, directory: Directory, officers: Iterable[Officer]
) -> Iterator[Told]:
    """Yield the letters of a DIRECTORY_CHANGED. Raises StorageError."""
    trail = read_trail(store, entry.agency)[1]
    entries = trail.told(entry.count)
    staff: dict[str, list[Officer]] = defaultdict(list)
    for officer in officers:
        staff[officer.agency].append(officer)
    for instance in directory.instances() if entries else ():
        changes = tuple(_of_instance(instance.code, trail, entries))
        watching = _watching(instance, staff, changes, desk=trail.instance != IMPORTS) if changes else ()
        for officer in watching:
            yield Told(officer, instance, changes, entries[0].by, entries[0].on)
        done = {officer.ident for officer in watching}
        for change in changes:
            if change.table == AGENCIES and "name" in change.fields:
                for officer in staff[change.code]:
                    if officer.role in READERS and officer.ident not in done:
                        yield Told(officer, instance, (change,), entries[0].by, entries[0].on)


def _of_instance(instance: str, trail: Trail, entries: Iterable[Entry]) -> Iterator[Change]:
    for entry in entries:
        if instance == trail.instance or (trail.instance == IMPORTS and entry.instance in ("", instance)):
            yield from entry.changes


def _watching(
    instance: Agency, staff: Mapping[str, list[Officer]], changes: Iterable[Change], *, desk: bool
) -> tuple[Officer, ...]:
    """Return inspectors and overseers; the level above watches where an instance has no overseer. Of an officer whom a
    coordinator asks for, the inspectorate is told when the request is carried out."""
    overseers = [officer for officer in staff.get(instance.code, ()) if officer.role is Role.OVERSEER]
    if not overseers:
        overseers = [officer for officer in staff.get(instance.parent, ()) if officer.role is Role.OVERSEER]
    if desk and all(change.table == OFFICERS for change in changes):
        return tuple(overseers)
    return (*(officer for officer in staff.get(instance.inspectorate, ()) if officer.role in READERS), *overseers)

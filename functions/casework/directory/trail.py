"""The trail of changes to the directory: who, on which day, what. Each instance has one for its desk; imports have one.

A hash links each entry to the one before, as with a case's events. It names officers by ident and holds no address.
"""

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from hmac import compare_digest
from typing import Any

from functions.casework.audit import directory_link
from functions.casework.directory.agencies import DirectoryError, FormerName
from functions.casework.directory.diff import Change, What
from functions.casework.directory.tables import AGENCIES, OFFICERS

IMPORTS = "@ops"  # the trail of imports, and who makes them: no code of an agency or officer looks like it


@dataclass(frozen=True, slots=True)
class Entry:
    """One change.

    Number ``n`` (1-based), its day, the ident of who made it, the directory's version after it (for a change of
    officers: the present version), and its link (32 bytes). ``instance`` says whom an entry in the trail of imports
    concerns; "" there means all.
    """

    n: int
    on: date
    by: str
    version: int
    changes: tuple[Change, ...]
    chain: bytes = b""
    instance: str = ""


@dataclass(frozen=True, slots=True)
class Trail:
    """The trail of one instance, or of imports (IMPORTS), oldest first."""

    instance: str
    entries: tuple[Entry, ...] = ()

    def with_entry(self, on: date, by: str, version: int, changes: Iterable[Change], instance: str = "") -> "Trail":
        """Return the trail with one more entry."""
        entry = Entry(len(self.entries) + 1, on, by, version, tuple(changes), instance=instance)
        linked = replace(entry, chain=self._link(entry, self.entries[-1].chain if self.entries else b""))
        return Trail(self.instance, (*self.entries, linked))

    def since(self, version: int) -> tuple[Entry, ...]:
        """Return what was changed after a version of the directory."""
        return tuple(entry for entry in self.entries if entry.version > version)

    def told(self, n: int) -> tuple[Entry, ...]:
        """Return what was written together, of which entry ``n`` is the first: an import concerns several instances."""
        first = self.entries[n - 1 : n]
        if not first or self.instance != IMPORTS:
            return first
        return tuple(entry for entry in self.entries[n - 1 :] if entry.version == first[0].version)

    def names(self) -> Iterator[FormerName]:
        """Yield the names that agencies lost, each up to the day of its entry."""
        for entry in self.entries:
            instance = entry.instance if self.instance == IMPORTS else self.instance
            for change in entry.changes:
                before, _ = change.fields.get("name", ("", ""))
                if change.table == AGENCIES and before:
                    where = instance if change.code != instance else ""
                    yield FormerName(change.code, before, entry.on.isoformat(), where)

    def broken(self) -> int | None:
        """Return the number of the first entry that is missing, out of place or altered; None if all hold."""
        previous = b""
        for n, entry in enumerate(self.entries, 1):
            if entry.n != n or not compare_digest(entry.chain, self._link(entry, previous)):
                return n
            previous = entry.chain
        return None

    def _link(self, entry: Entry, previous: bytes) -> bytes:
        return directory_link(previous, self.instance, _parts(entry))


def encode_trail(trail: Trail) -> bytes:
    """Return the register's body."""
    rows = [
        {"n": e.n, "on": e.on.isoformat(), "by": e.by, "version": e.version, "chain": e.chain.hex()}
        | {"changes": [[c.table, c.code, c.what, {k: list(v) for k, v in c.fields.items()}] for c in e.changes]}
        | ({"instance": e.instance} if e.instance else {})
        for e in trail.entries
    ]
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), 9)


def decode_trail(instance: str, body: bytes) -> Trail:
    """Parse a register's body. Raises DirectoryError."""
    try:
        return Trail(instance, tuple(_entry(row) for row in json.loads(zlib.decompress(body))))
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        raise DirectoryError(f"the trail of {instance} cannot be read") from error


def _entry(row: dict[str, Any]) -> Entry:
    changes = tuple(
        Change(table, code, What(what), {name: (old, new) for name, (old, new) in told.items()})
        for table, code, what, told in row["changes"]
    )
    return Entry(
        int(row["n"]),
        date.fromisoformat(row["on"]),
        row["by"],
        int(row["version"]),
        changes,
        bytes.fromhex(row["chain"]),
        row.get("instance", ""),
    )


def without_addresses(change: Change) -> Change:
    """Return a change of officers as a trail may tell it: that an address changed, and not from what to what."""
    if change.table != OFFICERS or "email" not in change.fields:
        return change
    return replace(change, fields={**change.fields, "email": ("*", "*")})


def _parts(entry: Entry) -> Iterator[str]:
    yield from (str(entry.n), entry.on.isoformat(), entry.by, str(entry.version), str(len(entry.changes)))
    for change in entry.changes:
        yield from (change.table, change.code, change.what, str(len(change.fields)))
        for name, (old, new) in change.fields.items():
            yield from (name, old, new)
    if entry.instance:
        yield entry.instance

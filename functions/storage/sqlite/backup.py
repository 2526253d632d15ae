"""Copy the SQLite file as it is at one moment, while others write to it, and check such a copy."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from functions.storage.interface import StorageError
from functions.storage.sqlite.engine import leave_side_files
from functions.storage.sqlite.schema import STEPS

SHREDDED_SINCE = 2  # the schema from which on a case can be a tombstone


def snapshot(path: Path, target: Path) -> None:
    """Copy the file at ``path`` with its write-ahead log; nobody waits for it. ``target`` must exist and be empty.

    The copy is written anew, each table in the order of its random keys, so no page tells which row came first, and
    nothing deleted is left between them. Raises StorageError."""
    if not path.exists():
        raise StorageError(f"{path} is not there: is DATA_DIR right?")
    try:
        with _opened(path) as source:
            source.execute("VACUUM INTO ?", (str(target),))  # sees one moment; the copy is one file, no log beside it
    finally:
        leave_side_files(path)


def check(path: Path) -> int:
    """Read every page of a copy, and return its schema's version. Raises StorageError if it is damaged or of a newer
    release."""
    with _opened(path) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version > len(STEPS):
            raise StorageError(f"the database is of a newer release (schema {version}, this one has {len(STEPS)})")
        if not version or [row[0] for row in db.execute("PRAGMA integrity_check")] != ["ok"]:
            raise StorageError("the database is damaged")
    return int(version)


def living_cases(path: Path) -> frozenset[str]:
    """Return the ids of the cases in a copy, tombstones left out."""
    with _opened(path) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        alive = "WHERE shredded = 0" if version >= SHREDDED_SINCE else ""
        return frozenset(row[0] for row in db.execute(f"SELECT case_id FROM cases {alive}"))  # noqa: S608 - our own


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            yield db
    except sqlite3.Error as error:
        raise StorageError(f"{path.name} cannot be copied or read: {error}") from error

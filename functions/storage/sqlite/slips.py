"""Slips in SQLite."""

import json
from collections.abc import Sequence

from functions.storage.interface import OutboxEntry, Slip, VersionConflictError
from functions.storage.sqlite.engine import SqlitePart
from functions.storage.sqlite.outbox import enqueue_entries
from functions.storage.sqlite.shuffle import SLIPS, shuffle_in

FORGET = "DELETE FROM slips WHERE expires <= ?"
INSERT = "INSERT INTO slips (name, version, sealed, expires) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO NOTHING"
UPDATE = "UPDATE slips SET version = ?, sealed = ?, expires = ? WHERE name = ? AND version = ?"
SELECT = "SELECT name, version, sealed, expires FROM slips WHERE name = ? AND expires > ?"
SELECT_ALL = """SELECT name, version, sealed, expires FROM slips
    WHERE name IN (SELECT value FROM json_each(?)) AND expires > ?"""
DROP = "DELETE FROM slips WHERE name = ?"


class SqliteSlips(SqlitePart):
    """``interface.Slips`` on a SQLite file."""

    def read_slip(self, name: str, now: int) -> Slip | None:
        """Return a slip that has not expired."""
        with self.engine.read() as db:
            row = db.execute(SELECT, (name, now)).fetchone()
        return Slip(*row) if row else None

    def read_slips(self, names: Sequence[str], now: int) -> dict[str, Slip]:
        """Return those of these slips that have not expired, by name."""
        with self.engine.read() as db:
            rows = db.execute(SELECT_ALL, (json.dumps(list(names)), now)).fetchall()
        return {slip.name: slip for slip in (Slip(*row) for row in rows)}

    def write_slip(self, slip: Slip, now: int, outbox: Sequence[OutboxEntry] = ()) -> None:
        """Put a slip, with it entries, and remove all that have expired. Raises VersionConflictError."""
        with self.engine.write() as db:
            db.execute(FORGET, (now,))
            if slip.version == 1:
                done = db.execute(INSERT, (slip.name, 1, slip.sealed, slip.expires))
            else:
                done = db.execute(UPDATE, (slip.version, slip.sealed, slip.expires, slip.name, slip.version - 1))
            if done.rowcount != 1:
                raise VersionConflictError
            shuffle_in(db, SLIPS, [(slip.name,)])
            enqueue_entries(db, outbox)

    def drop_slip(self, name: str) -> None:
        """Remove a slip from the file and from its log."""
        with self.engine.write() as db:
            db.execute(DROP, (name,))

"""Registers in SQLite."""

from collections.abc import Sequence

from functions.storage.interface import OutboxEntry, Register, VersionConflictError
from functions.storage.sqlite.engine import SqlitePart
from functions.storage.sqlite.outbox import insert_entries

INSERT = "INSERT INTO registers (name, version, body) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING"
UPDATE = "UPDATE registers SET version = ?, body = ? WHERE name = ? AND version = ?"
SELECT = "SELECT name, version, body FROM registers WHERE name = ?"
SELECT_VERSION = "SELECT version FROM registers WHERE name = ?"


class SqliteRegisters(SqlitePart):
    """``interface.Registers`` on a SQLite file."""

    def read_register(self, name: str) -> Register | None:
        """Return the register, None if there is none."""
        with self.engine.read() as db:
            row = db.execute(SELECT, (name,)).fetchone()
        return Register(*row) if row else None

    def register_version(self, name: str) -> int:
        """Return the register's version, 0 if there is none."""
        with self.engine.read() as db:
            row = db.execute(SELECT_VERSION, (name,)).fetchone()
        return int(row["version"]) if row else 0

    def write_registers(self, registers: Sequence[Register], outbox: Sequence[OutboxEntry] = ()) -> None:
        """Put all in one transaction. Raises VersionConflictError."""
        with self.engine.write() as db:
            for register in registers:
                before = register.version - 1
                if before:
                    done = db.execute(UPDATE, (register.version, register.body, register.name, before))
                else:
                    done = db.execute(INSERT, (register.name, register.version, register.body))
                if done.rowcount != 1:
                    raise VersionConflictError(register.name)
            insert_entries(db, outbox)

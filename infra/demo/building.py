"""A store that nobody else opens until it is whole: in memory, without a disk to wait for, then written as one file.

It is the product's own SQLite store on another engine. Writing the file puts each table in the order of its keys, so
that no row tells when it came, as shuffling does for a store that is in use.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from functions.storage.interface import OutboxEntry, Register
from functions.storage.sqlite import cases, identities, links, outbox, retention, slips
from functions.storage.sqlite.engine import SqliteEngine, SqlitePart
from functions.storage.sqlite.store import SqliteStore

SHUFFLED = (cases, identities, links, outbox, retention, slips)


class MemoryEngine(SqliteEngine):
    """One connection to a database in memory. An act that raises is taken back, as in a file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        with closing(sqlite3.connect(path)) as standing:
            standing.backup(self.db)
        self.db.row_factory = sqlite3.Row
        self.db.execute("BEGIN")

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection."""
        yield self.db

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection; what the block wrote is taken back if it raises."""
        self.db.execute("SAVEPOINT act")
        try:
            yield self.db
        except BaseException:
            self.db.execute("ROLLBACK TO act")
            self.db.execute("RELEASE act")
            raise
        self.db.execute("RELEASE act")


class BuildingStore(SqliteStore):
    """Starts with what stands at ``path`` (``store.prepare`` made it) and replaces that file when it is whole."""

    def __init__(self, path: Path) -> None:
        self.memory = MemoryEngine(path)
        SqlitePart.__init__(self, self.memory)
        self.written: list[Register] = []
        for module in SHUFFLED:  # of this process alone: ``finish`` puts the rows in the order of their keys
            vars(module).update(shuffle_in=lambda *_: None)

    def write_registers(self, registers: Sequence[Register], outbox: Sequence[OutboxEntry] = ()) -> None:
        """Put registers as the product does, and note them in ``written``."""
        super().write_registers(registers, outbox)
        self.written += registers

    def finish(self) -> None:
        """Write the file beside the standing one, and put it in its place."""
        path = self.memory.path
        beside = path.with_name(f"{path.name}.new")
        beside.unlink(missing_ok=True)
        beside.touch(mode=0o600)
        self.memory.db.execute("COMMIT")
        self.memory.db.execute("VACUUM INTO ?", (str(beside),))
        self.memory.db.close()
        for side in ("-wal", "-shm"):
            path.with_name(path.name + side).unlink(missing_ok=True)
        beside.replace(path)

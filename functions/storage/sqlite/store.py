"""SQLite behind the storage interfaces: the embedded default, for a laptop and for a small office."""

from pathlib import Path

from functions.storage.sqlite.cases import SqliteCases
from functions.storage.sqlite.engine import SqliteEngine
from functions.storage.sqlite.identities import SqliteIdentities
from functions.storage.sqlite.links import SqliteLinks
from functions.storage.sqlite.outbox import SqliteOutbox
from functions.storage.sqlite.registers import SqliteRegisters
from functions.storage.sqlite.retention import SqliteRetention
from functions.storage.sqlite.schema import SqliteSchema
from functions.storage.sqlite.slips import SqliteSlips


class SqliteStore(
    SqliteSchema,
    SqliteCases,
    SqliteRetention,
    SqliteIdentities,
    SqliteOutbox,
    SqliteLinks,
    SqliteRegisters,
    SqliteSlips,
):
    """One file holds everything: all parts on one engine. Threads and processes may share the file."""

    def __init__(self, path: Path) -> None:
        super().__init__(SqliteEngine(path))

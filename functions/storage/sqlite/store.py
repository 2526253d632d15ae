"""SQLite behind the storage interface: the embedded default, for a laptop and for a small office."""

from functions.storage.sqlite.cases import SqliteCases
from functions.storage.sqlite.identities import SqliteIdentities
from functions.storage.sqlite.links import SqliteLinks
from functions.storage.sqlite.outbox import SqliteOutbox
from functions.storage.sqlite.registers import SqliteRegisters
from functions.storage.sqlite.retention import SqliteRetention
from functions.storage.sqlite.slips import SqliteSlips


class SqliteStore(
    SqliteCases, SqliteIdentities, SqliteRetention, SqliteOutbox, SqliteLinks, SqliteRegisters, SqliteSlips
):
    """One file holds everything: ``SqliteStore(path)``. Threads and processes may share the file."""

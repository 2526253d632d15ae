"""SQLite behind the storage interface: the embedded default, for a laptop and for a small office."""

from functions.storage.sqlite_cases import SqliteCases
from functions.storage.sqlite_identities import SqliteIdentities
from functions.storage.sqlite_links import SqliteLinks
from functions.storage.sqlite_outbox import SqliteOutbox
from functions.storage.sqlite_registers import SqliteRegisters
from functions.storage.sqlite_retention import SqliteRetention
from functions.storage.sqlite_slips import SqliteSlips


class SqliteStore(
    SqliteCases, SqliteIdentities, SqliteRetention, SqliteOutbox, SqliteLinks, SqliteRegisters, SqliteSlips
):
    """One file holds everything: ``SqliteStore(path)``. Threads and processes may share the file."""

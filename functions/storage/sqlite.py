"""SQLite behind the storage interface: the embedded default, for a laptop and for a small office."""

from functions.storage.sqlite_cases import SqliteCases
from functions.storage.sqlite_links import SqliteLinks
from functions.storage.sqlite_outbox import SqliteOutbox


class SqliteStore(SqliteCases, SqliteOutbox, SqliteLinks):
    """One file holds everything: ``SqliteStore(path)``. Threads and processes may share the file."""

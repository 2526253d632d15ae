"""The SQLite file: its connections and its transactions.

Several threads and a second process (the courier) use one file at the same time: each call takes a
connection of its own out of a small pool.
"""

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from functions.storage.interface import MAKE_THEM, StorageError, StoreUnavailableError
from functions.storage.sqlite_schema import STEPS

BUSY_SECONDS = 5.0
PRAGMAS = (
    "PRAGMA synchronous = FULL",  # a report is on the disk before its receipt is shown
    "PRAGMA secure_delete = ON",  # what is deleted is overwritten
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
)


class SqliteEngine:
    """One SQLite file. ``path`` is made on first use, readable by its owner alone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._process = os.getpid()
        weakref.finalize(self, _close_all, self._idle)

    def prepare(self) -> None:
        """Make the tables where they do not exist yet, and bring those of an older release up to this one's, all or
        nothing. Raises StorageError for a file of a newer release."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._write() as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version > len(STEPS):
                raise StorageError(f"{self.path} was written by a newer release; install that one")
            for step in STEPS[version:]:
                for statement in step:
                    db.execute(statement)
            if version < len(STEPS):
                db.execute(f"PRAGMA user_version = {len(STEPS):d}")

    def unprepared(self) -> str:
        """What of this release's schema the file does not have; "" where nothing."""
        with self._read() as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
        if version > len(STEPS):
            return f"{self.path} was written by a newer release (schema {version}, this one has {len(STEPS)})"
        return f"{self.path} has schema {version} of {len(STEPS)}" if version < len(STEPS) else ""

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one moment throughout."""
        with self._transaction("BEGIN") as db:
            yield db

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """A connection that alone may write; what was written stands when this returns, or nothing does."""
        with self._transaction("BEGIN IMMEDIATE") as db:
            yield db

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._connection() as db:
            db.execute(begin)
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:  # some errors have rolled back already
                    db.execute("ROLLBACK")
                raise

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A connection out of the pool. SQLite's errors leave here as StorageErrors."""
        try:
            db = self._take()
            try:
                yield db
            except sqlite3.Error as error:
                unready = "no such table" in str(error) and db.execute("PRAGMA user_version").fetchone()[0] == 0
                db.close()
                if unready:
                    raise StoreUnavailableError(f"{self.path} has no tables yet; {MAKE_THEM}") from error
                raise
            except BaseException:
                self._give_back(db)
                raise
            self._give_back(db)
        except sqlite3.OperationalError as error:
            raise StoreUnavailableError(f"SQLite: {error}") from error
        except sqlite3.Error as error:
            raise StorageError(f"SQLite: {error}") from error

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._process != os.getpid():
                # A connection carried over a fork destroys the file, even by being closed: leave it unused.
                self._inherited, self._idle, self._process = self._idle, [], os.getpid()
                weakref.finalize(self, _close_all, self._idle)
            if self._idle:
                return self._idle.pop()
        return self._open()

    def _give_back(self, db: sqlite3.Connection) -> None:
        with self._lock:
            self._idle.append(db)

    def _open(self) -> sqlite3.Connection:
        try:
            self._make()
        except OSError as error:
            raise StoreUnavailableError(f"{self.path}: {error.strerror}") from error
        db = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            db.row_factory = sqlite3.Row
            _write_ahead(db)
            for pragma in PRAGMAS:
                db.execute(pragma)
        except BaseException:
            db.close()
            raise
        return db

    def _make(self) -> None:
        """Make the file where there is none; SQLite gives its side files the mode of the main file.

        A file that is there is never opened here: closing it would drop the locks by which this process's other
        connections hold it (POSIX; https://www.sqlite.org/howtocorrupt.html §2.2), and the next program that ends,
        `doctor` say, would take itself for the last one and delete the log that is being written to."""
        if not self.path.exists():
            with suppress(FileExistsError):  # another process was first
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))

    def _wipe_log(self) -> None:
        """Copy the write-ahead log into the file and empty it, since it keeps older states of pages, deleted
        rows among them. Where a reader is in the way, the next call does it."""
        with self._connection() as db, suppress(sqlite3.OperationalError):
            db.execute("PRAGMA busy_timeout = 100")
            try:
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                db.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000):d}")


def insert_sql(table: str, columns: tuple[str, ...]) -> str:
    """An INSERT with named parameters."""
    quoted = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(f":{column}" for column in columns)
    return f"INSERT INTO {table} ({quoted}) VALUES ({values})"  # noqa: S608 - names of our own fields only


def _write_ahead(db: sqlite3.Connection) -> None:
    """Readers and the writer do not wait for each other. While the very first connections set this, SQLite
    refuses at once instead of waiting, so the waiting is here."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _close_all(idle: list[sqlite3.Connection]) -> None:
    while idle:
        idle.pop().close()

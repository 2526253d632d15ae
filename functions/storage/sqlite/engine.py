"""The SQLite file: its connections and its transactions.

Several threads and a second process (the courier) use one file at the same time. Each call takes a connection of its
own from a small pool.
"""

import os
import sqlite3
import stat
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from functions.storage.interface import StorageError, StoreUnavailableError
from functions.storage.interface.errors import MAKE_THEM

BUSY_SECONDS = 10.0  # less than a process is given to end (``local.supervisor``)
# A row of a table without rowid keeps a quarter of a page beside its neighbours; a head or event needs 2 KB, and would
# have a further page to itself. Taken by a new file; an older one keeps its own.
PAGE_BYTES = 8192
PRAGMAS = (
    "PRAGMA synchronous = FULL",  # a report is on the disk before its receipt is shown
    "PRAGMA secure_delete = ON",  # what is deleted is overwritten
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
)


class SqliteEngine:
    """One SQLite file, which all parts of the store share.

    ``path`` is made on first use, readable by its owner alone.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._process = os.getpid()
        weakref.finalize(self, _close_all, self._idle, path)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that sees one moment throughout."""
        with self._transaction("BEGIN") as db:
            yield db

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that alone may write. All is written when the block ends, or nothing if it raises.

        Then the log is emptied: it would keep each write in its order, and what was deleted. The threads of a process
        queue here: SQLite has waiters ask again and again, and in a flood somebody never asked at the right moment."""
        if not self._writing.acquire(timeout=BUSY_SECONDS):
            raise StoreUnavailableError("SQLite: too many writers")
        try:
            with self._transaction("BEGIN IMMEDIATE") as db:
                yield db
            self.wipe_log()
        finally:
            self._writing.release()

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
        """Lend a connection from the pool, and turn SQLite's errors into StorageErrors."""
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
                weakref.finalize(self, _close_all, self._idle, self.path)
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
            db.execute(f"PRAGMA page_size = {PAGE_BYTES:d}")
            _write_ahead(db)
            for pragma in PRAGMAS:
                db.execute(pragma)
        except BaseException:
            db.close()
            raise
        return db

    def _make(self) -> None:
        """Make the file if there is none. SQLite gives its side files the mode of the main file.

        An existing file is never opened here. Closing it would drop the locks of this process's other connections
        (POSIX; https://www.sqlite.org/howtocorrupt.html §2.2). The next program that ends, e.g. `doctor`, would then
        believe itself the last one and delete the log that is being written to."""
        if not self.path.exists():
            with suppress(FileExistsError):  # another process was first
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))

    def rewrite(self) -> None:
        """Write the whole file anew, each table in the order of its keys, with nothing deleted between. Everybody
        waits meanwhile. It takes the file's size on the disk twice over, beside the file."""
        with self._connection() as db:
            db.execute("PRAGMA temp_store = FILE")  # in memory, it would take the file's size there
            try:
                db.execute("VACUUM")
            finally:
                db.execute("PRAGMA temp_store = MEMORY")
        self.wipe_log()

    def wipe_log(self) -> None:
        """Copy the write-ahead log into the file and empty it: it keeps older states of pages, deleted rows included.
        If a reader is in the way, the next call does it."""
        with self._connection() as db, suppress(sqlite3.OperationalError):
            db.execute("PRAGMA busy_timeout = 100")
            try:
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                db.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000):d}")


class SqlitePart:
    """One part of the store (an interface), on the file that it is given."""

    def __init__(self, engine: SqliteEngine) -> None:
        self.engine = engine


def insert_sql(table: str, columns: tuple[str, ...]) -> str:
    """Return an INSERT with named parameters."""
    quoted = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(f":{column}" for column in columns)
    return f"INSERT INTO {table} ({quoted}) VALUES ({values})"  # noqa: S608 - names of our own fields only


def _write_ahead(db: sqlite3.Connection) -> None:
    """Turn on the write-ahead log, so that readers and the writer do not wait for each other. While the very first
    connections do this, SQLite refuses at once instead of waiting, so the waiting is here."""
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


def _close_all(idle: list[sqlite3.Connection], path: Path) -> None:
    while idle:
        idle.pop().close()
    leave_side_files(path)


def leave_side_files(path: Path) -> None:
    """Leave SQLite's side files to the owner of a folder that several users share (``local.owners``).

    Whoever opens the database last of all deletes them, and whoever opens it first has them. Where Debian's
    ``fs.protected_regular`` is 2 (https://docs.kernel.org/admin-guide/sysctl/fs.html), nobody else could open it then:
    in a sticky folder only files of its owner are open to all, and nobody else deletes those."""
    with suppress(OSError):
        folder = path.parent.stat()
        if folder.st_mode & stat.S_ISVTX and folder.st_uid == os.geteuid() and path.exists():
            for end in ("-wal", "-shm"):
                _leave(path.with_name(f"{path.name}{end}"), folder.st_uid, stat.S_IMODE(path.stat().st_mode))


def _leave(side: Path, owner: int, mode: int) -> None:
    try:
        handle = os.open(side, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:  # of somebody who opened it meanwhile
        os.chown(side, owner, -1, follow_symlinks=False)
    else:
        os.fchmod(handle, mode)
        os.close(handle)

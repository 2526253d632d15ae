"""The outbox in SQLite."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from functions.storage.interface import EntryGoneError, OutboxEntry
from functions.storage.interface.outbox import INTERRUPTED, OPENED, REVIVED, Part
from functions.storage.page_tokens import make_token, read_entry
from functions.storage.records import Row, from_row, names, to_row
from functions.storage.sort_keys import DEAD, FIRST_HOUR, QUEUE, before_hour, digest_queue, queue, turn
from functions.storage.sqlite.engine import SqlitePart, insert_sql
from functions.storage.sqlite.shuffle import OUTBOX, shuffle_in

INSERT_ENTRY = insert_sql("outbox", (*names(OutboxEntry), "queue", "turn"))
ENQUEUE = INSERT_ENTRY + " ON CONFLICT (entry_id) DO NOTHING"
TALLY = INSERT_ENTRY + " ON CONFLICT (entry_id) DO UPDATE SET count = count + excluded.count"
CLAIMABLE = "SELECT * FROM outbox WHERE queue = ? AND turn < ? ORDER BY turn LIMIT ?"
LEASED = "SELECT * FROM outbox WHERE queue = ? AND turn >= ? AND leased_by = ?"
UPDATE_ENTRY = """UPDATE outbox SET delivered = :delivered, attempts = :attempts, not_before = :not_before,
    leased_by = :leased_by, leased_until = :leased_until, dead = :dead, error = :error, digest = :digest,
    queue = :queue, turn = :turn WHERE entry_id = :entry_id"""
WAITING = "SELECT * FROM outbox WHERE queue = ? ORDER BY turn LIMIT ?"
DEAD_LETTERS = "SELECT * FROM outbox WHERE queue = ? AND turn > ? ORDER BY turn LIMIT ?"
SELECT_ENTRY = "SELECT * FROM outbox WHERE entry_id = ?"
WITHDRAW = """DELETE FROM outbox WHERE entry_id = :entry_id AND queue = :queue AND turn = :turn
    AND leased_by = :leased_by AND delivered = :delivered AND error = :error"""
PIN = "UPDATE outbox SET error = ? WHERE entry_id = ? AND error = ''"
RESEAL: dict[Part, str] = {
    "sealed": "UPDATE outbox SET sealed = ? WHERE entry_id = ? AND sealed = ?",
    "words": "UPDATE outbox SET words = ? WHERE entry_id = ? AND words = ?",
}
SETTLE = "DELETE FROM outbox WHERE entry_id = ? AND leased_by = ?"


class SqliteOutbox(SqlitePart):
    """``interface.Outbox`` on a SQLite file."""

    def enqueue(self, entry: OutboxEntry) -> None:
        """Put an entry. The same entry again changes nothing."""
        with self.engine.write() as db:
            enqueue_entries(db, [entry])

    def tally(self, entry: OutboxEntry) -> None:
        """Put an entry, or add its count to the stored one, of which nothing else changes."""
        with self.engine.write() as db:
            db.execute(TALLY, _row(entry))
            shuffle_in(db, OUTBOX, [(entry.entry_id,)])

    def claim(self, worker: str, hour: int, limit: int = 10) -> tuple[OutboxEntry, ...]:
        """Lease up to ``limit`` due entries through the next hour, and return them."""
        with self.engine.read() as db:  # an idle courier asks every few seconds: it need not keep writers out
            if not db.execute(CLAIMABLE, (QUEUE, before_hour(hour), 1)).fetchone():
                return ()
        with self.engine.write() as db:
            rows = db.execute(CLAIMABLE, (QUEUE, before_hour(hour), limit)).fetchall()
            claimed = tuple(replace(_entry(row), leased_by=worker, leased_until=hour + 1) for row in rows)
            db.executemany(UPDATE_ENTRY, [_row(entry) for entry in claimed])
        return claimed

    def read_entry(self, entry_id: str) -> OutboxEntry | None:
        """Return a waiting entry, None if it has left."""
        with self.engine.read() as db:
            row = db.execute(SELECT_ENTRY, (entry_id,)).fetchone()
        return _entry(row) if row else None

    def pin(self, entry_id: str) -> None:
        """Note in an entry without a code that whom it tells has opened the case."""
        found = self.read_entry(entry_id)
        if found is None or found.error:  # the usual case, which need not keep writers out
            return
        with self.engine.write() as db:
            db.execute(PIN, (OPENED, entry_id))

    def held(self, agency: str, hour: int) -> tuple[OutboxEntry, ...]:
        """Return entries that wait for an agency's digest and are due."""
        with self.engine.read() as db:
            rows = db.execute(CLAIMABLE, (digest_queue(agency), before_hour(hour), -1)).fetchall()  # no limit
        return tuple(_entry(row) for row in rows)

    def release(self, worker: str) -> None:
        """Give back all leases of ``worker``."""
        with self.engine.write() as db:
            rows = db.execute(LEASED, (QUEUE, FIRST_HOUR, worker)).fetchall()
            free = [replace(_entry(row), leased_by="", leased_until=0, error=INTERRUPTED) for row in rows]
            db.executemany(UPDATE_ENTRY, [_row(entry) for entry in free])

    def settle(self, entry_id: str, worker: str) -> bool:
        """Remove the entry if ``worker`` holds the lease; return whether it did."""
        with self.engine.write() as db:
            return db.execute(SETTLE, (entry_id, worker)).rowcount == 1

    def put_back(self, entry: OutboxEntry, worker: str) -> bool:
        """Store how far delivery came and drop the lease if ``worker`` holds it; return whether it did."""
        with self.engine.write() as db:
            row = db.execute(SELECT_ENTRY, (entry.entry_id,)).fetchone()
            ours = bool(row) and row["leased_by"] == worker
            if ours:
                back = replace(entry, leased_by="", leased_until=0, error=entry.error or row["error"])
                db.execute(UPDATE_ENTRY, _row(back))
        return ours

    def dead_letters(self, after: str = "", limit: int = 20) -> tuple[tuple[OutboxEntry, ...], str]:
        """Return a page of entries that were given up, and a token for more. Raises BadPageTokenError."""
        last = read_entry(DEAD, after)
        with self.engine.read() as db:
            rows = db.execute(DEAD_LETTERS, (DEAD, last, limit + 1)).fetchall()
        entries = tuple(_entry(row) for row in rows[:limit])
        return entries, make_token(DEAD, entries[-1].entry_id) if len(rows) > limit else ""

    def waiting(self, limit: int = 1000) -> tuple[OutboxEntry, ...]:
        """Return waiting entries, leased or not, in the order of their turns."""
        with self.engine.read() as db:
            return tuple(_entry(row) for row in db.execute(WAITING, (QUEUE, limit)))

    def reseal_entry(self, entry_id: str, part: Part, before: bytes, after: bytes) -> bool:
        """Replace what is sealed in an entry if it is still ``before``; return whether it was."""
        with self.engine.write() as db:
            return db.execute(RESEAL[part], (after, entry_id, before)).rowcount == 1

    def revive(self, entry_id: str) -> bool:
        """Put a dead letter back into the queue; ``delivered`` stays. False if there is none."""
        with self.engine.write() as db:
            row = db.execute(SELECT_ENTRY, (entry_id,)).fetchone()
            if row is None or not row["dead"]:
                return False
            db.execute(UPDATE_ENTRY, _row(replace(_entry(row), dead=False, attempts=0, not_before=0, error=REVIVED)))
        return True


def enqueue_entries(db: sqlite3.Connection, entries: Sequence[OutboxEntry]) -> None:
    """Put entries that belong to no case within the current transaction. The same entry again changes nothing."""
    db.executemany(ENQUEUE, [_row(entry) for entry in entries])
    shuffle_in(db, OUTBOX, [(entry.entry_id,) for entry in entries])


def insert_entries(db: sqlite3.Connection, entries: Sequence[OutboxEntry]) -> None:
    """Put entries within the current transaction."""
    db.executemany(INSERT_ENTRY, [_row(entry) for entry in entries])
    shuffle_in(db, OUTBOX, [(entry.entry_id,) for entry in entries])


def withdraw(db: sqlite3.Connection, entries: Sequence[OutboxEntry]) -> None:
    """Remove entries within the current transaction. Raises EntryGoneError if one is no longer as it was read."""
    for entry in entries:
        if db.execute(WITHDRAW, _row(entry)).rowcount != 1:
            raise EntryGoneError(entry.entry_id)


def _row(entry: OutboxEntry) -> Row:
    return to_row(entry) | {"queue": queue(entry), "turn": turn(entry)}


def _entry(row: sqlite3.Row) -> OutboxEntry:
    return from_row(OutboxEntry, dict(row))

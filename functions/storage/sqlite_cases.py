"""Cases in SQLite."""

import sqlite3
from collections.abc import Sequence

from functions.casework.case import Case, CaseHead, Event
from functions.storage.interface import (
    Append,
    CaseExistsError,
    CaseNotFoundError,
    OutboxEntry,
    Page,
    Scope,
    VersionConflictError,
)
from functions.storage.listing import make_token, place, read_place
from functions.storage.records import check_numbers, from_row, names, to_row
from functions.storage.sqlite_engine import SqliteEngine, insert_sql
from functions.storage.sqlite_outbox import insert_entries

HEAD_COLUMNS = (*names(CaseHead), "place")
INSERT_HEAD = insert_sql("cases", HEAD_COLUMNS)
INSERT_EVENT = insert_sql("events", ("case_id", *names(Event)))
# An append that was under way while the key was rotated would put back the wrap under the key about to be
# destroyed: rewrap leaves the old key's id behind until the next append.
UPDATE_HEAD = (
    "UPDATE cases SET "  # noqa: S608 - names of our own fields only
    + ", ".join(f"{column} = :{column}" for column in HEAD_COLUMNS if column != "case_id")
    + ", retired_key = NULL WHERE case_id = :case_id AND version = :expected_version AND retired_key IS NOT :key_id"
)
SELECT_HEAD = "SELECT * FROM cases WHERE case_id = ?"
SELECT_EVENTS = "SELECT * FROM events WHERE case_id = ? ORDER BY n"
REWRAP = "UPDATE cases SET retired_key = key_id, key_id = ?, wrap_desk = ? WHERE case_id = ? AND key_id = ?"
PAGES = {
    Scope.HOLDER: "SELECT * FROM cases WHERE holder = ? AND place > ? ORDER BY place LIMIT ?",
    Scope.INSTANCE: "SELECT * FROM cases WHERE instance = ? AND place > ? ORDER BY place LIMIT ?",
}


class SqliteCases(SqliteEngine):
    """The part of the store that holds cases. See ``interface.Store`` for what each method promises."""

    def create_case(self, head: CaseHead, events: Sequence[Event], outbox: Sequence[OutboxEntry]) -> None:
        """Put a new case, put-first. Raises CaseExistsError."""
        check_numbers(head, events, 0)
        with self._write() as db:
            standing = db.execute(SELECT_HEAD, (head.case_id,)).fetchone()
            if standing:
                raise CaseExistsError(_head(standing))
            db.execute(INSERT_HEAD, to_row(head) | {"place": place(head)})
            _insert_events(db, head.case_id, events)
            insert_entries(db, outbox)

    def read_case(self, case_id: str) -> Case:
        """Head and all events, of one moment. Raises CaseNotFoundError."""
        with self._read() as db:
            head = db.execute(SELECT_HEAD, (case_id,)).fetchone()
            if head is None:
                raise CaseNotFoundError(case_id)
            events = db.execute(SELECT_EVENTS, (case_id,)).fetchall()
        return Case(_head(head), tuple(from_row(Event, dict(row)) for row in events))

    def append(self, change: Append, expected_version: int) -> None:
        """Head, events and outbox in one transaction. Raises VersionConflictError or CaseNotFoundError."""
        head = change.head
        check_numbers(head, change.events, expected_version)
        with self._write() as db:
            row = to_row(head) | {"place": place(head), "expected_version": expected_version}
            _check_hit(db, db.execute(UPDATE_HEAD, row), head.case_id)
            _insert_events(db, head.case_id, change.events)
            insert_entries(db, change.outbox)

    def rewrap(self, case_id: str, old_key_id: str, key_id: str, wrap_desk: bytes) -> None:
        """Replace the desk's wrap. Raises VersionConflictError or CaseNotFoundError."""
        with self._write() as db:
            _check_hit(db, db.execute(REWRAP, (key_id, wrap_desk, case_id, old_key_id)), case_id)

    def page(self, scope: Scope, code: str, after: str = "", limit: int = 20) -> Page:
        """A page of heads from the index. Raises BadPageTokenError."""
        listing = f"{scope}:{code}"
        last = read_place(listing, after)
        with self._read() as db:
            rows = db.execute(PAGES[scope], (code, last, limit + 1)).fetchall()
        heads = tuple(_head(row) for row in rows[:limit])
        return Page(heads, make_token(listing, place(heads[-1])) if len(rows) > limit else "")


def _head(row: sqlite3.Row) -> CaseHead:
    return from_row(CaseHead, dict(row))


def _insert_events(db: sqlite3.Connection, case_id: str, events: Sequence[Event]) -> None:
    db.executemany(INSERT_EVENT, [to_row(event) | {"case_id": case_id} for event in events])


def _check_hit(db: sqlite3.Connection, update: sqlite3.Cursor, case_id: str) -> None:
    if update.rowcount == 1:
        return
    if db.execute("SELECT 1 FROM cases WHERE case_id = ?", (case_id,)).fetchone():
        raise VersionConflictError(case_id)
    raise CaseNotFoundError(case_id)

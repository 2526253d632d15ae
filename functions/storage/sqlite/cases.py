"""Cases in SQLite."""

import sqlite3
from collections.abc import Sequence

from functions.casework.case import Case, CaseHead, Event
from functions.casework.sealed_identity import Identity
from functions.storage.interface import (
    Append,
    CaseExistsError,
    CaseNotFoundError,
    OutboxEntry,
    Page,
    Scope,
    VersionConflictError,
)
from functions.storage.interface.cases import WHOLE_SPAN, check_identity, check_numbers
from functions.storage.page_tokens import make_token, read_place
from functions.storage.records import (
    WHEREABOUTS,
    Row,
    contact_mark,
    from_row,
    names,
    resealed_marks,
    to_row,
    whereabouts,
)
from functions.storage.sort_keys import after_place, place, work_place
from functions.storage.sqlite.engine import SqlitePart, insert_sql
from functions.storage.sqlite.identities import put_identity
from functions.storage.sqlite.outbox import insert_entries, withdraw
from functions.storage.sqlite.shuffle import CASES, EVENTS, shuffle_in

HEAD_COLUMNS = (*names(CaseHead), "place", "work")
INSERT_HEAD = insert_sql("cases", HEAD_COLUMNS)
INSERT_EVENT = insert_sql("events", ("case_id", *names(Event)))
REPLACE_HEAD = (
    "UPDATE cases SET "  # noqa: S608 - names of our own fields only
    + ", ".join(f"{column} = :{column}" for column in HEAD_COLUMNS if column != "case_id")
    + ", retired_key = NULL WHERE case_id = :case_id AND version = :expected_version"
)
# An append that began before a rotation would put back what is under the key about to be destroyed: ``rewrap`` and
# ``reseal_contact`` leave the old key's id and ``resealed_marks`` behind, with blanks between, until the next append.
# Nor may an append revive a tombstone.
NOT_RETIRED = "coalesce(instr(' ' || retired_key || ' ', ' ' || {} || ' '), 0) = 0"
UPDATE_HEAD = f"""{REPLACE_HEAD} AND {NOT_RETIRED.format(":key_id")} AND {NOT_RETIRED.format(":contact_mark")}
    AND shredded = 0"""
SELECT_HEAD = "SELECT * FROM cases WHERE case_id = ?"
SELECT_WHEREABOUTS = f"SELECT {', '.join(WHEREABOUTS)} FROM cases WHERE case_id = ?"  # noqa: S608 - our own fields
SELECT_EVENTS = "SELECT * FROM events WHERE case_id = ? ORDER BY n"
REWRAP = """UPDATE cases SET retired_key = coalesce(retired_key || ' ', '') || key_id, key_id = ?, wrap_desk = ?
    WHERE case_id = ? AND key_id = ? AND shredded = 0"""
RESEAL_CONTACT = """UPDATE cases SET retired_key = coalesce(retired_key || ' ', '') || ?, contact = ?
    WHERE case_id = ? AND contact = ? AND shredded = 0"""
PAGE = "SELECT * FROM cases WHERE {} = ? AND quarantined = {} AND place BETWEEN ? AND ? ORDER BY place LIMIT ?"
PAGES = {
    Scope.HOLDER: PAGE.format("holder", 0),
    Scope.INSTANCE: PAGE.format("instance", 0),
    Scope.QUARANTINE: PAGE.format("holder", 1),
    Scope.INSTANCE_QUARANTINE: PAGE.format("instance", 1),
    Scope.ESCALATED: PAGE.format("escalated_to <> '' AND escalated_to", 0),
    Scope.SECOND: PAGE.format("second <> '' AND second", 0),
    Scope.ASSIGNED: PAGE.format("assigned <> '' AND assigned", 0),
    Scope.ASKED: PAGE.format("lift_by <> '' AND lift_by", 0),
    Scope.WORK: "SELECT * FROM cases WHERE holder = ? AND work BETWEEN ? AND ? ORDER BY work LIMIT ?",
}


class SqliteCases(SqlitePart):
    """``interface.Cases`` on a SQLite file."""

    def create_case(
        self, head: CaseHead, events: Sequence[Event], outbox: Sequence[OutboxEntry], identity: Identity | None = None
    ) -> None:
        """Put a new case. Raises CaseExistsError."""
        check_numbers(head, events, 0)
        check_identity(identity, head)
        with self.engine.write() as db:
            standing = db.execute(SELECT_HEAD, (head.case_id,)).fetchone()
            if standing:
                raise CaseExistsError(read_row(standing))
            db.execute(INSERT_HEAD, to_row(head) | {"place": place(head), "work": work_place(head)})
            _insert_rest(db, head.case_id, events, outbox, identity)

    def read_head(self, case_id: str) -> CaseHead:
        """Return the head alone. Raises CaseNotFoundError."""
        with self.engine.read() as db:
            return _standing(db, case_id)

    def read_whereabouts(self, case_id: str) -> CaseHead:
        """Return with whom the case lies. Raises CaseNotFoundError."""
        with self.engine.read() as db:
            row = db.execute(SELECT_WHEREABOUTS, (case_id,)).fetchone()
        if row is None:
            raise CaseNotFoundError(case_id)
        return whereabouts(dict(row))

    def read_case(self, case_id: str) -> Case:
        """Return head and all events, of one moment. Raises CaseNotFoundError."""
        with self.engine.read() as db:
            head = _standing(db, case_id)
            events = db.execute(SELECT_EVENTS, (case_id,)).fetchall()
        return Case(head, tuple(from_row(Event, dict(row)) for row in events))

    def append(self, change: Append, expected_version: int) -> None:
        """Write head, events, outbox and identity in one transaction. Raises VersionConflictError,
        EntryGoneError or CaseNotFoundError."""
        head, identity = change.head, change.identity
        check_numbers(head, change.events, expected_version)
        check_identity(identity, head)
        with self.engine.write() as db:
            check_hit(db, db.execute(UPDATE_HEAD, head_row(head, expected_version)), head.case_id)
            _insert_rest(db, head.case_id, change.events, change.outbox, identity)
            withdraw(db, change.withdrawn)

    def rewrap(self, case_id: str, old_key_id: str, key_id: str, wrap_desk: bytes) -> None:
        """Replace the desk's wrap. Raises VersionConflictError or CaseNotFoundError."""
        with self.engine.write() as db:
            check_hit(db, db.execute(REWRAP, (key_id, wrap_desk, case_id, old_key_id)), case_id)

    def reseal_contact(self, case_id: str, before: bytes, after: bytes) -> None:
        """Replace the sealed contact. Raises VersionConflictError or CaseNotFoundError."""
        with self.engine.write() as db:
            row = db.execute(SELECT_HEAD, (case_id,)).fetchone()
            marks = resealed_marks(read_row(row), after) if row else ""
            check_hit(db, db.execute(RESEAL_CONTACT, (marks, after, case_id, before)), case_id)

    def resealed(self, case_id: str) -> frozenset[str]:
        """Return the facts (hex) before and after each ``reseal_contact`` since the last append."""
        with self.engine.read() as db:
            row = db.execute("SELECT retired_key FROM cases WHERE case_id = ?", (case_id,)).fetchone()
        return frozenset((row["retired_key"] or "").split()) if row else frozenset()

    def page(
        self, scope: Scope, code: str, after: str = "", limit: int = 20, span: tuple[str, str] = WHOLE_SPAN
    ) -> Page:
        """Return a page of heads from the index. Raises BadPageTokenError."""
        first = max(span[0], after_place(read_place(f"{scope}:{code}", after)))
        with self.engine.read() as db:
            rows = db.execute(PAGES[scope], (code, first, span[1], limit + 1)).fetchall()
        heads = tuple(read_row(row) for row in rows[:limit])
        if len(rows) <= limit:
            return Page(heads, "")
        # As it is listed: a tombstone whose case is still being removed does not stand where its head says.
        last = rows[limit - 1]["work" if scope is Scope.WORK else "place"]
        return Page(heads, make_token(f"{scope}:{code}", last))


def head_row(head: CaseHead, expected_version: int) -> Row:
    """Return the parameters of a statement that replaces a head of this version."""
    places = {"place": place(head), "work": work_place(head)}
    guard: Row = {"expected_version": expected_version, "contact_mark": contact_mark(head.reporter.contact)}
    return to_row(head) | places | guard


def read_row(row: sqlite3.Row) -> CaseHead:
    """Return the head of a row."""
    return from_row(CaseHead, dict(row))


def check_hit(db: sqlite3.Connection, update: sqlite3.Cursor, case_id: str) -> None:
    """Raises VersionConflictError or CaseNotFoundError if an update of a head changed none."""
    if update.rowcount == 1:
        return
    _standing(db, case_id)
    raise VersionConflictError(case_id)


def _standing(db: sqlite3.Connection, case_id: str) -> CaseHead:
    row = db.execute(SELECT_HEAD, (case_id,)).fetchone()
    if row is None:
        raise CaseNotFoundError(case_id)
    return read_row(row)


def _insert_rest(
    db: sqlite3.Connection,
    case_id: str,
    events: Sequence[Event],
    outbox: Sequence[OutboxEntry],
    identity: Identity | None,
) -> None:
    shuffle_in(db, CASES, [(case_id,)])
    db.executemany(INSERT_EVENT, [to_row(event) | {"case_id": case_id} for event in events])
    shuffle_in(db, EVENTS, [(case_id, event.n) for event in events])
    if identity:
        put_identity(db, identity)
    insert_entries(db, outbox)

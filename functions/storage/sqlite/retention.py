"""Find and remove cases whose time is over, in SQLite."""

from collections.abc import Sequence
from datetime import date

from functions.casework.case import CaseHead
from functions.storage.interface import OutboxEntry, Page
from functions.storage.interface.retention import check_tombstone
from functions.storage.interface.slips import beside
from functions.storage.page_tokens import make_token, read_place
from functions.storage.sort_keys import (
    after_place,
    awaited_before,
    closed_before,
    ended_between,
    longest_closed,
    place,
    unfinished_place,
)
from functions.storage.sqlite.cases import REPLACE_HEAD, check_hit, head_row, read_row
from functions.storage.sqlite.engine import SqlitePart
from functions.storage.sqlite.identities import DELETE_SHARES
from functions.storage.sqlite.outbox import insert_entries
from functions.storage.sqlite.shuffle import CASES, shuffle_in
from functions.storage.sqlite.slips import DROP

DELETE_EVENTS = "DELETE FROM events WHERE case_id = ?"
DELETE_IDENTITY = "DELETE FROM identities WHERE case_id = ?"
FINISH = "UPDATE cases SET place = ? WHERE case_id = ? AND shredded = 1"
CLOSED_BEFORE = """SELECT * FROM cases WHERE instance = ? AND quarantined = ? AND place BETWEEN ? AND ?
    ORDER BY place DESC LIMIT ?"""

ENDED = "SELECT * FROM cases WHERE instance = ? AND quarantined = 0 AND place BETWEEN ? AND ? ORDER BY place LIMIT ?"


class SqliteRetention(SqlitePart):
    """``interface.Retention`` on a SQLite file."""

    def shred(self, tombstone: CaseHead, expected_version: int, outbox: Sequence[OutboxEntry] = ()) -> None:
        """Put the tombstone and remove events and identity, in one transaction. No byte of them is left in the file or
        its log. Raises VersionConflictError or CaseNotFoundError."""
        check_tombstone(tombstone, expected_version)
        with self.engine.write() as db:
            row = head_row(tombstone, expected_version) | {"place": unfinished_place(tombstone)}
            check_hit(db, db.execute(REPLACE_HEAD, row), tombstone.case_id)
            db.execute(DELETE_EVENTS, (tombstone.case_id,))
            db.execute(DELETE_IDENTITY, (tombstone.case_id,))
            db.execute(DELETE_SHARES, (tombstone.case_id,))
            db.executemany(DROP, [(name,) for name in beside(tombstone.case_id)])
            shuffle_in(db, CASES, [(tombstone.case_id,)])
            insert_entries(db, outbox)

    def finish(self, tombstone: CaseHead) -> None:
        """Give the tombstone its place among those of its day."""
        with self.engine.write() as db:
            db.execute(FINISH, (place(tombstone), tombstone.case_id))

    def closed_before(self, instance: str, day: date, limit: int = 20) -> tuple[CaseHead, ...]:
        """Return an instance's cases closed before ``day``, longest ago first, quarantined ones included."""
        with self.engine.read() as db:
            rows = [
                row
                for span in closed_before(day)
                for quarantined in (0, 1)
                for row in db.execute(CLOSED_BEFORE, (instance, quarantined, *span, limit)).fetchall()
            ]
        return longest_closed(map(read_row, rows), limit)

    def lapsing(self, instance: str, day: date, limit: int = 20) -> tuple[CaseHead, ...]:
        """Return closed cases whose reporter's window ended before ``day``, not marked yet."""
        with self.engine.read() as db:
            rows = db.execute(CLOSED_BEFORE, (instance, 0, *awaited_before(day), limit)).fetchall()
        return tuple(map(read_row, rows))

    def page_ended(self, instance: str, first: date, last: date, after: str = "", limit: int = 100) -> Page:
        """Return a page of what was closed between two days and is over. Raises BadPageTokenError."""
        listing = f"ended:{instance}"
        begin = after_place(read_place(listing, after))
        spans = [(max(low, begin), high) for low, high in ended_between(first, last)]
        with self.engine.read() as db:
            rows = [row for span in spans for row in db.execute(ENDED, (instance, *span, limit + 1)).fetchall()]
        heads = tuple(map(read_row, rows[:limit]))
        return Page(heads, make_token(listing, place(heads[-1])) if len(rows) > limit else "")

"""Put rows so that their place in the file tells nothing of their order.

SQLite gives a new row the next free bytes: its page, and its place on that page, would tell which report came before
which. So each new or changed row changes places with its neighbours in every order the table is kept in (its key and
its indexes): all are removed and put back in random order, in the same transaction. By induction every place is then
equally likely for every row, as in the shuffle that builds its list as it goes (R. Durstenfeld, CACM 7(7), 1964).
Keys and marks are random or hashed, so neighbours are rows of any age.
"""

import sqlite3
from collections.abc import Iterable
from secrets import SystemRandom
from typing import NamedTuple

from functions.storage.records import Value

NEIGHBOURS = 2  # on each side; one would do, were all rows of one length
PAGE_BYTES = 4096
FOR_A_PAGE = 20  # further neighbours for each page of a long row: else it would mostly get its own pages back
MOST = 40  # however long the row: what one write makes anew stays bounded
_RANDOM = SystemRandom()


class Table(NamedTuple):
    """A table: its name, the columns of its primary key, and those of each further order that it is kept in."""

    name: str
    key: tuple[str, ...]
    further: tuple[tuple[str, ...], ...] = ()


CASES = Table(
    "cases",
    ("case_id",),
    (("holder", "quarantined", "place"), ("instance", "quarantined", "place"), ("holder", "work", "case_id")),
)
EVENTS = Table("events", ("case_id", "n"))
IDENTITIES = Table("identities", ("case_id",), (("instance", "place"),))
IDENTITY_SHARES = Table("identity_shares", ("case_id",))
OUTBOX = Table("outbox", ("entry_id",), (("queue", "turn"),))
LINK_USES = Table("link_uses", ("link_id",), (("expires", "link_id"),))
SLIPS = Table("slips", ("name",), (("expires", "name"),))


def shuffle_in(db: sqlite3.Connection, table: Table, keys: Iterable[tuple[Value, ...]]) -> None:
    """Let rows that were just written change places with their neighbours, within the current transaction."""
    rows: dict[tuple[Value, ...], sqlite3.Row] = {}
    for key in keys:
        row = _row(db, table, key)
        if row is not None:
            rows |= {tuple(near[column] for column in table.key): near for near in [row, *_near(db, table, row)]}
    if not rows:
        return
    equal = " AND ".join(f"{column} = ?" for column in table.key)
    db.executemany(f"DELETE FROM {table.name} WHERE {equal}", list(rows))  # noqa: S608 - names of our own
    mixed = list(rows.values())
    _RANDOM.shuffle(mixed)
    marks = ", ".join("?" * len(mixed[0]))
    db.executemany(f"INSERT INTO {table.name} VALUES ({marks})", [tuple(row) for row in mixed])  # noqa: S608 - as above


def _row(db: sqlite3.Connection, table: Table, key: tuple[Value, ...]) -> sqlite3.Row | None:
    equal = " AND ".join(f"{column} = ?" for column in table.key)
    row: sqlite3.Row | None = db.execute(f"SELECT * FROM {table.name} WHERE {equal}", key).fetchone()  # noqa: S608 - as above
    return row


def _near(db: sqlite3.Connection, table: Table, row: sqlite3.Row) -> list[sqlite3.Row]:
    """Return the rows beside this one, in each order of the table."""
    near: list[sqlite3.Row] = []
    pages = sum(len(value) for value in row if isinstance(value, bytes)) // PAGE_BYTES
    count = max(NEIGHBOURS, min(FOR_A_PAGE * pages, MOST))
    for columns in (table.key, *table.further):
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        here = tuple(row[column] for column in columns)
        for sign, way in (("<", "DESC"), (">", "ASC")):
            sorting = ", ".join(f"{column} {way}" for column in columns)
            near += db.execute(
                f"SELECT * FROM {table.name} WHERE ({names}) {sign} ({marks}) ORDER BY {sorting} LIMIT ?",  # noqa: S608 - as above
                (*here, count),
            ).fetchall()
    return near

"""Sealed identities in SQLite."""

import sqlite3
from collections.abc import Sequence

from functions.casework.sealed_identity import Identity
from functions.storage.interface import OutboxEntry, VersionConflictError
from functions.storage.page_tokens import make_token, read_identity_place
from functions.storage.records import from_row, identity_row, names
from functions.storage.sort_keys import identity_place
from functions.storage.sqlite.engine import SqlitePart, insert_sql
from functions.storage.sqlite.outbox import insert_entries
from functions.storage.sqlite.shuffle import IDENTITIES, IDENTITY_SHARES, shuffle_in

COLUMNS = (*names(Identity), "place")
INSERT_IDENTITY = insert_sql("identities", COLUMNS) + " ON CONFLICT (case_id) DO NOTHING"
UPDATE_IDENTITY = (
    "UPDATE identities SET "  # noqa: S608 - names of our own fields only
    + ", ".join(f"{column} = :{column}" for column in COLUMNS if column != "case_id")
    + " WHERE case_id = :case_id AND version = :version - 1"
)
PUT_SHARES = insert_sql("identity_shares", ("case_id", "envelope")) + " ON CONFLICT DO UPDATE SET envelope = :envelope"
SELECT_SHARES = "SELECT envelope FROM identity_shares WHERE case_id = ?"
DELETE_SHARES = "DELETE FROM identity_shares WHERE case_id = ?"
SELECT_IDENTITY = "SELECT * FROM identities WHERE case_id = ?"
PAGE = "SELECT * FROM identities WHERE instance = ? AND place > ? ORDER BY place LIMIT ?"


class SqliteIdentities(SqlitePart):
    """``interface.Identities`` on a SQLite file."""

    def read_identity(self, case_id: str) -> Identity | None:
        """Return the sealed identity of a case."""
        with self.engine.read() as db:
            row = db.execute(SELECT_IDENTITY, (case_id,)).fetchone()
        return _identity(row) if row else None

    def read_shares(self, case_id: str) -> bytes:
        """Return the envelope around the shares of a name's key."""
        with self.engine.read() as db:
            row = db.execute(SELECT_SHARES, (case_id,)).fetchone()
        return bytes(row["envelope"]) if row else b""

    def identity_waits(self, case_id: str) -> bool | None:
        """Tell whether a request waits; None if there is no identity."""
        identity = self.read_identity(case_id)
        return identity.pending if identity else None

    def write_identity(self, identity: Identity, outbox: Sequence[OutboxEntry] = ()) -> None:
        """Write identity and outbox in one transaction. Raises VersionConflictError."""
        with self.engine.write() as db:
            put_identity(db, identity)
            insert_entries(db, outbox)

    def page_identities(self, instance: str, after: str = "", limit: int = 20) -> tuple[tuple[Identity, ...], str]:
        """Return a page of identities from the index, and a token for more. Raises BadPageTokenError."""
        listing = f"custody:{instance}"
        last = read_identity_place(listing, after)
        with self.engine.read() as db:
            rows = db.execute(PAGE, (instance, last, limit + 1)).fetchall()
        found = tuple(_identity(row) for row in rows[:limit])
        return found, make_token(listing, identity_place(found[-1])) if len(rows) > limit else ""


def put_identity(db: sqlite3.Connection, identity: Identity) -> None:
    """Put an identity within the current transaction. Raises VersionConflictError."""
    statement = INSERT_IDENTITY if identity.version == 1 else UPDATE_IDENTITY
    if db.execute(statement, identity_row(identity) | {"place": identity_place(identity)}).rowcount != 1:
        raise VersionConflictError(identity.case_id)
    shuffle_in(db, IDENTITIES, [(identity.case_id,)])
    if identity.shares:
        db.execute(PUT_SHARES, {"case_id": identity.case_id, "envelope": identity.shares})
        shuffle_in(db, IDENTITY_SHARES, [(identity.case_id,)])
    elif not identity.sealed:
        db.execute(DELETE_SHARES, (identity.case_id,))


def _identity(row: sqlite3.Row) -> Identity:
    return from_row(Identity, dict(row))

"""Used links (which are the officers' sessions) and revocations in SQLite."""

import json
from collections.abc import Sequence

from functions.storage.interface import LinkUse, Revocation
from functions.storage.interface.links import KEEP_SECONDS, check_secret
from functions.storage.records import from_row, names, to_row
from functions.storage.sqlite.engine import SqlitePart, insert_sql
from functions.storage.sqlite.shuffle import LINK_USES, shuffle_in

USE_LINK = (
    insert_sql("link_uses", names(LinkUse))
    + " ON CONFLICT (link_id) DO UPDATE SET "
    + ", ".join(f"{column} = excluded.{column}" for column in names(LinkUse) if column != "link_id")
    + " WHERE secret_hash = excluded.secret_hash"
)
CHANGED = ", ".join(f"{column} = :{column}" for column in names(LinkUse) if column != "link_id")
CHANGE_USE = (
    f"UPDATE link_uses SET {CHANGED}"  # noqa: S608 - the record's own names
    " WHERE link_id = :link_id AND secret_hash = :hash_before AND challenge = :challenge_before"
)
SELECT_USE = "SELECT * FROM link_uses WHERE link_id = ?"
FORGET_USES = "DELETE FROM link_uses WHERE expires < ?"
END_USE = "UPDATE link_uses SET secret_hash = x'' WHERE link_id = ?"
REVOKE = """INSERT INTO revocations (subject, before) VALUES (?, ?)
    ON CONFLICT (subject) DO UPDATE SET before = max(before, excluded.before)"""
REVOKED = "SELECT subject, before FROM revocations WHERE subject IN (SELECT value FROM json_each(?))"


class SqliteLinks(SqlitePart):
    """``interface.Links`` on a SQLite file."""

    def use_link(self, use: LinkUse) -> LinkUse:
        """Bind a link on first use, or renew it for the same browser, and return the stored binding.

        Uses whose link has long expired are removed on the way: the store has no clock of its own.
        """
        check_secret(use)
        with self.engine.write() as db:
            db.execute(FORGET_USES, (use.expires - KEEP_SECONDS,))
            db.execute(USE_LINK, to_row(use))
            shuffle_in(db, LINK_USES, [(use.link_id,)])
            return from_row(LinkUse, dict(db.execute(SELECT_USE, (use.link_id,)).fetchone()))

    def read_link_use(self, link_id: str) -> LinkUse | None:
        """Return the binding of a link."""
        with self.engine.read() as db:
            row = db.execute(SELECT_USE, (link_id,)).fetchone()
        return from_row(LinkUse, dict(row)) if row else None

    def change_link_use(self, before: LinkUse, after: LinkUse) -> bool:
        """Replace a binding if its secret's hash and its challenge are still those of ``before``."""
        check_secret(before)
        asked = {"hash_before": before.secret_hash, "challenge_before": before.challenge}
        with self.engine.write() as db:
            done = db.execute(CHANGE_USE, to_row(after) | asked).rowcount == 1
            shuffle_in(db, LINK_USES, [(after.link_id,)])
        return done

    def end_link_use(self, link_id: str) -> None:
        """End the session. The link stays used."""
        with self.engine.write() as db:
            db.execute(END_USE, (link_id,))

    def revoke(self, revocation: Revocation) -> None:
        """Void links. The latest ``before`` is kept."""
        with self.engine.write() as db:
            db.execute(REVOKE, (revocation.subject, revocation.before))

    def revoked(self, subjects: Sequence[str]) -> dict[str, int]:
        """Return the revoked ones among these subjects, each with its ``before``."""
        with self.engine.read() as db:
            return dict(db.execute(REVOKED, (json.dumps(list(subjects)),)).fetchall())

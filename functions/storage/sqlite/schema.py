"""The tables of the SQLite file, as steps from one release's schema to the next.

A new file takes all steps, an older one those it has not taken, so both end up the same. A released step is never
edited. Tables have no rowid: running numbers would tell in which order, and so about when, reports came in.
"""

from functions.storage.interface import StorageError
from functions.storage.sqlite.engine import SqlitePart

VERSION_1 = (
    """CREATE TABLE cases (
        case_id TEXT PRIMARY KEY, instance TEXT NOT NULL, holder TEXT NOT NULL, kind TEXT NOT NULL,
        topic TEXT NOT NULL, district TEXT NOT NULL, about_agency TEXT NOT NULL, stage TEXT NOT NULL,
        received_on TEXT NOT NULL, due TEXT NOT NULL, sealed TEXT NOT NULL, key_id TEXT NOT NULL,
        lookup BLOB NOT NULL, fingerprint BLOB NOT NULL, wrap_receipt BLOB NOT NULL, wrap_desk BLOB NOT NULL,
        subject BLOB NOT NULL, version INTEGER NOT NULL, handed_on TEXT, closed_on TEXT, outcome TEXT,
        confirmed INTEGER NOT NULL, rating INTEGER, extended INTEGER NOT NULL, reopened INTEGER NOT NULL,
        appealed INTEGER NOT NULL, from_reporter INTEGER NOT NULL, from_officers INTEGER NOT NULL,
        place TEXT NOT NULL, retired_key TEXT
    ) STRICT, WITHOUT ROWID""",
    "CREATE UNIQUE INDEX cases_by_holder ON cases (holder, place)",
    "CREATE UNIQUE INDEX cases_by_instance ON cases (instance, place)",
    """CREATE TABLE events (
        case_id TEXT NOT NULL REFERENCES cases, n INTEGER NOT NULL, kind TEXT NOT NULL, by TEXT NOT NULL,
        "on" TEXT NOT NULL, stage TEXT NOT NULL, sealed BLOB NOT NULL, once BLOB NOT NULL,
        PRIMARY KEY (case_id, n)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE outbox (
        entry_id TEXT PRIMARY KEY, notice TEXT NOT NULL, instance TEXT NOT NULL, agency TEXT NOT NULL,
        case_id TEXT NOT NULL, sealed BLOB NOT NULL, delivered TEXT NOT NULL, attempts INTEGER NOT NULL,
        not_before INTEGER NOT NULL, leased_by TEXT NOT NULL, leased_until INTEGER NOT NULL,
        dead INTEGER NOT NULL, error TEXT NOT NULL, queue TEXT NOT NULL, turn TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE UNIQUE INDEX outbox_by_turn ON outbox (queue, turn)",
    """CREATE TABLE link_uses (
        link_id TEXT PRIMARY KEY, officer TEXT NOT NULL, agency TEXT NOT NULL, role TEXT NOT NULL,
        instance TEXT NOT NULL, case_id TEXT NOT NULL, secret_hash BLOB NOT NULL, expires INTEGER NOT NULL,
        issued INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX link_uses_by_expires ON link_uses (expires)",
    "CREATE TABLE revocations (subject TEXT PRIMARY KEY, before INTEGER NOT NULL) STRICT, WITHOUT ROWID",
)
# Cases in quarantine stand in the same indexes, apart from all others.
VERSION_2 = (
    "ALTER TABLE cases ADD COLUMN identity TEXT NOT NULL DEFAULT 'anonim'",
    "ALTER TABLE cases ADD COLUMN contact BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE cases ADD COLUMN quarantined INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN shredded INTEGER NOT NULL DEFAULT 0",
    "DROP INDEX cases_by_holder",
    "DROP INDEX cases_by_instance",
    "CREATE UNIQUE INDEX cases_by_holder ON cases (holder, quarantined, place)",
    "CREATE UNIQUE INDEX cases_by_instance ON cases (instance, quarantined, place)",
    "ALTER TABLE outbox ADD COLUMN count INTEGER NOT NULL DEFAULT 0",
    """CREATE TABLE identities (
        case_id TEXT PRIMARY KEY, instance TEXT NOT NULL, key_id TEXT NOT NULL, wrap_receipt BLOB NOT NULL,
        wrap_custody BLOB NOT NULL, sealed BLOB NOT NULL, version INTEGER NOT NULL, steps TEXT NOT NULL,
        place TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE UNIQUE INDEX identities_by_instance ON identities (instance, place)",
)
VERSION_3 = (
    "ALTER TABLE cases ADD COLUMN terms TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE cases ADD COLUMN held_on TEXT",
    "ALTER TABLE cases ADD COLUMN paused INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN reminded INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN escalated INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN escalated_to TEXT NOT NULL DEFAULT ''",
    "CREATE UNIQUE INDEX cases_by_escalated ON cases (escalated_to, quarantined, place) WHERE escalated_to <> ''",
    "ALTER TABLE cases ADD COLUMN oversight INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN recused TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE cases ADD COLUMN sp4n TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE events ADD COLUMN agency TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE events ADD COLUMN officer TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE events ADD COLUMN chain BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE cases ADD COLUMN chain BLOB NOT NULL DEFAULT x''",
    """CREATE TABLE registers (
        name TEXT PRIMARY KEY, version INTEGER NOT NULL, body BLOB NOT NULL
    ) STRICT, WITHOUT ROWID""",
)
VERSION_4 = (
    "ALTER TABLE cases ADD COLUMN second TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE cases ADD COLUMN assigned TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE cases ADD COLUMN priority INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN canned INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN lapsed INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN lift TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE cases ADD COLUMN lift_by TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE cases ADD COLUMN lift_on TEXT",
    "ALTER TABLE cases ADD COLUMN origin TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE cases ADD COLUMN texted INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE outbox ADD COLUMN words BLOB NOT NULL DEFAULT x''",
    """CREATE TABLE slips (
        name TEXT PRIMARY KEY, version INTEGER NOT NULL, sealed BLOB NOT NULL, expires INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX slips_by_expires ON slips (expires)",
    "CREATE UNIQUE INDEX cases_by_second ON cases (second, quarantined, place) WHERE second <> ''",
    "CREATE UNIQUE INDEX cases_by_assigned ON cases (assigned, quarantined, place) WHERE assigned <> ''",
    "CREATE UNIQUE INDEX cases_by_asked ON cases (lift_by, quarantined, place) WHERE lift_by <> ''",
)
VERSION_5 = (
    "ALTER TABLE cases ADD COLUMN publication TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE cases ADD COLUMN agreed INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN answered_on TEXT",
    "ALTER TABLE cases ADD COLUMN closed_due TEXT",
    "ALTER TABLE cases ADD COLUMN transferred INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN earlier_ends TEXT NOT NULL DEFAULT '[]'",
)
VERSION_6 = ("ALTER TABLE cases ADD COLUMN visible_from INTEGER NOT NULL DEFAULT 0",)
VERSION_7 = ("ALTER TABLE cases ADD COLUMN unmasked TEXT NOT NULL DEFAULT '[]'",)
VERSION_8 = ("ALTER TABLE cases ADD COLUMN kept_from TEXT NOT NULL DEFAULT '[]'",)
VERSION_9 = ("ALTER TABLE outbox ADD COLUMN digest TEXT NOT NULL DEFAULT ''",)
# ``sort_keys.work_place``, for the cases that stand there already.
VERSION_10 = (
    "ALTER TABLE cases ADD COLUMN work TEXT NOT NULL DEFAULT ''",
    """UPDATE cases SET work = CASE WHEN stage = 'ditahan' THEN 'h' WHEN stage IN ('diproses', 'ditanggapi') THEN 'o'
        ELSE 'n' END || substr(place, 2)
        WHERE stage NOT IN ('selesai', 'diarsipkan') AND shredded = 0 AND quarantined = 0""",
    "CREATE UNIQUE INDEX cases_by_work ON cases (holder, work, case_id)",
)
# The shuffle takes a case's row out and puts it back. Asked for with a pragma, deferring would have SQLite compile each
# statement of the connection anew (OP_Expire), at every write.
VERSION_11 = (
    """CREATE TABLE deferred (
        case_id TEXT NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED, n INTEGER NOT NULL, kind TEXT NOT NULL,
        by TEXT NOT NULL, "on" TEXT NOT NULL, stage TEXT NOT NULL, sealed BLOB NOT NULL, once BLOB NOT NULL,
        agency TEXT NOT NULL DEFAULT '', officer TEXT NOT NULL DEFAULT '', chain BLOB NOT NULL DEFAULT x'',
        PRIMARY KEY (case_id, n)
    ) STRICT, WITHOUT ROWID""",
    """INSERT INTO deferred
        SELECT case_id, n, kind, by, "on", stage, sealed, once, agency, officer, chain FROM events
        ORDER BY case_id, n""",
    "DROP TABLE events",
    "ALTER TABLE deferred RENAME TO events",
)
# Names whose key is split over custodians.
VERSION_12 = (
    "ALTER TABLE identities ADD COLUMN wrap_talk BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE identities ADD COLUMN passes BLOB NOT NULL DEFAULT x''",
    """CREATE TABLE identity_shares (
        case_id TEXT PRIMARY KEY, envelope BLOB NOT NULL
    ) STRICT, WITHOUT ROWID""",
)
# The key of the reporter's acts, and their signatures.
VERSION_13 = (
    "ALTER TABLE cases ADD COLUMN act BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE events ADD COLUMN clear TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE events ADD COLUMN sig BLOB NOT NULL DEFAULT x''",
)
# A session that an older release made is half open, where a second factor is wanted.
VERSION_14 = (
    "ALTER TABLE link_uses ADD COLUMN opened INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE link_uses ADD COLUMN proof TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE link_uses ADD COLUMN challenge BLOB NOT NULL DEFAULT x''",
)
STEPS = (
    *(VERSION_1, VERSION_2, VERSION_3, VERSION_4, VERSION_5, VERSION_6, VERSION_7, VERSION_8, VERSION_9, VERSION_10),
    *(VERSION_11, VERSION_12, VERSION_13, VERSION_14),
)
SHUFFLED_SINCE = 6  # older files have their rows in the order in which they came


class SqliteSchema(SqlitePart):
    """Makes the tables of a SQLite file."""

    def prepare(self) -> None:
        """Make the tables that do not exist yet, and bring those of an older release up to this one's, all or nothing.
        A file from before rows were shuffled is written anew. Raises StorageError for a file of a newer release."""
        path = self.engine.path
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.engine.write() as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version > len(STEPS):
                raise StorageError(f"{path} was written by a newer release; install that one")
            for step in STEPS[version:]:
                for statement in step:
                    db.execute(statement)
            if version < len(STEPS):
                db.execute(f"PRAGMA user_version = {len(STEPS):d}")
        if 0 < version < SHUFFLED_SINCE:
            self.engine.rewrite()

    def unprepared(self) -> str:
        """Tell what of this release's schema the file lacks, "" if nothing."""
        path = self.engine.path
        with self.engine.read() as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
        if version > len(STEPS):
            return f"{path} was written by a newer release (schema {version}, this one has {len(STEPS)})"
        return f"{path} has schema {version} of {len(STEPS)}" if version < len(STEPS) else ""

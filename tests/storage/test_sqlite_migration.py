"""A file of an older release is brought up to this one's, all or nothing, and then is as a new one."""

import sqlite3
from contextlib import closing

import pytest

from functions.casework.case import Mode
from functions.casework.sealed_identity import StepKind
from functions.casework.stages import Stage
from functions.storage.interface import Register, Scope, StorageError
from functions.storage.records import to_row
from functions.storage.sqlite import schema as steps
from functions.storage.sqlite.store import SqliteStore
from tests.prepared import put_empty_file
from tests.storage.examples import (
    DAY,
    INSTANCE,
    UNIT,
    at_once,
    buried,
    following,
    make_entry,
    make_event,
    make_head,
    make_identity,
    put_case,
    stepped,
)

HOUR = 494_000
# As release 1 made it. Kept here: what was released must not change with the code.
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
NEW_FIELDS = {
    *("identity", "contact", "quarantined", "shredded", "count"),
    *("terms", "held_on", "paused", "reminded", "escalated", "escalated_to"),
    *("oversight", "recused", "sp4n"),
    *("chain", "officer", "clear", "sig"),
    *("second", "assigned", "priority", "canned", "lapsed", "lift", "lift_by", "lift_on", "origin"),
    *("texted", "words"),
    *("publication", "agreed"),
    *("answered_on", "closed_due", "transferred", "earlier_ends"),
    "visible_from",
    "unmasked",
    "kept_from",
    "act",
    "digest",
    *("opened", "proof", "challenge"),
}


def insert(db, table, row):
    new = NEW_FIELDS | ({"agency"} if table == "events" else set())
    row = {name: value for name, value in row.items() if name not in new}
    columns = ", ".join(f'"{name}"' for name in row)
    db.execute(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(row))})", list(row.values()))  # noqa: S608 - the tables' own names


@pytest.fixture
def head():
    return make_head()


@pytest.fixture
def closed():
    return make_head(stage=Stage.SELESAI, closed_on=DAY)


@pytest.fixture
def entry():
    return make_entry(not_before=HOUR)


@pytest.fixture
def path(tmp_path, head, closed, entry):
    """A file of release 1 with an open case, a closed one and a notice."""
    path = tmp_path / "lapor.sqlite"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA journal_mode = WAL")
        for statement in VERSION_1:
            db.execute(statement)
        db.execute("PRAGMA user_version = 1")
        for case, place in ((head, "0#2026-03-05#" + "a" * 24), (closed, "1#2912392#" + "b" * 24)):
            insert(db, "cases", to_row(case) | {"place": place, "retired_key": None})
            insert(db, "events", to_row(make_event()) | {"case_id": case.case_id})
        insert(db, "outbox", to_row(entry) | {"queue": "waiting", "turn": f"{HOUR:08d}#{entry.entry_id}"})
    return path


def schema(path):
    with closing(sqlite3.connect(path)) as db:
        found = sorted(db.execute("SELECT type, name, sql FROM sqlite_schema").fetchall())
        (version,) = db.execute("PRAGMA user_version").fetchone()
        return version, found


def test_what_was_released_is_the_first_step(tmp_path):
    assert steps.VERSION_1 == VERSION_1


def test_an_older_file_becomes_as_a_new_one(path, tmp_path):
    SqliteStore(path).prepare()
    new = SqliteStore(tmp_path / "new.sqlite")
    new.prepare()
    assert schema(path) == schema(new.engine.path)
    assert schema(path)[0] == len(steps.STEPS)
    SqliteStore(path).prepare()
    assert schema(path) == schema(new.engine.path)


def test_the_copy_that_tests_begin_with_is_what_prepare_makes(tmp_path):
    copy, made = tmp_path / "copy" / "lapor.sqlite", tmp_path / "made" / "lapor.sqlite"
    put_empty_file(copy)
    assert SqliteStore(copy).unprepared() == ""
    SqliteStore(made).prepare()
    assert copy.read_bytes()[100:] == made.read_bytes()[100:]  # the header counts what opened it
    for path in (copy, copy.parent):
        assert path.stat().st_mode == (made if path is copy else made.parent).stat().st_mode
    store = SqliteStore(copy)
    put_empty_file(copy)  # never over one that is there
    case = put_case(store)
    assert store.read_head(case.case_id) == case


def test_what_is_still_to_be_done_is_told_and_not_done(path, tmp_path):
    before = schema(path)
    assert SqliteStore(path).unprepared() == f"{path} has schema 1 of {len(steps.STEPS)}"
    assert schema(path) == before
    SqliteStore(path).prepare()
    assert SqliteStore(path).unprepared() == ""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    assert "newer release (schema 99" in SqliteStore(path).unprepared()


def test_what_stood_in_it_stands_as_before(path, head, closed, entry):
    store = SqliteStore(path)
    store.prepare()
    assert store.read_case(head.case_id).head == head
    assert len(store.read_case(head.case_id).events) == 1
    assert (head.reporter.mode, head.reporter.contact, head.quarantined, head.shredded) == (
        Mode.ANONIM,
        b"",
        False,
        False,
    )
    for scope, code in ((Scope.HOLDER, UNIT), (Scope.INSTANCE, INSTANCE)):
        assert store.page(scope, code).heads == (head, closed)
    assert store.page(Scope.QUARANTINE, UNIT).heads == ()
    assert store.read_identity(head.case_id) is None
    (claimed,) = store.claim("w", HOUR)
    assert (claimed.entry_id, claimed.count) == (entry.entry_id, 0)


def test_and_goes_on_from_there(path, head, closed):
    store = SqliteStore(path)
    store.prepare()
    store.append(following(head, quarantined=True), 1)
    assert store.page(Scope.QUARANTINE, UNIT).heads[0].case_id == head.case_id
    identity = make_identity(case_id=put_case(store, contact=b"an address").case_id)
    store.write_identity(identity)
    store.write_identity(stepped(identity, StepKind.ASKED))
    assert store.closed_before(INSTANCE, DAY.replace(year=2030)) == (closed,)
    store.shred(buried(closed), 1)
    assert store.read_case(closed.case_id).events == ()
    store.write_registers([Register("directory", 1, b"agencies")])
    assert store.read_register("directory").body == b"agencies"


def test_a_step_that_fails_leaves_the_file_as_it_was(path, monkeypatch):
    before = schema(path)
    broken = (*steps.VERSION_2[:-1], "CREATE TABLE cases (again)")
    with monkeypatch.context() as patched:
        patched.setattr("functions.storage.sqlite.schema.STEPS", (VERSION_1, broken))
        with pytest.raises(StorageError):
            SqliteStore(path).prepare()
    assert schema(path) == before
    SqliteStore(path).prepare()
    assert schema(path)[0] == len(steps.STEPS)


def test_several_may_bring_it_up_at_once(path, head):
    stores = [SqliteStore(path) for _ in range(6)]
    assert at_once(6, lambda i: stores[i].prepare()) == [None] * 6
    assert stores[0].read_head(head.case_id) == head

"""What SQLite must do beyond the contract: survive, share, forget, and never scan."""

import json
import os
import re
import sqlite3
import stat
from contextlib import closing
from dataclasses import is_dataclass
from pathlib import Path

import pytest

from functions.casework.case import CaseHead, Event
from functions.casework.sealed_identity import Identity, StepKind
from functions.storage.interface import (
    LinkUse,
    Notice,
    OutboxEntry,
    Revocation,
    Scope,
    StorageError,
    StoreUnavailableError,
)
from functions.storage.records import names
from functions.storage.sqlite.store import SqliteStore
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
    make_use,
    put_case,
    stepped,
)

ROOT = Path(__file__).resolve().parents[2]
HOUR = 494_000


@pytest.fixture
def path(tmp_path):
    return tmp_path / "kept" / "lapor.sqlite"


@pytest.fixture
def store(path):
    made = SqliteStore(path)
    made.prepare()
    return made


def workload(store):
    """Every operation once."""
    head, gone = make_head(contact=b"sealed address"), make_head(quarantined=True)
    identity = make_identity(case_id=head.case_id)
    asked = stepped(identity, StepKind.ASKED)
    store.create_case(head, [make_event()], [make_entry(case_id=head.case_id)], identity)
    store.create_case(gone, [make_event()], [], make_identity(case_id=gone.case_id))
    store.write_identity(asked, [make_entry()])
    change = following(head, outbox=[make_entry(), make_entry()])
    store.append(change._replace(identity=stepped(asked, StepKind.OBJECTED)), 1)
    store.rewrap(head.case_id, "desk-1", "desk-2", b"wrap")
    store.read_case(head.case_id)
    store.read_head(head.case_id)
    store.read_identity(head.case_id)
    store.page_identities(INSTANCE)
    for scope, code in (
        (Scope.HOLDER, UNIT),
        (Scope.INSTANCE, INSTANCE),
        (Scope.QUARANTINE, UNIT),
        (Scope.WORK, UNIT),
    ):
        store.page(scope, code)
    store.closed_before(INSTANCE, DAY)
    store.shred(buried(gone), 1)
    for _ in range(2):
        store.tally(make_entry(entry_id="karantina", count=1))
    store.enqueue(make_entry(notice=Notice.LINK_WANTED, sealed=b"address"))
    first, second, *_ = store.claim("w", HOUR)
    store.settle(first.entry_id, "w")
    store.put_back(OutboxEntry(second.entry_id, second.notice, second.instance, dead=True), "w")
    store.release("w")
    store.dead_letters()
    store.revive(second.entry_id)
    use = store.use_link(make_use())
    store.read_link_use(use.link_id)
    store.end_link_use(use.link_id)
    store.revoke(Revocation("officer:budi", 1000))
    store.revoked(["officer:budi"])


def values(path):
    """Every value at rest: ``(table, column, value)``."""
    found = []
    with closing(sqlite3.connect(path)) as db:
        for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            cursor = db.execute(f"SELECT * FROM {table}")  # noqa: S608 - the tables' own names
            names = [column[0] for column in cursor.description]
            found += [(table, name, value) for row in cursor for name, value in zip(names, row, strict=True)]
    return found


def test_only_the_owner_may_read_the_files(store, path):
    put_case(store)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == dict.fromkeys(("lapor.sqlite", "lapor.sqlite-wal", "lapor.sqlite-shm"), 0o600)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_every_connection_is_durable_and_forgets(store):
    with store.engine.read() as db:
        found = {
            name: db.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }


def test_no_pragma_within_a_write_has_its_statements_compiled_anew(store):
    put_case(store)
    said = []
    with store.engine.read() as db:
        db.set_trace_callback(said.append)
    put_case(store)
    inside = said[said.index("BEGIN IMMEDIATE") : said.index("COMMIT", said.index("BEGIN IMMEDIATE"))]
    assert len(inside) > 10
    assert [statement for statement in inside if "PRAGMA" in statement] == []


def test_tables_hold_the_records_fields_and_what_the_indexes_need(store, path):
    with closing(sqlite3.connect(path)) as db:
        for table, kind, more in (
            ("cases", CaseHead, {"place", "work", "retired_key"}),
            ("events", Event, {"case_id"}),
            ("identities", Identity, {"place"}),
            ("outbox", OutboxEntry, {"queue", "turn"}),
            ("link_uses", LinkUse, set()),
            ("revocations", Revocation, set()),
        ):
            columns = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
            named = set(names(kind)) if is_dataclass(kind) else set(kind._fields)
            assert columns == named | more
            (definition,) = db.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
            assert definition.endswith("STRICT, WITHOUT ROWID")  # a rowid tells in which order reports came


def test_no_statement_scans_or_sorts(store):
    seen = []
    opened = store.engine._open

    def watched_open():
        db = opened()
        db.set_trace_callback(seen.append)
        return db

    store.engine._open = watched_open
    while store.engine._idle:
        store.engine._idle.pop().close()
    workload(store)
    statements = [sql for sql in seen if re.match(r"\s*(SELECT|UPDATE|DELETE|INSERT)", sql)]
    with store.engine.read() as db:
        db.set_trace_callback(None)
        plans = {sql: [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")] for sql in statements}
    steps = [step for plan in plans.values() for step in plan]
    assert sum(step.startswith("SEARCH") for step in steps) > 20
    # json_each walks over the handful of subjects that were asked for, not over a table.
    assert [s for s in steps if not s.startswith(("SEARCH", "SCAN json_each", "LIST SUBQUERY"))] == []
    page = next(plan for sql, plan in plans.items() if "holder =" in sql and "ORDER BY place" in sql)
    assert page == ["SEARCH cases USING INDEX cases_by_holder (holder=? AND quarantined=? AND place>? AND place<?)"]
    work = next(plan for sql, plan in plans.items() if "ORDER BY work" in sql)
    assert work == ["SEARCH cases USING INDEX cases_by_work (holder=? AND work>? AND work<?)"]
    due = next(plan for sql, plan in plans.items() if "ORDER BY place DESC" in sql)
    assert due == ["SEARCH cases USING INDEX cases_by_instance (instance=? AND quarantined=? AND place>? AND place<?)"]


def test_nothing_at_rest_tells_a_time_of_day(store, path):
    workload(store)
    held = values(path)
    assert len(held) > 60
    # Base64 says anything by chance: of the steps, what is not sealed.
    texts = [value for _, column, value in held if column == "steps"]
    held = [each for each in held if each[1] != "steps"]
    held += [("steps", k, v) for text in texts for step in json.loads(text) for k, v in step.items() if k != "sealed"]
    assert ("steps", "on", DAY.isoformat()) in held
    for table, column, value in held:
        if (table, column) in (("link_uses", "expires"), ("link_uses", "issued"), ("revocations", "before")):
            continue  # an officer's session and his links, which live by the second
        if isinstance(value, str):
            # Not simply \dT\d: a case id may look so.
            assert not re.search(r"\d\d:\d\d|\d\d-?\d\dT\d\d", value), (table, column)
            assert not re.search(r"(?<![0-9a-f])1[0-9]{9}(?![0-9a-f])", value), (table, column)
        if isinstance(value, int):
            assert value < 1_000_000, (table, column)  # an epoch hour at most


def test_link_uses_go_once_their_link_has_long_expired(store, path):
    old = store.use_link(make_use())
    store.use_link(make_use(expires=old.expires + 41 * 86400))
    assert store.read_link_use(old.link_id) is None


def test_a_busy_file_is_unavailable_and_then_works(store, path, monkeypatch):
    monkeypatch.setattr("functions.storage.sqlite.engine.BUSY_SECONDS", 0.05)
    impatient = SqliteStore(path)
    with store.engine.write(), pytest.raises(StoreUnavailableError):
        put_case(impatient)
    put_case(impatient)


def test_a_full_disk_is_unavailable_and_writes_nothing(store):
    head = make_head(subject=bytes(200_000))
    with store.engine._connection() as db:
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreUnavailableError, match="full"):
        store.create_case(head, [make_event()], [make_entry()])
    assert store.page(Scope.HOLDER, UNIT).heads == ()
    assert store.claim("w", HOUR) == ()


def test_an_unreachable_file_is_unavailable(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailableError):
        SqliteStore(tmp_path / "file" / "lapor.sqlite").read_case("x")


def test_a_file_that_is_no_database_is_an_error(path):
    path.parent.mkdir()
    path.write_bytes(b"no database " * 100)
    with pytest.raises(StorageError) as caught:
        SqliteStore(path).prepare()
    assert not isinstance(caught.value, StoreUnavailableError)


def test_a_file_of_a_newer_release_is_left_alone(store, path):
    with store.engine.write() as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(StorageError, match="newer release"):
        SqliteStore(path).prepare()


@pytest.mark.parametrize("attempt", range(5))
def test_many_may_prepare_at_once(path, attempt):
    stores = [SqliteStore(path) for _ in range(8)]
    assert at_once(8, lambda i: stores[i].prepare()) == [None] * 8


def test_connections_are_shared_out_not_shared(store):
    with store.engine.read() as one, store.engine.read() as other:
        assert one is not other
    with store.engine.read() as again:
        assert again in (one, other)


def test_a_fork_opens_connections_of_its_own(store):
    put_case(store)
    inherited = list(store.engine._idle)
    assert inherited
    store.engine._process = os.getpid() + 1  # as a forked child sees it
    put_case(store)
    assert not set(map(id, store.engine._idle)) & set(map(id, inherited))
    for db in inherited:
        db.execute("SELECT 1").fetchone()  # not closed either
        db.close()

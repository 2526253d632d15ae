"""SQLite shared with another process, and left by one that was killed."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from functions.storage.sqlite.store import SqliteStore
from tests.storage.examples import buried, following, make_entry, make_event, make_head, make_identity, put_case

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


def in_child(code, path):
    """Run code in another process, with ``store`` and the examples at hand."""
    prelude = (
        "import os, signal, sys; from pathlib import Path\n"
        "from functions.storage.sqlite.store import SqliteStore\n"
        "from tests.storage.examples import *\n"
        "store = SqliteStore(Path(sys.argv[1]))\n"
    )
    command = [sys.executable, "-c", prelude + code, path]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_another_process_sees_what_was_written_and_is_seen(store, path):
    entry = make_entry(agency="seen by the courier")
    store.enqueue(entry)
    done = in_child(f"(e,) = store.claim('w', {HOUR}); print(e.agency); store.settle(e.entry_id, 'w')", path)
    assert (done.stdout, done.stderr) == ("seen by the courier\n", "")
    assert store.claim("w", HOUR + 9) == ()


def test_killed_in_the_middle_of_a_transaction_leaves_nothing_of_it(store, path):
    head = put_case(store)
    code = (
        f"head = store.read_case({head.case_id!r}).head\n"
        "opened = store.engine._open\n"
        "def watched():\n"
        "    db = opened()\n"
        "    db.set_trace_callback(lambda sql: 'INTO outbox' in sql and os.kill(os.getpid(), signal.SIGKILL))\n"
        "    return db\n"
        "store.engine._open = watched; store.engine._idle.clear()\n"
        "print('writing', flush=True)\n"
        "store.append(following(head, outbox=[make_entry()]), 1)\n"
        "print('never')\n"
    )
    done = in_child(code, path)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "writing\n")
    case = store.read_case(head.case_id)
    assert (case.head, len(case.events)) == (head, 1)
    assert store.claim("w", HOUR) == ()
    store.append(following(head), 1)  # and the file is open for writing again


@pytest.mark.parametrize("before", ["INTO outbox", "DELETE FROM events", "DELETE FROM identities", "COMMIT"])
def test_killed_in_the_middle_of_a_shredding_leaves_the_case_as_it_was(store, path, before):
    head = make_head()
    identity = make_identity(case_id=head.case_id)
    store.create_case(head, [make_event()], [], identity)
    code = (
        f"head = store.read_head({head.case_id!r})\n"
        "opened = store.engine._open\n"
        "def watched():\n"
        "    db = opened()\n"
        f"    db.set_trace_callback(lambda sql: {before!r} in sql and os.kill(os.getpid(), signal.SIGKILL))\n"
        "    return db\n"
        "store.engine._open = watched\n"
        "while store.engine._idle: store.engine._idle.pop().close()\n"
        "print('shredding', flush=True)\n"
        "store.shred(buried(head), 1, [make_entry()])\n"
        "print('never')\n"
    )
    done = in_child(code, path)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "shredding\n")
    case = store.read_case(head.case_id)
    assert (case.head, len(case.events)) == (head, 1)
    assert store.read_identity(head.case_id) == identity
    assert store.claim("w", HOUR) == ()
    store.shred(buried(head), 1)


def test_killed_before_the_log_is_wiped_is_finished_by_shredding_again(store, path):
    head = put_case(store, wrap_desk=b"canary-wrap")
    code = (
        f"head = store.read_head({head.case_id!r})\n"
        "store.engine.wipe_log = lambda: os.kill(os.getpid(), signal.SIGKILL)\n"
        "store.shred(buried(head), 1)\n"
    )
    assert in_child(code, path).returncode == -signal.SIGKILL
    tombstone = store.read_head(head.case_id)
    assert tombstone == buried(head)
    assert any(b"canary-wrap" in file.read_bytes() for file in path.parent.iterdir())
    store.shred(tombstone, tombstone.version)
    assert not any(b"canary-wrap" in file.read_bytes() for file in path.parent.iterdir())


def test_killed_at_any_time_keeps_what_was_acknowledged(store, path):
    head = put_case(store)
    code = (
        "import sys; from pathlib import Path\n"
        "from functions.storage.sqlite.store import SqliteStore\n"
        "from tests.storage.examples import *\n"
        "store = SqliteStore(Path(sys.argv[1]))\n"
        "while True:\n"
        "    head = store.read_case(sys.argv[2]).head\n"
        "    store.append(following(head, outbox=[make_entry()]), head.version)\n"
        "    print(head.version + 1, flush=True)\n"
    )
    command = [sys.executable, "-c", code, path, head.case_id]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        acknowledged = [int(writer.stdout.readline()) for _ in range(10)]
        writer.kill()
        acknowledged += [int(line) for line in writer.stdout if line.endswith("\n")]
    case = store.read_case(head.case_id)
    assert case.head.version in (acknowledged[-1], acknowledged[-1] + 1)
    assert [event.n for event in case.events] == list(range(1, case.head.version + 1))
    assert len(store.claim("w", HOUR, limit=100_000)) == case.head.version - 1
    with store.engine.read() as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_program_that_ends_takes_no_log_from_under_one_that_runs(store, path):
    """Two connections in one process, as two requests at once make them; then a command at a terminal comes and goes.
    What is written afterwards must reach everybody else, and outlive this process."""
    with store.engine.read() as first:
        first.execute("SELECT 1 FROM cases").fetchall()
        with store.engine.read() as second:
            second.execute("SELECT 1 FROM cases").fetchall()
    looked = in_child("print(store.register_version('directory'))", path)
    assert (looked.stdout, looked.stderr) == ("0\n", "")
    head = put_case(store)
    read = in_child(f"print(store.read_case({head.case_id!r}).head.case_id)", path)
    assert (read.stdout, read.stderr) == (f"{head.case_id}\n", "")
    assert path.with_name(f"{path.name}-wal").exists()


def test_a_backup_takes_none_of_the_side_files_of_several_users_away(path, tmp_path):
    """It may be the last to close the database, as while the office is stopped."""
    path.parent.mkdir(mode=0o700)
    path.parent.chmod(0o3770)
    in_child("store.prepare()", path)
    target = tmp_path / "copy"
    target.touch()
    code = "from functions.storage.sqlite.backup import snapshot; del store; snapshot(Path(sys.argv[1]), Path({!r}))"
    done = in_child(code.format(str(target)), path)
    assert (done.stdout, done.stderr) == ("", "")
    assert sorted(each.name.removeprefix(path.name) for each in path.parent.iterdir()) == ["", "-shm", "-wal"]


@pytest.mark.parametrize(("mode", "ends"), [(0o3770, ["", "-shm", "-wal"]), (0o2770, [""])])
def test_in_a_folder_of_several_users_the_side_files_stay_with_its_owner(path, mode, ends):
    """Who came next could not open what another user made, where Debian's fs.protected_regular is 2."""
    path.parent.mkdir(mode=0o700)
    path.parent.chmod(mode)
    done = in_child("store.prepare(); Path(sys.argv[1]).chmod(0o660)", path)
    assert (done.stdout, done.stderr) == ("", "")
    assert sorted(each.name.removeprefix(path.name) for each in path.parent.iterdir()) == ends
    assert {each.stat().st_mode & 0o777 for each in path.parent.iterdir()} == {0o660}
    entry = make_entry()
    SqliteStore(path).enqueue(entry)  # and they are taken up
    assert SqliteStore(path).claim("w", HOUR)

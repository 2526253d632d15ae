"""Kill -9 between any two writes of a submission: no case, or a case whose receipt opens it and whose mail
still comes.

The submission runs in a process of its own that counts every write that reaches the disk (each SQL statement,
each file operation), and kills itself at the n-th. The test walks n until a run survives.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from functions.actions.submit import Submit
from functions.storage.interface import CaseNotFoundError
from functions.vault import sealing
from tests.world import WORDS, World

KEY = "ab" * 16
CHILD = """
import os, signal, sqlite3, sys
from pathlib import Path
folder, point = Path(sys.argv[1]), int(sys.argv[2])
from functions.storage.sqlite import SqliteStore
from functions.actions.submit import Submit
from functions.casework.report import read_report
from functions.settings import DEMO, load_directory
from functions.vault.keyring import KeyDirectory
from datetime import date
directory = load_directory(DEMO / "kutai-timur.toml")
today = date(2026, 11, 25)
store = SqliteStore(folder / "lapor.sqlite")
fields = {"kind": "pengaduan", "topic": next(iter(directory.topics)), "district": "64.08.04", "body": %r}
report = read_report(fields, directory, today)
submit = Submit(store, KeyDirectory(folder / "keys").public, directory, lambda: today)
seen = 0
def step(*_):
    global seen
    seen += 1
    if seen == point:
        os.kill(os.getpid(), signal.SIGKILL)
honest = sqlite3.connect
def watched(*args, **kwargs):
    connection = honest(*args, **kwargs)
    connection.set_trace_callback(step)
    return connection
sqlite3.connect = watched
done = submit(report, bytes.fromhex(%r))
step()  # after the commit, before the answer
print(done.receipt, seen)
""" % (WORDS, KEY)


def attempt(folder: Path, point: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CHILD, str(folder), str(point)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


def test_no_point_of_a_submission_loses_or_halves_it(tmp_path: Path) -> None:
    receipt = sealing.receipt_for(bytes.fromhex(KEY))
    case_id = sealing.receipt_keys(receipt).case_id
    outcomes: list[str] = []
    for point in range(1, 60):
        folder = tmp_path / str(point)
        world = World(folder)
        done = attempt(folder, point)
        killed = done.returncode == -signal.SIGKILL
        assert killed or done.returncode == 0, done.stderr
        try:
            head = world.store.read_case(case_id).head
        except CaseNotFoundError:
            assert killed
            assert world.run_courier() == 0, "a mail for a case that is not there"
            outcomes.append("none")
        else:
            assert world.read(str(receipt))["messages"][0]["body"] == WORDS
            assert head.version == 1
            assert world.run_courier() == 1, "a case whose mail never comes"
            outcomes.append("whole")
        again = world.intake.post(
            "/api/reports",
            json=world.fields(submission_key=KEY, place="", subject=""),
            headers={"Accept": "application/json"},
        )
        assert again.get_json()["receipt"] == str(receipt)
        if not killed:
            break
    assert done.returncode == 0, "the walk did not reach the end"
    assert outcomes.count("none") >= 3  # the walk met real points before the commit …
    assert outcomes.count("whole") >= 2  # … and after it, before the answer
    assert outcomes == sorted(outcomes)  # once whole, always whole


def test_the_same_key_five_times_in_parallel_is_one_case(tmp_path: Path) -> None:
    world = World(tmp_path)
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, str(tmp_path), "0"],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        for _ in range(5)
    ]
    receipts = {child.communicate()[0].split()[0] for child in children}
    assert receipts == {str(sealing.receipt_for(bytes.fromhex(KEY)))}
    assert world.run_courier() == 1
    from functions.storage.interface import Scope

    assert len(world.store.page(Scope.INSTANCE, "kutim").heads) == 1


def test_the_walk_would_notice_a_mail_written_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk itself is proved: with the notice outside the transaction, a kill between leaves it out."""
    world = World(tmp_path)
    honest = type(world.store).create_case
    monkeypatch.setattr(type(world.store), "create_case", lambda self, head, events, _: honest(self, head, events, []))
    world.report()
    assert isinstance(world.submit, Submit)
    assert world.run_courier() == 0

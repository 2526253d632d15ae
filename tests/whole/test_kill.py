"""Kill -9 between any two writes: no case, or a case whose receipt opens it and whose mail still comes; no
file, or a file that opens. The walk goes on until a run survives, so it meets every point (every day each second one)."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from functions.crypto.seal import sealing
from functions.storage.interface import CaseNotFoundError, Scope
from tests.depth import deep
from tests.server import ROOT
from tests.whole.killed import FILE_KEY, KEY, WORDS, photo
from tests.world import JSON, World

Attempt = Callable[[Path, int, str], bool]
RECEIPT = sealing.receipt_for(KEY)
STEP = deep(1, 2)
CASE_ID = sealing.receipt_keys(RECEIPT).case_id


def start(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.whole.killed", *map(str, arguments)]
    # Not measured: coverage writes to SQLite itself, and its statements would be points of the walk.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, **pipes, text=True, cwd=ROOT, env=environ)


@pytest.fixture(scope="module")
def attempt() -> Iterator[Attempt]:
    """Run to the point; whether it was killed there. All runs are forked from one process, which has imported all."""
    mother = start()
    assert mother.stdin
    assert mother.stdout

    def attempt(folder: Path, point: int, work: str) -> bool:
        mother.stdin.write(f"{folder}\t{point}\t{work}\n")
        mother.stdin.flush()
        ended = mother.stdout.readline()
        status = os.waitstatus_to_exitcode(int(ended)) if ended else None
        assert status in (-signal.SIGKILL, 0), (status, mother.communicate()[1])
        return status != 0

    yield attempt
    _, errors = mother.communicate()
    assert (mother.returncode, errors) == (0, "")


def fields(world: World) -> dict[str, str]:
    """The same report as the killed process sends."""
    return world.fields(body=WORDS, place="", subject="", submission_key=KEY.hex())


@pytest.mark.long
def test_no_point_of_a_submission_loses_or_halves_it(tmp_path: Path, attempt: Attempt) -> None:
    outcomes: list[str] = []
    killed, point = True, 0
    while killed:
        point += STEP
        world = World(tmp_path / str(point))
        killed = attempt(world.folder, point, "submit")
        try:
            head = world.store.read_case(CASE_ID).head
        except CaseNotFoundError:
            assert killed
            assert world.run_courier() == 0, "a mail for a case that is not there"
            outcomes.append("none")
        else:
            assert world.read(str(RECEIPT))["messages"][0]["body"] == WORDS
            assert head.version == 1
            assert world.run_courier() == 1, "a case whose mail never comes"
            outcomes.append("whole")
        again = world.intake.post("/api/reports", json=fields(world), headers=JSON)
        assert again.status_code == (201 if outcomes[-1] == "none" else 200)
        assert again.get_json()["receipt"] == str(RECEIPT)
        assert len(world.store.page(Scope.INSTANCE, "kutim").heads) == 1
    assert outcomes.count("none") >= 4 // STEP  # the walk met real points before the commit …
    assert outcomes.count("whole") >= 2 // STEP  # … and after it, before the answer
    assert outcomes == sorted(outcomes)  # once whole, always whole


@pytest.mark.long
def test_no_point_of_an_upload_acknowledges_what_is_not_there(tmp_path: Path, attempt: Attempt) -> None:
    outcomes: list[str] = []
    killed, point = True, 0
    while killed:
        point += STEP
        world = World(tmp_path / str(point))
        world.intake.post("/api/reports", json=fields(world), headers=JSON)
        killed = attempt(world.folder, point, "attach")
        messages = world.read(str(RECEIPT))["messages"]
        listed = [file["n"] for message in messages for file in message["files"]]
        assert killed or listed == [2]
        for n in listed:
            content = world.thread.post(f"/api/thread/files/{n}", data={"receipt": str(RECEIPT)})
            assert content.data.startswith(b"\x89PNG"), "a file that is listed and not there"
        outcomes.append("whole" if listed else "none")
        data = {"receipt": str(RECEIPT), "file_key": FILE_KEY, "file": (BytesIO(photo()), "x")}
        assert world.thread.post("/api/thread/files", data=data, headers=JSON).get_json() == {"n": 2}
    assert outcomes.count("none") >= 8 // STEP
    assert outcomes.count("whole") >= 2 // STEP
    assert outcomes == sorted(outcomes)


@pytest.mark.long
def test_the_same_key_five_times_in_parallel_is_one_case(tmp_path: Path) -> None:
    world = World(tmp_path)
    children = [start(tmp_path, 0, "submit") for _ in range(5)]
    said = [child.communicate() for child in children]
    assert {out.split()[0] for out, _ in said} == {str(RECEIPT)}, said
    assert len(world.store.page(Scope.INSTANCE, "kutim").heads) == 1
    assert world.run_courier() == 1


def test_the_walk_would_notice_a_mail_written_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The measure itself is proved: a case stored without its notice is seen as a mail that never comes."""
    world = World(tmp_path)
    honest = type(world.store).create_case
    monkeypatch.setattr(
        type(world.store), "create_case", lambda self, head, events, _, left: honest(self, head, events, [], left)
    )
    world.report()
    assert world.run_courier() == 0

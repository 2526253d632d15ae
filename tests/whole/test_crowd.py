"""Eight processes write into one office while a ninth sends its letters, and ``kill -9`` ends all of them at once, again
and again (500 times in ``make test-deep``). Nothing acknowledged is lost, nothing is there twice, every letter leaves.

A courier that dies between sending and settling sends that letter again, under the same Message-ID. ``-s`` shows the counts.
"""

import re
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from random import Random

import pytest

from functions.actions.clock.audit import Audit
from functions.delivery.mail import read_folder
from functions.storage.interface import Scope
from tests.depth import DEEP, deep
from tests.evidence import tell
from tests.server import ROOT
from tests.storage.examples import all_pages
from tests.whole.crowd import REPORT, WRITERS, Act, Notes, office_in, send
from tests.world import World

KILLS = deep(500, 4)
ANSWERS = (1, 24)  # until a kill


def killed_again_and_again(folder: Path) -> None:
    """Let them work and kill them, ``KILLS`` times."""
    command = [sys.executable, "-m", "tests.whole.crowd", str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, text=True, cwd=ROOT) as crowd:
        assert crowd.stdin
        assert crowd.stdout
        for _ in range(KILLS):
            crowd.stdin.write(f"{Random().randint(*ANSWERS)}\n")  # noqa: S311 - a number
            crowd.stdin.flush()
            assert crowd.stdout.readline() == f"[{-signal.SIGKILL}]\n"  # none of them ended by itself
        crowd.stdin.close()
    assert crowd.returncode == 0


def lost_and_doubled(world: World, answers: list[Act]) -> tuple[int, int]:
    """How many acknowledged texts their reporters do not find in their threads, and how many are there twice."""
    texts, lost, doubled = defaultdict[str, set[str]](set), 0, 0
    for answer in answers:
        texts[answer["receipt"]].add(answer["body"])
    for receipt, acknowledged in texts.items():
        read = Counter(message["body"] for message in world.read(receipt)["messages"])
        lost += len(acknowledged - read.keys())
        doubled += sum(count > 1 for count in read.values())
    return lost, doubled


def letters_of(world: World) -> Counter[tuple[object, object]]:
    """How often each of the coordinator's letters left, by its id and its subject, once nothing waits."""
    world.later(hours=2)  # what was in hand is due again
    world.store.release("courier")
    world.run_courier()
    assert world.store.waiting() == ()
    letters = read_folder(world.folder / "surat")
    return Counter(
        (each["message_id"], each["subject"]) for each in letters if each["to"] == world.officer("kutim").email
    )


@pytest.mark.long
def test_whatever_dies_with_eight_writers_nothing_acknowledged_is_lost_or_doubled(tmp_path: Path) -> None:
    killed_again_and_again(tmp_path)
    world, notes = office_in(tmp_path), [Notes(tmp_path, writer) for writer in range(WRITERS)]
    acknowledged = sum(len(each.read(each.answered)) for each in notes)
    again = [(each, act) for each in notes for act in each.unanswered()]
    assert len(again) > 0  # else no kill came in the middle
    for each, act in again:
        send(world, each, act)
    answers = [answer for each in notes for answer in each.read(each.answered)]
    assert {answer["status"] for answer in answers} <= {"200", "201"}  # eight writers, and none was told to wait
    assert len(answers) == acknowledged + len(again)
    numbers = [answer["tracking_id"] for answer in answers if answer["kind"] == REPORT]
    lost, doubled = lost_and_doubled(world, answers)
    pages = all_pages(lambda after: world.store.page(Scope.INSTANCE, "kutim", after, 500))
    assert (lost, doubled, sorted(head.case_id for page in pages for head in page)) == (0, 0, sorted(numbers))
    letters = letters_of(world)
    told = {*re.findall(r"\w{4}-\w{4}-\w{4}", " ".join(str(subject) for _, subject in letters))}
    twice = sum(count - 1 for count in letters.values())
    assert (sorted(told & {*numbers}), twice <= KILLS) == (sorted(numbers), True)
    assert Audit(world.store, world.directory).verify("kutim").faults == ()
    with world.store.engine.read() as db:  # type: ignore[attr-defined]
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    messages = len(answers) - len(numbers)
    said = (
        f"{KILLS} kills: {len(numbers)} reports and {messages} messages acknowledged ({len(again)} of them had been cut "
        f"off), {lost} lost, {doubled} doubled; {letters.total()} letters, {twice} of them once more under their own id"
    )
    sys.stdout.write(f"\n{said}\n")
    if DEEP:
        tell("kills", [said])

"""Seeds of the simulated office. One that fails is printed, and is played again with ``-k`` and nothing else.

``LAPOR_SEEDS="500 1000"`` plays the seeds from 500 up to 999, in parts of 50 (every day: 80 seeds, in two parts).
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest

from functions.actions.common import append
from functions.sanitize.file_types import CleanFile
from tests.depth import deep
from tests.room import fast_folder
from tests.simulation.acts import step
from tests.simulation.faults import seeded_chance
from tests.simulation.invariants import settled, violated
from tests.simulation.machines import settles_down
from tests.simulation.office import Office

FIRST, END = map(int, os.environ.get("LAPOR_SEEDS", f"0 {deep(10_000, 80)}").split())
STEPS, PART = 40, deep(50, 40)


@contextmanager
def office_of(seed: int) -> Iterator[Office]:
    """The office of a seed, in a folder of its own. Files are taken as they are: what cleans them is no part of it."""
    folder = fast_folder()
    with pytest.MonkeyPatch.context() as patch, seeded_chance(seed):
        patch.setattr(append, "clean", lambda raw, **_: CleanFile(raw, "text/plain"))
        office = Office(folder, Random(seed))  # noqa: S311 - a replay
        office.store.watch["settle"] = lambda entry_id, worker: office.unsent.extend(settled(office, entry_id))
        yield office
    shutil.rmtree(folder)


def play(office: Office) -> list[str]:
    """Let the seed run; return what was violated, and stop there."""
    for n in range(STEPS):
        act = step(office)
        if found := violated(office, whole=False):
            return [f"step {n}, {act}: {each}" for each in found]
    settles_down(office)
    return [f"at rest: {each}" for each in violated(office, whole=True)]


@pytest.mark.parametrize("first", range(FIRST, END, PART))
def test_nothing_acknowledged_is_lost_and_nobody_reads_who_must_not(first: int) -> None:
    total: Counter[str] = Counter()
    for seed in range(first, first + PART):
        with office_of(seed) as office:
            assert play(office) == [], f"seed {seed}"
            total += office.did
    assert not {"report", "writes", "answers", "courier", "rotation", "restores", "died", "refused"} - set(total)


def test_a_seed_plays_again_exactly() -> None:
    """In this process and in another one, whose sets have another order."""
    here = [recorded(7), recorded(7)]
    code = "from tests.simulation.test_simulation import recorded; import json; print(json.dumps(recorded(7)))"
    there = subprocess.run(
        (sys.executable, "-c", code),
        env=os.environ | {"PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(there.stdout.splitlines()[-1]) == here[0] == here[1]
    assert len(here[0]) > STEPS
    assert recorded(8) != here[0]


def recorded(seed: int) -> list[str]:
    """Every fault of a seed, and each act, in order."""
    with office_of(seed) as office:
        assert play(office) == []
        return office.faults.journal

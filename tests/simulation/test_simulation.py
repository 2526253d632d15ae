"""Seeds of the simulated office. One that fails is printed, and is played again with ``-k`` and nothing else.

``LAPOR_SEEDS="500 1000"`` plays the seeds from 500 up to 999, in parts of 50 (every day: 28 steps of 80 seeds).
``LAPOR_TOLD`` names a file that gets a line of each part: what it did.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.depth import deep
from tests.simulation.office import office_of
from tests.simulation.play import STEPS, kept, play, played

FIRST, END = map(int, os.environ.get("LAPOR_SEEDS", f"0 {deep(10_000, 80)}").split())
PART, LENGTH = deep(50, 40), deep(STEPS, 36)


@pytest.mark.every_day(1)
@pytest.mark.parametrize("first", range(FIRST, END, PART))
def test_nothing_acknowledged_is_lost_and_nobody_reads_who_must_not(first: int) -> None:
    total = played(range(first, first + PART), LENGTH)
    if "LAPOR_TOLD" in os.environ:
        total.keep(Path(os.environ["LAPOR_TOLD"]), first, first + PART)
    assert total.violations == []
    assert not {"report", "writes", "answers", "courier", "rotation", "restores", "died", "refused"} - set(total.did)
    assert total.faults.total() > 0.7 * total.steps, "too few for a million in 10,000 seeds"
    places = {name.partition(" ")[0] for name in total.faults}
    assert places == {"store", "statement", "disk", "blobs", "keys", "mail", "backup"}


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


def test_what_was_played_is_added_up(tmp_path: Path) -> None:
    one, two = played([1]), played([2])
    one.keep(tmp_path / "told", 1, 2)
    two.keep(tmp_path / "told", 2, 3)
    one.keep(tmp_path / "told", 1, 2)
    total, done = kept(tmp_path / "told", range(1, 4))
    assert (total.seeds, total.steps, done) == (2, 2 * STEPS, {1, 2})
    assert total.faults == one.faults + two.faults
    assert f"{total.faults.total():,} faults: " in "\n".join(total.told())
    assert kept(tmp_path / "told", range(2, 4)) == (two, {2})

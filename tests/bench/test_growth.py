"""Among twenty times as many cases no act takes many more steps in SQLite: no load of the machine moves their number."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from tests.bench.growth import SHOWN, exponent, fill, grown_acts
from tests.world import World

FEW, MANY = 100, 2_000
TRIES = 7
DEEPER = 1.7  # a level more in each tree costs a report up to a quarter; looking through the cases, twenty times


@pytest.mark.long
def test_no_act_looks_through_more_cases_where_there_are_more(tmp_path: Path) -> None:
    world = World(tmp_path)
    own = [world.report() for _ in range(SHOWN)]
    acts = grown_acts(world, own[0])
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for size in (FEW, MANY):
        fill(world, own[0]["tracking_id"], size)
        for name, act in acts.items():
            act()
            # The middle of several: where the shuffle puts a report, and so what it moves, is chance.
            taken[name].append(median(steps(world, act) for _ in range(TRIES)))
    assert {name: each for name, each in taken.items() if each[1] > DEEPER * each[0]} == {}
    with world.store.engine.write() as db:  # type: ignore[attr-defined]
        db.execute("DROP INDEX cases_by_work")
    assert steps(world, acts["desk, page"]) > 2 * taken["desk, page"][0], "the test would see it"


def steps(world: World, act: Callable[[], Any]) -> int:
    """Return the steps of SQLite's machine that an act takes."""
    counted = count()
    with world.store.engine.read() as db:  # type: ignore[attr-defined]
        db.set_progress_handler(lambda: next(counted) < 0, 1)
    act()
    with world.store.engine.read() as db:  # type: ignore[attr-defined]
        db.set_progress_handler(None, 1)
    return next(counted)


def test_what_grows_with_the_root_has_an_exponent_of_a_half() -> None:
    assert round(exponent({100: 10, 10_000: 100}), 6) == 0.5

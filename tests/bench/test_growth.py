"""Among twenty times as many cases no act takes many more steps in SQLite: no load of the machine moves their number."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import pytest

from functions.casework.barometer.cells import cells_of
from functions.casework.barometer.counts import Count
from functions.storage.registers.barometer_counts import read_standing
from tests.bench.growth import SEED, SHOWN, ended, exponent, fill, grown_acts, growth, not_due
from tests.bench.rare_acts import MONTH, edition, others_late, tick
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


@pytest.mark.long
def test_the_clock_takes_no_more_steps_where_more_are_not_due(tmp_path: Path) -> None:
    world, taken = World(tmp_path), []
    like = world.report()["tracking_id"]
    for size in (FEW, MANY):
        fill(world, like, size, not_due)
        tries = []
        for _ in range(3):
            others_late(world)
            tries.append(steps(world, lambda: tick(world)))
        taken.append(median(tries))
    assert taken[1] < DEEPER * taken[0]
    with world.store.engine.write() as db:  # type: ignore[attr-defined]
        db.execute("DROP INDEX cases_by_instance")
    others_late(world)
    assert steps(world, lambda: tick(world)) > 2 * taken[0], "the test would see it"


def test_an_edition_counts_every_case_of_its_year(tmp_path: Path) -> None:
    world, random = World(tmp_path), Random(SEED)  # noqa: S311 - of invented cases
    own = world.report()["tracking_id"]
    fill(world, own, 200, lambda _, head: ended(random, head))
    assert edition(world.store) > 0
    standing = read_standing(world.store, "kutim", MONTH)
    assert standing
    cells = len([*cells_of(world.store.read_head(own))])
    assert sum(sums[Count.CLOSED] for sums in dict(standing.cohorts).values()) == 199 * cells
    found = growth((40, 80), turns=6, parts=("clock", "edition"))
    assert {name.partition(",")[0] for name in found} == {"clock", "edition"}
    assert all(ms > 0 for each in found.values() for ms in each.cpu.values())


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

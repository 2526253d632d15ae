"""Nobody learns of few cases by comparing editions: an attacker with a solver who reads a share in every edition of two
years, and even knows how many cases came and were closed when, cannot tell of any few of them what became of them. With
one of the two rules switched off he can."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import numpy as np
import pytest

from functions.casework.barometer.disclosure import SMALL, possible, printed
from functions.casework.barometer.measures import RATE_MIN, Rate
from functions.casework.barometer.published_measures import Known, rounded, share_of
from functions.casework.barometer.yearly_refresh import enough
from tests.depth import deep

YEAR, MONTHS, VALUES = 12, 30, 3
WEAK = (133,)  # of the first 140, those of which shares that are told anew each month say something
OFFICES = (*range(deep(40, 16)), *WEAK)
Group = tuple[int, int]  # the months in which cases came in and were closed: they are in the same editions


@dataclass
class Office:
    """Its closed cases by group: how many there are, and how many of them were, say, on time."""

    closed: Counter[Group] = field(default_factory=Counter)
    part: Counter[Group] = field(default_factory=Counter)

    def known(self, first: int, last: int) -> Known:
        """What printed counts of some months say."""
        months = range(first, last + 1)
        return Known(*(sum(self.least(way, month) for month in months) for way in (0, 1)))

    def least(self, way: int, month: int) -> int:
        return possible(printed(sum(n for group, n in self.closed.items() if group[way] == month)))[0]

    def year(self, edition: int) -> list[Group]:
        return [group for group in self.closed if edition - YEAR < group[0] and group[1] <= edition]


def office(seed: int) -> Office:
    random = Random(seed)  # noqa: S311 - invented cases, no secrets
    level, share, speed = (
        random.choice((1, 2, 3, 5, 8, 14)),
        random.choice((0.05, 0.3, 0.5, 0.8, 0.97)),
        random.random(),
    )
    found = Office()
    for month in range(MONTHS):
        for _ in range(sum(random.random() < 0.5 for _ in range(int(level * 2 * random.uniform(0.3, 1.8))))):
            closed = month
            while random.random() > max(speed, 0.2) and closed < month + 8:
                closed += 1
            found.closed[month, closed] += 1
            found.part[month, closed] += random.random() < share
    return found


def told(rate: Rate, least: int, *, ends: bool) -> object:
    """A share as it is told; without ``ends`` none and all are told as such, as they once were."""
    if ends or (0 < rate.part < rate.whole):
        return share_of(rate, least)
    return rounded(rate) if min(rate.whole, least) >= RATE_MIN else None


def read(office: Office, *, rests: bool, ends: bool) -> list[tuple[list[Group], int, int]]:
    """What the attacker has: of which groups a share was told, and how many of them it may stand for."""
    found, through = [], None
    for edition in range(YEAR - 1, MONTHS):
        if rests and through is not None and not enough(office.known(through + 1, edition)):
            continue
        groups, through = office.year(edition), edition
        whole, part = (sum(count[group] for group in groups) for count in (office.closed, office.part))
        least = min(office.known(edition - YEAR + 1, edition))
        said = told(Rate(part, whole), least, ends=ends) if whole else None
        if said is not None:
            fits = [n for n in range(whole + 1) if told(Rate(n, whole), least, ends=ends) == said]
            found.append((groups, fits[0], fits[-1]))
    return found


def pinned(seed: int, *, rests: bool = True, ends: bool = True) -> tuple[int, int]:
    """Of how many few cases (a group, or all few of a month) a share says something, and for how many of those fewer
    values are possible than there could be, at most three. Editions are runs of groups, so the solver's answer is
    whole, and every number between two answers is possible as well."""
    from scipy.optimize import linprog  # late: see attacker.py

    here = office(seed)
    lines = read(here, rests=rests, ends=ends)
    names = list(here.closed)
    at = np.array([[name in groups for name in names] for groups, _, _ in lines], float).reshape(-1, len(names))
    if not lines:
        return 0, 0
    most, least = ([line[n] for line in lines] for n in (2, 1))
    limits, bounds = [*most, *(-n for n in least)], [(0, here.closed[name]) for name in names]
    months = [[name for name in names if name[way] == month] for way in (0, 1) for month in range(MONTHS)]
    asked = bad = 0
    for some in (*([name] for name in names), *months):
        wanted = np.array([name in some for name in names], float)
        size = sum(here.closed[name] for name in some)
        if not 0 < size < SMALL or not (at @ wanted).any():
            continue
        ends_of = [linprog(way * wanted, np.vstack([at, -at]), limits, bounds=bounds).fun for way in (1, -1)]
        asked, bad = asked + 1, bad + (round(-ends_of[1] - ends_of[0]) + 1 < min(VALUES, size + 1))
    return asked, bad


@pytest.mark.every_day(1)
@pytest.mark.parametrize("chunk", range(4))
def test_comparing_editions_says_nothing_of_few_cases(chunk: int) -> None:
    found = [pinned(seed) for seed in OFFICES[chunk::4]]
    assert sum(bad for _, bad in found) == 0
    assert sum(asked for asked, _ in found) > deep(150, 40)


@pytest.mark.every_day(1)
@pytest.mark.parametrize(("off", "seeds"), [("rests", WEAK), ("ends", OFFICES[:12])])
def test_without_one_of_the_rules_it_does(off: str, seeds: Sequence[int]) -> None:
    assert any(pinned(seed, **{off: False})[1] for seed in seeds)


def test_enough_is_eight_that_came_and_eight_that_were_closed() -> None:
    assert [enough(Known(*each)) for each in ((8, 8), (7, 100), (100, 7), (0, 0))] == [True, False, False, False]

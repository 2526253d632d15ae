"""The curve is the one of ``lifelines``, and it ranks offices by what reporters live through."""

import warnings
from fractions import Fraction
from functools import partial
from math import inf, isclose
from random import Random
from statistics import median

import pytest

from functions.casework.barometer.survival import (
    MAX_DAYS,
    Durations,
    curve,
    one,
    open_after,
    quantile,
)
from tests.depth import deep


@pytest.fixture(scope="module")
def lifelines():
    """Loaded where it is needed: with pandas and scipy it takes a second, of every worker that only counts its tests."""
    with warnings.catch_warnings():  # pandas and autograd warn of each other while they load
        warnings.simplefilter("ignore")
        import lifelines
        import lifelines.utils
    return lifelines


def drawn(seed):
    """Durations with ties and censoring, as pairs (days, whether it happened)."""
    random = Random(seed)  # noqa: S311 - invented cases, no secrets
    scale, happens = random.choice((2, 10, 40)), random.choice((0.2, 0.6, 0.95, 1))
    size = random.choice((1, 3, 8, 30, 200))
    return [(int(random.expovariate(1 / scale)), random.random() < happens) for _ in range(size)]


def summed(pairs):
    return sum((one(days, happened=happened) for days, happened in pairs), Durations())


def exact(durations, day):
    """The share after a day as a fraction."""
    at_risk, share = durations.n, Fraction(1)
    for each in sorted({*durations.events, *durations.censored}):
        if each <= day and at_risk:
            share *= 1 - Fraction(durations.events.get(each, 0), at_risk)
        at_risk -= durations.events.get(each, 0) + durations.censored.get(each, 0)
    return share


@pytest.mark.filterwarnings("ignore")  # of lifelines, about its own arithmetic where nobody is left
@pytest.mark.parametrize("seed", range(deep(200, 60)))
def test_the_curve_its_interval_and_its_quantiles_are_those_of_lifelines(seed, lifelines):
    pairs = drawn(seed)
    durations, theirs = summed(pairs), lifelines.KaplanMeierFitter()
    theirs.fit([days for days, _ in pairs], [happened for _, happened in pairs])
    points = curve(durations)
    for point in points:
        low, high = theirs.confidence_interval_.loc[point.day]
        share = float(theirs.survival_function_at_times(point.day).iloc[0])
        assert (point.share, point.low, point.high) == pytest.approx((share, low, high), abs=1e-9)
    for done, of in (
        (0.5, lifelines.utils.median_survival_times),
        (0.9, partial(lifelines.utils.qth_survival_times, 0.1)),
    ):
        ours = quantile(points, done)
        if ours.day is not None and exact(durations, ours.day) == 1 - Fraction(str(done)):
            continue  # exactly there: lifelines' logarithms may miss it by the last bit, and take the next step
        assert (inf if ours.day is None else ours.day) == of(theirs.survival_function_)
    ends = lifelines.utils.median_survival_times(theirs.confidence_interval_)
    interval = quantile(points)
    assert [inf if day is None else day for day in interval[1:]] == [*ends.iloc[0]]


def test_a_half_that_is_reached_exactly_is_reached():
    assert quantile(curve(Durations({1: 1, 4: 3}, {9: 4}))).day == 4


def office(seed, easy, quick, slow):
    """400 cases of one office as they stand after 180 days: a share that is easy and takes ``quick`` days in the median,
    the rest ``slow``; cases keep coming in. Returns the durations and those of closed cases alone."""
    random = Random(seed)  # noqa: S311 - invented cases, no secrets
    durations, closed = Durations(), []
    for _ in range(400):
        known_for = random.randint(0, 180)
        takes = int(random.expovariate(0.693 / (quick if random.random() < easy else slow)))
        durations += one(min(takes, known_for), happened=takes <= known_for)
        closed += [takes] if takes <= known_for else []
    return durations, closed


@pytest.mark.parametrize("seed", range(5))
def test_the_curve_ranks_four_offices_by_truth_and_closed_cases_alone_do_not(seed):
    offices = {
        "A good": office(seed, 1, 10, 10),
        "B quick with the easy half": office(seed, 0.45, 7, 600),
        "C slow and honest": office(seed, 1, 26, 26),
        "D mostly stuck": office(seed, 0.25, 6, 900),
    }
    told = {name: quantile(curve(durations)).day for name, (durations, _) in offices.items()}
    closed_only = {name: median(closed) for name, (_, closed) in offices.items()}

    def ranked(days):
        return "".join(name[0] for name in sorted(days, key=lambda name: inf if days[name] is None else days[name]))

    assert ranked(told) == "ACBD"
    assert told["D mostly stuck"] is None  # and says so, instead of a number
    assert ranked(closed_only) != "ACBD"
    assert closed_only["D mostly stuck"] < closed_only["C slow and honest"]


def test_what_is_still_open_after_some_days():
    points = curve(Durations({10: 5, 40: 2}, {20: 3}))
    assert [open_after(points, day).share for day in (9, 10, 39, 40, 99)] == [1, 0.5, 0.5, 0, 0]
    assert isclose(open_after(points, 30).low, points[0].low)
    assert open_after((), 30) == (30, 1, 1, 1)


def test_durations_add_up_and_are_taken_back():
    ours, theirs = Durations({1: 2}, {3: 1}), Durations({1: 1, 2: 1}, {})
    assert ours + theirs == Durations({1: 3, 2: 1}, {3: 1})
    assert (ours + theirs) - theirs == ours
    with pytest.raises(ValueError):
        ours - Durations({2: 1}, {})


def test_memory_is_bounded_by_days_not_by_cases():
    assert one(MAX_DAYS + 1, happened=True) == Durations({}, {MAX_DAYS: 1})
    assert one(MAX_DAYS, happened=True) == Durations({MAX_DAYS: 1}, {})
    with pytest.raises(ValueError):
        one(-1, happened=True)

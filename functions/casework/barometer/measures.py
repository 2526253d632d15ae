"""Measures of how complaints were handled, from the sums of one cell; nothing is said of too few cases.

The desk gets them as they are, the public rounded (``published_measures``). All describe the cases that came in during
some months (their cohort), in their present state: nobody looks better by leaving cases open. Closings without a word
of the reporter are counted separately everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from functions.casework.barometer.counts import AGES, OUTCOMES, Count, Sums
from functions.casework.barometer.survival import Durations, Point, Quantile, curve, open_after, quantile

RATE_MIN = 20  # a share of fewer cases is hearsay
MEDIAN_MIN = 8
TAIL_MIN = 20  # a 90th percentile of fewer is the story of one or two cases
CHECKPOINTS = (30, 60, 90)  # working days
MIX = (*OUTCOMES.values(), Count.ARCHIVED)
SATISFIED = (Count.RATED_4, Count.RATED_5)


class Rate(NamedTuple):
    """``part`` of ``whole`` cases, ``whole`` at least ``RATE_MIN``."""

    part: int
    whole: int

    @property
    def share(self) -> float:
        """The share, from 0 to 1."""
        return self.part / self.whole


class Spell(NamedTuple):
    """How long something takes, in working days.

    The median, the 90th percentile (None of fewer than ``TAIL_MIN``), and the share still waiting after each of
    ``CHECKPOINTS``. It is based on ``n`` cases.
    """

    n: int
    median: Quantile
    tail: Quantile | None
    waiting: Mapping[int, Point]


@dataclass(frozen=True, slots=True)
class Measures:
    """What can be said of one cell; None if there are too few cases.

    ``answer``: to the first answer of a person; ``resolve``: to the closing. ``on_time``: of all that fell due, what is
    open and late among them. ``reopened``: of all that was closed or opened again. ``appealed``: likewise; ``upheld``:
    of the appeals that were decided, those that ended in "repaired" or "partly". ``transferred``: of all received,
    those that had come to the wrong desk. ``mix``: outcomes of the closed ones. ``lapsed``: closed, and the reporter
    said nothing; ``confirmed``: the reporter agreed. ``rated``: of the closed ones; ``satisfied``: 4 or 5 of 5, of the
    rated. ``backlog``: open cases by age, with all of them under ``Count.OPEN`` and the late ones under
    ``Count.OVERDUE``; they are counts, and exact.
    """

    received: int
    answer: Spell | None
    resolve: Spell | None
    on_time: Rate | None
    reopened: Rate | None
    appealed: Rate | None
    upheld: Rate | None
    transferred: Rate | None
    mix: Mapping[Count, Rate] | None
    lapsed: Rate | None
    confirmed: Rate | None
    rated: Rate | None
    satisfied: Rate | None
    backlog: Mapping[Count, int]


def measures(sums: Sums) -> Measures:
    """Return the measures of one cell, exact: for the desk, never for a page."""
    closed = sums[Count.CLOSED]
    disputable = closed + sums[Count.OPEN_AGAIN]
    mix = {outcome: rate(sums[outcome], closed) for outcome in MIX}
    return Measures(
        received=sums[Count.RECEIVED],
        answer=spell(sums.answer),
        resolve=spell(sums.resolve),
        on_time=rate(sums[Count.ON_TIME], sums[Count.FELL_DUE]),
        reopened=rate(sums[Count.REOPENED], disputable),
        appealed=rate(sums[Count.APPEALED], disputable),
        upheld=rate(sums[Count.APPEAL_UPHELD], sums[Count.APPEAL_DECIDED]),
        transferred=rate(sums[Count.TRANSFERRED], sums[Count.RECEIVED]),
        mix={outcome: found for outcome, found in mix.items() if found} or None,
        lapsed=rate(sums[Count.LAPSED], closed),
        confirmed=rate(sums[Count.CONFIRMED], closed),
        rated=rate(sums[Count.RATED], closed),
        satisfied=rate(sum(sums[rating] for rating in SATISFIED), sums[Count.RATED]),
        backlog={name: sums[name] for name in (Count.OPEN, Count.OVERDUE, Count.HELD, *AGES)},
    )


def rate(part: int, whole: int) -> Rate | None:
    """Return a share; None of fewer than ``RATE_MIN``."""
    return Rate(part, whole) if whole >= RATE_MIN else None


def spell(durations: Durations) -> Spell | None:
    """Return how long it takes; None of fewer than ``MEDIAN_MIN``."""
    n = durations.n
    if n < MEDIAN_MIN:
        return None
    points = curve(durations)
    tail = quantile(points, 0.9) if n >= TAIL_MIN else None
    return Spell(n, quantile(points), tail, {day: open_after(points, day) for day in CHECKPOINTS})

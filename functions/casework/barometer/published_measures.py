"""Shares and medians as they may be published, so that they reveal nothing of a hidden count.

A share is published to the nearest 5 %. If it stands for fewer than 8 cases it is published as few, and if for all but
fewer than 8 as nearly all. None and all are no exception: an edition with some and the next with none would reveal the
few that left in between. A share that only more cases than everybody knows of could have is also few or nearly all.
E.g. 5 % needs at least 107 cases, since 8 must stand behind it. So a share rules out no number of cases: every number
from the least that printed counts allow (``known``) has a count that gives it. Whether it is published follows from
printed counts too, else its presence would say that a hidden sum is not small. A median is published only if a few
cases more and a few fewer could give the same (``spell_of``).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import NamedTuple

from functions.casework.barometer.counts import Count, Sums
from functions.casework.barometer.disclosure import (
    ALL,
    BASE,
    COLUMNS,
    SMALL,
    TOTAL,
    Edition,
    Menu,
    Suppressed,
    possible,
    table,
)
from functions.casework.barometer.measures import CHECKPOINTS, MEDIAN_MIN, RATE_MIN, TAIL_MIN, Measures, Rate, measures
from functions.casework.barometer.measures import spell as exact
from functions.casework.barometer.survival import MAX_DAYS, Durations, curve, one, open_after

Share = int | Suppressed | None  # per cent, in steps of 5; FEW or NEARLY at its ends, None if there are too few in all
NEAR = (-2, -1, 1, 2)  # how many cases more or fewer have to look the same: as many as the audit moves
WAYS = 8
STEPS = 100 // BASE  # of a share, from none to all


class Known(NamedTuple):
    """The least number of cases, as everybody can work it out from printed counts.

    No table publishes the closings of topics and districts; their ``closed`` is the instance's.
    """

    received: int
    closed: int


class PublishedSpell(NamedTuple):
    """How long something takes, in working days, as it may be published.

    The interval is there with the 90th percentile or not at all. ``reached`` tells whether it is over for half of all.
    """

    reached: bool
    median: int | None
    low: int | None
    high: int | None
    tail: int | None
    waiting: tuple[Share, ...]  # after each of ``measures.CHECKPOINTS``


@dataclass(frozen=True, slots=True)
class PublishedMeasures:
    """``measures.Measures`` as they may be published, by the same names."""

    answer: PublishedSpell | None
    resolve: PublishedSpell | None
    on_time: Share
    reopened: Share
    appealed: Share
    upheld: Share
    transferred: Share
    mix: Mapping[Count, Share]
    lapsed: Share
    confirmed: Share
    rated: Share
    satisfied: Share


def known(editions: Iterable[Edition], received: tuple[Menu, str], closed: tuple[Menu, str]) -> Known:
    """Return what printed counts say of some months: table and row of what came in, and of what was closed.

    ``editions`` are those as published, one for each month.
    """
    each = tuple(editions)
    return Known(*(sum(_least(edition, *of) for edition in each) for of in (received, closed)))


def shown(sums: Sums, what: Known) -> PublishedMeasures:
    """Return the publishable measures of one cell."""
    found, closed = measures(sums), min(what)
    return PublishedMeasures(
        answer=spell_of(sums.answer, what.received),
        resolve=spell_of(sums.resolve, what.received),
        on_time=share_of(found.on_time, closed),
        reopened=share_of(found.reopened, closed),
        appealed=share_of(found.appealed, closed),
        upheld=share_of(found.upheld, closed),
        transferred=share_of(found.transferred, what.received),
        mix=mix_of(found, closed),
        lapsed=share_of(found.lapsed, closed),
        confirmed=share_of(found.confirmed, closed),
        rated=share_of(found.rated, closed),
        satisfied=share_of(found.satisfied, closed),
    )


def share_of(rate: Rate | None, least: int) -> Share:
    """Return a share as it may be published; ``least`` is the least number of cases, by printed counts."""
    if rate is None or rate.whole < RATE_MIN or least < RATE_MIN:
        return None
    share = rounded(rate)
    fewest, most = behind(share, least)
    if rate.part < SMALL or most < SMALL:
        return Suppressed.FEW
    return Suppressed.NEARLY if rate.whole - rate.part < SMALL or least - fewest < SMALL else share


def behind(share: int, whole: int) -> tuple[int, int]:
    """Return the fewest and the most of ``whole`` cases that are rounded to a share in per cent."""
    step, halves = share // BASE, 2 * STEPS
    return max(0, -(-(2 * step - 1) * whole // halves)), min(whole, -(-(2 * step + 1) * whole // halves) - 1)


def rounded(rate: Rate) -> int:
    """Return per cent to the nearest 5, halves up, in exact arithmetic."""
    return (2 * STEPS * rate.part + rate.whole) // (2 * rate.whole) * BASE


def mix_of(found: Measures, least: int) -> dict[Count, Share]:
    """Return the outcomes of closed cases.

    If a single one is hidden, so is the next smallest: otherwise it would be what is missing to 100.
    """
    mix = found.mix or {}
    told = {outcome: share_of(rate, least) for outcome, rate in mix.items()}
    if [*told.values()].count(Suppressed.FEW) == 1:
        rest = [outcome for outcome, share in told.items() if isinstance(share, int) and share]
        told |= {min(rest, key=lambda outcome: (mix[outcome].part, outcome)): Suppressed.WITHHELD} if rest else {}
    return told


def curve_of(durations: Durations, least: int, days: Iterable[int]) -> tuple[tuple[int, Share], ...]:
    """Return the share still waiting after each of some working days, for a chart."""
    return tuple((day, _waiting(durations, day, least)) for day in days)


def spell_of(durations: Durations, least: int) -> PublishedSpell | None:
    """Return how long it takes, as it may be published.

    It is given with its interval, else without, else not at all: the first of these that one and two cases more or
    fewer could give as well.
    """
    if least < MEDIAN_MIN:
        return None
    possible_too = [by for by in NEAR if durations.n + by >= least]
    for bare in (False, True):
        told = _published(durations, least, bare=bare)
        if told and all(_gives(told, durations, by, least, bare=bare) for by in possible_too):
            return told
    return None


def _gives(told: PublishedSpell, durations: Durations, by: int, least: int, *, bare: bool) -> bool:
    return any(_published(each, least, bare=bare) == told for each in _near(durations, by))


def _published(durations: Durations, least: int, *, bare: bool) -> PublishedSpell | None:
    found = exact(durations)
    if found is None:
        return None
    median, waiting = found.median, tuple(_waiting(durations, day, least) for day in CHECKPOINTS)
    reached = median.day is not None
    if bare or found.tail is None or least < TAIL_MIN:
        return PublishedSpell(
            reached, median.day, None, None, None, waiting if not bare else (None,) * len(CHECKPOINTS)
        )
    return PublishedSpell(reached, median.day, median.low, median.high, found.tail.day, waiting)


def _waiting(durations: Durations, day: int, least: int) -> Share:
    share = open_after(curve(durations), day).share
    return share_of(Rate(round(share * durations.n), durations.n), least)


def _near(durations: Durations, by: int) -> Iterator[Durations]:
    """Yield durations with a few cases more or fewer: early, late and waiting ones, around the median and spread
    out."""
    there = sorted([(day, False) for day in durations.events] + [(day, True) for day in durations.censored])
    steps = [one(day, happened=not waits) for day, waits in there[:: max(1, len(there) // WAYS)]]
    more = by > 0
    if more:
        steps += [one(day, happened=happened) for day in (0, MAX_DAYS) for happened in (True, False)]
    for added in combinations_with_replacement(steps, abs(by)):
        try:
            yield sum(added, durations) if more else _without(durations, added)
        except ValueError:  # the same case cannot be subtracted twice
            continue


def _without(durations: Durations, taken: Iterable[Durations]) -> Durations:
    for each in taken:
        durations -= each
    return durations


def _least(edition: Edition, menu: Menu, row: str) -> int:
    column = ALL if row != TOTAL and COLUMNS[menu] == (ALL,) else TOTAL
    number = table(edition, menu).get((row, column))
    return 0 if number is None else possible(number)[0]

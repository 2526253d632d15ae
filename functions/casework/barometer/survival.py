"""How long something takes if some of it has not happened yet (Kaplan and Meier 1958).

Open cases are not missing values: each is known to take longer than it has so far. Leaving them out would rank first
the office that answers only what is easy. Intervals are those of Greenwood's variance on the log-log scale (Kalbfleisch
and Prentice, *The Statistical Analysis of Failure Time Data*, 1.4). The tests compare them with ``lifelines``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp, log, sqrt
from typing import NamedTuple

Z_95 = 1.959963984540054  # the normal distribution's 97.5 % point
ROUNDING = 1e-12  # a share of exactly one half must not be missed for the last bit of a product
MAX_DAYS = 750  # three years of working days: longer ones count as longer than this, which bounds memory


@dataclass(frozen=True, slots=True)
class Durations:
    """How many things took how many whole days.

    ``events`` happened on that day; ``censored`` had not happened by then, and nothing later is known. Day 0 is the
    same day. Both map days to counts above 0.
    """

    events: Mapping[int, int] = field(default_factory=dict)
    censored: Mapping[int, int] = field(default_factory=dict)

    def __add__(self, other: "Durations") -> "Durations":
        """Return the sum of both."""
        return Durations(_merged(self.events, other.events, 1), _merged(self.censored, other.censored, 1))

    def __sub__(self, other: "Durations") -> "Durations":
        """Subtract ``other``, which was added before. Raises ValueError if it was not."""
        return Durations(_merged(self.events, other.events, -1), _merged(self.censored, other.censored, -1))

    @property
    def n(self) -> int:
        """The number of things in all."""
        return sum(self.events.values()) + sum(self.censored.values())


class Point(NamedTuple):
    """The curve from ``day`` on: the share to which it has not happened yet, with its 95 % interval."""

    day: int
    share: float
    low: float
    high: float


class Quantile(NamedTuple):
    """The day by which a share of all is done, with its 95 % interval; None if that day is not reached."""

    day: int | None
    low: int | None
    high: int | None


def one(days: int, *, happened: bool) -> Durations:
    """Return the duration of one thing. ``days`` ≥ 0; more than ``MAX_DAYS`` is only known to be more."""
    if days < 0:
        raise ValueError("nothing takes less than no time")
    if days > MAX_DAYS:
        return Durations({}, {MAX_DAYS: 1})
    return Durations({days: 1}, {}) if happened else Durations({}, {days: 1})


def curve(durations: Durations) -> tuple[Point, ...]:
    """Return the Kaplan-Meier curve, a point for each day with an event; before the first the share is 1."""
    at_risk, share, variance, points = durations.n, 1.0, 0.0, []
    for day in sorted({*durations.events, *durations.censored}):
        happened = durations.events.get(day, 0)
        if happened:
            left = at_risk - happened
            share *= left / at_risk
            variance += happened / (at_risk * left) if left else 0.0
            points.append(Point(day, share, *_interval(share, variance)))
        at_risk -= happened + durations.censored.get(day, 0)
    return tuple(points)


def quantile(points: tuple[Point, ...], done: float = 0.5) -> Quantile:
    """Return the first day on which at least the share ``done`` (0 to 1) has happened: 0.5 is the median, 0.9 the 90th
    percentile."""
    waiting = 1 - done + ROUNDING

    def first(name: str) -> int | None:
        return next((point.day for point in points if getattr(point, name) <= waiting), None)

    return Quantile(first("share"), first("low"), first("high"))


def open_after(points: tuple[Point, ...], day: int) -> Point:
    """Return the share to which it has not happened by the end of ``day``, with its interval."""
    until = [point for point in points if point.day <= day]
    return until[-1]._replace(day=day) if until else Point(day, 1.0, 1.0, 1.0)


def _interval(share: float, variance: float) -> tuple[float, float]:
    """Return the 95 % interval. If nothing is left, none is known and both ends are 0."""
    if share <= 0:
        return 0.0, 0.0
    scale, wide = log(share), Z_95 * sqrt(variance)
    return exp(scale * exp(-wide / scale)), exp(scale * exp(wide / scale))


def _merged(ours: Mapping[int, int], theirs: Mapping[int, int], sign: int) -> dict[int, int]:
    found = dict(ours)
    for day, count in theirs.items():
        found[day] = found.get(day, 0) + sign * count
        if found[day] < 0:
            raise ValueError("more is taken away than there was")
    return {day: count for day, count in sorted(found.items()) if count}

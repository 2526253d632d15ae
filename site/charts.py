"""Where the marks of the barometer's charts stand: numbers for the templates in ``pages/barometer``, which draw them.

Units are those of a picture 360 wide, which a phone shows at its own size, so that its text stays readable there. What
is hidden (fewer than 8) or unknown has no bar but a star.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 360, 200
LEFT, RIGHT, TOP, BOTTOM = 38, 354, 38, 170  # above the highest bar there is room for its number
GRID_STEPS = 4
LABEL_EVERY = 3
NICE = (1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10)  # each a round number when it is quartered


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its corner, its size, the number on it, and whether there is a star in its place."""

    x: float
    y: float
    width: float
    height: float
    said: str = ""
    star: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars in groups, or one line, over a grid. ``grid`` and ``ticks`` are places with their labels."""

    grid: tuple[tuple[float, str], ...]
    ticks: tuple[tuple[float, str], ...]
    series: tuple[tuple[Bar, ...], ...] = ()
    line: str = ""
    stars: bool = False


Amount = int | float | None


def ceiling(largest: float) -> float:
    """The end of an axis: a round number not below the largest value, of which a quarter is round too."""
    if largest <= 2 * GRID_STEPS:
        return GRID_STEPS if largest <= GRID_STEPS else 2 * GRID_STEPS
    size = 10.0 ** max(len(str(int(largest))) - 1, 1)
    return next(step * size for step in NICE if step * size >= largest)


def columns(
    labels: Sequence[str],
    series: Sequence[Sequence[Amount]],
    top: float,
    say: Callable[[float], str],
    on_bar: Callable[[float], str],
) -> Chart:
    """Groups of upright bars, one group for each label, of values from 0 to ``top``. ``say`` words the axis, ``on_bar``
    what stands on a bar. The first and the last label are always told."""
    slot = (RIGHT - LEFT) / max(len(labels), 1)
    width = slot * 0.76 / len(series)
    drawn = []
    for number, values in enumerate(series):
        left = [LEFT + slot * (place + 0.12) + width * number for place in range(len(values))]
        drawn.append(tuple(_bar(x, width, value, top, on_bar) for x, value in zip(left, values, strict=True)))
    ticks = [
        (LEFT + slot * (place + 0.5), label)
        for place, label in enumerate(labels)
        if place in (0, len(labels) - 1) or (place % LABEL_EVERY == 0 and len(labels) - 1 - place >= LABEL_EVERY)
    ]
    stars = any(bar.star for bars in drawn for bar in bars)
    return Chart(_grid(top, say), _rounded(ticks), tuple(drawn), stars=stars)


def falling(points: Sequence[tuple[int, float]], last: int, every: int, say: Callable[[float], str]) -> Chart:
    """A line of shares (1 to 0) that fall in steps from day 0 to day ``last``, a tick ``every`` so many days. It ends
    where nothing more is known."""

    def across(day: float) -> float:
        return LEFT + (RIGHT - LEFT) * min(day, last) / last

    path = [f"M{LEFT} {_y(1, 1):g}"]
    for day, share in points:
        if day > last:
            break
        path.append(f"H{round(across(day), 1):g}V{_y(share, 1):g}")
    ticks = [(across(day), str(day)) for day in range(0, last + 1, every)]
    return Chart(_grid(1, say), _rounded(ticks), line="".join(path))


def _bar(x: float, width: float, value: Amount, top: float, on_bar: Callable[[float], str]) -> Bar:
    if value is None:
        return Bar(round(x, 1), _y(0, top), round(width, 1), 0, star=True)
    y = _y(min(value, top), top)
    return Bar(round(x, 1), y, round(width, 1), round(BOTTOM - y, 1), on_bar(value))


def _y(value: float, top: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * value / top, 1)


def _grid(top: float, say: Callable[[float], str]) -> tuple[tuple[float, str], ...]:
    steps = [top * step / GRID_STEPS for step in range(GRID_STEPS + 1)]
    return tuple((_y(step, top), say(step)) for step in steps)


def _rounded(ticks: Sequence[tuple[float, str]]) -> tuple[tuple[float, str], ...]:
    return tuple((round(x, 1), label) for x, label in ticks)

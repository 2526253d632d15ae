"""The quality index (indeks mutu layanan): one number of 0 to 100 from four published shares, for comparing offices of
like size.

    index = 0.35 · on time + 0.25 · done within 30 working days + 0.20 · not reopened + 0.20 · reporters satisfied

Each share is first drawn towards the mean of its peer group, as if ``PRIOR`` more cases with that mean stood behind it
(Efron and Morris 1975): one lucky month makes nobody first. It is calculated from published numbers alone, so it says
nothing that they do not, and everybody can calculate it. An office without all four has none; nor has a group of fewer
than ``GROUP_MIN``. Offices are compared, never officers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from functions.casework.barometer.measures import CHECKPOINTS, RATE_MIN
from functions.casework.barometer.shown import Known, Share, Shown

PRIOR = 20
GROUP_MIN = 5
APART = 5  # points from its group's mean at which an office stands apart from it
WEIGHTS: Mapping[str, int] = {"on_time": 35, "done": 25, "kept": 20, "satisfied": 20}


class Group(StrEnum):
    """Peer groups by how many reports a year an office gets at least."""

    SMALL = "kecil"
    MIDDLE = "sedang"
    LARGE = "besar"


class Standing(StrEnum):
    """Where an office stands in its group."""

    ABOVE = "di atas rata-rata"
    AMONG = "sekitar rata-rata"
    BELOW = "di bawah rata-rata"


BOUNDS = ((250, Group.LARGE), (50, Group.MIDDLE), (RATE_MIN, Group.SMALL))


class Office(NamedTuple):
    """What was published of an office: its code, the counts everybody knows, its shares."""

    code: str
    known: Known
    shown: Shown


@dataclass(frozen=True, slots=True)
class Quality:
    """An office's index with one decimal, and the parts of it in per cent after they were drawn to the mean."""

    code: str
    group: Group
    index: float
    parts: Mapping[str, float]
    standing: Standing


def group_of(known: Known) -> Group | None:
    """The peer group of an office, None where too little came in."""
    return next((group for least, group in BOUNDS if known.received >= least), None)


def qualities(offices: Iterable[Office]) -> tuple[Quality, ...]:
    """The index of each office that has one, group by group, in the order of their codes: this is no league table."""
    groups: dict[Group, list[tuple[Office, dict[str, float]]]] = {}
    for office in sorted(offices, key=lambda each: each.code):
        group, parts = group_of(office.known), parts_of(office.shown)
        if group and parts:
            groups.setdefault(group, []).append((office, parts))
    found = (_compared(group, groups[group]) for group in Group if len(groups.get(group, ())) >= GROUP_MIN)
    return tuple(quality for each in found for quality in each)


def parts_of(shown: Shown) -> dict[str, float] | None:
    """The four shares of the index in per cent, None unless all of them were published."""
    waiting = shown.resolve.waiting[CHECKPOINTS.index(30)] if shown.resolve else None
    shares: dict[str, Share] = {
        "on_time": shown.on_time,
        "done": 100 - waiting if isinstance(waiting, int) else None,
        "kept": 100 - shown.reopened if isinstance(shown.reopened, int) else None,
        "satisfied": shown.satisfied,
    }
    parts = {name: float(share) for name, share in shares.items() if isinstance(share, int)}
    return parts if len(parts) == len(WEIGHTS) else None


def _compared(group: Group, offices: list[tuple[Office, dict[str, float]]]) -> list[Quality]:
    means = {name: sum(parts[name] for _, parts in offices) / len(offices) for name in WEIGHTS}
    drawn = [
        (office.code, {name: _drawn(parts[name], means[name], office.known.closed) for name in WEIGHTS})
        for office, parts in offices
    ]
    middle = _index(means)
    return [Quality(code, group, _index(parts), parts, _standing(_index(parts), middle)) for code, parts in drawn]


def _drawn(share: float, mean: float, cases: int) -> float:
    return round((share * cases + mean * PRIOR) / (cases + PRIOR), 1)


def _index(parts: Mapping[str, float]) -> float:
    return round(sum(weight * parts[name] for name, weight in WEIGHTS.items()) / 100, 1)


def _standing(index: float, middle: float) -> Standing:
    if abs(index - middle) < APART:
        return Standing.AMONG
    return Standing.ABOVE if index > middle else Standing.BELOW

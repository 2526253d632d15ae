"""The quality index (indeks mutu layanan): a number of 0 to 100 from four published shares, for offices of like size.

    index = 0.35 · on time + 0.25 · done within 30 working days + 0.20 · not reopened + 0.20 · reporters satisfied

A share published as few counts as ``MIDDLE_OF_FEW`` of the office's closed cases, one published as nearly all as all
but that many. Otherwise an office that does almost everything well would have no index. Each share is then drawn
towards the mean of its peer group, as if ``PRIOR`` more cases with that mean stood behind it (Efron and Morris 1975).
So one lucky month makes nobody first. It is calculated from published numbers alone, so it reveals nothing more and
everybody can calculate it. An office without all four shares has no index; nor has a group of fewer than ``GROUP_MIN``.
Offices are compared, never officers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from functions.casework.barometer.edition import FEW, NEARLY, Published
from functions.casework.barometer.measures import RATE_MIN
from functions.casework.barometer.published_measures import Known

PRIOR = 20
GROUP_MIN = 5
MIDDLE_OF_FEW = 4  # of 0 to 7
APART = 5  # points from its group's mean at which an office stands apart from it
WEIGHTS: Mapping[str, int] = {"on_time": 35, "done": 25, "kept": 20, "satisfied": 20}


class Group(StrEnum):
    """Peer groups by the least number of reports an office gets in a year."""

    SMALL = "kecil"
    MIDDLE = "sedang"
    LARGE = "besar"


class Standing(StrEnum):
    """An office's place in its group."""

    ABOVE = "di atas rata-rata"
    AMONG = "sekitar rata-rata"
    BELOW = "di bawah rata-rata"


BOUNDS = ((250, Group.LARGE), (50, Group.MIDDLE), (RATE_MIN, Group.SMALL))


class Office(NamedTuple):
    """What was published of an office: its code, the counts everybody knows, ``Place.values``."""

    code: str
    known: Known
    values: Mapping[str, Published]


@dataclass(frozen=True, slots=True)
class Quality:
    """An office's index with one decimal, and its parts in per cent after they were drawn to the mean."""

    code: str
    group: Group
    index: float
    parts: Mapping[str, float]
    standing: Standing


def group_of(known: Known) -> Group | None:
    """Return the peer group of an office; None if too little came in."""
    return next((group for least, group in BOUNDS if known.received >= least), None)


def qualities(offices: Iterable[Office]) -> tuple[Quality, ...]:
    """Return the index of each office that has one, group by group, in the order of codes: this is no league table."""
    groups: dict[Group, list[tuple[Office, dict[str, float]]]] = {}
    for office in sorted(offices, key=lambda each: each.code):
        group, parts = group_of(office.known), parts_of(office.values, office.known.closed)
        if group and parts:
            groups.setdefault(group, []).append((office, parts))
    found = (_compared(group, groups[group]) for group in Group if len(groups.get(group, ())) >= GROUP_MIN)
    return tuple(quality for each in found for quality in each)


def parts_of(values: Mapping[str, Published], closed: int) -> dict[str, float] | None:
    """Return the four shares of the index in per cent; None unless all of them were published.

    ``closed`` is the least number of cases that the office closed.
    """
    if not closed:
        return None
    told = {name: _per_cent(values.get(name), closed) for name in ("on_time", "open_30", "reopened", "satisfied")}
    on_time, waiting, reopened, satisfied = told.values()
    if on_time is None or waiting is None or reopened is None or satisfied is None:
        return None
    return {"on_time": on_time, "done": 100 - waiting, "kept": 100 - reopened, "satisfied": satisfied}


def _per_cent(share: Published, closed: int) -> float | None:
    few = min(50.0, 100 * MIDDLE_OF_FEW / closed)
    if isinstance(share, str):
        return {FEW: few, NEARLY: 100 - few}.get(share)
    return None if share is None else round(share * 100.0, 1)


def _compared(group: Group, offices: list[tuple[Office, dict[str, float]]]) -> list[Quality]:
    means = {name: sum(parts[name] for _, parts in offices) / len(offices) for name in WEIGHTS}
    drawn = [
        (office.code, {name: _drawn(parts[name], means[name], office.known.closed) for name in WEIGHTS})
        for office, parts in offices
    ]
    middle = _index(means)
    return [Quality(code, group, _index(parts), parts, _standing(_index(parts), middle)) for code, parts in drawn]


def _drawn(share: float, mean: float, cases: int) -> float:
    return (share * cases + mean * PRIOR) / (cases + PRIOR)


def _index(parts: Mapping[str, float]) -> float:
    return round(sum(weight * parts[name] for name, weight in WEIGHTS.items()) / 100, 1)


def _standing(index: float, middle: float) -> Standing:
    apart = round(index - middle, 1)  # of floats 64.1 - 59.1 is less than 5
    if apart >= APART:
        return Standing.ABOVE
    return Standing.BELOW if apart <= -APART else Standing.AMONG

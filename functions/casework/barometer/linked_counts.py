"""What a linked office publishes of its barometer, as the nation shows it beside its own.

The office audited its edition before it was published, and nothing is added: what is read here is what everybody can
read there. It comes from another machine, so every value is looked at.

Tests: ``tests/casework/barometer/test_linked_counts.py``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from functools import reduce
from typing import Any

from functions.casework.barometer.counts import AGES
from functions.casework.barometer.edition import FEW, HIDDEN, LEVELS, NEARLY, Edition, EditionError, Place, read_edition
from functions.casework.barometer.national import Kind
from functions.casework.barometer.places import nothing_told
from functions.casework.barometer.quality import Group, Standing
from functions.casework.barometer.yearly_refresh import COMPARED, COUNTS
from functions.casework.directory.check import CODE

MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)
NAME_MAX, PLACES_MAX = 200, 5_000
MANY, INDEX_MAX = 10**9, 100
MEASURED = {*nothing_told()} - {*COMPARED}
DAYS = ("_median", "_low", "_high", "_p90")
REGION = re.compile(r"\d\d(\.\d\d)?", re.ASCII)
KINDS = ("", *Kind)
CHOICES: Mapping[str, tuple[str, ...]] = {"group": (*Group,), "standing": (*Standing,)}


def read_linked(raw: Mapping[str, Any], code: str) -> Edition:
    """Return the places of an office's edition. Raises EditionError for what is none, or of another government."""
    try:
        edition = read_edition(raw)
        places = edition.places
        whole = MONTH.fullmatch(edition.month) and MONTH.fullmatch(edition.first) and len(places) <= PLACES_MAX
        whole = whole and _is_count(edition.number)
        fine = whole and all(
            place.instance == code
            and place.level in LEVELS[1:]
            and CODE.fullmatch(place.code)
            and (place.level != "instance" or place.code == code)
            and all(_is_text(each) for each in _texts(asdict(place)))
            and all(MONTH.fullmatch(each) for each in _months(place))
            and place.kind in KINDS
            and (not place.region or REGION.fullmatch(place.region))
            and all(_is_published(name, each) for name, each in _numbers(place))
            and _has_all(place)
            for place in places
        )
        fine = fine and len({place.key for place in places}) == len(places)
    except (TypeError, ValueError, AttributeError, KeyError, RecursionError) as error:
        raise error if isinstance(error, EditionError) else EditionError(f"not an edition: {error!r}") from error
    if not fine:
        raise EditionError("not an edition of this office")
    return edition


def with_linked(editions: Iterable[Edition], linked: Iterable[Edition]) -> Iterator[Edition]:
    """Yield the nation's editions, one at a time, with the offices' places in those of the same month. An earlier
    month that only an office published is an edition of its own, a later one waits: the first page shows the newest."""
    of_month: dict[str, list[Edition]] = {}
    for theirs in linked:
        of_month.setdefault(theirs.month, []).append(theirs)
    newest = ""
    for ours in editions:
        newest = max(newest, ours.month)
        yield reduce(_joined, of_month.pop(ours.month, ()), ours)
    for month, offices in of_month.items():
        if not newest or month < newest:
            yield reduce(_joined, offices)


def _joined(ours: Edition, theirs: Edition) -> Edition:
    known = {(place.instance, place.key) for place in ours.places}
    more = tuple(place for place in theirs.places if (place.instance, place.key) not in known)
    return replace(ours, places=ours.places + more)


def _months(place: Place) -> Iterator[str]:
    """Yield what pages write as a month; "" stands for none."""
    quarter = (place.quarter.first, place.quarter.last) if place.quarter else ()
    yield from (each.month for each in place.months)
    yield from (each for each in (place.measured, *quarter) if each != "")


def _texts(place: Mapping[str, Any]) -> Iterator[object]:
    quarter = place["quarter"] or {}
    yield from (place[name] for name in ("name", "name_en", "measured"))
    yield from (each["month"] for each in place["months"])
    yield from (quarter.get(name, "") for name in ("first", "last"))
    for topic in quarter.get("topics", ()):
        yield from (topic[name] for name in ("code", "name", "name_en"))
    for name in ("values", "ages", "closings"):
        yield from place[name]


def _numbers(place: Place) -> Iterator[tuple[str, object]]:
    """Yield what stands for a number, each with what it is: a name of ``Place.values``."""
    yield from place.values.items()
    yield from (("open", value) for value in place.ages.values())
    yield from (("share", value) for value in place.closings.values())
    for month in place.months:
        yield from (("received", month.received), ("closed", month.closed), ("on_time", month.on_time))
    yield from (("received", topic.received) for topic in (place.quarter.topics if place.quarter else ()))


def _has_all(place: Place) -> bool:
    """Whether a place has what pages look up, and nothing that they cannot name: one office would stop them all."""
    compared = {place.values.get(name) is None for name in COMPARED}
    half = place.quarter is not None and bool(place.quarter.first) is not bool(place.quarter.last)
    drawn = all(_is_count(day) and _is_share(share) for day, share in place.curve)
    looked_up = {*place.values} >= MEASURED and len(compared) == 1 and not half
    return looked_up and drawn and {*place.ages} <= {*AGES}


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= NAME_MAX and (not value or value.isprintable())


def _is_published(name: str, value: object) -> bool:
    """A number of its kind, or what stands in place of one: pages count with it."""
    if value is None or isinstance(value, bool):
        return value is None or name.endswith("_known")
    if name in CHOICES:
        return value in CHOICES[name]
    if isinstance(value, str):
        return value == HIDDEN if name in COUNTS else value in (FEW, NEARLY) and not name.endswith(DAYS)
    if name in COUNTS or name.endswith(DAYS):
        return _is_count(value)
    return _is_share(value, INDEX_MAX if name == "index" else 1)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MANY


def _is_share(value: object, whole: int = 1) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= whole

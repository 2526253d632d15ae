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

from functions.casework.barometer.edition import FEW, HIDDEN, LEVELS, NEARLY, Edition, EditionError, read_edition
from functions.casework.directory.check import CODE

MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)
NAME_MAX, PLACES_MAX = 200, 5_000
VEILS = (None, HIDDEN, FEW, NEARLY)


def read_linked(raw: Mapping[str, Any], code: str) -> Edition:
    """Return the places of an office's edition. Raises EditionError for what is none, or of another government."""
    try:
        edition = read_edition(raw)
        places = edition.places
        whole = MONTH.fullmatch(edition.month) and MONTH.fullmatch(edition.first) and len(places) <= PLACES_MAX
        fine = whole and all(
            place.instance == code
            and place.level in LEVELS[1:]
            and CODE.fullmatch(place.code)
            and (place.level != "instance" or place.code == code)
            and all(_is_text(each) for each in _texts(asdict(place)))
            and all(_is_published(each) for each in _numbers(asdict(place)))
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


def _texts(place: Mapping[str, Any]) -> Iterator[object]:
    quarter = place["quarter"] or {}
    yield from (place[name] for name in ("name", "name_en", "measured"))
    yield from (each["month"] for each in place["months"])
    yield from (quarter.get(name, "") for name in ("first", "last"))
    for topic in quarter.get("topics", ()):
        yield from (topic[name] for name in ("code", "name", "name_en"))
    for name in ("values", "ages", "closings"):
        yield from place[name]


def _numbers(place: Mapping[str, Any]) -> Iterator[object]:
    for name in ("values", "ages", "closings"):
        yield from place[name].values()
    for month in place["months"]:
        yield from (month[name] for name in ("received", "closed", "on_time"))
    for day, share in place["curve"]:
        yield from (day, share)
    yield from (topic["received"] for topic in (place["quarter"] or {}).get("topics", ()))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= NAME_MAX and (not value or value.isprintable())


def _is_published(value: object) -> bool:
    """A number, or what stands in place of one."""
    if isinstance(value, int | float):
        return 0 <= value < 10**9
    return value in VEILS

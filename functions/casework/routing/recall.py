"""A hand-over that its desk recalls while nobody has learnt of it: what it changed, and the case as it was before.

The hand-over's sealed event holds the facts that it changed, so that a recall puts back what was there and nothing
else. What somebody did at the desk before (a look at a flood, a day's count) stays done.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from functions.casework.case import CaseHead
from functions.casework.case_fields import TYPES, flat, unflat
from functions.casework.routing.later_accused import keeping_from
from functions.casework.stages import Stage

RECALL = "recall"  # the word of the sealed event
# Facts of a case that a hand-over may change, and a recall puts back.
MOVED = (
    "holder",
    "stage",
    "due",
    "handed_on",
    "extended",
    "held_on",
    "paused",
    "reminded",
    "escalated",
    "escalated_to",
    "second",
    "oversight",
    "transferred",
    "kept_from",
)
_DAYS = frozenset(name for name in MOVED if TYPES[name] in (date, date | None))


class Handed(NamedTuple):
    """A hand-over that may be recalled: the ``desk`` that made it, the ids of its ``notices``, and the ``facts`` of
    before, by their names in ``case_fields``."""

    desk: str
    notices: tuple[str, ...]
    facts: Mapping[str, Any]


def noted(before: CaseHead, after: CaseHead, notices: tuple[str, ...]) -> str:
    """Return what the event of a hand-over keeps of the case before it (JSON)."""
    old, new = flat(before), flat(after)
    facts = {name: _plain(old[name]) for name in MOVED if old[name] != new[name]}
    return json.dumps({"notices": notices, "facts": facts}, separators=(",", ":"))


def read_noted(words: Mapping[str, str]) -> Handed | None:
    """Return what the words of a hand-over's event keep; None if it cannot be recalled, or is of an older release."""
    try:
        raw = json.loads(words[RECALL])
        facts = {name: _read(name, raw["facts"][name]) for name in MOVED if name in raw["facts"]}
        return Handed(facts["holder"], tuple(map(str, raw["notices"])), facts)
    except (KeyError, ValueError, TypeError):
        return None


def recalled(head: CaseHead, handed: Handed) -> CaseHead:
    """Return the head of a case on the desk that handed it over, its clock as it was. Whom words accuse that came since
    stays kept from it as well."""
    before = replace(unflat(flat(head) | dict(handed.facts)), version=head.version)
    return keeping_from(before, head.desk_work.kept_from)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _read(name: str, value: Any) -> Any:
    if name in _DAYS:
        return None if value is None else date.fromisoformat(value)
    if name == "kept_from":
        return tuple(map(str, value))
    return Stage(value) if name == "stage" else value

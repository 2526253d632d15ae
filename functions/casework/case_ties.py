"""Cases about the same thing, joined and not merged: each keeps its receipt, its words, its clock and its guard.

A tie is sealed in both cases, as events; the store knows of none. One case is the *induk* of the other. An officer may
send an answer given there to the joined cases as well.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

JOINED_MAX: Final = 20


class Tie(StrEnum):
    """Which end of a tie an event describes: this case was joined ``INTO`` another, or one ``FROM`` elsewhere joined
    it."""

    INTO = "into"
    FROM = "from"


class Change(StrEnum):
    """What happened to a tie."""

    JOINED = "joined"
    PARTED = "parted"


class Ties(NamedTuple):
    """The tracking ids of the case that this one is joined into, "" for none, and of those joined to it, oldest
    first."""

    into: str = ""
    joined: tuple[str, ...] = ()


def words_of(tie: Tie, number: str, change: Change) -> dict[str, str]:
    """Return the words of an event that joins or parts this case and the one with this ``number``."""
    return {"tie": tie, "number": number, "change": change}


def ties(events: Iterable[Mapping[str, str]]) -> Ties:
    """Return the ties that stand after these events, each as ``words_of`` made it."""
    into, joined = "", dict[str, None]()
    for words in events:
        number, on = words["number"], words["change"] == Change.JOINED
        if words["tie"] == Tie.INTO:
            into = number if on else "" if into == number else into
        elif on:
            joined[number] = None
        else:
            joined.pop(number, None)
    return Ties(into, tuple(joined))


def refused_into(own: Ties, into: str) -> str:
    """Return why a case with these ties cannot be joined into ``into``, as a code; "" if it can. Ties form no
    chains."""
    if own.joined:
        return "join_has_own"
    return "join_other" if own.into not in ("", into) else ""


def refused_from(there: Ties, number: str) -> str:
    """Return why ``number`` cannot be joined to a case with these ties, as a code; "" if it can."""
    if there.into:
        return "join_elsewhere"
    return "join_full" if len(there.joined) >= JOINED_MAX and number not in there.joined else ""

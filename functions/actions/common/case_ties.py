"""The ties of a case (``casework.case_ties``), read from its events.

Tests: ``tests/doors/test_joined.py``.
"""

from collections.abc import Collection, Iterable

from functions.actions.common.decrypted_case import Message
from functions.casework.case import EventKind
from functions.casework.case_ties import Ties, ties


def numbers_in(messages: Iterable[Message]) -> tuple[str, ...]:
    """Return the numbers of all cases that these events join to this one or part from it."""
    return tuple(dict.fromkeys(m.facts["number"] for m in messages if m.kind is EventKind.JOIN and m.facts))


def without_others(messages: Iterable[Message], known: Collection[str]) -> tuple[Message, ...]:
    """Return the messages without ties to cases other than ``known``: the reader may know nothing about those."""
    return tuple(m for m in messages if m.kind is not EventKind.JOIN or m.facts.get("number") in known)


def ties_in(messages: Iterable[Message]) -> Ties:
    """Return the ties that stand after these events."""
    return ties(m.facts for m in messages if m.kind is EventKind.JOIN)

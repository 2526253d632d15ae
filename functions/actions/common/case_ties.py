"""The ties of a case (``casework.case_ties``) as they stand in its events.

Tests: ``tests/doors/test_joined.py``.
"""

from collections.abc import Collection, Iterable

from functions.actions.common.decrypted_case import Message
from functions.casework.case import EventKind
from functions.casework.case_ties import Ties, ties


def numbers_in(messages: Iterable[Message]) -> tuple[str, ...]:
    """The numbers of all cases that these events tie to this one, or parted from it."""
    return tuple(dict.fromkeys(m.facts["number"] for m in messages if m.kind is EventKind.JOIN and m.facts))


def without_others(messages: Iterable[Message], known: Collection[str]) -> tuple[Message, ...]:
    """The messages without those that tie the case to any but ``known``: one of which the reader may know nothing."""
    return tuple(m for m in messages if m.kind is not EventKind.JOIN or m.facts.get("number") in known)


def ties_in(messages: Iterable[Message]) -> Ties:
    """The ties that stand after these events."""
    return ties(m.facts for m in messages if m.kind is EventKind.JOIN)

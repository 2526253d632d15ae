"""One page of a long conversation, the newest first: no view grows with the case.

Tests: ``tests/doors/test_older_messages.py``.
"""

from collections.abc import Mapping, Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

from functions.casework.problems import FieldError, InvalidInputProblem

PAGE_MESSAGES = 50
PAGE_CHARACTERS = 100_000


class Said(Protocol):
    """A message: its number and its words."""

    @property
    def n(self) -> int:
        """Return its number."""

    @property
    def body(self) -> str:
        """Return its words."""


SaidT = TypeVar("SaidT", bound=Said)


class Page(NamedTuple, Generic[SaidT]):
    """Messages in their order. ``older``: the number before which older ones stand, 0 if there are none. ``newest``:
    none is newer."""

    messages: tuple[SaidT, ...]
    older: int
    newest: bool


def page_of(messages: Sequence[SaidT], before: int = 0, after: int = 0, most: int = 0) -> Page[SaidT]:
    """Return the newest page of the messages with a number below ``before`` (0: all) and above ``after``. It has at
    least one message, and not more than ``most`` characters (0: those of a page) where it has several."""
    wanted = [message for message in messages if message.n > after and (not before or message.n < before)]
    start, characters = len(wanted), 0
    while start and len(wanted) - start < PAGE_MESSAGES:
        characters += len(wanted[start - 1].body)
        if characters > (most or PAGE_CHARACTERS) and start < len(wanted):
            break
        start -= 1
    page = tuple(wanted[start:])
    return Page(page, page[0].n if start else 0, not before or not messages or before > messages[-1].n)


def read_number(typed: Mapping[str, str], name: str) -> int:
    """Return the number of a message, e.g. ``before``; 0 if it is missing. Raises InvalidInputProblem."""
    text = typed.get(name, "").strip()
    if text and (not text.isascii() or not text.isdecimal() or len(text) > 9):  # noqa: PLR2004 - no case is so long
        raise InvalidInputProblem(FieldError(name, "bad_number"))
    return int(text or 0)

"""One page of a long conversation: the newest first, so that no view grows with the case."""

from collections.abc import Sequence
from typing import NamedTuple

from functions.actions.common.decrypted_case import Message
from functions.casework.problems import FieldError, InvalidInputProblem

PAGE_MESSAGES = 50
PAGE_CHARACTERS = 100_000


class Page(NamedTuple):
    """Messages in their order. ``older``: the number before which older ones stand, 0 if there are none. ``newest``:
    none is newer."""

    messages: tuple[Message, ...]
    older: int
    newest: bool


def page_of(messages: Sequence[Message], before: int = 0, after: int = 0) -> Page:
    """Return the newest page of the messages with a number below ``before`` (0: all) and above ``after``."""
    wanted = [message for message in messages if message.n > after and (not before or message.n < before)]
    start, characters = len(wanted), 0
    while start and len(wanted) - start < PAGE_MESSAGES:
        characters += len(wanted[start - 1].body)
        if characters > PAGE_CHARACTERS and start < len(wanted):
            break
        start -= 1
    page = tuple(wanted[start:])
    return Page(page, page[0].n if start else 0, not before or not messages or before > messages[-1].n)


def read_number(typed: dict[str, str], name: str) -> int:
    """Return ``before`` or ``after``, 0 if it is missing. Raises InvalidInputProblem."""
    text = typed.get(name, "").strip()
    if text and (not text.isascii() or not text.isdecimal() or len(text) > 9):  # noqa: PLR2004 - no case is so long
        raise InvalidInputProblem(FieldError(name, "bad_number"))
    return int(text or 0)

"""The bounds of a page of messages. Whole conversations: ``tests/doors/test_older_messages.py``."""

from typing import NamedTuple

import pytest

from functions.casework.formats.message_pages import PAGE_CHARACTERS, page_of, read_number
from functions.casework.problems import InvalidInputProblem


class Said(NamedTuple):
    """A message."""

    n: int
    body: str


def numbers(*lengths: int) -> list[int]:
    """The messages on the newest page of a conversation whose messages are so long."""
    said = [Said(n, "x" * length) for n, length in enumerate(lengths, 1)]
    return [each.n for each in page_of(said).messages]


def test_a_page_is_filled_to_the_last_character_and_not_beyond() -> None:
    half = PAGE_CHARACTERS // 2
    assert numbers(1, half, half) == [2, 3]
    assert numbers(1, half, half, 1) == [3, 4]
    assert numbers(half + 1, half, half) == [2, 3]  # how long the one before is counts for its own page
    assert numbers(half, half + 1, half) == [3]


def test_one_message_is_shown_however_long() -> None:
    assert numbers(1, PAGE_CHARACTERS + 1) == [2]


def test_the_number_of_a_message_has_nine_digits_at_most() -> None:
    assert read_number({"before": "987654321"}, "before") == 987_654_321
    assert read_number({}, "before") == 0
    for typed in ("9876543210", "-1", "1.5", "٧"):
        with pytest.raises(InvalidInputProblem):
            read_number({"before": typed}, "before")

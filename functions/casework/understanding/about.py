"""What somebody asks of this number itself: what it costs, who reads it, whether photos are possible."""

import re
from functools import cache
from typing import Final

from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.word_lists import any_in, patterns, phrase_data

HOW: Final = "how"


def asked_about(text: str) -> str:
    """Return the topic of a question, as ``phrases.toml`` names it: ``HOW`` unless words tell another."""
    return next((topic for topic, pattern in _topics().items() if pattern.search(text)), HOW)


def is_curse(text: str) -> bool:
    """Whether a text curses."""
    return any_in(words_of(text), "curse")


def wants_secrecy(text: str) -> bool:
    """Whether a text asks that nobody learns who wrote it."""
    return any(pattern.search(text) for pattern in patterns("wish", "secret"))


@cache
def _topics() -> dict[str, re.Pattern[str]]:
    return {topic: re.compile(pattern, re.IGNORECASE) for topic, pattern in phrase_data()["about"].items()}

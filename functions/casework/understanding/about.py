"""What somebody asks of this number itself: what it costs, who reads it, whether photos are possible."""

import re
from functools import cache
from typing import Final

from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.word_lists import any_in, patterns, phrase_data

HOW: Final = "how"
MATTER: Final = "matter"
BESIDE: Final = frozenset({"cost", "safe", "photo"})  # what is asked in one breath
ASK_MOST: Final = 16  # words of a question that tells nothing


def asked_about(text: str) -> str:
    """Return the topic of a question, as ``phrases.toml`` names it: ``HOW`` unless words tell another."""
    return surely_about(text) or next(iter(_all_about(text)), HOW)


def asked_beside(text: str) -> str:
    """Return what is asked beside the topic of a question ("bayar ga? trs nama kita aman kah"), "" for nothing."""
    first = asked_about(text)
    return (
        next((topic for topic in _all_about(text) if topic in BESIDE and topic != first), "") if first in BESIDE else ""
    )


def surely_about(text: str) -> str:
    """Return the topic of a short text that asks of this number and nothing else, whatever stands with its writer; "" for
    any other: "bs kirim foto kah lewat sini"."""
    topics = [topic for topic in phrase_data()["about_sure"] if topic != MATTER]
    asked = (topic for topic in topics if any(each.search(text) for each in patterns("about_sure", topic)))
    told = len(text.split()) > ASK_MOST or any(each.search(text) for each in patterns("about_sure", MATTER))
    return "" if told else next(asked, "")


def _all_about(text: str) -> list[str]:
    return [topic for topic, pattern in _topics().items() if pattern.search(text)]


def is_curse(text: str) -> bool:
    """Whether a text curses."""
    return any_in(words_of(text), "curse")


def wants_secrecy(text: str) -> bool:
    """Whether a text asks that nobody learns who wrote it."""
    return any(pattern.search(text) for pattern in patterns("wish", "secret"))


@cache
def _topics() -> dict[str, re.Pattern[str]]:
    return {topic: re.compile(pattern, re.IGNORECASE) for topic, pattern in phrase_data()["about"].items()}

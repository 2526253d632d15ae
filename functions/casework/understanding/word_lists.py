"""The lists of ``phrases.toml``, and whether words stand in them."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from functions.casework.understanding.spelling import words_of


def is_all_of(text: str, *names: str) -> bool:
    """Whether every word of a text stands in one of the lists of ``phrases.toml`` with these names."""
    return all_in(words_of(text), *names)


def all_in(words: Sequence[str], *names: str) -> bool:
    """Whether every word stands in one of these lists."""
    return all(any(word in word_list(name) for name in names) for word in words)


def any_in(words: Sequence[str], *names: str) -> bool:
    """Whether any word stands in one of these lists."""
    return any(word in word_list(name) for word in words for name in names)


@cache
def phrase_data() -> dict[str, Any]:
    """Return ``phrases.toml``."""
    return tomllib.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))


@cache
def word_list(name: str) -> frozenset[str]:
    """Return the words of a list, as ``words_of`` returns them."""
    return frozenset(words_of(phrase_data()["words"][name]))


@cache
def patterns(name: str, which: str = "phrases") -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a table."""
    return tuple(re.compile(each, re.IGNORECASE) for each in phrase_data()[name][which])

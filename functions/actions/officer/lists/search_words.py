"""What an officer looks for in their cases, and whether a case says it.

Tests: ``tests/doors/test_desk_search.py``.
"""

from typing import NamedTuple
from unicodedata import combining, normalize

from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Directory

QUERY_MAX = 200


class Wanted(NamedTuple):
    """The words that all have to be found, plain (``_plain``)."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, typed: str) -> "Wanted":
        """Return the words of what was typed, of which the first ``QUERY_MAX`` characters count."""
        return cls(tuple(_plain(typed[:QUERY_MAX]).split()))

    def said_in(self, text: str) -> bool:
        """Whether a text says all of it."""
        plain = _plain(text)
        return bool(self.words) and all(word in plain for word in self.words)


def names_of(head: CaseHead, directory: Directory) -> str:
    """Return the names of a case's topic, in both languages, and of its district."""
    topic, district = directory.topics.get(head.topic), directory.districts.get(head.district)
    return " ".join([*((topic.name, topic.name_en) if topic else ()), district.name if district else ""])


def _plain(text: str) -> str:
    """Return a text in small letters, without accents."""
    return "".join(letter for letter in normalize("NFKD", text.casefold()) if not combining(letter))

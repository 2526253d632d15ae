"""What a text may be, and what it is if all its words stand in lists (``phrases.toml``): thanks, a question.

Tests: ``tests/casework/test_sms.py``.
"""

import re
from enum import StrEnum
from typing import NamedTuple

from functions.casework.understanding.about import FIRST, surely_about
from functions.casework.understanding.thanks import CLOSING, closes, settles
from functions.casework.understanding.word_lists import all_in, any_in

SHORT = 40  # words beyond which no list holds a text
BARE_MOST = 4  # words of a bare yes or no
# "tes 123": no part of it can be read in two ways, or its time would double with each word.
_TEST = re.compile(r"\W*(?:(?:tes+t?|testing|coba|cek|[123])\W*)+", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
DANGER_SURE = 0.85  # of danger by a second opinion that a whole day is remembered by
ABOUT_SURE = 0.9  # of a question about us by its words


class Sort(StrEnum):
    """What a text is.

    ``OURS``: a text of this product, or an automatic reply to one, that came back. ``CLOSING``: thanks, or that a
    matter is settled. ``QUESTION``: how one's own report stands. ``HELP``: how this is used, or whose number it is.
    ``BARE``: yes, no or digits and nothing else, which answer what was asked. ``SILENCE``: an order to be silent, also
    within other words. ``GIVEN_UP``: the writer wants their report withdrawn. ``TALK``: meant for somebody else, or
    for nobody.
    """

    REPORT = "report"
    EMPTY = "empty"
    GREETING = "greeting"
    CLOSING = "closing"
    QUESTION = "question"
    HELP = "help"
    BARE = "bare"
    SILENCE = "silence"
    GIVEN_UP = "given up"
    OURS = "ours"
    SPAM = "spam"
    TALK = "talk"


class Nature(NamedTuple):
    """``danger``: somebody may be in danger, so 112 comes first; better too often than too rarely. ``settled``: a
    closing, or any words, that say the matter is done or ask to close the report. ``yes``: what a bare answer says.
    ``rest``: what a person wrote behind a text of ours, or beside an order to be silent. ``likely``: no list says so,
    it is a second opinion, ``sure`` from 0 to 1. ``asks``: words that may ask how the report
    stands, and a question that surely does. ``undone``: what was answered or closed is not done. ``new``: another
    matter than the open ones, ``same``: surely theirs. ``speak``: who wanted silence wants answers again."""

    sort: Sort = Sort.REPORT
    danger: bool = False
    settled: bool = False
    yes: bool = False
    rest: str = ""
    likely: bool = False
    sure: float = 1
    asks: bool = False
    undone: bool = False
    new: bool = False
    same: bool = False
    speak: bool = False


def is_sure_danger(nature: Nature) -> bool:
    """Whether what a case tells later on the same day is told 112 as well: danger that words say, or all but."""
    return nature.danger and (not nature.likely or nature.sure >= DANGER_SURE)


def by_lists(text: str, words: list[str]) -> Nature | None:
    """Return the sort of a text all of whose words stand in its lists; None if there is none."""
    if surely_about(text) in FIRST:
        return Nature(Sort.HELP, likely=True, sure=ABOUT_SURE)
    if any_in(words, "rating") and all_in(words, "rating", "agreed", "thanks", "kind", "address", "self"):
        return Nature(Sort.CLOSING) if len(re.findall(r"\d+", text)) <= 1 else None
    if _TEST.fullmatch(text):
        return Nature(Sort.GREETING)
    if len(words) > SHORT or any(c.isdigit() for c in text):
        return None
    if len(words) <= BARE_MOST and any_in(words, "yes", "no") and all_in(words, "yes", "no", "address"):
        return Nature(Sort.BARE, yes=not any_in(words, "no"))
    courtesies = (
        (Sort.GREETING, all_in(words, "greeting", "address")),
        (Sort.GREETING, any_in(words, "announce_core") and all_in(words, "announce", "greeting", "address")),
        (Sort.TALK, any_in(words, "curse") and all_in(words, "curse", "cursed", "address")),
        (Sort.HELP, _asks_for_help(text, words)),
        (Sort.CLOSING, "?" not in text and closes(words)),
        (Sort.QUESTION, any_in(words, "ask_core") and all_in(words, "ask", "asking", "address", "self", "greeting")),
        (Sort.QUESTION, "?" in text and any_in(words, "already") and any_in(words, "done") and all_in(words, *CLOSING)),
        (Sort.QUESTION, any_in(words, "arrived") and _asks_whether(text, words)),
    )
    sort = next((sort for sort, is_it in courtesies if is_it), None)
    return Nature(sort, settled=sort is Sort.CLOSING and settles(words)) if sort else None


def _asks_for_help(text: str, words: list[str]) -> bool:
    asks = any_in(words, "help_core") or ("?" in text and any_in(words, "help_of"))
    of_state = any(any_in([word], "ask_core") and not any_in([word], "help") for word in words)  # "gmn kabarnya"
    return asks and not of_state and all_in(words, "help", "address", "self", "greeting")


def _asks_whether(text: str, words: list[str]) -> bool:
    """Whether somebody asks if their report has come: "sdh dicatat?", "sudah masuk blm laporan saya"."""
    asks = "?" in text or any_in(words, "whether")
    return asks and all_in(words, "arrived", "ask", "asking", "already", "address", "self", "greeting")


def without_letters(text: str) -> Nature:
    """Return what a text without Latin letters is: a report in another script, digits that answer something, a smile,
    or nothing at all."""
    if any(_LETTER.match(c) for c in text):
        return Nature()
    if any(c.isdigit() for c in text):
        return Nature(Sort.BARE)
    return Nature(Sort.EMPTY if text.isascii() else Sort.GREETING)

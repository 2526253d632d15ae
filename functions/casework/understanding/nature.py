"""What kind of text it is: a report, an emergency, a greeting, thanks, an order to be silent, our own text come back.

Only a text that is nothing else is anything but a report: every word of it has to stand in the lists of one sort
(``phrases.toml``). So no complaint is taken for a greeting, whatever it begins with.
"""

import re
import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from functions.casework.formats.sms_texts import TEMPLATES
from functions.casework.understanding.spelling import words_of

DANGER: Final = re.compile(
    r"\b(?:ke?bakar(?:an)?|kebakran|kbakaran|terbakar|api besar|kebanjiran|banjir bandang|longsor|teng+elam|hanyut|"
    r"kecelaka(?:an|kan)|kclakaan|kcelakaan|laka lantas|tabrakan|tertabrak|ketabrak|terjepit|terguling|tertimbun|"
    r"darurat|sekarat|pingsan|(?:di|mem|pem)?bunuh(?:an)?|bunuh diri|tertembak|ditembak|tembak|bom|meledak|ledakan|"
    r"sandera|disandera|diculik|penculikan|perampok(?:an)?|dirampok|begal|dibegal|perkosa|diperkosa|pemerkosaan|"
    r"dipukuli|dianiaya|dikeroyok|ditikam|ditusuk|dibacok|bacok|tawuran|tersengat|kesetrum|tersetrum|melahirkan|"
    r"pendarahan|keracunan|diterkam|digigit ular|serangan jantung|sesak napas|gas bocor|ambulans?)\b",
    re.IGNORECASE,
)
SHORT = 40  # words beyond which a text is a report, whatever they are
BARE_MOST = 4  # words of a bare yes or no
OWN_LEAST = 3  # words behind a text of ours that make it an answer
CLOSING = "thanks", "agreed", "kind", "already", "done", "things", "address", "self"
_CLAUSE = re.compile(r"[.,;!?\n]+")
_ONLY_SMS = re.compile(r"\bsms (?:saja|sj|aja)\b", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_FORWARDED = re.compile(
    r"^[\s>\"'*(]*(?:(?:fwd?|fw|terusan|diteruskan|forwarded(?: message)?)\s*[:>-]+\s*)?", re.IGNORECASE
)
# What stands in our texts for their values, where it is not just some words.
_VALUES = {
    "code": r"[0-9A-Z-]{29}",
    "short": r"[0-9A-Z]{5}",
    "codes": r"[0-9A-Z]{5}(?:, [0-9A-Z]{5})*",
    "day": r"\d\d/\d\d",
}


class Sort(StrEnum):
    """What a text is.

    ``OURS``: a text of this product, or an automatic reply to one, that came back. ``CLOSING``: thanks, or that a
    matter is settled. ``QUESTION``: how one's own report stands. ``HELP``: how this is used, or whose number it is.
    ``BARE``: yes, no or digits and nothing else, which answer what was asked.
    """

    REPORT = "report"
    EMPTY = "empty"
    GREETING = "greeting"
    CLOSING = "closing"
    QUESTION = "question"
    HELP = "help"
    BARE = "bare"
    SILENCE = "silence"
    OURS = "ours"
    SPAM = "spam"


class Nature(NamedTuple):
    """``danger``: somebody may be in danger, so 112 comes first; better too often than too rarely. ``settled``: a
    closing that says the matter is done. ``yes``: what a bare answer says. ``rest``: what a person wrote behind a text
    of ours, or as reason for silence."""

    sort: Sort = Sort.REPORT
    danger: bool = False
    settled: bool = False
    yes: bool = False
    rest: str = ""


def nature_of(text: str) -> Nature:
    """Return what a text is. Only a text that is nothing else is anything but a report."""
    if not text.strip():
        return Nature(Sort.EMPTY)
    if (rest := _behind_ours(text)) is not None:
        return Nature(Sort.OURS, rest=rest)
    danger = DANGER.search(text) is not None
    words = words_of(text)
    if not words:
        return _without_letters(text)
    if danger:
        return Nature(danger=True)
    return _by_words(text, words[: SHORT + 1]) or Nature(Sort.SPAM if _is_advertising(text) else Sort.REPORT)


def _by_words(text: str, words: list[str]) -> Nature | None:
    """Return the sort of a text all of whose words stand in its lists; None if there is none."""
    if (rest := _after_silence(text)) is not None:
        return Nature(Sort.SILENCE, rest=rest)
    if len(words) > SHORT or any(c.isdigit() for c in text):
        return None
    if len(words) <= BARE_MOST and _any(words, "yes", "no") and _all(words, "yes", "no", "address"):
        return Nature(Sort.BARE, yes=not _any(words, "no"))
    courtesies = (
        (Sort.GREETING, _all(words, "greeting", "address")),
        (Sort.HELP, _asks_for_help(text, words)),
        (Sort.CLOSING, "?" not in text and _closes(words)),
        (Sort.QUESTION, _any(words, "ask_core") and _all(words, "ask", "asking", "address", "self", "greeting")),
        (Sort.QUESTION, "?" in text and _any(words, "already") and _any(words, "done") and _all(words, *CLOSING)),
    )
    sort = next((sort for sort, is_it in courtesies if is_it), None)
    return Nature(sort, settled=sort is Sort.CLOSING and _settles(words)) if sort else None


def _asks_for_help(text: str, words: list[str]) -> bool:
    asks = _any(words, "help_core") or ("?" in text and _any(words, "help_of"))
    return asks and _all(words, "help", "address", "self", "greeting")


def _closes(words: list[str]) -> bool:
    return _all(words, *CLOSING) and (_settles(words) or _any(words, "thanks", "agreed"))


def _settles(words: list[str]) -> bool:
    """Whether words of a closing say that the matter is done: "sudah beres", "beres pak"."""
    alone = len(words) <= 2 and _any(words, "done_alone")  # noqa: PLR2004 - one, and to whom
    return alone or (_any(words, "done") and _any(words, "already"))


def _without_letters(text: str) -> Nature:
    """Return what a text without Latin letters is: a report in another script, digits that answer something, a smile,
    or nothing at all."""
    if any(_LETTER.match(c) for c in text):
        return Nature()
    if any(c.isdigit() for c in text):
        return Nature(Sort.BARE)
    return Nature(Sort.EMPTY if text.isascii() else Sort.GREETING)


def _after_silence(text: str) -> str | None:
    """Return what is said beside an order to be silent, "" if nothing is; None if there is no such order."""
    if _ONLY_SMS.search(text):  # "jangan telepon, sms saja"
        return None
    clauses = [clause for clause in _CLAUSE.split(text) if words_of(clause)]
    for n, clause in enumerate(clauses):
        words = words_of(clause)
        if (rest := _order(words)) is not None and (len(words) > 1 or len(clauses) == 1):
            beside = [*clauses[:n], " ".join(rest), *clauses[n + 1 :]]
            return ", ".join(each.strip() for each in beside if each)
    return None


def _order(words: list[str]) -> list[str] | None:
    """Return the words that give the reason for an order to be silent; None if they are none."""
    ends = (n for n, word in enumerate(words) if not _any([word], "quiet", "address", "self"))
    size = next(ends, len(words))
    order, rest = words[:size], words[size:]
    alone = len(words) == 1 and _any(words, "quiet_alone")
    said = alone or (_any(order, "quiet_core") and _any(order, "quiet_of"))
    if _any(order, "quiet_wish"):  # "saya tidak mau …", not "saya mau kirim …"
        said = said and _any(order, "no")
    return rest if said and (not rest or rest[0] in _list("because")) else None


def gives_reason(text: str) -> bool:
    """Whether a text only says why: it is no matter of its own."""
    return _any(words_of(text)[:1], "because")


def _behind_ours(text: str) -> str | None:
    """Return what stands behind a text of ours or an automatic one, "" if nothing or too little; None if it is none."""
    plain = _FORWARDED.sub("", " ".join(text.split()), count=1)
    for pattern in _own():
        if found := pattern.match(plain):
            rest = plain[found.end() :].strip(" -–—>\"'")
            return rest if len(words_of(rest)) >= OWN_LEAST else ""
    return "" if _is_automatic(plain) else None


def _is_automatic(text: str) -> bool:
    """Whether a program of an operator or a phone wrote a text. What a person says of it stays a report."""
    if re.search(_data()["automatic"]["people"], text, re.IGNORECASE):
        return False
    weak = sum(pattern.search(text) is not None for pattern in _patterns("automatic", "weak"))
    return weak > 1 or any(pattern.search(text) for pattern in _patterns("automatic"))


def _is_advertising(text: str) -> bool:
    found = sum(pattern.search(text) is not None for pattern in _patterns("advertising"))
    return found > 1 and not re.search(_data()["advertising"]["people"], text, re.IGNORECASE)


def is_all_of(text: str, *names: str) -> bool:
    """Whether every word of a text stands in one of the lists of ``phrases.toml`` with these names."""
    return _all(words_of(text), *names)


def _all(words: list[str], *names: str) -> bool:
    return all(any(word in _list(name) for name in names) for word in words)


def _any(words: list[str], *names: str) -> bool:
    return any(word in _list(name) for word in words for name in names)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(words_of(_data()["words"][name]))


@cache
def _patterns(name: str, which: str = "phrases") -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(each, re.IGNORECASE) for each in _data()[name][which])


@cache
def _own() -> tuple[re.Pattern[str], ...]:
    """Return patterns of our own texts, the longest first."""
    found = []
    for template in sorted(TEMPLATES, key=len, reverse=True):
        parts = re.split(r"\{(\w+)\}", " ".join(template.split()))
        parts[::2] = map(re.escape, parts[::2])
        parts[1::2] = [_VALUES.get(name, ".{0,60}?") for name in parts[1::2]]
        found.append(re.compile("".join(parts), re.IGNORECASE))
    return tuple(found)

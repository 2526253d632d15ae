"""Texts that nobody wrote to this number: ours come back, a program's, an advert, what people send each other.

Tests: ``tests/doors/test_sms.py``, ``tests/casework/test_likely.py``.
"""

import re
from functools import cache

from functions.casework.formats.sms_texts import TEMPLATES
from functions.casework.stages import FACTS
from functions.casework.understanding.danger import is_in_danger
from functions.casework.understanding.opinion.likely import MATTER, matter_of
from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.word_lists import any_in, patterns, phrase_data

_FORWARDED = re.compile(
    r"^[\s>\"'*(]*(?:(?:fwd?|fw|terusan|diteruskan|forwarded(?: message)?)\s*[:>-]+\s*)?", re.IGNORECASE
)
# What stands in our texts for their values, where it is not just some words.
_VALUES = {
    "code": r"[0-9A-Z-]{29}",
    "short": r"[0-9A-Z]{5}",
    "codes": r"[0-9A-Z]{5}(?:, [0-9A-Z]{5})*",
    "day": r"\d\d/\d\d",
    "until": r"(?:(?:Batas waktu|Lewat batas) \d\d/\d\d\. ?)?",
    "stage": "(?:" + "|".join(re.escape(facts.sms) for facts in FACTS.values()) + ")",
}
_SENDS = re.compile(r"(?:me|di|ma)?(?:k|ng)i?ri?m(?:i|in|kan)?")


def behind_ours(text: str) -> str | None:
    """Return what stands behind a text of ours or an automatic one, "" if there is no word; None if it is none."""
    plain = _FORWARDED.sub("", " ".join(text.split()), count=1)
    for pattern in _own():
        if found := pattern.match(plain):
            rest = plain[found.end() :].strip(" -–—>\"'")
            again = behind_ours(rest) if rest else ""  # an answer may hold two of them
            return again if again is not None else rest if words_of(rest) or re.search(r"\d", rest) else ""
    return "" if _is_automatic(plain) else None


def _is_automatic(text: str) -> bool:
    """Whether a program of an operator or a phone wrote a text. What a person says of it or behind it stays a
    report."""
    if re.search(phrase_data()["automatic"]["people"], text, re.IGNORECASE):
        return False
    weak = sum(pattern.search(text) is not None for pattern in patterns("automatic", "weak"))
    automatic = weak > 1 or any(pattern.search(text) for pattern in patterns("automatic"))
    return automatic and not is_in_danger(text) and matter_of(words_of(text)) < MATTER


def is_among_people(text: str) -> bool:
    """Whether a text is what people send each other: an invitation, an order of food, a prayer to pass on."""
    if any(pattern.search(text) for pattern in patterns("talk", "alone")):
        return True
    sent = any(pattern.search(text) for pattern in patterns("talk"))
    return sent and not re.search(phrase_data()["talk"]["people"], text, re.IGNORECASE)


def is_advertising(text: str) -> bool:
    """Whether a text is an advert or a chain letter, and no complaint about one."""
    found = sum(pattern.search(text) is not None for pattern in patterns("advertising"))
    alone = any(pattern.search(text) for pattern in patterns("advertising", "alone"))
    return (alone or found > 1) and not re.search(phrase_data()["advertising"]["people"], text, re.IGNORECASE)


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


def is_sent_goods(text: str) -> bool:
    """Whether goods or money are sent, and nobody is to be reached: "jangan kirim beras busuk lagi"."""
    words = words_of(text)
    sends = [_SENDS.fullmatch(word) is not None for word in words]
    others = [word for word, sent in zip(words, sends, strict=True) if not sent]
    if any_in(others, "quiet_of", "because"):
        return False
    behind = (word for word, sent in zip(words[1:], sends, strict=False) if sent)
    return any(not any_in([word], "quiet", "address", "self") for word in behind)

"""What somebody asks of this number itself: what it costs, who reads it, whether photos are possible."""

import re
from functools import cache
from typing import Final

from functions.casework.understanding.opinion.seeming_silence import asks_of_silence
from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.word_lists import any_in, patterns, phrase_data

CAN: Final = "can"
HOW: Final = "how"
MATTER: Final = "matter"
OTHER: Final = "other"
OTHERS: Final = "others"
PHOTO: Final = "photo"
SAFE: Final = "safe"
STOP: Final = "stop"
BESIDE: Final = frozenset({"cost", SAFE, PHOTO, "whose"})  # what is asked in one breath
TELLING: Final = frozenset(
    {"emergency", "who", "code", "readers"}
)  # "telpon ambulans tidak diangkat", "yang jawab orang pdam"
FIRST: Final = frozenset({"wrong", "robot", "whose"})  # whole texts, before any list of greetings
TOLD: Final = TELLING | {PHOTO, SAFE, OTHER, OTHERS}  # topics that a complaint names as well
_LOST: Final = re.compile(
    r"\b(?:hilang|ilang|lupa|\w*hapus|raib)\b.{0,25}\bkode|\bkode\w*\b.{0,25}\b(?:hilang|ilang|lupa|\w*hapus)\b",
    re.IGNORECASE,
)
_ASKS_US: Final = re.compile(r"\b(?:gratis|pulsa|tarif\w*|biaya\w*|rahasia|ketahuan|ketauan)\b", re.IGNORECASE)
# What an SMS or a report costs is asked; what a market, a school or a boat costs is told.
_ASKS_COST: Final = re.compile(
    r"\b(?:gratis|free|pulsa|tarif|tarip)\w*|\b(?:bayar|biaya|ongkos|potong|mbayar)\w*\s(?:ga|gak|gk|nda|ndak|tidak|tdk|nggak|"
    r"kah|apa|berapa|brp|ora|kada)(?:\s?\?|\W*(?:pak|bu|min|kak|ya|sih)?\W*$)|\b(?:ada|apa|apakah|kena|pakai|pake|berapa|brp|harus)\s"
    r"(?:\w+\s)?(?:bayar|biaya|ongkos|potong)|\b(?:bayar|biaya|ongkos|potong)\w*\s?\?",
    re.IGNORECASE,
)
_PRICED: Final = re.compile(r"\d\s?(?:rb|ribu|jt|juta|k|000)\b", re.IGNORECASE)
_OF_SMS: Final = re.compile(r"\b(?:sms|gratis|pulsa|(?:me|nge)?lapor\w*|nomor ini|mengadu)\b", re.IGNORECASE)
# Papers and what is done to get them: an office's, whatever of names and numbers is in it.
_PAPERS: Final = re.compile(
    r"\b(?:ktp|nik|kk|akta|akte|skck|sim|surat|data)\b(?=.*\b(?:(?:me|ng|meng)?urus\w*|bikin|buat|cetak|ganti|perpanjang\w*|"
    r"perbaiki|betulkan)\b)|\b(?:(?:me|ng|meng)?urus\w*|bikin|buat|cetak|ganti|perpanjang\w*)\s(?:\w+\s){0,2}?"
    r"(?:ktp|nik|kk|akta|akte|skck|sim|surat)\b",
    re.IGNORECASE | re.DOTALL,
)
ASK_MOST: Final = 16  # words of a question that tells nothing
BESIDE_MOST: Final = 7  # words beside such a question that are no matter
ALONE_MOST: Final = 3  # words beside it that surely tell nothing
CURSE_MOST: Final = 4
MILD: Final = frozenset(["kurang", "ajar", "sampah", "busuk", "maling", "gila", "babi", "monyet", "payah", "setan"])


def asked_about(text: str) -> str:
    """Return the topic of a question, as ``phrases.toml`` names it: ``HOW`` unless words tell another."""
    surely, named = surely_about(text), _all_about(text)
    if surely == CAN and "cost" in named:  # "kalau melapor di nomor ini kena biaya kah?"
        return "cost"
    return surely or next(iter(named), HOW)


def asked_beside(text: str) -> str:
    """Return what is asked beside the topic of a question ("bayar ga? trs nama kita aman kah"), "" for nothing."""
    first = asked_about(text)
    return (
        next((topic for topic in _all_about(text) if topic in BESIDE and topic != first), "") if first in BESIDE else ""
    )


def surely_about(text: str) -> str:
    """Return the topic of a short text that asks of this number and nothing else, whatever stands with its writer, as
    "bs kirim foto kah lewat sini"; "" for any other."""
    return _asked_surely(text)[0]


def tells_beside(text: str) -> bool:
    """Whether a text that asks of this number surely may tell something beside it: who answered, which code."""
    return surely_about(text) in TELLING and says_more(text)


def says_more(text: str) -> bool:
    """Whether beside what a text asks of this number stands more than surely tells nothing."""
    return _asked_surely(text)[1] > ALONE_MOST


def _asked_surely(text: str) -> tuple[str, int]:
    """Return the topic of ``surely_about``, and how many words stand beside what asks."""
    if len(text.split()) > ASK_MOST:
        return "", 0
    if asks_of_silence(text):
        return STOP, 0
    tells = any(each.search(text) for each in patterns("about_sure", MATTER))
    for topic in phrase_data()["about_sure"]:
        found = next((hit for each in patterns("about_sure", topic) if (hit := each.search(text))), None)
        if topic == MATTER or found is None:
            continue
        beside = len(text[: found.start()].split()) + len(text[found.end() :].split())
        most = ALONE_MOST if topic == OTHERS else BESIDE_MOST
        if topic not in TOLD or not (tells or (beside > most and topic != OTHER)):
            return str(topic), beside
    return "", 0


def _all_about(text: str) -> list[str]:
    papers = _PAPERS.search(text) is not None and _OF_SMS.search(text) is None
    cost = _ASKS_COST.search(text) and (_OF_SMS.search(text) or not _PRICED.search(text))
    named = [topic for topic, pattern in _topics().items() if pattern.search(text) and (topic != "cost" or cost)]
    return [OTHER, *named] if papers else named


def asked_within(text: str) -> str:
    """Return what a text asks of this number beside all that it tells: of photos, or of secrecy; "" for nothing."""
    asked = (topic for topic in (PHOTO, SAFE) if any(each.search(text) for each in patterns("about_sure", topic)))
    return next(asked, "")


def loses_code(text: str) -> bool:
    """Whether somebody says that they lost the code of their report."""
    return _LOST.search(text) is not None


def asks_us(text: str) -> bool:
    """Whether words of talk ask of this number: "oo gratis toh apa biasa ya. ok makasih"."""
    return _ASKS_US.search(text) is not None


def is_curse(text: str) -> bool:
    """Whether a text curses: "7 dus kurang" and "sampah" alone do not."""
    words = words_of(text)
    mild = len(words) > CURSE_MOST
    return any(any_in([word], "curse") and not (mild and word in MILD) for word in words)


def wants_secrecy(text: str) -> bool:
    """Whether a text asks that nobody learns who wrote it."""
    return any(pattern.search(text) for pattern in patterns("wish", "secret"))


@cache
def _topics() -> dict[str, re.Pattern[str]]:
    return {topic: re.compile(pattern, re.IGNORECASE) for topic, pattern in phrase_data()["about"].items()}

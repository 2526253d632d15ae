"""What an SMS probably is where no list of ``phrases.toml`` holds its words: "dah beapa laporan etam tu".

A linear model over words (as written, and as ``spoken.toml`` says what they mean), pairs of words, pieces of 3 to 5
letters, and cues: which lists hold its words, how much it speaks of what offices do, and what stands with its writer
(``Standing``). In whole numbers; ``tests/casework/sms_training.py`` makes ``likely.json``. It is a second opinion:
lists go first, and whoever asks keeps the words in doubt. The time is proportional to the length of the text.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from itertools import pairwise
from math import exp, sqrt
from pathlib import Path
from typing import Final, NamedTuple

from functions.casework.routing.rules import read_rules, spoken_in, tokens_of
from functions.casework.understanding.opinion.told import UNTOLD, Told, telling
from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.word_lists import phrase_data, word_list

MODEL: Final = Path(__file__).with_name("likely.json")
REPORT: Final = "report"
ZERO: Final = 80  # the code of the letter that is no weight
PIECES: Final = (3, 4, 5)  # letters
WORDS_MOST: Final = 120  # words that are looked at: what an SMS is stands in its beginning
_SIZES: Final = (1, 2, 3, 4, 7, 11, 16, 24)  # words: a text is long from here on
MATTER: Final = 3  # of what offices do, from which on a text may be about that
AGAIN_MOST: Final = 3  # words of a case that are said again
MATTER_LEAST: Final = 6  # words of a matter that is told as a question
OF_REPORTS: Final = re.compile(r"lapor|aduan|mengadu|surat|usul|\bsms\b", re.IGNORECASE)
_DIGITS: Final = re.compile(r"\d+")


class Standing(StrEnum):
    """What there is of a sender before an SMS. ``ASKED``: in which district it is. ``ANSWERED``: an officer wrote last.
    ``CLOSED``: their report, and they have not said yet whether it is done."""

    UNKNOWN = ""
    NONE = "none"
    OPEN = "open"
    ASKED = "asked"
    ANSWERED = "answered"
    CLOSED = "closed"
    SEVERAL = "several"


class Model(NamedTuple):
    """``place`` of what may be found, ``weights`` by what a text may be, a byte for each place, ``ZERO`` for none;
    ``bias`` of each; so many whole numbers are ``one``."""

    place: Mapping[str, int]
    weights: Mapping[str, bytes]
    bias: Mapping[str, int]
    one: float


class Likely(NamedTuple):
    """What a text is likeliest, how surely, from 0 to 1, and the share of each that it may be."""

    what: str
    sure: float
    shares: Mapping[str, float]


def likely(text: str, standing: Standing = Standing.UNKNOWN, told: Told = UNTOLD) -> Likely:
    """Return what a text probably is."""
    model = read_model()
    found, cued = shown(text, standing, told)
    pieces = [model.place[each] for each in found if each in model.place]
    cues = [model.place[each] for each in cued if each in model.place]
    size = sqrt(len(found) or 1)
    odds = {}
    for what, weights in model.weights.items():
        of_pieces = sum(weights[place] for place in pieces) - ZERO * len(pieces)
        of_cues = sum(weights[place] for place in cues) - ZERO * len(cues)
        odds[what] = exp((of_pieces / size + of_cues / CUES + model.bias[what]) / model.one)
    whole = sum(odds.values())
    shares = {what: each / whole for what, each in odds.items()}
    what = max(shares, key=shares.__getitem__)
    return Likely(what, shares[what], shares)


CUES: Final = 3.0  # a cue weighs a third of what it would weigh alone: several say the same


def weighed(text: str, standing: Standing, told: Told = UNTOLD, *, life: bool) -> Mapping[str, float]:
    """Return the shares of what a text may be. Whether it tells of danger does not hang on what stands with its writer
    if it may be of a ``life``."""
    shares = likely(text, standing, told).shares
    if not life:
        return shares
    most = max(likely(text, each).shares["help"] for each in (Standing.NONE, Standing.OPEN))
    return {**shares, "help": max(most, shares["help"])}


def shown(
    text: str, standing: Standing = Standing.UNKNOWN, told: Told = UNTOLD
) -> tuple[frozenset[str], frozenset[str]]:
    """Return what a text shows: its words ("=cek") as written and as meant, pairs, pieces, first ("^") and last ("$");
    and its cues: size ("~7"), lists ("%ask"), matters ("!2"), signs, ``standing`` ("@open"), how many of its words were
    ``told`` before ("&2"), and whether an officer asked last ("&asked")."""
    words = words_of(text)[:WORDS_MOST]
    spoken = [_spoken().get(word, word) for word in words]
    padded = [f" {word} " for word in words]
    found = {word[at : at + n] for word in padded for n in PIECES for at in range(len(word) - n + 1)}
    found |= {f"={word}" for word in words} | {f"={word}" for word in spoken}
    found |= {f"={one} {other}" for one, other in (*pairwise(words), *pairwise(spoken))}
    found |= {f"^{word}" for word in (*words[:1], *spoken[:1])} | {f"${word}" for word in (*words[-1:], *spoken[-1:])}
    cues = _cues(text, words, standing)
    return frozenset(found), frozenset(cues | _cues_of_before(text, cues, standing, told))


def _cues(text: str, words: list[str], standing: Standing) -> set[str]:
    held = [[name for name in _lists() if word in word_list(name)] for word in words]
    lists = {name for names in held for name in names}
    unheld = sum(not names for names in held)
    cues = {f"%{name}" for name in lists} | {f"!{min(matter_of(words), 9) // 2}", f"-{min(unheld, 5)}"}
    cues |= {f"~{max((size for size in _SIZES if size <= len(words)), default=0)}"}
    cues |= {sign * 2 for sign in "?!*%" if sign in text} | {f"#{min(len(each), 6)}" for each in _DIGITS.findall(text)}
    cues |= {"AA"} if text.isupper() else set()
    if standing:
        cues |= {f"@{standing}"} | {f"@{standing} {cue}" for cue in cues}
    return cues


def _cues_of_before(text: str, cues: Iterable[str], standing: Standing, told: Told) -> set[str]:
    found: set[str] = set()
    if told.words:
        again = min(len(telling(text) & told.words), AGAIN_MOST)
        found |= {f"&{again}", f"&{again} {standing}"}
    if told.by_officer:
        last = "&asked" if told.asks else "&said"
        found |= {last} | {f"{last} {cue}" for cue in cues if cue[0] in "%~!-"}
    return found


def matter_of(words: Sequence[str]) -> int:
    """Return how much words speak of what offices do, by the weights of the routing."""
    rules = read_rules()
    return sum(sum(found.values()) for found in spoken_in(tokens_of(" ".join(words), rules), rules).values())


def tells_matter(text: str, words: Sequence[str]) -> bool:
    """Whether what seems a question of somebody without a case is a matter of its own: "kapan jalan rusak di sini
    diperbaiki"."""
    return len(words) >= MATTER_LEAST and matter_of(words) >= MATTER and not OF_REPORTS.search(text)


@cache
def _lists() -> tuple[str, ...]:
    return tuple(phrase_data()["words"])


@cache
def _spoken() -> Mapping[str, str]:
    """Return what words of talk mean, by the word."""
    raw = tomllib.loads(Path(__file__).with_name("spoken.toml").read_text(encoding="utf-8"))
    return {words_of(word)[0]: meant for meant, words in raw.items() for word in words.split()}


@cache
def read_model() -> Model:
    """Return ``likely.json``, read once, when the first SMS is looked at that no list holds."""
    raw = json.loads(MODEL.read_text(encoding="utf-8"))
    place = {each: at for at, each in enumerate(raw["names"].split("|"))}
    weights = {what: letters.encode("ascii") for what, letters in raw["weights"].items()}
    return Model(place, weights, raw["bias"], raw["one"])

"""What an SMS probably is where no list of ``phrases.toml`` holds its words: "dah beapa laporan etam tu".

A linear model over words, pairs of words and pieces of 3 to 5 letters, in whole numbers. It is a second opinion: lists
go first, and whoever asks keeps the words in doubt. ``tests/casework/sms_training.py`` makes ``likely.json``. The time
is proportional to the length of the text.
"""

import json
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from math import exp, sqrt
from pathlib import Path
from typing import Final, NamedTuple

from functions.casework.understanding.spelling import words_of

MODEL: Final = Path(__file__).with_name("likely.json")
REPORT: Final = "report"
PIECES: Final = (3, 4, 5)  # letters
_SIZES: Final = (1, 2, 3, 4, 7, 11, 16)  # words: a text is long from here on


class Model(NamedTuple):
    """``weights`` of what is found, by what a text may be; ``bias`` of each; so many whole numbers are ``one``."""

    weights: Mapping[str, Mapping[str, int]]
    bias: Mapping[str, int]
    one: float


class Likely(NamedTuple):
    """What a text is likeliest (``REPORT`` for a report or an answer), and how surely, from 0 to 1."""

    what: str
    sure: float


def likely(text: str) -> Likely:
    """Return what a text probably is."""
    model = read_model()
    found = shown(text)
    size = sqrt(len(found) or 1)
    odds = {
        what: exp((sum(weights.get(each, 0) for each in found) / size + model.bias[what]) / model.one)
        for what, weights in model.weights.items()
    }
    what = max(odds, key=odds.__getitem__)
    return Likely(what, odds[what] / sum(odds.values()))


def shown(text: str) -> frozenset[str]:
    """Return what a text shows: its words ("=cek"), pairs, pieces, first ("^") and last ("$"), size, "??" and "##"."""
    words = words_of(text)
    padded = [f" {word} " for word in words]
    found = {word[at : at + n] for word in padded for n in PIECES for at in range(len(word) - n + 1)}
    found |= {f"={word}" for word in words} | {f"={one} {other}" for one, other in pairwise(words)}
    found |= {f"^{word}" for word in words[:1]} | {f"${word}" for word in words[-1:]}
    found |= {sign * 2 for sign in "?" if sign in text} | ({"##"} if any(c.isdigit() for c in text) else set())
    return frozenset(found | {f"~{max((size for size in _SIZES if size <= len(words)), default=0)}"})


@cache
def read_model() -> Model:
    """Return ``likely.json``, read once, when the first SMS is looked at that no list holds."""
    raw = json.loads(MODEL.read_text(encoding="utf-8"))
    weights = {
        what: {piece: int(weight) for weight, pieces in by_weight.items() for piece in pieces.split("|")}
        for what, by_weight in raw["weights"].items()
    }
    return Model(weights, raw["bias"], raw["one"])

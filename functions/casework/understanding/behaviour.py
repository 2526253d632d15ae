"""Whether a text complains about how people in office behave, whatever words it uses.

The grammar of ``conduct`` finds what its lists hold, so it misses what nobody listed: "salam tempel", "masuk laci
bapak kumis". This small linear model reads words, pairs of words and pieces of words beside the grammar's own kinds,
sentence by sentence, and adds their weights. ``tests/casework/behaviour_training.py`` makes ``behaviour.json``. The
time is proportional to the length of the text.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from math import inf, sqrt
from pathlib import Path
from typing import Final, NamedTuple

from functions.casework.routing.rules import read_rules
from functions.casework.understanding.reading import Office, Reading

MODEL: Final = Path(__file__).with_name("behaviour.json")
PIECES: Final = (3, 4, 5)  # letters
KIND: Final = 3  # what the grammar finds counts like so many pieces
ALONE: Final = 1.0  # log-odds by which a sentence must say it more plainly than the whole text
_SHORTEST: Final = 4  # words of a text
_ALONE: Final = 8  # words of a sentence that is read for itself too
_SUM: Final = range(3, 8)  # digits of a sum of money; longer ones are somebody's number
_DEEDS: Final = frozenset({"hard", "hurt", "rude", "absent", "refused", "theirs", "takes", "cuts", "gives", "money"})
_DOERS: Final = frozenset({"staff", "folk", "heads", "others", "mine", "claims", "victims"})


class Model(NamedTuple):
    """``weights`` of what is found. From ``level`` on a text complains; from ``doubt`` on it may. ``odds``: the weight
    of one unit of log-odds."""

    weights: Mapping[str, int]
    level: float
    doubt: float
    odds: float


class Complains(NamedTuple):
    """Whether a text complains about people in office: surely enough to keep it from whoever is meant, perhaps, or
    hardly; none of these if it has too few words."""

    clearly: bool
    perhaps: bool
    hardly: bool = False


def complains(reading: Reading, lean: float = 0) -> Complains:
    """Return whether a text complains about people in office. ``lean``, in log-odds, lowers the levels, if other things
    say so."""
    model = read_model()
    told = [weigh(found, model.weights) for found in features(reading)]
    heaviest = max((weight - (at and ALONE * model.odds) for at, weight in enumerate(told)), default=-inf)
    heaviest += lean * model.odds
    return Complains(heaviest >= model.level, heaviest >= model.doubt, -inf < heaviest < model.doubt)


def weigh(found: Mapping[str, int], weights: Mapping[str, int]) -> float:
    """Return the weight of what is found, so that long and short sentences compare."""
    weight = sum(weights[each] * times for each, times in found.items() if each in weights)
    return weight / sqrt(sum(found.values()) or 1)


def features(reading: Reading) -> Iterator[Mapping[str, int]]:
    """Yield what the whole text shows, then each sentence of several: pieces of words, and kinds of the grammar.
    What has few words shows too little."""
    whole = range(len(reading.words))
    pieces = [_pieces(reading, at) for at in whole]
    if len(whole) >= _SHORTEST:
        yield _shown(reading, whole, pieces)
    start = 0
    for at in whole:
        if at + 1 == len(whole) or reading.sentences[at + 1] != reading.sentences[at]:
            if _ALONE <= at + 1 - start < len(whole):
                yield _shown(reading, range(start, at + 1), pieces)
            start = at + 1


def _shown(reading: Reading, words: range, pieces: Sequence[Sequence[str]]) -> Mapping[str, int]:
    found = dict.fromkeys(chain.from_iterable(pieces[words.start : words.stop]), 1)
    pairs = (at for at in words[:-1] if reading.sentences[at] == reading.sentences[at + 1])
    found |= dict.fromkeys((_pair(reading, at) for at in pairs), 1)
    kinds = frozenset().union(*reading.kinds[words.start : words.stop])
    doers = kinds & _DOERS | {_role(office) for office in reading.offices_in(words)}
    found |= dict.fromkeys((f"@{kind}" for kind in kinds | doers), KIND)
    return found | dict.fromkeys((f"@{deed}@{doer}" for deed in kinds & _DEEDS for doer in doers), KIND)


def _role(office: Office) -> str:
    """Return what an office is there: "ACTOR", its staff "ACTOR+", a school's or village clinic's "ACTOR-"."""
    return office.part.name + ("-" if office.called.branch else "+" if office.person else "")


def _pieces(reading: Reading, at: int) -> Sequence[str]:
    forms = reading.words[at].forms
    return _cut(forms[0]) if forms else ()


def _pair(reading: Reading, at: int) -> str:
    here = (word.forms[0] if word.forms else "" for word in reading.words[at : at + 2])
    return " ".join(full for word in here for full in _spelled(word))


def _spelled(word: str) -> tuple[str, ...]:
    bare = word.strip("0123456789") or ("000" if len(word) in _SUM else "0")
    return read_rules().spelling.get(bare, (bare,))


def _cut(word: str) -> Sequence[str]:
    padded = [f" {full} " for full in _spelled(word)]
    return padded + [full[at : at + n] for full in padded for n in PIECES for at in range(len(full) - n + 1)]


@cache
def read_model() -> Model:
    """Return ``behaviour.json``, read once, when words are first looked through."""
    raw = json.loads(MODEL.read_text(encoding="utf-8"))
    weights = {piece: int(weight) for weight, pieces in raw["weights"].items() for piece in pieces.split("|")}
    return Model(weights, raw["level"], raw["doubt"], raw["odds"])

"""Which subjects a text is likely about, by a model that learnt from messages other people wrote.

The lists of ``rules.toml`` hold the words that somebody thought of. This linear model reads all words of a text, and
what the lists say of it, and gives each responsibility of ``rules.toml`` its probability. It knows no agency:
``responsible.unit_of`` leads from a responsibility to a unit of any directory. ``tests/casework/learnt_training.py``
makes ``learnt.json`` from invented messages; nothing is learnt from reports.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from math import exp, log, sqrt
from pathlib import Path
from typing import Final, NamedTuple

from functions.casework.routing.rules import HIDDEN, Words

MODEL: Final = Path(__file__).with_name("learnt.json")
OUTSIDE: Final = "outside"  # any body outside the local government
VOTE: Final = "@"
WORD: Final = 2  # what a word counts, beside the weight of the lists' votes
_MOST_VOTES: Final = 8


class Model(NamedTuple):
    """``weights`` of each feature for each subject, and each subject's own; ``scale`` of them makes log-odds."""

    weights: Mapping[str, Mapping[str, int]]
    own: Mapping[str, float]
    scale: float


class Likely(NamedTuple):
    """A subject's probability as a logarithm, and the log-odds that ``words`` of the text added to it."""

    chance: float
    shown: float
    words: tuple[str, ...]


def features(tokens: Sequence[Words], spoken: Mapping[str, Mapping[str, int]]) -> Mapping[str, int]:
    """Return what the model reads: the words in all their forms, and what the lists say."""
    found = {form: WORD for forms in tokens for form in forms if form != HIDDEN}
    return found | {VOTE + name: min(sum(words.values()), _MOST_VOTES) for name, words in spoken.items()}


def likely_subjects(tokens: Sequence[Words], spoken: Mapping[str, Mapping[str, int]]) -> Mapping[str, Likely]:
    """Return how likely each responsibility is, and ``OUTSIDE``."""
    model = read_model()
    found = features(tokens, spoken)
    length = sqrt(sum(found.values()) or 1) * model.scale
    shown = dict.fromkeys(model.own, 0.0)
    words: dict[str, dict[str, tuple[int, str]]] = {name: {} for name in model.own}
    written = {form: forms[0] for forms in tokens for form in forms}
    for feature, counts in found.items():
        for name, weight in model.weights.get(feature, {}).items():
            shown[name] += weight * counts / length
            if weight > 0 and feature in written:  # of several forms the weightiest
                words[name][written[feature]] = max((weight, feature), words[name].get(written[feature], (0, "")))
    raw = {name: own + shown[name] for name, own in model.own.items()}
    all_of_them = log(sum(map(exp, raw.values())))
    return {
        name: Likely(
            raw[name] - all_of_them, shown[name], tuple(word for _, word in sorted(words[name].values())[::-1])
        )
        for name in raw
    }


@cache
def read_model() -> Model:
    """Return ``learnt.json``, read once, at the first proposal."""
    raw = json.loads(MODEL.read_text(encoding="utf-8"))
    weights: dict[str, dict[str, int]] = {}
    for name, by_weight in raw["weights"].items():
        for weight, found in by_weight.items():
            for feature in found.split("|"):
                weights.setdefault(feature, {})[name] = int(weight)
    return Model(weights, raw["own"], raw["scale"])

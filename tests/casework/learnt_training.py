"""Makes ``learnt.json``: which words show which responsibility of ``rules.toml``.

A multinomial logistic regression over the messages of other hands (``routing_*.jsonl``), ours and those of tests/pii,
each as written and as masked; the heaviest ``KEPT`` weights in whole numbers. A word that stands in few texts counts
more: with the logarithm of their share. What is told of somebody's conduct counts
less, under the subject of the accused unit. Run it after a change to ``rules.toml`` or the messages, before
``behaviour_training``: ``python -m tests.casework.learnt_training``.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array

from functions.casework.routing.learnt import MODEL, OUTSIDE, VOTE, features
from functions.casework.routing.responsible import unit_of
from functions.casework.routing.rules import read_rules, spoken_in, tokens_of
from functions.pii import words
from tests.casework.behaviour_training import MESSAGES, OURS, aside, is_conduct
from tests.casework.routing_scores import DIRECTORY, foreign, ours

KEPT = 12000
SEEN = 2  # times, at least
RIDGE = 0.03
MOST = 15
CONDUCT = 0.4  # what a message about conduct counts
ENOUGH = 2


class Row(NamedTuple):
    """A text, its unit or body outside, and what it counts."""

    text: str
    unit: str
    counts: float = 1.0


def subjects() -> Mapping[str, str]:
    """Return the responsibility that stands for each unit of the demonstration, the first of ``rules.toml``."""
    found: dict[str, str] = {}
    for name, office in read_rules().offices.items():
        if not office.role and not office.place:
            found.setdefault(unit_of(office, DIRECTORY, "kutim", "", ()), name)
    return found


def own() -> list[Row]:
    """Our messages, and those of tests/pii."""
    return [
        Row(each.text, each.unit) for each in (*ours("dev"), *ours("held_out"), *ours("accused_release"), *foreign())
    ]


def by_others(rows: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """Yield these messages of other hands; those about conduct under whose staff it is."""
    for row in rows:
        conduct = is_conduct(row)
        yield Row(row["text"], (conduct and row["accused_unit"]) or row["unit"], CONDUCT if conduct else 1.0)


def learn(rows: Iterable[Row]) -> dict[str, object]:
    """Return the model that these rows teach."""
    names, rules = subjects(), read_rules()
    shown: list[Mapping[str, int]] = []
    right: list[str] = []
    counts: list[float] = []
    for row in rows:
        variants = tuple(dict.fromkeys((row.text, words.mask_all(row.text))))
        for text in variants:
            tokens = tokens_of(text, rules)
            spoken = spoken_in(tokens, rules)
            outside = any(name in rules.outside and sum(said.values()) >= ENOUGH for name, said in spoken.items())
            subject = OUTSIDE if outside and row.unit == "kutim-diskominfo" else names.get(row.unit, "")
            subject = OUTSIDE if row.unit.startswith(OUTSIDE) else subject
            if subject:
                shown.append(features(tokens, spoken))
                right.append(subject)
                counts.append(row.counts / len(variants))
    return _in_whole_numbers(*_fit(shown, right, np.array(counts)))


def _fit(
    shown: Sequence[Mapping[str, int]], right: Sequence[str], counts: np.ndarray
) -> tuple[Sequence[str], Sequence[str], np.ndarray, np.ndarray]:
    often = Counter[str]()
    for found, counted in zip(shown, counts, strict=True):
        often.update(dict.fromkeys(found, 0.5 if counted in (0.5, CONDUCT / 2) else 1.0))
    known = sorted(each for each, times in often.items() if times >= SEEN)
    rare = [1 if each.startswith(VOTE) else log(len(shown) / often[each]) / 3 for each in known]
    names = sorted(set(right))
    place = {each: at for at, each in enumerate(known)}
    rows, columns, values = [], [], []
    for row, found in enumerate(shown):
        length = np.sqrt(sum(found.values()) or 1)
        for each in found.keys() & place.keys():
            rows.append(row)
            columns.append(place[each])
            values.append(found[each] / length * rare[place[each]])
    matrix = csr_array((values, (rows, columns)), shape=(len(shown), len(known)))
    turned = matrix.T.tocsr()
    truth = np.zeros((len(shown), len(names)))
    truth[np.arange(len(shown)), [names.index(each) for each in right]] = 1

    def loss(guess: np.ndarray) -> tuple[float, np.ndarray]:
        table = guess.reshape(len(known) + 1, len(names))
        odds = matrix @ table[:-1] + table[-1]
        odds -= odds.max(1, keepdims=True)
        total = np.log(np.exp(odds).sum(1))
        pull = (np.exp(odds - total[:, None]) - truth) * counts[:, None]
        cost = (counts * (total - (odds * truth).sum(1))).sum() + RIDGE / 2 * (table[:-1] ** 2).sum()
        return cost, np.vstack([turned @ pull + RIDGE * table[:-1], pull.sum(0)]).ravel()

    found = minimize(
        loss, np.zeros((len(known) + 1) * len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 60}
    )
    table = found.x.reshape(len(known) + 1, len(names))
    table[:-1] *= np.array(rare)[:, None]
    use = np.abs(table[:-1]) * np.sqrt([often[each] for each in known])[:, None]
    return known, names, np.where(use >= np.sort(use.ravel())[-KEPT:][0], table[:-1], 0), table[-1]


def _in_whole_numbers(
    known: Sequence[str], names: Sequence[str], weights: np.ndarray, own_weights: np.ndarray
) -> dict[str, object]:
    scale = MOST / np.quantile(np.abs(weights[weights != 0]), 0.98)
    whole = np.clip(np.round(weights * scale), -MOST, MOST).astype(int)
    told: dict[str, dict[str, str]] = {}
    for at, name in enumerate(names):
        by_weight: dict[int, list[str]] = {}
        for each, weight in zip(known, whole[:, at], strict=True):
            if weight:
                by_weight.setdefault(int(weight), []).append(each)
        told[name] = {str(weight): "|".join(by_weight[weight]) for weight in sorted(by_weight)}
    centred = own_weights - own_weights.mean()
    return {
        "scale": round(float(scale), 4),
        "own": {name: round(float(centred[at]), 2) for at, name in enumerate(names)},
        "weights": told,
    }


def write(rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the model that own messages and these of others teach."""
    MODEL.write_text(
        json.dumps(learn([*own(), *by_others([*rows, *OURS, *aside()])]), ensure_ascii=False, indent=0) + "\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    write(MESSAGES)

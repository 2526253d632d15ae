"""Makes ``likely.json``: which words and pieces say what an SMS is that no list of ``phrases.toml`` holds.

A logistic regression over the SMS of all scenarios (what each is follows from the answer that its writer expects), own
ones (``sms_messages.json``) and the routing's messages, which are reports; the heaviest ``KEPT`` weights, learnt once
more, in whole numbers. Run it after a change to any of them: ``python -m tests.casework.sms_training``.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import sqrt
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array

from functions.casework.understanding.likely import MODEL, REPORT, shown
from tests.casework.routing_scores import ours

HERE = Path(__file__).parent
SCENARIOS = ("sms_scenarios.txt", "sms_scenarios_judged.txt", "sms_scenarios_third.txt")
ROUTED = ("routing_others.jsonl", "routing_further.jsonl")
KEPT = 9000
SEEN = 2  # times, at least
RIDGE = 0.05
MOST = 9
EXPECTED = {
    **dict.fromkeys(("RECEIVED", "ADDED", "PLACED", "PLACE_WHICH", "ELSEWHERE", "ADDED_WHICH", "REOPENED"), REPORT),
    **dict.fromkeys(("STATE", "NONE"), "question"),
    **dict.fromkeys(("GREETED", "HELP"), "chat"),
    **dict.fromkeys(("DONE_NOTED", "THANKS"), "settled"),
    "WELCOME": "closing",
    "WITHDRAW_NOTED": "withdrawal",
    "ADVERT": "advert",
    "STOPPED": "silence",
}
_ORDER = re.compile(r"jgn|jangan|usah|stop|henti|bls|bales|periksa hp|nomor saya|sms", re.IGNORECASE)
_PROGRAM = re.compile(r"\banda\b|otomatis|bmkg|isi ulang", re.IGNORECASE)


class Row(NamedTuple):
    """A text, what it is, and the scenario or set it comes from."""

    text: str
    what: str
    source: str


def said_in_scenarios() -> Iterator[Row]:
    """Yield the SMS of the scenarios whose expected answer tells what they are."""
    for file in SCENARIOS:
        number, text = 0, ""
        for line in (HERE / file).read_text(encoding="utf-8").splitlines():
            number += line.startswith("== ")
            if line.startswith("> "):
                text = line[2:]
            elif line.startswith("< ") and text:
                what = _expected(text, line[2:].split()[0].split("|"))
                bare = re.sub(r"\{\w+\}", " ", re.sub(r"^\[\w+ \d/\d\] ", "", text))
                if what and re.search(r"\w", bare) and not re.search(r"\{(last|received)", text):
                    yield Row(bare, what, f"{file} {number}")
                text = ""


def _expected(text: str, answers: Sequence[str]) -> str:
    if answers[0] != "NO":
        several = len(answers) > 1 and answers[0] != "ADDED" and {"ADDED", "RECEIVED"} & set(answers)
        return "" if several else EXPECTED.get(answers[0], "")
    if text.startswith("[") or "{" in text:
        return ""
    if _PROGRAM.search(text):
        return "automatic"
    return "silence" if "STOPPED" in answers or _ORDER.search(text) else ""


def own() -> Iterator[Row]:
    """Yield our own SMS."""
    for row in json.loads((HERE / "sms_messages.json").read_text(encoding="utf-8")):
        yield Row(row["text"], row["is"], "own")


def reports() -> Iterator[Row]:
    """Yield the messages that the routing has learnt from."""
    for file in ROUTED:
        for line in (HERE / file).read_text(encoding="utf-8").splitlines():
            yield Row(json.loads(line)["text"], REPORT, file)
    yield from (Row(message.text, REPORT, "ours") for name in ("dev", "held_out") for message in ours(name))


def learn(rows: Sequence[Row]) -> dict[str, object]:
    """Return the model that these rows teach."""
    found = [shown(row.text) for row in rows]
    often = Counter(each for each_found in found for each in each_found)
    names = sorted(each for each, times in often.items() if times >= SEEN)
    kinds = sorted({row.what for row in rows})
    right = np.array([kinds.index(row.what) for row in rows])
    weights = _fit(found, right, names, np.ones((len(names), len(kinds))))
    heavy = np.abs(weights[:-1]) * np.sqrt([often[name] for name in names])[:, None]
    mask = (heavy >= np.sort(heavy, axis=None)[-min(KEPT, heavy.size)]).astype(float)
    names, mask = [name for name, kept in zip(names, mask, strict=True) if kept.any()], mask[mask.any(axis=1)]
    weights = _fit(found, right, names, mask)
    one = MOST / float(np.quantile(np.abs(weights[:-1][mask > 0]), 0.98))
    whole = np.clip(np.round(weights[:-1] * one), -MOST, MOST).astype(int)
    table: dict[str, dict[str, list[str]]] = {kind: {} for kind in kinds}
    for name, row in zip(names, whole, strict=True):
        for kind, weight in zip(kinds, row, strict=True):
            if weight:
                table[kind].setdefault(str(weight), []).append(name)
    return {
        "one": round(one, 2),
        "bias": {kind: round(float(bias * one)) for kind, bias in zip(kinds, weights[-1], strict=True)},
        "weights": {
            kind: {weight: "|".join(by[weight]) for weight in sorted(by, key=int)} for kind, by in table.items()
        },
    }


def _fit(found: Sequence[frozenset[str]], right: np.ndarray, names: Sequence[str], mask: np.ndarray) -> np.ndarray:
    place = {name: at for at, name in enumerate(names)}
    cells = [
        (row, place[each], 1 / sqrt(len(one) or 1)) for row, one in enumerate(found) for each in one & place.keys()
    ]
    rows, columns, values = zip(*cells, strict=True)
    matrix = csr_array((values, (rows, columns)), shape=(len(found), len(names)))
    turned, kinds = matrix.T.tocsr(), mask.shape[1]
    hot = np.eye(kinds)[right]
    allowed = np.vstack([mask, np.ones((1, kinds))])

    def loss(guess: np.ndarray) -> tuple[float, np.ndarray]:
        weights = guess.reshape(-1, kinds) * allowed
        odds = matrix @ weights[:-1] + weights[-1]
        odds -= odds.max(axis=1, keepdims=True)
        share = np.exp(odds)
        share /= share.sum(axis=1, keepdims=True)
        cost = -np.log((share * hot).sum(axis=1) + 1e-30).sum() + RIDGE / 2 * (weights[:-1] ** 2).sum()
        pull = np.vstack([turned @ (share - hot) + RIDGE * weights[:-1], (share - hot).sum(axis=0)])
        return cost, (pull * allowed).ravel()

    start = np.zeros((len(names) + 1) * kinds)
    best: np.ndarray = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 60}).x
    learnt: np.ndarray = best.reshape(-1, kinds) * allowed
    return learnt


def write() -> None:
    """Write the model that all these rows teach."""
    model = learn([*said_in_scenarios(), *own(), *reports()])
    MODEL.write_text(json.dumps(model, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()

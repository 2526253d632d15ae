"""Makes ``behaviour.json``: which words and pieces of words say that a text complains about people in office.

A logistic regression over the messages that the routing has learnt from (``MESSAGES`` of other hands, ``OURS``, those of
tests/pii in ``routing_labelled.json``) and own ones (``behaviour_messages.json``), each as written and as masked; then
the heaviest ``KEPT`` pieces, learnt once more, in whole numbers. What stands in few texts counts more: with the
logarithm of their share. Run it after a change to the lists of ``accused.toml`` or the messages:
``python -m tests.casework.behaviour_training``.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array

from functions.casework.understanding.behaviour import MODEL, features, weigh
from functions.casework.understanding.conduct import blamed_in
from functions.casework.understanding.reading import Reading
from functions.pii import words
from tests.casework.routing_scores import DIRECTORY, foreign, ours

HERE = Path(__file__).parent
KEPT = 16000
SEEN = 2  # times, at least
RIDGE = 0.3
MOST = 31
MASKED = 0.4  # what a message counts as masked, of 1
ASIDE = 0.5  # what a message of tests/pii counts: written to be masked, not routed
# Log-odds, chosen on hands whose messages the model had not learnt from: decisions (ooooooo).
LEVEL, DOUBT = 0.3, -1.5
FILES = tuple(f"routing_{name}.jsonl" for name in ("others", "further", "sealed", "hands", "later"))
MESSAGES = [json.loads(line) for file in FILES for line in (HERE / file).read_text(encoding="utf-8").splitlines()]
OURS = [json.loads(line) for line in (HERE / "routing_own.jsonl").read_text(encoding="utf-8").splitlines()]

Found = Mapping[str, int]


class Row(NamedTuple):
    """A text, whether it complains about people in office, and what it counts."""

    text: str
    conduct: bool
    counts: float = 1.0


def own() -> list[Row]:
    """Our messages, and what is said of each unit: asked, near, thanked, told; and what its staff does."""
    rows = [Row(row["text"], row["conduct"]) for row in json.loads((HERE / "behaviour_messages.json").read_text())]
    rows += [Row(row["text"], bool(row["accused"])) for row in json.loads((HERE / "accused_messages.json").read_text())]
    for unit in DIRECTORY.units("kutim"):
        short = unit.spoken.split(",")[0].strip() or unit.name
        rows += [
            Row(said.format(name.strip()), conduct=False, counts=ASIDE)
            for said in ("Jalan rusak di depan kantor {}", "Sampah menumpuk dekat {}")
            for name in unit.spoken.split(",")
        ]
        rows += [
            Row(said.format(short), False)
            for said in (
                "Mohon {} segera datang",
                "Jalan rusak di depan kantor {}",
                "Sampah menumpuk dekat {}",
                "terima kasih petugas {} sudah cepat datang",
                "sudah lapor ke {} belum ada tindakan",
            )
        ]
        rows += [
            Row(said.format(unit.name), True) for said in ("orang {} minta bagian", "pegawai {} sengaja memperlambat")
        ]
    return rows


def labelled() -> Iterable[Row]:
    """The routing's messages. Those whose unit the grammar accuses say nothing: their labels are older than it."""
    for message in (
        *ours("dev"),
        *ours("held_out"),
        *ours("accused_release"),
        *foreign("words_corpus", "words_fresh"),
    ):
        abuse = message.unit == "kutim-inspektorat"
        if abuse or all(blame.undone for blame in blamed_in(Reading(message.text, DIRECTORY, "kutim"))):
            yield Row(message.text, abuse)


def is_conduct(row: Mapping[str, Any]) -> bool:
    """Whether a message complains about people in office, or a fair coordinator could say so."""
    return bool(row["accused_unit"]) or "kutim-inspektorat" in (row["unit"], *row["also"])


def by_others(rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Messages of other hands."""
    return [Row(row["text"], is_conduct(row)) for row in rows]


def aside() -> Iterable[Mapping[str, Any]]:
    """Yield the messages of tests/pii by other hands, with the unit that we would choose, or "outside". Behind "!" stands
    whose staff is complained about, behind "^" who is heard by those above alone."""
    for name, labels in json.loads((HERE / "routing_labelled.json").read_text()).items():
        lines = (HERE.parent / "pii" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        for line, label in labels.items():
            text, named = json.loads(lines[int(line)])["text"], label.lstrip("!^").split("/")
            unit, *also = (each if each in ("kutim", "outside") else f"kutim-{each}" for each in named)
            handles = {"!": "kutim-inspektorat", "^": "pusat"}.get(label[0], "")
            yield {"text": text, "unit": handles or unit, "also": also, "accused_unit": unit if handles else ""}


def learn(rows: Sequence[Row]) -> dict[str, object]:
    """Return the model that these rows teach."""
    shown: list[Found] = []
    right: list[int] = []
    counts: list[float] = []
    for row in rows:
        masked = words.mask_all(row.text)
        variants = {row.text: 1.0} if masked == row.text else {row.text: 1 - MASKED, masked: MASKED}
        for text, share in variants.items():
            if found := next(features(Reading(text, DIRECTORY, "kutim")), None):
                shown.append(found)
                right.append(1 if row.conduct else -1)
                counts.append(row.counts * share)
    often = Counter(each for found in shown for each in found)
    names = sorted(each for each, times in often.items() if times >= SEEN and "|" not in each)
    rare = {name: log(len(shown) / often[name]) / 3 for name in names}
    truth = np.array(right), np.array(counts)
    weights, _ = _fit(shown, *truth, {name: rare[name] for name in names})
    heavy = sorted(zip(names, weights, strict=True), key=lambda each: -abs(each[1]) * often[each[0]] ** 0.5)[:KEPT]
    names = sorted(name for name, _ in heavy)
    weights, bias = _fit(shown, *truth, {name: rare[name] for name in names})
    scale = MOST / np.quantile(np.abs(weights), 0.998)
    whole = np.clip(np.round(weights * scale), -MOST, MOST).astype(int)
    pieces: dict[str, list[str]] = {}
    for name, weight in zip(names, whole, strict=True):
        if weight:
            pieces.setdefault(str(weight), []).append(name)
    return {
        "level": round(float((LEVEL - bias) * scale), 1),
        "doubt": round(float((DOUBT - bias) * scale), 1),
        "odds": round(float(scale), 3),
        "weights": {weight: "|".join(pieces[weight]) for weight in sorted(pieces, key=int)},
    }


def _fit(
    shown: Sequence[Found], right: np.ndarray, counts: np.ndarray, rare: Mapping[str, float]
) -> tuple[np.ndarray, float]:
    """Return the weight of each of these names, and of none. A rare one is pulled less towards nothing."""
    place = {name: at for at, name in enumerate(rare)}
    rows, columns, values = [], [], []
    for row, found in enumerate(shown):
        length = weigh(found, dict.fromkeys(found, 1)) / sum(found.values())
        for name in found.keys() & place.keys():
            rows.append(row)
            columns.append(place[name])
            values.append(found[name] * length * rare[name])
    matrix = csr_array((values, (rows, columns)), shape=(len(shown), len(place)))
    turned = matrix.T.tocsr()

    def loss(guess: np.ndarray) -> tuple[float, np.ndarray]:
        weights, bias = guess[:-1], guess[-1]
        margin = right * (matrix @ weights + bias)
        pull = counts * right / (1 + np.exp(margin))
        cost = (counts * np.logaddexp(0, -margin)).sum() + RIDGE / 2 * weights @ weights
        return cost, np.append(RIDGE * weights - turned @ pull, -pull.sum())

    found = minimize(loss, np.zeros(len(place) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 60})
    return found.x[:-1] * np.array(list(rare.values())), float(found.x[-1])


def write(rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the model that own messages and these of others teach."""
    told = [*labelled(), *own(), *by_others(rows), *by_others(OURS)]
    told += [row._replace(counts=ASIDE) for row in by_others(aside())]
    MODEL.write_text(json.dumps(learn(told), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(MESSAGES)

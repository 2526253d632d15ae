"""Makes ``behaviour.json``: which pieces of words say that a text complains about people in office.

A logistic regression over the messages that the routing has learnt from, ``routing_others.jsonl``,
``routing_further.jsonl`` and own ones (``behaviour_messages.json``); then the heaviest ``KEPT`` pieces, learnt once more, in whole numbers. Run it after a
change to the lists of ``accused.toml``: ``python -m tests.casework.behaviour_training``.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array

from functions.casework.understanding.behaviour import MODEL, features, weigh
from functions.casework.understanding.conduct import blamed_in
from functions.casework.understanding.reading import Reading
from tests.casework.routing_scores import DIRECTORY, foreign, ours

HERE = Path(__file__).parent
KEPT = 6000
SEEN = 2  # times, at least
RIDGE = 0.1
MOST = 9
# Log-odds, chosen on hands whose messages the model had not learnt from: decisions (iiiiiii).
LEVEL, DOUBT = 0.0, -1.5
FILES = tuple(f"routing_{name}.jsonl" for name in ("others", "further", "sealed", "hands"))
OTHERS = [json.loads(line) for file in FILES for line in (HERE / file).read_text(encoding="utf-8").splitlines()]

Row = tuple[str, bool]
Found = Mapping[str, int]


def own() -> list[Row]:
    """Our messages, and what is said of each unit: asked, near, thanked, told; and what its staff does."""
    rows = [(row["text"], row["conduct"]) for row in json.loads((HERE / "behaviour_messages.json").read_text())]
    rows += [(row["text"], bool(row["accused"])) for row in json.loads((HERE / "accused_messages.json").read_text())]
    for unit in DIRECTORY.units("kutim"):
        short = unit.spoken.split(",")[0].strip() or unit.name
        rows += [
            (said.format(short), False)
            for said in (
                "Mohon {} segera datang",
                "Jalan rusak di depan kantor {}",
                "Sampah menumpuk dekat {}",
                "terima kasih petugas {} sudah cepat datang",
                "sudah lapor ke {} belum ada tindakan",
            )
        ]
        rows += [
            (said.format(unit.name), True) for said in ("orang {} minta bagian", "pegawai {} sengaja memperlambat")
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
            yield message.text, abuse


def is_conduct(row: Mapping[str, str]) -> bool:
    """Whether a message complains about people in office, or a fair coordinator could say so."""
    watched = row["unit"] in ("kutim-inspektorat", "pusat") or "kutim-inspektorat" in row["also"]
    return bool(row["accused_unit"]) or watched


def by_others(rows: Iterable[Mapping[str, str]]) -> list[Row]:
    """Messages of other hands."""
    return [(row["text"], is_conduct(row)) for row in rows]


def learn(rows: Sequence[Row]) -> dict[str, object]:
    """Return the model that these rows teach."""
    read = [(next(features(Reading(text, DIRECTORY, "kutim")), None), conduct) for text, conduct in rows]
    shown = [found for found, _ in read if found]
    right = np.array([1 if conduct else -1 for found, conduct in read if found])
    often = Counter(each for found in shown for each in found)
    names = sorted(each for each, times in often.items() if times >= SEEN and "|" not in each)
    weights, _ = _fit(shown, right, names)
    heavy = sorted(zip(names, weights, strict=True), key=lambda each: -abs(each[1]) * often[each[0]] ** 0.5)[:KEPT]
    names = sorted(name for name, _ in heavy)
    weights, bias = _fit(shown, right, names)
    scale = MOST / np.quantile(np.abs(weights), 0.98)
    whole = np.clip(np.round(weights * scale), -MOST, MOST).astype(int)
    pieces: dict[str, list[str]] = {}
    for name, weight in zip(names, whole, strict=True):
        if weight:
            pieces.setdefault(str(weight), []).append(name)
    return {
        "level": round(float((LEVEL - bias) * scale), 1),
        "doubt": round(float((DOUBT - bias) * scale), 1),
        "weights": {weight: "|".join(pieces[weight]) for weight in sorted(pieces, key=int)},
    }


def _fit(shown: Sequence[Found], right: np.ndarray, names: Sequence[str]) -> tuple[np.ndarray, float]:
    place = {name: at for at, name in enumerate(names)}
    rows, columns, values = [], [], []
    for row, found in enumerate(shown):
        for name in found.keys() & place.keys():
            rows.append(row)
            columns.append(place[name])
            values.append(weigh(found, {name: 1}))
    matrix = csr_array((values, (rows, columns)), shape=(len(shown), len(names)))

    def loss(guess: np.ndarray) -> tuple[float, np.ndarray]:
        weights, bias = guess[:-1], guess[-1]
        margin = right * (matrix @ weights + bias)
        pull = right / (1 + np.exp(margin))
        cost = np.logaddexp(0, -margin).sum() + RIDGE / 2 * weights @ weights
        return cost, np.append(RIDGE * weights - matrix.T @ pull, -pull.sum())

    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return found.x[:-1], float(found.x[-1])


def write(rows: Iterable[Mapping[str, str]]) -> None:
    """Write the model that own messages and these of others teach."""
    model = learn([*labelled(), *own(), *by_others(rows)])
    MODEL.write_text(json.dumps(model, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(OTHERS)

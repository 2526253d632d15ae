"""Makes ``likely.json``: which words and pieces say what an SMS is that no list of ``phrases.toml`` holds.

A logistic regression over the SMS of all scenarios (what each is follows from the answer that its writer expects), own
ones (``sms_messages.json``), single ones of other hands (``sms_voices.jsonl``, ``sms_people.jsonl``) and the routing's
messages, which are reports; the heaviest ``KEPT`` of what they show, learnt once more, in whole numbers, a letter each.
What is rare counts more, by the logarithm of its share. Where it is known what stands with a writer, a message is learnt
twice: with that and without. Run it after a change to any of them:
``python -m tests.casework.sms_training``.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import log, sqrt
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array

from functions.casework.directory.agencies import Directory
from functions.casework.understanding.opinion.likely import CUES, MODEL, REPORT, ZERO, Standing, shown
from functions.casework.understanding.opinion.told import UNTOLD, Told, told_by
from functions.casework.understanding.places import places_in
from functions.config.settings import DEMO, load_directory
from tests.casework.routing_scores import ours

HERE = Path(__file__).parent
SCENARIOS = tuple(f"sms_scenarios{name}.txt" for name in ("", "_judged", "_third", "_fourth"))
VOICES = HERE / "sms_voices.jsonl"  # as their writers had it: author, standing, act, text
# Of further hands, with what was written before: the reports, " || " between two, and the officer's last words.
PEOPLE = HERE / "sms_people.jsonl"
ROUTED = ("routing_others.jsonl", "routing_further.jsonl")
KEPT = 20_000
SEEN = 2  # times, at least
RIDGE = 0.2
RARE = 1.5  # the power of how rare something is
MOST = 45
FAINT = 2  # a weight up to this is left out: of 2,500 texts 9 are taken for another, and the model packs to 85 %
CHOOSING, LEARNING = 15, 60  # steps, at most
OTHER = ("question", "about", "closing")
OTHERWISE = 0.3  # the weight of these of somebody with a case as of one without, and the other way round
UNSTATED = 0.5  # the weight of a message without what is known of its writer, beside the same with it
EXPECTED = {
    **dict.fromkeys(("RECEIVED", "ELSEWHERE"), REPORT),
    **dict.fromkeys(("ADDED", "ADDED_WHICH"), "add"),
    **dict.fromkeys(("PLACED", "PLACE_WHICH"), "place"),
    "REOPENED": "undone",
    **dict.fromkeys(("STATE", "STATES", "ADDED_STATE", "NONE", "NONE_HELD"), "question"),
    **dict.fromkeys(("GREETED", "TALK", "TALK_CASE", "CALM"), "chat"),
    "HELP": "about",
    **dict.fromkeys((f"ABOUT_{topic}" for topic in ("HOW", "COST", "OTHER", "PHOTO", "SAFE", "WHO")), "about"),
    **dict.fromkeys(("DONE_NOTED", "THANKS"), "settled"),
    **dict.fromkeys(("WELCOME", "THANKED"), "closing"),
    "WITHDRAW_NOTED": "withdrawal",
    "ADVERT": "advert",
    "STOPPED": "silence",
    "STARTED": "speak",
}
# What the acts of the voices are here; "done" and "none" have several.
ACTS = {"state": "question", "thanks": "closing"}
_GIVES_UP = re.compile(
    r"\b(batal\w*|cabut|kucabut|tarik|menarik|hapus\w*|urung\w*|mundur|damai\w*|lupakan|nyerah|menyerah|relakan|ikhlas\w*|"
    r"salah paham|(tidak|tdk|gak?|nda|ndak|nggak|kada|ora) jadi)\b",
    re.IGNORECASE,
)
_ORDER = re.compile(r"jgn|jangan|usah|stop|henti|bls|bales|periksa hp|nomor saya|sms", re.IGNORECASE)
_PROGRAM = re.compile(
    r"\banda\b|otomatis|bmkg|isi ulang (segera|pulsa)|\botp\b|verifikasi|kuota|kode \w* ?\d{4,}|missed|panggilan|delivered|"
    r"transaksi|rekening|saldo|m-?banking|tagihan|autoreply|sedang (mengemudi|rapat|cuti)",
    re.IGNORECASE,
)
_SELLS = re.compile(
    r"slot|gacor|promo|diskon|pinjaman|dana cepat|cair|wa\.?me|bonus|hadiah|menang|undian|jual|gratis ongkir|"
    r"gratis periksa|sedot|cod\b|depo|"
    r"klik|bit\.|http|www|hub\W|order|ready|murah|investasi|join|togel|minat|sebarkan|viralkan|teruskan",
    re.IGNORECASE,
)


class Row(NamedTuple):
    """A text, what it is, the scenario or set it comes from, and what stands with its writer."""

    text: str
    what: str
    source: str
    standing: Standing = Standing.UNKNOWN
    told: Told = UNTOLD


def said_in_scenarios() -> Iterator[Row]:
    """Yield the SMS of the scenarios whose expected answer tells what they are."""
    for file in SCENARIOS:
        number, text, standing, cases = 0, "", Standing.NONE, 0
        for line in (HERE / file).read_text(encoding="utf-8").splitlines():
            if line.startswith("== "):
                number, text, standing, cases = number + 1, "", Standing.NONE, 0
            elif line.startswith("> "):
                text = line[2:]
            elif line.startswith("! "):
                standing = {"reply": Standing.ANSWERED, "close": Standing.CLOSED}.get(line[2:].split()[0], standing)
            elif line.startswith("< ") and text:
                answers = line[2:].split()[0].split("|")
                what = "help" if " has=112" in line else _expected(text, answers)
                bare = re.sub(r"\{\w+\}", " ", re.sub(r"^\[\w+ \d/\d\] ", "", text))
                if what and re.search(r"\w", bare) and not re.search(r"\{(last|received)", text):
                    yield Row(bare, what, f"{file} {number}", standing)
                if found := re.search(r"cases=(\d)", line):
                    cases = int(found[1])
                standing = _standing_after(standing, text, answers[0], cases)
                text = ""


def _standing_after(before: Standing, text: str, answer: str, cases: int) -> Standing:
    if not cases:
        return Standing.NONE
    if answer in ("RECEIVED", "URGENT"):
        places = places_in(text, _directory(), "kutim")
        if not places.district and cases == 1:
            return Standing.ASKED
    if before in (Standing.CLOSED, Standing.ANSWERED) and answer not in ("ADDED", "REOPENED"):
        return before
    return Standing.SEVERAL if cases > 1 else Standing.OPEN


@cache
def _directory() -> Directory:
    return load_directory(DEMO / "kutai-timur.toml")


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
        yield Row(row["text"], row["is"], "own", Standing(row.get("standing", "")))


def voices() -> Iterator[Row]:
    """Yield the single SMS of other hands, each by a voice of its own."""
    for line in VOICES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Row(row["text"], act_of(row), row["author"], Standing(row["standing"]))


def people() -> Iterator[Row]:
    """Yield the single SMS of further hands, each with what was told before. Their acts are ours."""
    for line in PEOPLE.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        texts = [each for each in (*row["before"].split(" || "), row["officer"]) if each]
        told = told_by(texts, by_officer=bool(row["officer"]))
        yield Row(row["text"], row["act"], row["author"], Standing(row["standing"]), told)


def act_of(row: dict[str, str]) -> str:
    """Return what an SMS is here, by its act in the rules that its writer had."""
    text, act = row["text"], row["act"]
    if act == "done":
        return "withdrawal" if _GIVES_UP.search(text) else "settled"
    if act == "none":
        if _SELLS.search(text):
            return "advert"
        return "automatic" if _PROGRAM.search(text) else "chat"
    return ACTS.get(act, act)


def reports() -> Iterator[Row]:
    """Yield the messages that the routing has learnt from."""
    for file in ROUTED:
        for line in (HERE / file).read_text(encoding="utf-8").splitlines():
            yield Row(json.loads(line)["text"], REPORT, file, Standing.NONE)
    for name in ("dev", "held_out"):
        yield from (Row(message.text, REPORT, "ours", Standing.NONE) for message in ours(name))


def everything() -> list[Row]:
    """Return all that the model learns from."""
    return [*said_in_scenarios(), *own(), *voices(), *people(), *reports()]


def learn(rows: Sequence[Row], kept: int = KEPT, ridge: float = RIDGE) -> dict[str, object]:
    """Return the model that these rows teach."""
    stated = [(row, row.standing, row.told, _counts(row)) for row in rows]
    stated += [(row, Standing.UNKNOWN, UNTOLD, UNSTATED * _counts(row)) for row in rows if row.standing]
    stated += [(row, other, UNTOLD, OTHERWISE) for row in rows if row.what in OTHER for other in _others(row.standing)]
    found = [shown(row.text, standing, told) for row, standing, told, _ in stated]
    times = np.array([weight for _, _, _, weight in stated])
    often = Counter(each for pieces, cues in found for each in pieces | cues)
    names = sorted(each for each, count in often.items() if count >= SEEN)
    kinds = sorted({row.what for row in rows})
    right = np.array([kinds.index(row.what) for row, *_ in stated])
    rare = {name: (log(len(found) / count) / 3) ** RARE for name, count in often.items()}
    first = _fit(found, right, times, names, rare, len(kinds), ridge, CHOOSING)
    heavy = np.abs(first[:-1]).sum(axis=1) * np.sqrt([often[name] for name in names])
    least = np.sort(heavy)[-min(kept, len(names))]
    names = [name for name, weight in zip(names, heavy, strict=True) if weight >= least]
    weights = _fit(found, right, times, names, rare, len(kinds), ridge, LEARNING)
    one = MOST / float(np.quantile(np.abs(weights[:-1]), 0.9995))
    whole = np.clip(np.round(weights[:-1] * one), -MOST, MOST).astype(int)
    whole = np.where(np.abs(whole) <= FAINT, 0, whole) + ZERO
    return {
        "one": round(one, 2),
        "bias": {kind: round(float(bias * one)) for kind, bias in zip(kinds, weights[-1], strict=True)},
        "names": "|".join(names),
        "weights": {kind: "".join(map(chr, column)) for kind, column in zip(kinds, whole.T, strict=True)},
    }


def _counts(row: Row) -> float:
    """Return what a message counts: twice if it is ours, or of a scenario that was judged."""
    return 2.0 if row.source == "own" or row.source.startswith(SCENARIOS) else 1.0


def _others(standing: Standing) -> list[Standing]:
    """Return with what other standing talk may come as well."""
    return [each for each in (Standing.NONE, Standing.OPEN) if each is not standing]


def _fit(
    found: Sequence[tuple[frozenset[str], frozenset[str]]],
    right: np.ndarray,
    times: np.ndarray,
    names: Sequence[str],
    rare: Mapping[str, float],
    kinds: int,
    ridge: float,
    steps: int,
) -> np.ndarray:
    """Return the weights of each name for each kind, and of none."""
    place = {name: at for at, name in enumerate(names)}
    cells = [
        (row, place[each], rare[each] / (sqrt(len(pieces) or 1) if each in pieces else CUES))
        for row, (pieces, cues) in enumerate(found)
        for each in (pieces | cues) & place.keys()
    ]
    rows, columns, values = zip(*cells, strict=True)
    matrix = csr_array((values, (rows, columns)), shape=(len(found), len(names)))
    turned, hot = matrix.T.tocsr(), np.eye(kinds)[right]

    def loss(guess: np.ndarray) -> tuple[float, np.ndarray]:
        weights = guess.reshape(-1, kinds)
        odds = matrix @ weights[:-1] + weights[-1]
        odds -= odds.max(axis=1, keepdims=True)
        share = np.exp(odds)
        share /= share.sum(axis=1, keepdims=True)
        cost = -(times * np.log((share * hot).sum(axis=1) + 1e-30)).sum() + ridge / 2 * (weights[:-1] ** 2).sum()
        off = (share - hot) * times[:, None]
        return cost, np.vstack([turned @ off + ridge * weights[:-1], off.sum(axis=0)]).ravel()

    start = np.zeros((len(names) + 1) * kinds)
    best: np.ndarray = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": steps}).x
    table = best.reshape(-1, kinds)
    table[:-1] *= np.array([rare[name] for name in names])[:, None]
    return table


def write() -> None:
    """Write the model that all these rows teach."""
    model = learn(everything())
    MODEL.write_text(json.dumps(model, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()

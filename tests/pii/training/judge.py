"""Train reader and judge: ``python -m tests.pii.training.judge DIR`` writes ``functions/pii/reader.json`` and ``judge.json``.

The judge is a logistic regression over hashed facts (L-BFGS), rounded to bytes. It learns from texts as an unseen one is
read: by a reader (``recurrent``) that learnt the other four fifths of the hands and authors, and in the oldest messages by a tagger that
learnt the other half of theirs. Making all of these takes some minutes; they are kept in DIR.
"""

import argparse
import json
import re
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple
from zlib import compress, crc32

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit

from functions.pii import candidates, reader, tagger, words
from functions.pii.context import ORDINARY, Context
from functions.pii.judge import MODEL, UNIT, Judge, Mix, facts, sure, unpack
from tests.pii.score import Marked, Span, Touch, read
from tests.pii.training import recurrent, train
from tests.pii.words_scores import corpus, messages

BITS: Final = 17
PULL: Final = 8.0  # of each weight towards 0
STEPS: Final = 60
LEAN: Final = {"N": 0.05, "H": -0.25, "#": -0.15, "@": 0.05}  # added to the sum: above 0 is hidden
AGAIN: Final = 1.0  # the sum from which a name is hidden wherever it stands
PARTS: Final = 5
COUNTS: Final = {
    "others": 1.0,
    "own": 0.7,
    "topics": 0.5,
    "sides": 1.5,
    "examples": 0.5,
    "masked": 0.3,
}
LATER: Final = tuple(Path(__file__).parents[1] / f"words_{name}.jsonl" for name in ("dev", "later", "clear", "said"))
# In which part the messages of one hand are held out: as what runs, the reader has then learnt nothing of that hand.
HANDS: Final = {
    hand: part
    for part, hands in enumerate(("cp a h5", "cf b h4 h8", "cg h1 h7", "s31 s32 s h3 h9", "s2 h2 h6 h10"))
    for hand in hands.split()
}
_HERE = Path(__file__).parent
_CASEWORK = _HERE.parents[1] / "casework"
_MARK = re.compile(r"\[\[(\w+)\|(.*?)\]\]")
_WORD = re.compile("[A-Za-z]+(?:'[A-Za-z]+)*")
_SMALL = 3  # letters of an ordinary word


class Lesson(NamedTuple):
    """A message to learn from: by which tagger it is looked at, how much it counts, and in which part it is held out."""

    message: Marked
    model: tagger.Model
    counts: float
    part: int


class Seen(NamedTuple):
    """A message as reader and judge meet it; its places are those of the folded text."""

    lesson: Lesson
    context: Context
    ruled: list[candidates.Ruled]
    evidence: list[tuple[int, int]]


class Row(NamedTuple):
    """A candidate as it is learnt from: its places in the table, its kind, how sure the reader is, whether it identifies, how
    much it counts, in which part it is held out."""

    places: tuple[int, ...]
    what: str
    sure: tuple[float, float, float]
    right: bool
    counts: float
    part: int


class Learnt(NamedTuple):
    """Weights by place, and how they and the reader count, by kind."""

    weights: NDArray[np.float64]
    mix: dict[str, Mix]


def classes() -> dict[str, str]:
    """Return the words by class, from ``roles.txt``, and the ordinary ones."""
    lines = (_HERE / "roles.txt").read_text(encoding="utf-8").splitlines()
    listed = {line[0]: line[2:] for line in lines if line and not line.startswith("# ")}
    known = {word for several_ in listed.values() for word in several_.split()}
    return {**listed, ORDINARY: " ".join(word for word in ordinary() if word not in known)}


def ordinary() -> list[str]:
    """Return words that are no names: those of ``ordinary.txt``, and what messages write in small letters. Of marked
    messages a word counts that two of them have: else each message would know its own words."""
    once = {word for text in _texts() for word in _WORD.findall(text)}
    often = Counter(word for m in [*train.marked(), *own(), *later()] for word in set(_WORD.findall(_unmarked(m))))
    found = {word for word in {*once, *(word for word, n in often.items() if n > 1)} if word.islower()}
    names = {name for line in _lines("names.txt") for name in line.split()[1:]}
    listed = {word for line in _lines("ordinary.txt") for word in line.split()}
    return sorted({word for word in found - names if len(word) >= _SMALL} | listed)


def _texts() -> Iterator[str]:
    """Yield the messages about routing and conduct."""
    for name in ("accused_messages", "behaviour_messages", "routing_messages"):
        yield from _said(json.loads((_CASEWORK / f"{name}.json").read_text(encoding="utf-8")))
    for line in (_CASEWORK / "routing_others.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)["text"]


def _said(raw: Any) -> Iterator[str]:
    if isinstance(raw, dict):
        yield from [raw["text"]] if "text" in raw else [t for value in raw.values() for t in _said(value)]
    elif isinstance(raw, list):
        yield from (text for value in raw for text in _said(value))


def _unmarked(message: Marked) -> str:
    text = message.text
    for span in sorted(message.spans, reverse=True):
        text = f"{text[: span.start]} {text[span.end :]}"
    return text


def _masked(message: Marked) -> Marked:
    """Return a message after a first look, in which nothing is left to hide."""
    text = message.text
    for span in sorted(message.spans, reverse=True):
        text = f"{text[: span.start]}[{span.kind} disamarkan]{text[span.end :]}"
    return Marked(text, (), message.author)


def _lines(name: str) -> Iterator[str]:
    yield from (
        line for line in (_HERE / name).read_text(encoding="utf-8").splitlines() if line and not line.startswith("# ")
    )


def own() -> list[Marked]:
    """Return the project's own marked messages."""
    return [message.marked(name) for name in train.OWN for message in messages(name)]


def later() -> list[Marked]:
    """Return the messages by other hands that the tagger has not learnt."""
    return [message for path in LATER for message in read(path)]


def sides() -> Iterator[Marked]:
    """Yield the messages of ``sides.txt``: a line each, ``[[kind|what identifies]]``."""
    for line in _lines("sides.txt"):
        text, spans, done, whole = "", [], 0, line.replace("\\n", "\n")
        for mark in _MARK.finditer(whole):
            text += whole[done : mark.start()]
            spans.append(Span(len(text), len(text) + len(mark[2]), mark[1]))
            text += mark[2]
            done = mark.end()
        yield Marked(text + whole[done:], tuple(spans))


def topics() -> list[str]:
    """Return the messages that routing learns from: nothing in them identifies."""
    routing = json.loads((_CASEWORK / "routing_messages.json").read_text(encoding="utf-8"))
    return [message["text"] for part in ("dev", "held_out") for message in routing[part]]


def examples() -> Iterator[Marked]:
    """Yield the examples of the rules: short ones, where nothing says whose a number is, so it is hidden."""
    for each in corpus()["rules"].values():
        for text in each["yes"]:
            yield Marked(text, tuple(Span(f.start, f.end, f.category) for f in words.unjudged(text) if f.mask))


def lessons(halves: Sequence[tagger.Model], unseen: Container[str] = ()) -> list[Lesson]:
    """Return all that is learnt from. ``halves``: taggers that learnt the first and the second half of the oldest authors.
    Authors in ``unseen`` are left out."""
    full, half = tagger.load(), sum(len(messages(name)) for name in train.OWN[:3])
    given: list[tuple[Iterable[Marked], tagger.Model, str]] = [
        (train.marked(1), halves[0], "others"),
        (train.marked(0), halves[1], "others"),
        ((m for m in later() if m.author not in unseen), full, "others"),
        (own()[:half], halves[0], "own"),
        (own()[half:], halves[1], "own"),
        (sides(), full, "sides"),
        (examples(), full, "examples"),
        ((_masked(m) for m in train.marked() if m.spans), full, "masked"),
        ((Marked(text, ()) for text in topics()), full, "topics"),
    ]
    return [Lesson(m, model, COUNTS[name], _part(m, name)) for several_, model, name in given for m in several_]


def _part(message: Marked, name: str) -> int:
    """Return the part in which a message is held out: that of its hand or author, else one by its words."""
    own = message.author if name == "others" else message.text
    return HANDS.get(message.author.partition(":")[0], crc32(own.encode()) % PARTS)


def seen(lesson: Lesson, known: Mapping[str, str]) -> Seen:
    """Return a message as it is met, not yet read."""
    text = words.folded(lesson.message.text)
    context = candidates.met(text, lesson.model, known)
    return Seen(lesson, context, words.by_rules(text), words.evidence(text))


def texts(all_seen: Sequence[Seen]) -> recurrent.Texts:
    """Return the messages as the reader learns from them."""
    found = []
    for one in all_seen:
        said = candidates.hints(one.context, one.ruled, one.evidence)
        rows_ = [reader.places(row, recurrent.ROWS) for row in reader.facts(one.context, said)]
        found.append((rows_, _labels(one), one.lesson.counts))
    return recurrent.texts(found)


def _labels(one: Seen) -> str:
    """Return the right label of each token."""
    right = [reader.LABELS[0]] * len(one.context.found)
    for span in one.lesson.message.spans:
        for at, token in enumerate(one.context.found):
            if span.start < token.end and token.start < span.end:
                right[at] = train.LETTERS.get(span.kind, reader.NUMBER)
    return "".join(right)


def read_apart(all_seen: Sequence[Seen], given: recurrent.Texts) -> None:
    """Read each message by a reader that learnt the other parts."""
    for part in range(PARTS):
        here = [n for n, one in enumerate(all_seen) if one.lesson.part == part]
        others = [n for n, one in enumerate(all_seen) if one.lesson.part != part]
        found = recurrent.likely(given.among(here), recurrent.learn(given.among(others)))
        for n, read_ in zip(here, found, strict=True):
            all_seen[n].context.read = read_


def rows(one: Seen) -> Iterator[Row]:
    """Yield what the judge learns from a message that is read."""
    for each in candidates.candidates(one.context, one.ruled, one.evidence):
        right = any(span.start < each.end and each.start < span.end for span in one.lesson.message.spans)
        places = {crc32(fact.encode()) % 2**BITS for fact in facts(one.context, each)}
        read_ = sure(one.context, *one.context.place(each.start, each.end))
        yield Row(tuple(sorted(places)), each.what, read_, right, one.lesson.counts, one.lesson.part)


def learn(found: Sequence[Row]) -> Learnt:
    """Return the weights under which what is right is likeliest, and how they count beside the reader: by what they say of
    parts that they did not learn, since of what they learnt they are too sure."""
    own = np.zeros(len(found))
    for part in {row.part for row in found}:
        here = np.array([row.part == part for row in found])
        own[here] = _hits(found)[here] @ table([row for row in found if row.part != part])
    return Learnt(table(found)[: 2**BITS], {what: _mix(found, own, what) for what in LEAN})


def table(found: Sequence[Row]) -> NDArray[np.float64]:
    """Return the weights by place, and behind them what is always added."""
    pull = np.full(2**BITS + 1, PULL)
    pull[-1] = 0.1
    return _likeliest(_hits(found), found, pull)


def _hits(found: Sequence[Row]) -> csr_matrix:
    """Return the places of each candidate, and one that all have."""
    at = [(*row.places, 2**BITS) for row in found]
    ends = np.cumsum([0, *map(len, at)])
    return csr_matrix((np.ones(ends[-1]), np.concatenate(at), ends), shape=(len(at), 2**BITS + 1))


def _mix(found: Sequence[Row], own: NDArray[np.float64], what: str) -> Mix:
    rows_ = [n for n, row in enumerate(found) if row.what == what]
    told = csr_matrix([[1.0, own[n], *found[n].sure] for n in rows_])
    return Mix(*_likeliest(told, [found[n] for n in rows_], np.full(5, 0.5)).tolist())


def _likeliest(hits: csr_matrix, found: Sequence[Row], pull: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights of a logistic regression."""
    right, counts = np.array([row.right for row in found], dtype=float), np.array([row.counts for row in found])
    turned = hits.T.tocsr()

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        sums = hits @ weights
        slope = turned @ (counts * (expit(sums) - right)) + pull * weights
        return float((counts * (np.logaddexp(0, sums) - right * sums)).sum() + (pull * weights**2).sum() / 2), slope

    start = np.zeros(len(pull))
    found_ = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    return np.asarray(found_)


def packed(learnt: Learnt, listed: Mapping[str, str]) -> dict[str, Any]:
    """Return the judge as ``judge.json`` holds it."""
    bytes_ = bytes(max(-127, min(127, round(weight * UNIT))) & 255 for weight in learnt.weights)
    return {
        "classes": dict(listed),
        "mix": {
            what: [round(each, 3) for each in mix._replace(lean=mix.lean + LEAN[what])]
            for what, mix in learnt.mix.items()
        },
        "again": AGAIN,
        "weights": b64encode(compress(bytes_, 9)).decode(),
    }


def halves(kept: Path) -> list[tagger.Model]:
    """Return the two taggers, from the folder if they are there."""
    found = []
    for half, without in enumerate((train.OWN[:3], train.OWN[3:])):
        path = kept / f"tag{half}.json"
        if not path.exists():
            path.write_text(json.dumps(train.trained(train.sources(without, half))), encoding="utf-8")
        found.append(tagger.unpack(json.loads(path.read_text(encoding="utf-8"))))
    return found


def folds(all_seen: Sequence[Seen], listed: Mapping[str, str]) -> Touch:
    """Return the score of messages by other hands, each by a judge and a reader that did not learn from its author."""
    total = Touch()
    for part in range(PARTS):
        learnt = learn([row for one in all_seen if one.lesson.part != part for row in rows(one)])
        made = unpack(packed(learnt, listed))
        for one in all_seen:
            if one.lesson.part == part and one.lesson.message.author:
                total.add(one.lesson.message, hidden(one, made))
    return total


def hidden(one: Seen, made: Judge) -> list[tuple[int, int]]:
    """Return what a judge hides of a message that is read."""
    found = candidates.candidates(one.context, one.ruled, one.evidence)
    return [(each.start, each.end) for each in candidates.chosen(one.context, found, made)]


def made(kept: Path, unseen: Container[str] = ()) -> tuple[dict[str, Any], dict[str, Any], list[Seen]]:
    """Return reader and judge as their files hold them, and the messages as they were read for the judge."""
    listed = classes()
    known = {word: kind for kind, several_ in listed.items() for word in several_.split()}
    all_seen = [one for lesson in lessons(halves(kept), unseen) if (one := seen(lesson, known)).context.found]
    given = texts(all_seen)
    read_apart(all_seen, given)
    learnt = learn([row for one in all_seen for row in rows(one)])
    return recurrent.packed(recurrent.learn(given)), packed(learnt, listed), all_seen


def main() -> None:
    """Write reader and judge, or print what they find of authors that they did not learn from."""
    given = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    given.add_argument("dir", type=Path)
    given.add_argument(
        "--folds", action="store_true", help="score only, each fifth of the hands and authors by what learnt the others"
    )
    asked_for = given.parse_args()
    reading, judging, all_seen = made(asked_for.dir)
    if asked_for.folds:
        total = folds(all_seen, judging["classes"])
        sys.stdout.write("\n".join(line for line in str(total).split("\n") if "author" not in line) + "\n")
        return
    for path, raw in ((reader.MODEL, reading), (MODEL, judging)):
        path.write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8")
        sys.stdout.write(f"{path.name}: {path.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()

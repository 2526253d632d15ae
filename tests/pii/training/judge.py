"""Train the judge: ``python -m tests.pii.training.judge DIR`` writes ``functions/pii/judge.json``.

A logistic regression over hashed facts (AdaGrad), rounded to bytes. It learns from candidates as an unseen text has
them: in messages by other hands a tagger finds them that learnt the other half of the authors. Making these two taggers
takes some minutes; they are kept in DIR.
"""

import argparse
import json
import re
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import exp, sqrt
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple
from zlib import crc32

from functions.pii import candidates, tagger, words
from functions.pii.judge import MODEL, NUMBERS, ORDINARY, STAYS, Candidate, Context, facts, unpack
from tests.pii.score import Marked, Span, Touch, masked, read
from tests.pii.training import train
from tests.pii.training.generate import several
from tests.pii.words_scores import corpus, messages

BITS: Final = 15
ROUNDS: Final = 12
STEP: Final = 0.12
PULL: Final = 2.0  # of each weight towards 0 in a round, beside what is learnt: rare facts weigh little
UNIT: Final = 32  # a weight's 1.0
LEAN: Final = {"N": 0.5, "H": 0.4, "#": 1.3, "@": 1.0}  # added to the sum: hide when in doubt
COUNTS: Final = {
    "others": 1.0,
    "dev": 1.0,
    "own": 0.7,
    "topics": 0.5,
    "sides": 1.5,
    "examples": 0.5,
    "masked": 0.3,
    "generated": 0.05,
}
GENERATED: Final = 2500
DEV: Final = Path(__file__).parents[1] / "words_dev.jsonl"
_HERE = Path(__file__).parent
_CASEWORK = _HERE.parents[1] / "casework"
_MARK = re.compile(r"\[\[(\w+)\|(.*?)\]\]")
_WORD = re.compile("[A-Za-z]+(?:'[A-Za-z]+)*")
_SMALL = 3  # letters of an ordinary word


class Row(NamedTuple):
    """A candidate as it is learnt from: its places in the table, its kind, whether it identifies, how much it counts,
    and who wrote it."""

    places: tuple[int, ...]
    what: str
    right: bool
    counts: float
    author: str


class Learnt(NamedTuple):
    """Weights by place, and what is added by kind."""

    weights: list[float]
    bias: dict[str, float]


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
    often = Counter(word for m in [*train.marked(), *own()] for word in set(_WORD.findall(_unmarked(m))))
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


def asked(text: str, model: tagger.Model, known: Mapping[str, str]) -> tuple[Context, list[Candidate]]:
    """Return all that the judge is asked about in a text by this tagger. Its places are those of the folded text."""
    folded = words.folded(text)
    context = Context(folded, tagger.tokens(folded, model.kinds), known)
    return context, list(candidates.candidates(context, model, words.by_rules(folded), words.evidence(folded)))


def rows(marked: Iterable[Marked], model: tagger.Model, known: Mapping[str, str], counts: float) -> Iterator[Row]:
    """Yield what is learnt from messages."""
    for message in marked:
        context, found = asked(message.text, model, known)
        for one in found:
            right = any(span.start < one.end and one.start < span.end for span in message.spans)
            places = {crc32(fact.encode()) % 2**BITS for fact in facts(context, one)}
            yield Row(tuple(sorted(places)), one.what, right, counts, message.author)


def sources(halves: Sequence[tagger.Model], known: Mapping[str, str]) -> list[Row]:
    """Return all that is learnt. ``halves``: taggers that learnt the first and the second half of the other hands."""
    full = tagger.load()
    made = several(GENERATED, 11, topics())
    return [
        *rows(train.marked(1), halves[0], known, COUNTS["others"]),
        *rows(train.marked(0), halves[1], known, COUNTS["others"]),
        *rows(own()[: _half()], halves[0], known, COUNTS["own"]),
        *rows(own()[_half() :], halves[1], known, COUNTS["own"]),
        *rows(read(DEV), full, known, COUNTS["dev"]),
        *rows(sides(), full, known, COUNTS["sides"]),
        *rows(examples(), full, known, COUNTS["examples"]),
        *rows((_masked(m) for m in train.marked() if m.spans), full, known, COUNTS["masked"]),
        *rows((Marked(text, ()) for text in topics()), full, known, COUNTS["topics"]),
        *rows(
            (Marked(text, tuple(Span(*mark) for mark in marks)) for text, marks in made),
            full, known, COUNTS["generated"],
        ),
    ]  # fmt: skip


def _half() -> int:
    return sum(len(messages(name)) for name in train.OWN[:3])


def learn(found: Sequence[Row]) -> Learnt:
    """Return weights after some rounds of steps that shrink where they were many (Duchi et al. 2011)."""
    order, found = Random(1), list(found)  # noqa: S311 - the order of examples
    weights, past = [0.0] * 2**BITS, [1e-3] * 2**BITS
    bias = dict.fromkeys(LEAN, 0.0)
    often = Counter(place for row in found for place in row.places)
    for _ in range(ROUNDS):
        order.shuffle(found)
        for places, what, right, counts, _ in found:
            total = bias[what] + sum([weights[place] for place in places])
            error = counts * (1 / (1 + exp(-max(-30.0, min(30.0, total)))) - right)
            bias[what] -= 0.01 * error
            for place in places:
                change = error + PULL / often[place] * weights[place]
                past[place] += change * change
                weights[place] -= STEP * change / sqrt(past[place])
    return Learnt(weights, bias)


def packed(learnt: Learnt, listed: Mapping[str, str]) -> dict[str, Any]:
    """Return the judge as ``judge.json`` holds it."""
    table = bytes(max(-127, min(127, round(weight * UNIT))) & 255 for weight in learnt.weights)
    bias = {what: round((value + LEAN[what]) * UNIT) for what, value in learnt.bias.items()}
    bias[STAYS] = -round(LEAN[NUMBERS] * UNIT)  # no leaning where a rule knows it for the accused's
    return {"classes": dict(listed), "bias": bias, "weights": b64encode(table).decode()}


def halves(kept: Path) -> list[tagger.Model]:
    """Return the two taggers, from the folder if they are there."""
    found = []
    for half, without in enumerate((train.OWN[:3], train.OWN[3:])):
        path = kept / f"tag{half}.json"
        if not path.exists():
            path.write_text(json.dumps(train.trained(train.sources(without, half))), encoding="utf-8")
        found.append(tagger.unpack(json.loads(path.read_text(encoding="utf-8"))))
    return found


def folds(found: Sequence[Row], two: Sequence[tagger.Model], listed: Mapping[str, str], parts: int) -> Touch:
    """Return the score of messages by other hands, each by a judge and a tagger that did not learn from its author."""
    total, full = Touch(), tagger.load()
    others = [(m, two[1 - half]) for half in (0, 1) for m in train.marked(half)]
    for part in range(parts):
        made = unpack(packed(learn([row for row in found if _part(row.author, parts) != part]), listed))
        candidates.load = lambda made=made: made  # type: ignore[assignment, attr-defined]
        for message, model in [*others, *((m, full) for m in read(DEV))]:
            if _part(message.author, parts) == part:
                tagger.load = lambda model=model: model  # type: ignore[assignment]
                total.add(message, masked(message.text))
    return total


def _part(author: str, parts: int) -> int:
    return crc32(author.encode()) % parts if author else -1


def main() -> None:
    """Write the judge, or print what judges find of authors that they did not learn from."""
    given = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    given.add_argument("dir", type=Path)
    given.add_argument("--folds", type=int, help="score only, each part of the authors by a judge of the others")
    asked_for = given.parse_args()
    listed, two = classes(), halves(asked_for.dir)
    found = sources(two, {word: kind for kind, several_ in listed.items() for word in several_.split()})
    if asked_for.folds:
        total = folds(found, two, listed, asked_for.folds)
        sys.stdout.write("\n".join(line for line in str(total).split("\n") if "author" not in line) + "\n")
        return
    MODEL.write_text(json.dumps(packed(learn(found), listed), indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(found)} candidates, {MODEL.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()

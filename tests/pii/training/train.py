"""Train the tagger: ``python -m tests.pii.training.train`` writes ``functions/pii/tagger.json``.

An averaged perceptron (Collins 2002) over generated messages and the project's own, in passes: after each, the
weights that matter least are left out, and the others learnt anew. Integers and one seed: the same sources give the same
bytes anywhere. ``evaluate`` leaves each of the project's sets out in turn.
"""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from math import isqrt
from pathlib import Path
from typing import Final, NamedTuple

from functions.pii import tagger, words
from functions.pii.tagger import MODEL, OUTSIDE
from tests.pii.score import Marked, read
from tests.pii.training.generate import Example, several
from tests.pii.words_scores import messages

LABELS: Final = "ONH"
OWN: Final = ("words_corpus", "words_held_out", "words_fresh", "words_blind", "words_unseen")
HEADS: Final = "mukcoehvnNKCWt1s"  # kinds that say whose something is
GENERATED: Final = 9000
OFTEN: Final = 4  # how often each of the project's own messages is learnt, beside the generated ones
LEAN: Final = -2  # tried on messages apart from the training: higher hides fewer names, lower more that is harmless
CELLS: Final = (6000, 3000, 1700)  # weights left after each pass
ROUNDS: Final = (
    2,
    1,
    1,
    4,
)  # rounds over the messages in each pass, and in the last, after which all that is left stays
LETTERS = {
    "self_name": "N", "name": "N", "child": "C", "home": "H", "near_home": "H", "role": "W", "place": "H", "job": "W",
}  # fmt: skip
OTHERS: Final = Path(__file__).parents[1] / "words_others.jsonl"
_HERE = Path(__file__).parent


class Ready(NamedTuple):
    """A message: its kinds with a sign at each end, its features, its right labels."""

    kinds: str
    rows: list[list[str]]
    right: str


class Learnt(NamedTuple):
    """Per feature the sum of its weights over ``steps``, one for each label."""

    sums: Mapping[str, Sequence[int]]
    steps: int


def kinds() -> dict[str, str]:
    """Return the lists of words by kind, from ``kinds.txt``: ``kind word word …``."""
    lines = (_HERE / "kinds.txt").read_text(encoding="utf-8").splitlines()
    return {line[0]: line[2:] for line in lines if line and not line.startswith("# ")}


def own(name: str) -> list[Example]:
    """Return the messages of one of the project's own sets."""
    found = []
    for message in messages(name):
        marks = tuple((start, end, LETTERS[kind]) for kind, start, end in message.marks if kind in LETTERS)
        found.append(Example(message.text, marks))
    return found


def marked(half: int | None = None) -> list[Marked]:
    """Return the messages by other hands: all, or those of every second author, from the first (0) or the second (1)."""
    found = list(read(OTHERS))
    authors = list(dict.fromkeys(message.author for message in found))
    return [message for message in found if half is None or authors.index(message.author) % 2 == half]


def others(half: int | None = None) -> list[Example]:
    """Return ``marked`` to learn from."""
    return [
        Example(m.text, tuple((s.start, s.end, LETTERS[s.kind]) for s in m.spans if s.kind in LETTERS))
        for m in marked(half)
    ]


def sources(without: Container[str] = (), half: int | None = None) -> list[Example]:
    """Return all there is to learn from, but for some of the project's own sets; of ``others`` one half or both."""
    routing = json.loads((_HERE.parents[1] / "casework" / "routing_messages.json").read_text(encoding="utf-8"))
    topics = [message["text"] for part in ("dev", "held_out") for message in routing[part]]
    mine = [*(example for name in OWN if name not in without for example in own(name)), *others(half)]
    topics += [example.text for example in mine if not example.marks]
    return several(GENERATED, 7, topics) + [Example(topic, ()) for topic in topics] + mine * OFTEN


def ready(examples: Iterable[Example], known: Mapping[str, str]) -> list[Ready]:
    """Return messages as the tagger reads them."""
    found = []
    for example in examples:
        parts = tagger.tokens(words.folded(example.text), known)
        kinds_ = "".join(t.kind for t in parts)
        found.append(Ready(f"^{kinds_}__", tagger.features(parts, HEADS), _right(parts, example)))
    return found


def _right(parts: Sequence[tagger.Token], example: Example) -> str:
    """Return the right label of each token: work is a place, and so is all of a child but the name."""
    right = [OUTSIDE] * len(parts)
    for start, end, letter in example.marks:
        label = tagger.PLACE if letter in "HW" else tagger.NAME
        for at, token in enumerate(parts):
            if start < token.end and token.start < end:
                if letter == "C" and token.kind in "lj8":
                    label = tagger.PLACE
                right[at] = label
    return "".join(right)


def learn(examples: Sequence[Ready], rounds: int, cells: Mapping[str, Container[int]] | None) -> Learnt:
    """Return the weights after some rounds over the messages; only those in ``cells`` may differ from 0."""
    order, examples = random.Random(1), list(examples)  # noqa: S311 - the order of examples
    size = len(LABELS)
    weights: dict[str, list[int]] = {}
    past: dict[str, list[int]] = defaultdict(lambda: [0] * size)
    step = 1
    for _ in range(rounds):
        order.shuffle(examples)
        for example in examples:
            before = OUTSIDE * 2
            for at, row in enumerate(example.rows):
                every = row + tagger.chained(example.kinds, at, before)
                hits = [weights[feature] for feature in every if feature in weights]
                sums = [sum(column) for column in zip(*hits, strict=True)] or [0]  # as ``tagger.best``, but faster
                guess = sums.index(max(sums))
                truth = LABELS.index(example.right[at])
                if guess != truth:
                    for feature in every:
                        for label, change in ((truth, 1), (guess, -1)):
                            # ``OUTSIDE`` is what the others are weighed against, so it needs no weights of its own.
                            if label and (cells is None or label in cells.get(feature, ())):
                                weights.setdefault(feature, [0] * size)[label] += change
                                past[feature][label] += change * step
                # The tagger's own label, not the right one: so it learns to go on after a mistake.
                before = before[1] + LABELS[guess]
                step += 1
    means = {f: [w * step - p for w, p in zip(several_, past[f], strict=True)] for f, several_ in weights.items()}
    return Learnt(means, step)


def strongest(learnt: Learnt, often: Mapping[str, int], count: int) -> dict[str, set[int]]:
    """Return the ``count`` weights that matter most: large ones, of features that are often met."""
    ranked = sorted(
        (-abs(weight) * isqrt(10_000 * min(often.get(feature, 300), 3000)), feature, label)
        for feature, several_ in learnt.sums.items()
        for label, weight in enumerate(several_)
        if weight
    )
    kept: dict[str, set[int]] = defaultdict(set)
    for _, feature, label in ranked[:count]:
        kept[feature].add(label)
    return kept


def rounded(learnt: Learnt) -> dict[str, list[int]]:
    """Return the mean weights as powers of two, which pack well."""

    def power(weight: int) -> int:
        size = next(p for least, p in _POWERS if abs(weight) * 10 >= least * learnt.steps)
        return size if weight > 0 else -size

    found = {feature: [power(weight) for weight in several_] for feature, several_ in learnt.sums.items()}
    return {feature: several_ for feature, several_ in found.items() if any(several_)}


_POWERS = ((120, 16), (60, 8), (30, 4), (15, 2), (6, 1), (0, 0))  # from so many tenths on


def trained(examples: Iterable[Example]) -> dict[str, object]:
    """Return the model that is learnt from messages, as ``tagger.json`` holds it."""
    lists = kinds()
    known = {word: kind for kind, several_ in lists.items() for word in several_.split()}
    prepared = ready(examples, known)
    often = Counter(feature for example in prepared for row in example.rows for feature in row)
    cells: Mapping[str, Container[int]] | None = None
    for count, rounds in zip(CELLS, ROUNDS, strict=False):
        cells = strongest(learn(prepared, rounds, cells), often, count)
        prepared = [each._replace(rows=[[f for f in row if f in cells] for row in each.rows]) for each in prepared]
    learnt = learn(prepared, ROUNDS[-1], cells)
    return {
        "labels": LABELS,
        "heads": HEADS,
        "lean": LEAN,
        "kinds": lists,
        **tagger.packed(rounded(learnt), len(LABELS)),
    }


def main() -> None:
    """Write the model."""
    model = trained(sources())
    MODEL.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

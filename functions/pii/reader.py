"""Read each word of a text for what it may identify, as a first reader before the judge.

A linear chain over tokens (conditional random field, Lafferty et al. 2001) with hashed facts: the words themselves,
which the tagger's 10 KB cannot hold, their classes, shapes and neighbours, what rules found, and how far the tagger
leans. For each token it gives the probability of each label. Only the server has it (``reader.json``, by
``tests.pii.training.judge``). The time is proportional to the text.
"""

import json
from base64 import b64decode
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from math import exp
from operator import itemgetter, mul
from pathlib import Path
from typing import Any, Final, NamedTuple
from zlib import crc32, decompress

from functions.pii.context import FAR_BEFORE, Context, lead, tells
from functions.pii.judge import DISTANCES, FAR_AFTER

MODEL: Final = Path(__file__).with_name("reader.json")
LABELS: Final = "ONHWCD"  # nothing, a name, a place, a job, a child, a number or account
NUMBER: Final = "D"
NOTHING: Final = "-"
_WORDS, _CLASSES, _KINDS = 3, 4, 2  # tokens on each side that are read by their place
_GRAMS = ((-1, 0), (0, 1), (-2, -1), (-2, 0), (-3, -1), (1, 2), (-1, 1), (0, 2), (-3, 0))
_HEAP = (6, 5)  # tokens before, and after, whose words are read as a heap
_LONG = 10
_SHAPE = 8
_SAME = 4  # mentions of the same word that are looked at
_FAINT = 8


class Reader(NamedTuple):
    """``tables``: a label's weights by hashed fact, for all labels but the first, which has none. ``unit``: a weight's
    1.0. ``moves``: from label to label. ``begins``: of a text."""

    tables: Sequence[Sequence[int]]
    unit: int
    moves: Sequence[Sequence[float]]
    begins: Sequence[float]


class Hints(NamedTuple):
    """What others say of a token: the rule that found it, whether it is evidence, the tagger's label and its lead."""

    rule: str
    stays: bool
    label: str
    ahead: int


def hints(
    context: Context,
    ruled: Iterable[tuple[str, int, int]],
    evidence: Iterable[tuple[int, int]],
) -> list[Hints]:
    """Return the hints for each token, from stretches of the text."""
    rules, stays = [NOTHING] * len(context.found), [False] * len(context.found)
    for rule, start, end in ruled:
        for at in range(*context.place(start, end)):
            rules[at] = rule
    for start, end in evidence:
        for at in range(*context.place(start, end)):
            stays[at] = True
    return [Hints(*each) for each in zip(rules, stays, *context.leaning, strict=True)]


def facts(context: Context, said: Sequence[Hints]) -> Iterator[list[str]]:
    """Yield what there is to know of each token, each fact under its kind."""
    pad = "^" * _CLASSES
    words = [*pad, *("0" * len(w) if w[0].isdigit() else w for w in context.said), *pad]
    classes, kinds = f"{pad}{context.classes}{pad}", f"{pad}{context.kinds}{pad}"
    shapes = ["^", *(_shape(context.text[t.start : t.end]) for t in context.found), "^"]
    for at in range(len(context.found)):
        here = at + _CLASSES
        row = [f"w{n}{words[here + n]}" for n in range(-_WORDS, _WORDS + 1)]
        row += [f"c{n}{classes[here + n]}" for n in range(-_CLASSES, _CLASSES + 1)]
        row += [f"k{n}{kinds[here + n]}" for n in range(-_KINDS, _KINDS + 1)]
        row += [f"g{a}{b}{classes[here + a : here + b + 1]}" for a, b in _GRAMS]
        word, before, after = words[here], words[here - 1], words[here + 1]
        if not context.words[at][0].isdigit():
            row += [f"x{word[-3:]}", f"X{word[-2:]}", f"z{word[-4:]}", f"y{word[:3]}", f"Y{word[:2]}", f"v{word[:4]}"]
        row += [f"s{shapes[at + 1]}", f"<{shapes[at]}", f">{shapes[at + 2]}", f"l{min(len(word), _LONG)}"]
        row += [f"b{words[here - 2]} {before}", f"B{before} {word}", f"a{word} {after}", f"A{after} {words[here + 2]}"]
        row += _hinted(said, at)
        row += _around(context, at)
        yield row


def _shape(word: str) -> str:
    """Return how a word is written, runs shortened to two: "Xx", "dd-"."""
    shape = ""
    for sign in word[: 2 * _SHAPE]:
        one = "X" if sign.isupper() else "x" if sign.islower() else "d" if sign.isdigit() else sign
        if not shape.endswith(one * 2):
            shape += one
    return shape[:_SHAPE]


def _hinted(said: Sequence[Hints], at: int) -> Iterator[str]:
    """Yield what rules and tagger say of a token and of its neighbours."""
    one = said[at]
    yield f"r{one.rule}{one.stays:d}"
    yield f"R{said[at + 1].rule if at + 1 < len(said) else '^'}"
    yield f"p{said[at - 1].rule if at else '^'}"
    yield f"t{one.label}{max(-_FAINT, min(_FAINT, one.ahead // 2))}"


def _around(context: Context, at: int) -> Iterator[str]:
    """Yield which telling classes stand near in the sentence, its words as a heap, and where the same word stands."""
    words, classes, sentence = context.words, context.classes, context.sentence
    size, leads = len(words), lead(context, at)
    before = range(at - 1, max(-1, at - 1 - FAR_BEFORE), -1)
    after = range(at + 1, min(size, at + 1 + FAR_AFTER))
    for sign, side, near in (("L", before, _HEAP[0]), ("P", after, _HEAP[1])):
        seen = set[str]()
        for other in side:
            if sentence[other] != sentence[at]:
                break
            c, gap = classes[other], abs(other - at)
            if c not in seen and tells(c):
                seen.add(c)
                yield f"{sign}{c}{bisect_right(DISTANCES, gap)}"
            if 1 < gap <= near:
                yield f"{sign}.{words[other]}"
    yield from (f"q{leads}", f"u{leads[:1]}", f"Q{leads[:2]}")
    for other in context.where.get(words[at], ())[:_SAME]:
        if other != at:
            yield f"o{classes[max(0, other - 2) : other]}"
    if at == 0 or words[at - 1] == "\n":
        yield "1"
    if at + 1 == size or words[at + 1] == "\n":
        yield "2"
    yield "3"


def read(reader: Reader, context: Context, said: Sequence[Hints]) -> list[list[float]]:
    """Return for each token the probability of each label."""
    mask = len(reader.tables[0]) - 1
    sums: list[list[float]] = []
    for row in facts(context, said):  # whole rows at once: a call for each fact would cost as much as all the rest
        weights = itemgetter(*{hashed & mask for hashed in map(crc32, "\0".join(row).encode().split(b"\0"))})
        sums.append([1.0, *[exp(sum(weights(table)) / reader.unit) for table in reader.tables]])
    return _chained(sums, [[exp(m) for m in row] for row in reader.moves], [exp(b) for b in reader.begins])


def _chained(sums: list[list[float]], moves: list[list[float]], begins: list[float]) -> list[list[float]]:
    """Return the marginals of a chain (forward and backward, each step scaled to a sum of 1)."""
    into = list(zip(*moves, strict=True))
    forward: list[list[float]] = []
    for one in sums:
        came = [sum(map(mul, forward[-1], column)) for column in into] if forward else begins
        forward.append(_scaled(list(map(mul, came, one))))
    found: list[list[float]] = []
    backward = [1.0] * len(begins)
    for at in range(len(sums) - 1, -1, -1):
        found.append(_scaled(list(map(mul, forward[at], backward))))
        onward = list(map(mul, backward, sums[at]))
        backward = _scaled([sum(map(mul, onward, row)) for row in moves])
    return found[::-1]


def _scaled(row: list[float]) -> list[float]:
    whole = sum(row)
    return [each / whole for each in row]


def stretches(found: Sequence[Sequence[float]], least: float) -> Iterator[tuple[int, int, str]]:
    """Yield the tokens that probably identify, from the first up to before the last, and their likeliest label; numbers
    stand apart from words."""
    number = LABELS.index(NUMBER)
    told = "".join(
        LABELS[0] if 1 - row[0] <= least else NUMBER if row[number] * 2 > 1 - row[0] else "w" for row in found
    )
    start = 0
    while start < len(told):
        end = start + 1
        while end < len(told) and told[end] == told[start]:
            end += 1
        if told[start] != LABELS[0]:
            sums = [sum(column) for column in zip(*found[start:end], strict=True)][1:]
            yield start, end, LABELS[1 + sums.index(max(sums))]
        start = end


def unpack(raw: Mapping[str, Any]) -> Reader:
    """Return a reader from its JSON; a weight is a signed byte, and a label's weights stand together."""
    table = memoryview(decompress(b64decode(raw["weights"]))).cast("b")
    size = len(table) // (len(LABELS) - 1)
    tables = [table[n * size : (n + 1) * size] for n in range(len(LABELS) - 1)]
    return Reader(tables, raw["unit"], raw["moves"], raw["begins"])


@cache
def load() -> Reader:
    """Return the reader that ``reader.json`` holds."""
    return unpack(json.loads(MODEL.read_text(encoding="utf-8")))

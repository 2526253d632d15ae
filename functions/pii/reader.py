"""Read each word of a text for what it may identify, as a first reader before the judge.

A small recurrent network (gated units, Cho et al. 2014) runs over the words once forwards and once backwards, so it
knows of each word what was said before and what comes: who took, who suffers, whose number follows. A word is what
its ten facts say: the word itself, how it begins and ends, its classes and shape, what rules found, how far the
tagger leans. For each token it gives the probability of each label. Only the server has it (``reader.json``, by
``tests.pii.training.judge``). The time is proportional to the text.
"""

import json
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from math import exp, tanh
from operator import add
from pathlib import Path
from typing import Any, Final, NamedTuple
from zlib import crc32, decompress

from functions.pii import lanes
from functions.pii.context import Context
from functions.pii.lanes import Matrix, times

MODEL: Final = Path(__file__).with_name("reader.json")
LABELS: Final = "ONHWCD"  # nothing, a name, a place, a job, a child, a number or account
NUMBER: Final = "D"
NOTHING: Final = "-"
FACTS: Final = 10  # of a token
ONE: Final = 1024  # a value of 1.0 in vectors of whole numbers
UNIT: Final = 24  # a weight's 1.0
WHOLE: Final = ONE * UNIT  # 1.0 of their products
PART: Final = 1 / WHOLE
_SHAPE = 8
_FAINT = 8
_LONG = 12  # digits of a number that are counted


class Reader(NamedTuple):
    """``table``: a row of bytes for each hashed fact, ``width`` of them. ``squash``: by the sum of a column of such
    rows, what a word's value is. ``into``: from a word's values to the gates of both runs. ``again``: from a run's
    state to its next gates, forwards and backwards. ``out``: from a word's values and both states to the labels."""

    table: memoryview
    width: int
    squash: Sequence[int]
    into: Matrix
    again: tuple[Matrix, Matrix]
    out: Matrix


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


def facts(context: Context, said: Sequence[Hints]) -> Iterator[tuple[str, ...]]:
    """Yield what there is to know of each token by itself, each of ``FACTS`` facts under its kind."""
    before = -1
    for token, word, one, c, kind, sentence in zip(
        context.found, context.words, said, context.classes, context.kinds, context.sentence, strict=True
    ):
        told = "0" * min(len(word), _LONG) if word[0].isdigit() else word
        yield (
            *(f"w{told}", f"x{told[-3:]}", f"y{told[:3]}", f"X{told[-2:]}", f"c{c}", f"k{kind}"),
            f"s{_shape(context.text[token.start : token.end])}",
            f"r{one.rule}{one.stays:d}",
            f"t{one.label}{max(-_FAINT, min(_FAINT, one.ahead // 2))}",
            f"1{sentence != before:d}",
        )
        before = sentence


def _shape(word: str) -> str:
    """Return how a word is written, runs shortened to two: "Xx", "dd-"."""
    shape = ""
    for sign in word[: 2 * _SHAPE]:
        one = "X" if sign.isupper() else "x" if sign.islower() else "d" if sign.isdigit() else sign
        if not shape.endswith(one * 2):
            shape += one
    return shape[:_SHAPE]


def places(row: Iterable[str], size: int) -> list[int]:
    """Return where facts stand in a table of so many rows, a power of two."""
    return [crc32(fact.encode()) & (size - 1) for fact in row]


def read(reader: Reader, context: Context, said: Sequence[Hints]) -> list[list[float]]:
    """Return for each token the probability of each label."""
    met: dict[tuple[str, ...], tuple[list[int], Sequence[int]]] = {}  # a text says most of its words again
    for row in (rows := list(facts(context, said))):
        if row not in met:
            met[row] = _word(reader, row)
    words, gates = [met[row][0] for row in rows], [met[row][1] for row in rows]
    half = len(gates[0]) // 2 if gates else 0
    before = _run([each[:half] for each in gates], reader.again[0])
    after = _run([each[half:] for each in reversed(gates)], reader.again[1])
    told = zip(words, before, reversed(after), strict=True)
    return [_shares(times([*word, *b, *a], reader.out)) for word, b, a in told]


def _word(reader: Reader, row: tuple[str, ...]) -> tuple[list[int], Sequence[int]]:
    """Return a word's values by its facts, and what it says to the gates of both runs."""
    width = reader.width
    rows = [reader.table[at * width : (at + 1) * width] for at in places(row, len(reader.table) // width)]
    word = [reader.squash[total] for total in map(sum, zip(*rows, strict=True))]
    return word, times(word, reader.into)


def _run(gates: Sequence[Sequence[int]], again: Matrix) -> list[list[int]]:
    """Return the state after each word: how much of the last is kept, and what is new, follows from word and state."""
    size = len(again.rows)
    state, exact, states = [0] * size, [0.0] * size, []  # the exact state times ``ONE``
    for word in gates:
        last = times(state, again)
        keep = map(exp, [each * -PART for each in map(add, word[:size], last)])
        reset = map(exp, [each * -PART for each in map(add, word[size : 2 * size], last[size:])])
        told = zip(word[2 * size :], last[2 * size :], reset, strict=True)
        fresh = map(tanh, [(said + before / (1 + r)) * PART for said, before, r in told])
        exact = [was + (ONE * new - was) / (1 + k) for was, new, k in zip(exact, fresh, keep, strict=True)]
        state = [*map(round, exact)]
        states.append(state)
    return states


def _shares(sums: Sequence[int]) -> list[float]:
    most = max(sums)
    shares = [exp((each - most) * PART) for each in sums]
    whole = sum(shares)
    return [each / whole for each in shares]


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
    """Return a reader from its JSON: signed bytes row by row, in the order of ``Reader``."""
    width, states = raw["width"], raw["states"]
    packed = memoryview(decompress(b64decode(raw["weights"]))).cast("b")
    done = raw["size"] * width

    def matrix(many: int, start: Sequence[int]) -> Matrix:
        nonlocal done
        long = len(start)
        rows = [packed[done + at * long : done + (at + 1) * long] for at in range(many)]
        done += many * long
        return lanes.matrix(rows, start)

    most = 128 * FACTS
    return Reader(
        packed[:done],
        width,
        [round(tanh(each / UNIT) * ONE) for each in (*range(most), *range(-most, 0))],
        matrix(width, raw["into"]),
        (matrix(states, [0] * (3 * states)), matrix(states, [0] * (3 * states))),
        matrix(width + 2 * states, raw["out"]),
    )


@cache
def load() -> Reader:
    """Return the reader that ``reader.json`` holds."""
    return unpack(json.loads(MODEL.read_text(encoding="utf-8")))

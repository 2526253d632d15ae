"""Judge by the whole text whether something identifies the writer's side, or names the accused and the matter.

Rules and tagger say what has the shape of a name, a number, a home. Whose it is stands elsewhere in the sentence, or
in another one: the post before "Pak Iskandar", "minta" behind, a kin term, the account into which a levy went. The
judge adds up small integer weights of such facts, hashed into one table (``judge.json``, by
``tests.pii.training.judge``), and how sure the reader is. What is above 0 is hidden. Only the server has it: the
browser's twin offers what rules and tagger find.
"""

import json
from base64 import b64decode
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import log
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, NamedTuple
from zlib import crc32, decompress

from functions.pii.context import DEEDS, FAR_BEFORE, HURT, KNOWN, UNLISTED, WITHIN, Context, lead, tells

MODEL: Final = Path(__file__).with_name("judge.json")
NAMES: Final = "N"
PLACES: Final = "H"
NUMBERS: Final = "#"
ACCOUNTS: Final = "@"
UNIT: Final = 100
STAYS: Final = "!"  # added to a rule's name where ``evidence`` in ``words.json`` finds it too
_NEAR = 4  # tokens on each side that are read by their place
FAR_AFTER: Final = 8
_SENTENCE = 40  # tokens of a sentence that are read, on each side
_SAME = 6  # mentions of the same word that are looked at
DISTANCES: Final = (1, 2, 4, 7)
_FAINT = 1e-4  # nothing is surer than this share
_SIDES = frozenset("mnkKcvobifap$PwdDHGhluxq1g!es")
_BESIDE = 3


class Candidate(NamedTuple):
    """A stretch of a folded text that may identify. ``what``: a kind as above. ``by``: the rule or label that
    found it. ``shown``: the rule's name or the label. ``margin``: how far it was ahead for the tagger. ``certain``: it
    is hidden, whatever the judge says."""

    start: int
    end: int
    what: str
    by: str
    shown: str
    margin: int = 0
    certain: bool = False


class Mix(NamedTuple):
    """What counts for one kind of candidate, in log-odds: always, for the weights' sum, for the reader's odds."""

    lean: float
    own: float
    most: float
    mean: float
    least: float


class Judge(NamedTuple):
    """``classes``: word → what it says about whose side somebody is on. ``weights``: a table of ``2 ** n``, 1.0 of
    which is ``UNIT``. ``mix``: how they and the reader count, by kind. ``again``: how sure a name must be to be
    hidden wherever it stands."""

    classes: Mapping[str, str]
    weights: Sequence[int]
    mix: Mapping[str, Mix]
    again: float = 0


def facts(context: Context, one: Candidate) -> set[str]:
    """Return what a text says of a candidate, each fact under its kind."""
    start, end = context.place(one.start, one.end)
    said = [
        *_inside(context, one, start, end),
        *_beside(context, start, end),
        *_before(context, start),
        *_behind(context, start, end),
        *_sentence(context, start),
        *_position(context, start, end),
        *_role(context, start, end),
        *(_elsewhere(context, start, end) if one.what == NAMES else ()),
    ]
    return {one.what + fact for fact in said}


def _inside(context: Context, one: Candidate, start: int, end: int) -> Iterator[str]:
    """Yield what found it, and its own words."""
    words, classes, kinds = context.words, context.classes, context.kinds
    yield f"r{one.by}"
    yield f"m{one.by[:1]}{max(-6, min(one.margin // 2, 12))}"
    yield f"n{min(end - start, 7)}"
    yield f"s{kinds[start : min(end, start + 5)]}"
    for at in range(start, min(end, start + WITHIN)):
        word = words[at]
        yield f"j{classes[at]}{kinds[at]}"
        if word[0].isdigit():
            yield f"g{word[:2] if at == start else ''}{min(len(word), 9)}"
        elif classes[at] != KNOWN:  # which name it is tells nothing: what is learnt is what stands around it
            yield from (f"i{word}", f"x{word[-3:]}", f"y{word[:3]}")
    unlisted = min(3, sum(map(UNLISTED.__contains__, classes[start:end])))
    yield from (f"z{unlisted}", f"Z{unlisted}{min(end - start, 4)}{one.by[0]}")
    yield from (f"f{context.said[start]}", f"l{context.said[end - 1]}")


def _beside(context: Context, start: int, end: int) -> Iterator[str]:
    """Yield the next words and classes by their place, and pairs of them."""
    words, size = context.said, len(context.words)
    for n in range(1, _NEAR + 1):
        before, after = start - n, end + n - 1
        yield f"b{n}{words[before] if before >= 0 else '^'}"
        yield f"c{n}{context.classes[before] if before >= 0 else '^'}"
        yield f"a{n}{words[after] if after < size else '$'}"
        yield f"d{n}{context.classes[after] if after < size else '$'}"
    b = f"^^^^{context.classes}"[start : start + _NEAR]
    a = f"{context.classes}____"[end : end + 3]
    yield from (f"C{b[2:]}", f"D{b[1:]}", f"E{a[:2]}", f"F{b[3]}|{a[0]}", f"G{b[2:]}|{a[0]}", f"H{b[3]}|{a[:2]}")
    if start > 1:
        yield f"B{words[start - 2]} {words[start - 1]}"
    if end + 1 < size:
        yield f"A{words[end]} {words[end + 1]}"


def _before(context: Context, start: int) -> Iterator[str]:
    """Yield the words before as a heap, how far the nearest of each class is, and the last telling ones."""
    here, seen = context.sentence[start], set[str]()
    for at in range(start - 1, max(-1, start - 1 - FAR_BEFORE), -1):
        gap, c = start - at, context.classes[at]
        same = context.sentence[at] == here
        if same and gap > 1:
            yield f"p{context.said[at]}"
        if c not in seen:
            seen.add(c)
            yield f"{'L' if same else 'O'}{c}{bisect_right(DISTANCES, gap)}"
    leads = lead(context, start)
    yield from (f"q{leads}", f"t{leads[:1]}", f"u{leads[:2]}")


def _behind(context: Context, start: int, end: int) -> Iterator[str]:
    """Yield the same of the words behind."""
    here, seen = context.sentence[start], set[str]()
    trail = ""
    for at in range(end, min(len(context.words), end + FAR_AFTER)):
        c = context.classes[at]
        same = context.sentence[at] == here
        if same:
            yield f"o{context.said[at]}"
        if c not in seen:
            seen.add(c)
            yield f"{'R' if same else 'Q'}{c}{bisect_right(DISTANCES, at - end + 1)}"
        trail += c if tells(c) else ""
    yield from (f"v{lead(context, start)[:1]}|{trail[:1]}", f"w{trail[:2]}")


def _sentence(context: Context, start: int) -> Iterator[str]:
    """Yield which classes stand in the same sentence, and with which it begins."""
    here, first, to = context.sentence[start], start, start
    while first > 0 and context.sentence[first - 1] == here and start - first < _SENTENCE:
        first -= 1
    while to < len(context.words) and context.sentence[to] == here and to - start < _SENTENCE:
        to += 1
    yield from (f"8{c}" for c in sorted(_SIDES.intersection(context.classes[first:to])))
    yield f"9{context.classes[first]}"


def _position(context: Context, start: int, end: int) -> Iterator[str]:
    """Yield where in a line and in the text it stands, and how long that is."""
    words, size = context.words, len(context.words)
    if start == 0 or words[start - 1] == "\n":
        yield "1"
    if end == size or words[end] == "\n":
        yield "2"
    yield from (f"3{min(4, 5 * start // max(1, size))}", f"4{min(6, size // 12)}")


def _role(context: Context, start: int, end: int) -> Iterator[str]:
    """Yield who does what to whom around it: the nearest deed before and behind in its sentence, under whom it stands,
    whether a deed is done to the writer's side, whose words stand beside it, and how the next sentence goes on."""
    classes, words, here = context.classes, context.words, context.sentence[start]
    first, to = context.bounds[here]
    led = lead(context, start)[:1] or "-"
    before = next((c for c in reversed(classes[max(first, start - FAR_BEFORE) : start]) if c in DEEDS), "-")
    behind = next((c for c in classes[end : min(to, end + FAR_BEFORE)] if c in DEEDS), "-")
    yield from (f"={before}{led}{behind}", f"=b{before}{led}", f"=c{led}{behind}", f"={before}{behind}")
    hurt = HURT.search(classes, first, to)
    yield f"=h{led}{hurt is not None:d}"
    near, next_ = classes[max(0, start - _BESIDE) : start], classes[end : end + 2]
    theirs = any(word.endswith("nya") for word in words[max(0, start - _BESIDE) : start])
    said = f"{'m' in near or 'K' in near:d}{theirs:d}{'3' in near:d}"
    yield from (f"=o{said}", f"=p{said}{'m' in next_:d}{'3' in next_:d}", f"=q{led}{said}")
    yield f"=n{led}{classes[to : to + 1]}"
    yield f"=d{led}{context.told}"
    yield f"=t{context.told}"


def _elsewhere(context: Context, start: int, end: int) -> Iterator[str]:
    """Yield what stands around the same words where they are said again: "Kades Iskandar", then "Iskandar"."""
    before, after = f"^^^^{context.classes}", f"{context.classes}_"
    for at in range(start, min(end, start + WITHIN)):
        for other in context.where.get(context.words[at], ())[:_SAME]:
            if not start <= other < end:
                yield from (f"5{before[other + 3]}", f"6{before[other + 2 : other + 4]}", f"7{after[other + 1]}")
                to = context.bounds[context.sentence[other]][1]
                deed = next((c for c in after[other + 1 : min(to, other + FAR_BEFORE)] if c in DEEDS), "-")
                yield from (f"=e{deed}", f"=f{lead(context, other)[:1]}", f"=g{lead(context, start)[:1]}{deed}")


def sure(context: Context, start: int, end: int) -> tuple[float, float, float]:
    """Return how sure the reader is that these tokens identify, as log-odds: of the surest, on the whole, of the least
    sure. Without a reader it is sure of nothing."""
    found = [1 - row[0] for row in context.read[start:end]] or [0.5]
    return _odds(max(found)), _odds(sum(found) / len(found)), _odds(min(found))


def _odds(share: float) -> float:
    return log((share + _FAINT) / (1 - share + _FAINT))


def score(judge: Judge, context: Context, one: Candidate) -> float:
    """Return how sure it is that a candidate identifies: above 0 it is hidden."""
    weights, mask, mix = judge.weights, len(judge.weights) - 1, judge.mix[one.what]
    hashed = map(crc32, "\0".join(facts(context, one)).encode().split(b"\0"))  # at once, as for the reader
    own: float = sum(itemgetter(*{each & mask for each in hashed})(weights)) / UNIT
    most, mean, least = sure(context, *context.place(one.start, one.end))
    return mix.lean + mix.own * own + mix.most * most + mix.mean * mean + mix.least * least


def unpack(raw: Mapping[str, Any]) -> Judge:
    """Return a judge from its JSON; a weight is a signed byte."""
    classes = {word: kind for kind, several in raw["classes"].items() for word in several.split()}
    weights = memoryview(decompress(b64decode(raw["weights"]))).cast("b")
    return Judge(classes, weights, {what: Mix(*each) for what, each in raw["mix"].items()}, raw["again"])


@cache
def load() -> Judge:
    """Return the judge that ``judge.json`` holds."""
    return unpack(json.loads(MODEL.read_text(encoding="utf-8")))

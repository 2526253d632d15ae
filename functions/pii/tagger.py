"""Tag the words of a complaint that identify: the writer's name, another private person's, a child, the home, a job.

A greedy linear tagger (averaged perceptron, Collins 2002) reads a text from left to right. It gives each token the
label with the highest sum of small integer weights. What it reads is not words but their kinds, from lists in
``tagger.json``: pronouns, kin, titles, posts, kinds of school; else a word's shape, beginning and end. So what stands
around a name finds it, though no list holds it. ``tests.pii.training`` makes the weights. The browser's twin is
``tagger.js``; all arithmetic is in integers, so both agree to the last sign. The time is proportional to the text.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from operator import add
from pathlib import Path
from typing import Any, Final, NamedTuple

MODEL: Final = Path(__file__).with_name("tagger.json")
OUTSIDE: Final = "O"
NAME: Final = "N"
PLACE: Final = "H"
OTHERS: Final = "P"  # the subjects that the labels do not tell: another person's name
CHILD: Final = "C"
WORK: Final = "W"
BESIDE: Final = "B"
# Beyond the basic plane the twin sees only \ufffd, as what is masked.
_TOKEN = re.compile("[A-Za-z]+(?:'[A-Za-z]+)*'?|[0-9]+|[\ufffd\U00010000-\U0010ffff]+|[^ ]")
_WORD = re.compile("[A-Za-z]")
_SAID = re.compile("[A-Za-z0-9]")
_LONG = 5  # digits from which a number is no house's, class's or age's
_MOSTLY = 2  # a text whose capital words are at least every second is written in capitals: its case tells nothing
# Whoever writes a word within a sentence with a capital writes names so: other words are rarely names.
_CASED = re.compile("[a-z0-9,)] [A-Z][a-z]{2}")
# Built as no name is, as a rule: verbs, "pelayanan", "informasi", "fasilitas".
_VERB = re.compile("(?:di|mem|men|meny|ber|ter|ke)[a-z]{5}|pe[a-z]{4,}an$|[a-z]{3,}(?:nya|kan|asi|tas)$")
_AROUND = (5, 4)  # tokens before and after, whose kinds tell wherever they stand
_TELLING = frozenset("o!wmkecnaWuK1hs$yzxNC")
_WEIGHTS = (0, 1, 2, 4, 8, 16, -1, -2, -4, -8, -16)
_SIGNS = ".,:()-/\n"
_A, _BEFORE_SMALL = ord("A"), ord("a") - 1
_RUN_OF_ZEROS = re.compile("[a-z]")
_FAR = 7  # tokens back to the last word that says whose something is
_OPEN = re.compile("[R-U]")  # kinds of words that no list holds; a name has one, and so has what is a single word
_RUN = re.compile(r"([^O])\1*(?:O\1+)*")  # one token between is part of it: "Umar dan Aisyah", "Jl. Mawar"
# By the kinds around it: what follows children is a child's, what follows kin, friends and "a.n." another's name.
_NAMES = ((CHILD, re.compile("[cC]")), (OTHERS, re.compile("[keKNa]")))
_PLACES = ((CHILD, re.compile("[cC](?s:.*)[jl]")), (WORK, re.compile("[w1]|s(?s:.*)[bj]")))
# "saya yuni dari rt 4", "nama: Jamilah", "ktp an. Ruslan", and at the end "wassalam utuh".
_SURE = re.compile(
    r"((?:m,?i?(?=[R-U]{1,3},?p[drgGT])|nm:?|n:|[^$!ow]a[.n]{0,3}t?\.?(?=[TU])"
    r"|[zx][.,:\n]{0,3}(?=[R-U]{1,3}[.\n]*(?![^.\n]))))[R-U]{1,3}"
)
# "BRI 0214-01-002233 a.n. Budi": whose account took the levy.
_EVIDENCE = re.compile(r"(\$:?[89M.-]{1,12}L?[./]?an?[.:]*)[tR-U][R-U.]{0,3}")
_BESIDE = re.compile("fp?h[mu]")  # "di depan rumah saya": where the house is, nobody learns
_OWN = re.compile("[mukKcChvwsr9n1]")  # without one of these near it, a place is a public one
# A single small word is a name only after what leads to one.
_BARE = re.compile("(?:[^nmukKcCeNatizxwy:(\n.,-]|[^zx][.,])[RS]$")
_BORN = re.compile("l8[-/]$")
_OWNER_NEAR = 8
_NEAR = 6
_LONG_PLACE = 12
_EDGE = 4  # kinds before the first and after the last token


class Token(NamedTuple):
    """A word, number or sign of a text, from ``start`` to ``end``; ``kind`` is one character."""

    start: int
    end: int
    kind: str
    word: str


class Model(NamedTuple):
    """``kinds``: word → kind. ``heads``: kinds that say whose something is. ``labels``: the labels, ``O`` first,
    which is ``lean`` ahead: the higher, the less is found, and the less of it is wrong.
    ``weights``: feature → one integer per label."""

    kinds: Mapping[str, str]
    heads: str
    labels: str
    lean: int
    weights: Mapping[str, Sequence[int]]


class Stretch(NamedTuple):
    """Tokens of one label, as places in the text."""

    start: int
    end: int
    label: str


def tokens(text: str, kinds: Mapping[str, str]) -> list[Token]:
    """Return the tokens of a folded text (``words``)."""
    found = [(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(text)]
    written = [word for _, _, word in found if _WORD.match(word) and len(word) > 1]
    shouted = _MOSTLY * sum(word.isupper() for word in written) > len(written)
    small = "R" if not shouted and _CASED.search(text) else "S"
    return [Token(start, end, _kind(word, kinds, small, shouted=shouted), word.lower()) for start, end, word in found]


def _kind(word: str, kinds: Mapping[str, str], small: str, *, shouted: bool) -> str:
    if known := kinds.get(word.lower()):
        return known
    if not _WORD.match(word):
        if _SAID.match(word):
            return "9" if len(word) >= _LONG or word[0] == "0" else "8"
        return word if word in _SIGNS else "M" if word[0] >= "\ufffd" else ";"
    if len(word) == 1:
        return "L"
    if _VERB.match(word.lower()):
        return "V"
    return small if shouted else "U" if word.isupper() else "T" if word[0].isupper() else small


def features(found: Sequence[Token], heads: str) -> list[list[str]]:
    """Return for each token the features that do not depend on labels."""
    kinds = "^" * _EDGE + "".join(token.kind for token in found) + "_" * _EDGE
    rows: list[list[str]] = []
    head, since = "0", 0
    for at, token in enumerate(found):
        k = kinds[at : at + 2 * _EDGE + 1]
        head, since = (head, since + 1) if since < _FAR else ("0", 0)
        row = [*map(add, "abcdefghi", k)]
        before, after = kinds[max(0, at + _EDGE - _AROUND[0]) : at + _EDGE], kinds[at + _EDGE + 1 :][: _AROUND[1]]
        row += [f"w{kind}{k[4]}" for kind in sorted(_TELLING.intersection(before))]
        row += [f"x{kind}{k[4]}" for kind in sorted(_TELLING.intersection(after))]
        row += [f"j{k[3:5]}", f"k{k[4:6]}", f"l{k[2:4]}", f"m{k[5:7]}", f"n{k[3]}{k[5]}", f"o{head}{k[4]}"]
        if token.kind in "RSTU":
            row += [f"p{token.word[-2:]}", f"q{token.word[:2]}", f"r{min(len(token.word), 9)}"]
        if token.kind in heads:
            head, since = token.kind, 0
        elif token.kind in ".\n":
            head = "0"
        rows.append(row)
    return rows


def chained(kinds: str, at: int, before: str) -> list[str]:
    """Return the features of token ``at`` that depend on the labels before it; ``kinds`` has one sign at each end."""
    last = before[-1]
    return [f"s{last}{kinds[at + 1]}", f"t{last}{kinds[at + 2]}", f"u{last}{kinds[at]}", f"v{before}"]


def labels(found: Sequence[Token], model: Model) -> str:
    """Return one label for each token."""
    kinds = f"^{''.join(token.kind for token in found)}__"
    weights, before = model.weights, OUTSIDE * 2
    said: list[str] = []
    for at, row in enumerate(features(found, model.heads)):
        said.append(best([*row, *chained(kinds, at, before)], weights, model.labels, model.lean))
        before = before[1] + said[-1]
    return "".join(said)


def best(row: Sequence[str], weights: Mapping[str, Sequence[int]], labels_: str, lean: int) -> str:
    """Return the label with the highest sum over the features of a token, the first of several."""
    hits = [weights[feature] for feature in row if feature in weights]
    sums = [sum(column) for column in zip([lean] + [0] * (len(labels_) - 1), *hits, strict=True)]
    return labels_[sums.index(max(sums))]


def stretches(text: str, model: Model) -> Iterator[Stretch]:
    """Yield what identifies in a folded text, and where it says "in front of my house"."""
    found = tokens(text, model.kinds)
    kinds = "".join(token.kind for token in found)
    yield from (Stretch(start, end, BESIDE) for start, end in beside(found, kinds))
    for start, end, label in runs(found, kinds, labels(found, model)):
        if not doubted(kinds, start, end, label):
            yield Stretch(found[start].start, found[end - 1].end, subject(kinds, start, end, label))


def beside(found: Sequence[Token], kinds: str) -> Iterator[tuple[int, int]]:
    """Yield where a text says "in front of my house"."""
    for match in _BESIDE.finditer(kinds):
        yield found[match.start()].start, found[match.end() - 1].end


def runs(found: Sequence[Token], kinds: str, said: str) -> Iterator[tuple[int, int, str]]:
    """Yield the tokens of one label, from the first up to before the last."""
    said = _surely_named(said, kinds)
    for run in _RUN.finditer(said):
        start, end = trimmed(found, *run.span())
        if _BORN.search(kinds, start, end + 1):  # a date of birth, which a rule finds whole
            end -= 2
        if start < end:
            yield start, end, run[1]


def trimmed(found: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """Return tokens without the signs at their ends."""
    while start < end and not _SAID.match(found[end - 1].word):
        end -= 1
    while start < end and not _SAID.match(found[start].word):
        start += 1
    return start, end


def doubted(kinds: str, start: int, end: int, label: str) -> bool:
    """Whether tokens of one label are none of it: a bare small word, a public place, a word that lists hold."""
    if label == NAME and end - start == 1 and _BARE.search(kinds, max(0, start - 2), end):
        return True
    if label == PLACE and not _OWN.search(kinds, max(0, start - _OWNER_NEAR), end):
        return True
    return not (_OPEN.search(kinds, start, end) or (end - start > 1 and label != NAME))


def _surely_named(said: str, kinds: str) -> str:
    """Return the labels with what is a name, or evidence, whatever the weights say, by the kinds alone."""
    right = list(said)
    for match in _SURE.finditer(kinds):
        for at in range(match.end(1), match.end()):
            right[at] = NAME
    for match in _EVIDENCE.finditer(kinds):
        for at in range(match.end(1), match.end()):
            right[at] = OUTSIDE
    return "".join(right)


def subject(kinds: str, start: int, end: int, label: str) -> str:
    """Return whose or what tokens of one label are, by the kinds of the words before them, and in a place."""
    around = kinds[max(0, start - _NEAR) : start if label == NAME else min(end, start + _LONG_PLACE)]
    tests = _NAMES if label == NAME else _PLACES
    return next((whose for whose, test in tests if test.search(around)), label)


def unpack(raw: Mapping[str, Any]) -> Model:
    """Return a model from its JSON.

    A feature is a prefix and one of the ``signs``. ``prefixes`` holds those of one sign, then, after spaces, first
    signs with all their second ones. ``weights`` holds a row for each prefix and each label but ``OUTSIDE`` in turn. A
    row has a capital for each of the ``signs``, a place in ``_WEIGHTS``; a small letter is a run of so many zeros; what
    lacks at the end is 0.
    """
    kinds = {word: kind for kind, several in raw["kinds"].items() for word in several.split()}
    every: dict[str, list[int]] = {}
    size = len(raw["labels"]) - 1
    single, *pairs = raw["prefixes"].split(" ")
    prefixes = [*single, *(pair[0] + second for pair in pairs for second in pair[1:])]
    for n, row in enumerate(raw["weights"].split(" ")):
        for sign, weight in zip(raw["signs"], _RUN_OF_ZEROS.sub(_zeros, row), strict=False):
            every.setdefault(prefixes[n // size] + sign, [0] * (size + 1))[1 + n % size] = _WEIGHTS[ord(weight) - _A]
    return Model(kinds, raw["heads"], raw["labels"], raw["lean"], {f: w for f, w in every.items() if any(w)})


def packed(weights: Mapping[str, Sequence[int]], size: int) -> dict[str, Any]:
    """Return weights as ``unpack`` reads them: signs that are frequent first, so that rows are short."""
    often = Counter(feature[-1] for feature, several in weights.items() for weight in several if weight)
    signs = "".join(sorted(often, key=lambda sign: (-often[sign], sign)))
    prefixes = sorted({feature[:-1] for feature in weights}, key=lambda prefix: (len(prefix), prefix))
    seconds: dict[str, str] = {}
    for prefix in prefixes:
        first = prefix[:-1]
        seconds[first] = seconds.get(first, first) + prefix[-1]
    none = [0] * size
    rows = [
        "".join(chr(_A + _WEIGHTS.index(weights.get(prefix + sign, none)[n])) for sign in signs).rstrip("A")
        for prefix in prefixes
        for n in range(1, size)
    ]
    short = re.sub("A{2,26}", lambda run: chr(_BEFORE_SMALL + len(run[0])), " ".join(rows))
    return {"signs": signs, "prefixes": " ".join(seconds.values()), "weights": short}


def _zeros(run: re.Match[str]) -> str:
    return "A" * (ord(run[0]) - _BEFORE_SMALL)


@cache
def load() -> Model:
    """Return the model that ``tagger.json`` holds."""
    return unpack(json.loads(MODEL.read_text(encoding="utf-8")))

"""What may identify, for the judge: what rules and reader find, what the tagger leans to, names and numbers by shape.

Wider than what is shown: the judge (``judge``) decides on each.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import Final, NamedTuple

from functions.pii import reader, shapes, tagger
from functions.pii.context import ORDINARY, UNLISTED, Context
from functions.pii.judge import ACCOUNTS, NAMES, NUMBERS, PLACES, STAYS, Candidate, Judge, load, score
from functions.pii.shapes import CAPITALS, DIGITS, HEX, OWN_NAME, SLASHED, is_none
from functions.pii.tagger import Model, Token

_ACCOUNTS: Final = frozenset({"email", "handle"})
_PHONE: Final = "phone"
_CERTAIN: Final = frozenset({"nik", "kk", "birth"})  # categories that tell one person, whatever stands around them
_LEAN: Final = -7  # the tagger's own is higher: the judge also sees what it nearly found
_ZEROS = re.compile(b"\\x00+")
_OTHERS: Final = frozenset("obfiapPHG3$")  # classes of words for others, whose a number could be
_TOLD: Final = frozenset("RSTU89LG")  # kinds of words and numbers without which a place is nowhere: "depan rumah saya"
_BARE: Final = 4  # words of such a place at most
_ENDS: Final = "z"  # the class of words that end a letter: "wassalam"
_SURE_NAME: Final = "NN"  # the tagger's name without a doubt
_BESIDE: Final = 3  # signs between a name and a phone: "Rohmatin (0852 ..."
_OWNER_NEAR: Final = 5  # tokens between an account that stays and its owner's name
_LEADS: Final = frozenset("tkKcvn")  # classes of words before a name
_CAPITAL: Final = "TU"
_OPEN: Final = "RSTU"
_PROBABLY: Final = (0.1, 0.4)  # for the reader: what is probable at all, then its firmer part
_READ: Final = {
    "N": (NAMES, tagger.OTHERS),
    "C": (NAMES, tagger.CHILD),
    "H": (PLACES, tagger.PLACE),
    "W": (PLACES, tagger.WORK),
    reader.NUMBER: (NUMBERS, DIGITS),
}
_ACTS: Final = "aPpy"  # classes of what somebody does or suffers
_CUT: Final = "HW"  # labels that hold none of it
_NAME_LONG = 4  # words of a name
_ACCOUNT_LONG = 64  # letters of an account that has neither digit nor @, or of a few words
_SHORT = 2
_LABEL: Final = 2  # signs up to what a machine wrote, whose label is no name: "Tanda 5fe2..."
_LETTERS: Final = 3  # at most, before a number that is one with it: "KT 1234"

Ruled = tuple[str, str, int, int]  # rule, category, and from where to where in the folded text


class Hidden(NamedTuple):
    """What the judge hides in a folded text; ``shown`` is the rule's name or the tagger's label."""

    shown: str
    start: int
    end: int


def hidden(
    text: str, by_rules: Iterable[Ruled], evidence: Iterable[tuple[int, int]], among: Container[str]
) -> Iterator[Hidden]:
    """Yield what identifies the writer or who stands beside them, and where it says "in front of my house".

    ``evidence`` is what stays by a first look. Only what is shown as one of ``among`` is looked for.
    """
    judge, by_rules, evidence = load(), list(by_rules), list(evidence)
    context = met(text, tagger.load(), judge.classes)
    context.read = reader.read(reader.load(), context, hints(context, by_rules, evidence))
    yield from (Hidden(tagger.BESIDE, *span) for span in tagger.beside(context.found, context.kinds))
    yield from chosen(context, [c for c in candidates(context, by_rules, evidence) if c.shown in among], judge)


def chosen(context: Context, found: Iterable[Candidate], judge: Judge) -> Iterator[Hidden]:
    """Yield what the judge hides in a text that is read.

    Of numbers that overlap the certain one comes, then the longest, since a part of one still finds its owner; of names
    and places the surest. A name that is surely hidden once is hidden wherever it stands.
    """
    size = len(context.text)
    machines, numbers, words = bytearray(size), bytearray(size), bytearray(size)
    for match in HEX.finditer(context.text):
        machines[match.start() : match.end()] = b"\x01" * len(match[0])
    sums = [(_sum(judge, context, one, machines), one) for one in found]
    names: list[tuple[str, int, int]] = []
    for is_word, taken in ((False, numbers), (True, words)):
        sure = [
            (total if is_word or one.certain else one.end - one.start, one)
            for total, one in sums
            if total > 0 and (one.what in (NAMES, PLACES)) is is_word
        ]
        for key, one in sorted(sure, key=lambda each: -each[0]):
            start, end = _free(context.text, numbers, one.start, one.end) if is_word else (one.start, one.end)
            if (start, end) != (one.start, one.end) and (start == end or not context.tells(start, end)):
                continue
            if not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                yield Hidden(one.shown, start, end)
                if one.what == NAMES and key >= judge.again:
                    names.append((one.shown, *context.place(start, end)))
    for shown, start, end in context.again(names):
        if not any(words[start:end]) and not any(numbers[start:end]):
            yield Hidden(shown, start, end)


def _sum(judge: Judge, context: Context, one: Candidate, machines: bytearray) -> float:
    """Return how sure it is that a candidate identifies: above 0 it is hidden."""
    end = one.end + (_LABEL if one.what == NAMES else 0)
    return inf if one.certain else 0 if any(machines[one.start : end]) else score(judge, context, one)


def _free(text: str, numbers: bytearray, start: int, end: int) -> tuple[int, int]:
    """Return the longest part of a stretch that is in no number: "4472 (Ernawati" behind the rest of one."""
    parts = [(run.start(), run.end()) for run in _ZEROS.finditer(numbers, start, end)]
    start, end = max(parts, key=lambda part: part[1] - part[0], default=(start, start))
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return start, end


def met(text: str, model: Model, classes: Mapping[str, str]) -> Context:
    """Return a folded text with its tokens and what the tagger leans to, not yet read."""
    context = Context(text, tagger.tokens(text, model.kinds), classes)
    context.leaning = _leaning(context.found, model)
    return context


def hints(context: Context, by_rules: Iterable[Ruled], evidence: Iterable[tuple[int, int]]) -> list[reader.Hints]:
    """Return what the reader is told of each token."""
    return reader.hints(context, [(rule, start, end) for rule, _, start, end in by_rules], evidence)


def candidates(context: Context, by_rules: Sequence[Ruled], evidence: Iterable[tuple[int, int]]) -> Iterator[Candidate]:
    """Yield all that the judge is asked about, and what it is not asked about since it is ``certain``."""
    stays, known = bytearray(len(context.text)), bytearray(len(context.text))
    for start, end in evidence:
        stays[start:end] = b"\x01" * (end - start)
    phones: list[tuple[int, int]] = []
    for rule, category, start, end in by_rules:
        known[start:end] = b"\x01" * (end - start)
        by = _by(rule, start, end, stays)
        what = ACCOUNTS if category in _ACCOUNTS else NUMBERS
        certain = category in _CERTAIN or (category == _PHONE and _OTHERS.isdisjoint(context.classes))
        phones += [(start, end)] if certain and category == _PHONE else []
        yield Candidate(start, end, what, by, rule, certain=certain)
    yield from _own_names(context)
    if context.found:
        for one in (*_of_tagger(context), *_of_reader(context)):
            if one.what == NUMBERS and (any(stays[one.start : one.end]) or is_none(context.text[one.start : one.end])):
                continue  # of what stays the rule's own candidate is asked about
            if one.what == NUMBERS:
                ruled = (rule for rule, _, start, end in by_rules if start < one.end and one.start < end)
                yield one._replace(shown=next(ruled, one.shown))
            elif _is_told(context, one, stays):
                beside = any(0 <= start - one.end < _BESIDE or 0 <= one.start - end < _BESIDE for start, end in phones)
                yield one._replace(certain=one.certain or (beside and one.by.startswith(_SURE_NAME)))
        yield from _by_shape(context.text, known, stays)


def _is_told(context: Context, one: Candidate, stays: bytearray) -> bool:
    """Whether words say anything of their own, and are not the owner of an account that stays: "BRI 0214 an. Budi"."""
    start, end = context.place(one.start, one.end)
    if one.what == NAMES and SLASHED.search(context.text[max(0, one.start - 1) : one.end + 1]):
        return False
    if one.shown == tagger.PLACE and end - start <= _BARE and _TOLD.isdisjoint(context.kinds[start:end]):
        return False
    led = context.classes[max(0, start - 2) : start].strip(".:")[-1:] == "n"
    return not (led and any(stays[context.starts[max(0, start - _OWNER_NEAR)] : one.start]))


def _own_names(context: Context) -> Iterator[Candidate]:
    """Yield what is written as a name where writers say their own."""
    for said in OWN_NAME.finditer(context.text):
        name = CAPITALS.match(context.text, said.end())
        if name and (" " in name[0] or context.classes[context.place(*name.span())[0]] != ORDINARY):
            yield Candidate(*name.span(), NAMES, _SURE_NAME, tagger.NAME, certain=True)


def _by_shape(text: str, known: bytearray, stays: bytearray) -> Iterator[Candidate]:
    """Yield numbers that no rule knows, and plates in any letters."""
    for kind, start, end in shapes.numbers(text):
        if not any(known[start:end]):
            yield Candidate(start, end, NUMBERS, _by(kind, start, end, stays), kind)


def _of_tagger(context: Context) -> Iterator[Candidate]:
    """Yield what the tagger leans to, then what is written or introduced as a name."""
    found, kinds = context.found, context.kinds
    said, ahead = context.leaning
    taken = bytearray(len(found))
    every = ((*piece, run[2]) for run in tagger.runs(found, kinds, said) for piece in _pieces(context, *run))
    for start, end, label in every:
        taken[start:end] = b"\x01" * (end - start)
        if set(_OPEN).isdisjoint(kinds[start:end]) and (label == tagger.NAME or end - start == 1):
            continue  # lists hold each of its words
        whose = tagger.subject(kinds, start, end, label)
        by = f"{label}{'?' if tagger.doubted(kinds, start, end, label) else ''}{whose}"
        what = NAMES if label == tagger.NAME else PLACES
        margin = max(ahead[start:end])
        signed = label == tagger.NAME and _is_signed(context, start, end)
        yield Candidate(found[start].start, found[end - 1].end, what, by, whose, margin, certain=signed)
    end = 0
    for start, token in enumerate(found):
        if start >= end and kinds[start] in _OPEN and not taken[start] and len(token.word) > _SHORT:
            led, capital = _is_led(context, start), kinds[start] in _CAPITAL
            if led or capital:
                end = _to(kinds, taken, start, _CAPITAL if capital else _OPEN, _NAME_LONG if capital else 2)
                by = "led" if led else "caps"
                margin = max(ahead[start:end])
                yield Candidate(token.start, found[end - 1].end, NAMES, by, tagger.OTHERS, margin)


def _of_reader(context: Context) -> Iterator[Candidate]:
    """Yield what the reader finds probable, without the signs at its ends."""
    done = set[tuple[int, int]]()
    found = (stretch for least in _PROBABLY for stretch in reader.stretches(context.read, least))
    for first, last, label in ((*piece, each[2]) for each in found for piece in _pieces(context, *each)):
        while label == reader.NUMBER and first < last and _is_word_before(context, first, last):
            first, last = tagger.trimmed(context.found, first + 1, last)  # noqa: PLW2901 - a word less
        told = context.text[context.found[first].start : context.found[last - 1].end] if first < last else ""
        bare = label == reader.NUMBER and set(told).isdisjoint("0123456789@")
        if bare and (UNLISTED.isdisjoint(context.classes[first:last]) or len(told) > _ACCOUNT_LONG):
            continue
        most = _NAME_LONG if bare else 30
        if first < last <= first + most and (first, last) not in done:
            done.add((first, last))
            what, shown = _READ[label]
            if label == tagger.NAME:
                shown = tagger.subject(context.kinds, first, last, label)
            yield Candidate(context.found[first].start, context.found[last - 1].end, what, f"+{label}", shown)


def _pieces(context: Context, start: int, end: int, label: str) -> Iterator[tuple[int, int]]:
    """Yield a stretch by sentences, without the rest of a word at its beginning ("anak2") and signs at the ends; a home
    or job also in pieces around what somebody does: "kasir koperasi dilecehkan ..."."""
    found, text = context.found, context.text
    if start + 1 < end and found[start].word.isdigit() and text[found[start].start - 1 : found[start].start].isalpha():
        start += 1
    stops = _ACTS if label in _CUT else ""
    since = start
    for at in range(start + 1, end + 1):
        if at == end or context.sentence[at] != context.sentence[at - 1] or context.classes[at] in stops:
            first, last = tagger.trimmed(found, since, at)
            if first < last:
                yield first, last
            since = at
            while since < end and context.classes[since] in stops:
                since += 1


def _is_word_before(context: Context, first: int, last: int) -> bool:
    """Whether a number's stretch begins with a word, which may be a name: "Suryani 0812 …"."""
    word, *rest = (token.word for token in context.found[first:last])
    named = word.isalpha() and len(word) > _LETTERS and context.kinds[first] != "U"
    return named and any(each.isdigit() and len(each) > _LETTERS for each in rest)


def _by(name: str, start: int, end: int, stays: bytearray) -> str:
    return name + STAYS if any(stays[start:end]) else name


def _is_signed(context: Context, start: int, end: int) -> bool:
    """Whether it is one word that no list holds, at the end of a text, after what ends a letter: "wassalam, utuh"."""
    before = context.classes[max(0, start - 2) : start].rstrip(",.\n")
    return end == len(context.found) == start + 1 and before[-1:] == _ENDS and context.classes[start] != ORDINARY


def _is_led(context: Context, at: int) -> bool:
    """Whether a word before leads to a name: "pak", "tetangga", "nama:"."""
    before = context.classes[max(0, at - 2) : at]
    return before[-1:] in _LEADS or (before[-1:] in {".", ":"} and before[:1] in _LEADS)


def _to(kinds: str, taken: bytearray, start: int, among: str, most: int) -> int:
    """Return where words of these kinds end, after so many at most."""
    end = start + 1
    while end < min(len(kinds), start + most) and kinds[end] in among and not taken[end]:
        end += 1
    return end


def _leaning(found: Sequence[Token], model: Model) -> tuple[str, list[int]]:
    """Return the labels of a tagger that leans to finding, and how far the better one is ahead of "harmless"."""
    kinds = f"^{''.join(token.kind for token in found)}__"
    before = tagger.OUTSIDE * 2
    said: list[str] = []
    ahead: list[int] = []
    for at, row in enumerate(tagger.features(found, model.heads)):
        hits = [w for f in (*row, *tagger.chained(kinds, at, before)) if (w := model.weights.get(f))]
        sums = [sum(column) for column in zip([0] * len(model.labels), *hits, strict=True)]
        best = max(range(1, len(sums)), key=sums.__getitem__)
        ahead.append(sums[best] - sums[0])
        said.append(model.labels[best] if ahead[-1] > _LEAN else tagger.OUTSIDE)
        before = before[1] + said[-1]
    return "".join(said), ahead

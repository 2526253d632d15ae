"""Receipts in a text, however they are typed: broken, spaced, stuck to other letters, O for 0, mistyped (law 12).

A receipt opens a case. So it never rests in words: it is taken out before sealing (``words.Words``) and masked on
every reading. A receipt is known by its check symbols: a group of five that is right for one place is so by chance once
in 32. Ordinary letters spell five right groups once in 33 million places, so five are always a receipt. Four are one
where letters and digits alternate as in a code; three, where five groups stand apart besides.

The browser's twin is ``site/browser/receipts.js``. The time is proportional to the text's length.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple
from unicodedata import category, digit, normalize

from functions.casework.receipt import ALPHABET, GROUP_DATA, GROUPS, VALUES, Receipt, check_symbol

TAKEN_OUT: Final = "[kode laporan disamarkan]"
_TAKEN_OUT = re.compile(re.escape(TAKEN_OUT) + r"|\[report code masked\]")  # no other mask: a receipt may stand in it
_GROUP = GROUP_DATA + 1
_SYMBOLS = GROUPS * _GROUP
_ENOUGH = GROUPS - 1  # right groups, where it looks like a code
_FEW = GROUPS - 2  # right groups, where it also stands apart as five groups
_TURNS = 4  # from letter to digit or back: random receipts turn ten times
_MIXED = 2  # groups with letters and digits, of those between which other words stand
_APART = 200  # code points within which groups with other words between them are of one receipt
_LOST = 2  # signs that a group may have lost or gained
_ODD = range(_GROUP - _LOST, _GROUP + _LOST + 1)
_BREAKS = 12  # from so many on, the signs are written one by one
_NO_SYMBOL, _GAP, _HIDDEN = "?", " ", "U"  # a letter that no receipt has stands for what is taken out already
# Letters of other scripts that look like ours; NFKD takes care of full-width and mathematical ones.
_FILLERS = "\u115f\u1160\u2800"  # letters and signs that show nothing
_LIKE = dict(zip("АВЕЗКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABE3KMHOPCTYX1JSABEZH1KMN0PTYX", strict=True))


class ReceiptFound(NamedTuple):
    """Something in a text that is a receipt: from ``start`` to ``end`` (code points). ``receipt`` is None if it has a
    typing error, and opens nothing as it stands."""

    start: int
    end: int
    receipt: Receipt | None


class _Sign(NamedTuple):
    """A letter or digit. ``value``: of the symbol, -1 if no receipt has it. ``at``: its code point in the text.
    ``word``: the number of the word it is in."""

    value: int
    at: int
    numeral: bool
    word: int


class _Word(NamedTuple):
    """A word, from sign ``first`` up to ``end``."""

    first: int
    end: int


def receipts_in(text: str) -> tuple[ReceiptFound, ...]:
    """Return the receipts in a text, in its order, without overlaps."""
    signs = _signs(text)
    if len(signs) < _SYMBOLS - 2:
        return ()
    places = [_place([sign.value for sign in signs[at : at + _GROUP]]) for at in range(len(signs) - _GROUP + 1)]
    spans = [*_unbroken(signs, places), *_with_a_wrong_length(signs, places)]
    spans += _groups_apart(signs, places, spans)
    found: list[ReceiptFound] = []
    for first, end, receipt in sorted(spans, key=lambda span: (span[0], -span[1])):
        start, stop = signs[first].at, signs[end - 1].at + 1
        if found and start < found[-1].end:
            found[-1] = ReceiptFound(found[-1].start, max(stop, found[-1].end), found[-1].receipt or receipt)
        else:
            found.append(ReceiptFound(start, stop, receipt))
    return tuple(found)


def without_receipts(text: str) -> str:
    """Return the text with ``TAKEN_OUT`` in place of each receipt; the same again for its own result."""
    while found := receipts_in(text):  # without its neighbour, what was one word may be another
        for each in reversed(found):
            text = text[: each.start] + TAKEN_OUT + text[each.end :]
    return text


def receipt_begins(text: str) -> int | None:
    """Return the code point at which the beginning of a receipt stands at a text's end: right groups from the first on,
    and part of the next. None if there is none. Its end was taken out of the message after it."""
    signs = _signs(text)
    for first in range(max(len(signs) - _SYMBOLS + 1, 0), len(signs) - _GROUP + 1):
        groups = range((len(signs) - first) // _GROUP)
        values = [sign.value for sign in signs[first:]]
        if all(_place(values[_GROUP * at : _GROUP * at + _GROUP]) == at for at in groups):
            return signs[first].at
    return None


_Span = tuple[int, int, Receipt | None]


def _unbroken(signs: Sequence[_Sign], places: Sequence[int]) -> Iterator[_Span]:
    """Yield stretches of 25 signs in which enough groups are right for their place, whatever stands between signs."""
    right: defaultdict[int, int] = defaultdict(int)
    for at, place in enumerate(places):
        if place >= 0:
            right[at - _GROUP * place] += 1
    for first, count in right.items():
        if count == GROUPS:
            values = [sign.value for sign in signs[first : first + _SYMBOLS]]
            yield first, first + _SYMBOLS, _receipt(values)
        elif count == _FEW and _alone(signs, first) and _like_a_code(signs, first, first + _SYMBOLS):
            yield first, first + _SYMBOLS, None
        elif count == _ENOUGH and -_LOST <= first <= len(signs) - _SYMBOLS + _LOST:
            span = max(first, 0), min(first + _SYMBOLS, len(signs))
            if _like_a_code(signs, *span):
                yield *_at_a_words_end(signs, places, first, *span), None


def _with_a_wrong_length(signs: Sequence[_Sign], places: Sequence[int]) -> Iterator[_Span]:
    """Yield stretches in which one of the middle groups has a sign or two too many or too few, and four are right."""
    for first, place in enumerate(places):
        if place:
            continue
        before = 1
        while before < GROUPS and _is(places, first + _GROUP * before, before):
            before += 1
        if not 1 <= before < _ENOUGH:
            continue
        for more in (*range(-_LOST, 0), *range(1, _LOST + 1)):
            after = first + more
            if all(_is(places, after + _GROUP * later, later) for later in range(before + 1, GROUPS)):
                end = after + _SYMBOLS
                if _like_a_code(signs, first, end):
                    yield first, end, None


def _groups_apart(signs: Sequence[_Sign], places: Sequence[int], taken: Sequence[_Span]) -> Iterator[_Span]:
    """Yield receipts whose groups stand apart: with other words between them, in another order, or with two wrong."""
    words = _words(signs)
    hidden = bytearray(len(signs))
    for first, end, _ in taken:
        hidden[first:end] = b"\x01" * (end - first)
    near: deque[int] = deque()  # words that are a right group of some place
    for number, word in enumerate(words):
        if word.end - word.first == _GROUP and places[word.first] >= 0 and not hidden[word.first]:
            near.append(number)
            while signs[word.first].at - signs[words[near[0]].first].at > _APART:
                near.popleft()
            yield from _of_words(signs, places, words, near)


def _of_words(
    signs: Sequence[_Sign], places: Sequence[int], words: Sequence[_Word], near: deque[int]
) -> Iterator[_Span]:
    """Yield the receipt that right groups ``near`` each other are of; ``near`` is emptied by a whole one."""
    by_place = {places[words[number].first]: number for number in near}
    enough = sum(_turns(signs, *words[number]) > 0 for number in by_place.values()) >= _MIXED
    first, last = min(by_place.values()), max(by_place.values())
    in_order = [by_place.get(place, -1) for place in range(GROUPS)] == sorted(by_place.values())
    if len(by_place) == GROUPS and in_order:
        values = [sign.value for place in range(GROUPS) for sign in signs[slice(*words[by_place[place]])]]
        near.clear()
        yield words[first].first, words[last].end, _receipt(values)
    elif len(by_place) == GROUPS and enough:
        yield words[first].first, words[last].end, None
    elif len(by_place) == _ENOUGH and enough:
        first -= 0 not in by_place and first > 0 and _length(words, first - 1) in _ODD
        last += _ENOUGH not in by_place and last + 1 < len(words) and _length(words, last + 1) in _ODD
        yield words[first].first, words[last].end, None
    else:
        yield from _of_five(signs, places, words, last)


def _of_five(signs: Sequence[_Sign], places: Sequence[int], words: Sequence[_Word], last: int) -> Iterator[_Span]:
    """Yield five words of five signs, one beside the other, of which three are right groups; ``last`` is the last."""
    for first in range(max(last - GROUPS + 1, 0), min(last, len(words) - GROUPS) + 1):
        five = words[first : first + GROUPS]
        if all(word.end - word.first == _GROUP for word in five):
            right = {places[word.first] for word in five} - {-1}
            if len(right) >= _FEW and sum(_turns(signs, *word) > 0 for word in five) >= _FEW:
                yield five[0].first, five[-1].end, None


def _at_a_words_end(
    signs: Sequence[_Sign], places: Sequence[int], expected: int, first: int, end: int
) -> tuple[int, int]:
    """Return where a receipt of four right groups begins and ends. If the first or the last is the wrong one, it may
    have lost a sign: it does not reach into the word beside it."""
    if not _is(places, expected, 0):
        while signs[first].word != signs[expected + _GROUP - 1].word and expected + _GROUP - first > _ODD.start:
            first += 1
    elif not _is(places, expected + _SYMBOLS - _GROUP, GROUPS - 1):
        while signs[end - 1].word != signs[end - _GROUP].word and end - expected - _SYMBOLS + _GROUP > _ODD.start:
            end -= 1
    return first, end


def _alone(signs: Sequence[_Sign], first: int) -> bool:
    """Whether 25 signs from ``first`` are one word."""
    end = first + _SYMBOLS
    inside = first >= 0 and end <= len(signs) and signs[first].word == signs[end - 1].word
    before, after = first > 0 and signs[first - 1].word, end < len(signs) and signs[end].word
    return inside and signs[first].word not in (before, after)


def _signs(text: str) -> list[_Sign]:
    signs: list[_Sign] = []
    word = 1
    text = _TAKEN_OUT.sub(lambda mask: f" {_HIDDEN * (len(mask[0]) - 2)} ", text)
    for at, character in enumerate(text):
        for plain in _plain(character):
            if plain == _GAP:
                word += 1
            else:
                signs.append(_Sign(VALUES.get(plain, -1), at, plain.isdigit(), word))
    return signs


@cache
def _plain(character: str) -> str:
    """Return the symbols that a character shows; "" for what is unseen, a blank for what stands between words."""
    shown = ""
    for part in normalize("NFKD", character).upper():
        if category(part) == "Nd":
            shown += str(digit(part))
        elif part in VALUES or part in _LIKE:
            shown += _LIKE.get(part, part)
        elif part.isascii() and part.isalpha():
            shown += _NO_SYMBOL
        elif part.isspace() or not (category(part)[0] in "MC" or part in _FILLERS):
            shown += _GAP
    return shown


def _words(signs: Sequence[_Sign]) -> list[_Word]:
    bounds = [at for at, sign in enumerate(signs) if not at or signs[at - 1].word != sign.word]
    return [_Word(first, end) for first, end in zip(bounds, [*bounds[1:], len(signs)], strict=True)]


def _length(words: Sequence[_Word], number: int) -> int:
    return words[number].end - words[number].first


def _place(group: Sequence[int]) -> int:
    """Return the place (from 0) for which a group's check symbol is right, -1 if there is none."""
    return -1 if min(group) < 0 else _PLACES.get(_folded(group), -1)


def _folded(group: Sequence[int]) -> int:
    """Return a group's five values as one over GF(32): it depends on the place alone if the group is right."""
    total = 0
    for value in group:
        total = _TWICE[total] ^ value
    return total


def _is(places: Sequence[int], at: int, place: int) -> bool:
    return 0 <= at < len(places) and places[at] == place


def _like_a_code(signs: Sequence[_Sign], first: int, end: int) -> bool:
    """Whether signs are mixed and separated as a code's are: between groups, everywhere, nowhere, or by one line's end.

    Numbers of other kinds beside each other are broken at other places.
    """
    breaks = [at - first for at in range(first + 1, end) if signs[at].word != signs[at - 1].word]
    odd = [at for at in breaks if at % _GROUP and (end - first - at) % _GROUP]
    return _turns(signs, first, end) >= _TURNS and (len(odd) <= 1 or len(breaks) >= _BREAKS)


def _turns(signs: Sequence[_Sign], first: int, end: int) -> int:
    """Count how often letters give way to digits or digits to letters."""
    return sum(one.numeral is not following.numeral for one, following in pairwise(signs[first:end]))


def _receipt(values: Sequence[int]) -> Receipt:
    return Receipt("".join(ALPHABET[value] for at, value in enumerate(values) if at % _GROUP < GROUP_DATA))


_TWICE: Final = [(value << 1) ^ (0x25 if value & 0x10 else 0) for value in range(1 << 5)]
_PLACES: Final = {_folded([0, 0, 0, 0, VALUES[check_symbol(place, "0000")]]): place for place in range(GROUPS)}

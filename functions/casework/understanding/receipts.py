"""Receipts in a text, however they are typed: broken, spaced, stuck to other letters, O for 0, mistyped (law 12).

A receipt opens a case. So it never rests in words: it is taken out before sealing (``words.Words``) and masked on
every reading. A receipt is known by its check symbols: a group of five that is right for one place is so by chance once
in 32. Ordinary letters spell five right groups once in 33 million places, so five are always a receipt. Four are one
where letters and digits alternate as in a code; three, where five groups stand apart besides.

The browser's twin is ``site/browser/receipts.js``. The time is proportional to the text's length.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate, chain, compress, count, pairwise, repeat
from typing import Final, NamedTuple
from unicodedata import category, digit, normalize

from functions.casework.receipt import ALPHABET, GROUP_DATA, GROUPS, VALUES, Receipt

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
_NONE: Final = 0xFF
_RIGHT: Final = re.compile(rb"[^\xff]")
_FIRST: Final = re.compile(rb"\x00")
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


class _Signs(NamedTuple):
    """The letters and digits of a text, a column for each of their properties, which C code fills and reads.

    ``values``: of the symbols, ``_NONE`` where no receipt has it. ``at``: their code points in the text. ``numeral``: 1
    for a digit. ``word``: the number of the word each is in. ``places``: the place (from 0) for which the group that
    begins there is right, ``_NONE`` if there is none.
    """

    values: bytes
    at: Sequence[int]
    numeral: bytes
    word: Sequence[int]
    places: bytes


class _Word(NamedTuple):
    """A word, from sign ``first`` up to ``end``."""

    first: int
    end: int


def receipts_in(text: str) -> tuple[ReceiptFound, ...]:
    """Return the receipts in a text, in its order, without overlaps."""
    signs = _signs(text)
    if len(signs.values) < _SYMBOLS - 2:
        return ()
    spans = [*_unbroken(signs)]
    spans += _with_a_wrong_length(signs, spans)
    spans += _groups_apart(signs, spans)
    found: list[ReceiptFound] = []
    for first, end, receipt in sorted(spans, key=lambda span: (span[0], -span[1])):
        start, stop = signs.at[first], signs.at[end - 1] + 1
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
    end = len(signs.values)
    for first in range(max(end - _SYMBOLS + 1, 0), end - _GROUP + 1):
        if all(signs.places[first + _GROUP * at] == at for at in range((end - first) // _GROUP)):
            return signs.at[first]
    return None


_Span = tuple[int, int, Receipt | None]


def _unbroken(signs: _Signs) -> Iterator[_Span]:
    """Yield stretches of 25 signs in which enough groups are right for their place, whatever stands between signs."""
    right: defaultdict[int, int] = defaultdict(int)
    for group in _RIGHT.finditer(signs.places):
        right[group.start() - _GROUP * group[0][0]] += 1
    for first, groups in right.items():
        if groups == GROUPS:
            yield first, first + _SYMBOLS, _receipt(signs.values[first : first + _SYMBOLS])
        elif groups == _FEW and _alone(signs, first) and _like_a_code(signs, first, first + _SYMBOLS):
            yield first, first + _SYMBOLS, None
        elif groups == _ENOUGH and -_LOST <= first <= len(signs.values) - _SYMBOLS + _LOST:
            span = max(first, 0), min(first + _SYMBOLS, len(signs.values))
            if _like_a_code(signs, *span):
                yield *_at_a_words_end(signs, first, *span), None


def _with_a_wrong_length(signs: _Signs, taken: Sequence[_Span]) -> Iterator[_Span]:
    """Yield stretches in which one of the middle groups has a sign or two too many or too few, and four are right. They
    hold no sign of a whole receipt in ``taken``: with the end of the word before, its first are right once in 16."""
    whole = _hidden(signs, [span for span in taken if span[2]])
    for first in (group.start() for group in _FIRST.finditer(signs.places)):
        before = 1
        while before < GROUPS and _is(signs.places, first + _GROUP * before, before):
            before += 1
        if not 1 <= before < _ENOUGH:
            continue
        for more in (*range(-_LOST, 0), *range(1, _LOST + 1)):
            after = first + more
            if all(_is(signs.places, after + _GROUP * later, later) for later in range(before + 1, GROUPS)):
                end = after + _SYMBOLS
                if not any(whole[first:end]) and _like_a_code(signs, first, end):
                    yield first, end, None


def _groups_apart(signs: _Signs, taken: Sequence[_Span]) -> Iterator[_Span]:
    """Yield receipts whose groups stand apart: with other words between them, in another order, or with two wrong."""
    words, hidden = _words(signs), _hidden(signs, taken)
    near: deque[int] = deque()  # words that are a right group of some place
    for number, word in enumerate(words):
        if word.end - word.first == _GROUP and signs.places[word.first] != _NONE and not hidden[word.first]:
            near.append(number)
            while signs.at[word.first] - signs.at[words[near[0]].first] > _APART:
                near.popleft()
            yield from _of_words(signs, words, near)


def _hidden(signs: _Signs, taken: Sequence[_Span]) -> bytearray:
    """Return a 1 for each sign in ``taken``."""
    hidden = bytearray(len(signs.values))
    for first, end, _ in taken:
        hidden[first:end] = b"\x01" * (end - first)
    return hidden


def _of_words(signs: _Signs, words: Sequence[_Word], near: deque[int]) -> Iterator[_Span]:
    """Yield the receipt that right groups ``near`` each other are of; ``near`` is emptied by a whole one."""
    by_place = {signs.places[words[number].first]: number for number in near}
    enough = sum(_turns(signs, *words[number]) > 0 for number in by_place.values()) >= _MIXED
    first, last = min(by_place.values()), max(by_place.values())
    in_order = [by_place.get(place, -1) for place in range(GROUPS)] == sorted(by_place.values())
    if len(by_place) == GROUPS and in_order:
        values = b"".join(signs.values[slice(*words[by_place[place]])] for place in range(GROUPS))
        near.clear()
        yield words[first].first, words[last].end, _receipt(values)
    elif len(by_place) == GROUPS and enough:
        yield words[first].first, words[last].end, None
    elif len(by_place) == _ENOUGH and enough:
        first -= 0 not in by_place and first > 0 and _length(words, first - 1) in _ODD
        last += _ENOUGH not in by_place and last + 1 < len(words) and _length(words, last + 1) in _ODD
        yield words[first].first, words[last].end, None
    else:
        yield from _of_five(signs, words, last)


def _of_five(signs: _Signs, words: Sequence[_Word], last: int) -> Iterator[_Span]:
    """Yield five words of five signs, one beside the other, of which three are right groups; ``last`` is the last."""
    for first in range(max(last - GROUPS + 1, 0), min(last, len(words) - GROUPS) + 1):
        five = words[first : first + GROUPS]
        if all(word.end - word.first == _GROUP for word in five):
            right = {signs.places[word.first] for word in five} - {_NONE}
            if len(right) >= _FEW and sum(_turns(signs, *word) > 0 for word in five) >= _FEW:
                yield five[0].first, five[-1].end, None


def _at_a_words_end(signs: _Signs, expected: int, first: int, end: int) -> tuple[int, int]:
    """Return where a receipt of four right groups begins and ends. If the first or the last is the wrong one, it may
    have lost a sign: it does not reach into the word beside it."""
    if not _is(signs.places, expected, 0):
        while signs.word[first] != signs.word[expected + _GROUP - 1] and expected + _GROUP - first > _ODD.start:
            first += 1
    elif not _is(signs.places, expected + _SYMBOLS - _GROUP, GROUPS - 1):
        while signs.word[end - 1] != signs.word[end - _GROUP] and end - expected - _SYMBOLS + _GROUP > _ODD.start:
            end -= 1
    return first, end


def _alone(signs: _Signs, first: int) -> bool:
    """Whether 25 signs from ``first`` are one word."""
    end = first + _SYMBOLS
    inside = first >= 0 and end <= len(signs.values) and signs.word[first] == signs.word[end - 1]
    before, after = first > 0 and signs.word[first - 1], end < len(signs.values) and signs.word[end]
    return inside and signs.word[first] not in (before, after)


def _signs(text: str) -> _Signs:
    text = _TAKEN_OUT.sub(lambda mask: f" {_HIDDEN * (len(mask[0]) - 2)} ", text)
    if text.isascii() and not _UNSEEN.search(text):  # one symbol for each character
        signs = text.encode().translate(_ASCII)
        kept = signs.translate(_KEPT)
        at = compress(count(), kept)
    else:
        shown = [*map(_plain, text)]
        signs = "".join(shown).encode("ascii")
        kept = signs.translate(_KEPT)
        at = compress(chain.from_iterable(map(repeat, count(), map(len, shown))), kept)
    word = compress(accumulate(signs.translate(_GAPS), initial=1), kept)
    signs = signs.replace(_GAP.encode(), b"")
    values = signs.translate(_VALUES)
    return _Signs(values, [*at], signs.translate(_NUMERALS), [*word], _places(values))


def _places(values: bytes) -> bytes:
    """Return the place for which each five values beside each other are right. A group's five are folded over GF(32) to
    a number that depends on the place alone; one operation folds all groups of the text."""
    groups = len(values) - _GROUP + 1
    if groups < 1:
        return b""
    folded = wrong = 0
    for at, table in enumerate(_FOLDS):
        column = values[at : at + groups]
        folded ^= int.from_bytes(column.translate(table))
        wrong |= int.from_bytes(column.translate(_WRONG))
    return (folded | wrong).to_bytes(groups).translate(_PLACES)


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


def _words(signs: _Signs) -> list[_Word]:
    bounds = [at for at, (before, word) in enumerate(pairwise(chain((0,), signs.word))) if before != word]
    return [_Word(first, end) for first, end in pairwise([*bounds, len(signs.word)])]


def _length(words: Sequence[_Word], number: int) -> int:
    return words[number].end - words[number].first


def _is(places: bytes, at: int, place: int) -> bool:
    return 0 <= at < len(places) and places[at] == place


def _like_a_code(signs: _Signs, first: int, end: int) -> bool:
    """Whether signs are mixed and separated as a code's are: between groups, everywhere, nowhere, or by one line's end.

    Numbers of other kinds beside each other are broken at other places.
    """
    breaks = [at - first for at in range(first + 1, end) if signs.word[at] != signs.word[at - 1]]
    odd = [at for at in breaks if at % _GROUP and (end - first - at) % _GROUP]
    return _turns(signs, first, end) >= _TURNS and (len(odd) <= 1 or len(breaks) >= _BREAKS)


def _turns(signs: _Signs, first: int, end: int) -> int:
    """Count how often letters give way to digits or digits to letters."""
    return sum(one != following for one, following in pairwise(signs.numeral[first:end]))


def _receipt(values: bytes) -> Receipt:
    return Receipt("".join(ALPHABET[value] for at, value in enumerate(values) if at % _GROUP < GROUP_DATA))


def _times(value: int, power: int) -> int:
    """Return a value times x to a power, over the field of ``check_symbol``."""
    for _ in range(power):
        value = (value << 1) ^ (0x25 if value & 0x10 else 0)
    return value


def _table(default: int, known: Mapping[int, int]) -> bytes:
    """Return a table for ``bytes.translate``."""
    return bytes(known.get(byte, default) for byte in range(1 << 8))


_KEPT: Final = _table(1, {ord(_GAP): 0})
_GAPS: Final = _table(0, {ord(_GAP): 1})
_NUMERALS: Final = _table(0, {ord(numeral): 1 for numeral in "0123456789"})
_VALUES: Final = _table(_NONE, {ord(symbol): value for symbol, value in VALUES.items()})
_WRONG: Final = _table(0, {_NONE: _NONE})
_FOLDS: Final = [_table(0, {value: _times(value, _GROUP - 1 - at) for value in range(1 << 5)}) for at in range(_GROUP)]
_PLACES: Final = _table(_NONE, {_times(place + 1, _GROUP): place for place in range(GROUPS)})
_UNSEEN: Final = re.compile("|".join(re.escape(chr(n)) for n in range(1 << 7) if not _plain(chr(n))))
_ASCII: Final = bytes(ord(_plain(chr(n)) or _GAP) for n in range(1 << 7)).ljust(1 << 8, _GAP.encode())

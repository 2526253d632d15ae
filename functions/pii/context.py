"""A text as reader and judge read it: words, their classes by lists or shape, sentences, who is spoken of at all."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from functions.pii.tagger import Token

ORDINARY: Final = "Z"  # the class of words that many write small
KNOWN: Final = "E"  # the class of names that lists hold
WITHIN: Final = 6  # tokens of a finding that are read, from its beginning
FAR_BEFORE: Final = 12  # tokens before, and after, that are read as a heap
_STOPS = frozenset(".!?;\n")
_SHORT = 3  # letters of a word that may be shortened: "Jl."
_SHORTENED = frozenset("jln blk kel kec kab drs dra moh muh abd sdr prof dsn komp perum nomor gang".split())  # noqa: SIM905 - as the lists of words
_OPEN = frozenset("RSTU")  # kinds of words that no list of the tagger holds
UNLISTED: Final = frozenset("TR.~E")  # classes of words that may be names
_LEFT = 0.7  # so sure may the reader be that what a number leaves of a stretch is nothing
_TELLING = frozenset("$DGHKP13!")  # classes that say whose something is, beside all in small letters
_SIGNS = frozenset('.,:()-/\n"')
_LONG_NUMBER = 5  # digits, as for the tagger
_LONG_WORD = 6
_BEGINNINGS = (("di", "V"), (("me", "ny", "ng"), "A"), (("ber", "ter", "ke", "pe"), "B"))
_WRITTEN = {"T": "T", "U": "T", "R": "R", "S": "."}


DEEDS: Final = frozenset("aPpy")  # classes of what somebody does or suffers
HURT: Final = re.compile("a.?[mKkc]")  # "pukul saya"


class Context:
    """A text as the judge reads it: words, their classes, sentences."""

    def __init__(self, text: str, found: Sequence[Token], classes: Mapping[str, str]) -> None:
        """Read a folded text with its tokens."""
        self.text = text
        self.found = found
        self.starts = [token.start for token in found]
        self.words = ["\ufffd" if token.kind == "M" else token.word for token in found]  # a mask is one word
        self.kinds = "".join(token.kind for token in found)
        self.classes = "".join(_class(token, classes.get(token.word, "")) for token in found)
        self.said = [KNOWN if c == KNOWN else w for w, c in zip(self.words, self.classes, strict=True)]
        self.sentence = list(self._sentences())
        self.bounds = {n: (bisect_left(self.sentence, n), bisect_right(self.sentence, n)) for n in set(self.sentence)}
        # Who is spoken of at all: the accused, officials, those who suffer, what is done to the writer.
        self.told = "".join(c for c in "boPv3" if c in self.classes) + ("h" if HURT.search(self.classes) else "")
        # Of each token, what the tagger leans to and how far, and how probable each label is for the reader.
        self.leaning: tuple[str, Sequence[int]] = ("", ())
        self.read: Sequence[Sequence[float]] = ()
        self.where: dict[str, list[int]] = {}
        for at, token in enumerate(found):
            if token.kind in _OPEN and len(token.word) >= _SHORT:
                self.where.setdefault(token.word, []).append(at)

    def _sentences(self) -> Iterator[int]:
        """Yield the number of each token's sentence. "Jl." and "H." end none."""
        number = 0
        for at, word in enumerate(self.words):
            yield number
            if word in _STOPS and not (word == "." and at and self._is_short(self.words[at - 1])):
                number += 1

    @staticmethod
    def _is_short(word: str) -> bool:
        return len(word) < _SHORT or word in _SHORTENED

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the tokens of a stretch of the text."""
        first = max(0, bisect_right(self.starts, start) - 1)
        return first, max(first + 1, bisect_left(self.starts, end))

    def again(self, names: Iterable[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
        """Yield all places of the words of names that no list holds; names come as tokens, with how they are shown."""
        shown: dict[str, str] = {}
        for one, first, last in names:
            for at in range(first, min(last, first + WITHIN)):
                if self.classes[at] in UNLISTED:
                    shown.setdefault(self.words[at], one)
        for word, one in shown.items():
            for at in self.where.get(word, ()):
                yield one, self.found[at].start, self.found[at].end

    def tells(self, start: int, end: int) -> bool:
        """Whether a stretch is more than one word that lists hold, and is probable for the reader by itself."""
        first, last = self.place(start, end)
        read = not self.read or min(row[0] for row in self.read[first:last]) < _LEFT
        return read and (last - first > 1 or self.classes[first] in UNLISTED)


def _class(token: Token, listed: str) -> str:
    """Return what a word says: its list, else its shape. An ordinary word is one where its shape says nothing."""
    if listed and listed != ORDINARY:
        return listed
    shape = _by_shape(token)
    return listed if listed and shape in UNLISTED else shape


def _by_shape(token: Token) -> str:
    """Return the class of a word that no list holds: verbs by their beginning, numbers, signs."""
    word = token.word
    if word.isdigit():
        return "8" if len(word) < _LONG_NUMBER else "9"
    if not word[0].isalpha():
        return word if word in _SIGNS else ";"
    begun = next((c for starts, c in _BEGINNINGS if word.startswith(starts)), "") if len(word) >= _LONG_WORD else ""
    if not begun and len(word) >= _LONG_WORD and word.endswith(("nya", "kan")):
        begun = "N"
    return begun or _WRITTEN.get(token.kind, "~")


def lead(context: Context, start: int) -> str:
    """Return the last three telling classes before, the nearest first."""
    near = context.classes[max(0, start - FAR_BEFORE) : start][::-1]
    return "".join(c for c in near if tells(c) and c != "r")[:3]


@cache
def tells(c: str) -> bool:
    """Whether a class of words says whose something is."""
    return c.islower() or c in _TELLING

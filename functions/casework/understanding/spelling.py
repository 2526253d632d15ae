"""Comparing words as people type them: letters only, doubled letters once, dropped vowels, one slip of the finger.

No library: RapidFuzz is a compiled wheel of some megabytes in every function, for what a dozen lines do here.
"""

import re
import unicodedata

VOWELS = frozenset("aeiou")
SKELETON_LEAST = 4  # consonants that a word without its vowels must have to be recognised
SHORT, LONG = 6, 10  # letters from which one slip is forgiven, and two
_LETTERS = re.compile("[a-z]+")
_REPEATED = re.compile(r"(.)\1+", re.DOTALL)
_DROPPED = dict.fromkeys(map(ord, "'\u2019`"))  # within a word


def words_of(text: str) -> list[str]:
    """Return the words in small Latin letters, without digits and signs, a repeated letter once ("makasiiih")."""
    plain = text.lower()
    if not text.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", text).lower() if not unicodedata.combining(c))
    return _LETTERS.findall(once(plain.translate(_DROPPED)))


def once(word: str) -> str:
    """Return a word, or several, with repeated letters once."""
    return _REPEATED.sub(r"\1", word)


def is_alike(typed: str, name: str) -> bool:
    """Whether ``typed`` may be ``name``: with vowels left out, or with one slip in six letters, two in ten. The first
    letter is the one that people type right. Both as ``words_of`` returns them."""
    if typed == name:
        return True
    if typed[:1] != name[:1] or abs(len(typed) - len(name)) > len(name) // 2:
        return False
    bones = _skeleton(name)
    if len(bones) >= SKELETON_LEAST and bones == _skeleton(typed) and _is_within(typed, name):
        return True
    slips = 2 if len(name) >= LONG else 1 if len(name) >= SHORT else 0
    return bool(slips) and abs(len(typed) - len(name)) <= slips and distance(typed, name) <= slips


def distance(one: str, other: str) -> int:
    """Return how many letters must be put in, taken out, changed, or swapped with their neighbour (Damerau 1964, each
    place touched once). The time is the product of both lengths."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        now = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, now[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            now.append(cost)
        before, last = last, now
    return last[-1]


def _skeleton(word: str) -> str:
    return word[:1] + "".join(c for c in word[1:] if c not in VOWELS)


def _is_within(part: str, whole: str) -> bool:
    """Whether the letters of ``part`` stand in ``whole`` in this order."""
    rest = iter(whole)
    return all(c in rest for c in part)

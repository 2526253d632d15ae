"""Names of places as people hear them: "nihas lia bing" for Nehes Liah Bing, "gelinjau" for Kelinjau.

Dayak and Kutai names are spelled by ear: vowels change, a breath or a glottal stop falls out, the first sound is
voiced. A long name is that one whose other consonants stand in the same order.

Tests: ``tests/doors/test_sms_places.py``.
"""

from typing import Final

from functions.casework.understanding.spelling import VOWELS, distance

FIRST: Final = {"g": "k", "k": "g", "b": "p", "p": "b", "c": "s", "s": "c", "y": "j", "j": "y", "d": "t", "t": "d"}
FIRST_LEAST: Final = 8  # letters of a name whose first sound alone may differ
BONES_LEAST: Final = 6  # consonants of a name that is told by these: "sama orang" is not Semarang
CHANGED: Final = 4  # letters of which one may be another
_SILENT: Final = VOWELS | frozenset("hqwy")


def is_heard(typed: str, name: str) -> bool:
    """Whether ``typed`` may be how somebody heard ``name``; both as ``words_of`` joins them."""
    if typed[:1] == FIRST.get(name[:1]) and typed[1:] == name[1:]:
        return len(name) >= FIRST_LEAST
    if typed[:1] != name[:1] or abs(len(typed) - len(name)) > 2:  # noqa: PLR2004 - letters that nobody hears
        return False
    bones = _bones(name)
    return len(bones) >= BONES_LEAST and bones == _bones(typed) and distance(typed, name) <= len(name) // CHANGED


def _bones(word: str) -> str:
    return "".join(letter for letter in word if letter not in _SILENT)

"""The offices that few words point to and say nothing of: "dishub pak", "orang pu yang minta", "kominfo itu".

By themselves they accuse nobody. In a case that tells of conduct they say who did it. An office that only stands
nearby, that was told before, is asked for help or is thanked is not pointed to.

Tests: ``tests/casework/test_later_accused.py``.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from functions.casework.understanding.reading import Office, Part, Reading
from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.thanks import thanks_in
from functions.casework.understanding.word_lists import is_all_of

_BEFORE_ONE: Final = (
    "yang yg itu ini pelaku pelakunya oknum oknumnya mereka dia dari dr suruhan bawahan atasan ternyata rupanya "
    "katanya ktnya tapi tp juga jg sama dan ya iya dalang otak dalangnya pimpinan anggota"
)
_BEHIND_ONE: Final = "itu yang yg juga jg semua sendiri ikut terlibat sama dan lagi tu"
_TITLES: Final = "pak pa bu bpk ibu bapak nya sih pun kok nih min mas"
_MORE_BARE: Final = "loket bagian siapa lagi kok bukan mungkin kayaknya sepertinya jawab balas daerah kabupaten kutim"
_BEFORE: Final = frozenset(_BEFORE_ONE.split())
_BEHIND: Final = frozenset(_BEHIND_ONE.split())
_IDLE: Final = frozenset(_TITLES.split())
_BARE: Final = _BEFORE | _BEHIND | _IDLE | frozenset(_MORE_BARE.split())
_ONLY: Final = frozenset({"saja", "aja", "cuma", "hanya", "doang"})
_NEAR: Final = 2  # words between a pointing word and the office


class Pointed(NamedTuple):
    """The codes of the offices that a text points to, and of those that it names ``aside``: nearby, told before, asked
    for help, thanked."""

    to: tuple[str, ...] = ()
    aside: frozenset[str] = frozenset()


def pointed_in(reading: Reading, text: str) -> Pointed:
    """Return the offices that a text points to, and those it only names aside."""
    to: dict[str, None] = {}
    named = {code for office in reading.offices for code in office.called.codes}
    thanks = thanks_in(words_of(text))
    bare = _is_bare(reading)
    for office in reading.offices:
        if (bare and office.part is not Part.LANDMARK and not _denied(reading, office)) or _is_pointed(
            reading, office, thanks=thanks
        ):
            to |= dict.fromkeys(office.called.codes)
    acting = {
        code
        for office in reading.offices
        if office.part in (Part.ACTOR, Part.TARGET) and not thanks
        for code in office.called.codes
    }
    return Pointed(tuple(to), frozenset(named - acting - set(to)))


def _is_pointed(reading: Reading, office: Office, *, thanks: bool) -> bool:
    asks = office.part is Part.ASKED and office.at > 1 and _word(reading, office.at - 2) in ("yang", "yg")
    if not (office.part in (Part.ACTOR, Part.TARGET) or asks) or _denied(reading, office):
        return False
    before = [n for n in reading.same(office.at, office.at - _NEAR - 1, office.at) if _word(reading, n) not in _IDLE]
    behind = [n for n in reading.same(office.at, office.to, office.to + _NEAR + 1) if _word(reading, n) not in _IDLE]
    near = any(_word(reading, n) in _BEFORE for n in before[-_NEAR:])
    next_to = any(_word(reading, n) in _BEHIND for n in behind[:1]) and not _is_this(reading, behind)
    said_so = any(_word(reading, n) in ("yang", "yg") for n in (*before[-_NEAR:], *behind[:1]))
    return (near or next_to) and (said_so or not thanks)


def _is_this(reading: Reading, behind: Sequence[int]) -> bool:
    """Whether "itu" behind an office begins what is said of another thing: "kata orang pu itu jalan provinsi"."""
    if _word(reading, behind[0]) not in ("itu", "tu"):
        return False
    return len(behind) > 1 and reading.joined(behind[0]) and _word(reading, behind[1]) not in _BEHIND


def _is_bare(reading: Reading) -> bool:
    """Whether a text names offices and says nothing else."""
    rest = (word.forms[0] for n, word in enumerate(reading.words) if word.forms and not _within(reading, n))
    return bool(reading.offices) and all(
        word in _BARE or word.isdigit() or is_all_of(word, "address", "self", "yes") for word in rest
    )


def _within(reading: Reading, at: int) -> bool:
    return any(office.at <= at < office.to for office in reading.offices)


def _denied(reading: Reading, office: Office) -> bool:
    """Whether an office is said not to be meant: "bukan pu tapi dishub", not "bukan pu saja"."""
    before = office.at > 0 and _word(reading, office.at - 1) in ("bukan", "bkn", "dudu", "lain")
    only = office.to < len(reading.words) and _word(reading, office.to) in _ONLY
    return before and not only


def _word(reading: Reading, at: int) -> str:
    forms = reading.words[at].forms
    return forms[0] if forms else ""

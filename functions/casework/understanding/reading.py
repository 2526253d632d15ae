"""The offices that a text names, and what each is in its sentence: a landmark, asked for help, told before, or a part.

"Depan kantor Dishub" is a place, "mohon Dishub" asks it, "sudah lapor ke Dishub" tells that it knows: none of these did
anything. "Tolong periksa Dishub" makes it a target.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from functools import cache
from typing import Final, NamedTuple

from functions.casework.directory.agencies import AgencyKind, Directory
from functions.casework.understanding.phrases import Found, names_in, phrases_in, words_of
from functions.casework.understanding.spelling import words_of as plain_words
from functions.casework.understanding.spoken_names import Called, names_of, read_accused
from functions.casework.understanding.thanks import thanks_in
from functions.casework.understanding.word_lists import is_all_of

REACH: Final = 60  # words; whoever is named farther away did something else
NEAR: Final = 3  # words before a name that say what it is there
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
_DEEDS: Final = frozenset({"takes", "cuts", "hard", "hurt", "rude"})
_LEADING: Final = frozenset({"staff", "folk", "heads"})


class Part(Enum):
    """What an office is in its sentence. ``ACTOR``: it may have done what is told."""

    ACTOR = auto()
    LANDMARK = auto()
    ASKED = auto()
    TOLD = auto()
    TARGET = auto()


class Office(NamedTuple):
    """An office named from word ``at`` up to before ``to``. ``person``: staff of it is meant."""

    at: int
    to: int
    called: Called
    part: Part
    person: bool


class Pointed(NamedTuple):
    """The codes of the offices that a text points to, and of those that it names ``aside``: nearby, told before, asked
    for help, thanked. ``did``: it says that they took or did harm: "dishub yang narik"."""

    to: tuple[str, ...] = ()
    aside: frozenset[str] = frozenset()
    did: bool = False


class Reading:
    """A text's words, the phrases at each, and the offices it names, by sentence."""

    def __init__(self, text: str, directory: Directory, instance: str) -> None:
        """Read a text for an instance."""
        self.words = words_of(text)
        self.found = phrases_in(self.words)
        self.kinds = [frozenset[str]().union(*(each.kinds for each in found)) for found in self.found]
        self.sentences = [word.sentence for word in self.words]
        led = [self.leads(at) for at in range(len(self.words))]
        all_named = _without_governments(names_in(self.words, names_of(directory, instance), led), directory)
        named = [each for each in all_named if not (each[2].branch and self._elsewhere(each[1]))]
        self.taken = {at for start, end, _ in named for at in range(start, end)}
        self.offices = [self._office(*each) for each in named]
        self._starts = [office.at for office in self.offices]

    def offices_of(self, sentence: int, near: int) -> list[Office]:
        """Return a sentence's offices that stand at most ``REACH`` words from a word."""
        lowest, highest = bisect_left(self._starts, near - REACH), bisect_left(self._starts, near + REACH)
        return [each for each in self.offices[lowest:highest] if self.sentences[each.at] == sentence]

    def offices_in(self, words: range) -> list[Office]:
        """Return the offices that begin within these words."""
        return self.offices[bisect_left(self._starts, words.start) : bisect_left(self._starts, words.stop)]

    def has(self, at: int, kind: str) -> bool:
        """Whether a phrase of this kind begins at a word."""
        return kind in self.kinds[at]

    def is_small(self, at: int, kind: str) -> bool:
        """Whether a word is one of these, as it is written."""
        forms = self.words[at].forms
        return bool(forms) and forms[0] in _small(kind)

    def leads(self, at: int) -> bool:
        """Whether a word before an office's name belongs to it: "petugas", "orang", "kantor"."""
        return not _LEADING.isdisjoint(self.kinds[at]) and not self.is_small(at, "teaching")

    def phrases(self, kind: str) -> Iterator[Found]:
        """Yield the phrases of a kind, none overlapping."""
        end = 0
        for at, found in enumerate(self.found):
            if at >= end and kind in self.kinds[at]:
                one = next(each for each in found if kind in each.kinds)
                end = one.to
                yield one

    def joined(self, at: int) -> bool:
        """Whether a word and the next stand in one clause."""
        return self.sentences[at] == self.sentences[at + 1] and not self.words[at].pause

    def opens(self, at: int) -> bool:
        """Whether a sentence begins with this word."""
        return at == 0 or self.sentences[at - 1] != self.sentences[at]

    def same(self, at: int, start: int, end: int) -> range:
        """Return the words from ``start`` up to before ``end`` that stand in one sentence with a word."""
        start, end = max(start, 0), min(end, len(self.words))
        while start < end and self.sentences[start] != self.sentences[at]:
            start += 1
        while end > start and self.sentences[end - 1] != self.sentences[at]:
            end -= 1
        return range(start, end)

    def _elsewhere(self, at: int) -> bool:
        """Whether a branch is another government's: "guru SMA", "kepala madrasah"."""
        return any(self.has(n, "elsewhere") for n in range(at, min(at + 2, len(self.words))))

    def _office(self, at: int, to: int, called: Called) -> Office:
        start = at
        while start > 0 and self.joined(start - 1) and (self.leads(start - 1) or self._tied(start - 1)):
            start -= 1
        person = any(self.has(n, "staff") or self.has(n, "folk") for n in range(start, to))
        return Office(start, to, called, self._part(start, to, person=person), person)

    def _tied(self, at: int) -> bool:
        """Whether "dari" or "di" ties staff to their office: "petugas dari Dishub"."""
        return at > 0 and self.is_small(at, "from") and self.has(at - 1, "staff") and self.joined(at - 1)

    def _part(self, at: int, to: int, *, person: bool) -> Part:
        before: list[int] = []
        towards = False
        for near in reversed(self.same(at, at - 2 * NEAR, at)):
            if self.is_small(near, "fillers"):
                towards = towards or self.is_small(near, "towards")
            elif len(before) < NEAR:
                before.append(near)
        part = self._by_last(before[0], at, person=person, towards=towards) if before else None
        if part is None and self._told(before, at, towards=towards):
            part = Part.TOLD
        if part is None and self._called_upon(at, to):
            part = Part.ASKED
        return part or Part.ACTOR

    def _by_last(self, last: int, at: int, *, person: bool, towards: bool) -> Part | None:
        """Return what the last word before an office makes of it."""
        place = self.has(last, "landmarks") or (towards and self.has(last, "ways"))
        if (place and not person) or self.has(last, "claims"):
            return Part.LANDMARK
        if self.has(last, "request") and (
            self.opens(last) or any(self.has(n, "addressee") for n in self.same(last, last - NEAR, last))
        ):
            return Part.TARGET
        if person and not towards and self.is_small(last, "told"):
            return Part.TARGET
        if self.has(last, "addressee") and self.joined(last) and not self._asks_itself(last, at):
            return Part.ASKED
        return None

    def _asks_itself(self, verb: int, at: int) -> bool:
        """Whether staff before "minta" do the asking: "petugas minta", not "kami minta Dishub"."""
        return self.words[verb].forms[0] == "minta" and any(self.has(n, "staff") for n in self.same(at, verb - 2, verb))

    def _told(self, before: Sequence[int], at: int, *, towards: bool) -> bool:
        for near in before:
            if self.is_small(near, "about"):
                return False
            to_it = towards or any(self.is_small(n, "towards") for n in range(near, at))
            if self.has(near, "reached") or (self.has(near, "contact") and to_it):
                return True
        return False

    def _called_upon(self, at: int, to: int) -> bool:
        """Whether an office is spoken to, or asked to act: "Dishub, tolong", "Satpol PP segera tertibkan"."""
        after = next((n for n in self.same(at, to, to + 2 * NEAR) if not self.is_small(n, "skipped")), None)
        if after is not None and self.has(after, "acts") and not self.words[after].forms[0].startswith("me"):
            return True  # "Dishub periksa" asks, "auditor memeriksa" tells
        opens = self.opens(at) or (self.is_small(at - 1, "titles") and self.opens(at - 1))
        return opens and self.words[to - 1].pause


@cache
def _small(kind: str) -> frozenset[str]:
    return frozenset(read_accused()["small"][kind].split())


def _without_governments(
    named: Iterator[tuple[int, int, Called]], directory: Directory
) -> Iterator[tuple[int, int, Called]]:
    """Yield the names, without a government's that only says whose office stands before it ("Dishub Pemkab")."""
    end = -1
    for at, to, called in named:
        government = all(directory.agencies[code].kind is not AgencyKind.UNIT for code in called.codes)
        if not (government and at == end):
            yield at, to, called
        end = to


def pointed_in(reading: Reading, text: str) -> Pointed:
    """Return the offices that a text points to, and those it only names aside."""
    to: dict[str, None] = {}
    named = {code for office in reading.offices for code in office.called.codes}
    thanks = thanks_in(plain_words(text))
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
    did = any(
        _word(reading, n) in ("yang", "yg") and reading.joined(n) and not _DEEDS.isdisjoint(reading.kinds[n + 1])
        for n in range(len(reading.words) - 1)
    )
    return Pointed(tuple(to), frozenset(named - acting - set(to)), did)


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
    within = {at for office in reading.offices for at in range(office.at, office.to)}
    rest = (word.forms[0] for n, word in enumerate(reading.words) if word.forms and n not in within)
    return bool(reading.offices) and all(
        word in _BARE or word.isdigit() or is_all_of(word, "address", "self", "yes") for word in rest
    )


def _denied(reading: Reading, office: Office) -> bool:
    """Whether an office is said not to be meant: "bukan pu tapi dishub", not "bukan pu saja"."""
    before = office.at > 0 and _word(reading, office.at - 1) in ("bukan", "bkn", "dudu", "lain")
    only = office.to < len(reading.words) and _word(reading, office.to) in _ONLY
    return before and not only


def _word(reading: Reading, at: int) -> str:
    forms = reading.words[at].forms
    return forms[0] if forms else ""

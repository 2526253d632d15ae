"""The agencies whose own conduct a text complains about, though no field names them.

A report is about a road, or about those who took money for it. Whoever is accused must neither be proposed nor hear of
it (law 5): when in doubt, the answer is yes, and a person decides.

Conduct is looked for (money taken, rudeness, absence), then who did it: the agent behind "oleh", else the nearest
subject before it, else the office that the text is about. An office that is a landmark ("dekat", "depan"), is asked for
help, or was told before, did nothing. Work that an office has not yet done is no conduct of its staff: the office alone
can still do it, so it is ``undone`` and may be proposed, but a person is told.
"""

from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from functions.casework.access import is_accused
from functions.casework.directory.agencies import AgencyKind, Directory
from functions.casework.report import Report
from functions.casework.routing.responsible import responsible
from functions.casework.understanding.phrases import Found, names_in, phrases_in, words_of
from functions.casework.understanding.spoken_names import Called, names_of

_CONDUCT: Final = ("hard", "hurt", "rude", "absent", "refused", "theirs", "listless", "slow")
WORDS_SHOWN: Final = 12
_NEAR: Final = 3  # words before a name that say what it is there
_SUM_WITHIN: Final = 6  # words between "minta" and "uang"
_AFTER: Final = 8  # words after conduct, in which its agent may stand
_BACK: Final = 4  # sentences back to the office that "petugasnya" belongs to
_FILLERS: Final = frozenset(
    [
        "di",
        "ke",
        "pada",
        "kpd",
        "pak",
        "bpk",
        "bapak",
        "bu",
        "ibu",
        "si",
        "para",
        "yang",
        "yg",
        "kantor",
        "gedung",
        "para",
        "bagian",
        "itu",
        "ini",
        "kepala",
    ]
)
_TOWARDS: Final = frozenset(
    ["ke", "kepada", "kpd", "di", "sama", "pada", "dengan", "dgn", "via", "lewat", "ka", "nang", "nak"]
)
_ABOUT: Final = frozenset(
    ["tentang", "soal", "mengenai", "terkait", "ttg", "perihal", "atas", "karena", "krn", "kelakuan", "ulah"]
)
_AGENT: Final = frozenset(["oleh", "olh", "dening", "ulih", "sama", "dari"])


class Accusation(NamedTuple):
    """``agency`` (a code of the directory) is complained about; ``words`` are those of the text that say so. ``sure``:
    they did it by the words' own grammar; else they may be meant. ``undone``: only that they have not yet done their
    work, which they alone can still do."""

    agency: str
    words: str
    sure: bool
    undone: bool = False


def accused_by(report: Report, directory: Directory) -> tuple[Accusation, ...]:
    """Return whom a report's words accuse beside the agency that its form names."""
    found = accused_in(report.accusing(), directory, directory.instance_of_district(report.district).code)
    return tuple(each for each in found if each.agency != report.about_agency)


class Kept(NamedTuple):
    """Whom a report is kept from since its words accuse them. ``about`` is bound into its seal, "" for nobody; a desk
    that is one of ``meant`` does not get it first, and asks before it hands the case to another of them."""

    about: str = ""
    meant: tuple[str, ...] = ()


def kept_from(accused: Sequence[Accusation], directory: Directory, instance: str) -> Kept:
    """Return whom a report is kept from until a person decides: all that are accused but the ``undone``.

    The seal binds one agency: the one that would sort or inspect the report if it is among them, else the surest.
    Whoever only may be meant is not bound, since they may be the only ones who can help: they get nothing before the
    coordinator says so.
    """
    meant = [each for each in accused if not each.undone]
    here = directory.agencies[instance]
    for desk in (here.code, here.inspectorate):
        if sorts := next((each.agency for each in meant if is_accused(desk, each.agency, directory)), ""):
            return Kept(sorts, tuple(each.agency for each in meant))
    return Kept(next((each.agency for each in meant if each.sure), ""), tuple(each.agency for each in meant))


class _Is(IntEnum):
    """What an office is in its sentence."""

    PART = 0
    LANDMARK = 1
    ASKED = 2
    TOLD = 3
    TARGET = 4


class _Office(NamedTuple):
    """An office named from word ``at`` up to before ``to``. ``person``: it is staff of it."""

    at: int
    to: int
    called: Called
    part: _Is
    person: bool


class _Deed(NamedTuple):
    """Conduct at a word: ``hard``, ``rude`` or ``slow``. ``gives``: somebody gave, to whoever stands behind."""

    at: int
    to: int
    kind: str
    passive: bool
    gives: bool = False


def accused_in(text: str, directory: Directory, instance: str) -> tuple[Accusation, ...]:
    """Return the agencies of an instance (its units, itself, those above it) that a text accuses, the surest first."""
    found = _Reading(text, directory, instance).accusations()
    best: dict[str, Accusation] = {}
    for each in sorted(found, key=lambda one: (one.undone, not one.sure)):
        best.setdefault(each.agency, each)
    return tuple(best.values())


def accused_of(accused: Sequence[Accusation]) -> tuple[str, ...]:
    """Return the codes of those who must not get the report unless a person says so: all but the ``undone``."""
    return tuple(each.agency for each in accused if not each.undone)


def _owned(named: Iterator[tuple[int, int, Called]], directory: Directory) -> Iterator[tuple[int, int, Called]]:
    """Yield the names, without a government's that only says whose office stands before it ("Dishub Pemkab")."""
    end = -1
    for at, to, called in named:
        above = all(directory.agencies[code].kind is not AgencyKind.UNIT for code in called.codes)
        if not (above and at == end):
            yield at, to, called
        end = to


def _fits(office: _Office, deed: _Deed) -> bool:
    """Whether an office can have done this. Of a school only people do, and only people sell or lie about."""
    return office.person or not (
        office.called.branch or deed.kind == "theirs" or (deed.kind == "refused" and deed.passive)
    )


class _Reading:
    """One text, read for one instance."""

    def __init__(self, text: str, directory: Directory, instance: str) -> None:
        self.text, self.directory, self.instance = text, directory, instance
        self.words = words_of(text)
        self.found = phrases_in(self.words)
        staffed = [self._leads(at) for at in range(len(self.words))]
        named = _owned(names_in(self.words, names_of(directory, instance), staffed), directory)
        named = [each for each in named if not (each[2].branch and self._elsewhere(each[1]))]
        self.taken = {at for start, end, _ in named for at in range(start, end)}
        self.offices = [self._office(*each) for each in named]
        self.by_sentence: dict[int, list[_Office]] = {}
        for office in self.offices:
            self.by_sentence.setdefault(self.words[office.at].sentence, []).append(office)

    def accusations(self) -> Iterator[Accusation]:
        """Yield every accusation, in the order of the text."""
        implied = False
        for deed in self._deeds():
            blamed = list(self._blamed(deed))
            yield from blamed
            implied = implied or (not blamed and deed.kind in ("hard", "hurt", "rude") and self._nobody_named(deed))
        yield from self._targets()
        if implied:
            yield from self._implied()

    # What stands where

    def _elsewhere(self, at: int) -> bool:
        """Whether a branch is another government's: "guru SMA", "kepala madrasah"."""
        return any(self._is(n, "elsewhere") for n in range(at, min(at + 2, len(self.words))))

    def _is(self, at: int, kind: str) -> bool:
        return any(kind in each.kinds for each in self.found[at])

    def _phrases(self, kind: str) -> Iterator[Found]:
        end = 0
        for at, found in enumerate(self.found):
            one = next((each for each in found if kind in each.kinds), None)
            if one and at >= end:
                end = one.to
                yield one

    def _office(self, at: int, to: int, called: Called) -> _Office:
        start = at
        while start > 0 and self._joined(start - 1) and (self._leads(start - 1) or self._from(start - 1)):
            start -= 1
        person = any(self._is(n, "staff") or self._is(n, "folk") for n in range(start, to))
        return _Office(start, to, called, self._part(start, to, person=person), person)

    def _leads(self, at: int) -> bool:
        return any(self._is(at, kind) for kind in ("staff", "folk", "heads"))

    def _from(self, at: int) -> bool:
        """Whether "dari" or "di" ties staff to their office: "petugas dari Dishub"."""
        return (
            at > 0
            and self.words[at].forms[:1] in (("dari",), ("dr",), ("di",))
            and self._is(at - 1, "staff")
            and self._joined(at - 1)
        )

    def _joined(self, at: int) -> bool:
        """Whether a word and the next stand in one clause."""
        return self.words[at].sentence == self.words[at + 1].sentence and not self.words[at].pause

    def _part(self, at: int, to: int, *, person: bool) -> _Is:
        before = []
        near = at
        filler = False
        while near > 0 and len(before) < _NEAR and self.words[near - 1].sentence == self.words[at].sentence:
            near -= 1
            if self.words[near].forms[:1] and self.words[near].forms[0] in _FILLERS:
                filler = filler or self.words[near].forms[0] in _TOWARDS
                continue
            before.append(near)
        first = before[0] if before else -1
        if first >= 0:
            if not person and (self._is(first, "landmarks") or (filler and self._is(first, "ways"))):
                return _Is.LANDMARK
            if self._is(first, "request") and self._asks_before(first):
                return _Is.TARGET
            if self._is(first, "addressee") and self._joined(first) and not self._taken(first, at):
                return _Is.ASKED
        if self._told(before, at, filler=filler):
            return _Is.TOLD
        if self._called_upon(at, to):
            return _Is.ASKED
        return _Is.PART

    def _taken(self, verb: int, at: int) -> bool:
        """Whether "minta" before an office is what its staff do: "petugas minta", not "kami minta Dishub"."""
        return (
            self.words[verb].forms[0] == "minta"
            and any(self._is(n, "staff") for n in range(max(0, verb - 2), verb))
            and verb < at
        )

    def _asks_before(self, at: int) -> bool:
        start = max(0, at - _NEAR)
        return (
            any(self._is(n, "addressee") for n in range(start, at))
            or at == 0
            or self.words[at - 1].sentence != self.words[at].sentence
        )

    def _told(self, before: Sequence[int], at: int, *, filler: bool) -> bool:
        for near in before:
            word = self.words[near].forms[:1]
            if word and word[0] in _ABOUT:
                return False
            if self._is(near, "reached") or (self._is(near, "contact") and (filler or self._towards(near, at))):
                return True
        return False

    def _towards(self, start: int, end: int) -> bool:
        return any(self.words[n].forms[:1] and self.words[n].forms[0] in _TOWARDS for n in range(start, end))

    def _called_upon(self, at: int, to: int) -> bool:
        """Whether an office is spoken to, or asked to act: "Dishub, tolong", "Satpol PP segera tertibkan"."""
        sentence = self.words[at].sentence
        after = to
        while after < len(self.words) and self.words[after].forms[:1] and self.words[after].forms[0] in _SKIPPED:
            after += 1
        if after < len(self.words) and self.words[after].sentence == sentence and self._is(after, "acts"):
            return True
        opens = at == 0 or self.words[at - 1].sentence != sentence
        title = self.words[at - 1].forms[:1] if at else ()
        opens = opens or bool(title and title[0] in _TITLES and (at < 2 or self.words[at - 2].sentence != sentence))  # noqa: PLR2004 - one word before
        return opens and self.words[to - 1].pause

    # What was done

    def _deeds(self) -> Iterator[_Deed]:
        for kind in _CONDUCT:
            for each in self._phrases(kind):
                if self.taken.isdisjoint(range(each.at, each.to)) and not self._denied(each.at):
                    yield _Deed(each.at, each.to, kind, self._passive(each.at), self._is(each.at, "gives"))
        for kind in ("takes", "gives"):
            for each in self._phrases(kind):
                within = range(each.to, min(each.to + _SUM_WITHIN, len(self.words)))
                same = (n for n in within if self.words[n].sentence == self.words[each.at].sentence)
                if any(self._is(n, "money") for n in same) and not self._denied(each.at) and not self._noun(each.at):
                    yield _Deed(each.at, each.to, "hard", self._passive(each.at), kind == "gives")

    def _noun(self, at: int) -> bool:
        """Whether a word is what is paid ("tagihan"), no taking; "pungutan" is both."""
        word = self.words[at].forms[0]
        return word.endswith("an") and not word.endswith(("kan", "pungutan", "setoran"))

    def _passive(self, at: int) -> bool:
        forms = self.words[at].forms
        return (
            forms[0].startswith(("di", "kena", "harus", "disuruh", "wajib", "terpaksa", "kudu", "mesti"))
            if forms
            else False
        )

    def _denied(self, at: int) -> bool:
        sentence = self.words[at].sentence
        near = (n for n in range(max(0, at - 2), at) if self.words[n].sentence == sentence)
        return any(
            "negation" in each.kinds and each.to >= at - 1 for n in near for each in self.found[n] if each.to <= at
        )

    # Who did it

    def _blamed(self, deed: _Deed) -> Iterator[Accusation]:
        sentence = self.words[deed.at].sentence
        here = self.by_sentence.get(sentence, [])
        if deed.kind in ("slow", "listless"):
            yield from self._late(deed, here)
            return
        agent = self._agent_behind(deed, here)
        if agent is not None:
            yield from self._say(agent, deed, sure=agent.part is not _Is.LANDMARK)
            return
        subject = self._subject(deed, here)
        if isinstance(subject, _Office):
            if not _fits(subject, deed):
                return
            yield from self._say(
                subject, deed, sure=not subject.called.branch, undone=deed.kind == "absent" and subject.called.branch
            )
            return
        if subject == "others" or deed.kind in ("theirs", "refused"):
            return
        here = [office for office in here if _fits(office, deed)]
        behind = [o for o in here if o.at >= deed.to and o.part in (_Is.PART, _Is.TARGET)]
        if subject != "staff" and behind and not (deed.gives and not behind[0].person):
            yield from self._say(behind[0], deed, sure=True)
            return
        office = self._antecedent(deed, here)
        if office is not None:
            yield from self._say(office, deed, sure=office.part is _Is.PART and subject == "staff")

    def _agent_behind(self, deed: _Deed, here: Sequence[_Office]) -> _Office | None:
        """Return the agent of a passive: behind "oleh", or next to the verb ("dipungut orang Dishub")."""
        for office in here:
            between = office.at - deed.to
            if 0 <= between <= _AFTER and office.part is not _Is.ASKED:
                words = {form for n in range(deed.to, office.at) for form in self.words[n].forms[:1]}
                if words & {"oleh", "olh", "dening", "ulih"} or (
                    deed.passive and (between <= 1 or (office.person and between <= _NEAR))
                ):
                    return office
        return None

    def _subject(self, deed: _Deed, here: Sequence[_Office]) -> "_Office | str":
        """Return the nearest before the verb that can do something: an office, "staff" of one that is not named here,
        "others", or "" for nobody."""
        sentence = self.words[deed.at].sentence
        at = deed.at - 1
        while at >= 0 and self.words[at].sentence == sentence:
            office = next((o for o in here if o.at <= at < o.to), None)
            if office is not None:
                if self._acts(office, deed):
                    return office
                at = office.at
            elif self._is(at, "staff"):
                if not (deed.passive and self._employed(at)):
                    return "staff"
            elif not deed.passive and (
                self._is(at, "others") or (self._is(at, "writer") and deed.kind == "hard" and not deed.gives)
            ):
                return "others"
            at -= 1
        return ""

    def _acts(self, office: _Office, deed: _Deed) -> bool:
        if office.part in (_Is.PART, _Is.TARGET):
            return True
        turned = any(self._is(n, "but") for n in range(office.to, deed.at))
        return office.part is _Is.TOLD and turned

    def _employed(self, at: int) -> bool:
        """Whether staff are the writer: "saya honorer"."""
        return at > 0 and self._is(at - 1, "writer")

    def _antecedent(self, deed: _Deed, here: Sequence[_Office]) -> _Office | None:
        """Return the office that "petugasnya" belongs to: nearest before in the sentence, then behind, then back."""
        before = [o for o in here if o.to <= deed.at and o.part is not _Is.ASKED]
        if before:
            return before[-1]
        sentence = self.words[deed.at].sentence
        for back in range(1, _BACK + 1):
            earlier = [
                o for o in self.by_sentence.get(sentence - back, []) if o.part in (_Is.PART, _Is.LANDMARK, _Is.TARGET)
            ]
            if earlier:
                return earlier[-1]
        return None

    def _late(self, deed: _Deed, here: Sequence[_Office]) -> Iterator[Accusation]:
        """Yield what an office has left undone; staff that is slow is conduct that may be meant."""
        sentence = self.words[deed.at].sentence
        near = [o for o in here if o.part is not _Is.LANDMARK and (o.part is not _Is.ASKED or o.person)]
        told = [o for o in self.by_sentence.get(sentence - 1, []) if o.part is _Is.TOLD]
        for office in near or told:
            person = (
                office.person
                and not office.called.branch
                and deed.kind == "listless"
                and office.part in (_Is.PART, _Is.TARGET)
            )
            yield from self._say(office, deed, sure=False, undone=not person)

    def _targets(self) -> Iterator[Accusation]:
        """Yield whom the text asks to be dealt with, and whose staff the writer is."""
        for office in self.offices:
            if office.part is _Is.TARGET:
                yield from self._say(office, _Deed(max(0, office.at - 1), office.at, "rude", passive=False), sure=False)
        for each in self._phrases("mine"):
            sentence = self.words[each.at].sentence
            for office in self.by_sentence.get(sentence, []):
                if 0 <= office.at - each.to <= _NEAR or each.at <= office.at < each.to:
                    if not office.called.branch:
                        yield from self._say(office, _Deed(each.at, each.to, "rude", passive=False), sure=False)

    def _nobody_named(self, deed: _Deed) -> bool:
        """Whether conduct is an office's though none is named: its staff did it, or money was asked for in passing."""
        sentence = self.words[deed.at].sentence
        subject = self._subject(deed, self.by_sentence.get(sentence, []))
        if subject in ("staff", "others"):
            return subject == "staff"
        here = [n for n in range(deed.at, min(deed.to + _AFTER, len(self.words))) if self.words[n].sentence == sentence]
        staff = any(self._is(n, "staff") for n in here[: deed.to - deed.at + _NEAR])
        others = any(self._is(n, "others") and not self._is(n, "victims") for n in here)
        return staff or (deed.kind == "hard" and not others)

    def _implied(self) -> Iterator[Accusation]:
        for unit, said in responsible(self.text, self.directory, self.instance):
            yield Accusation(unit, said, sure=False)

    def _say(self, office: _Office, deed: _Deed, *, sure: bool, undone: bool = False) -> Iterator[Accusation]:
        start, end = sorted((office.at, deed.at))[0], max(office.to, deed.to)
        end = min(end, start + WORDS_SHOWN)
        words = " ".join(self.text[self.words[start].start : self.words[end - 1].end].split())
        certain = sure and len(office.called.codes) == 1 and not office.called.branch
        for code in office.called.codes:
            yield Accusation(code, words, certain, undone)


_SKIPPED: Final = frozenset(
    [
        "yang",
        "yg",
        "terkait",
        "kabupaten",
        "kab",
        "kota",
        "kutai",
        "timur",
        "kutim",
        "dan",
        "serta",
        "untuk",
        "utk",
        "bisa",
        "dapat",
        "bs",
        "agar",
        "setempat",
        "ini",
        "itu",
        "tersebut",
        "juga",
        "jg",
        "pun",
    ]
)
_TITLES: Final = frozenset(
    [
        "pak",
        "bu",
        "bapak",
        "ibu",
        "bpk",
        "halo",
        "hallo",
        "hai",
        "min",
        "wahai",
        "selamat",
        "kepada",
        "yth",
        "dear",
        "admin",
    ]
)

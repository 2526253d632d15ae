"""What a text says was done, and who did it.

Conduct is found by its words: money taken, somebody hurt, rudeness, absence. Then the one who did it: the agent behind
"oleh", else the nearest subject before the verb, else an office behind it, else the office that the text is about.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from functions.casework.understanding.reading import NEAR, REACH, Office, Part, Reading

CONDUCT: Final = ("hard", "hurt", "rude", "absent", "refused", "theirs", "listless", "slow")
_HARM: Final = ("hard", "hurt", "rude")
_UNDONE: Final = ("listless", "slow")
_SUM_WITHIN: Final = 6  # words between "minta" and "uang"
_SUM_DIGITS: Final = 3  # "narik 5000"
_AFTER: Final = 8  # words after conduct, in which its agent may stand
_BACK: Final = 4  # sentences back to the office that "petugasnya" belongs to
_PASSIVE: Final = ("di", "kena", "harus", "wajib", "terpaksa", "kudu", "mesti")


class Deed(NamedTuple):
    """Conduct of a ``kind`` from word ``at`` up to before ``to``. ``gives``: somebody gave to whoever stands behind."""

    at: int
    to: int
    kind: str
    passive: bool = False
    gives: bool = False


class Blame(NamedTuple):
    """An office and what it did. Without an ``office`` its staff is meant, but no office is named."""

    deed: Deed
    office: Office | None
    sure: bool = False
    undone: bool = False


def blamed_in(reading: Reading) -> Iterator[Blame]:
    """Yield who is blamed for what."""
    for deed in _deeds(reading):
        found = list(_late(reading, deed) if deed.kind in _UNDONE else _blamed(reading, deed))
        found += [blame._replace(office=each) for blame in found for each in _beside(reading, blame)]
        yield from found
        if not found and deed.kind in _HARM and _of_nobody_named(reading, deed):
            yield Blame(deed, None)
    for office in reading.offices:
        if office.part is Part.TARGET:
            yield Blame(Deed(max(0, office.at - 1), office.at, "rude"), office)
    for each in reading.phrases("mine"):
        others = each.at > 0 and (reading.has(each.at - 1, "others") or reading.has(each.at - 1, "victims"))
        for office in () if others else reading.offices_of(reading.sentences[each.at], each.at):
            if office.at - each.to <= NEAR and office.to > each.at and not office.called.branch:
                yield Blame(Deed(each.at, each.to, "rude"), office)


def is_told(reading: Reading) -> bool:
    """Whether any conduct is told that does harm, whoever did it."""
    return any(deed.kind in (*_HARM, "theirs") for deed in _deeds(reading))


def _deeds(reading: Reading) -> Iterator[Deed]:
    for kind in CONDUCT:
        for each in reading.phrases(kind):
            if reading.taken.isdisjoint(range(each.at, each.to)) and not _denied(reading, each.at):
                yield Deed(each.at, each.to, kind, _is_passive(reading, each.at))
    for kind, what in (("takes", "money"), ("gives", "money"), ("cuts", "dues")):
        for each in reading.phrases(kind):
            sums = any(_is_sum(reading, n, what) for n in reading.same(each.at, each.to, each.to + _SUM_WITHIN))
            if sums and not _denied(reading, each.at) and not _is_noun(reading, each.at):
                yield Deed(each.at, each.to, "hard", _is_passive(reading, each.at), kind == "gives")


def _is_sum(reading: Reading, at: int, kind: str) -> bool:
    first = next(iter(reading.words[at].forms), "")
    digits = first.isdigit() and len(first) >= _SUM_DIGITS
    return digits or reading.has(at, kind) or reading.is_small(at, "paid")


def _is_noun(reading: Reading, at: int) -> bool:
    """Whether a word is what is paid ("tagihan"), no taking; "pungutan" is both."""
    word = reading.words[at].forms[0]
    return word.endswith("an") and not word.endswith(("kan", "pungutan", "setoran"))


def _is_passive(reading: Reading, at: int) -> bool:
    forms = reading.words[at].forms
    return bool(forms) and forms[0].startswith(_PASSIVE)


def _denied(reading: Reading, at: int) -> bool:
    near = (n for n in reading.same(at, at - 2, at) if n not in reading.taken)
    return any("negation" in each.kinds and each.to <= at for n in near for each in reading.found[n])


def _blamed(reading: Reading, deed: Deed) -> Iterator[Blame]:
    here = reading.offices_of(reading.sentences[deed.at], deed.at)
    if agent := _agent_behind(reading, deed, here):
        yield Blame(deed, agent, agent.part is not Part.LANDMARK)
        return
    subject = _subject(reading, deed, here)
    if isinstance(subject, Office):
        if _fits(subject, deed):
            yield Blame(deed, subject, sure=True, undone=deed.kind == "absent" and subject.called.branch)
        return
    if subject == "others" or deed.kind in ("theirs", "refused"):
        return
    here = [office for office in here if _fits(office, deed)]
    behind = [office for office in here if office.at >= deed.to and office.part in (Part.ACTOR, Part.TARGET)]
    if subject != "staff" and behind and not (deed.gives and not behind[0].person):
        yield Blame(deed, behind[0], sure=True)
    elif office := _antecedent(reading, deed, here):
        yield Blame(deed, office, office.part is Part.ACTOR and subject == "staff")
        if office.part is Part.LANDMARK:  # it stands nearby; its staff may be that of whom the text is about
            yield Blame(deed, None)


def _beside(reading: Reading, blame: Blame) -> Iterator[Office]:
    """Yield the offices before one that is blamed, tied to it by "dan" or a comma."""
    last = blame.office
    for office in reversed(reading.offices_of(reading.sentences[blame.deed.at], blame.deed.at)) if last else ():
        if last and office.to <= last.at and all(reading.is_small(n, "links") for n in range(office.to, last.at)):
            if office.part is last.part or office.part is Part.ACTOR:
                yield office
            last = office


def _fits(office: Office, deed: Deed) -> bool:
    """Whether an office can have done this. Of a school only people do, and only people sell or force."""
    impersonal = office.called.branch or deed.kind == "theirs" or (deed.kind == "refused" and deed.passive)
    return office.person or not impersonal


def _agent_behind(reading: Reading, deed: Deed, here: Sequence[Office]) -> Office | None:
    """Return the agent of a passive: behind "oleh", or next to the verb ("dipungut orang Dishub")."""
    for office in here:
        between = office.at - deed.to
        if 0 <= between <= _AFTER and office.part is not Part.ASKED:
            by = any(reading.is_small(n, "agent") for n in range(deed.to, office.at))
            if by or (deed.passive and (between <= 1 or (office.person and between <= NEAR))):
                return office
    return None


def _subject(reading: Reading, deed: Deed, here: Sequence[Office]) -> Office | str:
    """Return the nearest before the verb that can do something: an office, "staff" of one that is not named here,
    "others", or "" for nobody. Before a passive stand those to whom it is done."""
    at = deed.at - 1
    first = reading.same(deed.at, deed.at - REACH, deed.at).start
    while at >= first:
        office = next((each for each in here if each.at <= at < each.to), None)
        if office:
            if _acts(reading, office, deed):
                return office
            at = office.at
        elif reading.has(at, "staff"):
            if not (deed.passive and at > 0 and reading.has(at - 1, "writer")):
                return "staff"
        elif not deed.passive and (
            reading.has(at, "others") or (reading.has(at, "writer") and deed.kind == "hard" and not deed.gives)
        ):
            return "others"
        at -= 1
    return ""


def _acts(reading: Reading, office: Office, deed: Deed) -> bool:
    turned = any(reading.has(n, "but") for n in range(office.to, deed.at))
    return office.part in (Part.ACTOR, Part.TARGET) or (office.part is Part.TOLD and turned)


def _antecedent(reading: Reading, deed: Deed, here: Sequence[Office]) -> Office | None:
    """Return the office that "petugasnya" belongs to: the nearest before in the sentence, then sentences back."""
    before = [office for office in here if office.to <= deed.at and office.part is not Part.ASKED]
    if before:
        return before[-1]
    sentence = reading.sentences[deed.at]
    for back in range(1, _BACK + 1):
        parts = (Part.ACTOR, Part.LANDMARK, Part.TARGET)
        there = reading.offices_of(sentence - back, deed.at)
        earlier = [office for office in there if office.part in parts and _fits(office, deed)]
        if earlier:
            return earlier[-1]
    return None


def _late(reading: Reading, deed: Deed) -> Iterator[Blame]:
    """Yield what an office has left undone; staff that takes no trouble is conduct that may be meant."""
    sentence = reading.sentences[deed.at]
    here = reading.offices_of(sentence, deed.at)
    near = [o for o in here if o.part is not Part.LANDMARK and (o.part is not Part.ASKED or o.person)]
    told = [o for o in reading.offices_of(sentence - 1, deed.at) if o.part is Part.TOLD]
    for office in near or told:
        person = office.person and not office.called.branch and office.part in (Part.ACTOR, Part.TARGET)
        yield Blame(deed, office, undone=not (person and deed.kind == "listless"))


def _of_nobody_named(reading: Reading, deed: Deed) -> bool:
    """Whether conduct is an office's though none is named: its staff did it, or money was taken in passing."""
    subject = _subject(reading, deed, reading.offices_of(reading.sentences[deed.at], deed.at))
    if subject in ("staff", "others"):
        return subject == "staff"
    staff = any(reading.has(n, "staff") for n in reading.same(deed.at, deed.at, deed.to + NEAR))
    behind = reading.same(deed.at, deed.at, deed.to + _AFTER)
    others = any(reading.has(n, "others") and not reading.has(n, "victims") for n in behind)
    return staff or (deed.kind == "hard" and not others)

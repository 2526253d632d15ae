"""The agencies whose own conduct a text complains about, though no field names them.

A report is about a road, or about those who took money for it. Whoever is accused must neither be proposed nor hear of
it (law 5): when in doubt, the answer is yes, and a person decides.

What was done is read by ``conduct``, by whom by ``reading``. If staff did it and no office is named, or if words that
no list holds complain of people in office (``behaviour``), those may be meant whose subject the text is. What the
grammar is not sure of counts only where the words as a whole may complain of people in office. Work that an office has
not yet done is no conduct of its staff: the office alone can still do it, so it is ``undone`` and may be proposed, but
a person is told.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from functions.casework.access import is_accused
from functions.casework.directory.agencies import Directory
from functions.casework.routing.learnt import OUTSIDE, Likely
from functions.casework.routing.responsible import learnt_units, responsible
from functions.casework.routing.rules import read_rules, spoken_in, tokens_of
from functions.casework.understanding.behaviour import complains
from functions.casework.understanding.conduct import Blame, blamed_in, is_told
from functions.casework.understanding.reading import Office, Part, Pointed, Reading, pointed_in

NOBODY: Final = Pointed()
WORDS_SHOWN: Final = 12
LEAN: Final = 2.0  # of ``complains``, log-odds, where the writer's own topic is abuse of office
LIKELY: Final = -1.2  # the logarithm of a chance: whose subject it may be where no list knows it
_GOVERNMENTS: Final = frozenset({"pemda", "pemkab", "pemkot", "pemerintah"})
AROUND: Final = 3  # words shown on each side of what nobody named did
# "Mohon izin pak, …" begins a letter and complains of no permit; what follows says that nobody's permit is meant.
_LEAVE: Final = re.compile(
    r"^(\W*(?:\w+\W+){0,6}?)(?:(?:mohon|mhn|minta|nyuwun)\s)?\b(?:izin|ijin|ijn|izn)\b(?=\s?[,.!:]|"
    r"\s(?:pak|bapak|bpk|bu|ibu|min|mas|mbak|kak|bang|komandan|ndan)\s?[,.!:]|"
    r"\s(?:me|nge)?(?:lapor|ngadu|adu|tanya|nanya|bertanya|menyampaikan|sampaikan|curhat|bicara)\w*\b)",
    re.IGNORECASE,
)


class Accusation(NamedTuple):
    """``agency`` (a code of the directory) is complained about; ``words`` are those of the text that say so. ``sure``:
    they did it by the words' own grammar; else they may be meant. ``undone``: only that they have not yet done their
    work, which they alone can still do."""

    agency: str
    words: str
    sure: bool
    undone: bool = False


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


class Complaint(NamedTuple):
    """``whom`` a text accuses of an instance (its units, itself, those above it), the surest first; ``conduct``: it
    complains about people in office, or may, whoever they are; ``unnamed``: whoever
    did it is of no office that it names or speaks of ("petugasnya"); ``harm``: it tells of any deed, whoever's;
    ``pointed``: the offices that it only points to."""

    whom: tuple[Accusation, ...]
    conduct: bool
    unnamed: bool = False
    harm: bool = False
    pointed: Pointed = NOBODY

    @property
    def told(self) -> bool:
        """Whether it tells or may tell of conduct, whoever's."""
        return self.conduct or self.harm


def look_for_accused(text: str, directory: Directory, instance: str, topic: str = "") -> Complaint:
    """Return whom a text accuses, and whether it may complain about people in office at all. ``topic`` is the code of
    the topic that its writer chose."""
    text = _LEAVE.sub(r"\1 ", text, count=1)
    reading = Reading(text, directory, instance)
    found = list(_accusations(text, directory, instance, reading))
    chosen = directory.topics[topic].unit if topic in directory.topics else ""
    abuse = chosen == directory.agencies[instance].inspectorate
    said = complains(reading, LEAN if abuse else 0)
    if any(reading.is_small(n, "collusion") for n in range(len(reading.words))):
        said = said._replace(perhaps=True, hardly=False)
    if said.hardly:  # the grammar reads much into words that no complaint of conduct is made of
        found = [each for each in found if each.sure or each.undone]
    conduct = said.perhaps or bool(accused_of(found))
    if said.clearly and not accused_of(found):
        found += _whose_subject(text, directory, instance, reading, "" if abuse else chosen)
    elif said.perhaps and not accused_of(found):  # whoever would inspect or sort it must not get it in doubt
        above = (directory.agencies[instance].inspectorate, instance)
        found += (each for each in _whose_subject(text, directory, instance, reading, "") if each.agency in above)
    if conduct:
        found += _inspectors(text, directory, instance, reading)
    best: dict[str, Accusation] = {}
    for each in sorted(found, key=lambda one: (one.undone, not one.sure)):
        best.setdefault(each.agency, each)
    blames = [] if said.hardly else list(blamed_in(reading))
    unnamed = bool(blames) and not best and all(blame.office is None for blame in blames)
    return Complaint(tuple(best.values()), conduct, unnamed, is_told(reading), pointed_in(reading, text))


def accused_of(accused: Sequence[Accusation]) -> tuple[str, ...]:
    """Return the codes of those who must not get the report unless a person says so: all but the ``undone``."""
    return tuple(each.agency for each in accused if not each.undone)


def _accusations(text: str, directory: Directory, instance: str, reading: Reading) -> Iterator[Accusation]:
    unnamed = ""
    for blame in blamed_in(reading):
        if blame.office is None:
            around = reading.same(blame.deed.at, blame.deed.at - AROUND, blame.deed.to + AROUND)
            unnamed = unnamed or _slice(text, reading, around.start, around.stop)
            continue
        certain = blame.sure and len(blame.office.called.codes) == 1 and not blame.office.called.branch
        words = _quoted(text, reading, blame, blame.office)
        yield from (Accusation(code, words, certain, blame.undone) for code in blame.office.called.codes)
    if unnamed:
        for unit, _ in responsible(text, directory, instance):
            yield Accusation(unit, unnamed, sure=False)


def _whose_subject(
    text: str, directory: Directory, instance: str, reading: Reading, topic: str
) -> Iterator[Accusation]:
    """Yield who may be meant by conduct of nobody named: who is spoken of, whose subject it is, whose topic was chosen.
    Not who only stands nearby, is asked for help or was told before."""
    parts: dict[str, set[Part]] = {}
    for office in reading.offices:
        for code in office.called.codes:
            parts.setdefault(code, set()).add(Part.LANDMARK if _owner_alone(office, reading) else office.part)
    aside = {code for code, found in parts.items() if found.isdisjoint({Part.ACTOR, Part.TARGET})}
    subject = dict(responsible(text, directory, instance)) or _learnt_subject(text, directory, instance)
    words = dict.fromkeys([*parts, *subject, *filter(None, [topic])], "") | subject
    yield from (Accusation(code, said, sure=False) for code, said in words.items() if code not in aside)


def _learnt_subject(text: str, directory: Directory, instance: str) -> dict[str, str]:
    """Return the unit whose subject a text likely is where no list knows it."""
    units = _chances(text, directory, instance)
    best = max(units, key=lambda unit: units[unit].chance, default=OUTSIDE)
    return {} if best == OUTSIDE or units[best].chance < LIKELY else {best: ", ".join(units[best].words[:AROUND])}


def _chances(text: str, directory: Directory, instance: str) -> Mapping[str, Likely]:
    rules = read_rules()
    tokens = tokens_of(text, rules)
    return learnt_units(tokens, spoken_in(tokens, rules), directory, instance)


def _owner_alone(office: Office, reading: Reading) -> bool:
    """Whether a government is named like an owner ("feri pemda"), and nobody of it."""
    forms = reading.words[office.to - 1].forms if office.to - office.at == 1 else ()
    return not office.person and bool(forms) and forms[0] in _GOVERNMENTS


def _inspectors(text: str, directory: Directory, instance: str, reading: Reading) -> Iterator[Accusation]:
    """Yield the inspectorate where conduct is told and it is named: whoever took it there asks for those above it. Not
    where it is asked to act."""
    own = directory.agencies[instance].inspectorate
    for office in reading.offices:
        before = reading.same(office.at, office.at - AROUND, office.at)
        asked = (office.part is Part.ASKED and not office.person) or any(reading.has(n, "addressee") for n in before)
        if own in office.called.codes and not asked:
            yield Accusation(own, _slice(text, reading, office.at, office.to), sure=False)


def _quoted(text: str, reading: Reading, blame: Blame, office: Office) -> str:
    start, end = min(office.at, blame.deed.at), max(office.to, blame.deed.to)
    return _slice(text, reading, start, min(end, start + WORDS_SHOWN))


def _slice(text: str, reading: Reading, start: int, end: int) -> str:
    return " ".join(text[reading.words[start].start : reading.words[end - 1].end].split())

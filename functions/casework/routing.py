"""Who should get a case, proposed from its topic, its place and its words; the coordinator decides.

About a quarter of SP4N-LAPOR!'s reports stand under "Topik Lainnya", and many under a topic that is not theirs, so
the words have a say: ``routing.toml`` lists what speaks for each responsibility, and the directory says which unit
bears it. Every proposal names the words that spoke for it. Nothing is learnt from reports: the rules are read by
people, and a report leaves no trace in them.

Pass the words as the officer reads them, masked: a reason must not tell what a mask hides.
"""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from functions.casework.access import is_accused, may_receive
from functions.casework.agencies import Agency, Directory
from functions.casework.case import CaseHead

MOST: Final = 3  # proposals
TOLD: Final = 5  # words told of each
ENOUGH: Final = 2  # one weak word is not yet a reason
TOPIC_WEIGHT: Final = 2  # as one usual word: what was chosen counts, and two words outweigh it
GRAVE: Final = 3  # from here on words of abuse of office are taken at their word
_WEIGHTS: Final = {"decisive": 5, "strong": 3, "usual": 2, "weak": 1}

_RULES = Path(__file__).with_name("routing.toml")
_INTEGRITY = "integrity"
_INSPECTORATE = "inspectorate"
# What a mask put in place of the writer's words is not the writer's.
_MASKED = re.compile(r"\[[^\[\]]{0,60}\]")
_TOKEN = re.compile("[a-z0-9]+")
_LETTERS = re.compile("[a-z]+")
_LONGEST_TOKEN = 40
_VOWELS = re.compile("[aeiou]")
_SKELETON_MIN = 3
_PREFIXES = (
    *("memper", "diper", "keber", "meny", "peny", "meng", "peng", "mem", "pem", "men", "pen", "ber", "ter", "per"),
    *("nge", "ng", "ny", "me", "pe", "di", "ke", "se", "be", "te"),
)
# A root's first sound that its prefix swallowed: menyapu, sapu; mengeruk, keruk; memukul, pukul; menimbun, timbun.
_SWALLOWED = {"meny": "s", "peny": "s", "ny": "s", "meng": "k", "peng": "k", "ng": "k"}
_SWALLOWED |= {"mem": "p", "pem": "p", "men": "t", "pen": "t"}
_OWNED = ("nya", "ny", "lah", "kah", "pun", "ku", "mu")
_SUFFIXES = ("kan", "an", "i", "in")
_ROOT_MIN = 4
_OWNED_MIN = 3

_Words = tuple[str, ...]


class Why(StrEnum):
    """What spoke for a proposal: the chosen topic, the words, both; or that who would handle it is accused."""

    TOPIC = "topic"
    WORDS = "words"
    BOTH = "both"
    ACCUSED = "accused"


@dataclass(frozen=True, slots=True)
class Outside:
    """Who is responsible where the local government is not. ``says`` is a sentence for the reporter, ``turn_to`` the
    public channels; both Indonesian."""

    code: str
    name: str
    says: str
    turn_to: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where a case may belong: to ``agency``, a code of the directory, or to ``outside``; the other is empty.

    ``words`` are the entries of ``routing.toml`` that spoke for it, the weightiest first, at most ``TOLD``.
    """

    why: Why
    words: tuple[str, ...] = ()
    agency: str = ""
    outside: Outside | None = None


@dataclass(frozen=True, slots=True)
class _Office:
    """A responsibility: where the directory has it."""

    topics: tuple[str, ...] = ()
    units: tuple[_Words, ...] = ()
    place: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class _Rules:
    """``entries`` by their first word; ``votes``: entry to responsibility or outside code to weight;
    ``skeletons``: consonants to the entries' words."""

    entries: Mapping[str, Sequence[_Words]]
    votes: Mapping[_Words, Mapping[str, int]]
    offices: Mapping[str, _Office]
    outside: Mapping[str, Outside]
    instead_of: Mapping[str, Sequence[str]]
    spelling: Mapping[str, _Words]
    skip: frozenset[str]
    words: frozenset[str]
    skeletons: Mapping[str, tuple[str, ...]]


@dataclass(slots=True)
class _Tally:
    """What spoke for one target so far."""

    weight: int = 0
    topic: bool = False
    accused: bool = False
    words: dict[str, int] | None = None

    def add(self, words: Mapping[str, int]) -> None:
        self.words = (self.words or {}) | words
        self.weight += sum(words.values())

    def why(self) -> Why:
        if self.accused:
            return Why.ACCUSED
        if self.topic:
            return Why.BOTH if self.words else Why.TOPIC
        return Why.WORDS

    def told(self) -> tuple[str, ...]:
        words = self.words or {}
        return tuple(sorted(words, key=lambda word: -words[word]))[:TOLD]


def propose(
    head: CaseHead, text: str, directory: Directory, given_back: Collection[str] = ()
) -> tuple[Proposal, ...]:
    """Where the case may belong, the likeliest first, at most ``MOST``; empty where nothing speaks for anyone.

    ``text`` is all the reporter wrote, any length; ``given_back`` the agencies that already said it is not theirs.
    Never names an agency that ``may_receive`` refuses, nor who holds the case. Where the accused would be the one to
    handle it, the inspectorate is proposed in its place; where the words tell of abuse of office, the inspectorate
    alone: the unit the report is about may be the very one that would be proposed beside it.
    """
    rules = _rules()
    tokens = _tokens(text, rules)
    spoken = _spoken(tokens, rules)
    tallies: dict[str, _Tally] = {}
    chosen = directory.topics.get(head.topic)
    if chosen is not None and chosen.unit:
        tally = _tally(chosen.unit, head, directory, tallies)
        tally.weight, tally.topic = tally.weight + TOPIC_WEIGHT, True
    for name, words in spoken.items():
        if name in rules.outside:
            own = tallies.setdefault(name, _Tally())
            own.add(words)
            _take_over(own, [spoken[other] for other in rules.instead_of[name] if other in spoken])
        elif unit := _unit(rules.offices[name], head, directory, tokens):
            _tally(unit, head, directory, tallies).add(words)
    refused = {head.holder, *given_back}
    ranked = sorted(tallies.items(), key=lambda item: -item[1].weight)
    found = [
        Proposal(tally.why(), tally.told(), outside=rules.outside[target])
        if target in rules.outside
        else Proposal(tally.why(), tally.told(), target)
        for target, tally in ranked
        if tally.weight >= ENOUGH
        and (target in rules.outside or (target not in refused and may_receive(target, head, directory)))
    ]
    grave = max(spoken.get(_INTEGRITY, {"": 0}).values()) >= GRAVE
    if grave and found and found[0].agency == directory.agencies[head.instance].inspectorate:
        return (found[0],)
    return tuple(found[:MOST])


def _tally(unit: str, head: CaseHead, directory: Directory, tallies: dict[str, _Tally]) -> _Tally:
    """The tally of a unit, or of the inspectorate where that unit is accused."""
    if not is_accused(unit, head.about_agency, directory):
        return tallies.setdefault(unit, _Tally())
    tally = tallies.setdefault(directory.agencies[head.instance].inspectorate, _Tally())
    tally.accused = True
    return tally


def _take_over(tally: _Tally, others: Sequence[Mapping[str, int]]) -> None:
    """Let what speaks for the subject speak for who is competent; the chosen topic, which names the subject, too."""
    for words in others:
        tally.weight += sum(words.values())
    if others:
        tally.weight += TOPIC_WEIGHT


def _unit(office: _Office, head: CaseHead, directory: Directory, tokens: Sequence[_Words]) -> str:
    """The unit of the case's instance that bears a responsibility; "" where there is none."""
    if office.role == _INSPECTORATE:
        return directory.agencies[head.instance].inspectorate
    units = directory.units(head.instance)
    codes = {unit.code for unit in units}
    for code in office.topics:
        if code in directory.topics and directory.topics[code].unit in codes:
            return directory.topics[code].unit
    if office.place:
        return next((unit.code for unit in units if _is_there(unit, office.place, head, directory, tokens)), "")
    named = [(unit.code, _plain(unit.name)) for unit in units]
    return next((code for words in office.units for code, name in named if _within(words, name)), "")


def _is_there(unit: Agency, kind: str, head: CaseHead, directory: Directory, tokens: Sequence[_Words]) -> bool:
    """Whether a unit is the kecamatan of the report's district, or a kelurahan that its words name."""
    name = _plain(unit.name)
    if kind not in name:
        return False
    own = name[name.index(kind) + 1 :]
    if kind == "kecamatan":
        district = directory.districts.get(head.district)
        return district is not None and own == _plain(district.name)
    return bool(own) and _within(own, tuple(forms[0] for forms in tokens))


def _within(words: _Words, name: _Words) -> bool:
    return any(name[at : at + len(words)] == words for at in range(len(name) - len(words) + 1))


# The words


def _spoken(tokens: Sequence[_Words], rules: _Rules) -> dict[str, dict[str, int]]:
    """Per responsibility the entries that stand in the text, with their weight, each once however often it is said."""
    spoken: dict[str, dict[str, int]] = {}
    for entry in _entries(tokens, rules):
        for name, weight in rules.votes.get(entry, {}).items():
            spoken.setdefault(name, {})[" ".join(entry)] = weight
    return spoken


def _entries(tokens: Sequence[_Words], rules: _Rules) -> list[_Words]:
    """The entries in the order of the text, none over another: the longest wins its words, then the weightiest, then
    the first."""
    found = [(entry, at) for at in range(len(tokens)) for entry in _beginning(at, tokens, rules)]
    found.sort(key=lambda match: (-len(match[0]), -max(rules.votes[match[0]].values(), default=0)))
    taken: set[int] = set()
    kept: list[tuple[int, _Words]] = []
    for entry, at in found:
        words = range(at, at + len(entry))
        if taken.isdisjoint(words):
            taken.update(words)
            kept.append((at, entry))
    return [entry for _, entry in sorted(kept)]


def _beginning(at: int, tokens: Sequence[_Words], rules: _Rules) -> Iterator[_Words]:
    for form in tokens[at]:
        for entry in rules.entries.get(form, ()):
            if all(at + n < len(tokens) and word in tokens[at + n] for n, word in enumerate(entry)):
                yield entry


def _tokens(text: str, rules: _Rules) -> list[_Words]:
    """The text's words without those that say nothing, each in the forms it may be meant in, as written first."""
    forms: dict[str, _Words] = {}
    found: list[_Words] = []
    for word in _spelled(_plain(_MASKED.sub(" ", text)), rules):
        if word not in forms:
            forms[word] = _forms(word, rules)
        if not found or found[-1] != forms[word]:  # "lubang-lubang"
            found.append(forms[word])
    return found


def _plain(text: str) -> _Words:
    """Words in small Latin letters and digits, accents dropped."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return tuple(_TOKEN.findall(bare))


def _spelled(words: Iterable[str], rules: _Rules) -> Iterator[str]:
    """Words written out, without skipped ones, bare numbers and single letters."""
    for word in words:
        known = word in rules.spelling or word in rules.words
        bare = word if known else "".join(_LETTERS.findall(word))  # "lubang2", "80rb"
        for full in rules.spelling.get(bare, (bare,)):
            if full not in rules.skip and 1 < len(full) <= _LONGEST_TOKEN or full in rules.words:
                yield full


def _forms(word: str, rules: _Rules) -> _Words:
    """The word itself, then those of the rules' words that it may be: without affixes, or with its vowels left out."""
    roots = [root for root in _roots(word) if root in rules.words]
    if not roots and word not in rules.words:
        roots = [full for full in rules.skeletons.get(_skeleton(word), ()) if _is_short_for(word, full)]
    return tuple(dict.fromkeys((word, *roots)))


def _roots(word: str) -> Iterator[str]:
    """What remains of a word when its affixes are taken off, the least first."""
    owned = [word, *(word[: -len(end)] for end in _OWNED if word.endswith(end) and len(word) - len(end) >= _OWNED_MIN)]
    stems = list(owned)
    for stem in owned:
        stems += [stem[: -len(end)] for end in _SUFFIXES if stem.endswith(end) and len(stem) - len(end) >= _ROOT_MIN]
    yield from stems[1:]
    for stem in stems:
        for start in _PREFIXES:
            rest = stem[len(start) :]
            if stem.startswith(start) and len(rest) >= _OWNED_MIN:
                if len(rest) >= _ROOT_MIN:
                    yield rest
                if start in _SWALLOWED:
                    yield _SWALLOWED[start] + rest


def _skeleton(word: str) -> str:
    return word[:1] + _VOWELS.sub("", word[1:])


def _is_short_for(short: str, full: str) -> bool:
    """Whether ``short`` is ``full`` with vowels left out: its letters in the same order, fewer of them."""
    if len(short) >= len(full):
        return False
    rest = iter(full)
    return all(letter in rest for letter in short)


# The rules


@cache
def _rules() -> _Rules:
    """``routing.toml``, read once, at the first proposal."""
    raw = tomllib.loads(_RULES.read_text(encoding="utf-8"))
    skip, neutral, spelling, outside = (raw.pop(name) for name in ("skip", "neutral", "spelling", "outside"))
    skipped = frozenset(word for entry in _listed(skip) for word in entry)
    spelled = {short: _plain(full) for short, full in spelling.items()}

    def written_out(entry: _Words) -> _Words:
        words = (full for word in entry for full in spelled.get(word, (word,)))
        return tuple(word for word in words if word not in skipped)

    votes: dict[_Words, dict[str, int]] = {written_out(entry): {} for entry in _listed(neutral)}
    for name, table in (raw | outside).items():
        for strength, weight in _WEIGHTS.items():
            for entry in _listed(table.get(strength, "")):
                votes.setdefault(written_out(entry), {})[name] = weight
    votes.pop((), None)
    entries: dict[str, list[_Words]] = {}
    for entry in votes:
        entries.setdefault(entry[0], []).append(entry)
    words = frozenset(word for entry in votes for word in entry)
    skeletons: dict[str, tuple[str, ...]] = {}
    for word in sorted(words):
        if len(bones := _skeleton(word)) >= _SKELETON_MIN:
            skeletons[bones] = (*skeletons.get(bones, ()), word)
    return _Rules(
        entries=entries,
        votes=votes,
        offices={name: _office(table) for name, table in raw.items()},
        outside={code: Outside(code, t["name"], t["says"], t["turn_to"]) for code, t in outside.items()},
        instead_of={code: t.get("instead_of", ()) for code, t in outside.items()},
        spelling=spelled,
        skip=skipped,
        words=words,
        skeletons=skeletons,
    )


def _office(table: Mapping[str, Any]) -> _Office:
    units = tuple(_plain(name) for name in table.get("units", ()))
    return _Office(tuple(table.get("topics", ())), units, table.get("place", ""), table.get("role", ""))


def _listed(text: str) -> Iterator[_Words]:
    """The entries of a list: between commas."""
    return (words for words in map(_plain, text.split(",")) if words)

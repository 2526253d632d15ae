"""The words of a report and the responsibilities they point to: ``rules.toml``, and how it is matched with a text.

People write "jln rusak, lubang2", "dibiarkan rusaknya jalanan", "sklh". So a word is looked up as written, then as
``spelling`` has it, and without affixes. If nothing is found, it is read as a word without its vowels. The time is
proportional to the length of the text, whatever the text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from operator import contains
from pathlib import Path
from string import ascii_lowercase
from typing import Any, Final, NamedTuple

_WEIGHTS: Final = {"decisive": 5, "strong": 3, "usual": 2, "weak": 1}

_FILE = Path(__file__).with_name("rules.toml")
# A mask's text is not the writer's, and the words around it must not be read as one phrase.
HIDDEN: Final = "disamarkan"
_MASKED = re.compile(r"\[[^\[\]]{0,60}\]")
_TOKEN = re.compile("[a-z0-9]+")
# Letters drawn otherwise that Unicode holds for letters of their own, or for pictures: small capitals, white on black.
_DRAWN = str.maketrans("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz") | {
    first + n: letter for first in (0x1F150, 0x1F170) for n, letter in enumerate(ascii_lowercase)
}
_LETTERS = re.compile("[a-z]+")
_LONGEST_TOKEN = 40
_VOWELS = re.compile("[aeiou]")
_SKELETON_MIN = 3
_PREFIXES = (
    *("memper", "diper", "keber", "meny", "peny", "meng", "peng", "mem", "pem", "men", "pen", "ber", "ter", "per"),
    *("nge", "ng", "ny", "me", "pe", "di", "ke", "se", "be", "te"),
)
_STARTS = {start[0]: tuple(other for other in _PREFIXES if other[0] == start[0]) for start in _PREFIXES}
# Some prefixes swallow a root's first sound: menyapu, sapu; mengeruk, keruk; memukul, pukul; menimbun, timbun.
_SWALLOWED = {"meny": "s", "peny": "s", "ny": "s", "meng": "k", "peng": "k", "ng": "k"}
_SWALLOWED |= {"mem": "p", "pem": "p", "men": "t", "pen": "t"}
_OWNED = ("nya", "ny", "lah", "kah", "pun", "ku", "mu")
_SUFFIXES = ("kan", "an", "i", "in")
_ROOT_MIN = 4
_OWNED_MIN = 3

Words = tuple[str, ...]


class Outside(NamedTuple):
    """A body responsible where the local government is not. ``says`` is a sentence for the reporter, ``turn_to`` the
    public channels; both Indonesian."""

    code: str
    name: str
    says: str
    turn_to: str


class Office(NamedTuple):
    """A responsibility, and how to find its unit in the directory."""

    topics: tuple[str, ...] = ()
    units: tuple[Words, ...] = ()
    place: str = ""
    role: str = ""


class Rules(NamedTuple):
    """The rules as read. ``entries`` by their first word and their second, "" if they have none; ``votes``: entry to
    responsibility or outside code to weight; ``skeletons``: consonants to the entries' words."""

    entries: Mapping[str, Mapping[str, Sequence[Words]]]
    votes: Mapping[Words, Mapping[str, int]]
    offices: Mapping[str, Office]
    outside: Mapping[str, Outside]
    instead_of: Mapping[str, Sequence[str]]
    spelling: Mapping[str, Words]
    skip: frozenset[str]
    words: frozenset[str]
    skeletons: Mapping[str, tuple[str, ...]]


def spoken_in(tokens: Sequence[Words], rules: Rules) -> dict[str, dict[str, int]]:
    """Return per responsibility the entries found in the text, with their weight. Repeating an entry adds nothing."""
    spoken: dict[str, dict[str, int]] = {}
    for entry in _entries(tokens, rules):
        for name, weight in rules.votes.get(entry, {}).items():
            spoken.setdefault(name, {})[" ".join(entry)] = weight
    return spoken


def _entries(tokens: Sequence[Words], rules: Rules) -> list[Words]:
    """Return the entries in the order of the text, none overlapping. The longest wins its words, then the one that
    matches as written ("berobat" is not "obat"), then the weightiest, then the first."""

    def rank(match: tuple[Words, int]) -> tuple[int, int, int]:
        entry, at = match
        changed = sum(word != tokens[at + n][0] for n, word in enumerate(entry))
        return -len(entry), changed, -max(rules.votes[entry].values(), default=0)

    found = sorted(((entry, at) for at in range(len(tokens)) for entry in _beginning(at, tokens, rules)), key=rank)
    taken: set[int] = set()
    kept: list[tuple[int, Words]] = []
    for entry, at in found:
        words = range(at, at + len(entry))
        if taken.isdisjoint(words):
            taken.update(words)
            kept.append((at, entry))
    return [entry for _, entry in sorted(kept)]


def _beginning(at: int, tokens: Sequence[Words], rules: Rules) -> Iterator[Words]:
    following = ("", *tokens[at + 1]) if at + 1 < len(tokens) else ("",)
    for form in tokens[at]:
        for second in following if form in rules.entries else ():
            for entry in rules.entries[form].get(second, ()):
                here = tokens[at : at + len(entry)]
                if len(here) == len(entry) and all(map(contains, here, entry)):
                    yield entry


def tokens_of(text: str, rules: Rules) -> list[Words]:
    """Return the text's words without those that say nothing. Each is a tuple of its possible forms, as written
    first."""
    forms: dict[str, Words] = {}
    found: list[Words] = []
    for word in _spelled(plain(_MASKED.sub(f" {HIDDEN} ", text)), rules):
        if word not in forms:
            forms[word] = _forms(word, rules)
        if not found or found[-1] != forms[word]:  # "lubang-lubang"
            found.append(forms[word])
    return found


def plain(text: str) -> Words:
    """Return the words in small Latin letters and digits, accents dropped."""
    if not text.isascii():  # first: a bold capital of mathematics has no small form of its own
        text = unicodedata.normalize("NFKD", text).translate(_DRAWN)
        text = "".join(c for c in text if not unicodedata.combining(c))
    return tuple(_TOKEN.findall(text.casefold()))


def _spelled(words: Iterable[str], rules: Rules) -> Iterator[str]:
    """Yield words written out, without skipped ones, bare numbers and single letters."""
    for word in words:
        known = word in rules.spelling or word in rules.words
        bare = word if known else "".join(_LETTERS.findall(word)).removesuffix("x")  # "lubang2", "80rb", "jlnx"
        for full in rules.spelling.get(bare, (bare,)):
            if (full not in rules.skip and 1 < len(full) <= _LONGEST_TOKEN) or full in rules.words:
                yield full


def _forms(word: str, rules: Rules) -> Words:
    """Return the word itself, then the rules' words it may stand for: without affixes, or with its vowels left out."""
    roots = [root for root in roots_of(word) if root in rules.words]
    if not roots and word not in rules.words:
        roots = [full for full in rules.skeletons.get(_skeleton(word), ()) if _is_short_for(word, full)]
    return tuple(dict.fromkeys((word, *roots)))


def roots_of(word: str) -> Iterator[str]:
    """Yield what remains of a word without its affixes, the fewest removed first."""
    owned = [word, *(word[: -len(end)] for end in _OWNED if word.endswith(end) and len(word) - len(end) >= _OWNED_MIN)]
    stems = list(owned)
    for stem in owned:
        stems += [stem[: -len(end)] for end in _SUFFIXES if stem.endswith(end) and len(stem) - len(end) >= _ROOT_MIN]
    yield from stems[1:]
    for stem in stems:
        for start in _STARTS.get(stem[:1], ()):
            if stem.startswith(start) and len(rest := stem[len(start) :]) >= _OWNED_MIN:
                if len(rest) >= _ROOT_MIN:
                    yield rest
                if start in _SWALLOWED:
                    yield _SWALLOWED[start] + rest


def _skeleton(word: str) -> str:
    return word[:1] + _VOWELS.sub("", word[1:])


def _is_short_for(short: str, full: str) -> bool:
    """Whether ``short`` is ``full`` with vowels left out: its letters in the same order."""
    rest = iter(full)
    return all(letter in rest for letter in short)


# The rules


@cache
def read_rules() -> Rules:
    """Return ``rules.toml``, read once, at the first proposal."""
    import tomllib  # noqa: PLC0415 - only where something is proposed

    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    skip, neutral, spelling, outside = (raw.pop(name) for name in ("skip", "neutral", "spelling", "outside"))
    near, places = ([*_listed(raw.pop(name))] for name in ("near", "places"))
    skipped = frozenset(word for entry in _listed(skip) for word in entry)
    spelled = {short: plain(full) for short, full in spelling.items()}

    def written_out(entry: Words) -> Words:
        words = [full for word in entry for full in spelled.get(word, (word,)) if full not in skipped]
        return tuple(word for word, before in zip(words, ["", *words], strict=False) if word != before)

    votes: dict[Words, dict[str, int]] = {
        written_out(entry): {} for entry in (*_listed(neutral), *(by + place for by in near for place in places))
    }
    for name, table in (raw | outside).items():
        for strength, weight in _WEIGHTS.items():
            for entry in _listed(table.get(strength, "")):
                votes.setdefault(written_out(entry), {})[name] = weight
    votes.pop((), None)
    entries: dict[str, dict[str, list[Words]]] = {}
    for entry in votes:
        entries.setdefault(entry[0], {}).setdefault("".join(entry[1:2]), []).append(entry)
    words = frozenset(word for entry in votes for word in entry)
    skeletons: dict[str, tuple[str, ...]] = {}
    for word in sorted(words):
        if len(bones := _skeleton(word)) >= _SKELETON_MIN:
            skeletons[bones] = (*skeletons.get(bones, ()), word)
    return Rules(
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


def _office(table: Mapping[str, Any]) -> Office:
    units = tuple(plain(name) for name in table.get("units", ()))
    return Office(tuple(table.get("topics", ())), units, table.get("place", ""), table.get("role", ""))


def _listed(text: str) -> Iterator[Words]:
    """Return the entries of a comma-separated list."""
    return (words for words in map(plain, text.split(",")) if words)

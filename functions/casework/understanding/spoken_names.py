"""What people call the agencies of an instance: as the directory says, as their names are built, and as is usual.

"Dinas Perhubungan" is Dishub, "orang perhubungan", Kadishub. A directory that says nothing of it works too, since
offices bear the same names in every regency.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

from functions.casework.directory.agencies import Agency, Directory
from functions.casework.routing.rules import Words, plain, read_rules

_FILE: Final = Path(__file__).with_name("accused.toml")
_KINDS: Final = frozenset(["dinas", "badan", "satuan", "kantor", "bagian", "unit", "uptd", "perumda", "pemerintah"])
_LINKS: Final = frozenset({"dan", "daerah"})
_BRACKETED: Final = re.compile(r"\(([^()]*)\)")
_SYLLABLE: Final = re.compile("(?=([b-df-hj-np-tv-z][aeiou][b-df-hj-np-tv-z]))")
_ACRONYM_MIN: Final = 3
_STRONG: Final = 3  # a word of this weight says one thing only
_GUESSED: Final = 3
_FORMER: Final = 4
_PLACES: Final = frozenset({"kecamatan", "kelurahan", "desa", "kabupaten", "kota", "provinsi"})


class Called(NamedTuple):
    """Whom a name means. Of several ``codes`` any may be meant. ``alone``: it means them without "petugas" or "kantor"
    before it. ``branch``: an office or a person below them, as a school is."""

    codes: tuple[str, ...]
    alone: bool = True
    branch: bool = False


Names = Mapping[str, Mapping[Words, Called]]


def names_of(directory: Directory, instance: str) -> Names:
    """Return what an instance's agencies are called, by the first word: its units, itself and those above it.

    A name that the directory says is no other agency's, nor is a built one where others only have it by custom. A
    former name means who bore it, or took over from who did, if nobody is called so today: people say it for years."""
    made = directory.index.spoken
    if instance not in made:
        agencies = [*directory.units(instance), *map(directory.agency, directory.lineage(instance))]
        made[instance] = _made([*chain.from_iterable(map(spoken_of, agencies)), *_former(agencies, directory)])
    return made[instance]


def spoken_of(agency: Agency) -> Iterator[tuple[int, Words, Called]]:
    """Yield an agency's names with their rank: 0 said by the directory, 1 built from its name, 2 usual, 3 guessed."""
    common = _common()
    me = (agency.code,)
    for entry in map(plain, agency.spoken.split(",")):
        if entry:
            yield 0, entry, Called(me, alone=len(entry) > 1 or entry[0] not in common)
    yield from _built(agency)
    bare = _bare(plain(_BRACKETED.sub(" ", agency.name)))
    for office in read_accused()["office"]:
        of, place = plain(office["of"]), office.get("place", False)
        if bare[: len(of)] == of if place else _within(of, bare):
            own = bare[len(of) :] if place else ()
            for words in listed(office["names"]):
                yield 2, words, Called(me)
                if own:
                    yield 1, words + own, Called(me)
            yield from ((2, words, Called(me, branch=True)) for words in listed(office.get("branches", "")))


def _former(agencies: Iterable[Agency], directory: Directory) -> Iterator[tuple[int, Words, Called]]:
    """Yield what agencies were called before, behind all that any is called today."""
    before: dict[str, list[str]] = {}
    for each in directory.former:
        before.setdefault(each.code, []).append(each.name)
    for agency in agencies if before else ():
        above = directory.shadow(agency.parent)  # who took over with all below: its name means who stands above
        gone = [code for code in agency.once_below.split() if code not in directory.agencies and code not in above]
        for name in (name for code in (agency.code, *gone) for name in before.get(code, ())):
            said = spoken_of(replace(agency, name=name, spoken=""))
            yield from ((_FORMER, words, called) for rank, words, called in said if rank < _GUESSED)


def listed(text: str) -> Iterator[Words]:
    """Yield the entries of a comma-separated list."""
    yield from (words for words in map(plain, text.split(",")) if words)


@cache
def read_accused() -> dict[str, Any]:
    """Return ``accused.toml``, read once."""
    import tomllib  # noqa: PLC0415 - only where words are looked through

    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def _common() -> frozenset[str]:
    """Return the words that say something else too: an agency that is called so is meant only as "petugas" of it."""
    rules = read_rules()
    single = {
        entry[0] for entry, votes in rules.votes.items() if len(entry) == 1 and max(votes.values(), default=0) < _STRONG
    }
    return frozenset(single | rules.skip)


def _made(spoken: Iterable[tuple[int, Words, Called]]) -> Names:
    ranks: dict[Words, dict[int, list[Called]]] = {}
    for rank, words, called in spoken:
        ranks.setdefault(words, {}).setdefault(rank, []).append(called)
    names: dict[str, dict[Words, Called]] = {}
    for words, by_rank in ranks.items():
        best = by_rank[min(by_rank)]
        codes = tuple(dict.fromkeys(code for called in best for code in called.codes))
        if min(by_rank) != _GUESSED or len(codes) == 1:
            alone = any(c.alone for each in by_rank.values() for c in each if c.codes[0] in codes)
            one = Called(codes, alone, all(c.branch for c in best))
            names.setdefault(words[0], {})[words] = one
    return names


def _built(agency: Agency) -> Iterator[tuple[int, Words, Called]]:
    """Yield the name, its parts, what stands in brackets, and what offices are shortened to."""
    me = (agency.code,)
    name = plain(_BRACKETED.sub(" ", agency.name))
    bare = _bare(name)
    place = bare[:1] and bare[0] in _PLACES
    yield 1, name, Called(me, alone=not place)
    yield from ((1, words, Called(me)) for words in map(plain, _BRACKETED.findall(agency.name)) if words)
    if place or bare == name:
        return
    kind = name[0]
    yield 1, bare, Called(me, alone=False)
    parts = [plain(part) for part in re.split(r",|\bdan\b", _BRACKETED.sub(" ", agency.name.casefold()))]
    for part in map(_bare, parts):
        if part and part != bare and part[0] not in _PLACES:
            yield 3, (kind, *part), Called(me)
            yield 3, part, Called(me, alone=False)
    initials = "".join(word[0] for word in bare if word not in _LINKS)
    if len(initials) >= _ACRONYM_MIN:
        if len(initials) > _ACRONYM_MIN:
            yield 3, (initials,), Called(me)
        yield 3, (kind[0] + initials,), Called(me)
    elif initials[1:]:
        yield 3, (kind[0] + initials,), Called(me)
        yield 3, (kind, initials), Called(me)
    if kind == "dinas":
        for syllable in dict.fromkeys(_SYLLABLE.findall(bare[0])):
            yield from ((3, (start + syllable,), Called(me)) for start in ("dis", "din", "kadis"))


def _bare(name: Words) -> Words:
    """Return a name without the kind of the office before it and "daerah" behind it."""
    while len(name) > 1 and name[0] in _KINDS:
        name = name[1:]
    while len(name) > 1 and name[-1] in _LINKS:
        name = name[:-1]
    return name


def _within(words: Words, name: Words) -> bool:
    return any(name[at : at + len(words)] == words for at in range(len(name) - len(words) + 1))

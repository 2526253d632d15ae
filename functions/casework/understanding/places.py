"""The districts and villages that a text names, with their usual spellings, and governments elsewhere.

Names come from the directory, with what it says they are called ``also``; the words around them from ``places.toml``. A
name is read joined or apart, abbreviated ("m. wahau"), without its vowels ("bnglon"), or with a slip ("bengalun"). A
name that is a usual word too ("karangan") counts only after "di", "kec." or "desa".
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from functions.casework.directory.agencies import Agency, Directory, DirectoryError, District, Village
from functions.casework.understanding.spelling import distance, is_alike, words_of
from functions.casework.understanding.word_lists import is_all_of

WORDS_MOST = 4  # of one name
SLIPS_WITHIN = 400  # words in which slips are looked for: that costs most, and a place is said early
BLEND_LEAST, BLEND_MOST = 2, 5  # letters of each word of a name that a nickname takes
GLUED_LEAST, GLUED_NAME = 12, 8  # letters of a text without blanks, and of a name found within it
NAMED, SAID_AT, PLAIN, TOWARDS, DENIED = 3, 2, 1, 0, -1  # how plainly a text is at a place
_NO = re.compile(r"\b(bukan|bkn|salah)\s*[,.;:!]+", re.IGNORECASE)  # "bukan, kaubun" denies what was said before
_GOVERNMENT = re.compile(r"^(pemerintah|kabupaten|kab\.|kota|provinsi|prov\.)\s+", re.IGNORECASE)


class PlacesNamed(NamedTuple):
    """``district`` and ``village`` are Kemendagri codes of the instance, "" if none or if several are meant.

    ``possible``: the districts that fit if one name has several. ``elsewhere``: a regency of another instance, by its
    name, "" if none.
    """

    district: str = ""
    village: str = ""
    possible: tuple[str, ...] = ()
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names as ``words_of`` joins them, each with the codes that bear it: of districts, villages, and governments
    elsewhere. ``by_letter`` are the names that slips are looked for in, by their first letter."""

    names: Mapping[str, frozenset[str]]
    by_letter: Mapping[str, tuple[str, ...]]
    elsewhere: Mapping[str, str]


class _Hit(NamedTuple):
    """A name in a text: the words ``start`` to ``end``, how plainly it is meant, whose it is."""

    start: int
    end: int
    plainly: int
    codes: frozenset[str]


_made: dict[str, tuple[Any, Any, Any, Gazetteer]] = {}  # by instance, with the tables that it was made from


def places_in(text: str, directory: Directory, instance: str) -> PlacesNamed:
    """Return the places of an instance that a text names. What it is said to be *at* counts before other names; two
    districts that are named equally are both possible."""
    gazetteer = _gazetteer(directory, instance)
    words = words_of(_NO.sub(r"\1 itu ", text))
    exact = list(_hits(words, gazetteer))
    if all(len(hit.codes) > 1 for hit in exact):  # none, or one that has several places: "sangatta utra"
        exact += _slips(words[:SLIPS_WITHIN], gazetteer)
    hits = _largest(exact)
    ours = [hit for hit in hits if any(code in directory.districts or code in directory.villages for code in hit.codes)]
    if not ours:
        return PlacesNamed(elsewhere=_elsewhere(hits, gazetteer))
    districts, villages = _agreed(ours, directory)
    if len(districts) > 1:
        return PlacesNamed(possible=tuple(code for code in directory.districts if code in districts))
    (district,) = districts
    within = [code for code in villages if directory.villages[code].district == district]
    return PlacesNamed(district, within[0] if len(within) == 1 else "")


def chosen(text: str, options: tuple[str, ...], directory: Directory) -> str:
    """Return which of some districts a short answer names by the words that tell their names apart ("selatan"); "" if
    none or several."""
    said = {_short().get(word, word) for word in words_of(text)}
    names = {code: set(words_of(directory.districts[code].name)) for code in options if code in directory.districts}
    shared: set[str] = set.intersection(*names.values()) if names else set()
    found = [code for code, words in names.items() if (words - shared) & said]
    return found[0] if len(found) == 1 else ""


def instance_elsewhere(name: str, directory: Directory) -> Agency | None:
    """Return the instance that ``PlacesNamed.elsewhere`` names, if it is in the directory."""
    region = next((code for code, told in _data()["elsewhere"].items() if told.partition(":")[0] == name), "")
    names = (name, f"Pemerintah {name}")
    return next(
        (each for each in directory.instances() if each.name in names or (region and each.region == region)), None
    )


def _agreed(hits: list[_Hit], directory: Directory) -> tuple[set[str], set[str]]:
    """Return the districts that the plainest names leave possible, and the villages named there."""
    groups: list[set[str]] = []
    villages: set[str] = set()
    plainest = max(hit.plainly for hit in hits)
    for hit in sorted(hits, key=lambda hit: -hit.plainly):
        where = {directory.villages[code].district if code in directory.villages else code for code in hit.codes}
        where = {code for code in where if code in directory.districts}
        if fitting := next((group for group in groups if group & where), None):
            fitting &= where
        elif hit.plainly == plainest:
            groups.append(where)
        else:
            continue
        villages |= {code for code in hit.codes if code in directory.villages}
    return set().union(*groups), villages


def _elsewhere(hits: list[_Hit], gazetteer: Gazetteer) -> str:
    best = max((hit for hit in hits if hit.plainly >= PLAIN), key=lambda hit: hit.plainly, default=None)
    return gazetteer.elsewhere[min(best.codes)] if best else ""


def _hits(words: list[str], gazetteer: Gazetteer) -> Iterator[_Hit]:
    """Yield the names that stand in the words as they are, joined, apart or abbreviated."""
    whole = [_short().get(word, word) for word in words]
    for start, word in enumerate(words):
        for end in range(start + 1, min(start + WORDS_MOST, len(words)) + 1):
            joined = "".join(words_of("".join(whole[start:end])))
            for name, said_at in _with_and_without_di(joined):
                if name in gazetteer.names and (hit := _meant(words, start, end, name, gazetteer, said_at=said_at)):
                    yield hit
        if len(word) >= GLUED_LEAST:
            glued = [name for name in gazetteer.names if len(name) >= GLUED_NAME and name in word]
            if glued:
                yield _Hit(start, start + 1, SAID_AT, gazetteer.names[max(glued, key=len)])


def _slips(words: list[str], gazetteer: Gazetteer) -> Iterator[_Hit]:
    """Yield the names that are meant by words which slips or missing vowels changed."""
    whole = [_short().get(word, word) for word in words]
    for start in range(len(words)):
        for end in range(start + 1, min(start + WORDS_MOST - 1, len(words)) + 1):
            joined = "".join(words_of("".join(whole[start:end])))
            for typed, said_at in _with_and_without_di(joined):
                name = _alike(typed, gazetteer)
                if name and (hit := _meant(words, start, end, name, gazetteer, said_at=said_at)):
                    yield hit


def _with_and_without_di(joined: str) -> list[tuple[str, bool]]:
    """Return a name as typed and, where it may begin with "di", without it, each with whether "di" was there."""
    return [(joined, False), *([(joined[2:], True)] if joined.startswith("di") else [])]


def _alike(typed: str, gazetteer: Gazetteer) -> str:
    if len(typed) < WORDS_MOST or typed in _set("usual", "never") or typed in gazetteer.names:
        return ""
    letters = set(typed)
    near = (name for name in gazetteer.by_letter.get(typed[0], ()) if len(letters - set(name)) <= 2)  # noqa: PLR2004
    return min((name for name in near if is_alike(typed, name)), key=lambda name: distance(typed, name), default="")


def _meant(words: list[str], start: int, end: int, name: str, gazetteer: Gazetteer, *, said_at: bool) -> _Hit | None:
    """Return the hit with how plainly it is meant, by the word before it; None for a usual word that nothing marks."""
    before = words[start - 1] if start else ""
    marks = (
        (NAMED, _set("district") | _set("village") | _set("region")),
        (DENIED, _set("not")),
        (SAID_AT, _set("at")),
        (TOWARDS, _set("towards")),
    )
    plainly = SAID_AT if said_at else next((how for how, marked in marks if before in marked), PLAIN)
    alone = all(is_all_of(word, "address", "self", "greeting") for word in words[:start] + words[end:])
    named_by = end - start > 1 and before in _set("naming")
    if name in _usual() and plainly < SAID_AT and not (alone or named_by):  # all that is said is an answer
        return None
    return _Hit(start, end, plainly, gazetteer.names[name]) if plainly > DENIED else None


def _largest(found: list[_Hit]) -> list[_Hit]:
    """Return the hits without those that stand within a larger one ("Benua Baru" in "Benua Baru Ilir")."""
    return [
        hit
        for hit in found
        if not any(
            other.start <= hit.start and hit.end <= other.end and other.end - other.start > hit.end - hit.start
            for other in found
        )
    ]


def _gazetteer(directory: Directory, instance: str) -> Gazetteer:
    """Return the names that an instance's texts may hold, made once for each version of the directory."""
    made_from = directory.districts, directory.villages, directory.agencies
    known = _made.get(instance)
    if known and all(one is other for one, other in zip(known, made_from, strict=False)):
        return known[3]
    gazetteer = _make(directory, instance)
    _made[instance] = (*made_from, gazetteer)
    return gazetteer


def _make(directory: Directory, instance: str) -> Gazetteer:
    ours = [each for each in directory.districts.values() if _is_at(directory, each.code, instance)]
    codes = {each.code for each in ours}
    villages = [village for village in directory.villages.values() if village.district in codes]
    elsewhere = _governments(directory, instance)
    places: list[District | Village] = [*ours, *villages]
    spelled = [(each.code, spelling) for each in places for spelling in (each.name, *each.also.split(","))]
    own = {_key(spelling) for _, spelling in spelled}
    others = [(code, each) for code, told in elsewhere.items() for each in told.partition(":")[2].split(",")]
    spelled += [(code, spelling) for code, spelling in others if _key(spelling) not in own] + _heads(ours)
    names: dict[str, set[str]] = {}
    for code, spelling in spelled:
        names.setdefault(_key(spelling), set()).add(code)
    names.pop("", None)
    by_letter: dict[str, tuple[str, ...]] = {}
    for name in names:
        if name not in _usual():
            by_letter[name[0]] = (*by_letter.get(name[0], ()), name)
    for name, code in _blends(ours):
        names.setdefault(name, {code})
    shown = {code: told.partition(":")[0] for code, told in elsewhere.items()}
    return Gazetteer({name: frozenset(codes) for name, codes in names.items()}, by_letter, shown)


def _heads(districts: list[District]) -> list[tuple[str, str]]:
    """Return the first word of names that several districts share, for each: people say "Sangatta"."""
    heads = [(words[0], district.code) for district in districts if len(words := words_of(district.name)) > 1]
    often = Counter(head for head, _ in heads)
    return [(code, head) for head, code in heads if often[head] > 1 and head not in _set("usual", "generic")]


def _blends(districts: list[District]) -> Iterator[tuple[str, str]]:
    """Yield what people make of a name of two words, which is nobody else's: "rapul", "sangsel"."""
    found: dict[str, set[str]] = {}
    for district in districts:
        words = words_of(district.name)
        for first in range(BLEND_LEAST, BLEND_MOST + 1) if len(words) == BLEND_LEAST else ():
            for second in range(BLEND_LEAST, BLEND_MOST + 1):
                blend = "".join(words_of(words[0][:first] + words[1][:second]))
                if len(blend) >= BLEND_MOST:
                    found.setdefault(blend, set()).add(district.code)
    usual = _usual() | _set("usual", "never")
    yield from ((name, min(codes)) for name, codes in found.items() if len(codes) == 1 and name not in usual)


def _key(spelling: str) -> str:
    """Return a name as it is compared: its words whole, joined."""
    return "".join(words_of("".join(_short().get(word, word) for word in words_of(spelling))))


def _governments(directory: Directory, instance: str) -> dict[str, str]:
    """Return the governments elsewhere, "name: spellings" by region: of the data, and other instances."""
    agency = directory.agencies.get(instance)
    own = agency.region if agency else ""
    found = {code: told for code, told in _data()["elsewhere"].items() if code != own}
    for other in directory.instances():
        if other.code != instance and other.region and other.region not in found and not own.startswith(other.region):
            name = other.name
            while (shorter := _GOVERNMENT.sub("", name)) != name:
                name = shorter
            found[other.region] = f"{other.name.removeprefix('Pemerintah ')}: {name}"
    return found


def _is_at(directory: Directory, district: str, instance: str) -> bool:
    try:
        return directory.instance_of_district(district).code == instance
    except DirectoryError:
        return False


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("places.toml").read_text(encoding="utf-8"))


@cache
def _set(*keys: str) -> frozenset[str]:
    value = _data()
    for key in keys:
        value = value[key]
    return frozenset(words_of(str(value)))


@cache
def _short() -> dict[str, str]:
    return {short: words_of(word)[0] for short, word in _data()["short"].items()}


@cache
def _usual() -> frozenset[str]:
    """Return usual words and phrases as names are joined."""
    phrases = ("".join(words_of("".join(words_of(each)))) for each in _data()["usual"]["phrases"])
    return _set("usual", "words") | frozenset(phrases)

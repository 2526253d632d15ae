"""The names of an instance's districts and villages with their spellings, and governments elsewhere.

Names come from the directory, with what it says they are called ``also``; the words around them from ``places.toml``.

Tests: ``tests/doors/test_sms_places.py``.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from functions.casework.directory.agencies import Directory, DirectoryError, District, Village
from functions.casework.understanding.spelling import words_of

BLEND_LEAST, BLEND_MOST = 2, 5  # letters of each word of a name that a nickname takes
_GOVERNMENT = re.compile(r"^(pemerintah|kabupaten|kab\.|kota|provinsi|prov\.)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names as ``words_of`` joins them, each with the codes that bear it: of districts, villages, and governments
    elsewhere. ``by_letter`` are the names that slips are looked for in, by their first letter."""

    names: Mapping[str, frozenset[str]]
    by_letter: Mapping[str, tuple[str, ...]]
    elsewhere: Mapping[str, str]
    districts: frozenset[str]


_made: dict[str, tuple[Any, Any, Any, Gazetteer]] = {}  # by instance, with the tables that it was made from


def gazetteer_of(directory: Directory, instance: str) -> Gazetteer:
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
        if name not in usual_names():
            by_letter[name[0]] = (*by_letter.get(name[0], ()), name)
    for name, code in _blends(ours):
        names.setdefault(name, {code})
    shown = {code: told.partition(":")[0] for code, told in elsewhere.items()}
    return Gazetteer({name: frozenset(codes) for name, codes in names.items()}, by_letter, shown, frozenset(codes))


def _heads(districts: list[District]) -> list[tuple[str, str]]:
    """Return the first word of names that several districts share, for each: people say "Sangatta"."""
    heads = [(words[0], district.code) for district in districts if len(words := words_of(district.name)) > 1]
    often = Counter(head for head, _ in heads)
    return [(code, head) for head, code in heads if often[head] > 1 and head not in named_words("usual", "generic")]


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
    usual = usual_names() | named_words("usual", "never")
    yield from ((name, min(codes)) for name, codes in found.items() if len(codes) == 1 and name not in usual)


def _key(spelling: str) -> str:
    """Return a name as it is compared: its words whole, joined."""
    return "".join(words_of("".join(short_words().get(word, word) for word in words_of(spelling))))


def _governments(directory: Directory, instance: str) -> dict[str, str]:
    """Return the governments elsewhere, "name: spellings" by region: of the data, and other instances."""
    agency = directory.agencies.get(instance)
    own = agency.region if agency else ""
    found = {code: told for code, told in governments().items() if code != own}
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
    return tomllib.loads(Path(__file__).parent.with_name("places.toml").read_text(encoding="utf-8"))


def governments() -> Mapping[str, str]:
    """Return the governments elsewhere of ``places.toml``, "name: spellings" by region."""
    found: dict[str, str] = _data()["elsewhere"]
    return found


@cache
def named_words(*keys: str) -> frozenset[str]:
    """Return the words of a table of ``places.toml``."""
    value = _data()
    for key in keys:
        value = value[key]
    return frozenset(words_of(str(value)))


@cache
def short_words() -> dict[str, str]:
    """Return the whole word of each abbreviated one."""
    return {short: words_of(word)[0] for short, word in _data()["short"].items()}


def is_usual(name: str) -> bool:
    """Whether a name is a usual word or phrase as well."""
    return name in usual_names()


def name_is_common(name: str) -> bool:
    """Whether a name is one usual word that others bear too ("jaya", "makmur"): alone it says nothing."""
    return name in named_words("usual", "common")


@cache
def usual_names() -> frozenset[str]:
    """Return usual words and phrases as names are joined."""
    phrases = ("".join(words_of("".join(words_of(each)))) for each in _data()["usual"]["phrases"])
    return named_words("usual", "words") | frozenset(phrases)

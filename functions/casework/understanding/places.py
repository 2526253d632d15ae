"""The districts and villages that a text names, with their usual spellings, and governments elsewhere.

The names are in ``gazetteer.py``, the words around them in ``places.toml``. A name is read joined or apart, abbreviated
("m. wahau"), without its vowels ("bnglon"), with a slip ("bengalun"), or as it is heard (``heard.py``). A name that is
a usual word too ("karangan") counts only after "di", "kec." or "desa".
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from functions.casework.directory.agencies import Agency, Directory
from functions.casework.understanding.place_names.gazetteer import (
    Gazetteer,
    gazetteer_of,
    governments,
    is_usual,
    name_is_common,
    named_words,
    short_words,
)
from functions.casework.understanding.place_names.heard import FIRST, is_heard
from functions.casework.understanding.spelling import distance, is_alike, once, words_of
from functions.casework.understanding.word_lists import is_all_of

WORDS_MOST = 4  # of one name
SLIPS_WITHIN = 400  # words in which slips are looked for: that costs most, and a place is said early
GLUED_LEAST, GLUED_NAME = 12, 8  # letters of a text without blanks, and of a name found within it
NAMED, SAID_AT, PLAIN, TOWARDS, GOES, DENIED = 4, 3, 2, 1, 0, -1  # how plainly a text is at a place
_CLAUSE = re.compile(r"[.,;:!?()\n]+")
_NO = re.compile(r"\b(bukan|bkn|salah)\s*[,.;:!]+", re.IGNORECASE)  # "bukan, kaubun" denies what was said before


class PlacesNamed(NamedTuple):
    """``district`` and ``village`` are Kemendagri codes of the instance, "" if none or if several are meant.

    ``possible``: the districts that fit if one name has several. ``elsewhere``: a regency of another instance, by its
    name, "" if none.
    """

    district: str = ""
    village: str = ""
    possible: tuple[str, ...] = ()
    elsewhere: str = ""


class _Hit(NamedTuple):
    """A name in a text: the words ``start`` to ``end``, how plainly it is meant, whose it is."""

    start: int
    end: int
    plainly: int
    codes: frozenset[str]


def places_in(text: str, directory: Directory, instance: str, *, asked: bool = False, least: int = GOES) -> PlacesNamed:
    """Return the places of an instance that a text names. What it is said to be *at* counts before other names; two
    districts that are named equally are both possible. If it was ``asked`` where it is, a usual word may be a place.
    ``least``: how plainly it has to be meant."""
    gazetteer = gazetteer_of(directory, instance)
    text = _NO.sub(r"\1 itu ", text)
    hits = _named(words_of(text), gazetteer, _clauses(text), asked=asked)
    hits = [hit for hit in hits if hit.plainly >= least]
    ours = [hit for hit in hits if any(code in directory.districts or code in directory.villages for code in hit.codes)]
    if not ours:
        return PlacesNamed(elsewhere=_elsewhere(hits, gazetteer))
    districts, villages = _agreed(ours, directory)
    if len(districts) > 1:
        return PlacesNamed(possible=tuple(code for code in directory.districts if code in districts))
    (district,) = districts
    within = [code for code in villages if directory.villages[code].district == district]
    return PlacesNamed(district, within[0] if len(within) == 1 else "")


def beside_places(text: str, directory: Directory, instance: str) -> list[str]:
    """Return the words of a text that are of no place's name."""
    words = words_of(text)
    within = {at for hit in _named(words, gazetteer_of(directory, instance)) for at in range(hit.start, hit.end)}
    return [word for at, word in enumerate(words) if at not in within]


def chosen(text: str, options: tuple[str, ...], directory: Directory) -> str:
    """Return which of some districts a short answer names by the words that tell their names apart ("selatan"); "" if
    none or several."""
    said = {short_words().get(word, word) for word in words_of(text)}
    names = {code: set(words_of(directory.districts[code].name)) for code in options if code in directory.districts}
    shared: set[str] = set.intersection(*names.values()) if names else set()
    found = [code for code, words in names.items() if (words - shared) & said]
    return found[0] if len(found) == 1 else ""


def instance_elsewhere(name: str, directory: Directory) -> Agency | None:
    """Return the instance that ``PlacesNamed.elsewhere`` names, if it is in the directory."""
    region = next((code for code, told in governments().items() if told.partition(":")[0] == name), "")
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


def _clauses(text: str) -> frozenset[tuple[int, int]]:
    """Return the first word of each clause and the one behind its last, with and without names of address there."""
    found, start = set(), 0
    for clause in _CLAUSE.split(text):
        words = words_of(clause)
        size = len(words)
        while size and is_all_of(words[size - 1], "address", "self"):  # "tanah abang" ends with one
            found.add((start, start + size))
            size -= 1
        found.add((start, start + size))
        start += len(words)
    return frozenset(found)


def _named(
    words: list[str], gazetteer: Gazetteer, clauses: frozenset[tuple[int, int]] = frozenset(), *, asked: bool = False
) -> list[_Hit]:
    exact = list(_hits(words, gazetteer, clauses, asked=asked))
    if all(len(hit.codes) > 1 for hit in exact):  # none, or one that has several places: "sangatta utra"
        exact += _slips(words[:SLIPS_WITHIN], gazetteer)
    return _of_roads(_largest(exact), words)


def _of_roads(hits: list[_Hit], words: list[str]) -> list[_Hit]:
    """Return the hits with both ends of a road between two places meant alike: "poros wahau - bengalon"."""
    begins = [each.end for each in hits if each.start and words[each.start - 1] in named_words("between")]
    return [each._replace(plainly=min(each.plainly, TOWARDS)) if each.start in begins else each for each in hits]


def _hits(
    words: list[str], gazetteer: Gazetteer, clauses: frozenset[tuple[int, int]] = frozenset(), *, asked: bool = False
) -> Iterator[_Hit]:
    """Yield the names that stand in the words as they are, joined, apart or abbreviated."""
    whole = [short_words().get(word, word) for word in words]
    for start, word in enumerate(words):
        for end in range(start + 1, min(start + WORDS_MOST, len(words)) + 1):
            joined = once("".join(whole[start:end]))
            for name, said_at in _with_and_without_di(joined):
                at = said_at or ((asked or (start, end) in clauses) and not name_is_common(name))
                if name in gazetteer.names and (hit := _meant(words, start, end, name, gazetteer, said_at=at)):
                    yield hit
        if len(word) >= GLUED_LEAST:
            glued = [name for name in gazetteer.names if len(name) >= GLUED_NAME and name in word and name != word]
            if glued:
                yield _Hit(start, start + 1, SAID_AT, gazetteer.names[max(glued, key=len)])


def _slips(words: list[str], gazetteer: Gazetteer) -> Iterator[_Hit]:
    """Yield the names that are meant by words which slips or missing vowels changed."""
    whole = [short_words().get(word, word) for word in words]
    for start in range(len(words)):
        for end in range(start + 1, min(start + WORDS_MOST - 1, len(words)) + 1):
            joined = once("".join(whole[start:end]))
            for typed, said_at in _with_and_without_di(joined):
                name = _alike(typed, gazetteer)
                hit = _meant(words, start, end, name, gazetteer, said_at=said_at) if name else None
                # "tambang" is no "Tabang": only what is said to be at it is elsewhere by a slip.
                if hit and (hit.plainly >= SAID_AT or not hit.codes <= gazetteer.elsewhere.keys()):
                    yield hit


def _with_and_without_di(joined: str) -> list[tuple[str, bool]]:
    """Return a name as typed and, where it may begin with "di", without it, each with whether "di" was there."""
    return [(joined, False), *([(joined[2:], True)] if joined.startswith("di") else [])]


def _alike(typed: str, gazetteer: Gazetteer) -> str:
    if len(typed) < WORDS_MOST or typed in named_words("usual", "never") or typed in gazetteer.names:
        return ""
    letters = set(typed)
    near = [name for name in gazetteer.by_letter.get(typed[0], ()) if len(letters - set(name)) <= 2]  # noqa: PLR2004
    voiced = gazetteer.by_letter.get(FIRST.get(typed[0], ""), ())
    found = [name for name in near if is_alike(typed, name) and _is_alike_beside(typed, name)]
    found = found or [n for n in (*near, *voiced) if is_heard(typed, n)]
    return min(found, key=lambda name: distance(typed, name), default="")


def _is_alike_beside(typed: str, name: str) -> bool:
    """Whether a name is alike beside the common word that ends both: "sido makmur" is not Sika Makmur."""
    ends = (each for each in named_words("usual", "common") if len(each) >= WORDS_MOST and name.endswith(each))
    shared = next((each for each in ends if typed.endswith(each)), "")
    if not shared:
        return True
    mine, theirs = typed.removesuffix(shared), name.removesuffix(shared)
    return distance(mine, theirs) <= 1 or is_alike(mine, theirs)


def _meant(words: list[str], start: int, end: int, name: str, gazetteer: Gazetteer, *, said_at: bool) -> _Hit | None:
    """Return the hit with how plainly it is meant, by the word before it; None for a usual word that nothing marks."""
    before, first = words[start - 1] if start else "", words[start - 2] if start > 1 else ""
    if before in named_words("owned") and first in named_words("village"):
        before = first
    marks = (
        (NAMED, named_words("district") | named_words("village") | named_words("region")),
        (DENIED, named_words("not")),
        (SAID_AT, named_words("at")),
        (GOES if before in ("dari", "dr") and first in named_words("moves") else TOWARDS, named_words("towards")),
        (TOWARDS if first in named_words("road") else GOES, named_words("goes")),
    )
    plainly = SAID_AT if said_at else next((how for how, marked in marks if before in marked), PLAIN)
    alone = all(is_all_of(word, "address", "self", "greeting") for word in words[:start] + words[end:])
    rather = next((word for word in words[end:] if not is_all_of(word, "address", "self")), "")
    alone = alone or (rather in named_words("not") and not name_is_common(name))  # "itu sandaran pak bukan bengalon"
    named_by = before in named_words("naming") and (end - start > 1 or not name_is_common(name))
    if before in ("negeri", "negri") and start > 1:
        named_by = words[start - 2] in named_words("naming") and not name_is_common(name)
    elsewhere = gazetteer.names[name] <= gazetteer.elsewhere.keys()
    lives = before if said_at else words[start - 2] if start > 1 else ""
    if plainly == SAID_AT and lives in named_words("stays"):
        plainly = TOWARDS if elsewhere else GOES  # "anak kuliah di samarinda" says nothing of where it is
    if before in named_words("called") and plainly == PLAIN and not gazetteer.names[name] & gazetteer.districts:
        return None  # "poktan karya bakti" is nobody's village
    if is_usual(name) and plainly < SAID_AT and not (alone or named_by):  # all that is said is an answer
        return None
    return _Hit(start, end, plainly, gazetteer.names[name]) if plainly > DENIED else None


def _largest(found: list[_Hit]) -> list[_Hit]:
    """Return the hits without those that stand within a larger one ("Benua Baru" in "Benua Baru Ilir")."""
    longest = dict[int, int]()  # where the longest name that begins at a word ends
    for hit in found:
        longest[hit.start] = max(hit.end, longest.get(hit.start, 0))

    def is_within(hit: _Hit) -> bool:
        before = range(hit.end - WORDS_MOST, hit.start + 1)  # no name has more words
        ends = ((start, longest.get(start, start)) for start in before)
        return any(end >= hit.end and end - start > hit.end - hit.start for start, end in ends)

    return [hit for hit in found if not is_within(hit)]

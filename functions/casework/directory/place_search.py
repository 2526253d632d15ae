"""Find districts by the name of a place: a regency or city, a district, or a village. For who does not know whose
portal they stand in."""

from collections.abc import Iterator
from dataclasses import dataclass

from functions.casework.directory.agencies import Agency, Directory, District
from functions.casework.directory.portal import homes

MOST = 60  # districts that one answer lists
SHORTEST = 3  # letters
KINDS = frozenset({"kabupaten", "kota", "kecamatan", "kelurahan", "desa", "pemerintah", "provinsi", "kab", "kec"})


@dataclass(frozen=True, slots=True)
class Found:
    """The districts of an instance that a name fits."""

    instance: Agency
    districts: tuple[District, ...]


def find_places(directory: Directory, typed: str) -> tuple[Found, ...]:
    """Return the districts that may be meant, by instance: all of an instance whose name fits, the district itself, or
    that of a village. Nothing for fewer than ``SHORTEST`` letters. The nearest names come first; at most ``MOST``
    districts."""
    words = _folded(typed)
    if len(words) < SHORTEST:
        return ()
    ranked: list[tuple[int, Found]] = []
    for code, places in homes(directory).items():
        instance = directory.agencies[code]
        found = {each.code: near for each in places.districts.values() if (near := _near(words, each.name, each.also))}
        for village in places.villages.values():
            if near := _near(words, village.name, village.also):
                found[village.district] = min(near, found.get(village.district, near))
        if whole := _near(words, instance.name, instance.spoken):
            found = dict.fromkeys(places.districts, whole) if whole <= min(found.values(), default=whole) else found
        if found:
            districts = tuple(places.districts[each] for each in sorted(found, key=lambda each: found[each]))
            ranked.append((min(found.values()), Found(instance, districts)))
    ranked.sort(key=lambda each: each[0])
    exact = [found for rank, found in ranked if rank == 1] or [found for _, found in ranked]
    return tuple(_first(exact, MOST))


def _first(found: list[Found], most: int) -> Iterator[Found]:
    for each in found:
        if most <= 0:
            return
        yield Found(each.instance, each.districts[:most])
        most -= len(each.districts)


def _near(words: str, name: str, also: str) -> int:
    """Return 1 for the same name, 2 for one that begins so or has such a word, 0 for another."""
    names = [_folded(each) for each in (name, *also.split(",")) if each.strip()]
    if words in names:
        return 1
    return 2 if any(f" {each}".find(f" {words}") >= 0 for each in names) else 0


def _folded(name: str) -> str:
    kept = "".join(sign if sign.isalnum() else " " for sign in name.casefold()).split()
    return " ".join(word for word in kept if word not in KINDS)

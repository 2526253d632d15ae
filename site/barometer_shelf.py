"""The barometer's editions and the addresses of their pages.

The newest edition stands at ``/barometer/`` and, as every other, at an address of its own, ``/barometer/2026-10/``,
where it stays. Where there is one instance alone, its page is the first one; where there are several, a page of all.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from functions.casework.barometer.edition import Edition, Place
from functions.casework.barometer.national import Kind, Size

TOP = "/barometer/"
FOLDERS = {"instance": "instansi", "agency": "dinas", "topic": "topik", "district": "kecamatan"}


@dataclass(frozen=True, slots=True)
class Shelf:
    """The editions of a barometer, newest first, each month in its latest number."""

    editions: tuple[Edition, ...]

    def pages(self) -> dict[str, tuple[Edition, Place]]:
        """Every address of a page (without language) and what it shows."""
        found = {}
        for number, edition in enumerate(self.editions):
            for place in {
                root_of(edition).key: root_of(edition),
                **{each.key: each for each in edition.places},
            }.values():
                found[TOP + edition.month + "/" + path_of(edition, place)] = (edition, place)
                if number == 0:
                    found[TOP + path_of(edition, place)] = (edition, place)
        return found


def shelf_of(editions: Iterable[Edition]) -> Shelf:
    """A shelf of these editions in any order."""
    latest: dict[str, Edition] = {}
    for edition in editions:
        if edition.month not in latest or latest[edition.month].number < edition.number:
            latest[edition.month] = edition
    return Shelf(tuple(sorted(latest.values(), key=lambda each: each.month, reverse=True)))


def root_of(edition: Edition) -> Place:
    """The place of the edition's first page: the one instance, or, where there are several, a list of them."""
    instances = [place for place in edition.places if place.level == "instance"]
    return instances[0] if len(instances) == 1 else Place("nation", "", "")


def path_of(edition: Edition, place: Place) -> str:
    """Where a place's page is below its edition's."""
    root = root_of(edition)
    if place.key == root.key:
        return ""
    instance = "" if root.level == "instance" else f"{FOLDERS['instance']}/{place.instance}/"
    return instance if place.level == "instance" else f"{instance}{FOLDERS[place.level]}/{place.code}/"


def below(place: Place, other: Place) -> bool:
    """Whether another place is one of those that a page lists."""
    if place.level == "nation":
        return other.level == "instance"
    return other.instance == place.instance and other.level != "instance"


def edition_top(month: str) -> str:
    """Return the address of an edition's first page; "" is the newest edition's, wherever it stands by then."""
    return f"{TOP}{month}/" if month else TOP


def group_address(group: tuple[Kind, Size], page: int = 0, month: str = "") -> str:
    """Return the address of a page of peers in an edition, the first of them being 0."""
    kind, size = group
    return f"{edition_top(month)}jenis/{kind.value}-{size.value}/" + (f"{page + 1}/" if page else "")


def province_address(code: str, month: str = "") -> str:
    """Return the address of a province's page in an edition."""
    return f"{edition_top(month)}provinsi/{code}/"

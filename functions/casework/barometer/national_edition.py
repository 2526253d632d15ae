"""The nation's edition of a month: who published, and the audited sums by nation, province and kind.

It follows from the instances' editions alone, so it is made where it is shown, and is the same whenever it is made. An
instance that was retired or renamed keeps its code and its past: it stands in the editions of its months.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from functions.casework.barometer.audit import allowed
from functions.casework.barometer.edition import Edition, Place, Published
from functions.casework.barometer.national import Kind, Total, kind_of, kind_of_region, total
from functions.casework.directory.agencies import Directory

COUNTS = ("received", "closed", "open")
NATION = "nasional"


class Member(NamedTuple):
    """An instance in the series of editions.

    ``first`` and ``last`` are the months of the first and the newest edition that it stands in. ``former`` are names it
    bore, each with the last month of an edition under it. ``here`` tells whether the directory still has it.
    """

    code: str
    name: str
    kind: Kind
    region: str
    first: str
    last: str
    former: tuple[tuple[str, str], ...]
    here: bool

    @property
    def province(self) -> str:
        """The code of its province, "" for an instance without a region."""
        return self.region.partition(".")[0]


class Area(NamedTuple):
    """What is added up: the nation, a province by Kemendagri's code, or a kind."""

    level: str
    code: str


Sums = Mapping[Area, Mapping[str, Total]]
WHOLE = Area(NATION, "")


def members(editions: Iterable[Edition], directory: Directory) -> dict[str, Member]:
    """Return every instance that stands in an edition, by code. Its newest edition says its name, kind and region."""
    found: dict[str, Member] = {}
    known = {each.code: each for each in directory.instances()}
    for edition in sorted(editions, key=lambda each: (each.month, each.number)):
        for place in instances(edition):
            before = found.get(place.code)
            renamed = before is not None and before.name != place.name
            former = before.former + (((before.name, before.last),) if renamed else ()) if before else ()
            agency = known.get(place.code)
            region = place.region or (agency.region if agency else "")
            kind = Kind(place.kind) if place.kind else kind_of(agency) if agency else kind_of_region(region)
            first = before.first if before else edition.month
            found[place.code] = Member(
                place.code, place.name, kind, region, first, edition.month, former, agency is not None
            )
    return dict(sorted(found.items()))


def instances(edition: Edition) -> Iterator[Place]:
    """Yield the instances of an edition."""
    return (place for place in edition.places if place.level == "instance")


def sums(edition: Edition, known: Mapping[str, Member]) -> Sums:
    """Return the audited sums of a month, by area and by count. Raises AuditFailedError if one tells too much."""
    of: dict[Area, list[Place]] = {WHOLE: []}
    for place in instances(edition):
        for area in areas(known[place.code]):
            of.setdefault(area, []).append(place)
    return {area: {name: _sum(places, name) for name in COUNTS} for area, places in sorted(of.items())}


def areas(member: Member) -> tuple[Area, ...]:
    """Return what an instance is added up in."""
    province = (Area("provinsi", member.province),) if member.province else ()
    return (WHOLE, Area("jenis", member.kind.value), *province)


def _sum(places: Sequence[Place], name: str) -> Total:
    numbers: list[Published] = [place.values.get(name) for place in places]
    return allowed(total(numbers), numbers)

"""The directory: agencies (centre → instance → unit), topics, districts and villages.

It is public and holds no officer: their register is separate, and only the courier reads it. Codes are text, never
numbers (``64.08`` is not 64.8).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class AgencyKind(StrEnum):
    """The three levels."""

    CENTRE = "centre"
    INSTANCE = "instance"
    UNIT = "unit"


class Level(StrEnum):
    """The kind of an agency in the state's own terms, where it is given: finer than ``AgencyKind``."""

    UNSAID = ""
    KEMENTERIAN = "kementerian"
    PROVINSI = "provinsi"
    KABUPATEN = "kabupaten"
    KOTA = "kota"
    OPD = "opd"
    KECAMATAN = "kecamatan"
    DESA = "desa"


class Role(StrEnum):
    """The role of an officer at an agency."""

    CENTRE = "centre"
    COORDINATOR = "coordinator"
    OFFICER = "officer"
    INSPECTOR = "inspector"
    OVERSEER = "overseer"
    CUSTODIAN = "custodian"
    CLERK = "clerk"


# The kinds of agency that each role belongs to. An overseer is the Ombudsman, or an instance's Sekda. A clerk (petugas
# loket) types reports for others at a counter, and reads none.
ROLE_AT: Mapping[Role, tuple[AgencyKind, ...]] = {
    Role.CENTRE: (AgencyKind.CENTRE,),
    Role.COORDINATOR: (AgencyKind.INSTANCE,),
    Role.OFFICER: (AgencyKind.UNIT,),
    Role.INSPECTOR: (AgencyKind.UNIT,),
    Role.OVERSEER: (AgencyKind.CENTRE, AgencyKind.INSTANCE),
    Role.CUSTODIAN: (AgencyKind.UNIT,),
    Role.CLERK: (AgencyKind.UNIT,),
}
SORTED_ABOVE = "centre"  # the desk above an instance sorts its new reports first
DESK_CHANNEL = "desk"


class DirectoryError(ValueError):
    """The directory contradicts itself; the message names the entry and what to change."""


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency.

    For an instance, ``region`` is its Kemendagri code, ``coordinator`` the unit whose staff sort its reports, and
    ``inspectorate`` the unit that gets reports about the coordinator itself. ``sorted_by`` is "centre" if new reports
    go to the desk above first, as in SP4N-LAPOR!, else "". ``channel`` is how reports reach it: ``desk`` (a signed
    link), or ``open311:`` and the address of its own system.

    ``once_below`` lists, by codes with a blank between, the units that a unit stood below before it was moved: what
    accuses them stays hidden from it.

    ``spoken`` lists what people call it, its offices and the titles of its staff, with commas between ("Dishub, Pak
    Kadis"). Names that follow from ``name`` or are usual need not stand there.
    """

    code: str
    name: str
    kind: AgencyKind
    parent: str = ""
    region: str = ""
    coordinator: str = ""
    inspectorate: str = ""
    sorted_by: str = ""
    level: Level = Level.UNSAID
    channel: str = DESK_CHANNEL
    once_below: str = ""
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name that a code bore, up to a day (ISO). It stays that code's, also after the agency was removed.

    ``instance`` is the government whose unit it was, "" for an instance and for the centre. ``once_below`` are the
    units that a removed unit stood below: they count again if its code comes back.
    """

    code: str
    name: str
    until: str
    instance: str = ""
    once_below: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic to choose. ``public_work``: "diperbaiki" needs a photo. ``unit``: who usually handles it.

    ``sensitive``: corruption, staff misconduct and the like, where the time of a mail must not reveal the writer.
    """

    code: str
    name: str
    name_en: str
    public_work: bool = False
    unit: str = ""
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class District:
    """A kecamatan with its Kemendagri code. ``also`` lists other names and spellings in use, with commas between."""

    code: str
    name: str
    also: str = ""


@dataclass(frozen=True, slots=True)
class Village:
    """A desa or kelurahan with its Kemendagri code, which begins with that of its district. ``also`` as in District."""

    code: str
    name: str
    also: str = ""

    @property
    def district(self) -> str:
        """Return the code of its district."""
        return self.code.rpartition(".")[0]

    @property
    def title(self) -> str:
        """Return its name with what it is. Kemendagri numbers a kelurahan from 1001, a desa from 2001."""
        kind = "Kelurahan" if self.code.rpartition(".")[2].startswith("1") else "Desa"
        return f"{kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Officer:
    """Someone who answers. The courier knows the address; links and sessions know only ``ident``."""

    ident: str
    email: str
    agency: str
    role: Role


@dataclass(frozen=True, slots=True)
class Member:
    """An officer without the e-mail address: all that the desk may know."""

    ident: str
    agency: str
    role: Role


@dataclass(frozen=True, slots=True)
class Index:
    """An index of a directory's agencies, in place of a search among all of them at every call."""

    agencies: Mapping[str, Agency]
    instances: tuple[Agency, ...]
    by_region: Mapping[str, Agency]
    below: Mapping[str, list[str]]
    rank: Mapping[str, int]
    units: dict[str, tuple[Agency, ...]] = field(default_factory=dict)
    spoken: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # by instance; understanding.spoken_names
    portals: dict[str, "Directory"] = field(default_factory=dict)  # by instance; directory.portal
    homes: dict[str, Any] = field(default_factory=dict)  # likewise
    villages: list[Mapping[str, list[Village]]] = field(default_factory=list)  # one, by district, once asked for


@dataclass(frozen=True, slots=True)
class Directory:
    """All agencies, topics, districts and villages by code, in the order in which they are shown; and names borne
    before. Villages are optional: a reporter may choose theirs, and they tell a report's district from its words.

    No method's work grows with the nation, except for the first call, which makes an index.
    """

    agencies: Mapping[str, Agency]
    topics: Mapping[str, Topic]
    districts: Mapping[str, District]
    former: tuple[FormerName, ...] = ()
    villages: Mapping[str, Village] = field(default_factory=dict)
    # Made on first use, since a directory is also built to be checked. If two threads make it twice, both are the same.
    _made: list[Index] = field(default_factory=list, init=False, repr=False, compare=False)

    def instance_of_district(self, district: str) -> Agency:
        """Return the instance whose region holds this district.

        If several do (a regency and its province), it is the nearest. Raises DirectoryError if none does.
        """
        region = district
        while region := region.rpartition(".")[0]:
            if found := self.index.by_region.get(region):
                return found
        raise DirectoryError(f"no instance for district {district}")

    def instances(self) -> tuple[Agency, ...]:
        """Return every instance, in order."""
        return self.index.instances

    @property
    def owner(self) -> str:
        """Return the name of the one government whose door this is; "" if there are several."""
        instances = self.instances()
        return instances[0].name if len(instances) == 1 else ""

    def villages_of(self, district: str) -> tuple[Village, ...]:
        """Return the villages of a district, in order."""
        made = self.index.villages
        if not made:
            made.append(_by_district(self.villages.values()))
        return tuple(made[0].get(district, ()))

    def units(self, instance: str) -> tuple[Agency, ...]:
        """Return the units below an instance, at any depth, in order."""
        index = self.index
        if instance not in index.units:
            found = [instance] if instance in index.agencies else []
            for code in found:  # grows while it is walked
                found += index.below.get(code, [])
            found.sort(key=index.rank.__getitem__)
            wanted = (index.agencies[code] for code in found)
            index.units[instance] = tuple(agency for agency in wanted if agency.kind is AgencyKind.UNIT)
        return index.units[instance]

    def lineage(self, code: str) -> tuple[str, ...]:
        """Return the agency and all above it, nearest first."""
        found: list[str] = []
        while code:
            found.append(code)
            code = self.agencies[code].parent
        return tuple(found)

    def shadow(self, code: str) -> frozenset[str]:
        """Return the agencies whose accusation reaches this one: itself, all above it, and what one of these once stood
        below."""
        above = self.lineage(code)
        return frozenset(above).union(*(self.agencies[each].once_below.split() for each in above))

    def instance_of(self, code: str) -> Agency | None:
        """Return the instance an agency belongs to (itself, if it is one); None for the centre."""
        for above in self.lineage(code):
            if self.agencies[above].kind is AgencyKind.INSTANCE:
                return self.agencies[above]
        return None

    def agency(self, code: str) -> Agency:
        """Return the agency. If it was removed, return a stand-in that bears its code as name."""
        return self.agencies.get(code) or Agency(code, code, AgencyKind.UNIT)

    def sensitive(self, topics: Iterable[str]) -> bool:
        """Return whether one of these topics (codes) is sensitive."""
        return any(found.sensitive for code in topics if (found := self.topics.get(code)))

    @property
    def index(self) -> Index:
        """Return what the other methods look things up in."""
        if not self._made:
            self._made.append(_make_index(self.agencies))
        return self._made[0]


def _make_index(agencies: Mapping[str, Agency]) -> Index:
    instances = tuple(agency for agency in agencies.values() if agency.kind is AgencyKind.INSTANCE)
    below: dict[str, list[str]] = {}
    for agency in agencies.values():
        below.setdefault(agency.parent, []).append(agency.code)
    return Index(
        agencies=agencies,
        instances=instances,
        by_region={agency.region: agency for agency in reversed(instances) if agency.region},
        below=below,
        rank={code: number for number, code in enumerate(agencies)},
    )


def _by_district(villages: Iterable[Village]) -> Mapping[str, list[Village]]:
    found: dict[str, list[Village]] = {}
    for village in villages:
        found.setdefault(village.district, []).append(village)
    return found

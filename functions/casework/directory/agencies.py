"""The directory: agencies (centre → instance → unit), topics and districts.

Public: it holds no officer. Codes are text, never numbers (``64.08`` is not 64.8). Who the officers are
stands in a register of its own that only the courier reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class AgencyKind(StrEnum):
    """The three levels."""

    CENTRE = "centre"
    INSTANCE = "instance"
    UNIT = "unit"


class Level(StrEnum):
    """What an agency is in the state's own words, where that is said: finer than its kind."""

    UNSAID = ""
    KEMENTERIAN = "kementerian"
    PROVINSI = "provinsi"
    KABUPATEN = "kabupaten"
    KOTA = "kota"
    OPD = "opd"
    KECAMATAN = "kecamatan"
    DESA = "desa"


class Role(StrEnum):
    """What an officer is to his agency."""

    CENTRE = "centre"
    COORDINATOR = "coordinator"
    OFFICER = "officer"
    INSPECTOR = "inspector"
    OVERSEER = "overseer"
    CUSTODIAN = "custodian"
    CLERK = "clerk"


# At which kind of agency each role is found. An overseer is the Ombudsman, or an instance's Sekda; a clerk (petugas
# loket) writes reports down for others at a counter, and sees none.
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
    """An agency. For an instance, ``region`` is its Kemendagri code, ``coordinator`` the unit whose staff
    sort its reports, ``inspectorate`` the unit that gets reports about the coordinator itself; ``sorted_by`` is
    "centre" where new reports lie on the desk above first, as SP4N-LAPOR! does it, "" where they do not. ``channel``
    is how reports reach it: ``desk`` (a signed link), or ``open311:`` and the address of a system of its own.

    ``once_below`` names, by codes with a blank between, units that a unit stood below before it was moved: what accuses
    them stays hidden from it."""

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


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic people choose. ``public_work``: "diperbaiki" wants a photo. ``unit``: who usually handles it.
    ``sensitive``: corruption, staff misconduct and the like, where a mail must not time the writer."""

    code: str
    name: str
    name_en: str
    public_work: bool = False
    unit: str = ""
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class District:
    """A kecamatan with its Kemendagri code."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Officer:
    """Someone who answers. Known to the courier (address) and, by ``ident``, to links and sessions."""

    ident: str
    email: str
    agency: str
    role: Role


@dataclass(frozen=True, slots=True)
class Member:
    """An officer as the desk may know him: without his address."""

    ident: str
    agency: str
    role: Role


@dataclass(frozen=True, slots=True)
class Index:
    """Of a directory's agencies, what would else be searched for among all agencies at every call."""

    agencies: Mapping[str, Agency]
    instances: tuple[Agency, ...]
    by_region: Mapping[str, Agency]
    below: Mapping[str, list[str]]
    rank: Mapping[str, int]
    units: dict[str, tuple[Agency, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Directory:
    """All agencies, topics and districts by code, in the order they are shown.

    No method's work grows with the nation, but for the first call, which makes an index.
    """

    agencies: Mapping[str, Agency]
    topics: Mapping[str, Topic]
    districts: Mapping[str, District]
    # Made on first use, since a directory is also built to be checked; made twice by two threads, it is the same.
    _made: list[Index] = field(default_factory=list, init=False, repr=False, compare=False)

    def instance_of_district(self, district: str) -> Agency:
        """The instance whose region holds this district, the nearest where several do (a regency, then its
        province). Raises DirectoryError where none does."""
        region = district
        while region := region.rpartition(".")[0]:
            if found := self.index.by_region.get(region):
                return found
        raise DirectoryError(f"no instance for district {district}")

    def instances(self) -> tuple[Agency, ...]:
        """Every instance, in order."""
        return self.index.instances

    def units(self, instance: str) -> tuple[Agency, ...]:
        """The units below an instance, at any depth, in order."""
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
        """The agency and all above it, nearest first."""
        found: list[str] = []
        while code:
            found.append(code)
            code = self.agencies[code].parent
        return tuple(found)

    def shadow(self, code: str) -> frozenset[str]:
        """Whose accusation reaches an agency: itself, all above it, and what it or one of these once stood below."""
        above = self.lineage(code)
        return frozenset(above).union(*(self.agencies[each].once_below.split() for each in above))

    def instance_of(self, code: str) -> Agency | None:
        """The instance an agency belongs to (itself, if it is one); None for the centre."""
        for above in self.lineage(code):
            if self.agencies[above].kind is AgencyKind.INSTANCE:
                return self.agencies[above]
        return None

    def agency(self, code: str) -> Agency:
        """The agency, or, where it was removed since, one that bears its code for a name."""
        return self.agencies.get(code) or Agency(code, code, AgencyKind.UNIT)

    @property
    def index(self) -> Index:
        """What the other methods look things up in."""
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

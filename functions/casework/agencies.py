"""The directory: agencies (centre → instance → unit), topics and districts.

Public: it holds no officer. Codes are text, never numbers (``64.08`` is not 64.8). Who the officers are
stands in a register of its own that only the courier reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class AgencyKind(StrEnum):
    """The three levels."""

    CENTRE = "centre"
    INSTANCE = "instance"
    UNIT = "unit"


# What may stand right above whom. Below a unit, or below another instance, an instance had no desk of its own left
# when that one is accused, and reports that come to the level above would be in no inbox there.
ABOVE = {
    AgencyKind.CENTRE: frozenset[AgencyKind](),
    AgencyKind.INSTANCE: frozenset({AgencyKind.CENTRE}),
    AgencyKind.UNIT: frozenset(AgencyKind),
}


class Role(StrEnum):
    """What an officer is to his agency."""

    CENTRE = "centre"
    COORDINATOR = "coordinator"
    OFFICER = "officer"
    INSPECTOR = "inspector"
    CUSTODIAN = "custodian"


class DirectoryError(ValueError):
    """The directory contradicts itself; the message names the entry and what to change."""


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency. For an instance, ``region`` is its Kemendagri code, ``coordinator`` the unit whose staff
    sort its reports, ``inspectorate`` the unit that gets reports about the coordinator itself; ``sorted_by`` is
    "centre" where new reports lie on the desk above first, as SP4N-LAPOR! does it, "" where they do not."""

    code: str
    name: str
    kind: AgencyKind
    parent: str = ""
    region: str = ""
    coordinator: str = ""
    inspectorate: str = ""
    sorted_by: str = ""


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
class Directory:
    """All agencies, topics and districts by code, in the order they are shown."""

    agencies: Mapping[str, Agency]
    topics: Mapping[str, Topic]
    districts: Mapping[str, District]

    def instance_of_district(self, district: str) -> Agency:
        """The instance whose region holds this district. Raises DirectoryError where none does."""
        for agency in self.agencies.values():
            if agency.kind is AgencyKind.INSTANCE and district.startswith(agency.region + "."):
                return agency
        raise DirectoryError(f"no instance for district {district}")

    def instances(self) -> tuple[Agency, ...]:
        """Every instance, in order."""
        return tuple(a for a in self.agencies.values() if a.kind is AgencyKind.INSTANCE)

    def units(self, instance: str) -> tuple[Agency, ...]:
        """The units below an instance, at any depth, in order."""
        return tuple(
            a for a in self.agencies.values() if a.kind is AgencyKind.UNIT and instance in self.lineage(a.code)
        )

    def lineage(self, code: str) -> tuple[str, ...]:
        """The agency and all above it, nearest first."""
        found: list[str] = []
        while code:
            found.append(code)
            code = self.agencies[code].parent
        return tuple(found)

    def instance_of(self, code: str) -> Agency | None:
        """The instance an agency belongs to (itself, if it is one); None for the centre."""
        for above in self.lineage(code):
            if self.agencies[above].kind is AgencyKind.INSTANCE:
                return self.agencies[above]
        return None


def directory_from_mapping(raw: Mapping[str, Any]) -> Directory:
    """Build and check a directory from plain data (the tables ``agencies``, ``topics``, ``districts``).

    Raises DirectoryError naming the first entry that is wrong.
    """
    try:
        agencies = {a["code"]: Agency(**a | {"kind": AgencyKind(a["kind"])}) for a in raw["agencies"]}
        topics = {t["code"]: Topic(**t) for t in raw["topics"]}
        districts = {d["code"]: District(**d) for d in raw["districts"]}
    except (KeyError, TypeError, ValueError) as error:
        raise DirectoryError(f"an entry of the directory is incomplete or unknown: {error}") from error
    for name, table in (("agencies", agencies), ("topics", topics), ("districts", districts)):
        if len(table) != len(raw[name]):
            raise DirectoryError(f"{name}: a code appears twice")
        if not table:
            raise DirectoryError(f"{name}: empty")
    directory = Directory(agencies, topics, districts)
    for agency in agencies.values():
        _check_agency(agency, agencies)
    for topic in topics.values():
        if topic.unit and topic.unit not in agencies:
            raise DirectoryError(f"topic {topic.code}: unit {topic.unit} is unknown")
    for district in districts:
        directory.instance_of_district(district)
    return directory


def _check_agency(agency: Agency, agencies: Mapping[str, Agency]) -> None:
    seen = {agency.code}
    above = agency.parent
    while above:
        if above not in agencies:
            raise DirectoryError(f"agency {agency.code}: parent {above} is unknown")
        if above in seen:
            raise DirectoryError(f"agency {agency.code}: its parents form a circle")
        seen.add(above)
        above = agencies[above].parent
    if agency.parent and agencies[agency.parent].kind not in ABOVE[agency.kind]:
        parent = agencies[agency.parent]
        raise DirectoryError(f"agency {agency.code}: {agency.kind} cannot stand below {parent.kind} {parent.code}")
    if agency.kind is AgencyKind.INSTANCE:
        _check_instance(agency, agencies)


def _check_instance(agency: Agency, agencies: Mapping[str, Agency]) -> None:
    for role in ("coordinator", "inspectorate"):
        unit = agencies.get(getattr(agency, role))
        if unit is None or unit.parent != agency.code:
            raise DirectoryError(f"instance {agency.code}: {role} must be one of its own units")
    if agency.coordinator == agency.inspectorate and not agency.parent:
        raise DirectoryError(
            f"instance {agency.code}: who reads a report about its coordinator? name another inspectorate, or a parent"
        )
    if agency.sorted_by not in ("", "centre") or (agency.sorted_by and not agency.parent):
        raise DirectoryError(f'instance {agency.code}: sorted_by is "centre", which needs a parent, or left out')
    if not agency.region:
        raise DirectoryError(f"instance {agency.code}: region (Kemendagri code) is missing")

"""Check whether the agencies form a tree that gives every report a reader."""

import re
from collections.abc import Collection, Iterator, Mapping

from functions.casework.directory.agencies import SORTED_ABOVE, Agency, AgencyKind, Level
from functions.casework.directory.portal import RESERVED
from functions.casework.directory.tables import Fault, Row

Placed = Mapping[str, tuple[Agency, Row]]
_PROVINCE, _REGENCY = r"\d\d", r"\d\d\.\d\d"
# What a region must look like, by the level that is given; Kemendagri's codes have 2, 4, 6 or 10 digits.
REGION: Mapping[Level, tuple[str, str]] = {
    Level.KEMENTERIAN: ("", "nothing"),
    Level.PROVINSI: (_PROVINCE, "64"),
    Level.KABUPATEN: (_REGENCY, "64.08"),
    Level.KOTA: (_REGENCY, "64.74"),
    Level.KECAMATAN: (_REGENCY + r"\.\d\d", "64.08.04"),
    Level.DESA: (_REGENCY + r"\.\d\d\.\d{4}", "64.08.04.2001"),
}
ANY_REGION = (rf"{_PROVINCE}|{_REGENCY}(\.\d\d(\.\d{{4}})?)?", "64.08")
INSTANCE_REGION = (rf"{_PROVINCE}|{_REGENCY}", "64.08")
KIND_OF: Mapping[Level, AgencyKind] = {
    Level.KEMENTERIAN: AgencyKind.INSTANCE,
    Level.PROVINSI: AgencyKind.INSTANCE,
    Level.KABUPATEN: AgencyKind.INSTANCE,
    Level.KOTA: AgencyKind.INSTANCE,
    Level.OPD: AgencyKind.UNIT,
    Level.KECAMATAN: AgencyKind.UNIT,
    Level.DESA: AgencyKind.UNIT,
}
# What may stand directly above what. Below a unit or another instance, an instance would have no desk of its own left
# when that one is accused, and reports that come to the level above would be in no inbox there.
PARENTS: Mapping[AgencyKind, tuple[AgencyKind, ...]] = {
    AgencyKind.CENTRE: (),
    AgencyKind.INSTANCE: (AgencyKind.CENTRE,),
    AgencyKind.UNIT: tuple(AgencyKind),
}


def tree_faults(agencies: Placed, known: Collection[str]) -> Iterator[Fault]:
    """Return the faults of the agencies among each other. ``known`` are the codes of all, also of unreadable ones."""
    circular = _circles(agencies)
    regions: dict[str, Agency] = {}
    for code, (agency, row) in agencies.items():
        told = [*_parent(agency, agencies, known), *_region(agency), *_circle(agency, circular)]
        if agency.kind is AgencyKind.INSTANCE:
            told += _instance(agency, agencies, known)
            other = regions.setdefault(agency.region, agency) if agency.region else agency
            if other is not agency:
                told.append(f"region {agency.region} is that of {other.code} already; two governments have two")
        label = f"{'instance' if agency.kind is AgencyKind.INSTANCE else 'agency'} {code}"
        yield from (Fault(row.file, row.line, f"{label}: {text}") for text in told)


def _parent(agency: Agency, agencies: Placed, known: Collection[str]) -> Iterator[str]:
    if agency.parent and agency.parent not in known:
        yield f"parent {agency.parent} is unknown; add that agency, or name another"
    elif not agency.parent and agency.kind is AgencyKind.UNIT:
        yield "parent is missing; a unit stands below an instance or another unit"
    elif agency.parent in agencies:
        kind = agencies[agency.parent][0].kind
        if kind not in PARENTS[agency.kind]:
            allowed = " or ".join(PARENTS[agency.kind]) or "none: it stands below nothing"
            yield f"its parent {agency.parent} is of kind {kind}; the parent of a {agency.kind} is of kind {allowed}"


def _region(agency: Agency) -> Iterator[str]:
    if agency.level in KIND_OF and KIND_OF[agency.level] is not agency.kind:
        yield f"level {agency.level} is for the kind {KIND_OF[agency.level]}, and this is of kind {agency.kind}"
    elif agency.region:
        general = INSTANCE_REGION if agency.kind is AgencyKind.INSTANCE else ANY_REGION
        form, example = REGION.get(agency.level, general)
        if not re.fullmatch(form, agency.region, re.ASCII):
            yield f"region {agency.region!r} has not the form of a Kemendagri code here; write {example}"
    elif agency.kind is AgencyKind.INSTANCE and agency.level is not Level.KEMENTERIAN:
        yield "region (Kemendagri code) is missing; write it like 64.08"


def _instance(agency: Agency, agencies: Placed, known: Collection[str]) -> Iterator[str]:
    for role in ("coordinator", "inspectorate"):
        code = getattr(agency, role)
        unread = code in known and code not in agencies
        if not unread and (code not in agencies or agencies[code][0].parent != agency.code):
            yield f"{role} must be one of its own units; {code or 'nothing'} stands there"
    if agency.code in RESERVED:
        yield "its portal would stand where a page of all portals stands; give it another code"
    if agency.coordinator and agency.coordinator == agency.inspectorate and not agency.parent:
        yield "who reads a report about its coordinator? name another inspectorate, or a parent"
    if agency.sorted_by not in ("", SORTED_ABOVE) or (agency.sorted_by and not agency.parent):
        yield f"sorted_by is {SORTED_ABOVE!r}, which needs a parent, or nothing; {agency.sorted_by!r} stands there"


def _circle(agency: Agency, circular: Mapping[str, str]) -> Iterator[str]:
    if agency.code in circular:
        yield f"its parents form a circle: {circular[agency.code]}; give one of them another parent"


def _circles(agencies: Placed) -> dict[str, str]:
    """Return one code of each circle, the first in order, and the way round. Every agency is visited once."""
    found: dict[str, str] = {}
    rank = {code: number for number, code in enumerate(agencies)}
    passed: set[str] = set()
    for start in agencies:
        path: list[str] = []
        code = start
        while code in agencies and code not in passed:
            passed.add(code)
            path.append(code)
            code = agencies[code][0].parent
        if code in path:
            circle = path[path.index(code) :]
            first = min(circle, key=rank.__getitem__)
            turned = circle[circle.index(first) :] + circle[: circle.index(first)]
            found[first] = " → ".join([*turned, first])
    return found

"""The part of the directory that one instance's portal shows: its agencies, places and topics, and who stands above.

A nation's form would list every agency (520 KB). Nothing here decides who reads a report: a portal's form takes a
district of any instance.
"""

from collections.abc import Mapping
from typing import NamedTuple

from functions.casework.directory.agencies import Agency, AgencyKind, Directory, District, Village

# First parts of the addresses at the root of a portal and of its doors, where an instance's code would hide a page.
RESERVED = frozenset(
    (
        *("404.html", "api", "assets", "barometer", "bantuan", "custody", "desa.json", "desk", "dev", "en"),
        *("healthz", "jv"),
        *("keluar", "keys-desk.json", "keys.json", "lacak", "lapor", "lapor.css", "laporan", "manifest.webmanifest"),
        *("masuk", "open311", "openapi.json", "portal.json", "privasi", "robots.txt", "sw.js", "tempat", "wilayah"),
        "wilayah.json",
    )
)


class Places(NamedTuple):
    """The districts and villages whose reports come to an instance."""

    districts: dict[str, District]
    villages: dict[str, Village]


def portal_of(directory: Directory, instance: str) -> Directory:
    """Return what the portal of this instance shows, as a directory with this instance alone.

    A topic that names a usual unit of another government is not shown. Raises KeyError for an unknown code.
    """
    made = directory.index.portals
    if instance not in made:
        made[instance] = _part(directory, directory.agencies[instance])
    return made[instance]


def above(directory: Directory, instance: str) -> tuple[Agency, ...]:
    """Return the instances whose region holds this one's, nearest first: a regency's province. A reporter may accuse
    these as well."""
    found, region = [], directory.agencies[instance].region
    while region := region.rpartition(".")[0]:
        if there := directory.index.by_region.get(region):
            found.append(there)
    return tuple(found)


def below(directory: Directory, instance: str) -> tuple[Agency, ...]:
    """Return the instances whose region lies within this one's, in order: a province's regencies."""
    region = directory.agencies[instance].region
    inside = (each for each in directory.instances() if region and each.region.startswith(f"{region}."))
    return tuple(inside)


def homes(directory: Directory) -> Mapping[str, Places]:
    """Return the districts and villages of each instance that has any. Each is looked at once."""
    made = directory.index.homes
    if not made:
        by_district: dict[str, Places] = {}
        for district in directory.districts.values():
            code = directory.instance_of_district(district.code).code
            by_district[district.code] = places = made.setdefault(code, Places({}, {}))
            places.districts[district.code] = district
        for village in directory.villages.values():
            by_district[village.district].villages[village.code] = village
    return made


def _part(directory: Directory, instance: Agency) -> Directory:
    centres = (directory.agencies[code] for code in directory.lineage(instance.code)[1:])
    shown = [each for each in centres if each.kind is AgencyKind.CENTRE]
    agencies = {each.code: each for each in (*shown, instance, *directory.units(instance.code))}
    topics = {code: each for code, each in directory.topics.items() if not each.unit or each.unit in agencies}
    places = homes(directory).get(instance.code, Places({}, {}))
    former = tuple(each for each in directory.former if each.code in agencies or each.instance == instance.code)
    return Directory(agencies, topics, places.districts, former, places.villages)


def portal_name(directory: Directory, instance: str) -> str:
    """Return the name of the instance with this code; "" if there is none, or only one and so no portal of its own."""
    found = directory.agencies.get(instance)
    several = len(directory.instances()) > 1
    return found.name if found and found.kind is AgencyKind.INSTANCE and several else ""

"""The demonstration with Samarinda, Kutai Kartanegara and an invented province beside it, and how their portals look."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from functions.casework.directory.agencies import Agency, AgencyKind, Directory, Level
from functions.casework.directory.check import check
from functions.casework.directory.instance_tables import with_instance
from functions.casework.directory.portal_file import Look
from functions.casework.directory.tables import merged, read_toml
from functions.cli.directory.instance_folder import read_folder
from functions.config.settings import DEMO

FOLDERS = ("samarinda", "kukar")
PROVINCE = "kaltim"


@cache
def governments() -> tuple[Directory, Mapping[str, Look]]:
    """The directory of four governments, and the looks of the two that have one."""
    files = (DEMO / "kutai-timur.toml", DEMO / "officers.toml")
    tables = merged({}, [read_toml(str(path), path.read_text()) for path in files])
    looks = {}
    for name in FOLDERS:
        folder = read_folder(DEMO / "instances" / name)
        tables = with_instance(tables, folder.tables, name, check(tables).directory)
        looks[name] = folder.look or Look()
    directory = check(tables).directory
    units = (f"{PROVINCE}-diskominfo", f"{PROVINCE}-inspektorat")
    name = "Pemerintah Provinsi Kalimantan Timur"
    province = Agency(PROVINCE, name, AgencyKind.INSTANCE, "pusat", "64", *units, level=Level.PROVINSI)
    more = {
        unit: Agency(unit, f"{unit.partition('-')[2].title()} Provinsi", AgencyKind.UNIT, PROVINCE) for unit in units
    }
    return replace(directory, agencies={**directory.agencies, PROVINCE: province, **more}), looks

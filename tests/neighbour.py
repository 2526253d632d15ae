"""The demonstration with a second government beside it, so that a case has somewhere to go."""

from functions.casework.directory.agencies import Agency, AgencyKind, Directory, District, Officer, Role
from functions.config.settings import DEMO, load_directory, load_officers

NEXT = "bontang"
UNIT = "bontang-pu"
SORTS, INSPECTS = "bontang-diskominfo", "bontang-inspektorat"


def two_governments(count: int = 1) -> tuple[Directory, tuple[Officer, ...]]:
    """Directory and officers; ``count`` - 1 more instances, which nobody writes to, make the list long."""
    demo = load_directory(DEMO / "kutai-timur.toml")
    officers = load_officers(DEMO / "officers.toml", demo)
    seats = {"coordinator": SORTS, "inspectorate": INSPECTS}
    made = [Agency(NEXT, "Pemerintah Kota Bontang", AgencyKind.INSTANCE, "pusat", "64.74", **seats)]
    made += [Agency(code, f"Dinas {code}", AgencyKind.UNIT, NEXT) for code in (SORTS, INSPECTS, UNIT)]
    for number in range(1, count):
        code, region = f"kab-{number}", f"65.{number:02}"
        staff = (f"{code}-a", f"{code}-b")
        made.append(Agency(code, f"Pemerintah {code}", AgencyKind.INSTANCE, "pusat", region, *staff))
        made += [Agency(unit, f"Dinas {unit}", AgencyKind.UNIT, code) for unit in staff]
    agencies = {**demo.agencies, **{agency.code: agency for agency in made}}
    districts = {**demo.districts, "64.74.01": District("64.74.01", "Bontang Utara")}
    staff_there = (
        Officer("bontang-1", "koordinator@bontang.example.id", NEXT, Role.COORDINATOR),
        Officer("bontang-2", "pengawas@bontang.example.id", NEXT, Role.OVERSEER),
        Officer("bontang-3", "pemeriksa@bontang.example.id", INSPECTS, Role.INSPECTOR),
        Officer("bontang-4", "petugas@bontang.example.id", UNIT, Role.OFFICER),
        Officer("bontang-5", "kustodian1@bontang.example.id", INSPECTS, Role.CUSTODIAN),
        Officer("bontang-6", "kustodian2@bontang.example.id", UNIT, Role.CUSTODIAN),
    )
    return Directory(agencies, demo.topics, districts), (*officers, *staff_there)

"""An invented nation: 38 provinces and 662 regencies with their offices, topics, districts and 50,000 officers."""

import csv
from collections.abc import Iterator
from pathlib import Path

INSTANCES, UNITS, OFFICERS = 700, 10, 50_000
PROVINCES = 38
DISTRICTS = 3
Line = tuple[str, ...]


def instances(count: int = INSTANCES) -> Iterator[tuple[str, str]]:
    """Code and region of each instance: the provinces first."""
    provinces = min(PROVINCES, count)
    for number in range(count):
        province = 11 + number % provinces
        if number < provinces:
            yield f"prov-{province}", f"{province}"
        else:
            yield f"kab-{number:03}", f"{province}.{number // provinces:02}"


def agencies(count: int = INSTANCES) -> Iterator[Line]:
    yield ("code", "name", "kind", "level", "parent", "region", "coordinator", "inspectorate")
    yield ("pusat", "Pengelola nasional", "centre", "", "", "", "", "")
    for code, region in instances(count):
        level = "kabupaten" if "." in region else "provinsi"
        yield (code, f"Pemerintah {code}", "instance", level, "pusat", region, f"{code}-1", f"{code}-2")
        for unit in range(1, UNITS + 1):
            yield (f"{code}-{unit}", f"Dinas {unit}, {code}", "unit", "opd", code, "", "", "")


def officers(count: int = INSTANCES, total: int = OFFICERS) -> Iterator[Line]:
    yield ("ident", "email", "agency", "role")
    codes = [code for code, _ in instances(count)]
    for code in codes:
        yield (f"{code}-k", f"koordinator@{code}.example.id", code, "coordinator")
        yield (f"{code}-p", f"pemeriksa@{code}.example.id", f"{code}-2", "inspector")
        for unit in (1, 3):
            yield (f"{code}-s{unit}", f"kustodian{unit}@{code}.example.id", f"{code}-{unit}", "custodian")
    for number in range(total - 4 * len(codes)):
        code, unit = codes[number % len(codes)], 1 + number // len(codes) % UNITS
        yield (f"p-{number}", f"petugas{number}@{code}.example.id", f"{code}-{unit}", "officer")


def districts(count: int = INSTANCES) -> Iterator[Line]:
    yield ("code", "name")
    for code, region in instances(count):
        for number in range(1, DISTRICTS + 1) if "." in region else ():
            yield (f"{region}.{number:02}", f"Kecamatan {number}, {code}")


def topics() -> Iterator[Line]:
    yield ("code", "name", "name_en", "public_work", "unit", "sensitive")
    yield ("jalan", "Jalan dan jembatan", "Roads and bridges", "ya", "", "tidak")
    yield ("pungli", "Pungutan liar", "Illegal levies", "", "", "ya")
    yield ("lainnya", "Lainnya", "Something else", "", "", "")


def write(folder: Path, count: int = INSTANCES, total: int = OFFICERS) -> dict[str, Path]:
    """The CSV files by table."""
    tables = {
        "agencies": agencies(count),
        "officers": officers(count, total),
        "topics": topics(),
        "districts": districts(count),
        "holidays": iter([("day",), ("2026-08-18",)]),
    }
    paths = {table: folder / f"{table}.csv" for table in tables}
    for table, rows in tables.items():
        with paths[table].open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    return paths

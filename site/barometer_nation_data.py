"""The nation's barometer as one open-data package: who publishes, sums, every instance by month, and each month's
places of all instances. The same bytes from the same editions.

A month's places are a file of their own: a new month adds one, and a correction changes only its month's.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import barometer_data as data
from barometer_codebook import LICENCE, PLACES, QUARTERS, Column, resource_of, schema_of
from barometer_nation_words import province_name
from barometer_peers import Country
from barometer_shelf import TOP

from functions.casework.barometer.edition import Edition, Published
from functions.casework.barometer.national import Total
from functions.casework.barometer.national_edition import COUNTS

CSV, JSON = "text/csv", "application/json"
NAMES = dict(zip(COUNTS, ("diterima", "ditutup", "terbuka"), strict=True))
INSTANCES = (
    Column("kode", "string", "", "Kode instansi; tetap, juga bila namanya berganti."),
    Column("nama", "string", "", "Nama dalam edisi terakhirnya."),
    Column("jenis", "string", "", "kabupaten, kota, provinsi, pusat atau lain."),
    Column("kode_wilayah", "string", "region", "Kode Kemendagri; kosong bila tanpa wilayah."),
    Column("provinsi", "string", "region", "Nama provinsinya."),
    Column("edisi_pertama", "yearmonth", "", "Bulan edisi pertama yang memuatnya."),
    Column("edisi_terakhir", "yearmonth", "", "Bulan edisi terakhir yang memuatnya."),
    Column("masih_ikut", "boolean", "", "Masih menerima laporan lewat sini; bila tidak, ia ditutup atau digabung."),
    Column("nama_dahulu", "string", "former", "Nama sebelumnya dengan bulan edisi terakhirnya, dipisah titik koma."),
)
SUMS = (
    Column("bulan", "yearmonth", "", "Bulan edisi."),
    Column("wilayah", "string", "", "nasional, provinsi atau jenis."),
    Column("kode", "string", "", "Kode provinsi atau jenis; semua untuk seluruh Indonesia."),
    Column("instansi", "integer", "", "Banyaknya instansi yang dijumlahkan."),
    *(
        Column(f"{name}_{what}", "integer", what, f"{name.capitalize()}: {means}")
        for name in NAMES.values()
        for what, means in (
            ("sedikitnya", "jumlah terkecil menurut angka yang terbit."),
            ("sebanyaknya", "jumlah terbesar; kosong bila ada instansi yang tidak menerbitkannya."),
            ("kurang_dari_8", "instansi yang angkanya 1 sampai 7."),
            ("tidak_terbit", "instansi yang tidak menerbitkannya."),
        )
    ),
)
EVERYWHERE = "semua"
PLACE_KEY = ("bulan", "tingkat", "kode", "kode_instansi")


def files(country: Country) -> dict[str, tuple[str, bytes]]:
    """Return every file of the package but the months' own, and the feed, by address."""
    editions = country.editions
    found = {
        "datapackage.json": (JSON, _json(package(country))),
        "skema.json": (JSON, _json(_rows_schema(PLACES, PLACE_KEY))),
        "skema-triwulan.json": (JSON, _json(_rows_schema(QUARTERS, ("kode_instansi", "kode")))),
        "instansi.csv": (CSV, data.table(INSTANCES, _instance_rows(country))),
        "nasional.csv": (CSV, data.table(SUMS, _sum_rows(country))),
        "data.csv": (CSV, data.table(PLACES, [row for each in editions for row in data.place_rows(_instances(each))])),
        "data.json": (JSON, _json(data.plain(_instances(editions[0]) if editions else None))),
        "edisi.atom": (data.ATOM, data.feed(editions, TOP).encode()),
    }
    return {TOP + name: each for name, each in found.items()}


def month_files(edition: Edition) -> dict[str, bytes]:
    """Return a month's own files by name, of an edition with all places of all instances."""
    quarters = {"triwulan.csv": data.table(QUARTERS, data.quarter_rows(_quarterly(edition)))}
    return {"data.csv": data.table(PLACES, data.place_rows(edition)), **(quarters if _ends_quarter(edition) else {})}


def package(country: Country) -> dict[str, Any]:
    """Return the package's ``datapackage.json``."""
    made = {}
    if country.editions:
        newest = country.newest
        made = {"version": f"{newest.month}.{newest.number}", "created": f"{newest.published}T00:00:00Z"}
    resources = [
        resource_of("instansi", "instansi.csv", schema_of(INSTANCES, ("kode",))),
        resource_of("nasional", "nasional.csv", schema_of(SUMS, ("bulan", "wilayah", "kode"))),
        resource_of("data", "data.csv", "skema.json") | {"description": "Setiap instansi, semua edisi."},
    ]
    for each in country.editions:
        title = {"description": f"Instansi, dinas, topik dan kecamatan; edisi {each.month}.{each.number}."}
        resources.append(resource_of(f"rinci-{each.month}", f"{each.month}/data.csv", "skema.json") | title)
        if _ends_quarter(each):
            path = f"{each.month}/triwulan.csv"
            resources.append(resource_of(f"triwulan-{each.month}", path, "skema-triwulan.json"))
    return {
        "name": "barometer-nasional",
        "title": "Barometer layanan, seluruh Indonesia",
        "description": (
            "Setiap angka tentang satu instansi adalah yang diterbitkan instansi itu: 1 sampai 7 tertulis <8, yang "
            "lain dibulatkan ke kelipatan 5. Jumlah beberapa instansi hanya dibuat dari angka terbit, sebagai yang "
            "terkecil dan yang terbesar yang mungkin."
        ),
        **made,
        "licenses": [LICENCE],
        "resources": resources,
    }


def _rows_schema(columns: Sequence[Column], key: Sequence[str]) -> dict[str, Any]:
    reference = {"resource": "instansi", "fields": ["kode"]}
    return schema_of(columns, key) | {"foreignKeys": [{"fields": ["kode_instansi"], "reference": reference}]}


def _instances(edition: Edition) -> Edition:
    places = tuple(place for place in edition.places if place.level == "instance")
    return Edition(edition.month, edition.number, edition.first, edition.published, places)


def _quarterly(edition: Edition) -> Edition:
    """Return the edition with the instances whose quarter ends with its month."""
    places = tuple(place for place in edition.places if place.quarter and place.quarter.last == edition.month)
    return Edition(edition.month, edition.number, edition.first, edition.published, places)


def _ends_quarter(edition: Edition) -> bool:
    return bool(_quarterly(edition).places)


def _instance_rows(country: Country) -> Iterable[data.Row]:
    for each in country.members.values():
        province = province_name(country, each.province) if each.province else None
        former = "; ".join(f"{name} ({month})" for name, month in each.former) or None
        here = "true" if each.here else "false"
        yield each.code, each.name, each.kind.value, each.region or None, province, each.first, each.last, here, former


def _sum_rows(country: Country) -> Iterable[data.Row]:
    for edition in country.editions:
        for area, told in country.sums[edition.month].items():
            counts = [value for name in COUNTS for value in _told(told[name])]
            yield edition.month, area.level, area.code or EVERYWHERE, told[COUNTS[0]].of, *counts


def _told(told: Total) -> tuple[Published, ...]:
    return told.least, told.most, told.hidden, told.withheld


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

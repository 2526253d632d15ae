"""The barometer's codebook: what each file of data is, and what each column means.

It is a Data Package (Frictionless Standards, Table Schema): https://specs.frictionlessdata.io/table-schema/
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from functions.casework.barometer.edition import FEW, HIDDEN, NEARLY, Edition

LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0",
}
MISSING = ["", HIDDEN, FEW, NEARLY]
TYPES = {"percent": "integer", "index": "number"}  # our kinds as Table Schema's


class Column(NamedTuple):
    """A column: its name, its Table Schema type, where it comes from in a place's ``values``, and what it means."""

    name: str
    kind: str
    source: str
    means: str


DAYS = "hari kerja"
PLACES = (
    Column("bulan", "yearmonth", "", "Bulan edisi."),
    Column("tingkat", "string", "", "instansi, dinas, topik atau kecamatan."),
    Column("kode", "string", "", "Kode; untuk kecamatan kode Kemendagri."),
    Column("nama", "string", "", "Nama pada saat edisi terbit."),
    Column("kode_instansi", "string", "", "Instansi tempat baris ini berada."),
    Column(
        "dihitung_sampai",
        "yearmonth",
        "measured",
        "Bulan terakhir yang dihitung dalam median dan bagian; sebelum bulan edisi bila sejak itu terlalu sedikit yang "
        "baru.",
    ),
    Column("diterima", "integer", "received", "Laporan yang diterima bulan itu, dibulatkan ke kelipatan 5."),
    Column("ditutup", "integer", "closed", "Laporan yang ditutup bulan itu, dibulatkan ke kelipatan 5."),
    Column("terbuka", "integer", "open", "Laporan yang masih terbuka pada akhir bulan, dibulatkan ke kelipatan 5."),
    Column("median_jawab", "integer", "answer_median", f"Separuh laporan dijawab petugas dalam sekian {DAYS}."),
    Column("median_jawab_bawah", "integer", "answer_low", "Batas bawah selang kepercayaan 95 % untuk median_jawab."),
    Column("median_jawab_atas", "integer", "answer_high", "Batas atasnya; kosong bila tidak tercapai."),
    Column("p90_jawab", "integer", "answer_p90", f"Sembilan dari sepuluh dijawab dalam sekian {DAYS}."),
    Column("median_selesai", "integer", "finish_median", f"Separuh laporan selesai dalam sekian {DAYS}."),
    Column(
        "median_selesai_bawah", "integer", "finish_low", "Batas bawah selang kepercayaan 95 % untuk median_selesai."
    ),
    Column("median_selesai_atas", "integer", "finish_high", "Batas atasnya; kosong bila tidak tercapai."),
    Column("p90_selesai", "integer", "finish_p90", f"Sembilan dari sepuluh selesai dalam sekian {DAYS}."),
    Column("terbuka_30", "percent", "open_30", f"Bagian yang belum selesai setelah 30 {DAYS}, dalam persen."),
    Column("terbuka_60", "percent", "open_60", f"Bagian yang belum selesai setelah 60 {DAYS}, dalam persen."),
    Column("terbuka_90", "percent", "open_90", f"Bagian yang belum selesai setelah 90 {DAYS}, dalam persen."),
    Column(
        "tepat_waktu",
        "percent",
        "on_time",
        "Bagian yang selesai tepat waktu dari semua yang jatuh tempo, dalam persen.",
    ),
    Column(
        "dibuka_lagi", "percent", "reopened", "Bagian yang dibuka lagi oleh pelapor dari yang ditutup, dalam persen."
    ),
    Column("banding", "percent", "appealed", "Bagian yang naik banding dari yang ditutup, dalam persen."),
    Column(
        "banding_dikabulkan",
        "percent",
        "upheld",
        "Bagian banding yang berakhir diperbaiki atau sebagian, dalam persen.",
    ),
    Column(
        "dipindahkan",
        "percent",
        "transferred",
        "Bagian yang datang ke meja yang salah dari yang diterima, dalam persen.",
    ),
    Column(
        "pelapor_diam",
        "percent",
        "lapsed",
        "Bagian yang ditutup tanpa jawaban pelapor, dalam persen; bukan tanda puas.",
    ),
    Column("pelapor_setuju", "percent", "confirmed", "Bagian yang penutupannya disetujui pelapor, dalam persen."),
    Column("dinilai", "percent", "rated", "Bagian yang diberi nilai oleh pelapor dari yang ditutup, dalam persen."),
    Column("puas", "percent", "satisfied", "Bagian nilai 4 atau 5 dari semua nilai, dalam persen."),
    Column("indeks", "index", "index", "Indeks mutu layanan, 0 sampai 100; hanya dibandingkan di dalam kelompoknya."),
    Column("kelompok", "string", "group", "Kelompok menurut banyaknya laporan: kecil, sedang, besar."),
    Column("kedudukan", "string", "standing", "Indeks terhadap rata-rata kelompoknya."),
)
MONTHS = (
    *PLACES[1:5],
    Column("bulan", "yearmonth", "month", "Bulan."),
    Column("diterima", "integer", "received", "Laporan yang diterima bulan itu, dibulatkan ke kelipatan 5."),
    Column("ditutup", "integer", "closed", "Laporan yang ditutup bulan itu, dibulatkan ke kelipatan 5."),
    Column(
        "tepat_waktu",
        "percent",
        "on_time",
        "Bagian yang selesai tepat waktu dari yang jatuh tempo bulan itu, dalam persen.",
    ),
)
QUARTERS = (
    Column("dari", "yearmonth", "", "Bulan pertama triwulan yang dihitung."),
    Column("sampai", "yearmonth", "", "Bulan terakhir triwulan."),
    Column("kode_instansi", "string", "", "Instansi."),
    Column("kode", "string", "", "Kode topik peka; lainnya: beberapa topik bersama-sama."),
    Column("nama", "string", "", "Nama topik pada saat edisi terbit."),
    Column("diterima", "integer", "received", "Laporan yang diterima dalam triwulan, dibulatkan ke kelipatan 5."),
)
TABLES = (
    ("data", PLACES, ("bulan", "tingkat", "kode", "kode_instansi")),
    ("bulan", MONTHS, ("tingkat", "kode", "kode_instansi", "bulan")),
    ("triwulan", QUARTERS, ("kode_instansi", "kode")),
)


def resource_of(name: str, path: str, schema: Any) -> dict[str, Any]:
    """A table of a package; ``schema`` as it stands, or the path of the file that holds it."""
    return {
        "name": name,
        "path": path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def schema_of(columns: Sequence[Column], key: Sequence[str]) -> dict[str, Any]:
    """The Table Schema of some columns."""
    fields = [
        {"name": each.name, "type": TYPES.get(each.kind, each.kind), "description": each.means} | _limits(each)
        for each in columns
    ]
    return {"fields": fields, "missingValues": MISSING, "primaryKey": list(key)}


def package(edition: Edition | None) -> dict[str, Any]:
    """The codebook: what each file is, and what each column means."""
    months = (
        {"version": f"{edition.month}.{edition.number}", "created": f"{edition.published}T00:00:00Z"} if edition else {}
    )
    return {
        "name": "barometer-layanan",
        "title": "Barometer layanan",
        "description": (
            "Seberapa cepat dan seberapa baik laporan warga dijawab. Jumlah 1 sampai 7 tertulis <8, yang lain "
            "dibulatkan ke kelipatan 5; bagian dibulatkan ke 5 %. Bagian yang berarti kurang dari 8 laporan tertulis "
            "sedikit, yang berarti semua kecuali kurang dari 8 tertulis hampir semua. "
            "Median dan bagian dihitung dari laporan yang masuk dalam 12 "
            "bulan, yang masih terbuka ikut dihitung (Kaplan-Meier)."
        ),
        **months,
        "licenses": [LICENCE],
        "resources": [resource_of(name, f"{name}.csv", schema_of(columns, key)) for name, columns, key in TABLES],
    }


def _limits(column: Column) -> dict[str, Any]:
    if column.kind in TYPES:
        return {"constraints": {"minimum": 0, "maximum": 100}}
    if column.kind == "integer":
        return {"constraints": {"minimum": 0}}
    return {} if column.source else {"constraints": {"required": True}}

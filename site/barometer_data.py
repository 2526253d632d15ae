"""The barometer as data: JSON, CSV, a workbook, the codebook that says what each column means, and a feed of editions.

All are made from editions alone, the same bytes from the same edition. The codebook is a Data Package (Frictionless
Standards, Table Schema): https://specs.frictionlessdata.io/table-schema/
"""

import csv
import io
import json
import mimetypes
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import xlsxwriter

from functions.casework.barometer.edition import HIDDEN, Edition, Place, Published
from functions.web.dates import short_month

LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0",
}
MISSING = ["", HIDDEN]
NAMED = {"instance": "instansi", "agency": "dinas", "topic": "topik", "district": "kecamatan"}
TYPES = {"percent": "integer", "index": "number"}  # our kinds as Table Schema's
PUBLISHER = "Lapor Anonim"
ATOM = "application/atom+xml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
mimetypes.add_type(ATOM, ".atom")  # Python knows neither on every machine, and freezing compares
mimetypes.add_type(XLSX, ".xlsx")


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
Row = tuple[Published, ...]


def files(editions: Sequence[Edition], url: str) -> dict[str, tuple[str, bytes]]:
    """Every file by its address: of the newest edition below ``url``, of each at its own address, and the feed.
    ``editions`` are newest first; without any the newest one's files are there and empty."""
    newest = editions[0] if editions else None
    found = {url + name: each for name, each in _of(newest).items()}
    for edition in editions:
        found |= {f"{url}{edition.month}/{name}": each for name, each in _of(edition).items()}
    return found | {url + "edisi.atom": (ATOM, feed(editions, url).encode())}


def _of(edition: Edition | None) -> dict[str, tuple[str, bytes]]:
    places, months = place_rows(edition), month_rows(edition)
    return {
        "data.json": ("application/json", _json(plain(edition))),
        "data.csv": ("text/csv", table(PLACES, places)),
        "bulan.csv": ("text/csv", table(MONTHS, months)),
        "data.xlsx": (
            XLSX,
            workbook(edition, places, months),
        ),
        "datapackage.json": ("application/json", _json(package(edition))),
    }


def place_rows(edition: Edition | None) -> list[Row]:
    """The rows of ``data.csv``: each place of the edition."""
    if edition is None:
        return []
    return [
        (edition.month, *_key(place), *(_value(column, place.values.get(column.source)) for column in PLACES[5:]))
        for place in edition.places
    ]


def month_rows(edition: Edition | None) -> list[Row]:
    """The rows of ``bulan.csv``: each place's history."""
    places = edition.places if edition else ()
    return [
        (*_key(p), each.month, each.received, each.closed, _percent(each.on_time)) for p in places for each in p.months
    ]


def _value(column: Column, value: Published) -> Published:
    return _percent(value) if column.kind == "percent" else value


def _percent(share: Published) -> Published:
    """A share as a whole number of percent: "0.45" is a text, or a day, to a spreadsheet that writes decimals with a
    comma, as here."""
    return round(share * 100) if isinstance(share, int | float) else share


def _key(place: Place) -> tuple[str, str, str, str]:
    return NAMED[place.level], place.code, place.name, place.instance


def table(columns: Iterable[Column], rows: Iterable[Row]) -> bytes:
    """CSV (RFC 4180) in UTF-8. What is hidden says so; what is not published is empty. No byte-order mark: LibreOffice
    asks, and programs stumble over it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.name for column in columns])
    writer.writerows(rows)
    return out.getvalue().encode()


def workbook(edition: Edition | None, places: Sequence[Row], months: Sequence[Row]) -> bytes:
    """Three sheets: places, history, and what each column means. Numbers are numbers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    made = edition.published if edition else datetime(2026, 1, 1, tzinfo=UTC).date()
    created = datetime.combine(made, time(), UTC).replace(tzinfo=None)
    book.set_properties({"title": "Barometer layanan", "author": PUBLISHER, "created": created})
    bold = book.add_format({"bold": True})
    means = [(column.name, column.kind, column.means) for column in PLACES]
    heads = [column.name for column in PLACES], [column.name for column in MONTHS], ["kolom", "jenis", "arti"]
    for name, head, rows in zip(("data", "bulan", "arti"), heads, (places, months, means), strict=True):
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, head, bold)
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                if value is not None:
                    sheet.write(number, place, value)
    book.close()
    return out.getvalue()


def plain(edition: Edition | None) -> dict[str, Any]:
    """The edition for JSON: numbers or null, and beside them the names of those that are hidden."""
    if edition is None:
        return {"month": None, "number": None, "published": None, "licence": LICENCE["path"], "places": []}
    return {
        "month": edition.month,
        "number": edition.number,
        "first_month": edition.first,
        "published": edition.published.isoformat(),
        "licence": LICENCE["path"],
        "places": [_plain_place(place) for place in edition.places],
    }


def _plain_place(place: Place) -> dict[str, Any]:
    columns = {column.name: _value(column, place.values.get(column.source)) for column in PLACES[5:]}
    months = [
        {"bulan": m.month, "diterima": m.received, "ditutup": m.closed, "tepat_waktu": _percent(m.on_time)}
        for m in place.months
    ]
    return {
        **dict(zip(("tingkat", "kode", "nama", "kode_instansi"), _key(place), strict=True)),
        **_open(columns),
        "kurva_selesai": [{"hari_kerja": day, "belum_selesai": _percent(share)} for day, share in place.curve],
        "terbuka_menurut_umur": _open(place.ages),
        "cara_penutupan": {name: _percent(share) for name, share in place.closings.items()},
        "bulan": [_open(month) for month in months],
    }


def _open(values: Any) -> dict[str, Any]:
    """The values with null for what is hidden, whose names stand beside them."""
    hidden = [name for name, value in values.items() if value == HIDDEN]
    shown = {name: None if value == HIDDEN else value for name, value in values.items()}
    return shown | ({"kurang_dari_8": hidden} if hidden else {})


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
            "dibulatkan ke kelipatan 5; bagian dibulatkan ke 5 %. "
            "Median dan bagian dihitung dari laporan yang masuk dalam 12 "
            "bulan, yang masih terbuka ikut dihitung (Kaplan-Meier)."
        ),
        **months,
        "licenses": [LICENCE],
        "resources": [
            _resource("data", PLACES, ["bulan", "tingkat", "kode", "kode_instansi"]),
            _resource("bulan", MONTHS, []),
        ],
    }


def _resource(name: str, columns: Sequence[Column], key: list[str]) -> dict[str, Any]:
    fields = [
        {"name": each.name, "type": TYPES.get(each.kind, each.kind), "description": each.means} | _limits(each)
        for each in columns
    ]
    schema = {"fields": fields, "missingValues": MISSING} | ({"primaryKey": key} if key else {})
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _limits(column: Column) -> dict[str, Any]:
    if column.kind in TYPES:
        return {"constraints": {"minimum": 0, "maximum": 100}}
    if column.kind == "integer":
        return {"constraints": {"minimum": 0}}
    return {} if column.source else {"constraints": {"required": True}}


def feed(editions: Sequence[Edition], url: str) -> str:
    """Atom (RFC 4287): an entry for each edition, newest first. Its addresses are of this portal, whatever its name:
    the ids are ``tag:`` URIs (RFC 4151) that need none."""
    last = editions[0].published if editions else datetime(2026, 1, 1, tzinfo=UTC).date()
    entries = "".join(
        f"<entry><id>tag:lapor-anonim,2026:barometer/{each.month}/{each.number}</id>"
        f"<title>{escape('Barometer layanan ' + short_month(each.month, 'id', whole=True))}</title>"
        f'<link href="{url}{each.month}/"/><updated>{each.published}T00:00:00Z</updated></entry>\n'
        for each in editions
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id">\n'
        "<id>tag:lapor-anonim,2026:barometer</id><title>Barometer layanan</title>"
        f"<author><name>{PUBLISHER}</name></author>\n"
        f'<link rel="self" href="{url}edisi.atom"/><updated>{last}T00:00:00Z</updated>\n{entries}</feed>\n'
    )


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

"""The barometer as data: JSON, CSV, a workbook, the codebook, and a feed of editions. All are made from editions alone,
the same bytes from the same edition."""

import csv
import io
import json
import mimetypes
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
from barometer_codebook import LICENCE, MONTHS, PLACES, QUARTERS, Column, package

from functions.casework.barometer.edition import FEW, HIDDEN, NEARLY, Edition, Place, Published
from functions.web.dates import short_month
from functions.web.file_answer import plain_cell

NAMED = {"instance": "instansi", "agency": "dinas", "topic": "topik", "district": "kecamatan"}
VEILS = {HIDDEN: "kurang_dari_8", FEW: "sedikit", NEARLY: "hampir_semua"}  # what stands in place of a number
PUBLISHER = "Lapor Anonim"
ATOM = "application/atom+xml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
mimetypes.add_type(ATOM, ".atom")  # Python knows neither on every machine, and freezing compares
mimetypes.add_type(XLSX, ".xlsx")
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
    places, months, quarters = place_rows(edition), month_rows(edition), quarter_rows(edition)
    return {
        "data.json": ("application/json", _json(plain(edition))),
        "data.csv": ("text/csv", table(PLACES, places)),
        "bulan.csv": ("text/csv", table(MONTHS, months)),
        "triwulan.csv": ("text/csv", table(QUARTERS, quarters)),
        "data.xlsx": (XLSX, workbook(edition, places, months, quarters)),
        "datapackage.json": ("application/json", _json(package(edition))),
    }


def place_rows(edition: Edition | None) -> list[Row]:
    """The rows of ``data.csv``: each place of the edition."""
    if edition is None:
        return []
    return [
        (edition.month, *_key(place), *(_value(column, place, edition) for column in PLACES[5:]))
        for place in edition.places
    ]


def month_rows(edition: Edition | None) -> list[Row]:
    """The rows of ``bulan.csv``: each place's history."""
    places = edition.places if edition else ()
    return [
        (*_key(p), each.month, each.received, each.closed, _percent(each.on_time)) for p in places for each in p.months
    ]


def quarter_rows(edition: Edition | None) -> list[Row]:
    """The rows of ``triwulan.csv``: what came in of sensitive topics."""
    return [
        (place.quarter.first, place.quarter.last, place.instance, each.code, each.name, each.received)
        for place in (edition.places if edition else ())
        if place.quarter
        for each in place.quarter.topics
    ]


def _value(column: Column, place: Place, edition: Edition) -> Published:
    if column.source == "measured":
        return place.measured or edition.month
    value = place.values.get(column.source)
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
    writer.writerows(map(plain_cell, row) for row in rows)
    return out.getvalue().encode()


def workbook(edition: Edition | None, places: Sequence[Row], months: Sequence[Row], quarters: Sequence[Row]) -> bytes:
    """Four sheets: places, history, sensitive topics, and what each column means. Numbers are numbers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    made = edition.published if edition else datetime(2026, 1, 1, tzinfo=UTC).date()
    created = datetime.combine(made, time(), UTC).replace(tzinfo=None)
    book.set_properties({"title": "Barometer layanan", "author": PUBLISHER, "created": created})
    bold = book.add_format({"bold": True})
    means = [(column.name, column.kind, column.means) for column in PLACES]
    heads = [[column.name for column in columns] for columns in (PLACES, MONTHS, QUARTERS)]
    sheets = ("data", places), ("bulan", months), ("triwulan", quarters), ("arti", means)
    for (name, rows), head in zip(sheets, [*heads, ["kolom", "jenis", "arti"]], strict=True):
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
        "places": [_plain_place(place, edition) for place in edition.places],
    }


def _plain_place(place: Place, edition: Edition) -> dict[str, Any]:
    columns = {column.name: _value(column, place, edition) for column in PLACES[5:]}
    months = [
        {"bulan": m.month, "diterima": m.received, "ditutup": m.closed, "tepat_waktu": _percent(m.on_time)}
        for m in place.months
    ]
    return {
        **dict(zip(("tingkat", "kode", "nama", "kode_instansi"), _key(place), strict=True)),
        **_open(columns),
        "kurva_selesai": [{"hari_kerja": day, "belum_selesai": _percent(share)} for day, share in place.curve],
        "terbuka_menurut_umur": _open(place.ages),
        "cara_penutupan": _open({name: _percent(share) for name, share in place.closings.items()}),
        "bulan": [_open(month) for month in months],
        **_quarter(place),
    }


def _quarter(place: Place) -> dict[str, Any]:
    found = place.quarter
    if found is None or not found.last:
        return {}
    topics = [_open({"kode": each.code, "nama": each.name, "diterima": each.received}) for each in found.topics]
    return {"topik_peka_triwulan": {"dari": found.first, "sampai": found.last, "topik": topics}}


def _open(values: Any) -> dict[str, Any]:
    """The values with null for what is hidden, whose names stand beside them."""
    shown = {name: None if value in VEILS else value for name, value in values.items()}
    hidden = {veil: [name for name, value in values.items() if value == word] for word, veil in VEILS.items()}
    return shown | {veil: names for veil, names in hidden.items() if names}


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

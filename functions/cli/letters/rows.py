"""Read letters from a spreadsheet (xlsx or csv) row by row.

A row's number is the one that a spreadsheet shows; its headings are row 1. Headings and choices are read as people
write them: in any case, with spaces or underscores, by name or by code.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Protocol

from functions.casework.case import Kind, Mode
from functions.casework.directory.agencies import Agency, AgencyKind, Directory, District, Topic
from functions.casework.problems import InvalidInputProblem
from functions.casework.report import Report, read_report
from functions.cli.letters.cells import SHEET, LettersError, read_cells
from functions.web.wording import sentence

ROWS_MAX = 10_000
# A heading, the report's field, and the template's explanation
COLUMNS: Mapping[str, tuple[str, str]] = {
    "jenis": ("kind", "pengaduan, usul, atau pertanyaan; kosong berarti pengaduan"),
    "topik": ("topic", "wajib; nama atau kode dari daftar di bawah"),
    "kecamatan": ("district", "wajib; nama atau kode dari daftar di bawah"),
    "isi": ("body", "wajib; yang terjadi, paling banyak 20.000 huruf. Tanpa nama, nomor, dan alamat penulisnya"),
    "tempat": ("place", "di mana tepatnya"),
    "tanggal kejadian": ("happened_on", "seperti 2026-11-25 atau 25-11-2026"),
    "judul": ("subject", "paling banyak 150 huruf"),
    "instansi terlapor": (
        "about_agency",
        "yang tidak boleh melihat; nama atau kode dari daftar di bawah. Tanda -: tidak ada",
    ),
    "orang terlapor": ("about_officials", "nama atau jabatan"),
    "cara": ("identity_mode", "anonim, rahasia, atau terbuka; kosong berarti anonim"),
    "nama": ("name", "hanya untuk rahasia dan terbuka"),
    "kontak": ("contact", "email atau telepon; hanya untuk rahasia dan terbuka"),
}
NEEDED = ("topik", "kecamatan", "isi")
HEADING = {field: heading for heading, (field, _) in COLUMNS.items()}
KINDS = {"usul": Kind.ASPIRASI.value, "pertanyaan": Kind.INFORMASI.value} | {kind.value: kind.value for kind in Kind}
STRAY = "stray"  # among a row's fields: something stands in a column without a heading
NOBODY = ("-", "–")
CHOICES = ("topic", "district", "about_agency")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a row; ``heading`` is its column's, "" for the row as a whole. Where each report has a file of
    its own, ``row`` is that file's name."""

    row: int | str
    heading: str
    says: str

    def __str__(self) -> str:
        where = self.row if isinstance(self.row, str) else f"baris {self.row}"
        return f"{where}, {self.heading}: {self.says}" if self.heading else f"{where}: {self.says}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a report comes from: the ``name`` from which its submission key follows, the ``label`` on its sheet, and
    its number in SP4N-LAPOR!, "" for none."""

    name: str
    label: str
    sp4n: str = ""


class RowFaultsError(Exception):
    """A row that cannot become a report."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("row")
        self.faults = tuple(faults)


class Table(Protocol):
    """Reports to be taken in. They can be read as often as needed."""

    @property
    def path(self) -> Path:
        """The file, beside which the sheets are written."""

    @property
    def directory(self) -> Directory:
        """The agencies, topics and districts by which it is read."""

    def __iter__(self) -> Iterator[tuple[int | str, Mapping[str, str]]]:
        """Yield where each report stands, and its typed fields. Raises LettersError."""

    def report(self, number: int | str, typed: Mapping[str, str]) -> Report:
        """Return a row as a report. Raises RowFaultsError."""

    def origin(self, number: int | str, typed: Mapping[str, str]) -> Origin:
        """Return where it comes from. Raises RowFaultsError."""


@dataclass(frozen=True)
class Letters:
    """The letters of one file. ``headings`` name the fields in faults."""

    path: Path
    directory: Directory
    today: date
    headings: Mapping[str, str] = field(default_factory=lambda: HEADING)

    def __iter__(self) -> Iterator[tuple[int | str, Mapping[str, str]]]:
        """Yield row number and typed fields of each row that is not empty. Raises LettersError."""
        rows = enumerate(read_cells(self.path), start=1)
        _, first = next(rows, (1, []))
        headings = _headings(first)
        taken = 0
        for number, cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            taken += 1
            if taken > ROWS_MAX:
                raise LettersError(f"{self.path}: lebih dari {ROWS_MAX:,} surat. Pecah menjadi beberapa berkas.")
            named = [*zip(headings, cells, strict=False), *(("", cell) for cell in cells[len(headings) :])]
            stray = "".join(cell.strip() for heading, cell in named if not heading)
            typed = {heading: cell for heading, cell in named if heading}
            yield number, typed | ({STRAY: stray} if stray else {})

    def origin(self, number: int | str, typed: Mapping[str, str]) -> Origin:
        """Return the row's number as the origin: letters have no other."""
        return Origin(f"letter/{number}", f"Baris {number}")

    def report(self, number: int | str, typed: Mapping[str, str]) -> Report:
        """Return a row as a report. Raises RowFaultsError."""
        if STRAY in typed:
            raise RowFaultsError([Fault(number, "", "ada isi di kolom tanpa judul. Hapus, atau beri judul.")])
        fields, faults = dict(typed), []
        fields["kind"] = KINDS.get(plain(typed.get("kind", "")) or Kind.PENGADUAN, "x")
        fields["identity_mode"] = plain(typed.get("identity_mode", "")) or Mode.ANONIM
        for name in CHOICES:
            if name == "about_agency" and is_about_nobody(typed):
                fields[name] = ""
                continue
            fields[name], wrong = self.code(name, typed.get(name, ""))
            if wrong:
                faults.append(Fault(number, self.headings[name], wrong))
        try:
            report = read_report(fields, self.directory, self.today)
        except InvalidInputProblem as error:
            known = {fault.heading for fault in faults}
            told = (Fault(number, self.headings[e.field], sentence(e.code, e.facts, e.field)) for e in error.errors)
            faults += [fault for fault in told if fault.heading not in known]
            raise RowFaultsError(faults) from error
        return report

    def code(self, name: str, typed: str) -> tuple[str, str]:
        """Return the code of what was typed, and its fault: no name fits, or several do."""
        wanted = plain(typed)
        if not wanted:
            return "", ""
        found = self._codes[name].get(wanted, ())
        if len(found) == 1:
            return found[0], ""
        shown = typed.strip()[:60]
        if found:
            return "x", f"“{shown}” ada {len(found)} kali. Tulis kodenya: {', '.join(found[:5])}."
        return "x", f"“{shown}” tidak ada di daftar. Lihat petunjuk: `letters template`."

    @cached_property
    def _codes(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Return the codes by what may be typed for them: code or name. A name may stand for several."""
        known = self.directory
        return {
            "topic": _by_name((t.code, (t.code, t.name, t.name_en)) for t in known.topics.values()),
            "district": _by_name((d.code, (d.code, d.name)) for d in known.districts.values()),
            "about_agency": _by_name((a.code, (a.code, a.name)) for a in known.agencies.values()),
        }


def is_about_nobody(typed: Mapping[str, str]) -> bool:
    """Return whether the clerk wrote that a letter is about no agency, whatever its words seem to say."""
    return typed.get("about_agency", "").strip() in NOBODY


def _by_name(things: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code, names in things:
        for name in {plain(name) for name in names}:
            found[name] = (*found.get(name, ()), code)
    return found


def write_template(path: Path, directory: Directory) -> None:
    """Write an empty table by the file's ending: headings, and (xlsx) a sheet that explains them.

    Raises LettersError if the file exists already, or for another ending.
    """
    if path.exists():
        raise LettersError(f"{path} sudah ada. Pilih nama lain.")
    if path.suffix.lower() == ".csv":
        path.write_text(",".join(COLUMNS) + "\n", encoding="utf-8-sig")  # with the mark by which Excel recognises UTF-8
    elif path.suffix.lower() == ".xlsx":
        _write_xlsx(path, directory)
    else:
        raise LettersError(f"{path}: pilih nama yang berakhir .xlsx atau .csv.")


def _write_xlsx(path: Path, directory: Directory) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 - large, and only here
    from openpyxl.styles import Font  # noqa: PLC0415 - likewise

    book = Workbook()
    table, guide = book.active, book.create_sheet("Petunjuk")
    table.title = SHEET
    table.append(list(COLUMNS))
    table.freeze_panes = "A2"
    for cell in table[1]:
        cell.font = Font(bold=True)
        table.column_dimensions[cell.column_letter].width = 60 if cell.value == "isi" else 20
    units = [agency for agency in directory.agencies.values() if agency.kind is not AgencyKind.CENTRE]
    lists: dict[str, Iterable[Agency | District | Topic]] = {
        "Topik": directory.topics.values(),
        "Kecamatan": directory.districts.values(),
        "Instansi": units,
    }
    for heading, (_, says) in COLUMNS.items():
        guide.append([heading, says])
    for title, things in lists.items():
        guide.append([])
        guide.append([title, "kode"])
        for thing in things:
            guide.append([thing.name, thing.code])
    guide.column_dimensions["A"].width = guide.column_dimensions["B"].width = 50
    book.save(path)


def _headings(cells: list[str]) -> list[str]:
    """Return the report's field for each column, "" for one without a heading. Raises LettersError."""
    found = [" ".join(cell.casefold().replace("_", " ").split()) for cell in cells]
    while found and not found[-1]:
        found.pop()
    unknown = [heading for heading in found if heading and heading not in COLUMNS]
    twice = {heading for heading in found if heading and found.count(heading) > 1}
    missing = [heading for heading in NEEDED if heading not in found]
    if unknown:
        told = ", ".join(f"“{heading[:40]}”" for heading in unknown[:5])
        raise LettersError(f"baris 1: kolom {told} tidak dikenal. Yang dikenal: {', '.join(COLUMNS)}.")
    if twice:
        raise LettersError(f"baris 1: kolom {', '.join(sorted(twice))} ada dua kali. Hapus salah satunya.")
    if missing:
        raise LettersError(f"baris 1: kolom {', '.join(missing)} tidak ada. Pakai tabel dari `letters template`.")
    return [COLUMNS[heading][0] if heading else "" for heading in found]


def plain(typed: str) -> str:
    """Return what was typed as it is compared: in small letters, with single blanks."""
    return " ".join(typed.casefold().split())

"""Read an export of SP4N-LAPOR! (xlsx or csv) as reports.

The export has a few lines about itself, then headings that begin with "Tracking ID". Its columns were seen in public
programs that read it; no description of the ministry's was found. Cases that are closed there are not read: nothing
remains to be done. The reporter's name is not read either: SP4N-LAPOR! has it, and nobody here needs it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from functions.casework.case import Kind, Mode
from functions.casework.directory.agencies import Directory
from functions.casework.report import Report, read_day
from functions.cli.letters.cells import PREAMBLE_MAX, LettersError, read_cells
from functions.cli.letters.rows import ROWS_MAX, Fault, Letters, Origin, RowFaultsError, plain
from functions.cli.migrate.glossary import Glossary

NUMBER, STATUS, ENTERED, CLASS = "Tracking ID", "Status Laporan", "Tanggal Laporan Masuk", "Klasifikasi Laporan"
FIRST, LAST = "Isi Laporan Awal", "Isi Laporan Akhir"
# The report's fields, and the columns they come from. "Instansi Terlapor" is none of theirs: a clerk may add it.
HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        "topic": "Kategori",
        "district": "Kecamatan",
        "subject": "Judul Laporan",
        "body": FIRST,
        "place": "Kelurahan",
        "kind": CLASS,
        "about_agency": "Instansi Terlapor",
        "about_officials": "Orang Terlapor",
        "happened_on": ENTERED,
        "identity_mode": "Tipe Laporan (Anonim/Rahasia)",
        "name": "Nama Pelapor",
        "contact": "Nama Pelapor",
    }
)
TAKEN = ("topic", "district", "subject", "place", "about_agency", "about_officials")
NEEDED = (NUMBER, "Kategori", FIRST, STATUS)
CLOSED = ("ditutup", "diarsipkan", "selesai", "dihapus")
OVERSIGHT = "pengaduan berkadar pengawasan"
COPIED = "(Disalin dari SP4N-LAPOR!{since}{oversight}.)"
_NUMBER = re.compile(r"#?([0-9]{4,12})", re.ASCII)
_MONTHS = (
    *(("jan",), ("feb", "peb"), ("mar",), ("apr",), ("mei", "may"), ("jun",), ("jul",), ("agu", "ags", "agt", "aug")),
    *(("sep",), ("okt", "oct"), ("nov", "nop"), ("des", "dec")),
)
_DAY = re.compile(r"([0-9]{1,2}) ([a-z]+) ([0-9]{4})", re.ASCII)


@dataclass(slots=True)
class Skipped:
    """Rows that are not taken in: closed in SP4N-LAPOR!, and here already."""

    closed: int = 0
    known: int = 0


@dataclass(frozen=True)
class LaporTable:
    """The open cases of one export. ``letters`` turns fields into reports. ``known`` says whether a number is recorded
    here already, by another run."""

    letters: Letters
    glossary: Glossary = field(default_factory=Glossary)
    known: frozenset[str] = frozenset()
    skipped: Skipped = field(default_factory=Skipped)

    @property
    def path(self) -> Path:
        """The export."""
        return self.letters.path

    @property
    def directory(self) -> Directory:
        """The agencies, topics and districts by which it is read."""
        return self.letters.directory

    def __iter__(self) -> Iterator[tuple[int | str, Mapping[str, str]]]:
        """Yield row number and cells by heading of each open case that is not known. Raises LettersError."""
        self.skipped.closed = self.skipped.known = 0
        taken = 0
        seen: dict[str, int] = {}
        for number, cells in self.rows():
            if not any(cell.strip() for cell in cells.values()):
                continue
            if plain(cells[STATUS]).startswith(CLOSED):
                self.skipped.closed += 1
                continue
            case = _NUMBER.fullmatch(cells[NUMBER].strip())
            if case and case[1] in self.known:
                self.skipped.known += 1
                continue
            taken += 1
            if taken > ROWS_MAX:
                raise LettersError(f"{self.path}: lebih dari {ROWS_MAX:,} laporan. Pecah menjadi beberapa berkas.")
            first = seen.setdefault(case[1], number) if case else number
            accused = {"about_agency": cells.get(HEADINGS["about_agency"], "")}
            yield number, cells | accused | ({"twice": str(first)} if first != number else {})

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield row number and cells by heading, of every row below the headings. Raises LettersError."""
        rows = enumerate(read_cells(self.path, NUMBER), start=1)
        headings = _headings(self.path, rows)
        for number, cells in rows:
            padded = [*cells, *[""] * (len(headings) - len(cells))]
            yield number, dict(zip(headings, padded, strict=False))

    def origin(self, number: int | str, typed: Mapping[str, str]) -> Origin:
        """Return the number in SP4N-LAPOR! as the origin. Raises RowFaultsError."""
        case = _NUMBER.fullmatch(typed[NUMBER].strip())
        if case is None:
            raise RowFaultsError([Fault(number, NUMBER, "bukan nomor SP4N-LAPOR!. Hapus baris ini, atau betulkan.")])
        if "twice" in typed:
            said = f"nomor {case[1]} sudah ada di baris {typed['twice']}. Hapus salah satunya."
            raise RowFaultsError([Fault(number, NUMBER, said)])
        return Origin(f"sp4n/{case[1]}", f"SP4N-LAPOR! #{case[1]}", case[1])

    def report(self, number: int | str, typed: Mapping[str, str]) -> Report:
        """Return a row as an anonymous report. Raises RowFaultsError with all faults of the row."""
        faults = []
        kind, oversight = _kind(typed.get(CLASS, ""))
        if not kind:
            faults.append(Fault(number, CLASS, f"“{typed[CLASS].strip()[:60]}” tidak dikenal."))
        entered, since = typed.get(ENTERED, "").strip(), ""
        if entered:
            day = lapor_day(entered)
            if day is None or day > self.letters.today:
                faults.append(Fault(number, ENTERED, "tulis tanggal seperti 6 Jan 2026."))
            else:
                since = f", masuk {day.isoformat()}"
        fields = {name: self.glossary.ours(HEADINGS[name], typed.get(HEADINGS[name], "")) for name in TAKEN}
        copied = COPIED.format(since=since, oversight=f", klasifikasi: {OVERSIGHT}" if oversight else "")
        words = typed[FIRST].strip() or typed.get(LAST, "").strip()
        fields |= {"kind": kind or Kind.PENGADUAN.value, "identity_mode": Mode.ANONIM.value}
        fields["body"] = f"{words}\n\n{copied}" if words else ""
        try:
            report = self.letters.report(number, fields)
        except RowFaultsError as error:
            raise RowFaultsError([*faults, *error.faults]) from error
        if faults:
            raise RowFaultsError(faults)
        return report


def lapor_day(typed: str) -> date | None:
    """Read a day as the export writes it, "6 Jan 2026" with Indonesian or English months, or as people type it."""
    found = _DAY.fullmatch(plain(typed))
    if found is None:
        return read_day(typed)
    month = next((n for n, begins in enumerate(_MONTHS, start=1) if found[2].startswith(begins)), 0)
    try:
        return date(int(found[3]), month, int(found[1]))
    except ValueError:
        return None


def _kind(typed: str) -> tuple[str, bool]:
    """Return the kind of a classification, "" for an unknown one, and whether it is for the inspectorate."""
    said = plain(typed)
    if "informasi" in said:
        return Kind.INFORMASI.value, False
    if "aspirasi" in said:
        return Kind.ASPIRASI.value, False
    if not said or said.startswith("pengaduan") or "pengawasan" in said:
        return Kind.PENGADUAN.value, "pengawasan" in said and "tidak" not in said
    return "", False


def _headings(path: Path, rows: Iterator[tuple[int, list[str]]]) -> list[str]:
    """Return the headings, which may stand below lines about the export. Raises LettersError."""
    for number, cells in rows:
        found = [" ".join(cell.split()) for cell in cells]
        if found and found[0] == NUMBER:
            break
        if number >= PREAMBLE_MAX:
            found = []
            break
    else:
        found = []
    if not found:
        raise LettersError(f"{path}: tidak ada baris judul yang mulai dengan “{NUMBER}”. Bukan ekspor SP4N-LAPOR!?")
    missing = [heading for heading in NEEDED if heading not in found]
    twice = sorted({heading for heading in found if heading in HEADINGS.values() and found.count(heading) > 1})
    if missing:
        raise LettersError(f"{path}: kolom {', '.join(missing)} tidak ada.")
    if twice:
        raise LettersError(f"{path}: kolom {', '.join(twice)} ada dua kali. Hapus salah satunya.")
    return found

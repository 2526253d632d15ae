"""Moving in from SP4N-LAPOR! and GlobaLeaks at a terminal, into a real store, and what goes back."""

import csv
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from functions.actions.reporter.submit import Submit
from functions.casework.receipt import receipt_from_bytes
from functions.casework.report import Report
from functions.cli.letters import papers
from functions.cli.letters.cells import LettersError
from functions.cli.letters.papers import open_papers
from functions.cli.letters.rows import Letters, RowFaultsError
from functions.cli.migrate.globaleaks import read_archive
from functions.cli.migrate.lapor import HEADINGS as HEADINGS_THERE
from functions.cli.migrate.lapor import LaporTable, lapor_day
from functions.cli.migrate.sp4n_status import status_rows
from functions.config.settings import Settings, load_settings
from functions.storage.choose_store import open_store
from functions.storage.interface import StoreUnavailableError
from functions.storage.registers.directory import read_directory
from tests.cli.test_letters import heads, put, read, run
from tests.server import ROOT

ABOVE = ("Judul Laporan", "Laporan SP4N-LAPOR!"), ("Nama Instansi", "Kabupaten Contoh; Kutai, Timur")
HEADINGS = (
    *("Tracking ID", "Tanggal Laporan Masuk", "Waktu Laporan Masuk", "Nama Pelapor", "Klasifikasi Laporan"),
    *("ID Kategori", "Kategori", "Judul Laporan", "Isi Laporan Awal", "Isi Laporan Akhir"),
    *("Tipe Laporan (Anonim/Rahasia)", "Sumber Laporan", "Instansi Terdisposisi", "Status Laporan", "Kecamatan"),
)
OPEN = {
    "Tracking ID": "9100001",
    "Tanggal Laporan Masuk": "6 Okt 2025",
    "Nama Pelapor": "Kenari Bukan Orang",
    "Klasifikasi Laporan": "Pengaduan Tidak Berkadar Pengawasan",
    "Kategori": "Jalan dan jembatan",
    "Judul Laporan": "Jembatan putus",
    "Isi Laporan Awal": "Jembatan putus sejak Senin.",
    "Status Laporan": "Terverifikasi",
    "Kecamatan": "Sangatta Utara",
}
SHEET = re.compile(r'<p class="row">([^<]+)</p>.*?<p class="code">([0-9A-Z <br>]+?)</p>', re.DOTALL)
ANSWERS = """What happened
  Describe it
    Pungutan di loket.

    Dua kali, Senin dan Selasa.

Who you are
  Your name
    Kenari Bukan Orang

"""
COMMENTS = f"""Comments:
  {"-" * 40}
  Recipient: catatan di antara kami saja
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrate") / "data"
    assert run(load_settings({"DATA_DIR": str(folder)}), "init").exit_code == 0
    return folder


@pytest.fixture
def settings(made: Path, tmp_path: Path) -> Settings:
    shutil.copytree(made, tmp_path / "data")
    return load_settings({"DATA_DIR": str(tmp_path / "data")})


def export(path: Path, rows: Sequence[dict[str, str]], headings: Sequence[str] = HEADINGS) -> Path:
    """An export as SP4N-LAPOR! writes it: some lines about itself, then the table, its headings in row 4."""
    table = [*ABOVE, (), headings, *([row.get(heading, "") for heading in headings] for row in rows)]
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(table)
        return path
    book = Workbook()
    assert book.active is not None
    for row in table:
        book.active.append(row)
    book.save(path)
    return path


def table_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def codes(file: Path) -> dict[str, str]:
    """The codes on the sheets, by label."""
    page = file.with_name(f"{file.stem}-kode.html").read_text()
    return {label: re.sub(r" |<br>", "-", code) for label, code in SHEET.findall(page)}


def archive(path: Path, number: str = "12", answers: str = ANSWERS, **more: str) -> Path:
    """A report as a recipient of GlobaLeaks exports it."""
    head = {"ID": number, "Date": "Thursday 06 November 2025 10:20 (UTC)", "Label": "", "Status": "Opened"} | more
    text = "".join(f"{name}: {value}\n" for name, value in head.items()) + f"\n{answers}"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("report.txt", text.replace("\n", "\r\n"))
        file.writestr("files/foto.jpg", b"x")
    return path


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_open_cases_come_in_with_their_number_and_without_a_name(
    settings: Settings, tmp_path: Path, ending: str
) -> None:
    rows = [
        OPEN,
        OPEN | {"Tracking ID": "9100002", "Status Laporan": "Ditutup oleh Sistem"},
        OPEN
        | {"Tracking ID": "9100003", "Klasifikasi Laporan": "Permintaan Informasi", "Isi Laporan Awal": "Jam buka?"},
    ]
    file = export(tmp_path / f"lapor.{ending}", rows)
    done = run(settings, "migrate", "lapor", str(file), "--send", "--yes")
    assert done.exit_code == 0, done.output
    assert "1 sudah ditutup di SP4N-LAPOR! dan 0 sudah tercatat di sini." in done.output
    assert "2 laporan baru tercatat" in done.output
    found = codes(file)
    assert {label: read(settings, code) for label, code in found.items()} == {
        "SP4N-LAPOR! #9100001": "Jembatan putus sejak Senin.\n\n(Disalin dari SP4N-LAPOR!, masuk 2025-10-06.)",
        "SP4N-LAPOR! #9100003": "Jam buka?\n\n(Disalin dari SP4N-LAPOR!, masuk 2025-10-06.)",
    }
    assert sorted((head.desk_work.sp4n, head.kind, head.reporter.mode) for head in heads(settings)) == [
        ("9100001", "pengaduan", "anonim"),
        ("9100003", "informasi", "anonim"),
    ]
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert b"Kenari" not in kept


def test_taken_in_twice_nothing_doubles_with_the_sheets_or_without(settings: Settings, tmp_path: Path) -> None:
    file = export(tmp_path / "lapor.csv", [OPEN, OPEN | {"Tracking ID": "9100004"}])
    run(settings, "migrate", "lapor", str(file), "--send", "--yes")
    first = codes(file)
    export(file, [OPEN | {"Tracking ID": "9100004"}, OPEN])  # another order: the number counts, not the row
    again = run(settings, "migrate", "lapor", str(file), "--send", "--yes")
    assert "0 laporan baru tercatat, 2 sudah tercatat sebelumnya." in again.output
    assert codes(file) == first
    assert len(heads(settings)) == 2
    (tmp_path / "lapor-kode.html").unlink()
    other = export(tmp_path / "bulan-depan.csv", [OPEN, OPEN | {"Tracking ID": "9100005"}])
    third = run(settings, "migrate", "lapor", str(other), "--send", "--yes")
    assert "0 sudah ditutup di SP4N-LAPOR! dan 1 sudah tercatat di sini." in third.output
    assert list(codes(other)) == ["SP4N-LAPOR! #9100005"]
    assert len(heads(settings)) == 3
    last = run(settings, "migrate", "lapor", str(export(tmp_path / "sama.csv", [OPEN])), "--send", "--yes")
    assert (last.exit_code, "Tidak ada yang baru." in last.output, len(heads(settings))) == (0, True, 3)


def test_every_fault_is_told_with_row_and_column_and_nothing_is_taken(settings: Settings, tmp_path: Path) -> None:
    wrong = {
        "Kategori": "Tambang",
        "Kecamatan": "",
        "Tanggal Laporan Masuk": "32 Okt 2025",
        "Klasifikasi Laporan": "Lain",
    }
    rows = [OPEN, OPEN | wrong | {"Tracking ID": "9100006"}, OPEN, OPEN | {"Tracking ID": "jumlah: 4"}]
    done = run(settings, "migrate", "lapor", str(export(tmp_path / "lapor.xlsx", rows)), "--send", "--yes")
    assert (done.exit_code, heads(settings)) == (1, [])
    assert done.stderr.splitlines() == [
        "baris 6, Klasifikasi Laporan: “Lain” tidak dikenal.",
        "baris 6, Tanggal Laporan Masuk: tulis tanggal seperti 6 Jan 2026.",
        "baris 6, Kategori: “Tambang” tidak ada di daftar. Lihat petunjuk: `letters template`.",
        "baris 6, Kecamatan: Pilih kecamatan tempat kejadian.",
        "baris 7, Tracking ID: nomor 9100001 sudah ada di baris 5. Hapus salah satunya.",
        "baris 8, Tracking ID: bukan nomor SP4N-LAPOR!. Hapus baris ini, atau betulkan.",
        "Error: 3 dari 4 laporan salah. Belum ada yang terkirim.",
    ]
    assert not (tmp_path / "lapor-kode.html").exists()


def test_names_of_theirs_are_mapped_by_a_table_that_the_command_begins(settings: Settings, tmp_path: Path) -> None:
    rows = [OPEN | {"Kategori": "JALAN BERLUBANG", "Kecamatan": ""}, OPEN | {"Tracking ID": "9100007"}]
    file, names = export(tmp_path / "lapor.csv", rows), tmp_path / "peta.csv"
    run(settings, "migrate", "lapor", str(file), "--start-map", str(names))
    assert table_of(names) == [
        ["kolom", "tertulis", "menjadi"],
        ["Kategori", "JALAN BERLUBANG", ""],
        ["Kecamatan", "", ""],
    ]
    names.write_text("kolom,tertulis,menjadi\nKategori,Jalan berlubang,Jalan dan jembatan\nKecamatan,,64.08.04\n")
    done = run(settings, "migrate", "lapor", str(file), "--map", str(names), "--send", "--yes")
    assert "2 laporan baru tercatat" in done.output, done.output
    for text, told in {
        "kolom,tertulis\n": "baris 1 harus berjudul kolom, tertulis, menjadi.",
        "kolom,tertulis,menjadi\nStatus,x,y\n": "baris 2, kolom: “Status” bukan salah satu dari",
        "kolom,tertulis,menjadi\nKategori,x,\n": "baris 2, menjadi: isi bagian ini.",
        "kolom,tertulis,menjadi\nKategori,x,y\nKategori,X,z\n": "baris 3, tertulis: “X” sudah ada di baris lain.",
    }.items():
        names.write_text(text)
        assert told in run(settings, "migrate", "lapor", str(file), "--map", str(names)).stderr


def test_whom_it_accuses_does_not_get_it(settings: Settings, tmp_path: Path) -> None:
    headings = (*HEADINGS, "Instansi Terlapor")
    rows = [
        OPEN | {"Isi Laporan Awal": "Dinas Perhubungan minta uang untuk uji kir."},
        OPEN | {"Tracking ID": "9100008", "Instansi Terlapor": "kutim-dpupr"},
        OPEN
        | {"Tracking ID": "9100009", "Isi Laporan Awal": "Dinas Perhubungan minta uang.", "Instansi Terlapor": "-"},
    ]
    file = export(tmp_path / "lapor.csv", rows, headings)
    done = run(settings, "migrate", "lapor", str(file), "--send", "--yes")
    assert "baris 5, instansi terlapor: mungkin tentang Dinas Perhubungan" in done.output
    assert "baris 7, instansi terlapor" not in done.output
    by_number = {head.desk_work.sp4n: head.about_agency for head in heads(settings)}
    assert by_number == {"9100001": "kutim-dishub", "9100008": "kutim-dpupr", "9100009": ""}


def test_a_receipt_in_the_words_is_taken_out(settings: Settings, tmp_path: Path) -> None:
    file = export(tmp_path / "lapor.csv", [OPEN])
    run(settings, "migrate", "lapor", str(file), "--send", "--yes")
    code = next(iter(codes(file).values()))
    later = export(tmp_path / "lagi.csv", [OPEN | {"Tracking ID": "9100010", "Isi Laporan Awal": f"Kode saya {code}."}])
    run(settings, "migrate", "lapor", str(later), "--send", "--yes")
    words = read(settings, codes(later)["SP4N-LAPOR! #9100010"])
    assert code not in words
    assert words.startswith("Kode saya ")


def test_what_is_no_export_is_refused_in_words(settings: Settings, tmp_path: Path) -> None:
    other = put(tmp_path / "surat.csv", [{"topik": "Jalan dan jembatan"}])
    assert "Bukan ekspor SP4N-LAPOR!?" in run(settings, "migrate", "lapor", str(other)).stderr
    short = export(tmp_path / "kurang.csv", [OPEN], tuple(name for name in HEADINGS if name != "Kategori"))
    assert "kolom Kategori tidak ada." in run(settings, "migrate", "lapor", str(short)).stderr
    twice = export(tmp_path / "dua.xlsx", [], ("Tracking ID", "Kategori", "Isi Laporan Awal", "Status Laporan"))
    assert "Tidak ada laporan di berkas ini." in run(settings, "migrate", "lapor", str(twice)).stderr


def test_what_goes_back_is_how_far_each_numbered_case_is_and_no_word(settings: Settings, tmp_path: Path) -> None:
    numbers = ["9100013", "9100011", "9100012", "9100014"]
    rows = [OPEN | {"Tracking ID": number} for number in numbers]
    rows[3] |= {"Isi Laporan Awal": "Diskominfo minta uang.", "Instansi Terlapor": "kutim-diskominfo"}
    file = export(tmp_path / "lapor.csv", rows, (*HEADINGS, "Instansi Terlapor"))
    assert run(settings, "migrate", "lapor", str(file), "--send", "--yes").exit_code == 0
    unnumbered = put(tmp_path / "surat.csv", [{"topik": "Pungli", "kecamatan": "Sangatta Utara", "isi": "Lain."}])
    run(settings, "letters", "import", str(unnumbered), "--send", "--yes")
    out = tmp_path / "kembali.csv"
    done = run(settings, "migrate", "status", "kutim", str(out))
    assert done.exit_code == 0, done.output
    headings, *told = table_of(out)
    assert headings == ["Tracking ID", "Status Laporan", "Instansi Terdisposisi", "Batas Waktu"]
    assert [row[0] for row in told] == ["9100011", "9100012", "9100013"]  # none that accuses who takes it there
    assert {row[1] for row in told} == {"Diterima"}
    assert not any(word in out.read_text() for word in ("Jembatan", "Jalan", "Sangatta", "uang", "Kenari"))
    assert "sudah ada. Pilih nama lain." in run(settings, "migrate", "status", "kutim", str(out)).stderr
    assert "bukan instansi di daftar" in run(settings, "migrate", "status", "kutim-dishub", str(out)).stderr


@pytest.mark.parametrize("hidden", ["oversight = 1", "about_agency = 'kutim-diskominfo', lift = 'lifted'"])
def test_what_is_hidden_from_the_desk_does_not_go_back(settings: Settings, tmp_path: Path, hidden: str) -> None:
    """What is for the inspectorate, and what an overseer allowed the desk and nobody gave it yet."""
    rows = [OPEN, OPEN | {"Tracking ID": "9100020"}]
    run(settings, "migrate", "lapor", str(export(tmp_path / "lapor.csv", rows)), "--send", "--yes")
    store = open_store(settings)
    directory = read_directory(store, settings).directory
    instance = directory.agencies["kutim"]
    before = [row[0] for row in status_rows(store, instance, directory)]
    one = next(head for head in heads(settings) if head.desk_work.sp4n == "9100020")
    with closing(sqlite3.connect(settings.data_dir / "lapor.sqlite")) as file, file:
        change = f"UPDATE cases SET holder = 'kutim-inspektorat', {hidden} WHERE case_id = ?"  # noqa: S608 - from above
        changed = file.execute(change, (one.case_id,)).rowcount
    assert changed == 1
    assert before == ["9100001", "9100020"]
    assert [row[0] for row in status_rows(store, instance, directory)] == ["9100001"]


def test_reports_of_globaleaks_come_in_and_what_is_not_taken_is_said(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "ekspor"
    folder.mkdir()
    archive(folder / "report-12.zip", answers=ANSWERS + COMMENTS)
    archive(folder / "report-13.zip", "13", Status="Closed (Resolved)")
    given = ("migrate", "globaleaks", str(folder), "--topic", "pungli", "--district", "Sangatta Utara")
    done = run(settings, *given, "--without", "Who you are", "--send", "--yes")
    assert done.exit_code == 0, done.output
    assert "report-12.zip: 1 berkas dan 1 komentar tidak diambil." in done.output
    assert "report-13.zip: sudah ditutup di sana, tidak diambil." in done.output
    found = codes(folder)
    assert list(found) == ["GlobaLeaks #12"]
    assert read(settings, found["GlobaLeaks #12"]) == (
        "What happened\n  Describe it\n    Pungutan di loket.\n\n    Dua kali, Senin dan Selasa.\n\n"
        "(Disalin dari GlobaLeaks #12, 06 November 2025.)"
    )
    again = run(settings, *given, "--without", "Who you are", "--send", "--yes")
    assert "0 laporan baru tercatat, 1 sudah tercatat sebelumnya." in again.output
    assert len(heads(settings)) == 1


def test_what_cannot_be_read_with_certainty_is_refused_whole(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "ekspor"
    folder.mkdir()
    archive(folder / "a.zip")
    archive(folder / "b.zip")  # the same ID again
    (folder / "c.zip").write_bytes(b"PK no archive")
    (folder / "d.zip.pgp").write_bytes(b"x")
    with zipfile.ZipFile(folder / "e.zip", "w") as file:
        file.writestr("notes.txt", "x")
    with zipfile.ZipFile(folder / "f.zip", "w") as file:
        file.writestr("report.txt", "Nomor: 1\nTanggal: x\n")
    archive(folder / "g.zip", "14", answers="")
    with zipfile.ZipFile(folder / "h.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("report.txt", "x" * (1024 * 1024 + 1))
    given = ("migrate", "globaleaks", str(folder), "--topic", "pungli", "--district", "Atlantis")
    done = run(settings, *given, "--send", "--yes")
    assert (done.exit_code, heads(settings)) == (1, [])
    assert done.stderr.splitlines() == [
        "a.zip, pilihan perintah: “Atlantis” tidak ada di daftar. Lihat petunjuk: `letters template`.",
        "b.zip: ID 12 sudah ada di a.zip.",
        "c.zip: rusak, atau bukan .zip. Ekspor lagi dari GlobaLeaks.",
        "d.zip.pgp: terkunci (PGP atau kata sandi). Buka dulu di komputer penerimanya, lalu berikan arsip yang terbuka.",
        "e.zip: tidak ada report.txt. Bukan ekspor laporan GlobaLeaks?",
        "f.zip: baris 1: seharusnya “ID: …”. Templat ekspornya diubah, jadi tidak dapat dibaca dengan pasti.",
        "g.zip, pilihan perintah: “Atlantis” tidak ada di daftar. Lihat petunjuk: `letters template`.",
        "g.zip, report.txt, jawaban: Tuliskan apa yang terjadi.",
        "h.zip: report.txt lebih dari 1 MB.",
        "Error: 8 dari 8 laporan salah. Belum ada yang terkirim.",
    ]


def test_whatever_stands_in_an_export_it_is_read_or_refused_in_words(settings: Settings, tmp_path: Path) -> None:
    """Bytes of good exports changed, cut and doubled at random, by seed."""
    directory = read_directory(open_store(settings), settings).directory
    seeds = {f"lapor.{ending}": export(tmp_path / f"lapor.{ending}", [OPEN]).read_bytes() for ending in ("csv", "xlsx")}
    seeds["report.zip"] = archive(tmp_path / "report.zip", answers=ANSWERS + COMMENTS).read_bytes()
    refused = dict.fromkeys(seeds, 0)
    for seed in range(60):
        chance = random.Random(seed)  # noqa: S311 - a test by seed
        for name, good in seeds.items():
            raw = bytearray(good)
            for _ in range(chance.randint(1, 6)):
                at = chance.randrange(len(raw))
                raw[at : at + chance.choice((0, 1, 1, 8))] = chance.randbytes(chance.choice((0, 1, 1, 3)))
            path = tmp_path / name
            path.write_bytes(raw[: chance.choice((len(raw), len(raw), chance.randrange(len(raw))))])
            try:
                if name.endswith("zip"):
                    read_archive(path)
                else:
                    table = LaporTable(Letters(path, directory, settings.today(), HEADINGS_THERE))
                    for number, typed in table:
                        table.origin(number, typed)
                        table.report(number, typed)
            except (LettersError, RowFaultsError) as error:
                refused[name] += bool(str(error))
    assert all(count > 5 for count in refused.values()), refused


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("6 Jan 2026", date(2026, 1, 6)),
        ("17 Agu 2025", date(2025, 8, 17)),
        ("1 May 2025", date(2025, 5, 1)),
        ("31 Desember 2025", date(2025, 12, 31)),
        ("2025-10-06", date(2025, 10, 6)),
        ("31 Feb 2025", None),
        ("kemarin", None),
    ],
)
def test_their_days_are_read(typed: str, day: date | None) -> None:
    assert lapor_day(typed) == day


def test_a_newer_export_beside_the_sheets_takes_no_code_away(settings: Settings, tmp_path: Path) -> None:
    """What was closed there meanwhile, or stands in another export, is open here, and only its sheet has its code."""
    file = export(tmp_path / "lapor.csv", [OPEN, OPEN | {"Tracking ID": "9100004"}])
    run(settings, "migrate", "lapor", str(file), "--send", "--yes")
    first = codes(file)
    export(file, [OPEN | {"Status Laporan": "Ditutup"}, OPEN | {"Tracking ID": "9100005"}])
    again = run(settings, "migrate", "lapor", str(file), "--send", "--yes")
    assert again.exit_code == 0, again.output
    assert len(heads(settings)) == 3
    assert codes(file).items() >= first.items()
    assert len(codes(file)) == 3


def test_two_folders_whose_names_end_differently_keep_their_sheets(settings: Settings, tmp_path: Path) -> None:
    given = ("--topic", "pungli", "--district", "Sangatta Utara", "--send", "--yes")
    for number, name in (("12", "ekspor.1"), ("13", "ekspor.2")):
        folder = tmp_path / name
        folder.mkdir()
        archive(folder / "report.zip", number)
        assert run(settings, "migrate", "globaleaks", str(folder), *given).exit_code == 0
    assert set(codes(tmp_path / "ekspor.2")) == {"GlobaLeaks #12", "GlobaLeaks #13"}


@pytest.mark.parametrize("killed", [False, True])
def test_nor_after_a_run_that_was_cut_short(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    """The store went away, or the power, after the first of two; the next export has that one no more."""
    other = OPEN | {"Tracking ID": "9100004", "Judul Laporan": "Lampu mati"}
    file = export(tmp_path / "lapor.csv", [OPEN, other])
    honest, replace = Submit.__call__, Path.replace

    def away(self: Submit, report: Report, *arguments: object, **named: object) -> object:
        if report.subject == "Lampu mati":
            raise StoreUnavailableError("away")
        return honest(self, report, *arguments, **named)  # type: ignore[arg-type]

    def at_once(self: Path, target: Path) -> Path:
        if self.suffix == ".baru":
            raise KeyboardInterrupt
        return replace(self, target)

    with monkeypatch.context() as broken:
        broken.setattr(Submit, "__call__", away)
        if killed:
            broken.setattr(Path, "replace", at_once)
        assert run(settings, "migrate", "lapor", str(file), "--send", "--yes").exit_code == 1
    assert len(heads(settings)) == 1
    export(file, [other])
    again = run(settings, "migrate", "lapor", str(file), "--send", "--yes")
    assert again.exit_code == 0, again.output
    assert len(codes(file)) == len(heads(settings)) == 2


def test_nor_after_two_runs_whose_power_went_away(tmp_path: Path) -> None:
    """Nothing more runs at such an end, and a table that is exported anew holds neither of what was sent."""
    file, url = tmp_path / "lapor.csv", "https://lapor.example.id"
    cut = """if True:
        import os, sys
        from pathlib import Path
        from functions.casework.receipt import receipt_from_bytes
        from functions.cli.letters.papers import open_papers
        file, url, number = sys.argv[1:]
        with open_papers(Path(file), url).writing() as sheets:
            sheets.add(f"SP4N #{number}", receipt_from_bytes(bytes([int(number)]) * 13))
            os._exit(0)"""
    for number in ("1", "2"):
        subprocess.run([sys.executable, "-c", cut, file, url, number], cwd=ROOT, check=True)
    with open_papers(file, url).writing():
        pass
    assert len(codes(file)) == 2


def test_nor_does_ctrl_c_while_a_sheet_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing its square takes longest of all, so that is where most people stop it."""
    file, code = tmp_path / "lapor.csv", receipt_from_bytes(bytes(13))
    with open_papers(file, "https://lapor.example.id").writing() as sheets:
        sheets.add("SP4N #1", code)

    def stopped(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(papers, "qr", stopped)
    with pytest.raises(KeyboardInterrupt), open_papers(file, "https://lapor.example.id").writing() as sheets:
        sheets.add("SP4N #1", code)
    assert len(codes(file)) == 1

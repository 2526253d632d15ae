"""Letters out of a spreadsheet, at a terminal, into a real store: checked first, each taken in once, nothing left behind
but the sheets with their codes."""

import csv
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook

from functions.actions.reporter.converse import Converse
from functions.casework.case import CaseHead
from functions.casework.receipt import parse_receipt
from functions.cli.letters.cells import LettersError
from functions.cli.letters.rows import COLUMNS, ROWS_MAX, Letters
from functions.cli.main import cli
from functions.config.settings import DEMO, Settings, load_directory, load_settings
from functions.crypto.seal.public_store import open_public_keys
from functions.storage.blobs.choose import open_blobs
from functions.storage.choose_store import open_store
from functions.storage.interface import Scope, StoreUnavailableError
from functions.storage.registers.directory import read_directory
from functions.storage.sqlite.store import SqliteStore
from tests.server import ROOT

GOOD: dict[str, Any] = {"topik": "Jalan dan jembatan", "kecamatan": "sangatta utara", "isi": "Jembatan putus."}
CODE = re.compile(r'<p class="row">Baris (\d+)</p>.*?<p class="code">([0-9A-Z <br>]+?)</p>', re.DOTALL)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("letters") / "data"
    assert run(load_settings({"DATA_DIR": str(folder)}), "init").exit_code == 0
    return folder


@pytest.fixture
def settings(made: Path, tmp_path: Path) -> Settings:
    shutil.copytree(made, tmp_path / "data")
    return load_settings({"DATA_DIR": str(tmp_path / "data")})


def run(settings: Settings, *arguments: str, answer: str | None = None) -> Result:
    result = CliRunner().invoke(cli, arguments, input=answer, env={"DATA_DIR": str(settings.data_dir)})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def take(settings: Settings, file: Path) -> Result:
    return run(settings, "letters", "import", str(file), "--send", "--yes")


def put(path: Path, rows: Sequence[dict[str, Any]], headings: Sequence[str] = tuple(COLUMNS)) -> Path:
    """A table of these rows, by the file's ending."""
    table = [list(headings), *([row.get(heading) for heading in headings] for row in rows)]
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(table)
        return path
    book = Workbook()
    assert book.active is not None
    for row in table:
        book.active.append(row)
    book.save(path)
    return path


def heads(settings: Settings) -> list[CaseHead]:
    store, found, after = open_store(settings), list[CaseHead](), ""
    while True:
        page = store.page(Scope.INSTANCE, "kutim", after)
        found += page.heads
        after = page.next
        if not after:
            return found


def codes(file: Path) -> dict[int, str]:
    """The codes on the sheets, by row."""
    page = file.with_name(f"{file.stem}-kode.html").read_text()
    return {int(row): re.sub(r" |<br>", "-", code) for row, code in CODE.findall(page)}


def read(settings: Settings, code: str) -> str:
    """What its receipt's holder reads first."""
    store = open_store(settings)
    directory = read_directory(store, settings).directory
    keys = open_public_keys(settings).public
    converse = Converse(store, open_blobs(settings), keys, directory, settings.today)
    return converse.read(parse_receipt(code)).messages[0].body


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_good_file_becomes_reports_that_their_sheets_open(settings: Settings, tmp_path: Path, ending: str) -> None:
    rows = [
        GOOD,
        {},
        GOOD | {"isi": "Dua.\nBaris kedua.", "jenis": "Usul", "tempat": "km 21", "tanggal kejadian": "24-11-2025"},
        GOOD | {"isi": "Tiga", "cara": "Rahasia", "nama": "Warga Contoh", "kontak": "warga@contoh.example.id"},
        GOOD | {"isi": "Empat", "instansi terlapor": "kutim-dpupr", "topik": "pungli", "kecamatan": "64.08.05"},
    ]
    file = put(tmp_path / f"surat.{ending}", rows)
    before = {path.name for path in tmp_path.iterdir()}
    done = take(settings, file)
    assert done.exit_code == 0, done.output
    assert "4 surat baru tercatat, 0 sudah tercatat sebelumnya." in done.output
    assert "hapus berkas itu BERSAMA" in done.output
    found = codes(file)
    assert [(row, read(settings, code)) for row, code in found.items()] == [
        *((2, "Jembatan putus."), (4, "Dua.\nBaris kedua."), (5, "Tiga"), (6, "Empat")),
    ]
    assert sorted((head.kind, head.reporter.mode, head.about_agency) for head in heads(settings)) == [
        ("aspirasi", "anonim", ""),
        ("pengaduan", "anonim", ""),
        ("pengaduan", "anonim", "kutim-dpupr"),
        ("pengaduan", "rahasia", ""),
    ]
    assert {path.name for path in tmp_path.iterdir()} - before == {"surat-kode.html"}


def test_without_send_nothing_is_taken_in_and_nothing_written(settings: Settings, tmp_path: Path) -> None:
    file = put(tmp_path / "surat.csv", [GOOD])
    done = run(settings, "letters", "import", str(file))
    assert (done.exit_code, heads(settings)) == (0, [])
    assert "1 surat, semuanya benar.\nBelum ada yang terkirim." in done.output
    assert not (tmp_path / "surat-kode.html").exists()
    asked = run(settings, "letters", "import", str(file), "--send", answer="n\n")
    assert (asked.exit_code, heads(settings)) == (1, [])
    assert not (tmp_path / "surat-kode.html").exists()


def test_one_wrong_line_holds_all_back_and_is_named(settings: Settings, tmp_path: Path) -> None:
    wrong = GOOD | {"topik": "Jalanan", "isi": "", "tanggal kejadian": "32-13-2025", "nama": "Warga"}
    file = put(tmp_path / "surat.xlsx", [GOOD, GOOD, wrong, GOOD])
    done = take(settings, file)
    assert (done.exit_code, heads(settings)) == (1, [])
    assert done.stderr.splitlines() == [
        "baris 4, topik: “Jalanan” tidak ada di daftar. Lihat petunjuk: `letters template`.",
        "baris 4, isi: Tuliskan apa yang terjadi.",
        "baris 4, tanggal kejadian: Tulis tanggal seperti 25-11-2026.",
        "baris 4, nama: Untuk laporan anonim, kosongkan nama Anda. Atau pilih siapa yang boleh tahu nama Anda.",
        "Error: 1 dari 4 surat salah. Belum ada yang terkirim.",
    ]
    assert not (tmp_path / "surat-kode.html").exists()


def test_many_wrong_lines_are_told_up_to_a_limit(settings: Settings, tmp_path: Path) -> None:
    done = take(settings, put(tmp_path / "surat.csv", [GOOD | {"isi": ""}] * 200 + [GOOD | {"jenis": "surat"}]))
    lines = done.stderr.splitlines()
    assert lines[0] == "baris 2, isi: Tuliskan apa yang terjadi."
    assert lines[49] == "baris 51, isi: Tuliskan apa yang terjadi."
    assert lines[50:] == ["… dan baris lain", "Error: 201 dari 201 surat salah. Belum ada yang terkirim."]


def test_the_same_command_again_doubles_nothing_and_writes_the_same_codes(settings: Settings, tmp_path: Path) -> None:
    file = put(tmp_path / "surat.csv", [GOOD, GOOD, GOOD | {"isi": "Lain."}])  # two letters may have the same words
    take(settings, file)
    first, before = codes(file), heads(settings)
    assert len(before) == 3
    again = take(settings, file)
    assert again.exit_code == 0
    assert "0 surat baru tercatat, 3 sudah tercatat sebelumnya." in again.output
    assert codes(file) == first
    assert [asdict(head) for head in heads(settings)] == [asdict(head) for head in before]


@pytest.mark.every_day(3)
@pytest.mark.parametrize("at", [0, 1, 7, 19])
@pytest.mark.parametrize("after_it_was_kept", [False, True])
def test_cut_short_and_repeated_each_letter_is_there_once(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, *, after_it_was_kept: bool
) -> None:
    """The store goes away at a row, before it kept it or just after."""
    file = put(tmp_path / "surat.csv", [GOOD | {"isi": f"Surat {n}"} for n in range(20)])
    real, left = SqliteStore.create_case, [at]

    def create(self: SqliteStore, *case: Any) -> None:
        if left[0] == 0 and not after_it_was_kept:
            raise StoreUnavailableError("gone")
        real(self, *case)
        if left[0] == 0:
            raise StoreUnavailableError("gone")
        left[0] -= 1

    monkeypatch.setattr(SqliteStore, "create_case", create)
    broken = take(settings, file)
    assert broken.exit_code == 1
    assert f"terputus di baris {at + 2}" in broken.stderr
    assert len(heads(settings)) == at + after_it_was_kept
    monkeypatch.setattr(SqliteStore, "create_case", real)
    assert take(settings, file).exit_code == 0
    assert len(heads(settings)) == 20
    assert [read(settings, code) for code in codes(file).values()] == [f"Surat {n}" for n in range(20)]
    assert not list(tmp_path.glob("*.baru"))


KILLED = """
import os, signal, sys
from functions.cli.main import cli
from functions.storage.sqlite.store import SqliteStore

real, left = SqliteStore.create_case, [30]

def create(self, *case):
    real(self, *case)
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)

SqliteStore.create_case = create
cli()
"""


@pytest.mark.long
def test_killed_and_repeated_each_letter_is_there_once(settings: Settings, tmp_path: Path) -> None:
    file = put(tmp_path / "surat.csv", [GOOD | {"isi": f"Surat {n}"} for n in range(60)])
    command = [sys.executable, "-c", KILLED, "letters", "import", str(file), "--send", "--yes"]
    environ = {**os.environ, "DATA_DIR": str(settings.data_dir)}
    done = subprocess.run(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, check=False)
    assert (done.returncode, len(heads(settings))) == (-signal.SIGKILL, 30)
    assert take(settings, file).exit_code == 0
    assert len(heads(settings)) == 60
    assert sorted(read(settings, code) for code in codes(file).values()) == sorted(f"Surat {n}" for n in range(60))


def test_a_row_that_changed_since_is_told_and_its_first_text_stays(settings: Settings, tmp_path: Path) -> None:
    file = put(tmp_path / "surat.csv", [GOOD, GOOD | {"isi": "Dua"}])
    take(settings, file)
    put(file, [GOOD, GOOD | {"isi": "Dua, diubah"}, GOOD | {"isi": "Tiga"}])
    done = take(settings, file)
    assert done.exit_code == 1
    assert done.stderr.startswith("baris 3: sudah terkirim dengan isi lain; yang pertama tetap berlaku.")
    assert "1 surat baru tercatat, 1 sudah tercatat sebelumnya." in done.stdout
    assert [read(settings, code) for code in codes(file).values()] == ["Jembatan putus.", "Dua", "Tiga"]


def test_a_removed_row_moves_the_others_and_doubles_none(settings: Settings, tmp_path: Path) -> None:
    rows = [GOOD | {"isi": f"Surat {n}"} for n in range(5)]
    file = put(tmp_path / "surat.csv", rows)
    take(settings, file)
    put(file, rows[1:])
    assert take(settings, file).exit_code == 1
    assert len(heads(settings)) == 5


# What is left behind


def test_the_sheets_are_their_owners_alone_and_have_the_row_and_no_word(settings: Settings, tmp_path: Path) -> None:
    file = put(
        tmp_path / "surat.csv",
        [GOOD | {"isi": "Kanarijingga", "judul": "Kanaribiru", "cara": "terbuka", "nama": "Kanariungu"}],
    )
    take(settings, file)
    sheets = tmp_path / "surat-kode.html"
    assert stat.S_IMODE(sheets.stat().st_mode) == 0o600
    page = sheets.read_text()
    (head,) = heads(settings)
    for word in ("Kanari", head.case_id, "64.08", "jalan", "Sangatta", "loket"):
        assert word not in page
    assert page.count("<section>") == page.count("<svg") == page.count('class="row"') == 1
    assert "</body></html>" in page


def test_a_case_from_a_letter_is_like_any_other(settings: Settings, tmp_path: Path) -> None:
    take(settings, put(tmp_path / "surat.csv", [GOOD]))
    (head,) = heads(settings)
    assert (head.wraps.sealed, head.reporter.texted, head.quarantined) == ("server", False, False)
    secret = re.search(r'content="([0-9a-f]{64})"', (tmp_path / "surat-kode.html").read_text())
    assert secret
    kept = b"".join(path.read_bytes() for path in settings.data_dir.rglob("lapor.sqlite*"))
    assert head.case_id.encode() in kept
    for trace in (secret[1].encode(), bytes.fromhex(secret[1]), b"surat.csv"):
        assert trace not in kept


def test_another_run_elsewhere_has_other_codes(settings: Settings, tmp_path: Path) -> None:
    one = put(tmp_path / "satu.csv", [GOOD])
    two = put(tmp_path / "dua.csv", [GOOD])
    take(settings, one)
    take(settings, two)
    assert codes(one) != codes(two)
    assert len(heads(settings)) == 2


def test_a_file_that_is_no_sheet_of_ours_is_not_written_over(settings: Settings, tmp_path: Path) -> None:
    file = put(tmp_path / "surat.csv", [GOOD])
    (tmp_path / "surat-kode.html").write_text("catatan saya")
    done = take(settings, file)
    assert (done.exit_code, heads(settings)) == (1, [])
    assert "bukan berkas kode dari perintah ini" in done.stderr
    assert (tmp_path / "surat-kode.html").read_text() == "catatan saya"


def test_where_sheets_cannot_be_written_nothing_is_sent(settings: Settings, tmp_path: Path) -> None:
    file = put(tmp_path / "surat.csv", [GOOD])
    (tmp_path / "surat-kode.html").mkdir()
    done = take(settings, file)
    assert (done.exit_code, heads(settings)) == (1, [])
    assert "tidak dapat ditulis (Is a directory). Belum ada yang terkirim." in done.stderr
    (tmp_path / "surat-kode.html").rmdir()
    (tmp_path / "surat-kode.html.baru").mkdir()
    done = take(settings, file)
    assert (done.exit_code, heads(settings)) == (1, [])
    assert "Jalankan perintah yang sama sekali lagi" in done.stderr


# Reading tables


def test_the_template_is_taken_as_it_is_written(settings: Settings, tmp_path: Path) -> None:
    for ending in ("csv", "xlsx"):
        file = tmp_path / f"templat.{ending}"
        done = run(settings, "letters", "template", str(file))
        assert done.exit_code == 0, done.output
        empty = run(settings, "letters", "import", str(file))
        assert empty.exit_code == 1
        assert "Tidak ada surat di berkas ini. Isi mulai baris 2." in empty.stderr
        assert "sudah ada" in run(settings, "letters", "template", str(file)).stderr
    book = load_workbook(tmp_path / "templat.xlsx")
    assert book.sheetnames == ["Surat", "Petunjuk"]
    book["Surat"].append([None, "jalan", "Sangkulirang", "Dari templat.", None, datetime(2025, 11, 24, 8)])  # noqa: DTZ001
    book.save(tmp_path / "templat.xlsx")
    assert take(settings, tmp_path / "templat.xlsx").exit_code == 0
    explained = [row[0] for row in book["Petunjuk"].iter_rows(values_only=True)]
    assert {*COLUMNS, "Jalan dan jembatan", "Sangkulirang"} <= set(explained)
    assert "berakhir .xlsx atau .csv" in run(settings, "letters", "template", str(tmp_path / "x.ods")).stderr


DIRECTORY = load_directory(DEMO / "kutai-timur.toml")


def table(path: Path) -> Letters:
    return Letters(path, DIRECTORY, date(2026, 11, 25))


def rows_of(path: Path) -> list[tuple[int, Any]]:
    return list(table(path))


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"topik,kecamatan,isi,warna\nx,y,z,w\n", "kolom “warna” tidak dikenal"),
        (b"topik,kecamatan\nx,y\n", "kolom isi tidak ada"),
        (b"topik,kecamatan,isi,Isi\n", "kolom isi ada dua kali"),
        (b"", "kolom topik, kecamatan, isi tidak ada"),
        (b"topik,kecamatan,isi\nx,y,\xff\xfe\n", "bukan UTF-8"),
        (b'topik,kecamatan,isi\nx,y,"tidak ditutup\n', "rusak sebagai CSV"),
        (b"topik,kecamatan,isi\nx,y," + b"z" * 300_000 + b"\n", "rusak sebagai CSV"),
    ],
)
def test_a_broken_csv_is_told_in_a_sentence(tmp_path: Path, raw: bytes, says: str) -> None:
    file = tmp_path / "surat.csv"
    file.write_bytes(raw)
    with pytest.raises(LettersError, match=re.escape(says)):
        rows_of(file)


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04 bukan zip", b"topik,kecamatan,isi\n"])
def test_a_broken_xlsx_is_told_in_a_sentence(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "surat.xlsx"
    file.write_bytes(raw)
    with pytest.raises(LettersError, match="rusak, atau bukan"):
        rows_of(file)


def test_a_broken_xlsx_is_closed_while_its_fault_is_still_told(tmp_path: Path) -> None:
    file = put(tmp_path / "surat.xlsx", [])
    with zipfile.ZipFile(file) as good, zipfile.ZipFile(tmp_path / "rusak.xlsx", "w") as broken:
        for name in good.namelist():
            broken.writestr(name, b"<not XML" if name == "xl/workbook.xml" else good.read(name))
    with pytest.raises(LettersError, match="rusak, atau bukan") as fault:
        rows_of(tmp_path / "rusak.xlsx")
    assert fault.value.__cause__  # whose frames would keep it open
    assert not [handle for handle in Path("/proc/self/fd").iterdir() if handle.resolve().name == "rusak.xlsx"]
    with pytest.raises(LettersError, match="tidak dapat dibuka"):
        rows_of(tmp_path / "tidak-ada.xlsx")
    with pytest.raises(LettersError, match="Simpan sebagai salah satunya"):
        rows_of(put(tmp_path / "surat.csv", [GOOD]).rename(tmp_path / "surat.ods"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_as_spreadsheets_write_it(tmp_path: Path, delimiter: str) -> None:
    file = tmp_path / "surat.csv"
    lines = ["Topik;KECAMATAN; Tanggal_Kejadian ;isi", 'jalan;64.08.04;;"Dua\nbaris"', "", ";;;", "jalan;x;;y"]
    file.write_bytes(("\ufeff" + "\r\n".join(lines).replace(";", delimiter)).encode())
    found = rows_of(file)
    assert [number for number, _ in found] == [2, 5]
    assert found[0][1] == {"topic": "jalan", "district": "64.08.04", "happened_on": "", "body": "Dua\nbaris"}


def test_what_cells_hold_is_read_as_people_see_it(tmp_path: Path) -> None:
    row = GOOD | {"tanggal kejadian": date(2025, 11, 24), "judul": 2025.0, "kontak": 628120000017, "tempat": 1.5}
    ((number, typed),) = rows_of(put(tmp_path / "surat.xlsx", [row]))
    assert (number, typed["happened_on"], typed["subject"]) == (2, "2025-11-24", "2025")
    assert (typed["contact"], typed["place"]) == ("628120000017", "1.5")
    report = table(tmp_path / "surat.xlsx").report(2, typed | {"contact": ""})
    assert (report.topic, report.district, report.happened_on) == ("jalan", "64.08.04", date(2025, 11, 24))


def test_what_stands_beside_the_table_is_told(settings: Settings, tmp_path: Path) -> None:
    file = put(tmp_path / "surat.csv", [GOOD | {"": "coretan"}], ["topik", "kecamatan", "", "isi"])
    done = take(settings, file)
    assert done.stderr.startswith("baris 2: ada isi di kolom tanpa judul.")
    assert heads(settings) == []


@pytest.mark.long
def test_more_letters_than_a_file_may_have_are_refused_before_any_is_sent(settings: Settings, tmp_path: Path) -> None:
    done = take(settings, put(tmp_path / "surat.csv", [GOOD] * (ROWS_MAX + 1)))
    assert done.exit_code == 1
    assert "lebih dari 10,000 surat" in done.stderr
    assert heads(settings) == []


@pytest.mark.every_day(1)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_ten_times_the_rows_take_no_more_memory(tmp_path: Path, ending: str) -> None:
    """Read through and checked, row by row: what is held does not grow with the file."""

    def peak(count: int) -> int:
        letters = table(put(tmp_path / f"{count}.{ending}", _many(count)))
        tracemalloc.start()
        for number, typed in letters:
            letters.report(number, typed)
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return held

    peak(10)  # what is loaded once
    few, many = peak(300), peak(3000)
    assert many < 2 * few + 200_000, (few, many)


def _many(count: int) -> list[dict[str, Any]]:
    return [GOOD | {"isi": f"Surat {n} " + "panjang " * 50} for n in range(count)]


def test_a_table_of_another_sheet_first_is_found_by_its_name(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("Surat").append(["topik", "kecamatan", "isi"])
    book["Surat"].append(["jalan", "64.08.04", "Ada."])
    book.save(tmp_path / "surat.xlsx")
    assert [typed["body"] for _, typed in rows_of(tmp_path / "surat.xlsx")] == ["Ada."]


def test_a_clerk_is_told_whom_the_words_accuse_and_may_say_that_it_is_nobody(
    settings: Settings, tmp_path: Path
) -> None:
    words = "Petugas Dishub minta uang 50 ribu."
    rows = [GOOD | {"isi": words}, GOOD | {"isi": words, "instansi terlapor": "-"}]
    file = put(tmp_path / "surat.csv", rows)
    told = run(settings, "letters", "import", str(file))
    assert "baris 2, instansi terlapor: mungkin tentang Dinas Perhubungan" in told.output
    assert "baris 3, instansi terlapor" not in told.output
    assert take(settings, file).exit_code == 0
    assert sorted(head.about_agency for head in heads(settings)) == ["", "kutim-dishub"]

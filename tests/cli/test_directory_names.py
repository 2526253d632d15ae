"""Names in an import: whose they stay, how a merger takes one over, and who is told of what ops import."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from functions.actions.reporter.submit import Submit
from functions.casework.access import is_accused
from functions.casework.directory.agencies import Directory
from functions.casework.directory.registers import DIRECTORY_REGISTER, decode_directory
from functions.casework.directory.trail import IMPORTS, Trail
from functions.casework.report import read_report
from functions.cli.main import cli
from functions.config.settings import Settings, load_directory, load_settings
from functions.crypto.ops.key_directory import KeyDirectory
from functions.local.setup import make_keys
from functions.storage.choose_store import open_store
from functions.storage.interface import Notice
from functions.storage.registers.directory_trail import read_trail

DISHUB, DLH = "Dinas Perhubungan", "Dinas Lingkungan Hidup"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A store into which the demonstration was imported, with an instance's own days off."""
    made = load_settings({"DATA_DIR": str(tmp_path / "data")})
    open_store(made).prepare()
    (tmp_path / "data" / "portal").mkdir(parents=True)
    return made


@pytest.fixture
def files(settings: Settings, tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    assert run(settings, "agencies", "export", str(folder)).exit_code == 0
    imported(settings, *folder.iterdir())
    return folder


def run(settings: Settings, *arguments: str) -> Result:
    result = CliRunner().invoke(cli, arguments, env={"DATA_DIR": str(settings.data_dir)})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def imported(settings: Settings, *given: Path | str) -> Result:
    result = run(settings, "agencies", "import", "--yes", "--no-portal", *map(str, given))
    assert result.exit_code == 0, result.output
    return result


def refused(settings: Settings, *given: Path | str) -> str:
    """What is said; nothing changes, and nobody is told."""
    before = standing(settings), trail(settings), told(settings)
    for command in (("import", "--yes", "--no-portal"), ("check",)):
        result = run(settings, "agencies", *command, *map(str, given))
        assert result.exit_code == 1, result.output
    assert (standing(settings), trail(settings), told(settings)) == before
    return result.stderr


def edit(path: Path, *pairs: tuple[str, str]) -> Path:
    text = path.read_text()
    for old, new in pairs:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    path.write_text(text)
    return path


def standing(settings: Settings) -> Directory:
    register = open_store(settings).read_register(DIRECTORY_REGISTER)
    assert register
    return decode_directory(register.body)[0]


def trail(settings: Settings) -> Trail:
    return read_trail(open_store(settings), IMPORTS)[1]


def told(settings: Settings) -> list[tuple[str, int]]:
    """The trail and the first number of each notice that waits, in order."""
    found = [entry for entry in open_store(settings).waiting() if entry.notice is Notice.DIRECTORY_CHANGED]
    return sorted((entry.agency, entry.count) for entry in found)


def test_a_swap_in_a_file_is_refused_at_once_and_in_two_steps(settings: Settings, files: Path) -> None:
    agencies = files / "agencies.csv"
    edit(agencies, (DISHUB, "?"), (DLH, DISHUB), ("?", DLH))
    assert "agency kutim-dishub: its name is, was, or looks like that of kutim-dlh" in refused(settings, agencies)
    edit(agencies, (DISHUB, "?"), (DLH, "Dinas Urusan Jalan"), ("?", "Dinas Hutan"))
    imported(settings, agencies)
    edit(agencies, ("Dinas Hutan", DISHUB))
    assert "agency kutim-dlh: its name is, was, or looks like that of kutim-dishub" in refused(settings, agencies)
    edit(agencies, (DISHUB, DLH), ("Dinas Urusan Jalan", DISHUB))
    imported(settings, agencies)  # each its own, back


def test_a_first_import_owes_no_name_to_the_demonstration_until_a_report_was_made(
    settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    assert run(settings, "agencies", "export", str(folder)).exit_code == 0
    agencies = edit(folder / "agencies.csv", (DISHUB, "?"), (DLH, DISHUB), ("?", DLH))
    assert run(settings, "agencies", "check", str(agencies)).exit_code == 0
    other = load_settings({"DATA_DIR": str(tmp_path / "other")})
    open_store(other).prepare()
    imported(other, agencies)
    assert (told(other), trail(other).entries, standing(other).former) == ([], (), ())
    directory = load_directory(settings.directory_file)
    make_keys(settings, directory)
    submit = Submit(open_store(settings), KeyDirectory(settings.keys_dir).public, directory, settings.today)
    fields = {"kind": "pengaduan", "topic": "jalan", "district": "64.08.04", "body": "Gelap."}
    submit(read_report(fields, directory, settings.today()), bytes(16))
    for command in ("check", "import"):
        said = run(settings, "agencies", command, str(agencies))
        assert (said.exit_code, "that of kutim-dlh" in said.stderr) == (1, True)


def test_files_that_name_no_former_names_forget_none_and_an_export_brings_them_along(
    settings: Settings, files: Path, tmp_path: Path
) -> None:
    imported(settings, edit(files / "agencies.csv", (DISHUB, "Dinas Urusan Jalan")))
    imported(settings, edit(files / "topics.csv", ("Jalan dan jembatan", "Jalan")))
    assert [(each.code, each.name, each.instance) for each in standing(settings).former] == [
        ("kutim-dishub", DISHUB, "kutim")
    ]
    out = tmp_path / "again"
    assert run(settings, "agencies", "export", str(out)).exit_code == 0
    other = load_settings({"DATA_DIR": str(tmp_path / "other")})
    open_store(other).prepare()
    imported(other, *out.iterdir())
    assert standing(other).former == standing(settings).former
    assert "kutim-dishub" in refused(other, edit(out / "agencies.csv", (DLH, DISHUB)))
    emptied = edit(out / "former_names.csv", (f"kutim-dishub,{DISHUB}", "kutim-dlh,Dinas Hutan"))
    imported(settings, emptied)
    assert {each.name for each in standing(settings).former} == {DISHUB, "Dinas Hutan"}


def test_faults_in_former_names_are_told_with_their_line(settings: Settings, files: Path) -> None:
    wrong = files / "former_names.csv"
    wrong.write_text("code,name,until\nKUTIM,Dinas,2026-01-01\nkutim-x,Dinas,kemarin\nkutim-y,,2026-01-01\n")
    said = refused(settings, wrong)
    for line, text in ((2, "cannot be a code"), (3, "is no day"), (4, "name is missing")):
        assert f"former_names.csv:{line}: former name of" in said
        assert text in said


def test_a_removed_units_name_is_not_anothers_but_by_a_succession(settings: Settings, files: Path) -> None:
    """Dinas Pariwisata takes over what Dinas Kebudayaan was: its officers are then the accused of old reports."""
    old = standing(settings).agencies["kutim-disbud"].name
    agencies, officers = files / "agencies.csv", files / "officers.csv"
    agencies.write_text("".join(row for row in rows(agencies) if not row.startswith("kutim-disbud,")))
    officers.write_text("".join(row for row in rows(officers) if ",kutim-disbud," not in row))
    topics = files / "topics.csv"
    topics.write_text(topics.read_text().replace(",kutim-disbud,", ",,"))
    taken = edit(agencies, (f"kutim-dispar,{standing(settings).agencies['kutim-dispar'].name}", f"kutim-dispar,{old}"))
    assert "kutim-dispar" in refused(settings, taken, officers, topics)
    for pair in (("lain", "kutim-disbud"), ("kutim-dispar", "lain")):
        assert "--succeeds: lain: NEW is in" in refused(settings, taken, officers, topics, "--succeeds", *pair)
    assert "kutim-dispar" in refused(settings, taken, officers, topics, "--succeeds", "kutim-dispar", "kutim-dlh")
    said = imported(settings, taken, officers, topics, "--succeeds", "kutim-dispar", "kutim-disbud").stdout
    assert "once_below: – → kutim-disbud" in said
    now = standing(settings)
    assert now.agencies["kutim-dispar"].name == old
    assert is_accused("kutim-dispar", "kutim-disbud", now)
    assert not is_accused("kutim-dlh", "kutim-disbud", now)


def rows(path: Path) -> list[str]:
    return path.read_text().splitlines(keepends=True)


def test_names_of_inspectorate_coordinator_and_government_are_imported(settings: Settings, files: Path) -> None:
    before = len(told(settings))
    edit(files / "agencies.csv", ("kutim-inspektorat,Inspektorat Daerah", "kutim-inspektorat,Inspektorat Kutai Timur"))
    edit(files / "agencies.csv", ("kutim,Pemerintah Kabupaten Kutai Timur", "kutim,Kabupaten Kutai Timur"))
    imported(settings, files / "agencies.csv")
    assert len(told(settings)) == before + 1
    (entry,) = trail(settings).told(told(settings)[-1][1])
    assert (entry.by, entry.instance, [change.code for change in entry.changes]) == (
        IMPORTS,
        "kutim",
        ["kutim", "kutim-inspektorat"],
    )


def test_every_change_of_an_import_is_in_one_notice_and_no_address_in_the_trail(
    settings: Settings, files: Path
) -> None:
    notices = len(told(settings))
    edit(files / "agencies.csv", (DISHUB, "Dinas Urusan Jalan"))
    edit(files / "officers.csv", ("petugas1@dlh.example.id", "lain1@dlh.example.id"))
    edit(
        files / "officers.csv",
        ("dispar-1,petugas1@dispar.example.id,kutim-dispar", "dispar-9,p9@dispar.example.id,kutim-dispar"),
    )
    (files / "holidays.csv").write_text("day\n2027-08-18\n")
    imported(settings, *files.iterdir())
    assert len(told(settings)) == notices + 1
    entries = trail(settings).told(max(n for _, n in told(settings)))
    assert {entry.instance for entry in entries} == {"", "kutim"}
    said = " ".join(str(change) for entry in entries for change in entry.changes)
    for text in ("name: Dinas Perhubungan → Dinas Urusan Jalan", "changed dlh-1; email: * → *", "added dispar-9"):
        assert text in said
    assert "added 2027-08-18" in said
    register = open_store(settings).read_register(f"changes:{IMPORTS}")
    assert register
    assert "@" not in said
    assert trail(settings).broken() is None


def test_officers_that_ops_remove_and_days_off_are_told_too(settings: Settings, files: Path) -> None:
    notices = len(told(settings))
    assert run(settings, "officers", "remove", "--yes", "dispar-1").exit_code == 0
    assert run(settings, "holidays", "add", "2027-08-18", "--yes").exit_code == 0
    assert len(told(settings)) == notices + 2
    last = trail(settings).entries[-2:]
    assert [str(change) for entry in last for change in entry.changes] == [
        "officers: removed dispar-1; agency: kutim-dispar → –; role: officer → –",
        "holidays: added 2027-08-18",
    ]


def test_an_import_that_changes_nothing_tells_nobody(settings: Settings, files: Path) -> None:
    before = told(settings), trail(settings)
    imported(settings, *files.iterdir())
    assert (told(settings), trail(settings)) == before


def test_a_unit_that_goes_and_comes_back_under_another_name_stays_hidden(settings: Settings, files: Path) -> None:
    agencies = files / "agencies.csv"
    name = standing(settings).agencies["kutim-dispar"].name
    moved = edit(agencies, (f"kutim-dispar,{name},unit,,kutim,", f"kutim-dispar,{name},unit,,kutim-dlh,"))
    imported(settings, moved)
    whole, officers = agencies.read_text(), files / "officers.csv"
    agencies.write_text("".join(row for row in rows(agencies) if not row.startswith("kutim-dispar,")))
    officers.write_text("".join(row for row in rows(officers) if ",kutim-dispar," not in row))
    topics = files / "topics.csv"
    topics.write_text(topics.read_text().replace(",kutim-dispar,", ",,"))
    imported(settings, agencies, officers, topics)
    agencies.write_text(
        whole.replace(f"kutim-dispar,{name},unit,,kutim-dlh,", "kutim-dispar,Dinas Wisata,unit,,kutim,")
    )
    imported(settings, agencies)
    for accused in ("kutim-dlh", "kutim-dispar"):
        assert is_accused("kutim-dispar", accused, standing(settings))
    assert not is_accused("kutim-dishub", "kutim-dlh", standing(settings))

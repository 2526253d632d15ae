"""Days off and deadlines at a terminal, on a real store: what is listed, edited, and never moved."""

import os
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from functions.actions.reporter.submit import Submit
from functions.casework.case import CaseHead
from functions.casework.deadlines.clocks import Deadlines
from functions.casework.deadlines.workdays import is_workday
from functions.casework.report import read_report
from functions.casework.stages import Stage
from functions.cli import open_cases
from functions.cli.main import cli
from functions.config.settings import Settings, load_officers, load_settings, where_from
from functions.crypto.ops.key_directory import KeyDirectory
from functions.storage.choose_store import open_store
from functions.storage.interface import Append
from functions.storage.registers.directory import live_directory, read_directory
from functions.storage.registers.officers import read_officers
from tests.case_heads import changed
from tests.storage.examples import make_event

DAY = date(2031, 8, 18)  # a Monday that nobody has decreed anything for


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that `init` has made ready."""
    folder = tmp_path_factory.mktemp("days") / "data"
    assert run(load_settings({"DATA_DIR": str(folder)}), "init").exit_code == 0
    return folder


@pytest.fixture
def settings(made: Path, tmp_path: Path) -> Settings:
    """A copy of it for each test."""
    shutil.copytree(made, tmp_path / "data")
    return load_settings({"DATA_DIR": str(tmp_path / "data")})


def run(settings: Settings, *arguments: str, answer: str | None = None, **environ: str) -> Result:
    result = CliRunner().invoke(cli, arguments, input=answer, env={"DATA_DIR": str(settings.data_dir), **environ})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def refused(result: Result, status: int = 1) -> str:
    """What a failed command says last on standard error."""
    assert result.exit_code == status, result.output
    return result.stderr.strip().splitlines()[-1]


def put_case(settings: Settings, deadlines: Deadlines | None = None, **changes: object) -> CaseHead:
    """A fresh report under these limits, its head then changed."""
    store = open_store(settings)
    directory = read_directory(store, settings).directory
    keys = KeyDirectory(settings.keys_dir)
    submit = Submit(store, keys.public, directory, settings.today, deadlines=deadlines or Deadlines())
    fields = {"kind": "pengaduan", "topic": "jalan", "district": "64.08.04", "body": "Gelap."}
    head = store.read_head(submit(read_report(fields, directory, settings.today()), os.urandom(16)).tracking_id)
    if changes:
        head = changed(head, version=2, **changes)
        store.append(Append(head, (make_event(2),)), 1)
    return head


def own(settings: Settings) -> frozenset[date]:
    return read_directory(open_store(settings), settings).holidays


def test_days_off_are_listed_by_date_with_name_and_kind(settings: Settings) -> None:
    assert run(settings, "holidays", "add", "--yes", "2026-08-18").exit_code == 0
    shown = run(settings, "holidays", "list", "2026")
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    assert len(lines) == 26
    assert lines == sorted(lines)
    assert "2026-08-17 Mon  national     Hari Kemerdekaan Republik Indonesia" in lines
    assert "2026-08-18 Tue  own" in lines
    assert "2026-12-24 Thu  cuti bersama Cuti Bersama Hari Raya Natal" in lines
    this = run(settings, "holidays", "list").stdout
    assert this == run(settings, "holidays", "list", str(settings.today().year)).stdout
    refused(run(settings, "holidays", "list", "26"), status=2)


def test_the_first_own_day_imports_the_files_after_asking(settings: Settings) -> None:
    before = read_directory(open_store(settings), settings)
    shown = run(settings, "holidays", "add", str(DAY), answer="n\n")
    assert shown.exit_code == 1
    assert f"imports {settings.directory_file} and {settings.officers_file} as well" in shown.stdout
    assert f"holidays: added {DAY}" in shown.stdout
    assert read_directory(open_store(settings), settings) == before
    shown = run(settings, "holidays", "add", str(DAY), answer="y\n")
    assert shown.exit_code == 0, shown.output
    store = open_store(settings)
    after = read_directory(store, settings)
    assert (after.version, after.holidays) == (1, before.holidays | {DAY})
    assert after.directory == before.directory
    assert read_officers(store, settings, after.directory) == load_officers(settings.officers_file, after.directory)


def test_a_door_that_runs_follows_what_is_added_and_removed(settings: Settings) -> None:
    assert run(settings, "holidays", "add", "--yes", str(DAY)).exit_code == 0
    ticks = iter(range(0, 100_000, 1000))
    directory = live_directory(open_store(settings), settings, lambda: float(next(ticks)))
    days = directory.holidays
    assert not is_workday(DAY, days)
    later = run(settings, "holidays", "remove", "--yes", str(DAY))
    assert (later.exit_code, "imports" in later.stdout) == (0, False)
    assert len(directory.agencies) > 0
    assert is_workday(DAY, days)
    assert run(settings, "holidays", "add", "--yes", str(DAY), str(DAY + timedelta(days=1))).exit_code == 0
    assert own(settings) >= {DAY, DAY + timedelta(days=1)}
    assert len(directory.agencies) > 0
    assert not is_workday(DAY + timedelta(days=1), days)


def test_a_day_that_is_there_or_is_not_is_refused_and_nothing_changes(settings: Settings) -> None:
    assert run(settings, "holidays", "add", "--yes", str(DAY)).exit_code == 0
    version = read_directory(open_store(settings), settings).version
    other = str(DAY + timedelta(days=1))
    assert f"{DAY}: an own day off already" in refused(run(settings, "holidays", "add", "--yes", other, str(DAY)))
    assert f"{other}: no own day off" in refused(run(settings, "holidays", "remove", "--yes", other, str(DAY)))
    assert "2026-08-17: no own day off" in refused(run(settings, "holidays", "remove", "--yes", "2026-08-17"))
    refused(run(settings, "holidays", "add", "--yes", "18-08-2031"), status=2)
    refused(run(settings, "holidays", "add", "--yes"), status=2)
    assert read_directory(open_store(settings), settings).version == version


@pytest.mark.parametrize(
    ("day", "why"),
    [("2026-08-17", "Hari Kemerdekaan Republik Indonesia"), ("2031-08-16", "weekend"), (str(DAY), "")],
)
def test_a_day_that_is_off_anyway_is_noted(settings: Settings, day: str, why: str) -> None:
    shown = run(settings, "holidays", "add", "--yes", day)
    assert shown.exit_code == 0
    assert (f"note: {day} is a day off anyway ({why})" in shown.stdout) == bool(why)
    assert ("off anyway" in shown.stdout) == bool(why)


def test_no_running_clock_is_moved_and_those_counted_over_the_day_are_told(settings: Settings) -> None:
    received = DAY - timedelta(days=3)
    counted = {"received_on": received, "stage": Stage.DIPROSES, "holder": "kutim-dpupr"}
    heads = [
        put_case(settings, due=DAY, **counted),
        put_case(settings, due=DAY + timedelta(days=9), **counted),
        put_case(settings, due=DAY - timedelta(days=1), **counted),
        put_case(settings, **counted | {"received_on": DAY, "due": DAY + timedelta(days=9)}),
        put_case(settings, **counted | {"due": DAY, "stage": Stage.SELESAI, "closed_on": received}),
    ]
    for command in ("add", "remove"):
        shown = run(settings, "holidays", command, "--yes", str(DAY))
        assert shown.exit_code == 0
        assert "no clock that runs was moved" in shown.stdout
        assert " 2 open cases" in shown.stdout
        assert not any(head.case_id in shown.output for head in heads)
        assert [open_store(settings).read_head(head.case_id) for head in heads] == heads


def test_deadlines_are_listed_with_where_they_come_from(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "lapor.toml"
    file.write_text("deadline_respond = 4\nDEADLINE_WINDOW = 7\n")
    shown = run(settings, "deadlines", "list", LAPOR_SETTINGS=str(file), DEADLINE_WINDOW="8", ESCALATE_DAYS="2,4")
    assert shown.exit_code == 0
    table = {line.split()[0]: line.split()[1:] for line in shown.stdout.splitlines() if line.isascii()}
    assert table["DEADLINE_VERIFY"] == ["3", "default"]
    assert table["DEADLINE_RESPOND"] == ["4", str(file)]
    assert table["DEADLINE_WINDOW"] == ["8", "environment"]
    assert table["DEADLINE_FINISH_PENGAWASAN"] == ["60", "default"]
    assert table["ESCALATE_DAYS"] == ["2,4", "environment"]
    assert table["REMIND_DAYS"] == ["1", "default"]
    assert "A case keeps the DEADLINE_ limits it came in under" in shown.stdout
    assert shown.stdout.splitlines()[-1] == "open cases: 0"


def test_open_cases_are_counted_by_the_limits_they_came_in_under(settings: Settings) -> None:
    other = Deadlines(verify=2, finish_pengaduan=9)
    for _ in range(2):
        put_case(settings, other)
    heads = [put_case(settings) for _ in range(3)]
    put_case(settings, terms=())
    put_case(settings, quarantined=True)
    put_case(settings, stage=Stage.SELESAI, closed_on=settings.today())
    lines = run(settings, "deadlines", "list").stdout.splitlines()
    start = lines.index("open cases: 7")
    assert lines[start + 1 :] == [
        "     4  under today's limits",
        "     2  pengaduan under verify 2, respond 5, finish 9, window 10, finish_oversight 60",
        "     1  came in before limits were kept: run under today's",
    ]
    changed = run(settings, "deadlines", "list", DEADLINE_VERIFY="2", DEADLINE_FINISH_PENGADUAN="9").stdout
    assert "     2  under today's limits" in changed.splitlines()
    assert not any(head.case_id in changed for head in heads)


def test_more_open_cases_than_a_page_are_all_counted(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_cases, "PAGE", 2)
    for _ in range(5):
        put_case(settings)
    assert "open cases: 5" in run(settings, "deadlines", "list").stdout.splitlines()
    put_case(settings, stage=Stage.SELESAI, closed_on=settings.today())
    assert "open cases: 5" in run(settings, "deadlines", "list").stdout.splitlines()


def test_where_a_setting_comes_from(tmp_path: Path) -> None:
    file = tmp_path / "lapor.toml"
    file.write_text("port = 9000\n")
    environ = {"LAPOR_SETTINGS": str(file), "TABLE": "t"}
    assert [where_from(name, environ) for name in ("PORT", "TABLE", "BUCKET")] == [str(file), "environment", ""]
    assert where_from("PORT", {}) == ""
    assert where_from("PORT", environ | {"PORT": "1"}) == "environment"


def test_help_shows_every_command_with_a_line() -> None:
    for arguments in (
        [],
        *([name] for name in ("agencies", "deadlines", "holidays", "keys", "links", "officers", "outbox")),
    ):
        shown = CliRunner().invoke(cli, [*arguments, "--help"]).stdout
        commands = shown.partition("Commands:\n")[2].splitlines()
        names = {line.split()[0]: line.split()[1:] for line in commands}
        group = cli if not arguments else cli.commands[arguments[0]]
        assert set(names) == set(group.commands)
        assert all(len(words) > 1 for words in names.values()), names
        assert "..." not in "".join(commands)

"""The directory at a terminal, on a real store: what an import shows, refuses, writes and voids; and the nation."""

import csv
import os
import pty
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

from functions.actions.reporter.submit import Submit
from functions.casework.case import CaseHead
from functions.casework.report import read_report
from functions.casework.stages import Stage
from functions.cli.directory import replace as directory_import
from functions.cli.main import cli
from functions.config import private_files
from functions.config.settings import DEMO, ROOT, Settings, load_settings
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.desk.main import create_app as create_desk
from functions.intake.main import create_app as create_intake
from functions.storage.choose_store import open_store
from functions.storage.dynamodb import registers
from functions.storage.interface import Append, Scope, Store, StoreUnavailableError, VersionConflictError
from functions.storage.registers.directory import read_directory
from functions.storage.registers.officers import read_officers
from tests import nation
from tests.case_heads import changed
from tests.depth import deep
from tests.storage.examples import make_event
from tests.walls.test_loaded import loaded
from tests.world import World

REGISTERS = ("directory", "officers")
INSTANCES, OFFICERS = deep((700, 50_000), (70, 5_000))  # the nation, or every tenth of it


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that `init` has made ready."""
    folder = tmp_path_factory.mktemp("ready") / "data"
    assert run(load_settings({"DATA_DIR": str(folder)}), "init").exit_code == 0
    return folder


@pytest.fixture
def settings(made: Path, tmp_path: Path) -> Settings:
    """A copy of it for each test."""
    shutil.copytree(made, tmp_path / "data")
    return load_settings({"DATA_DIR": str(tmp_path / "data")})


@pytest.fixture
def files(settings: Settings, tmp_path: Path) -> Path:
    """What stands, exported."""
    folder = tmp_path / "files"
    assert run(settings, "agencies", "export", str(folder)).exit_code == 0
    return folder


def run(settings: Settings, *arguments: str, answer: str | None = None, **environ: str) -> Result:
    result = CliRunner().invoke(cli, arguments, input=answer, env={"DATA_DIR": str(settings.data_dir), **environ})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def change(path: Path, old: str, new: str) -> Path:
    """Change a text that stands once in a file."""
    text = path.read_text()
    assert text.count(old) == 1, (old, text.count(old))
    path.write_text(text.replace(old, new))
    return path


def drop(path: Path, code: str) -> Path:
    """Take the line of a code out of a file."""
    lines = path.read_text().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(f"{code},")]
    assert len(kept) == len(lines) - 1
    path.write_text("".join(kept))
    return path


def standing(settings: Settings) -> tuple[int, int]:
    store = open_store(settings)
    first, second = (store.register_version(name) for name in REGISTERS)
    return first, second


def imported(settings: Settings, *paths: Path) -> Result:
    result = run(settings, "agencies", "import", "--yes", "--no-portal", *map(str, paths))
    assert result.exit_code == 0, result.output
    return result


def put_case(settings: Settings) -> CaseHead:
    """A fresh report, with the coordinator."""
    store = open_store(settings)
    directory = read_directory(store, settings).directory
    submit = Submit(store, KeyDirectory(settings.keys_dir).public, directory, settings.today)
    fields = {"kind": "pengaduan", "topic": "jalan", "district": "64.08.04", "body": "Gelap."}
    report = read_report(fields, directory, settings.today())
    return store.read_head(submit(report, os.urandom(16)).tracking_id)


def hold(settings: Settings, holder: str, **changes: object) -> CaseHead:
    """A case that an agency holds."""
    head = put_case(settings)
    later = changed(head, holder=holder, version=2, **{"stage": Stage.DIPROSES} | changes)
    open_store(settings).append(Append(later, (make_event(2),)), 1)
    return later


@pytest.mark.long
def test_what_is_exported_is_what_stands_and_addresses_are_for_the_owner(settings: Settings, files: Path) -> None:
    assert sorted(path.name for path in files.iterdir()) == [
        "agencies.csv",
        "districts.csv",
        "holidays.csv",
        "officers.csv",
        "topics.csv",
        "villages.csv",
    ]
    assert stat.S_IMODE((files / "officers.csv").stat().st_mode) == 0o600
    checked = run(settings, "agencies", "check", *map(str, files.iterdir()))
    assert (checked.exit_code, checked.stdout.splitlines()[-1]) == (0, "no changes")
    again = run(settings, "agencies", "export", str(files))
    assert (again.exit_code, "there already" in again.stderr) == (1, True)


def test_an_import_is_shown_asked_for_and_then_stands(settings: Settings, files: Path) -> None:
    path = change(files / "agencies.csv", "Dinas Perhubungan", "Dinas Perhubungan dan Pelabuhan")
    for arguments, answer in ((["--dry-run"], None), ([], "n\n")):
        shown = run(settings, "agencies", "import", *arguments, str(path), answer=answer)
        assert (
            "agencies: changed kutim-dishub; name: Dinas Perhubungan → Dinas Perhubungan dan Pelabuhan" in shown.stdout
        )
        assert standing(settings) == (0, 0)
    assert run(settings, "agencies", "check", str(path)).exit_code == 0
    assert standing(settings) == (0, 0)
    done = run(settings, "agencies", "import", str(path), answer="y\n")
    assert (done.exit_code, "version 1 stands" in done.stdout) == (0, True)
    assert standing(settings) == (1, 1)
    store = open_store(settings)
    directory = read_directory(store, settings).directory
    assert directory.agencies["kutim-dishub"].name.endswith("Pelabuhan")
    assert len(read_officers(store, settings, directory)) == 41
    form = (settings.portal_dir / "lapor" / "index.html").read_text()
    assert "Dinas Perhubungan dan Pelabuhan" in form
    assert not list(settings.data_dir.glob("portal.*"))


def test_importing_the_same_again_changes_nothing(settings: Settings, files: Path) -> None:
    imported(settings, *files.iterdir())
    assert standing(settings) == (1, 1)
    again = imported(settings, *files.iterdir())
    assert again.stdout.splitlines()[-1] == "no changes"
    assert standing(settings) == (1, 1)


def test_after_an_import_the_settings_files_are_not_asked_any_more(settings: Settings, files: Path) -> None:
    imported(settings, files / "topics.csv")
    gone = {"DIRECTORY_FILE": "/nirgends/d.toml", "OFFICERS_FILE": "/nirgends/o.toml"}
    for command in (("officers", "list"), ("retention",), ("init",), ("agencies", "check", str(files / "topics.csv"))):
        assert run(settings, *command, **gone).exit_code == 0


def test_a_new_government_gets_its_keys_before_it_stands(settings: Settings, files: Path) -> None:
    with (files / "agencies.csv").open("a") as file:
        file.write("bontang,Pemerintah Kota Bontang,instance,kota,pusat,64.74,bontang-1,bontang-2,,,,\n")
        file.write("bontang-1,Diskominfo,unit,opd,bontang,,,,,,,\nbontang-2,Inspektorat,unit,opd,bontang,,,,,,,\n")
    with (files / "officers.csv").open("a") as file:
        file.write("btg-1,koordinator@bontang.example.id,bontang,coordinator\n")
        file.write("btg-2,pemeriksa@bontang.example.id,bontang-2,inspector\n")
        file.write("btg-3,kustodian1@bontang.example.id,bontang-1,custodian\n")
        file.write("btg-4,kustodian2@bontang.example.id,bontang-2,custodian\n")
    said = imported(settings, files / "agencies.csv", files / "officers.csv")
    assert f"{len(Purpose)} keys made" in said.stdout
    keys = KeyDirectory(settings.keys_dir)
    assert keys.missing(Purpose, ["kutim", "bontang"]) == []
    assert create_desk(settings).test_client().get("/healthz").status_code == 200


def test_every_fault_of_every_file_is_told_and_nothing_changes(settings: Settings, files: Path) -> None:
    change(files / "agencies.csv", "kutim-dlh,Dinas Lingkungan Hidup,unit,,kutim", "kutim-dlh,DLH,unit,,nirgends")
    change(files / "officers.csv", "dishub-1,petugas1@dishub", "dpupr-1,petugas1@dishub")
    said = run(settings, "agencies", "import", "--yes", *map(str, files.iterdir()))
    assert said.exit_code == 1
    faults = said.stderr.strip().splitlines()
    assert [fault.partition(": ")[0].rpartition("/")[2] for fault in faults[:-1]] == [
        "agencies.csv:6",
        "officers.csv:11",
    ]
    assert "parent nirgends is unknown" in faults[0]
    assert "is an officer of kutim-dpupr already" in faults[1]
    assert faults[-1] == "Error: 2 faults; nothing was changed."
    assert standing(settings) == (0, 0)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("agencies.txt", b"x", "neither .csv nor .yaml nor .toml"),
        ("agencies.csv", b"code,name,kind\nx,\xff\xfe,unit\n", "agencies.csv:2: not UTF-8"),
        ("none.csv", None, "cannot be read"),
        ("d.yaml", b"agencies: [", "not valid YAML"),
        ("d.toml", b"= x", "not valid TOML"),
    ],
)
def test_a_file_that_is_none_is_told(settings: Settings, tmp_path: Path, name: str, content: bytes, says: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    said = run(settings, "agencies", "check", str(tmp_path / name), str(DEMO / "officers.toml"))
    assert (said.exit_code, says in said.stderr) == (1, True)
    assert said.stderr.splitlines()[-1] == "Error: 1 faults; nothing was changed."


def test_a_unit_that_holds_cases_cannot_go(settings: Settings, files: Path) -> None:
    drop(files / "agencies.csv", "kutim-dlh")
    drop(files / "officers.csv", "dlh-1")
    change(files / "topics.csv", "kutim-dlh", "")
    paths = [str(path) for path in files.iterdir()]
    today = settings.today()
    open_case = hold(settings, "kutim-dlh")
    hold(settings, "kutim-dlh", quarantined=True)
    closed = {"stage": Stage.SELESAI, "closed_on": today}
    hold(settings, "kutim-dlh", **closed)
    over = hold(settings, "kutim-dlh", **closed, confirmed=True)
    for command in (["import", "--yes"], ["import", "--dry-run"], ["check"]):
        said = run(settings, "agencies", *command, *paths)
        assert said.exit_code == 1
        assert (
            "kutim-dlh still holds 2 open cases, and 1 closed ones that their reporters may open again" in said.stderr
        )
        assert standing(settings) == (0, 0)
    store = open_store(settings)
    for head in store.page(Scope.HOLDER, "kutim-dlh").heads + store.page(Scope.QUARANTINE, "kutim-dlh").heads:
        if head.case_id != over.case_id:
            later = replace(head, holder="kutim-dpupr", version=3)
            store.append(Append(later, (make_event(3),)), 2)
    said = imported(settings, *files.iterdir())
    assert "Reports that accuse these agencies" in said.stdout
    assert "kutim-dlh" not in read_directory(store, settings).directory.agencies
    assert store.read_head(open_case.case_id).holder == "kutim-dpupr"


def test_a_unit_that_helps_with_open_cases_cannot_go(settings: Settings, files: Path) -> None:
    drop(files / "agencies.csv", "kutim-dlh")
    drop(files / "officers.csv", "dlh-1")
    change(files / "topics.csv", "kutim-dlh", "")
    hold(settings, "kutim-dpupr", second="kutim-dlh")
    hold(settings, "kutim-dpupr", second="kutim-dlh", stage=Stage.SELESAI, closed_on=settings.today())
    said = run(settings, "agencies", "import", "--yes", *[str(path) for path in files.iterdir()])
    assert (said.exit_code, "kutim-dlh is the second unit on 1 open cases; end that first" in said.stderr) == (1, True)
    assert standing(settings) == (0, 0)


def test_a_unit_that_holds_cases_cannot_go_to_another_government(settings: Settings, files: Path) -> None:
    test_a_new_government_gets_its_keys_before_it_stands(settings, files)
    hold(settings, "kutim-dlh")
    change(files / "agencies.csv", "kutim-dlh,Dinas Lingkungan Hidup,unit,,kutim,", "kutim-dlh,DLH,unit,,bontang,")
    said = run(settings, "agencies", "import", "--yes", str(files / "agencies.csv"))
    assert (said.exit_code, "kutim-dlh still holds 1 open cases" in said.stderr) == (1, True)
    assert standing(settings) == (1, 1)


def test_a_government_stays_while_retention_has_work_with_it(settings: Settings, files: Path, tmp_path: Path) -> None:
    today = settings.today()
    hold(settings, "kutim-dlh", stage=Stage.SELESAI, closed_on=today - timedelta(days=9), confirmed=True)
    other = nation.write(tmp_path, 40, 300)
    said = run(settings, "agencies", "import", "--yes", *map(str, other.values()))
    assert said.exit_code == 1
    assert "instance kutim still has 1 cases, 0 of them open" in said.stderr


def test_links_of_officers_who_go_or_move_are_void(settings: Settings, files: Path) -> None:
    drop(files / "officers.csv", "dlh-1")
    change(files / "officers.csv", "dishub-1,petugas1@dishub", "dishub-1,baru@dishub")
    change(
        files / "officers.csv", "dpupr-2,petugas2@dpupr.example.id,kutim-dpupr", "dpupr-2,p@dlh.example.id,kutim-dlh"
    )
    before = time.time()
    said = imported(settings, files / "officers.csv")
    assert "links voided: 3" in said.stdout
    store = open_store(settings)
    gone = [f"officer:{ident}" for ident in ("dlh-1", "dishub-1", "dpupr-2")]
    found = store.revoked([*gone, "officer:dpupr-1", "agency:kutim-dlh"])
    assert sorted(found) == sorted(gone)
    assert all(before < moment <= time.time() + 2 for moment in found.values())


def test_links_are_void_before_the_register_is_written_so_that_nothing_is_forgotten(
    settings: Settings, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(files / "officers.csv", "dlh-1")

    def cut(*_: object) -> None:
        raise StoreUnavailableError("SQLite: cut short")

    with monkeypatch.context() as patched:
        patched.setattr("functions.storage.sqlite.registers.SqliteRegisters.write_registers", cut)
        said = run(settings, "agencies", "import", "--yes", "--no-portal", str(files / "officers.csv"))
    assert (said.exit_code, said.stderr) == (1, "Error: SQLite: cut short\n")
    assert standing(settings) == (0, 0)
    assert "officer:dlh-1" in open_store(settings).revoked(["officer:dlh-1"])
    imported(settings, files / "officers.csv")


def test_links_sent_while_the_register_is_written_are_void_as_well(
    settings: Settings, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link says the moment of the last voiding, if that is later than its hour (decision o)."""
    drop(files / "officers.csv", "dlh-1")
    write, issued = directory_import._write, []

    def meanwhile(store: Store, *further: object) -> None:
        issued.append(store.revoked(["officer:dlh-1"])["officer:dlh-1"])
        write(store, *further)

    monkeypatch.setattr(directory_import, "_write", meanwhile)
    imported(settings, files / "officers.csv")
    assert open_store(settings).revoked(["officer:dlh-1"])["officer:dlh-1"] > issued[0]


def test_of_two_imports_at_once_the_later_is_refused(
    settings: Settings, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(files / "topics.csv", "Jalan dan jembatan", "Jalan")

    def rival(*_: object) -> None:
        raise VersionConflictError("directory")

    monkeypatch.setattr("functions.storage.sqlite.registers.SqliteRegisters.write_registers", rival)
    said = run(settings, "agencies", "import", "--yes", str(files / "topics.csv"))
    assert (said.exit_code, "somebody else imported meanwhile" in said.stderr) == (1, True)


@pytest.mark.parametrize("stage", [Stage.DITAHAN, Stage.DIPROSES])
def test_a_unit_that_holds_a_case_about_another_cannot_go_below_that(
    settings: Settings, files: Path, stage: Stage
) -> None:
    """Else nobody could act on it, and on hold not even the clock."""
    hold(settings, "kutim-dishub", about_agency="kutim-disdik", stage=stage)
    hold(settings, "kutim-dishub")
    change(files / "agencies.csv", "kutim-dishub,Dinas Perhubungan,unit,,kutim,", "kutim-dishub,DH,unit,,kutim-disdik,")
    said = run(settings, "agencies", "import", "--yes", str(files / "agencies.csv"))
    told = "kutim-dishub would be hidden from 1 cases that it holds"
    assert (said.exit_code, told in said.stderr) == (1, True), said.output
    assert standing(settings) == (0, 0)


def test_a_case_that_comes_in_the_very_moment_is_told_of(
    settings: Settings, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(files / "agencies.csv", "kutim-dlh")
    drop(files / "officers.csv", "dlh-1")
    change(files / "topics.csv", "kutim-dlh", "")
    write = directory_import._write

    def late(*arguments: object) -> None:
        hold(settings, "kutim-dlh")
        write(*arguments)

    monkeypatch.setattr(directory_import, "_write", late)
    said = imported(settings, *files.iterdir())
    assert "warning: in this very moment a case came: kutim-dlh still holds 1 open cases" in said.stderr


def test_officers_are_listed_and_removed(settings: Settings) -> None:
    listed = run(settings, "officers", "list", "--agency", "kutim-dpupr").stdout.splitlines()
    assert [line.split() for line in listed] == [
        ["dpupr-1", "officer", "kutim-dpupr", "petugas1@dpupr.example.id"],
        ["dpupr-2", "officer", "kutim-dpupr", "petugas2@dpupr.example.id"],
    ]
    assert "no such agency" in run(settings, "officers", "list", "--agency", "nirgends").stderr
    assert "nobody-1: no such officer" in run(settings, "officers", "remove", "dpupr-1", "nobody-1").stderr
    shown = run(settings, "officers", "remove", "--dry-run", "dpupr-1")
    assert "officers: removed dpupr-1" in shown.stdout
    assert standing(settings) == (0, 0)
    assert run(settings, "officers", "remove", "--yes", "dpupr-1").exit_code == 0
    assert standing(settings) == (1, 1)
    assert len(run(settings, "officers", "list").stdout.splitlines()) == 40
    assert open_store(settings).revoked(["officer:dpupr-1"])
    last = run(settings, "officers", "remove", "--yes", "kutim-1")
    assert (last.exit_code, "has no officer with the role coordinator" in last.stderr) == (1, True)
    assert standing(settings) == (1, 1)


def test_a_running_door_takes_what_was_imported(
    settings: Settings, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.storage.registers.directory.LOOK_SECONDS", 0.0)
    client = create_intake(settings).test_client()
    body = {
        "kind": "pengaduan",
        "topic": "listrik",
        "district": "64.08.04",
        "body": "Padam.",
        "submission_key": "ab" * 16,
    }
    refused = client.post("/api/reports", json=body)
    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "topic")
    with (files / "topics.csv").open("a") as file:
        file.write("listrik,Listrik,Electricity,,,\n")
    imported(settings, files / "topics.csv")
    assert client.post("/api/reports", json=body).status_code == 201


def test_an_officer_who_is_removed_is_out_at_once(tmp_path: Path) -> None:
    world = World(tmp_path / "data")
    settings = load_settings({"DATA_DIR": str(world.folder)})
    desk = world.desk_of("kutim-dpupr")
    assert desk.get("/desk/").status_code == 200
    assert run(settings, "officers", "remove", "--yes", "dpupr-1").exit_code == 0
    out = desk.get("/desk/")
    assert (out.status_code, out.get_json()["code"]) == (403, "link_revoked")


@pytest.mark.long
def test_dynamodb_takes_the_nation_too(
    land: tuple[Settings, dict[str, Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_files.os, "fsync", lambda _: None)
    monkeypatch.setattr(registers, "PART_BYTES", deep(registers.PART_BYTES, registers.PART_BYTES // 10))
    _, paths = land
    environ = {"STORE": "dynamodb", "AWS_DEFAULT_REGION": "ap-southeast-3", "DATA_DIR": str(tmp_path / "data")}
    environ |= {"AWS_ACCESS_KEY_ID": "invented", "AWS_SECRET_ACCESS_KEY": "invented"}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    settings = load_settings(environ)
    with mock_aws():
        store = open_store(settings)
        store.prepare()
        imported(settings, *paths.values())
        directory = read_directory(store, settings).directory
        assert len(read_officers(store, settings, directory)) == OFFICERS
        parts = boto3.client("dynamodb").query(
            TableName=settings.table,
            KeyConditionExpression="PK = :pk",
            ExpressionAttributeValues={":pk": {"S": "REGISTER#officers"}},
        )["Items"]
        assert len(parts) > 2
        assert max(len(item["body"]["B"]) for item in parts if "body" in item) <= registers.PART_BYTES
        again = run(settings, "agencies", "import", "--yes", *map(str, paths.values()))
        assert again.stdout.splitlines()[-1] == "no changes"


@pytest.mark.parametrize("door", ["intake", "thread", "desk", "custody"])
def test_no_door_reads_officers_or_loads_what_reads_files(door: str) -> None:
    modules = loaded(f"functions.{door}.main")
    assert not {name for name in modules if name == "yaml" or name.startswith(("yaml.", "functions.cli"))}
    assert "functions.storage.registers.officers" not in modules


@pytest.fixture(scope="module")
def land(made: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict[str, Path]]:
    """A store ready for the nation, and the nation's files."""
    folder = tmp_path_factory.mktemp("nation")
    shutil.copytree(made, folder / "data")
    return load_settings({"DATA_DIR": str(folder / "data")}), nation.write(folder, INSTANCES, OFFICERS)


def spoiled(path: Path, number: int, spoil: Callable[[list[str]], list[str]]) -> Iterator[Path]:
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    rows[number - 1] = spoil(rows[number - 1])
    wrong = path.with_name(f"wrong-{path.name}")
    with wrong.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    yield wrong
    wrong.unlink()


@pytest.mark.parametrize(
    ("table", "number", "cell", "value", "says"),
    [
        ("officers", OFFICERS * 8 // 10, 2, "kab-999-1", "agency kab-999-1 is not in the directory"),
        ("agencies", INSTANCES * (1 + nation.UNITS), 4, "kab-999", "parent kab-999 is unknown"),
    ],
)
def test_one_wrong_line_in_the_nation_changes_nothing_and_is_named(
    land: tuple[Settings, dict[str, Path]], table: str, number: int, cell: int, value: str, says: str
) -> None:
    settings, paths = land

    def spoil(row: list[str]) -> list[str]:
        return [*row[:cell], value, *row[cell + 1 :]]

    before = (settings.data_dir / "lapor.sqlite").read_bytes(), settings.keys_dir.joinpath("public.json").read_bytes()
    for wrong in spoiled(paths[table], number, spoil):
        others = [path for name, path in paths.items() if name != table]
        said = run(settings, "agencies", "import", "--yes", *map(str, [*others, wrong]))
    assert said.exit_code == 1
    fault, last = said.stderr.strip().splitlines()
    assert fault.startswith(f"{wrong}:{number}: ")
    assert says in fault
    assert last == "Error: 1 faults; nothing was changed."
    after = (settings.data_dir / "lapor.sqlite").read_bytes(), settings.keys_dir.joinpath("public.json").read_bytes()
    assert after == before


def test_the_nation_is_imported_and_found_again(
    land: tuple[Settings, dict[str, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, paths = land
    # Keys are really made; the disk is not waited for each time.
    monkeypatch.setattr(private_files.os, "fsync", lambda _: None)
    said = imported(settings, *paths.values())
    assert f"{INSTANCES * len(Purpose)} keys made" in said.stdout
    assert f"officers: {OFFICERS} added" in said.stdout
    assert len(said.stdout.splitlines()) < 50
    store = open_store(settings)
    directory = read_directory(store, settings).directory
    assert len(directory.instances()) == INSTANCES
    assert len(read_officers(store, settings, directory)) == OFFICERS
    assert directory.instance_of_district("12.01.01").code == "kab-039"
    assert KeyDirectory(settings.keys_dir).missing(Purpose, [i.code for i in directory.instances()]) == []
    body = store.read_register("officers").body
    assert len(body) < paths["officers"].stat().st_size / 4


def test_long_work_shows_how_far_it_is(land: tuple[Settings, dict[str, Path]]) -> None:
    """At a real terminal, since a bar shows nowhere else."""
    settings, paths = land
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "functions.cli", "agencies", "check", *map(str, paths.values())]
    environ = {**os.environ, "DATA_DIR": str(settings.data_dir), "COLUMNS": "100", "TERM": "xterm"}
    child = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # the terminal is gone with the child
        while piece := os.read(ours, 65536):
            shown += piece
    os.close(ours)
    assert child.wait() == 0, shown
    steps = [part for part in shown.decode().split("\r") if part.startswith(("checking", "\x1b[?25lchecking"))]
    assert any("100%" in step for step in steps)
    assert len({step.partition("%")[0][-3:] for step in steps}) > 5

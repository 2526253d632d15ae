"""Whole governments at a terminal: added from a folder, refused with what to do, and retired without a receipt lost."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from functions.actions.common.erase import Retain
from functions.casework.sealed_identity import Identity, withdrawn
from functions.cli.main import cli
from functions.config.settings import DEMO, Settings, load_settings
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.intake.main import create_app as create_intake
from functions.local.setup import prepare_store
from functions.storage.blobs.choose import open_blobs
from functions.storage.choose_store import open_store
from functions.storage.registers.directory import read_directory
from functions.storage.registers.looks import read_look
from functions.thread.main import create_app as create_thread

SAMARINDA = DEMO / "instances" / "samarinda"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ready") / "data"
    prepare_store(load_settings({"DATA_DIR": str(folder)}))
    return folder


@pytest.fixture
def settings(made: Path, tmp_path: Path) -> Settings:
    shutil.copytree(made, tmp_path / "data")
    return load_settings({"DATA_DIR": str(tmp_path / "data")})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SAMARINDA, tmp_path / "samarinda")
    return tmp_path / "samarinda"


def run(settings: Settings, *arguments: str) -> Result:
    environ = {"DATA_DIR": str(settings.data_dir), "PORT": "9"}  # nothing answers there
    result = CliRunner().invoke(cli, ("instances", *arguments), env=environ)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def add(settings: Settings, folder: Path) -> Result:
    result = run(settings, "add", "--yes", "--no-portal", str(folder))
    assert result.exit_code == 0, result.output
    return result


def test_one_command_adds_a_government_with_keys_a_look_and_a_page_for_the_counter(
    settings: Settings, folder: Path
) -> None:
    checked = run(settings, "check", str(folder))
    assert (checked.exit_code, "samarinda: can be added" in checked.output) == (0, True)
    assert [each.code for each in read_directory(open_store(settings), settings).directory.instances()] == ["kutim"]
    said = add(settings, folder).output
    assert "5 keys made" in said
    assert "instances invite" in said, "nothing runs that could mail links: it says what to do"
    store = open_store(settings)
    directory = read_directory(store, settings).directory
    assert [each.code for each in directory.instances()] == ["kutim", "samarinda"]
    keys = KeyDirectory(settings.keys_dir).public().current
    assert {purpose for purpose, code in keys if code == "samarinda"} == set(Purpose)
    look = read_look(store, "samarinda")
    assert look
    assert (look.name, look.colour) == ("Kota Samarinda", "#7a1f5c")
    sheet = (folder / "loket.html").read_text()
    assert "127.0.0.1:9/samarinda/" in sheet
    assert "<svg" in sheet
    (folder / "loket.html").unlink()
    (folder / "villages.csv").unlink()
    again = add(settings, folder).output
    assert "no changes" in again
    assert "note: villages.csv is missing" not in again, "what it does not bring stays"
    assert "samarinda            64.72  10 districts" in run(settings, "list").output


WRONG = [
    ("agencies.csv", ",samarinda-inspektorat,\n", ",,\n", "inspectorate must be one of its own units"),
    ("officers.csv", "samarinda-setda,custodian", "samarinda-setda,officer", "has no two custodians of different"),
    ("officers.csv", "samarinda-inspektorat,inspector", "samarinda-inspektorat,clerk", "has no officer; name an"),
    ("agencies.csv", "opd,samarinda,", "opd,kutim,", "parent kutim is not of samarinda; this folder is of one alone"),
    ("agencies.csv", "instance,kota", "unit,opd", "has 0 rows of kind instance; it must have exactly one"),
    ("districts.csv", "64.72.01", "64.08.01", "lies outside the region 64.72 of samarinda; remove it"),
    ("villages.csv", "64.72.01.1001", "64.72.99.1001", "district 64.72.99 is unknown; add that district"),
    ("officers.csv", ",samarinda-dinkes,", ",samarinda-dinas,", "is not in agencies.csv; add it there"),
    ("portal.toml", '"Kota Samarinda"', '"' + "S" * 120 + '"', "name has 120 signs; write at most 60"),
    ("portal.toml", "#7a1f5c", "#ffee00", "choose a darker one"),
    ("portal.toml", "lambang.svg", "logo.svg", "put the mark beside this file, as SVG"),
    ("lambang.svg", "</svg>", "<script>x()</script></svg>", "the mark has <script>"),
    ("portal.toml", "name = ", 'host = "127.0.0.1"\nname = ', "is no name of a host"),
    ("districts.csv", None, None, "districts.csv is missing or empty; it lists its districts"),
]


@pytest.mark.parametrize(("file", "old", "new", "told"), WRONG)
def test_what_is_wrong_is_refused_with_what_to_do_and_nothing_is_changed(
    made: Path, folder: Path, file: str, old: str | None, new: str, told: str
) -> None:
    settings, path = load_settings({"DATA_DIR": str(made)}), folder / file
    if old is None:
        path.unlink()
    else:
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1) if old != "opd,samarinda," else text.replace(old, new))
    for command in (("check",), ("add", "--yes", "--no-portal")):
        result = run(settings, *command, str(folder))
        assert result.exit_code == 1
        assert told in result.output, result.output
        assert "nothing was changed" in result.output
    assert not open_store(settings).register_version("directory")


def told_of(made: Path, folder: Path, **more: str) -> str:
    """What ``check`` says where the whole portal has an address on the Internet."""
    environ = {"DATA_DIR": str(made), "PUBLIC_URL": "https://lapor.example.id", **more}
    return CliRunner().invoke(cli, ("instances", "check", str(folder)), env=environ).output


def test_nobody_takes_the_host_of_the_whole_portal(made: Path, folder: Path) -> None:
    with (folder / "portal.toml").open("a") as look:
        look.write('\nhost = "lapor.example.id"\n')
    assert "host lapor.example.id is the address of the whole portal; give samarinda one of its own" in told_of(
        made, folder
    )
    (folder / "portal.toml").write_text('host = "lapor.samarinda.example.id"\n')
    assert "samarinda: can be added" in told_of(made, folder)


@pytest.mark.parametrize(
    ("served", "address"),
    [
        ("", "lapor.samarinda.example.id/"),  # one machine: the portal's folder says
        ("off", "127.0.0.1:9/samarinda/"),
        ("kutim=lapor.kutim.example.id", "127.0.0.1:9/samarinda/"),
        ("samarinda=lapor.lain.example.id", "127.0.0.1:9/samarinda/"),
        ("samarinda=lapor.samarinda.example.id", "lapor.samarinda.example.id/"),
    ],
)
def test_a_counters_page_names_a_host_that_the_edge_serves(
    settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch, served: str, address: str
) -> None:
    with (folder / "portal.toml").open("a") as look:
        look.write('\nhost = "lapor.samarinda.example.id"\n')
    monkeypatch.setenv("PORTAL_HOSTS", served)
    said = add(settings, folder).output
    assert f"//{address}" in said
    assert f">{address}<" in (folder / "loket.html").read_text()
    assert ("does not serve lapor.samarinda.example.id yet" in said) is address.startswith("127")


def test_a_host_that_only_contains_the_address_is_not_taken_for_it(
    settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (folder / "portal.toml").open("a") as look:
        look.write('\nhost = "samarinda.example.id"\n')
    monkeypatch.setenv("PORTAL_HOSTS", "off")
    monkeypatch.setenv("PUBLIC_URL", "https://lapor.samarinda.example.id")
    assert "does not serve samarinda.example.id yet" in add(settings, folder).output


def test_who_leaves_a_host_is_told_what_ends_there(settings: Settings, folder: Path) -> None:
    look = folder / "portal.toml"
    bare = look.read_text()
    told = "note: samarinda leaves lapor.samarinda.example.id: codes that were printed there lead nowhere"
    look.write_text(f'{bare}\nhost = "lapor.samarinda.example.id"\n')
    assert [told in add(settings, folder).output for _ in range(2)] == [False, False]
    look.write_text(f'{bare}\nhost = "lapor.lain.example.id"\n')
    assert told in run(settings, "check", str(folder)).output
    look.write_text(bare)
    assert told in add(settings, folder).output


CODES = [
    ("samarinda", "lapor", "its portal would stand where a page of all portals stands; give it another code"),
    ("samarinda", "kutim", "this code is that of Pemerintah Kabupaten Kutai Timur (64.08); choose another"),
    ("samarinda-dishub", "kutim-dishub", "this code appears twice in agencies"),
    ("Pemerintah Kota Samarinda", "Pemerintah Kota Bontang", "64.72 is Kota Samarinda; is that the government called"),
]


@pytest.mark.parametrize(("old", "new", "told"), CODES)
def test_a_code_is_one_governments_and_no_pages(made: Path, folder: Path, old: str, new: str, told: str) -> None:
    for path in (folder / "agencies.csv", folder / "officers.csv"):
        path.write_text(path.read_text().replace(old, new))
    assert told in run(load_settings({"DATA_DIR": str(made)}), "check", str(folder)).output


def test_a_retired_one_takes_no_reports_and_its_receipts_work_until_the_last_case_is_gone(
    settings: Settings, folder: Path
) -> None:
    add(settings, folder)
    client, thread = create_intake(settings).test_client(), create_thread(settings).test_client()
    fields = {
        "kind": "pengaduan",
        "topic": "jalan",
        "district": "64.72.03",
        "body": "Gelap.",
        "submission_key": "ab" * 16,
    }
    sent = client.post("/api/reports", json=fields)
    assert sent.status_code == 201
    assert "takes no new reports; 1 cases remain" in run(settings, "retire", "--yes", "--no-portal", "samarinda").output
    late = create_intake(settings).test_client().post("/api/reports", json=fields | {"submission_key": "cd" * 16})
    assert (late.status_code, late.json["errors"][0]["field"]) == (422, "district")
    assert (
        create_thread(settings)
        .test_client()
        .post("/api/thread", json={"receipt": sent.json["receipt"]})
        .json["messages"]
    )
    refused = run(settings, "retire", "--yes", "--no-portal", "samarinda")
    assert refused.exit_code == 1
    assert "still has 1 cases, 1 of them open; it takes no new ones" in refused.output
    said = thread.post("/api/thread/withdraw", json={"receipt": sent.json["receipt"], "reason": "Sudah."})
    assert said.status_code == 200
    store = open_store(settings)
    directory = read_directory(store, settings).directory
    retain = Retain(store, open_blobs(settings), directory, lambda: settings.today() + timedelta(days=800), 730)
    retain()
    named = Identity("QNF1-JPBZ-XQEX", "samarinda", "ab" * 4, b"receipt", b"custody", b"name")  # the case is elsewhere
    store.write_identity(named)
    refused = run(settings, "retire", "--yes", "--no-portal", "samarinda")
    assert "keeps 1 names of cases that are with other governments" in refused.output
    assert refused.exit_code == 1
    store.write_identity(withdrawn(named, settings.today()))
    gone = run(settings, "retire", "--yes", "--no-portal", "samarinda")
    assert "samarinda is gone" in gone.output, gone.output
    assert [each.code for each in read_directory(store, settings).directory.instances()] == ["kutim"]
    assert run(settings, "retire", "--yes", "samarinda").exit_code == 1

"""Agencies' own systems at a terminal, on a real store: what is listed and said, and that no key is kept in clear."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from functions.actions.courier.open311_exchange import key_context
from functions.cli.doctor_store import systems
from functions.cli.findings import Mark
from functions.cli.main import cli
from functions.config.settings import DEMO, Settings, load_directory, load_settings
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.storage.choose_store import open_store
from functions.storage.registers.linked_systems import app_peer, read_peer

KEY = "kunci-rahasia-contoh"
CODE = "kutim-dpupr"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An installation in whose directory one agency has a system of its own."""
    folder = tmp_path_factory.mktemp("systems")
    plain = (DEMO / "kutai-timur.toml").read_text()
    head, found, tail = plain.partition(f'code = "{CODE}"\n')
    assert found
    file = folder / "directory.toml"
    file.write_text(f'{head}{found}channel = "open311:https://dinas.example.id/open311/v2"\n{tail}')
    environ = {"DATA_DIR": str(folder / "data"), "DIRECTORY_FILE": str(file)}
    made = load_settings(environ)
    assert run(made, "init").exit_code == 0
    return made


def run(settings: Settings, *arguments: str, answer: str | None = None) -> Result:
    environ = {"DATA_DIR": str(settings.data_dir), "DIRECTORY_FILE": str(settings.directory_file)}
    result = CliRunner().invoke(cli, arguments, input=answer, env=environ)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_doctor_tells_of_a_system_without_a_key(settings: Settings) -> None:
    (finding,) = systems(open_store(settings), load_directory(settings.directory_file))
    assert finding.mark is Mark.LOOK
    assert f"systems set {CODE}" in finding.text


def test_a_system_is_listed_and_its_key_is_sealed_to_the_courier_alone(settings: Settings, tmp_path: Path) -> None:
    assert "no key" in run(settings, "systems", "list").output
    codes = tmp_path / "codes.csv"
    codes.write_text("topic,service_code\nlampu-jalan,L-07\n")
    done = run(settings, "systems", "set", CODE, "--jurisdiction", "j1", "--services", str(codes), answer=f"{KEY}\n")
    assert done.exit_code == 0, done.output
    assert KEY not in done.output
    listed = run(settings, "systems", "list").output
    assert "https://dinas.example.id/open311/v2" in listed
    assert "key known; 0 there" in listed
    peer = read_peer(open_store(settings), CODE)
    assert peer is not None
    assert (peer.jurisdiction, dict(peer.services)) == ("j1", {"lampu-jalan": "L-07"})
    assert systems(open_store(settings), load_directory(settings.directory_file))[0].mark is not Mark.LOOK
    courier = KeyDirectory(settings.keys_dir).private(Purpose.COURIER)
    assert courier.open("kutim", key_context(CODE), peer.sealed_key).decode() == KEY
    assert KEY.encode() not in (settings.data_dir / "lapor.sqlite").read_bytes()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("topik,kode\n", ":1: the columns are topic,service_code"),
        ("topic,service_code\nlampu-jalan,1\nbukan-topik,2\n", ":3: 'bukan-topik' is no topic"),
        ("topic,service_code\nlampu-jalan,\n", ":2:"),
    ],
)
def test_a_wrong_line_of_codes_is_named(settings: Settings, tmp_path: Path, content: str, says: str) -> None:
    codes = tmp_path / "codes.csv"
    codes.write_text(content)
    done = run(settings, "systems", "set", CODE, "--services", str(codes), answer=f"{KEY}\n")
    assert done.exit_code == 1
    assert says in done.output


def test_an_agency_without_a_system_and_an_empty_key_are_refused(settings: Settings) -> None:
    assert "no agency with a channel" in run(settings, "systems", "set", "kutim", answer=f"{KEY}\n").output
    assert "no agency with a channel" in run(settings, "systems", "set", "x", answer=f"{KEY}\n").output
    assert "1 to 500 characters" in run(settings, "systems", "set", CODE, answer=" \n").output


def test_an_app_is_told_of_answers_and_a_system_answers_by_a_key_of_its_own(settings: Settings) -> None:
    refused = run(settings, "apps", "add", "sistem", "--name", "Sistem", "--agency", "kutim")
    assert "no agency with a channel" in refused.output
    assert run(settings, "apps", "add", "sistem", "--name", "Sistem", "--agency", CODE).exit_code == 0
    told = ("apps", "updates", "sistem", "--instance", "kutim", "--url")
    assert run(settings, *told, "https://app.example.id/v2", answer=f"{KEY}\n").exit_code == 0
    peer = read_peer(open_store(settings), app_peer("sistem", "kutim"))
    assert peer is not None
    assert peer.url == "https://app.example.id/v2"
    for wrong in (
        (*told, "ftp://app.example.id"),
        ("apps", "updates", "siapa", "--instance", "kutim", "--url", "https://a.example.id"),
        ("apps", "updates", "sistem", "--instance", "mana", "--url", "https://a.example.id"),
    ):
        assert run(settings, *wrong, answer=f"{KEY}\n").exit_code == 1

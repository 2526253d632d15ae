"""What `make run` and `make serve` refuse to start with, and what they never make anew without a word."""

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from functions.actions.ops.rotate import Rotate, rewrap_here
from functions.config.settings import load_settings
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.local import serve, setup, wsgi
from functions.storage.choose_store import open_store
from tests.server import Client, running
from tests.whole.started import WORDS, current_file, key_files, refused, refused_here, report, sentence

PASSPHRASE = "kuda-besi baterai peniti"


def test_wrong_settings_are_told_one_a_line_and_nothing_is_made(tmp_path: Path) -> None:
    lines = refused(tmp_path / "data", STORE="lemari", MAIL="merpati", LINK_DAYS="selamanya")
    assert len(lines) == 3
    for name in ("STORE", "MAIL", "LINK_DAYS"):
        assert [line for line in lines if line.startswith(f"setting   {name}: ")], lines
    assert not (tmp_path / "data").exists()


def test_settings_that_do_not_go_together_are_told(tmp_path: Path) -> None:
    lines = refused(tmp_path / "data", PUBLIC_URL="http://lapor.example.id")
    assert len(lines) == 1
    assert lines[0].startswith("setting   PUBLIC_URL: ")


def test_a_directory_that_is_not_there_is_told(tmp_path: Path) -> None:
    (line,) = refused(tmp_path / "data", DIRECTORY_FILE="/nirgends/kabupaten.toml")
    assert "/nirgends/kabupaten.toml" in line


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "DATA_DIR" in sentence(refused(tmp_path / "file" / "data"))
    (line,) = refused(tmp_path / "file")
    assert line.startswith("setting   DATA_DIR: ")


def test_a_port_that_is_taken_is_told_with_another(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"Port {port} is taken" in sentence(refused(folder, PORT=str(port)))


def test_a_store_of_a_newer_release_is_told(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "lapor.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert "newer release" in sentence(refused(folder))


def test_serve_does_not_start_without_a_way_to_send_mail(tmp_path: Path) -> None:
    for environ in ({}, {"MAIL": "dev"}):
        (line,) = refused(tmp_path / "data", "serve", **environ)
        assert line.startswith("setting   MAIL: ")
        assert "MAIL=smtp" in line
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(("host", "said"), [("", "mail      SMTP_HOST is not set: "), ("localhost", "")])
def test_serve_says_where_mail_goes_if_nobody_named_a_server(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], host: str, said: str
) -> None:
    monkeypatch.setattr(serve, "run", lambda settings, *, dev: 0)
    for name, value in {"MAIL": "smtp", "SMTP_HOST": host, "DATA_DIR": str(folder), "LAPOR_SETTINGS": ""}.items():
        monkeypatch.setenv(name, value)
    assert serve.main(["serve"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.startswith(said) for line in lines] == ([True] if said else [])


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_current_key_that_is_gone_is_never_made_anew_without_a_word(folder: Path, purpose: Purpose) -> None:
    """The desk could not read one earlier report any more, and nobody would know why."""
    current_file(folder, purpose).unlink()
    before = key_files(folder)
    said = refused_here(folder)
    assert f"The current {purpose} key of kutim is gone" in said
    assert f"keys rotate --purpose {purpose} --instance kutim" in said
    assert key_files(folder) == before


@pytest.mark.long
def test_what_the_refusal_advises_lets_it_start_again(folder: Path) -> None:
    current_file(folder, Purpose.DESK).unlink()
    settings = load_settings({"DATA_DIR": str(folder)})
    keys = KeyDirectory(settings.keys_dir)
    rewrap = rewrap_here(open_store(settings), keys, settings.today, lambda _: None)
    Rotate(keys, rewrap, lambda: None)(Purpose.DESK, "kutim")
    setup.prepare(settings)
    assert (settings.portal_dir / "keys.json").exists()


def test_public_keys_that_are_gone_are_not_made_anew(folder: Path) -> None:
    (folder / "keys" / "public.json").unlink()
    before = key_files(folder)
    assert "public.json is gone" in sentence(refused(folder))
    assert key_files(folder) == before


def test_public_keys_that_are_damaged_are_told(folder: Path) -> None:
    (folder / "keys" / "public.json").write_text("{")
    assert "public.json is damaged" in refused(folder)[0]


@pytest.mark.long
def test_a_first_start_that_was_cut_short_is_simply_repeated(tmp_path: Path) -> None:
    """Killed between a private key and its public half, or with half a key in hand."""
    settings = load_settings({"DATA_DIR": str(tmp_path / "data")})
    keys = KeyDirectory(settings.keys_dir)
    orphan = keys.generate(Purpose.DESK, "kutim")
    keys.public_file.unlink()
    (keys.root / "desk" / "kutim" / "half.new").write_bytes(b"x")
    setup.prepare(settings)
    assert keys.missing(Purpose, ["kutim"]) == []
    assert keys.public().current_id(Purpose.DESK, "kutim") != orphan


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("mode", [0o644, 0o640])
def test_a_key_others_can_read_is_refused_with_the_way_out(folder: Path, purpose: Purpose, mode: int) -> None:
    path = current_file(folder, purpose)
    path.chmod(mode)
    said = refused_here(folder)
    assert f"{path} can be read by others: run `chmod 600 {path}`" in said


def test_a_key_others_can_read_stops_the_process_as_well(folder: Path) -> None:
    path = current_file(folder, Purpose.DESK)
    path.chmod(0o640)
    assert f"run `chmod 600 {path}`" in sentence(refused(folder))


def test_the_process_of_the_doors_never_opens_a_key_of_the_courier(folder: Path) -> None:
    """Nonsense in its place, of the right name and mode, is not noticed here (the courier would refuse it)."""
    for purpose in (Purpose.COURIER, Purpose.LINKS):
        current_file(folder, purpose).write_bytes(b"x" * 96)
    settings = load_settings({"DATA_DIR": str(folder)})
    setup.prepare(settings)
    wsgi.application(settings, dev=False)


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder whose first start had a passphrase, and the report it took."""
    folder = tmp_path_factory.mktemp("locked") / "data"
    with running(folder, KEY_PASSPHRASE=PASSPHRASE) as product:
        client = Client(product.url)
        sent = report(product.url)
        yield folder, sent | {"token": client.token()}


@pytest.mark.long
def test_with_a_passphrase_no_key_lies_in_clear(locked: tuple[Path, dict[str, str]]) -> None:
    folder, _ = locked
    files = [path for path in (folder / "keys").glob("*/*/*") if path.is_file()]
    assert len(files) == len(Purpose)
    for path in files:
        assert len(path.read_bytes()) not in (32, 96)
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.long
def test_with_the_passphrase_it_starts_again_on_the_same_keys(locked: tuple[Path, dict[str, str]]) -> None:
    folder, sent = locked
    before = key_files(folder)
    with running(folder, KEY_PASSPHRASE=PASSPHRASE) as product:
        assert "keys      there" in product.lines
        client = Client(product.url)
        client.csrf = client.post("/desk/session", {"token": sent["token"]})["csrf"]
        case = client.get(f"/desk/cases/{sent['tracking_id']}")
        assert case["messages"][0]["body"] == WORDS
        assert PASSPHRASE not in "".join(product.lines)
    assert key_files(folder) == before


@pytest.mark.parametrize("passphrase", ["", "kuda-besi"])
def test_without_the_right_passphrase_it_does_not_start(locked: tuple[Path, dict[str, str]], passphrase: str) -> None:
    said = sentence(refused(locked[0], KEY_PASSPHRASE=passphrase))
    assert "KEY_PASSPHRASE" in said
    assert PASSPHRASE not in said

"""Apps at a terminal, on a real folder."""

from dataclasses import replace
from pathlib import Path

import pytest

from functions.casework.directory.agencies import FormerName
from functions.casework.directory.registers import DIRECTORY_REGISTER, encode_directory
from functions.config.settings import DEMO, Settings, load_directory, load_settings
from functions.local.setup import make_keys
from functions.storage.choose_store import open_store
from functions.storage.interface import Register
from functions.storage.registers.apps import read_apps
from functions.storage.registers.linked_systems import Peer, app_peer, read_peer, write_peer
from tests.cli.test_main import refused, run


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = load_settings({"DATA_DIR": str(tmp_path)})
    open_store(made).prepare()
    return made


def test_an_app_is_admitted_listed_and_revoked_and_its_key_shown_once(settings: Settings) -> None:
    assert run(settings, "apps", "list").stdout == "no apps; `apps add` admits one\n"
    added = run(settings, "apps", "add", "warga", "--name", "Warga Peduli, 0812")
    assert added.exit_code == 0
    key = added.stdout.strip().rpartition(" ")[2]
    assert key.startswith("warga.")
    assert len(key) > 45
    assert run(settings, "apps", "list").stdout.split() == ["warga", "in", "use", "Warga", "Peduli,", "0812"]
    assert key.partition(".")[2] not in repr(read_apps(open_store(settings)))
    assert run(settings, "apps", "revoke", "warga").stdout == "the key of warga is void\n"
    assert "revoked" in run(settings, "apps", "list").stdout
    other = run(settings, "apps", "add", "lain", "--name", "Lain").stdout.strip().rpartition(" ")[2]
    assert other.partition(".")[2] != key.partition(".")[2]
    assert read_apps(open_store(settings)).version == 3


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "Warga", "--name", "x"), "small letters"),
        (("add", "a.b", "--name", "x"), "small letters"),
        (("add", "warga", "--name", " "), "--name"),
        (("add", "warga", "--name", "x" * 101), "--name"),
        (("add", "warga", "--name", "a\nb"), "--name"),
        (("revoke", "warga"), "no such app"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(settings: Settings, arguments: tuple[str, ...], says: str) -> None:
    assert says in refused(run(settings, "apps", *arguments))
    assert read_apps(open_store(settings)).version == 0


def test_an_ident_is_never_used_again(settings: Settings) -> None:
    run(settings, "apps", "add", "warga", "--name", "Warga")
    run(settings, "apps", "revoke", "warga")
    assert "taken" in refused(run(settings, "apps", "add", "warga", "--name", "Warga"))
    assert "already" in refused(run(settings, "apps", "revoke", "warga"))


def test_who_lost_its_key_is_told_of_no_answer_any_more(settings: Settings) -> None:
    """Officers' words to reporters had gone on to it, and no command ended that."""
    store, name = open_store(settings), app_peer("warga", "kutim")
    make_keys(settings, load_directory(DEMO / "kutai-timur.toml"))
    run(settings, "apps", "add", "warga", "--name", "Warga")
    wish = ("apps", "updates", "warga", "--instance", "kutim", "--url", "https://warga.example.id", "--key", "kunci")
    assert run(settings, *wish).exit_code == 0
    assert read_peer(store, name)
    said = run(settings, "apps", "revoke", "warga").stdout
    assert read_peer(store, name) is None
    assert said.startswith("warga is told of no answers of kutim any more")
    assert run(settings, *wish).exit_code == 0, "where it is still to be told, ops say so"
    assert read_peer(store, name)
    assert "already" in refused(run(settings, "apps", "revoke", "warga"))
    assert read_peer(store, name) is None, "an app that an older release revoked"


def test_a_register_of_another_release_is_told_of(settings: Settings) -> None:
    open_store(settings).write_registers([Register("apps", 1, b"x")])
    assert "cannot be read by this release" in refused(run(settings, "apps", "list"))


def test_nor_of_one_of_a_government_that_is_gone(settings: Settings) -> None:
    """Its cases went to others. What officers answer there still passes by the name of the first."""
    store, known, name = open_store(settings), load_directory(DEMO / "kutai-timur.toml"), app_peer("warga", "samarinda")
    former = (FormerName("samarinda", "Pemerintah Kota Samarinda", "2026-01-01", ""),)
    store.write_registers([Register(DIRECTORY_REGISTER, 1, encode_directory(replace(known, former=former), ()))])
    run(settings, "apps", "add", "warga", "--name", "Warga")
    write_peer(store, name, Peer(b"kunci", "samarinda", "https://warga.example.id"))
    assert "told of no answers of samarinda" in run(settings, "apps", "revoke", "warga").stdout
    assert read_peer(store, name) is None

"""Apps at a terminal, on a real folder."""

from pathlib import Path

import pytest

from functions.config.settings import Settings, load_settings
from functions.storage.choose_store import open_store
from functions.storage.interface import Register
from functions.storage.registers.apps import read_apps
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


def test_a_register_of_another_release_is_told_of(settings: Settings) -> None:
    open_store(settings).write_registers([Register("apps", 1, b"x")])
    assert "cannot be read by this release" in refused(run(settings, "apps", "list"))

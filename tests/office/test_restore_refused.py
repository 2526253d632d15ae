"""An archive that somebody else may have made is not restored in silence: its keys would open the next reports."""

import gc
import shutil
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from functions.cli import archive as sealing
from functions.cli.main import cli
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from tests.cli.old_archive import OldWriter
from tests.office.test_backup import PASSPHRASE, members, packed
from tests.world import World

RED = "\x1b[31m"


@pytest.fixture(autouse=True)
def _keys_are_stretched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """And with a 128th of the work: whom an archive is refused is no matter of how long a guess takes."""
    monkeypatch.setattr(sealing, "WORK", 10)
    monkeypatch.setattr(sealing, "_stretched", cache(sealing._stretched))


def run(folder: Path, *arguments: object, typed: str = "", **environ: str) -> Result:
    env = {"DATA_DIR": str(folder), "BACKUP_PASSPHRASE": PASSPHRASE, **environ}
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], env=env, input=typed, color=True)


def current(folder: Path) -> dict[tuple[Purpose, str], str]:
    return dict(KeyDirectory(folder / "keys").public().current)


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """The folder of an office as it is after `mv data data.old`."""
    folder = World(tmp_path / "data").folder
    gc.collect()
    assert run(folder, "backup", tmp_path / "ours").exit_code == 0
    return Path(shutil.move(folder, tmp_path / "data.old"))


@pytest.fixture
def theirs(tmp_path: Path, ours: Path) -> dict[str, bytes]:
    """What another office's archive holds: whole, of the same instances, under keys of its own."""
    folder = World(tmp_path / "attacker" / "data").folder
    assert run(folder, "backup", tmp_path / "stolen").exit_code == 0
    return members(tmp_path / "stolen")


@pytest.mark.parametrize("made_by", [sealing.writer, OldWriter])
@pytest.mark.parametrize("passphrase", [PASSPHRASE, ""])
def test_an_archive_that_is_not_sealed_is_refused_in_red(
    tmp_path: Path, theirs: dict[str, bytes], made_by: type[OldWriter], passphrase: str
) -> None:
    planted = packed(tmp_path / "planted", theirs, passphrase="", made_by=made_by)
    said = run(tmp_path / "data", "restore", planted, BACKUP_PASSPHRASE=passphrase)
    assert said.exit_code == 1
    assert RED in said.stderr
    assert "not sealed" in said.stderr
    assert "--unsealed" in said.stderr
    assert not (tmp_path / "data").exists()


def test_whoever_asks_for_one_that_is_not_sealed_is_warned_in_red(tmp_path: Path, ours: Path) -> None:
    clear = packed(tmp_path / "clear", members(tmp_path / "ours"), passphrase="")
    said = run(tmp_path / "data", "restore", clear, "--unsealed")
    assert (said.exit_code, RED in said.stderr) == (0, True), said.output
    assert "nothing proves who made it" in said.stderr
    assert current(tmp_path / "data") == current(ours)


@pytest.mark.parametrize("typed", ["", "n\n"])
def test_keys_of_another_office_are_shown_and_asked_about(tmp_path: Path, theirs: dict[str, bytes], typed: str) -> None:
    """Sealed with our passphrase, which two offices may share or somebody may know."""
    planted = packed(tmp_path / "planted", theirs)
    said = run(tmp_path / "data", "restore", planted, typed=typed)
    assert said.exit_code == 1
    assert RED in said.stderr
    for purpose in Purpose:
        assert f"The archive's {purpose} key of kutim" in said.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["attacker", "data.old", "ours", "planted", "stolen"]


def test_one_key_in_anothers_name_is_enough_to_be_asked(tmp_path: Path, ours: Path) -> None:
    shutil.copytree(ours, tmp_path / "turned")
    KeyDirectory(tmp_path / "turned" / "keys").generate(Purpose.DESK, "kutim")
    assert run(tmp_path / "turned", "backup", tmp_path / "later").exit_code == 0
    said = run(tmp_path / "data", "restore", tmp_path / "later")
    assert said.exit_code == 1
    assert "desk key of kutim" in said.stderr
    assert "links key" not in said.stderr
    assert not (tmp_path / "data").exists()
    agreed = run(tmp_path / "data", "restore", tmp_path / "later", typed="y\n")
    assert agreed.exit_code == 0
    assert current(tmp_path / "data") == current(tmp_path / "turned")


def test_it_may_be_answered_beforehand(tmp_path: Path, theirs: dict[str, bytes]) -> None:
    said = run(tmp_path / "data", "restore", packed(tmp_path / "planted", theirs), "--another-office")
    assert said.exit_code == 0
    assert RED in said.stderr


def test_the_keys_to_compare_may_be_kept_apart(tmp_path: Path, ours: Path, theirs: dict[str, bytes]) -> None:
    kept = tmp_path / "public.json"
    shutil.copyfile(ours / "keys" / "public.json", kept)
    shutil.rmtree(ours)
    planted = packed(tmp_path / "planted", theirs)
    assert run(tmp_path / "data", "restore", planted, "--public-keys", kept).exit_code == 1
    assert run(tmp_path / "data", "restore", tmp_path / "ours", "--public-keys", kept).exit_code == 0


@pytest.mark.parametrize("unsealed", [False, True])
def test_an_archive_cut_in_half_writes_nothing(tmp_path: Path, ours: Path, unsealed: bool) -> None:
    whole = members(tmp_path / "ours")
    path = packed(tmp_path / "half", whole, passphrase="" if unsealed else PASSPHRASE)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    said = run(tmp_path / "data", "restore", path, *["--unsealed"] * unsealed)
    assert said.exit_code == 1
    assert "cut short" in said.stderr
    assert not (tmp_path / "data").exists()


def test_one_sealed_with_another_passphrase_writes_nothing(tmp_path: Path, theirs: dict[str, bytes]) -> None:
    planted = packed(tmp_path / "planted", theirs, passphrase="sandi-orang-lain-di-luar")
    for asked in ([], ["--unsealed"]):
        said = run(tmp_path / "data", "restore", planted, *asked)
        assert said.exit_code == 1
        assert "BACKUP_PASSPHRASE is not the one" in said.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("place", ["old/keys", "old/data/keys", "keys"])
def test_keys_are_compared_with_those_that_the_handbook_has_moved(
    tmp_path: Path, ours: Path, theirs: dict[str, bytes], place: str
) -> None:
    """``mv data keys old/``, of an office whose processes have users of their own, and of another; or not moved yet."""
    (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    shutil.move(ours / "keys", tmp_path / place)
    shutil.rmtree(ours)
    users = "yes" if place == "keys" else "no"
    said = run(tmp_path / "data", "restore", packed(tmp_path / "planted", theirs), typed="n\n", DOOR_USERS=users)
    assert said.exit_code == 1
    assert "desk key of kutim" in said.stderr
    assert not (tmp_path / "data").exists()

"""What `doctor` says of the walls between processes, each taken away once. The walls themselves: tests/office."""

import grp
import os
import pwd
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from functions.cli import doctor_walls
from functions.cli.doctor_walls import (
    Running,
    backups,
    find_processes,
    key_owners,
    one_user,
    processes,
    secrets,
    tracing,
    walls,
)
from functions.cli.findings import Mark
from functions.config.settings import Settings
from functions.crypto.seal.public_keys import Purpose
from functions.local import owners
from functions.local.processes import PROCESSES, owner_of, user_of

ME = pwd.getpwuid(os.getuid())
ALL = [Running(name, user_of(name), core=False, swapped=0) for name in PROCESSES]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An office whose users are all this one: what is tried is modes."""
    monkeypatch.setattr(doctor_walls.pwd, "getpwnam", lambda _: ME)
    settings = Settings(tmp_path / "data", door_users=True, officers_file=tmp_path / "officers.toml")
    settings.data_dir.mkdir()
    for place in ("desk/kutim/1", "identity/kutim/2", "waiting", "public.json"):
        path = settings.keys_dir / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    for path in settings.keys_dir.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    (settings.keys_dir / "public.json").chmod(0o644)
    return settings


def test_every_purpose_has_one_process_that_loads_it() -> None:
    loading = [purpose for process in PROCESSES.values() for purpose in process.purposes]
    assert sorted(loading) == sorted(Purpose)
    assert (owner_of(Purpose.DESK), owner_of(Purpose.LINKS)) == ("desk", "courier")


def test_keys_that_another_can_read_are_named_and_public_ones_are_not(office: Settings) -> None:
    assert key_owners(office).mark is Mark.FINE
    loose = office.keys_dir / "desk" / "kutim" / "1"
    loose.chmod(0o640)
    said = key_owners(office)
    assert said.is_wrong
    assert str(loose) in said.text
    assert "init` as root" in said.text
    loose.chmod(0o600)
    (office.data_dir / "keys").mkdir()  # an office with one user, that was not taken over
    assert "data/keys" in key_owners(office).text


def test_a_secret_in_a_file_that_every_process_reads_is_named(office: Settings, tmp_path: Path) -> None:
    common, own = tmp_path / "lapor.toml", tmp_path / "keys.toml"
    common.write_text('operator = "Diskominfo"\n')
    own.write_text('key_passphrase = "kuda besi"\n')
    common.chmod(0o644)
    own.chmod(0o600)
    environ = {"LAPOR_SETTINGS": f"{common}:{own}"}
    assert secrets(office, environ).mark is Mark.FINE
    own.chmod(0o644)
    assert "keys.toml holds a secret" in secrets(office, environ).text
    own.chmod(0o600)
    office.officers_file.write_text("")
    office.officers_file.chmod(0o644)
    assert "addresses that others can read" in secrets(office, environ).text


def test_a_process_under_another_user_with_a_core_or_in_swap_is_named() -> None:
    assert [finding.mark for finding in processes(ALL)] == [Mark.FINE, Mark.FINE]
    assert [finding.mark for finding in processes([])] == [Mark.LOOK]
    for changed, said in (
        ({"user": "lapor"}, "desk as lapor; start each by its unit"),
        ({"core": True}, "desk would leave a core file"),
        ({"swapped": 4}, "part of desk is in swap"),
    ):
        found = [*processes([replace_of(each, changed) for each in ALL])]
        assert [said in finding.text for finding in found if finding.is_wrong] == [True]


def replace_of(running: Running, changed: dict[str, object]) -> Running:
    return running._replace(**changed) if running.name == "desk" else running  # type: ignore[arg-type]


def test_processes_are_found_by_what_they_run(tmp_path: Path) -> None:
    lines = {
        "1": "/opt/lapor/.venv/bin/python -m functions.local.door desk --socket /run/lapor/desk/door.sock",
        "2": "python -m functions.courier.main",
        "3": "python -m functions.local portal",
        "4": "python -m http.server",
        "5": "python -m functions.local.clock",
    }
    for number, line in lines.items():
        folder = tmp_path / number
        folder.mkdir()
        (folder / "cmdline").write_bytes(line.replace(" ", "\0").encode() + b"\0")
        (folder / "status").write_text(f"VmSwap:\t {8 if number == '2' else 0} kB\n")
        (folder / "limits").write_text(
            f"Max core file size        {'unlimited' if number == '1' else '0'}     unlimited bytes\n"
        )
    found = {each.name: each for each in find_processes(tmp_path)}
    assert set(found) == {"desk", "courier", "portal", "clock"}
    assert found["desk"] == Running("desk", ME.pw_name, core=True, swapped=0)
    assert found["courier"] == Running("courier", ME.pw_name, core=False, swapped=8)


def test_one_user_for_all_is_wrong_where_people_come_and_a_look_before(tmp_path: Path) -> None:
    alone = Settings(tmp_path)
    assert one_user(alone).mark is Mark.LOOK
    served = one_user(replace(alone, public_url="https://lapor.example.go.id"))
    assert served.is_wrong
    assert "door_users" in served.text
    assert [finding.mark for finding in walls(alone)] == [Mark.LOOK]
    assert [*walls(replace(alone, store="dynamodb"))] == []


def test_missing_users_and_a_look_without_root_are_said(office: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_walls, "missing_users", lambda: ["lapor-desk"])
    (only,) = walls(office)
    assert only.is_wrong
    assert "there is no lapor-desk" in only.text
    monkeypatch.setattr(doctor_walls, "missing_users", list)
    monkeypatch.setattr(doctor_walls.os, "geteuid", lambda: 1000)
    assert [finding.mark for finding in walls(office)] == [Mark.LOOK]


def test_tracing_among_processes_of_a_user_is_told(tmp_path: Path) -> None:
    scope = tmp_path / "ptrace_scope"
    assert tracing(scope).mark is Mark.LOOK
    scope.write_text("1\n")
    assert tracing(scope).mark is Mark.FINE


def test_init_without_the_users_or_without_root_says_what_to_do(
    office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owners.os, "geteuid", lambda: 1000)
    with pytest.raises(owners.OwnersError, match="as root"):
        owners.take_over(office)
    monkeypatch.setattr(owners.os, "geteuid", lambda: 0)
    monkeypatch.setattr(owners.pwd, "getpwall", list)
    with pytest.raises(owners.OwnersError, match="systemd-sysusers"):
        owners.take_over(office)


def test_keys_at_both_places_are_left_alone(office: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owners, "missing_users", list)
    monkeypatch.setattr(owners.os, "geteuid", lambda: 0)
    (office.data_dir / "keys").mkdir()
    with pytest.raises(owners.OwnersError, match="move the wrong ones"):
        owners.take_over(office)
    assert (office.keys_dir / "desk" / "kutim" / "1").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="gives files to other users")
def test_side_files_that_a_power_cut_left_are_roots_before_the_database_is_opened(
    office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Debian's fs.protected_regular is 2, `init` could not open it."""
    monkeypatch.setattr(owners, "missing_users", list)
    monkeypatch.setattr(owners, "STORE_GROUP", grp.getgrgid(os.getgid()).gr_name)
    files = [office.data_dir / f"lapor.sqlite{end}" for end in ("", "-wal", "-shm")]
    for path in files:
        path.touch()
        os.chown(path, 65534, 65534)
    owners.take_over(office)
    assert {path.stat().st_uid for path in files} == {0}


def test_what_a_link_leads_to_is_never_given_away(tmp_path: Path) -> None:
    """A door that was taken over may write beside what root gives to users."""
    target, folder = tmp_path / "shadow", tmp_path / "blobs"
    target.write_text("x")
    target.chmod(0o600)
    folder.mkdir()
    (folder / "link").symlink_to(target)
    os.link(target, folder / "hard")
    group = grp.getgrgid(os.getgid()).gr_gid
    owners._set_all(folder, lambda _: (os.getuid(), group), owners.SHARED)
    assert target.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o7777 == 0o2770


def test_a_night_without_a_backup_is_told(tmp_path: Path) -> None:
    folder, today = tmp_path / "backups", date(2026, 11, 30)
    assert backups(folder, today).mark is Mark.LOOK
    folder.mkdir()
    (folder / "lapor-2026-11-29.cadangan.part").touch()
    assert "there is none" in backups(folder, today).text
    (folder / "lapor-2026-11-27.cadangan").touch()
    assert "the newest is of 2026-11-27" in backups(folder, today).text
    assert backups(folder, today).is_wrong
    (folder / "lapor-2026-11-28.cadangan").touch()
    assert backups(folder, today).mark is Mark.FINE
    (tmp_path / "file").write_text("x")
    assert "is a file" in backups(tmp_path / "file", today).text


@pytest.fixture
def mine(office: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The same, with a database, sealed files and a frozen portal, whose owners are this user as well."""
    monkeypatch.setattr(owners.pwd, "getpwnam", lambda _: ME)
    monkeypatch.setattr(owners.grp, "getgrnam", lambda _: grp.getgrgid(ME.pw_gid))
    given = owners._set
    me = (ME.pw_uid, ME.pw_gid)
    monkeypatch.setattr(owners, "_set", lambda path, _, modes, here=None: given(path, me, modes, here))
    (office.data_dir / "lapor.sqlite").touch()
    (office.data_dir / "blobs").mkdir()
    office.portal_dir.mkdir(parents=True)
    return office


def test_the_first_backup_by_hand_finds_a_folder(mine: Settings) -> None:
    """Else it would be a file of that name, and the nightly one, whose folder that is, would fail from then on."""
    for _ in range(2):
        owners.part(mine)
        assert mine.backups_dir.stat().st_mode & 0o7777 == 0o700
    mine.backups_dir.rmdir()
    mine.backups_dir.write_bytes(b"the first backup, by an older release")
    owners.part(mine)
    assert mine.backups_dir.is_file()


def test_a_backup_disk_that_is_not_plugged_in_stops_no_office(mine: Settings) -> None:
    mine.backups_dir.symlink_to("/media/nowhere/backups")
    owners.part(mine)
    assert mine.backups_dir.is_symlink()


def test_the_clock_moves_nothing_that_root_freezes(mine: Settings) -> None:
    owners.part(mine)
    assert mine.portal_dir.parent.stat().st_mode & 0o7777 == 0o1775
    assert mine.portal_dir.stat().st_mode & 0o7777 == 0o755

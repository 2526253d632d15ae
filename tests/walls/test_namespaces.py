"""What mounts within a test runs in namespaces of its own, or the test fails and says in one line what is missing."""

import os
import subprocess
from pathlib import Path

import pytest

from tests import namespaces
from tests.namespaces import unshare

CHROOT = "22 1 0:21 / /proc rw - proc proc rw\n23 1 0:6 / /dev rw - devtmpfs devtmpfs rw\n"


def test_what_is_mounted_inside_is_not_seen_outside(tmp_path: Path) -> None:
    inside = ["sh", "-c", 'mount -t tmpfs tmpfs "$0" && touch "$0/file"', str(tmp_path)]
    subprocess.run([*unshare(), *inside], timeout=60, check=True)
    assert list(tmp_path.iterdir()) == []


def test_a_root_that_is_no_mount_point_fails_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "mountinfo").write_text(CHROOT)
    monkeypatch.setattr(namespaces, "MOUNTS", tmp_path / "mountinfo")
    with pytest.raises(pytest.fail.Exception) as failed:
        unshare()
    assert str(failed.value) == namespaces.NO_MOUNT
    assert "\n" not in namespaces.NO_MOUNT


@pytest.mark.parametrize(("user", "mapped"), [(0, False), (1000, True)])
def test_only_who_is_not_root_needs_users_of_their_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, user: int, *, mapped: bool
) -> None:
    (tmp_path / "mountinfo").write_text(f"{CHROOT}24 1 0:7 / / rw - ext4 /dev/sda rw\n")
    monkeypatch.setattr(namespaces, "MOUNTS", tmp_path / "mountinfo")
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert ("--map-root-user" in unshare()) is mapped

"""Give every file of an office with ``DOOR_USERS`` to the one system user who may read it.

| what | whose | mode |
|---|---|---|
| ``keys/<purpose>`` | root, group of the process that loads it; the files that process's own | 0750, files 0600 |
| ``keys/waiting`` and other secrets | root, who hands them out as credentials | 0600 |
| ``keys/public.json`` | root | 0644 |
| ``data``: the database | root, group ``lapor-store`` | 03770, files 0660 |
| ``data/blobs`` | the thread, group ``lapor-store`` | 02770, files 0660 |
| ``portal/www`` | the clock, which freezes it | 0755 |
| ``portal`` | root, group of the clock | 01775 |
| ``backups`` | root | 0700 |

Root writes below ``keys`` and reads there: in a folder of a process's own it would follow what that process puts there.
``data`` has the group's bit set, so that what SQLite writes beside the database belongs to the group as well. The clock
cannot move what root freezes in ``portal`` while it grows.
"""

import grp
import os
import pwd
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from functions.config.settings import Settings
from functions.crypto.seal.public_keys import Purpose
from functions.local.processes import PROCESSES, STORE_GROUP, owner_of, user_of


class Modes(NamedTuple):
    """Of folders and of files. ``kept``: the folders stay root's."""

    folder: int
    file: int
    kept: bool = False


PUBLIC, SHARED, OWN = Modes(0o755, 0o644), Modes(0o2770, 0o660), Modes(0o700, 0o600)
STORE = SHARED._replace(folder=0o3770)  # sticky: whoever may write there cannot put another database in its place
FROZEN = PUBLIC._replace(folder=0o1775)  # as STORE
KEYS = Modes(0o750, 0o600, kept=True)


class OwnersError(Exception):
    """The files cannot be given to their users; the message says what to do."""


def take_over(settings: Settings) -> None:
    """Move what an office with one user kept in ``data`` to where this one looks for it. Raises OwnersError, OSError.

    A restored backup has the same form. Safe to repeat, and after an interruption.
    """
    if os.geteuid() != 0:
        raise OwnersError("DOOR_USERS: only root gives files to other users; run `init` as root.")
    missing = missing_users()
    if missing:
        raise OwnersError(
            f"DOOR_USERS: there is no {', '.join(missing)}; run `systemd-sysusers` with infra/office/lapor.sysusers."
        )
    settings.data_dir.parent.mkdir(parents=True, exist_ok=True, mode=PUBLIC.folder)
    settings.data_dir.parent.chmod(PUBLIC.folder)
    _give_database(settings)  # what a power cut left of others root may not open
    before = settings.data_dir / "keys"
    if before.exists():
        if settings.keys_dir.exists():
            raise OwnersError(f"There are keys in {before} and in {settings.keys_dir}; move the wrong ones elsewhere.")
        before.rename(settings.keys_dir)
    if settings.keys_dir.exists():
        _give_keys(settings.keys_dir)  # before root looks into any folder of theirs
    shutil.rmtree(settings.data_dir / "portal", ignore_errors=True)  # it is frozen anew


def missing_users() -> list[str]:
    """Return the users and groups that this machine does not have."""
    users = {entry.pw_name for entry in pwd.getpwall()}
    groups = {entry.gr_name for entry in grp.getgrall()}
    wanted = [user_of(name) for name in PROCESSES]
    return [name for name in wanted if name not in users] + [name for name in [STORE_GROUP] if name not in groups]


def part(settings: Settings) -> None:
    """Give every file to its user. As root, and safe to repeat. Raises OSError, KeyError if a user is missing."""
    store = grp.getgrnam(STORE_GROUP).gr_gid
    _give_database(settings)
    _set(settings.data_dir, (0, store), STORE)
    doors = frozenset(pwd.getpwnam(user_of(name)).pw_uid for name in PROCESSES)
    first = pwd.getpwnam(user_of("thread")).pw_uid
    # What another process than the thread wrote stays that process's.
    _set_all(settings.data_dir / "blobs", lambda owner: (owner if owner in doors else first, store), SHARED)
    _give_keys(settings.keys_dir)
    settings.portal_dir.parent.mkdir(exist_ok=True, mode=PUBLIC.folder)
    _set(settings.portal_dir.parent, (0, pwd.getpwnam(user_of("clock")).pw_gid), FROZEN)
    for path in settings.portal_dir.parent.iterdir():
        give(path, user_of("clock"), PUBLIC)
    # Else the first backup by hand would be a file of this name, and the nightly ones find no folder.
    if not os.path.lexists(settings.backups_dir):  # nor in the place of a link to a disk that is away
        settings.backups_dir.mkdir(mode=OWN.folder)


def _give_keys(root: Path) -> None:
    """Give the keys to who loads them. Raises OwnersError for a link in their folders, which root would follow."""
    _set(root, (0, 0), PUBLIC)
    for path in root.iterdir():
        if path.is_file():
            _set(path, (0, 0), PUBLIC if path.name == "public.json" else OWN)
        elif path.name in list(Purpose):
            give(path, user_of(owner_of(Purpose(path.name))), KEYS)
    if links := [str(path) for path in root.rglob("*") if path.is_symlink() and path.parent != root]:
        raise OwnersError(f"{links[0]} is a link, which nobody of ours makes; find out who did, and remove it.")


def _give_database(settings: Settings) -> None:
    for path in settings.data_dir.glob("lapor.sqlite*"):
        _set(path, (0, grp.getgrnam(STORE_GROUP).gr_gid), SHARED)


def give(root: Path, user: str, modes: Modes = PUBLIC) -> None:
    """Give a folder and all below it to a user. As root."""
    entry = pwd.getpwnam(user)
    _set_all(root, lambda _: (entry.pw_uid, entry.pw_gid), modes)


def _set_all(root: Path, whose: Callable[[int], tuple[int, int]], modes: Modes) -> None:
    """``whose`` returns user and group for who has it now."""
    _set(root, whose(root.lstat().st_uid), modes)
    for _, folders, files, here in os.fwalk(root):
        for name in (*folders, *files):
            _set(name, whose(os.lstat(name, dir_fd=here).st_uid), modes, here)


def _set(path: Path | str, owner: tuple[int, int], modes: Modes, here: int | None = None) -> None:
    """Set owner and mode, never of something that a link leads to: other users write beside it, and we are root.

    ``O_PATH`` opens nothing: closing a file of SQLite's would drop its locks.
    """
    handle = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=here)
    try:
        status, place = os.fstat(handle), f"/proc/self/fd/{handle}"
        folder = stat.S_ISDIR(status.st_mode)
        if folder or (stat.S_ISREG(status.st_mode) and status.st_nlink == 1):
            os.chown(place, *((0, owner[1]) if folder and modes.kept else owner))
            Path(place).chmod(modes.folder if folder else modes.file)
    finally:
        os.close(handle)

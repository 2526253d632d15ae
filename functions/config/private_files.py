"""Write files that only their owner reads, as a whole or not at all, and find the secrets that a process was given."""

import grp
import os
import pwd
from contextlib import suppress
from pathlib import Path

ROOT = 0, -1  # user, and whatever group it has


def write_private(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a new file, sync it, rename it into place, and sync the rename.

    Written by root, it belongs to whom its folder is for (``_reader_of``): a key that ops make is its reader's alone.
    It is reached and given by handles: under a name, another user could put a link to something else meanwhile.
    """
    _private_folder(path.parent)
    fresh = path.name + ".new"
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(FileNotFoundError):
            os.unlink(fresh, dir_fd=folder)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if os.geteuid() == 0 and (reader := _reader_of(os.fstat(folder))) != ROOT:
                os.fchown(handle, *reader)
            os.fchmod(handle, mode)
            os.fsync(handle)
        os.replace(fresh, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        os.fsync(folder)
    finally:
        os.close(folder)


def given_secret(path: Path) -> Path:
    """Return where a secret file is for this process: among its credentials (systemd's ``LoadCredential=``), or
    ``path``."""
    credential = Path(os.environ.get("CREDENTIALS_DIRECTORY") or os.devnull) / path.name
    return credential if credential.is_file() else path


def _private_folder(folder: Path) -> None:
    """Make a folder that only its owner enters. ``mkdir`` gives parents the usual mode, so each is made separately."""
    if not folder.exists():
        _private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            _as_above(folder)


def _as_above(folder: Path) -> None:
    """Give a folder that root made to whom the folder above it is given."""
    above = folder.parent.stat()
    user, group = _reader_of(above)
    if (user, group) == ROOT:  # as root made it
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.fchown(handle, above.st_uid, group)
        if user != above.st_uid:
            os.fchmod(handle, 0o750)
    finally:
        os.close(handle)


def _reader_of(folder: os.stat_result) -> tuple[int, int]:
    """Return user and group of the one whom root writes for in a folder: its owner or, where root keeps it for a user's
    own group, that user. Nobody but root puts anything there then (``local.owners``)."""
    if folder.st_uid == 0:
        with suppress(KeyError):
            user = pwd.getpwnam(grp.getgrgid(folder.st_gid).gr_name)
            if user.pw_uid and user.pw_gid == folder.st_gid:
                return user.pw_uid, user.pw_gid
        return ROOT
    return folder.st_uid, folder.st_gid

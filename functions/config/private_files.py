"""Write files that only their owner reads, as a whole or not at all, and find the secrets that a process was given."""

import os
from pathlib import Path


def write_private(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a new file, sync it, rename it into place, and sync the rename.

    Written by root, it belongs to whom its folder belongs to: a key that ops make is its reader's alone.
    """
    _private_folder(path.parent)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        _as_its_folder(fresh)
        os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
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
        _as_its_folder(folder)


def _as_its_folder(path: Path) -> None:
    owner = path.parent.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        os.chown(path, owner.st_uid, owner.st_gid)

"""Sealed files in a folder, one folder for each case.

Files and folders are dated midnight (UTC) of the given day. No program can set the inode's change time, but every
change moves it: ``redate`` moves all of a day together, in random order. Inodes' numbers stay (see the threat model).

Where processes have users of their own, they share the folder by its group (``local.owners``). Only an owner can date
a file, so each process but the owner of the folder writes below a folder of its own: ``root/<user>/<case>/<name>``.
Any of them may put a link there, and root deletes as well (`retention`): below ``root`` nothing is reached through one.
"""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time
from pathlib import Path

from functions.storage.interface import CaseNotFoundError, StoreUnavailableError
from functions.storage.interface.blobs import check_case, check_name

# Reading must not leave its hour behind in the access time. Linux has the flag; elsewhere it is 0.
NO_ACCESS_TIME = getattr(os, "O_NOATIME", 0)


class DirBlobs:
    """``interface.Blobs`` below ``root``, readable by their owner alone, or by the group that may read ``root``. Errors
    of the disk become StoreUnavailableError."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def prepare(self) -> None:
        """Make the folder if it does not exist yet."""
        with _as_ours():
            if not self._shared():
                self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
                self.root.chmod(0o700)

    def put(self, case_id: str, name: str, sealed: bytes, on: date) -> None:
        """Store under (case, name). The blob is durable when this returns."""
        day = datetime.combine(on, time.min, UTC).timestamp()
        check_case(case_id)
        check_name(name)
        with _as_ours():
            root, shared = self._own(), self._shared()
            _make(root, shared=shared)
            with _folder(root) as above:
                with suppress(FileExistsError):
                    _make(case_id, shared=shared, above=above)
                with _folder(case_id, above) as folder:
                    _write(folder, name, sealed, day, shared=shared)
                    _settle(folder, day)
                # Not only if this call made the folder: one that was cut short may have made it.
                _settle(above, day)

    def get(self, case_id: str, name: str) -> bytes:
        """Return the sealed bytes. Raises CaseNotFoundError if there are none."""
        check_case(case_id)
        check_name(name)
        with _as_ours():
            for root in self._roots():
                try:
                    with _folder(root) as above, _folder(case_id, above) as folder:
                        handle = _open(name, folder)
                except FileNotFoundError:
                    continue
                with os.fdopen(handle, "rb") as file:
                    return file.read()
            raise CaseNotFoundError(case_id)

    def redate(self, since: date) -> int:
        """Touch all files and folders of ``since`` or later, in random order: the change time then tells when that was,
        not when they came. Only what this process wrote can be touched. Returns the number of files."""
        first = datetime.combine(since, time.min, UTC).timestamp()
        with _as_ours():
            root = self._own()
            if not root.is_dir():
                return 0
            cases = [each for each in root.iterdir() if not each.name.isdecimal() and not each.is_symlink()]
            fresh = [folder for folder in cases if folder.stat().st_mtime >= first]
            files = [path for folder in fresh for path in folder.iterdir() if not path.name.startswith(".")]
            for path in _shuffled([*files, *fresh, root]):
                with suppress(FileNotFoundError):  # deleted just now
                    day = path.lstat().st_mtime
                    os.utime(path, (day, day), follow_symlinks=False)
        return len(files)

    def delete_case(self, case_id: str) -> None:
        """Remove all blobs of a case, also those that a crash left half written."""
        check_case(case_id)
        with _as_ours():
            for root in self._roots():
                with suppress(FileNotFoundError), _folder(root) as above:
                    day = _remove(case_id, above)
                    _settle(above, day)

    def _shared(self) -> bool:
        """Tell whether a group shares the folder: then it passes its group on (``local.owners``)."""
        return self.root.exists() and bool(self.root.stat().st_mode & stat.S_ISGID)

    def _own(self) -> Path:
        """Return where this process writes."""
        user = os.geteuid()
        return self.root / str(user) if self._shared() and self.root.stat().st_uid != user else self.root

    def _roots(self) -> list[Path]:
        """Return every place that holds folders of cases."""
        if not self._shared():
            return [self.root]
        found = (path for path in self.root.iterdir() if path.name.isdecimal())
        return [self.root, *(path for path in found if path.is_dir() and not path.is_symlink())]


@contextmanager
def _folder(place: Path | str, above: int | None = None) -> Iterator[int]:
    """Lend a folder's handle. Below another (``above``) it is one itself, and no link to one."""
    link = 0 if above is None else os.O_NOFOLLOW  # the place itself may lie on another disk
    handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | link, dir_fd=above)
    try:
        yield handle
    finally:
        os.close(handle)


def _open(name: str, folder: int) -> int:
    """Open for reading. Only its owner may read without leaving the hour behind; for the others the disk is mounted
    with ``noatime``, which `doctor` checks."""
    how = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        return os.open(name, how | NO_ACCESS_TIME, dir_fd=folder)
    except PermissionError:
        return os.open(name, how, dir_fd=folder)


def _make(folder: Path | str, *, shared: bool, above: int | None = None) -> None:
    """Make a folder. The group's bit comes from the folder above, and no ``chmod`` may set it (RestrictSUIDSGID)."""
    mode = 0o770 if shared else 0o700
    if isinstance(folder, Path):
        folder.mkdir(parents=True, exist_ok=True, mode=mode)
    else:
        os.mkdir(folder, mode, dir_fd=above)


def _remove(case_id: str, above: int) -> float:
    """Remove a case's folder with all in it, or a link in its place. Returns its day. Raises FileNotFoundError."""
    status = os.stat(case_id, dir_fd=above, follow_symlinks=False)
    if not stat.S_ISDIR(status.st_mode):
        os.unlink(case_id, dir_fd=above)
        return status.st_mtime
    with _folder(case_id, above) as folder:
        for name in os.listdir(folder):  # noqa: PTH208 - a Path knows no handle
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=folder)
    os.rmdir(case_id, dir_fd=above)
    return status.st_mtime


@contextmanager
def _as_ours() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailableError(f"blobs: {error.strerror}") from error


def _write(folder: int, name: str, sealed: bytes, day: float, *, shared: bool) -> None:
    """Write beside the target, then replace it: a reader sees the old blob or the new one, whole."""
    part = f".{secrets.token_hex(8)}.part"
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
            file.flush()
            os.utime(file.fileno(), (day, day))
            if shared:
                os.fchmod(file.fileno(), 0o660)
            os.fsync(file.fileno())
        os.replace(part, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(part, dir_fd=folder)
        raise


def _shuffled(paths: list[Path]) -> list[Path]:
    secrets.SystemRandom().shuffle(paths)
    return paths


def _settle(folder: int, day: float) -> None:
    """Date a folder to the day, if it is ours, and make its entries durable."""
    with suppress(PermissionError):
        os.utime(folder, (day, day))
    os.fsync(folder)

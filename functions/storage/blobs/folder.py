"""Sealed files in a folder, one folder for each case.

Files and folders are dated midnight (UTC) of the given day. No program can set the inode's change time, but every
change moves it: ``redate`` moves all of a day together, in random order. Inodes' numbers stay (see the threat model).

Where processes have users of their own, they share the folder by its group (``local.owners``). Only an owner can date
a file, so each process but the owner of the folder writes below a folder of its own: ``root/<user>/<case>/<name>``.
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
        with _as_ours():
            root = self._own()
            folder = root / check_case(case_id)
            target = folder / check_name(name)
            _make(root, shared=self._shared())
            _make(folder, shared=self._shared())
            _write(folder, target, sealed, day, shared=self._shared())
            _settle(folder, day)
            # Not only if this call made the folder: one that was cut short may have made it.
            _settle(root, day)

    def get(self, case_id: str, name: str) -> bytes:
        """Return the sealed bytes. Raises CaseNotFoundError if there are none."""
        check_case(case_id)
        check_name(name)
        with _as_ours():
            for root in self._roots():
                try:
                    handle = _open(root / case_id / name)
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
            cases = [folder for folder in root.iterdir() if not folder.name.isdecimal()]
            fresh = [folder for folder in cases if folder.stat().st_mtime >= first]
            files = [path for folder in fresh for path in folder.iterdir() if not path.name.startswith(".")]
            for path in _shuffled([*files, *fresh, root]):
                with suppress(FileNotFoundError):  # deleted just now
                    day = path.stat().st_mtime
                    os.utime(path, (day, day))
        return len(files)

    def delete_case(self, case_id: str) -> None:
        """Remove all blobs of a case, also those that a crash left half written."""
        check_case(case_id)
        with _as_ours():
            for root in self._roots():
                folder = root / case_id
                if not folder.is_dir():
                    continue
                day = folder.stat().st_mtime
                for path in folder.iterdir():
                    path.unlink(missing_ok=True)
                folder.rmdir()
                _settle(root, day)

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
        return [self.root, *(path for path in self.root.iterdir() if path.name.isdecimal() and path.is_dir())]


def _open(path: Path) -> int:
    """Open for reading. Only its owner may read without leaving the hour behind; for the others the disk is mounted
    with ``noatime``, which `doctor` checks."""
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC | NO_ACCESS_TIME)
    except PermissionError:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


def _make(folder: Path, *, shared: bool) -> None:
    """Make a folder. The group's bit comes from the folder above, and no ``chmod`` may set it (RestrictSUIDSGID)."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o770 if shared else 0o700)


@contextmanager
def _as_ours() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailableError(f"blobs: {error.strerror}") from error


def _write(folder: Path, target: Path, sealed: bytes, day: float, *, shared: bool) -> None:
    """Write beside the target, then replace it: a reader sees the old blob or the new one, whole."""
    part = folder / f".{secrets.token_hex(8)}.part"
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
            file.flush()
            os.utime(file.fileno(), (day, day))
            if shared:
                os.fchmod(file.fileno(), 0o660)
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _shuffled(paths: list[Path]) -> list[Path]:
    secrets.SystemRandom().shuffle(paths)
    return paths


def _settle(folder: Path, day: float) -> None:
    """Date a folder to the day, if it is ours, and make its entries durable."""
    with suppress(PermissionError):
        os.utime(folder, (day, day))
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

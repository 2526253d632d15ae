"""Sealed files in a folder, one folder for each case.

Files and folders are dated midnight (UTC) of the given day. No program can set the inode's change time, but every
change moves it: ``redate`` moves all of a day together, in random order. Inodes' numbers stay (see the threat model).
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time
from pathlib import Path

from functions.storage.interface import CaseNotFoundError, StoreUnavailableError
from functions.storage.interface.blobs import check_case, check_name

# Reading must not leave its hour behind in the access time. Linux has the flag; elsewhere it is 0.
NO_ACCESS_TIME = getattr(os, "O_NOATIME", 0)


class DirBlobs:
    """``interface.Blobs`` below ``root``, readable by their owner alone. Errors of the disk become
    StoreUnavailableError."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def prepare(self) -> None:
        """Make the folder if it does not exist yet."""
        with _as_ours():
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.root.chmod(0o700)

    def put(self, case_id: str, name: str, sealed: bytes, on: date) -> None:
        """Store under (case, name). The blob is durable when this returns."""
        folder = self.root / check_case(case_id)
        target = folder / check_name(name)
        day = datetime.combine(on, time.min, UTC).timestamp()
        with _as_ours():
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.mkdir(exist_ok=True, mode=0o700)
            _write(folder, target, sealed, day)
            _settle(folder, day)
            # Not only if this call made the folder: one that was cut short may have made it.
            _settle(self.root, day)

    def get(self, case_id: str, name: str) -> bytes:
        """Return the sealed bytes. Raises CaseNotFoundError if there are none."""
        path = self.root / check_case(case_id) / check_name(name)
        with _as_ours():
            try:
                handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | NO_ACCESS_TIME)
            except FileNotFoundError:
                raise CaseNotFoundError(case_id) from None
            with os.fdopen(handle, "rb") as file:
                return file.read()

    def redate(self, since: date) -> int:
        """Touch all files and folders of ``since`` or later, in random order: the change time then tells when that was,
        not when they came. Returns the number of files."""
        first = datetime.combine(since, time.min, UTC).timestamp()
        with _as_ours():
            fresh = [folder for folder in self.root.iterdir() if folder.stat().st_mtime >= first]
            files = [path for folder in fresh for path in folder.iterdir() if not path.name.startswith(".")]
            for path in _shuffled([*files, *fresh, self.root]):
                with suppress(FileNotFoundError):  # deleted just now
                    day = path.stat().st_mtime
                    os.utime(path, (day, day))
        return len(files)

    def delete_case(self, case_id: str) -> None:
        """Remove all blobs of a case, also those that a crash left half written."""
        folder = self.root / check_case(case_id)
        with _as_ours():
            if not folder.is_dir():
                return
            day = folder.stat().st_mtime
            for path in folder.iterdir():
                path.unlink(missing_ok=True)
            folder.rmdir()
            _settle(self.root, day)


@contextmanager
def _as_ours() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailableError(f"blobs: {error.strerror}") from error


def _write(folder: Path, target: Path, sealed: bytes, day: float) -> None:
    """Write beside the target, then replace it: a reader sees the old blob or the new one, whole."""
    part = folder / f".{secrets.token_hex(8)}.part"
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
            file.flush()
            os.utime(file.fileno(), (day, day))
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
    """Date a folder to the day and make its entries durable."""
    os.utime(folder, (day, day))
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

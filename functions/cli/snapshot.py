"""Write one machine's office into one archive: the database of one moment, its sealed files, all keys, and the files
of the directory and the officers.

The office keeps running: a report is in the archive whole or not at all. It is a tar, which ``cli.archive`` seals:

| name | what |
|---|---|
| ``about.json`` | counts of what follows; first, so that a reader knows what to expect |
| ``lapor.sqlite`` | the database |
| ``keys/…`` | as on disk |
| ``blobs/<case>/<name>`` | sealed files of cases that are no tombstones, dated to their day |
| ``directory.toml``, ``officers.toml`` | the files named by DIRECTORY_FILE and OFFICERS_FILE, where they are |
"""

import errno
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from functions.cli.archive import Writer, writer
from functions.config.settings import Settings
from functions.storage.sqlite.backup import check, living_cases, snapshot

TRIES = 5
FORMAT = 1
ABOUT, DATABASE = "about.json", "lapor.sqlite"
DIRECTORY_NAME, OFFICERS_NAME = "directory.toml", "officers.toml"
GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})  # or a link stands in its place now
LEFT = (".db", ".db-*", ".part")  # what a killed run leaves beside its archive
Each = Callable[[str, Iterable[Path]], Iterable[Path]]


class BackupError(Exception):
    """No backup was made or restored; the message says what to do."""


@dataclass(frozen=True, slots=True)
class About:
    """The content of an archive: the local day it was made, the database's schema, and counts."""

    format: int
    day: str
    schema: int
    cases: int
    files: int
    keys: int


class _ChangedError(Exception):
    """A file has disappeared: a case was deleted, or a key rotated, just now."""


def write_backup(settings: Settings, target: Path, passphrase: str, each: Each) -> About:
    """Write the archive to ``target``, which appears once it is whole, readable by its owner alone. ``each`` shows the
    progress of the copying. Raises BackupError, StorageError."""
    database = settings.data_dir / DATABASE
    copy, part = (target.with_name(f"{target.name}.{ending}") for ending in ("db", "part"))
    try:
        for _ in range(TRIES):
            with _fresh(copy), _fresh(part) as file:
                try:
                    with closing(writer(file, passphrase)) as out:  # closes after an error too: the file goes anyway
                        about = _write(settings, database, copy, out, each)
                except _ChangedError:
                    continue  # start again: what was deleted here must not survive in the backup
                file.flush()
                os.fsync(file.fileno())
                part.replace(target)
                _settle(target.parent)
                return about
    except OSError as error:
        raise BackupError(f"{error.filename or target}: {error.strerror}; no backup was made.") from error
    raise BackupError("Cases or keys keep changing while they are copied; run the backup again.")


def _write(settings: Settings, database: Path, copy: Path, out: Writer, each: Each) -> About:
    keys, before = _keys(settings.keys_dir), set(_blobs(settings.data_dir))
    snapshot(database, copy)
    schema, cases = check(copy), living_cases(copy)
    blobs = [path for path in _blobs(settings.data_dir) if path.parent.name in cases]
    if any(path.parent.name in cases for path in before - set(blobs)):
        raise _ChangedError
    about = About(FORMAT, settings.today().isoformat(), schema, len(cases), len(blobs), len(keys))
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:  # type: ignore[call-overload]  # write() is enough for a stream
        _add(tar, ABOUT, json.dumps(asdict(about)).encode())
        with copy.open("rb") as file:
            tar.addfile(_entry(DATABASE, copy.stat().st_size), file)
        for name, content in keys.items():
            _add(tar, name, content)
        for name, path in ((DIRECTORY_NAME, settings.directory_file), (OFFICERS_NAME, settings.officers_file)):
            if path.exists():  # after an import the store alone counts, and addresses are best removed from the disk
                _add(tar, name, path.read_bytes())
        for path in each("files", blobs):
            _add_blob(tar, settings.data_dir / "blobs", path)
    if _keys(settings.keys_dir) != keys:
        raise _ChangedError
    return about


def _keys(root: Path) -> dict[str, bytes]:
    """Return key files by their names in the archive, and nothing that a link leads to. They are small and all of one
    moment, or the backup starts again."""
    found: dict[str, bytes] = {}
    files = (path for path in root.rglob("*") if path.is_file() and path.suffix in ("", ".json"))
    for path in sorted(path for path in files if not _by_link(root, path)):
        with _opened(root, path) as file:
            found[f"keys/{path.relative_to(root).as_posix()}"] = file.read()
    if "keys/public.json" not in found:
        raise BackupError(f"{root / 'public.json'} is not there: is DATA_DIR right?")
    return found


def _blobs(folder: Path) -> list[Path]:
    """Return the sealed files of all processes: those of ``storage.blobs.folder``, whoever wrote them. Nothing that a
    link leads to."""
    root = folder / "blobs"
    found = (path for place in ("[!.]*/[!.]*", "[0-9]*/[!.]*/[!.]*") for path in root.glob(place) if path.is_file())
    return sorted(path for path in found if not _by_link(root, path))


def _steps(root: Path, path: Path) -> tuple[str, ...]:
    """Return the names of the folders below ``root`` that lead to a file, and its own."""
    return path.parts[len(root.parts) :]


def _by_link(root: Path, path: Path) -> bool:
    names = _steps(root, path)
    return any(root.joinpath(*names[:n]).is_symlink() for n in range(1, len(names) + 1))


def _add_blob(tar: tarfile.TarFile, root: Path, path: Path) -> None:
    with _opened(root, path) as file:
        content, day = file.read(), int(os.fstat(file.fileno()).st_mtime)
    _add(tar, f"blobs/{path.parent.name}/{path.name}", content, day)


def _opened(root: Path, path: Path) -> BinaryIO:
    """Open a file below ``root`` step by step, through no link: other users write there, and we may be root. Raises
    _ChangedError where it is gone."""
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for step in _steps(root, path):
            below = os.open(step, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=here)
            os.close(here)
            here = below
        return os.fdopen(here, "rb")
    except BaseException as error:
        os.close(here)
        if isinstance(error, OSError) and error.errno in GONE:
            raise _ChangedError from error
        raise


def _add(tar: tarfile.TarFile, name: str, content: bytes, day: int = 0) -> None:
    tar.addfile(_entry(name, len(content), day), io.BytesIO(content))


def _entry(name: str, size: int, day: int = 0) -> tarfile.TarInfo:
    """Return a tar entry without owner or hour: ``day`` is midnight of a blob's day, in epoch seconds."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = size, day, 0o600
    return entry


@contextmanager
def _fresh(path: Path) -> Iterator[BinaryIO]:
    """Open a new file of mode 0600, which is removed at the end unless it was renamed."""
    path.unlink(missing_ok=True)  # left by a run that was killed
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
    finally:
        path.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def prune(folder: Path, today: date, days: int, name: str) -> int:
    """Remove backups in ``folder`` called ``name`` (with ``{day}`` in it) that are at least ``days`` old, and copies of
    the database that killed runs of earlier days left. Return the number of backups. Raises OSError for one that cannot
    be removed, once all others are."""
    gone, called, stuck = 0, name.format(day="????-??-??"), list[OSError]()
    for path in [each for ending in ("", *LEFT) for each in folder.glob(f"{called}{ending}")]:
        whole = path.match(called)
        try:
            made = date.fromisoformat(path.name.removeprefix(name.partition("{")[0])[:10])
        except ValueError:
            continue
        if (today - made).days >= (days if whole else 1):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                stuck.append(error)
                continue
            gone += whole
    if stuck:
        raise stuck[0]
    return gone

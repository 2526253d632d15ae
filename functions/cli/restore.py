"""Restore an office from its archive (``cli.snapshot``): whole, or not at all.

All of it is read and checked first. Then it is written beside its target, checked again, and renamed into place.
"""

import json
import os
import re
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from functions.cli.archive import Reader
from functions.cli.snapshot import ABOUT, DATABASE, DIRECTORY_NAME, FORMAT, OFFICERS_NAME, About, BackupError
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import PublicKeys
from functions.storage.blobs.folder import DirBlobs
from functions.storage.sqlite.backup import check, living_cases

COPY_BYTES = 1024 * 1024
NAMES = re.compile(
    rf"{re.escape(DATABASE)}|{re.escape(DIRECTORY_NAME)}|{re.escape(OFFICERS_NAME)}|keys/public\.json"
    r"|keys/(?:phone|mute|sms|waiting|counter|link)|keys/[a-z]+/(?!\.+/)[\w.-]+/(?:[0-9a-f]{16}|[0-9a-f]{32})|blobs/[0-9A-Z-]{14}/[0-9a-f]{32}",
    re.ASCII,
)
Members = Iterator[tuple[tarfile.TarInfo, tarfile.TarFile]]


@dataclass(frozen=True, slots=True)
class Source:
    """An archive, and what opens it. ``unsealed`` accepts one that anybody may have made."""

    archive: Path
    passphrase: str = field(repr=False)
    unsealed: bool = False


def restore(source: Source, folder: Path, agree: Callable[[PublicKeys], None]) -> About:
    """Restore the office in an archive into ``folder``, which must be missing or empty.

    ``agree`` sees its public keys before anything stands there, and raises if they are another office's. Raises
    BackupError, ArchiveError, StorageError, KeyringError.
    """
    try:
        if folder.exists() and any(folder.iterdir()):
            raise BackupError(f"{folder} is not empty: name an empty DATA_DIR. Nothing was written.")
        about = _verified(source)
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        staging = folder.with_name(f"{folder.name}.restoring")
        shutil.rmtree(staging, ignore_errors=True)  # left by a run that was killed
        try:
            staging.mkdir(mode=0o700)
            with _members(source) as members:
                for entry, tar in members:
                    _extract(entry, tar, staging)
            agree(_check(staging, about))
            staging.replace(folder)  # also replaces an empty folder
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise BackupError(f"{error.filename or folder}: {error.strerror}; nothing was restored.") from error
    return about


def _verified(source: Source) -> About:
    """Read the whole archive, so that every chunk is checked, and return its counts. Writes nothing."""
    counts = {"keys": 0, "files": 0}
    with _members(source) as members:
        about = _about(members)
        for entry, _ in members:
            counts["keys"] += entry.name.startswith("keys/")
            counts["files"] += entry.name.startswith("blobs/")
    if counts != {"keys": about.keys, "files": about.files}:
        raise BackupError("The backup does not hold what it says it holds; nothing was restored.")
    return about


@contextmanager
def _members(source: Source) -> Iterator[Members]:
    """Yield the members of an archive, reading to its very end."""
    with source.archive.open("rb") as file:
        reader = Reader(file, source.passphrase, unsealed=source.unsealed)
        try:
            with tarfile.open(fileobj=reader, mode="r|") as tar:  # type: ignore[call-overload]  # read() is enough for a stream
                yield ((entry, tar) for entry in tar)
            reader.rest()
        except tarfile.TarError as error:
            raise BackupError("The backup cannot be read; nothing was restored.") from error


def _about(members: Members) -> About:
    entry, tar = next(members, (None, None))
    if entry is None or tar is None or entry.name != ABOUT:
        raise BackupError("The backup does not say what it holds; nothing was restored.")
    try:
        about = About(**json.loads(_content(entry, tar)))
    except (ValueError, TypeError) as error:
        raise BackupError("The backup does not say what it holds; is it of a newer release?") from error
    if about.format != FORMAT:
        raise BackupError(f"The backup is of a newer release (format {about.format}); install that one.")
    return about


def _extract(entry: tarfile.TarInfo, tar: tarfile.TarFile, root: Path) -> None:
    """Write one member to the place its name stands for. Other names are refused."""
    if entry.name == ABOUT:
        return
    if not entry.isreg() or not NAMES.fullmatch(entry.name):
        raise BackupError("The backup holds something that is none of ours; nothing was restored.")
    kind, _, rest = entry.name.partition("/")
    if kind == "blobs":
        case_id, _, name = rest.partition("/")
        day = datetime.fromtimestamp(entry.mtime, UTC).date()
        DirBlobs(root / kind).put(case_id, name, _content(entry, tar), day)
        return
    _write(root, root / entry.name, entry, tar)


def _write(root: Path, path: Path, entry: tarfile.TarInfo, tar: tarfile.TarFile) -> None:
    folder = root
    for part in path.parent.relative_to(root).parts:
        folder /= part
        folder.mkdir(exist_ok=True, mode=0o700)
    source = tar.extractfile(entry)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        while source and (piece := source.read(COPY_BYTES)):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _content(entry: tarfile.TarInfo, tar: tarfile.TarFile) -> bytes:
    source = tar.extractfile(entry)
    return source.read() if source else b""


def _check(root: Path, about: About) -> PublicKeys:
    """Return the public keys of an office that is whole: its database, and keys that belong together. Raises
    BackupError."""
    database = root / DATABASE
    if check(database) != about.schema or len(living_cases(database)) != about.cases:
        raise BackupError("The database is not the one that was backed up; nothing was restored.")
    keys = KeyDirectory(root / "keys")
    public = keys.public()
    for (purpose, instance), key_id in public.current.items():
        if not (keys.root / purpose / instance / key_id).exists():
            raise BackupError(f"The current {purpose} key of {instance} is not in the backup; nothing was restored.")
    return public


def differences(theirs: PublicKeys, ours: PublicKeys) -> list[str]:
    """Return how an archive's keys differ from those known here, a sentence each.

    Whoever made a key that is current in the archive reads what is sealed after the restore. One that was rotated since
    differs as well: only ops can tell which it is.
    """
    if not {instance for _, instance in theirs.current} & {instance for _, instance in ours.current}:
        return ["The archive is of another office: none of its instances is known here."]
    return [
        f"The archive's {purpose} key of {instance} ({key_id}) is not known here."
        for (purpose, instance), key_id in sorted(theirs.current.items())
        if key_id not in ours.keys
    ]

"""What the portal is made of, read from files: freezing knows no store."""

import base64
import hashlib
import json
import tomllib
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path

from functions.casework.barometer.edition import Edition, read_edition
from functions.casework.consent.roster import roster_json
from functions.casework.directory.agencies import Directory
from functions.casework.directory.check import directory_from_mapping
from functions.casework.directory.linked_office import LinkedOffice
from functions.casework.directory.portal_file import Look, look_from_plain
from functions.casework.publication import PublicReport
from functions.crypto.errors import KeyringError
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.storage.registers.publications import decode_public, in_order


def read_directory(path: Path) -> Directory:
    """The directory in a TOML or a JSON file. Raises DirectoryError, OSError, or ValueError for what is neither."""
    read = json.loads if path.suffix == ".json" else tomllib.loads
    return directory_from_mapping(read(path.read_text("utf-8-sig")))


def read_publications(path: Path | None) -> tuple[PublicReport, ...]:
    """The public reports in a JSON file, in the order of the pages; none where there is no file. Raises OSError, or
    ValueError for what holds none."""
    if path is None:
        return ()
    try:
        return in_order(decode_public(json.loads(path.read_text())))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path} holds no public reports: {error!r}") from error


def read_editions(folder: Path | None) -> tuple[Edition, ...]:
    """The barometer's editions in a folder, one JSON file each; none without a folder. Raises EditionError, OSError, or
    ValueError for what is no JSON."""
    files = sorted(folder.glob("*.json")) if folder else []
    return tuple(read_edition(json.loads(path.read_text())) for path in files)


def read_looks(path: Path | None) -> Mapping[str, Look]:
    """How the instances' portals look, by code, from a JSON file; none without a file. Raises OSError, or ValueError
    for what holds none."""
    if path is None:
        return {}
    try:
        return {code: look_from_plain(plain) for code, plain in json.loads(path.read_text()).items()}
    except (AttributeError, TypeError) as error:
        raise ValueError(f"{path} does not say how portals look: {error!r}") from error


def published_keys(
    public_file: Path | None,
    purposes: Collection[Purpose] = (Purpose.DESK,),
    instances: Collection[str] | None = None,
) -> list[dict[str, str]]:
    """The current public keys of these purposes and instances (of all, if not given) for ``/keys.json``; none where
    there is no file yet.

    Only a KeyDirectory's own ``public.json`` is read. Raises KeyringError where it is missing or damaged.
    """
    if public_file is None:
        return []
    directory = KeyDirectory(public_file.parent)
    if directory.public_file.name != public_file.name:
        raise KeyringError(f"{public_file} is not called {directory.public_file.name}")
    known = _read(public_file, _mark(public_file))
    return [
        {
            "purpose": purpose.value,
            "instance": instance,
            "key_id": key_id,
            "fingerprint": _grouped(hashlib.sha256(known.keys[key_id]).hexdigest()),
            "public": base64.b64encode(known.keys[key_id]).decode(),
        }
        for (purpose, instance), key_id in known.current.items()
        if purpose in purposes and (instances is None or instance in instances)
    ]


def published_rosters(public_file: Path | None, instances: Collection[str] | None = None) -> list[dict[str, object]]:
    """The rosters of these instances' custodians (of all, if not given) for ``/keys.json``. Raises KeyringError as
    ``published_keys``."""
    rosters = _read(public_file, _mark(public_file)).rosters if public_file else {}
    return [roster_json(roster) for roster in rosters.values() if instances is None or roster.instance in instances]


def linked_offices(public_file: Path | None) -> tuple[LinkedOffice, ...]:
    """The linked offices whose keys are in the file. Raises KeyringError as ``published_keys``."""
    return tuple(_read(public_file, _mark(public_file)).linked.values()) if public_file else ()


@lru_cache(maxsize=1)
def _read(public_file: Path, _changed: int) -> PublicKeys:
    """The keys of a nation take a tenth of a second to read, and each of its portals asks."""
    return KeyDirectory(public_file.parent).public()


def _mark(public_file: Path) -> int:
    return public_file.stat().st_mtime_ns if public_file.exists() else 0


def _grouped(digits: str) -> str:
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))

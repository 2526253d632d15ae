"""The snapshots of earlier releases: where they are, and how one is read."""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests import archives

FOLDER: Final = Path(__file__).with_name("snapshots")


@dataclass(frozen=True)
class Snapshot:
    """One snapshot, unpacked: its folder and what its manifest says."""

    folder: Path
    manifest: dict[str, Any]


def names() -> list[str]:
    """Return the names of all snapshots, oldest first."""
    return sorted(path.name.removesuffix(".tar.xz") for path in FOLDER.glob("*.tar.xz"))


def unpack(name: str, into: Path) -> Snapshot:
    """Unpack a snapshot."""
    archives.unpack(FOLDER / f"{name}.tar.xz", into)
    return Snapshot(into, json.loads((into / "manifest.json").read_text()))


def encode_item(item: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return an item of DynamoDB as JSON takes it."""
    return {
        name: {kind: b64encode(v).decode() if kind == "B" else v}
        for name, typed in item.items()
        for kind, v in typed.items()
    }


def decode_item(item: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return what ``encode_item`` was given."""
    return {
        name: {kind: b64decode(v) if kind == "B" else v} for name, typed in item.items() for kind, v in typed.items()
    }

"""The manifest of a night's backup: which objects of the bucket make it whole, and how to know them again.

Nights share objects. What did not change since the night before is written once, under a name that follows from its
content, and each manifest names it. Backups of releases before this one had a folder of their own each; they are read
for as long as they live.

Tests: ``tests/cloud/test_nights.py``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NIGHTS, POOL = "nights", "pool"
MANIFEST, SIGNATURE = "manifest.json", "manifest.hmac"
COPIED = ("blobs", "keys")


@dataclass(frozen=True, slots=True)
class Manifest:
    """One backup. ``hashes`` are SHA-256 in hex by object, of the table's parts and of key files; ``copied`` says for
    each bucket which object holds which of its names; ``kms`` are the KMS keys by their parameter."""

    items: int
    parts: tuple[str, ...]
    copied: Mapping[str, Mapping[str, str]]
    hashes: Mapping[str, str]
    kms: Mapping[str, str]

    def body(self) -> bytes:
        """Return it as it is kept and signed."""
        fields = {name: getattr(self, name) for name in ("items", "parts", "copied", "hashes", "kms")}
        return json.dumps(fields, indent=1).encode()

    def objects(self) -> frozenset[str]:
        """Return every object that a restore reads."""
        return frozenset({*self.parts, *(each for names in self.copied.values() for each in names.values())})


def manifest_of(name: str, body: bytes) -> Manifest:
    """Read a manifest, of this release or of one before, whose objects lie below the backup's own ``name``."""
    read: dict[str, Any] = json.loads(body)
    if "hashes" in read:
        return Manifest(read["items"], tuple(read["parts"]), read["copied"], read["hashes"], read["kms"])
    hashes = {f"{name}/{key}": digest for key, digest in (read["parts"] | read.get("keys", {})).items()}
    copied = {what: {key: f"{name}/{what}/{key}" for key in read["copied"][what]} for what in COPIED}
    return Manifest(read["items"], tuple(f"{name}/{key}" for key in read["parts"]), copied, hashes, read["kms"])

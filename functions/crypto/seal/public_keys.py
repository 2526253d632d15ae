"""Public keys by purpose and instance: all that a function needs to seal.

``public.json`` holds every public key, and which one is current for each purpose and instance. Only
``crypto.open.private`` reads the private halves.
"""

import base64
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from cryptography.hazmat.primitives import hashes

from functions.crypto.errors import KeyringError
from functions.crypto.key_pairs import SUITE, hpke_public
from functions.crypto.seal.sealing import VERSION, hpke_info

KEY_ID_BYTES = 8
ADDED = "added"  # purposes that older releases do not know; among ``current`` they would take the file for damaged
HPKE_OVERHEAD = 1 + KEY_ID_BYTES + 1120 + 16  # version, key id, encapsulated secret, tag


class Purpose(StrEnum):
    """The purpose of a key pair.

    Each opens or signs one thing. The courier holds two, its own and the one that signs links. The desk holds two, its
    own and the one that signs what it asks of the courier (law 2).
    """

    DESK = "desk"
    COURIER = "courier"
    LINKS = "links"
    IDENTITY = "identity"
    MANDATES = "mandates"


SIGNING = frozenset({Purpose.LINKS, Purpose.MANDATES})  # these sign; the others open what was sealed to them


def key_id_of(public: bytes) -> str:
    """Return the id of a key pair: the first 8 bytes of the SHA-256 of its public key, in hex."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(public)
    return digest.finalize()[:KEY_ID_BYTES].hex()


class PublicKeys(NamedTuple):
    """Public keys (raw bytes) by key id, and the current key id by (purpose, instance)."""

    keys: Mapping[str, bytes]
    current: Mapping[tuple[Purpose, str], str]

    def current_id(self, purpose: Purpose, instance: str) -> str:
        """Return the key id to seal to. Raises KeyringError."""
        try:
            return self.current[purpose, instance]
        except KeyError as error:
            raise KeyringError(
                f"no public key for {purpose} of {instance}; run `python -m functions.cli init`"
            ) from error

    def seal(self, purpose: Purpose, instance: str, context: str, plain: bytes) -> tuple[str, bytes]:
        """HPKE-seal to the current key. Returns the key id and the envelope (``plain`` + HPKE_OVERHEAD)."""
        key_id = self.current_id(purpose, instance)
        sealed = SUITE.encrypt(plain, hpke_public(self.keys[key_id]), info=hpke_info(purpose, instance, context))
        return key_id, VERSION + bytes.fromhex(key_id) + sealed


def encode_public(public: PublicKeys) -> bytes:
    """Return the content of ``public.json``."""
    raw: dict[str, Any] = {
        "keys": {key_id: base64.b64encode(value).decode() for key_id, value in public.keys.items()},
        "current": [],
        ADDED: [],
    }
    for (purpose, instance), key_id in public.current.items():
        place = {"purpose": purpose, "instance": instance, "key_id": key_id}
        raw[ADDED if purpose is Purpose.MANDATES else "current"].append(place)
    return json.dumps(raw, indent=1).encode()


def decode_public(content: bytes, where: str) -> PublicKeys:
    """Parse what ``encode_public`` wrote. Raises KeyringError, which names ``where``, if it is damaged."""
    try:
        raw = json.loads(content)
        keys = {key_id: base64.b64decode(text) for key_id, text in raw["keys"].items()}
        places = [*raw["current"], *raw.get(ADDED, [])]
        current = {(Purpose(place["purpose"]), place["instance"]): place["key_id"] for place in places}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyringError(f"{where} is damaged; restore it from a backup") from error
    if any(key_id_of(public) != key_id for key_id, public in keys.items()):
        raise KeyringError(f"{where}: a key does not match its id; restore it from a backup")
    return PublicKeys(keys, current)

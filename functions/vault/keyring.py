"""Key pairs by purpose and instance; who holds which private key is decided by what it loads.

A ``PublicKeys`` can only seal and is all that intake and thread ever hold. A ``PrivateKeys`` is loaded for
one purpose only (desk, courier), by the function whose law allows it. On disk, below ``keys/``:

- ``public.json``: every public key, and which one is current for each purpose and instance
- ``<purpose>/<instance>/<key id>``: private key, mode 0600, 96 raw bytes (ML-KEM seed ‖ X25519) for HPKE or
  32 (Ed25519) for links, or, with a passphrase, ``salt(16) ‖ nonce(12) ‖ AES-256-GCM(Argon2id(passphrase))``
"""

import base64
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from functions.vault.key_pairs import SUITE, hpke_private, hpke_public, new_opening_key, new_signing_key, public_of
from functions.vault.private_files import write_private
from functions.vault.sealing import VERSION, SealError, hpke_info

MANY_KEYS = 50
KEY_ID_BYTES = 8
HPKE_OVERHEAD = 1 + KEY_ID_BYTES + 1120 + 16  # version, key id, encapsulated secret, tag


class Purpose(StrEnum):
    """What a key pair is for. No function holds the private keys of two of them, but the courier: its own
    and the one that signs links (law 2)."""

    DESK = "desk"
    COURIER = "courier"
    LINKS = "links"
    IDENTITY = "identity"


class KeyringError(Exception):
    """Keys are missing, unreadable or not what they claim; the message says which and what to do."""


class KeysUnavailableError(KeyringError):
    """The place of the keys does not answer; the same call may succeed later."""


def key_id_of(public: bytes) -> str:
    """The id of a key pair: the first 8 bytes of the SHA-256 of its public key, in hex."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(public)
    return digest.finalize()[:KEY_ID_BYTES].hex()


class PublicKeys(NamedTuple):
    """Public keys (raw bytes) by key id, and the current key id by (purpose, instance)."""

    keys: Mapping[str, bytes]
    current: Mapping[tuple[Purpose, str], str]

    def current_id(self, purpose: Purpose, instance: str) -> str:
        """The key id to seal to. Raises KeyringError."""
        try:
            return self.current[purpose, instance]
        except KeyError as error:
            raise KeyringError(
                f"no public key for {purpose} of {instance}; run `python -m functions.cli init`"
            ) from error

    def seal(self, purpose: Purpose, instance: str, context: str, plain: bytes) -> tuple[str, bytes]:
        """HPKE-seal to the current key; returns the key id and the envelope (``plain`` + HPKE_OVERHEAD)."""
        key_id = self.current_id(purpose, instance)
        sealed = SUITE.encrypt(plain, hpke_public(self.keys[key_id]), info=hpke_info(purpose, instance, context))
        return key_id, VERSION + bytes.fromhex(key_id) + sealed


def encode_public(public: PublicKeys) -> bytes:
    """The content of ``public.json``."""
    raw = {
        "keys": {key_id: base64.b64encode(value).decode() for key_id, value in public.keys.items()},
        "current": [
            {"purpose": purpose, "instance": instance, "key_id": key_id}
            for (purpose, instance), key_id in public.current.items()
        ],
    }
    return json.dumps(raw, indent=1).encode()


def decode_public(content: bytes, where: str) -> PublicKeys:
    """What ``encode_public`` wrote; ``where`` is named in the KeyringError it raises for what is damaged."""
    try:
        raw = json.loads(content)
        keys = {key_id: base64.b64decode(text) for key_id, text in raw["keys"].items()}
        current = {(Purpose(c["purpose"]), c["instance"]): c["key_id"] for c in raw["current"]}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyringError(f"{where} is damaged; restore it from a backup") from error
    if any(key_id_of(public) != key_id for key_id, public in keys.items()):
        raise KeyringError(f"{where}: a key does not match its id; restore it from a backup")
    return PublicKeys(keys, current)


def new_pair(purpose: Purpose) -> tuple[bytes, bytes, str]:
    """A fresh pair for a purpose: private and public (raw bytes), and its key id."""
    private = new_signing_key() if purpose is Purpose.LINKS else new_opening_key()
    public = public_of(private)
    return private, public, key_id_of(public)


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKeys:
    """Private keys (raw bytes) of one purpose by key id."""

    purpose: Purpose
    keys: Mapping[str, bytes]

    def open(self, instance: str, context: str, envelope: bytes) -> bytes:
        """What ``PublicKeys.seal`` sealed. Raises SealError where the key is gone or the context differs."""
        if envelope[:1] != VERSION:
            raise SealError("no key for this envelope")
        key = self.key(instance, envelope[1 : 1 + KEY_ID_BYTES].hex())
        info = hpke_info(self.purpose, instance, context)
        try:
            return SUITE.decrypt(envelope[1 + KEY_ID_BYTES :], hpke_private(key), info=info)
        except (InvalidTag, ValueError) as error:
            raise SealError("does not open") from error

    def key(self, instance: str, key_id: str) -> bytes:
        """One of them (raw bytes). Raises SealError where it is gone."""
        try:
            return self.keys[key_id]
        except KeyError as error:
            raise SealError("no key for this envelope") from error

    def knows(self, instance: str, key_id: str) -> bool:
        """Whether it is among them."""
        try:
            return bool(self.key(instance, key_id))
        except SealError:
            return False


@dataclass(frozen=True, slots=True)
class KeyDirectory:
    """The key files of one machine, below ``root``. ``passphrase`` may be empty."""

    root: Path
    passphrase: str = ""

    @property
    def public_file(self) -> Path:
        """Where the public keys are."""
        return self.root / "public.json"

    def public(self) -> PublicKeys:
        """All public keys. Raises KeyringError where the file is missing or broken."""
        try:
            return decode_public(self.public_file.read_bytes(), str(self.public_file))
        except FileNotFoundError as error:
            raise KeyringError(f"{self.public_file} is missing; run `python -m functions.cli init`") from error
        except OSError as error:
            raise KeyringError(f"{self.public_file} cannot be read: {error.strerror}; check its owner") from error

    @property
    def place(self) -> str:
        """The folder, for messages."""
        return str(self.root)

    def mark(self) -> tuple[int, int]:
        """Something that is another once ``public.json`` is another file."""
        status = self.public_file.stat() if self.public_file.exists() else None
        return (status.st_ino, status.st_mtime_ns) if status else (0, 0)

    def private(self, purpose: Purpose) -> PrivateKeys:
        """All private keys of one purpose. Raises KeyringError for wrong modes, bytes or passphrase."""
        found: dict[str, bytes] = {}
        for path in sorted((self.root / purpose).glob("*/*")):
            if path.suffix:
                continue  # a half-written file of a run that was killed
            try:
                if path.stat().st_mode & 0o077:
                    raise KeyringError(f"{path} can be read by others; run `chmod 600 {path}`")
                found[path.name] = self._unlock(path)
            except FileNotFoundError:
                continue  # a rotation beside us has just destroyed it
            except OSError as error:
                raise KeyringError(f"{path} cannot be read: {error.strerror}; check its owner") from error
        return PrivateKeys(purpose, found)

    def check(self, purpose: Purpose, instance: str, key_id: str) -> None:
        """Open one private key, and let go of it. Raises KeyringError where it cannot be opened, or its public half
        has another id."""
        path = self.root / purpose / instance / key_id
        try:
            self._unlock(path)
        except OSError as error:
            raise KeyringError(f"{path} cannot be read: {error.strerror}; check its owner") from error

    def private_ids(self, purpose: Purpose, instance: str) -> list[str]:
        """The ids of the private keys on disk for one purpose and instance."""
        return sorted(path.name for path in (self.root / purpose / instance).glob("*") if not path.suffix)

    def missing(self, purposes: Iterable[Purpose], instances: Iterable[str]) -> list[tuple[Purpose, str]]:
        """The (purpose, instance) pairs that have no current public key with its private file beside it."""
        try:
            current = self.public().current
        except KeyringError:
            if self.exists():
                raise
            current = {}
        wanted = [(purpose, instance) for purpose in purposes for instance in instances]
        return [
            pair
            for pair in wanted
            if pair not in current or not (self.root / pair[0] / pair[1] / current[pair]).exists()
        ]

    def generate(self, purpose: Purpose, instance: str) -> str:
        """Make a new pair, private file first (mode 0600), then make it current. Returns its key id."""
        return self.generate_all([(purpose, instance)])[0]

    def exists(self) -> bool:
        """Whether there are public keys at all."""
        return self.public_file.exists()

    def look_over(self) -> None:
        """Raises KeyringError where private keys are there and the public ones are gone, or where others can read one.
        All are looked at and none is opened."""
        there = [path for path in self.root.glob("*/*/*") if not path.suffix]
        if not self.exists() and len(there) > 1:  # one alone is a first start that was cut short
            raise KeyringError(f"{self.public_file} is gone while private keys are there: restore it from a backup.")
        for path in there:
            if path.stat().st_mode & 0o077:
                raise KeyringError(f"{path} can be read by others: run `chmod 600 {path}`.")

    def generate_all(self, pairs: Iterable[tuple[Purpose, str]]) -> list[str]:
        """Make new pairs as ``generate`` does, and their key ids. The public file, which holds those of all
        instances, is written after the first and then once for many: for a nation it would be written thousands of
        times."""
        known = self.public() if self.exists() else PublicKeys({}, {})
        keys, current = dict(known.keys), dict(known.current)
        made: list[str] = []
        for purpose, instance in pairs:
            private, public, key_id = new_pair(purpose)
            write_private(self.root / purpose / instance / key_id, self._lock(private))
            keys[key_id], current[purpose, instance] = public, key_id
            if len(made) % MANY_KEYS == 0:
                self._write_public(PublicKeys(keys, current))
            made.append(key_id)
        if len(made) % MANY_KEYS != 1:
            self._write_public(PublicKeys(keys, current))
        return made

    def destroy(self, purpose: Purpose, instance: str, key_id: str) -> None:
        """Destroy an old private key and forget its public half. Refuses the current one."""
        known = self.public()
        if known.current.get((purpose, instance)) == key_id:
            raise KeyringError(f"{key_id} is the current key of {purpose} for {instance}; rotate first")
        path = self.root / purpose / instance / key_id
        dying = path.with_name(key_id + ".dying")  # out of the way first: a run killed here must not bar all keys
        if path.exists():
            path.replace(dying)
        if dying.exists():
            with dying.open("r+b") as file:
                file.write(os.urandom(dying.stat().st_size))
                os.fsync(file.fileno())
            dying.unlink()
        self._write_public(PublicKeys({k: v for k, v in known.keys.items() if k != key_id}, known.current))

    def _write_public(self, public: PublicKeys) -> None:
        write_private(self.public_file, encode_public(public))

    def _lock(self, private: bytes) -> bytes:
        if not self.passphrase:
            return private
        salt, nonce = os.urandom(16), os.urandom(12)
        return salt + nonce + AESGCM(self._stretch(salt)).encrypt(nonce, private, None)

    def _unlock(self, path: Path) -> bytes:
        raw = path.read_bytes()
        if self.passphrase:
            try:
                raw = AESGCM(self._stretch(raw[:16])).decrypt(raw[16:28], raw[28:], None)
            except (InvalidTag, ValueError) as error:
                raise KeyringError(f"{path} does not open with KEY_PASSPHRASE") from error
        try:
            public = public_of(raw)
        except ValueError as error:
            raise KeyringError(f"{path} is not a private key; is KEY_PASSPHRASE missing?") from error
        if key_id_of(public) != path.name:
            raise KeyringError(f"{path} does not match its name; restore it from a backup")
        return raw

    def _stretch(self, salt: bytes) -> bytes:
        kdf = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=64 * 1024)
        return kdf.derive(self.passphrase.encode())

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

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from functions.vault.sealing import VERSION, SealError, hpke_info

MLKEM_PUBLIC = 1184
MLKEM_SEED = 64
MANY_KEYS = 50
KEY_ID_BYTES = 8
HPKE_OVERHEAD = 1 + KEY_ID_BYTES + 1120 + 16  # version, key id, encapsulated secret, tag
SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


class Purpose(StrEnum):
    """What a key pair is for. No function holds the private keys of two of them, but the courier: its own
    and the one that signs links (law 2)."""

    DESK = "desk"
    COURIER = "courier"
    LINKS = "links"
    IDENTITY = "identity"


class KeyringError(Exception):
    """Keys are missing, unreadable or not what they claim; the message says which and what to do."""


def key_id_of(public: bytes) -> str:
    """The id of a key pair: the first 8 bytes of the SHA-256 of its public key, in hex."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(public)
    return digest.finalize()[:KEY_ID_BYTES].hex()


@dataclass(frozen=True, slots=True)
class PublicKeys:
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
        sealed = SUITE.encrypt(plain, _public(self.keys[key_id]), info=hpke_info(purpose, instance, context))
        return key_id, VERSION + bytes.fromhex(key_id) + sealed


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKeys:
    """Private keys (raw bytes) of one purpose by key id."""

    purpose: Purpose
    keys: Mapping[str, bytes]

    def open(self, instance: str, context: str, envelope: bytes) -> bytes:
        """What ``PublicKeys.seal`` sealed. Raises SealError where the key is gone or the context differs."""
        key_id = envelope[1 : 1 + KEY_ID_BYTES].hex()
        if envelope[:1] != VERSION or key_id not in self.keys:
            raise SealError("no key for this envelope")
        try:
            return SUITE.decrypt(
                envelope[1 + KEY_ID_BYTES :],
                _private(self.keys[key_id]),
                info=hpke_info(self.purpose, instance, context),
            )
        except (InvalidTag, ValueError) as error:
            raise SealError("does not open") from error


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
            raw = json.loads(self.public_file.read_text())
            keys = {key_id: base64.b64decode(text) for key_id, text in raw["keys"].items()}
            current = {(Purpose(c["purpose"]), c["instance"]): c["key_id"] for c in raw["current"]}
        except FileNotFoundError as error:
            raise KeyringError(f"{self.public_file} is missing; run `python -m functions.cli init`") from error
        except OSError as error:
            raise KeyringError(f"{self.public_file} cannot be read: {error.strerror}; check its owner") from error
        except (ValueError, KeyError, TypeError) as error:
            raise KeyringError(f"{self.public_file} is damaged; restore it from a backup") from error
        if any(key_id_of(public) != key_id for key_id, public in keys.items()):
            raise KeyringError(f"{self.public_file}: a key does not match its id; restore it from a backup")
        return PublicKeys(keys, current)

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
            if self.public_file.exists():
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

    def generate_all(self, pairs: Iterable[tuple[Purpose, str]]) -> list[str]:
        """Make new pairs as ``generate`` does, and their key ids. The public file, which holds those of all
        instances, is written after the first and then once for many: for a nation it would be written thousands of
        times."""
        known = self.public() if self.public_file.exists() else PublicKeys({}, {})
        keys, current = dict(known.keys), dict(known.current)
        made: list[str] = []
        for purpose, instance in pairs:
            private, public = _new_pair(purpose)
            key_id = key_id_of(public)
            _write_private(self.root / purpose / instance / key_id, self._lock(private))
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
        raw = {
            "keys": {key_id: base64.b64encode(value).decode() for key_id, value in public.keys.items()},
            "current": [
                {"purpose": purpose, "instance": instance, "key_id": key_id}
                for (purpose, instance), key_id in public.current.items()
            ],
        }
        _write_private(self.public_file, json.dumps(raw, indent=1).encode())

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
            public = _public_of(raw)
        except ValueError as error:
            raise KeyringError(f"{path} is not a private key; is KEY_PASSPHRASE missing?") from error
        if key_id_of(public) != path.name:
            raise KeyringError(f"{path} does not match its name; restore it from a backup")
        return raw

    def _stretch(self, salt: bytes) -> bytes:
        kdf = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=64 * 1024)
        return kdf.derive(self.passphrase.encode())


def _new_pair(purpose: Purpose) -> tuple[bytes, bytes]:
    if purpose is Purpose.LINKS:
        private = Ed25519PrivateKey.generate().private_bytes_raw()
    else:
        seed = MLKEM768PrivateKey.generate().private_bytes_raw()
        private = seed + X25519PrivateKey.generate().private_bytes_raw()
    return private, _public_of(private)


def _public_of(private: bytes) -> bytes:
    if len(private) == MLKEM_SEED + 32:
        mlkem = MLKEM768PrivateKey.from_seed_bytes(private[:MLKEM_SEED]).public_key().public_bytes_raw()
        return mlkem + X25519PrivateKey.from_private_bytes(private[MLKEM_SEED:]).public_key().public_bytes_raw()
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def _public(raw: bytes) -> hpke.MLKEM768X25519PublicKey:
    return hpke.MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(raw[:MLKEM_PUBLIC]), X25519PublicKey.from_public_bytes(raw[MLKEM_PUBLIC:])
    )


def _private(raw: bytes) -> hpke.MLKEM768X25519PrivateKey:
    return hpke.MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(raw[:MLKEM_SEED]), X25519PrivateKey.from_private_bytes(raw[MLKEM_SEED:])
    )


def _write_private(path: Path, content: bytes) -> None:
    """Whole or not at all: a fresh file of mode 0600, synced, then renamed into place, the rename synced."""
    _private_folder(path.parent)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _private_folder(folder: Path) -> None:
    """Make a folder that only its owner enters; ``mkdir`` gives parents the usual mode, so one by one."""
    if not folder.exists():
        _private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)

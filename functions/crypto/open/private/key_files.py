"""The private keys of one machine, a file each: ``keys/<purpose>/<instance>/<key id>``, mode 0600.

A file holds 96 raw bytes (ML-KEM seed ‖ X25519) for HPKE or 32 (Ed25519) for links and mandates. With a passphrase it
holds ``salt(16) ‖ nonce(12) ‖ AES-256-GCM(Argon2id(passphrase))``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from functions.crypto.errors import KeyringError
from functions.crypto.key_pairs import public_of
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.key_files import PublicKeyFile
from functions.crypto.seal.public_keys import Purpose, is_id_of

SALT_BYTES, NONCE_BYTES = 16, 12


@dataclass(frozen=True, slots=True)
class PrivateKeyFiles(PublicKeyFile):
    """The key files below ``root``, including private ones. ``passphrase`` may be empty."""

    passphrase: str = ""

    def private(self, purpose: Purpose, instance: str = "") -> PrivateKeys:
        """Read all private keys of one purpose, or those of one instance. Raises KeyringError for wrong modes, bytes or
        passphrase."""
        found: dict[str, bytes] = {}
        for path in sorted((self.root / purpose).glob(f"{instance or '*'}/*")):
            if path.suffix:
                continue  # a half-written file of a run that was killed
            try:
                if path.stat().st_mode & 0o077:
                    raise KeyringError(f"{path} can be read by others; run `chmod 600 {path}`")
                found[path.name] = self._unlock(path)
            except FileNotFoundError:
                continue  # a concurrent rotation has just destroyed it
            except OSError as error:
                raise KeyringError(f"{path} cannot be read: {error.strerror}; check its owner") from error
        return PrivateKeys(purpose, found)

    def missing(self, purposes: Iterable[Purpose], instances: Iterable[str]) -> list[tuple[Purpose, str]]:
        """Return the (purpose, instance) pairs without a current public key and its private file."""
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

    def _unlock(self, path: Path) -> bytes:
        raw = path.read_bytes()
        if self.passphrase:
            try:
                raw = unlocked(raw, self.passphrase)
            except (InvalidTag, ValueError) as error:
                raise KeyringError(f"{path} does not open with KEY_PASSPHRASE") from error
        try:
            public = public_of(raw)
        except ValueError as error:
            raise KeyringError(f"{path} is not a private key; is KEY_PASSPHRASE missing?") from error
        if not is_id_of(path.name, public):
            raise KeyringError(f"{path} does not match its name; restore it from a backup")
        return raw


def unlocked(raw: bytes, passphrase: str) -> bytes:
    """Decrypt a key file with its passphrase. Raises InvalidTag, ValueError."""
    salt, nonce, locked = raw[:SALT_BYTES], raw[SALT_BYTES : SALT_BYTES + NONCE_BYTES], raw[SALT_BYTES + NONCE_BYTES :]
    return AESGCM(stretch(passphrase, salt)).decrypt(nonce, locked, None)


def stretch(passphrase: str, salt: bytes) -> bytes:
    """Derive the key (32 bytes) of a passphrase and salt: Argon2id, 64 MiB, three passes (RFC 9106)."""
    kdf = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=64 * 1024)
    return kdf.derive(passphrase.encode())

"""Make and destroy the key files of one machine. For ops: no function imports this."""

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from functions.casework.consent.roster import Roster
from functions.casework.directory.linked_office import LinkedOffice
from functions.config.private_files import write_private
from functions.crypto.errors import KeyringError
from functions.crypto.open.private.key_files import NONCE_BYTES, SALT_BYTES, PrivateKeyFiles, stretch
from functions.crypto.ops.interface import with_late, with_linked, with_roster, without_key, without_late
from functions.crypto.ops.new_pair import MANY_KEYS, new_pair
from functions.crypto.seal.public_keys import PublicKeys, Purpose, encode_public

DYING = ".dying"


@dataclass(frozen=True, slots=True)
class KeyDirectory(PrivateKeyFiles):
    """The key files below ``root``, for making and destroying them."""

    def check(self, purpose: Purpose, instance: str, key_id: str) -> None:
        """Open one private key and discard it. Raises KeyringError if it does not open, or its public half has another
        id."""
        path = self.root / purpose / instance / key_id
        try:
            self._unlock(path)
        except OSError as error:
            raise KeyringError(f"{path} cannot be read: {error.strerror}; check its owner") from error

    def private_ids(self, purpose: Purpose, instance: str) -> list[str]:
        """Return the ids of the private key files of one purpose and instance, with those half destroyed."""
        files = (self.root / purpose / instance).glob("*")
        return sorted({path.stem for path in files if path.suffix in ("", DYING)})

    def generate(self, purpose: Purpose, instance: str) -> str:
        """Make a new pair, private file first (mode 0600), then make it current. Returns its key id."""
        return self.generate_all([(purpose, instance)])[0]

    def exists(self) -> bool:
        """Tell whether there are public keys at all."""
        return self.public_file.exists()

    def check_existing(self) -> None:
        """Check the modes of all private keys, without opening any.

        Raises KeyringError if private keys are there and the public ones are gone, or if others can read a private key.
        """
        there = [path for path in self.root.glob("*/*/*") if not path.suffix]
        if not self.exists() and len(there) > 1:  # a single one is left by a first start that was interrupted
            raise KeyringError(f"{self.public_file} is gone while private keys are there: restore it from a backup.")
        for path in there:
            if path.stat().st_mode & 0o077:
                raise KeyringError(f"{path} can be read by others: run `chmod 600 {path}`.")

    def generate_all(self, pairs: Iterable[tuple[Purpose, str]]) -> list[str]:
        """Make new pairs as ``generate`` does and return their key ids.

        The public file holds the keys of all instances. It is written after the first pair and then once per batch: a
        nation would otherwise write it thousands of times.
        """
        taken = {*self._known().keys}
        keys: dict[str, bytes] = {}
        current: dict[tuple[Purpose, str], str] = {}
        made: list[str] = []
        for purpose, instance in pairs:
            private, public, key_id = new_pair(purpose, taken)
            write_private(self.root / purpose / instance / key_id, self._lock(private))
            keys[key_id], current[purpose, instance] = public, key_id
            taken.add(key_id)
            if len(made) % MANY_KEYS == 0:
                self._add_public(keys, current)
            made.append(key_id)
        self._add_public(keys, current)
        return made

    def destroy(self, purpose: Purpose, instance: str, key_id: str) -> None:
        """Drop an old key's public half, then its private file. Refuses to destroy the current key.

        If it is interrupted, the id stays among ``private_ids``, and calling it again finishes the work: the private
        file, by which it is found, goes last."""
        self._write_public(without_key(self.read_now(), purpose, instance, key_id))
        path = self.root / purpose / instance / key_id
        dying = path.with_name(key_id + DYING)  # renamed first: a run killed here must not block all keys
        if path.exists():
            path.replace(dying)
        if dying.exists():
            with dying.open("r+b") as file:
                file.write(os.urandom(dying.stat().st_size))
                file.flush()  # else only the end of the file's last use would write it, behind the sync
                os.fsync(file.fileno())
            dying.unlink()
        self._write_public(self.read_now())  # again: doors that read their keys meanwhile forget this one (``mark``)

    def put_roster(self, instance: str, roster: Roster | None, before: str) -> None:
        """Publish an instance's roster in place of the one of id ``before`` ("" for none), or none at all."""
        known = self.public()
        self._write_public(with_roster(known, instance, roster, before))

    def put_linked(self, code: str, office: LinkedOffice | None) -> None:
        """Publish the keys of a linked office in place of those that it had, or take them away."""
        self._write_public(with_linked(self.read_now(), code, office))

    def keep_late(self, purpose: Purpose, instances: Collection[str]) -> None:
        """Let reports to the current keys in, also after the next ones were made. Which keys these were before ends."""
        self._write_public(with_late(self.read_now(), purpose, instances))

    def end_late(self, purpose: Purpose, instances: Collection[str]) -> None:
        """Let no report to the keys of before in any more: no page shows them by now."""
        self._write_public(without_late(self.read_now(), purpose, instances))

    def _known(self) -> PublicKeys:
        return self.read_now() if self.exists() else PublicKeys({}, {})

    def _add_public(self, keys: dict[str, bytes], current: dict[tuple[Purpose, str], str]) -> None:
        """Publish these beside what is known now: making them took long, and another command may have changed it."""
        if keys:
            known = self._known()
            self._write_public(known._replace(keys={**known.keys, **keys}, current={**known.current, **current}))
            keys.clear()
            current.clear()

    def _write_public(self, public: PublicKeys) -> None:
        write_private(self.public_file, encode_public(public), 0o644)  # other users' processes seal to them

    def _lock(self, private: bytes) -> bytes:
        if not self.passphrase:
            return private
        salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
        return salt + nonce + AESGCM(stretch(self.passphrase, salt)).encrypt(nonce, private, None)

"""The public keys of one machine: the file ``public.json`` below ``keys/``."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from functions.crypto.errors import KeyringError
from functions.crypto.seal.public_keys import PublicKeys, decode_public


@dataclass(frozen=True, slots=True)
class PublicKeyFile:
    """``public.json`` below ``root``."""

    root: Path

    @property
    def public_file(self) -> Path:
        """Where the public keys are."""
        return self.root / "public.json"

    def public(self) -> PublicKeys:
        """Return all public keys, read again only after ``public.json`` was replaced: a nation has thousands. Raises
        KeyringError if the file is missing or broken."""
        return self._read(_decoded)

    def read_now(self) -> PublicKeys:
        """Read the public keys now, as who changes them must. Raises KeyringError."""
        return self._read(_decoded.__wrapped__)

    def _read(self, read: Callable[[Path, tuple[int, int, int]], PublicKeys]) -> PublicKeys:
        try:
            return read(self.public_file, self.mark())
        except FileNotFoundError as error:
            raise KeyringError(f"{self.public_file} is missing; run `python -m functions.cli init`") from error
        except OSError as error:
            raise KeyringError(f"{self.public_file} cannot be read: {error.strerror}; check its owner") from error

    @property
    def place(self) -> str:
        """The folder, for messages."""
        return str(self.root)

    def mark(self) -> tuple[int, int, int]:
        """Changes whenever ``public.json`` is replaced."""
        status = self.public_file.stat() if self.public_file.exists() else None
        return (status.st_ino, status.st_mtime_ns, status.st_size) if status else (0, 0, 0)


@lru_cache(maxsize=2)
def _decoded(file: Path, _mark: tuple[int, int, int]) -> PublicKeys:
    return decode_public(file.read_bytes(), str(file))

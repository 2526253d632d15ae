"""A sealed archive: a long file in chunks, each of which is checked before it is believed, in bounded memory.

``MAGIC (8) ‖ how (1) ‖ salt (16)``, the header, then chunks of 64 KiB, the last one shorter or as long, each with 16
bytes behind it that bind header, number, whether it is the last, and content: so nothing can be cut off, swapped,
or changed. With a passphrase (``how`` = 1) a chunk is AES-256-GCM under Argon2id(passphrase, salt); without one (0) it
lies in clear, and the 16 bytes are of a SHA-256: they find damage, not malice.
"""

import hashlib
import os
from dataclasses import dataclass
from hmac import compare_digest
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

MAGIC = b"LAPOR-C1"
OPEN, SEALED = b"\0", b"\1"
SALT = 16
HEADER = len(MAGIC) + 1 + SALT
CHUNK = 64 * 1024
TAG = 16


class ArchiveError(Exception):
    """Not an archive, damaged, cut short, or the passphrase is another; the message says which."""


@dataclass(frozen=True, slots=True, repr=False)
class _Chunks:
    """How chunks are made and opened. ``key`` is empty for an archive in clear."""

    header: bytes
    key: bytes

    def seal(self, number: int, plain: bytes, *, last: bool) -> bytes:
        place = _place(number, last=last)
        if self.key:
            return AESGCM(self.key).encrypt(place, plain, self.header)
        return plain + self._digest(place, plain)

    def open(self, number: int, chunk: bytes, *, last: bool) -> bytes:
        """Raises InvalidTag."""
        place = _place(number, last=last)
        if self.key:
            return AESGCM(self.key).decrypt(place, chunk, self.header)
        plain, tag = chunk[:-TAG], chunk[-TAG:]
        if len(chunk) < TAG or not compare_digest(tag, self._digest(place, plain)):
            raise InvalidTag
        return plain

    def _digest(self, place: bytes, plain: bytes) -> bytes:
        return hashlib.sha256(self.header + place + plain).digest()[:TAG]


class Writer:
    """Takes bytes by ``write`` and puts chunks into ``file``; whole only after ``finish``."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        header = MAGIC + (SEALED if passphrase else OPEN) + os.urandom(SALT)
        self._file, self._chunks = file, _Chunks(header, _key(passphrase, header))
        self._number, self._rest = 0, bytearray()
        file.write(header)

    def write(self, data: bytes) -> int:
        """Take bytes; the last chunk is held back until it is known to be the last."""
        self._rest += data
        while len(self._rest) > CHUNK:
            self._put(bytes(self._rest[:CHUNK]), last=False)
            del self._rest[:CHUNK]
        return len(data)

    def finish(self) -> None:
        """Write the last chunk."""
        self._put(bytes(self._rest), last=True)

    def _put(self, plain: bytes, *, last: bool) -> None:
        self._file.write(self._chunks.seal(self._number, plain, last=last))
        self._number += 1


class Reader:
    """Gives the bytes back by ``read``. Nothing is given out of a chunk that does not hold.

    Raises ArchiveError, here and while reading.
    """

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        header = file.read(HEADER)
        how = header[len(MAGIC) : len(MAGIC) + 1]
        if len(header) != HEADER or not header.startswith(MAGIC) or how not in (OPEN, SEALED):
            raise ArchiveError("this is no backup of Lapor Anonim, or of another release")
        if how == SEALED and not passphrase:
            raise ArchiveError("it is sealed with a passphrase: set BACKUP_PASSPHRASE")
        self._file = file
        self._chunks = _Chunks(header, _key(passphrase if how == SEALED else "", header))
        self._number, self._rest, self._next = 0, b"", file.read(CHUNK + TAG)
        self._ended = False

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes, none only at the end."""
        while not self._rest and not self._ended:
            self._rest = self._open_next()
        given, self._rest = self._rest[:size], self._rest[size:]
        return given

    def rest(self) -> None:
        """Read to the end, so that every chunk was checked. Raises ArchiveError."""
        while self.read(CHUNK):
            pass

    def _open_next(self) -> bytes:
        chunk, self._next = self._next, self._file.read(CHUNK + TAG)
        self._ended = not self._next
        try:
            plain = self._chunks.open(self._number, chunk, last=self._ended)
        except InvalidTag as error:
            first = self._number == 0 and self._chunks.key
            what = "BACKUP_PASSPHRASE is not the one it was sealed with, or it" if first else "it"
            raise ArchiveError(f"{what} is damaged or cut short; nothing of it was used") from error
        self._number += 1
        return plain


def _place(number: int, *, last: bool) -> bytes:
    """Twelve bytes, never the same twice under one key: a nonce."""
    return number.to_bytes(11, "big") + bytes([last])


def _key(passphrase: str, header: bytes) -> bytes:
    if not passphrase:
        return b""
    kdf = Argon2id(salt=header[-SALT:], length=32, iterations=3, lanes=4, memory_cost=64 * 1024)
    return kdf.derive(passphrase.encode())

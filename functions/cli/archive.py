"""The file of a backup: a stream in chunks, each checked before it is believed, in bounded memory.

| begins with | what | written | opens with |
|---|---|---|---|
| ``age-encryption.org/v1`` | age with a passphrase (https://age-encryption.org/v1) | yes | `restore`, or `age -d` |
| 1F 8B | gzip: in clear, its checksum finds damage, not malice | yes | `restore`, or `gunzip` |
| ``LAPOR-C1`` | what releases before 0.1.0 wrote, sealed or in clear | no | `restore` |

In age and in the old form, 64 KiB of content and a tag of 16 bytes make a chunk. The tag binds the number of the chunk
and whether it is the last: nothing can be cut off, swapped or changed. Why not `pyrage`: docs/dependencies.md.
"""

import hashlib
import os
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from gzip import BadGzipFile, GzipFile
from hmac import compare_digest, digest
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

AGE, GZIP, OLD = b"age-encryption.org/v1\n", b"\x1f\x8b", b"LAPOR-C1"
CHUNK = 64 * 1024
TAG = 16
LINE_MAX = 100  # bytes; the longest line of a header has 45
WORK = 17  # log2 of scrypt's N: 128 MiB, OWASP's first choice. age's own 18 would double that on an office's machine
WORK_MAX = 20  # the most we accept in archives sealed elsewhere: 1 GiB
_HEADER = re.compile(
    re.escape(AGE) + rb"-> scrypt ([A-Za-z\d+/]{22}) ([1-9]\d?)\n([A-Za-z\d+/]{43})\n--- ([A-Za-z\d+/]{43})\n"
)
_OLD_HEADER = len(OLD) + 1 + 16  # magic, a byte that says whether it is sealed, salt
_Open = Callable[[bytes, bytes], bytes]  # nonce and chunk to content; raises InvalidTag


class ArchiveError(Exception):
    """Not an archive, damaged, cut short, or sealed with another passphrase; the message says which."""


class Writer(Protocol):
    """Takes the content of an archive. The archive is whole only after ``close``, which leaves the file open."""

    def write(self, data: bytes, /) -> int:
        """Take bytes."""

    def close(self) -> None:
        """Write the remaining bytes."""


def writer(file: BinaryIO, passphrase: str) -> Writer:
    """Return a writer that seals into ``file`` with the passphrase, or writes in clear if the passphrase is empty."""
    return _AgeWriter(file, passphrase) if passphrase else GzipFile("", "wb", 1, file, mtime=0)


class _AgeWriter:
    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        file_key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
        wrapped = ChaCha20Poly1305(_stretched(passphrase, salt, WORK)).encrypt(bytes(12), file_key, None)
        head = AGE + b"-> scrypt %b %d\n%b\n---" % (_base64(salt), WORK, _base64(wrapped))
        file.write(head + b" %b\n" % _base64(_mac(file_key, head)) + nonce)
        self._file, self._cipher = file, ChaCha20Poly1305(_hkdf(file_key, nonce, b"payload"))
        self._number, self._rest = 0, bytearray()

    def write(self, data: bytes, /) -> int:
        """Take bytes; the last chunk is held back until it is known to be the last."""
        self._rest += data
        while len(self._rest) > CHUNK:
            self._put(bytes(self._rest[:CHUNK]), last=False)
            del self._rest[:CHUNK]
        return len(data)

    def close(self) -> None:
        self._put(bytes(self._rest), last=True)

    def _put(self, plain: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), plain, None))
        self._number += 1


class Reader:
    """Returns the content by ``read``, and nothing of a chunk that fails its check.

    Raises ArchiveError while reading. An archive in clear is only known to be undamaged at its end, and anybody may
    have made it: it is refused unless ``unsealed`` asks for it.
    """

    def __init__(self, file: BinaryIO, passphrase: str, *, unsealed: bool = False) -> None:
        self._pieces, self._rest = _pieces(file, passphrase, unsealed=unsealed), b""

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes; none only at the end."""
        while not self._rest and (piece := next(self._pieces, None)) is not None:
            self._rest = piece
        given, self._rest = self._rest[:size], self._rest[size:]
        return given

    def rest(self) -> None:
        """Read to the end, so that every chunk is checked. Raises ArchiveError."""
        while self.read(CHUNK):
            pass


def is_sealed(file: BinaryIO) -> bool:
    """Tell whether a file says that it is sealed with a passphrase. Reads its beginning and goes back there."""
    start = file.read(len(OLD) + 1)
    file.seek(0)
    return not start.startswith(GZIP) and start != OLD + b"\0"


def _pieces(file: BinaryIO, passphrase: str, *, unsealed: bool) -> Iterator[bytes]:
    if not (unsealed or is_sealed(file)):
        raise ArchiveError("it is not sealed, so anybody may have made it, with keys of their own; nothing was used")
    start = file.read(len(OLD))
    file.seek(0)
    if start.startswith(GZIP):
        yield from _unpacked(file)
        return
    opens = {AGE[: len(OLD)]: _age, OLD: _old}.get(start)
    if not opens:
        raise _no_archive()
    yield from _chunks(file, opens(file, passphrase))


def _chunks(file: BinaryIO, open_chunk: _Open) -> Iterator[bytes]:
    number, chunk = 0, file.read(CHUNK + TAG)
    while number == 0 or chunk:
        following = file.read(CHUNK + TAG)
        try:
            yield open_chunk(_nonce(number, last=not following), chunk)
        except InvalidTag as error:
            raise _damaged() from error
        number, chunk = number + 1, following


def _unpacked(file: BinaryIO) -> Iterator[bytes]:
    try:
        with GzipFile(fileobj=file, mode="rb") as plain:
            while piece := plain.read(CHUNK):
                yield piece
    except (EOFError, BadGzipFile, zlib.error) as error:
        raise _damaged() from error


def _age(file: BinaryIO, passphrase: str) -> _Open:
    header = b"".join(file.readline(LINE_MAX) for _ in range(4))
    found = _HEADER.fullmatch(header)
    if not found or int(found[2]) > WORK_MAX:
        raise ArchiveError("it is damaged, or sealed by age other than with a passphrase: then open it with age")
    salt, wrapped = (b64decode(found[n] + b"==") for n in (1, 3))
    try:
        key = _stretched(_needed(passphrase), salt, int(found[2]))
        file_key = ChaCha20Poly1305(key).decrypt(bytes(12), wrapped, None)
    except InvalidTag as error:
        raise _other_passphrase() from error
    if not compare_digest(found[4], _base64(_mac(file_key, header[: found.start(4) - 1]))):
        raise _damaged()
    cipher = ChaCha20Poly1305(_hkdf(file_key, file.read(16), b"payload"))
    return lambda nonce, chunk: cipher.decrypt(nonce, chunk, None)


def _old(file: BinaryIO, passphrase: str) -> _Open:
    header = file.read(_OLD_HEADER)
    if len(header) != _OLD_HEADER or header[len(OLD)] > 1:
        raise _no_archive()

    def in_clear(nonce: bytes, chunk: bytes) -> bytes:
        plain, tag = chunk[:-TAG], chunk[-TAG:]
        if len(chunk) < TAG or not compare_digest(tag, hashlib.sha256(header + nonce + plain).digest()[:TAG]):
            raise InvalidTag
        return plain

    if not header[len(OLD)]:
        return in_clear
    cipher = AESGCM(_old_key(_needed(passphrase), header[-16:]))

    def sealed(nonce: bytes, chunk: bytes) -> bytes:
        try:
            return cipher.decrypt(nonce, chunk, header)
        except InvalidTag as error:
            if any(nonce[:-1]):
                raise
            raise _other_passphrase() from error

    return sealed


def _needed(passphrase: str) -> str:
    if not passphrase:
        raise ArchiveError("it is sealed with a passphrase: set BACKUP_PASSPHRASE")
    return passphrase


def _no_archive() -> ArchiveError:
    return ArchiveError("this is no backup of Lapor Anonim, or of another release")


def _damaged() -> ArchiveError:
    return ArchiveError("it is damaged or cut short; nothing of it was used")


def _other_passphrase() -> ArchiveError:
    return ArchiveError(
        "BACKUP_PASSPHRASE is not the one it was sealed with, or it is damaged or cut short; nothing of it was used"
    )


def _nonce(number: int, *, last: bool) -> bytes:
    """Return twelve bytes that never repeat under one key."""
    return number.to_bytes(11, "big") + bytes([last])


def _base64(raw: bytes) -> bytes:
    return b64encode(raw).rstrip(b"=")


def _mac(file_key: bytes, head: bytes) -> bytes:
    return digest(_hkdf(file_key, b"", b"header"), head, "sha256")


def _hkdf(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(key)


def _stretched(passphrase: str, salt: bytes, work: int) -> bytes:
    kdf = Scrypt(salt=b"age-encryption.org/v1/scrypt" + salt, length=32, n=1 << work, r=8, p=1)
    return kdf.derive(passphrase.encode())


def _old_key(passphrase: str, salt: bytes) -> bytes:
    kdf = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=64 * 1024)
    return kdf.derive(passphrase.encode())

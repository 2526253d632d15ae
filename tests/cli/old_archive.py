"""Archives as releases before 0.1.0 wrote them; ``restore`` still reads them."""

import hashlib
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

CHUNK, TAG = 64 * 1024, 16
HEADER = 25


class OldWriter:
    """What they put into a file, chunk by chunk; the salt is given, so that the same bytes come out."""

    def __init__(self, file: BinaryIO, passphrase: str, salt: bytes = bytes(range(16))) -> None:
        self.header = b"LAPOR-C1" + bytes([bool(passphrase)]) + salt
        kdf = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=64 * 1024)
        self.key = kdf.derive(passphrase.encode()) if passphrase else b""
        self.file, self.number, self.rest = file, 0, bytearray()
        file.write(self.header)

    def write(self, data: bytes, /) -> int:
        self.rest += data
        while len(self.rest) > CHUNK:
            self.put(bytes(self.rest[:CHUNK]), last=False)
            del self.rest[:CHUNK]
        return len(data)

    def close(self) -> None:
        self.put(bytes(self.rest), last=True)

    def put(self, plain: bytes, *, last: bool) -> None:
        place = self.number.to_bytes(11, "big") + bytes([last])
        if self.key:
            self.file.write(AESGCM(self.key).encrypt(place, plain, self.header))
        else:
            self.file.write(plain + hashlib.sha256(self.header + place + plain).digest()[:TAG])
        self.number += 1

"""Packing: text that exceeds the smallest size is deflated before it is padded.

A mark *inside* the seal says whether it was deflated, so stored data do not tell whether a browser could deflate. If
somebody can repeatedly place text beside a secret and watch the size, deflating reveals the secret piece by piece
(CRIME, Rizzo and Duong 2012). So a number's slip is never deflated. Everything else is one person's text, packed once.

Source: RFC 1950 (zlib), which browsers call ``deflate``.
"""

import zlib

from functions.crypto.padding import LENGTH_BYTES

STORED, DEFLATED = b"\x00", b"\x01"
MOST_BYTES = 2**17  # before deflating and after inflating: a small envelope may not fill a door's memory


class PackingError(ValueError):
    """The opened bytes are not what ``packed`` makes, or hold more than ``MOST_BYTES``."""


def packed(plain: bytes, floor: int) -> bytes:
    """Return a mark (1 byte) and the bytes: unchanged if they fit in ``floor``, else deflated if that is shorter."""
    stored = STORED + plain
    if len(stored) + LENGTH_BYTES <= floor or len(plain) > MOST_BYTES:
        return stored
    deflated = DEFLATED + zlib.compress(plain, 9)
    return min(stored, deflated, key=len)


def unpacked(inside: bytes) -> bytes:
    """Return what ``packed`` was given. Raises PackingError."""
    mark, rest = inside[:1], inside[1:]
    if mark == STORED:
        return rest
    if mark != DEFLATED:
        raise PackingError("no mark")
    stream = zlib.decompressobj()
    try:
        plain = stream.decompress(rest, MOST_BYTES + 1)
    except zlib.error as error:
        raise PackingError("not deflated") from error
    if len(plain) > MOST_BYTES:
        raise PackingError(f"more than {MOST_BYTES} bytes")
    if not stream.eof or stream.unused_data:
        raise PackingError("cut short, or something after it")
    return plain

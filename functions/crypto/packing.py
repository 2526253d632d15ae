"""Packing: words that would not fit the smallest size as they are, are deflated before they are padded.

A mark *inside* the seal says which of the two was done, so what lies at rest does not tell whether a browser could
deflate. Where somebody can put words of his own beside a secret again and again, and watch the size, deflating tells
him the secret piece by piece (CRIME, Rizzo and Duong 2012): what a number's slip holds is never deflated. All else is
one person's words, packed once.

Source: RFC 1950 (zlib), which is what browsers call ``deflate``.
"""

import zlib

from functions.crypto.padding import LENGTH_BYTES

STORED, DEFLATED = b"\x00", b"\x01"
MOST_BYTES = 2**17  # of what is deflated, and of what comes out: a small envelope may not fill a door's memory


class PackingError(ValueError):
    """The opened bytes are not what ``packed`` makes, or hold more than ``MOST_BYTES``."""


def packed(plain: bytes, floor: int) -> bytes:
    """Mark (1 byte) and bytes: as they are where they fit in ``floor``, else deflated where that is shorter."""
    stored = STORED + plain
    if len(stored) + LENGTH_BYTES <= floor or len(plain) > MOST_BYTES:
        return stored
    deflated = DEFLATED + zlib.compress(plain, 9)
    return min(stored, deflated, key=len)


def unpacked(inside: bytes) -> bytes:
    """What ``packed`` was given. Raises PackingError."""
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

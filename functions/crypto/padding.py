"""Padding in bytes, so that a ciphertext tells a bucket, not a length.

Words fall into doubling buckets from a floor (2 KiB where none is given); files into Padmé sizes (Nikitin et al.,
"Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", PoPETs 2019, §4: at most 12 % more, and
log log of the length leaks) from 64 KiB.
"""

MESSAGE_FLOOR = 2048
FILE_FLOOR = 65536
LENGTH_BYTES = 4


class PaddingError(ValueError):
    """The opened bytes do not carry a true length: not made by ``pad``."""


def pad(plain: bytes, size: int) -> bytes:
    """Length (4 bytes, big-endian), the bytes, zeros up to ``size``."""
    if len(plain) + LENGTH_BYTES > size:
        raise PaddingError(f"{len(plain)} bytes do not fit in {size}")
    return len(plain).to_bytes(LENGTH_BYTES, "big") + plain + bytes(size - LENGTH_BYTES - len(plain))


def unpad(padded: bytes) -> bytes:
    """What ``pad`` was given. Raises PaddingError for anything else."""
    length = int.from_bytes(padded[:LENGTH_BYTES], "big")
    if len(padded) < LENGTH_BYTES or length > len(padded) - LENGTH_BYTES:
        raise PaddingError("no true length")
    return padded[LENGTH_BYTES : LENGTH_BYTES + length]


def message_bucket(length: int, floor: int = MESSAGE_FLOOR) -> int:
    """The padded size for a message of ``length`` bytes: ``floor`` doubled until it fits."""
    size = floor
    while size < length + LENGTH_BYTES:
        size *= 2
    return size


def file_bucket(length: int) -> int:
    """The padded size for a file of ``length`` bytes: Padmé, at least 64 KiB."""
    size = max(length + LENGTH_BYTES, FILE_FLOOR)
    exponent = size.bit_length() - 1
    keep = exponent.bit_length()
    mask = (1 << max(exponent - keep, 0)) - 1
    return (size + mask) & ~mask

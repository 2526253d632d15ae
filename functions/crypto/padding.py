"""Padding in bytes, so that a ciphertext reveals a bucket instead of a length.

Text falls into doubling buckets from a floor (2 KiB by default). Files get Padmé sizes from 64 KiB: at most 12 % more,
and log log of the length leaks. Source: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and
Communication with PURBs", PoPETs 2019, §4.
"""

MESSAGE_FLOOR = 2048
FILE_FLOOR = 65536
LENGTH_BYTES = 4


class PaddingError(ValueError):
    """The opened bytes carry no true length: ``pad`` did not make them."""


def pad(plain: bytes, size: int) -> bytes:
    """Return the length (4 bytes, big-endian), the bytes, and zeros up to ``size``."""
    if len(plain) + LENGTH_BYTES > size:
        raise PaddingError(f"{len(plain)} bytes do not fit in {size}")
    return len(plain).to_bytes(LENGTH_BYTES, "big") + plain + bytes(size - LENGTH_BYTES - len(plain))


def unpad(padded: bytes) -> bytes:
    """Return what ``pad`` was given. Raises PaddingError for anything else."""
    length = int.from_bytes(padded[:LENGTH_BYTES], "big")
    if len(padded) < LENGTH_BYTES or length > len(padded) - LENGTH_BYTES:
        raise PaddingError("no true length")
    return padded[LENGTH_BYTES : LENGTH_BYTES + length]


def message_bucket(length: int, floor: int = MESSAGE_FLOOR) -> int:
    """Return the padded size for a message of ``length`` bytes: ``floor`` doubled until it fits."""
    size = floor
    while size < length + LENGTH_BYTES:
        size *= 2
    return size


def file_bucket(length: int) -> int:
    """Return the padded size for a file of ``length`` bytes: Padmé, at least 64 KiB."""
    size = max(length + LENGTH_BYTES, FILE_FLOOR)
    exponent = size.bit_length() - 1
    keep = exponent.bit_length()
    mask = (1 << exponent - keep) - 1
    return (size + mask) & ~mask

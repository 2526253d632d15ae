"""JBIG2 data without the segments that hold comments (ITU-T T.88, 7.2 and 7.4.16)."""

from typing import Final

from functions.sanitize.file_types import FileRefusedError, Refusal

# Types 52 (profiles) and 62 (extension: comments) draw nothing; those from 0 to 51 and 53 may.
_SILENT: Final = frozenset({52, 62})
_END_OF_FILE: Final = 51
_UNKNOWN_LENGTH: Final = 0xFFFFFFFF


def without_extensions(data: bytes) -> bytes:
    """Return the segments that draw. Raises FileRefusedError (too_complex) if segments cannot be told apart."""
    kept, position = bytearray(), 0
    while position < len(data):
        kind, body, end = _segment(data, position)
        if end > len(data) or body > end:
            raise FileRefusedError(Refusal.TOO_COMPLEX)
        if kind == _END_OF_FILE:
            break
        if kind not in _SILENT:
            kept += data[position:end]
        position = end
    return bytes(kept)


def _segment(data: bytes, start: int) -> tuple[int, int, int]:
    """Return the type of the segment at ``start``, and where its body starts and ends."""
    header = data[start : start + 6].ljust(6, b"\0")
    number, flags, count = int.from_bytes(header[:4], "big"), header[4], header[5] >> 5
    position = start + 6
    if count > 4:  # noqa: PLR2004 the long form: 29 bits of count, then a retention bit for each and one more
        count = int.from_bytes(data[start + 5 : start + 9], "big") & 0x1FFFFFFF
        position = start + 9 + (count + 8) // 8
    reference = 1 if number <= 256 else 2 if number <= 65536 else 4  # noqa: PLR2004 T.88, 7.2.5
    position += count * reference + (4 if flags & 0x40 else 1)
    length = int.from_bytes(data[position : position + 4], "big")
    if length == _UNKNOWN_LENGTH:
        raise FileRefusedError(Refusal.TOO_COMPLEX)
    return flags & 0x3F, position + 4, position + 4 + length

"""What a file may be, and why one is refused. The type is read from the content, never from a name."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MAX_FILE_BYTES: Final = 5 * 1024 * 1024
MAX_PIXELS: Final = 40_000_000

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
WEBP: Final = "image/webp"
PDF: Final = "application/pdf"

# Some writers put a byte order mark or a blank line before the header; readers accept up to 1,024 bytes there
# (ISO 32000-1, Annex H.3.4.1), but room for 1,024 bytes is room for another format.
_LEAD = 16


class Refusal(StrEnum):
    """Why a file is refused; the pages turn it into words."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_TYPE = "unknown_type"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"
    ENCRYPTED_PDF = "encrypted_pdf"
    TOO_COMPLEX = "too_complex"


class FileRefusedError(Exception):
    """The file is not taken. ``code`` says why; nothing of the file is in the message."""

    def __init__(self, code: Refusal) -> None:
        self.code = code
        super().__init__(code.value)


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file without metadata: at most ``MAX_FILE_BYTES`` of one of the four media types."""

    content: bytes
    media_type: str


def media_type_of(raw: bytes) -> str:
    """The media type by the first bytes. Raises FileRefusedError (unknown_type)."""
    if raw.startswith(b"\xff\xd8\xff"):
        return JPEG
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if raw.startswith(b"RIFF") and raw[8:12] == b"WEBP":
        return WEBP
    if raw[:_LEAD].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return PDF
    raise FileRefusedError(Refusal.UNKNOWN_TYPE)

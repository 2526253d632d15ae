"""What a file may be, and why one is refused. The type is read from the content, never from a name."""

from enum import StrEnum
from typing import Final, NamedTuple

MAX_FILE_BYTES: Final = 5 * 1024 * 1024
MAX_PIXELS: Final = 40_000_000

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
WEBP: Final = "image/webp"
HEIC: Final = "image/heic"  # comes in only: it leaves as JPEG, which every browser shows
AVIF: Final = "image/avif"  # so does this
PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT: Final = "application/vnd.oasis.opendocument.text"
TEXT: Final = "text/plain"

# Some writers put a byte order mark or a blank line before the header; readers accept up to 1,024 bytes there
# (ISO 32000-1, Annex H.3.4.1), but room for 1,024 bytes is room for another format.
_LEAD = 16
# ISO 23008-12, Table 1 and MIAF's brands; of films ("mp42", "qt  ", "isom" …) there is none.
_BRANDS: Final = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"msf1"), HEIC),
    **dict.fromkeys((b"avif", b"avis"), AVIF),
}
_MAX_BRANDS = 32
_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What a clean file can be
LEAVING: Final = frozenset({JPEG, PNG, WEBP, PDF, DOCX, XLSX, ODT, TEXT})


class Refusal(StrEnum):
    """Why a file is refused; the pages turn it into words."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_TYPE = "unknown_type"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"
    ENCRYPTED_PDF = "encrypted_pdf"
    ENCRYPTED_OFFICE = "encrypted_office"
    TOO_COMPLEX = "too_complex"
    BUSY = "busy"  # not the file's fault: too many others are being cleaned


class FileRefusedError(Exception):
    """The file is not taken. ``code`` says why; nothing of the file is in the message."""

    def __init__(self, code: Refusal) -> None:
        self.code = code
        super().__init__(code.value)


class CleanFile(NamedTuple):
    """A file without metadata: at most ``MAX_FILE_BYTES`` of one of the media types in ``LEAVING``."""

    content: bytes
    media_type: str


def media_type_of(raw: bytes) -> str:
    """The media type by the content: first by the first bytes, last whether it is text.

    Raises FileRefusedError (unknown_type; macros and encrypted_office), and for a broken package anything.
    """
    found = first_look(raw)
    if found:
        return found
    if is_package(raw):
        from functions.sanitize.office.clean import office_type_of  # noqa: PLC0415 loaded with the first package only

        found = office_type_of(raw)
    else:
        from functions.sanitize.plain_text import is_text  # noqa: PLC0415 loaded when it is nothing else only

        found = TEXT if is_text(raw) else None
    if found:
        return found
    raise FileRefusedError(Refusal.UNKNOWN_TYPE)


def first_look(raw: bytes) -> str | None:
    """The media type by the first bytes alone, if they tell it: a photo's or PDF. Raises nothing."""
    if raw.startswith(b"\xff\xd8\xff"):
        return JPEG
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if raw.startswith(b"RIFF") and raw[8:12] == b"WEBP":
        return WEBP
    if raw[4:8] == b"ftyp":
        return _by_brands(raw)
    if raw[:_LEAD].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return PDF
    return None


def is_package(raw: bytes) -> bool:
    """Whether it starts as an office document does, of the new kind (zip) or the old."""
    return raw.startswith((_ZIP, _COMPOUND))


def _by_brands(raw: bytes) -> str | None:
    """HEIC or AVIF by the file type box (ISO 14496-12, 4.3): the brand, a version, more brands."""
    size = min(int.from_bytes(raw[:4], "big"), 16 + 4 * _MAX_BRANDS)
    brands = [raw[8:12], *(raw[at : at + 4] for at in range(16, size, 4))]
    if brands[0] not in _BRANDS:
        return None
    # "mif1" says that it is a picture and not how it is packed: a more telling brand goes first.
    return AVIF if AVIF in {_BRANDS.get(brand) for brand in brands} else HEIC

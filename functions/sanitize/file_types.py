"""Recognise a file by its first bytes, never by a name; the limits; and why a file is refused."""

from enum import StrEnum
from typing import Final, NamedTuple

from functions.casework.formats.attachments import AVIF, ENDINGS, FILE_MB, HEIC, JPEG, MB, PDF, PNG, WEBP

MAX_FILE_BYTES: Final = FILE_MB * MB
# A preview goes into the words of its event and into every look at the thread. With 1,600 bytes the event stays in the
# smallest size that the seal has for words: it costs nothing more, and no size tells photos from documents.
MAX_SMALL_BYTES: Final = 1600
MAX_PIXELS: Final = 40_000_000
# The media types of clean files
LEAVING: Final = frozenset(ENDINGS)

# Media type, first bytes, and for formats within a container the bytes at a later place
_STARTS: Final = (
    (JPEG, b"\xff\xd8\xff", 0, b""),
    (PNG, b"\x89PNG\r\n\x1a\n", 0, b""),
    (WEBP, b"RIFF", 8, b"WEBP"),
)
# Some writers put a byte order mark or a blank line before the header. Readers accept up to 1,024 bytes there
# (ISO 32000-1, Annex H.3.4.1), but 1,024 bytes would have room for another format.
_LEAD = 16
# ISO 23008-12, Table 1 and MIAF's brands; no brand of films ("mp42", "qt  ", "isom" …) is among them.
_BRANDS: Final = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"msf1"), HEIC),
    **dict.fromkeys((b"avif", b"avis"), AVIF),
}
_MAX_BRANDS = 32
_ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_GIF: Final = (b"GIF87a", b"GIF89a")


class Refusal(StrEnum):
    """Why a file is refused. ``functions/web/wording.py`` has a sentence for each."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_TYPE = "unknown_type"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"
    ENCRYPTED_PDF = "encrypted_pdf"
    ENCRYPTED_OFFICE = "encrypted_office"
    OTHER_OFFICE = "other_office"  # .doc, .xls, .ppt, and new kinds that no cleaner takes
    MOVING_PICTURE = "moving_picture"  # GIF
    HIDDEN_LAYERS = "hidden_layers"  # without layers, what a PDF hides would appear
    RECEIPT = "receipt"  # its words hold one
    TOO_COMPLEX = "too_complex"
    BUSY = "busy"  # not the file's fault: too many others are being cleaned


class FileRefusedError(Exception):
    """A file is refused. ``code`` says why; the message quotes nothing of the file."""

    def __init__(self, code: Refusal) -> None:
        self.code = code
        super().__init__(code.value)


class CleanFile(NamedTuple):
    """A file without metadata: at most ``MAX_FILE_BYTES``, of one of the media types in ``LEAVING``.

    ``small`` is a photo's preview: a JPEG of at most ``MAX_SMALL_BYTES``, b"" for any other file.
    """

    content: bytes
    media_type: str
    small: bytes = b""


def type_by_start(raw: bytes) -> str | None:
    """Return the media type of a photo or PDF by the first bytes alone; None for every other file."""
    for media_type, start, place, rest in _STARTS:
        if raw.startswith(start) and raw.startswith(rest, place):
            return media_type
    if raw[4:8] == b"ftyp":
        return _by_brands(raw)
    return PDF if raw[:_LEAD].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-") else None


def is_package(raw: bytes) -> bool:
    """Tell whether the file starts as an office document does, of the new kind (zip) or the old."""
    return raw.startswith((_ZIP, COMPOUND))


def is_gif(raw: bytes) -> bool:
    """Tell whether the file is a GIF: no camera writes one, and a still picture of it would lose what moves."""
    return raw.startswith(_GIF)


def check_size(raw: bytes, most: int = MAX_FILE_BYTES) -> None:
    """Raises FileRefusedError (empty, too_large)."""
    if not raw:
        raise FileRefusedError(Refusal.EMPTY)
    if len(raw) > most:
        raise FileRefusedError(Refusal.TOO_LARGE)


def _by_brands(raw: bytes) -> str | None:
    """Return HEIC or AVIF by the file type box (ISO 14496-12, 4.3): the brand, a version, more brands."""
    size = min(int.from_bytes(raw[:4], "big"), 16 + 4 * _MAX_BRANDS)
    brands = [raw[8:12], *(raw[at : at + 4] for at in range(16, size, 4))]
    if brands[0] not in _BRANDS:
        return None
    # "mif1" says that it is a picture, not how it is packed: a more telling brand wins.
    return AVIF if AVIF in {_BRANDS.get(brand) for brand in brands} else HEIC

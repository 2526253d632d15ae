"""The file types that a case accepts as attachments: one row a type.

The form's ``accept``, the sentences that list the types, the endings of downloads and the check of what the cleaning
may return all follow from ``TYPES``. ``functions/sanitize`` recognises and cleans them.
"""

from typing import Final, NamedTuple


class FileType(NamedTuple):
    """A type that is accepted.

    ``name`` is how the sentences call it; "" leaves it out. ``ending`` is that of a download. ``accept`` is its part
    of the file field's attribute: a media type, or an ending where phones know no media type.
    """

    media_type: str
    name: str
    ending: str
    accept: str
    leaves_as: str = ""  # another type that it is converted to; "" keeps its own

    @property
    def is_photo(self) -> bool:
        """Tell whether browsers show it as a picture."""
        return self.media_type.startswith("image/")


JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
WEBP: Final = "image/webp"
HEIC: Final = "image/heic"
AVIF: Final = "image/avif"
PDF: Final = "application/pdf"
# The names that IANA registered
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT: Final = "application/vnd.oasis.opendocument.text"
TEXT: Final = "text/plain"

TYPES: Final = (
    FileType(JPEG, "JPEG", "jpg", JPEG),
    FileType(PNG, "PNG", "png", PNG),
    FileType(WEBP, "WebP", "webp", WEBP),
    # Old phones and offices open neither of these two, so they leave as JPEG.
    FileType(HEIC, "HEIC", "", "image/heic,image/heif", leaves_as=JPEG),
    FileType(AVIF, "", "", AVIF, leaves_as=JPEG),
    FileType(PDF, "PDF", "pdf", PDF),
    FileType(DOCX, "DOCX", "docx", ".docx"),
    FileType(XLSX, "XLSX", "xlsx", ".xlsx"),
    FileType(ODT, "ODT", "odt", ".odt"),
    FileType(TEXT, "", "txt", ".txt"),
)

# The most MB (1,048,576 bytes) of a file anywhere. FILE_MB of the settings is what a place takes: in the cloud less.
FILE_MB: Final = 5
MB: Final = 1024 * 1024

# Media type that came in -> media type that leaves
LEAVES_AS: Final = {kind.media_type: kind.leaves_as or kind.media_type for kind in TYPES}
# Media types of the pictures among them
PHOTOS: Final = frozenset(kind.media_type for kind in TYPES if kind.is_photo)
# Media type of a clean file -> the ending of its name
ENDINGS: Final = {kind.media_type: kind.ending for kind in TYPES if not kind.leaves_as}
ACCEPT: Final = ",".join(kind.accept for kind in TYPES)

_DOCUMENTS: Final = tuple(kind.name for kind in TYPES if kind.name and not kind.is_photo)
# Blanks of the sentences that list the types: "JPEG, PNG", "PDF, DOCX, ODT", and the office types with the last apart.
FACTS: Final = {
    "photos": ", ".join(kind.name for kind in TYPES if kind.name and kind.is_photo),
    "documents": ", ".join(_DOCUMENTS),
    "office": ", ".join(_DOCUMENTS[1:-1]),
    "last": _DOCUMENTS[-1],
}

"""Office files (DOCX, XLSX, ODT): a new file, written from what shows the document.

Only names on an allow-list are copied, so unforeseen content stays behind too. Files with macros are accepted and come
out without them. Import this module lazily: it loads Pillow with the first file to clean.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape
from io import BytesIO
from typing import Final, TypeVar
from zipfile import ZipFile

from functions.casework.formats.attachments import DOCX, JPEG, ODT, PNG, WEBP, XLSX
from functions.sanitize.file_types import COMPOUND, MAX_FILE_BYTES, CleanFile, FileRefusedError, Refusal
from functions.sanitize.office.opc import CONTENT_TYPES, Package
from functions.sanitize.office.xml_tree import Budget, first, parse
from functions.sanitize.office.zip_file import Entries, packed, starts_as_zip

_T = TypeVar("_T")

_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
# Templates and files with macros hold the same parts as documents.
_MAIN: Final = {
    DOCX: re.compile(
        r"application/vnd\.(?:openxmlformats-officedocument\.wordprocessingml\.(?:document|template)"
        r"|ms-word\.(?:document|template)\.macroEnabled(?:Template)?)\.main\+xml",
        re.IGNORECASE,
    ),
    XLSX: re.compile(
        r"application/vnd\.(?:openxmlformats-officedocument\.spreadsheetml\.(?:sheet|template)"
        r"|ms-excel\.(?:sheet|template)\.macroEnabled)\.main\+xml",
        re.IGNORECASE,
    ),
}
# LibreOffice calls a web page that it saves as ODT "text-web".
_ODF: Final = frozenset({ODT.encode(), ODT.encode() + b"-template", ODT.encode() + b"-web"})
_ODF_MANIFEST: Final = "META-INF/manifest.xml"
# The mimetype is the first entry and not compressed, so it begins every OpenDocument file (ODF 1.3, part 2, 3.3).
_ODF_START: Final = b"mimetypeapplication/vnd.oasis.opendocument."
_MARKUP: Final = re.compile(r"<[^>]*>")


def load(raw: bytes) -> None:
    """Load the cleaners of all office types and of the photos inside them."""
    from functions.sanitize.office import odf, sheet, word  # noqa: F401, PLC0415 loading them is what this is for
    from functions.sanitize.photos import prepare  # noqa: PLC0415 Pillow is loaded with the first file only

    for media_type in (JPEG, PNG, WEBP):
        prepare(media_type)


def clean(raw: bytes, media_type: str, *, keep_size: bool, most: int) -> CleanFile:
    """As ``clean_office``, with the media type."""
    return CleanFile(clean_office(raw, media_type), media_type)


def words_of(content: bytes) -> Iterator[str]:
    """Yield the text of each part, a line for each run."""
    with ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                yield unescape(_MARKUP.sub("\n", archive.read(name).decode()))


def media_type_of(raw: bytes) -> str | None:
    """Return DOCX, XLSX or ODT by what the zip holds, None for everything else.

    Raises FileRefusedError: encrypted_office; other_office for .doc, .ppt, .pptx, .ods and their kin; damaged or
    too_complex for an office file that cannot be read.
    """
    found = _without_context(lambda: _told_type(raw))
    if isinstance(found, Refusal):
        raise FileRefusedError(found)
    return found


def clean_office(raw: bytes, media_type: str) -> bytes:
    """Return the same document in a new file of the same type. Raises FileRefusedError and nothing else."""
    made = _without_context(lambda: _cleaned(raw, media_type))
    if isinstance(made, Refusal):
        raise FileRefusedError(made)
    if len(made) > MAX_FILE_BYTES:
        raise FileRefusedError(Refusal.TOO_LARGE)
    return made


def _without_context(work: Callable[[], _T]) -> _T | Refusal:
    """Return the result, or the refusal. An error raised inside an except block would carry others, which may quote the
    file."""
    try:
        return work()
    except FileRefusedError as refused:
        return refused.code
    except MemoryError:
        return Refusal.TOO_COMPLEX
    except Exception:  # noqa: BLE001 hostile bytes may raise anything; all of it means the same
        return Refusal.DAMAGED


def _told_type(raw: bytes) -> str | None:
    if raw.startswith(COMPOUND):
        raise FileRefusedError(Refusal.ENCRYPTED_OFFICE if _ENCRYPTED in raw else Refusal.OTHER_OFFICE)
    if not starts_as_zip(raw):
        return None
    if CONTENT_TYPES.encode() not in raw and _ODF_START not in raw:
        return None
    found = _type_of(Entries(raw))
    if found is None:
        raise FileRefusedError(Refusal.OTHER_OFFICE)
    return found


def _cleaned(raw: bytes, media_type: str) -> bytes:
    from functions.sanitize.office.media import Pictures  # noqa: PLC0415 Pillow is loaded with the first file only

    entries = Entries(raw)
    if _type_of(entries) != media_type:
        raise FileRefusedError(Refusal.UNKNOWN_TYPE)
    pictures = Pictures(entries)
    if media_type == ODT:
        from functions.sanitize.office.odf import clean_odt  # noqa: PLC0415 as above

        return packed(clean_odt(entries, pictures))
    if media_type == DOCX:
        from functions.sanitize.office.word import clean_word  # noqa: PLC0415 as above

        return packed(clean_word(Package(entries), pictures))
    from functions.sanitize.office.sheet import clean_sheets  # noqa: PLC0415 as above

    return packed(clean_sheets(Package(entries), pictures))


def _type_of(entries: Entries) -> str | None:
    if CONTENT_TYPES in entries:
        _, content_type = Package(entries).main()
        return next((found for found, pattern in _MAIN.items() if pattern.fullmatch(content_type)), None)
    if "mimetype" in entries and entries.read("mimetype").strip() in _ODF:
        if "encrypted-package" in entries or _is_locked(entries):
            raise FileRefusedError(Refusal.ENCRYPTED_OFFICE)
        return ODT
    return None


def _is_locked(entries: Entries) -> bool:
    if _ODF_MANIFEST not in entries:
        return False
    return first(parse(entries.read(_ODF_MANIFEST), Budget()), "manifest:encryption-data") is not None

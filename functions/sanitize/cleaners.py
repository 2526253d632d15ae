"""The cleaner of each kind of file. Only the child process runs this.

``photos`` encodes photos again from their pixels. ``pdf`` writes again what draws the pages, ``office`` what lays out
the document, ``plain_text`` the characters that show. A cleaner and its libraries are loaded with the first file of its
kind.
"""

import warnings
from collections.abc import Iterable
from typing import Protocol

from functions.casework.formats.attachments import PDF
from functions.sanitize.file_types import (
    MAX_FILE_BYTES,
    CleanFile,
    FileRefusedError,
    Refusal,
    check_size,
    is_gif,
    is_package,
    type_by_start,
)
from functions.sanitize.file_words import holds_receipt


class Cleaner(Protocol):
    """What a cleaner's module offers. The bytes are hostile: every function may also raise anything."""

    def load(self, raw: bytes) -> None:
        """Load all that cleaning this file may import or open, since the sandbox forbids both afterwards."""

    def media_type_of(self, raw: bytes) -> str | None:
        """Return the media type, or None for a file that this cleaner does not take. Raises FileRefusedError."""

    def clean(self, raw: bytes, media_type: str, *, keep_size: bool, most: int) -> CleanFile:
        """Return the file made anew. ``keep_size`` is for photos, ``most`` (bytes) for what can be made
        smaller. Raises FileRefusedError."""

    def words_of(self, content: bytes) -> Iterable[str]:
        """Return the texts of a clean file, in which receipts are looked for; none for what shows no characters."""


def cleaner_of(raw: bytes) -> Cleaner:
    """Return the cleaner to ask about a file, by its first bytes alone. Whatever starts like no other may be text."""
    media_type = type_by_start(raw)
    if media_type == PDF:
        from functions.sanitize.pdf import clean as pdf  # noqa: PLC0415 see the module's docstring

        return pdf
    if media_type:
        from functions.sanitize import photos  # noqa: PLC0415 as above

        return photos
    if is_package(raw):
        from functions.sanitize.office import clean as office  # noqa: PLC0415 as above

        return office
    from functions.sanitize import plain_text  # noqa: PLC0415 as above

    return plain_text


def clean_here(raw: bytes, *, keep_size: bool = False, most: int = MAX_FILE_BYTES) -> CleanFile:
    """As ``clean.clean``, in this process and without its limits of time and memory.

    Not safe among threads (``warnings.catch_warnings`` is not, before Python 3.14).
    """
    check_size(raw, most)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = _cleaned(raw, keep_size, most)
    # Raised out here, so that no decoder's error, which may quote the file, is attached as its context.
    if isinstance(made, Refusal):
        raise FileRefusedError(made)
    return made


def _cleaned(raw: bytes, keep_size: bool, most: int) -> CleanFile | Refusal:  # noqa: FBT001 private, one caller
    try:
        cleaner = cleaner_of(raw)
        media_type = cleaner.media_type_of(raw)
        if media_type is None:
            return Refusal.MOVING_PICTURE if is_gif(raw) else Refusal.UNKNOWN_TYPE
        made = cleaner.clean(raw, media_type, keep_size=keep_size, most=most)
        if holds_receipt(cleaner.words_of(made.content)):
            return Refusal.RECEIPT
    except FileRefusedError as refused:
        return refused.code
    except MemoryError:
        return Refusal.TOO_COMPLEX
    except Exception:  # noqa: BLE001 decoders answer hostile bytes with almost any exception; all mean the same
        return Refusal.DAMAGED
    return made if len(made.content) <= most else Refusal.TOO_LARGE

"""The cleaning of attachments: what comes out was made anew and holds no metadata.

Photos are encoded again from their pixels (``photos``), PDFs are written again from what is needed to draw
their pages (``pdfs``), office documents from what is needed to lay them out (``office``), text from its letters
(``plaintext``). All of this happens in a child process with limits (``child``): no door ever loads a decoder.
"""

import warnings

from functions.sanitize.file_types import MAX_FILE_BYTES, PDF, TEXT, CleanFile, FileRefusedError, Refusal, media_type_of
from functions.sanitize.sandbox import clean_apart

__all__ = ["MAX_FILE_BYTES", "CleanFile", "FileRefusedError", "Refusal", "clean", "clean_here"]

_PHOTO = "image/"


def clean(raw: bytes, *, keep_size: bool = False) -> CleanFile:
    """The same picture, pages or words without anything that identifies, made in a child process.

    Photos become at most 1,600 pixels a side, unless ``keep_size``: more of a photo is more to be recognised by.
    Raises FileRefusedError, and ``child.BrokenCleanerError`` where the installation lacks a part.
    """
    _check_size(raw)
    return clean_apart(raw, keep_size=keep_size)


def clean_here(raw: bytes, *, keep_size: bool = False) -> CleanFile:
    """As ``clean``, in this process and without its limits of time and memory: what the child calls. Not safe
    among threads (``warnings.catch_warnings`` is not, before Python 3.14)."""
    _check_size(raw)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = _cleaned(raw, keep_size)
    # Raised out here, so that no decoder's error, which may quote the file, hangs on it as its context.
    if isinstance(made, Refusal):
        raise FileRefusedError(made)
    return made


def _check_size(raw: bytes) -> None:
    if not raw:
        raise FileRefusedError(Refusal.EMPTY)
    if len(raw) > MAX_FILE_BYTES:
        raise FileRefusedError(Refusal.TOO_LARGE)


def _cleaned(raw: bytes, keep_size: bool) -> CleanFile | Refusal:  # noqa: FBT001 private, one caller
    try:
        made = _made(raw, media_type_of(raw), keep_size=keep_size)
    except FileRefusedError as refused:
        return refused.code
    except MemoryError:
        return Refusal.TOO_COMPLEX
    except Exception:  # noqa: BLE001 decoders answer hostile bytes with almost any exception; all mean the same
        return Refusal.DAMAGED
    return made if len(made.content) <= MAX_FILE_BYTES else Refusal.TOO_LARGE


def _made(raw: bytes, media_type: str, *, keep_size: bool) -> CleanFile:
    """Each kind's cleaner is loaded with the first file of its kind, and with it its libraries."""
    if media_type.startswith(_PHOTO):
        from functions.sanitize.photos import LEAVES_AS, clean_photo  # noqa: PLC0415 see above

        return CleanFile(clean_photo(raw, media_type, keep_size=keep_size), LEAVES_AS[media_type])
    if media_type == PDF:
        from functions.sanitize.pdf.clean import clean_pdf  # noqa: PLC0415 see above

        return CleanFile(clean_pdf(raw), media_type)
    if media_type == TEXT:
        from functions.sanitize.plain_text import clean_text_file  # noqa: PLC0415 see above

        return CleanFile(clean_text_file(raw), media_type)
    from functions.sanitize.office.clean import clean_office  # noqa: PLC0415 see above

    return CleanFile(clean_office(raw, media_type), media_type)

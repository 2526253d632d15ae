"""The cleaning of attachments: what comes out was made anew and holds no metadata.

Photos are encoded again from their pixels (``photos``), PDFs are written again from what is needed to draw
their pages (``pdfs``). Neither Pillow nor pikepdf is loaded before a file is there to be cleaned. One file is
cleaned at a time per process, which bounds memory; limits of time and memory from outside (a child process)
are not here yet.
"""

import threading
import warnings

from functions.vault.filetypes import (
    MAX_FILE_BYTES,
    PDF,
    CleanFile,
    FileRefusedError,
    Refusal,
    media_type_of,
)

__all__ = ["MAX_FILE_BYTES", "CleanFile", "FileRefusedError", "Refusal", "clean"]

# Also because warnings.catch_warnings is not safe among threads before Python 3.14.
_ONE_AT_A_TIME = threading.Lock()


def clean(raw: bytes) -> CleanFile:
    """The same picture or pages without anything that identifies. Raises FileRefusedError and nothing else."""
    if not raw:
        raise FileRefusedError(Refusal.EMPTY)
    if len(raw) > MAX_FILE_BYTES:
        raise FileRefusedError(Refusal.TOO_LARGE)
    media_type = media_type_of(raw)
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = _cleaned(raw, media_type)
    # Raised out here, so that no decoder's error, which may quote the file, hangs on it as its context.
    if isinstance(made, Refusal):
        raise FileRefusedError(made)
    return CleanFile(made, media_type)


def _cleaned(raw: bytes, media_type: str) -> bytes | Refusal:
    try:
        if media_type == PDF:
            from functions.vault.pdfs import clean_pdf  # noqa: PLC0415 pikepdf is loaded with the first PDF only

            return clean_pdf(raw)
        from functions.vault.photos import clean_photo  # noqa: PLC0415 Pillow is loaded with the first photo only

        return clean_photo(raw, media_type)
    except FileRefusedError as refused:
        return refused.code
    except Exception:  # noqa: BLE001 decoders answer hostile bytes with almost any exception; all mean the same
        return Refusal.DAMAGED

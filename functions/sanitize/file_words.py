"""Whether the words of a clean file hold a receipt (law 12): it is refused, since whoever reads it could open a case.

Read are plain text, office documents and the text of a PDF. What a photo or a scanned page shows is not read: that
takes recognition of characters, which is too heavy for the child process.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape
from io import BytesIO
from typing import Final
from zipfile import ZipFile

from functions.casework.formats.attachments import DOCX, ODT, PDF, PHOTOS, TEXT, XLSX
from functions.casework.understanding.receipts import receipts_in
from functions.sanitize.file_types import CleanFile

PART: Final = 20_000  # characters looked at together, so that memory does not grow with the file
EDGE: Final = 500  # a receipt may lie over the end of a part
_MARKUP: Final = re.compile(r"<[^>]*>")


def holds_receipt(made: CleanFile) -> bool:
    """Return whether a receipt stands in a file that was made anew. One that is mistyped opens nothing and passes: a
    table of serial numbers may be like one. Raises KeyError for a document of a type that nobody here reads."""
    if made.media_type in PHOTOS:
        return False
    parts = (part for text in _READERS[made.media_type](made.content) for part in _parts(text))
    return any(found.receipt is not None for part in parts for found in receipts_in(part))


def _parts(text: str) -> Iterator[str]:
    return (text[at : at + PART + EDGE] for at in range(0, len(text), PART))


def _text(content: bytes) -> Iterator[str]:
    yield content.decode()


def _office(content: bytes) -> Iterator[str]:
    with ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                yield unescape(_MARKUP.sub("\n", archive.read(name).decode()))


def _pdf(content: bytes) -> Iterator[str]:
    from functions.sanitize.pdf.text import text_of  # noqa: PLC0415 see ``cleaners``

    yield text_of(content)


_READERS: Final[dict[str, Callable[[bytes], Iterator[str]]]] = {
    TEXT: _text,
    DOCX: _office,
    XLSX: _office,
    ODT: _office,
    PDF: _pdf,
}

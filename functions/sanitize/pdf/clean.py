"""PDFs: a new document, written from what draws the pages of the old one.

Dropped: information dictionary, XMP, file identifiers, scripts, actions, attachments, outlines, structure, annotations
and form fields as such, private data of applications, thumbnails, earlier revisions, objects that nothing refers to.
What an annotation or a filled-in field *shows* is printed into its page first, so that the reporter loses nothing
visible. Everything visible or selectable as text stays, also under a black box or outside the page's edge; fonts stay
byte for byte. Import this module lazily: it loads pikepdf.
"""

import logging
import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Encryption, Name, Pdf
from pikepdf.settings import qpdf_limit_errors, set_qpdf_limits

from functions.casework.formats.attachments import PDF
from functions.sanitize.file_types import MAX_FILE_BYTES, CleanFile, FileRefusedError, Refusal, type_by_start
from functions.sanitize.pdf.budget import MAX_STREAM
from functions.sanitize.pdf.copier import Copier
from functions.sanitize.pdf.images import Fidelity
from functions.sanitize.photos import prepare

MAX_PAGES: Final = 200
MAX_OBJECTS: Final = 50_000
# Tried in turn until the document is small enough. 2,400 pixels are A4 at 200 dpi.
LADDER: Final = (Fidelity(2400, 82), Fidelity(1700, 72), Fidelity(1200, 60))


def _spelt(name: str) -> str:
    """Return a pattern for a PDF name, whose characters may also be written as #xx (ISO 32000-1, 7.3.5)."""
    return "".join(f"(?:{char}|#{ord(char):02x}|#{ord(char):02X})" for char in name)


# LZW unpacks to 2,500 times its size and qpdf has no limit for it; no program has written it since the 1990s.
_LZW: Final = re.compile(f"/{_spelt('LZW')}(?:{_spelt('Decode')})?[\\s/<>\\[\\]%(]".encode())


media_type_of = type_by_start


def load(raw: bytes) -> None:
    """Load what cleaning a PDF may import or open later."""
    from functions.sanitize.pdf import text  # noqa: F401, PLC0415 ``words_of`` asks it, when nothing can be loaded

    prepare(PDF)
    # qpdf opens its source of random numbers with the first locked document, and keeps it open.
    Pdf.new().save(BytesIO(), encryption=Encryption(owner="", user=""))


def clean(raw: bytes, media_type: str, *, keep_size: bool, most: int) -> CleanFile:
    """As ``clean_pdf``, with the media type."""
    return CleanFile(clean_pdf(raw, most), media_type)


def words_of(content: bytes) -> Iterator[str]:
    """Yield what the pages say."""
    from functions.sanitize.pdf.text import text_of  # noqa: PLC0415 as in ``load``

    yield text_of(content)


def clean_pdf(raw: bytes, most: int = MAX_FILE_BYTES) -> bytes:
    """Return the same pages in a new document. Raises FileRefusedError, and what pikepdf and Pillow raise for broken
    data."""
    _prepare()
    if _LZW.search(raw):
        raise FileRefusedError(Refusal.TOO_COMPLEX)
    for fidelity in LADDER:
        content = _rewritten(raw, fidelity)
        if len(content) <= most:
            return content
    raise FileRefusedError(Refusal.TOO_LARGE)


@cache
def _prepare() -> None:
    set_qpdf_limits(
        doc_max_warnings=100,
        parser_max_nesting=100,
        parser_max_container_size=500_000,
        max_stream_filters=4,
        flate_max_memory=MAX_STREAM,
        png_max_memory=MAX_STREAM,
        tiff_max_memory=MAX_STREAM,
        run_length_max_memory=MAX_STREAM,
    )
    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)  # its warnings quote the document


def _rewritten(raw: bytes, fidelity: Fidelity) -> bytes:
    stumbles = qpdf_limit_errors()
    with _open(raw) as source, Pdf.new() as target:
        _check(source)
        source.generate_appearance_streams()  # else a field whose writer left drawing it to the reader would be lost
        source.flatten_annotations("screen")
        copier = Copier(source, target, fidelity)
        for page in source.pages:
            copier.add_page(page)
        if qpdf_limit_errors() != stumbles:  # else the rest of a page would be missing silently
            raise FileRefusedError(Refusal.DAMAGED)
        out = BytesIO()
        target.save(
            out,
            force_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
        )
    return out.getvalue()


def _open(raw: bytes) -> Pdf:
    """Open a document without qpdf's repairs.

    A repaired file could lack pages, or show the state before an update that removed something.
    """
    if b" obj" in raw[max(raw.rfind(b"%%EOF"), 0) :]:
        raise FileRefusedError(Refusal.DAMAGED)
    try:
        source = Pdf.open(BytesIO(raw), attempt_recovery=False)
    except pikepdf.PasswordError:
        raise FileRefusedError(Refusal.ENCRYPTED_PDF) from None
    except pikepdf.PdfError:
        raise FileRefusedError(Refusal.ENCRYPTED_PDF if b"/Encrypt" in raw else Refusal.DAMAGED) from None
    return source  # also one whose owner only forbids changes: it opens without a password, and leaves unlocked


def _check(source: Pdf) -> None:
    if int(source.trailer["/Size"]) > MAX_OBJECTS or len(source.pages) > MAX_PAGES:
        raise FileRefusedError(Refusal.TOO_COMPLEX)
    if _hides_layers(source):
        raise FileRefusedError(Refusal.HIDDEN_LAYERS)


def _hides_layers(source: Pdf) -> bool:
    """Tell whether some layer may be hidden: without layers, its content would appear."""
    layers = source.Root.get("/OCProperties")
    if not isinstance(layers, Dictionary):
        return False
    default = layers.get("/D")
    if not isinstance(default, Dictionary) or default.get("/BaseState", Name.ON) != Name.ON:
        return True
    hidden, automatic = default.get("/OFF"), default.get("/AS")
    if any(isinstance(given, Array) and len(given) for given in (hidden, automatic)):
        return True
    return any(isinstance(thing, Dictionary) and _is_conditional(thing) for thing in source.objects)


def _is_conditional(thing: Dictionary) -> bool:
    """Tell whether a membership dictionary (ISO 32000-1, Table 99) shows something while a layer is *not* shown."""
    if thing.get("/Type") != Name.OCMD:
        return False
    return "/VE" in thing or thing.get("/P") in (Name.AllOff, Name.AnyOff)

"""Images inside a PDF: photos are encoded again from their pixels, bitmaps unpacked and packed again."""

import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from PIL import Image

from functions.sanitize.file_types import MAX_PIXELS, FileRefusedError, Refusal
from functions.sanitize.pdf.budget import Budget
from functions.sanitize.pdf.colours import DEVICE, components
from functions.sanitize.pdf.content import plain
from functions.sanitize.pdf.jbig2 import without_extensions
from functions.sanitize.photos import decode
from functions.sanitize.pixels import bare
from functions.sanitize.pixels import plain as plain_picture

_PACKED: Final = frozenset({"/ASCIIHexDecode", "/ASCII85Decode", "/FlateDecode", "/RunLengthDecode"})
_SHORT: Final = {"/AHx": "/ASCIIHexDecode", "/A85": "/ASCII85Decode", "/Fl": "/FlateDecode", "/RL": "/RunLengthDecode"}
_SHORT_CODECS: Final = {"/DCT": "/DCTDecode", "/CCF": "/CCITTFaxDecode"}
_KEPT: Final = ("/ImageMask", "/Decode", "/Interpolate", "/Intent")
# ISO 32000-1, Table 11
_FAX_KEYS: Final = (
    "/K",
    "/EndOfLine",
    "/EncodedByteAlign",
    "/Columns",
    "/Rows",
    "/EndOfBlock",
    "/BlackIs1",
    "/DamagedRowsBeforeError",
)


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How photos inside a PDF are encoded: longest side in pixels, JPEG quality."""

    side: int
    quality: int


@dataclass(frozen=True, slots=True)
class Encoded:
    """An image's bytes without the outer packing; ``codec`` is "" if none is left."""

    codec: str
    data: bytes
    parms: Object | None


def new_image(source: Object, space: Object | None, target: Pdf, budget: Budget, fidelity: Fidelity) -> Stream:
    """Return an image XObject with the same pixels, without its masks. ``space`` is the copied colour space.

    Raises FileRefusedError, and what Pillow and pikepdf raise for broken data.
    """
    width, height = int(source["/Width"]), int(source["/Height"])
    if width < 1 or height < 1 or width * height > MAX_PIXELS:
        raise FileRefusedError(Refusal.TOO_MANY_PIXELS if width > 0 and height > 0 else Refusal.DAMAGED)
    entries: dict[str, object] = {"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": width, "/Height": height}
    entries |= {key: plain(source[key]) for key in _KEPT if key in source}
    if space is not None:
        entries["/ColorSpace"] = space
    encoded = _unpacked(source, target, budget)
    if encoded.codec in {"/DCTDecode", "/JPXDecode"}:
        return _photo(encoded, entries, target, fidelity)
    entries["/BitsPerComponent"] = int(source.get("/BitsPerComponent", 1))
    if encoded.codec == "/CCITTFaxDecode":
        # A fax code has no place for text, so the bytes stay.
        parms = encoded.parms or Dictionary()
        kept = {key: plain(parms[key]) for key in _FAX_KEYS if key in parms}
        return _stream(target, entries, encoded.data, "/CCITTFaxDecode", Dictionary(kept))
    if encoded.codec == "/JBIG2Decode":
        return _jbig2(encoded, entries, target, budget)
    return _bitmap(encoded.data, entries, target)


def _unpacked(source: Object, target: Pdf, budget: Budget) -> Encoded:
    filters, parms = _list(source.get("/Filter")), _list(source.get("/DecodeParms"))
    names = [_SHORT.get(str(name), _SHORT_CODECS.get(str(name), str(name))) for name in filters]
    if set(names[:-1]) - _PACKED:
        raise FileRefusedError(Refusal.TOO_COMPLEX)
    if not names or names[-1] in _PACKED:
        return Encoded("", budget.read(source), None)
    if names[-1] not in {"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"}:
        raise FileRefusedError(Refusal.TOO_COMPLEX)
    last = parms[-1] if len(parms) == len(names) and isinstance(parms[-1], Dictionary) else None
    data = source.read_raw_bytes()
    if names[:-1]:
        # pikepdf unpacks all filters or none, so it gets the outer ones only. Predictors have no use there.
        outer = Stream(target, data)
        outer["/Filter"] = Array([Name(name) for name in names[:-1]])
        data = budget.read(outer)
    return Encoded(names[-1], data, last)


def _list(value: object) -> list[Object]:
    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]  # type: ignore[list-item]  # in fact an Object


def _photo(encoded: Encoded, entries: dict[str, object], target: Pdf, fidelity: Fidelity) -> Stream:
    is_jpeg = encoded.codec == "/DCTDecode"
    picture = decode(encoded.data, "JPEG" if is_jpeg else "JPEG2000", fidelity.side)
    picture = plain_picture(picture)
    if picture.mode.endswith("A"):
        white = Image.new(picture.mode, picture.size, "white")
        picture = Image.alpha_composite(white.convert("RGBA"), picture.convert("RGBA")).convert(picture.mode[:-1])
    picture.thumbnail((fidelity.side, fidelity.side), Image.Resampling.LANCZOS)
    space, bands = entries.get("/ColorSpace"), len(picture.getbands())
    if space is None or not is_jpeg or components(space) != bands:
        entries["/ColorSpace"] = Name(DEVICE[bands])
    if not is_jpeg:
        entries.pop("/Decode", None)  # ISO 32000-1, 7.4.9: ignored there
    out = BytesIO()
    bare(picture).save(out, "JPEG", quality=fidelity.quality, optimize=True)
    entries |= {"/Width": picture.width, "/Height": picture.height, "/BitsPerComponent": 8}
    return _stream(target, entries, out.getvalue(), "/DCTDecode")


def _jbig2(encoded: Encoded, entries: dict[str, object], target: Pdf, budget: Budget) -> Stream:
    parms = Dictionary()
    shared = encoded.parms.get("/JBIG2Globals") if encoded.parms is not None else None
    if isinstance(shared, Stream):
        parms["/JBIG2Globals"] = target.make_stream(without_extensions(budget.read(shared)))
    return _stream(target, entries, without_extensions(encoded.data), "/JBIG2Decode", parms)


def _bitmap(data: bytes, entries: dict[str, object], target: Pdf) -> Stream:
    width, height, bits = (
        int(str(entries["/Width"])),
        int(str(entries["/Height"])),
        int(str(entries["/BitsPerComponent"])),
    )
    colours = 1 if entries.get("/ImageMask") is True else components(entries.get("/ColorSpace"))
    size = height * ((width * colours * bits + 7) // 8)
    data = data[:size]  # bytes after the last row are not shown
    if bits == 8 and colours in {1, 3} and len(data) == size:  # noqa: PLR2004 gray, colour
        rows = _png_rows(Image.frombytes("L" if colours == 1 else "RGB", (width, height), data))
        parms = Dictionary(Predictor=15, Colors=colours, BitsPerComponent=8, Columns=width)
        return _stream(target, entries, rows, "/FlateDecode", parms)
    return _stream(target, entries, zlib.compress(data, 9), "/FlateDecode")


def _png_rows(picture: Image.Image) -> bytes:
    """Pack rows as PNG does, which PDF shares (Predictor 15) and which is far smaller for screenshots."""
    out = BytesIO()
    picture.save(out, "PNG")
    png, position, rows = out.getvalue(), 8, b""
    while position < len(png):
        length = int.from_bytes(png[position : position + 4], "big")
        if png[position + 4 : position + 8] == b"IDAT":
            rows += png[position + 8 : position + 8 + length]
        position += length + 12
    return rows


def _stream(
    target: Pdf, entries: dict[str, object], data: bytes, codec: str, parms: Dictionary | None = None
) -> Stream:
    made = target.make_stream(b"", Dictionary({key: value for key, value in entries.items() if value is not None}))
    made.write(data, filter=Name(codec), decode_parms=parms)
    return made

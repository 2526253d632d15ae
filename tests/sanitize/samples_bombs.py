"""Photos, PDFs and texts made to harm whoever opens them: bombs, loops, lies about sizes, two formats at once. All
below 5 MB."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO

from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from tests.depth import deep
from tests.sanitize import samples, samples_heic, samples_pdf
from tests.sanitize.samples_segments import png_with, segment, with_segments

MARKUP = b"<!doctype html><script>alert(1)</script>"
_PNG = b"\x89PNG\r\n\x1a\n"


def _most(side: int) -> int:
    """The side of the largest picture that is taken; every day two fifths of it, which take a sixth of the time."""
    return deep(side, side * 2 // 5)


def _png(width: int, height: int, depth: int, colour: int, *extra: tuple[bytes, bytes], interlace: int = 0) -> bytes:
    """Black rows, packed as well as they can be."""
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    packer = zlib.compressobj(9)
    row = bytes(1 + (width * bits + 7) // 8)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    content = _PNG + samples.chunk(b"IHDR", header)
    for kind, body in extra:
        content += samples.chunk(kind, body)
    return content + samples.chunk(b"IDAT", rows) + samples.chunk(b"IEND", b"")


def _short_png() -> bytes:
    header = struct.pack(">IIBBBBB", 5000, 5000, 8, 2, 0, 0, 0)
    return _PNG + samples.chunk(b"IHDR", header) + samples.chunk(b"IDAT", _flat(10))


def _saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


@cache
def _flat(size: int) -> bytes:
    packer, piece = zlib.compressobj(9), bytes(1_000_000)
    return b"".join(packer.compress(piece[: size - at]) for at in range(0, size, len(piece))) + packer.flush()


def _slow_jpeg() -> bytes:
    """The most pixels and the most scans that are taken at all, each scan over all of them."""
    content = _saved(Image.new("RGB", (_most(5000), _most(5000)), "teal"), "JPEG", progressive=True, subsampling=0)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * 54 + content[-2:]


def _frames() -> bytes:
    canvas = Image.new("RGB", (_most(3500), _most(3500)), "red")
    others = [Image.new("RGB", (_most(3500), _most(3500)), (step, 0, 0)) for step in range(4)]
    return _saved(canvas, "WEBP", save_all=True, append_images=others, quality=1, method=0)


def _looping_exif() -> bytes:
    """A directory whose next directory is itself, with tags that point to it."""
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<HHII", 0x8825, 4, 1, 8)
    block = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 2) + entry + struct.pack("<I", 8)
    return with_segments(_saved(samples.picture(), "JPEG"), segment(1, block))


def _boastful_exif() -> bytes:
    block = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 1) + struct.pack("<HHII", 0x0112, 2, 2**32 - 1, 8) + bytes(4)
    return with_segments(_saved(samples.picture(), "JPEG"), segment(1, block))


def _profile_of_many_tags() -> bytes:
    profile = samples.icc()[:128] + struct.pack(">I", 2**31) + bytes(5000)
    return _saved(samples.picture(), "PNG", icc_profile=profile)


def _zip_behind(photo: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("index.html", MARKUP)
    return photo + MARKUP + out.getvalue()


def _pdf_image(width: int, height: int, data: bytes, codec: Name, space: Name | None, bits: int = 8) -> bytes:
    made = Pdf.new()
    image = made.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height)
    if space is not None:
        image.ColorSpace, image.BitsPerComponent = space, bits
    image.write(data, filter=codec)
    return samples_pdf.simple(b"/I Do", Dictionary(XObject=Dictionary(I=image)), made)


def _pdf_form(data: bytes, codec: object) -> bytes:
    made = Pdf.new()
    form = made.make_stream(b"", Subtype=Name.Form, BBox=[0, 0, 1, 1])
    form.write(data, filter=codec)
    return samples_pdf.simple(b"/F Do", Dictionary(XObject=Dictionary(F=form)), made)


def _pdf_turning_in_circles() -> bytes:
    """A tree of pages in which each is its own child and parent, and a table that is its own predecessor."""
    body, places = b"%PDF-1.7\n", []
    pages = b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9/Parent 2 0 R>>"
    for number, thing in enumerate((b"<</Type/Catalog/Pages 2 0 R>>", pages), 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    start = len(body)
    table = b"xref\n0 3\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size 3/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (start, start)
    return body + table + end


def _pdf_form_in_itself() -> bytes:
    made = Pdf.new()
    form = made.make_stream(b"/A Do /B Do", Subtype=Name.Form, BBox=[0, 0, 1, 1])
    form.Resources = Dictionary(XObject=Dictionary(A=form, B=form))
    return samples_pdf.simple(b"/A Do", Dictionary(XObject=Dictionary(A=form)), made)


def _pdf_of_many_fonts() -> bytes:
    made, fonts = Pdf.new(), Dictionary()
    for number in range(7):
        program = made.make_stream(b"")
        program.write(_flat(30_000_000), filter=Name.FlateDecode)
        fonts[f"/F{number}"] = Dictionary(Type=Name.Font, FontDescriptor=Dictionary(FontFile=program))
    drawing = b"".join(b"/F%d 9 Tf " % number for number in range(7))
    return samples_pdf.simple(drawing, Dictionary(Font=fonts), made)


def _pdf_of_much_drawing() -> bytes:
    """As many drawing operators as are taken at all."""
    made = Pdf.new()
    for _ in range(5):
        made.add_blank_page(page_size=(100, 100))
        made.pages[-1].Contents = made.make_stream(b"0 0 m 1 1 l S " * 140_000)
    return samples_pdf.written(made)


_JBIG2_PAGE = struct.pack(">IBBBI", 0, 48, 0, 1, 19) + struct.pack(">IIIIBH", 60_000, 60_000, 0, 0, 0, 0)
_GRAY, _RGB, _FLATE = Name.DeviceGray, Name.DeviceRGB, Name.FlateDecode

PHOTOS: dict[str, Callable[[], bytes]] = {
    "png of 900 million pixels": samples.png_bomb,
    "png of 50,000 x 50,000": lambda: samples.png_bomb(50_000, 50_000),
    "png of the most pixels, 16 bits and alpha": lambda: _png(_most(5000), _most(5000), 16, 6),
    "png of the most pixels, interlaced": lambda: _png(_most(5000), _most(5000), 8, 2, interlace=1),
    "png with a palette and alpha": lambda: _png(
        _most(5000), _most(5000), 8, 3, (b"PLTE", bytes(768)), (b"tRNS", bytes(256))
    ),
    "png with a text of 200 MB": lambda: _png(9, 9, 8, 2, (b"zTXt", b"a\0\0" + _flat(200_000_000))),
    "png with a profile of 200 MB": lambda: _png(9, 9, 8, 2, (b"iCCP", b"a\0\0" + _flat(200_000_000))),
    "png with 300,000 chunks": lambda: png_with(_png(9, 9, 8, 2), *[(b"teXt", b"")] * 300_000),
    "png that claims rows it has not": _short_png,
    "jpeg of 60,000 x 60,000": samples.jpeg_bomb,
    "jpeg of a thousand scans": samples.many_scans,
    "jpeg of the most scans and pixels": _slow_jpeg,
    "jpeg of the most pixels": lambda: _saved(
        Image.new("RGB", (_most(8000), _most(5000))), "JPEG", quality=50, subsampling=0
    ),
    "jpeg of the most pixels in inks": lambda: _saved(
        Image.new("CMYK", (_most(5000), _most(5000))), "JPEG", quality=50
    ),
    "jpeg whose exif is its own next": _looping_exif,
    "jpeg whose exif claims 4 GB": _boastful_exif,
    "jpeg of markers alone": lambda: b"\xff\xd8\xff" + b"\xff\xc4\0\2" * 1_000_000,
    "jpeg with a zip and a page behind": lambda: _zip_behind(_saved(samples.picture(), "JPEG", comment=MARKUP)),
    "profile of two billion tags": _profile_of_many_tags,
    "webp that claims 16,383 x 16,383": samples.webp_bomb,
    "webp of many large frames": _frames,
    "webp of the most pixels": lambda: _saved(
        Image.new("RGBA", (_most(3535), _most(3535))), "WEBP", lossless=True, method=0
    ),
    "heic that claims 60,000 x 60,000": lambda: samples_heic.claiming(samples_heic.heic(), 60_000, 60_000),
    "heic that claims 5,000 x 5,000": lambda: samples_heic.claiming(samples_heic.heic(), 5000, 5000),
    "heic of the most pixels": lambda: samples_heic.heic(Image.new("RGB", (_most(5000), _most(5000))), quality=10),
    "heic of noise": lambda: samples_heic.heic()[:600] + bytes(range(256)) * 9000,
    "avif that claims 4,000 x 4,000": lambda: samples_heic.claiming(samples_heic.avif(), 4000, 4000),
    "avif of the most pixels": lambda: samples_heic.avif(Image.new("RGB", (_most(4000), _most(4000))), quality=10),
}
DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "pdf whose page unpacks to 100 MB": lambda: _pdf_form(zlib.compress(b" " * 100_000_000, 9), _FLATE),
    "pdf packed nine times": lambda: _pdf_form(b"00>" * 9, Array([Name.ASCIIHexDecode] * 9)),
    "pdf packed twice": lambda: _pdf_form(zlib.compress(_flat(150_000_000), 9), Array([_FLATE] * 2)),
    "pdf of many large fonts": _pdf_of_many_fonts,
    "pdf of the most drawing": _pdf_of_much_drawing,
    "pdf turning in circles": _pdf_turning_in_circles,
    "pdf with a form in itself": _pdf_form_in_itself,
    "pdf with an image of 60 MB": lambda: _pdf_image(5000, 4000, _flat(60_000_000), _FLATE, _RGB),
    "pdf with an image of 3,600 million pixels": lambda: _pdf_image(60_000, 60_000, _flat(9), _FLATE, _GRAY),
    "pdf with a jpeg of 60,000 x 60,000": lambda: _pdf_image(8, 8, samples.jpeg_bomb(), Name.DCTDecode, _RGB),
    "pdf with a large jpeg 2000": lambda: _pdf_image(
        _most(5000),
        _most(5000),
        _saved(Image.new("RGB", (_most(5000), _most(5000))), "JPEG2000"),
        Name.JPXDecode,
        None,
    ),
    "pdf with a jbig2 of 3,600 million pixels": lambda: _pdf_image(60, 60, _JBIG2_PAGE, Name.JBIG2Decode, _GRAY, 1),
    "pdf with a page behind": lambda: samples_pdf.simple() + MARKUP,
    "text of nothing but marks": lambda: b"a" + "\u0301".encode() * 2_400_000,
}
BOMBS = PHOTOS | DOCUMENTS

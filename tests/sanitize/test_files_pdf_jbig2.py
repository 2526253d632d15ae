"""JBIG2 in PDFs: its segments for remarks go."""

import io
import struct

import pytest
from pikepdf import Dictionary, Name, Pdf

from functions.sanitize.clean import FileRefusedError
from functions.sanitize.cleaners import clean_here as clean
from functions.sanitize.pdf.jbig2 import without_extensions
from tests.sanitize import samples, samples_pdf
from tests.sanitize.samples import RAW


def _document(data: bytes, shared: bytes) -> bytes:
    made = Pdf.new()
    image = made.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, Width=320, Height=200, BitsPerComponent=1)
    image.ColorSpace = Name.DeviceGray
    image.write(data, filter=Name.JBIG2Decode, decode_parms=Dictionary(JBIG2Globals=made.make_stream(shared)))
    return samples_pdf.simple(b"/I Do", Dictionary(XObject=Dictionary(I=image)), made)


def _segment(number: int, kind: int, body: bytes, references: bytes = b"\0") -> bytes:
    return struct.pack(">IB", number, kind) + references + b"\1" + struct.pack(">I", len(body)) + body


def test_jbig2_keeps_what_draws() -> None:
    page, region = _segment(0, 48, bytes(19)), _segment(2, 38, b"pixels", b"\x20\0")
    remark = _segment(1, 62, struct.pack(">I", 0x20000000) + b"Author\0" + RAW)
    long_form = struct.pack(">IBI", 300, 6, 0xE0000005) + b"\0" + bytes(10) + b"\1" + struct.pack(">I", 4) + b"text"
    end = _segment(9, 51, b"")
    assert without_extensions(page + remark + region + long_form + end + RAW) == page + region + long_form
    content = clean(_document(remark + region, remark + page)).content
    assert not samples.holds_canary(samples_pdf.everything(content))
    with Pdf.open(io.BytesIO(content)) as cleaned:
        (image,) = cleaned.pages[0].Resources.XObject.values()
        assert image.read_raw_bytes() == region
        assert image.DecodeParms.JBIG2Globals.read_bytes() == page


@pytest.mark.parametrize(
    "data", [b"\0\0\0", _segment(0, 48, bytes(19))[:-1], struct.pack(">IBBBI", 0, 38, 0, 1, 0xFFFFFFFF) + b"endless"]
)
def test_jbig2_that_cannot_be_told_apart_is_refused(data: bytes) -> None:
    with pytest.raises(FileRefusedError) as refused:
        clean(_document(data, b""))
    assert refused.value.code == "too_complex"

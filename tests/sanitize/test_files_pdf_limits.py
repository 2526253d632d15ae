"""PDFs that are refused: broken, locked, too much, or with something hidden that would come to light."""

import os
import zlib
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from functions.sanitize.clean import MAX_FILE_BYTES, FileRefusedError
from functions.sanitize.cleaners import clean_here as clean
from functions.sanitize.pdf.clean import MAX_OBJECTS, MAX_PAGES
from tests.sanitize import samples_pdf


def _refusal(raw: bytes) -> str:
    with pytest.raises(FileRefusedError) as refused:
        clean(raw)
    return str(refused.value.code)


def test_a_document_that_wants_a_password_is_refused_as_such() -> None:
    assert _refusal(samples_pdf.encrypted(owner="rahasia", user="rahasia")) == "encrypted_pdf"


@pytest.mark.parametrize("strength", [2, 3, 4, 6])
def test_a_document_that_only_its_owner_locked_comes_back_unlocked(strength: int) -> None:
    """Programs of offices lock what they print against changes: it opens without a password everywhere."""
    locked: dict[str, Any] = {"R": strength, "aes": strength > 3, "metadata": strength > 3}
    raw = samples_pdf.locked("Jalan rusak", owner="rahasia", user="", **locked)
    made = clean(raw)
    with Pdf.open(BytesIO(made.content)) as opened:
        assert not opened.is_encrypted
        assert b"Jalan rusak" in opened.pages[0].Contents.read_bytes()


@pytest.mark.parametrize(
    "raw",
    [
        b"%PDF-1.7",
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF",
        samples_pdf.written(Pdf.new()),
        samples_pdf.simple(b"[<<" * 600),
    ],
)
def test_broken_documents_are_refused(raw: bytes) -> None:
    assert _refusal(raw) == "damaged"


def test_what_cannot_be_made_small_enough_is_too_large() -> None:
    made = Pdf.new()
    font = Dictionary(
        Type=Name.Font, FontDescriptor=Dictionary(FontFile=made.make_stream(os.urandom(MAX_FILE_BYTES - 1000)))
    )
    made.add_blank_page()
    made.pages[0].Contents = made.make_stream(b"/F 9 Tf")
    made.pages[0].Resources = Dictionary(Font=Dictionary(F=font))
    raw = samples_pdf.written(made, compress_streams=False)
    assert len(raw) <= MAX_FILE_BYTES
    assert _refusal(raw) == "too_large"


def test_too_many_remarks() -> None:
    made = Pdf.new()
    font = Dictionary(Type=Name.Font, ToUnicode=made.make_stream(b"%" * 1_100_000))
    assert _refusal(samples_pdf.simple(b"/F 9 Tf", Dictionary(Font=Dictionary(F=font)), made)) == "too_complex"


def test_too_many_pages() -> None:
    made = Pdf.new()
    for _ in range(MAX_PAGES):
        made.add_blank_page(page_size=(9, 9))
    assert clean(samples_pdf.written(made))
    made.add_blank_page(page_size=(9, 9))
    assert _refusal(samples_pdf.written(made)) == "too_complex"


def test_too_many_objects() -> None:
    made = Pdf.new()
    made.Root.Many = Array([made.make_indirect(Dictionary()) for _ in range(MAX_OBJECTS)])
    raw = samples_pdf.simple(made=made)
    assert len(raw) < MAX_FILE_BYTES
    assert _refusal(raw) == "too_complex"


@pytest.mark.parametrize("size", [3_000_000, 100_000_000])
def test_a_page_that_unpacks_to_too_much(size: int) -> None:
    made = Pdf.new()
    form = made.make_stream(b"", Subtype=Name.Form, BBox=[0, 0, 1, 1])
    form.write(zlib.compress(b" " * size, 9), filter=Name.FlateDecode)
    raw = samples_pdf.simple(b"/F Do", Dictionary(XObject=Dictionary(F=form)), made)
    assert len(raw) < 200_000
    assert _refusal(raw) == "too_complex"


@pytest.mark.long
def test_many_streams_that_unpack_to_too_much_together() -> None:
    made = Pdf.new()
    fonts = Dictionary()
    for number in range(7):
        program = made.make_stream(b"")
        program.write(zlib.compress(bytes(30_000_000), 9), filter=Name.FlateDecode)
        fonts[f"/F{number}"] = Dictionary(Type=Name.Font, FontDescriptor=Dictionary(FontFile=program))
    drawing = b"".join(b"/F%d 9 Tf " % number for number in range(7))
    assert _refusal(samples_pdf.simple(drawing, Dictionary(Font=fonts), made)) == "too_complex"


@pytest.mark.parametrize("name", [b"/LZWDecode", b"/L#5AWDecode", b"/#4c#5a#57", b"/LZW"])
def test_lzw_is_refused_however_it_is_spelt(name: bytes) -> None:
    raw = samples_pdf.simple(b"q", Dictionary(Budi=Name.FilterHere)).replace(b"/FilterHere", name + b" ")
    assert _refusal(raw) == "too_complex"


def test_a_deep_chain_of_filters_is_refused() -> None:
    made = Pdf.new()
    made.add_blank_page()
    stream = made.make_stream(b"")
    stream.write(b"00>" * 9, filter=Array([Name.ASCIIHexDecode] * 9))
    made.pages[0].Contents = stream
    assert _refusal(samples_pdf.written(made)) == "damaged"


HIDING = [
    Dictionary(D=Dictionary(BaseState=Name.OFF)),
    Dictionary(D=Dictionary(OFF=[Dictionary(Type=Name.OCG)])),
    Dictionary(D=Dictionary(AS=[Dictionary(Event=Name.View)])),
    Dictionary(OCGs=Array()),
]


@pytest.mark.parametrize("layers", HIDING)
def test_layers_that_may_be_hidden_are_not_brought_to_light(layers: Dictionary) -> None:
    made = Pdf.new()
    made.Root.OCProperties = layers
    assert _refusal(samples_pdf.simple(made=made)) == "hidden_layers"


@pytest.mark.parametrize("condition", [Dictionary(P=Name.AllOff), Dictionary(P=Name.AnyOff), Dictionary(VE=[Name.Not])])
def test_what_shows_while_a_layer_does_not_is_not_brought_to_light(condition: Dictionary) -> None:
    made = Pdf.new()
    made.Root.OCProperties = Dictionary(D=Dictionary())
    condition.Type = Name.OCMD
    made.Root.Any = made.make_indirect(condition)
    assert _refusal(samples_pdf.simple(made=made)) == "hidden_layers"


@pytest.mark.parametrize("inline", [b"/F /DCT ", b"/CS /Mine ", b"/Note (x) "])
def test_an_inline_image_in_a_glyph_that_cannot_be_answered_for_is_refused(inline: bytes) -> None:
    made = Pdf.new()
    glyph = made.make_stream(b"9 0 0 0 9 9 d1 BI /W 8 /H 1 /BPC 8 " + inline + b"ID \xaa\nEI")
    font = Dictionary(Type=Name.Font, Subtype=Name.Type3, CharProcs=Dictionary(a=glyph))
    raw = samples_pdf.simple(b"/F 9 Tf", Dictionary(Font=Dictionary(F=font)), made)
    assert _refusal(raw) == "too_complex"


def test_an_update_that_was_cut_short_does_not_bring_back_what_it_replaced() -> None:
    """Repaired, the file would show its earlier revision, which the reporter has corrected."""
    whole = samples_pdf.revised()
    assert clean(whole)
    assert _refusal(whole[: whole.rindex(b"xref\n") - 20]) == "damaged"


def test_a_document_that_lost_its_end_is_not_taken_with_a_page_missing() -> None:
    """A linearized file says all about itself at its start, so a repair would not notice."""
    made = Pdf.new()
    for _ in range(3):
        made.add_blank_page(page_size=(9, 9))
        made.pages[-1].Contents = made.make_stream(b"BT (words) Tj ET")
    whole = samples_pdf.written(made, linearize=True)
    assert clean(whole)
    assert _refusal(whole[: whole.rindex(b"endobj")]) == "damaged"


def test_a_table_that_is_not_where_the_file_says_is_not_guessed() -> None:
    whole = samples_pdf.simple()
    place = whole[whole.rindex(b"startxref") :].split()[1]
    assert _refusal(whole.replace(b"startxref\n" + place, b"startxref\n7")) == "damaged"


FRAMES: list[tuple[dict[str, Any], list[Decimal]]] = [
    ({"MediaBox": [0, 0, 10**9, 10**9]}, [Decimal(n) for n in (0, 0, 14_400, 14_400)]),
    ({"MediaBox": [-(10**9), -20, 100, 80]}, [Decimal(n) for n in (-32_767, -20, -18_367, 80)]),
    ({"MediaBox": [400, 300, 0, 0]}, [Decimal(n) for n in (0, 0, 400, 300)]),
    ({"MediaBox": [0, 0, 0, 0]}, [Decimal(n) for n in (0, 0, 595, 842)]),
    ({"MediaBox": [Name.Lebar, 0, 1, 2]}, [Decimal(n) for n in (0, 0, 612, 792)]),  # by qpdf
    ({"MediaBox": [0, 0, 400]}, [Decimal(n) for n in (0, 0, 612, 792)]),
    ({"MediaBox": [0, 0, 400, 300], "CropBox": [900, 900, 950, 950]}, [Decimal(n) for n in (0, 0, 400, 300)]),
]


@pytest.mark.parametrize(("given", "edges"), FRAMES)
def test_a_page_has_edges_that_every_reader_shows(given: dict[str, Any], edges: list[Decimal]) -> None:
    made = Pdf.open(BytesIO(samples_pdf.simple()))
    for name, numbers in given.items():
        made.pages[0].obj[f"/{name}"] = Array(numbers)
    made.pages[0].obj["/UserUnit"], made.pages[0].obj["/Rotate"] = 10**9, 45
    with Pdf.open(BytesIO(clean(samples_pdf.written(made)).content)) as opened:
        page = opened.pages[0]
        assert list(page.mediabox) == list(page.cropbox) == edges
        assert {"/UserUnit", "/Rotate", "/CropBox"}.isdisjoint(page.obj.keys())


def test_a_sensible_frame_stays() -> None:
    made = Pdf.open(BytesIO(samples_pdf.simple()))
    page = made.pages[0].obj
    page.MediaBox, page.CropBox, page.UserUnit, page.Rotate = Array([0, 0, 900, 700]), Array([9, 9, 99, 99]), 2, -90
    with Pdf.open(BytesIO(clean(samples_pdf.written(made)).content)) as opened:
        kept = opened.pages[0].obj
        assert ([int(n) for n in kept.CropBox], kept.UserUnit, kept.Rotate) == ([9, 9, 99, 99], 2, 270)

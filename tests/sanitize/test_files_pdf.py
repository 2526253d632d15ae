"""PDFs come out with their pages, and alone."""

import io
import json
import subprocess

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from functions.sanitize.clean import FileRefusedError
from functions.sanitize.cleaners import clean_here as clean
from tests.sanitize import samples, samples_pdf
from tests.sanitize.samples import CANARY, RAW


def _refusal(raw: bytes) -> str:
    with pytest.raises(FileRefusedError) as refused:
        clean(raw)
    return str(refused.value.code)


def _cleaned(raw: bytes) -> Pdf:
    return Pdf.open(io.BytesIO(clean(raw).content))


def _marked(**entries: object) -> bytes:
    """A page with one graphics state that names what it does not need."""
    return samples_pdf.simple(b"/G gs", Dictionary(ExtGState=Dictionary(G=Dictionary(**entries))))


def test_the_sample_holds_canaries_in_all_its_places() -> None:
    raw = samples_pdf.pdf()
    assert samples_pdf.everything(raw).count(RAW) > 200
    for place in (
        b"/JavaScript", b"/EmbeddedFile", b"/OpenAction", b"/Outlines", b"/AcroForm", b"/XFA", b"/PieceInfo", b"/Thumb",
        b"/StructTreeRoot", b"/Annots", b"/FileAttachment", b"/Metadata", b"/OCProperties", b"/LastModified", b"/ID",
        b"/Info", b"/PageLabels", b"/Lang", b"/Alternates", b"ActualText", b"Exif", b"%%Title", b"/Properties",
    ):  # fmt: skip
        assert place in samples_pdf.everything(raw)


def test_no_canary_survives() -> None:
    made = clean(samples_pdf.pdf()).content
    everything = samples_pdf.everything(made)
    assert not samples.holds_canary(everything)
    assert samples_pdf.VISIBLE in everything
    for place in (
        b"JavaScript", b"/EmbeddedFile", b"/OpenAction", b"/AA", b"/Outlines", b"/AcroForm", b"/XFA", b"/PieceInfo",
        b"/Thumb", b"/StructTreeRoot", b"/Annots", b"/Metadata", b"/OCProperties", b"/OCG", b"/LastModified", b"/Info",
        b"/Names", b"/Lang", b"/Alternates", b"/ICCBased", b"BDC", b"Exif", b"%%Title", b"/Properties", b"D:2026",
    ):  # fmt: skip
        assert place not in everything


def test_only_what_draws_is_left() -> None:
    with _cleaned(samples_pdf.pdf()) as made:
        assert set(made.Root.keys()) == {"/Type", "/Pages"}
        assert set(made.trailer.keys()) <= {
            "/Type",
            "/Root",
            "/Size",
            "/ID",
            "/W",
            "/Index",
            "/Filter",
            "/Length",
            "/DecodeParms",
        }
        assert len(made.pages) == 2
        assert set(made.pages[0].obj.keys()) == {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}
        assert [int(edge) for edge in made.pages[0].mediabox] == [0, 0, 400, 400]


def test_what_a_form_field_shows_is_printed_into_the_page() -> None:
    assert samples_pdf.STAMP in samples_pdf.everything(clean(samples_pdf.pdf()).content)


def test_exiftool_finds_a_document_and_nothing_else() -> None:
    for raw in (samples_pdf.pdf(), samples_pdf.revised()):
        command = ["exiftool", "-j", "-a", "-G0", "-u", "-ee", "--System:all", "-"]
        ran = subprocess.run(command, input=clean(raw).content, capture_output=True, check=True)
        found = set(json.loads(ran.stdout)[0]) - {"SourceFile", "ExifTool:ExifToolVersion"}
        assert found <= {
            "File:FileType",
            "File:FileTypeExtension",
            "File:MIMEType",
            "PDF:PDFVersion",
            "PDF:Linearized",
            "PDF:PageCount",
        }


def test_exiftool_would_have_found_it() -> None:
    ran = subprocess.run(["exiftool", "-j", "-a", "-"], input=samples_pdf.pdf(), capture_output=True, check=True)
    assert json.loads(ran.stdout)[0]["Author"] == CANARY


def test_the_same_pages_give_the_same_file_whoever_wrote_them() -> None:
    ours = samples_pdf.pdf()
    with Pdf.open(io.BytesIO(ours)) as other:
        other.docinfo["/Author"] = "Orang lain"
        other.trailer["/ID"] = Array([String("satu"), String("dua")])
        theirs = samples_pdf.written(other)
    assert clean(ours).content == clean(theirs).content


def test_earlier_revisions_are_gone() -> None:
    raw = samples_pdf.revised()
    assert samples.holds_canary(raw)
    made = samples_pdf.everything(clean(raw).content)
    assert not samples.holds_canary(made)
    assert samples_pdf.VISIBLE in made


def test_objects_in_the_file_that_no_page_uses_are_gone() -> None:
    made = Pdf.new()
    unused = made.make_stream(
        b"0 0 1 1 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 1, 1], Note=String(CANARY)
    )
    hidden = Dictionary(
        XObject=Dictionary(Used=made.make_stream(b"n", Subtype=Name.Form, BBox=[0, 0, 1, 1]), Unused=unused)
    )
    raw = samples_pdf.simple(b"/Used Do", hidden, made)
    with _cleaned(raw) as cleaned:
        assert len(cleaned.pages[0].Resources.XObject) == 1


def test_a_form_that_borrows_its_pages_resources_gets_its_own() -> None:
    made = Pdf.new()
    inner = made.make_stream(b"0.5 g n", Subtype=Name.Form, BBox=[0, 0, 1, 1])
    outer = made.make_stream(b"/Inner Do", Subtype=Name.Form, BBox=[0, 0, 1, 1])
    raw = samples_pdf.simple(b"/Outer Do", Dictionary(XObject=Dictionary(Outer=outer, Inner=inner)), made)
    with _cleaned(raw) as cleaned:
        (form,) = cleaned.pages[0].Resources.XObject.values()
        (nested,) = form.Resources.XObject.values()
        assert nested.read_bytes().split() == [b"0.5", b"g", b"n"]


def test_a_form_that_draws_itself_comes_to_an_end() -> None:
    made = Pdf.new()
    form = made.make_stream(b"/Self Do", Subtype=Name.Form, BBox=[0, 0, 1, 1])
    form.Resources = Dictionary(XObject=Dictionary(Self=form))
    with _cleaned(samples_pdf.simple(b"/Self Do", Dictionary(XObject=Dictionary(Self=form)), made)) as cleaned:
        (copied,) = cleaned.pages[0].Resources.XObject.values()
        assert copied.Resources.XObject["/N0"].objgen == copied.objgen


def test_inherited_sizes_and_turns_of_pages_are_kept() -> None:
    made = Pdf.new()
    made.add_blank_page(page_size=(100, 100))
    made.Root.Pages.MediaBox, made.Root.Pages.Rotate = Array([0, 0, 300, 500]), 90
    del made.pages[0].obj["/MediaBox"]
    with _cleaned(samples_pdf.written(made)) as cleaned:
        assert [int(edge) for edge in cleaned.pages[0].mediabox] == [0, 0, 300, 500]
        assert cleaned.pages[0].obj.Rotate == 90


def test_patterns_shadings_functions_and_glyphs_are_kept() -> None:
    made = Pdf.new()
    ramp = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0], C1=[1], N=1, Note=String(CANARY))
    program = made.make_stream(
        b"{ % " + RAW + b"\n% " + RAW + b"\n dup }", FunctionType=4, Domain=[0, 1], Range=[0, 1, 0, 1]
    )
    shade = Dictionary(ShadingType=2, ColorSpace=Name.DeviceGray, Coords=[0, 0, 1, 1], Function=ramp)
    tile = made.make_stream(
        b"0 0 1 1 re f", PatternType=1, PaintType=1, TilingType=1, BBox=[0, 0, 1, 1], XStep=1, YStep=1
    )
    glyph = made.make_stream(b"9 0 0 0 9 9 d1 BI /W 8 /H 1 /IM true /BPC 1 ID \xaa\nEI")
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 9, 9], FontMatrix=[1, 0, 0, 1, 0, 0], FirstChar=65, LastChar=65,
        Widths=[9], Encoding=Dictionary(Differences=[65, Name.a]), CharProcs=Dictionary(a=glyph), Name=Name("/" + CANARY),
    )  # fmt: skip
    spot = Array([Name.DeviceN, [Name.Emas, Name.Perak], Name.DeviceCMYK, program, Dictionary(Note=String(CANARY))])
    resources = Dictionary(
        Pattern=Dictionary(T=tile, S=Dictionary(PatternType=2, Shading=shade)),
        Shading=Dictionary(H=shade),
        Font=Dictionary(F=font),
        ColorSpace=Dictionary(D=spot, L=Array([Name.Lab, Dictionary(WhitePoint=[1, 1, 1], Note=String(CANARY))])),
    )
    drawing = b"/Pattern cs /T scn /S scn /H sh BT /F 9 Tf (A) Tj ET /D cs /L CS"
    content = clean(samples_pdf.simple(drawing, resources, made)).content
    everything = samples_pdf.everything(content)
    assert not samples.holds_canary(everything)
    with Pdf.open(io.BytesIO(content)) as cleaned:
        drawn = cleaned.pages[0].Contents.read_bytes().split()
        kept = cleaned.pages[0].Resources
        assert drawn[:4] == [b"/Pattern", b"cs", b"/N0", b"scn"]
        assert kept.Pattern.N0.read_bytes().split() == [b"0", b"0", b"1", b"1", b"re", b"f"]
        assert kept.Pattern.N1.Shading.Function.N == 1
        assert kept.Shading.N2.ColorSpace == Name.DeviceGray
        assert b"\xaa" in kept.Font.N3.CharProcs.a.read_bytes()
        assert kept.ColorSpace.N4[3].read_bytes().split() == [b"{", b"dup", b"}"]
        assert len(kept.ColorSpace.N4) == 4
        assert set(kept.ColorSpace.N5[1].keys()) == {"/WhitePoint"}


def test_a_soft_mask_of_a_graphics_state_is_kept() -> None:
    made = Pdf.new()
    group = made.make_stream(
        b"0.5 g", Subtype=Name.Form, BBox=[0, 0, 1, 1], Group=Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
    )
    state = Dictionary(
        SMask=Dictionary(S=Name.Luminosity, G=group, Note=String(CANARY)), BM=Name.Multiply, HT=Name(f"/{CANARY}")
    )
    with _cleaned(samples_pdf.simple(b"/G gs", Dictionary(ExtGState=Dictionary(G=state)), made)) as cleaned:
        (kept,) = cleaned.pages[0].Resources.ExtGState.values()
        assert set(kept.keys()) == {"/SMask", "/BM"}
        assert Name.Transparency == kept.SMask.G.Group.S


def test_fonts_are_kept_byte_for_byte_and_their_maps_without_remarks() -> None:
    made = Pdf.new()
    program = made.make_stream(b"\0\1\0\0 a font program " * 9, Length1=190, Metadata=made.make_stream(RAW))
    descendant = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name("/ABCDEF+Sans"), CIDToGIDMap=Name.Identity, W=[0, [500, 600]],
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=Dictionary(Type=Name.FontDescriptor, FontName=Name("/ABCDEF+Sans"), FontFile2=program, Style=String(CANARY)),
    )  # fmt: skip
    cmap = made.make_stream(b"%!PS " + RAW + b"\nbegincmap\n<01> <0041>\n  % " + RAW + b"\nendcmap")
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/ABCDEF+Sans"), Encoding=Name("/Identity-H"),
        DescendantFonts=[descendant], ToUnicode=cmap,
    )  # fmt: skip
    raw = samples_pdf.simple(b"BT /F 9 Tf <0001> Tj ET", Dictionary(Font=Dictionary(F=font)), made)
    content = clean(raw).content
    assert not samples.holds_canary(samples_pdf.everything(content))
    with Pdf.open(io.BytesIO(content)) as cleaned:
        kept = cleaned.pages[0].Resources.Font.N0
        inner = kept.DescendantFonts[0]
        assert inner.FontDescriptor.FontFile2.read_bytes() == program.read_bytes()
        assert inner.FontDescriptor.FontFile2.Length1 == 190
        assert inner.W[1][1] == 600
        assert bytes(inner.CIDSystemInfo.Registry) == b"Adobe"
        assert kept.ToUnicode.read_bytes().split() == [b"begincmap", b"<01>", b"<0041>", b"endcmap"]


def test_a_line_before_the_header_is_no_fault() -> None:
    with _cleaned(b"\r\n" + samples_pdf.pdf()) as made:
        assert len(made.pages) == 2


def test_resources_of_the_wrong_kind_are_left_out() -> None:
    made = Pdf.new()
    wrong = Dictionary(
        XObject=Dictionary(X=Dictionary(Subtype=Name.Form)),
        Font=Dictionary(F=Dictionary(Type=Name.Font, CharProcs=String(CANARY), FontDescriptor=made.make_stream(RAW))),
        ExtGState=String(CANARY),
        Pattern=Dictionary(P=String(CANARY)),
    )
    raw = samples_pdf.simple(b"/X Do /F 9 Tf /G gs /P scn [[[[[[1]]]]]] 0 d", wrong, made)
    content = clean(raw).content
    assert not samples.holds_canary(samples_pdf.everything(content))
    with Pdf.open(io.BytesIO(content)) as cleaned:
        assert set(cleaned.pages[0].Resources.keys()) == {"/XObject", "/Font", "/Pattern"}
        assert not cleaned.pages[0].Resources.XObject.keys()
        assert set(cleaned.pages[0].Resources.Font.N1.keys()) == {"/Type"}


def test_visible_layers_stay_on_the_page() -> None:
    made = Pdf.new()
    made.Root.OCProperties = Dictionary(D=Dictionary(ON=[Dictionary(Name=String(CANARY))]))
    raw = samples_pdf.simple(b"/OC /L BDC BT (" + samples_pdf.VISIBLE + b") Tj ET EMC", made=made)
    everything = samples_pdf.everything(clean(raw).content)
    assert samples_pdf.VISIBLE in everything
    assert not samples.holds_canary(everything)


def test_strings_where_none_belong_do_not_come_along() -> None:
    raw = _marked(
        LW=String(CANARY), CA=Array([1, String(CANARY), Array([String(CANARY)])]), D=Dictionary(X=String(CANARY))
    )
    assert samples.holds_canary(samples_pdf.everything(raw))
    assert not samples.holds_canary(samples_pdf.everything(clean(raw).content))


def test_the_writer_names_itself_nowhere() -> None:
    made = clean(samples_pdf.pdf()).content
    for name in (b"pikepdf", b"qpdf", b"QPDF", b"Producer"):
        assert name not in samples_pdf.everything(made)
    assert made.startswith(b"%PDF-1.7")
    assert pikepdf.Pdf.open(io.BytesIO(made)).is_linearized is False

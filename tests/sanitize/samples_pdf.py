"""Sample PDFs made in code, with a canary in every place that is not the printed page."""

from contextlib import suppress
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from tests.sanitize import samples
from tests.sanitize.samples import CANARY, RAW, XMP

VISIBLE = b"Jalan rusak di Sangatta Utara"
STAMP = b"Terisi: tiga kali dilaporkan"
_CMAP = b"%%Title: " + RAW + b"\n/CIDInit /ProcSet findresource begin\nbegincmap % x\r% " + RAW + b"\rendcmap\nend\n"


def pdf(**save: object) -> bytes:
    """Two pages with text, photos and a form, and canaries wherever the format lets one write."""
    made = Pdf.new()
    _page(made)
    made.add_blank_page(page_size=(200, 200))
    _around(made)
    with made.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["dc:creator"] = [CANARY]
    for key in ("/Title", "/Author", "/Creator", "/Producer", "/Keywords", "/Budi"):
        made.docinfo[key] = CANARY
    made.trailer["/ID"] = Array([String(RAW), String(RAW)])
    made.attachments["bukti.txt"] = pikepdf.AttachedFileSpec(made, RAW, filename=CANARY + ".txt", description=CANARY)
    out = BytesIO()
    made.save(out, **({"compress_streams": False} | save))
    return out.getvalue()


def _page(made: Pdf) -> None:
    made.add_blank_page(page_size=(400, 400))
    page = made.pages[0]
    page.Resources = Dictionary(
        Font=Dictionary({"/F-" + CANARY: _font(made)}),
        XObject=Dictionary(
            {
                "/" + CANARY + ".jpg": _photo(made),
                "/Form": _form(made),
                "/Hidden": made.make_stream(
                    b"(" + RAW + b") Tj", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 1, 1]
                ),
                "/Screen": _screenshot(made),
                "/Scan": _jpeg2000(made),
            }
        ),
        ExtGState=Dictionary(G=Dictionary(Type=Name.ExtGState, ca=0.5, PieceInfo=_secret(made))),
        ColorSpace=Dictionary(C=Array([Name.ICCBased, made.make_stream(samples.icc(), N=3, Metadata=_xmp(made))])),
        Properties=Dictionary(
            L=Dictionary(Type=Name.OCG, Name=String(CANARY)), A=Dictionary(ActualText=String(CANARY))
        ),
    )
    page.Contents = Array([made.make_stream(part) for part in _drawing()])
    page.obj.LastModified = String("D:20261103040506+08'00'" + CANARY)
    page.obj.PieceInfo = _secret(made)
    page.obj.Metadata = _xmp(made)
    page.obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{CANARY}')")))
    page.obj.Thumb = made.make_stream(RAW, Width=1, Height=1, ColorSpace=Name.DeviceGray, BitsPerComponent=8)
    page.obj.Annots = _annotations(made)


def _drawing() -> list[bytes]:
    name = CANARY.encode()
    return [
        b"% " + RAW + b"\n/Span <</ActualText (" + RAW + b") /MCID 0>> BDC\nBT /F-" + name + b" 12 Tf 20 350 Td",
        b"(" + VISIBLE + b") Tj [(ke) -20 (dua)] TJ ET EMC /OC /L BDC EMC /Note /A DP (" + RAW + b") 1 0 0 1 0 0 cm\n",
        b"q 100 0 0 60 20 200 cm /" + name + b".jpg Do Q\nq 90 0 0 60 140 200 cm /Screen Do Q /G gs /Form Do\n",
        b"q 90 0 0 60 260 200 cm /Scan Do Q /C cs 1 0 0 sc 10 10 5 5 re f (" + RAW + b") unknown\n",
        b"q 9 0 0 9 5 5 cm BI /W 2 /H 2 /CS /G /BPC 8 /F /AHx /Note (" + RAW + b") ID 00ff00ff> EI Q",
    ]


def _font(made: Pdf) -> Object:
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name.Helvetica, Flags=32, FontFamily=String(CANARY), Metadata=_xmp(made)
    )
    return made.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type1,
            BaseFont=Name.Helvetica,
            Encoding=Name.WinAnsiEncoding,
            FontDescriptor=descriptor,
            ToUnicode=made.make_stream(_CMAP),
            PieceInfo=_secret(made),
        )
    )


def _photo(made: Pdf) -> Stream:
    """A photo as the camera wrote it, put whole into the PDF, with a mask that is a photo too."""
    mask = image_xobject(made, samples.jpeg(samples.picture(mode="L"), profile=False), Name.DeviceGray)
    extra = {"/Metadata": _xmp(made), "/PieceInfo": _secret(made), "/Name": Name("/" + CANARY), "/SMask": mask}
    return image_xobject(made, samples.jpeg(), Name.DeviceRGB, extra)


def image_xobject(
    made: Pdf, data: bytes, space: Object, extra: dict[str, Object] | None = None, codec: Name = Name.DCTDecode
) -> Stream:
    image = made.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, Width=320, Height=200)
    image.BitsPerComponent, image.ColorSpace = 8, space
    for key, value in (extra or {}).items():
        image[key] = value
    image.write(data, filter=codec)
    return image


def _screenshot(made: Pdf) -> Stream:
    """Pixels without a format of their own, and words behind the last row."""
    image = made.make_stream(samples.picture().tobytes() + RAW, Type=Name.XObject, Subtype=Name.Image)
    image.Width, image.Height, image.BitsPerComponent = 320, 200, 8
    image.ColorSpace = Array([Name.ICCBased, made.make_stream(samples.icc(), N=3)])
    image.Alternates = Array([Dictionary(Image=made.make_stream(RAW))])
    return image


def _jpeg2000(made: Pdf) -> Stream:
    out = BytesIO()
    samples.picture().save(out, "JPEG2000", comment=RAW)
    image = image_xobject(made, out.getvalue() + RAW, Name.DeviceRGB, codec=Name.JPXDecode)
    del image["/ColorSpace"]
    return image


def _form(made: Pdf) -> Stream:
    form = made.make_stream(b"0 0 1 1 re f % " + RAW, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 1, 1])
    form.PieceInfo, form.LastModified, form.StructParent = _secret(made), String(CANARY), 1
    form.Metadata, form.OC = _xmp(made), Dictionary(Type=Name.OCG, Name=String(CANARY))
    return form


def _annotations(made: Pdf) -> Array:
    face = made.make_stream(
        b"/Tx BMC % " + RAW + b"\nBT /Helv 9 Tf (" + STAMP + b") Tj ET EMC", Type=Name.XObject, Subtype=Name.Form
    )
    face.BBox, face.Resources = Array([0, 0, 100, 20]), Dictionary(Font=Dictionary(Helv=_font(made)))
    field = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String(CANARY), TU=String(CANARY), V=String(CANARY)
    )
    field.Rect, field.AP, field.F = Array([10, 100, 110, 120]), Dictionary(N=face), 4
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, T=String(CANARY), Contents=String(CANARY), NM=String(CANARY))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://x/" + CANARY)))
    attached = Dictionary(
        Type=Name.Annot, Subtype=Name.FileAttachment, FS=Dictionary(Type=Name.Filespec, F=String(CANARY))
    )
    attached.FS.EF = Dictionary(F=made.make_stream(RAW, Type=Name.EmbeddedFile))
    hidden = Dictionary(
        Type=Name.Annot, Subtype=Name.FreeText, F=2, AP=Dictionary(N=made.make_stream(b"(" + RAW + b") Tj"))
    )
    for annotation in (note, link, attached, hidden):
        annotation.Rect = Array([1, 1, 20, 20])
    hidden.AP.N.BBox = Array([0, 0, 1, 1])
    made.Root.AcroForm = Dictionary(
        Fields=Array([made.make_indirect(field)]), XFA=made.make_stream(RAW), DA=String("/Helv 9 Tf 0 g")
    )
    return Array([made.Root.AcroForm.Fields[0], *(made.make_indirect(item) for item in (note, link, attached, hidden))])


def _around(made: Pdf) -> None:
    script = Dictionary(S=Name.JavaScript, JS=String(f"this.submitForm('{CANARY}')"))
    made.Root.OpenAction = script
    made.Root.AA = Dictionary(WC=script)
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String(CANARY), made.make_indirect(script)])))
    made.Root.PieceInfo = _secret(made)
    made.Root.Lang = String(CANARY)
    made.Root.URI = Dictionary(Base=String(CANARY))
    made.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String(CANARY))]))
    element = made.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Figure, Alt=String(CANARY), T=String(CANARY)))
    made.Root.StructTreeRoot = made.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=element))
    layer = made.make_indirect(Dictionary(Type=Name.OCG, Name=String(CANARY)))
    made.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(Name=String(CANARY), Creator=String(CANARY)))
    with made.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(CANARY, 0))


def _secret(made: Pdf) -> Dictionary:
    private = made.make_stream(b"private " + RAW, Owner=String(CANARY))
    return Dictionary(Adobe=Dictionary(LastModified=String("D:2026"), Private=private))


def _xmp(made: Pdf) -> Stream:
    return made.make_stream(XMP, Type=Name.Metadata, Subtype=Name.XML)


def simple(content: bytes = b"BT (x) Tj ET", resources: Dictionary | None = None, made: Pdf | None = None) -> bytes:
    """One page. ``made`` is the document that the resources belong to."""
    made = made or Pdf.new()
    made.add_blank_page(page_size=(100, 100))
    made.pages[-1].Contents = made.make_stream(content)
    if resources is not None:
        made.pages[-1].Resources = resources
    return written(made)


def written(made: Pdf, **save: object) -> bytes:
    out = BytesIO()
    made.save(out, **save)
    return out.getvalue()


def revised() -> bytes:
    """A document whose text was replaced by an incremental update (ISO 32000-1, 7.5.6): the old one is still there."""
    made = Pdf.new()
    made.add_blank_page(page_size=(100, 100))
    made.pages[0].Contents = made.make_stream(b"BT (" + RAW + b") Tj ET")
    number = made.pages[0].Contents.objgen[0]
    first = written(made, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with Pdf.open(BytesIO(first)) as again:
        number = again.pages[0].Contents.objgen[0]
        size, root = int(again.trailer.Size), again.Root.objgen[0]
    previous = int(first[first.rindex(b"startxref") :].split()[1])
    body = b"BT (" + VISIBLE + b") Tj ET"
    update = b"%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (number, len(body), body)
    start = len(first) + len(update)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, len(first))
    trailer = b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, previous, start)
    return first + update + table + trailer


def encrypted(**passwords: str) -> bytes:
    made = Pdf.new()
    made.add_blank_page()
    return written(made, encryption=pikepdf.Encryption(**passwords))


def locked(text: str, **passwords: Any) -> bytes:
    """A page with this text, encrypted."""
    with Pdf.open(BytesIO(simple(b"BT (" + text.encode() + b") Tj ET"))) as made:
        return written(made, encryption=pikepdf.Encryption(**passwords))


def everything(content: bytes) -> bytes:
    """The raw file, and all its objects with their streams unpacked."""
    found = [content]
    with Pdf.open(BytesIO(content)) as opened:
        found.append(opened.trailer.unparse())
        for thing in opened.objects:
            if isinstance(thing, Stream):
                found += [thing.stream_dict.unparse(), thing.read_raw_bytes()]
                with suppress(pikepdf.PdfError):  # codes for images do not unpack: their raw bytes are there already
                    found.append(thing.read_bytes())
            elif isinstance(thing, Object):
                found.append(thing.unparse(resolved=True))
    return b"\n".join(found)

"""A Word file made by hand, with a canary in every place where Word keeps something that nobody sees."""

import zipfile
from io import BytesIO

from tests.sanitize import samples
from tests.sanitize.samples import CANARY as C

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
NAMESPACES = """xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"
xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"
xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"
xmlns:x="urn:kenari:tak-dikenal" mc:Ignorable="w14" """
WHEN = f'w:author="{C}" w:date="2026-11-03T04:05:06Z" w:initials="{C}" w:rsidR="00{C}"'

Parts = dict[str, str | bytes]


def zipped(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip as programs write it: with dates of today and whatever else zipfile puts in."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.comment = C.encode()
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, (2026, 11, 3, 4, 5, 6))
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else method
            info.comment = C.encode()
            archive.writestr(info, data)
    return out.getvalue()


def rels(*given: tuple[str, str, str], outside: tuple[tuple[str, str, str], ...] = ()) -> str:
    """A part of relationships: (id, kind, target), and those that lead outside."""
    inside = "".join(f'<Relationship Id="{i}" Type="{KIND}/{k}" Target="{t}"/>' for i, k, t in given)
    out = "".join(
        f'<Relationship Id="{i}" Type="{KIND}/{k}" Target="{t}" TargetMode="External"/>' for i, k, t in outside
    )
    return f'<Relationships xmlns="{RELS}">{inside}{out}</Relationships>'


def types(**overrides: str) -> str:
    """``[Content_Types].xml``; keys are parts with / as __ and . as _."""
    given = "".join(
        f'<Override PartName="/{key.replace("__", "/").replace("_xml", ".xml")}" ContentType="{kind}"/>'
        for key, kind in overrides.items()
    )
    return f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>{given}</Types>'


def p(text: str, properties: str = "", run: str = "") -> str:
    return (
        f'<w:p w:rsidR="00{C}" w14:paraId="{C}" w14:textId="{C}"><w:pPr>{properties}</w:pPr>'
        f'<w:r w:rsidRPr="00{C}"><w:rPr>{run}<w:lang w:val="jv-ID"/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def field(code: str, result: str) -> str:
    return (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{result}</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def drawing(rid: str, crop: str = "", hidden: str = "") -> str:
    return (
        f'<w:drawing><wp:inline distT="0"><wp:extent cx="914400" cy="457200"/>'
        f'<wp:docPr id="1" name="{C}" descr="C:\\Users\\{C}\\foto.jpg" title="{C}" {hidden}>'
        f'<a:hlinkClick r:id="rLink" tooltip="{C}"/></wp:docPr><a:graphic><a:graphicData '
        'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        f'<pic:cNvPr id="0" name="{C}.jpg" descr="{C}"/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{rid}" r:link="rLink">'
        f'<a:extLst><a:ext uri="{C}"/></a:extLst></a:blip>{crop}</pic:blipFill></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing>"
    )


HIDE = 'hidden="1"'
BOX = (
    '<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wp:docPr id="9" name="x"/><a:graphic>'
    '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:txbx>'
    "<w:txbxContent><w:p><w:r><w:t>Isi kotak.</w:t></w:r></w:p></w:txbxContent></wps:txbx></wps:wsp></a:graphicData>"
    "</a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent><w:p>"
    "<w:r><w:t>Isi kotak.</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>"
    "</mc:AlternateContent>"
)
HIDDEN_FIELDS = [
    "AUTHOR",
    "USERNAME",
    "USERINITIALS",
    "USERADDRESS",
    "LASTSAVEDBY",
    "FILENAME",
    "TEMPLATE",
    "DOCPROPERTY",
    "DOCVARIABLE",
    "INFO",
    "KEYWORDS",
    "COMMENTS",
    "CREATEDATE",
    "SAVEDATE",
    "PRINTDATE",
    "EDITTIME",
    "REVNUM",
    "TIME",
    "DDE",
    "DDEAUTO",
    "DATABASE",
]
# What a reader sees of the document, paragraph by paragraph.
VISIBLE = [
    "Jalan di depan pasar rusak.",
    "Kalimat dengan tautan.",
    "Ditambahkan.",
    "Isi kontrol.",
    "Daftar isi",
    "Halaman 1",
    "[gambar tidak ikut]",
    "Gambar:",
    "Kotak:",
    "Isi kotak.",
    "x=1",
    "Catatan",
    "Sel",
    "Terlihat walau gaya tersembunyi.",
]
BODY = "".join(
    (
        p(VISIBLE[0], '<w:pStyle w:val="Utama"/><w:keepNext/>', '<w:b/><w:color w:val="FF0000"/>'),
        (
            f'<w:p><w:r><w:t xml:space="preserve">Kalimat dengan </w:t></w:r><w:hyperlink r:id="rLink" w:tooltip="{C}" '
            f'w:anchor="{C}"><w:r><w:t>tautan.</w:t></w:r></w:hyperlink><w:bookmarkStart w:id="1" w:name="{C}"/></w:p>'
        ),
        (
            f"<w:p><w:pPr><w:rPr><w:ins {WHEN}/></w:rPr><w:pPrChange {WHEN}><w:pPr><w:jc w:val='{C}'/></w:pPr></w:pPrChange></w:pPr>"
            f"<w:ins {WHEN}><w:r><w:t>Ditambahkan.</w:t></w:r></w:ins><w:del {WHEN}><w:r><w:delText>{C}</w:delText></w:r>"
            f"<w:r><w:t>{C}</w:t></w:r></w:del><w:moveFrom {WHEN}><w:r><w:t>{C}</w:t></w:r></w:moveFrom>"
            f'<w:commentRangeStart w:id="0"/><w:r><w:commentReference w:id="0"/></w:r><w:permStart w:ed="{C}" w:id="3"/></w:p>'
        ),
        (
            f'<w:sdt><w:sdtPr><w:alias w:val="{C}"/><w:tag w:val="{C}"/><w:dataBinding w:xpath="/n:coreProperties[1]/d:creator[1]"/>'
            f"</w:sdtPr><w:sdtContent>{p(C)}</w:sdtContent></w:sdt>"
        ),
        f'<w:sdt><w:sdtPr><w:alias w:val="{C}"/></w:sdtPr><w:sdtContent>{p("Isi kontrol.")}</w:sdtContent></w:sdt>',
        *(field(f"{name} \\* {C}", C) for name in HIDDEN_FIELDS),
        f'<w:p><w:fldSimple w:instr="AUTHOR \\* {C}"><w:r><w:t>{C}</w:t></w:r></w:fldSimple></w:p>',
        field(f'DATE \\@ "HH:mm {C}"', C),
        field(f"TOC \\o {C}", "Daftar isi"),
        '<w:p><w:r><w:t xml:space="preserve">Halaman </w:t></w:r><w:fldSimple w:instr="PAGE"><w:r><w:t>7</w:t></w:r></w:fldSimple></w:p>',
        (
            f'<w:p><w:r><w:object><v:shape style="width:9pt;height:9pt"><v:imagedata r:id="rEmf" o:title="{C}"/></v:shape>'
            f'<o:OLEObject ProgID="{C}" r:id="rOle"/></w:object></w:r></w:p>'
        ),
        (
            f"<w:p><w:r><w:t>Gambar:</w:t></w:r><w:r>{drawing('rJpeg')}</w:r><w:r>{drawing('rPng')}</w:r>"
            f"<w:r>{drawing('rJpeg', hidden=HIDE)}</w:r></w:p>"
        ),
        f"<w:p><w:r><w:t>Kotak:</w:t></w:r><w:r>{BOX}</w:r></w:p>",
        f'<w:p><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath><x:lain x:nama="{C}">{C}</x:lain></w:p>',
        p(C, run="<w:vanish/>"),
        p(C, run='<w:rStyle w:val="Gaib"/>'),
        p(C, '<w:pStyle w:val="GaibAnak"/>'),
        '<w:p><w:r><w:t>Catatan</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>',
        (
            f"<w:tbl><w:tblPr><w:tblStyle w:val='{C}'/><w:tblCaption w:val='{C}'/></w:tblPr><w:tblGrid><w:gridCol w:w='100'/></w:tblGrid>"
            f"<w:tr w:rsidR='{C}'><w:tc>{p('Sel')}</w:tc></w:tr>"
            f"<w:tr><w:trPr><w:hidden/></w:trPr><w:tc>{p(C)}</w:tc></w:tr>"
            f"<w:tr><w:trPr><w:del {WHEN}/></w:trPr><w:tc>{p(C)}</w:tc></w:tr></w:tbl>"
        ),
        p(VISIBLE[-1], '<w:pStyle w:val="GaibAnak"/>', '<w:vanish w:val="0"/>'),
        (
            f'<w:sectPr w:rsidR="{C}"><w:headerReference w:type="default" r:id="rHead"/>'
            '<w:headerReference w:type="first" r:id="rFirst"/><w:pgSz w:w="11906" w:h="16838"/><w:printerSettings r:id="rPrint"/></w:sectPr>'
        ),
    )
)
STYLES = f"""<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial"/><w:lang w:val="{C}"/></w:rPr>
</w:rPrDefault></w:docDefaults><w:latentStyles><w:lsdException w:name="{C}"/></w:latentStyles>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Utama"><w:name w:val="Dinas {C}"/><w:aliases w:val="{C}"/>
<w:basedOn w:val="Normal"/><w:rsid w:val="00{C}"/><w:pPr><w:jc w:val="center"/></w:pPr></w:style>
<w:style w:type="character" w:styleId="Gaib"><w:name w:val="Gaib"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="GaibInduk"><w:name w:val="Induk"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="GaibAnak"><w:name w:val="Anak"/><w:basedOn w:val="GaibInduk"/></w:style></w:styles>"""


def parts() -> Parts:
    """All the parts of the file."""
    hidden = f"<w:hdr {NAMESPACES}>{p(C)}</w:hdr>"
    note = '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>Isi catatan kaki.</w:t></w:r></w:p></w:footnote>'
    lost = f'<w:footnote w:id="3">{p(C)}</w:footnote>'
    return {
        "[Content_Types].xml": types(
            word__document_xml=WORD + "document.main+xml",
            docProps__core_xml="application/vnd.openxmlformats-package.core-properties+xml",
        ),
        "_rels/.rels": rels(
            ("r1", "officeDocument", "word/document.xml"), ("r3", "extended-properties", "docProps/app.xml")
        ).replace(
            "</Rel",
            f'<Relationship Id="r2" Type="{RELS}/metadata/core-properties" Target="docProps/core.xml"/></Rel',
            1,
        ),
        "docProps/core.xml": f'<c:coreProperties xmlns:c="{RELS}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:creator>{C}</dc:creator><c:lastModifiedBy>{C}</c:lastModifiedBy><dc:title>{C}</dc:title></c:coreProperties>",
        "docProps/app.xml": '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        f"<Company>{C}</Company><Manager>{C}</Manager><Template>{C}.dotm</Template><TotalTime>9</TotalTime></Properties>",
        "docProps/custom.xml": f"<Properties>{C}</Properties>",
        "docProps/thumbnail.jpeg": samples.jpeg(),
        "word/document.xml": f"<w:document {NAMESPACES}><!-- {C} --><?budi {C}?><w:body>{BODY}</w:body></w:document>",
        "word/_rels/document.xml.rels": rels(
            ("rStyle", "styles", "styles.xml"),
            ("rSet", "settings", "settings.xml"),
            ("rNotes", "footnotes", "footnotes.xml"),
            ("rComments", "comments", "comments.xml"),
            ("rPeople", "people", "people.xml"),
            ("rNum", "numbering", "numbering.xml"),
            ("rTheme", "theme", "theme/theme1.xml"),
            ("rHead", "header", "header1.xml"),
            ("rFirst", "header", "header2.xml"),
            ("rJpeg", "image", f"media/{C}.jpeg"),
            ("rPng", "image", "media/image2.png"),
            ("rEmf", "image", "media/image3.emf"),
            ("rOle", "oleObject", "embeddings/oleObject1.bin"),
            ("rPrint", "printerSettings", "printerSettings/printerSettings1.bin"),
            ("rVba", "vbaProject", "vbaProject.bin"),
            ("rFont", "fontTable", "fontTable.xml"),
            ("rXml", "customXml", "../customXml/item1.xml"),
            outside=(
                ("rLink", "hyperlink", f"https://{C}.example/"),
                ("rTemplate", "attachedTemplate", f"file:///C:/Users/{C}/x.dotm"),
            ),
        ),
        "word/styles.xml": STYLES,
        "word/settings.xml": f'<w:settings {NAMESPACES}><w:attachedTemplate r:id="rTemplate"/><w:rsids><w:rsid w:val="00{C}"/></w:rsids>'
        f'<w:mailMerge><w:query w:val="{C}"/></w:mailMerge><w:docVars><w:docVar w:name="x" w:val="{C}"/></w:docVars></w:settings>',
        "word/footnotes.xml": f"<w:footnotes {NAMESPACES}>{note}{lost}</w:footnotes>",
        "word/comments.xml": f"<w:comments {NAMESPACES}><w:comment w:id='0' {WHEN}>{p(C)}</w:comment></w:comments>",
        "word/people.xml": f"<people>{C}</people>",
        "word/numbering.xml": f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="0"><w:nsid w:val="{C}"/><w:tmpl w:val="{C}"/>'
        f'<w:name w:val="{C}"/><w:lvl w:ilvl="0" w:tplc="{C}"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/><w:rPr>'
        '<w:rFonts w:ascii="Symbol"/></w:rPr></w:lvl></w:abstractNum><w:num w:numId="1" w:durableId="9"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
        "word/theme/theme1.xml": f'<a:theme {NAMESPACES} name="{C}"><a:themeElements><a:clrScheme name="{C}"><a:accent1><a:srgbClr val="123456"/>'
        f'</a:accent1></a:clrScheme><a:fontScheme name="{C}"><a:minorFont><a:latin typeface="Verdana"/></a:minorFont></a:fontScheme></a:themeElements></a:theme>',
        "word/header1.xml": f"<w:hdr {NAMESPACES}>{p('Kepala surat')}<w:p><w:fldSimple w:instr='FILENAME'><w:r><w:t>{C}</w:t></w:r></w:fldSimple></w:p></w:hdr>",
        "word/header2.xml": hidden,
        f"word/media/{C}.jpeg": samples.jpeg(),
        "word/media/image2.png": samples.png(),
        "word/media/image3.emf": b"\x01\0\0\0" + samples.RAW,
        "word/embeddings/oleObject1.bin": samples.RAW,
        "word/printerSettings/printerSettings1.bin": samples.RAW,
        "word/vbaProject.bin": samples.RAW,
        "word/fontTable.xml": f"<w:fonts {NAMESPACES}><w:font w:name='{C}'/></w:fonts>",
        "customXml/item1.xml": f"<b>{C}</b>",
        f"{C}/rahasia.txt": samples.RAW,
    }


def docx(body: str | None = None, **changed: str | bytes) -> bytes:
    """The file; with another body, or with parts changed (keys as in ``types``)."""
    made = parts()
    if body is not None:
        made["word/document.xml"] = f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
    made.update({key.replace("__", "/").replace("_xml", ".xml"): data for key, data in changed.items()})
    return zipped(made)

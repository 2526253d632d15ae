"""An Excel file made by hand, with a canary in every place where Excel keeps something that nobody sees."""

from tests.sanitize import samples
from tests.sanitize.samples import CANARY as C
from tests.sanitize.samples_office import Parts, rels, types, zipped

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
NAMESPACES = """xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" mc:Ignorable="xr" """
XDR = """xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" """
STRINGS = ["Jalan", C, "Panjang", C]
# Cells that a reader of the first sheet sees.
VISIBLE = {"A1": "Jalan", "B1": "Panjang", "A2": "42", "B2": "7.5", "A3": "di sel", "B3": "hasil"}


def _cell(where: str, value: str, attributes: str = "", formula: str = "") -> str:
    made = f"<f>{formula}</f>" if formula else ""
    return f'<c r="{where}" {attributes}>{made}<v>{value}</v></c>'


def sheet(rows: str, before: str = "", after: str = "") -> str:
    return f'<worksheet {NAMESPACES} xr:uid="{C}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


ROWS = "".join(
    (
        f'<row r="1" spans="1:9" xr:id="{C}">',
        _cell("A1", "0", 't="s"'),
        _cell("B1", "2", 't="s" s="1"'),
        _cell("D1", C, 't="str"'),
        "</row><row r='2'>",
        _cell("A2", "42", formula=f"[1]{C}!A1"),
        _cell("B2", "7.5", 's="1"', f"'C:\\{C}\\[x.xlsx]S'!B2"),
        _cell("C2", "123456789", 's="2"'),
        "</row><row r='3'>",
        f'<c r="A3" t="inlineStr"><is><r><rPr><b/><rFont val="Arial"/></rPr><t>di sel</t></r><rPh sb="0" eb="1"><t>{C}</t></rPh></is></c>',
        _cell("B3", "hasil", 't="str"', f"_xlfn.{C}()"),
        "</row><row r='4' hidden='1'>",
        f'<c r="A4" t="s"><v>3</v></c><c r="B4" t="str"><v>{C}</v></c></row>',
        f"<row r='5' ht='0' customHeight='1'><c r='A5' t='str'><v>{C}</v></c></row>",
    )
)
BEFORE = (
    f'<sheetPr codeName="{C}"/><dimension ref="A1:D5"/><sheetViews><sheetView workbookViewId="0"/></sheetViews>'
    '<sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="2" width="20" customWidth="1"/>'
    '<col min="4" max="4" width="9" hidden="1"/></cols>'
)
AFTER = (
    f'<sheetProtection password="{C}"/><autoFilter ref="A1:B2"><filterColumn colId="0"><filters><filter val="{C}"/>'
    '</filters></filterColumn></autoFilter><mergeCells count="1"><mergeCell ref="A6:B6"/></mergeCells>'
    f'<conditionalFormatting sqref="A1"><cfRule><formula>"{C}"</formula></cfRule></conditionalFormatting>'
    f'<dataValidations><dataValidation prompt="{C}"><formula1>"{C}"</formula1></dataValidation></dataValidations>'
    f'<hyperlinks><hyperlink ref="A1" r:id="rLink" tooltip="{C}" display="{C}"/></hyperlinks>'
    f'<pageSetup r:id="rPrint"/><headerFooter><oddHeader>&amp;F {C}</oddHeader></headerFooter><drawing r:id="rDraw"/>'
    '<legacyDrawing r:id="rVml"/><tableParts><tablePart r:id="rTable"/></tableParts>'
)
STYLES = f"""<styleSheet {NAMESPACES}><numFmts><numFmt numFmtId="164" formatCode="&quot;Rp&quot; #,##0"/><numFmt numFmtId="165"
formatCode=";;;"/></numFmts><fonts><font><b/><sz val="11"/><name val="Arial"/></font></fonts><fills><fill/></fills><borders><border/></borders>
<cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165"/></cellXfs>
<cellStyles><cellStyle name="{C}" xfId="0"/></cellStyles><dxfs><dxf/></dxfs><tableStyles defaultTableStyle="{C}"/></styleSheet>"""


def _anchor(row: int, inside: str) -> str:
    corner = "<xdr:col>0</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{}</xdr:row><xdr:rowOff>0</xdr:rowOff>"
    return (
        f"<xdr:twoCellAnchor editAs='oneCell'><xdr:from>{corner.format(row)}</xdr:from><xdr:to>{corner.format(row + 2)}</xdr:to>"
        f"{inside}<xdr:clientData/></xdr:twoCellAnchor>"
    )


def picture(rid: str, hidden: str = "0") -> str:
    return (
        f'<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="{C}" descr="{C}" hidden="{hidden}"/></xdr:nvPicPr><xdr:blipFill>'
        f'<a:blip r:embed="{rid}"/></xdr:blipFill><xdr:spPr/></xdr:pic>'
    )


DRAWING = (
    f"<xdr:wsDr {XDR}>{_anchor(6, picture('rPic'))}{_anchor(7, picture('rSecret', '1'))}{_anchor(3, picture('rSecret'))}"
    + _anchor(
        9,
        f'<xdr:sp macro="[0]!{C}" textlink="{C}"><xdr:nvSpPr><xdr:cNvPr id="3" name="{C}"/></xdr:nvSpPr><xdr:txBody>'
        "<a:p><a:r><a:t>Tulisan di kotak</a:t></a:r></a:p></xdr:txBody></xdr:sp>",
    )
    + "</xdr:wsDr>"
)


def parts() -> Parts:
    """All the parts of the file."""
    strings = "".join(f'<si><t>{text}</t><phoneticPr fontId="0"/></si>' for text in STRINGS)
    return {
        "[Content_Types].xml": types(xl__workbook_xml=SHEET + "sheet.main+xml"),
        "_rels/.rels": rels(
            ("r1", "officeDocument", "/xl/workbook.xml"), ("r3", "extended-properties", "docProps/app.xml")
        ),
        "docProps/app.xml": f"<Properties><TitlesOfParts>{C}</TitlesOfParts><Company>{C}</Company></Properties>",
        "docProps/core.xml": f"<core><creator>{C}</creator></core>",
        "xl/workbook.xml": f'<workbook {NAMESPACES}><fileSharing userName="{C}"/><workbookPr codeName="{C}" date1904="1"/>'
        f'<mc:AlternateContent><mc:Choice Requires="x15"><absPath xmlns="urn:x" url="C:\\Users\\{C}\\"/></mc:Choice></mc:AlternateContent>'
        '<sheets><sheet name="Data" sheetId="7" r:id="r1"/>'
        f'<sheet name="{C}" sheetId="8" state="hidden" r:id="r2"/><sheet name="{C}2" sheetId="9" state="veryHidden" r:id="r2"/>'
        '<sheet name="Grafik" sheetId="10" r:id="rChart"/><sheet name="Lain" sheetId="11" r:id="r3"/></sheets>'
        f'<definedNames><definedName name="{C}" hidden="1">{C}</definedName></definedNames><calcPr calcId="1"/>'
        f'<externalReferences><externalReference r:id="rExt"/></externalReferences></workbook>',
        "xl/_rels/workbook.xml.rels": rels(
            ("r1", "worksheet", "worksheets/sheet1.xml"),
            ("r2", "worksheet", "worksheets/sheet2.xml"),
            ("r3", "worksheet", "worksheets/sheet3.xml"),
            ("rChart", "chartsheet", "chartsheets/sheet1.xml"),
            ("rStyle", "styles", "styles.xml"),
            ("rStr", "sharedStrings", "sharedStrings.xml"),
            ("rExt", "externalLink", "externalLinks/externalLink1.xml"),
            ("rPerson", "person", "persons/person.xml"),
            ("rCon", "connections", "connections.xml"),
            ("rPivot", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"),
            ("rVba", "vbaProject", "vbaProject.bin"),
        ),
        "xl/worksheets/sheet1.xml": sheet(ROWS, BEFORE, AFTER),
        "xl/worksheets/sheet2.xml": sheet(
            f'<row r="1"><c r="A1" t="str"><v>{C}</v></c><c r="B1" t="s"><v>1</v></c></row>'
        ),
        "xl/worksheets/sheet3.xml": sheet("<row><c><v>1</v></c><c t='b'><v>1</v></c><c t='e'><v>#REF!</v></c></row>"),
        "xl/worksheets/_rels/sheet1.xml.rels": rels(
            ("rDraw", "drawing", "../drawings/drawing1.xml"),
            ("rVml", "vmlDrawing", "../drawings/vmlDrawing1.vml"),
            ("rComments", "comments", "../comments1.xml"),
            ("rThread", "threadedComment", "../threadedComments/threadedComment1.xml"),
            ("rTable", "table", "../tables/table1.xml"),
            ("rPrint", "printerSettings", "../printerSettings/printerSettings1.bin"),
            outside=(("rLink", "hyperlink", f"file:///C:/{C}"),),
        ),
        "xl/drawings/drawing1.xml": DRAWING,
        "xl/drawings/_rels/drawing1.xml.rels": rels(
            ("rPic", "image", "../media/image1.jpeg"), ("rSecret", "image", "../media/image2.png")
        ),
        "xl/media/image1.jpeg": samples.jpeg(),
        "xl/media/image2.png": samples.png(),
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<sst {NAMESPACES} count="9">{strings}</sst>',
        **{
            f"xl/{name}": f"<x>{C}</x>"
            for name in (
                "chartsheets/sheet1.xml",
                "externalLinks/externalLink1.xml",
                "persons/person.xml",
                "connections.xml",
                "pivotCache/pivotCacheDefinition1.xml",
                "drawings/vmlDrawing1.vml",
                "comments1.xml",
                "threadedComments/threadedComment1.xml",
                "tables/table1.xml",
                "calcChain.xml",
                "vbaProject.bin",
                "printerSettings/printerSettings1.bin",
            )
        },
    }


def xlsx(**changed: str | bytes) -> bytes:
    """The file, with parts changed (keys as in ``samples_office.types``)."""
    made = parts()
    made.update({key.replace("__", "/").replace("_xml", ".xml"): data for key, data in changed.items()})
    return zipped(made)

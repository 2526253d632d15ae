"""What is kept of WordprocessingML (ECMA-376, part 1, 17). All other names are dropped with their content."""

import re
from typing import Final

from functions.sanitize.office.theme import FONT
from functions.sanitize.office.xml_tree import names

_RUNS: Final = """r rPr t tab br cr noBreakHyphen softHyphen ptab sym footnoteRef endnoteRef separator
continuationSeparator b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint color spacing w kern
position sz szCs highlight u bdr shd vertAlign rtl cs em rFonts rStyle"""
_PARAGRAPHS: Final = """p pPr pStyle keepNext keepLines pageBreakBefore widowControl numPr ilvl numId
suppressLineNumbers pBdr top left bottom right between bar tabs suppressAutoHyphens kinsoku wordWrap overflowPunct
topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid ind contextualSpacing mirrorIndents jc
textDirection textAlignment outlineLvl"""
_SECTIONS: Final = """body hdr ftr sectPr type pgSz pgMar pgBorders lnNumType pgNumType cols col vAlign titlePg docGrid
rtlGutter footnote endnote"""
_TABLES: Final = """tbl tblPr tblStyle bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW tblCellSpacing tblInd
tblBorders start end insideH insideV tl2br tr2bl tblLayout tblCellMar tblLook tblGrid gridCol tr trPr cantSplit
trHeight tblHeader gridBefore gridAfter wBefore wAfter tblPrEx tc tcPr tcW gridSpan hMerge vMerge tcBorders noWrap
tcMar tcFitText hideMark"""
_STYLES: Final = """docDefaults rPrDefault pPrDefault style basedOn next link uiPriority semiHidden unhideWhenUsed
qFormat tblStylePr"""
_NUMBERING: Final = """abstractNum multiLevelType lvl numFmt lvlRestart isLgl suff lvlText lvlJc num abstractNumId
lvlOverride startOverride numStyleLink styleLink"""
KEPT: Final = names("w", f"{_RUNS} {_PARAGRAPHS} {_SECTIONS} {_TABLES} {_STYLES} {_NUMBERING}")
# Dropped, but not what they hold: links, insertions, content controls, tags and marks around words.
OPENED: Final = names("w", "hyperlink ins moveTo smartTag customXml sdtContent bdo dir ruby rubyBase")

ATTRIBUTES: Final = names(
    "w",
    """val color themeColor themeTint themeShade themeFill themeFillTint themeFillShade fill sz space
    shadow frame asciiTheme hAnsiTheme eastAsiaTheme cstheme hint w h orient top right bottom left header footer gutter
    before after line lineRule beforeAutospacing afterAutospacing beforeLines afterLines start end hanging firstLine
    startChars endChars leftChars rightChars hangingChars firstLineChars type fmt num equalWidth sep pos leader id ilvl
    abstractNumId numId default linePitch charSpace firstRow lastRow firstColumn lastColumn noHBand noVBand hRule char
    clear offsetFrom display zOrder alignment relativeTo countBy distance restart""",
)
FONTS: Final = frozenset({"w:ascii", "w:hAnsi", "w:eastAsia", "w:cs", "w:font"})
# Elements whose value is the id of a style; ids are assigned again.
STYLE_NAMES: Final = frozenset(
    f"w:{name}" for name in ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link", "numStyleLink", "styleLink")
)
# Numbers with or without a unit, hexadecimal codes, and the standard's own words, which start in lower case
VALUE: Final = re.compile(
    r"-?\d{1,9}(?:\.\d{1,6})?(?:%|pt|cm|mm|in|pc|pi)?|[0-9A-Fa-f]{1,8}|[a-z][A-Za-z]{0,20}\d{0,2}|"
)

# Styles that programs know by name; any other name may be that of an office or a person.
BUILT_IN: Final = re.compile(
    r"normal|default paragraph font|normal table|no list|table grid|title|subtitle|list paragraph|header|footer"
    r"|(?:footnote|endnote) (?:text|reference)|caption|hyperlink|strong|emphasis|no spacing|(?:intense )?quote"
    r"|(?:heading|toc|index) [1-9]|list(?: bullet| number)?(?: [1-5])?|body text(?: indent)?(?: [23])?|table of figures"
    r"|toc heading|page number|plain text|normal \(web\)|balloon text"
)

# Fields, by the first word of their code. The reader's program computes live ones; the others stay as the text they
# showed. Not here, so dropped with what they show: AUTHOR, LASTSAVEDBY, USERNAME, USERINITIALS, USERADDRESS, FILENAME,
# TEMPLATE, DOCPROPERTY, DOCVARIABLE, INFO, KEYWORDS, COMMENTS, CREATEDATE, SAVEDATE, PRINTDATE, EDITTIME, REVNUM, TIME,
# DDE and all others.
LIVE: Final = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION"})
SHOWN: Final = LIVE | names(
    "",
    """HYPERLINK TOC TOA INDEX REF PAGEREF NOTEREF STYLEREF SEQ QUOTE FORMTEXT FORMDROPDOWN FORMCHECKBOX EQ DATE
    LISTNUM AUTONUM AUTONUMLGL AUTONUMOUT BIBLIOGRAPHY CITATION MERGEFIELD IF FILLIN ASK LINK INCLUDETEXT
    INCLUDEPICTURE TITLE SUBJECT SYMBOL EMBED SHAPE = XE TC""",
)
_TIME_OF_DAY: Final = re.compile(r"\\@.*?(?:[hHs]|am/pm|AM/PM)")
# Content controls that show a property of the file: those that a writer types as text of the document
BOUND: Final = re.compile(r"[:/](?:title|subject|description|category|Abstract|PublishDate)(?:\[\d\])?$")


def field_type(code: str) -> str:
    """Return the first word of a field's code, in capitals; a date with a time of day is no DATE."""
    words = code.split()
    name = words[0].upper() if words else ""
    if name.startswith("="):
        return "="
    return "TIME" if name == "DATE" and _TIME_OF_DAY.search(code) else name


def value_of(name: str, value: str) -> str | None:
    """Return an attribute's value if both its name and its form are known, else None."""
    if name in FONTS:
        return value if FONT.fullmatch(value) else None
    return value if name in ATTRIBUTES and VALUE.fullmatch(value) else None

"""Formats of an Excel file: fonts, fills, borders, number formats; and which of these hide a cell's value."""

import re
from typing import Final
from xml.etree.ElementTree import Element

from functions.sanitize.office.theme import FONT
from functions.sanitize.office.xml_tree import child, element, names

_KEPT: Final = names(
    "",
    """fonts font b i strike u vertAlign sz color name family charset scheme condense extend outline shadow
    fills fill patternFill fgColor bgColor gradientFill stop borders border left right top bottom diagonal start end
    vertical horizontal cellXfs xf alignment colors indexedColors rgbColor numFmts numFmt r rPr rFont t""",
)
_ATTRIBUTES: Final = names(
    "",
    """val rgb theme tint indexed auto patternType type degree position top bottom left right style diagonalUp
    diagonalDown outline numFmtId fontId fillId borderId applyNumberFormat applyFont applyFill applyBorder
    applyAlignment horizontal vertical textRotation wrapText indent relativeIndent justifyLastLine shrinkToFit
    readingOrder""",
)
_VALUE: Final = re.compile(r"-?\d{1,9}(?:\.\d{1,20})?(?:[eE]-?\d{1,3})?|[0-9A-Fa-f]{6,8}|[a-z][A-Za-z0-9]{0,24}")
_FONT_NAMES: Final = frozenset({"name", "rFont"})
_PARTS: Final = ("numFmts", "fonts", "fills", "borders")
_LONGEST_FORMAT: Final = 255
_PLACE: Final = re.compile(r"0|[1-9][0-9]{0,5}")
# Parts of a number format that show nothing: colours and conditions in brackets, blanks, quotes
_NOTHING: Final = re.compile(r"(?:\[[^\]]*\]|\"\s*\"|[\s\\_*])*(?:;(?:\[[^\]]*\]|\"\s*\"|[\s\\_*])*){2,3}")
_LEAST: Final = {"fonts": "font", "fills": "fill", "borders": "border"}


def copied(given: Element) -> Element:
    """Copy a format, or the text of a cell with its formats, as far as the names are known here."""
    made = element(given.tag)
    for name, value in given.items():
        if given.tag in _FONT_NAMES:
            if name == "val" and FONT.fullmatch(value):
                made.set(name, value)
        elif name in _ATTRIBUTES and _VALUE.fullmatch(value):
            made.set(name, value)
    if given.tag == "numFmt":
        made.set("formatCode", given.get("formatCode", "")[:_LONGEST_FORMAT])
    if given.tag == "t":
        made.text = given.text
        made.set("xml:space", "preserve")
    made.extend(copied(one) for one in given if one.tag in _KEPT)
    return made


def copied_words(given: Element) -> list[Element]:
    """Copy the text of a cell with its formats; phonetic hints are left out."""
    return [copied(one) for one in given if one.tag in {"t", "r"}] or [element("t")]


class Formats:
    """The formats of a workbook; None stands for a workbook without."""

    def __init__(self, source: Element | None) -> None:
        self._source = element("styleSheet") if source is None else source
        blank = {
            given.get("numFmtId", "")
            for given in self._source.iter("numFmt")
            if _NOTHING.fullmatch(given.get("formatCode", ""))
        }
        formats = child(self._source, "cellXfs")
        self._cells = [] if formats is None else [given for given in formats if given.tag == "xf"]
        self._blank = {str(number) for number, given in enumerate(self._cells) if given.get("numFmtId", "") in blank}

    def shows(self, style: str) -> bool:
        """Tell whether a cell in the style of this number shows its value (``;;;`` hides it)."""
        return style not in self._blank

    def known(self, style: str | None) -> str | None:
        """Return the number of a style, if there is one of this number."""
        return style if style and _PLACE.fullmatch(style) and int(style) < len(self._cells) else None

    def written(self) -> Element:
        """Return the new styles part."""
        made = element("styleSheet")
        for part in _PARTS:
            given = child(self._source, part)
            if given is not None and len(given):
                made.append(copied(given))
            elif part in _LEAST:
                made.append(element(part, None, element(_LEAST[part])))
        for fill in made.iter("fill"):
            if not len(fill):
                fill.append(element("patternFill", {"patternType": "none"}))
        made.append(element("cellStyleXfs", None, element("xf")))
        cells = element("cellXfs")
        for given in self._cells or [element("xf")]:
            cell = copied(given)
            cell.set("xfId", "0")
            cells.append(cell)
        made.append(cells)
        made.append(
            element("cellStyles", None, element("cellStyle", {"name": "Normal", "xfId": "0", "builtinId": "0"}))
        )
        colours = child(self._source, "colors")
        if colours is not None and child(colours, "indexedColors") is not None:
            made.append(copied(colours))
        return made

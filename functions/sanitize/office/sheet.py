"""Excel files: a new workbook from the visible sheets of the old one, values without their formulas.

Dropped: properties, hidden sheets, rows, columns and values, formulas, defined names, comments with their authors,
connections, links to other files, pivot tables with their hidden copies of the data, charts, tables as such (their
cells stay), print settings and headers, macros, validation and conditional formats, custom XML. Strings that no visible
cell uses are emptied. Pictures and text boxes stay on their sheet.
"""

import re
from typing import Final
from xml.etree.ElementTree import Element

from functions.sanitize.file_types import FileRefusedError, Refusal
from functions.sanitize.office.drawing import is_hidden, number, placed, sheet_picture, sheet_words
from functions.sanitize.office.media import Pictures
from functions.sanitize.office.opc import NewPackage, Package
from functions.sanitize.office.sheet_cells import Cells
from functions.sanitize.office.sheet_styles import Formats, copied_words
from functions.sanitize.office.theme import CONTENT_TYPE as THEME
from functions.sanitize.office.theme import new_theme
from functions.sanitize.office.xml_tree import child, element, within, write

_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_DRAWING: Final = "application/vnd.openxmlformats-officedocument.drawing+xml"
_WORKBOOK: Final = "xl/workbook.xml"
_MAX_SHEETS: Final = 100
_LONGEST_NAME: Final = 31
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\\n\t]")
_ANCHORS: Final = frozenset({"xdr:twoCellAnchor", "xdr:oneCellAnchor"})
_CORNER: Final = ("xdr:col", "xdr:colOff", "xdr:row", "xdr:rowOff")


def clean_sheets(package: Package, pictures: Pictures) -> list[tuple[str, bytes]]:
    """Return the entries of the new file. Raises FileRefusedError."""
    return _Workbook(package, pictures).written()


class _Workbook:
    def __init__(self, package: Package, pictures: Pictures) -> None:
        self._package = package
        self._pictures = pictures
        self._new = NewPackage()
        self._main, _ = package.main()
        self._parts = package.related(self._main)
        self._formats = Formats(self._tree("styles"))
        self._strings: set[int] = set()
        self._drawn = 0

    def written(self) -> list[tuple[str, bytes]]:
        source = self._package.tree(self._main)
        if source.tag != "workbook":
            raise FileRefusedError(Refusal.DAMAGED)
        made = element("workbook")
        properties = child(source, "workbookPr")
        if properties is not None and properties.get("date1904") in {"1", "true"}:
            made.append(element("workbookPr", {"date1904": "1"}))
        self._new.relate("", "officeDocument", _WORKBOOK)
        made.append(self._sheets(source))
        self._new.add(_WORKBOOK, _TYPE + "sheet.main+xml", write(made))
        self._add("styles", self._formats.written())
        if self._strings:
            self._add("sharedStrings", self._shared())
        self._new.relate(_WORKBOOK, "theme", "xl/theme/theme1.xml")
        self._new.add("xl/theme/theme1.xml", THEME, new_theme(self._tree("theme")))
        for picture in self._pictures.all():
            self._new.add(f"xl/media/{picture.name}", picture.media_type, picture.content)
        return self._new.entries()

    def _sheets(self, source: Element) -> Element:
        made = element("sheets")
        names: set[str] = set()
        for given in within(source, "sheets"):
            kind, part = self._parts.get(given.get("r:id", ""), ("", ""))
            if kind != "worksheet" or given.get("state", "visible") != "visible":
                continue
            count = len(made) + 1
            if count > _MAX_SHEETS:
                raise FileRefusedError(Refusal.TOO_COMPLEX)
            name = _NOT_IN_NAMES.sub("", given.get("name", ""))[:_LONGEST_NAME].strip("' ")
            if not name or name.lower() in names:
                name = f"Lembar {count}"
            names.add(name.lower())
            rid = self._new.relate(_WORKBOOK, "worksheet", f"xl/worksheets/sheet{count}.xml")
            self._sheet(part, count)
            made.append(element("sheet", {"name": name, "sheetId": str(count), "r:id": rid}))
        if not len(made):
            raise FileRefusedError(Refusal.DAMAGED)
        return made

    def _sheet(self, part: str, count: int) -> None:
        source = self._package.tree(part)
        if source.tag != "worksheet":
            raise FileRefusedError(Refusal.DAMAGED)
        cells = Cells(self._formats, self._strings)
        made, name = cells.copy(source), f"xl/worksheets/sheet{count}.xml"
        drawing = child(source, "drawing")
        kind, target = (
            ("", "") if drawing is None else self._package.related(part).get(drawing.get("r:id", ""), ("", ""))
        )
        if kind == "drawing":
            drawn = f"xl/drawings/drawing{count}.xml"
            anchors = self._anchors(target, drawn, cells)
            if anchors:
                self._new.add(drawn, _DRAWING, write(element("xdr:wsDr", None, *anchors)))
                made.append(element("drawing", {"r:id": self._new.relate(name, "drawing", drawn)}))
        self._new.add(name, _TYPE + "worksheet+xml", write(made))

    def _anchors(self, part: str, new_part: str, cells: Cells) -> list[Element]:
        made: list[Element] = []
        related = self._package.related(part)
        for given in self._package.tree(part):
            corners = [_corner(one) for one in given if one.tag in {"xdr:from", "xdr:to"}]
            if given.tag not in _ANCHORS or not corners or is_hidden(given) or _is_covered(corners[0], cells):
                continue
            for found in placed(given):
                kind, target = related.get(found.rid, ("", ""))
                taken = self._pictures.take(target, found.crop) if kind == "image" else None
                if taken is not None:
                    self._drawn += 1
                    rid = self._new.relate(new_part, "image", f"xl/media/{taken.name}")
                    made.append(sheet_picture(rid, self._drawn, corners, found.size))
            lines = _lines(given)
            if any(lines) and len(corners) > 1:
                self._drawn += 1
                made.append(sheet_words(lines, self._drawn, corners))
        return made

    def _shared(self) -> Element:
        """Return the table of strings; those that no visible cell uses are empty."""
        source = self._tree("sharedStrings")
        made = element("sst")
        for place, given in enumerate(() if source is None else source):
            used = copied_words(given) if place in self._strings else [element("t")]
            made.append(element("si", None, *used))
        if max(self._strings) >= len(made):
            raise FileRefusedError(Refusal.DAMAGED)
        return made

    def _add(self, kind: str, root: Element) -> None:
        self._new.relate(_WORKBOOK, kind, f"xl/{kind}.xml")
        self._new.add(f"xl/{kind}.xml", f"{_TYPE}{kind}+xml", write(root))

    def _tree(self, kind: str) -> Element | None:
        part = next((target for found, target in self._parts.values() if found == kind), None)
        return None if part is None else self._package.tree(part)


def _corner(given: Element) -> Element:
    found = {one.tag: str(max(number(one.text), 0)) for one in given}
    return element(given.tag, None, *(element(tag, text=found.get(tag, "0")) for tag in _CORNER))


def _is_covered(corner: Element, cells: Cells) -> bool:
    return cells.hides(number(corner[0].text) + 1, number(corner[2].text) + 1)


def _lines(anchor: Element) -> list[str]:
    return ["".join(words.text or "" for words in paragraph.iter("a:t")) for paragraph in anchor.iter("a:p")]

"""One sheet: the values, widths and merged ranges of its cells. Formulas are dropped, their results stay.

A formula may name a file on somebody's disk, a hidden sheet, or another revealing name. Cells in hidden rows and
columns are left out, since their writer may not know that they send them. The rows and columns stay hidden and empty.
So are those that a merged cell covers: programs keep what stood there.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final
from xml.etree.ElementTree import Element

from functions.sanitize.file_types import FileRefusedError, Refusal
from functions.sanitize.office.sheet_styles import Formats, copied_words
from functions.sanitize.office.xml_tree import MAX_ELEMENTS, child, element, within

_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_RANGE: Final = re.compile(rf"{_REFERENCE.pattern}:{_REFERENCE.pattern}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,3})?")
_WHOLE: Final = re.compile(r"[0-9]{1,7}")
_TYPES: Final = frozenset({"b", "n", "e", "s", "str", "inlineStr", "d"})
_COLUMN: Final = ("min", "max", "width", "customWidth", "hidden")
_ROW: Final = ("ht", "customHeight", "hidden", "customFormat")
_FORMAT: Final = ("defaultRowHeight", "defaultColWidth", "baseColWidth")
_LAST_COLUMN: Final = 16_384


def column_number(letters: str) -> int:
    """Return the number of a column: A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _letters(column: int) -> str:
    before, last = divmod(column - 1, 26)
    return (_letters(before) if before else "") + chr(ord("A") + last)


class Cells:
    """A sheet's cells on their way into the new workbook.

    ``strings`` collects the numbers of the shared strings that are still used. After ``copy``, ``hides`` tells which
    rows and columns are hidden.
    """

    def __init__(self, formats: Formats, strings: set[int]) -> None:
        self._formats = formats
        self._strings = strings
        self._columns: set[int] = set()
        self._rows: set[int] = set()
        # By row, where each span that is covered begins, and the furthest end of those up to it.
        self._covered: dict[int, tuple[Sequence[int], Sequence[int]]] = {}

    def hides(self, column: int, row: int) -> bool:
        """Tell whether the cell at this place (both from 1) is hidden."""
        return column in self._columns or row in self._rows

    def copy(self, source: Element) -> Element:
        """Return the new worksheet. Raises FileRefusedError."""
        made = element("worksheet")
        for tag, names in (("sheetFormatPr", _FORMAT), ("cols", ())):
            given = child(source, tag)
            if given is not None:
                made.append(self._columns_of(given) if tag == "cols" else element(tag, _numbers(given, names)))
        merged = child(source, "mergeCells")
        found = [_RANGE.fullmatch(given.get("ref", "")) for given in (() if merged is None else merged)]
        ranges = [one for one in found if one]
        rows = [row for row in within(source, "sheetData") if row.tag == "row"]
        told = _numbers_of(rows)
        self._cover(ranges, told)
        data = element("sheetData")
        for number, row in zip(told, rows, strict=True):
            data.append(self._row(row, number))
            row.clear()  # frees the old tree while the new one grows
        made.append(data)
        kept = [element("mergeCell", {"ref": one[0]}) for one in ranges]
        if kept:
            made.append(element("mergeCells", {"count": str(len(kept))}, *kept))
        return made

    def _columns_of(self, source: Element) -> Element:
        made = element("cols")
        for given in source:
            numbers = _numbers(given, _COLUMN)
            if not all(_WHOLE.fullmatch(numbers.get(name, "")) for name in ("min", "max")):
                continue
            style = self._formats.known(given.get("style"))
            made.append(element("col", numbers | ({"style": style} if style else {})))
            if numbers.get("hidden") == "1" or float(numbers.get("width", "1")) == 0:
                first, last = int(numbers["min"]), min(int(numbers["max"]), _LAST_COLUMN)
                self._columns |= set(range(first, last + 1))
        return made

    def _row(self, given: Element, number: str) -> Element:
        if not _WHOLE.fullmatch(number):
            raise FileRefusedError(Refusal.DAMAGED)
        numbers = _numbers(given, _ROW)
        style = self._formats.known(given.get("s"))
        made = element("row", {"r": number} | numbers | ({"s": style} if style else {}))
        if numbers.get("hidden") == "1" or float(numbers.get("ht", "1")) == 0:
            self._rows.add(int(number))
            return made
        column = 0
        for cell in given:
            where = _REFERENCE.fullmatch(cell.get("r", ""))
            column = column_number(where[1]) if where else column + 1
            copy = self._cell(cell, column, int(number))
            if copy is not None:
                made.append(copy)
        return made

    def _cover(self, ranges: Sequence[re.Match[str]], told: Sequence[str]) -> None:
        """Note what each merged cell covers in the rows that there are: all but its first place. Raises
        FileRefusedError (too_complex): those of a real sheet lie beside each other."""
        there = sorted({int(number) for number in told if _WHOLE.fullmatch(number)})
        spans: dict[int, list[tuple[int, int]]] = {}
        left_over = MAX_ELEMENTS
        for one in ranges:
            left, right = sorted(map(column_number, one.group(1, 3)))
            top, bottom = sorted(map(int, one.group(2, 4)))
            first, end = bisect_left(there, top), bisect_right(there, bottom)
            left_over -= end - first
            if left_over < 0:
                raise FileRefusedError(Refusal.TOO_COMPLEX)
            for row in there[first:end]:
                spans.setdefault(row, []).append((left + (row == top), right))
        for row, found in spans.items():
            found.sort()
            self._covered[row] = [start for start, _ in found], list(accumulate((end for _, end in found), max))

    def _cell(self, given: Element, column: int, row: int) -> Element | None:
        if given.tag != "c":
            return None
        where, style = given.get("r"), self._formats.known(given.get("s"))
        found = _REFERENCE.fullmatch(where) if where else None
        if where and not found:
            raise FileRefusedError(Refusal.DAMAGED)
        if column in self._columns:
            return None
        # Always with its place: else it would move into that of one that is left out.
        made = element("c", {"r": where or f"{_letters(column)}{row}"} | ({"s": style} if style else {}))
        starts, ends = self._covered.get(int(found[2]) if found else row, ((), ()))
        before = bisect_right(starts, column)
        covered = before > 0 and ends[before - 1] >= column
        if not covered and (style is None or self._formats.shows(style)):
            self._fill(made, given)
        return made

    def _fill(self, made: Element, given: Element) -> None:
        kind = given.get("t", "n")
        inline, value = child(given, "is"), child(given, "v")
        if kind not in _TYPES:
            return
        if kind == "inlineStr" and inline is not None:
            made.set("t", kind)
            made.append(element("is", None, *copied_words(inline)))
        elif kind != "inlineStr" and value is not None and value.text:
            if kind == "s":
                if not _WHOLE.fullmatch(value.text.strip()):
                    raise FileRefusedError(Refusal.DAMAGED)
                self._strings.add(int(value.text))
            if kind == "n" and not _NUMBER.fullmatch(value.text.strip()):
                return
            made.set("t", kind)
            made.append(element("v", text=value.text))


def _numbers_of(rows: Sequence[Element]) -> list[str]:
    """Return each row's number as it says itself, else the one after the row before."""
    told = ["0"]
    for row in rows:
        told.append(row.get("r", str(int(told[-1]) + 1 if _WHOLE.fullmatch(told[-1]) else 1)))
    return told[1:]


def _numbers(given: Element, names: tuple[str, ...]) -> dict[str, str]:
    found = {name: "1" if given.get(name) == "true" else given.get(name, "") for name in names}
    return {name: value for name, value in found.items() if _NUMBER.fullmatch(value)}

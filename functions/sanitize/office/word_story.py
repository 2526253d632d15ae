"""One story of a Word file (body, header, footer, notes) on its way into the new document.

The walk keeps what ``word_grammar`` names. Text that is hidden, or deleted under tracked changes, is not copied;
inserted text is copied as if it had always been there. Text boxes, which are drawings, become paragraphs after the one
they belong to.
"""

from collections.abc import Callable
from typing import Protocol
from xml.etree.ElementTree import Element

from functions.sanitize.office.drawing import Placed, is_hidden, placed, shows_more
from functions.sanitize.office.media import LOST
from functions.sanitize.office.word_fields import Fields
from functions.sanitize.office.word_grammar import BOUND, KEPT, LIVE, OPENED, SHOWN, STYLE_NAMES, field_type, value_of
from functions.sanitize.office.word_styles import Styles, is_on
from functions.sanitize.office.xml_tree import child, element


class Book(Protocol):
    """What a story needs of the document around it. All methods raise FileRefusedError."""

    styles: Styles

    def picture(self, found: Placed, part: str, new_part: str) -> Element | None:
        """Return a new drawing, or None if the picture cannot come along."""

    def margin(self, reference: Element, part: str) -> Element | None:
        """Return a new reference to a header or footer, or None if it is not shown."""

    def note(self, kind: str, number: str) -> bool:
        """Tell whether there is a note of this kind and number; it will then come along."""


class Story:
    """The walk through one part; ``part`` and ``new_part`` are its names in the old and the new package."""

    def __init__(self, book: Book, part: str, new_part: str) -> None:
        self._book = book
        self._part = part
        self._new_part = new_part
        self._fields = Fields()
        self._boxes: list[Element] = []
        self._hidden = False
        self._special: dict[str, Callable[[Element], list[Element]]] = {
            "w:p": self._paragraph,
            "w:r": self._run,
            "m:r": self._run,
            "w:t": self._words,
            "m:t": self._words,
            "w:tbl": self._table,
            "w:tr": self._row,
            "w:tc": self._cell,
            "w:sdt": self._control,
            "w:fldSimple": self._simple_field,
            "w:fldChar": self._field_mark,
            "w:instrText": self._field_code,
            "w:footnoteReference": self._note,
            "w:endnoteReference": self._note,
            "w:headerReference": self._margin,
            "w:footerReference": self._margin,
            "w:drawing": self._drawing,
            "w:pict": self._drawing,
            "w:object": self._drawing,
            "mc:AlternateContent": self._alternative,
        }

    def copy(self, root: Element) -> Element:
        """Return the new root element of the story. Raises FileRefusedError."""
        made = element(root.tag, _attributes(root))
        made.extend(self._within(root))
        if root.tag != "w:body":
            _end_with_paragraph(made)
        self._fields.finish()
        return made

    def _within(self, parent: Element) -> list[Element]:
        return [made for given in parent for made in self._one(given)]

    def _one(self, given: Element) -> list[Element]:
        special = self._special.get(given.tag)
        if special is not None:
            return special(given)
        if given.tag in STYLE_NAMES:
            reference = self._book.styles.reference(given)
            return [] if reference is None else [reference]
        if given.tag in OPENED or given.tag.startswith("m:"):
            return self._within(given)
        if given.tag not in KEPT:
            return []
        return [element(given.tag, _attributes(given), *self._within(given))]

    def _paragraph(self, given: Element) -> list[Element]:
        boxes, self._boxes = self._boxes, []
        made = element("w:p", None, *self._inside(given, hidden=self._styled_away(given, "w:pPr", "w:pStyle")))
        found, self._boxes = self._boxes, boxes
        given.clear()  # frees the old tree while the new one grows
        return [made, *found]

    def _run(self, given: Element) -> list[Element]:
        """Copy a run, unless it has nothing to show. Its fields are followed in any case."""
        format_ = child(given, "w:rPr")
        hidden = self._book.styles.hides_run(format_, inherited=self._hidden)
        before, self._hidden = self._hidden, hidden
        inside: list[Element] = []
        for one in given:
            shows = self._fields.shows()
            made = [] if one.tag in {"w:rPr", "m:rPr"} else self._one(one)
            inside += made if shows or one.tag == "w:fldChar" else []
        self._hidden = before
        if not inside or hidden:
            return []
        form = [] if format_ is None else self._one(format_)
        return [element("w:r", None, *form, *inside)]

    def _inside(self, given: Element, *, hidden: bool) -> list[Element]:
        before, self._hidden = self._hidden, hidden
        made = self._within(given)
        self._hidden = before
        return made

    def _styled_away(self, given: Element, properties: str, reference: str) -> bool:
        return self._hidden or self._book.styles.hides(child(given, properties), reference)

    def _words(self, given: Element) -> list[Element]:
        if not given.text or not self._fields.shows():
            return []
        return [_words(given.text)]

    def _table(self, given: Element) -> list[Element]:
        inside = self._inside(given, hidden=self._styled_away(given, "w:tblPr", "w:tblStyle"))
        return [element("w:tbl", None, *inside)] if any(made.tag == "w:tr" for made in inside) else []

    def _row(self, given: Element) -> list[Element]:
        format_ = child(given, "w:trPr")
        if format_ is not None and (is_on(format_, "w:hidden") or child(format_, "w:del") is not None):
            return []
        return [element("w:tr", None, *self._within(given))]

    def _cell(self, given: Element) -> list[Element]:
        format_ = child(given, "w:tcPr")
        deleted = format_ is not None and child(format_, "w:cellDel") is not None
        inside = ([] if format_ is None else self._one(format_)) if deleted else self._within(given)
        made = element("w:tc", None, *inside)
        _end_with_paragraph(made)
        return [made]

    def _control(self, given: Element) -> list[Element]:
        """Copy a content control's text, unless it is a property of the file such as its author."""
        properties = child(given, "w:sdtPr")
        binding = None if properties is None else child(properties, "w:dataBinding")
        path = "" if binding is None else binding.get("w:xpath", "")
        if "Properties" in path and not BOUND.search(path):
            return []
        return self._within(given)

    def _simple_field(self, given: Element) -> list[Element]:
        kind = field_type(given.get("w:instr", ""))
        if kind in LIVE and self._fields.shows() and not self._hidden:
            return [element("w:r", None, *_live(kind))]
        return self._within(given) if kind in SHOWN else []

    def _field_mark(self, given: Element) -> list[Element]:
        mark = given.get("w:fldCharType")
        if mark == "begin":
            self._fields.begin()
        elif mark == "separate":
            self._fields.separate()
        elif mark == "end":
            kind = self._fields.end()
            return _live(kind) if kind else []
        return []

    def _field_code(self, given: Element) -> list[Element]:
        self._fields.code(given.text or "")
        return []

    def _note(self, given: Element) -> list[Element]:
        kind, number = given.tag.removesuffix("Reference"), given.get("w:id", "")
        if self._hidden or not self._fields.shows() or not self._book.note(kind, number):
            return []
        return [element(given.tag, {"w:id": number})]

    def _margin(self, given: Element) -> list[Element]:
        made = self._book.margin(given, self._part)
        return [] if made is None else [made]

    def _alternative(self, given: Element) -> list[Element]:
        """Copy the first choice that holds something known here; the others would repeat it."""
        chosen = next((choice for choice in given if len(choice)), None)
        return [] if chosen is None else self._within(chosen)

    def _drawing(self, given: Element) -> list[Element]:
        """Copy the pictures of a drawing as new drawings; its text boxes wait for the end of the paragraph."""
        if is_hidden(given) or self._hidden or not self._fields.shows():
            return []
        found = placed(given)
        pictures = [self._book.picture(one, self._part, self._new_part) for one in found]
        made = [picture for picture in pictures if picture is not None]
        for box in _outer_boxes(given):
            self._boxes += [block for block in self._within(box) if block.tag in {"w:p", "w:tbl"}]
        lost = len(made) < len(found) or shows_more(given) or (given.tag == "w:object" and not made)
        return [*made, _words(LOST)] if lost else made


def _outer_boxes(drawing: Element) -> list[Element]:
    found: list[Element] = []
    for given in drawing:
        found += [given] if given.tag == "w:txbxContent" else _outer_boxes(given)
    return found


def _attributes(given: Element) -> dict[str, str]:
    found = ((name, value_of(name, value)) for name, value in given.items())
    return {name: value for name, value in found if value is not None}


def _words(text: str) -> Element:
    return element("w:t", {"xml:space": "preserve"}, text=text)


def _live(kind: str) -> list[Element]:
    """Return a whole field that shows 1 until it is computed."""
    code = element("w:instrText", {"xml:space": "preserve"}, text=f" {kind} ")
    marks = [element("w:fldChar", {"w:fldCharType": mark}) for mark in ("begin", "separate", "end")]
    return [marks[0], code, marks[1], _words("1"), marks[2]]


def _end_with_paragraph(made: Element) -> None:
    if not len(made) or made[-1].tag != "w:p":
        made.append(element("w:p"))

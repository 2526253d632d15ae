"""OpenDocument texts: a new document from the words, tables, lists and pictures of the old one.

Dropped: meta.xml and settings.xml, thumbnails, annotations, tracked changes with what they deleted, hidden text,
sections and paragraphs, fields that reveal the writer or their machine, targets of links, bookmarks, forms, macros,
event listeners, embedded objects, RDF, language and country, unused headers of pages.
"""

from typing import Final
from xml.etree.ElementTree import Element

from functions.casework.formats.attachments import ODT
from functions.sanitize.file_types import FileRefusedError, Refusal
from functions.sanitize.office.media import LOST, Crop, Pictures
from functions.sanitize.office.odf_grammar import KEPT, LIVE, OPENED, SHAPES, WORDS, is_style_name, value_of
from functions.sanitize.office.odf_styles import Styles, hides_columns, is_shown
from functions.sanitize.office.xml_tree import Budget, Piece, child, element, fill, parse, pieces, within, write
from functions.sanitize.office.zip_file import Entries

_MANIFEST: Final = "META-INF/manifest.xml"
_VERSION: Final = {"office:version": "1.3"}
_PARTS: Final = {"content.xml": "office:document-content", "styles.xml": "office:document-styles"}
_FRAME: Final = frozenset(
    {"draw:style-name", "text:anchor-type", "svg:width", "svg:height", "svg:x", "svg:y", "draw:z-index"}
)
_EMPTY_CELL: Final = frozenset({"table:table-cell", "style:header", "style:footer", "text:note-body", "draw:text-box"})


def clean_odt(entries: Entries, pictures: Pictures) -> list[tuple[str, bytes]]:
    """Return the entries of the new file. Raises FileRefusedError."""
    budget = Budget()
    parts = {name: parse(entries.read(name), budget) for name in _PARTS if name in entries}
    if any(part.tag != _PARTS[name] for name, part in parts.items()):
        raise FileRefusedError(Refusal.DAMAGED)
    content, styles = parts.get("content.xml"), parts.get("styles.xml", element("office:document-styles"))
    body = None if content is None else child(content, "office:body")
    text = None if body is None else child(body, "office:text")
    if content is None or text is None:
        raise FileRefusedError(Refusal.DAMAGED)
    copier = _Copier(Styles([content, styles]), pictures)
    words = element("office:body", None, fill(element("office:text"), copier.within(text, words=False)))
    made = [
        ("mimetype", ODT.encode()),
        ("content.xml", write(element(content.tag, _VERSION, *copier.formats(content), words))),
        ("styles.xml", write(element(styles.tag, _VERSION, *copier.formats(styles), *copier.pages(styles)))),
    ]
    made += [(f"Pictures/{picture.name}", picture.content) for picture in pictures.all()]
    types = {f"Pictures/{picture.name}": picture.media_type for picture in pictures.all()}
    return [*made, (_MANIFEST, _manifest([name for name, _ in made[1:]], types))]


def _manifest(names: list[str], types: dict[str, str]) -> bytes:
    root = element("manifest:manifest", {"manifest:version": "1.3"})
    for name, media_type in (("/", ODT), *((name, types.get(name, "text/xml")) for name in names)):
        root.append(element("manifest:file-entry", {"manifest:full-path": name, "manifest:media-type": media_type}))
    return write(root)


class _Copier:
    def __init__(self, styles: Styles, pictures: Pictures) -> None:
        self._styles = styles
        self._pictures = pictures

    def formats(self, part: Element) -> list[Element]:
        """Return the fonts and styles of a part, in the order that the standard wants."""
        wanted = ("office:font-face-decls", "office:styles", "office:automatic-styles")
        found = (child(part, tag) for tag in wanted)
        return [made for given in found if given is not None for made in self._one(given) if isinstance(made, Element)]

    def pages(self, part: Element) -> list[Element]:
        """Return the kinds of pages that are used, with their headers and footers."""
        made = element("office:master-styles")
        for given in within(part, "office:master-styles"):
            if given.tag == "style:master-page" and given.get("style:name", "") in self._styles.pages:
                made.append(fill(element(given.tag, self._attributes(given)), self.within(given, words=False)))
        return [made]

    def within(self, parent: Element, *, words: bool) -> list[Piece]:
        """Copy the content of an element; ``words`` tells whether text may stand in it."""
        made: list[Piece] = []
        for piece in pieces(parent):
            if isinstance(piece, str):
                made += [piece] if words else []
            else:
                inside = self._one(piece, words=words)
                made += [one for one in inside if words or isinstance(one, Element)]
        return made

    def _one(self, given: Element, *, words: bool = False) -> list[Piece]:
        tag = given.tag
        if self._is_hidden(given):
            return []
        if tag == "draw:frame":
            return self._frame(given, words=words)
        if tag in SHAPES:
            return self._shape(given)
        if tag in LIVE:
            return [element(tag, {"text:select-page": "current"} if tag == "text:page-number" else {}, text="1")]
        if tag in OPENED:
            return self.within(given, words=words)
        return [self._kept(given)] if tag in KEPT else []

    def _is_hidden(self, given: Element) -> bool:
        if not is_shown(given) or given.get("table:visibility", "visible") != "visible":
            return True
        return given.tag in WORDS and self._styles.hides(given.get("text:style-name"))

    def _kept(self, given: Element) -> Element:
        if given.tag == "table:table" and hides_columns(given):
            raise FileRefusedError(Refusal.TOO_COMPLEX)
        covered = given.tag == "table:covered-table-cell"  # by its neighbour: nobody sees what stands there
        inside = [] if covered else self.within(given, words=given.tag in WORDS)
        made = _not_empty(fill(element(given.tag, self._attributes(given)), inside))
        if given.tag in WORDS:  # frees the old tree while the new one grows; its tail is still to be read
            for one in list(given):
                given.remove(one)
        return made

    def _shape(self, given: Element) -> list[Piece]:
        """Return the text of a drawn shape, in a box of its size."""
        box = fill(element("draw:text-box"), self.within(given, words=False))
        return [element("draw:frame", self._frame_attributes(given), box)] if len(box) else []

    def _frame(self, given: Element, *, words: bool) -> list[Piece]:
        """Return a frame with its first picture that can be cleaned, or with its text."""
        attributes = self._frame_attributes(given)
        box = child(given, "draw:text-box")
        if box is not None:
            inside = fill(element("draw:text-box"), self.within(box, words=False))
            return [element("draw:frame", attributes, _not_empty(inside))]
        for image in given:
            if image.tag == "draw:image":
                taken = self._picture(image.get("xlink:href", ""), given.get("draw:style-name"))
                if taken is not None:
                    return [element("draw:frame", attributes, taken)]
        return [LOST] if words else [element("text:p", text=LOST)]

    def _picture(self, href: str, style: str | None) -> Element | None:
        part = href.removeprefix("./")
        crop = self._styles.crop(style, self._pictures.size(part)) if self._styles.cuts(style) else Crop()
        # What is cropped must not come along, so a crop that cannot be made costs the picture.
        if self._styles.cuts(style) and crop.bounded() == Crop():
            return None
        taken = self._pictures.take(part, crop)
        if taken is None:
            return None
        link = {"xlink:href": f"Pictures/{taken.name}", "xlink:type": "simple", "xlink:show": "embed"}
        return element("draw:image", link | {"xlink:actuate": "onLoad"})

    def _frame_attributes(self, given: Element) -> dict[str, str]:
        return {name: value for name, value in self._attributes(given).items() if name in _FRAME}

    def _attributes(self, given: Element) -> dict[str, str]:
        made: dict[str, str] = {}
        for name, value in given.items():
            if is_style_name(given.tag, name):
                made[name] = self._styles.renamed(value) if value else ""
            else:
                kept = value_of(given.tag, name, value)
                if kept is not None:
                    made[name] = kept
        return made


def _not_empty(made: Element) -> Element:
    if made.tag in _EMPTY_CELL and not len(made):
        made.append(element("text:p"))
    return made

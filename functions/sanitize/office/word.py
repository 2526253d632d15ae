"""Word files: a new document from the words, tables, lists and pictures of the old one.

Dropped: properties of every kind, names and times of authors, comments, text deleted under tracked changes, hidden
text, headers that are not shown, fields that reveal the writer or their machine, targets of links, bookmarks, macros,
embedded files, charts and diagrams (a note takes their place), custom XML, settings, revision ids. What a reader of the
page sees stays, and so does white text on white paper.
"""

from typing import Final
from xml.etree.ElementTree import Element

from functions.sanitize.file_types import FileRefusedError, Refusal
from functions.sanitize.office.drawing import Placed, word_picture
from functions.sanitize.office.media import Pictures
from functions.sanitize.office.opc import NewPackage, Package, Related
from functions.sanitize.office.theme import CONTENT_TYPE as THEME
from functions.sanitize.office.theme import new_theme
from functions.sanitize.office.word_story import Story
from functions.sanitize.office.word_styles import Styles, is_on, new_numbering
from functions.sanitize.office.xml_tree import child, element, write

_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_DOCUMENT: Final = "word/document.xml"
_NOTES: Final = {"w:footnote": "footnotes", "w:endnote": "endnotes"}
_MAX_MARGINS: Final = 60


def clean_word(package: Package, pictures: Pictures) -> list[tuple[str, bytes]]:
    """Return the entries of the new file. Raises FileRefusedError."""
    return _Book(package, pictures).written()


class _Book:
    """The document, as its stories see it (``word_story.Book``)."""

    def __init__(self, package: Package, pictures: Pictures) -> None:
        self._package = package
        self._pictures = pictures
        self._new = NewPackage()
        self._main, _ = package.main()
        self._related: dict[str, Related] = {}
        self._drawn = 0
        self._margins: dict[str, str] = {}
        self.styles = Styles(self._tree("styles"))
        settings = self._tree("settings")
        self._even = settings is not None and is_on(settings, "w:evenAndOddHeaders")
        self._notes = {kind: self._numbered(self._tree(part), kind) for kind, part in _NOTES.items()}
        self._used: dict[str, set[str]] = {kind: set() for kind in _NOTES}

    def written(self) -> list[tuple[str, bytes]]:
        document = self._package.tree(self._main)
        body = child(document, "w:body")
        if document.tag != "w:document" or body is None:
            raise FileRefusedError(Refusal.DAMAGED)
        story = Story(self, self._main, _DOCUMENT)
        self._new.relate("", "officeDocument", _DOCUMENT)
        made = story.copy(_with_visible_margins(body, even=self._even))
        self._new.add(_DOCUMENT, _TYPE + "document.main+xml", write(element("w:document", None, made)))
        self._add_notes()
        self._add("styles", self.styles.written())
        self._add("settings", self._settings())
        numbering = self._tree("numbering")
        if numbering is not None:
            self._add("numbering", new_numbering(numbering, self.styles))
        self._new.relate(_DOCUMENT, "theme", "word/theme/theme1.xml")
        self._new.add("word/theme/theme1.xml", THEME, new_theme(self._tree("theme")))
        for picture in self._pictures.all():
            self._new.add(f"word/media/{picture.name}", picture.media_type, picture.content)
        return self._new.entries()

    def picture(self, found: Placed, part: str, new_part: str) -> Element | None:
        """See ``word_story.Book``."""
        kind, target = self._leads(part).get(found.rid, ("", ""))
        taken = self._pictures.take(target, found.crop) if kind == "image" else None
        if taken is None:
            return None
        self._drawn += 1
        rid = self._new.relate(new_part, "image", f"word/media/{taken.name}")
        return word_picture(rid, self._drawn, found.size)

    def margin(self, reference: Element, part: str) -> Element | None:
        """See ``word_story.Book``."""
        kind, target = self._leads(part).get(reference.get("r:id", ""), ("", ""))
        if kind not in {"header", "footer"}:
            return None
        if target not in self._margins:
            if len(self._margins) >= _MAX_MARGINS:
                raise FileRefusedError(Refusal.TOO_COMPLEX)
            name = self._margins[target] = f"word/{kind}{len(self._margins) + 1}.xml"
            made = Story(self, target, name).copy(self._package.tree(target))
            if made.tag not in {"w:hdr", "w:ftr"}:
                raise FileRefusedError(Refusal.DAMAGED)
            self._new.add(name, f"{_TYPE}{kind}+xml", write(made))
        rid = self._new.relate(_DOCUMENT, kind, self._margins[target])
        return element(reference.tag, {"w:type": reference.get("w:type", "default"), "r:id": rid})

    def note(self, kind: str, number: str) -> bool:
        """See ``word_story.Book``."""
        if number not in self._notes[kind]:
            return False
        self._used[kind].add(number)
        return True

    def _add_notes(self) -> None:
        """Add the notes that are referred to, and the lines above them; any other may be a deleted one."""
        for kind, part in _NOTES.items():
            made = element(f"w:{part}")
            source = self._part(part)
            for number, given in self._notes[kind].items():
                if number in self._used[kind] or given.get("w:type", "normal") != "normal":
                    made.append(Story(self, source or "", f"word/{part}.xml").copy(given))
            if self._used[kind]:
                self._add(part, made)

    def _settings(self) -> Element:
        mode = {
            "w:name": "compatibilityMode",
            "w:uri": "http://schemas.microsoft.com/office/word",
            "w:val": "15",
        }
        even = [element("w:evenAndOddHeaders")] if self._even else []
        return element("w:settings", None, *even, element("w:compat", None, element("w:compatSetting", mode)))

    def _add(self, kind: str, root: Element) -> None:
        self._new.relate(_DOCUMENT, kind, f"word/{kind}.xml")
        self._new.add(f"word/{kind}.xml", f"{_TYPE}{kind}+xml", write(root))

    def _leads(self, part: str) -> Related:
        if part not in self._related:
            self._related[part] = self._package.related(part)
        return self._related[part]

    def _part(self, kind: str) -> str | None:
        return next((target for found, target in self._leads(self._main).values() if found == kind), None)

    def _tree(self, kind: str) -> Element | None:
        part = self._part(kind)
        return None if part is None else self._package.tree(part)

    @staticmethod
    def _numbered(notes: Element | None, kind: str) -> dict[str, Element]:
        found = () if notes is None else notes
        return {given.get("w:id", ""): given for given in found if given.tag == kind}


def _with_visible_margins(body: Element, *, even: bool) -> Element:
    """Remove each section's references to headers and footers that it keeps but does not show."""
    for section in body.iter("w:sectPr"):
        shown = {"default"} | ({"first"} if is_on(section, "w:titlePg") else set()) | ({"even"} if even else set())
        for given in list(section):
            if given.tag in {"w:headerReference", "w:footerReference"} and given.get("w:type", "default") not in shown:
                section.remove(given)
    return body

"""XML of office files: parsed within limits into trees, under prefixes of our own, and written again.

The parser is expat under defusedxml: no document type, no entity, nothing from outside. Prefixes are resolved here.
Expat would return a copy of the namespace's address with every name: short names under a long address would fill the
memory. Elements of a namespace not named here are skipped with their content.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import Final, Protocol
from xml.etree.ElementTree import Element, tostring
from xml.sax.handler import ContentHandler

from defusedxml.expatreader import create_parser

from functions.sanitize.file_types import FileRefusedError, Refusal
from functions.sanitize.plain_text import shown

MAX_ELEMENTS: Final = 300_000  # of a document; about 500 bytes each in memory
MAX_ATTRIBUTES: Final = 600_000
MAX_DEPTH: Final = 120
MAX_TEXT: Final = 1_000_000  # characters in one element
MAX_PREFIXES: Final = 100
_CHUNK: Final = 64 * 1024
# Expat parses a tag again from its start with every chunk until it is complete.
_MAX_CHUNKS_IN_A_TAG: Final = 4
_OOXML: Final = "http://schemas.openxmlformats.org/"
_STRICT: Final = "http://purl.oclc.org/ooxml/"
_MICROSOFT: Final = "http://schemas.microsoft.com/office/"
_ODF: Final = "urn:oasis:names:tc:opendocument:xmlns:"

_FAMILIES: Final = {
    "w": ("wordprocessingml/2006/main", "wordprocessingml/main"),
    "": ("spreadsheetml/2006/main", "spreadsheetml/main"),
    "r": ("officeDocument/2006/relationships", "officeDocument/relationships"),
    "a": ("drawingml/2006/main", "drawingml/main"),
    "pic": ("drawingml/2006/picture", "drawingml/picture"),
    "wp": ("drawingml/2006/wordprocessingDrawing", "drawingml/wordprocessingDrawing"),
    "xdr": ("drawingml/2006/spreadsheetDrawing", "drawingml/spreadsheetDrawing"),
    "m": ("officeDocument/2006/math", "officeDocument/math"),
}
# Address -> the prefix of this namespace here; the transitional address is written.
_WRITTEN: Final = {prefix: _OOXML + names[0] for prefix, names in _FAMILIES.items()} | {
    prefix: _ODF + name
    for prefix, name in {
        "office": "office:1.0",
        "text": "text:1.0",
        "table": "table:1.0",
        "draw": "drawing:1.0",
        "style": "style:1.0",
        "fo": "xsl-fo-compatible:1.0",
        "svg": "svg-compatible:1.0",
        "manifest": "manifest:1.0",
    }.items()
}
_WRITTEN["xlink"] = "http://www.w3.org/1999/xlink"
KNOWN: Final = (
    {address: prefix for prefix, address in _WRITTEN.items()}
    | {_STRICT + names[1]: prefix for prefix, names in _FAMILIES.items()}
    | {
        _OOXML + "package/2006/relationships": "",
        _OOXML + "package/2006/content-types": "",
        _OOXML + "markup-compatibility/2006": "mc",
        _MICROSOFT + "word/2010/wordprocessingShape": "wps",
        _MICROSOFT + "word/2010/wordprocessingGroup": "wpg",
        _MICROSOFT + "word/2010/wordprocessingCanvas": "wpc",
        "urn:schemas-microsoft-com:vml": "v",
    }
)

Piece = str | Element


class Budget:
    """How much XML one document may still hold; shared by all its parts."""

    def __init__(self) -> None:
        self._elements = 0
        self._attributes = 0

    def spend(self, attributes: int) -> None:
        """Count an element. Raises FileRefusedError (too_complex)."""
        self._elements += 1
        self._attributes += attributes
        if self._elements > MAX_ELEMENTS or self._attributes > MAX_ATTRIBUTES:
            raise FileRefusedError(Refusal.TOO_COMPLEX)


class _Attributes(Protocol):
    def items(self) -> list[tuple[str, str]]: ...


class _Builder(ContentHandler):
    """Builds the tree."""

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self._budget = budget
        self._scopes: list[dict[str, str | None]] = [{"xml": "xml"}]
        self._open: list[Element | None] = []
        self._texts: list[list[str]] = [[]]
        self.root: Element | None = None
        self._heard = False
        self._quiet = 0

    def chunk_ended(self) -> None:
        """Called after every chunk. Raises FileRefusedError (too_complex) if several brought nothing."""
        self._quiet = 0 if self._heard else self._quiet + 1
        self._heard = False
        if self._quiet > _MAX_CHUNKS_IN_A_TAG:
            raise FileRefusedError(Refusal.TOO_COMPLEX)

    def startElement(self, name: str, attrs: _Attributes) -> None:  # noqa: N802 SAX names it
        self._heard = True
        given = attrs.items()
        self._budget.spend(len(given))
        if len(self._open) >= MAX_DEPTH:
            raise FileRefusedError(Refusal.TOO_COMPLEX)
        scope = self._scope(given)
        self._scopes.append(scope)
        parent = self._open[-1] if self._open else None
        full = _known(name, scope, default=True)
        if full is None or (self._open and parent is None):
            self._open.append(None)
            return
        made = Element(full)
        for key, value in given:
            known = None if key.startswith("xmlns") else _known(key, scope, default=False)
            if known is not None:
                made.set(known, shown(value))
        if parent is not None:
            self._end_text(parent)
            parent.append(made)
        elif not self._open:
            self.root = made
        self._open.append(made)
        self._texts.append([])

    def endElement(self, name: str) -> None:  # noqa: N802 SAX names it
        self._heard = True
        self._scopes.pop()
        ended = self._open.pop()
        if ended is not None:
            self._end_text(ended)
            self._texts.pop()

    def characters(self, content: str) -> None:
        self._heard = True
        if self._open and self._open[-1] is not None:
            self._texts[-1].append(content)

    def _end_text(self, parent: Element) -> None:
        pieces = self._texts[-1]
        if not pieces:
            return
        if sum(map(len, pieces)) > MAX_TEXT:
            raise FileRefusedError(Refusal.TOO_COMPLEX)
        text = shown("".join(pieces))
        pieces.clear()
        if len(parent):
            parent[-1].tail = text
        else:
            parent.text = text

    def _scope(self, given: list[tuple[str, str]]) -> dict[str, str | None]:
        told = {key[6:]: KNOWN.get(value) for key, value in given if key == "xmlns" or key.startswith("xmlns:")}
        if not told:
            return self._scopes[-1]
        scope = self._scopes[-1] | told
        if len(scope) > MAX_PREFIXES:
            raise FileRefusedError(Refusal.TOO_COMPLEX)
        return scope


def _known(name: str, scope: dict[str, str | None], *, default: bool) -> str | None:
    prefix, colon, local = name.rpartition(":")
    # An attribute without a prefix belongs to its element, not to the default namespace.
    mapped = "" if not colon and not default else scope.get(prefix)
    if mapped is None:
        return None
    return sys.intern(f"{mapped}:{local}" if mapped else local)


def parse(data: bytes, budget: Budget) -> Element:
    """Return the tree of one part.

    Raises FileRefusedError: damaged if it is not XML or has a document type, too_complex beyond the limits.
    """
    builder = _Builder(budget)
    parser = create_parser(forbid_dtd=True)
    parser.setContentHandler(builder)
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
            builder.chunk_ended()
        parser.close()
    except (FileRefusedError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 expat, defusedxml and the codecs each raise their own; all mean the same
        raise FileRefusedError(Refusal.DAMAGED) from None
    if builder.root is None:
        raise FileRefusedError(Refusal.DAMAGED)
    return builder.root


def write(root: Element, default: str | None = None) -> bytes:
    """Return the bytes of a tree; ``default`` is the namespace of names without a prefix (None: the spreadsheet's)."""
    used = {name.partition(":")[0] for node in root.iter() for name in (node.tag, *node.attrib) if ":" in name}
    for prefix in sorted(used - {"xml"}):
        root.set(f"xmlns:{prefix}", _WRITTEN[prefix])
    if ":" not in root.tag:
        root.set("xmlns", default or _WRITTEN[""])
    made: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return made


def names(prefix: str, listed: str) -> frozenset[str]:
    """Return a set of names in one namespace from a list of words."""
    return frozenset(f"{prefix}:{name}" if prefix else name for name in listed.split())


def element(tag: str, attributes: dict[str, str] | None = None, *children: Element, text: str | None = None) -> Element:
    """Return a new element with its children."""
    made = Element(tag, attributes or {})
    made.text = text
    made.extend(children)
    return made


def pieces(parent: Element) -> Iterator[Piece]:
    """Return an element's content, text and elements in their order. The elements' tails are among the texts."""
    if parent.text:
        yield parent.text
    for child in parent:
        yield child
        if child.tail:
            yield child.tail


def fill(made: Element, content: list[Piece]) -> Element:
    """Put text and elements into a new element, and return it."""
    for piece in content:
        if isinstance(piece, Element):
            piece.tail = None
            made.append(piece)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + piece
        else:
            made.text = (made.text or "") + piece
    return made


def child(parent: Element, tag: str) -> Element | None:
    """Return the first child of this name; ElementTree's ``find`` would look up the prefix."""
    return next((one for one in parent if one.tag == tag), None)


def within(parent: Element, tag: str) -> Sequence[Element]:
    """Yield the content of the first child of this name; nothing if there is none."""
    holder = child(parent, tag)
    return () if holder is None else list(holder)


def first(parent: Element, tag: str) -> Element | None:
    """Return the first descendant of this name, or the element itself."""
    return next(parent.iter(tag), None)

"""Styles and lists of a Word file: copied under new names; and which of them hide text.

A style keeps its name if Word knows it (Heading 1); any other may be the name of an office or a person.
"""

from typing import Final
from xml.etree.ElementTree import Element

from functions.sanitize.office.word_grammar import BUILT_IN, KEPT, STYLE_NAMES, value_of
from functions.sanitize.office.xml_tree import child, element

_OFF: Final = frozenset({"0", "false", "off"})
_HIDING: Final = ("w:vanish", "w:specVanish")
_BULLET: Final = "•"
_LONGEST_LABEL: Final = 30


def is_on(parent: Element, tag: str) -> bool:
    """Tell whether a switch such as ``w:vanish`` is there and not turned off (ECMA-376, part 1, 17.17.4)."""
    given = child(parent, tag)
    return given is not None and given.get("w:val", "1") not in _OFF


class Styles:
    """The styles of a document; None stands for a document without."""

    def __init__(self, source: Element | None) -> None:
        self._source = element("w:styles") if source is None else source
        self._by_id = {given.get("w:styleId", ""): given for given in self._source if given.tag == "w:style"}
        self._ids = {old: f"S{number}" for number, old in enumerate(self._by_id, 1)}
        self._hiding = {old for old in self._by_id if self._hides(old)}
        usual = {old for old, given in self._by_id.items() if given.get("w:default", "0") not in _OFF}
        self._hides_all = any(_vanishes(given) for given in self._source.iter("w:docDefaults"))
        self._hides_usual = self._hides_all or bool(usual & self._hiding)

    def reference(self, given: Element) -> Element | None:
        """Return a new reference to a style (``w:pStyle`` and its like), or None if there is no such style."""
        new = self._ids.get(given.get("w:val", ""))
        return None if new is None else element(given.tag, {"w:val": new})

    def hides(self, properties: Element | None, tag: str) -> bool:
        """Tell whether the style named in these properties hides."""
        given = None if properties is None else child(properties, tag)
        return self._hides_usual if given is None else self._hides_all or given.get("w:val", "") in self._hiding

    def hides_run(self, properties: Element | None, *, inherited: bool) -> bool:
        """Tell whether a run is hidden, by itself or by its style; its own properties win."""
        if properties is not None and any(child(properties, tag) is not None for tag in _HIDING):
            return any(is_on(properties, tag) for tag in _HIDING)
        return inherited or self.hides(properties, "w:rStyle")

    def written(self) -> Element:
        """Return the new styles part."""
        made = element("w:styles")
        for given in self._source:
            if given.tag == "w:style":
                made.append(self._style(given))
            elif given.tag == "w:docDefaults":
                made.append(self.copied(given))
        return made

    def copied(self, given: Element) -> Element:
        """Return an element of the formatting with what the grammar keeps of it."""
        found = ((name, value_of(name, value)) for name, value in given.items())
        made = element(given.tag, {name: value for name, value in found if value is not None})
        for one in given:
            if one.tag in STYLE_NAMES:
                reference = self.reference(one)
                if reference is not None:
                    made.append(reference)
            elif one.tag in KEPT:
                made.append(self.copied(one))
        return made

    def _style(self, given: Element) -> Element:
        made = self.copied(given)
        new = self._ids[given.get("w:styleId", "")]
        made.set("w:styleId", new)
        named = child(given, "w:name")
        name = "" if named is None else named.get("w:val", "")
        known = BUILT_IN.fullmatch(name.lower()) is not None
        if not known:
            made.set("w:customStyle", "1")
        made.insert(0, element("w:name", {"w:val": name if known else f"Gaya {new[1:]}"}))
        return made

    def _hides(self, style: str) -> bool:
        """Tell whether a style, or one it is based on, hides; a circle of styles ends."""
        seen: set[str] = set()
        while style in self._by_id and style not in seen:
            seen.add(style)
            given = self._by_id[style]
            if _vanishes(given):
                return True
            if _says_visible(given):
                return False
            base = child(given, "w:basedOn")
            style = "" if base is None else base.get("w:val", "")
        return False


def _vanishes(given: Element) -> bool:
    return any(is_on(properties, tag) for properties in given.iter("w:rPr") for tag in _HIDING)


def _says_visible(style: Element) -> bool:
    properties = child(style, "w:rPr")
    return properties is not None and child(properties, "w:vanish") is not None


def new_numbering(source: Element, styles: Styles) -> Element:
    """Return the lists of a document, without the ids that identify its origin (nsid, tmpl)."""
    made = element("w:numbering")
    for given in source:
        if given.tag in {"w:abstractNum", "w:num"}:
            made.append(styles.copied(given))
    for old, new in zip(source.iter("w:lvl"), made.iter("w:lvl"), strict=True):
        _label(old, new)
    return made


def _label(old: Element, new: Element) -> None:
    """Return the text before a list's items; a bullet from a symbol font becomes one that every font has."""
    given, made = child(old, "w:lvlText"), child(new, "w:lvlText")
    if given is None or made is None:
        return
    text = given.get("w:val", "")[:_LONGEST_LABEL]
    format_ = child(old, "w:numFmt")
    if format_ is not None and format_.get("w:val") == "bullet":
        text = text if text.strip() and not text.isascii() else _BULLET
        properties = child(new, "w:rPr")
        fonts = None if properties is None else child(properties, "w:rFonts")
        if properties is not None and fonts is not None:
            properties.remove(fonts)
    made.set("w:val", text)

"""Styles of an OpenDocument text: their new names, and what they hide or crop."""

import re
from collections.abc import Iterable
from typing import Final
from xml.etree.ElementTree import Element

from functions.sanitize.office.drawing import INCH, length
from functions.sanitize.office.media import Crop
from functions.sanitize.office.odf_grammar import BUILT_IN

_CLIP: Final = re.compile(r"rect\(([^()]{1,60})\)")
_STANDARD: Final = "Standard"


class Styles:
    """All styles of a document, from both of its parts."""

    def __init__(self, parts: Iterable[Element]) -> None:
        self._styles: dict[str, list[Element]] = {}
        self._names: dict[str, str] = {}
        pages: list[str] = []
        for part in parts:
            for given in part.iter("style:style"):
                self._styles.setdefault(given.get("style:name", ""), []).append(given)
            pages += [page.get("style:name", "") for page in part.iter("style:master-page")]
        self._next = {
            page.get("style:name", ""): page.get("style:next-style-name", "")
            for part in parts
            for page in part.iter("style:master-page")
        }
        self.pages = self._used_pages(pages)

    def renamed(self, name: str) -> str:
        """Return the new name of a style. The same name gets the same new one, whatever it belongs to."""
        if BUILT_IN.fullmatch(name):
            return name
        return self._names.setdefault(name, f"G{len(self._names) + 1}")

    def hides(self, name: str | None) -> bool:
        """Tell whether text in this style is hidden."""
        return any(
            properties.get("text:display", "true") != "true"
            for style in self._line(name)
            for properties in style.iter("style:text-properties")
        )

    def crop(self, name: str | None, size: tuple[float, float]) -> Crop:
        """Return what a graphic style crops off a picture of this size in inches (20.190, ``fo:clip``)."""
        for style in self._line(name):
            for properties in style.iter("style:graphic-properties"):
                found = _CLIP.fullmatch(properties.get("fo:clip", ""))
                if found and all(size):
                    sides = [length(side) / INCH for side in re.split(r"[,\s]+", found[1].strip())]
                    if len(sides) == 4:  # noqa: PLR2004 a rectangle
                        top, right, bottom, left = sides
                        return Crop(left / size[0], top / size[1], right / size[0], bottom / size[1])
        return Crop()

    def cuts(self, name: str | None) -> bool:
        """Tell whether a graphic style crops anything."""
        clips = (given.get("fo:clip", "auto") for style in self._line(name) for given in style.iter())
        return any(re.search(r"[1-9]", clip) for clip in clips)

    def _line(self, name: str | None) -> list[Element]:
        """Yield a style and those it is based on; a circle of styles ends."""
        found: list[Element] = []
        seen: set[str] = set()
        names = [name or ""]
        while names:
            here = names.pop()
            if here not in seen:
                seen.add(here)
                styles = self._styles.get(here, [])
                found += styles
                names += [style.get("style:parent-style-name", "") for style in styles]
        return found

    def _used_pages(self, pages: list[str]) -> set[str]:
        """Return the kinds of pages that some style asks for; any other header may be left over from a template."""
        asked = {style.get("style:master-page-name", "") for styles in self._styles.values() for style in styles}
        waiting = [page for page in pages if page in asked or page == _STANDARD] or pages[:1]
        used: set[str] = set()
        while waiting:
            page = waiting.pop()
            if page not in used:
                used.add(page)
                waiting += [self._next[page]] if self._next.get(page) in pages else []
        return used


def is_shown(given: Element) -> bool:
    """Tell whether an element's own attributes show it."""
    if given.get("text:is-hidden") == "true" or given.get("text:display", "true") == "none":
        return False
    if given.get("style:display") == "false":
        return False
    return not any(one.tag == "text:hidden-paragraph" and not is_shown(one) for one in given)


def hides_columns(table: Element) -> bool:
    """Tell whether a table has hidden columns."""
    return any(given.get("table:visibility", "visible") != "visible" for given in table.iter("table:table-column"))

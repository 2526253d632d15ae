"""Draw pictures on a page or a sheet anew: place, size, and which picture; nothing else of a drawing.

Names and alternative texts (often a path on somebody's disk), links, ids, effects and extensions are dropped. Sizes are
in EMU, 914,400 to the inch (ECMA-376, part 1, 20.1.10.16).
"""

import re
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from functions.sanitize.office.media import Crop
from functions.sanitize.office.xml_tree import element, first

INCH: Final = 914_400
_LARGEST: Final = 50 * INCH
_USUAL: Final = (3 * INCH, 2 * INCH)
_PER: Final = {"in": INCH, "pt": INCH / 72, "cm": INCH / 2.54, "mm": INCH / 25.4, "px": INCH / 96, "pc": INCH / 6}
_STYLE: Final = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([0-9.]{1,12})(in|pt|cm|mm|px|pc)")
_NUMBER: Final = re.compile(r"-?\d{1,10}")
_CROPPED: Final = re.compile(r"(-?\d{0,9}\.?\d{1,9})(f|%)?")
_VML_FRACTION: Final = 65_536  # what "f" divides by (ECMA-376, part 4, 19.1.2.11)
_PERMILLE: Final = 100_000  # a:srcRect counts thousandths of a percent
_PICTURE: Final = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_SHAPES: Final = re.compile(r"picture|wordprocessing(?:Shape|Group|Canvas)")
_NAMED: Final = ("wp:docPr", "pic:cNvPr", "wps:cNvPr", "xdr:cNvPr")


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture found in a drawing: the relationship id of its file, its crop, and its size in EMU."""

    rid: str
    crop: Crop
    size: tuple[int, int]


def is_hidden(drawing: Element) -> bool:
    """Tell whether a drawing is hidden."""
    if any(given.get("hidden") in {"1", "true"} for name in _NAMED for given in drawing.iter(name)):
        return True
    return any("visibility:hidden" in given.get("style", "").replace(" ", "") for given in drawing.iter())


def shows_more(drawing: Element) -> bool:
    """Tell whether a drawing shows something that is neither a picture nor a shape: a chart, a diagram."""
    return any(not _SHAPES.search(given.get("uri", "")) for given in drawing.iter("a:graphicData"))


def placed(drawing: Element) -> list[Placed]:
    """Return the pictures of a DrawingML or VML drawing."""
    found = []
    shared = _extent(first(drawing, "wp:extent"))
    pictures = [*drawing.iter("pic:pic"), *drawing.iter("xdr:pic")]
    for picture in pictures:
        blip, form = first(picture, "a:blip"), first(picture, "a:xfrm")
        own = None if form is None else _extent(first(form, "a:ext"))
        size = (shared or own) if len(pictures) == 1 else (own or shared)
        found.append(Placed("" if blip is None else blip.get("r:embed", ""), _cut(picture), size or _USUAL))
    for shape in drawing.iter():
        found += [
            Placed(data.get("r:id", ""), _vml_cut(data), _vml_size(shape.get("style", "")))
            for data in shape
            if data.tag == "v:imagedata"
        ]
    return found


def number(text: str | None) -> int:
    """Return a whole number of at most ten digits, else 0."""
    return int(text) if text and _NUMBER.fullmatch(text) else 0


def length(text: str) -> int:
    """Return a length with its unit (``2.5cm``) in EMU, else 0."""
    found = re.fullmatch(r"(-?[0-9.]{1,12})(in|pt|cm|mm|px|pc)", text)
    return _emu(found[1], found[2]) if found else 0


def _emu(amount: str, unit: str) -> int:
    try:
        return min(int(float(amount) * _PER[unit]), _LARGEST)
    except ValueError:
        return 0


def _extent(given: Element | None) -> tuple[int, int] | None:
    if given is None:
        return None
    across, down = number(given.get("cx")), number(given.get("cy"))
    return (min(across, _LARGEST), min(down, _LARGEST)) if across > 0 and down > 0 else None


def _cut(picture: Element) -> Crop:
    given = first(picture, "a:srcRect")
    if given is None:
        return Crop()
    return Crop(*(number(given.get(side)) / _PERMILLE for side in ("l", "t", "r", "b")))


def _vml_cut(data: Element) -> Crop:
    def part(side: str) -> float:
        found = _CROPPED.fullmatch(data.get(f"crop{side}", "0"))
        if not found:
            return 0
        return float(found[1]) / {"f": _VML_FRACTION, "%": 100}.get(found[2], 1)

    return Crop(part("left"), part("top"), part("right"), part("bottom"))


def _vml_size(style: str) -> tuple[int, int]:
    found = {side: _emu(amount, unit) for side, amount, unit in _STYLE.findall(style)}
    across, down = found.get("width", 0), found.get("height", 0)
    return (across, down) if across > 0 and down > 0 else _USUAL


def _body(prefix: str, rid: str, count: int, size: tuple[int, int]) -> Element:
    """Return the picture itself, which pages and sheets write alike."""
    extent = {"cx": str(size[0]), "cy": str(size[1])}
    return element(
        f"{prefix}:pic",
        None,
        element(
            f"{prefix}:nvPicPr",
            None,
            element(f"{prefix}:cNvPr", {"id": str(count), "name": f"Gambar {count}"}),
            element(f"{prefix}:cNvPicPr"),
        ),
        element(
            f"{prefix}:blipFill",
            None,
            element("a:blip", {"r:embed": rid}),
            element("a:stretch", None, element("a:fillRect")),
        ),
        element(
            f"{prefix}:spPr",
            None,
            element("a:xfrm", None, element("a:off", {"x": "0", "y": "0"}), element("a:ext", extent)),
            element("a:prstGeom", {"prst": "rect"}, element("a:avLst")),
        ),
    )


def word_picture(rid: str, count: int, size: tuple[int, int]) -> Element:
    """Return a picture that stands in its line like a letter."""
    data = element("a:graphicData", {"uri": _PICTURE}, _body("pic", rid, count, size))
    inline = element(
        "wp:inline",
        {"distT": "0", "distB": "0", "distL": "0", "distR": "0"},
        element("wp:extent", {"cx": str(size[0]), "cy": str(size[1])}),
        element("wp:docPr", {"id": str(count), "name": f"Gambar {count}"}),
        element("a:graphic", None, data),
    )
    return element("w:drawing", None, inline)


def sheet_picture(rid: str, count: int, anchor: list[Element], size: tuple[int, int]) -> Element:
    """Return a picture on a sheet; ``anchor`` is ``xdr:from`` and ``xdr:to``, or ``xdr:from`` alone."""
    parts = [*anchor]
    if len(anchor) == 1:
        parts.append(element("xdr:ext", {"cx": str(size[0]), "cy": str(size[1])}))
    tag = "xdr:oneCellAnchor" if len(anchor) == 1 else "xdr:twoCellAnchor"
    return element(tag, None, *parts, _body("xdr", rid, count, size), element("xdr:clientData"))


def sheet_words(lines: list[str], count: int, anchor: list[Element]) -> Element:
    """Return a text box on a sheet between two cells."""
    extent = element("a:xfrm", None, element("a:off", {"x": "0", "y": "0"}), element("a:ext", {"cx": "0", "cy": "0"}))
    box = element(
        "xdr:sp",
        {"macro": "", "textlink": ""},
        element(
            "xdr:nvSpPr",
            None,
            element("xdr:cNvPr", {"id": str(count), "name": f"Teks {count}"}),
            element("xdr:cNvSpPr", {"txBox": "1"}),
        ),
        element("xdr:spPr", None, extent, element("a:prstGeom", {"prst": "rect"}, element("a:avLst"))),
        element(
            "xdr:txBody",
            None,
            element("a:bodyPr", {"wrap": "square"}),
            *(element("a:p", None, element("a:r", None, element("a:t", text=line))) for line in lines),
        ),
    )
    return element("xdr:twoCellAnchor", None, *anchor, box, element("xdr:clientData"))

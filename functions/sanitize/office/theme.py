"""The theme of Word and Excel files, written anew: a document needs only its twelve colours and two fonts."""

import re
from typing import Final
from xml.etree.ElementTree import Element

from functions.sanitize.office.xml_tree import element, first, write

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.theme+xml"
FONT: Final = re.compile(r"[\w@][\w .&+-]{0,40}")
_HEX: Final = re.compile(r"[0-9A-Fa-f]{6}")
# The colours and fonts of Office 2013, for a theme that lacks them
_COLOURS: Final = {
    "dk1": "000000",
    "lt1": "FFFFFF",
    "dk2": "44546A",
    "lt2": "E7E6E6",
    "accent1": "5B9BD5",
    "accent2": "ED7D31",
    "accent3": "A5A5A5",
    "accent4": "FFC000",
    "accent5": "4472C4",
    "accent6": "70AD47",
    "hlink": "0563C1",
    "folHlink": "954F72",
}
_FONTS: Final = {"major": "Calibri Light", "minor": "Calibri"}
_NAME: Final = {"name": "Tema"}


def new_theme(source: Element | None) -> bytes:
    """Return a theme part with the colours and fonts of the given one."""
    colours = element("a:clrScheme", _NAME)
    for name, usual in _COLOURS.items():
        value = _colour(source, name) or usual
        colours.append(element(f"a:{name}", None, element("a:srgbClr", {"val": value})))
    fonts = element("a:fontScheme", _NAME)
    for kind, usual in _FONTS.items():
        face = element("a:latin", {"typeface": _font(source, kind) or usual})
        others = (element("a:ea", {"typeface": ""}), element("a:cs", {"typeface": ""}))
        fonts.append(element(f"a:{kind}Font", None, face, *others))
    return write(
        element(
            "a:theme", _NAME, element("a:themeElements", None, colours, fonts, _formats()), element("a:objectDefaults")
        )
    )


def _colour(source: Element | None, name: str) -> str | None:
    given = None if source is None else first(source, f"a:{name}")
    for colour in () if given is None else given:
        value = colour.get("lastClr") or colour.get("val") or ""
        if _HEX.fullmatch(value):
            return value
    return None


def _font(source: Element | None, kind: str) -> str | None:
    given = None if source is None else first(source, f"a:{kind}Font")
    face = None if given is None else first(given, "a:latin")
    name = "" if face is None else face.get("typeface", "")
    return name if FONT.fullmatch(name) else None


def _formats() -> Element:
    """Return three of each, as required (20.1.4.1.14); nothing that is kept uses them."""

    def solid() -> Element:
        return element("a:solidFill", None, element("a:schemeClr", {"val": "phClr"}))

    return element(
        "a:fmtScheme",
        _NAME,
        element("a:fillStyleLst", None, solid(), solid(), solid()),
        element("a:lnStyleLst", None, *(element("a:ln", {"w": "6350"}, solid()) for _ in range(3))),
        element("a:effectStyleLst", None, *(element("a:effectStyle", None, element("a:effectLst")) for _ in range(3))),
        element("a:bgFillStyleLst", None, solid(), solid(), solid()),
    )

"""How an instance's portal looks, and what it says of itself: a small file (``portal.toml``), checked on import.

Whatever it names must not hurt a reader: a mark is drawn and runs nothing, colours keep their contrast, and no name
pushes the way out from the screen.
"""

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from functions.casework.directory import colours
from functions.casework.directory.registers import pack, unpack
from functions.casework.directory.tables import DirectoryFaultsError, Fault
from functions.casework.report import is_address

NAME_MAX, LINE_MAX, MARK_BYTES_MAX = 60, 160, 2_000
LANGUAGES = ("id", "en")
HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.ASCII)
# Shapes alone: nothing here loads, links, animates or runs.
SHAPES = frozenset(["svg", "g", "path", "circle", "ellipse", "rect", "polygon", "polyline", "line", "title"])
DRAWN = frozenset(
    [
        "viewBox",
        "d",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "width",
        "height",
        "points",
        "transform",
        "fill",
        "fill-rule",
        "fill-opacity",
        "opacity",
        "stroke",
        "stroke-width",
        "stroke-linecap",
        "stroke-linejoin",
        "version",
    ]
)


class Brand(NamedTuple):
    """Our own colour, and of washed grounds, as the style sheet has them."""

    colour: str
    wash: str


BRANDS = (Brand("#0b5d57", "#e3f0ed"), Brand("#62c6b8", "#15312f"))  # light, dark
_SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True, slots=True)
class Look:
    """How a portal looks. What is "" or empty is as everywhere.

    ``mark`` is a drawing (SVG); ``colour`` and ``colour_dark`` are ``#rrggbb``, for light and dark screens; ``lead``
    is the sentence below the title of the first page, by language; ``host`` is the portal's own.
    """

    name: str = ""
    mark: str = ""
    colour: str = ""
    colour_dark: str = ""
    operator: str = ""
    contact: str = ""
    languages: tuple[str, ...] = LANGUAGES
    lead: Mapping[str, str] = field(default_factory=dict)
    host: str = ""

    def style(self, sheet: str) -> str:
        """Return the common style sheet with the portal's own colours in place of ours, and its mark as a picture, in
        which no script runs. Raises ValueError if the sheet has other colours than ours."""
        for ours, own in zip(BRANDS, (self.colour, self.colour_dark), strict=True):
            wash = colours.wash(own, dark=ours is BRANDS[1]) if own else ""
            for name, old, new in (("brand", ours.colour, own), ("brand-wash", ours.wash, wash)):
                if f"--{name}:{old}" not in sheet:
                    raise ValueError(f"the style sheet has no --{name}:{old}; change BRANDS with it")
                sheet = sheet.replace(f"--{name}:{old}", f"--{name}:{new or old}", 1)
        return sheet + _mark(self.mark)


def portal_register(instance: str) -> str:
    """Return the name of an instance's register of how its portal looks."""
    return f"portal:{instance}"


def encode_look(look: Look) -> bytes:
    """Return the body of the register."""
    return pack(asdict(look))


def decode_look(body: bytes) -> Look:
    """Parse the register. Fields of a later release are ignored. Raises ValueError."""
    try:
        return look_from_plain(unpack(body))
    except (TypeError, zlib.error) as error:
        raise ValueError(f"how a portal looks cannot be read: {error}") from error


def look_from_plain(raw: Mapping[str, Any]) -> Look:
    """Return what ``asdict`` made plain, or its JSON."""
    known = {each.name for each in fields(Look)}
    plain = {name: value for name, value in raw.items() if name in known}
    return Look(**plain | {"languages": tuple(plain.get("languages", LANGUAGES))})


def read_look(raw: Mapping[str, Any], mark: str, file: str) -> Look:
    """Check a portal's file, as TOML gives it, and its mark ("" for none). Raises DirectoryFaultsError with all
    faults."""
    faults: list[str] = []
    texts = {each.name for each in fields(Look)} - {"mark", "languages", "lead"}
    unknown = sorted(set(raw) - texts - {"mark", "languages", "lead"})
    faults += [f"{name}: there is no such setting; remove it" for name in unknown]
    plain = {name: _text(name, raw, faults.append) for name in sorted(texts)}
    for name, most in (("name", NAME_MAX), ("operator", LINE_MAX), ("contact", LINE_MAX)):
        if len(plain[name]) > most:
            faults.append(f"{name} has {len(plain[name])} signs; write at most {most}, so that it fits a phone")
    if plain["contact"] and not is_address(plain["contact"]):
        faults.append(f"contact {plain['contact']!r} is no e-mail address; write it like lapor@kab.example.id")
    if plain["host"] and not HOST.fullmatch(plain["host"]):
        faults.append(f"host {plain['host']!r} is no name of a host; write it like lapor.kab.example.id")
    faults += [*_colour_faults(plain), *(_mark_faults(mark) if mark else ())]
    languages, lead = _languages(raw, faults.append), _lead(raw, faults.append)
    if faults:
        raise DirectoryFaultsError(Fault(file, 0, fault) for fault in faults)
    if plain["colour"] and not plain["colour_dark"]:
        plain["colour_dark"] = colours.for_the_dark(plain["colour"])
    return Look(**plain, mark=mark.strip(), languages=languages, lead=lead)


def _text(name: str, raw: Mapping[str, Any], tell: Callable[[str], None]) -> str:
    value = raw.get(name, "")
    if not isinstance(value, str) or not value.isprintable():
        tell(f"{name} must be one line of text in quotation marks")
        return ""
    return value.strip()


def _colour_faults(plain: Mapping[str, str]) -> list[str]:
    faults = []
    for name, dark in (("colour", False), ("colour_dark", True)):
        if not (typed := plain[name]):
            continue
        if not colours.HEX.fullmatch(typed):
            faults.append(f"{name} {typed!r} is no colour; write it like #0b5d57")
        elif (reached := colours.least(typed, dark=dark)) < colours.LEAST:
            which, how = ("dark", "lighter") if dark else ("light", "darker")
            faults.append(
                f"{name} {typed} has a contrast of {reached:.1f} on {which} screens; choose a {how} one, "
                f"which reaches {colours.LEAST} (WCAG 2.2 AA)"
            )
    if plain["colour_dark"] and not plain["colour"]:
        faults.append("colour_dark stands alone; name a colour for light screens too")
    return faults


def _mark_faults(mark: str) -> list[str]:
    if len(mark.encode()) > MARK_BYTES_MAX:
        return [f"the mark has {len(mark.encode())} bytes; draw it simpler, in at most {MARK_BYTES_MAX}"]
    if "<!" in mark or "<?" in mark:
        return ["the mark has a prologue or comment (<! or <?); remove it, only the drawing may stay"]
    if "'" in mark or "\\" in mark:
        return ["the mark has an apostrophe or a backslash; remove it, and write attributes in double quotes"]
    try:
        root = ET.fromstring(mark)  # noqa: S314 - without "<!" there is no entity to expand
    except ET.ParseError as error:
        return [f"the mark is no SVG ({error}); export it as plain SVG"]
    faults = []
    if root.tag != f"{_SVG}svg" or not root.get("viewBox"):
        faults.append("the mark must be an <svg> with a viewBox; export it as plain SVG")
    for element in root.iter():
        shape = element.tag.removeprefix(_SVG)
        if shape not in SHAPES:
            faults.append(f"the mark has <{shape}>, which may load or run something; keep to shapes: {_listed(SHAPES)}")
        faults += [f"the mark has {name!r} on <{shape}>; remove it" for name in element.attrib if name not in DRAWN]
        faults += [
            f"the mark names an address in {name!r}; remove it" for name in element.attrib if _leads(element, name)
        ]
    return list(dict.fromkeys(faults))


def _leads(element: ET.Element, name: str) -> bool:
    return "(" in element.attrib[name] and name != "transform"


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


def _languages(raw: Mapping[str, Any], tell: Callable[[str], None]) -> tuple[str, ...]:
    named = raw.get("languages", list(LANGUAGES))
    if not isinstance(named, list) or "id" not in named or not all(_is_language(lang) for lang in named):
        tell('languages must be a list with "id", of codes like "en"')
        return LANGUAGES
    return tuple(dict.fromkeys((*(lang for lang in LANGUAGES if lang in named), *named)))


def _is_language(code: object) -> bool:
    """Return whether this may be the code of a language: ISO 639, two or three letters."""
    return isinstance(code, str) and re.fullmatch(r"[a-z]{2,3}", code, re.ASCII) is not None


def _lead(raw: Mapping[str, Any], tell: Callable[[str], None]) -> dict[str, str]:
    named = raw.get("lead", {})
    if not isinstance(named, dict) or not set(named) <= set(LANGUAGES):
        tell('lead must be sentences by language: lead = {id = "…", en = "…"}')
        return {}
    found = {lang: _text(lang, named, lambda told: tell(f"lead.{told}")) for lang in named}
    for lang, text in found.items():
        if len(text) > LINE_MAX:
            tell(f"lead.{lang} has {len(text)} signs; write at most {LINE_MAX}")
    return found


def _mark(mark: str) -> str:
    """Draw the mark where ours stands. Double quotes end the address, and a number sign would begin its fragment."""
    if not mark:
        return ""
    picture = " ".join(mark.split()).replace("%", "%25").replace("#", "%23").replace('"', "'")
    return (
        f'.owner svg{{background:url("data:image/svg+xml,{picture}") 50%/contain no-repeat}}.owner path{{display:none}}'
    )


def hosts_twice(looks: Mapping[str, Look]) -> Sequence[str]:
    """Return a sentence for each host that two portals have."""
    first: dict[str, str] = {}
    twice = []
    for code, look in looks.items():
        if look.host and first.setdefault(look.host, code) != code:
            twice.append(f"host {look.host} is that of {first[look.host]} already; give {code} another one")
    return twice

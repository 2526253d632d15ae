"""What the pages of a clean PDF say, as far as its fonts tell, for ``file_words``. A scanned page says nothing."""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any, Final

from pikepdf import Name, Object, Pdf, Stream, String, parse_content_stream

_SHOWING: Final = "Tj TJ ' \" Tf Do"
_DEEP: Final = 6  # forms within forms
_CODES: Final = 65_536  # of one font
_HEX: Final = r"<([0-9A-Fa-f]+)>\s*"
_CHARS: Final = re.compile(r"beginbfchar(.*?)endbfchar", re.DOTALL)
_RANGES: Final = re.compile(r"beginbfrange(.*?)endbfrange", re.DOTALL)
_PAIR: Final = re.compile(_HEX * 2)
_RANGE: Final = re.compile(_HEX * 2 + r"(?:" + _HEX + r"|\[([^\]]*)\])")


def text_of(content: bytes) -> str:
    """Return the shown characters in the order in which they are drawn, a line for each string."""
    with Pdf.open(BytesIO(content)) as pdf:
        return "\n".join(said for page in pdf.pages for said in _said(page.obj, page.obj, _DEEP))


def _said(drawing: Object, owner: Object, deep: int) -> Iterator[str]:
    resources: Any = owner.get(Name.Resources, {})
    fonts: dict[str, tuple[int, dict[int, str]]] = {}
    now: tuple[int, dict[int, str]] = (1, {})
    for given in parse_content_stream(drawing, _SHOWING):
        operator, operands = str(given.operator), list(given.operands)
        if operator == "Tf" and operands:
            name = str(operands[0])
            if name not in fonts:
                fonts[name] = _font(resources.get(Name.Font, {}).get(name))
            now = fonts[name]
        elif operator == "Do" and operands and deep:
            form = resources.get(Name.XObject, {}).get(str(operands[0]))
            if isinstance(form, Stream) and form.get(Name.Subtype) == Name.Form:
                yield from _said(form, form if Name.Resources in form else owner, deep - 1)
        elif operator != "Tf" and operands:
            shown = operands[-1]
            strings = list(shown) if operator == "TJ" else [shown]
            yield "".join(_decoded(bytes(part), *now) for part in strings if isinstance(part, String))


def _decoded(raw: bytes, width: int, known: dict[int, str]) -> str:
    codes = (int.from_bytes(raw[at : at + width], "big") for at in range(0, len(raw), width))
    return "".join(known.get(code, chr(code) if width == 1 else " ") for code in codes)


def _font(font: Any) -> tuple[int, dict[int, str]]:
    """Return how many bytes one code of a font has, and the characters of its codes."""
    if font is None:
        return 1, {}
    width = 2 if font.get(Name.Subtype) == Name.Type0 else 1
    table = font.get(Name.ToUnicode)
    if not isinstance(table, Stream):
        return width, {}
    return width, dict(islice(_mapped(table.read_bytes().decode("latin-1")), _CODES))


def _mapped(table: str) -> Iterator[tuple[int, str]]:
    """Yield code and characters of a ToUnicode table (Adobe Technical Note 5411)."""
    for block in _CHARS.findall(table):
        yield from ((int(code, 16), _chars(to)) for code, to in _PAIR.findall(block))
    for block in _RANGES.findall(table):
        for first, last, to, listed in _RANGE.findall(block):
            codes = range(int(first, 16), min(int(last, 16), _CODES) + 1)
            if listed:
                yield from zip(codes, map(_chars, re.findall(_HEX, listed)), strict=False)
            else:
                start = int(to, 16)
                yield from ((code, _chars(f"{start + n:0{len(to)}x}")) for n, code in enumerate(codes))


def _chars(digits: str) -> str:
    return bytes.fromhex(digits.zfill(len(digits) + len(digits) % 2)).decode("utf-16-be", "replace")

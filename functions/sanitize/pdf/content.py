"""Page descriptions written anew: drawing operators stay; comments, marked content and its texts are dropped."""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, cast

from pikepdf import (
    Array,
    ContentStreamInlineImage,
    Name,
    Object,
    Operator,
    PdfInlineImage,
    String,
    parse_content_stream,
    unparse_content_stream,
)

from functions.sanitize.file_types import FileRefusedError, Refusal

# ISO 32000-1, Annex A, without BMC BDC EMC MP DP (marked content) and BX EX (unknown operators)
_OPERATORS: Final = """
b B b* B* BT c cm cs CS d d0 d1 Do ET f F f* G g gs h i j J K k l m M n q Q re RG rg ri s S SC sc SCN scn sh
T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' "
"""
OPERATORS: Final = frozenset(_OPERATORS.split())
_SHOW: Final = frozenset({"Tj", "TJ", "'", '"'})
_RESOURCE: Final = frozenset({"Do", "Tf", "gs", "sh", "cs", "CS", "scn", "SCN"})
_SPACES: Final = frozenset({"cs", "CS"})
STANDARD_SPACES: Final = frozenset({"/DeviceGray", "/DeviceRGB", "/DeviceCMYK", "/Pattern"})
# ISO 32000-1, Table 93, and the length of PDF 2.0
_INLINE_KEYS: Final = frozenset(
    {"/BitsPerComponent", "/ColorSpace", "/Decode", "/DecodeParms", "/Filter", "/Height", "/ImageMask", "/Intent"}
    | {"/Interpolate", "/Length", "/Width"}
)
_INLINE_FILTERS: Final = frozenset(
    {"/ASCIIHexDecode", "/ASCII85Decode", "/FlateDecode", "/RunLengthDecode", "/CCITTFaxDecode"}
)
_Instruction = ContentStreamInlineImage | tuple[list[object], Operator]
_MAX_NESTING: Final = 4
# If no string has begun before it in its line, % begins a comment.
_REMARK: Final = re.compile(rb"(?:\A|(?<=[\r\n]))([^(%\r\n]*)%[^\r\n]*")


def plain(value: object, depth: int = 0) -> object | None:
    """Return a number, boolean or name, or an array of them; None for all else, above all strings."""
    if isinstance(value, Array):
        if depth == _MAX_NESTING:
            return None
        kept = [plain(item, depth + 1) for item in value]
        return Array([item for item in kept if item is not None])
    if isinstance(value, Object):
        return Name(str(value)) if isinstance(value, Name) else None
    return value


def rewrite(stream: Object, rename: Callable[[str], Name]) -> bytes:
    """Return the drawing operators of a content stream, with the resource names that ``rename`` gives.

    Raises FileRefusedError (too_complex) for an inline image with unknown bytes, and what pikepdf raises for a broken
    stream.
    """
    kept: list[_Instruction] = []
    for instruction in parse_content_stream(stream):
        operator = str(instruction.operator)
        if isinstance(instruction, ContentStreamInlineImage):
            _check_inline(instruction.iimage)
            kept.append(instruction)
        elif operator in _SHOW:
            kept.append((_shown(instruction.operands), instruction.operator))
        elif operator in OPERATORS:
            operands = [item for item in map(plain, instruction.operands) if item is not None]
            if operator in _RESOURCE:
                operands = [_renamed(item, operator, rename) for item in operands]
            kept.append((operands, instruction.operator))
    # The stubs know fewer kinds of operands than the function takes.
    return unparse_content_stream(cast("Any", kept))


def without_remarks(script: bytes) -> bytes:
    """Return a CMap or calculator function without comments."""
    return _REMARK.sub(rb"\1", script)


def _shown(operands: Iterable[object]) -> list[object]:
    """Return strings and numbers, and arrays of them."""
    return [
        Array(_shown(operand)) if isinstance(operand, Array) else operand
        for operand in operands
        if not isinstance(operand, Object) or isinstance(operand, (String, Array))
    ]


def _renamed(operand: object, operator: str, rename: Callable[[str], Name]) -> object:
    if not isinstance(operand, Name) or (operator in _SPACES and str(operand) in STANDARD_SPACES):
        return operand
    return rename(str(operand))


def _check_inline(image: PdfInlineImage) -> None:
    """Refuse inline images other than glyphs and tiles: those of pages and forms were moved out before."""
    unknown = set(image.obj.keys()) - _INLINE_KEYS or set(image.filters) - _INLINE_FILTERS
    space = image.obj.get("/ColorSpace")
    named = isinstance(space, Name) and str(space) not in STANDARD_SPACES
    if unknown or named:
        raise FileRefusedError(Refusal.TOO_COMPLEX)

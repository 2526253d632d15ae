"""Which entries of a PDF's objects draw its pages. All others are left behind when a PDF is written anew.

Table numbers below are those of ISO 32000-1:2008. Only entries named here are kept, so unforeseen places for metadata
stay behind too. Left out on purpose although they can change what is seen: halftones and transfer functions (for
presses), optional content (see ``pdf.clean``), reference XObjects (other files), the document's structure and
alternative texts.
"""

from typing import Final

PLAIN: Final = "plain"  # numbers, booleans, names, and arrays of them
TEXT: Final = "text"  # a string that drawing needs
NAMED: Final = "named:"  # a dictionary of resources: any keys, values of the role that follows


def _plain(keys: str) -> dict[str, str]:
    return dict.fromkeys(keys.split(), PLAIN)


_TYPED: Final = {"/Type": PLAIN, "/Subtype": PLAIN}

ENTRIES: Final[dict[str, dict[str, str]]] = {
    # Table 30. What draws (/Contents, and the bytes of CONTENT below) is rewritten with its /Resources; ``page_frame``
    # keeps the edges.
    "page": {"/Group": "group"},
    # Table 33. /Properties only serve marked content.
    "resources": {
        "/ExtGState": NAMED + "state",
        "/ColorSpace": NAMED + "space",
        "/Pattern": NAMED + "pattern",
        "/Shading": NAMED + "shading",
        "/XObject": NAMED + "xobject",
        "/Font": NAMED + "font",
    },
    # Tables 95 and 96, 147
    "form": _TYPED
    | {
        "/FormType": PLAIN,
        "/BBox": PLAIN,
        "/Matrix": PLAIN,
        "/Group": "group",
    },
    "group": {"/Type": PLAIN, "/S": PLAIN, "/CS": "space", "/I": PLAIN, "/K": PLAIN},
    # Table 58 without what only a press needs
    "state": _plain("/Type /LW /LC /LJ /ML /D /RI /OP /op /OPM /FL /SM /SA /BM /CA /ca /AIS /TK") | {"/SMask": "mask"},
    # Table 144
    "mask": {"/Type": PLAIN, "/S": PLAIN, "/G": "xobject", "/BC": PLAIN, "/TR": "function"},
    # Tables 75 and 76
    "tiling": _plain("/Type /PatternType /PaintType /TilingType /BBox /XStep /YStep /Matrix"),
    "shaded": {"/Type": PLAIN, "/PatternType": PLAIN, "/Shading": "shading", "/Matrix": PLAIN, "/ExtGState": "state"},
    # Tables 78 to 86
    "shading": _plain(
        "/ShadingType /Background /BBox /AntiAlias /Coords /Domain /Extend /Matrix /Decode "
        "/BitsPerCoordinate /BitsPerComponent /BitsPerFlag /VerticesPerRow"
    )
    | {"/ColorSpace": "space", "/Function": "function"},
    # Tables 38 to 41
    "function": _plain("/FunctionType /Domain /Range /Size /BitsPerSample /Order /Encode /Decode /C0 /C1 /N /Bounds")
    | {"/Functions": "function"},
    # Tables 63 to 65
    "calibration": _plain("/WhitePoint /BlackPoint /Gamma /Matrix /Range"),
    # Tables 111, 112, 117, 121
    "font": _TYPED
    | _plain("/BaseFont /FirstChar /LastChar /Widths /FontBBox /FontMatrix /DW /W /DW2 /W2")
    | {
        "/FontDescriptor": "descriptor",
        "/Encoding": "encoding",
        "/ToUnicode": "map",
        "/CharProcs": "glyphs",
        "/Resources": "resources",
        "/DescendantFonts": "font",
        "/CIDSystemInfo": "collection",
        "/CIDToGIDMap": "program",
    },
    "collection": {"/Registry": TEXT, "/Ordering": TEXT, "/Supplement": PLAIN},
    # Table 122
    "descriptor": _plain(
        "/Type /FontName /FontStretch /FontWeight /Flags /FontBBox /ItalicAngle /Ascent /Descent /Leading "
        "/CapHeight /XHeight /StemV /StemH /AvgWidth /MaxWidth /MissingWidth"
    )
    | {"/FontFile": "program", "/FontFile2": "program", "/FontFile3": "program"},
    # Tables 114 and 120: a dictionary of differences, or a CMap
    "encoding": _plain("/Type /BaseEncoding /Differences /CMapName /WMode")
    | {"/CIDSystemInfo": "collection", "/UseCMap": "map"},
    "map": _plain("/Type /CMapName /WMode") | {"/CIDSystemInfo": "collection", "/UseCMap": "map"},
    "program": _plain("/Subtype /Length1 /Length2 /Length3"),
    "glyph": {},
}

# What the bytes of a stream are, by role
CONTENT: Final = frozenset({"form", "tiling", "glyph"})  # drawing operators
SCRIPT: Final = frozenset({"function", "map", "encoding"})  # PostScript, which may hold comments
BINARY: Final = frozenset({"shading", "program"})

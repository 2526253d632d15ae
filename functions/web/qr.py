"""QR codes (ISO/IEC 18004) for pages and papers."""

from typing import Any

from markupsafe import Markup


def qr(*parts: str, error: str = "m") -> Markup:
    """Return a QR code as inline SVG of ``parts``, one after the other: dark on white in any colour scheme, otherwise
    phones cannot read it. A part that keeps to the denser alphabet of capitals takes fewer squares. ``error`` is the
    share of damage that a reader mends: ``l`` 7 %, ``m`` 15 %. Raises ValueError for more than 2,331 bytes at ``m``."""
    import segno  # noqa: PLC0415 - few pages of a door have a picture

    content: Any = list(parts)  # segno takes several, its types do not say so
    made = segno.make(content, error=error, micro=False)
    svg = made.svg_inline(svgclass=None, lineclass=None, omitsize=True, dark="#000", light="#fff")
    return Markup(svg)  # noqa: S704 - segno draws squares, and repeats nothing of what they say

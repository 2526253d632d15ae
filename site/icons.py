"""Draws the portal's icon in the sizes that phones ask for: ``python site/icons.py`` writes them into ``assets/``.

The same letter as in the pages' mark, light on the brand's green, within the middle that no phone cuts off (a circle of
four fifths of the width; W3C Web Application Manifest, "icon masks").
"""

from pathlib import Path

from PIL import Image, ImageDraw

ASSETS = Path(__file__).resolve().parent / "assets"
GREEN, PAPER = "#0b5d57", "#ffffff"
FINE = 4  # drawn so many times larger, then made small, for smooth edges
SIZES = (192, 512)
UNITS = 48  # the drawing's own width
LEFT, TOP, RIGHT, BOTTOM, FOLD = 12, 15, 36, 33, (24, 25)
STROKE, SEAL = 2.4, 4.4


def drawn(size: int) -> Image.Image:
    """The icon, ``size`` pixels wide and high, in few colours."""
    scale = size * FINE / UNITS
    picture = Image.new("RGB", (size * FINE, size * FINE), GREEN)
    pen = ImageDraw.Draw(picture)
    width = round(STROKE * scale)

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x * scale, y * scale) for x, y in points]

    corners = at((LEFT, TOP), (RIGHT, TOP), (RIGHT, BOTTOM), (LEFT, BOTTOM), (LEFT, TOP), (RIGHT, TOP))
    pen.line(corners, PAPER, width, joint="curve")
    pen.line(at((LEFT, TOP), FOLD, (RIGHT, TOP)), PAPER, width, joint="curve")
    x, y = FOLD
    pen.ellipse(at((x - SEAL - 1, y - SEAL), (x + SEAL + 1, y + SEAL + 2)), GREEN)
    pen.ellipse(at((x - SEAL, y - SEAL + 1), (x + SEAL, y + SEAL + 1)), PAPER)
    return picture.resize((size, size), Image.Resampling.LANCZOS).quantize(32)


if __name__ == "__main__":
    for size in SIZES:
        drawn(size).save(ASSETS / f"ikon-{size}.png", optimize=True)

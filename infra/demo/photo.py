"""Drawn photos of a road, broken or mended: nobody's picture, and the same bytes each time."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (480, 360)
HORIZON = 120


def draw_road(number: int, *, mended: bool) -> bytes:
    """Return a small JPEG of road ``number``."""
    random = Random(number)  # noqa: S311 - a drawing
    width, height = SIZE
    image = Image.new("RGB", SIZE, (176, 204, 224))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, HORIZON, width, height), (104, 132, 78))
    middle = width // 2 + random.randint(-40, 40)
    draw.polygon([(middle - 18, HORIZON), (middle + 18, HORIZON), (width, height), (0, height)], (112, 110, 108))
    for _ in range(4):
        y = random.randint(HORIZON + 60, height - 40)
        x, wide = middle + random.randint(-y // 4, y // 4), (y - HORIZON) // 3
        hole = (x - wide, y - wide // 3, x + wide, y + wide // 3)
        draw.ellipse(hole, (82, 80, 79) if mended else (98, 72, 48))
        if not mended:
            draw.ellipse((x - wide // 2, y - wide // 6, x + wide // 2, y + wide // 6), (142, 152, 156))
    out = BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.2)).save(out, "JPEG", quality=70)
    return out.getvalue()

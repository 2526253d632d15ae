"""The picture of an edition that people share: its first sentence, one number, and of which reports. 1200 × 630 pixels,
which is what messengers and networks show (https://ogp.me).

It is drawn when the portal is frozen, from the edition alone and in Indonesian, with the typeface that Pillow carries.
Tests: ``tests/site/test_barometer.py``.
"""

import io
import textwrap

import barometer_sentences as sentences
from barometer_words import days, long_month, named
from PIL import Image, ImageDraw, ImageFont

from functions.casework.barometer.edition import Edition, Place
from functions.web.language import gettext as _

SIZE = WIDTH, HEIGHT = 1200, 630
PAPER, INK, SOFT, BRAND = "#faf8f3", "#1c2321", "#55605d", "#0b5d57"  # lapor.css's, by day
LEFT, SMALLEST = 80, 16


def tells(place: Place) -> bool:
    """Tell whether a place has the number that the picture shows."""
    return place.values.get("answer_median") is not None


def quote(edition: Edition, place: Place) -> str:
    """Return what the picture says, as a sentence to be quoted."""
    said = _("Separuh laporan ke {name} dijawab petugas dalam {days}, {base}. Barometer layanan, {month}.")
    return said.format(
        name=named(place),
        days=days(int(place.values["answer_median"] or 0)),
        base=sentences.base_said(sentences.base_of(edition, place)) or _("menurut laporan setahun"),
        month=long_month(edition.month),
    )


def picture(edition: Edition, place: Place) -> bytes:
    """Return the PNG of a place that ``tells``."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 24), fill=BRAND)
    base = sentences.base_of(edition, place)
    since = _("{base} yang masuk {first} sampai {last}").format(
        base=sentences.base_said(base) or _("dari laporan"),
        first=long_month(base.first if base else edition.first),
        last=long_month(base.last if base else edition.month),
    )
    lines = (
        (70, 44, INK, textwrap.shorten(named(place), 48, placeholder="...")),
        (170, 52, INK, _("Separuh laporan dijawab petugas dalam")),
        (240, 110, BRAND, days(int(place.values["answer_median"] or 0))),
        (410, 34, SOFT, since),
        (540, 34, SOFT, f"Lapor Anonim · {_('Barometer layanan')} · {long_month(edition.month)}"),
    )
    for top, size, colour, text in lines:
        draw.text((LEFT, top), text, fill=colour, font=_fitting(draw, text, size))
    out = io.BytesIO()
    image.quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


def _fitting(draw: ImageDraw.ImageDraw, text: str, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return the typeface at this size, or at the largest at which the line fits."""
    font = ImageFont.load_default(size)
    while size > SMALLEST and draw.textlength(text, font) > WIDTH - 2 * LEFT:
        size -= 2
        font = ImageFont.load_default(size)
    return font

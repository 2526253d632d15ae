"""Photos: decoded, turned upright, brought to sRGB, made smaller, and encoded again from pixels alone.

What a camera or an app wrote around the pixels (EXIF, XMP, ICC, comments, thumbnails, a second picture, a
film behind the end) has no way into the new file. What is *in* the picture stays: faces, shadows, a sensor's
noise. Import this module lazily: it loads Pillow.
"""

import logging
import re
from functools import cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageCms

from functions.vault.filetypes import JPEG, MAX_FILE_BYTES, MAX_PIXELS, PNG, WEBP, FileRefusedError, Refusal

FORMATS: Final = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
MAX_SIDE: Final = 1600
# (longest side in pixels, quality), tried in turn until the file is small enough
LADDER: Final = ((MAX_SIDE, 82), (1280, 75), (1000, 70), (700, 60))
# Encoders write about ten; thousands make a decoder go over all pixels thousands of times.
MAX_SCANS: Final = 64
# Alpha up to this shows nothing, yet keeps the colours below for whoever looks with a tool.
INVISIBLE: Final = 7

_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)
_SOS, _EOI = 0xDA, 0xD9
_ORIENTATION: Final = 0x0112
# EXIF 2.32, 4.6.5.1.A: what to do with the stored picture for each value
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def clean_photo(raw: bytes, media_type: str) -> bytes:
    """The photo in the same format, at most ``MAX_SIDE`` pixels a side. Raises FileRefusedError, and whatever
    Pillow raises for a broken file."""
    decoded = decode(raw, FORMATS[media_type], MAX_SIDE)
    turn = _TURNS.get(_orientation(decoded))
    picture = plain(decoded)
    picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    picture = _srgb(picture, decoded.info.get("icc_profile"))
    picture = bare(picture if turn is None else picture.transpose(turn))
    for side, quality in LADDER:
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        content = _encode(picture, media_type, quality)
        if len(content) <= MAX_FILE_BYTES:
            return content
    raise FileRefusedError(Refusal.TOO_LARGE)


def decode(raw: bytes, image_format: str, side: int) -> Image.Image:
    """The first frame in one given Pillow format, not turned; a JPEG at the least scale that still has
    ``side`` pixels. The number of pixels is checked before any is decoded. Raises as ``clean_photo``."""
    _prepare()
    if image_format == "JPEG" and _scans(raw) > MAX_SCANS:
        raise FileRefusedError(Refusal.TOO_COMPLEX)
    try:
        image: Image.Image = Image.open(BytesIO(raw), formats=[image_format])
    except Image.DecompressionBombError:
        raise FileRefusedError(Refusal.TOO_MANY_PIXELS) from None
    image.draft(None, (side, side))
    image.load()
    return image


def plain(image: Image.Image) -> Image.Image:
    """The picture in one of the modes L, LA, RGB, RGBA, CMYK (8 bits)."""
    if image.mode.startswith("I"):  # 16 bits, which convert("L") would clip
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    see_through = "transparency" in image.info
    if image.mode in {"P", "PA"}:
        return image.convert("RGBA" if see_through or image.mode == "PA" else "RGB")
    if see_through and image.mode in {"1", "L", "RGB"}:
        return image.convert("RGBA")
    if image.mode == "1":
        return image.convert("L")
    if image.mode in {"L", "LA", "RGB", "RGBA", "CMYK"}:
        return image
    return image.convert("RGB")


@cache
def _prepare() -> None:
    # Pillow refuses at twice this number, and does so before it decodes.
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
    # At DEBUG, Pillow logs the values of EXIF tags.
    logging.getLogger("PIL").setLevel(logging.CRITICAL)


def _scans(raw: bytes) -> int:
    count, position = 0, 2
    while marker := _MARKER.search(raw, position):
        code = marker[1][0]
        if code == _EOI:
            break
        count += code == _SOS
        position = marker.end() + int.from_bytes(raw[marker.end() : marker.end() + 2], "big")
    return count


def _orientation(image: Image.Image) -> int:
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 a broken EXIF block may raise anything; it costs the turn, not the photo
        return 1
    return value if isinstance(value, int) else 1


def _srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as the embedded profile means them; a profile that does not fit is dropped."""
    if profile:
        inks = picture.mode.removesuffix("A")
        try:
            colours = ImageCms.profileToProfile(
                picture.convert(inks),
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            colours = None
        if colours is not None:
            return _with_alpha_of(picture, colours)
    return picture.convert("RGB") if picture.mode == "CMYK" else picture


def _with_alpha_of(picture: Image.Image, colours: Image.Image) -> Image.Image:
    if picture.mode in {"L", "LA"}:
        colours = colours.convert("L")
    if not picture.mode.endswith("A"):
        return colours
    return Image.merge(picture.mode, (*colours.split(), picture.getchannel("A")))


def bare(picture: Image.Image) -> Image.Image:
    """The pixels in an image that never was a file: Pillow hands comments on from what it opened to what it saves.

    What full transparency hides goes too.
    """
    fresh = Image.new(picture.mode, picture.size)
    if picture.mode.endswith("A"):
        fresh.paste(picture, mask=picture.getchannel("A").point(lambda alpha: 255 if alpha > INVISIBLE else 0))
    else:
        fresh.paste(picture)
    return fresh


def _encode(picture: Image.Image, media_type: str, quality: int) -> bytes:
    out = BytesIO()
    if media_type == PNG:
        picture.save(out, "PNG", optimize=True)
    elif media_type == WEBP:
        picture.save(out, "WEBP", quality=quality)
    else:
        picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()

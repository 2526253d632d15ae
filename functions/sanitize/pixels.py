"""A decoded picture's colours and transparency, as they shall be encoded: usual modes, sRGB, nothing hidden.

Import this module lazily: it loads Pillow.
"""

from io import BytesIO
from typing import Final

from PIL import Image, ImageCms

# Alpha up to this is invisible, but keeps the colours below readable with a tool.
INVISIBLE: Final = 7


def plain(image: Image.Image) -> Image.Image:
    """Return the picture in one of the modes L, LA, RGB, RGBA, CMYK (8 bits)."""
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


def srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the colours as the embedded profile means them; a profile that does not fit is dropped."""
    if profile:
        inks = picture.mode.removesuffix("A")
        try:
            colours = ImageCms.profileToProfile(
                picture if picture.mode == inks else picture.convert(inks),
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
    """Copy the pixels into an image that never was a file: Pillow passes comments on from opening to saving.

    What full transparency hides is dropped too.
    """
    fresh = Image.new(picture.mode, picture.size)
    if picture.mode.endswith("A"):
        fresh.paste(picture, mask=picture.getchannel("A").point(lambda alpha: 255 if alpha > INVISIBLE else 0))
    else:
        fresh.paste(picture)
    return fresh


def opaque(picture: Image.Image) -> Image.Image:
    """Put the picture on white, as a page would show it: a JPEG has no alpha."""
    if not picture.mode.endswith("A"):
        return picture
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture.convert("RGBA")).convert(picture.mode.removesuffix("A"))

"""Photos come out right, and alone."""

import json
import os
import subprocess
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageCms, ImageOps, ImageStat

from functions.sanitize.clean import MAX_FILE_BYTES
from functions.sanitize.cleaners import clean_here
from functions.sanitize.photos import MAX_SIDE
from tests.sanitize import samples

MAKERS = {"image/jpeg": samples.jpeg, "image/png": samples.png, "image/webp": samples.webp}
# What ExifTool may find in a clean photo: facts of the pixels.
FACTS = """
File:FileType File:FileTypeExtension File:MIMEType File:ImageWidth File:ImageHeight File:EncodingProcess
File:BitsPerSample File:ColorComponents File:YCbCrSubSampling JFIF:JFIFVersion JFIF:ResolutionUnit JFIF:XResolution
JFIF:YResolution PNG:ImageWidth PNG:ImageHeight PNG:BitDepth PNG:ColorType PNG:Compression PNG:Filter PNG:Interlace
RIFF:VP8Version RIFF:ImageWidth RIFF:ImageHeight RIFF:HorizontalScale RIFF:VerticalScale RIFF:WebP_Flags
RIFF:AlphaPreprocessing RIFF:AlphaFiltering RIFF:AlphaCompression Composite:ImageSize Composite:Megapixels
"""
ALLOWED = frozenset(FACTS.split())


def _exiftool(content: bytes) -> dict[str, object]:
    ran = subprocess.run(
        ["exiftool", "-j", "-a", "-G0", "-u", "-ee", "--System:all", "-"],
        input=content,
        capture_output=True,
        check=True,
    )
    found = json.loads(ran.stdout)[0]
    return {key: value for key, value in found.items() if key not in {"SourceFile", "ExifTool:ExifToolVersion"}}


def _difference(left: Image.Image, right: Image.Image) -> float:
    """Mean difference of all channels, in steps of 255."""
    assert left.size == right.size
    bands = ImageStat.Stat(ImageChops.difference(left.convert("RGB"), right.convert("RGB"))).mean
    return sum(bands) / len(bands)


def _cleaned(raw: bytes) -> Image.Image:
    return samples.open_image(clean_here(raw).content)


def _png(image: Image.Image, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", **options)
    return out.getvalue()


@pytest.mark.parametrize("media_type", MAKERS)
def test_no_canary_survives(media_type: str) -> None:
    raw = MAKERS[media_type]()
    assert raw.count(samples.RAW) >= 8
    made = clean_here(raw).content
    assert not samples.holds_canary(made)
    assert set(samples.open_image(made).info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "loop",
        "background",
        "timestamp",
        "duration",
    }


@pytest.mark.parametrize("media_type", MAKERS)
def test_exiftool_finds_pixels_and_nothing_else(media_type: str) -> None:
    raw = MAKERS[media_type]()
    before = _exiftool(raw)
    assert samples.CANARY in json.dumps(before)
    assert "Composite:GPSPosition" in before
    after = _exiftool(clean_here(raw).content)
    assert set(after) - ALLOWED == set()
    assert after["File:MIMEType"] == media_type


def test_the_canaries_of_each_place_were_there() -> None:
    """So that a canary which was never planted cannot count as gone."""
    photo, png = samples.jpeg(), samples.png()
    for place in (
        b"Photoshop 3.0",
        b"http://ns.adobe.com/xap/1.0/",
        b"ICC_PROFILE",
        b"ftypmp42",
        samples.THUMBNAIL_NOTE,
    ):
        assert place in photo
    assert "\x00".join(["", *samples.CANARY[:13]]).encode() in photo  # the description of its colour profile
    assert png.endswith(b"IEND\xaeB`\x82" + samples.RAW)
    assert samples.png_texts(png).count(samples.RAW) > png.count(samples.RAW)  # some are packed
    for kind in (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"iCCP", b"tIME", b"caNr", b"pHYs"):
        assert kind in png


def test_a_png_holds_pixels_only() -> None:
    made = clean_here(samples.png()).content
    kinds, position = [], 8
    while position < len(made):
        length = int.from_bytes(made[position : position + 4], "big")
        kinds.append(made[position + 4 : position + 8])
        position += 12 + length
    assert set(kinds) == {b"IHDR", b"IDAT", b"IEND"}
    assert not samples.holds_canary(samples.png_texts(made))


def test_a_jpeg_ends_where_its_picture_ends() -> None:
    made = clean_here(samples.jpeg()).content
    assert made.endswith(b"\xff\xd9")
    assert made.count(b"\xff\xd8") == 1
    segments = {made[at + 1] for at in range(len(made) - 1) if made[at] == 0xFF and 0xE0 <= made[at + 1] <= 0xFE}
    assert segments == {0xE0}  # JFIF's sixteen bytes


def test_of_many_pictures_the_first_is_kept() -> None:
    raw = samples.mpo()
    assert raw.count(b"\xff\xd8\xff") > 1
    made = clean_here(raw).content
    assert made.count(b"\xff\xd8\xff") == 1
    assert _difference(samples.open_image(made), samples.picture()) < 3
    assert _cleaned(samples.animated_webp()).getpixel((9, 9))[0] > 200
    still = samples.open_image(clean_here(samples.apng()).content)
    assert getattr(still, "n_frames", 1) == 1
    assert _difference(still, samples.picture()) == 0
    assert getattr(samples.open_image(clean_here(samples.animated_webp()).content), "n_frames", 1) == 1


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("media_type", MAKERS)
def test_every_orientation_is_set_right(media_type: str, orientation: int) -> None:
    raw = MAKERS[media_type](samples.picture(), orientation=orientation)
    upright = ImageOps.exif_transpose(samples.open_image(raw))
    made = _cleaned(raw)
    assert made.size == ((320, 200) if orientation < 5 else (200, 320))
    assert _difference(made, upright) < 3
    turned = _difference(made, samples.picture()) if orientation < 5 else 255
    assert (turned < 3) == (orientation == 1)


@pytest.mark.parametrize("media_type", MAKERS)
def test_a_large_photo_is_made_smaller_and_looks_the_same(media_type: str) -> None:
    large = samples.picture((3200, 2400))
    made = _cleaned(MAKERS[media_type](large, orientation=6))
    assert made.size == (1200, MAX_SIDE)
    expected = large.transpose(Image.Transpose.ROTATE_270).resize((1200, MAX_SIDE), Image.Resampling.LANCZOS)
    assert _difference(made, expected) < 3


def test_a_small_photo_is_not_made_larger() -> None:
    assert _cleaned(samples.png(samples.picture((31, 17)))).size == (31, 17)


def test_a_strip_of_one_pixel_stays_a_picture() -> None:
    assert _cleaned(_png(Image.new("RGB", (20_000, 1), "red"))).size == (MAX_SIDE, 1)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_mode_of_png_keeps_its_look(mode: str) -> None:
    source = samples.picture(mode="RGB").convert(mode)
    made = _cleaned(_png(source))
    assert _difference(made, source) < 1
    assert made.mode.endswith("A") == mode.endswith("A")


def test_sixteen_bits_become_eight() -> None:
    deep = Image.new("I;16", (256, 4))
    for x in range(256):
        for y in range(4):
            deep.putpixel((x, y), x * 257)
    made = _cleaned(_png(deep))
    assert made.mode == "L"
    assert [made.getpixel((x, 1)) for x in (0, 100, 255)] == [0, 100, 255]


def test_transparency_of_palettes_and_of_one_colour_is_kept() -> None:
    palette = samples.picture().convert("P")
    clear = palette.getpixel((0, 0))
    for raw in (_png(palette, transparency=clear), _png(samples.picture(), transparency=(255, 0, 0))):
        made = _cleaned(raw)
        assert made.mode == "RGBA"
        assert made.getpixel((0, 0))[3] == 0
        assert made.getpixel((160, 100))[3] == 255
    gray = _cleaned(_png(Image.new("L", (9, 9), 7), transparency=7))
    assert gray.getpixel((4, 4))[-1] == 0


def test_what_an_eraser_made_invisible_is_gone() -> None:
    """An eraser sets alpha and leaves the colours: the face is still in the file."""
    erased = Image.new("RGBA", (64, 64), (200, 30, 90, 0))
    erased.putpixel((1, 1), (10, 20, 30, 255))
    made = _cleaned(_png(erased))
    assert made.getpixel((40, 40)) == (0, 0, 0, 0)
    assert made.getpixel((1, 1)) == (10, 20, 30, 255)
    out = BytesIO()
    erased.save(out, "WEBP", lossless=True, exact=True)
    assert samples.open_image(out.getvalue()).getpixel((40, 40)) == (200, 30, 90, 0)
    assert _cleaned(out.getvalue()).getpixel((40, 40))[3] == 0


def test_inks_become_light() -> None:
    out = BytesIO()
    samples.picture().convert("CMYK").save(out, "JPEG", quality=95)
    made = _cleaned(out.getvalue())
    assert made.mode == "RGB"
    assert _difference(made, samples.picture()) < 6


def test_gray_stays_gray() -> None:
    assert _cleaned(samples.jpeg(samples.picture(mode="L"), profile=False)).mode == "L"


def test_colours_mean_what_the_profile_says() -> None:
    """A profile whose red is sRGB's green: its red must come out green."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    head = profile[:400].replace(b"rXYZ", b"----").replace(b"gXYZ", b"rXYZ").replace(b"----", b"gXYZ")
    swapped = head + profile[400:]
    assert swapped != profile
    for image in (Image.new("RGB", (8, 8), "red"), Image.new("RGBA", (8, 8), (255, 0, 0, 128))):
        made = _cleaned(_png(image, icc_profile=swapped))
        red, green, *rest = made.getpixel((4, 4))
        assert green > 200
        assert red < 60
        assert rest[1:] == ([128] if image.mode == "RGBA" else [])


def test_gray_means_what_the_profile_says() -> None:
    made = _cleaned(_png(Image.new("L", (8, 8), 128), icc_profile=samples.linear_gray()))
    assert made.mode == "L"
    assert 183 <= made.getpixel((4, 4)) <= 193  # half the light is 188 in sRGB
    see_through = _cleaned(_png(Image.new("LA", (8, 8), (128, 77)), icc_profile=samples.linear_gray()))
    assert see_through.mode == "LA"
    assert see_through.getpixel((4, 4))[1] == 77


@pytest.mark.parametrize("profile", [b"no profile", samples.icc()[:200]])
def test_a_profile_that_does_not_fit_is_dropped(profile: bytes) -> None:
    assert _difference(_cleaned(_png(samples.picture(), icc_profile=profile)), samples.picture()) == 0
    assert _cleaned(_png(samples.picture(mode="L"), icc_profile=samples.icc())).mode == "L"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("start", [b"II*\0\xff\xff\xff\xff", b"XX\0\0", b"MM\0*\0\0\0\x08\0\1\1\x12\0\2\0\0\0\1a"])
def test_broken_exif_costs_the_turn_and_not_the_photo(start: bytes, form: str) -> None:
    out = BytesIO()
    samples.picture().save(out, form, exif=b"Exif\0\0" + start + samples.RAW)
    made = clean_here(out.getvalue()).content
    assert samples.open_image(made).size == (320, 200)
    assert not samples.holds_canary(made)


def test_what_would_become_too_large_is_made_smaller() -> None:
    """Noise in 256 colours grows threefold when it gets all its channels."""
    side = 2200
    noise = Image.frombytes("P", (side, side), os.urandom(side * side))
    noise.putpalette(os.urandom(768))
    raw = _png(noise)
    assert len(raw) <= MAX_FILE_BYTES
    made = clean_here(raw).content
    assert len(made) <= MAX_FILE_BYTES
    assert 700 <= samples.open_image(made).width < MAX_SIDE


def test_wide_colours_are_brought_to_srgb() -> None:
    made = _cleaned(_png(Image.new("RGB", (64, 64), (200, 100, 80)), icc_profile=samples.wide()))
    red, green, blue = made.getpixel((32, 32))
    assert red >= 210  # the same red needs more of a smaller space
    assert green <= 97
    assert blue <= 76

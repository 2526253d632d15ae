"""HEIC and AVIF come in, and leave as JPEG: upright, in sRGB, the primary picture alone."""

import pytest
from PIL import Image, ImageChops, ImageStat

from functions.casework.formats.attachments import AVIF, HEIC
from functions.sanitize import photos
from functions.sanitize.clean import FileRefusedError
from functions.sanitize.cleaners import clean_here
from functions.sanitize.file_types import type_by_start
from functions.sanitize.photos import MAX_KEPT, MAX_SIDE
from tests.depth import deep
from tests.sanitize import samples, samples_heic

MAKERS = {HEIC: samples_heic.heic, AVIF: samples_heic.avif}


def _difference(left: Image.Image, right: Image.Image) -> float:
    assert left.size == right.size
    bands = ImageStat.Stat(ImageChops.difference(left.convert("RGB"), right.convert("RGB"))).mean
    return sum(bands) / len(bands)


def _cleaned(raw: bytes, *, keep_size: bool = False) -> Image.Image:
    made = clean_here(raw, keep_size=keep_size)
    assert made.media_type == "image/jpeg"
    return samples.open_image(made.content)


def _refusal(raw: bytes) -> str:
    with pytest.raises(FileRefusedError) as refused:
        clean_here(raw)
    return str(refused.value.code)


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim"])
def test_heic_is_known_by_its_brand(brand: bytes) -> None:
    assert type_by_start(b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1heic") == HEIC


def test_avif_is_known_by_any_of_its_brands() -> None:
    assert type_by_start(b"\0\0\0\x18ftypavif\0\0\0\0mif1miaf") == AVIF
    assert type_by_start(b"\0\0\0\x18ftypmif1\0\0\0\0miafavif") == AVIF
    assert type_by_start(b"\0\0\0\x14ftypmif1\0\0\0\0miafavif") == HEIC  # that one is behind the box


@pytest.mark.parametrize("brand", [b"mp42", b"isom", b"qt  ", b"M4A ", b"crx ", b"jp2 "])
def test_films_and_sounds_are_none(brand: bytes) -> None:
    assert _refusal(b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1heic" + bytes(100)) == "unknown_type"


@pytest.mark.parametrize("media_type", MAKERS)
def test_no_canary_survives(media_type: str) -> None:
    raw = MAKERS[media_type]()
    assert raw.count(samples.RAW) >= 8
    made = clean_here(raw + samples.RAW)
    assert made.media_type == "image/jpeg"
    assert not samples.holds_canary(made.content)
    assert _difference(samples.open_image(made.content), samples.picture()) < 5


@pytest.mark.parametrize("media_type", MAKERS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_set_right(media_type: str, orientation: int) -> None:
    turns = {
        1: [], 2: [Image.Transpose.FLIP_LEFT_RIGHT], 3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM], 5: [Image.Transpose.TRANSPOSE], 6: [Image.Transpose.ROTATE_270],
        7: [Image.Transpose.TRANSVERSE], 8: [Image.Transpose.ROTATE_90],
    }  # fmt: skip
    expected = samples.picture()
    for turn in turns[orientation]:
        expected = expected.transpose(turn)
    assert _difference(_cleaned(MAKERS[media_type](orientation=orientation)), expected) < 5


def test_what_exif_says_of_a_heics_turn_is_of_no_account() -> None:
    raw = samples_heic.with_lying_exif(samples_heic.heic(), 6)
    assert _cleaned(raw).size == (320, 200)


def test_of_a_burst_the_primary_picture_is_kept() -> None:
    other = Image.new("RGB", (320, 200), "black")
    raw = samples_heic.heic(save_all=True, append_images=[other], primary_index=0)
    assert _difference(_cleaned(raw), samples.picture()) < 5
    raw = samples_heic.heic(other, save_all=True, append_images=[samples.picture()], primary_index=1)
    assert _difference(_cleaned(raw), samples.picture()) < 5


def test_a_thumbnail_is_not_taken_for_the_picture() -> None:
    raw = samples_heic.heic(samples.picture((2000, 1500)), thumbnails=[1700])
    made = _cleaned(raw)
    assert made.size == (MAX_SIDE, 1200)
    assert _difference(made, samples.picture((2000, 1500)).resize((MAX_SIDE, 1200))) < 5


def test_wide_colours_are_brought_to_srgb() -> None:
    made = _cleaned(samples_heic.heic(Image.new("RGB", (64, 64), (200, 100, 80)), icc_profile=samples.wide()))
    red, green, blue = made.getpixel((32, 32))
    assert red >= 208  # the same red needs more of a smaller space
    assert green <= 98
    assert blue <= 78


@pytest.mark.parametrize("media_type", MAKERS)
def test_what_is_transparent_is_on_white(media_type: str) -> None:
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    image.paste((200, 30, 30, 255), (0, 0, 32, 64))
    made = _cleaned(MAKERS[media_type](image))
    assert made.mode == "RGB"
    assert min(made.getpixel((50, 32))) > 245
    assert made.getpixel((10, 32))[0] > 180


def test_gray_stays_gray() -> None:
    raw = samples_heic.heic(samples.picture(mode="L"), icc_profile=samples.linear_gray())
    assert _cleaned(raw).getbands() in {("L",), ("R", "G", "B")}


def test_size_is_kept_for_who_asks() -> None:
    raw = samples_heic.heic(samples.picture((2400, 1800)))
    assert _cleaned(raw).size == (MAX_SIDE, 1200)
    assert _cleaned(raw, keep_size=True).size == (2400, 1800)


def test_a_very_large_photo_keeps_what_memory_has_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a phone's largest; every day a quarter of each side, and room for a sixteenth: to make one takes longest."""
    part = deep(1, 4)
    size, most = (5712 // part, 4284 // part), MAX_KEPT // part**2
    monkeypatch.setattr(photos, "MAX_KEPT", most)
    made = _cleaned(samples_heic.heic(samples.picture(size), quality=30), keep_size=True)
    assert 0.99 * most < made.width * made.height <= most
    expected = samples.picture(size).resize((1600 // part, 1200 // part))
    assert _difference(made.resize((1600 // part, 1200 // part)), expected) < 5


@pytest.mark.every_day(3)
@pytest.mark.parametrize("media_type", MAKERS)
@pytest.mark.parametrize("tenths", range(1, 10, 2))
def test_what_was_cut_short_is_refused(media_type: str, tenths: int) -> None:
    raw = MAKERS[media_type](samples.grainy())
    assert _refusal(raw[: len(raw) * tenths // 10]) == "damaged"


@pytest.mark.parametrize("media_type", MAKERS)
@pytest.mark.parametrize("size", [(5001, 5000), (60_000, 60_000), (2**31 - 1, 2**31 - 1), (0, 0), (2**32 - 1, 1)])
def test_a_size_that_is_claimed_and_not_there_is_refused(media_type: str, size: tuple[int, int]) -> None:
    assert _refusal(samples_heic.claiming(MAKERS[media_type](), *size)) in {"too_many_pixels", "damaged"}

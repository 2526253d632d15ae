"""The original size is kept for who asks for it, as far as memory and the file's size have room."""

import os
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat

from functions.sanitize import photos
from functions.sanitize.clean import MAX_FILE_BYTES, FileRefusedError
from functions.sanitize.cleaners import clean_here
from functions.sanitize.photos import MAX_KEPT, MAX_SIDE
from tests.depth import deep
from tests.sanitize import samples

MAKERS = {"image/jpeg": samples.jpeg, "image/png": samples.png, "image/webp": samples.webp}


def _difference(left: Image.Image, right: Image.Image) -> float:
    assert left.size == right.size
    bands = ImageStat.Stat(ImageChops.difference(left.convert("RGB"), right.convert("RGB"))).mean
    return sum(bands) / len(bands)


def _png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.mark.every_day(1)
@pytest.mark.parametrize("media_type", MAKERS)
def test_size_is_kept_for_who_asks_and_nothing_else_is(media_type: str) -> None:
    large = samples.picture((2600, 1900))
    raw = MAKERS[media_type](large, orientation=6)
    made = clean_here(raw, keep_size=True)
    assert made.media_type == media_type
    assert not samples.holds_canary(made.content)
    kept = samples.open_image(made.content)
    assert kept.size == (1900, 2600)
    assert _difference(kept, large.transpose(Image.Transpose.ROTATE_270)) < 3
    assert max(samples.open_image(clean_here(raw).content).size) == MAX_SIDE


@pytest.mark.long
def test_size_is_kept_as_far_as_the_file_may_be_large() -> None:
    side = 2200
    noise = Image.frombytes("P", (side, side), os.urandom(side * side))
    noise.putpalette(os.urandom(768))
    made = clean_here(_png(noise), keep_size=True).content
    assert len(made) <= MAX_FILE_BYTES
    assert samples.open_image(made).width < side


@pytest.mark.every_day(1)
@pytest.mark.parametrize(("size", "options", "kept"), [
    ((8000, 5000), {}, (4000, 2500)),  # decoded at half the scale, since the whole would not fit into memory
    ((5000, 4000), {"progressive": True}, (2500, 2000)),  # so does this, with its coefficients
    ((4000, 3000), {"progressive": True}, (4000, 3000)),
])  # fmt: skip
def test_what_is_too_large_for_memory_is_kept_at_a_part_of_its_size(
    size: tuple[int, int], options: dict[str, bool], kept: tuple[int, int]
) -> None:
    out = BytesIO()
    samples.picture(size).save(out, "JPEG", quality=50, **options)
    made = samples.open_image(clean_here(out.getvalue(), keep_size=True).content)
    assert made.size == kept
    assert _difference(made.resize((400, 250)), samples.picture(size).resize((400, 250))) < 5


def test_a_photo_of_more_pixels_is_kept_as_large_as_memory_has_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every day half of each side, and room for a quarter."""
    part = deep(1, 2)
    size, most = (4700 // part, 3500 // part), MAX_KEPT // part**2
    monkeypatch.setattr(photos, "MAX_KEPT", most)
    made = samples.open_image(clean_here(_png(samples.picture(size)), keep_size=True).content)
    assert 0.99 * most < made.width * made.height <= most
    assert _difference(made, samples.picture(size).resize(made.size, Image.Resampling.LANCZOS)) < 0.1


def test_what_is_made_smaller_in_strips_has_no_seams() -> None:
    grain = Image.effect_noise((1501, 1201), 12)
    made = photos._reduced(grain, (1200, 960))
    whole = grain.resize((1200, 960), Image.Resampling.LANCZOS)
    assert made.height > 3 * photos._STRIP
    assert ImageChops.difference(made, whole).getextrema()[1] <= 2


def test_what_memory_has_no_room_for_has_too_many_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*given: object) -> None:
        raise MemoryError

    monkeypatch.setattr(photos, "bare", fails)
    with pytest.raises(FileRefusedError) as refused:
        clean_here(samples.jpeg())
    assert refused.value.code == "too_many_pixels"

"""Pictures inside office files: each made anew from its pixels, cut to what is shown, named by a number.

A picture that was cropped on the page still holds what was cropped away, so the cut is made in the pixels.
Formats that photos.py does not decode (EMF, WMF, SVG, GIF, TIFF, BMP) do not come along; a note stands in
their place. Import this module lazily: it loads Pillow.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image

from functions.casework.formats.attachments import JPEG, PNG, WEBP
from functions.sanitize.file_types import FileRefusedError, Refusal, type_by_start
from functions.sanitize.office.zip_file import Entries
from functions.sanitize.photos import FORMATS, MAX_SIDE, bare, clean_photo, decode, plain, prepare

# What stands where a picture, a chart or an embedded file was.
LOST: Final = "[gambar tidak ikut]"
MAX_PICTURES: Final = 40
# Units of work: a pixel of a baseline JPEG, which is decoded small, is one; other decoders make every pixel
# whole, in memory too.
MAX_WORK: Final = 40_000_000  # for one picture
MAX_ALL_WORK: Final = 160_000_000
_WORK: Final = {JPEG: 1, WEBP: 8}
_WORK_WHOLE: Final = 4
# What office programs put into their files and photos.py decodes; a new file gets the ending that goes with it.
_ENDINGS: Final = {JPEG: "jpeg", PNG: "png", WEBP: "webp"}
_DPI: Final = 96


@dataclass(frozen=True, slots=True)
class Crop:
    """Parts of a picture's sides that are cut off: 0 is nothing, 0.5 is half."""

    left: float = 0
    top: float = 0
    right: float = 0
    bottom: float = 0

    def bounded(self) -> "Crop":
        """Without what would add a margin or leave nothing."""
        left, right = _pair(self.left, self.right)
        top, bottom = _pair(self.top, self.bottom)
        return Crop(left, top, right, bottom)


def _pair(near: float, far: float) -> tuple[float, float]:
    near, far = max(near, 0.0), max(far, 0.0)
    return (near, far) if near + far < 1 else (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Picture:
    """A clean picture: a neutral file name, its media type and its bytes."""

    name: str
    media_type: str
    content: bytes


class Pictures:
    """The pictures of one document."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._made: dict[tuple[str, Crop], Picture | None] = {}
        self._left = MAX_ALL_WORK

    def all(self) -> list[Picture]:
        """All that were made, in the order in which they were asked for."""
        return [picture for picture in self._made.values() if picture is not None]

    def take(self, part: str, crop: Crop) -> Picture | None:
        """The clean picture of a part of the zip, or None where it is none that can be cleaned. Raises
        FileRefusedError: too_complex, too_many_pixels, damaged."""
        key = (part.lower(), crop.bounded())
        if key not in self._made:
            self._made[key] = self._new(part, crop.bounded())
        return self._made[key]

    def size(self, part: str) -> tuple[float, float]:
        """Width and height in inches as the picture's own file says them, or (0, 0)."""
        if part not in self._entries:
            return 0, 0
        try:
            with Image.open(BytesIO(self._entries.read(part)), formats=[FORMATS[kind] for kind in _ENDINGS]) as image:
                across, down = image.info.get("dpi", (_DPI, _DPI))
                return image.width / (across or _DPI), image.height / (down or _DPI)
        except (FileRefusedError, MemoryError):
            raise
        except Exception:  # noqa: BLE001 decoders raise almost anything; a picture that cannot be read has no size
            return 0, 0

    def _new(self, part: str, crop: Crop) -> Picture | None:
        if part not in self._entries:
            return None
        raw = self._entries.read(part)
        media_type = type_by_start(raw)
        if media_type not in _ENDINGS:
            return None
        if len(self.all()) >= MAX_PICTURES:
            raise FileRefusedError(Refusal.TOO_COMPLEX)
        try:
            self._spend(raw, media_type)
            content = clean_photo(raw, media_type)
            if crop != Crop():
                content = _cropped(content, media_type, crop)
        except FileRefusedError as refused:
            if refused.code is Refusal.TOO_LARGE:
                return None
            raise
        except MemoryError:
            raise FileRefusedError(Refusal.TOO_COMPLEX) from None
        except Exception:  # noqa: BLE001 decoders answer broken bytes with almost anything; the note takes its place
            return None
        return Picture(f"image{len(self.all()) + 1}.{_ENDINGS[media_type]}", media_type, content)

    def _spend(self, raw: bytes, media_type: str) -> None:
        """The size is read from the header, before any pixel is."""
        prepare(media_type)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            try:
                with Image.open(BytesIO(raw), formats=[FORMATS[media_type]]) as image:
                    pixels, progressive = image.width * image.height, "progressive" in image.info
            except Image.DecompressionBombError:
                raise FileRefusedError(Refusal.TOO_MANY_PIXELS) from None
        work = pixels * (_WORK_WHOLE if progressive else _WORK.get(media_type, _WORK_WHOLE))
        self._left -= work
        if work > MAX_WORK:
            raise FileRefusedError(Refusal.TOO_MANY_PIXELS)
        if self._left < 0:
            raise FileRefusedError(Refusal.TOO_COMPLEX)


def _cropped(content: bytes, media_type: str, crop: Crop) -> bytes:
    image = plain(decode(content, FORMATS[media_type], MAX_SIDE))
    box = (
        round(crop.left * image.width),
        round(crop.top * image.height),
        max(round((1 - crop.right) * image.width), round(crop.left * image.width) + 1),
        max(round((1 - crop.bottom) * image.height), round(crop.top * image.height) + 1),
    )
    out = BytesIO()
    bare(image.crop(box)).save(out, FORMATS[media_type], quality=88)
    return out.getvalue()

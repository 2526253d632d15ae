"""Pictures inside office files: each made anew from its pixels, cropped to what is shown, named by a number.

A picture that was cropped on the page still holds the rest, so the pixels are cropped too. Formats that ``photos`` does
not decode (EMF, WMF, SVG, GIF, TIFF, BMP) are dropped, and a note takes their place. Import this module lazily: it
loads Pillow.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image

from functions.casework.formats.attachments import JPEG, PNG, WEBP
from functions.sanitize.file_types import FileRefusedError, Refusal, type_by_start
from functions.sanitize.office.zip_file import Entries
from functions.sanitize.photos import FORMATS, MAX_SIDE, clean_photo, decode, prepare
from functions.sanitize.pixels import bare, plain

# Takes the place of a picture, a chart or an embedded file.
LOST: Final = "[gambar tidak ikut]"
MAX_PICTURES: Final = 40
# Units of work: a pixel of a baseline JPEG counts one, since it is decoded small. Other decoders make every pixel in
# full size, in memory too.
MAX_WORK: Final = 40_000_000  # for one picture
MAX_ALL_WORK: Final = 160_000_000
_WORK: Final = {JPEG: 1, WEBP: 8}
_WORK_WHOLE: Final = 4
# What office programs put into their files and ``photos`` decodes, with the ending in the new file
_ENDINGS: Final = {JPEG: "jpeg", PNG: "png", WEBP: "webp"}
_DPI: Final = 96


@dataclass(frozen=True, slots=True)
class Crop:
    """Parts of a picture's sides that are cropped: 0 is nothing, 0.5 is half."""

    left: float = 0
    top: float = 0
    right: float = 0
    bottom: float = 0

    def bounded(self) -> "Crop":
        """Return the crop without what would add a margin or leave nothing."""
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
        """Return all that were made, in the order of the requests."""
        return [picture for picture in self._made.values() if picture is not None]

    def take(self, part: str, crop: Crop) -> Picture | None:
        """Return the clean picture of a part of the zip; None if it is not one that can be cleaned.

        Raises FileRefusedError: too_complex, too_many_pixels, damaged.
        """
        key = (part.lower(), crop.bounded())
        if key not in self._made:
            self._made[key] = self._new(part, crop.bounded())
        return self._made[key]

    def size(self, part: str) -> tuple[float, float]:
        """Return width and height in inches by the picture's own file, or (0, 0)."""
        if part not in self._entries:
            return 0, 0
        try:
            with Image.open(BytesIO(self._entries.read(part)), formats=[FORMATS[kind] for kind in _ENDINGS]) as image:
                across, down = image.info.get("dpi", (_DPI, _DPI))
                return image.width / (across or _DPI), image.height / (down or _DPI)
        except (FileRefusedError, MemoryError):
            raise
        except Exception:  # noqa: BLE001 decoders may raise anything; an unreadable picture has no size
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
        except Exception:  # noqa: BLE001 decoders may raise anything; the note takes the picture's place
            return None
        return Picture(f"image{len(self.all()) + 1}.{_ENDINGS[media_type]}", media_type, content)

    def _spend(self, raw: bytes, media_type: str) -> None:
        """Count the work. The size is read from the header, before any pixel is decoded."""
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

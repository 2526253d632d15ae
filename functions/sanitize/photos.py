"""Photos: decoded, turned upright, converted to sRGB, made smaller, and encoded again from pixels alone.

Nothing that a camera or an app wrote around the pixels gets into the new file. That is EXIF, XMP, ICC, comments,
thumbnails, a second picture, a film after the end. What is *in* the picture stays: faces, shadows, a sensor's noise.
Import this module lazily: it loads Pillow, and pillow-heif with the first HEIC.
"""

import logging
import re
from functools import cache
from importlib import import_module
from io import BytesIO
from typing import Final

from PIL import Image

from functions.casework.formats.attachments import AVIF, HEIC, JPEG, LEAVES_AS, PDF, PNG, WEBP
from functions.sanitize.file_types import (
    MAX_FILE_BYTES,
    MAX_PIXELS,
    MAX_SMALL_BYTES,
    CleanFile,
    FileRefusedError,
    Refusal,
    type_by_start,
)
from functions.sanitize.pixels import bare, opaque, plain, srgb

FORMATS: Final = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP", HEIC: "HEIF", AVIF: "AVIF"}
_TYPES: Final = {name: media_type for media_type, name in FORMATS.items()} | {"JPEG2000": PDF}
# Further Pillow modules that a type needs. They are named, since Pillow would otherwise load all it has.
_COMMON_PLUGINS: Final = ("Mpo", "Tiff")
_PLUGINS: Final = {WEBP: ("WebP",), AVIF: ("Avif",), PDF: ("Jpeg2K",)}
# Most pixels that fit into the child's memory. By measurement, decoders need 4 (PNG), 8 (HEIC), 10 (AVIF) and 16 (WebP)
# bytes a pixel. Phones write 24.5 million into a HEIC. JPEGs that are not progressive may have MAX_PIXELS, since they
# can be decoded at half the scale.
MAX_DECODED: Final = 25_000_000
PIXELS: Final = {"PNG": MAX_DECODED, "HEIF": MAX_DECODED, "AVIF": 16_000_000, "WEBP": 12_500_000}
# A photo that keeps its size is in memory twice, besides the encoder's needs. Most phones write 12 million pixels.
MAX_KEPT: Final = 16_000_000
MAX_SIDE: Final = 1600
# (longest side in pixels, quality), tried in turn until the file is small enough
LADDER: Final = ((MAX_SIDE, 82), (1280, 75), (1000, 70), (700, 60))
# The same for ``keep_size``: begin with the photo's own side, and go down only as far as necessary.
KEPT_SIDE: Final = 65_535
KEPT_LADDER: Final = ((KEPT_SIDE, 88), (KEPT_SIDE, 75), (3200, 80), (2200, 80), *LADDER)
# A preview's sides and qualities, tried in turn.
SMALL_LADDER: Final = ((160, 35), (128, 35), (112, 30), (96, 30), (80, 25), (64, 20))
# Encoders write about ten; thousands make a decoder pass over all pixels thousands of times.
MAX_SCANS: Final = 64
# Packing harder than this takes seconds for a large picture.
_STRIP: Final = 256

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


media_type_of = type_by_start


def load(raw: bytes) -> None:
    """Load what decoding and encoding this photo needs."""
    prepare(type_by_start(raw) or JPEG)


def clean(raw: bytes, media_type: str, *, keep_size: bool, most: int) -> CleanFile:
    """As ``clean_photo``, with the type that the photo leaves as and its preview."""
    content = clean_photo(raw, media_type, keep_size=keep_size, most=most)
    return CleanFile(content, LEAVES_AS[media_type], preview(content, LEAVES_AS[media_type]))


def words_of(content: bytes) -> tuple[str, ...]:
    """Return nothing: what a picture shows is not read (``file_words``)."""
    return ()


def preview(content: bytes, media_type: str) -> bytes:
    """Return a clean photo as a JPEG of at most ``MAX_SMALL_BYTES``; b"" if no side is small enough, or the memory too
    small."""
    side = SMALL_LADDER[0][0]
    try:
        picture = opaque(plain(decode(content, FORMATS[media_type], side)))
        for side, quality in SMALL_LADDER:
            picture.thumbnail((side, side), Image.Resampling.LANCZOS)
            small = _encode(picture, JPEG, quality)
            if len(small) <= MAX_SMALL_BYTES:
                return small
    except MemoryError:
        pass
    return b""


def clean_photo(raw: bytes, media_type: str, *, keep_size: bool = False, most: int = MAX_FILE_BYTES) -> bytes:
    """Return the photo as ``LEAVES_AS`` says, at most ``MAX_SIDE`` pixels a side.

    With ``keep_size`` it keeps its pixels, up to ``MAX_KEPT`` in all and to what ``most`` bytes hold. Raises
    FileRefusedError, and whatever Pillow raises for a broken file.
    """
    ladder = KEPT_LADDER if keep_size else LADDER
    side = ladder[0][0]
    try:
        picture = _upright(decode(raw, FORMATS[media_type], side), side)
        return _small_enough(picture, LEAVES_AS[media_type], ladder, most)
    except MemoryError:
        raise FileRefusedError(Refusal.TOO_MANY_PIXELS) from None


def decode(raw: bytes, image_format: str, side: int) -> Image.Image:
    """Decode the first frame (of a HEIC the primary image) in one given Pillow format, not turned.

    It is not much more than ``side`` pixels long. The number of pixels is checked before any is decoded. Raises as
    ``clean_photo``.
    """
    prepare(_TYPES[image_format])
    if image_format == "JPEG" and _scans(raw) > MAX_SCANS:
        raise FileRefusedError(Refusal.TOO_COMPLEX)
    try:
        image: Image.Image = Image.open(BytesIO(raw), formats=[image_format])
    except Image.DecompressionBombError:
        raise FileRefusedError(Refusal.TOO_MANY_PIXELS) from None
    pixels, in_steps = image.width * image.height, "progressive" in image.info
    if pixels > (MAX_DECODED if in_steps else PIXELS.get(image_format, MAX_PIXELS)):
        raise FileRefusedError(Refusal.TOO_MANY_PIXELS)
    if pixels > (MAX_KEPT if in_steps else MAX_DECODED):
        side = min(side, max(image.size) // 2)
    image.draft(None, _box(image, side))  # decodes a JPEG without the finer detail
    image.load()
    return image


def _box(image: Image.Image, side: int) -> tuple[int, int]:
    """Return the size whose longer side is at most ``side``, with at most ``MAX_KEPT`` pixels."""
    longest = max(image.size)
    side = min(side, longest, int(longest * (MAX_KEPT / (image.width * image.height)) ** 0.5))
    return max(1, image.width * side // longest), max(1, image.height * side // longest)


def _upright(decoded: Image.Image, side: int) -> Image.Image:
    """Return new pixels in sRGB, turned as the camera was.

    ``decoded`` is consumed: the child's memory has room for a large photo twice, not three times.
    """
    # A HEIC's decoder turns it (ISO 23008-12, 6.5.10), and its EXIF is ignored then. Pillow has put an AVIF's turn into
    # the EXIF it shows.
    turn = None if decoded.format == "HEIF" else _TURNS.get(_orientation(decoded))
    profile = decoded.info.get("icc_profile")
    picture = plain(decoded)
    del decoded
    if side > MAX_SIDE and picture.size != _box(picture, side):
        picture = _reduced(picture, _box(picture, side))
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    picture = srgb(picture, profile)
    if turn is not None:
        picture = picture.transpose(turn)
    return bare(picture)


def _reduced(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """As ``resize``, in strips, to avoid a third picture in memory that is reduced in one direction only.

    Pixels beside a strip count, so that no seam shows.
    """
    made, scale = Image.new(picture.mode, size), picture.height / size[1]
    for top in range(0, size[1], _STRIP):
        rows = min(_STRIP, size[1] - top)
        source = (0, top * scale, picture.width, (top + rows) * scale)
        made.paste(picture.resize((size[0], rows), Image.Resampling.LANCZOS, box=source), (0, top))
    return made


def _small_enough(picture: Image.Image, media_type: str, ladder: tuple[tuple[int, int], ...], most: int) -> bytes:
    if media_type == JPEG:
        picture = opaque(picture)
    tried = None
    for side, quality in ladder:
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        if media_type == PNG and picture.size == tried:
            continue  # it has no quality to give up
        tried = picture.size
        content = _encode(picture, media_type, quality)
        if len(content) <= most:
            return content
    raise FileRefusedError(Refusal.TOO_LARGE)


@cache
def prepare(media_type: str) -> None:
    """Load all that decoding and encoding this type needs (for PDF: what may be inside).

    Afterwards no file has to be opened for it.
    """
    # Pillow refuses at twice this number, and does so before it decodes.
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
    # At DEBUG, Pillow logs the values of EXIF tags.
    logging.getLogger("PIL").setLevel(logging.CRITICAL)
    Image.preinit()
    for plugin in (*_PLUGINS.get(media_type, ()), *_COMMON_PLUGINS):
        import_module(f"PIL.{plugin}ImagePlugin")
    if media_type == HEIC:
        from pillow_heif import register_heif_opener  # noqa: PLC0415 loaded with the first HEIC only

        # Only the primary image is wanted, and each thread would need memory.
        register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


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


def _encode(picture: Image.Image, media_type: str, quality: int) -> bytes:
    out = BytesIO()
    if media_type == PNG:
        picture.save(out, "PNG")  # optimising takes ten times as long for a tenth less
    elif media_type == WEBP:
        picture.save(out, "WEBP", quality=quality)
    else:
        picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()

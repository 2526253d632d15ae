"""HEIC and AVIF as phones write them, with canaries; and some that claim what is not so."""

import struct
from io import BytesIO

import pillow_heif
from PIL import Image

from tests.sanitize import samples

pillow_heif.register_heif_opener()


def heic(image: Image.Image | None = None, *, orientation: int = 1, **options: object) -> bytes:
    """Its turn is written beside the pixels (irot, imir), as pillow-heif and Apple do."""
    out = BytesIO()
    given = {"exif": samples.exif(orientation), "xmp": samples.XMP, "icc_profile": samples.icc(), "quality": 80}
    given["enc_params"] = {"preset": "ultrafast"}
    (image or samples.picture()).save(out, "HEIF", **(given | options))
    return out.getvalue()


def avif(image: Image.Image | None = None, *, orientation: int = 1, **options: object) -> bytes:
    out = BytesIO()
    given = {"exif": samples.exif(orientation), "xmp": samples.XMP, "quality": 80, "speed": 10}
    (image or samples.picture()).save(out, "AVIF", **(given | options))
    return out.getvalue()


def claiming(raw: bytes, width: int, height: int) -> bytes:
    """The same with another size in each of its headers (ispe, ISO 23008-12, 6.5.3)."""
    parts = raw.split(b"ispe\0\0\0\0")
    assert len(parts) > 1
    return parts[0] + b"".join(b"ispe\0\0\0\0" + struct.pack(">II", width, height) + part[8:] for part in parts[1:])


def with_lying_exif(raw: bytes, orientation: int) -> bytes:
    """The same with another orientation in its EXIF, which says nothing in a HEIC."""
    for order in "<", ">":
        entry = struct.pack(order + "HHIH", 0x0112, 3, 1, 1)
        if entry in raw:
            return raw.replace(entry, struct.pack(order + "HHIH", 0x0112, 3, 1, orientation))
    raise AssertionError

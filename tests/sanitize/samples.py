"""Sample photos made in code, with a canary in every place where a camera or an app could write something."""

import struct
import zlib
from io import BytesIO

from PIL import ExifTags, Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

CANARY = "Kenari7f3aBudi"
RAW = CANARY.encode()
XMP = f"""<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>
<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about=''
xmlns:dc='http://purl.org/dc/elements/1.1/' dc:creator='{CANARY}'/></rdf:RDF></x:xmpmeta>
<?xpacket end='w'?>""".encode()
MOTION = struct.pack(">I", 24) + b"ftypmp42\0\0\0\0mp42isom" + b"\0\0\0\x20mdat" + RAW * 4
THUMBNAIL_NOTE = RAW + b"-thumb"


def spellings(canary: str = CANARY) -> list[bytes]:
    """The canary as the formats may write it."""
    plain = canary.encode()
    return [
        plain,
        canary.encode("utf-16-be"),
        canary.encode("utf-16-le"),
        plain.hex().encode(),
        plain.hex().upper().encode(),
    ]


def holds_canary(data: bytes) -> bool:
    return any(spelling in data for spelling in spellings())


def picture(size: tuple[int, int] = (320, 200), mode: str = "RGB") -> Image.Image:
    """Four different corners and a slope, so that every turn and mirroring shows."""
    width, height = size
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 3, height // 3), "red")
    draw.rectangle((2 * width // 3, 0, width, height // 3), "lime")
    draw.rectangle((0, 2 * height // 3, width // 3, height), "blue")
    draw.ellipse((2 * width // 3, 2 * height // 3, width - 1, height - 1), "white")
    return image.convert(mode)


def icc() -> bytes:
    """The sRGB profile with a canary for its description (same length, so that its table stays true)."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    name = "sRGB built-in".encode("utf-16-be")
    marked = profile.replace(name, CANARY[: len(name) // 2].encode("utf-16-be"))
    assert marked != profile
    return marked


def wide() -> bytes:
    """Display P3 (SMPTE EG 432-1, as ICC profiles give it, adapted to D50) under a device's name: sRGB's profile with
    other primaries."""
    profile = bytearray(icc())
    primaries = {
        b"rXYZ": (0.51512, 0.24120, -0.00105),
        b"gXYZ": (0.29198, 0.69225, 0.04189),
        b"bXYZ": (0.15710, 0.06657, 0.78407),
    }
    for at in range(132, 132 + 12 * int.from_bytes(profile[128:132], "big"), 12):
        if bytes(profile[at : at + 4]) in primaries:
            place = int.from_bytes(profile[at + 4 : at + 8], "big")
            struct.pack_into(
                ">3i", profile, place + 8, *(round(v * 65536) for v in primaries[bytes(profile[at : at + 4])])
            )
    return bytes(profile)


def linear_gray() -> bytes:
    """The least profile for gray (ICC.1:2010, 7.2 and 8.3), with a straight curve: 128 is half the light."""
    tags = [(b"wtpt", b"XYZ \0\0\0\0" + struct.pack(">3i", 0xF6D6, 0x10000, 0xD32D)), (b"kTRC", b"curv" + bytes(8))]
    table, data, at = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, body in tags:
        table += name + struct.pack(">II", at + len(data), len(body))
        data += body
    head = struct.pack(">I4sI4s4s4s", at + len(data), b"\0\0\0\0", 0x02100000, b"mntr", b"GRAY", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3i", 0xF6D6, 0x10000, 0xD32D)
    return head.ljust(128, b"\0") + table + data


def exif(orientation: int = 1) -> bytes:
    """EXIF with camera, owner, place, maker's note and a thumbnail."""
    tags = Image.Exif()
    tags[ExifTags.Base.Orientation] = orientation
    for tag in ("Make", "Model", "Artist", "ImageDescription", "Software", "Copyright", "HostComputer"):
        tags[ExifTags.Base[tag]] = CANARY
    details = tags.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.UserComment] = b"ASCII\0\0\0" + RAW
    details[ExifTags.Base.MakerNote] = RAW
    details[ExifTags.Base.BodySerialNumber] = CANARY
    place = tags.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (0, 31, 12)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", (117, 32, 4)
    place[ExifTags.GPS.GPSAreaInformation] = b"ASCII\0\0\0" + RAW
    return _with_thumbnail(tags.tobytes())


def _with_thumbnail(block: bytes) -> bytes:
    """Append the second directory (IFD1, EXIF 2.32, 4.5.8), which Pillow does not write."""
    tiff = bytearray(block.removeprefix(b"Exif\0\0"))
    order = "<" if tiff[:2] == b"II" else ">"
    out = BytesIO()
    picture((80, 50)).save(out, "JPEG", comment=THUMBNAIL_NOTE)
    (count,) = struct.unpack_from(order + "H", tiff, 8)
    struct.pack_into(order + "I", tiff, 10 + 12 * count, len(tiff))
    body = len(tiff) + 2 + 12 * 2 + 4
    tiff += struct.pack(order + "H", 2)
    tiff += struct.pack(order + "HHII", 0x0201, 4, 1, body) + struct.pack(
        order + "HHII", 0x0202, 4, 1, len(out.getvalue())
    )
    tiff += struct.pack(order + "I", 0) + out.getvalue()
    return b"Exif\0\0" + bytes(tiff)


def jpeg(image: Image.Image | None = None, *, orientation: int = 1, motion: bool = True, profile: bool = True) -> bytes:
    out = BytesIO()
    (image or picture()).save(
        out,
        "JPEG",
        quality=92,
        exif=exif(orientation),
        xmp=XMP,
        comment=RAW,
        icc_profile=icc() if profile else None,
    )
    app13 = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(RAW)) + RAW
    content = out.getvalue()
    content = content[:2] + b"\xff\xed" + struct.pack(">H", len(app13) + 2) + app13 + content[2:]
    return content + (MOTION if motion else b"")


def mpo() -> bytes:
    """Two pictures in one JPEG, as phones with two lenses write them."""
    out = BytesIO()
    second = picture((160, 100))
    second.encoderinfo = {"comment": RAW}
    picture().save(out, "MPO", save_all=True, append_images=[second], exif=exif(), comment=RAW)
    return out.getvalue()


def png(image: Image.Image | None = None, *, orientation: int = 1) -> bytes:
    notes = PngInfo()
    notes.add_text("Author", CANARY)
    notes.add_text("Comment", CANARY, zip=True)
    notes.add_itxt("Title", CANARY, "id", "Judul")
    notes.add_itxt("Location", CANARY, zip=True)
    notes.add_itxt("XML:com.adobe.xmp", XMP.decode())
    notes.add(b"tIME", struct.pack(">HBBBBB", 2026, 11, 3, 4, 5, 6))
    notes.add(b"caNr", RAW)
    out = BytesIO()
    (image or picture(mode="RGBA")).save(
        out, "PNG", pnginfo=notes, exif=exif(orientation), icc_profile=icc(), dpi=(300, 300)
    )
    return out.getvalue() + RAW


def apng() -> bytes:
    out = BytesIO()
    picture().save(out, "PNG", save_all=True, append_images=[picture(mode="L").convert("RGB")], duration=100)
    return out.getvalue()


def webp(image: Image.Image | None = None, *, orientation: int = 1, lossless: bool = False) -> bytes:
    out = BytesIO()
    (image or picture(mode="RGBA")).save(
        out, "WEBP", exif=exif(orientation), xmp=XMP, icc_profile=icc(), lossless=lossless, quality=92
    )
    content = out.getvalue() + b"CNRY" + struct.pack("<I", len(RAW) + len(RAW) % 2) + RAW + b"\0" * (len(RAW) % 2)
    return content[:4] + struct.pack("<I", len(content) - 8) + content[8:] + RAW


def animated_webp() -> bytes:
    out = BytesIO()
    frames = [Image.new("RGB", (64, 64), "red"), Image.new("RGB", (64, 64), "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], xmp=XMP)
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """900 million pixels of one bit in about a hundred kilobytes."""
    packer = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def webp_bomb() -> bytes:
    """A header that claims a canvas of 16,383 x 16,383 pixels before a picture of 8 x 8."""
    out = BytesIO()
    picture((8, 8)).save(out, "WEBP", xmp=XMP)
    content = bytearray(out.getvalue())
    assert content[12:16] == b"VP8X"
    content[24:30] = (16_382).to_bytes(3, "little") * 2
    return bytes(content)


def jpeg_bomb() -> bytes:
    """A header that claims 60,000 x 60,000 pixels."""
    out = BytesIO()
    picture((8, 8)).save(out, "JPEG")
    content = bytearray(out.getvalue())
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", 60_000, 60_000)
    return bytes(content)


def many_scans() -> bytes:
    """A progressive JPEG whose last scan is written a thousand times."""
    out = BytesIO()
    picture((64, 64)).save(out, "JPEG", progressive=True)
    content = out.getvalue()
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * 1000 + content[-2:]


def grainy(size: tuple[int, int] = (640, 480), mode: str = "RGB") -> Image.Image:
    """Like a photo of gravel: it does not pack well, so its pixels fill most of the file."""
    return Image.effect_noise(size, 90).convert(mode)


def open_image(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def png_texts(content: bytes) -> bytes:
    """Every chunk of a PNG but its pixels, unpacked where it is packed."""
    position, found = 8, b""
    while position < len(content):
        length = int.from_bytes(content[position : position + 4], "big")
        kind, body = content[position + 4 : position + 8], content[position + 8 : position + 8 + length]
        found += kind + body
        start = body.find(b"x\x9c")
        if kind in {b"zTXt", b"iTXt", b"iCCP"} and start >= 0:
            found += zlib.decompressobj().decompress(body[start:])
        position += length + 12
    return found

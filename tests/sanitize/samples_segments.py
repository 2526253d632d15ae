"""What makers write into photos and ExifTool does not make from nothing, byte by byte; names and numbers invented."""

import struct

from tests.sanitize.samples import CANARY, RAW, chunk

_ASCII, _LONG = 2, 4
FILM = struct.pack(">I", 24) + b"ftypmp42\0\0\0\0mp42isom" + struct.pack(">I", 8 + 14 * 40) + b"mdat" + RAW * 40


def _directory(tags: dict[int, str | int], start: int, order: str) -> bytes:
    """A TIFF directory with its texts behind it; offsets count from where ``start`` counts."""
    at, entries, texts = start + 2 + 12 * len(tags) + 4, b"", b""
    for tag, value in sorted(tags.items()):
        if isinstance(value, int):
            entries += struct.pack(order + "HHII", tag, _LONG, 1, value)
        else:
            text = value.encode() + b"\0"
            entries += struct.pack(order + "HHII", tag, _ASCII, len(text), at + len(texts))
            texts += text + b"\0" * (len(text) % 2)
    return struct.pack(order + "H", len(tags)) + entries + struct.pack(order + "I", 0) + texts


# By maker: the note as its cameras write it. Where a maker counts offsets from the start of the whole EXIF block,
# the note has numbers only, so that it needs none.
MAKER_NOTES = {
    "Canon": _directory({0x0008: 1234567, 0x000C: 471100815, 0x0010: 0x80000285}, 0, "<"),
    "NIKON CORPORATION": b"Nikon\0\x02\x11\0\0II*\0\x08\0\0\0" + _directory({0x1D: CANARY, 0xA0: CANARY}, 8, "<"),
    "SONY": b"SONY DSC \0\0\0" + _directory({0x2008: 0, 0xB001: 358, 0xB027: 1}, 0, "<"),
    "Apple": b"Apple iOS\0\0\x01MM" + _directory({0x01: 14, 0x11: CANARY, 0x15: CANARY, 0x2B: CANARY}, 14, ">"),
    "FUJIFILM": b"FUJIFILM\x0c\0\0\0" + _directory({0x10: CANARY, 0x1000: "NORMAL "}, 12, "<"),
    "OLYMPUS CORPORATION": b"OLYMPUS\0II\x03\0" + _directory({0x0209: 7, 0x0404: CANARY}, 12, "<"),
    "Panasonic": b"Panasonic\0\0\0" + _directory({0x1A: 1, 0x25: 4711}, 0, "<"),
    "samsung": _directory({0x0001: 0x30303130, 0x0002: 0x2000, 0xA003: 7}, 0, "<"),
    "DJI": _directory({0x01: 4711, 0x05: 12}, 0, "<"),
    "Google": b"HDRP\x03" + RAW * 3,
}


def segment(number: int, body: bytes) -> bytes:
    """An application segment APPn of a JPEG."""
    return b"\xff" + bytes([0xE0 + number]) + struct.pack(">H", len(body) + 2) + body


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    """Behind the first segment, where readers expect JFIF or EXIF to be."""
    at = 4 + int.from_bytes(jpeg[4:6], "big") if jpeg[2:4] != b"\xff\xdb" else 2
    return jpeg[:at] + b"".join(segments) + jpeg[at:]


def content_credentials() -> bytes:
    """JUMBF (ISO 19566-5) as C2PA has it: a superbox with its description and a JSON box."""

    def box(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body) + 8) + kind + body

    described = box(b"jumd", bytes.fromhex("6332706100110010800000aa00389b71") + b"\x03c2pa\0")
    told = box(b"jumd", bytes.fromhex("6a736f6e00110010800000aa00389b71") + b"\x03c2pa.claim\0")
    return box(b"jumb", described + box(b"jumb", told + box(b"json", b'{"claim_generator":"' + RAW + b'"}')))


CREDENTIALS = segment(11, b"JP\0\1\0\0\0\1" + content_credentials())
ODD_SEGMENTS = (
    segment(2, b"FPXR\0\0\1\0\1" + RAW),
    segment(3, b"Meta\0\0II*\0\x08\0\0\0" + _directory({0xC36F: CANARY}, 8, "<")),
    segment(4, b"SCALADO\0" + RAW),
    segment(5, b"RMETA\0" + RAW),
    segment(6, b"GoPro\0DEVC\0\1\0\x14DVNMc\x01\0\x0e" + RAW + b"\0\0"),
    segment(7, b"PENTAX \0II" + RAW),
    segment(8, b"SPIFF\0\1\2\0\3" + bytes(21)),
    segment(9, b"Media Jukebox\0" + RAW),
    segment(10, b"UNICODE\0" + RAW),
    segment(12, b"[picture info]\rID=" + RAW + b"\rTimeDate=1790000000\r"),
    segment(12, b"Ducky\0\1\0\4\0\0\0\x50\0\2\0\x12\0\0\0\x0e" + RAW.ljust(14) + b"\0\0"),
    segment(15, b"Q 80 " + RAW),
    b"\xff\xfe" + struct.pack(">H", len(RAW) + 2) + RAW,
)
PHOTOSHOP = segment(13, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", 5 + 14) + b"\x1c\x02\x50\0\x0e" + RAW + b"\0"
                         + b"8BIM\x04\x0a\0\0\0\0\0\1\1\0")  # fmt: skip


def samsung_trailer() -> bytes:
    """A Galaxy's trailer: a film, and the time it was taken, in Samsung's own directory (SEFH … SEFT)."""
    blocks, entries = b"", []
    for kind, name, body in ((0x0A30, b"MotionPhoto_Data", FILM), (0x0A01, b"Image_UTC_Data", b"1790000000000")):
        block = struct.pack("<HHI", 0, kind, len(name)) + name + body
        blocks += block
        entries.append((kind, len(blocks), len(block), len(blocks) - len(block)))
    head = b"SEFH" + struct.pack("<II", 107, len(entries))
    for kind, _, size, start in entries:
        head += struct.pack("<HHII", 0, kind, len(blocks) - start, size)
    return blocks + head + struct.pack("<I", len(head)) + b"SEFT"


def png_with(png: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """Chunks of one's own, between a PNG's header and its pixels."""
    at = 8 + 25
    return png[:at] + b"".join(chunk(kind, body) for kind, body in chunks) + png[at:]


def webp_with(webp: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """Chunks of one's own, behind a WebP's picture."""
    for kind, body in chunks:
        webp += kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    return webp[:4] + struct.pack("<I", len(webp) - 8) + webp[8:]

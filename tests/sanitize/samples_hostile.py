"""Office files made to harm: bombs, tricks with names and places, XML that grows when it is read."""

import random
import struct
import zipfile
import zlib
from io import BytesIO

from PIL import Image

from tests.depth import deep as at_whole_size
from tests.sanitize import samples, samples_office, samples_sheet
from tests.sanitize.samples_office import NAMESPACES, docx, zipped

_LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
ENTITIES = f'<!DOCTYPE x [<!ENTITY a0 "kenari">{_LAUGHS}]>'


def document(inside: str, prolog: str = "") -> bytes:
    return docx(**{"word/document.xml": f"{prolog}<w:document {NAMESPACES}><w:body>{inside}</w:body></w:document>"})


def words(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _noise(size: int) -> str:
    """Text that packs as text does, so that no ratio gives it away."""
    letters = random.Random(1)  # noqa: S311 invented letters, no secret
    return "".join(letters.choices("abcdefghij ", k=size))


def many_elements() -> bytes:
    numbers = random.Random(1)  # noqa: S311 invented letters, no secret
    return document("".join(f'<w:tab w:val="{numbers.random()}" w:pos="{n}"/>' for n in range(400_000)))


def just_enough_elements() -> bytes:
    """Nearly as many elements and attributes as are taken: the most memory that XML can ask for. Every day not half."""
    numbers = random.Random(1)  # noqa: S311 invented letters, no secret
    cell = '<c r="A{0}" s="{1}" t="n"><v>{2}</v></c>'
    rows = "".join(
        f"<row>{cell.format(n + 1, n % 7, numbers.random())}</row>" for n in range(at_whole_size(95_000, 40_000))
    )
    return samples_sheet.xlsx(**{"xl/worksheets/sheet1.xml": samples_sheet.sheet(rows)})


def most_memory() -> bytes:
    """As much XML as is taken, every day not half of it, and the largest picture while it is there."""
    numbers = random.Random(1)  # noqa: S311 invented letters, no secret
    runs = "".join(
        f'<w:p w:x="{n}"><w:r><w:t>{numbers.random()}</w:t></w:r></w:p>' for n in range(at_whole_size(80_000, 30_000))
    )
    picture = _photo((3300, 3000), "PNG", mode="RGBA")
    return docx(runs + f"<w:p><w:r>{samples_office.drawing('rPng')}</w:r></w:p>", **{"word/media/image2.png": picture})


def many_attributes() -> bytes:
    return document("<w:p " + " ".join(f'w:a{n}="{n}"' for n in range(300_000)) + "/>")


def long_address() -> bytes:
    """Short names under a long address, which expat would copy into every one of them."""
    given = "".join(f"<q:e{n}/>" for n in range(100_000))
    return document(f'<w:p xmlns:q="urn:{_noise(60_000)}">{given}</w:p>')


def wide_letters() -> bytes:
    """Letters that need a byte each, and four as soon as one that needs four stands among them."""
    return document("".join(words(_noise(950_000) + "\U0001f600") for _ in range(at_whole_size(11, 4))))


def piled_marks() -> bytes:
    """Marks whose order is to be set right, each against all before it."""
    marks = random.Random(1)  # noqa: S311 invented letters, no secret
    return document(
        words("a" + "".join(marks.choices("\u0301\u0323\u0327\u0345\u0f73", k=at_whole_size(900_000, 300_000))))
    )


def deep() -> bytes:
    return document("<w:sdt><w:sdtContent>" * 50_000 + words("x") + "</w:sdtContent></w:sdt>" * 50_000)


def deep_fields() -> bytes:
    return document("<w:p><w:r>" + '<w:fldChar w:fldCharType="begin"/>' * 5_000 + "</w:r></w:p>")


def open_field() -> bytes:
    return document('<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:t>hilang</w:t></w:r></w:p>')


def zip_bomb() -> bytes:
    """A part of 500 megabytes (every day: 100), packed without being in memory."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in samples_office.parts().items():
            if name != "word/document.xml":
                archive.writestr(name, data)
        with archive.open("word/document.xml", "w") as part:
            for _ in range(at_whole_size(500, 100)):
                part.write(b" " * 1_000_000)
    return out.getvalue()


def many_entries() -> bytes:
    made = samples_office.parts() | {f"x/{n}": b"" for n in range(at_whole_size(50_000, 10_000))}
    return _without_comments(made)


def _without_comments(made: samples_office.Parts) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in made.items():
            archive.writestr(name, data)
    return out.getvalue()


def overlapping() -> bytes:
    """One packed block for many names, as in bombs of one layer."""
    raw = docx()
    out, start = bytearray(raw), raw.rindex(b"PK\x05\x06")
    count, size, offset = struct.unpack_from("<HII", raw, start + 10)
    directory = raw[offset : offset + size]
    first = directory[: 46 + sum(struct.unpack_from("<HHH", directory, 28))]
    out[offset:] = directory + first + raw[start:]
    end = offset + size + len(first)
    struct.pack_into("<HHII", out, end + 8, count + 1, count + 1, size + len(first), offset)
    return bytes(out)


def named(name: str) -> bytes:
    made = samples_office.parts()
    made[name] = b"x"
    return zipped(made)


def duplicated() -> bytes:
    """The same part twice under names that differ in capitals."""
    return named("Word/Document.XML")


def flagged(bits: int) -> bytes:
    raw = bytearray(docx())
    at = raw.index(b"PK\x01\x02")
    raw[at + 8] |= bits
    return bytes(raw)


def wrong_checksum() -> bytes:
    raw = bytearray(zipped(samples_office.parts(), zipfile.ZIP_STORED))
    at = raw.index(b"Jalan di depan")
    raw[at] ^= 1
    return bytes(raw)


def lying_size() -> bytes:
    """A part that says it has ten bytes, with the checksum of these ten."""
    raw = bytearray(docx())
    at = raw.index(b"PK\x01\x02")
    while raw[at + 46 : at + 46 + 17] != b"word/document.xml":
        at = raw.index(b"PK\x01\x02", at + 4)
    part = samples_office.parts()["word/document.xml"]
    assert isinstance(part, str)
    struct.pack_into("<I", raw, at + 16, zlib.crc32(part.encode()[:10]))
    struct.pack_into("<I", raw, at + 24, 10)
    return bytes(raw)


def zip64() -> bytes:
    """Sizes of four thousand million bytes."""
    raw = bytearray(docx())
    at = raw.index(b"PK\x01\x02")
    struct.pack_into("<II", raw, at + 20, 0xFFFFFFFE, 0xFFFFFFFE)
    return bytes(raw)


def in_front() -> bytes:
    return b"PK\x03\x04" + b"kenari" * 9 + docx()


def other_method() -> bytes:
    return zipped(samples_office.parts(), zipfile.ZIP_LZMA)


def encoded(name: str) -> bytes:
    return docx(**{"word/document.xml": f"<?xml version='1.0' encoding='{name}'?><w:document {NAMESPACES}/>"})


def circles() -> bytes:
    """Styles based on one another, a package that leads to itself."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="A{n}"><w:basedOn w:val="A{(n + 1) % 500}"/></w:style>'
        for n in range(500)
    )
    return docx(
        samples_office.p("lingkaran", '<w:pStyle w:val="A1"/>'),
        **{"word/styles.xml": f"<w:styles {NAMESPACES}>{styles}</w:styles>"},
    )


def _photo(size: tuple[int, int], kind: str, mode: str = "RGB", **options: object) -> bytes:
    out = BytesIO()
    Image.radial_gradient("L").resize(size).convert(mode).save(out, kind, **options)
    return out.getvalue()


def photos(kind: str, size: tuple[int, int], count: int, **options: object) -> bytes:
    """A document with this many photos, each its own file."""
    return _document_of([_photo(size, kind, **options)] * count)


def _document_of(pictures: list[bytes]) -> bytes:
    made = {f"word/media/p{n}.bin": picture for n, picture in enumerate(pictures)}
    given = [(f"i{n}", "image", f"media/p{n}.bin") for n in range(len(pictures))]
    body = "".join(f"<w:p><w:r>{samples_office.drawing(one[0])}</w:r></w:p>" for one in given)
    made["word/_rels/document.xml.rels"] = samples_office.rels(*given).encode()
    return docx(body, **made)


def slow_pictures() -> bytes:
    """Black and white grains, for which the best way to pack them takes longest to find."""
    grains = Image.effect_noise((1290, 1290), 90).point(lambda light: 255 if light > 128 else 0).convert("RGBA")
    out = BytesIO()
    grains.save(out, "PNG")
    return _document_of([out.getvalue()] * at_whole_size(8, 2))


def pixel_bomb() -> bytes:
    return docx(
        f"<w:p><w:r>{samples_office.drawing('rPng')}</w:r></w:p>", **{"word/media/image2.png": samples.png_bomb()}
    )

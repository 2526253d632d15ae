"""Files as cameras, phones, scanners and programs write them: a picture of ours, the bytes of ``samples_segments``,
and what ExifTool writes, all in one run of it. Each holds the canary, a place on earth, or both."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pillow_heif
from PIL import ExifTags, Image, ImageOps

from tests.depth import deep
from tests.sanitize import samples, samples_odt, samples_office, samples_pdf, samples_sheet
from tests.sanitize import samples_segments as made
from tests.sanitize.samples import CANARY, RAW, XMP

MOTION = Path(__file__).with_name("motion.config")
SHAPE = re.compile("-(flat|tall|grain|clear)(?=[.])")
PLACE = ("-GPSLatitude=0.52", "-GPSLatitudeRef=N", "-GPSLongitude=117.53", "-GPSLongitudeRef=E", "-GPSAltitude=12")
WHEN = ("-DateTimeOriginal=2026:11:03 07:15:42", "-CreateDate=2026:11:03 07:15:42", "-OffsetTime=+08:00")
CAMERA = (*WHEN, f"-SerialNumber={CANARY}", "-LensModel=EF-S 18-55mm", f"-LensSerialNumber={CANARY}",
          f"-OwnerName={CANARY}", "-ISO=200", "-FNumber=5.6", f"-ImageUniqueID={RAW.hex()}")  # fmt: skip
PHONE = (
    *WHEN,
    *PLACE,
    "-Software=OS14.0.7.0",
    f"-ImageUniqueID={CANARY}",
    "-SubSecTimeOriginal=417",
    "-GPSDateStamp=2026:11:03",
    "-ISO=64",
)
PRESS = (f"-IPTC:By-line={CANARY}", "-IPTC:City=Sangkulirang", f"-IPTC:Caption-Abstract={CANARY}",
         f"-XMP-dc:Creator={CANARY}", "-XMP-photoshop:City=Sangkulirang", f"-XMP-xmpMM:DocumentID=xmp.did:{CANARY}",
         "-Photoshop:CopyrightFlag=True", "-XMP-crs:Version=15.0", f"-XMP-xmp:CreatorTool={CANARY}")  # fmt: skip
SCANNER = (*WHEN[:2], "-Software=EPSON Scan 2", f"-HostComputer={CANARY}", f"-DocumentName={CANARY}",
           "-XResolution=300", "-YResolution=300", f"-XMP-pdf:Producer={CANARY}")  # fmt: skip
GOOGLE = ("-XMP-GCamera:MotionPhoto=1", "-XMP-GCamera:MotionPhotoVersion=1", "-XMP-GCamera:MotionPhotoPresentationTimestampUs=41",
          f"-XMP-dc:Title={CANARY}")  # fmt: skip
ARTIST = (f"-Artist={CANARY}", f"-Copyright={CANARY}", f"-ImageDescription={CANARY}", f"-UserComment={CANARY}")
FACES = (
    f"-XMP-mwg-rs:RegionInfo={{RegionList=[{{Name={CANARY},Type=Face,Area={{X=0.5,Y=0.5,W=0.1,H=0.1,Unit=normalized}}}}]}}",
)


@dataclass(frozen=True)
class Sample:
    """A file before ExifTool, what ExifTool adds, and what is put behind its end after that."""

    name: str
    raw: bytes
    tags: tuple[str, ...] = ()
    tail: bytes = b""


def scenes() -> list[Image.Image]:
    """Four pictures of different shapes: a slope with corners, an upright one, one with grain, a large one."""
    grain = samples.grainy((30, 20)).resize((480, 320), Image.Resampling.BICUBIC)
    return [
        samples.picture((480, 320)),
        samples.picture((300, 450)),
        Image.blend(samples.picture((480, 320)), grain, 0.4),
        samples.picture((2000, 1500)),
    ]


def warm(image: Image.Image) -> Image.Image:
    """The same in shades of skin and brick, which every colour space has inside its bounds."""
    return ImageOps.colorize(image.convert("L"), "#301008", "#ffe0c0", mid="#d06040")


def every(folder: Path) -> dict[str, bytes]:
    """All samples by name, whose ending is the kind. ``folder`` is for ExifTool to work in."""
    pictures = [*_photos(), *_pngs(), *_webps(), *_heics()]
    listed = [*deep(pictures, _one_of_each_shape(pictures)), *_documents()]
    for sample in listed:
        (folder / sample.name).write_bytes(sample.raw)
    arguments = folder / "arguments"
    arguments.write_text(
        "".join(
            "\n".join((*sample.tags, "-m", "-q", "-overwrite_original", str(folder / sample.name), "-execute\n"))
            for sample in listed
            if sample.tags
        )
    )
    ran = subprocess.run(
        ["exiftool", "-config", str(MOTION), "-@", str(arguments)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert not ran.stderr, ran.stderr
    return {sample.name: (folder / sample.name).read_bytes() + sample.tail for sample in listed}


def _one_of_each_shape(pictures: list[Sample]) -> list[Sample]:
    """Of those that differ in shape alone one, each time another shape: a part for every day."""
    alike: dict[str, list[Sample]] = {}
    for sample in pictures:
        alike.setdefault(SHAPE.sub("", sample.name), []).append(sample)
    return [group[number % len(group)] for number, group in enumerate(alike.values())]


def _saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def _exif(maker: str, model: str, orientation: int = 1) -> bytes:
    tags = Image.Exif()
    tags[ExifTags.Base.Make], tags[ExifTags.Base.Model] = maker, model
    tags[ExifTags.Base.Orientation] = orientation
    if maker in made.MAKER_NOTES:
        tags.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.MakerNote] = made.MAKER_NOTES[maker]
    return tags.tobytes()


def _jpeg(image: Image.Image, maker: str = "", model: str = "", orientation: int = 1, **options: object) -> bytes:
    block = {"exif": _exif(maker, model, orientation)} if maker else {}
    return _saved(image, "JPEG", quality=90, **block, **options)


# name: maker, model, what ExifTool adds, what follows the end
CAMERAS: dict[str, tuple[str, str, tuple[str, ...], bytes]] = {
    "canon": ("Canon", "Canon EOS 250D", CAMERA, b""),
    "nikon": ("NIKON CORPORATION", "NIKON D3500", CAMERA, b""),
    "sony": ("SONY", "ILCE-6400", (*CAMERA, *PLACE), b""),
    "fujifilm": ("FUJIFILM", "X-T30", CAMERA, b""),
    "olympus": ("OLYMPUS CORPORATION", "E-M10MarkIII", CAMERA, b""),
    "panasonic": ("Panasonic", "DC-TZ90", (*CAMERA, *PLACE), b""),
    "drone": ("DJI", "FC7303", (*PHONE, f"-XMP-dc:Description={CANARY}"), b""),
    "samsung": ("samsung", "SM-A145F", PHONE, made.samsung_trailer()),
    "xiaomi": ("Xiaomi", "23053RN02A", (*PHONE, f"-UserComment={CANARY}"), made.FILM),
    "oppo": ("OPPO", "CPH2591", (*PHONE, "-UserComment=oplus_1048864"), b""),
    "vivo": ("vivo", "V2244", (*PHONE, f"-UserComment=filter: 0; {CANARY}"), b""),
    "pixel": ("Google", "Pixel 7a", (*PHONE, *GOOGLE), made.FILM),
    "apple": ("Apple", "iPhone 12", (*PHONE, f"-HostComputer={CANARY}"), b""),
    "scanner": ("EPSON", "L3210", SCANNER, b""),
}


def _photos() -> Iterator[Sample]:
    plain, upright, grain, large = scenes()
    for number, (name, (maker, model, tags, tail)) in enumerate(CAMERAS.items()):
        for shape, image in (("flat", plain), ("tall", upright), ("grain", grain)):
            raw = _jpeg(image, maker, model, orientation=1 + number % 8 if shape != "flat" else 1)
            yield Sample(f"{name}-{shape}.jpg", raw, tags, tail)
    for orientation in range(1, 9):
        yield Sample(f"turned-{orientation}.jpg", _jpeg(large, "Xiaomi", "2201117TG", orientation), PHONE)
    thumbnail = samples.jpeg(plain)
    for name, raw, tags, tail in (
        ("whatsapp", _saved(grain, "JPEG", quality=70, progressive=True), ("-IPTC:SpecialInstructions=FBMD01000ab1", *FACES), b""),
        ("photoshop", made.with_segments(_jpeg(plain, icc_profile=samples.icc()), made.PHOTOSHOP), (*PRESS, *ARTIST), b""),
        ("lightroom", _jpeg(grain, "Canon", "Canon EOS 250D", icc_profile=samples.wide()), (*PRESS, *CAMERA, *FACES), b""),
        ("credentials", made.with_segments(_jpeg(plain), made.CREDENTIALS), ARTIST, b""),
        ("odd-segments", made.with_segments(_jpeg(plain), *made.ODD_SEGMENTS), ARTIST, b""),
        ("thumbnail", thumbnail, (*PLACE, *ARTIST), samples.MOTION),
        ("two-lenses", samples.mpo(), (), b""),
        ("gray", _jpeg(plain.convert("L"), "Canon", "LiDE 300", icc_profile=samples.linear_gray()), SCANNER, b""),
        ("inks", _jpeg(plain.convert("CMYK"), "EPSON", "DS-530"), SCANNER, b""),
        ("wide-colours", _jpeg(warm(grain), "Apple", "iPhone 12", 6, icc_profile=samples.wide()), PHONE, made.FILM),
        ("archive", _jpeg(plain), ARTIST, b"PK\x03\x04" + RAW * 20),
        ("long-xmp", made.with_segments(_jpeg(plain), made.segment(1, b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32 + bytes(8) + XMP)), ARTIST, b""),
    ):  # fmt: skip
        yield Sample(f"{name}.jpg", raw, tags, tail)


def _pngs() -> Iterator[Sample]:
    plain, upright, _, _ = scenes()
    clear = plain.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(clear.size))
    for shape, image in (("flat", plain), ("tall", upright), ("clear", clear)):
        yield Sample(f"everything-{shape}.png", samples.png(image, orientation=6), PLACE)
        yield Sample(
            f"screenshot-{shape}.png",
            _saved(image, "PNG"),
            (f"-PNG:Software={CANARY}", "-PNG:CreationTime=2026:11:03 07:15:42", *PLACE),
        )
        yield Sample(
            f"editor-{shape}.png",
            _saved(image, "PNG", icc_profile=samples.icc(), dpi=(72, 72)),
            (f"-PNG:Comment={CANARY}", *ARTIST, *PRESS[3:6]),
        )
        chunks = (
            (b"caBX", made.content_credentials()),
            (b"prVW", RAW),
            (b"mkTS", RAW),
            (b"vpAg", bytes(9)),
            (b"sPLT", RAW + b"\0\x08"),
        )
        yield Sample(f"odd-chunks-{shape}.png", made.png_with(_saved(image, "PNG"), *chunks), ARTIST, RAW)  # fmt: skip
        yield Sample(f"wide-colours-{shape}.png", _saved(warm(image), "PNG", icc_profile=samples.wide()), ARTIST)
    yield Sample("moving.png", samples.apng(), ARTIST)


def _webps() -> Iterator[Sample]:
    plain, upright, grain, _ = scenes()
    for shape, image in (("flat", plain), ("tall", upright), ("grain", grain)):
        yield Sample(
            f"phone-{shape}.webp",
            _saved(image, "WEBP", quality=90, exif=_exif("samsung", "SM-A145F", 8)),
            (*PHONE, *ARTIST),
        )
        yield Sample(f"everything-{shape}.webp", samples.webp(image, orientation=3))
        yield Sample(
            f"odd-chunks-{shape}.webp",
            made.webp_with(
                _saved(image, "WEBP", quality=90, exif=samples.exif(5)),
                (b"C2PA", made.content_credentials()),
                (b"PSAI", RAW),
            ),
        )
        yield Sample(
            f"wide-colours-{shape}.webp", _saved(warm(image), "WEBP", quality=90, icc_profile=samples.wide()), ARTIST
        )
    yield Sample("moving.webp", samples.animated_webp(), ARTIST)


def _heics() -> Iterator[Sample]:
    pillow_heif.register_heif_opener()
    plain, upright, grain, _ = scenes()
    for shape, image in (("flat", plain), ("tall", upright), ("grain", grain)):
        yield Sample(
            f"apple-{shape}.heic", _saved(image, "HEIF", quality=80, exif=_exif("Apple", "iPhone 12", 6)), PHONE
        )
        yield Sample(
            f"wide-{shape}.heic",
            _saved(
                warm(image), "HEIF", quality=80, exif=_exif("Apple", "iPhone 15"), icc_profile=samples.wide(), xmp=XMP
            ),
            PHONE,
        )
    burst = _saved(
        grain,
        "HEIF",
        quality=80,
        save_all=True,
        append_images=[plain],
        primary_index=0,
        exif=_exif("Apple", "iPhone 12"),
        thumbnails=[64],
    )
    yield Sample("burst.heic", burst, ARTIST)
    yield Sample(
        "phone.avif", _saved(grain, "AVIF", quality=80, speed=10, exif=_exif("samsung", "SM-S921B"), xmp=XMP), ARTIST
    )


def _documents() -> Iterator[Sample]:
    for program in (
        "Microsoft Word 2019",
        "LibreOffice 7.6",
        "CamScanner",
        "Canon SC1011",
        "GPL Ghostscript 10.0",
        "Adobe Acrobat 24.1",
    ):
        tags = (f"-PDF:Author={CANARY}", f"-PDF:Producer={program}", "-PDF:CreateDate=2026:11:03 07:15:42", f"-XMP-dc:Creator={CANARY}", f"-XMP-xmpMM:InstanceID=uuid:{CANARY}")  # fmt: skip
        yield Sample(f"{program.split()[0].lower()}.pdf", samples_pdf.pdf(compress_streams=True), tags)
    yield Sample("word.docx", samples_office.docx())
    yield Sample("excel.xlsx", samples_sheet.xlsx())
    yield Sample("writer.odt", samples_odt.odt())
    yield Sample("revised.pdf", samples_pdf.revised())
    yield Sample("notes.txt", f"Jalan rusak di depan pasar.\u200b{CANARY}? Bukan.\r\n".encode("utf-16"))

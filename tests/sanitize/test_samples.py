"""A hundred files (every day: sixty) as cameras, phones, scanners and programs write them, cleaned as a door does it,
and judged by programs that are not ours: ExifTool and mat2 find facts of the pixels and pages, and the pictures look
the same."""

import json
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageCms, ImageOps, ImageStat

from functions.casework.formats.attachments import ENDINGS
from functions.sanitize.clean import CleanFile, clean
from functions.sanitize.photos import MAX_SIDE
from tests.depth import deep
from tests.sanitize import samples, samples_cameras

pytestmark = pytest.mark.long

SIDE = 64
# Mean difference of all channels of two pictures of 64 x 64, in steps of 255. JPEG's own loss is below 1.
BOUND = 1.5
# What ExifTool may say of a clean file: what it is, its size, how its pixels or pages are packed.
FACTS = """
File:FileType File:FileTypeExtension File:MIMEType File:ImageWidth File:ImageHeight File:EncodingProcess
File:BitsPerSample File:ColorComponents File:YCbCrSubSampling
JFIF:JFIFVersion JFIF:ResolutionUnit JFIF:XResolution JFIF:YResolution
PNG:ImageWidth PNG:ImageHeight PNG:BitDepth PNG:ColorType PNG:Compression PNG:Filter PNG:Interlace
RIFF:VP8Version RIFF:ImageWidth RIFF:ImageHeight RIFF:HorizontalScale RIFF:VerticalScale RIFF:WebP_Flags
RIFF:AlphaPreprocessing RIFF:AlphaFiltering RIFF:AlphaCompression
PDF:PDFVersion PDF:Linearized PDF:PageCount
ZIP:ZipRequiredVersion ZIP:ZipBitFlag ZIP:ZipCompression ZIP:ZipModifyDate ZIP:ZipCRC ZIP:ZipCompressedSize
ZIP:ZipUncompressedSize ZIP:ZipFileName
File:MIMEEncoding File:Newlines File:LineCount File:WordCount
Composite:ImageSize Composite:Megapixels
"""
ALLOWED = frozenset(FACTS.split())
# mat2 says these of every PDF: a version, and that there is no date.
ALLOWED_OF_PDF = {"format: PDF-1.7", "creation-date: -1", "mod-date: -1"}


@dataclass(frozen=True)
class Cleaned:
    """All samples before and after, the latter also as files for other programs to look at."""

    before: dict[str, bytes]
    after: dict[str, CleanFile]
    files: dict[str, Path]

    def pictures(self) -> list[str]:
        return [name for name, made in self.after.items() if made.media_type.startswith("image/")]


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Cleaned:
    for judge in ("exiftool", "mat2"):
        if not shutil.which(judge):
            pytest.fail(f"{judge} is missing: `sh infra/bootstrap.sh test` installs it", pytrace=False)
    folder = tmp_path_factory.mktemp("samples")
    before = samples_cameras.every(folder)
    with ThreadPoolExecutor(2) as pool:
        after = dict(zip(before, pool.map(clean, before.values()), strict=True))
    files = {name: folder / f"{name}.clean.{ENDINGS[made.media_type]}" for name, made in after.items()}
    for name, path in files.items():
        path.with_name(name).write_bytes(before[name])
        path.write_bytes(after[name].content)
    return Cleaned(before, after, files)


def _exiftool(paths: list[Path]) -> dict[str, dict[str, object]]:
    command = ["exiftool", "-json", "-a", "-G0", "-u", "-ee", "--System:all", *map(str, paths)]
    ran = subprocess.run(command, capture_output=True, check=True)
    return {
        Path(found["SourceFile"]).name: {key: value for key, value in found.items() if key not in _OF_THE_JUDGE}
        for found in json.loads(ran.stdout)
    }


_OF_THE_JUDGE = {"SourceFile", "ExifTool:ExifToolVersion"}


def _mat2(paths: list[Path]) -> dict[str, set[str]]:
    """What mat2 calls metadata, by file; a file that it cannot judge is not in the answer."""
    ran = subprocess.run(["mat2", "--show", *map(str, paths)], capture_output=True, text=True, check=True)
    found: dict[str, set[str]] = {}
    last = ""
    for line in ran.stdout.splitlines():
        if none := re.fullmatch(r"  No metadata found in (.+)\.", line):
            found[Path(none[1]).name] = set()
        elif some := re.fullmatch(r"\[\+\] Metadata for (.+):", line):
            last = Path(some[1]).name
            found[last] = set()
        else:
            found[last].add(line.strip())
    return found


def _look(content: bytes, *, managed: bool = True) -> Image.Image:
    """What a good viewer shows: upright, in sRGB, on white; and of that a small copy."""
    image = Image.open(BytesIO(content))
    profile = image.info.get("icc_profile") if managed else None
    alpha = image.convert("RGBA").getchannel("A")
    if profile:
        inks = image.convert("L" if image.mode == "L" else "RGB")
        seen = ImageCms.profileToProfile(
            inks, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    else:
        seen = image.convert("RGB")
    shown = Image.composite(seen, Image.new("RGB", seen.size, "white"), alpha)
    turned = shown if image.format == "HEIF" else _turned(shown, image)
    return turned.resize((SIDE, SIDE), Image.Resampling.BOX)


def _turned(shown: Image.Image, image: Image.Image) -> Image.Image:
    shown.info.clear()
    exif = Image.Exif()
    exif[0x0112] = image.getexif().get(0x0112, 1)
    shown.info["exif"] = exif.tobytes()
    return ImageOps.exif_transpose(shown)


def _difference(left: Image.Image, right: Image.Image) -> float:
    bands = ImageStat.Stat(ImageChops.difference(left, right)).mean
    return sum(bands) / len(bands)


def test_there_are_a_hundred_samples_of_every_kind_each_with_something_in_it(cleaned: Cleaned) -> None:
    assert len(cleaned.before) >= deep(100, 55)
    kinds = {name.rpartition(".")[2] for name in cleaned.before}
    assert kinds == {"jpg", "png", "webp", "heic", "avif", "pdf", "docx", "xlsx", "odt", "txt"}
    assert [name for name, raw in cleaned.before.items() if not samples.holds_canary(raw)] == []


def test_exiftool_finds_what_was_planted(cleaned: Cleaned) -> None:
    """Or it could not miss it afterwards."""
    found = _exiftool([path.with_name(name) for name, path in cleaned.files.items()])
    assert set(found) == set(cleaned.before)
    nothing = {name for name, tags in found.items() if not set(tags) - ALLOWED}
    assert nothing == {"revised.pdf"}  # an earlier revision, which it does not look for
    groups = {tag.partition(":")[0] for tags in found.values() for tag in tags}
    assert groups >= {"EXIF", "XMP", "IPTC", "Photoshop", "ICC_Profile", "MakerNotes", "MPF", "JUMBF", "Ducky"}
    assert sum("Composite:GPSPosition" in tags for tags in found.values()) >= deep(50, 25)
    assert any("MakerNotes:EmbeddedVideoFile" in tags for tags in found.values())


def test_exiftool_finds_facts_and_nothing_else(cleaned: Cleaned) -> None:
    found = _exiftool(list(cleaned.files.values()))
    assert len(found) == len(cleaned.files)
    assert {name: set(tags) - ALLOWED for name, tags in found.items() if set(tags) - ALLOWED} == {}
    dates = {tags.get("ZIP:ZipModifyDate") for tags in found.values()}
    assert dates == {None, "1980:01:01 00:00:00"}  # a zip has no way to have none


def test_mat2_finds_nothing(cleaned: Cleaned) -> None:
    """It knows no WebP; of a PDF it gives the version, and dates that are not there."""
    judged = [path for path in cleaned.files.values() if path.suffix != ".webp"]
    found = _mat2(judged)
    assert set(found) == {path.name for path in judged}
    assert {
        name: left for name, left in found.items() if left - (ALLOWED_OF_PDF if name.endswith("pdf") else set())
    } == {}


def test_mat2_would_have_found_it(cleaned: Cleaned) -> None:
    planted = [path.with_name(name) for name, path in cleaned.files.items() if name.endswith(("flat.jpg", "flat.png"))]
    found = _mat2(planted)
    assert len(found) == len(planted)
    assert all(found.values())


def test_no_canary_is_left(cleaned: Cleaned) -> None:
    """But the one that is a word of the text."""
    left = {name for name, made in cleaned.after.items() if samples.holds_canary(made.content)}
    assert left == {"notes.txt"}


def test_pictures_look_the_same(cleaned: Cleaned) -> None:
    pictures = cleaned.pictures()
    assert len(pictures) >= deep(90, 45)
    differences = {
        name: _difference(_look(cleaned.before[name]), _look(cleaned.after[name].content)) for name in pictures
    }
    assert {name: round(value, 2) for name, value in differences.items() if value > BOUND} == {}


def test_the_eye_would_have_noticed(cleaned: Cleaned) -> None:
    """A turn that was forgotten, and colours that were taken for others."""
    before, after = cleaned.before, {name: made.content for name, made in cleaned.after.items()}
    assert _difference(_look(before["turned-1.jpg"]), _look(after["turned-3.jpg"])) > 5 * BOUND
    wide = [name for name in before if name.startswith("wide-")]
    assert len(wide) >= deep(10, 4)
    for name in wide:
        assert _difference(_look(before[name], managed=False), _look(after[name])) > 2 * BOUND, name


def test_pictures_have_the_size_of_screens(cleaned: Cleaned) -> None:
    sizes = {name: Image.open(BytesIO(cleaned.after[name].content)).size for name in cleaned.pictures()}
    assert {max(size) for name, size in sizes.items() if name.startswith("turned-")} == {MAX_SIDE}
    assert max(max(size) for size in sizes.values()) == MAX_SIDE


def test_what_a_phone_alone_can_open_leaves_as_what_all_can(cleaned: Cleaned) -> None:
    for name, made in cleaned.after.items():
        kind = name.rpartition(".")[2]
        assert ENDINGS[made.media_type] == {"heic": "jpg", "avif": "jpg"}.get(kind, kind)

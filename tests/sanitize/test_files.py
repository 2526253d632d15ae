"""What is taken, what is refused and how, whatever comes: in this process, for speed. ``test_files_child`` has the
child process, in which all of this runs in fact."""

import json
import logging
import subprocess
import sys
import zipfile
from io import BytesIO

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from functions.casework.formats.attachments import ENDINGS
from functions.sanitize.clean import MAX_FILE_BYTES, CleanFile, FileRefusedError
from functions.sanitize.cleaners import clean_here
from functions.sanitize.file_types import LEAVING
from functions.web.file_answer import file_answer
from tests.depth import deep
from tests.sanitize import samples, samples_pdf

GOOD = {
    "image/jpeg": samples.jpeg(),
    "image/png": samples.png(),
    "image/webp": samples.webp(),
    "application/pdf": samples_pdf.pdf(compress_streams=True),
}
# Without anything behind the pixels, and pixels that fill the file: a cut is a cut in the picture.
WHOLE = {
    "jpeg": lambda: _saved(samples.grainy(), "JPEG"),
    "progressive": lambda: _saved(samples.grainy(), "JPEG", progressive=True),
    "png": lambda: _saved(samples.grainy(), "PNG"),
    "webp": lambda: _saved(samples.grainy(), "WEBP"),
    "pdf": samples_pdf.pdf,
}


def _saved(image: Image.Image, name: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, name, **options)
    return out.getvalue()


def _refusal(raw: bytes) -> str:
    with pytest.raises(FileRefusedError) as refused:
        clean_here(raw)
    return str(refused.value.code)


def _zip() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


@pytest.mark.parametrize("media_type", GOOD)
def test_the_type_is_read_from_the_content(media_type: str) -> None:
    made = clean_here(GOOD[media_type])
    assert made.media_type == media_type
    assert 0 < len(made.content) <= MAX_FILE_BYTES


@pytest.mark.parametrize("media_type", GOOD)
def test_a_clean_file_can_be_cleaned_again(media_type: str) -> None:
    assert clean_here(clean_here(GOOD[media_type]).content).media_type == media_type


@pytest.mark.parametrize(
    "raw",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><title>%PDF-1.7</title>",
        b"MZ\x90\0\3\0\0\0",
        b"\x7fELF\2\1\1",
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
        b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
        b"II*\0\x08\0\0\0",
        b"BM\x1e\0\0\0",
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"%!PS-Adobe-3.0",
        b" " * 1000 + b"%PDF-1.7",
        b"\0",
        _zip(),
        b"\xff\xd8",
    ],
)
def test_other_types_are_refused(raw: bytes) -> None:
    assert _refusal(raw) == "unknown_type"


def test_every_type_that_leaves_has_an_ending_and_none_is_run() -> None:
    assert set(ENDINGS) == LEAVING
    with Flask(__name__).test_request_context():
        for media_type, ending in ENDINGS.items():
            answer = file_answer(b"x", media_type, 3)
            shown = "inline" if media_type.startswith("image/") else "attachment"
            assert answer.headers["Content-Disposition"] == f'{shown}; filename="berkas-3.{ending}"'
            assert answer.mimetype == media_type
            assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert file_answer(b"x", "text/plain", 1).headers["Content-Type"] == "text/plain; charset=utf-8"


def test_nothing_is_refused_as_empty() -> None:
    assert _refusal(b"") == "empty"


def test_a_byte_too_many_is_too_many() -> None:
    photo = GOOD["image/jpeg"]
    assert clean_here(photo + bytes(MAX_FILE_BYTES - len(photo))).media_type == "image/jpeg"
    assert _refusal(photo + bytes(MAX_FILE_BYTES - len(photo) + 1)) == "too_large"


@pytest.mark.every_day(15)
@pytest.mark.parametrize("tenths", range(1, 10))
@pytest.mark.parametrize("kind", WHOLE)
def test_what_was_cut_short_is_refused(kind: str, tenths: int) -> None:
    whole = WHOLE[kind]()
    assert clean_here(whole)
    assert _refusal(whole[: len(whole) * tenths // 10]) == "damaged"


@pytest.mark.parametrize("bomb", [samples.png_bomb, samples.webp_bomb, samples.jpeg_bomb])
def test_a_pixel_bomb_is_refused_by_its_header(bomb: object) -> None:
    assert _refusal(bomb()) == "too_many_pixels"


def test_just_above_the_limit_of_pixels_is_refused() -> None:
    assert clean_here(samples.png_bomb(5_000, 5_000)).media_type == "image/png"
    assert _refusal(samples.png_bomb(5_000, 5_001)) == "too_many_pixels"
    assert clean_here(_saved(Image.new("L", (8_000, 5_000)), "JPEG")).media_type == "image/jpeg"
    assert _refusal(_saved(Image.new("L", (8_000, 5_001)), "JPEG")) == "too_many_pixels"
    assert clean_here(_saved(Image.new("L", (5_000, 5_000)), "JPEG", progressive=True)).media_type == "image/jpeg"
    assert _refusal(_saved(Image.new("L", (5_000, 5_001)), "JPEG", progressive=True)) == "too_many_pixels"


def test_a_photo_with_a_thousand_scans_is_refused() -> None:
    assert _refusal(samples.many_scans()) == "too_complex"


def test_two_formats_in_one_file_come_out_as_the_first_alone() -> None:
    html, pdf = b"<script>alert(1)</script>", GOOD["application/pdf"]
    for raw in (
        GOOD["image/jpeg"] + pdf,
        GOOD["image/png"] + pdf + html,
        GOOD["image/webp"] + _zip(),
        _saved(samples.picture(), "JPEG", comment=b"%PDF-1.7 " + html),
    ):
        made = clean_here(raw)
        assert made.media_type.startswith("image/")
        assert made.content.endswith((b"\xff\xd9", b"IEND\xaeB`\x82")) or made.media_type == "image/webp"
        for mark in (b"%PDF", b"<script", b"PK\3\4", b"%%EOF"):
            assert mark in raw or mark not in made.content
            assert mark not in made.content


def test_a_pdf_that_starts_as_a_photo_is_no_photo() -> None:
    assert _refusal(b"\xff\xd8\xff\xe0\0\x10JFIF\0" + GOOD["application/pdf"]) == "damaged"


def test_what_follows_a_pdf_does_not_come_along() -> None:
    made = clean_here(GOOD["application/pdf"] + b"<script>" + samples.RAW)
    assert made.media_type == "application/pdf"
    assert b"<script>" not in made.content
    assert not samples.holds_canary(made.content)


def test_a_door_never_loads_a_decoder() -> None:
    program = (
        "import sys, json, functions.sanitize.clean as files\n"
        "def loaded(): return sorted({'PIL', 'pillow_heif', 'pikepdf', 'lxml', 'zipfile'} & set(sys.modules))\n"
        "first = loaded()\n"
        "made = files.clean(sys.stdin.buffer.read())\n"
        "print(json.dumps([first, made.media_type, loaded()]))"
    )
    ran = subprocess.run([sys.executable, "-c", program], input=GOOD["image/png"], capture_output=True, check=True)
    assert json.loads(ran.stdout) == [[], "image/png", []]
    assert ran.stderr == b""


def test_only_what_a_file_needs_is_loaded_for_it() -> None:
    program = (
        "import sys, json, functions.sanitize.cleaners as files\n"
        "files.clean_here(sys.stdin.buffer.read())\n"
        "print(json.dumps(sorted({'PIL', 'pillow_heif', 'pikepdf', 'lxml'} & set(sys.modules))))"
    )
    for media_type, expected in {"image/png": ["PIL"], "application/pdf": ["PIL", "pikepdf"]}.items():
        ran = subprocess.run([sys.executable, "-c", program], input=GOOD[media_type], capture_output=True, check=True)
        assert json.loads(ran.stdout) == expected


def test_an_error_carries_its_code_and_nothing_of_the_file() -> None:
    photo = GOOD["image/png"]
    broken = photo[: photo.index(b"IDAT") + 20]
    assert samples.holds_canary(broken)
    with pytest.raises(FileRefusedError) as refused:
        clean_here(broken)
    assert str(refused.value) == "damaged"
    assert refused.value.__context__ is None
    assert refused.value.__cause__ is None


def test_nothing_of_the_file_is_logged_or_printed(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("tests").debug("the log is listened to")
    for raw in GOOD.values():
        clean_here(raw)
    assert "the log is listened to" in caplog.text
    assert not samples.holds_canary(caplog.text.encode())
    printed = capfd.readouterr()
    assert printed.out + printed.err == ""


def _only_clean_or_refused(raw: bytes) -> CleanFile | None:
    try:
        made = clean_here(raw)
    except FileRefusedError:
        return None
    assert len(made.content) <= MAX_FILE_BYTES
    return made


@settings(max_examples=deep(150, 30))
@given(
    media_type=st.sampled_from(sorted(GOOD)),
    changes=st.lists(
        st.tuples(st.floats(0, 1), st.binary(min_size=0, max_size=6), st.integers(0, 6)), min_size=1, max_size=8
    ),
)
def test_a_mutated_file_is_cleaned_or_refused(media_type: str, changes: list[tuple[float, bytes, int]]) -> None:
    raw = GOOD[media_type]
    for place, put, taken in changes:
        at = int(place * len(raw))
        raw = raw[:at] + put + raw[at + taken :]
    made = _only_clean_or_refused(raw)
    if made and made.media_type != "application/pdf":
        assert not samples.holds_canary(made.content)


@settings(max_examples=deep(100, 20))
@given(
    start=st.sampled_from(
        [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"RIFF\xff\0\0\0WEBPVP8X", b"%PDF-1.7\n"]
    ),
    rest=st.binary(max_size=400),
)
def test_noise_behind_a_true_start_is_refused(start: bytes, rest: bytes) -> None:
    assert _only_clean_or_refused(start + rest) is None


@settings(max_examples=deep(100, 20))
@given(st.binary(min_size=1, max_size=64))
def test_noise_is_refused_or_text(raw: bytes) -> None:
    made = _only_clean_or_refused(raw)
    assert made is None or made.media_type == "text/plain"

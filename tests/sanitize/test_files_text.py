"""Plain text comes out with its words and with nothing between them."""

import contextlib
import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.sanitize.file_types import MAX_FILE_BYTES, FileRefusedError
from functions.sanitize.plain_text import clean_text_file, is_text, shown
from tests.depth import deep
from tests.sanitize import samples, samples_odt, samples_office

WORDS = "Jalan di depan pasar rusak.\nSudah tiga bulan — “tidak diperbaiki”.\n"


def _refusal(raw: bytes) -> str:
    with pytest.raises(FileRefusedError) as refused:
        clean_text_file(raw)
    assert refused.value.__context__ is None
    return str(refused.value.code)


@pytest.mark.parametrize(
    "raw",
    [
        WORDS.encode(),
        WORDS.encode("utf-8-sig"),
        WORDS.encode("utf-16"),
        b"\xfe\xff" + WORDS.encode("utf-16-be"),
        WORDS.encode("cp1252"),
        WORDS.replace("\n", "\r\n").encode(),
        WORDS.replace("\n", "\r").encode(),
        WORDS.replace("\n", "\u2028").encode(),
        WORDS.replace(" ", "\u2009").encode(),
        WORDS.replace("\n", " \t \n").encode(),
        b"\n\n" + WORDS.encode() + b"\n\n\n",
    ],
)
def test_words_come_out_the_same_however_they_came(raw: bytes) -> None:
    assert is_text(raw)
    assert clean_text_file(raw) == WORDS.encode()


def test_what_is_written_twice_is_written_once() -> None:
    assert clean_text_file("Pa\u0301k".encode()) == "P\xe1k\n".encode()
    assert clean_text_file(clean_text_file(b"a\tb  c")) == b"a\tb  c\n"


def test_marks_that_nobody_sees_are_gone() -> None:
    hidden = "".join(map(chr, (0x200B, 0x200D, 0x2060, 0x2063, 0x202E, 0x2066, 0xFEFF, 0xAD, 0xFE0F, 0x3164)))
    tags = "".join(chr(0xE0000 + ord(letter)) for letter in samples.CANARY)
    selectors = "".join(chr(0xE0100 + ord(letter)) for letter in samples.CANARY)
    private = "".join(chr(0xE000 + ord(letter)) for letter in samples.CANARY)
    assert clean_text_file(f"ra{hidden}{tags}pat{selectors}{private}\x07\x1b".encode() + b"a" * 300) == (
        b"rapat" + b"a" * 300 + b"\n"
    )


def test_no_character_that_shows_nothing_is_kept() -> None:
    """All of Unicode against Python's own tables."""
    # Format characters with a shape: the Arabic, Syriac and Kaithi signs under or around numbers.
    shapes = {*range(0x600, 0x606), 0x6DD, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    blanks = {
        0x34F,
        0x115F,
        0x1160,
        0x17B4,
        0x17B5,
        0x2800,
        0x3164,
        0xFFA0,
        *range(0xFE00, 0xFE10),
        *range(0xE0100, 0xE01F0),
    }
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        kept, kind = shown(char), unicodedata.category(char)
        if code in blanks or (
            kind in {"Cc", "Cf", "Co", "Cs"} and code not in shapes and char not in "\t\n\r\x0b\x0c\x85"
        ):
            assert kept == "", hex(code)
        elif kind in {"Zs", "Zl", "Zp"} or char in "\n\r\x0b\x0c\x85":
            assert kept in {" ", "\n"}, hex(code)
        elif kind[0] in "LMNPS" and not 0xFFF0 <= code <= 0xFFFB and not 0x180B <= code <= 0x180F:
            assert kept == unicodedata.normalize("NFC", char), hex(code)


@pytest.mark.parametrize(
    "raw",
    [
        b"\0",
        b"a\0b",
        bytes(range(256)),
        b"\x80\x81\x82",
        b"\xff\xfe\x00\xd8",
        "зима".encode("koi8-r"),
        samples.jpeg(),
        samples.png(),
        samples_office.docx(),
        samples_odt.odt(),
        b"%PDF-1.7\n",
        b"%!PS-Adobe-3.0\n",
        b"{\\rtf1\\ansi{\\info{\\author Kenari}}}",
        b"<!doctype html><p>x",
        b"\xef\xbb\xbf  <html><body>x",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?><gpx/>",
        "<p>x".encode("utf-16"),
        "\u200b<script>x".encode(),
        b"BEGIN:VCARD\nFN:Kenari\nEND:VCARD\n",
        b"begin:vcalendar\n",
        b"From: Kenari <k@contoh.example>\nReceived: from [10.0.0.1]\nSubject: x\n\nJalan rusak",
        b"MIME-Version: 1.0\n\nx",
        b"Subject: x\r\nX-Originating-IP: 10.0.0.1\r\n\r\nx",
        b"From kenari@contoh.example Tue Nov  3 04:05:06 2026\nSubject: x\n\nx",
        b"\x1b[31m" * 40,
    ],
)
def test_other_formats_are_no_text(raw: bytes) -> None:
    assert not is_text(raw)
    assert _refusal(raw) == "unknown_type"


@pytest.mark.parametrize(
    "raw",
    [
        b"Pelapor: warga\nIsi: jalan rusak\n",
        b"Kepada: Dinas\nPerihal: jalan\n\nReceived: dikutip",
        b"<3 untuk petugas",
        b"nama;jumlah\nx;1\n",
        b"[3/11 04.05] Warga: jalan rusak\n",
        "Catatan: \u0627\u0644\u0633\u0644\u0627\u0645".encode(),
    ],
)
def test_what_people_write_is_text(raw: bytes) -> None:
    assert is_text(raw)
    assert clean_text_file(raw)


@pytest.mark.parametrize("raw", [b"", b" \n\t\r\n", "\u200b\u200b".encode(), b"\xef\xbb\xbf"])
def test_nothing_to_read_is_empty(raw: bytes) -> None:
    assert not is_text(raw)
    assert _refusal(raw) == "empty"


def test_what_grows_beyond_the_limit_is_too_large() -> None:
    raw = ("\U0001d160" * (MAX_FILE_BYTES // 4)).encode()  # a note, which NFC writes as three characters
    assert len(raw) == MAX_FILE_BYTES
    assert _refusal(raw) == "too_large"


@pytest.mark.parametrize(
    "unit", ["\u0301\u0323", "\u0f73\u0345", "a\u0301", "\u200b", " ", "\n", "\x1b", "<", ":", "\u0344"]
)
def test_a_large_text_costs_no_more_than_several_plain_ones(unit: str) -> None:
    """Measured: at most 20 times as much. What grows with the square of the length costs thousands of times as much,
    and every day still hundreds of times: a fifth of the longest."""
    length = MAX_FILE_BYTES // deep(1, 5)
    strange = b"a" + (unit * (length // len(unit.encode()) - 1)).encode()
    plain = _cost(b"Jalan rusak. " * (length // 13))
    assert any(_cost(strange) < 100 * plain for _ in range(3))


def _cost(raw: bytes) -> float:
    """Seconds of CPU to recognise and clean a text."""
    begun = time.process_time()
    is_text(raw)
    with contextlib.suppress(FileRefusedError):
        clean_text_file(raw)
    return time.process_time() - begun


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_comes_is_cleaned_or_refused(raw: bytes) -> None:
    if not is_text(raw):
        assert _refusal(raw) in {"unknown_type", "empty"}
        return
    made = clean_text_file(raw)
    text = made.decode()
    assert text == unicodedata.normalize("NFC", text)
    assert shown(text) == text
    assert not is_text(made) or clean_text_file(made) == made

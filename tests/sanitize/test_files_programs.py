"""Files by programs that no rule had met: each comes back with its pages and words, and without who wrote it.

``programs.zip`` has them, named after program and content. We made all of them, of invented words, with KENARI4711
wherever a program keeps who wrote a file and what it is about: properties, XMP, comments, EXIF of pictures in it.
When they were made, Poppler, Ghostscript and qpdf opened the 73 clean PDFs, with the words of before (two of Chromium's
spell "fi" as one sign), LibreOffice opened the 64 clean office files, and exiftool found nobody in any.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pikepdf
import pytest

from functions.casework.formats.attachments import DOCX, ODT, PDF, XLSX
from functions.sanitize.cleaners import clean_here
from tests.sanitize import samples_pdf

CANARY = "KENARI4711"
TYPES = {"pdf": PDF, "docx": DOCX, "xlsx": XLSX, "odt": ODT}
# How many files by which program, and its version when they were made, in November 2026.
PROGRAMS = {
    "chromium": (2, "headless, print to PDF"),
    "docx-js": (4, "9.15.2"),
    "docxcompose": (1, "2.2.0"),
    "docxtpl": (1, "0.20.2"),
    "exceljs": (4, "4.4.0"),
    "fpdf2": (8, "2.8.9"),
    "ghostscript": (7, "10.05.1"),
    "groff": (1, "1.23, gropdf"),
    "html-to-docx": (1, "1.8.0"),
    "img2pdf": (2, "0.6.3"),
    "jspdf": (3, "4.2.1"),
    "libreoffice": (25, "25.2.3"),
    "matplotlib": (3, "3.11.2"),
    "odfdo": (2, "3.27.3"),
    "odfpy": (4, "1.4.1"),
    "openpyxl": (6, "3.1.5"),
    "pandas": (2, "3.1.1"),
    "pandoc": (8, "by pypandoc_binary 1.17"),
    "pdf-lib": (1, "1.17.1"),
    "pdfkit": (5, "0.20.2"),
    "pyexcelerate": (1, "0.13.0"),
    "pymupdf": (6, "2.0"),
    "pypdf": (3, "7.1.1"),
    "python-docx": (6, "1.2.0"),
    "qpdf": (7, "12.2.0"),
    "reportlab": (8, "4.5.1"),
    "rst2pdf": (2, "0.105"),
    "typst": (3, "0.15.2"),
    "weasyprint": (4, "70.0"),
    "xlsx-populate": (1, "1.21.0"),
    "xlsxwriter": (6, "3.3.1"),
}


@cache
def files() -> dict[str, bytes]:
    with zipfile.ZipFile(Path(__file__).with_name("programs.zip")) as kept:
        return {name: kept.read(name) for name in kept.namelist()}


def parts(content: bytes) -> Iterator[bytes]:
    """All bytes of a file, also those that are packed in it."""
    yield content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as package:
            for name in package.namelist():
                yield name.encode()
                yield package.read(name)
    else:
        yield samples_pdf.everything(content)


def tells(content: bytes) -> bool:
    spelt = [CANARY.encode(form) for form in ("ascii", "utf-16-be", "utf-16-le")]
    return any(each in part for part in parts(content) for each in spelt)


def words(content: bytes) -> Counter[str]:
    """The words that an office file shows: of its body, or of its cells."""
    found: Counter[str] = Counter()
    with zipfile.ZipFile(BytesIO(content)) as package:
        for name in package.namelist():
            if re.fullmatch(r"word/document\d*\.xml|content\.xml|xl/sharedStrings\.xml|xl/worksheets/[^/]+\.xml", name):
                root = ET.fromstring(package.read(name))  # noqa: S314 - made by us
                for element in root.iter():
                    if element.tag.rpartition("}")[2] in ("t", "p", "h", "span", "a", "v"):
                        found.update(re.findall(r"[^\W\d_]{3,}", f"{element.text or ''} {element.tail or ''}"))
    return found


def drawn(page: pikepdf.Page) -> int:
    """How often a page shows text by itself."""
    return sum(str(one.operator) in ("Tj", "TJ", "'", '"') for one in pikepdf.parse_content_stream(page))


def test_the_table_tells_what_is_there() -> None:
    found = Counter(name.rpartition("-")[0] for name in files())
    assert found == {program: count for program, (count, _) in PROGRAMS.items()}
    assert sum(map(tells, files().values())) > 80
    assert sum(words(raw).total() for name, raw in files().items() if not name.endswith("pdf")) > 800


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_a_program_makes_comes_back_and_tells_nothing(program: str) -> None:
    for name, raw in files().items():
        if name.rpartition("-")[0] != program:
            continue
        made = clean_here(raw)
        assert made.media_type == TYPES[name.rpartition(".")[2]], name
        assert not tells(made.content), name
        if made.media_type != PDF:
            lost = {word for word in words(raw) if CANARY not in word} - set(words(made.content))
            assert not lost, (name, lost)
            continue
        with pikepdf.open(BytesIO(raw)) as before, pikepdf.open(BytesIO(made.content)) as after:
            assert not after.is_encrypted
            assert len(before.pages) == len(after.pages), name
            assert all(drawn(new) >= drawn(old) for old, new in zip(before.pages, after.pages, strict=True)), name


def test_a_field_that_the_reader_would_draw_is_drawn() -> None:
    with pikepdf.open(BytesIO(clean_here(files()["pdfkit-form.pdf"]).content)) as opened:
        forms = opened.pages[0].Resources.XObject.values()
        assert any(b"Isian" in form.read_bytes() for form in forms)

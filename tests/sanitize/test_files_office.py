"""Office files come out with what their readers see, and with nothing else."""

import json
import posixpath
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from time import process_time

import pytest
from defusedxml import ElementTree

from functions.casework.formats.attachments import DOCX, ODT, XLSX
from functions.sanitize.file_types import FileRefusedError
from functions.sanitize.office.clean import clean_office
from functions.sanitize.office.clean import media_type_of as office_type_of
from tests.sanitize import samples, samples_odt, samples_office, samples_sheet

MAKERS: dict[str, Callable[[], bytes]] = {DOCX: samples_office.docx, XLSX: samples_sheet.xlsx, ODT: samples_odt.odt}
ENDINGS = {DOCX: "docx", XLSX: "xlsx", ODT: "odt"}
HALF = '<a:srcRect l="0" t="0" r="50000" b="50000"/>'
# What ExifTool may find in a clean file: that it is a zip, and facts of its first entry.
FACTS = str.split(
    """File:FileType File:FileTypeExtension File:MIMEType ZIP:ZipRequiredVersion ZIP:ZipBitFlag ZIP:ZipCompression
    ZIP:ZipModifyDate ZIP:ZipCRC ZIP:ZipCompressedSize ZIP:ZipUncompressedSize ZIP:ZipFileName"""
)


def _judge(*command: str) -> str:
    if shutil.which(command[0]) is None:
        pytest.fail(f"{command[0]} is not installed; it judges the cleaned files (see infra/bootstrap.sh)")
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def _cleaned(media_type: str) -> bytes:
    return clean_office(MAKERS[media_type](), media_type)


def entries(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _everything(content: bytes) -> bytes:
    """The file and all it holds, pictures' packed notes too."""
    held = entries(content)
    pngs = [samples.png_texts(data) for name, data in held.items() if name.endswith(".png")]
    return b"\0".join([content, *(name.encode() for name in held), *held.values(), *pngs])


def _texts(data: bytes, paragraph: str, words: tuple[str, ...]) -> list[str]:
    """The words of each paragraph that has any, by local names."""
    found = []
    for given in ElementTree.fromstring(data).findall(f".//{{*}}{paragraph}"):
        inside = "".join(one.text or "" for one in given.iter() if one.tag.rpartition("}")[2] in words)
        found.append(inside)
    return [text for text in found if text]


@pytest.mark.parametrize("media_type", MAKERS)
def test_no_canary_survives(media_type: str) -> None:
    raw = MAKERS[media_type]()
    assert _everything(raw).count(samples.RAW) >= 60
    assert not samples.holds_canary(_everything(clean_office(raw, media_type)))


@pytest.mark.parametrize("media_type", MAKERS)
def test_no_time_and_no_revision_survives(media_type: str) -> None:
    made = _everything(_cleaned(media_type))
    for trace in (
        rb"2026-\d\d",
        rb"rsid",
        rb"paraId",
        rb"uid=",
        rb"https?://[a-z.]*example",
        rb"file:",
        rb"jv-ID",
        rb"jv",
    ):
        assert not re.search(trace, made.replace(b"http://schemas.openxmlformats.org", b"")), trace


@pytest.mark.parametrize("media_type", MAKERS)
def test_exiftool_finds_a_zip_and_nothing_else(media_type: str, tmp_path: Path) -> None:
    before, after = tmp_path / f"kotor.{ENDINGS[media_type]}", tmp_path / f"bersih.{ENDINGS[media_type]}"
    before.write_bytes(MAKERS[media_type]())
    after.write_bytes(_cleaned(media_type))
    assert samples.CANARY in _judge("exiftool", "-j", "-a", "-G0", "-u", "-ee", str(before))
    found = json.loads(_judge("exiftool", "-j", "-a", "-G0", "-u", "-ee", "--System:all", str(after)))[0]
    assert set(found) - {"SourceFile", "ExifTool:ExifToolVersion", *FACTS} == set()
    assert found["File:MIMEType"] == media_type
    assert found.get("ZIP:ZipModifyDate", "1980:01:01 00:00:00") == "1980:01:01 00:00:00"


@pytest.mark.parametrize("media_type", MAKERS)
def test_mat2_finds_no_metadata(media_type: str, tmp_path: Path) -> None:
    before, after = tmp_path / f"kotor.{ENDINGS[media_type]}", tmp_path / f"bersih.{ENDINGS[media_type]}"
    before.write_bytes(MAKERS[media_type]())
    after.write_bytes(_cleaned(media_type))
    assert samples.CANARY in _judge("mat2", "--show", str(before))
    assert _judge("mat2", "--show", str(after)).strip() == f"No metadata found in {after}."


@pytest.mark.parametrize("media_type", MAKERS)
def test_the_zip_tells_nothing(media_type: str) -> None:
    with zipfile.ZipFile(BytesIO(_cleaned(media_type))) as archive:
        assert archive.comment == b""
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert (info.extra, info.comment, info.external_attr, info.create_system) == (b"", b"", 0o600 << 16, 3)


@pytest.mark.parametrize("media_type", MAKERS)
def test_a_clean_file_can_be_cleaned_again(media_type: str) -> None:
    once = _cleaned(media_type)
    assert _cleaned(media_type) == once
    twice = clean_office(once, office_type_of(once) or "")
    known = {name: data for name, data in entries(once).items() if not name.endswith((".jpeg", ".png"))}
    assert {name: data for name, data in entries(twice).items() if name in known} == known


@pytest.mark.parametrize("media_type", [DOCX, XLSX])
def test_every_part_is_typed_and_led_to(media_type: str) -> None:
    held = entries(_cleaned(media_type))
    types = ElementTree.fromstring(held["[Content_Types].xml"])
    typed = {given.get("PartName", "").lstrip("/") for given in types.findall(".//{*}Override")}
    endings = {given.get("Extension") for given in types.findall(".//{*}Default")}
    reached = {"[Content_Types].xml"}
    for name, data in held.items():
        if name.endswith(".rels"):
            source = name.replace("_rels/", "").removesuffix(".rels")
            assert source == "" or source in held
            for given in ElementTree.fromstring(data).findall(".//{*}Relationship"):
                assert given.get("TargetMode") is None
                reached.add(posixpath.normpath(posixpath.join(posixpath.dirname(source), given.get("Target", ""))))
            reached.add(name)
        else:
            assert name in typed or name.rpartition(".")[2] in endings
            wanted = set(re.findall(rb'r:(?:id|embed)="(\w+)"', data))
            rels = posixpath.join(posixpath.dirname(name), "_rels", posixpath.basename(name) + ".rels")
            given_ids = set(re.findall(rb'Id="(\w+)"', held.get(rels, b"")))
            assert wanted <= given_ids
    assert reached == set(held)
    assert typed <= set(held)


def test_an_odt_lists_what_it_holds() -> None:
    made = _cleaned(ODT)
    held = entries(made)
    assert made[30:].startswith(b"mimetype" + ODT.encode())
    listed = set(re.findall(r'full-path="([^"]+)"', held["META-INF/manifest.xml"].decode()))
    assert listed == set(held) - {"mimetype", "META-INF/manifest.xml"} | {"/"}
    assert set(re.findall(r'href="([^"]+)"', held["content.xml"].decode())) == {
        "Pictures/image1.jpeg",
        "Pictures/image2.png",
    }


def test_the_words_of_a_docx_stay() -> None:
    held = entries(_cleaned(DOCX))
    assert _texts(held["word/document.xml"], "p", ("t",)) == samples_office.VISIBLE
    assert _texts(held["word/header1.xml"], "p", ("t",)) == ["Kepala surat"]
    assert _texts(held["word/footnotes.xml"], "p", ("t",)) == ["Isi catatan kaki."]
    document = held["word/document.xml"].decode()
    for format_ in (
        '<w:b /><w:color w:val="FF0000" />',
        "<w:keepNext />",
        "<w:instrText",
        '<w:pgSz w:w="11906" w:h="16838" />',
    ):
        assert format_ in document
    assert 'typeface="Verdana"' in held["word/theme/theme1.xml"].decode()
    assert '<w:jc w:val="center" />' in held["word/styles.xml"].decode()


def test_the_cells_of_an_xlsx_stay_as_values() -> None:
    held = entries(_cleaned(XLSX))
    strings = [
        "".join(one.itertext()) for one in ElementTree.fromstring(held["xl/sharedStrings.xml"]).findall(".//{*}si")
    ]
    assert strings == ["Jalan", "", "Panjang", ""]
    found = {}
    for cell in ElementTree.fromstring(held["xl/worksheets/sheet1.xml"]).findall(".//{*}c"):
        text = "".join(cell.itertext())
        if text:
            found[cell.get("r")] = strings[int(text)] if cell.get("t") == "s" else text
    assert found == samples_sheet.VISIBLE
    assert b"<f" not in held["xl/worksheets/sheet1.xml"]
    assert re.findall(rb'sheet name="([^"]+)"', held["xl/workbook.xml"]) == [b"Data", b"Lain"]
    assert b'date1904="1"' in held["xl/workbook.xml"]
    assert b"&quot;Rp&quot; #,##0" in held["xl/styles.xml"]
    assert _texts(held["xl/drawings/drawing1.xml"], "p", ("t",)) == ["Tulisan di kotak"]
    assert [name for name in held if "media" in name] == ["xl/media/image1.jpeg"]


def test_the_words_of_an_odt_stay() -> None:
    held = entries(_cleaned(ODT))
    text = ElementTree.fromstring(held["content.xml"]).find(".//{*}text")
    assert text is not None
    found = []
    for block in text:
        for space in block.findall(".//{*}s"):
            space.text = "  "
        found.append(" ".join("".join(block.itertext()).split("\n")))
    assert [
        words.replace("sesudah[gambar tidak ikut]", "sesudah") for words in found if words.strip()
    ] == samples_odt.VISIBLE
    assert b"Kepala " in held["styles.xml"]
    assert b'fo:color="#ff0000"' in held["content.xml"]


@pytest.mark.parametrize("media_type", MAKERS)
def test_pictures_are_cleaned_as_photos_are(media_type: str) -> None:
    pictures = {name: data for name, data in entries(_cleaned(media_type)).items() if name.endswith((".jpeg", ".png"))}
    assert pictures
    for number, (name, data) in enumerate(pictures.items(), 1):
        assert posixpath.basename(name).startswith(f"image{number}.")
        assert samples.open_image(data).size == (320, 200)


@pytest.mark.parametrize(
    "raw",
    [
        samples_office.docx("<w:p><w:r>" + samples_office.drawing("rPng", HALF) + "</w:r></w:p>"),
        samples_office.docx(
            '<w:p><w:r><w:pict><v:shape style="width:9pt;height:9pt"><v:imagedata r:id="rPng" cropright="32768f"'
            ' cropbottom=".5"/></v:shape></w:pict></w:r></w:p>'
        ),
        samples_odt.odt(
            f"<text:p>{samples_odt.image('Pictures/2.png', 'potong')}</text:p>", **{"Pictures/2.png": samples.png()}
        ),
    ],
    ids=["drawing", "vml", "odt"],
)
def test_what_was_cropped_away_is_gone_from_the_picture(raw: bytes) -> None:
    held = entries(clean_office(raw, office_type_of(raw) or ""))
    (picture,) = (data for name, data in held.items() if name.endswith(".png"))
    image = samples.open_image(picture).convert("RGB")
    assert image.width < 240
    assert image.height < 150
    assert image.getpixel((5, 5)) == (255, 0, 0)
    assert (0, 255, 0) not in {colour for _, colour in image.getcolors(1 << 24) or []}  # the right corner
    assert (0, 0, 255) not in {colour for _, colour in image.getcolors(1 << 24) or []}  # the lower corner


def test_a_header_comes_along_where_its_section_shows_it() -> None:
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rHead"/><w:headerReference w:type="first" r:id="rFirst"/>'
        '<w:headerReference w:type="even" r:id="rFirst"/>{}</w:sectPr>'
    )
    shown = {"word/header2.xml": f"<w:hdr {samples_office.NAMESPACES}>{samples_office.p('Halaman judul')}</w:hdr>"}
    without = entries(clean_office(samples_office.docx(section.format(""), **shown), DOCX))
    assert "word/header2.xml" not in without
    made = entries(clean_office(samples_office.docx(section.format("<w:titlePg/>"), **shown), DOCX))
    assert _texts(made["word/header2.xml"], "p", ("t",)) == ["Halaman judul"]
    assert made["word/document.xml"].count(b"headerReference") == 2


def test_letters_that_do_not_show_are_gone() -> None:
    made = clean_office(samples_office.docx(samples_office.p("a\u200bb\u2063c\U000e0041d\ufe01e\u202ef")), DOCX)
    assert _texts(entries(made)["word/document.xml"], "p", ("t",)) == ["abcdef"]


def test_a_damaged_picture_leaves_a_note() -> None:
    made = clean_office(samples_office.docx(**{"word/media/image2.png": b"\x89PNG\r\n\x1a\nrusak"}), DOCX)
    assert entries(made)["word/document.xml"].count(b"[gambar tidak ikut]") == 2


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("application/vnd.ms-word.document.macroEnabled.main+xml", DOCX),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml", DOCX),
        ("application/vnd.ms-word.template.macroEnabledTemplate.main+xml", DOCX),
    ],
)
def test_the_type_is_that_of_the_main_part(kind: str, media_type: str) -> None:
    raw = samples_office.docx(**{"[Content_Types].xml": samples_office.types(word__document_xml=kind)})
    assert office_type_of(raw) == media_type
    made = clean_office(raw, media_type)
    assert b"macro" not in _everything(made)
    assert "word/vbaProject.bin" not in entries(made)


def test_another_type_than_the_given_one_is_refused() -> None:
    with pytest.raises(FileRefusedError, match="unknown_type"):
        clean_office(samples_office.docx(), XLSX)


@pytest.mark.parametrize("where", ["B7", "A8", "B8"])
def test_what_a_merged_cell_covers_on_a_sheet_is_gone(where: str) -> None:
    """LibreOffice asks whether to keep it, and Excel keeps it where a merge comes with a format."""
    rows = f'<row r="{where[1]}"><c r="{where}" t="str"><v>{samples.CANARY}</v></c></row>'
    shown = '<row r="7"><c r="A7" t="str"><v>Judul</v></c></row><row r="9"><c r="A9" t="str"><v>Bawah</v></c></row>'
    merged = '<mergeCells count="1"><mergeCell ref="A7:B8"/></mergeCells>'
    raw = samples_sheet.xlsx(xl__worksheets__sheet1_xml=samples_sheet.sheet(shown + rows, after=merged))
    found = _everything(clean_office(raw, XLSX))
    assert samples.CANARY.encode() not in found
    assert all(each in found for each in (b"Judul", b"Bawah", b'ref="A7:B8"'))


def test_what_a_merged_cell_covers_in_an_odt_is_gone() -> None:
    covered = f"<table:covered-table-cell><text:p>{samples.CANARY}</text:p></table:covered-table-cell>"
    cell = '<table:table-cell table:number-columns-spanned="2"><text:p>Judul</text:p></table:table-cell>'
    row = f"<table:table-row>{cell}{covered}</table:table-row>"
    raw = samples_odt.odt(f'<table:table><table:table-column table:number-columns-repeated="2"/>{row}</table:table>')
    found = _everything(clean_office(raw, ODT))
    assert samples.CANARY.encode() not in found
    assert b"Judul" in found
    assert b"covered-table-cell" in found


def test_a_sheet_whose_merged_cells_lie_upon_each_other_takes_no_longer_than_any_other() -> None:
    """A few kilobytes would take a seat of the cleaner for as long as it may run."""
    number = 4000
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, number + 1))
    over = f'<mergeCell ref="A1:A{number}"/>' * number
    merged = f"<mergeCells>{over}</mergeCells>"
    raw = samples_sheet.xlsx(xl__worksheets__sheet1_xml=samples_sheet.sheet(rows, after=merged))
    begun = process_time()
    with pytest.raises(FileRefusedError, match="too_complex"):
        clean_office(raw, XLSX)
    assert process_time() - begun < 3


def test_many_merged_cells_beside_each_other_cover_what_is_theirs_alone() -> None:
    cells = "".join(
        f'<c r="{column}7" t="str"><v>{text}</v></c>' for column, text in zip("ABCDEFG", "pqrstuv", strict=True)
    )
    merged = '<mergeCells><mergeCell ref="D7:E9"/><mergeCell ref="A7:B7"/><mergeCell ref="F1:F7"/></mergeCells>'
    raw = samples_sheet.xlsx(xl__worksheets__sheet1_xml=samples_sheet.sheet(f'<row r="7">{cells}</row>', after=merged))
    made = entries(clean_office(raw, XLSX))["xl/worksheets/sheet1.xml"].decode()
    row = made.partition('<row r="7"')[2].partition("</row>")[0]
    assert re.findall("<v>(.)</v>", row) == ["p", "r", "s", "v"]


def test_a_cell_that_says_no_place_stands_after_the_one_before_it() -> None:
    """Programs may leave places out (ECMA-376, part 1, 18.3.1.4): what is hidden or covered there is gone all the same."""

    def cell(text: str, where: str = "") -> str:
        return f'<c{where and f" r={chr(34)}{where}{chr(34)}"} t="str"><v>{text}</v></c>'

    hidden = '<cols><col min="2" max="2" width="9" hidden="1"/></cols>'
    rows = (
        f'<row r="7">{cell("p", "A7")}{cell(samples.CANARY)}{cell("q")}</row>'  # the second one is in the hidden column
    )
    rows += f"<row>{cell('r', 'D8')}{cell(samples.CANARY)}</row>"
    merged = '<mergeCells><mergeCell ref="D8:E8"/></mergeCells>'
    raw = samples_sheet.xlsx(xl__worksheets__sheet1_xml=samples_sheet.sheet(rows, before=hidden, after=merged))
    made = entries(clean_office(raw, XLSX))["xl/worksheets/sheet1.xml"].decode()
    assert samples.CANARY not in made
    assert re.findall("<v>(.)</v>", made) == ["p", "q", "r"]
    assert re.findall('<c r="([A-Z]+[0-9]+)"', made) == ["A7", "C7", "D8", "E8"]

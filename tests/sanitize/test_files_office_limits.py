"""Office files that are refused, or lose their sting, within bounds of time and memory."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.casework.formats.attachments import DOCX, ODT, XLSX
from functions.sanitize.file_types import MAX_FILE_BYTES, FileRefusedError, Refusal
from functions.sanitize.office.clean import clean_office
from functions.sanitize.office.clean import media_type_of as office_type_of
from functions.sanitize.office.zip_file import MAX_ENTRIES
from tests.depth import deep
from tests.sanitize import samples, samples_hostile, samples_odt, samples_office, samples_sheet
from tests.sanitize.samples_hostile import document, words

SECONDS, MEGABYTES = 10, 256
# A process of its own, with a child for each file, so that its memory is this file's; the kernel kills it at its last
# second.
PROGRAM = f"""
import json, os, re, resource, sys
from pathlib import Path
from functions.sanitize.file_types import FileRefusedError
from functions.sanitize.office.clean import clean_office
from functions.sanitize.office.clean import media_type_of as office_type_of

def say(*told):
    print(json.dumps(told), flush=True)

def child(raw):
    resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
    try:
        said = len(clean_office(raw, office_type_of(raw)))
    except FileRefusedError as refused:
        said = refused.code.value
    peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
    say(said, int(peak[1]) // 1024, sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))

for line in sys.stdin:
    pid = os.fork()
    if not pid:
        try:
            child(Path(line.strip()).read_bytes())
        finally:
            os._exit(sys.exc_info()[0] is not None)
    if status := os.waitpid(pid, 0)[1]:
        say(f"ended with {{status}}", 0, 0)
"""


@pytest.fixture(scope="module")
def cleaner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[bytes], str | int]]:
    """What cleaning says in a bounded process: the refusal, or the size of what was made."""
    file = tmp_path_factory.mktemp("harmful") / "file"
    command, pipe = [sys.executable, "-c", PROGRAM], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        asked, answers, errors = process.stdin, process.stdout, process.stderr
        assert asked
        assert answers
        assert errors

        def outcome(raw: bytes) -> str | int:
            file.write_bytes(raw)
            asked.write(f"{file}\n")
            asked.flush()
            said, megabytes, seconds = json.loads(answers.readline())
            print(f"{megabytes} MB, {seconds:.1f} s")  # noqa: T201 shown by pytest -rP, to see how near the bounds are
            assert megabytes < MEGABYTES
            return said

        yield outcome
        asked.close()
        assert errors.read() == ""


def _refusal(raw: bytes) -> str:
    with pytest.raises(FileRefusedError) as refused:
        clean_office(raw, office_type_of(raw) or "none")
    assert refused.value.__context__ is None
    return str(refused.value.code)


HARMFUL: dict[str, tuple[Callable[[], bytes], str]] = {
    "a billion laughs": (lambda: document(words("&a8;"), samples_hostile.ENTITIES), "damaged"),
    "quadratic growth": (
        lambda: document(words("&k;" * 50_000), f'<!DOCTYPE x [<!ENTITY k "{"k" * 50_000}">]>'),
        "damaged",
    ),
    "a file from outside": (
        lambda: document(words("&k;"), '<!DOCTYPE x [<!ENTITY k SYSTEM "file:///etc/passwd">]>'),
        "damaged",
    ),
    "a document type alone": (lambda: document(words("x"), "<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/'>"), "damaged"),
    "many elements": (samples_hostile.many_elements, "too_complex"),
    "many attributes": (samples_hostile.many_attributes, "too_complex"),
    "a long address": (samples_hostile.long_address, ""),
    "wide letters": (samples_hostile.wide_letters, ""),
    "piled marks": (samples_hostile.piled_marks, ""),
    "just enough elements": (samples_hostile.just_enough_elements, ""),
    "XML and a picture": (samples_hostile.most_memory, ""),
    "deep elements": (samples_hostile.deep, "too_complex"),
    "deep fields": (samples_hostile.deep_fields, "too_complex"),
    "styles in a circle": (samples_hostile.circles, ""),
    "a zip bomb": (samples_hostile.zip_bomb, "too_complex"),
    "many entries": (samples_hostile.many_entries, "too_complex"),
    "a pixel bomb": (samples_hostile.pixel_bomb, "too_many_pixels"),
    "many large photos": (lambda: samples_hostile.photos("JPEG", (4000, 3000), 20, quality=60), "too_complex"),
    "as many photos as may be": (lambda: samples_hostile.photos("JPEG", (4000, 3000), deep(13, 3), quality=60), ""),
    "progressive photos": (lambda: samples_hostile.photos("JPEG", (3300, 3000), deep(4, 1), progressive=True), ""),
    "many screenshots": (lambda: samples_hostile.photos("PNG", (1200, 900), deep(10, 3)), ""),
    "large screenshots": (lambda: samples_hostile.photos("PNG", (3300, 3000), deep(4, 1)), ""),
    "large pictures": (lambda: samples_hostile.photos("WEBP", (2400, 2000), deep(4, 1)), ""),
    "slow pictures": (samples_hostile.slow_pictures, ""),
    "too many pictures": (lambda: samples_hostile.photos("PNG", (9, 9), 41), "too_complex"),
}


@pytest.mark.every_day(10)
@pytest.mark.parametrize("kind", HARMFUL)
def test_what_is_made_to_harm_ends_within_bounds(kind: str, cleaner: Callable[[bytes], str | int]) -> None:
    make, refusal = HARMFUL[kind]
    raw = make()
    assert len(raw) <= MAX_FILE_BYTES
    said = cleaner(raw)
    assert said == refusal or (refusal == "" and isinstance(said, int))


BROKEN: dict[str, tuple[Callable[[], bytes], str]] = {
    "a field without end": (samples_hostile.open_field, "damaged"),
    "entries that overlap": (samples_hostile.overlapping, "damaged"),
    "a name twice": (samples_hostile.duplicated, "damaged"),
    "an absolute name": (lambda: samples_hostile.named("/etc/passwd"), "damaged"),
    "a name that climbs": (lambda: samples_hostile.named("word/../../../x"), "damaged"),
    "a name that climbs backwards": (lambda: samples_hostile.named("word\\..\\x"), "damaged"),
    "a name on a disk": (lambda: samples_hostile.named("C:x"), "damaged"),
    "a name with a control": (lambda: samples_hostile.named("word/\x1bx"), "damaged"),
    "a long name": (lambda: samples_hostile.named("x" * 300), "damaged"),
    "a locked entry": (lambda: samples_hostile.flagged(1), "encrypted_office"),
    "a wrong checksum": (samples_hostile.wrong_checksum, "damaged"),
    "a size that lies": (samples_hostile.lying_size, "damaged"),
    "sizes beyond all": (samples_hostile.zip64, "too_complex"),
    "something in front": (samples_hostile.in_front, "damaged"),
    "another method": (samples_hostile.other_method, "damaged"),
    "no content types": (lambda: samples_office.docx(**{"[Content_Types].xml": "<x/>"}), "damaged"),
    "not XML": (lambda: samples_office.docx(**{"word/document.xml": "Jalan rusak"}), "damaged"),
    "another root": (lambda: samples_office.docx(**{"word/document.xml": "<html/>"}), "damaged"),
    "an unknown encoding": (lambda: samples_hostile.encoded("kenari"), "damaged"),
    "a codec that unpacks": (lambda: samples_hostile.encoded("zlib"), "damaged"),
    "a string that is not there": (
        lambda: samples_sheet.xlsx(**{"xl/sharedStrings.xml": f"<sst {samples_sheet.NAMESPACES}/>"}),
        "damaged",
    ),
    "only hidden sheets": (
        lambda: samples_sheet.xlsx(**{"xl/workbook.xml": f"<workbook {samples_sheet.NAMESPACES}><sheets/></workbook>"}),
        "damaged",
    ),
    "no text": (lambda: samples_odt.odt(content_xml=f"<office:document-content {samples_odt.NAMESPACES}/>"), "damaged"),
    "hidden columns": (
        lambda: samples_odt.odt("<table:table><table:table-column table:visibility='collapse'/></table:table>"),
        "too_complex",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_broken_is_refused(kind: str) -> None:
    make, refusal = BROKEN[kind]
    assert _refusal(make()) == refusal


@pytest.mark.parametrize("tenths", range(1, 10))
@pytest.mark.parametrize("make", [samples_office.docx, samples_sheet.xlsx, samples_odt.odt])
def test_what_was_cut_short_is_refused(make: Callable[[], bytes], tenths: int) -> None:
    whole = make()
    assert _refusal(whole[: len(whole) * tenths // 10]) in {"damaged", "unknown_type"}


def _compound(*names: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + b"".join(n.encode("utf-16-le") for n in names)


def test_a_password_is_told_from_an_old_format() -> None:
    with pytest.raises(FileRefusedError) as refused:
        office_type_of(_compound("EncryptionInfo", "EncryptedPackage"))
    assert refused.value.code is Refusal.ENCRYPTED_OFFICE
    assert _refusal(_compound("WordDocument", "1Table")) == "other_office"


@pytest.mark.parametrize(
    "changed",
    [
        {
            "META-INF/manifest.xml": f"<manifest:manifest {samples_odt.NAMESPACES}><manifest:file-entry>"
            "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
        },
        {"encrypted-package": b"x"},
    ],
)
def test_an_odt_with_a_password_is_refused_as_such(changed: dict[str, str | bytes]) -> None:
    assert _refusal(samples_odt.odt(**changed)) == "encrypted_office"


@pytest.mark.parametrize(
    "raw",
    [b"", b"PK", b"PK\x03\x04", b"%PDF-1.7", b"Jalan rusak", samples_office.zipped({"a.txt": "x"}), samples.jpeg()],
)
def test_what_is_no_office_file_has_no_type(raw: bytes) -> None:
    assert office_type_of(raw) is None


@pytest.mark.parametrize("kind", ["spreadsheet", "presentation"])
def test_other_files_of_the_same_families_are_told_what_to_do(kind: str) -> None:
    assert _refusal(samples_odt.odt(mimetype=f"application/vnd.oasis.opendocument.{kind}")) == "other_office"
    slides = f"application/vnd.openxmlformats-officedocument.presentationml.{kind}.main+xml"
    told = samples_office.types(word__document_xml=slides)
    assert _refusal(samples_office.docx(**{"[Content_Types].xml": told})) == "other_office"
    assert office_type_of(samples_odt.odt(mimetype=samples_odt.MEDIA_TYPE + "-template")) == ODT


def test_the_number_of_entries_has_its_limit() -> None:
    made = samples_office.parts()
    for number in range(MAX_ENTRIES - len(made)):
        made[f"x/{number}"] = b""
    assert office_type_of(samples_office.zipped(made)) == DOCX
    made["x/lebih"] = b""
    with pytest.raises(FileRefusedError, match="too_complex"):
        office_type_of(samples_office.zipped(made))


def test_what_cannot_be_made_small_enough_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.sanitize.office.clean.MAX_FILE_BYTES", 1000)
    assert _refusal(samples_office.docx()) == "too_large"


def _repacked(raw: bytes, part: int, place: float, put: bytes, taken: int) -> bytes:
    """One part of the zip changed, so that the change is in the XML and not in how it is packed."""
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    name = sorted(held)[part % len(held)]
    at = int(place * len(held[name]))
    held[name] = held[name][:at] + put + held[name][at + taken :]
    return samples_office.zipped(dict(held))


GOOD = {DOCX: samples_office.docx(), XLSX: samples_sheet.xlsx(), ODT: samples_odt.odt()}


@settings(max_examples=deep(150, 30))
@given(
    media_type=st.sampled_from(sorted(GOOD)),
    inside=st.booleans(),
    part=st.integers(0, 30),
    place=st.floats(0, 1),
    put=st.binary(max_size=6) | st.sampled_from([b"<w:p>", b"</w:p>", b'"', b"<", b">", b"&#0;", b" xmlns=''"]),
    taken=st.integers(0, 6),
)
def test_a_mutated_file_is_cleaned_or_refused(
    media_type: str, inside: bool, part: int, place: float, put: bytes, taken: int
) -> None:
    raw = GOOD[media_type]
    at = int(place * len(raw))
    raw = _repacked(raw, part, place, put, taken) if inside else raw[:at] + put + raw[at + taken :]
    try:
        made = clean_office(raw, office_type_of(raw) or "none")
    except FileRefusedError:
        return
    assert len(made) <= MAX_FILE_BYTES

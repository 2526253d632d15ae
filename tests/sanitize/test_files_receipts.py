"""A file whose words hold a receipt is refused with a sentence that says so; pictures are not read, which is said."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from secrets import token_bytes

import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser

from functions.casework.formats.attachments import PDF, PNG, TYPES
from functions.crypto.seal.sealing import receipt_for
from functions.sanitize import plain_text
from functions.sanitize.clean import clean
from functions.sanitize.cleaners import clean_here
from functions.sanitize.file_types import FileRefusedError, Refusal
from functions.sanitize.file_words import PART, holds_receipt
from tests.sanitize import samples, samples_odt, samples_office, samples_pdf
from tests.world import World

Maker = Callable[[str], bytes]


def text(words: str) -> bytes:
    return f"Catatan saya.\n{words}\n".encode()


def docx(words: str) -> bytes:
    """Each sign in a run of its own, as programs write what was corrected."""
    runs = "".join(f"<w:r><w:t>{sign}</w:t></w:r>" for sign in words)
    return samples_office.docx(f"<w:p>{runs}</w:p>")


def odt(words: str) -> bytes:
    return samples_odt.odt(f"<text:p>{words}</text:p>")


def xlsx(words: str) -> bytes:
    """A group in each cell."""
    book, made = Workbook(), BytesIO()
    book.active.append(["Kode", *words.split("-")])
    book.save(made)
    return made.getvalue()


MAKERS: dict[str, Maker] = {"text": text, "docx": docx, "odt": odt, "xlsx": xlsx}


def printed(browser: Browser, words: str) -> bytes:
    """A text as Chromium prints it to PDF: with subsets of fonts, whose codes are no characters."""
    page = browser.new_page()
    page.set_content(f"<p>Catatan saya.<p>{words}")
    made = page.pdf()
    page.close()
    return made


def refused(raw: bytes) -> Refusal | None:
    try:
        clean(raw)
    except FileRefusedError as error:
        return error.code
    return None


@pytest.mark.parametrize("kind", MAKERS)
def test_a_receipt_in_a_file_is_refused_and_the_same_file_without_it_is_not(kind: str) -> None:
    receipt, make = str(receipt_for(token_bytes(16))), MAKERS[kind]
    assert refused(make(receipt)) is Refusal.RECEIPT
    assert refused(make(receipt[:-1] + ("A" if receipt[-1] != "A" else "B"))) is None


def test_no_receipt_is_missed_for_its_looks() -> None:
    """One receipt in 75 turns from letters to digits less than four times."""
    receipts = [str(receipt_for(bytes([number]) * 16)) for number in range(256)]
    missed = [each for each in receipts if not holds_receipt(plain_text.words_of(text(each)))]
    assert missed == []


def test_a_printed_pdf_too(browser: Browser) -> None:
    assert refused(printed(browser, str(receipt_for(token_bytes(16))))) is Refusal.RECEIPT
    assert refused(printed(browser, "Jalan rusak di RT 5, KM 12, dekat SD 014.")) is None
    assert refused(samples_pdf.pdf()) is None


def test_it_is_found_wherever_it_stands_in_a_long_text() -> None:
    receipt = str(receipt_for(token_bytes(16)))
    for before in (0, PART - 40, PART - 10, PART, 3 * PART):
        words = "kata " * (before // 5) + receipt.lower().replace("-", " ") + " kata" * 9_000
        assert holds_receipt([words]), before


def test_ordinary_numbers_are_no_receipt() -> None:
    rows = "\n".join(
        f"RT{n:03},KT {n * 7919 % 10_000:04} AB,Rp{n * 1000},2026-11-{n % 28 + 1:02}" for n in range(5_000)
    )
    assert not holds_receipt([rows])


def test_a_picture_is_not_read() -> None:
    """What it shows nobody can take out of it but its maker: docs/threat-model.md says so."""
    assert clean_here(samples.png()).media_type == PNG


def test_both_sides_are_told_what_to_do(tmp_path: Path) -> None:
    world = World(tmp_path)
    told = world.report()
    code = told["receipt"]
    sent = {"receipt": code, "file_key": "a" * 16, "file": (BytesIO(text(code)), "kode.txt")}
    answer = world.thread.post("/api/thread/files", data=sent, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert "Hapus kodenya dari berkas" in answer.get_json()["errors"][0]["message"]
    unit = world.hand_over(told["tracking_id"])
    body = {"csrf_token": unit.csrf, "file_key": "b" * 16, "file": (BytesIO(text(code)), "kode.txt")}
    head = {"Accept": "application/json", "X-CSRF-Token": unit.csrf}
    answer = unit.client.post(f"/desk/cases/{told['tracking_id']}/files", data=body, headers=head)
    assert answer.status_code == 422, answer.data
    assert "Hapus kodenya dari berkas" in answer.get_json()["errors"][0]["message"]


def test_each_document_type_is_tried_above() -> None:
    documents = {kind.media_type for kind in TYPES if not kind.is_photo}
    assert {clean_here(make("Jalan rusak.")).media_type for make in MAKERS.values()} | {PDF} == documents

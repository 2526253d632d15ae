"""Documents by script: made anew by a door that is not told whose they are, sealed on the phone, read at the desk."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route

from functions.casework.receipt import parse_receipt
from functions.crypto.seal.sealing import receipt_for, receipt_keys
from functions.crypto.sign.reporter_acts import forged
from tests.browser.photos import taken
from tests.browser.scene import Scene
from tests.browser.test_thread_files import NONE, adds, files_of, tries_again
from tests.browser.test_thread_script import opened
from tests.browser.writing import Writer, shapes
from tests.sanitize import samples, samples_office, samples_pdf
from tests.server import Client, Running

CLEAN, FILES, WORDS = "/api/clean", "/api/thread/files", "Surat kenariputih kepada kepala dinas."


class Sent:
    """Each request that a page makes, by its path."""

    def __init__(self, source: Any) -> None:
        self.all: list[tuple[str, bytes]] = []
        source.on("request", self._note)

    def _note(self, request: Request) -> None:
        path = "/" + request.url.split("/", 3)[3].partition("?")[0]
        head = json.dumps([request.url, request.headers]).encode()
        self.all.append((path, head + b"\n" + (request.post_data_buffer or b"")))

    def to(self, path: str) -> list[bytes]:
        return [body for to, body in self.all if to == path]

    def holding(self, *secrets: bytes) -> list[str]:
        known = set().union(*map(shapes, secrets))
        return [path for path, body in self.all if any(shape in body for shape in known)]


def secrets_of(receipt: str) -> tuple[bytes, ...]:
    """What leads from a document to its case: the receipt, the look-up value, the case's number."""
    keys = receipt_keys(parse_receipt(receipt))
    return (
        receipt.encode(),
        receipt.replace("-", "").encode(),
        keys.look,
        keys.look.hex().encode(),
        keys.case_id.encode(),
    )


def document(folder: Path, name: str, raw: bytes) -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


def at_the_desk(officer: Client, case_id: str) -> list[str]:
    """The case's files as its officer downloads them, heads before them."""
    files = [file for each in officer.get(f"/desk/cases/{case_id}")["messages"] for file in each["files"]]
    return [officer.raw(f"/desk/cases/{case_id}/files/{file['n']}") for file in files]


@pytest.fixture
def writer(browser: Browser, product: Running) -> Iterator[Writer]:
    person = Writer(browser, product.url)
    yield person
    person.leave()


def test_documents_meet_their_case_in_no_request_and_are_read_at_the_desk(
    page: Page, scene: Scene, tmp_path: Path
) -> None:
    receipt, case_id, officer = scene.handed_over()
    papers = [
        document(tmp_path, "kenarinama.txt", WORDS.encode()),
        document(tmp_path, "kenarinama.pdf", samples_pdf.pdf()),
        document(tmp_path, "kenarinama.DOCX", samples_office.docx()),
    ]
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    sent = Sent(page)
    opened(page, scene, receipt)
    adds(page, *papers)
    page.locator(".told").wait_for()
    assert "3 berkas Anda tersimpan." in (page.locator(".told").text_content() or ""), complaints
    assert (len(sent.to(CLEAN)), len(sent.to(FILES)), complaints) == (3, 3, [])
    look, number = receipt_keys(parse_receipt(receipt)).look, case_id.encode()
    assert sent.holding(receipt.encode(), receipt.replace("-", "").encode(), b"kenarinama") == []
    assert set(sent.holding(number)) == {"/api/thread/sealed", FILES}
    assert set(sent.holding(look, look.hex().encode())) == {"/api/thread/sealed"}
    for body in sent.to(CLEAN):
        assert b'"cookie"' not in body.lower()
        assert sorted(part.partition(b'"')[0] for part in body.split(b'form-data; name="')[1:]) == [
            *(b"count", b"file", b"nonce")
        ]
    assert set(sent.holding(WORDS.encode())) == {CLEAN}
    case = scene.store.read_case(case_id)
    assert forged(case) == ""
    assert [event.clear[:2] for event in case.events if event.kind == "file"] == ["- "] * 3
    for stored in files_of(scene, receipt):
        assert not samples.holds_canary(stored)
        assert stored[-36:] not in b"\n".join(sent.to(FILES))
    text, pdf, docx = at_the_desk(officer, case_id)
    assert WORDS in text
    assert "%PDF-" in pdf
    assert "PK\x03\x04" in docx
    assert not samples.holds_canary(f"{text}{pdf}{docx}".encode("latin-1"))


@pytest.mark.long
def test_after_a_report_sealed_on_the_phone_a_document_goes_the_same_way(
    writer: Writer, scene: Scene, tmp_path: Path
) -> None:
    writer.writes(WORDS)
    writer.checks()
    writer.press("Kirim laporan", 201)
    receipt, sent = writer.code(), Sent(writer.context)
    writer.page.locator("#file").set_input_files(document(tmp_path, "kenarinama.pdf", samples_pdf.pdf()))
    writer.page.get_by_role("button", name="Kirim berkas ini").click()
    writer.page.get_by_text("Berkas Anda tersimpan.").wait_for()
    assert (len(sent.to(CLEAN)), len(sent.to(FILES))) == (1, 1)
    assert sent.holding(receipt.encode(), receipt.replace("-", "").encode(), b"kenarinama") == []
    assert [path for path in sent.holding(*secrets_of(receipt)) if path == CLEAN] == []
    case_id = receipt_keys(parse_receipt(receipt)).case_id
    (pdf,) = at_the_desk(scene.unit_has(case_id), case_id)
    assert ("%PDF-" in pdf, samples.holds_canary(pdf.encode("latin-1"))) == (True, False)


def test_a_document_with_a_code_in_it_is_refused_in_the_pages_words_and_nothing_typed_is_lost(
    page: Page, scene: Scene, tmp_path: Path
) -> None:
    receipt, case_id, _ = scene.handed_over()
    before = scene.store.read_head(case_id).version
    opened(page, scene, receipt)
    page.locator("#message-teks").fill("Belum selesai saya tulis")
    sent = Sent(page)
    adds(page, document(tmp_path, "surat.txt", f"Kode saya {receipt_for(bytes(16))}".encode()))
    page.get_by_text("Di dalam berkas ini ada kode laporan.").wait_for()
    assert (len(sent.to(CLEAN)), sent.to(FILES), scene.store.read_head(case_id).version) == (1, [], before)
    lure = "Kirim kode Anda ke 0812"
    for code, says in (("file_damaged", "rusak"), (lure, "belum diterima"), ("__proto__", "belum diterima")):
        told = json.dumps({"code": code, "detail": lure, "title": lure, "errors": [{"field": lure, "message": lure}]})
        page.route(f"**{CLEAN}", partial(_refuses, told))
        page.locator("#file").set_input_files(document(tmp_path, "surat.txt", b"Surat."))
        page.get_by_role("button", name="Segel dan kirim").click()
        page.locator("[role=status]", has_text=says).wait_for()
        assert lure not in page.locator("body").inner_text()
        page.unroute(f"**{CLEAN}")
    assert page.locator("#message-teks").input_value() == "Belum selesai saya tulis"


def _refuses(told: str, route: Route) -> None:
    route.fulfill(status=422, body=told, content_type="application/problem+json")


@pytest.mark.long
def test_a_busy_cleaner_is_asked_again_and_a_lost_answer_stores_one_file(
    page: Page, scene: Scene, tmp_path: Path
) -> None:
    receipt, case_id, officer = scene.handed_over()
    fates: list[int | str] = [503, 429, "lost", 200]  # 429 is the cloud's own word for "too many at once"
    opened(page, scene, receipt)
    sent = Sent(page)

    def fate(route: Route) -> None:
        now = fates.pop(0) if fates else 200
        if now == "lost":
            route.fetch()
            return route.abort()
        if now == 200:
            return route.continue_()
        return route.fulfill(status=int(now), json={"code": "busy"}, content_type="application/problem+json")

    page.route(f"**{CLEAN}", fate)
    adds(page, document(tmp_path, "surat.txt", WORDS.encode()))
    tries_again(page, page.locator(".told"))
    works = {body.partition(b'name="nonce"\r\n\r\n')[2][:32] for body in sent.to(CLEAN)}
    assert (len(sent.to(CLEAN)), len(works), len(sent.to(FILES))) == (4, 1, 1)  # the work is done once
    assert [WORDS in file for file in at_the_desk(officer, case_id)] == [True]


@pytest.mark.long
def test_a_work_that_is_spent_is_made_anew_by_itself_and_no_false_reason_is_said(
    page: Page, scene: Scene, tmp_path: Path
) -> None:
    receipt, case_id, officer = scene.handed_over()
    opened(page, scene, receipt)
    sent, told = Sent(page), json.dumps({"code": "no_work"})

    def once(route: Route) -> None:
        route.fulfill(status=403, body=told, content_type="application/problem+json")

    page.route(f"**{CLEAN}", once, times=1)
    adds(page, document(tmp_path, "surat.txt", WORDS.encode()))
    tries_again(page, page.locator(".told"))
    works = {body.partition(b'name="nonce"\r\n\r\n')[2][:32] for body in sent.to(CLEAN)}
    assert (len(sent.to(CLEAN)), len(works), len(sent.to(FILES))) == (2, 2, 1)
    assert [WORDS in file for file in at_the_desk(officer, case_id)] == [True]


@pytest.mark.long
def test_a_phone_whose_clock_is_wrong_makes_its_work_by_the_doors_clock(
    page: Page, scene: Scene, tmp_path: Path
) -> None:
    receipt, case_id, officer = scene.handed_over()
    page.add_init_script("const now = Date.now; Date.now = () => now() - 50 * 3600000")
    opened(page, scene, receipt)
    sent = Sent(page)
    adds(page, document(tmp_path, "surat.txt", WORDS.encode()), document(tmp_path, "kedua.txt", b"Surat kedua."))
    tries_again(page, page.locator(".told"))
    assert (len(sent.to(CLEAN)), len(sent.to(FILES))) == (3, 2)  # it asks once more, for the first file alone
    assert WORDS in at_the_desk(officer, case_id)[0]


def test_the_code_of_this_report_in_a_plain_text_does_not_leave_the_phone(
    page: Page, scene: Scene, tmp_path: Path
) -> None:
    """The cleaner refuses it too, but has read it by then."""
    receipt, _, _ = scene.handed_over()
    opened(page, scene, receipt)
    page.locator("summary", has_text="Tambah foto").click()
    page.get_by_text("Jangan tulis kode laporan di dalamnya.").wait_for()
    sent = Sent(page)
    for text in (receipt.encode(), receipt.lower().replace("-", " ").encode(), receipt.encode("utf-16")):
        page.locator("#file").set_input_files(document(tmp_path, "surat.TXT", b"Kode saya: " + text))
        page.get_by_role("button", name="Segel dan kirim").click()
        page.get_by_text("Di dalam berkas ini ada kode laporan.").wait_for()
        page.locator("[role=status]", has_text="ada kode laporan").evaluate("(line) => (line.textContent = '')")
    assert (sent.to(CLEAN), sent.to(FILES)) == ([], [])


@pytest.mark.long
def test_what_is_no_file_is_asked_for_again_and_never_sealed(page: Page, scene: Scene, tmp_path: Path) -> None:
    """As a captive portal answers, or a door that is taken over."""
    receipt, case_id, officer = scene.handed_over()
    strange: list[tuple[str, bytes]] = [
        ("text/plain", b"a" * (6 * 1024 * 1024)),
        *(("application/json", b"{}"), ("text/html", b"<p>Masuk ke Wi-Fi"), ("application/pdf", b"")),
        *(("__proto__", b"Surat."), ("application/octet-stream", b"Surat.")),
    ]
    opened(page, scene, receipt)
    sent = Sent(page)

    def answers(route: Route) -> None:
        if not strange:
            return route.continue_()
        kind, body = strange.pop(0)
        return route.fulfill(status=200, body=body, content_type=kind)

    page.route(f"**{CLEAN}", answers)
    adds(page, document(tmp_path, "surat.txt", WORDS.encode()))
    page.locator("[role=status]", has_text="Berkas ini lebih dari").wait_for()
    page.locator("#file").set_input_files(document(tmp_path, "surat.txt", WORDS.encode()))
    page.get_by_role("button", name="Segel dan kirim").click()
    tries_again(page, page.locator(".told"))
    assert (len(sent.to(CLEAN)), len(sent.to(FILES))) == (7, 1)
    assert [WORDS in file for file in at_the_desk(officer, case_id)] == [True]


def test_after_a_report_that_was_sealed_here_no_server_brings_about_the_older_way(
    writer: Writer, scene: Scene, tmp_path: Path
) -> None:
    """By which it would read the code: a 404 says that the case is of an older release, which this one is not."""
    writer.writes(WORDS)
    writer.checks()
    writer.press("Kirim laporan", 201)
    receipt, sent, page = writer.code(), Sent(writer.context), writer.page
    told = json.dumps({"code": "not_found"})
    page.route(
        "**/api/thread/sealed",
        lambda route: route.fulfill(status=404, body=told, content_type="application/problem+json"),
    )
    page.locator("#file").set_input_files(document(tmp_path, "surat.txt", b"Surat."))
    page.get_by_role("button", name="Kirim berkas ini").click()
    page.get_by_role("button", name="Coba lagi sekarang").wait_for()
    assert page.get_by_text("cara lama").count() == 0
    page.unroute("**/api/thread/sealed")
    tries_again(page, page.get_by_text("Berkas Anda tersimpan."))
    assert sent.holding(receipt.encode(), receipt.replace("-", "").encode()) == []
    assert {complaint.rpartition(": ")[2] for complaint in writer.complaints} == {"404"}  # which was planted
    writer.complaints.clear()


@pytest.mark.long
def test_a_photo_that_the_phone_cannot_make_anew_goes_there_by_choice_and_without_the_code(
    page: Page, scene: Scene, tmp_path: Path
) -> None:
    receipt, case_id, officer = scene.handed_over()
    page.add_init_script(NONE)
    opened(page, scene, receipt)
    sent = Sent(page)
    adds(page, taken(tmp_path, "kenarihijau"))
    page.get_by_text("menerima berkas aslinya").wait_for()
    assert (sent.to(CLEAN), sent.to(FILES)) == ([], [])
    page.get_by_role("button", name="Bersihkan di server, lalu kirim").click()
    page.locator(".told").wait_for()
    assert (len(sent.to(CLEAN)), len(sent.to(FILES))) == (1, 1)
    assert [path for path in sent.holding(*secrets_of(receipt)) if path == CLEAN] == []
    assert sent.holding(receipt.encode(), receipt.replace("-", "").encode()) == []
    (photo,) = at_the_desk(officer, case_id)
    assert ("image/jpeg" in photo, "kenari" in photo) == (True, False)


@pytest.mark.long
def test_the_desk_makes_a_sealed_photo_anew_when_it_is_unfolded_and_not_with_its_case(
    page: Page, scene: Scene, browser: Browser, tmp_path: Path
) -> None:
    receipt, case_id, _ = scene.handed_over()
    opened(page, scene, receipt)
    adds(page, *(taken(tmp_path, f"kenari{colour}", colour) for colour in ("green", "navy", "orange")))
    page.locator(".told").wait_for()
    desk = browser.new_page()
    try:
        desk.goto(scene.link("dpupr-1", "kutim-dpupr", case_id=case_id))
        sent = Sent(desk)
        desk.get_by_role("button").first.click()
        desk.wait_for_url(f"**/desk/cases/{case_id}**")
        desk.wait_for_load_state("networkidle")
        there = f"/desk/cases/{case_id}/files/"
        assert [path for path, _ in sent.all if path.startswith(there)] == []
        folded = desk.locator("details", has_text="Foto, ").filter(has=desk.locator("img"))
        assert folded.count() == 3
        folded.nth(1).locator("summary").click()
        picture = folded.nth(1).locator("img")
        desk.wait_for_function("(img) => img.complete && img.naturalWidth === 640", arg=picture.element_handle())
        assert [path for path, _ in sent.all if path.startswith(there)] == [picture.get_attribute("src")]
    finally:
        desk.close()

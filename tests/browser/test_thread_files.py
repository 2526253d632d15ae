"""Files by script in the thread: photos made anew and sealed on the phone, officers' files opened there."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Request

from functions.casework.receipt import parse_receipt
from functions.crypto.open import opening
from functions.crypto.seal.sealing import receipt_keys
from functions.crypto.sign.reporter_acts import forged
from tests.browser.photos import left_in, taken
from tests.browser.scene import Scene
from tests.browser.test_thread_script import opened
from tests.server import wait_for

# As Tor Browser and others do: what was drawn cannot be read back.
BLANK = """
const real = CanvasRenderingContext2D.prototype.getImageData;
CanvasRenderingContext2D.prototype.getImageData = function (...how) {
  const found = real.apply(this, how);
  found.data.fill(255);
  return found;
};"""
NOISY = BLANK.replace("found.data.fill(255)", "found.data.forEach((_, at) => (found.data[at] = Math.random() * 256))")
OTHER = """
const real = HTMLCanvasElement.prototype.toBlob;
HTMLCanvasElement.prototype.toBlob = function (done, ...how) {
  const white = Object.assign(document.createElement("canvas"), { width: this.width, height: this.height });
  real.call(white, done, ...how);
};"""
THERE = "Bersihkan di server, lalu kirim"  # by the door that cleans and is told no code
NONE = "delete globalThis.createImageBitmap;"
NO_BLOB = "HTMLCanvasElement.prototype.toBlob = function (done) { done(null); };"
UNSIGNED = """
const real = crypto.subtle.importKey.bind(crypto.subtle);
crypto.subtle.importKey = (form, key, how, ...more) =>
  how.name === "Ed25519" ? Promise.reject(new DOMException("", "NotSupportedError")) : real(form, key, how, ...more);"""


def bodies(page: Page) -> list[bytes]:
    """All that the page sends from now on."""
    sent: list[bytes] = []

    def note(request: Request) -> None:
        sent.append(json.dumps([request.url, request.headers]).encode() + (request.post_data_buffer or b""))

    page.on("request", note)
    return sent


def adds(page: Page, *files: Path) -> None:
    page.locator("summary", has_text="Tambah foto").click()
    page.locator("#file").set_input_files(list(files))
    page.get_by_role("button", name="Segel dan kirim").click()


def tries_again(page: Page, done: Locator) -> None:
    """Press "Coba lagi sekarang" whenever it is offered, until ``done`` is there: after a while it is tried again unasked,
    so that the button may go at any moment."""
    button = page.get_by_role("button", name="Coba lagi sekarang")

    def over() -> bool:
        button.evaluate_all("buttons => buttons.forEach((button) => button.click())")
        page.wait_for_timeout(50)
        return done.first.is_visible()

    assert wait_for(over), page.locator("body").inner_text()


def files_of(scene: Scene, receipt: str) -> list[bytes]:
    """The files as they rest, opened with the receipt."""
    keys = receipt_keys(parse_receipt(receipt))
    case = scene.store.read_case(keys.case_id)
    key = opening.unwrap_with_receipt(keys, case.head.wraps.receipt)
    found = []
    for event in case.events:
        if event.kind == "file":
            words = json.loads(opening.open_item(key, keys.case_id, event.n, "file", event.sealed))
            sealed = next(scene.product.folder.rglob(words["blob"])).read_bytes()
            found.append(opening.open_blob(key, keys.case_id, words["blob"], sealed))
    return found


def test_photos_are_made_anew_sealed_and_signed_and_neither_code_nor_photo_leaves(
    page: Page, scene: Scene, tmp_path: Path
) -> None:
    receipt, case_id, _ = scene.handed_over()
    one, two = taken(tmp_path, "kenarisatu"), taken(tmp_path, "kenaridua", "green")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    sent = bodies(page)
    opened(page, scene, receipt)
    adds(page, one, two)
    page.locator(".told").wait_for()
    assert "2 berkas Anda tersimpan." in (page.locator(".told").text_content() or ""), complaints
    case = scene.store.read_case(case_id)
    assert forged(case) == ""
    assert [len(event.sig) for event in case.events if event.kind == "file"] == [64, 64]
    everything = b"\n".join(sent)
    for secret in (receipt, receipt.replace("-", ""), "kenari", ".jpg"):
        assert secret.encode() not in everything
    for stored in files_of(scene, receipt):
        assert left_in(stored) == {}
        assert stored[:3] == b"\xff\xd8\xff"
        assert stored[300:400] not in everything
        assert Image.open(BytesIO(stored)).size == (640, 480)
    assert complaints == []


def test_of_two_files_the_one_that_is_refused_is_told_apart_from_the_one_that_is_stored(
    page: Page, scene: Scene, tmp_path: Path
) -> None:
    receipt, _ = scene.report()
    odd = tmp_path / "odd.exe"
    odd.write_bytes(b"MZ" + bytes(2000))
    good = tmp_path / "note.png"
    good.write_text("Jembatan itu.")  # no picture: the door takes it for the text that it is
    opened(page, scene, receipt)
    adds(page, odd, good)
    page.get_by_role("button", name=THERE).click()
    page.get_by_text("Jenis berkas ini belum dapat diterima.").wait_for()
    said = page.locator("main").inner_text()
    assert "1 berkas Anda tersimpan." in said
    assert ". Berkas Anda tersimpan." not in said


def test_a_file_is_fetched_sealed_shown_and_saved_on_the_phone(page: Page, scene: Scene, tmp_path: Path) -> None:
    receipt, _, _ = scene.handed_over()
    opened(page, scene, receipt)
    adds(page, taken(tmp_path, "kenari", "navy"))
    page.locator(".told").wait_for()
    sent = bodies(page)
    page.locator("li.msg button.file").click()
    canvas = page.locator("li.msg canvas")
    canvas.wait_for()
    colour = canvas.evaluate("(one) => [...one.getContext('2d').getImageData(300, 200, 1, 1).data]")
    assert colour[2] > 100 > colour[0]
    with page.expect_download() as saving:
        page.get_by_role("link", name="Simpan di ponsel ini").click()
    raw = Path(saving.value.path()).read_bytes()
    assert (saving.value.suggested_filename[-4:], raw) == (".jpg", files_of(scene, receipt)[0])
    assert not [body for body in sent if receipt.replace("-", "").encode() in body.replace(b"-", b"")]


@pytest.mark.long
@pytest.mark.parametrize(
    ("lie", "choice"),
    [*((lie, THERE) for lie in (BLANK, NOISY, OTHER, NONE, NO_BLOB)), (UNSIGNED, "Kirim dengan cara lama")],
    ids=["blank", "noisy", "other", "none", "no blob", "unsigned"],
)
def test_where_the_phone_cannot_nothing_is_sent_until_somebody_chooses(
    page: Page, scene: Scene, tmp_path: Path, lie: str, choice: str
) -> None:
    receipt, _, _ = scene.handed_over()
    photo = taken(tmp_path, "kenarihijau")
    page.add_init_script(lie)
    sent = bodies(page)
    opened(page, scene, receipt)
    adds(page, photo)
    page.get_by_text("1 berkas belum dikirim").wait_for()
    assert not [body for body in sent if b"/api/thread/files" in body or b"/api/clean" in body]
    assert receipt.encode() not in b"".join(sent)
    page.get_by_role("button", name=choice).click()
    page.get_by_text("Berkas Anda tersimpan.").wait_for()
    assert (receipt.encode() in b"".join(sent)) is (choice != THERE)  # only by the older way, which was chosen
    assert [left_in(raw) for raw in files_of(scene, receipt)] == [{}]

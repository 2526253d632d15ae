"""A browser whose WebCrypto has no Ed25519: the whole story of the thread by script, with a library that nobody else loads."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from functions.casework.receipt import parse_receipt
from functions.crypto.seal.sealing import receipt_keys
from functions.crypto.sign.name_answers import forged_name
from functions.crypto.sign.reporter_acts import forged
from tests.browser.photos import taken
from tests.browser.scene import Scene
from tests.browser.test_thread_files import bodies
from tests.browser.test_thread_names import FIRST, SECOND, choose, custody, identity
from tests.browser.test_thread_script import ANSWER, REASON, opened, press
from tests.browser.writing import Writer
from tests.server import Running
from tests.trust import CONTACT, NAME
from tests.trust import REASON as WHY

# As Chromium before 137 and older Androids: every call that names it is refused.
MISSING = """
for (const name of ["importKey", "generateKey", "sign", "verify"]) {
  const real = crypto.subtle[name];
  SubtleCrypto.prototype[name] = function (...how) {
    const named = how.some((each) => each === "Ed25519" || (each && each.name === "Ed25519"));
    if (named) return Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"));
    return real.apply(this, how);
  };
}"""


LIBRARY = "**/assets/tanda.*"


def loaded(page: Page) -> list[str]:
    """What the page asks for from now on."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url))
    return found


def tanda(asked: list[str]) -> int:
    return sum("/assets/tanda." in address for address in asked)


def reported(browser: Browser, product: Running, *scripts: str, lost: bool = False) -> tuple[str, list[str]]:
    """A report from a browser of its own: its receipt, and what that browser asked for."""
    writer = Writer(browser, product.url)
    for script in scripts:
        writer.context.add_init_script(script)
    if lost:
        writer.context.route(LIBRARY, lambda route: route.abort())
    asked = loaded(writer.page)
    writer.writes()
    writer.checks()
    writer.press("Kirim laporan", 201)
    receipt = writer.code()
    if lost:
        writer.forgive("net::ERR_FAILED", "Failed to load", "integrity")
    writer.leave()
    return receipt, asked


@pytest.mark.long
def test_the_whole_story_by_script_without_ed25519(
    browser: Browser, product: Running, scene: Scene, page: Page, tmp_path: Path
) -> None:
    receipt, asked = reported(browser, product, MISSING)
    case_id = receipt_keys(parse_receipt(receipt)).case_id
    assert tanda(asked) == 1
    page.add_init_script(MISSING)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sent, asked = bodies(page), loaded(page)
    assert len(scene.store.read_head(case_id).wraps.act) == 32  # the phone made the key of its acts
    scene.batch_comes(case_id)
    officer = scene.unit_has(case_id)
    opened(page, scene, receipt)
    page.locator("#message-teks").fill(ANSWER)
    assert "Pesan Anda tersimpan." in press(page, "Kirim")
    page.locator("summary", has_text="Tambah foto").click()
    page.locator("#file").set_input_files([taken(tmp_path, "kenari")])
    page.get_by_role("button", name="Segel dan kirim").click()
    page.locator("#utama > .told", has_text="Berkas Anda tersimpan.").wait_for()  # the page is made anew once more
    page.locator("summary", has_text="Identitas Anda").click()
    page.locator("#nama-name").fill(NAME)
    page.locator("#nama-contact").fill(CONTACT)
    assert "Identitas Anda dititipkan." in press(page, "Titipkan")
    names = custody(scene)
    names.ask(FIRST, case_id, WHY)
    opened(page, scene, receipt)
    choose(page, "yes")
    press(page, "Kirim jawaban")
    names.open(SECOND, case_id, "Setuju.")
    assert names.look(SECOND, case_id).name == NAME
    scene.close(officer, case_id)
    opened(page, scene, receipt)
    page.locator("summary", has_text="Belum selesai").click()
    page.locator("#reopen-teks").fill(REASON)
    press(page, "Kembalikan ke dinas")
    scene.close(officer, case_id)
    opened(page, scene, receipt)
    page.locator("details.choose summary").first.click()
    page.locator("input[name=rating][value='4']").check()
    page.locator("form:has(#confirm-teks) button").click()
    page.locator(".told").wait_for()
    case = scene.store.read_case(case_id)
    signed = [len(event.sig) for event in case.events if event.by == "pelapor"]
    assert signed == [32, 64, 64, 64, 64, 64]
    assert (case.head.closing.rating, forged(case), forged_name(case, identity(scene, case_id))) == (4, "", "")
    page.locator("details:has(input[name=sure]) > summary").click()
    page.locator("input[name=sure]").check()
    with page.expect_response("**/api/thread/acts"):  # the sentence of the rating still stands there
        page.locator("form:has(input[name=sure]) button").click()
    page.locator(".told").wait_for()
    assert (scene.store.read_head(case_id).withdrawn, forged(scene.store.read_case(case_id))) == (True, "")
    everything = b"".join(sent).replace(b"-", b"")
    assert receipt.replace("-", "").encode() not in everything
    assert (tanda(asked), complaints) == (asked_pages(asked), [])


def asked_pages(asked: list[str]) -> int:
    """How often the thread's page was loaded: the library comes once with each, by the browser's cache or not."""
    return sum(address.endswith("/lacak/") for address in asked)


@pytest.mark.long
def test_a_browser_that_has_it_loads_no_library(browser: Browser, product: Running, scene: Scene, page: Page) -> None:
    receipt, before = reported(browser, product)
    asked = loaded(page)
    opened(page, scene, receipt)
    page.locator("#message-teks").fill(ANSWER)
    press(page, "Kirim")
    assert (tanda(before), tanda(asked)) == (0, 0)


def test_where_the_library_does_not_come_the_report_is_sealed_and_the_thread_says_so(
    browser: Browser, product: Running, scene: Scene, page: Page
) -> None:
    receipt, _ = reported(browser, product, MISSING, lost=True)
    case_id = receipt_keys(parse_receipt(receipt)).case_id
    assert scene.store.read_head(case_id).wraps.act == b""  # as of an older browser: its first act brings the key
    receipt, _ = scene.report()
    page.add_init_script(MISSING)
    page.route(LIBRARY, lambda route: route.abort())
    opened(page, scene, receipt)
    page.locator("#message-teks").fill(ANSWER)
    page.get_by_role("button", name="Kirim").click()
    expect(page.locator(".errors")).to_contain_text("Tidak ada sambungan")
    assert page.locator("#message-teks").input_value() == ANSWER
    page.unroute(LIBRARY)
    assert "Pesan Anda tersimpan." in press(page, "Kirim")  # it is asked for again

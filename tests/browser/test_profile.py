"""What a browser writes down by itself: the files from which Chromium brings its windows back hold what forms sent,
unless a password was sent with it. A phone that is taken away must not give up a receipt by them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.people import ARGUMENTS, OLD_WAY, PATIENCE_MS, chromium
from tests.browser.scene import UNIT, Scene
from tests.contents import contents

WORDS = "kenaribiruterbang di depan kantor"
ANSWER = "kenarihijauhinggap di pagar"
REASON = "kenarikuningmenelepon hari ini"
UNFOLD = "for (const d of document.querySelectorAll('details')) { d.removeAttribute('name'); d.open = true }"


@contextmanager
def on_disk(browser: Browser, profile: Path, *, javascript: bool) -> Iterator[Page]:
    """A page of a browser that keeps a profile; closed as a person closes it, when all is written down."""
    context = browser.browser_type.launch_persistent_context(
        profile, executable_path=chromium(), args=ARGUMENTS, java_script_enabled=javascript, locale="id-ID"
    )
    context.set_default_timeout(PATIENCE_MS)
    try:
        yield context.new_page()
    finally:
        context.close()


def found(profile: Path, *secrets: str) -> set[str]:
    """The secrets that stand in any file of the profile, as text of one or two bytes, whole or without dashes, or as a
    form encodes it."""
    files = [content for _, content in contents(profile)]
    assert len(files) > 20
    shapes = {s: {s, s.replace("-", ""), quote(s), s.replace(" ", "+")} for s in secrets}
    return {
        secret
        for secret, forms in shapes.items()
        if any(form.encode(code) in content for form in forms for code in ("utf-8", "utf-16-le") for content in files)
    }


def looks(page: Page, scene: Scene, receipt: str, *, bare: bool = False) -> None:
    page.add_init_script(OLD_WAY)
    page.goto(f"{scene.product.url}/lacak/")
    page.get_by_label("Kode laporan").locator("visible=true").fill(receipt)
    if bare:
        page.evaluate("document.querySelectorAll('[name=z]').forEach((field) => field.remove())")
    page.get_by_role("button", name="Buka laporan").click()
    page.wait_for_url("**/api/thread")
    assert WORDS in page.content()


@pytest.mark.every_day(1)
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_a_phone_that_is_taken_away_has_no_receipt_and_no_word_on_its_disk(
    browser: Browser, scene: Scene, tmp_path: Path, javascript: bool
) -> None:
    receipt, _ = scene.report(body=WORDS)
    with on_disk(browser, tmp_path / "profile", javascript=javascript) as page:
        looks(page, scene, receipt)
        page.locator("#body").fill(ANSWER)
        page.locator("#body").press("Tab")
        page.locator("form:has(#body) button").click()
        page.get_by_text(ANSWER).wait_for()
        page.goto(f"{scene.product.url}/")
    assert found(tmp_path / "profile", receipt, WORDS, ANSWER) == set()


@pytest.mark.long
def test_a_report_that_was_typed_without_scripts_is_not_on_the_disk(
    browser: Browser, scene: Scene, tmp_path: Path
) -> None:
    with on_disk(browser, tmp_path / "profile", javascript=False) as page:
        page.goto(f"{scene.product.url}/lapor/")
        page.get_by_label("Di kecamatan mana?").select_option(index=1)
        page.get_by_label("Apa yang terjadi?").fill(WORDS)
        page.get_by_role("button", name="Periksa sebelum dikirim").click()
        page.get_by_role("button", name="Kirim laporan").click()
        receipt = "".join((page.locator(".code").first.text_content() or "").split())
        page.goto(f"{scene.product.url}/")
    assert len(receipt) == 29
    assert found(tmp_path / "profile", receipt, WORDS) == set()


@pytest.mark.long
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_an_office_computer_keeps_no_answer_and_no_reason_on_its_disk(
    browser: Browser, scene: Scene, tmp_path: Path, javascript: bool
) -> None:
    _, case_id, _ = scene.handed_over(body=f"{WORDS}. Nama saya Bunga Melati.")
    link = scene.link("dpupr-1", UNIT, case_id=case_id)
    with on_disk(browser, tmp_path / "profile", javascript=javascript) as page:
        page.goto(link)
        if javascript:
            page.wait_for_function("document.getElementById('token').value")
        else:
            page.locator("#token").fill(link)
        page.get_by_role("button", name="Masuk").click()
        page.goto(f"{scene.product.url}/desk/cases/{case_id}?do=more")
        page.evaluate(UNFOLD)
        page.locator("form[action$='/unmask'] input[value='records']").check()
        page.locator("form[action$='/unmask'] textarea").fill(REASON)
        page.locator("form[action$='/unmask'] button").click()
        page.locator(".said").get_by_text("Bunga Melati").wait_for()
        page.locator("form[action$='/messages'] textarea").fill(ANSWER)
        page.get_by_role("button", name="Simpan konsep").click()
        page.get_by_text("Konsep tersimpan.").first.wait_for()
        page.get_by_role("button", name="Kirim jawaban").click()
        page.get_by_text(ANSWER).wait_for()
        page.goto(f"{scene.product.url}/")
    assert found(tmp_path / "profile", WORDS, REASON, ANSWER, "Bunga Melati") == set()


def test_without_the_field_that_is_left_out_of_it_the_receipt_would_be_there(
    browser: Browser, scene: Scene, tmp_path: Path
) -> None:
    """That the search finds what is there."""
    receipt, _ = scene.report(body=WORDS)
    with on_disk(browser, tmp_path / "profile", javascript=True) as page:
        looks(page, scene, receipt, bare=True)
        page.goto(f"{scene.product.url}/")
    assert found(tmp_path / "profile", receipt) == {receipt}

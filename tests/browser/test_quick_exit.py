"""After the quick exit, Back and Reload show nothing of ours, in a real browser with its memory of pages (bfcache)."""

from collections.abc import Iterator
from contextlib import suppress
from secrets import token_hex

import pytest
from playwright.sync_api import Browser, Error, Page

from functions.web import quick_exit
from tests.browser.people import ARGUMENTS, OLD_WAY, PATIENCE_MS, chromium
from tests.browser.scene import WORDS, Scene
from tests.server import Running, wait_for

FILLED = "() => [...document.querySelectorAll('input:not([type=hidden]), textarea')].map((e) => e.value).join(' ')"


@pytest.fixture(scope="module")
def keeping(browser: Browser) -> Iterator[Browser]:
    """A browser as people have it: Playwright turns the memory of pages off."""
    own = browser.browser_type.launch(
        executable_path=chromium(), args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield own
    own.close()


@pytest.fixture
def page(keeping: Browser) -> Iterator[Page]:
    context = keeping.new_context(viewport={"width": 360, "height": 640})
    context.set_default_timeout(PATIENCE_MS)
    # The next site, which this machine cannot reach. It answers a document, so the browser stands on another origin.
    context.route(f"{quick_exit.ELSEWHERE}**", lambda route: route.fulfill(body="<title>Cuaca</title><h1>Cuaca</h1>"))
    yield context.new_page()
    context.close()


def seen(page: Page) -> str:
    """All that can be read on the page or in its fields, once it stands still: what is on its way has no words yet."""

    def read() -> list[str]:
        with suppress(Error):
            if page.evaluate("document.readyState") == "complete":
                body = page.locator("body")
                return [str(body.inner_text()) + str(page.evaluate(FILLED)) if body.count() else ""]
        return []

    found = wait_for(read)
    assert found, page.url
    return str(found[0])


def source(page: Page) -> str:
    """The markup of the page, once it stands still."""

    def read() -> list[str]:
        with suppress(Error):
            return [page.content()]
        return []

    found = wait_for(read)
    assert found, page.url
    return str(found[0])


def leave(page: Page) -> None:
    page.get_by_role("link", name="Keluar cepat").click()
    page.wait_for_url(f"{quick_exit.ELSEWHERE}**")
    assert page.title() == "Cuaca"


def tried(page: Page, how: str) -> None:
    """Back, forward or reload, as somebody does who takes the phone; a page that asks before it sends again is no
    page of ours."""
    go = {"back": page.go_back, "reload": page.reload, "forward": page.go_forward}[how]
    with suppress(Error):
        # A page that comes out of the browser's memory tells of no load: it would be waited for in vain.
        go(wait_until="commit" if how == "forward" else "load", timeout=8000)


@pytest.mark.long
@pytest.mark.parametrize("then", ["read", "read and answered", "read and gone on", "read on the phone"])
def test_neither_back_nor_reload_shows_the_thread_or_the_code(page: Page, product: Running, then: str) -> None:
    receipt, _ = Scene(product).report()
    if then != "read on the phone":
        page.add_init_script(OLD_WAY)
    page.goto(f"{product.url}/lacak/")
    page.get_by_label("Kode laporan").fill(receipt)
    page.get_by_role("button", name="Buka laporan").click()
    if then == "read on the phone":
        page.locator(".track").wait_for()
    else:
        page.wait_for_url("**/api/thread")
    assert WORDS in seen(page)
    if then == "read and gone on":  # to a page without a script
        page.get_by_role("link", name="Bantuan", exact=True).click()
        page.wait_for_url("**/bantuan/")
    if then == "read and answered":  # one answer to a form stands behind another in the history then
        page.get_by_label("Tambahkan sesuatu").fill("Masih putus.")
        page.get_by_role("button", name="Kirim", exact=True).click()
        page.wait_for_url("**/api/thread/messages")
        assert WORDS in seen(page)
    leave(page)
    for how in ("back", "reload", "back", "reload", "back", "reload", "forward", "reload"):
        tried(page, how)
        said = seen(page)
        assert WORDS not in said, how
        assert receipt not in said, how
        assert receipt.split("-")[0] not in said, how


# A form as the portal's own, for what a script on /lapor/ would send otherwise: the door answers with the receipt.
SENT = """fields => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = "/api/reports";
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}"""


@pytest.mark.long
@pytest.mark.parametrize("key", [True, False], ids=["receipt", "check page"])
def test_nor_the_receipt_nor_what_was_written(page: Page, product: Running, key: bool) -> None:
    fields = {"kind": "pengaduan", "topic": "jalan", "district": "64.08.04", "body": WORDS}
    page.goto(f"{product.url}/lacak/")
    page.evaluate(SENT, fields | ({"submission_key": token_hex(16)} if key else {}))
    page.wait_for_url("**/api/reports")
    secret = page.locator("[data-copy]").first.get_attribute("data-copy") if key else WORDS
    assert secret
    assert secret in page.content()
    leave(page)
    for how in ("back", "reload", "back", "reload"):
        tried(page, how)
        assert secret not in source(page), how


@pytest.mark.long
def test_nor_what_stands_in_a_field(page: Page, product: Running) -> None:
    for path, label in (("/lacak/", "Kode laporan"), ("/lapor/", "Apa yang terjadi?")):
        page.goto(product.url + path)
        field = page.get_by_label(label).locator("visible=true").first
        field.fill("KENARI di kolom")
        leave(page)
        for how in ("back", "reload"):
            tried(page, how)
            assert "KENARI" not in seen(page), (path, how)


def test_who_comes_again_by_the_address_is_welcome(page: Page, product: Running) -> None:
    page.goto(f"{product.url}/lacak/")
    leave(page)
    page.goto(f"{product.url}/lacak/")
    assert "Buka laporan Anda" in seen(page)
    page.reload()
    assert "Buka laporan Anda" in seen(page)


def test_within_the_thread_reload_works_as_before(page: Page, product: Running) -> None:
    receipt, _ = Scene(product).report()
    page.add_init_script(OLD_WAY)
    page.goto(f"{product.url}/lacak/")
    page.get_by_label("Kode laporan").fill(receipt)
    page.get_by_role("button", name="Buka laporan").click()
    page.wait_for_url("**/api/thread")
    page.reload()
    assert WORDS in seen(page)


def test_without_a_script_it_leads_away_and_the_help_page_says_what_it_cannot(
    keeping: Browser, product: Running
) -> None:
    context = keeping.new_context(java_script_enabled=False)
    context.route(f"{quick_exit.ELSEWHERE}**", lambda route: route.fulfill(body="<title>Cuaca</title><h1>Cuaca</h1>"))
    page = context.new_page()
    page.goto(f"{product.url}/bantuan/")
    assert "Tanpa JavaScript" in page.locator("#bersama ~ p").nth(1).inner_text()
    leave(page)
    context.close()

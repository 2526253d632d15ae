from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.axe import STRUCTURE, Axe, Screen, on_each
from tests.depth import deep
from tests.site.samples import DOOR_PAGES, RECEIPT
from tests.site.served import served
from tests.site.test_pages import PATHS

AXE = Axe()
TOKEN = "." + "aB3-_" * 30 + "." + "Zz9" * 20
PRESSED = "button,select,textarea,input:not([type=hidden],[type=radio],[type=checkbox]),.choice,.btn,.leave,.mark,.foot a,.toc a,.errors a"
SMALL = (
    f"[...document.querySelectorAll('{PRESSED}')]"
    ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 80))"
)
STRUCTURED = deep((320, 360, 1280), (360,))  # the same markup at each width; every day it is asked once
NARROWEST = 320  # also 1,280 at 400 %
SCREENS: list[Screen] = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark"), (NARROWEST, "light")]


class Door:
    """Remembers what was posted to it."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, dict[str, list[str]]]] = []

    def __call__(self, environ, start_response):
        if environ["REQUEST_METHOD"] != "POST":
            start_response("200 OK", [("Content-Type", "image/x-icon")])  # a browser's wish for an icon
            return [b""]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.posted.append((environ["PATH_INFO"], parse_qs(body.decode(), keep_blank_values=True)))
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [b"<!doctype html><html lang=id><title>x</title><h1>x</h1></html>"]


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def origin(frozen: Path, render: Callable[[str, str], str], door: Door, tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "portal"
    folder.mkdir()
    for path in frozen.iterdir():
        (folder / path.name).symlink_to(path)
    for name in DOOR_PAGES:
        (folder / f"x-{name}.html").write_text(render(name, "id"))
    with served(folder, door) as url:
        yield url


def _page(context: BrowserContext, complaints: list[str]) -> Page:
    page = context.new_page()
    # A browser that does not know one of the features we switch off says so; that is no fault of the page.
    page.on("console", lambda line: None if "Permissions-Policy" in line.text else complaints.append(line.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


def test_every_page_is_accessible_fits_and_breaks_no_policy(browser: Browser, origin: str, door: Door) -> None:
    context = browser.new_context(reduced_motion="reduce")
    complaints: list[str] = []
    page = _page(context, complaints)
    paths = [*(f"/{path}" for path in PATHS), "/en/lapor/", "/404.html", *(f"/x-{name}.html" for name in DOOR_PAGES)]
    for path in paths:
        assert page.goto(origin + path).status == 200
        for width, scheme in on_each(page, SCREENS):
            found = [AXE.contrast(page)]
            found += [AXE.run(page, STRUCTURE)] if scheme == "light" and width in STRUCTURED else []
            for results in found:
                assert results.violations_count == 0, f"{path} {width} {scheme}: {results.generate_report()}"
            if width == NARROWEST:
                assert AXE.lost_in_forced_colours(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert complaints == []
    assert context.cookies() == []
    assert door.posted == []
    context.close()


def test_what_is_pressed_is_large_enough(browser: Browser, origin: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 640})
    for path in (
        "/",
        "/lapor/",
        "/lacak/",
        "/masuk/",
        "/bantuan/",
        "/x-check.html",
        "/x-receipt.html",
        "/x-form-wrong.html",
    ):
        page.goto(origin + path)
        small = page.evaluate(SMALL)
        assert small == [], path
    page.close()


def test_the_link_from_the_mail_is_filled_in_and_sent_by_a_press(browser: Browser, origin: str, door: Door) -> None:
    complaints: list[str] = []
    context = browser.new_context()
    page = _page(context, complaints)
    page.goto(f"{origin}/masuk/#{TOKEN}")
    page.wait_for_function("document.getElementById('token').value")
    assert page.url == f"{origin}/masuk/"  # out of the address bar and the history
    assert door.posted == []  # a scanner that runs scripts must not use the link up
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/session")
    assert door.posted == [("/desk/session", {"lang": ["id"], "z": ["1"], "token": [TOKEN]})]
    page.go_back()
    page.wait_for_timeout(300)
    assert TOKEN not in page.url
    assert len(door.posted) == 1
    assert complaints == []
    context.close()


def test_the_receipts_picture_opens_the_page_with_the_code_filled_in(browser: Browser, origin: str) -> None:
    page = browser.new_page()
    page.goto(f"{origin}/lacak/#K7QM2-XRD9H-0F4TW-B6CZE-8M3NA")
    page.wait_for_function("document.getElementById('receipt').value")
    assert page.input_value("#receipt") == "K7QM2-XRD9H-0F4TW-B6CZE-8M3NA"
    assert page.url == f"{origin}/lacak/"
    page.close()


@pytest.mark.parametrize("fragment", ["utama", "x" * 24, "<img src=x>" * 20, "a b" * 40])
def test_what_is_no_link_is_not_taken(browser: Browser, origin: str, door: Door, fragment: str) -> None:
    page = browser.new_page()
    page.goto(f"{origin}/masuk/#{fragment}")
    page.wait_for_timeout(200)
    assert door.posted == []
    assert page.input_value("#token") == ""
    page.close()


def test_without_script_an_officer_pastes_the_link(browser: Browser, origin: str, door: Door) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{origin}/en/masuk/#{TOKEN}")
    page.fill("#token", f"{origin}/masuk/#{TOKEN}")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/session")
    assert door.posted[0][1] == {"lang": ["en"], "z": ["1"], "token": [f"{origin}/masuk/#{TOKEN}"]}
    context.close()


def test_the_receipts_buttons_appear_only_with_script_and_copy_the_code(browser: Browser, origin: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{origin}/x-receipt.html")
    page.get_by_role("button", name="Salin").click()
    page.get_by_role("button", name="Tersalin").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == str(RECEIPT)
    assert page.get_by_role("button", name="Cetak").is_visible()
    context.close()
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{origin}/x-receipt.html")
    assert page.locator("button:visible").all_inner_texts() == ["Kirim berkas ini", "Kode sudah saya simpan"]
    plain.close()


def test_the_form_posts_what_the_contract_names(browser: Browser, origin: str, door: Door) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{origin}/lapor/")
    page.select_option("#district", "64.08.04")
    page.fill("#body", "Lampu jalan mati\ndua minggu")
    page.get_by_role("button", name="Periksa sebelum dikirim").click()
    page.wait_for_url("**/api/reports")
    path, fields = door.posted[0]
    assert path == "/api/reports"
    assert fields["body"] == ["Lampu jalan mati\r\ndua minggu"]
    assert fields["district"] == ["64.08.04"]
    assert (fields["kind"], fields["topic"], fields["identity_mode"]) == (["pengaduan"], [""], ["anonim"])
    context.close()

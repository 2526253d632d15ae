"""The quick exit in a real browser: what it takes along, and that it stays in sight on a small phone."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import render_template
from playwright.sync_api import Browser, BrowserContext, Locator

from functions.web import quick_exit
from functions.web.door import make_door
from functions.web.layout import assets
from tests.server import wait_for
from tests.site.served import served

ROOT = Path(__file__).parents[2]
TOP = "e => e.getBoundingClientRect().top"
# Of the fonts that stand in where a phone has none of ours, the widest; and what a reader sets who sees badly.
WIDE = "* { font-family: 'DejaVu Sans' !important }"
LARGE = "html { font-size: 200% !important }"
STORED = "() => [document.cookie, localStorage.length, sessionStorage.length]"


def bottom(what: Locator) -> float:
    return float(what.evaluate("e => e.getBoundingClientRect().bottom"))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "index.html").write_text(
        "<!doctype html><html lang=id><title>Cuaca</title><h1>Cuaca</h1></html>"
    )
    with served(tmp_path / "elsewhere") as url:
        yield url.replace("127.0.0.1", "localhost")  # another site to the browser, not only another port


@pytest.fixture
def origin(tmp_path: Path, elsewhere: str) -> Iterator[str]:
    """A long page in our layout with our style, and the exit beside it."""
    app = make_door(__name__, {}, https=False)
    quick_exit.register(app, elsewhere)

    @app.get("/panjang")
    def long() -> str:
        return render_template("message.html", title="Panjang", paragraphs=["Baris."] * 200)

    folder = tmp_path / "portal"
    (folder / "assets").mkdir(parents=True)
    shutil.copy(ROOT / "site/assets/lapor.css", folder / "assets" / assets()["lapor.css"])
    with served(folder, app) as url:
        yield url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 320, "height": 568})
    yield context
    context.close()


@pytest.mark.parametrize("javascript", [True, False])
def test_one_press_leads_away_without_javascript_too(browser: Browser, origin: str, javascript: bool) -> None:
    context = browser.new_context(java_script_enabled=javascript, viewport={"width": 320, "height": 568})
    page = context.new_page()
    page.goto(f"{origin}/panjang")
    with page.expect_navigation():
        page.get_by_role("link", name="Keluar cepat").click()
    assert page.url.startswith("http://localhost:")
    assert page.title() == "Cuaca"
    context.close()


def test_what_our_pages_left_in_the_browser_is_gone(context: BrowserContext, origin: str) -> None:
    page = context.new_page()
    page.goto(f"{origin}/panjang")
    page.evaluate("document.cookie = 'a=b'; localStorage.setItem('draf', 'tulisan'); sessionStorage.setItem('x', 'y')")
    assert page.evaluate(STORED) == ["a=b", 1, 1]
    page.get_by_role("link", name="Keluar cepat").click()
    page.wait_for_url("http://localhost:*/**")
    page.goto(f"{origin}/panjang")
    assert page.evaluate(STORED)[:2] == ["", 0]


def test_another_sites_page_takes_nothing_away(context: BrowserContext, origin: str, elsewhere: str) -> None:
    page = context.new_page()
    page.goto(f"{origin}/panjang")
    page.evaluate("localStorage.setItem('draf', 'tulisan')")
    stranger = context.new_page()
    stranger.goto(elsewhere)
    with stranger.expect_response(f"{origin}/keluar") as asked:
        stranger.evaluate("url => { location = url }", f"{origin}/keluar")
    assert asked.value.status == 303
    stranger.wait_for_url(f"{elsewhere}/**")
    assert page.evaluate("localStorage.getItem('draf')") == "tulisan"


@pytest.mark.every_day(4)
@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("style", [(), (WIDE,), (WIDE, LARGE)], ids=["as it comes", "in a wide font", "twice as large"])
def test_it_stays_in_sight_and_covers_nothing(
    context: BrowserContext, origin: str, width: int, lang: str, style: tuple[str, ...]
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(f"{origin}/panjang?lang={lang}")
    page.evaluate("style => { for (const rule of style) document.styleSheets[0].insertRule(rule) }", style)
    link, main, top = page.locator("a.leave"), page.locator("main"), page.locator("header.top")
    assert bottom(top) <= main.evaluate(TOP)  # nothing begins beneath it
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.mouse.wheel(0, 3000)
    assert wait_for(lambda: page.evaluate("scrollY > 1000"))
    assert 0 <= link.evaluate(TOP) < bottom(top) < 640 / 4
    assert bottom(link) - link.evaluate(TOP) >= 44
    # What a link or an error summary jumps to is not hidden behind the header.
    page.evaluate("document.querySelectorAll('main p')[100].id = 'sini'")
    page.evaluate("location.hash = 'sini'")
    assert wait_for(lambda: 0 < page.locator("#sini").evaluate(TOP) < 640)
    assert bottom(top) <= page.locator("#sini").evaluate(TOP)


def test_on_a_low_screen_it_does_not_take_the_place_of_the_words(context: BrowserContext, origin: str) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 × 1024 at 400 %
    page.goto(f"{origin}/panjang")
    page.mouse.wheel(0, 2000)
    assert wait_for(lambda: page.evaluate("scrollY > 500"))
    box = page.locator("header.top").bounding_box()
    assert box
    assert box["y"] + box["height"] < 0

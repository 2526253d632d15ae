"""The reporter's whole story on the smallest screen, and by the rules of browsers that render pages elsewhere: a
phone of 240 by 320 points without scripts, and a proxy that changes what a browser says of itself and keeps nothing."""

import json
import re
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex

import pytest
from playwright.sync_api import Browser, Route, expect

from functions.web import layout
from tests.browser.axe import Axe
from tests.browser.people import Person
from tests.browser.photos import taken
from tests.browser.scene import Scene
from tests.pages import check_page
from tests.server import Running

SMALL = (240, 320)
TAP_PX = 24
BODY = "Sumur desa berbau solar sejak Jumat. Nama saya Budi Contoh, hp 0812-3456-7890."
UNFOLD = "for (const d of document.querySelectorAll('details')) { d.removeAttribute('name'); d.open = true }"
# What somebody can press and see, but for links within a sentence, which WCAG 2.5.8 leaves out.
TAPS = """() => Array.from(document.querySelectorAll('a, button, summary, select, textarea, input:not([type=hidden])'))
  .filter((e) => e.getClientRects().length && !e.closest('p, li > span') && !e.matches('.skip'))
  .map((e) => [e.closest('label') || e, e.textContent || e.id])
  .map(([e, name]) => [e.getBoundingClientRect(), name])
  .map(([box, name]) => [name, Math.round(box.width), Math.round(box.height)])"""
WIDTH = "document.documentElement.scrollWidth"
AXE = Axe()
OPERA_MINI = "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1.32052/191.308; U; id) Presto/2.12.423 Version/12.16"


class Small(Person):
    """Somebody with the smallest screen, whose every page is looked over."""

    def __init__(self, browser: Browser, url: str) -> None:
        super().__init__(browser, url, javascript=False, screen=SMALL)
        self.context.route("**/*", self._by_proxy)
        self.addresses: set[str] = set()
        width, height = SMALL
        self.glass = browser.new_page(viewport={"width": width, "height": height})

    def leave(self) -> None:
        self.glass.close()
        super().leave()

    def _by_proxy(self, route: Route) -> None:
        """As a proxy that renders pages for phones asks: another agent, no cookie, no referer, no client hints."""
        self.addresses.add(re.sub(r"^https?://[^/]*", "", route.request.url))
        dropped = ("referer", "cookie", "sec-ch", "sec-fetch", "origin")
        headers = {name: text for name, text in route.request.headers.items() if not name.startswith(dropped)}
        route.continue_(headers=headers | {"user-agent": OPERA_MINI, "x-operamini-phone": "Nokia # 225"})

    def look(self) -> str:
        said = super().look()
        for unfold in ("", UNFOLD):
            self.page.evaluate(unfold)
            assert self.page.evaluate(WIDTH) <= SMALL[0], said
            taps = self.page.evaluate(TAPS)
            assert len(taps) > 2, taps
            assert [tap for tap in taps if min(tap[1:]) < TAP_PX] == []
        self._is_accessible()
        assert self.context.cookies() == []
        return said

    def _is_accessible(self) -> None:
        """Asked of the same page under glass: axe is a script, and runs only where there are scripts."""
        html = self.page.content()
        self.glass.route(
            "**/*",
            lambda route: (
                route.fulfill(body=html, content_type="text/html; charset=utf-8")
                if route.request.resource_type == "document"
                else route.fulfill(body="", content_type="text/javascript")
                if route.request.resource_type == "script"
                else route.continue_()
            ),
        )
        self.glass.goto(self.page.url.partition("#")[0])
        for scheme, options in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
            self.glass.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            results = AXE.run(self.glass, options=options)
            assert results.violations_count == 0, f"{self.page.title()}, {scheme}: {results.generate_report()}"
        self.glass.unroute_all()


@pytest.fixture
def someone(browser: Browser, product: Running) -> Iterator[Small]:
    person = Small(browser, product.url)
    yield person
    person.leave()


@pytest.mark.long
def test_the_whole_story_on_the_smallest_screen_by_a_proxy(someone: Small, product: Running, tmp_path: Path) -> None:
    scene = Scene(product)
    someone.go("/")
    someone.follow("Tulis laporan")
    someone.press("Periksa sebelum dikirim", 422)
    someone.choose("Di kecamatan mana?", "Sangkulirang")
    someone.write("Apa yang terjadi?", BODY)
    someone.press("Periksa sebelum dikirim")
    someone.reads("Ini mungkin menunjukkan siapa Anda")
    someone.page.get_by_label("0812-3456-7890").check()
    someone.press("Samarkan yang dicentang")
    someone.press("Kirim laporan", 201)
    receipt, case_id = someone.code(), someone.case_id()
    someone.send_file(taken(tmp_path, "canary"))
    officer = scene.unit_has(case_id)
    scene.reply(officer, case_id, "Tim kami mengambil contoh air hari Senin.")
    someone.open_report(receipt)
    someone.reads("Tim kami mengambil contoh air hari Senin.")
    someone.write("Balas petugas", "Sumurnya di belakang masjid.")
    someone.press("Kirim", 201)
    scene.close(officer, case_id)
    someone.open_report(receipt)
    someone.write("Apa yang belum selesai?", "Airnya masih berbau.")
    someone.press("Kembalikan ke dinas")
    scene.close(officer, case_id)
    someone.open_report(receipt)
    someone.write("Mengapa Anda tidak setuju?", "Tidak ada yang datang.")
    someone.press("Ajukan banding")
    someone.reads("Banding")
    asked = {address.partition("?")[0] for address in someone.addresses}
    assert {address for address in asked if "." in address} == {layout.asset("lapor.css")}
    assert "0812-3456-7890" not in json.dumps(scene.post.post("/api/thread", {"receipt": receipt}))


@pytest.fixture
def story(product: Running) -> Callable[[], list[str]]:
    """The HTML of each page that a reporter meets on his way, from where the first one starts to the last one's end."""

    def pages() -> list[str]:
        scene = Scene(product)
        receipt, case_id, officer = scene.handed_over()
        fields = {"kind": "pengaduan", "topic": "jalan", "district": "64.08.04", "body": BODY}
        found = [fetch(product, path) for path in ("/", "/lapor/", "/lacak/", "/bantuan/", "/privasi/")]
        found += [fetch(product, "/api/reports", **fields)]
        found += [fetch(product, "/api/reports", **fields, submission_key=token_hex(16))]
        found += [fetch(product, "/api/thread", receipt=receipt)]
        scene.close(officer, case_id)
        return [*found, fetch(product, "/api/thread", receipt=receipt)]

    return pages


def fetch(product: Running, path: str, **fields: str) -> str:
    """A page as a browser asks for it, by a form where there are fields."""

    data = urllib.parse.urlencode(fields).encode() if fields else None
    request = urllib.request.Request(product.url + path, data=data, headers={"Accept": "text/html"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read().decode()


def test_no_page_needs_a_script(story: Callable[[], list[str]]) -> None:
    """No page says that it needs one, is shown by one, or has a way on that only a script makes."""
    needed: dict[str, list[str]] = {}
    for html in story():
        root = check_page(html)
        scripts = [script.get("src", "") for script in root.iter("script")]
        ways = [form for form in root.iter("form") if form.get("action")]
        ways += [link for link in root.iter("a") if not (link.get("href") or "#").startswith("#")]
        dead = [e for e in root.iter("button") if e.get("type") == "button" and e.get("hidden") is None]
        refresh = [e for e in root.iter("meta") if e.get("http-equiv")]
        if not ways or dead or refresh or list(root.iter("noscript")) or root.get("hidden") is not None:
            needed["".join(root.find("head/title").itertext())] = scripts  # type: ignore[union-attr]
    assert needed == {}


def test_the_smallest_screen_does_find_faults(someone: Small) -> None:
    someone.go("/lacak/")
    someone.page.evaluate(
        "document.styleSheets[0].insertRule('.btn { min-height: 0 !important; height: 20px; padding: 0 !important }')"
    )
    with pytest.raises(AssertionError, match="Buka laporan"):
        someone.look()
    expect(someone.page.get_by_role("button", name="Buka laporan")).to_be_visible()

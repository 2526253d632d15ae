"""What a phone keeps of a report and of its code, and that the quick exit takes it along."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.scene import Scene
from tests.browser.test_nation import KUTIM, ROAD, heads, nation  # noqa: F401 - fixtures
from tests.browser.test_offline import bodies, link, waiting  # noqa: F401 - fixtures
from tests.browser.test_profile import WORDS, found, on_disk
from tests.browser.waiting import STATE, Waiter
from tests.browser.weak import Weak
from tests.server import Running, wait_for

LEFT = "Promise.all([caches.keys(), indexedDB.databases(), navigator.serviceWorker.getRegistrations()])"


@pytest.fixture
def writer(browser: Browser, link: Weak) -> Iterator[Waiter]:  # noqa: F811 - a fixture
    yield from waiting(browser, link)


def gone(writer: Waiter, url: str) -> bool:
    writer.page = writer.context.new_page()
    writer.page.goto(f"{url}/robots.txt")
    wait_for(lambda: writer.page.evaluate(LEFT) == [[], [], []])
    return writer.page.evaluate(LEFT) == [[], [], []]


def test_the_village_that_was_chosen_is_not_on_the_disk(browser: Browser, scene: Scene, tmp_path: Path) -> None:
    with on_disk(browser, tmp_path / "profile", javascript=True) as page:
        page.goto(f"{scene.product.url}/lapor/")
        page.get_by_label("Di kecamatan mana?").select_option(label="Sangkulirang")
        page.get_by_label("Apa yang terjadi?").fill(WORDS)
        page.get_by_role("button", name="Periksa sebelum dikirim").click()
        page.get_by_role("button", name="Sebut desanya").click()
        page.locator("#village").select_option("Desa Peridan")
        page.get_by_role("button", name="Kirim laporan").click()
        page.get_by_role("heading", name="Laporan Anda sudah aman").wait_for()
        page.goto("about:blank")
    assert found(tmp_path / "profile", "Desa Peridan", WORDS) == set()


@pytest.mark.parametrize("path", ["", "/lapor/antrean/"])
def test_the_quick_exit_takes_it_along_where_the_network_only_seems_to_be_there(
    writer: Waiter,
    link: Weak,  # noqa: F811 - a fixture
    path: str,
) -> None:
    writer.visits()
    link.down = True
    writer.fails_to_send()
    writer.holds()
    writer.stores()
    if path:
        writer.go(path)
    writer.page.get_by_role("link", name="Keluar cepat").click(no_wait_after=True)
    writer.page.wait_for_timeout(1000)
    link.down = False
    assert gone(writer, link.url)


@pytest.mark.parametrize("path", ["", "/samarinda/lapor/antrean/"])
def test_the_quick_exit_of_a_portal_among_several_takes_it_along(browser: Browser, nation: Running, path: str) -> None:  # noqa: F811 - a fixture
    writer = Waiter(browser, nation.url)
    writer.go("/samarinda/lapor/")
    writer.page.locator("#body").focus()
    assert wait_for(lambda: writer.page.evaluate(STATE) == "activated")
    writer.choose("Di kecamatan mana?", "Samarinda Ulu")
    writer.write("Apa yang terjadi?", ROAD)
    writer.checks()
    writer.context.set_offline(True)
    writer.press("Kirim laporan", 503)
    writer.holds()
    writer.stores()
    if path:
        writer.go(path)
    writer.page.get_by_role("link", name="Keluar cepat").click(no_wait_after=True)
    writer.page.wait_for_function("!document.querySelector('h1')")
    writer.context.set_offline(False)
    assert gone(writer, nation.url)
    writer.close()


def test_the_worker_comes_while_the_front_is_open_in_another_tab(browser: Browser, nation: Running) -> None:  # noqa: F811 - a fixture
    writer = Waiter(browser, nation.url)
    writer.go("/")
    writer.page = writer.context.new_page()
    writer.go("/samarinda/lapor/")
    writer.page.locator("#body").focus()
    assert wait_for(lambda: writer.page.evaluate(STATE) == "activated")
    writer.close()


def test_a_code_that_is_scanned_stands_in_the_history_and_its_paper_says_so(
    browser: Browser, scene: Scene, tmp_path: Path
) -> None:
    """The camera opens an address with the code in it, and a browser notes that down before any script runs."""
    receipt, _ = scene.report(body=WORDS)
    said = {}
    for way, address in (("scanned", f"/lacak/#{receipt}"), ("typed", "/lacak/")):
        with on_disk(browser, tmp_path / way, javascript=True) as page:
            page.goto(scene.product.url + address)
            page.get_by_label("Kode laporan").fill(receipt)
            page.get_by_role("button", name="Buka laporan").click()
            page.get_by_text(WORDS).first.wait_for()
            page.goto(f"{scene.product.url}/privasi/")
            privacy = page.content()
            page.goto(f"{scene.product.url}/lapor/bagian/")
            said[way] = page.content()
    assert [found(tmp_path / way, receipt) for way in ("scanned", "typed")] == [{receipt}, set()]
    assert "atau pindai kode QR (tinggal di riwayat browser)" in said["scanned"]
    assert "Kode yang Anda pindai dari kode QR tertinggal di riwayat browser" in privacy

"""What a writer answers on the check page holds however the report leaves, and wherever it goes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.scene import Scene
from tests.browser.test_nation import KUTIM, ROAD, heads, nation  # noqa: F401 - fixtures
from tests.browser.test_offline import bodies, link, waiting  # noqa: F401 - fixtures
from tests.browser.waiting import Waiter
from tests.browser.weak import Weak
from tests.browser.writing import Writer
from tests.server import Running

WAIT = "Simpan tersegel di ponsel ini, kirim nanti"


@pytest.fixture
def writer(browser: Browser, link: Weak) -> Iterator[Waiter]:  # noqa: F811 - a fixture
    yield from waiting(browser, link)


def test_what_is_ticked_is_masked_before_it_waits(writer: Waiter, link: Weak, scene: Scene) -> None:  # noqa: F811 - a fixture
    writer.visits()
    link.down = True
    writer.fails_to_send("Nama saya Bunga Melati, nomor saya 0812-5555-0123. Jembatan putus.")
    assert "Belum ada yang terkirim" not in writer.words()  # it may have arrived, and only its answer been lost
    assert "Ada yang perlu diperbaiki" not in writer.words()  # the line broke: there is nothing to mend
    for box in writer.page.locator("[data-part=maskable] input").all():
        box.check()
    writer.page.get_by_role("button", name=WAIT).click()
    writer.hears("Sudah disamarkan, belum terkirim.")
    writer.press("Kirim laporan", 503)
    receipt = writer.holds()
    writer.stores()
    link.down = False
    writer.hurries()
    assert writer.arrived() == receipt
    assert not any(secret in bodies(scene, receipt)[0] for secret in ("Melati", "0812"))


def test_whom_one_ticks_before_it_waits_is_bound(writer: Waiter, link: Weak, scene: Scene) -> None:  # noqa: F811 - a fixture
    writer.visits()
    link.down = True
    writer.writes("Pegawai Kominfo minta uang 500 ribu kalau mau wifi desa dipasang.")
    writer.checks()
    box = writer.page.locator("[data-part=suspect] input").first
    box.uncheck()
    writer.press("Kirim laporan", 503)
    box.check()
    writer.holds()
    writer.stores()
    link.down = False
    writer.hurries()
    writer.arrived()
    head = scene.store.read_head(writer.case_id())
    assert (head.about_agency, head.holder) == ("kutim-diskominfo", "kutim-inspektorat")


def test_who_was_unticked_stays_so_when_words_are_masked_and_is_asked_about_anew_when_they_change(
    browser: Browser, product: Running, scene: Scene
) -> None:
    writer = Writer(browser, product.url)
    writer.writes("Pegawai Kominfo minta uang 500 ribu kalau mau wifi desa dipasang, hubungi 0812-5555-0123.")
    writer.checks()
    box = writer.page.locator("[data-part=suspect] input")
    box.uncheck()
    writer.page.locator("[data-part=maskable] input").check()
    writer.presses("Samarkan yang dicentang")
    expect(box).not_to_be_checked()
    writer.press("Ubah Yang terjadi")
    writer.checks()
    expect(box).to_be_checked()
    box.uncheck()
    writer.press("Kirim laporan", 201)
    assert scene.store.read_head(writer.case_id()).about_agency == ""
    writer.leave()


def test_another_place_has_to_be_chosen_before_the_check(browser: Browser, nation: Running) -> None:  # noqa: F811 - a fixture
    writer = Writer(browser, nation.url)
    writer.go("/samarinda/lapor/")
    writer.write("Apa yang terjadi?", ROAD)
    writer.choose("Di kecamatan mana?", "Di daerah lain…")
    writer.page.locator("#daerah option", has_text=KUTIM).wait_for(state="attached")
    writer.press("Periksa sebelum dikirim", 422)
    assert "Segel di ponsel tidak dapat dimuat" not in writer.words()
    writer.leave()


def test_another_place_that_is_chosen_while_the_seal_loads_has_its_keys(browser: Browser, nation: Running) -> None:  # noqa: F811 - a fixture
    writer = Writer(browser, nation.url)
    held: list[Route] = []
    writer.context.route("**/assets/formulir.*", lambda route: held.append(route))  # noqa: PLW0108 - playwright marks what it calls
    writer.go("/samarinda/lapor/")
    writer.write("Apa yang terjadi?", ROAD)
    writer.choose("Di kecamatan mana?", "Di daerah lain…")
    writer.page.locator("#daerah option", has_text=KUTIM).wait_for(state="attached")
    writer.choose("Di kabupaten atau kota mana?", KUTIM)
    writer.page.locator("#district optgroup").wait_for(state="attached")
    writer.page.get_by_label("Di kecamatan mana?").select_option(value="64.08.04")
    for route in held:
        route.continue_()
    writer.context.unroute("**/assets/formulir.*")
    writer.page.get_by_role("button", name="Periksa sebelum dikirim").click()
    writer.page.get_by_role("heading", name="Periksa sebelum dikirim").wait_for()
    writer.press("Kirim laporan", 201)
    assert writer.case_id() in {head.case_id for head in heads(nation, "kutim")}
    writer.leave()

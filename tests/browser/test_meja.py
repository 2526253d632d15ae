"""Today's desk by keys alone, beside each other on a wide screen, and as axe and the narrowest phone see it."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from functions.casework.directory.agencies import Role
from tests.browser.people import DESKTOP
from tests.browser.scene import Scene
from tests.browser.test_axe import Seen
from tests.server import Running

UNIT = "kutim-perkim"  # whose desk no other test fills
OFFICER = "perkim-1"


@pytest.fixture
def officers(browser: Browser, product: Running) -> Iterator[Callable[[], Seen]]:
    there: list[Seen] = []

    def another() -> Seen:
        there.append(Seen(browser, product.url, screen=DESKTOP))
        return there[-1]

    yield another
    for person in there:
        person.leave()


def some(scene: Scene, count: int) -> list[str]:
    """So many cases of the coordinator's."""
    return [scene.report(subject=f"Rumah {n} bocor", body="Atap rumah bantuan bocor.")[1] for n in range(count)]


@pytest.mark.long
def test_a_morning_without_a_mouse(officers: Callable[[], Seen], scene: Scene) -> None:
    """Look at the list, read one beside it, tick, search, ask for help and open a case: with keys alone."""
    some(scene, 3)
    officer = officers()
    officer.sign_in(scene.link("kutim-1", "kutim", role=Role.COORDINATOR))
    page, keys = officer.page, officer.page.keyboard
    officer.go("/desk/?view=new")
    links = page.locator(".cases .go")
    keys.press("j")
    expect(links.nth(0)).to_be_focused()
    keys.press("j")
    expect(links.nth(1)).to_be_focused()
    keys.press("k")
    expect(links.nth(0)).to_be_focused()
    keys.press("j")
    number = (links.nth(1).get_attribute("href") or "").partition("cases/")[2][:14]
    tick = page.get_by_label(f"Pilih laporan {number}")
    keys.press("x")
    expect(tick).to_be_checked()
    keys.press("x")
    expect(tick).not_to_be_checked()
    keys.press("?")
    help_ = page.get_by_role("dialog", name="Tombol papan ketik")
    expect(help_).to_be_visible()
    officer.look()
    keys.press("j")  # in the dialog they do nothing
    keys.press("Escape")
    expect(help_).to_be_hidden()
    expect(links.nth(1)).to_be_focused()
    keys.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    keys.type("jok?")
    expect(page.get_by_role("searchbox")).to_have_value("jok?")
    expect(help_).to_be_hidden()
    links.nth(1).focus()
    keys.press("e")
    page.wait_for_url(re.compile(rf"open={number}"))
    officer.reads("Tugas kita menjawab laporannya")  # which of the cases stands second, other tests decide too
    keys.press("r")
    page.wait_for_url(re.compile(rf"/desk/cases/{number}\?view=new#next"))
    officer.go(f"/desk/?view=new&open={number}")
    keys.press("o")
    page.wait_for_url(re.compile(rf"/desk/cases/{number}\?view=new$"))
    officer.reads("Meja hari ini", "Berikutnya")
    page.get_by_role("link", name="Berikutnya").focus()
    keys.press("Enter")
    page.wait_for_url(re.compile(rf"/desk/cases/(?!{number})"))


@pytest.mark.long
def test_a_line_opens_beside_the_list_where_there_is_room_and_as_a_page_where_not(
    officers: Callable[[], Seen], scene: Scene
) -> None:
    some(scene, 2)
    officer = officers()
    officer.sign_in(scene.link("kutim-1", "kutim", role=Role.COORDINATOR))
    page = officer.page
    officer.go("/desk/?view=new")
    number = page.locator(".cases .number").first.inner_text()
    page.locator(".cases .go").first.click()
    page.wait_for_url(re.compile(f"open={number}"))
    pane = page.get_by_role("region", name=page.locator("#beside-title").inner_text(), exact=True)
    box, row = page.locator(".pane").bounding_box(), page.locator(".cases").bounding_box()
    assert box
    assert row
    assert box["x"] >= row["x"] + row["width"], "it is not beside the list"
    expect(pane).to_be_visible()
    officer.look()
    page.set_viewport_size({"width": 360, "height": 640})
    officer.go("/desk/?view=new")
    page.locator(".cases .go").first.click()
    page.wait_for_url(re.compile("/desk/cases/"))
    # A thumb's width: what is tapped is at least 44 px high.
    officer.go("/desk/?view=new")
    for target in (".chips a", ".cases>li", ".search button", ".tick"):
        size = page.locator(target).first.bounding_box()
        assert size
        assert size["height"] >= 44, target


@pytest.mark.long
def test_every_view_and_the_search_for_everybody(officers: Callable[[], Seen], scene: Scene) -> None:
    """Seen by axe in light and dark and on the narrowest phone: ``Seen.look``."""
    some(scene, 1)
    for ident, agency, role in (
        ("kutim-1", "kutim", Role.COORDINATOR),
        ("kutim-2", "kutim", Role.OVERSEER),
        ("inspektorat-1", "kutim-inspektorat", Role.INSPECTOR),
        (OFFICER, UNIT, Role.OFFICER),
    ):
        officer = officers()
        officer.sign_in(scene.link(ident, agency, role=role))
        for path in ("new", "late", "waiting", "mine", "all"):
            officer.go(f"/desk/?view={path}")
        officer.go("/desk/?q=bocor")
        officer.go("/desk/?q=%25&lang=en")
    officer.go("/desk/?done=receipt_typed")
    officer.reads("Kode itu membuka laporannya")

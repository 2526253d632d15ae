"""The counter in a real browser, with script and without: the whole story, the paper, and what is left of it in the
clerk's browser once it is done with: nothing of the report."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pikepdf
import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from functions.casework.directory.agencies import Role
from tests.browser.axe import Axe
from tests.browser.people import ARGUMENTS, DESKTOP, PATIENCE_MS, Person, chromium
from tests.browser.scene import COORDINATOR, Scene
from tests.contents import contents
from tests.pages import check_page

CANARY = "kanarijingga"
WORDS = f"Jembatan dekat rumah {CANARY} putus sejak Senin."
RECEIPT = re.compile(r"[0-9A-Z]{5}(-[0-9A-Z]{5}){4}")
NEXT = "Selesai, orang berikutnya"
COUNTER = "Dinas Komunikasi"  # whose counter it is; the slip names who runs the portal, the same on every slip
AXE = Axe()
MM = 72 / 25.4
both = pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])


@pytest.fixture
def clerk(browser: Browser, scene: Scene, javascript: bool) -> Iterator[Person]:
    person = Person(browser, scene.product.url, javascript=javascript, screen=DESKTOP)
    person.sign_in(scene.link("loket-1", "kutim-diskominfo", role=Role.CLERK))
    yield person
    person.forgive("Clear-Site-Data header")  # it says what it cleared
    person.leave()


def write(person: Person, words: str = WORDS) -> None:
    person.choose("Di kecamatan mana?", "Sangkulirang")
    person.write("Apa yang terjadi?", words)
    person.press("Periksa sebelum dikirim")


def send(person: Person) -> str:
    person.press("Kirim laporan", 200 if person.in_place() else 201)
    person.page.locator(".qr svg").wait_for()
    return person.code()


def next_person(person: Person) -> None:
    """The big button, which is a form's without script, and a link's with it."""
    with person.page.expect_navigation():
        person.page.locator(".next").click()
    person.look()


@pytest.mark.every_day(1)
@both
def test_the_whole_story_of_a_counter(clerk: Person, scene: Scene) -> None:
    clerk.reads("Loket: tulis laporan untuk orang lain", "Bacakan kepada orangnya", "kita telepon 112 dulu")
    write(clerk)
    clerk.reads("Bacakan isinya sampai selesai", WORDS, "Tidak dicatat bahwa laporan ini datang dari loket.")
    clerk.page.get_by_role("button", name="Ubah Yang terjadi").click()
    assert clerk.page.locator("#body").input_value() == WORDS
    clerk.press("Periksa sebelum dikirim")
    receipt = send(clerk)
    assert RECEIPT.fullmatch(receipt)
    clerk.reads("Kertas ini milik Anda", f"{scene.product.url.partition('://')[2]}/lacak/")
    next_person(clerk)
    assert clerk.page.url == f"{scene.product.url}/desk/loket"
    assert clerk.page.locator("#body").input_value() == ""
    thread = scene.post.post("/api/thread", {"receipt": receipt})
    assert thread["messages"][0]["body"] == WORDS
    coordinator = scene.desk(COORDINATOR, thread["tracking_id"])
    case = coordinator.get(f"/desk/cases/{thread['tracking_id']}")
    assert case["sealed"] == ("browser" if clerk.javascript else "server")
    assert "loket" not in str(case).lower()
    write(clerk, "Orang berikutnya punya laporan lain.")  # and the next one is served
    assert send(clerk) != receipt
    next_person(clerk)


@pytest.mark.every_day(1)
@both
def test_the_paper_is_one_sheet_in_either_size_with_the_code_and_nothing_else(clerk: Person) -> None:
    write(clerk)
    receipt = send(clerk)
    for label, size in (("Kertas A6", (105, 148)), ("Struk 58 mm", (58, 135)), ("Struk 80 mm", (80, 150))):
        clerk.page.get_by_text(label, exact=True).click()
        clerk.page.emulate_media(media="print")
        shown = " ".join(clerk.page.locator("body").inner_text().split())
        clerk.page.emulate_media(media="null")
        assert receipt in re.sub(r" - ", "-", shown)
        for word in (CANARY, "Bacakan", NEXT, COUNTER, "Loket", "Sangkulirang", "Jalan dan"):
            assert word not in shown
        with pikepdf.open(io.BytesIO(clerk.page.pdf(prefer_css_page_size=True))) as paper:
            assert len(paper.pages) == 1
            box = [float(edge) / MM for edge in paper.pages[0].mediabox]
            assert (abs(box[2] - size[0]) < 1, abs(box[3] - size[1]) < 1) == (True, True), box
    next_person(clerk)


@pytest.mark.every_day(1)
@pytest.mark.parametrize("javascript", [True])
@pytest.mark.parametrize("sealed", ["browser", "server"])
def test_every_page_is_accessible_in_light_and_dark_and_fits_the_narrowest_screen(clerk: Person, sealed: str) -> None:
    """Without its script the form gets the server's pages; axe is a script, so that one runs all the same."""
    if sealed == "server":
        clerk.context.route("**/tulis.*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        clerk.go("/desk/loket")
    press = clerk.page.get_by_role("button", name="Periksa sebelum dikirim")

    def clean() -> None:
        for scheme in ("light", "dark"):
            clerk.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            found = AXE.run(clerk.page)
            assert found.violations_count == 0, found.generate_report()
        clerk.page.set_viewport_size({"width": 320, "height": 640})
        assert clerk.page.evaluate("document.documentElement.scrollWidth") <= 320
        clerk.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})

    clean()
    press.click()
    clerk.page.locator(".errors").wait_for()
    clean()
    clerk.choose("Di kecamatan mana?", "Sangkulirang")
    clerk.write("Apa yang terjadi?", f"{WORDS} Hubungi 0812-0000-0017.")
    press.click()
    clerk.page.get_by_role("button", name="Kirim laporan", exact=True).wait_for()
    clean()
    clerk.page.get_by_role("button", name="Kirim laporan", exact=True).click()
    clerk.page.locator(".qr svg").wait_for()
    clean()
    clerk.forgive("Failed to find a valid digest in the 'integrity' attribute")  # of the script put in its place


@both
def test_faults_come_back_in_the_counters_form_with_what_was_typed(clerk: Person) -> None:
    clerk.write("Apa yang terjadi?", WORDS)
    clerk.press("Periksa sebelum dikirim", 422)
    clerk.reads("Loket: tulis laporan untuk orang lain", "Pilih kecamatan tempat kejadian.")
    assert clerk.page.locator("#body").input_value() == WORDS
    write(clerk)
    send(clerk)
    next_person(clerk)


# What is left in the browser


@pytest.fixture
def machine(browser: Browser, tmp_path: Path) -> Iterator[Callable[[bool], BrowserContext]]:
    """A browser as a counter has it: with a profile on disk, and with the memory for pages that tests switch off."""
    open_ones: list[BrowserContext] = []

    def start(javascript: bool) -> BrowserContext:
        context = browser.browser_type.launch_persistent_context(
            tmp_path / "profile",
            executable_path=chromium(),
            args=ARGUMENTS,
            ignore_default_args=["--disable-back-forward-cache"],
            java_script_enabled=javascript,
            locale="id-ID",
        )
        context.set_default_timeout(PATIENCE_MS)
        open_ones.append(context)
        return context

    yield start
    for context in open_ones:
        context.close()


def at_the_counter(context: BrowserContext, scene: Scene, javascript: bool) -> Page:
    page = context.new_page()
    link = scene.link("loket-2", "kutim-disdukcapil", role=Role.CLERK)
    page.goto(link)
    if javascript:
        page.wait_for_function("document.getElementById('token').value")
    else:
        page.locator("#token").fill(link)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url("**/desk/loket")
    return page


def typed_and_sent(page: Page) -> str:
    page.get_by_label("Di kecamatan mana?").select_option(label="Sangkulirang")
    page.get_by_label("Apa yang terjadi?").fill(WORDS)
    page.get_by_role("button", name="Periksa sebelum dikirim").click()
    page.get_by_role("button", name="Kirim laporan", exact=True).click()
    page.locator(".qr svg").wait_for()
    return (page.locator(".code").text_content() or "").strip()


def shapes(secret: str) -> set[bytes]:
    return {secret.encode(), secret.encode("utf-16-le"), quote(secret).encode(), secret.replace("-", "").encode()}


def goes_back(page: Page) -> str:
    """What stands there, once it stands; the browser's own "confirm that the form is sent again" in place of a page."""
    try:
        page.go_back(wait_until="commit")
    except Error:
        for _ in range(100):
            if page.url.startswith("chrome-error:"):
                break
            page.wait_for_timeout(100)
    for _ in range(100):
        with suppress(Error):  # still on its way
            return page.content() + page.url
        page.wait_for_timeout(100)
    raise AssertionError("no page came")


@pytest.mark.every_day(1)
@both
def test_after_it_the_way_back_leads_to_empty_forms(
    machine: Callable[[bool], BrowserContext], scene: Scene, javascript: bool
) -> None:
    context = machine(javascript)
    page = at_the_counter(context, scene, javascript)
    receipt = typed_and_sent(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator(".next").click()
    page.wait_for_url("**/desk/loket")
    page.locator("#body").wait_for()
    again = 0
    for _ in range(6):
        said = goes_back(page)
        assert CANARY not in said
        assert receipt not in said
        if page.url.startswith("chrome-error:"):
            again += 1
            page.reload()  # and says yes to sending the form again
            assert page.url == f"{scene.product.url}/desk/loket"
            assert page.locator("#body").input_value() == ""
        if page.url in ("about:blank", ""):
            break
    assert again == (0 if javascript else 2)  # the check and the sending are forms without script
    cases = scene.cases()
    page.goto(f"{scene.product.url}/desk/loket")
    assert page.locator("#body").input_value() == ""
    assert scene.cases() == cases


@pytest.mark.every_day(1)
@both
def test_a_clerks_browser_dumped_has_nothing_of_the_report(
    machine: Callable[[bool], BrowserContext], scene: Scene, tmp_path: Path, javascript: bool
) -> None:
    context = machine(javascript)
    page = at_the_counter(context, scene, javascript)
    receipt = typed_and_sent(page)
    thread = scene.post.post("/api/thread", {"receipt": receipt})
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator(".next").click()
    page.wait_for_url("**/desk/loket")
    page.locator("#body").wait_for()
    dumped: list[Any] = [context.storage_state(), page.content(), page.url]
    if javascript:
        dumped.append(page.evaluate("[{...localStorage}, {...sessionStorage}, document.cookie, history.state]"))
        dumped.append(page.evaluate("caches.keys()"))
    names = {cookie["name"] for cookie in context.cookies()}
    assert names <= {"lapor-desk", "lapor-loket"}
    check_page(page.content())
    context.close()
    files = dict(contents(tmp_path / "profile"))
    assert any(b"/desk/loket" in raw for raw in files.values())  # what is there is found
    for secret in (CANARY, receipt, thread["tracking_id"]):
        assert secret not in str(dumped)
        for shape in shapes(secret):
            assert not [path.name for path, raw in files.items() if shape in raw], (secret, shape)

"""The code at home: printed as the counter's slip on any paper, and one group of it asked back, with script and without."""

import io
import re
from collections.abc import Iterator

import pikepdf
import pytest
from playwright.sync_api import Browser

from tests.browser.axe import Axe
from tests.browser.people import Person
from tests.server import Running

WORDS = "Jembatan dekat rumah kanarijingga putus sejak Senin."
AXE = Axe()
PAPERS = {
    "58 mm": {"width": "58mm", "height": "200mm"},
    "80 mm": {"width": "80mm", "height": "200mm"},
    "A4": {"format": "A4"},
}
both = pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])


@pytest.fixture
def reporter(browser: Browser, product: Running, javascript: bool) -> Iterator[Person]:
    person = Person(browser, product.url, javascript=javascript)
    person.go("/lapor/")
    person.write("Apa yang terjadi?", WORDS)
    person.choose("Di kecamatan mana?", "Sangkulirang")
    person.press("Periksa sebelum dikirim")
    person.press("Kirim laporan", 201)
    yield person
    person.leave()


def ask(person: Person) -> int:
    """Say that the code is saved; which group is asked back."""
    person.page.locator("[data-part=saved], form[action='/api/thread/kode'] .btn").click()
    label = person.page.locator("label[for=answer]")
    label.wait_for()
    found = re.search(r"kelompok ke-([1-5]) dari", label.inner_text())
    assert found, label.inner_text()
    return int(found[1])


def answer(person: Person, text: str, says: str) -> None:
    person.page.locator("#answer").fill(text)
    person.page.get_by_role("button", name="Cocokkan", exact=True).click()
    person.page.get_by_text(says).wait_for()
    person.look()


@both
def test_on_any_paper_it_is_one_sheet_with_all_that_is_needed_and_nothing_else(reporter: Person) -> None:
    page, receipt = reporter.page, reporter.code()
    if reporter.javascript:
        page.get_by_role("button", name="Kode QR").click()
        page.locator(".qr svg").wait_for()
    page.emulate_media(
        media="print", color_scheme="dark"
    )  # readable without its background, whatever the screen's scheme
    shown = " ".join(page.locator("body").inner_text().split()).replace(" - ", "-")
    address = f"{reporter.url.partition('://')[2]}/lacak/"
    for word in (receipt, address, "Diskominfo Kutai Timur", "pindai kode QR", "Jangan berikan kode ini"):
        assert word in shown, word
    for word in ("kanarijingga", "Koordinator", "Nomor laporan", "Tambah foto", "Cetak", "Sangkulirang"):
        assert word not in shown, word
    assert page.locator(".slip .code").evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"
    for name, size in PAPERS.items():
        with pikepdf.open(io.BytesIO(page.pdf(print_background=False, **size))) as paper:
            assert len(paper.pages) == 1, name
    page.emulate_media(media="null")


@pytest.mark.every_day(1)
@both
def test_a_group_is_asked_back_and_a_slip_shows_the_code_again(reporter: Person) -> None:
    receipt = reporter.code()
    before = len(reporter.requested)
    for _ in range(2):
        number = ask(reporter)
        assert receipt not in reporter.words()
        answer(reporter, "AAAAA", f"Kelompok ke-{number} belum sama.")
        assert reporter.code() == receipt
    number = ask(reporter)
    reporter.page.get_by_role("button", name="Lihat kodenya lagi").click()
    reporter.page.locator(".receipt").wait_for()
    assert reporter.code() == receipt
    number = ask(reporter)
    answer(reporter, receipt.split("-")[number - 1].lower(), "Kode Anda tersimpan dengan benar.")
    later = reporter.requested[before:]
    assert not [url for url in later if receipt[:5] in url]
    if reporter.javascript:
        assert later == []  # the code and the answer stay on the phone
    reporter.follow("Selesai")
    assert reporter.page.url == f"{reporter.url}/"


@pytest.mark.every_day(1)
@pytest.mark.parametrize("javascript", [True])
def test_the_step_is_accessible_in_every_state_and_can_be_skipped(reporter: Person) -> None:
    def clean() -> None:
        for scheme in ("light", "dark"):
            reporter.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            found = AXE.run(reporter.page)
            assert found.violations_count == 0, found.generate_report()
        reporter.page.set_viewport_size({"width": 320, "height": 256})  # 1,280 px at 400 %
        assert reporter.page.evaluate("document.documentElement.scrollWidth") <= 320

    ask(reporter)
    reporter.focuses("answer")
    clean()
    answer(reporter, "", "belum sama")
    clean()
    ask(reporter)
    reporter.follow("Lewati")
    assert reporter.page.url == f"{reporter.url}/"

"""Where things do not go as meant: two tabs, two presses, the way back, links that do not open."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Error, Route

from tests.browser.people import DESKTOP, Person, link, mail
from tests.browser.scene import COLLEAGUE, WORDS, Scene, altered
from tests.depth import deep
from tests.server import Running, wait_for

REPORTS = re.compile(r"/api/reports(\?.*)?$")
pytestmark = pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])


@pytest.fixture
def reporter(browser: Browser, product: Running, javascript: bool) -> Iterator[Person]:
    person = Person(browser, product.url, javascript=javascript)
    yield person
    person.leave()


@pytest.fixture
def officer(browser: Browser, product: Running, javascript: bool) -> Iterator[Person]:
    person = Person(browser, product.url, javascript=javascript, screen=DESKTOP)
    yield person
    person.leave()


def to_the_check_page(reporter: Person) -> None:
    reporter.go("/lapor/")
    reporter.choose("Di kecamatan mana?", "Sangatta Utara")
    reporter.write("Apa yang terjadi?", WORDS)
    reporter.press("Periksa sebelum dikirim")


def answer_to(step: Callable[[], object]) -> str:
    """What the browser says to a step in its history. While it is putting up its own page it can take none, and is
    asked again."""

    def said() -> str:
        try:
            step()
        except Error as error:
            return "" if "Not attached to an active page" in str(error) else str(error)
        return "went"

    return str(wait_for(said))


@pytest.mark.long
def test_pressing_twice_makes_one_case(reporter: Person, scene: Scene) -> None:
    to_the_check_page(reporter)
    before = scene.cases()
    reporter.page.get_by_role("button", name="Kirim laporan").dblclick()
    reporter.page.get_by_role("heading", name="Laporan Anda sudah aman").wait_for()
    assert scene.cases() == before + 1
    receipt = reporter.code()
    assert scene.post.post("/api/thread", {"receipt": receipt})["messages"][0]["body"] == WORDS


@pytest.mark.long
def test_an_answer_lost_on_the_way_comes_by_pressing_again(reporter: Person, scene: Scene, javascript: bool) -> None:
    to_the_check_page(reporter)
    before = scene.cases()

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("aborted")

    reporter.context.route(REPORTS, lose, times=1)
    reporter.page.get_by_role("button", name="Kirim laporan").click(no_wait_after=True)
    assert wait_for(lambda: reporter.page.wait_for_timeout(50) or scene.cases() == before + 1)
    if javascript:
        reporter.page.locator(".errors").wait_for()
        reporter.reads("Kiriman belum sampai, atau jawabannya hilang di jalan. Tulisan Anda masih di sini.")
        reporter.forgive("net::ERR_ABORTED")
    reporter.reads("Periksa sebelum dikirim", WORDS)
    reporter.press("Kirim laporan", 200)
    assert scene.post.post("/api/thread", {"receipt": reporter.code()})["messages"][0]["body"] == WORDS
    assert scene.cases() == before + 1


@pytest.mark.every_day(1)
def test_the_way_back_after_sending_doubles_nothing_and_keeps_the_code(
    reporter: Person, scene: Scene, javascript: bool
) -> None:
    """Our pages may not be kept on the phone, so that the browser asks before it sends again; sending again gives
    the same code. Where the script alone knows the code, the page stays until the code is kept."""
    to_the_check_page(reporter)
    before = scene.cases()
    reporter.press("Kirim laporan", 201)
    receipt = reporter.code()
    if javascript:
        for _ in range(3):
            reporter.page.evaluate("history.back()")
            reporter.page.get_by_role("alert").get_by_text("Simpan dulu kode ini.").wait_for()
            assert reporter.code() == receipt
        assert scene.cases() == before + 1
        return
    for step in (reporter.page.go_back, reporter.page.go_forward):
        with reporter.page.expect_event("framenavigated", lambda frame: frame.url.startswith("chrome-error:")):
            assert "ERR_CACHE_MISS" in answer_to(step)
    assert answer_to(reporter.page.reload) == "went"
    assert reporter.code() == receipt
    assert scene.cases() == before + 1
    assert all("ERR_CACHE_MISS" in complaint for complaint in reporter.complaints)
    reporter.complaints.clear()


@pytest.mark.every_day(1)
def test_a_colleague_was_faster(officer: Person, scene: Scene) -> None:
    _, case_id, colleague = scene.handed_over()
    officer.sign_in_to(link(mail(scene.post, COLLEAGUE, case_id)), case_id)
    scene.close(colleague, case_id)
    officer.write("Jawaban Anda", "Kami datang besok pagi.")
    officer.press("Kirim jawaban", 409)
    officer.reads("Laporan ini sudah berubah tahap", "Tulisan Anda yang belum terkirim", "Ditutup: Sudah dijelaskan.")
    assert officer.page.get_by_label("Tulisan Anda yang belum terkirim").input_value() == "Kami datang besok pagi."
    assert officer.page.get_by_role("button", name="Kirim jawaban").count() == 0


@pytest.mark.every_day(1)
def test_a_form_older_than_the_visit_gives_the_words_back(officer: Person, scene: Scene) -> None:
    _, case_id, _ = scene.handed_over()
    officer.sign_in_to(link(mail(scene.post, COLLEAGUE, case_id)), case_id)
    officer.write("Jawaban Anda", "Kami datang besok pagi.")
    officer.context.clear_cookies()
    officer.press("Kirim jawaban", 401)
    assert officer.page.get_by_label("Tulisan Anda yang belum terkirim").input_value() == "Kami datang besok pagi."
    officer.follow("Minta link baru")
    officer.reads("Masuk untuk petugas")


@pytest.mark.every_day(2)
@pytest.mark.parametrize("wrong", deep(("expired", "used", "forged", "cut short"), ("expired", "forged")))
def test_a_link_that_does_not_open_leads_to_one_that_does(
    officer: Person, browser: Browser, scene: Scene, javascript: bool, wrong: str
) -> None:
    name = {"expired": "dlh", "used": "dishub", "forged": "disdik", "cut short": "dinkes"}[wrong]
    name = name if javascript else {"dlh": "damkar", "dishub": "bpbd", "disdik": "disbun", "dinkes": "diskan"}[name]
    address, good = f"petugas1@{name}.example.id", scene.link(f"{name}-1", f"kutim-{name}")
    if wrong == "used":
        first = Person(browser, officer.url, javascript=javascript)
        first.sign_in(good)
        first.reads("tidak ada yang menunggu")
        first.leave()
    tried = {
        "expired": scene.link(f"{name}-1", f"kutim-{name}", hours=-1),
        "used": good,
        "forged": altered(good),
        "cut short": good[:-9],
    }[wrong]
    officer.sign_in(tried, 403)
    officer.reads(
        {"expired": "Link sudah lewat waktu", "used": "Link sudah dipakai di perangkat lain"}.get(
            wrong, "Link tidak dikenali"
        )
    )
    if wrong in ("expired", "used"):  # it tells whose it was
        officer.press("Kirim link baru ke email saya", 202)
    else:
        officer.follow("Minta link baru")
        officer.write("Alamat email dinas Anda", address)
        officer.press("Kirim link baru", 202)
    officer.reads("Periksa email Anda")
    officer.sign_in(link(mail(scene.post, address, "Link masuk Anda")))
    officer.reads("tidak ada yang menunggu")

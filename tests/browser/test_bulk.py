"""Ten reports handed over by somebody who sits at the desk for the first time: how many clicks it takes, one by one and
all at once, without script; one answered with a photo and closed; and the screens on the way, looked over by axe on the
narrowest phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from functions.casework.case import Outcome
from functions.casework.directory.agencies import Role
from tests.browser.people import DESKTOP, PHONE, Person, link, mail
from tests.browser.photos import taken
from tests.browser.scene import COORDINATOR, OFFICER, UNIT, Scene
from tests.browser.test_axe import Seen
from tests.server import Running, running

pytestmark = pytest.mark.long

CLICKS, TO_CLOSE = 6, 5
SAID = "aporan diteruskan."  # of one: with the way back ("1 laporan ..."), or without if its letter was quicker
TYPED = "Lampu jalan adalah urusan Dinas Perhubungan."


class Counted(Person):
    """Somebody whose clicks are counted, and what they type by hand."""

    clicks = typed = 0

    def press(self, name: str, status: int = 200) -> None:
        self.clicks += 1
        super().press(name, status)

    def click(self, where: str) -> None:
        self.clicks += 1
        self.page.locator(where).first.click()
        self.page.wait_for_load_state()


class CountedAndSeen(Counted, Seen):
    """The same, each page looked over by axe, which takes scripts."""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A product in which nothing waits but what these tests send."""
    with running(tmp_path_factory.mktemp("data")) as product:
        yield product


def at_desk(browser: Browser, scene: Scene, screen: tuple[int, int], *, javascript: bool) -> Counted:
    kind = CountedAndSeen if javascript else Counted
    person = kind(browser, scene.product.url, javascript=javascript, screen=screen)
    person.sign_in(scene.link("kutim-1", "kutim", role=Role.COORDINATOR))
    return person


def lamps(scene: Scene, count: int) -> list[str]:
    words = {"topic": "lampu-jalan", "body": "Lampu jalan di depan sekolah mati sejak dua minggu."}
    return [scene.report(**words, subject=f"Lampu mati nomor {n}")[1] for n in range(count)]


def holders(scene: Scene, cases: list[str]) -> set[str]:
    return {scene.store.read_head(case_id).holder for case_id in cases}


def test_ten_one_by_one(browser: Browser, own: Running) -> None:
    """The first is opened, and after each the next opens by itself: one press for each, with the reason that is
    proposed."""
    scene = Scene(own)
    cases = lamps(scene, 3)  # each of ten takes the same
    officer = at_desk(browser, scene, DESKTOP, javascript=True)
    officer.page.locator(".cases .go").first.click()
    officer.follow("Buka dan tangani")
    officer.follow("Lainnya")  # what is looked at on the way loses nothing of the way
    officer.follow("Teruskan")
    officer.clicks = 0
    for done in range(len(cases)):
        officer.reads(f"dari {len(cases) - done}", *[SAID][:done])
        officer.press("Teruskan laporan")
    assert (officer.clicks, officer.typed) == (len(cases), 0)
    officer.reads(SAID, "tidak ada yang menunggu")
    officer.leave()
    assert holders(scene, cases) == {"kutim-dishub"}


@pytest.mark.parametrize(
    ("screen", "javascript"),
    [(PHONE, False), (DESKTOP, True)],
    ids=["phone", "desktop"],
)
def test_ten_at_once_and_back(browser: Browser, own: Running, screen: tuple[int, int], javascript: bool) -> None:
    scene = Scene(own)
    cases = lamps(scene, 10)
    officer = at_desk(browser, scene, screen, javascript=javascript)
    officer.press("Teruskan semua di halaman pertama sesuai usulan")
    officer.reads("Teruskan 10 laporan sesuai usulan?", "Ke Dinas Perhubungan")
    officer.page.get_by_role("checkbox").first.uncheck()
    officer.press("Teruskan yang dicentang")
    assert officer.clicks + 1 <= CLICKS  # with the tick, and with the one that opens the link
    assert officer.typed == 0
    officer.reads("9 laporan diteruskan.", "Email ke dinas keluar pukul")
    assert holders(scene, cases) == {"kutim", "kutim-dishub"}
    officer.press("Batalkan")
    officer.reads("Penerusan dibatalkan. Laporannya kembali ke meja Anda.")
    assert holders(scene, cases) == {"kutim"}
    officer.press("Teruskan yang dicentang sesuai usulan", 422)
    officer.reads("Centang dulu laporan yang ingin Anda teruskan")
    officer.go("/desk/")
    officer.press("Teruskan semua di halaman pertama sesuai usulan")
    officer.page.locator("textarea").first.fill("")
    officer.press("Teruskan yang dicentang", 422)
    officer.reads("Tuliskan alasannya.", "9 laporan diteruskan.")
    officer.page.locator("textarea").first.fill(TYPED)
    officer.press("Teruskan yang dicentang")
    officer.reads("1 laporan diteruskan.")
    officer.leave()
    assert holders(scene, cases) == {"kutim-dishub"}


@pytest.mark.parametrize(("screen", "javascript"), [(PHONE, False), (DESKTOP, True)], ids=["phone", "desktop"])
def test_from_the_mail_to_answered_with_a_photo_and_closed(
    browser: Browser, own: Running, tmp_path: Path, screen: tuple[int, int], javascript: bool
) -> None:
    """A unit's way once the mail's link is open: Masuk, the report, the photo, the button that closes, and its yes."""
    scene = Scene(own)
    _, case_id = scene.report()
    given = {"agency": UNIT, "reason": "Jembatan kabupaten."}
    scene.desk(COORDINATOR, case_id).post(f"/desk/cases/{case_id}/handover", given)
    officer = (CountedAndSeen if javascript else Counted)(browser, own.url, javascript=javascript, screen=screen)
    officer.sign_in(link(mail(scene.post, OFFICER, case_id)))
    officer.click(f".cases .go[href*='{case_id}']")
    with officer.page.expect_file_chooser() as asked:
        officer.click("#file")
    asked.value.set_files(taken(tmp_path, "jembatan-rahasia"))
    officer.write("Jawaban Anda", "Jembatannya sudah kami perbaiki kemarin.")
    officer.press("Kirim dan tutup: sudah diperbaiki")
    officer.press("Ya, tutup laporan")
    officer.reads("Laporan ditutup")
    officer.leave()
    assert officer.clicks <= TO_CLOSE
    assert scene.store.read_head(case_id).closing.outcome is Outcome.DIPERBAIKI


def test_what_cannot_be_handed_over_or_taken_back_is_said(browser: Browser, own: Running) -> None:
    scene = Scene(own)
    _, nothing = scene.report(topic="lainnya", body="Tolong diperhatikan, terima kasih.", subject="Tanpa usulan")
    (late,) = lamps(scene, 1)
    officer = at_desk(browser, scene, PHONE, javascript=True)
    officer.go(f"/desk/cases/{late}")
    officer.page.locator("form[action$='/handover'] textarea").fill(TYPED)
    officer.press("Teruskan laporan")
    unit = Seen(browser, own.url, screen=DESKTOP)
    unit.sign_in(scene.link("dishub-1", "kutim-dishub"))
    unit.go(f"/desk/cases/{late}")
    unit.leave()
    if officer.page.get_by_role("button", name="Batalkan", exact=True).count():
        officer.press("Batalkan", 409)
        officer.reads("Sudah terlambat dibatalkan")
    else:
        officer.reads("Laporan diteruskan. Instansi tujuan menerima email.")  # its letter was quicker
    officer.go("/desk/")
    officer.press("Teruskan semua di halaman pertama sesuai usulan")
    officer.reads("Ini perlu Anda lihat sendiri", nothing, "Tidak ada usulan dinas")
    officer.leave()

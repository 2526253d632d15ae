"""A report becomes public as people do it, in a browser with scripts, and in ``make test-deep`` in one without: the
reporter wishes it, the officer writes, the reporter reads and agrees, anybody reads; and the reporter takes it back.
Every page on the way is accessible and fits the narrowest phone."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from tests.browser.people import DESKTOP, Person
from tests.browser.scene import OFFICER, UNIT, Scene
from tests.browser.test_axe import Seen
from tests.depth import deep
from tests.server import Running

BODY = "Saya lewat jembatan itu tiap pagi mengantar anak, dan papannya sudah lapuk semua."
SUMMARY = "Papan sebuah jembatan kayu rusak dan membahayakan anak sekolah. Pelapor meminta papannya diganti."
ANSWER = "Papan yang rusak sudah diganti, dan jembatan diperiksa tiap bulan."


@dataclass
class Story:
    """Who takes part, and the report."""

    reporter: Person
    officer: Person
    anybody: Person
    scene: Scene
    receipt: str
    case_id: str


@pytest.fixture(params=deep((True, False), (True,)), ids=["with scripts", "without scripts"][: deep(2, 1)])
def story(request: pytest.FixtureRequest, browser: Browser, product: Running) -> Iterator[Story]:
    scene = Scene(product)
    receipt, case_id, unit = scene.handed_over(
        body=BODY, district="64.08.17"
    )  # where no other test writes from: they are few
    scene.reply(unit, case_id, "Papannya kami ganti.")
    kind = Seen if request.param else Person  # axe itself is a script
    phones = [kind(browser, product.url, javascript=request.param) for _ in range(2)]
    office = kind(browser, product.url, javascript=request.param, screen=DESKTOP)
    yield Story(phones[0], office, phones[1], scene, receipt, case_id)
    for person in (*phones, office):
        person.leave()


@pytest.mark.long
def test_a_report_becomes_public_and_is_taken_back(story: Story) -> None:
    reporter_wishes(story)
    officer_writes(story)
    reporter_reads_and_agrees(story)
    anybody_reads(story)
    reporter_takes_it_back(story)


def reporter_wishes(story: Story) -> None:
    reporter = story.reporter
    reporter.open_report(story.receipt)
    unfold(reporter, "Boleh dibaca umum?")
    reporter.reads("Bila ragu, jangan.", "Tanpa persetujuan Anda tidak ada yang terbit")
    reporter.press("Saya mau; mintakan teksnya")
    reporter.reads("Anda membacanya dulu di sini.")


def unfold(person: Person, name: str) -> None:
    """Open what is folded, where it is not looked at unfolded anyway."""
    if not isinstance(person, Seen):
        person.unfold(name)


def officer_writes(story: Story) -> None:
    officer = story.officer
    officer.sign_in(story.scene.link("dpupr-1", UNIT, case_id=story.case_id))
    officer.follow("Lainnya")
    officer.reads("Pelapor menginginkannya dan menunggu teks dari Anda.")
    officer.write("Ringkasan laporan", f"{BODY} Hubungi 0812-3456-7890.")
    officer.write("Apa jawabannya", ANSWER)
    officer.press("Kirim kepada pelapor untuk disetujui", 422)
    officer.reads("Ini dapat menunjukkan siapa pelapornya", "0812-3456-7890", "saya lewat jembatan itu tiap pagi")
    assert not officer.page.get_by_label("Kirim juga.").is_checked()
    officer.write("Ringkasan laporan", SUMMARY)
    officer.press("Kirim kepada pelapor untuk disetujui")
    officer.reads("Ia terbit hanya bila pelapor menyetujuinya.")


def reporter_reads_and_agrees(story: Story) -> None:
    reporter = story.reporter
    reporter.open_report(story.receipt)
    reporter.reads("Bolehkah teks ini dibaca umum?", SUMMARY, ANSWER, "Hati-hati: laporan seperti ini sedikit.")
    reporter.press("Setuju, terbitkan teks ini", 422)
    reporter.reads("Centang bahwa Anda sudah membaca teksnya.")
    reporter.page.get_by_label("Jangan sebut kecamatannya.").check()
    reporter.page.get_by_label("Saya sudah membacanya.").check()
    reporter.press("Setuju, terbitkan teks ini")
    reporter.reads("Persetujuan Anda tersimpan.")
    story.anybody.go("/laporan/")
    assert SUMMARY not in story.anybody.words()


def anybody_reads(story: Story) -> None:
    story.scene.published()
    anybody = story.anybody
    anybody.go("/")
    anybody.follow("Laporan yang terbit, dan jawabannya")
    anybody.reads(SUMMARY, "Jalan dan jembatan")
    anybody.page.locator("article a").first.click()
    anybody.page.wait_for_url("**/laporan/P*/")
    anybody.reads(SUMMARY, ANSWER, "tidak disebut", "Tolong jangan menebak siapa dia.")
    source = anybody.page.content()
    for secret in (story.receipt, story.case_id, "mengantar anak", OFFICER):
        assert secret not in source
    anybody.go(anybody.page.url.replace("/laporan/", "/en/laporan/"))
    anybody.follow("Bahasa Indonesia")
    anybody.reads(SUMMARY)


def reporter_takes_it_back(story: Story) -> None:
    reporter = story.reporter
    reporter.open_report(story.receipt)
    unfold(reporter, "Laporan ini dan umum")
    reporter.press("Berhenti; jangan terbitkan")
    story.scene.published()
    story.anybody.go("/laporan/")
    assert SUMMARY not in story.anybody.words()

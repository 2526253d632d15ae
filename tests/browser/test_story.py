"""The whole story as people do it, in a browser with scripts and in one without.

A reporter at a phone writes, keeps the code, adds a photo, comes back, answers, says "belum selesai", agrees and
rates. A coordinator and a unit's officer at their PCs come in by the links of their mails.
"""

from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import pytest
from playwright.sync_api import Browser

from tests.browser.people import DESKTOP, Person, link, mail
from tests.browser.photos import left_in, taken
from tests.contents import contents
from tests.server import Client, Running

COORDINATOR = "koordinator1@diskominfo.example.id"
OFFICER = "petugas1@dpupr.example.id"
UNIT = "Dinas Pekerjaan Umum dan Penataan Ruang"
WORDS = "Jembatan kayu “Lama” putus.\nAnak-anak menyeberang lewat sungai & lumpur."
PLACE, BETTER_PLACE = "Dekat sekolah", "Di belakang pasar desa"


@dataclass
class Story:
    """Who takes part, and what they keep. ``canary`` stands where nothing may be kept from."""

    reporter: Person
    coordinator: Person
    officer: Person
    post: Client
    folder: Path
    canary: str
    receipt: str = ""
    case_id: str = ""


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.long)], ids=["with scripts", "without scripts"])
def story(request: pytest.FixtureRequest, browser: Browser, product: Running, tmp_path: Path) -> Story:
    canary = f"canary{token_hex(6)}"
    officers = [
        Person(browser, product.url, javascript=request.param, screen=DESKTOP, agent=f"Office {canary}")
        for _ in range(2)
    ]
    reporter = Person(browser, product.url, javascript=request.param, agent=f"Phone {canary}")
    return Story(reporter, *officers, Client(product.url), tmp_path, canary)


def test_a_report_goes_all_the_way(story: Story, product: Running) -> None:
    writes_and_checks(story)
    sends_and_keeps_the_code(story)
    adds_a_photo(story)
    coordinator_hands_over(story)
    officer_answers_with_a_photo(story)
    reporter_reads_and_answers(story)
    officer_closes(story, "Papan jembatan akan diganti minggu depan.")
    reporter_says_not_yet(story)
    officer_closes(story, "Papan sudah diganti hari ini.")
    reporter_confirms(story)
    everybody_sees_the_end(story)
    nothing_is_left_behind(story, product)


def writes_and_checks(story: Story) -> None:
    reporter = story.reporter
    reporter.go("/")
    reporter.follow("Tulis laporan")
    reporter.press("Periksa sebelum dikirim", 422)
    reporter.reads("Ada yang perlu diperbaiki", "Pilih kecamatan", "Tuliskan apa yang")
    reporter.write("Apa yang terjadi?", WORDS)
    reporter.unfolds()
    reporter.write("Di mana tepatnya?", PLACE)
    reporter.press("Periksa sebelum dikirim", 422)
    reporter.reads("Tulisan Anda masih ada.", "Pilih kecamatan")
    assert reporter.page.get_by_label("Apa yang terjadi?").input_value() == WORDS
    reporter.choose("Di kecamatan mana?", "Sangkulirang")
    reporter.press("Periksa sebelum dikirim")
    reporter.reads("Periksa sebelum dikirim", "Jalan dan jembatan", "Sangkulirang", PLACE, "Belum ada yang terkirim.")
    reporter.choose("Tentang apa?", "Jalan dan jembatan")
    reporter.press("Ubah Tempat")
    if reporter.javascript:
        assert reporter.page.evaluate("document.activeElement.id") == "place"
    else:
        assert reporter.page.url.endswith("#place")
    assert reporter.page.get_by_label("Apa yang terjadi?").input_value() == WORDS
    reporter.write("Di mana tepatnya?", BETTER_PLACE)
    reporter.press("Periksa sebelum dikirim")
    reporter.reads(BETTER_PLACE, *WORDS.splitlines())


def sends_and_keeps_the_code(story: Story) -> None:
    reporter = story.reporter
    reporter.press("Kirim laporan", 201)
    reporter.reads("Laporan Anda sudah aman", "Simpan kode ini sekarang.", "Langkah 1 dari 5: Diterima")
    story.receipt = reporter.code()
    story.case_id = reporter.case_id()
    if not reporter.javascript:  # with scripts only this page knows the code: see test_sealed.py
        reporter.page.reload()
        assert reporter.code() == story.receipt
    for letter in story.post.mails():
        assert story.receipt not in letter["text"] + letter["html"]


def adds_a_photo(story: Story) -> None:
    reporter = story.reporter
    photo = taken(story.folder, story.canary)
    assert left_in(photo.read_bytes())
    reporter.send_file(photo)
    reporter.reads("Berkas Anda tersimpan.")
    if not reporter.javascript:
        reporter.reads("Sudahkah kode laporan tersimpan?", "Foto, ")
    assert reporter.code() == story.receipt


def coordinator_hands_over(story: Story) -> None:
    coordinator = story.coordinator
    coordinator.sign_in_to(link(mail(story.post, COORDINATOR, story.case_id)), story.case_id)
    coordinator.reads(*WORDS.splitlines(), BETTER_PLACE, "Sangkulirang", "Anda: teruskan ke dinas")
    coordinator.unfold("Lainnya tentang laporan ini")
    path = "disegel di ponsel pelapor" if story.reporter.javascript else "disegel di server saat tiba"
    coordinator.reads(path, story.case_id)
    coordinator.sees_picture("Foto dari pelapor")
    coordinator.write("Alasannya", "Jembatan kabupaten, kewenangan Dinas PU.")
    assert coordinator.chosen("Teruskan ke") == f"{UNIT} (usulan)"
    coordinator.press("Teruskan laporan")
    coordinator.reads("aporan diteruskan.")  # "1 laporan ..." while it can be taken back
    coordinator.go(f"/desk/cases/{story.case_id}")
    coordinator.reads(f"Laporan ini sedang ditangani {UNIT}.")
    assert "Jembatan kayu" not in coordinator.words()


def officer_answers_with_a_photo(story: Story) -> None:
    officer = story.officer
    officer.sign_in_to(link(mail(story.post, OFFICER, story.case_id)), story.case_id)
    officer.reads(*WORDS.splitlines(), "Diteruskan ke", "Jembatan kabupaten, kewenangan Dinas PU.")
    officer.sees_picture("Foto dari pelapor")
    officer.press("Kirim jawaban", 422)
    officer.reads("Ada yang perlu diperbaiki", "Kesalahan: ")
    officer.write("Jawaban Anda", "Kami periksa hari Kamis.\n\nTerima kasih laporannya.")
    officer.press("Kirim jawaban")
    officer.reads("Jawaban terkirim.", "Kami periksa hari Kamis.", "Anda sudah menjawab.")
    officer.send_file(taken(story.folder, f"{story.canary}-office", "navy"))
    officer.reads("Berkas terkirim.")
    officer.sees_picture("Foto dari petugas")


def reporter_reads_and_answers(story: Story) -> None:
    reporter = story.reporter
    reporter.open_report(story.receipt)
    reporter.reads("Langkah 4 dari 5: Dijawab", "Kami periksa hari Kamis.", "Terima kasih laporannya.", UNIT)
    photos = reporter.page.get_by_role("button", name="Foto, ")
    assert photos.count() == 2
    for nth in range(2):
        assert left_in(reporter.opens_file(photos.nth(nth))) == {}
    reporter.write("Balas petugas", "Baik. Lewat jalan pasar lebih dekat.")
    reporter.press("Kirim", 201)
    reporter.reads("Pesan Anda tersimpan.", "Lewat jalan pasar lebih dekat.")


def officer_closes(story: Story, reason: str) -> None:
    officer = story.officer
    officer.go(f"/desk/cases/{story.case_id}")
    officer.reads("Lewat jalan pasar lebih dekat.")
    officer.follow("Tutup")
    officer.tick("Sudah dijelaskan")
    officer.press("Periksa, lalu tutup", 422)
    officer.reads("Tuliskan alasannya.")
    officer.write("Penjelasan untuk pelapor", reason)
    officer.press("Periksa, lalu tutup")
    officer.reads("Tutup laporan ini?", reason)
    officer.press("Ya, tutup laporan")
    officer.reads("Laporan ditutup.", "Sekarang giliran pelapor", reason)


def reporter_says_not_yet(story: Story) -> None:
    reporter = story.reporter
    reporter.open_report(story.receipt)
    reporter.reads("Sekarang giliran Anda", "Ditutup petugas: Sudah dijelaskan.", "diganti minggu depan")
    reporter.unfold("Belum selesai")
    reporter.press("Kembalikan ke dinas", 422)
    reporter.reads("Tuliskan alasannya.")
    reporter.write("Apa yang belum selesai?", "Papannya belum ada.")
    reporter.press("Kembalikan ke dinas")
    reporter.reads("Anda menyatakan belum selesai.", "Papannya belum ada.", "Langkah 3 dari 5")
    assert mail(story.post, OFFICER, "dijawab atau dilengkapi pelapor", 1)


def reporter_confirms(story: Story) -> None:
    reporter = story.reporter
    reporter.open_report(story.receipt)
    reporter.reads("Belum selesai: ajukan banding")
    reporter.unfold("Ya, sudah selesai")
    reporter.tick("Baik sekali")
    reporter.write("Ada yang ingin Anda sampaikan?", "Jembatannya kokoh.")
    reporter.press("Nyatakan selesai")


def everybody_sees_the_end(story: Story) -> None:
    reporter, officer, coordinator = story.reporter, story.officer, story.coordinator
    reporter.reads("Anda menyatakan selesai. Nilai 5 dari 5.", "Langkah 5 dari 5: Selesai", "Jembatannya kokoh.")
    reporter.open_report(story.receipt)
    reporter.reads("Laporan ini sudah selesai, dan Anda sudah menyatakannya.", "Papan sudah diganti hari ini.")
    assert reporter.page.get_by_role("textbox").count() == 0
    officer.go(f"/desk/cases/{story.case_id}")
    officer.reads("Selesai. Pelapor menyatakan laporannya sudah beres. Nilainya 5 dari 5.", "Jembatannya kokoh.")
    assert officer.page.get_by_role("textbox").count() == 0
    coordinator.go("/desk/?view=all")
    while story.case_id not in coordinator.words():  # behind what is open, and other stories left some
        coordinator.follow("Halaman berikutnya")
    coordinator.reads("Ditutup ", "Selesai, pelapor setuju")
    officer.press("Keluar")
    officer.reads("Anda sudah keluar")
    officer.page.goto(f"{officer.url}/desk/cases/{story.case_id}")
    officer.reads("Anda belum masuk")


def nothing_is_left_behind(story: Story, product: Running) -> None:
    """No cookie and no stored word at the reporter's, the receipt in no address, and in the product's files and its output nothing
    that a photo, a browser or a receipt told."""
    assert story.reporter.context.storage_state() == {"cookies": [], "origins": []}
    for address in story.reporter.requested:
        for secret in (story.receipt, story.receipt.replace("-", ""), story.canary):
            assert secret.lower() not in address.lower()
    kept = dict(contents(product.folder))
    assert [path for path, content in kept.items() if story.case_id.encode() in content]  # this look does find
    kept[Path("output")] = "\n".join(product.lines).encode()
    for secret in (story.canary, story.receipt, story.receipt.replace("-", ""), "Jembatan kayu", "Papannya belum"):
        assert [path for path, content in kept.items() if secret.encode() in content] == []
    for person in (story.reporter, story.coordinator, story.officer):
        person.leave()

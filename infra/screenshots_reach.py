"""The part of the pictures (``infra/screenshots.py``) that shows the further doors: the counter, what waits on a phone,
and a report that becomes public.
"""  # noqa: INP001 - a program's part

from collections.abc import Callable

from playwright.sync_api import Browser, Page

from functions.casework.directory.agencies import Role
from tests.browser.people import Person
from tests.browser.scene import UNIT, Scene
from tests.browser.waiting import Waiter

Shoot = Callable[[Page, str], None]
FOLDED = (
    "for (const d of document.querySelectorAll('details')) d.open = /umum|Terbit/.test(d.firstElementChild.textContent)"
)


def counter(clerk: Person, scene: Scene, shoot: Shoot, words: str) -> None:
    """A clerk types for somebody, prints, and goes on to the next."""
    clerk.sign_in(scene.link("loket-1", "kutim-diskominfo", role=Role.CLERK))
    shoot(clerk.page, "counter-form")
    clerk.choose("Di kecamatan mana?", "Sangkulirang")
    clerk.write("Apa yang terjadi?", words)
    clerk.press("Periksa sebelum dikirim")
    shoot(clerk.page, "counter-check")
    clerk.press("Kirim laporan")
    clerk.code()
    shoot(clerk.page, "counter-receipt")


def waiting(browser: Browser, url: str, shoot: Shoot) -> None:
    """A report that finds no network, kept on the phone."""
    writer = Waiter(browser, url)
    writer.visits()
    writer.writes()
    writer.checks()
    writer.context.set_offline(True)
    writer.page.get_by_role("button", name="Kirim laporan").click()
    writer.page.get_by_role("button", name="Simpan tersegel di ponsel ini, kirim nanti").wait_for()
    shoot(writer.page, "offline-not-sent")
    writer.holds()
    shoot(writer.page, "offline-code")
    writer.stores()
    shoot(writer.page, "offline-kept")
    writer.page.goto(f"{url}/lapor/antrean/")
    writer.page.get_by_text("Tersimpan di ponsel ini, belum terkirim: 1.").wait_for()
    shoot(writer.page, "offline-queue")
    writer.page.get_by_role("button", name="Hapus semuanya dari ponsel ini").click()
    writer.page.get_by_text("Sudah dihapus.").wait_for()
    shoot(writer.page, "offline-wiped")
    writer.context.close()


def publication(reporter: Person, officer: Person, scene: Scene, shoot: Shoot) -> None:
    """Wished, written, agreed to, read by anybody."""
    receipt, case_id, unit = scene.handed_over(subject="Jembatan ke sekolah putus")
    scene.reply(unit, case_id, "Papannya kami ganti minggu ini.")
    reporter.open_report(receipt)
    reporter.page.evaluate(FOLDED)
    shoot(reporter.page, "public-wish")
    reporter.press("Saya mau; mintakan teksnya")
    officer.sign_in(scene.link("dpupr-1", UNIT, case_id=case_id))
    officer.follow("Lainnya")
    officer.write("Ringkasan laporan", "Saya lewat jembatan itu tiap pagi. Hubungi 0812-3456-7890.")
    officer.write("Apa jawabannya", "Papan yang rusak sudah diganti, dan jembatan diperiksa tiap bulan.")
    officer.press("Kirim kepada pelapor untuk disetujui", 422)
    shoot(officer.page, "public-written-wrong")
    officer.write("Ringkasan laporan", "Papan sebuah jembatan kayu rusak dan membahayakan anak sekolah.")
    officer.press("Kirim kepada pelapor untuk disetujui")
    reporter.open_report(receipt)
    shoot(reporter.page, "public-agree")
    reporter.page.get_by_label("Saya sudah membacanya.").check()
    reporter.press("Setuju, terbitkan teks ini")
    scene.close(unit, case_id, "Jembatan selesai diperbaiki.")
    scene.verdict(receipt, verdict="selesai", rating=5)
    for _ in range(6):
        scene.published()
    reporter.go("/laporan/")
    shoot(reporter.page, "public-reports")

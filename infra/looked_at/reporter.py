"""What reporters meet: the form, the check page, the receipt, the thread in its states."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PIL import Image

from infra.looked_at.tour import WORDS, Tour
from tests.browser.people import Person

STATES: Final = {
    "Dijawab, menunggu penilaian pelapor": "answered",
    "Petugas bertanya, jam berhenti": "asked",
    "Sedang dikerjakan": "at-work",
    "Naik banding": "appealed",
    "Dengan foto sebelum dan sesudah": "photos",
    "Nama dititipkan, kustodian minta izin membukanya": "name-asked",
}


def with_script(tour: Tour) -> None:
    """From the form to the kept code, with a photo."""
    with TemporaryDirectory() as folder:
        photo = Path(folder) / "foto.jpg"
        Image.linear_gradient("L").resize((900, 600)).save(photo)
        sends(tour, tour.person(), photo, "")


def without_script(tour: Tour) -> None:
    """The same without scripts, and without a photo."""
    sends(tour, tour.person(javascript=False), None, "-no-script")


def fills(someone: Person, words: str = WORDS) -> None:
    """Write the least that a report needs."""
    someone.go("/lapor/")
    someone.write("Apa yang terjadi?", words)
    someone.choose("Di kecamatan mana?", "Sangkulirang")


def sends(tour: Tour, reporter: Person, photo: Path | None, suffix: str) -> None:
    """From an empty form to a kept code."""
    reporter.go("/lapor/")
    if reporter.javascript:
        tour.camera.unfolded(reporter.page, "form")
    reporter.press("Periksa sebelum dikirim", 422)
    tour.shoot(reporter, f"form-wrong{suffix}")
    fills(reporter, f"{WORDS} Hubungi saya di 0812-3456-7890. Petugas Dinas PUPR minta uang.")
    reporter.press("Periksa sebelum dikirim")
    tour.shoot(reporter, f"check{suffix}")
    if accused := reporter.page.get_by_role("radio", name="Bukan", exact=False).all():
        accused[0].check()
    reporter.press("Kirim laporan", 201)
    tour.shoot(reporter, f"receipt{suffix}")
    if photo:
        reporter.send_file(photo)
        tour.shoot(reporter, "receipt-photo")
        reporter.page.get_by_role("button", name="Kode QR").click()
        reporter.page.locator(".qr svg").wait_for()
    for width, height in ((58, 200), (80, 200), (210, 297)):
        tour.camera.printed(reporter.page, f"receipt{suffix}", width, height)
    reporter.page.locator("[data-part=saved], form[action='/api/thread/kode'] .btn").click()
    reporter.page.locator("label[for=answer]").wait_for()
    tour.shoot(reporter, f"receipt-asked{suffix}")
    reporter.page.locator("#answer").fill("AAAAA")
    reporter.page.get_by_role("button", name="Cocokkan", exact=True).click()
    reporter.page.wait_for_load_state()
    reporter.page.wait_for_timeout(300)
    tour.shoot(reporter, f"receipt-asked-wrong{suffix}")


def english(tour: Tour) -> None:
    """The same two screens in the other language."""
    someone = tour.person()
    someone.page.goto("/en/lapor/")
    someone.page.locator("#body, textarea").first.fill("The bridge to the school is broken since Monday.")
    someone.page.locator("select").nth(0).select_option(index=2)
    someone.press("Check before sending")
    tour.shoot(someone, "check-english")
    someone.press("Send the report", 201)
    tour.shoot(someone, "receipt-english")


def unsealed(tour: Tour) -> None:
    """Where the seal's script does not come."""
    someone = tour.person()
    someone.page.route("**/segel.*", lambda route: route.abort())
    fills(someone)
    someone.page.get_by_role("button", name="Periksa sebelum dikirim").click()
    someone.page.get_by_role("button", name="Kirim dengan segel di server").wait_for()
    tour.shoot(someone, "form-unsealed")


def threads(tour: Tour) -> None:
    """The look-up, right and wrong, and the reports that the demonstration offers."""
    for javascript, suffix in ((True, ""), (False, "-no-script")):
        someone = tour.person(javascript=javascript)
        someone.go("/lacak/")
        someone.write("Kode laporan", "6TRYJ-D02P5-M554S-S1KS4-HDMR5")
        someone.press("Buka laporan", 400)
        tour.shoot(someone, f"lookup-wrong{suffix}")
        for what, name in STATES.items():
            if what in tour.receipts() and (javascript or name in ("answered", "photos")):
                someone.open_report(tour.receipts()[what])
                tour.shoot(someone, f"thread-{name}{suffix}")
        if javascript:
            tour.camera.unfolded(someone.page, "thread-name-asked")
    someone.open_report(tour.receipts()["Dijawab, menunggu penilaian pelapor"])
    tour.camera.unfolded(tour.people[-2].page, "thread-last")


def withdraws(tour: Tour) -> None:
    """A new report, looked at, and taken back."""
    receipt, _ = tour.scene.report(subject="Jembatan ke sekolah putus")
    someone = tour.person()
    someone.open_report(receipt)
    tour.shoot(someone, "thread-new")
    someone.press("Kirim", 422)
    tour.shoot(someone, "thread-wrong")
    tour.camera.unfolded(someone.page, "thread-wrong")
    someone.page.get_by_label("Ya, hapus laporan ini untuk selamanya.").check()
    someone.press("Tarik dan hapus")
    tour.shoot(someone, "thread-withdrawn")
    someone.open_report(receipt)
    tour.shoot(someone, "thread-withdrawn-again")


STEPS: Final = (with_script, without_script, english, unsealed, threads, withdraws)

"""The custodians, the counter, letters, SMS, and the pages of the demonstration itself."""

from typing import Final

from functions.casework.directory.agencies import Role
from infra.looked_at.tour import WORDS, Tour


def demonstration(tour: Tour) -> None:
    """What stands beside the product under ``make run``."""
    someone = tour.person()
    for path, name in (("/dev/", "dev"), ("/dev/outbox", "outbox"), ("/dev/sms", "sms")):
        someone.page.goto(path)
        tour.shoot(someone, name)


def custody(tour: Tour) -> None:
    """The list, and the case of the demonstration whose name is asked for."""
    custodian = tour.person()
    custodian.sign_in(tour.scene.custodian())
    tour.shoot(custodian, "custody")
    for n, href in enumerate(
        [link.get_attribute("href") for link in custodian.page.locator("main a[href*=cases]").all()][:2]
    ):
        custodian.go(href or "")
        tour.shoot(custodian, f"custody-case-{n}")
        tour.camera.unfolded(custodian.page, f"custody-case-{n}")
    custodian.go("/custody/")
    for field in custodian.page.locator("main form input[name=tracking_id]").all()[:1]:
        field.fill("AAAA-BBBB-CCCC")
        custodian.page.locator("main form .btn").last.click()
        custodian.page.wait_for_load_state()
        tour.shoot(custodian, "custody-unknown")


def counter(tour: Tour) -> None:
    """A clerk types for somebody, prints, and goes on to the next."""
    clerk = tour.officer("loket-1", "kutim-diskominfo", Role.CLERK)
    tour.shoot(clerk, "counter-form")
    clerk.press("Periksa sebelum dikirim", 422)
    tour.shoot(clerk, "counter-wrong")
    clerk.choose("Di kecamatan mana?", "Sangkulirang")
    clerk.write("Apa yang terjadi?", f"{WORDS} Petugas Diskominfo minta uang.")
    clerk.press("Periksa sebelum dikirim")
    tour.shoot(clerk, "counter-check")
    for radio in clerk.page.get_by_role("radio", name="Bukan", exact=False).all()[:1]:
        radio.check()
    clerk.press("Kirim laporan", 201)
    tour.shoot(clerk, "counter-receipt")
    for width, height in ((58, 200), (80, 200), (210, 297)):
        tour.camera.printed(clerk.page, "counter-receipt", width, height)


def letters(tour: Tour) -> None:
    """One mail of each heading, as a mail program shows its HTML."""
    someone, headings = tour.person(), set[str]()
    for mail in tour.scene.post.mails()[::-1]:
        heading = str(mail.get("html", "")).partition("<h1")[2].partition(">")[2].partition("<")[0].strip()
        kind = "".join(c for c in heading if not c.isdigit())
        if mail.get("html") and kind not in headings:
            headings.add(kind)
            tour.camera.answer(someone.page, str(mail["html"]), f"mail-{len(headings)}")


STEPS: Final = (custody, counter, letters, demonstration)

"""Pictures of every page, for a person to look at: phone and desktop, light and dark, below ``screenshots/``.

Starts the product with a data folder of its own, walks a few reports from the form to their end as the browser
tests do, and stops it again. Run with ``make screenshots``.
"""  # noqa: INP001 - a program, not a package

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from functions.casework.directory.agencies import Role  # noqa: E402 - as below
from infra.screenshots_casework import UNFOLD, lifting, tending, together  # noqa: E402 - as below
from infra.screenshots_reach import counter, publication, waiting  # noqa: E402 - as below
from tests.browser.people import ARGUMENTS, DESKTOP, PHONE, Person, chromium, link, mail  # noqa: E402 - see above
from tests.browser.scene import COLLEAGUE, COORDINATOR, Scene  # noqa: E402 - as above
from tests.server import running  # noqa: E402 - as above

TARGET = ROOT / "screenshots"
SIZES = {"phone": PHONE, "desktop": DESKTOP}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PORTAL = (
    *("/", "/lapor/", "/lacak/", "/barometer/", "/laporan/", "/privasi/", "/bantuan/", "/masuk/", "/masuk/kustodian/"),
    *("/en/", "/en/lapor/", "/404"),
)
WORDS = (
    "Jembatan kayu menuju sekolah putus sejak hujan Senin lalu. Anak-anak menyeberang lewat sungai.\n\n"
    "Kepala desa sudah tahu, tetapi belum ada yang datang."
)
ANSWER = "Terima kasih. Tim kami memeriksa jembatan itu Kamis pagi. Sementara ini perahu desa menyeberangkan anak-anak."


def shoot(page: Page, name: str) -> None:
    """One page in every size and scheme."""
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=TARGET / f"{name}-{size}-{scheme}.png", full_page=True, caret="initial")
    sys.stdout.write(f"   {name}\n")


def portal(someone: Person) -> None:
    """The frozen pages."""
    for path in PORTAL:
        someone.page.goto(someone.url + path)
        shoot(someone.page, path.strip("/").replace("/", "-") or "home")


def sending(reporter: Person, photo: Path) -> str:
    """From the form to the first photo. Returns the report's number."""
    reporter.go("/lapor/")
    reporter.write("Apa yang terjadi?", WORDS)
    reporter.press("Periksa sebelum dikirim", 422)
    shoot(reporter.page, "form-wrong")
    reporter.choose("Di kecamatan mana?", "Sangkulirang")
    reporter.unfolds()
    reporter.write("Judul singkat", "Jembatan ke sekolah putus")
    reporter.write("Di mana tepatnya?", "Di belakang pasar desa, hp saya 0812-3456-7890")
    reporter.press("Periksa sebelum dikirim")
    shoot(reporter.page, "check")
    reporter.page.get_by_label("0812-3456-7890").check()
    reporter.press("Samarkan yang dicentang")
    shoot(reporter.page, "check-masked")
    reporter.press("Kirim laporan", 201)
    shoot(reporter.page, "receipt")
    case_id = reporter.case_id()
    reporter.send_file(photo)
    shoot(reporter.page, "receipt-photo-added")
    return case_id


def sending_unsealed(reporter: Person) -> None:
    """Where the seal does not come."""
    reporter.page.route("**/segel.*", lambda route: route.abort())
    reporter.go("/lapor/")
    reporter.choose("Di kecamatan mana?", "Sangkulirang")
    reporter.write("Apa yang terjadi?", WORDS)
    reporter.unfolds()
    reporter.page.get_by_role("button", name="Periksa sebelum dikirim").click()
    reporter.page.get_by_role("button", name="Kirim dengan segel di server").wait_for()
    shoot(reporter.page, "form-unsealed")


def entrusting(reporter: Person, custodian: Person, scene: Scene) -> None:
    """An identity left in trust, asked for, objected to, taken back with the whole report."""
    receipt, case_id = scene.report(body=WORDS)
    reporter.open_report(receipt)
    reporter.unfold("Titipkan identitas")
    shoot(reporter.page, "thread-entrusting")
    reporter.write("Nama", "Siti Contoh")
    reporter.press("Titipkan")
    custodian.sign_in(scene.custodian())
    shoot(custodian.page, "custody-empty")
    custodian.go(f"/custody/cases/{case_id}")
    shoot(custodian.page, "custody-case")
    custodian.write("Mengapa harus dibuka?", "Dinas perlu mencari satu nama dalam berkasnya sendiri.")
    custodian.press("Kirim permintaan")
    custodian.go("/custody/")
    shoot(custodian.page, "custody-asked")
    reporter.open_report(receipt)
    shoot(reporter.page, "thread-asked-for-identity")
    reporter.page.locator("#permintaan input[value='no']").check()
    reporter.press("Kirim jawaban")
    reporter.page.evaluate(UNFOLD)
    shoot(reporter.page, "thread-objected-unfolded")
    reporter.page.get_by_label("Ya, hapus laporan ini untuk selamanya.").check()
    reporter.press("Tarik dan hapus")
    shoot(reporter.page, "thread-withdrawn")


def returning(reporter: Person, scene: Scene) -> None:
    """The thread in its states."""
    receipt, case_id, officer = scene.handed_over(body=WORDS, subject="Jembatan ke sekolah putus")
    reporter.go("/lacak/")
    reporter.write("Kode laporan", f"{receipt[:-2]}AA")
    reporter.press("Buka laporan", 400)
    shoot(reporter.page, "track-wrong")
    reporter.open_report(receipt)
    shoot(reporter.page, "thread-at-unit")
    reporter.press("Kirim", 422)
    shoot(reporter.page, "thread-wrong")
    happenings: dict[str, Callable[[], object]] = {
        "answered": lambda: scene.reply(officer, case_id, ANSWER),
        "asked": lambda: officer.post(
            f"/desk/cases/{case_id}/stage", {"stage": "ditahan", "reason": "Di desa yang mana?"}
        ),
        "closed": lambda: scene.close(officer, case_id, "Papan jembatan sudah diganti."),
        "not-yet": lambda: scene.verdict(receipt, verdict="belum", reason="Pagarnya belum ada."),
        "closed-again": lambda: scene.close(officer, case_id, "Pagar dipasang hari ini."),
        "confirmed": lambda: scene.verdict(receipt, verdict="selesai", rating=4, reason="Terima kasih."),
    }
    for name, happens in happenings.items():
        happens()
        reporter.open_report(receipt)
        shoot(reporter.page, f"thread-{name}")
        if name.startswith("closed"):
            reporter.page.evaluate(UNFOLD)
            shoot(reporter.page, f"thread-{name}-unfolded")


def sorting(coordinator: Person, scene: Scene, case_id: str) -> None:
    """The coordinator's desk, from his mail to the way out."""
    scene.batch_comes(case_id)  # what accuses comes in the morning
    letter = mail(scene.post, COORDINATOR, case_id)
    coordinator.page.set_content(letter["html"])
    shoot(coordinator.page, "mail")
    coordinator.page.goto(link(letter))
    shoot(coordinator.page, "link-filled-in")
    coordinator.press("Masuk")
    coordinator.go(f"/desk/cases/{case_id}")
    shoot(coordinator.page, "desk-coordinator-case")
    coordinator.write("Alasannya", "")
    coordinator.press("Teruskan laporan", 422)
    shoot(coordinator.page, "desk-coordinator-wrong")
    coordinator.write("Alasannya", "Jembatan kabupaten, kewenangan Dinas PU.")
    coordinator.press("Teruskan laporan")
    shoot(coordinator.page, "desk-coordinator-inbox")
    coordinator.go(f"/desk/cases/{case_id}")
    shoot(coordinator.page, "desk-coordinator-looks-on")
    coordinator.press("Keluar")
    shoot(coordinator.page, "desk-signed-out")
    _, masked = scene.report(body="Lampu jalan mati. Nama saya Budi Contoh, hp 0812-3456-7890.")
    coordinator.sign_in_to(link(mail(scene.post, COORDINATOR, masked)), masked)
    coordinator.follow("Ada yang disamarkan di sini. Perlu melihatnya?")
    shoot(coordinator.page, "desk-masked")
    coordinator.go("/desk/quarantine/")
    shoot(coordinator.page, "desk-quarantine-empty")


def late(reporter: Person, coordinator: Person, scene: Scene) -> None:
    """A unit that is silent: its case as it goes up."""
    receipt, case_id, _ = scene.handed_over(body=WORDS, subject="Jembatan ke sekolah putus")
    scene.late(case_id)
    coordinator.sign_in(scene.link("kutim-1", "kutim", case_id=case_id, role=Role.COORDINATOR))
    shoot(coordinator.page, "desk-late-case")
    coordinator.press("Keluar")
    coordinator.sign_in(scene.link("kutim-1", "kutim", role=Role.COORDINATOR))
    shoot(coordinator.page, "desk-late-inbox")
    coordinator.press("Keluar")
    coordinator.sign_in(scene.link("inspektorat-1", "kutim-inspektorat", role=Role.INSPECTOR))
    shoot(coordinator.page, "desk-inspector-inbox")
    coordinator.go("/desk/escalated/")
    shoot(coordinator.page, "desk-escalated")
    reporter.open_report(receipt)
    shoot(reporter.page, "thread-late")


def answering(officer: Person, scene: Scene, case_id: str, photo: Path) -> None:
    """The unit's desk."""
    officer.sign_in(scene.link("dpupr-2", "kutim-dpupr"))
    shoot(officer.page, "desk-unit-inbox")
    officer.go(f"/desk/cases/{case_id}")
    shoot(officer.page, "desk-unit-case")
    officer.follow("Lainnya")
    shoot(officer.page, "desk-unit-more")
    officer.page.evaluate(UNFOLD)
    shoot(officer.page, "desk-unit-unfolded")
    officer.follow("Tanya")
    shoot(officer.page, "desk-unit-ask")
    officer.follow("Tutup")
    officer.press("Periksa, lalu tutup", 422)
    shoot(officer.page, "desk-unit-wrong")
    officer.tick("Sudah dijelaskan")
    officer.write("Penjelasan untuk pelapor", ANSWER)
    officer.press("Periksa, lalu tutup")
    shoot(officer.page, "desk-unit-confirm")
    officer.go(f"/desk/cases/{case_id}")
    officer.write("Jawaban Anda", ANSWER)
    officer.press("Kirim jawaban")
    shoot(officer.page, "desk-unit-answered")
    officer.send_file(photo)
    scene.close(scene.desk(COLLEAGUE, case_id), case_id, "Papan jembatan sudah diganti.")
    officer.write("Jawaban Anda", ANSWER)
    officer.press("Kirim jawaban", 409)
    shoot(officer.page, "desk-unit-too-late")
    officer.go(f"/desk/cases/{case_id}")
    shoot(officer.page, "desk-unit-closed")


def going_wrong(stranger: Person, scene: Scene) -> None:
    """What is said where something does not open."""
    stranger.page.goto(f"{stranger.url}/dev/outbox")
    shoot(stranger.page, "outbox")
    stranger.page.goto(f"{stranger.url}/desk/")
    shoot(stranger.page, "desk-not-signed-in")
    stranger.sign_in(scene.link("dlh-1", "kutim-dlh", hours=-1), 403)
    shoot(stranger.page, "link-expired")
    stranger.press("Kirim link baru ke email saya", 202)
    shoot(stranger.page, "link-sent-again")
    stranger.go("/masuk/")
    stranger.press("Kirim link baru", 422)
    shoot(stranger.page, "link-wanted-wrong")
    stranger.write("Alamat email dinas Anda", "petugas1@dlh.example.id")
    stranger.press("Kirim link baru", 202)
    shoot(stranger.page, "link-wanted")
    stranger.sign_in(scene.link("dlh-1", "kutim-dlh"))
    shoot(stranger.page, "desk-empty-inbox")


def walk(browser: Browser, url: str, scene: Scene, photo: Path) -> None:
    """All of it."""
    reporter, coordinator, officer, stranger, custodian = (Person(browser, url) for _ in range(5))
    portal(reporter)
    case_id = sending(reporter, photo)
    returning(reporter, scene)
    entrusting(reporter, custodian, scene)
    sending_unsealed(Person(browser, url))
    sorting(coordinator, scene, case_id)
    late(reporter, coordinator, scene)
    answering(officer, scene, case_id, photo)
    together(Person(browser, url), scene, shoot)
    lifting(reporter, Person(browser, url), scene, shoot)
    head = Person(browser, url)
    head.sign_in(scene.link("kutim-1", "kutim", role=Role.COORDINATOR))
    tending(head, scene, shoot)
    going_wrong(stranger, scene)
    counter(Person(browser, url), scene, shoot, WORDS)
    waiting(browser, url, shoot)
    publication(Person(browser, url), Person(browser, url), scene, shoot)


def main() -> None:
    """Take all pictures anew."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        photo = Path(folder) / "photo.jpg"
        Image.linear_gradient("L").resize((1200, 900)).save(photo)
        with running(Path(folder) / "data") as product:
            browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
            walk(browser, product.url, Scene(product), photo)
            browser.close()
    sys.stdout.write(f"{len(list(TARGET.glob('*.png')))} pictures in {TARGET}\n")


if __name__ == "__main__":
    main()

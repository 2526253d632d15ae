"""The README's pictures, from the demonstration as it is: ``python -m infra.screenshots_demo`` beside ``make demo``.

They go to ``docs/pictures`` as WebP, whole screens and no whole pages: a reader sees what a visitor sees first. Look at
each before it is committed.
"""  # noqa: INP001 - a program, not a package

import sys
from io import BytesIO

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.people import ARGUMENTS, PHONE, Person, chromium
from tests.server import ROOT

TARGET = ROOT / "docs" / "pictures"
PATIENCE_MS = 120_000  # the machine may have much else to do
PAGE, DESK = (720, 820), (1120, 820)
ANSWERED = "Dijawab, menunggu penilaian pelapor"


def shoot(page: Page, name: str) -> None:
    """Keep what stands on the screen."""
    page.wait_for_load_state("networkidle")
    image = Image.open(BytesIO(page.screenshot(caret="initial"))).convert("RGB")
    path = TARGET / f"{name}.webp"
    image.save(path, quality=72, method=6)
    sys.stdout.write(f"   {path.name} {path.stat().st_size:,} bytes\n")


def public(visitor: Person) -> None:
    """What everybody may read."""
    visitor.go("/barometer/")
    shoot(visitor.page, "barometer")
    visitor.go("/laporan/topik/jalan/")
    shoot(visitor.page, "laporan")


def desk(coordinator: Person) -> None:
    """Late cases first, and the figures of each agency."""
    coordinator.go("/dev/")
    coordinator.page.locator("button[name=email]").first.click()
    coordinator.page.get_by_role("button", name="Masuk").click()
    coordinator.page.wait_for_url("**/desk/**")
    shoot(coordinator.page, "meja")
    coordinator.go("/desk/figures/")
    shoot(coordinator.page, "rekap")


def phone(reporter: Person) -> None:
    """The form, and the thread of a report with photos."""
    reporter.go("/lapor/")
    shoot(reporter.page, "formulir")
    reporter.go("/dev/")
    reporter.page.locator("li, tr, p", has_text=ANSWERED).last.locator("a").first.click()
    reporter.press("Buka laporan")
    shoot(reporter.page, "percakapan")


def main() -> None:
    """Take the pictures of the demonstration that runs at an address (its usual one, if none is given)."""
    url = sys.argv[1] if sys.argv[1:] else "http://127.0.0.1:8000"
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for take, screen in ((public, PAGE), (desk, DESK), (phone, PHONE)):
            visitor = Person(browser, url, screen=screen)
            visitor.context.set_default_timeout(PATIENCE_MS)
            take(visitor)
        browser.close()


if __name__ == "__main__":
    main()

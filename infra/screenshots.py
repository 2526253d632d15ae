"""Pictures of every page, for a person to look at: phone and desktop, light and dark, below ``screenshots/``.

Starts the product with a data folder of its own, walks one report from the form to the officer's desk, and
stops it again. Run with ``make screenshots``.
"""  # noqa: INP001 - a program, not a package

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from os import environ
from pathlib import Path
from socket import create_server
from typing import Literal

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "screenshots"
SIZES = {"phone": (360, 640), "desktop": (1280, 800)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PORTAL = ("/", "/lapor/", "/lacak/", "/barometer/", "/privasi/", "/bantuan/", "/masuk/", "/en/", "/en/lapor/", "/404")
WORDS = "Jembatan kayu menuju sekolah putus sejak hujan Senin lalu. Anak-anak menyeberang lewat sungai."
MAIL_WAIT_SECONDS = 20


@contextmanager
def product(data_dir: str) -> Iterator[str]:
    """The product on a free port; gives its address once it says that it is ready."""
    with create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "functions.local"]
    settings = {**environ, "PORT": port, "DATA_DIR": data_dir, "STORE": "sqlite"}
    with subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        try:
            for line in process.stdout or ():
                if line.startswith("ready "):
                    yield line.removeprefix("ready ").strip()
                    return
            raise SystemExit("screenshots: the product did not start, see above")
        finally:
            process.terminate()


def shoot(page: Page, name: str) -> None:
    """One page in every size and scheme."""
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=TARGET / f"{name}-{size}-{scheme}.png", full_page=True)
    sys.stdout.write(f"   {name}\n")


def walk(page: Page, url: str) -> None:
    """The portal's pages, then one report: form, check, receipt, mail, desk, thread."""
    for path in PORTAL:
        page.goto(url + path)
        shoot(page, path.strip("/").replace("/", "-") or "home")
    page.goto(f"{url}/lapor/")
    page.select_option("[name=topic]", index=1)
    page.select_option("[name=district]", index=1)
    page.fill("[name=body]", WORDS)
    for name in ("check", "receipt"):
        submit(page, "/api/reports")
        shoot(page, name)
    receipt = page.input_value("[name=receipt] >> nth=0")
    page.goto(f"{url}/dev/outbox")
    shoot(page, "outbox")
    page.goto(first_link(page, url))
    page.wait_for_load_state("networkidle")
    shoot(page, "signed-in")
    page.goto(f"{url}/desk/")
    shoot(page, "inbox")
    page.goto(f"{url}/lacak/")
    page.fill("#receipt", receipt)
    submit(page, "/api/thread")
    shoot(page, "thread")


def submit(page: Page, action: str) -> None:
    """Send the first form with this action and wait for the answer."""
    with page.expect_navigation():
        page.eval_on_selector(f"form[action='{action}']", "form => form.requestSubmit()")


def first_link(page: Page, url: str) -> str:
    """The signed link of the first mail, as soon as the courier has brought it."""
    for _ in range(MAIL_WAIT_SECONDS):
        for mail in page.request.get(f"{url}/dev/outbox.json").json():
            if found := re.search(r"https?://\S+/masuk/#\S+", mail["text"]):
                return found[0]
        page.wait_for_timeout(1000)
    raise SystemExit("screenshots: no mail came")


def main() -> None:
    """Take all pictures anew."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir()
    with tempfile.TemporaryDirectory() as data_dir, product(data_dir) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or "/usr/bin/chromium", args=CHROMIUM_ARGUMENTS
        )
        walk(browser.new_page(locale="id-ID"), url)
        browser.close()
    sys.stdout.write(f"{len(list(TARGET.glob('*.png')))} pictures in {TARGET}\n")


if __name__ == "__main__":
    main()

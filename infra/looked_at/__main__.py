"""``python -m infra.looked_at [group ...]``: pictures of all screens, or of these groups, from the invented year.

The year is that of ``make demo``: ``DATA_DIR``, or build/demo, is copied, and the copy is served meanwhile. With
``URL``, a demonstration that runs there with this folder is used as it is, and changed. Writes pictures, a contact
sheet for each screen and each group, and ``faults.txt`` below ``PICTURES`` (screenshots/ if not set).
"""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Final, cast

from playwright.sync_api import Error, sync_playwright

from infra.looked_at import errors, flood, officers, others, portal, reporter
from infra.looked_at.camera import Camera
from infra.looked_at.tour import Tour
from tests.browser.people import ARGUMENTS, windowless
from tests.engines.serving import free_port
from tests.server import ROOT, Running, wait_for

Step = Callable[[Tour], None]
GROUPS: Final[dict[str, tuple[Step, ...]]] = {
    "errors": errors.STEPS,
    "portal": portal.STEPS,
    "reporter": reporter.STEPS,
    "officers": officers.STEPS,
    "others": others.STEPS,
    "flood": flood.STEPS,
}
FLOOD: Final = "360"  # 60 reports without a proof pass from this machine, then comes the quarantine
START_SECONDS: Final = 600  # thirteen editions are frozen, on a machine that may have other things to do


def main() -> int:
    """Take the pictures. Return the exit status: how many steps ended early, or 1 if there is no year."""
    year = Path(os.environ.get("DATA_DIR") or ROOT / "build" / "demo")
    target = Path(os.environ.get("PICTURES") or ROOT / "screenshots")
    if not (year / "contoh.json").exists():
        sys.stderr.write(f"There is no invented year in {year}. Make one with `make demo`.\n")
        return 1
    target.mkdir(parents=True, exist_ok=True)
    with served(year, os.environ.get("URL", "")) as product, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=windowless(), args=ARGUMENTS)
        tour = Tour(product, browser, Camera(target))
        failed = [step for group in sys.argv[1:] or GROUPS for step in GROUPS[group] if not taken(tour, group, step)]
        browser.close()
    tour.camera.sheets()
    sys.stdout.write(f"{len(tour.camera.names)} screens in {target}\n")
    return len(failed)


def taken(tour: Tour, group: str, step: Step) -> bool:
    """Take one step of the tour. Tell, and return False, where it ends early: the others go on."""
    tour.camera.group = group
    try:
        step(tour)
    except (AssertionError, Error) as error:
        sys.stderr.write(f"{group} {step.__name__} ended early: {error}\n")
        return False
    finally:
        tour.leave()
    return True


@contextmanager
def served(year: Path, url: str) -> Iterator[Running]:
    """Serve a copy of the year, or take what runs at the address."""
    if url:
        yield cast("Running", SimpleNamespace(url=url, folder=year))
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(year, Path(folder) / "data"))
        product = Running(copy, free_port(), {"FLOOD_PER_HOUR": FLOOD}, [])
        try:
            ready = wait_for(lambda: product.process.poll() or f"ready {product.url}" in product.lines, START_SECONDS)
            if ready is not True:
                raise SystemExit("\n".join(product.lines))
            yield product
        finally:
            product.kill(signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())

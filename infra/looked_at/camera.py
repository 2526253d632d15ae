"""Takes one screen in every size and theme, and notes what a program finds wrong in it."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Page, Route

from infra.looked_at.faults import faults_of
from infra.looked_at.sheets import packed, side_by_side
from tests.browser.people import DESKTOP, PHONE

Theme = Literal["light", "dark"]
SIZES: Final = {"phone": PHONE, "desktop": DESKTOP}
THEMES: Final[tuple[Theme, ...]] = ("light", "dark")
UNFOLD: Final = "for (const d of document.querySelectorAll('details')) { d.removeAttribute('name'); d.open = true }"


@dataclass
class Camera:
    """Writes pictures below ``target``, named after their group and screen."""

    target: Path
    group: str = ""
    names: list[str] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)

    def shoot(self, page: Page, name: str) -> None:
        """Take the page as it is, whole."""
        name = f"{self.group}-{name}"
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            if wrong := faults_of(page):
                self.faults[f"{name}-{size}"] = wrong
            for theme in THEMES:
                page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                page.screenshot(path=self.file(name, size, theme), full_page=True, caret="initial")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        self.names.append(name)  # only now: of a step that ends early, sheets hold what was taken whole
        sys.stdout.write(f"   {name}\n")
        sys.stdout.flush()

    def unfolded(self, page: Page, name: str) -> None:
        """Take the page with all that folds open."""
        page.evaluate(UNFOLD)
        self.shoot(page, f"{name}-unfolded")

    def printed(self, page: Page, name: str, width_mm: int, height_mm: int) -> None:
        """Take the page as it is printed on paper of this size."""
        pixels = {"width": round(width_mm * 96 / 25.4), "height": round(height_mm * 96 / 25.4)}
        page.emulate_media(media="print", color_scheme="light")
        page.set_viewport_size(pixels)
        page.screenshot(path=self.target / f"{self.group}-{name}-print-{width_mm}mm.png", full_page=True)
        page.emulate_media(media="screen")

    def answer(self, page: Page, html: str, name: str) -> None:
        """Take an answer that was fetched, or made, elsewhere: at an address of the portal, so that its styles come."""

        def give(route: Route) -> None:
            route.fulfill(status=200, content_type="text/html; charset=utf-8", body=html)

        page.route("**/looked-at", give)
        page.goto("/looked-at")
        self.shoot(page, name)
        page.unroute("**/looked-at", give)

    def file(self, name: str, size: str, theme: str) -> Path:
        """Return where a picture is."""
        return self.target / f"{name}-{size}-{theme}.png"

    def sheets(self) -> None:
        """Write faults, a sheet for each screen, and for each group all phones and all desktops, light and dark."""
        lines = [f"{name}: {line}" for name, wrong in self.faults.items() for line in wrong]
        (self.target / "faults.txt").write_text("\n".join(lines) + "\n", "utf-8")
        folder = self.target / "sheets"
        folder.mkdir(exist_ok=True)
        for name in self.names:
            shots = [self.file(name, size, theme) for size in SIZES for theme in THEMES]
            side_by_side(shots, 480, folder / f"{name}.png")
        for group in dict.fromkeys(name.partition("-")[0] for name in self.names):
            mine = [name for name in self.names if name.startswith(f"{group}-")]
            for theme in THEMES:
                packed([self.file(n, "phone", theme) for n in mine], 360, 4, folder, f"all-{group}-phone-{theme}")
                packed([self.file(n, "desktop", theme) for n in mine], 760, 2, folder, f"all-{group}-desktop-{theme}")

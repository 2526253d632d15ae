"""axe in a page: put there once, and asked for violations alone. To list what passes takes it as long again."""

from typing import Any

from axe_playwright_python.base import AxeBase, AxeResults
from playwright.sync_api import Page

THERE = "() => Boolean(globalThis.axe)"
RUN = "options => axe.run(document, options).then(({ violations }) => ({ violations }))"


class Axe(AxeBase):
    """As ``axe_playwright_python``'s own, which puts its half a megabyte into the page at each run."""

    def run(self, page: Page, options: dict[str, Any] | None = None) -> AxeResults:
        """The violations on the page as it is."""
        if not page.evaluate(THERE):
            page.evaluate(self.axe_script)
        return AxeResults(page.evaluate(RUN, {**(options or {}), "resultTypes": ["violations"]}))

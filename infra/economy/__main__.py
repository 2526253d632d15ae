"""Write docs/costs.md and docs/scale.md: ``python -m infra.economy``."""

from pathlib import Path

from infra.economy import costs, scale_page

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {"costs.md": costs.page, "scale.md": scale_page.page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page())

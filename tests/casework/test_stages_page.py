"""docs/stages.md is what the code says."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_of_stages_is_drawn_from_the_code():
    drawn = runpy.run_path(str(ROOT / "infra" / "stages.py"))["drawn"]()
    assert (ROOT / "docs" / "stages.md").read_text() == drawn, "run: python infra/stages.py"

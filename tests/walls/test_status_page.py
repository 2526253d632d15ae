"""The page of what stands stays short; what is limited stands in full on a page of its own."""

import re

from tests.walls.planting import ROOT

STATUS, LIMITS = ROOT / "docs" / "status.md", ROOT / "docs" / "limits.md"
MOST_WORDS = 1_300


def test_what_stands_is_read_in_a_few_minutes() -> None:
    assert len(STATUS.read_text().split()) <= MOST_WORDS


def test_each_theme_of_limits_is_named_and_each_name_leads_to_one() -> None:
    themes = {
        heading.lower().replace(",", "").replace(" ", "-")
        for heading in re.findall(r"^## (.+)$", LIMITS.read_text(), re.MULTILINE)
    }
    assert set(re.findall(r"limits\.md#([a-z-]+)", STATUS.read_text())) == themes

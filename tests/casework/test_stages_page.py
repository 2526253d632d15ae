"""docs/stages.md is what the code says."""

import re
import runpy
from pathlib import Path

from functions.casework.stages import FACTS

ROOT = Path(__file__).parents[2]


def test_the_page_of_stages_is_drawn_from_the_code():
    drawn = runpy.run_path(str(ROOT / "infra" / "stages.py"))["drawn"]()
    assert (ROOT / "docs" / "stages.md").read_text() == drawn, "run: python infra/stages.py"


def test_the_glossary_explains_each_stage_and_calls_it_as_the_pages_do():
    glossary = (ROOT / "docs" / "glossary.md").read_text()
    for stage, facts in FACTS.items():
        assert re.search(rf"^\| `{stage}` \| [^|]+ \| {facts.name} \| [^|]+ \|$", glossary, re.MULTILINE), stage

"""Which types of files there are stands in one table; the reporter's browser has it built in."""

import json
import re
from pathlib import Path

import pytest

from functions.casework.formats.attachments import ENDINGS, FACTS
from functions.web import language, layout
from tests.site.conftest import SITE

A_DOCUMENT = re.compile(r"officedocument|opendocument|\b(docx|xlsx|odt)\b")
SCRIPTS = [path for path in sorted((SITE / "browser").rglob("*.js")) if "node_modules" not in path.parts]


def test_the_browser_knows_each_type_that_leaves_and_no_other() -> None:
    assert json.loads((SITE / "browser" / "endings.json").read_text()) == ENDINGS


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_no_type_comes_from_what_no_hash_holds(frozen: Path, lang: str) -> None:
    told = json.loads((frozen / layout.place("/lacak/berkas.json", lang).lstrip("/")).read_text())
    assert set(told) == {"says", "faults"}


def test_no_script_lists_the_types_itself() -> None:
    assert [path.name for path in SCRIPTS if A_DOCUMENT.search(path.read_text())] == []


def test_the_description_of_the_calls_names_each_document(frozen: Path) -> None:
    calls = json.loads((frozen / "openapi.json").read_text())
    summary = calls["paths"]["/api/thread/files"]["post"]["summary"]
    assert f"a photo, {FACTS['documents']} or plain text" in summary

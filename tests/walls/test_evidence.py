"""Commands write their parts of a page, and nothing else of it; every part that one tells has a place."""

import re
from pathlib import Path

import pytest

from tests.evidence import EVIDENCE, ROOT, main, put, tell

PAGE = (
    "# Title\n\n<!-- written: one -->\nold\n<!-- end: one -->\n\nby hand\n\n<!-- written: two -->\n<!-- end: two -->\n"
)


def test_a_part_is_written_and_the_rest_stays(tmp_path: Path) -> None:
    page, told = tmp_path / "page.md", tmp_path / "told"
    page.write_text(PAGE)
    tell("two", ["| a |", "| - |"], told)
    main(told, page)
    assert page.read_text().startswith(PAGE.partition("<!-- written: two")[0])
    assert re.search(
        r"<!-- written: two -->\n\| a \|\n\| - \|\n\nRun at `[0-9a-f]{12}`\.\n<!-- end: two -->\n$", page.read_text()
    )
    put("one", ["new"], page)
    assert "<!-- written: one -->\nnew\n<!-- end: one -->\n\nby hand\n" in page.read_text()


def test_a_page_without_the_part_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PAGE)
    with pytest.raises(ValueError, match="has no part three"):
        put("three", [], tmp_path / "page.md")


def parts_of(page: Path) -> set[str]:
    return set(re.findall(r"<!-- written: (\w+) -->\n(?:.*\n)*?<!-- end: \1 -->", page.read_text()))


def test_what_is_told_has_a_place() -> None:
    sources = {path: path.read_text() for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)}
    told = {name for text in sources.values() for name in re.findall(r'\btell\(\s*"(\w+)"', text)}
    assert told == parts_of(EVIDENCE) == {"model", "simulation", "kills", "fuzz", "mutation"}
    written = {name for text in sources.values() for name in re.findall(r'\bput\("(\w+)", .*, PAGE\)', text)}
    assert written == parts_of(ROOT / "docs" / "performance.md") != set()

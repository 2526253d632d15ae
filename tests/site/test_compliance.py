"""Each row of ``docs/compliance`` names a file or a test that exists, or says that it is open."""

import re
from pathlib import Path

import pytest

from tests.site.conftest import ROOT

FOLDER = ROOT / "docs" / "compliance"
TABLES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
ROWS = {"wcag-2.2-aa.md": 55, "openssf.md": 67, "dpg-standard.md": 11, "public-code.md": 16}
PAGES = ("adopting.md", "migration.md", "languages.md")


def rows(text: str) -> list[tuple[str, str]]:
    """Point and answer of each row of the page's main table."""
    table = text.partition("| point | what it asks | answer |\n| --- | --- | --- |\n")[2].partition("\n\n")[0]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.strip().split("\n")]
    assert all(len(row) == 3 for row in cells), [row for row in cells if len(row) != 3]
    return [(row[0], row[2]) for row in cells]


def wrong(answer: str, page: Path) -> bool:
    """Whether an answer names nothing that exists and does not say that it is open."""
    paths = [path for path in LINK.findall(answer) if "://" not in path]
    missing = [path for path in paths if not (page.parent / path).resolve().exists()]
    return bool(missing) or not (paths or answer.startswith("**open**"))


def test_each_row_is_answered_by_what_exists_or_open() -> None:
    assert len(TABLES) == 8
    for path in TABLES:
        found = rows(path.read_text())
        assert len(found) == ROWS.get(path.name, len(found)) > 8, path.name
        assert not [point for point, answer in found if wrong(answer, path)], path.name
        assert not [link for link in LINK.findall(path.read_text()) if not (FOLDER / link).exists()], path.name


def test_the_counts_of_the_overview_are_those_of_the_tables() -> None:
    said = dict(re.findall(r"\]\(([\w.-]+\.md)\).*\| (\d+ \| \d+) \|", (FOLDER / "README.md").read_text()))
    counted = {}
    for path in TABLES:
        still = sum("**open**" in answer for _, answer in rows(path.read_text()))
        counted[path.name] = f"{len(rows(path.read_text())) - still} | {still}"
    assert said == counted


@pytest.mark.parametrize("answer", ["by hand", "[x](../../tests/no_such_test.py)", "soon **open**"])
def test_the_look_does_find_an_empty_answer(answer: str) -> None:
    assert wrong(answer, FOLDER / "openssf.md")


@pytest.mark.parametrize("name", PAGES)
def test_pages_for_adopters_lead_to_what_exists(name: str) -> None:
    text = (ROOT / "docs" / name).read_text()
    links = [link for link in LINK.findall(text) if "://" not in link]
    assert links
    assert not [link for link in links if not (ROOT / "docs" / link).exists()]
    anchors = {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    assert not [inner for inner in re.findall(r"\]\(#([^)]+)\)", text) if inner not in anchors]


def test_every_command_of_the_page_on_moving_in_exists() -> None:
    from functions.cli.main import cli

    named = set(re.findall(r"functions\.cli migrate (\w+)", (ROOT / "docs" / "migration.md").read_text()))
    assert named == set(cli.commands["migrate"].commands)  # type: ignore[attr-defined]  # a group

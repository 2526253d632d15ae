"""Every promise on the privacy page is proved by a test that exists; the table is docs/promises.md."""

import ast
import re

from tests.site.conftest import ROOT
from tests.ways_in import WAYS_IN

PAGE = (ROOT / "site" / "pages" / "privasi.html").read_text()
TABLE = (ROOT / "docs" / "promises.md").read_text()


LAWS = TABLE.split("by which way in?")[1]


def table() -> dict[str, list[str]]:
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", TABLE, re.MULTILINE)
    return {promise: re.findall(r"`([^`]+)`", tests) for promise, tests in rows}


def functions(path: str) -> set[str]:
    file = ROOT / path
    assert file.exists(), f"{path} is named in docs/promises.md and does not exist"
    return {node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)}


def test_every_promise_has_a_proof_and_no_proof_stands_alone() -> None:
    promised = re.findall(r'id="janji-([a-z-]+)"', PAGE)
    assert len(promised) == len(set(promised))
    assert set(promised) == set(table())
    assert all(table().values())


def test_every_item_of_the_list_of_promises_carries_an_id() -> None:
    first = PAGE.split("Lima janji kami")[1].split("<h2>")[0]
    folded = PAGE.split("Janji lain tentang Anda")[1].split("Yang kami simpan")[0]
    items = re.findall(r"<li[^>]*>", first + folded)
    assert len(items) > 30
    assert [item for item in items if "janji-" not in item] == []


def test_every_proof_exists() -> None:
    for promise, tests in table().items():
        for test in tests:
            path, _, name = test.partition("::")
            assert name in functions(path), f"{promise}: {test}"


def test_every_way_in_keeps_every_law_by_a_test() -> None:
    heading, _, *rows = (
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in re.findall(r"^\|.+\|$", LAWS, re.MULTILINE)
    )
    assert len(heading) == 7
    named = {way for row in rows for way in re.findall(r"`(by_\w+)`", row[0])}
    assert named == {way.__name__ for way in WAYS_IN}
    for way, *cells in rows:
        assert len(cells) == len(heading) - 1, way
        for law, cell in zip(heading[1:], cells, strict=True):
            tests = re.findall(r"`(tests/[^`]+)`", cell)
            assert tests or re.match(r"— \w+", cell), (way, law)
            for test in tests:
                path, _, name = test.partition("::")
                assert name in functions(path), f"{way}, {law}: {test}"

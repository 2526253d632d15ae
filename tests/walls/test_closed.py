"""What a test or a tool opens in SQLite is closed where it was opened.

A connection holds itself (its cache of statements does), so one that is left open is closed by the garbage collector,
minutes later and in another test, which then goes red.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KEPT = {  # whose owner closes it
    "functions/storage/sqlite/engine.py": "a pool, closed with its engine",
    "infra/demo/building.py": "closed by `finish`, at the end of its process",
    "tests/security_matrix.py": "closed by `Saved.close`",
    "tests/simulation/looks.py": "closed by `Looks.close`",
}


def left_open(source: str) -> Iterator[int]:
    """Give the line of each connection that no ``closing`` holds."""
    tree = ast.parse(source if "sqlite3.connect" in source else "")
    held = [call.args[0] for call in ast.walk(tree) if isinstance(call, ast.Call) and named(call) == "closing"]
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and named(call) == "sqlite3.connect" and call not in held:
            yield call.lineno


def named(call: ast.Call) -> str:
    return ast.unparse(call.func)


def test_every_connection_is_closed_where_it_is_opened() -> None:
    files = [path for top in ("functions", "infra", "site", "tests") for path in (ROOT / top).rglob("*.py")]
    found = {
        path.relative_to(ROOT).as_posix(): lines
        for path in files
        if "node_modules" not in path.parts and (lines := [*left_open(path.read_text())])
    }
    assert {name: len(lines) for name, lines in found.items()} == dict.fromkeys(KEPT, 1), found


@pytest.mark.parametrize(
    "source",
    ["db = sqlite3.connect(path)\ndb.close()", "with sqlite3.connect(path) as db:\n    db.execute(order)"],
)
def test_one_that_nothing_holds_is_found(source: str) -> None:
    assert [*left_open(source)] == [1]
    assert not [*left_open("with closing(sqlite3.connect(path)) as db, db:\n    db.execute(order)")]

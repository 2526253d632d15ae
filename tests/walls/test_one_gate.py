"""What a text says is asked of one function, ``understanding.said``: who asks a single answer's module stands here."""

import ast
from collections.abc import Iterator
from pathlib import Path

FUNCTIONS = Path(__file__).parents[2] / "functions"
ANSWERS = {
    "look_for_accused": "accused",
    "blamed_in": "conduct",
    "complains": "behaviour",
    "nature_of": "nature",
    "places_in": "places",
    "receipts_in": "receipts",
}
# Who asks a part, and why the whole gate cannot be asked there.
ASKS_A_PART = {
    "casework/formats/sms_command.py nature_of": "parses an SMS before it is known whose it is, so without a directory",
    "casework/formats/sms_codes.py receipts_in": "the same: the code tells whose SMS it is",
    "sanitize/file_words.py receipts_in": "runs in the child process that cleans files, which has no directory",
    "desk/today/search.py receipts_in": "what is looked for is no report, and a receipt typed there goes no further",
    "pii/words.py receipts_in": "masks: the browser's twin does the same without a directory",
}


def parts_asked(root: Path) -> Iterator[str]:
    """Yield ``file name`` of each import of an answer's function outside ``casework/understanding``."""
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if name.startswith("casework/understanding/"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                asked = [alias.name for alias in node.names if alias.name in ANSWERS]
                yield from (f"{name} {each}" for each in asked)


def test_whoever_asks_a_part_stands_in_the_list() -> None:
    assert set(parts_asked(FUNCTIONS)) == set(ASKS_A_PART)


def test_a_new_one_is_seen(tmp_path: Path) -> None:
    planted = tmp_path / "intake"
    planted.mkdir()
    (planted / "app.py").write_text(
        "def f():\n    from functions.casework.understanding.accused import look_for_accused\n"
    )
    assert list(parts_asked(tmp_path)) == ["intake/app.py look_for_accused"]


def test_each_answer_is_where_the_list_says() -> None:
    for name, module in ANSWERS.items():
        defined = ast.parse((FUNCTIONS / "casework" / "understanding" / f"{module}.py").read_text()).body
        assert name in [node.name for node in defined if isinstance(node, ast.FunctionDef)]

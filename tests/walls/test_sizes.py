"""A file has one reason to change, so few are long: those that are stand here, each with its one reason."""

from collections import Counter
from pathlib import Path

FUNCTIONS = Path(__file__).parents[2] / "functions"
LINES, MODULES = 300, 20
LONG = {
    "casework/access.py": "the one guard: whoever asks who may see a case reads one file",
    "casework/case.py": "what stands in clear of a case: one aggregate, field by field",
    "casework/stages.py": "one table: a new stage is its texts, its clock and its moves",
    "casework/understanding/receipts.py": "one algorithm, line by line the twin of `receipts.js`",
    "web/wording.py": "one table: a sentence for each problem code",
}


def too_long(root: Path) -> set[str]:
    lines = {path.relative_to(root).as_posix(): path.read_text().count("\n") for path in root.rglob("*.py")}
    return {name for name, count in lines.items() if count > LINES}


def too_full(root: Path) -> dict[str, int]:
    modules = (path for path in root.rglob("*.py") if path.name != "__init__.py")
    counts = Counter(path.parent.relative_to(root).as_posix() for path in modules)
    return {folder: count for folder, count in counts.items() if count > MODULES}


def test_a_long_file_says_its_one_reason() -> None:
    assert too_long(FUNCTIONS) == set(LONG)
    said = (FUNCTIONS.parent / "docs" / "decisions.md").read_text()
    assert [name for name, why in LONG.items() if f"| `{name}` | {why} |" not in said] == []


def test_a_folder_is_read_at_a_glance() -> None:
    assert too_full(FUNCTIONS) == {}


def test_a_long_file_and_a_full_folder_are_seen(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("\n" * (LINES + 1))
    for n in range(MODULES):
        (tmp_path / f"m{n}.py").write_text("")
    assert (too_long(tmp_path), too_full(tmp_path)) == ({"long.py"}, {".": MODULES + 1})

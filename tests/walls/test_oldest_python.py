"""What only a newer Python takes, and neither ruff nor mypy tells: the oldest one that is promised is rarely the one at hand.

All else that it refuses is found by ``make test-deep PART=pythons``, which installs and runs on each Python that is found.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def defaults(source: str) -> Iterator[str]:
    """Yield the fields of dataclasses whose default is a ``MappingProxyType``: Python 3.11 cannot hash it, and refuses."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and any("dataclass" in ast.unparse(each) for each in node.decorator_list):
            fields = (each for each in node.body if isinstance(each, ast.AnnAssign) and each.value)
            yield from (
                ast.unparse(each) for each in fields if ast.unparse(each.value or each).startswith("MappingProxyType(")
            )


def test_no_default_that_python_3_11_refuses() -> None:
    sources = [*(ROOT / "site").glob("*.py")]
    sources += [path for folder in ("functions", "infra", "tests") for path in (ROOT / folder).rglob("*.py")]
    assert {str(path): found for path in sources if (found := list(defaults(path.read_text())))} == {}


def test_one_is_seen() -> None:
    assert list(defaults("@dataclass(frozen=True)\nclass A:\n    b: Mapping[str, str] = MappingProxyType({})\n"))

"""What only a newer Python takes, and neither ruff nor mypy tells: the oldest one that is promised is rarely the one at hand.

All else that it refuses is found by ``make test-deep PART=pythons``, which installs and runs on each Python that is found.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def is_proxy(value: ast.expr | None, names: frozenset[str] = frozenset()) -> bool:
    """Whether it is a ``MappingProxyType``, written out or by one of these names."""
    return value is not None and (ast.unparse(value).startswith("MappingProxyType(") or ast.unparse(value) in names)


def named(source: str) -> Iterator[str]:
    """Yield the module's names for a ``MappingProxyType``."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.AnnAssign) and is_proxy(node.value):
            yield ast.unparse(node.target)
        if isinstance(node, ast.Assign) and is_proxy(node.value):
            yield from map(ast.unparse, node.targets)


def defaults(source: str, names: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the fields of dataclasses whose default is a ``MappingProxyType``: Python 3.11 cannot hash it, and refuses."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and any("dataclass" in ast.unparse(each) for each in node.decorator_list):
            fields = (each for each in node.body if isinstance(each, ast.AnnAssign) and each.value)
            yield from (ast.unparse(each) for each in fields if is_proxy(each.value, names))


def test_no_default_that_python_3_11_refuses() -> None:
    sources = [*(ROOT / "site").glob("*.py")]
    sources += [path for folder in ("functions", "infra", "tests") for path in (ROOT / folder).rglob("*.py")]
    texts = {str(path): path.read_text() for path in sources}
    names = frozenset(  # also where they are imported
        name for text in texts.values() if "MappingProxyType" in text for name in named(text)
    )
    texts = {path: text for path, text in texts.items() if any(name in text for name in ("MappingProxyType", *names))}
    assert {path: found for path, text in texts.items() if (found := list(defaults(text, names)))} == {}


def test_one_is_seen() -> None:
    assert list(defaults("@dataclass(frozen=True)\nclass A:\n    b: Mapping[str, str] = MappingProxyType({})\n"))


def test_one_is_seen_behind_a_name_of_another_module() -> None:
    names = frozenset(
        named("NOTHING: Mapping[str, str] = MappingProxyType({})\nNONE = MappingProxyType({})\nOTHER = {}\n")
    )
    assert names == {"NOTHING", "NONE"}
    for name in names:
        assert list(defaults(f"@dataclass\nclass A:\n    b: Mapping[str, str] = {name}\n", names))
    assert not list(defaults("@dataclass\nclass A:\n    b: int = OTHER\n", names))


def filtered(source: str) -> bool:
    """Whether an archive is unpacked with an argument that Python 3.11.2, Debian 12's, does not take."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    unpacked = (call for call in calls if ast.unparse(call.func).endswith(".extractall"))
    return any(keyword.arg == "filter" for call in unpacked for keyword in call.keywords)


def test_no_archive_is_unpacked_with_what_python_3_11_2_lacks() -> None:
    assert filtered('tar.extractall(folder, filter="data")')
    files = (path for folder in ("functions", "infra", "site", "tests") for path in (ROOT / folder).rglob("*.py"))
    assert [path for path in files if "extractall" in (text := path.read_text()) and filtered(text)] == []

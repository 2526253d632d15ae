"""Every action names the tests that cover it, and they do come to it. Every room has tests of its own, or says why not.

An action's tests stand where its behaviour is seen, mostly at a door. ``Tests:`` in its docstring is how a reader and
``tests/quick.py`` find them.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeGuard

import pytest

from tests.quick import NAMED, ROOMS, ROOT, SLOW, named_tests

FUNCTIONS, ACTIONS = ROOT / "functions", ROOT / "functions" / "actions"
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path
    for path in sorted(ACTIONS.rglob("*.py"))
    if path.name != "__init__.py"
}
DOORS = [path for path in sorted(FUNCTIONS.rglob("*.py")) if ACTIONS not in path.parents]
LAZY = FUNCTIONS / "desk" / "lazy_routes.py"  # it imports what a third of the desk's modules need, to give it to them


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def imports(path: Path) -> frozenset[str]:
    """Dotted names of all that a file imports, also inside functions: modules, and each name out of one."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{each.name}" for each in node.names}
    return frozenset(found)


@cache
def helpers(test: Path) -> tuple[Path, ...]:
    """The tests' own modules that a test imports: worlds, people."""
    named = {name for name in imports(test) if re.fullmatch(r"tests\.\w+", name)}
    return tuple(file for name in sorted(named) if (file := ROOT / f"{name.replace('.', '/')}.py").is_file())


def strings(part: ast.AST) -> set[str]:
    """Every string of a file, or of a function, outside docstrings, without a query; what is filled into it is ``*``."""
    nodes = list(ast.walk(part))
    skipped = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    skipped |= {id(each) for node in nodes if isinstance(node, ast.JoinedStr) for each in node.values}
    found = set()
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            found.add("".join(str(each.value) if isinstance(each, ast.Constant) else "*" for each in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            found.add(node.value)
    return {each.partition("?")[0] for each in found}


@cache
def asked(test: Path) -> frozenset[str]:
    """The strings of a test, and those that it imports by name."""
    found = strings(tree(test))
    for helper in helpers(test):
        for node in tree(helper).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                names = {f"tests.{helper.stem}.{ast.unparse(target)}" for target in node.targets}
                found |= {str(node.value.value)} if names & imports(test) else set()
    return frozenset(found)


def table(part: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The entries of all dicts whose keys are written out."""
    for node in ast.walk(part):
        if isinstance(node, ast.Dict):
            yield from ((str(k.value), v) for k, v in zip(node.keys, node.values, strict=True) if _is_text(k))


def _is_text(key: ast.expr | None) -> TypeGuard[ast.Constant]:
    return isinstance(key, ast.Constant) and isinstance(key.value, str)


@cache
def routes(door: Path, module: str) -> frozenset[str]:
    """What one module of a door answers to by means of an action: the rules, with ``*`` for what is filled in, in the
    functions that speak of it; of an act on a case the end, as ``/transfer`` of ``/desk/cases/*/transfer``."""
    late = {name: ast.literal_eval(value)[1] for name, value in table(tree(LAZY)) if isinstance(value, ast.Tuple)}
    classes = {name.rpartition(".")[2] for name in imports(door) if name.startswith(f"{module}.")}
    rules: set[str] = set()
    for part in tree(door).body:
        if isinstance(part, ast.FunctionDef) and classes & set(re.findall(r"\w+", ast.unparse(part))):
            rules |= {each for each in strings(part) if re.fullmatch(r"/[\w/<>:-]+", each)}
            for name, value in table(part):
                if isinstance(value, ast.Call) and ast.unparse(value.func) == "Act":
                    rules.add(f"/{name}")
                elif name in late and isinstance(value, ast.Name | ast.Lambda):
                    rules.add(late[name])
    return frozenset(re.sub(r"<[^>]+>", "*", each) for each in rules)


def calls(test: Path, door: Path, module: str) -> bool:
    """Whether a test asks a door for something that it does by means of this action."""
    return any(
        text in (rule, f"{rule}*", rule[1:]) or text.endswith(f"*{rule}")
        for text in asked(test)
        for rule in routes(door, module)
    )


def uses(test: Path, module: str) -> bool:
    """Whether a test uses what a world made of this action's classes: ``world.remind`` is a ``Remind``."""
    made = {
        target.attr
        for helper in helpers(test)
        for node in ast.walk(tree(helper))
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Attribute) and f"{module}.{ast.unparse(node.value.func)}" in imports(helper)
    }
    return any(isinstance(node, ast.Attribute) and node.attr in made for node in ast.walk(tree(test)))


@cache
def needed_by(module: str) -> frozenset[str]:
    """The actions that import an action, directly or through others."""
    direct = {name for name, path in MODULES.items() if module in imports(path)}
    return frozenset(direct.union(*map(needed_by, direct)))


def why(module: str, test: Path) -> str:
    """How a test comes to an action, in a word; empty if it does not."""
    doors = [door for door in DOORS if module in imports(door)]
    if module in imports(test) or uses(test, module):
        return "uses it"
    if {".".join(door.relative_to(ROOT).with_suffix("").parts) for door in doors} & imports(test):
        return "imports what wires it"
    if any(calls(test, door, module) for door in doors if door != LAZY):
        return "calls a route that needs it"
    if any(str(test.relative_to(ROOT)) in named_tests(MODULES[name]) for name in needed_by(module)):
        return "is named by an action that needs it"
    return ""


@pytest.mark.parametrize("module", MODULES)
def test_an_action_names_tests_that_come_to_it(module: str) -> None:
    tests = named_tests(MODULES[module])
    assert tests, "its docstring ends with no line ``Tests: ``tests/…/test_….py``.``"
    assert [test for test in tests if not (ROOT / test).is_file()] == []
    assert [test for test in tests if not why(module, ROOT / test)] == []
    assert [test for test in tests if test.startswith(SLOW)] == [], "too slow for a quick look"


def test_the_tests_are_the_last_that_a_docstring_names() -> None:
    """One place and one form, so that whoever reads, or edits, finds it."""
    last = {name: (ast.get_docstring(tree(path)) or "").rpartition("\n\n")[2] for name, path in MODULES.items()}
    assert [name for name, line in last.items() if not NAMED.fullmatch(line)] == []


def test_the_search_sees_a_test_that_does_not_come_to_an_action() -> None:
    transfer = "functions.actions.officer.transfer"
    assert why(transfer, ROOT / "tests/doors/test_transfer.py")
    assert why(transfer, ROOT / "tests/actions/test_conflict_reads.py") == "uses it"
    strangers = ["tests/doors/test_hints.py", "tests/doors/test_sms.py", "tests/doors/test_masking.py"]
    assert [test for test in strangers if why(transfer, ROOT / test)] == []


def test_every_room_has_a_folder_of_tests_or_says_where_they_are() -> None:
    rooms = {path.name for path in FUNCTIONS.iterdir() if (path / "__init__.py").exists()}
    without = {room for room in rooms if not list((ROOT / "tests" / room).rglob("test_*.py"))}
    assert without == {room for room, tests in ROOMS.items() if f"tests/{room}" not in tests}
    assert [test for tests in ROOMS.values() for test in tests if not (ROOT / test).exists()] == []

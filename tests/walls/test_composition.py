"""No action inherits another: each is given what it needs, so that one of them can be read, and replaced, alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

ACTIONS = Path(__file__).parents[2] / "functions" / "actions"


def classes(trees: list[ast.Module]) -> Iterator[ast.ClassDef]:
    """Every class, also those within others."""
    for tree in trees:
        yield from (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def heirs(trees: list[ast.Module]) -> list[str]:
    """The classes that inherit a class of the same trees."""
    own = {each.name for each in classes(trees)}
    return [
        f"{each.name}({ast.unparse(base)})"
        for each in classes(trees)
        for base in each.bases
        if ast.unparse(base).split("[")[0].rpartition(".")[2] in own
    ]


def test_no_action_inherits_another() -> None:
    trees = [ast.parse(path.read_text()) for path in sorted(ACTIONS.rglob("*.py"))]
    assert sum(1 for _ in classes(trees)) > 30
    assert heirs(trees) == []


def test_the_search_sees_an_heir() -> None:
    one = ast.parse("class Look:\n    pass\n")
    two = ast.parse(
        "from one import Look\nimport one\nclass Handle(Look):\n    pass\nclass Mark(one.Handle[int]):\n    pass\n"
    )
    assert heirs([one, two]) == ["Handle(Look)", "Mark(one.Handle[int])"]

"""Which modules a function can ever import: read from the source, so that its package holds these and no others.

Imports inside functions count, imports for types only do not. What is imported by a name made at run time stands in
``BY_NAME``; a built package that runs proves that nothing is missing.
"""

import ast
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FUNCTIONS = ("intake", "thread", "cleaner", "desk", "custody", "gateway", "open311", "courier", "clock")
OURS = "functions"
PARTS = ("main", "orders")  # what the handler loads of a function
BY_NAME = {"functions.sanitize.sandbox": ("functions.sanitize.sandbox_child",)}
# What a function never comes to: no SMS brings a file, and every cleaner is imported by the child alone.
LEFT = {"gateway": ("functions.sanitize.sandbox_child",)}


@dataclass(frozen=True, slots=True)
class Closure:
    """Modules of ours by their dotted names, and top names of what is neither ours nor Python's own."""

    modules: frozenset[str]
    outside: frozenset[str]


def closure_of(function: str, root: Path) -> Closure:
    """All that one function can import from the tree below ``root``, which holds ``functions/``. What belongs to
    another function is not followed: no door imports another."""
    others = tuple(f"{OURS}.{name}" for name in FUNCTIONS if name != function)
    wanted = [f"{OURS}.aws_lambda.handler", *(f"{OURS}.{function}.{part}" for part in PARTS)]
    wanted = [module for module in wanted if _file(root, module).exists()]
    modules: set[str] = set()
    left = frozenset(LEFT.get(function, ()))
    outside = {"zappa"}  # calls the handler's app
    while wanted:
        module = wanted.pop()
        if module in modules | left or module.startswith(tuple(f"{other}." for other in others)) or module in others:
            continue
        modules.add(module)
        wanted += _parents(module)
        wanted += BY_NAME.get(module, ())
        for name in _imports(_file(root, module).read_text()):
            if name.partition(".")[0] == OURS:
                wanted += _known(root, name)
            elif name.partition(".")[0] not in sys.stdlib_module_names:
                outside.add(name.partition(".")[0])
    return Closure(frozenset(modules), frozenset(outside - {"_typeshed"}))


@cache
def _imports(source: str) -> tuple[str, ...]:
    """Kept, since most modules belong to several functions."""
    found: list[str] = []
    for node in _live(ast.parse(source).body):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return tuple(found)


def _live(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Every node but those below ``if TYPE_CHECKING``."""
    for node in nodes:
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            yield from _live(node.orelse)
            continue
        yield node
        yield from _live(ast.iter_child_nodes(node))


def _parents(module: str) -> Collection[str]:
    parts = module.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts))]


def _known(root: Path, name: str) -> Collection[str]:
    """The name where it is a module; nothing where it is something in one."""
    return [name] if _file(root, name).exists() else []


def _file(root: Path, module: str) -> Path:
    plain = root.joinpath(*module.split("."))
    return plain / "__init__.py" if plain.is_dir() else plain.with_suffix(".py")

"""A name says one thing: no two siblings that differ by number or tense, no loose file, no folder of a crowd."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

FUNCTIONS = Path(__file__).parents[2] / "functions"
MOST = 20
ENDINGS = ("ies", "ing", "ed", "es", "s", "e", "y")


def stem_of(name: str) -> str:
    """The name without number and tense: ``lifts``, ``lifted`` and ``lifting`` are all ``lift``."""
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 2:
            stem = name.removesuffix(ending)
            return stem[:-1] if ending in ("ing", "ed") and stem[-1] == stem[-2] else stem
    return name


def alike(names: Iterable[str]) -> list[list[str]]:
    """The names that share a stem, in groups."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        groups[stem_of(name)].append(name)
    return [group for group in groups.values() if len(group) > 1]


def siblings(folder: Path) -> list[str]:
    """The modules and packages right in a folder."""
    found = [path.stem for path in folder.glob("*.py") if not path.stem.startswith("__")]
    return found + [path.parent.name for path in folder.glob("*/__init__.py")]


FOLDERS = sorted({path.parent for path in FUNCTIONS.rglob("*.py")})


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.relative_to(FUNCTIONS.parent).as_posix())
def test_siblings_differ_by_more_than_number_or_tense(folder: Path) -> None:
    assert alike(siblings(folder)) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.relative_to(FUNCTIONS.parent).as_posix())
def test_no_folder_is_a_crowd(folder: Path) -> None:
    count = len([path for path in folder.glob("*.py") if not path.stem.startswith("__")])
    assert count <= MOST


def test_every_module_has_a_folder() -> None:
    assert [path.name for path in FUNCTIONS.glob("*.py")] == ["__init__.py"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["lifts", "lifted"], [["lifted", "lifts"]]),
        (["transfer", "transferring", "transferred"], [["transfer", "transferred", "transferring"]]),
        (["reply", "replies"], [["replies", "reply"]]),
        (["erase", "erased"], [["erase", "erased"]]),
        (["seal", "sealing"], [["seal", "sealing"]]),
        (["box", "boxes"], [["box", "boxes"]]),
        (["rights", "right_of", "thing", "think", "bed", "be", "errors"], []),
    ],
)
def test_what_counts_as_alike(names: list[str], expected: list[list[str]]) -> None:
    assert alike(names) == expected

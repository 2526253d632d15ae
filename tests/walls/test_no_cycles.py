"""No module of ``functions/`` imports itself by a detour, at its top or inside a function.

Imports inside a function hide a circle from Python, not from the reader: neither module can be understood alone.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]


def modules_of(root: Path) -> dict[str, Path]:
    """Dotted name -> file."""
    names = {
        ".".join(path.relative_to(root).with_suffix("").parts): path for path in (root / "functions").rglob("*.py")
    }
    return {name.removesuffix(".__init__"): path for name, path in names.items()}


def imports_of(path: Path, known: Mapping[str, Path]) -> set[str]:
    """The modules among ``known`` that a file imports anywhere. ``from package import name`` means the submodule."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative imports are not read here"
            full = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in known else str(node.module) for name in full}
    return found & known.keys()


def circle_in(arrows: Mapping[str, set[str]]) -> list[str]:
    """One circle as a list that begins and ends with the same module, or nothing."""
    done: set[str] = set()
    for start in sorted(arrows):
        path: list[str] = []
        walks: list[Iterator[str]] = [iter([start])]
        while walks:
            module = next(walks[-1], "")
            if not module:
                walks.pop()
                if path:
                    done.add(path.pop())
            elif module in path:
                return [*path[path.index(module) :], module]
            elif module not in done:
                path.append(module)
                walks.append(iter(sorted(arrows[module])))
    return []


def arrows_below(root: Path) -> dict[str, set[str]]:
    known = modules_of(root)
    return {name: imports_of(path, known) - {name} for name, path in known.items()}


def test_no_module_imports_itself_by_a_detour() -> None:
    arrows = arrows_below(ROOT)
    assert len(arrows) > 300
    assert circle_in(arrows) == []


def test_a_late_import_that_closes_a_circle_is_found(tmp_path: Path) -> None:
    texts = {
        "low": "VALUE = 1\n",
        "photos": "from functions.low import VALUE\n",
        "types": "def look():\n    from functions import photos\n    return photos.VALUE\n",
        "media": "import functions.types\n",
    }
    (tmp_path / "functions").mkdir()
    for name, text in texts.items():
        (tmp_path / "functions" / f"{name}.py").write_text(text)
    assert circle_in(arrows_below(tmp_path)) == []
    (tmp_path / "functions" / "low.py").write_text("def later():\n    from functions.media import functions\n")
    circle = circle_in(arrows_below(tmp_path))
    assert circle == [f"functions.{name}" for name in ("low", "media", "types", "photos", "low")]


def rooms_of(door: str, arrows: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Which of a door's folders imports which."""
    found: dict[str, set[str]] = {}
    for name, imported in arrows.items():
        if room := _room(door, name):
            found.setdefault(room, set()).update({_room(door, other) for other in imported} - {room, ""})
    return found


def _room(door: str, name: str) -> str:
    inside = name.removeprefix(f"functions.{door}.").split(".")
    return inside[0] if name.startswith(f"functions.{door}.") and len(inside) > 1 else ""


def test_the_rooms_of_the_desk_stand_one_upon_another() -> None:
    """The page of a case is made of what the rooms below it say; none of them knows of that page."""
    rooms = rooms_of("desk", arrows_below(ROOT))
    assert rooms.keys() == {"case_page", "consent", "handover", "instance", "today"}
    assert rooms["case_page"] == {"consent", "handover", "today"}
    assert circle_in(rooms) == []


def test_two_rooms_that_know_of_each_other_are_a_circle() -> None:
    arrows = {
        "functions.desk.today.inbox": {"functions.desk.case_page.case", "functions.desk.acts"},
        "functions.desk.case_page.case": {"functions.desk.case_page.page", "functions.desk.acts"},
        "functions.desk.case_page.page": {"functions.desk.today.rows", "functions.web.forms"},
        "functions.desk.acts": {"functions.desk.today.rows"},
    }
    assert rooms_of("desk", arrows) == {"today": {"case_page"}, "case_page": {"today"}}
    assert circle_in(rooms_of("desk", arrows)) == ["case_page", "today", "case_page"]


def test_no_cleaner_looks_up_to_what_chooses_or_starts_it() -> None:
    above = {f"functions.sanitize.{name}" for name in ("clean", "cleaners", "sandbox", "sandbox_child")}
    for name, imported in arrows_below(ROOT).items():
        if name.startswith("functions.sanitize.") and name not in above:
            assert not imported & above, name

"""A look in under a minute: lint, types, and the tests that a small change needs. ``python -m tests.quick``.

Which tests: those of the walls, one story through every door, and the tests of each file that differs from the last
commit on ``origin/main`` (else from the last commit). A file's tests bear its name, its folder's or its room's below
``tests/``; a module of ``functions/actions`` names its own, as ``tests/walls/test_every_action_is_tested.py`` demands.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
ALWAYS = ("tests/walls", "tests/doors/test_intake.py", "tests/doors/test_thread.py")
DOORS = Path("tests/doors")
SLOW = ("tests/browser", "tests/whole", "tests/cloud", "tests/bench", "tests/office")
NAMED = re.compile(r"^Tests: ``tests/[\w/]+\.py``(?:,\s``tests/[\w/]+\.py``)*\.$", re.MULTILINE)
ONE = re.compile(r"``(tests/[\w/]+\.py)``")
# Of most rooms the tests stand in the folder of the same name. Of these, what one sees of them stands elsewhere too.
ROOMS = {
    "aws_lambda": ("tests/lambda",),  # one name for what AWS calls and for how we call it would shadow the other
    "custody": ("tests/doors/test_custody.py",),  # doors: a request and its answer, beside those of the other doors
    "desk": ("tests/desk", "tests/doors/test_desk.py"),
    "cleaner": ("tests/doors/test_clean.py",),
    "gateway": ("tests/doors/test_sms.py",),
    "intake": ("tests/doors/test_intake.py",),
    "thread": ("tests/thread", "tests/doors/test_thread.py"),
    "web": ("tests/desk", "tests/thread"),  # what all doors share, seen in their pages
}
LINT: dict[str, list[str | Path]] = {
    "ruff": [BIN / "ruff", "check", "."],
    "format": [BIN / "ruff", "format", "--check", "."],
    "import-linter": [BIN / "lint-imports"],
    "reuse": [sys.executable, "-m", "reuse", "lint"],
    "mypy": [BIN / "mypy"],
}


def changed() -> Iterator[Path]:
    """The files that differ from ``origin/main``, or from the last commit where there is none."""
    for base in ("origin/main", "HEAD"):
        done = subprocess.run(
            ["git", "diff", "--name-only", base], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            break
    new = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    yield from (Path(name) for name in (done.stdout + new.stdout).split() if (ROOT / name).exists())


def named_tests(path: Path) -> list[str]:
    """The tests that a module names in its docstring, on one line or several."""
    return [test for line in NAMED.findall(path.read_text()) for test in ONE.findall(line)]


def tests_of(path: Path) -> Iterator[Path]:
    """The tests of one file, slow ones left out."""
    if path.parts[0] == "tests" and path.name.startswith("test_"):
        yield path
    elif path.parts[:2] == ("functions", "actions"):
        yield from map(Path, named_tests(ROOT / path))
    elif path.parts[0] == "functions" and path.suffix in (".html", ".po"):
        yield from _of_the_room(path)
    elif path.parts[0] == "functions" and path.suffix in (".py", ".toml", ".json", ".js"):
        yield from _of_its_name(path) or _of_the_room(path)
    elif path.parts[0] == "site" and path.suffix in (".py", ".html", ".yaml"):
        yield Path("tests/site/test_pages.py")


def _of_its_name(path: Path) -> list[Path]:
    """The tests that bear a module's name, in its room or at the doors; else those that bear its folder's."""
    room, *folders = path.parts[1:-1]
    home = Path(ROOMS[room][0]) if room in ROOMS else Path("tests", room)
    places = [(path.stem, home.joinpath(*folders)), (path.stem, home), (path.stem, DOORS)]
    places += [(folder, home) for folder in reversed(folders)]
    for name, place in places:
        tests = sorted((ROOT / place).rglob("test_*.py"))
        if found := [test.relative_to(ROOT) for test in tests if f"_{name}_" in f"{test.stem}_"]:
            return found
    return []


def _of_the_room(path: Path) -> list[Path]:
    """The tests of a room, or of the innermost of its folders that has a mirror."""
    if path.parts[1] in ROOMS:
        return [Path(test) for test in ROOMS[path.parts[1]]]
    mirrors = [Path("tests", *folder.parts[1:]) for folder in path.parents if len(folder.parts) > 1]
    return [mirror for mirror in mirrors if (ROOT / mirror).is_dir()][:1]


def chosen(paths: Iterable[Path]) -> list[str]:
    """Paths for pytest: those of ``ALWAYS``, then what the changed files need."""
    found = [str(test) for path in paths for test in tests_of(path) if (ROOT / test).exists()]
    quick = (test for test in found if not test.startswith(SLOW))
    return list(dict.fromkeys([*ALWAYS, *quick]))


def say(*words: object) -> None:
    """To the terminal, at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Run everything at once; print what failed. Returns the exit status."""
    tests = chosen(changed())
    say("tests:", *tests)
    commands = {
        **LINT,
        "tests": [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", "--maxfail=10", *tests],
    }
    environ = {**os.environ, "LC_ALL": "C.UTF-8"}
    running = {
        name: subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for name, command in commands.items()
    }
    failed = []
    for name, process in running.items():
        said, _ = process.communicate()
        say(f"== {name}: {'ok' if process.returncode == 0 else 'failed'}")
        if process.returncode:
            failed.append(name)
            say(said)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

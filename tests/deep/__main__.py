"""``make test-deep``: what is too long for every day, in parts that run alone. ``python -m tests.deep [PART …]``.

The quick parts come first, and those that need a quiet machine last. A part is made of units, one run of pytest each, as
many at a time as there are cores. Each prints a line when it ends. What was green stands in ``build/deep`` under the state
of the code, so a run that was broken off goes on where it stopped. A red unit does not stop the others.

Ends with 0 where all is green, else with 1. Raises SystemExit for a part that does not exist.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

from tests.deep.days import DAYS, say
from tests.evidence import tell

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "deep"
CORES = os.cpu_count() or 1
SEEDS, SLICE = 10_000, 500
# A folder of tests that are larger here than every day, and the part that it is in.
PART_OF = {
    "casework": "words",
    "crypto": "words",
    "pii": "words",
    "sanitize": "words",
    "actions": "years",
    "bench": "doors",
    "casework/barometer": "years",
    "captured": "doors",
    "cli": "doors",
    "cloud": "cloud",
    "contract": "doors",
    "doors": "doors",
    "fuzz": "doors",
    "storage": "doors",
    "upgrades": "doors",
    "browser": "pages",
    "site": "pages",
    "whole": "pages",
    "simulation": "simulation",
}
# In the order of a whole run. CONTRIBUTING.md tells how long each takes.
PARTS = {
    "long": "what `make test` leaves out, and CI does not: whole stories, kill loops, second ways of the same",
    "words": "texts and files: receipts, accusations, what identifies, cleaned files",
    "doors": "floods, every role's every call, the nation's directory",
    "years": "a year of 2,000 cases, the barometer's 1,000 years and audits",
    "pages": "real browsers: 200 drops, every structure; an inbox of a million; every agency accused",
    "simulation": "10,000 seeds of the whole office while calls fail",
    "cloud": "a deployment killed at each of its steps, on the emulated cloud",
    "days": "what reads the clock, on six days that are unlike others",
    "pythons": "each Python that is found, from a fresh clone; needs the network",
    "siege": "all attacks at once and a soak; needs a quiet machine",
}
ALONE = frozenset({"siege", "pythons"})  # one run fills all cores


class Unit(NamedTuple):
    """One run: its name, unique among all, what is run, and what its environment has beside ours."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]


class Ended(NamedTuple):
    """How a unit ended. ``said`` is all that it printed; ``skipped`` are the reasons why tests did not run."""

    green: bool
    said: str
    skipped: tuple[str, ...]
    seconds: float


def deep_files() -> list[str]:
    """Return the test files whose size depends on ``tests.depth``, by themselves or by what their folder shares."""
    found = (path for path in sorted((ROOT / "tests").rglob("test_*.py")) if _is_deep(path))
    return [path.relative_to(ROOT).as_posix() for path in found]


def _is_deep(path: Path) -> bool:
    told = (path, path.with_name("conftest.py"))
    return any("from tests.depth" in each.read_text() for each in told if each.exists())


def long_files() -> list[str]:
    """Return the test files with tests that ``make test`` leaves out, but for those that another part runs whole."""
    marks = ("pytest.mark.long", "pytest.mark.every_day")
    found = (path for path in sorted((ROOT / "tests").rglob("test_*.py")) if any(m in path.read_text() for m in marks))
    return [path.relative_to(ROOT).as_posix() for path in found if not _is_deep(path)]


def part_of(file: str) -> str:
    """Return the part that a test file is in. Raises KeyError for a folder that no part has."""
    return PART_OF[Path(file).parent.relative_to("tests").as_posix()]


def units(part: str) -> Iterator[Unit]:
    """Yield the units of a part."""
    if part == "days":
        yield from (Unit(f"days {day}", (sys.executable, "-m", "tests.deep.days", "--days", day), {}) for day in DAYS)
    elif part == "long":
        yield from (_pytest(file, "-m", "long") for file in long_files())
    elif part in ("pythons", "siege"):
        yield _pytest(f"tests/deep/test_{part}.py")
    elif part == "simulation":
        for first in range(0, SEEDS, SLICE):
            yield _pytest("tests/simulation/test_simulation.py", LAPOR_SEEDS=f"{first} {first + SLICE}")
    else:
        yield from (_pytest(file) for file in deep_files() if part_of(file) == part)


def _pytest(file: str, *which: str, **environment: str) -> Unit:
    name = " ".join((file, *which, *environment.values()))
    command = (sys.executable, "-m", "pytest", "-q", "-rs", "-o", "faulthandler_timeout=1800", *which, file)
    return Unit(name, command, {"LAPOR_DEEP": "1"} | environment)


def run(unit: Unit) -> Ended:
    """Run one unit to its end, and say when it begins. One that ran no test is not green: pytest ends with 5 then."""
    say(f"begun  {unit.name}")
    began = time.monotonic()
    done = subprocess.run(
        unit.command,
        cwd=ROOT,
        env=os.environ | unit.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    skipped = tuple(re.findall(r"^SKIPPED \[\d+\] (.*)$", done.stdout, re.MULTILINE))
    return Ended(done.returncode == 0, done.stdout, skipped, time.monotonic() - began)


class Progress:
    """What was green, noted under the state of the code, so that a later run of the same code leaves it out."""

    def __init__(self, folder: Path, code: str) -> None:
        self.folder, self.noted = folder, folder / f"green-{code}.txt"
        folder.mkdir(parents=True, exist_ok=True)
        self.green = set(self.noted.read_text().splitlines()) if self.noted.exists() else set()

    def ended(self, unit: Unit, ended: Ended, place: str) -> None:
        """Note and print how a unit ended. What a red one said is kept in the file that its line names. One that skipped
        something is not noted, since what it lacks may be there next time."""
        said = self.folder / f"{re.sub(r'[^a-z0-9]+', '-', unit.name)}.txt"
        said.write_text(ended.said)
        colour = "green" if ended.green else "red"
        where = "" if ended.green else f"  {said}"
        say(f"{colour:6} {place}  {unit.name}  {ended.seconds:.0f} s{where}")
        say(*(f"       skipped: {reason}" for reason in ended.skipped))
        if not ended.green:
            say(
                *(
                    f"       {line}"
                    for line in ended.said.splitlines()
                    if line.startswith(("FAILED", "ERROR", "red", "     "))
                )
            )
        elif not ended.skipped:
            with self.noted.open("a") as noted:
                noted.write(f"{unit.name}\n")


def state(root: Path) -> str:
    """Return a hash of the code as it stands: the last commit, what differs from it, and what git does not know yet."""
    git = ("git", "-C", str(root))
    parts = [("rev-parse", "HEAD"), ("diff", "HEAD"), ("ls-files", "--others", "--exclude-standard")]
    told = [subprocess.run((*git, *part), capture_output=True, check=True).stdout for part in parts]
    new = [(root / name).read_bytes() for name in told[-1].decode().splitlines()]
    return hashlib.sha256(b"\0".join((*told, *new))).hexdigest()[:16]


def told_in(code: str) -> Path:
    """Return the file where the seeds of the simulation tell what they did, for this state of the code."""
    return FOLDER / f"simulation-{code}.jsonl"


def added_up(code: str) -> Iterator[str]:
    """Yield what the seeds of the simulation did, in lines."""
    from tests.simulation.play import kept  # late: it loads the product, which no other part needs here

    yield from kept(told_in(code), range(SEEDS))[0].told()


def run_parts(parts: Sequence[str], progress: Progress, at_a_time: int) -> set[str]:
    """Run what of these parts is not green yet. No part waits for the end of the one before: a long run would keep only one
    core busy. Returns the parts that have a red unit."""
    left: list[tuple[str, Unit]] = []
    for part in parts:
        all_units = list(units(part))
        fresh = [unit for unit in all_units if unit.name not in progress.green]
        say(f"== {part}: {PARTS[part]} ({len(fresh)} of {len(all_units)} runs left)")
        left += [(part, unit) for unit in fresh]
    red = set()
    with ThreadPoolExecutor(at_a_time) as pool:
        running = {pool.submit(run, unit): (part, unit) for part, unit in left}
        for n, future in enumerate(as_completed(running), 1):
            ended, (part, unit) = future.result(), running[future]
            progress.ended(unit, ended, f"{n} of {len(left)}")
            if not ended.green:
                red.add(part)
    return red


def main(arguments: Sequence[str]) -> int:
    """Run the parts that are asked for, else all. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.deep", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--fresh", action="store_true", help="forget what was green")
    parser.add_argument(
        "--runs", type=int, default=CORES, metavar="N", help="so many at a time; as many as cores if not said"
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    wanted = parser.parse_args(arguments)
    if unknown := set(wanted.parts) - PARTS.keys():
        raise SystemExit(f"deep: there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    code = state(ROOT)
    progress = Progress(FOLDER, code)
    os.environ["LAPOR_TOLD"] = str(told_in(code))
    if wanted.fresh:
        progress.noted.unlink(missing_ok=True)
        told_in(code).unlink(missing_ok=True)
        progress.green.clear()
    parts = [part for part in PARTS if part in (wanted.parts or PARTS)]
    red = run_parts([part for part in parts if part not in ALONE], progress, wanted.runs)
    for part in parts:
        red |= run_parts([part], progress, 1) if part in ALONE else set()
    if "simulation" in parts:
        lines = [*added_up(code)]
        say(*lines)
        tell("simulation", (f"- {line}" for line in lines), FOLDER.with_name("evidence"))
    say(f"== red: {', '.join(sorted(red))}" if red else "== all green")
    return int(bool(red))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

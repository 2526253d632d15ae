"""Mutants in throwaway copies of the committed code: ``python -m tests.mutation [--minutes M] [--seed S --count N] [FILE …]``.

Those that once survived (``named.NAMED``), then every one of ``draw.FOLDERS``; of some files alone, or so many drawn by a
seed. Each is run against the test functions that reach its line, and before it is told to survive against all tests of
its file. What is known stays in ``build/mutation``, so a run that was broken off goes on. The table is told
(``tests.evidence``). Ends with 1 where one survives that may not.
"""

import argparse
import ast
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from queue import Queue
from threading import Lock

from tests.evidence import say, tell
from tests.mutation.draw import every_of_all
from tests.mutation.forked import Runner
from tests.mutation.named import NAMED, Mutant
from tests.mutation.results import FOLDER, Result, Results, files_of, reason, summary
from tests.server import ROOT

NOT_OF_MUTANTS = ("--deselect", "tests/mutation/test_named.py::test_each_mutant_changes_one_place")
LEARNING = Lock()
Reach = dict[str, dict[str, list[str]]]  # file -> line -> test functions


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is not known yet. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="*", metavar="FILE", help="only mutants of these")
    parser.add_argument("--minutes", type=float, default=24 * 60, help="end after so long")
    parser.add_argument("--seed", type=int, help="draw some")
    parser.add_argument("--count", type=int, default=20, help="so many, with --seed")
    parser.add_argument("--runs", type=int, default=os.cpu_count() or 1, help="so many at a time")
    asked = parser.parse_args(arguments)
    wanted, results = _wanted(asked), Results()
    left = [mutant for mutant in wanted if not results.of(mutant)]
    say(f"{len(wanted)} mutants, {len(left)} not run yet")
    until = time.monotonic() + 60 * asked.minutes
    with copies(asked.runs) as runners, ThreadPoolExecutor(asked.runs) as pool:
        list(pool.map(lambda mutant: _one(mutant, runners, results, until), left))
    lines = [*summary(wanted, results)]
    say(*lines)
    if not (asked.files or asked.seed is not None):
        tell("mutation", lines)
    return int(any(not reason(m) for m in wanted if (known := results.of(m)) and not known.killed))


def _wanted(asked: argparse.Namespace) -> list[Mutant]:
    found = list(dict.fromkeys([*NAMED, *every_of_all()]))
    if asked.files:
        found = [mutant for mutant in found if mutant.file.startswith(tuple(asked.files))]
    if asked.seed is not None:
        found = random.Random(asked.seed).sample(found, min(asked.count, len(found)))  # noqa: S311 - no secret
    return found


@contextmanager
def copies(count: int) -> Iterator["Queue[Runner]"]:
    """Lend so many copies of the committed code, each with what runs its tests."""
    lent: Queue[Runner] = Queue()
    with tempfile.TemporaryDirectory() as folder:
        made = [Path(folder) / str(number) for number in range(count)]
        for copy in made:
            subprocess.run(["git", "worktree", "add", "--detach", "-q", copy, "HEAD"], cwd=ROOT, check=True)
        runners = [Runner(copy) for copy in made]
        try:
            for runner in runners:
                lent.put(runner)
            yield lent
        finally:
            for runner in runners:
                runner.close()
            for copy in made:
                subprocess.run(["git", "worktree", "remove", "--force", copy], cwd=ROOT, check=True)


def _one(mutant: Mutant, runners: "Queue[Runner]", results: Results, until: float) -> None:
    """Run a mutant in the copy that is free, and say what became of it."""
    if time.monotonic() > until:
        return
    runner = runners.get()
    try:
        runner.load(mutant.tests)
        with LEARNING:  # once for all copies
            reach = reached(runner, mutant.tests)
        results.put(mutant, found := tried(runner, mutant, reach))
        colour = "killed  " if found.killed else "SURVIVED"
        told = f"{mutant.old.strip()[-60:]!r} -> {mutant.new.strip()[-60:]!r}"
        say(f"{colour} {mutant.file}:{found.line} {told}  {found.seconds:.1f} s, {found.tests} tests first")
    finally:
        runners.put(runner)


def reached(runner: Runner, tests: str) -> Reach:
    """Return which test functions reach which line; known as long as the code is the same. Raises ValueError for tests
    that are red without any mutant: they would kill all."""
    code = subprocess.run(
        ["git", "rev-parse", "HEAD:functions", "HEAD:tests"], cwd=ROOT, capture_output=True, check=True
    )
    name = sha256(code.stdout + tests.encode()).hexdigest()[:24]
    path = FOLDER / f"reach-{name}.json"
    if not path.exists():
        part = path.with_suffix(".part")
        if runner.run([*NOT_OF_MUTANTS, *tests.split()], str(part)).status:
            raise ValueError(f"red without a mutant: {tests}")
        part.replace(path)
    return dict(json.loads(path.read_text()))


def tried(runner: Runner, mutant: Mutant, reach: Reach) -> Result:
    """Run a mutant's tests. One that hangs is killed."""
    path = runner.copy / mutant.file
    whole = path.read_text()
    if whole.count(mutant.old) != 1:
        raise ValueError(f"not one place: {mutant}")
    before = whole.partition(mutant.old)[0] + mutant.old[: len(mutant.old) - len(mutant.old.lstrip())]
    line = before.count("\n") + 1
    changed = range(line, line + mutant.old.strip().count("\n") + 1)
    first = functions_at(reach, mutant, [*changed, *users(whole, changed)])
    path.write_text(whole.replace(mutant.old, mutant.new))
    for left in path.parent.glob(f"__pycache__/{path.stem}.*"):
        left.unlink()  # of the file as it is; by its time and size the mutant may seem the same
    options = [each for each in mutant.tests.split() if each not in files_of(mutant.tests)]
    seconds, every = 0.0, mutant.tests.split()
    try:
        for chosen in ([*first, *options] if first else [], every):
            if chosen:
                try:
                    ended = runner.run([*NOT_OF_MUTANTS, *chosen])
                except ValueError:  # what cannot be loaded has no such function, nor any test: without a mutant all ran
                    if chosen is every:
                        return Result(True, line, seconds, len(first))
                    continue
                seconds += ended.seconds
                if ended.status:
                    return Result(True, line, seconds, len(first))
        return Result(False, line, seconds, len(first))
    finally:
        path.write_text(whole)


def users(text: str, lines: Iterable[int]) -> list[int]:
    """Return the lines that use what these lines assign for a whole file: no test function reaches the assignment."""
    tree, places, found = ast.parse(text), {*lines}, dict[int, None]()
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and places & {
            *range(statement.lineno, (statement.end_lineno or 0) + 1)
        }:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names = {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
            used = [
                node.lineno
                for node in ast.walk(tree)
                if isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load)
            ]
            found |= dict.fromkeys(used)
            found |= dict.fromkeys(users(text, {*used} - places))
    return [*found]


def functions_at(reach: Reach, mutant: Mutant, lines: Iterable[int]) -> list[str]:
    """Return the test functions that reach these lines, as pytest names them, those first that reach little else."""
    found = reach.get(mutant.file, {})
    contexts = dict.fromkeys(context for line in lines for context in found.get(str(line), ()) if context)
    named = (context.rpartition(".") for context in contexts)
    nodes = [(f"{module.replace('.', '/')}.py", function) for module, _, function in named]
    return [f"{file}::{function}" for file, function in nodes if file in files_of(mutant.tests)]


if __name__ == "__main__":
    sys.exit(main())

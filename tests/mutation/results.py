"""What became of mutants, kept in ``build/mutation`` so that a run goes on where the last one stopped.

A result holds as long as the mutated file and its tests are the same.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tests.mutation.equal import EQUAL
from tests.mutation.named import Mutant
from tests.server import ROOT

FOLDER = ROOT / "build" / "mutation"


class Result(NamedTuple):
    """What became of a mutant: ``line`` is its place, ``seconds`` its CPU, ``tests`` how many functions ran first."""

    killed: bool
    line: int
    seconds: float
    tests: int


class Results:
    """What is known of mutants."""

    def __init__(self, folder: Path = FOLDER) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file, self._known = folder / "results.jsonl", dict[str, Result]()
        for line in self._file.read_text().splitlines() if self._file.exists() else ():
            key, *result = json.loads(line)
            self._known[key] = Result(*result)

    def of(self, mutant: Mutant) -> Result | None:
        """Return what is known of a mutant."""
        return self._known.get(key_of(mutant))

    def put(self, mutant: Mutant, result: Result) -> None:
        """Keep what became of it."""
        key = key_of(mutant)
        self._known[key] = result
        with self._file.open("a") as file:
            file.write(json.dumps([key, *result]) + "\n")


def key_of(mutant: Mutant) -> str:
    """Return a hash of the mutant, its file and its tests."""
    parts = [mutant.old, mutant.new, *((ROOT / name).read_text() for name in (mutant.file, *files_of(mutant.tests)))]
    return sha256("\0".join((mutant.file, *parts)).encode()).hexdigest()[:24]


def files_of(tests: str) -> list[str]:
    """Return the test files among pytest's arguments."""
    return [each for each in tests.split() if each.endswith(".py")]


def reason(mutant: Mutant) -> str:
    """Return why it may survive, "" if it may not."""
    return EQUAL.get(mutant.file, {}).get((mutant.old.strip(), mutant.new.strip()), "")


def summary(wanted: Sequence[Mutant], results: Results) -> Iterator[str]:
    """Yield a table of the files, and the survivors with why each may be there."""
    rows = dict[str, list[tuple[Mutant, Result]]]()
    for mutant in wanted:
        if result := results.of(mutant):
            rows.setdefault(mutant.file, []).append((mutant, result))
    yield "| file | mutants | run | killed | may survive | to be killed | killed of those that may not survive |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    count = {file: sum(mutant.file == file for mutant in wanted) for file in rows}
    for file, found in sorted(rows.items()):
        yield _row(f"`{file}`", count[file], found)
    every = [each for found in rows.values() for each in found]
    yield _row("**all**", len(wanted), every)
    yield ""
    seconds = sum(result.seconds for _, result in every) / max(len(every), 1)
    yield f"A mutant took {seconds:.1f} seconds of a processor on average."
    yield from _survivors(each for each in every if not each[1].killed)


def _row(name: str, wanted: int, found: list[tuple[Mutant, Result]]) -> str:
    killed = sum(result.killed for _, result in found)
    equal = sum(not result.killed and bool(reason(mutant)) for mutant, result in found)
    left = len(found) - killed - equal
    share = 100 * killed / (killed + left) if killed + left else 100
    return f"| {name} | {wanted} | {len(found)} | {killed} | {equal} | {left} | {share:.1f} % |"


def _survivors(found: Iterable[tuple[Mutant, Result]]) -> Iterator[str]:
    lines = [
        f"| `{mutant.file}:{result.line}` | `{_code(mutant.old)}` | `{_code(mutant.new)}` | "
        f"{reason(mutant) or '**wants a test**'} |"
        for mutant, result in sorted(found, key=lambda each: (each[0].file, each[1].line))
    ]
    if lines:
        yield from ("", "| survivor | line | mutant | why it may |", "| --- | --- | --- | --- |", *lines)


def _code(text: str) -> str:
    """A line as a cell of a table holds it."""
    return text.strip().replace("|", "¦")[:90]

"""Play seeds, and count what was done: ``python -m tests.simulation`` and the tests both do it here."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tests.simulation.acts import step
from tests.simulation.invariants import settled, violated
from tests.simulation.machines import settles_down
from tests.simulation.office import Office, office_of

STEPS = 100


@dataclass
class Total:
    """What some seeds did. ``faults`` are by place and kind, ``did`` by act, with those that were refused or died."""

    seeds: int = 0
    steps: int = 0
    calls: int = 0
    violations: list[str] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    did: Counter[str] = field(default_factory=Counter)

    def add(self, office: Office, found: Iterable[str]) -> None:
        """Count an office that was played."""
        self.seeds += 1
        self.steps += office.did.total()
        self.calls += office.faults.calls
        self.violations += found
        self.faults += office.faults.injected
        self.did += office.did

    def __iadd__(self, other: "Total") -> Self:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)
        return self

    def keep(self, file: Path, first: int, end: int) -> None:
        """Add a line to a file: what these seeds did."""
        with file.open("a") as out:
            out.write(json.dumps({"first": first, "end": end, **vars(self)}) + "\n")

    def told(self) -> Iterable[str]:
        """Say it in lines."""
        by_kind, by_place = Counter[str](), Counter[str]()
        for name, count in self.faults.items():
            place, kind = name.split()
            by_kind[kind] += count
            by_place[place] += count
        yield f"{self.seeds:,} seeds, {self.steps:,} steps, {self.calls:,} calls"
        yield f"{self.faults.total():,} faults: {_listed(by_kind)}"
        yield f"at: {_listed(by_place)}"
        refused, died = self.did["refused"], self.did["died"]
        yield f"acts: {self.steps - refused - died:,} done, {refused:,} refused, {died:,} died"
        yield f"{len(self.violations)} violations"
        yield from self.violations


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.most_common())


def kept(file: Path, within: range) -> tuple[Total, set[int]]:
    """Return what was kept in a file of these seeds, and which they are. What was played twice counts once."""
    total, done = Total(), set[int]()
    for line in file.read_text().splitlines() if file.exists() else ():
        told: dict[str, Any] = json.loads(line)
        seeds = {*range(told.pop("first"), told.pop("end"))}
        if seeds <= {*within} and not seeds & done:
            total += Total(**told | {name: Counter(told[name]) for name in ("faults", "did")})
            done |= seeds
    return total, done


def play(office: Office, steps: int = STEPS) -> list[str]:
    """Let the seed run; return what was violated, and stop there."""
    office.store.watch["settle"] = lambda entry_id, _: office.unsent.extend(settled(office, entry_id))
    for n in range(steps):
        act = step(office)
        if found := violated(office, whole=False):
            return [f"step {n}, {act}: {each}" for each in found]
    settles_down(office)
    return [f"at rest: {each}" for each in violated(office, whole=True)]


def played(seeds: Iterable[int], steps: int = STEPS) -> Total:
    """Play these, and return what they did."""
    total = Total()
    for seed in seeds:
        with office_of(seed) as office:
            total.add(office, [f"seed {seed}: {each}" for each in play(office, steps)])
    return total

"""The nation's load, tried: what the clock, an edition, a rotation and the outbox cost among 700 governments' cases.

    python -m tests.bench.nation_load 20000 200000 2000000    every part at these sizes, and the exponents
    python -m tests.bench.nation_load --instances 40 4000     fewer governments
    python -m tests.bench.nation_load --only order 2000000    the parts with this word in their names alone

Each part runs in a process of its own, after the one before it and on the same file. Its CPU seconds (of all its
threads), wall seconds and largest memory are told. Other programs on the machine blur CPU little, and wall much. It
takes 4 KB of disk for each case.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from functions.actions.clock.audit import Audit
from functions.actions.clock.barometer_counts import CountBarometer
from functions.actions.clock.publish_edition import Editions
from functions.actions.ops.rotate import Rotate, rewrap_here
from functions.casework.case import CaseHead
from functions.casework.case_fields import AccessFacts
from functions.clock.main import make_housekeeping
from functions.config.settings import Settings, load_settings
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.seal.sealing import new_case_key
from functions.storage.interface import Notice, OutboxEntry
from functions.storage.registers.directory import read_directory
from functions.storage.registers.figures import read_figures
from functions.storage.sqlite.outbox import insert_entries
from functions.storage.sqlite.store import SqliteStore
from tests.bench.growth import exponent
from tests.bench.nation_store import codes, directory_of, new_store

FIRST, SECOND, THIRD, EDITION = date(2026, 3, 10), date(2026, 3, 11), date(2026, 3, 12), date(2026, 4, 9)
LETTERS_EACH, LETTERS_MOST, WORKERS = 100, 5_000, 4
HOUR = 500_000
LETTER = "uji-"


class Nation:
    """One file, as a part finds it."""

    def __init__(self, folder: Path) -> None:
        self.settings = load_settings({"DATA_DIR": str(folder)})
        self.store = SqliteStore(folder / "lapor.sqlite")
        self.keys = KeyDirectory(folder / "keys")

    def whole_clock(self, day: date) -> dict[str, float]:
        """One run for all, as the clock's function did it; with the CPU seconds of each task."""
        spent: dict[str, float] = {}

        def timed(name: str, step: Callable[..., int]) -> Callable[..., int]:
            def run(*which: str) -> int:
                began = time.process_time()
                done = step(*which)
                spent[name] = spent.get(name, 0) + time.process_time() - began
                return done

            return run

        house = make_housekeeping(at(self.settings, day))
        for steps in (house.hourly, house.daily, house.whole):
            steps.update({name: timed(name, step) for name, step in steps.items()})  # type: ignore[attr-defined]
        house()
        return spent

    def quiet_before(self, day: date) -> None:
        """What each further hour read before there were marks: whether today is anchored and counted."""
        directory = read_directory(self.store, self.settings).directory
        audit = Audit(self.store, directory)
        for instance in directory.instances():
            audit.anchor(instance.code, day)
            read_figures(self.store, instance.code)

    def one_order(self, code: str, day: date) -> None:
        """What the function does for one order of its own."""
        make_housekeeping(at(self.settings, day)).one(code)

    def tally(self, day: date) -> None:
        """The end of a month, for all."""
        CountBarometer(self.store, read_directory(self.store, self.settings).directory, lambda: day)()

    def edition(self, day: date) -> None:
        """The edition of that month."""
        Editions(self.store, read_directory(self.store, self.settings).directory, lambda: day)()

    def rotate(self, instances: Sequence[str]) -> None:
        """New keys for these, without the wait."""
        agencies = read_directory(self.store, self.settings).directory.agencies
        rewrap = rewrap_here(self.store, self.keys, lambda: FIRST, lambda _: None, agencies)
        Rotate(self.keys, rewrap, lambda: None).all(Purpose.DESK, instances)

    def drain(self, workers: int, count: int) -> None:
        """Claim and settle waiting letters, by so many couriers at once. Raises AssertionError if one is sent twice or
        none is."""
        drained = [each for each in drain(self.store, workers) if each.startswith(LETTER)]
        assert len(drained) == len(set(drained)) == count, (len(drained), count)
        assert self.store.waiting() == ()


def at(settings: Settings, day: date) -> Settings:
    """Let these settings' today be a day, in this process."""
    type(settings).today = lambda _: day  # type: ignore[method-assign]
    return settings


def put_letters(store: SqliteStore, count: int, directory_codes: Sequence[str]) -> None:
    """Let so many notices wait."""
    entries = [
        OutboxEntry(f"{LETTER}{n:032x}", Notice.NEW_CASE, directory_codes[n % len(directory_codes)], not_before=HOUR)
        for n in range(count)
    ]
    with store.engine.write() as db:
        insert_entries(db, entries)


def drain(store: SqliteStore, workers: int) -> list[str]:
    """Return the ids in the order in which couriers, at once, would have sent them."""
    sent: list[str] = []

    def work(name: str) -> None:
        while claimed := store.claim(name, HOUR):
            for entry in claimed:
                sent.append(entry.entry_id)
                store.settle(entry.entry_id, name)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, [f"courier-{n}" for n in range(workers)]))
    return sent


def write(folder: Path, cases: int, instances: int) -> None:
    """Make directory, keys and cases."""
    directory = directory_of(folder / "tables", instances)
    keys = KeyDirectory(folder / "keys")
    keys.generate_all((Purpose.DESK, each.code) for each in directory.instances())
    public = keys.public()

    def wrap(head: CaseHead) -> tuple[str, bytes]:
        return public.wrap_case_key(head.case_id, AccessFacts.of(head), new_case_key())

    new_store(folder / "lapor.sqlite", directory, cases, FIRST, wrap)


def parts(folder: Path, cases: int, instances: int) -> dict[str, Callable[[], Any]]:
    """Return what is measured, by name, in its order."""
    if not (folder / "lapor.sqlite").exists():
        return {"write": lambda: write(folder, cases, instances)}
    nation = Nation(folder)
    directory = read_directory(nation.store, nation.settings).directory
    big, ordinary, *_ = codes(directory)
    letters = min(max(cases // LETTERS_EACH, 100), LETTERS_MOST)
    everywhere = [each.code for each in directory.instances()]
    return {
        "clock, the very first run of all": lambda: nation.whole_clock(FIRST),
        "clock, first run of a day, one for all (before)": lambda: nation.whole_clock(SECOND),
        "clock, a further hour, looking for what was done (before)": lambda: nation.quiet_before(SECOND),
        "clock, a further hour, all tasks (after)": lambda: nation.whole_clock(SECOND),
        "clock, the order of the day before": lambda: (
            nation.one_order(big, SECOND),
            nation.one_order(ordinary, SECOND),
        ),
        "clock, one order: the biggest instance (after)": lambda: nation.one_order(big, THIRD),
        "clock, one order: an ordinary instance (after)": lambda: nation.one_order(ordinary, THIRD),
        "figures of a month's end, all": lambda: nation.tally(EDITION),
        "edition": lambda: nation.edition(EDITION),
        "rotation, an ordinary instance": lambda: nation.rotate([ordinary]),
        "rotation, the biggest instance": lambda: nation.rotate([big]),
        "rotation, all": lambda: nation.rotate(everywhere),
        "outbox put": lambda: put_letters(nation.store, 2 * letters, everywhere),
        "outbox drained by one courier": lambda: (
            nation.drain(1, 2 * letters),
            put_letters(nation.store, letters, everywhere),
        ),
        f"outbox drained by {WORKERS} couriers": lambda: nation.drain(WORKERS, letters),
    }


def measured(name: str, folder: Path, cases: int, instances: int) -> dict[str, Any]:
    """Run one part here, and return what it took."""
    part = parts(folder, cases, instances)[name]
    cpu, wall = time.process_time(), time.monotonic()
    said = part()
    taken = {"cpu": time.process_time() - cpu, "wall": time.monotonic() - wall}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return taken | {"mb": memory, "steps": said if isinstance(said, dict) else {}}


def apart(name: str, folder: Path, cases: int, instances: int) -> dict[str, Any]:
    """Run one part in a process of its own."""
    program = [sys.executable, "-m", "tests.bench.nation_load", "--part", name, "--folder", str(folder)]
    done = subprocess.run(
        [*program, "--instances", str(instances), str(cases)], check=True, capture_output=True, text=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def tried(cases: int, instances: int, place: Path | None, only: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return what each part took at one size; prints it as it comes."""
    found = {}
    with TemporaryDirectory(prefix="nation-", dir=place) as name:
        folder = Path(name)
        names = ["write"]
        for part in names:
            found[part] = apart(part, folder, cases, instances)
            if part == "write":
                names += [each for each in parts(folder, cases, instances) if any(word in each for word in only)]
            took = found[part]
            steps = "".join(f" {step} {spent:.2f}" for step, spent in took["steps"].items() if spent > 0.01)
            sys.stdout.write(
                f"{cases:>9,} {part:60} {took['cpu']:9.2f} s CPU {took['wall']:9.1f} s {took['mb']:6} MB{steps}\n"
            )
            sys.stdout.flush()
    return found


def main(arguments: Sequence[str]) -> int:
    """Measure and print. Return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[20_000, 200_000])
    parser.add_argument("--instances", type=int, default=700)
    parser.add_argument("--place", type=Path, help="a folder on a disk with room")
    parser.add_argument("--only", action="append", default=[], metavar="WORD", help="parts with this word alone")
    parser.add_argument("--part", default="")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args(arguments)
    if given.part:
        sys.stdout.write(json.dumps(measured(given.part, given.folder, given.sizes[0], given.instances)) + "\n")
        return 0
    found = {size: tried(size, given.instances, given.place, given.only or [""]) for size in given.sizes}
    for part in next(iter(found.values())) if len(found) > 1 else ():
        grown = {size: max(took[part]["cpu"], 1e-3) for size, took in found.items()}
        sys.stdout.write(f"exponent {part:60} {exponent(grown):5.2f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The nation's load, tried: what the clock, an edition, a rotation and the outbox cost among 700 governments' cases.

    python -m tests.bench.nation_load 20000 200000 2000000    every part at these sizes, and the exponents
    python -m tests.bench.nation_load --instances 40 4000     fewer governments
    python -m tests.bench.nation_load --only order 2000000    the parts with this word in their names alone

Each part runs in a process of its own, after the one before it and on the same file. Its CPU seconds (of all its
threads), wall seconds and largest memory are told. Other programs on the machine blur CPU little, and wall much. It
takes 2.3 KB of disk for each case.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from functions.casework.case import CaseHead
from functions.casework.case_fields import AccessFacts
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.seal.sealing import new_case_key
from functions.storage.registers.directory import read_directory
from tests.bench.growth import exponent
from tests.bench.nation_parts import EDITION, FIRST, SECOND, THIRD, Nation, put_letters
from tests.bench.nation_store import codes, directory_of, new_store

LETTERS_EACH, LETTERS_MOST, WORKERS = 100, 5_000, 4
SAMPLE = 10  # of the ordinary governments, which are alike


def write(folder: Path, cases: int, instances: int) -> None:
    """Make directory, keys and cases."""
    directory = directory_of(folder / "tables", instances)
    keys = KeyDirectory(folder / "keys")
    keys.generate_all(
        (purpose, each.code) for each in directory.instances() for purpose in (Purpose.DESK, Purpose.LINKS)
    )
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
    big, *others = codes(directory)
    ordinary, sample = others[0], others[:SAMPLE]
    letters = min(max(cases // LETTERS_EACH, 100), LETTERS_MOST)
    everywhere = [each.code for each in directory.instances()]
    return {
        "the day before, of those that are measured": lambda: nation.orders((big, *sample), FIRST),
        "clock, one order: the biggest instance": lambda: nation.one_order(big, SECOND),
        f"clock, the orders of {SAMPLE} ordinary instances": lambda: nation.orders(sample, SECOND),
        "rotation, an ordinary instance": lambda: nation.rotate([ordinary]),
        "rotation, the biggest instance": lambda: nation.rotate([big]),
        "outbox put": lambda: put_letters(nation.store, 2 * letters, everywhere),
        "outbox drained by one courier": lambda: (
            nation.drain(1, 2 * letters),
            put_letters(nation.store, letters, everywhere),
        ),
        f"outbox drained by {WORKERS} couriers": lambda: nation.drain(WORKERS, letters),
        "digests of a morning, all": lambda: nation.morning(FIRST, everywhere),
        "edition, the biggest instance's twelfth month": lambda: nation.edition_of_one(big, EDITION),
        "edition, an ordinary instance's twelfth month": lambda: nation.edition_of_one(ordinary, EDITION),
        "clock, the very first run of all": lambda: nation.whole_clock(SECOND),
        "clock, first run of a day, all": lambda: nation.whole_clock(THIRD),
        "clock, a further hour, all": lambda: nation.whole_clock(THIRD),
        "clock, a further hour, looking for what was done (before)": lambda: nation.quiet_before(THIRD),
        "figures of a month's end, all": lambda: nation.tally(EDITION),
        "edition, all": lambda: nation.edition(EDITION),
        "edition, the nation's sums": nation.sums,
        "rotation, all": lambda: nation.rotate(everywhere),
        "bytes": lambda: nation.bytes(big),
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

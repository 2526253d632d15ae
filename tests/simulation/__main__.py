"""Play many seeds in one process, going on where it stopped: ``python -m tests.simulation [FIRST END]``.

What was played stands in ``build/deep`` under the state of the code. Ends with 1 where a law was violated.
"""

import gc
import logging
import sys

from tests.deep.__main__ import FOLDER, ROOT, state
from tests.simulation.play import Total, kept, played

PART = 20


def main(first: str = "0", end: str = "10000") -> int:
    """Play what of these seeds was not played yet. Returns the exit status."""
    logging.disable()  # what the product says of faults
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / f"simulation-{state(ROOT)}.jsonl"
    total, done = Total(), set[int]()
    for seeds, part in kept(file):
        if not done & set(seeds) and seeds.start >= int(first) and seeds.stop <= int(end):
            total += part
            done |= set(seeds)
    gc.disable()  # it takes a twentieth of the time; each part ends with it
    for begin in range(int(first), int(end), PART):
        seeds = range(begin, min(begin + PART, int(end)))
        if not done & set(seeds):
            part = played(seeds)
            gc.collect()
            part.keep(file, seeds.start, seeds.stop)
            total += part
            say(f"{seeds.stop:6,}: {total.faults.total():,} faults, {len(total.violations)} violations")
            say(*part.violations)
    say(*total.told())
    return 1 if total.violations else 0


def say(*lines: str) -> None:
    """Print them at once."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

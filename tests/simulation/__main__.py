"""Play many seeds in one process, going on where it stopped: ``python -m tests.simulation [FIRST END]``.

What was played stands in ``build/deep`` under the state of the code. Ends with 1 where a law was violated.
"""

import gc
import logging
import sys

from tests.deep.__main__ import FOLDER, ROOT, state, told_in
from tests.evidence import say, tell
from tests.simulation.play import kept, played

PART = 20


def main(first: str = "0", end: str = "10000") -> int:
    """Play what of these seeds was not played yet. Returns the exit status."""
    logging.disable()  # what the product says of faults
    FOLDER.mkdir(parents=True, exist_ok=True)
    file, wanted = told_in(state(ROOT)), range(int(first), int(end))
    total, done = kept(file, wanted)
    gc.disable()  # it takes a twentieth of the time; each part ends with it
    for begin in wanted[::PART]:
        seeds = range(begin, min(begin + PART, wanted.stop))
        if not done & set(seeds):
            part = played(seeds)
            gc.collect()
            part.keep(file, seeds.start, seeds.stop)
            total += part
            say(f"{seeds.stop:6,}: {total.faults.total():,} faults, {len(total.violations)} violations")
            say(*part.violations)
    say(*total.told())
    tell("simulation", (f"- {line}" for line in total.told()))
    return 1 if total.violations else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

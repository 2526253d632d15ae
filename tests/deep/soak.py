"""A siege that goes on: ``python -m tests.deep.soak [MINUTES]``. Prints what each process had in memory and open, in
the first and in the last third."""

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from tests.deep.attacks import ATTACKS, MAST, SLOW, Plan
from tests.deep.besieged import besieged
from tests.deep.honest import Reporters
from tests.deep.siege import attack_until
from tests.room import in_memory
from tests.sanitize.samples import jpeg, picture

WARM = 5  # a fifth of the looks goes before the first third: processes load what they need
HONEST_AT_ONCE = 6
# Without end: they are cut off when the time is over.
ENDLESS = 10**6


class Thirds(NamedTuple):
    """Averages over the first and the last third of the looks, of one process or of all of its name."""

    first: float
    last: float

    @classmethod
    def of(cls, looks: Sequence[int]) -> "Thirds":
        """Of looks in their order."""
        warm = looks[len(looks) // WARM :]
        third = max(1, len(warm) // 3)
        return cls(mean(warm[:third]), mean(warm[-third:]))


class Soaked(NamedTuple):
    """Bytes, and open files, by process; honest reports that were sent, and those that got a receipt."""

    memory: dict[str, Thirds]
    handles: dict[str, Thirds]
    sent: int
    receipts: int


def soak(folder: Path, minutes: float) -> Soaked:
    """Besiege an office for some minutes."""
    spawn = multiprocessing.get_context("spawn")
    with besieged(folder) as office:
        plan = Plan(office.roads, office.receipt, jpeg(picture((1600, 1200))), junk=ENDLESS, sms=ENDLESS)
        stop, told = spawn.Event(), spawn.Queue()
        attackers = [spawn.Process(target=attack_until, args=(each.__name__, plan, stop, told)) for each in ATTACKS]
        for each in attackers:
            each.start()
        reporters, until, tries = Reporters(office.roads, folder / "data", (MAST, SLOW)), time.monotonic(), []
        until += 60 * minutes
        while time.monotonic() < until:
            tries += reporters.all(2, HONEST_AT_ONCE)
        watch = office.watch
        found = Soaked(
            {name: Thirds.of(looks) for name, looks in watch.resident.items() if name != "cleaning"},
            {name: Thirds.of(looks) for name, looks in watch.handles.items()},
            len(tries),
            sum(bool(each.case_id) for each in tries),
        )
        stop.set()
        for _ in attackers:
            told.get(timeout=180)
        for each in attackers:
            each.join(30)
    return found


def table(found: Soaked) -> str:
    """The outcome as lines."""
    lines = [
        f"{name:10} {memory.first / 1e6:6.1f} → {memory.last / 1e6:6.1f} MB, "
        f"{found.handles[name].first:6.1f} → {found.handles[name].last:6.1f} handles"
        for name, memory in sorted(found.memory.items())
    ]
    return "\n".join([*lines, f"honest     {found.receipts}/{found.sent} receipts"])


def main(arguments: Sequence[str]) -> int:
    """Soak; print the table."""
    with tempfile.TemporaryDirectory(dir=in_memory()) as folder:
        sys.stdout.write(table(soak(Path(folder), float(arguments[0]) if arguments else 10)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

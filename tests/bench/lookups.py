"""How long a refused look-up takes: unknown against hidden at the desk, unknown against known at the thread.

``python -m tests.bench.lookups [N]`` asks N times each (10,000), in turns, through the doors, and prints means in
milliseconds and z of their difference; |z| < 3 is chance. Processor's time is counted, which other programs on the
machine do not blur; the slowest hundredth of all is left out on both sides. At the thread the look-up alone is measured
(find and unwrap), with a refusal behind both: what follows a known receipt is an answer with words, which its status and
length tell anyhow.
"""

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import fmean, pvariance
from tempfile import TemporaryDirectory
from typing import Any

from functions.actions.reporter.receipt_lookup import ReceiptLookup
from functions.casework.problems import NotFoundProblem
from functions.casework.receipt import parse_receipt, receipt_from_bytes
from tests.world import World

UNKNOWN = "4F7K-2M9Q-XR3D"


def compared(first: Callable[[], Any], second: Callable[[], Any], count: int) -> tuple[float, float, float]:
    """Return both means in milliseconds and z of their difference, asked in turns, each first as often as second."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(count + count // 20):
        for which in (0, 1) if turn % 2 else (1, 0):
            start = time.thread_time()
            (first, second)[which]()
            if turn >= count // 20:  # warm
                times[which].append((time.thread_time() - start) * 1000)
    bound = sorted(times[0] + times[1])[int(0.99 * 2 * count) - 1]
    one, other = ([t for t in each if t <= bound] for each in times)
    error = (pvariance(one) / len(one) + pvariance(other) / len(other)) ** 0.5
    return fmean(one), fmean(other), (fmean(one) - fmean(other)) / error


def measure(count: int) -> dict[str, tuple[float, float, float]]:
    """Return means and z for both doors, in a demonstration of its own."""
    with TemporaryDirectory() as folder:
        world = World(Path(folder))
        for _ in range(20):
            sent = world.report(about_agency="kutim-dpupr")
        desk, path = world.desk_of("kutim-dpupr"), "/desk/cases/"
        cases = ReceiptLookup(world.store, world.converse.even)
        known, unknown = parse_receipt(sent["receipt"]), receipt_from_bytes(bytes(13))

        def asked(receipt: Any) -> None:
            with suppress(NotFoundProblem):
                cases.find(receipt)
                raise NotFoundProblem

        return {
            "desk: hidden, unknown": compared(
                lambda: desk.get(path + sent["tracking_id"]), lambda: desk.get(path + UNKNOWN), count
            ),
            "thread: known, unknown": compared(lambda: asked(known), lambda: asked(unknown), count),
        }


if __name__ == "__main__":
    for name, (one, other, z) in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000).items():
        sys.stdout.write(f"{name}: {one:.4f} ms, {other:.4f} ms, z = {z:.1f}\n")

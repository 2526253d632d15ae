"""The processor's time of a call, taken so that other programs on the machine blur it little.

Time that others have is not counted, but they empty the caches, which makes some turns slower, never faster. So what is
told of many turns is the lower quartile.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import quantiles
from typing import Any

MS = 1_000_000
WARM = 5


def timed(do: Callable[[], Any]) -> tuple[int, int]:
    """Return CPU and wall of one call, in nanoseconds; of each of many, where the call says how many it did."""
    wall, cpu = time.perf_counter_ns(), time.process_time_ns()
    done = do()
    taken = time.process_time_ns() - cpu, time.perf_counter_ns() - wall
    many = done if isinstance(done, int) and done else 1
    return taken[0] // many, taken[1] // many


def usual(times: Sequence[float]) -> float:
    """Return the lower quartile."""
    return quantiles(times, n=4)[0] if len(times) > 1 else times[0]


def cpu_of(do: Callable[[], Any], turns: int, warm: int = WARM) -> float:
    """Return the usual CPU of a call, in milliseconds, once it is warm after so many."""
    return usual([timed(do)[0] for _ in range(turns + warm)][warm:]) / MS


def times_as_long(do: Callable[[int], Any], short: int, long: int, turns: int = 5) -> float:
    """Return how many times as much CPU a call takes for a length as for a shorter one, the least of several turns of
    each. What is too short to be timed counts as two milliseconds."""
    turn = [[timed(partial(do, length))[0] for length in (short, long)] for _ in range(turns)]
    least, longest = (min(of_length) for of_length in zip(*turn, strict=True))
    return longest / max(least, 2 * MS)

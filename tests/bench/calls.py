"""How many calls an act makes, of Python and of C: a measure of its CPU that no load of the machine changes."""

from collections.abc import Callable
from cProfile import Profile
from typing import Any


def calls_of(do: Callable[[], Any]) -> int:
    """Return the number of calls; for each of many, where the call says how many it did."""
    counted = Profile()
    done = counted.runcall(do)
    many = done if isinstance(done, int) and done else 1
    return sum(each.callcount for each in counted.getstats()) // many

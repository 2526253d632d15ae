"""Faults by seed: a call fails before or after it took effect, comes twice, or the process dies around it.

Chance itself is drawn from the seed (``seeded_chance``), so that ids, and with them every order, are the same again.
"""

import os
import random as random_module
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from random import Random
from typing import Any
from unittest.mock import patch

RATE_MAX = 0.4
REPEATABLE = frozenset({"settle", "enqueue", "pin", "release", "revoke", "delete_case", "put"})


class Died(BaseException):
    """The process ended here: nobody may catch it but who starts processes."""


class Fault(StrEnum):
    """What happens to one call."""

    REFUSED = "refused"  # it fails, nothing was done
    LOST = "lost"  # it was done, the answer says it failed
    DIED_BEFORE = "died_before"
    DIED_AFTER = "died_after"
    TWICE = "twice"  # it is done twice, as a network repeats it


class Faults:
    """Draws faults for one seed, some kinds of them in one seed and others in the next, and counts them."""

    def __init__(self, random: Random) -> None:
        self.random, self.on = random, True
        self.rate = random.uniform(0, RATE_MAX)
        self.kinds = [kind for kind in Fault if random.random() < 0.7] or [Fault.LOST]
        self.journal: list[str] = []
        self.injected: Counter[Fault] = Counter()
        self.calls = 0

    def draw(self, call: str, *, repeatable: bool) -> Fault | None:
        """The fault of this call, if any."""
        self.calls += 1
        if not self.on or self.random.random() >= self.rate:
            return None
        kind = self.random.choice(self.kinds)
        if kind is Fault.TWICE and not repeatable:
            return None
        self.injected[kind] += 1
        self.journal.append(f"{call} {kind}")
        return kind

    @contextmanager
    def none(self) -> Iterator[None]:
        """Nothing fails meanwhile: whoever checks looks at what is there."""
        before, self.on = self.on, False
        try:
            yield
        finally:
            self.on = before


class Faulty:
    """Stands before ``inner`` and lets its calls fail. ``trouble`` makes the error that the product expects of it."""

    def __init__(self, name: str, inner: object, faults: Faults, trouble: Callable[[], Exception]) -> None:
        self.name, self.inner, self.faults, self.trouble = name, inner, faults, trouble
        self.watch: dict[str, Callable[..., None]] = {}  # is asked before a call takes effect

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(self.inner, attribute)
        if not callable(found):
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            fault = self.faults.draw(f"{self.name}.{attribute}", repeatable=attribute in REPEATABLE)
            if fault is Fault.DIED_BEFORE:
                raise Died
            if fault is Fault.REFUSED:
                raise self.trouble()
            if attribute in self.watch:
                with self.faults.none():
                    self.watch[attribute](*args, **kwargs)
            if fault is Fault.TWICE:
                found(*args, **kwargs)
            done = found(*args, **kwargs)
            if fault is Fault.DIED_AFTER:
                raise Died
            if fault is Fault.LOST:
                raise self.trouble()
            return done

        return call


@contextmanager
def seeded_chance(seed: int) -> Iterator[None]:
    """All random bytes of Python come from the seed. OpenSSL's own do not: nothing is ordered by what it draws."""
    chance = Random(seed)  # noqa: S311 - a replay
    with patch.object(os, "urandom", chance.randbytes), patch.object(random_module, "_urandom", chance.randbytes):
        yield

"""Faults by seed: a call fails before or after it took effect, comes twice or late, or the process dies around it.

Calls are those of store, files, keys and mail, each statement inside a writing transaction, and each wait for the disk.
Chance itself is drawn from the seed (``seeded_chance``), so that ids, and with them every order, are the same again.
"""

import errno
import os
import random as random_module
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from random import Random
from typing import Any
from unittest.mock import patch

from functions.storage.interface import StoreUnavailableError
from functions.storage.sqlite.engine import SqliteEngine

RATE_MIN, RATE_MAX = 0.04, 0.22  # of all calls; above it, too few acts get to their end
LONG = 3
HOURS_MAX = 30  # that a late answer takes


class Died(BaseException):
    """The process ended here: nobody may catch it but who starts processes."""


class Fault(StrEnum):
    """What happens to one call."""

    REFUSED = "refused"  # it fails, nothing was done
    LOST = "lost"  # it was done, the answer says it failed
    DIED_BEFORE = "died_before"
    DIED_AFTER = "died_after"
    TWICE = "twice"  # it is done twice, as a network repeats it
    LATE = "late"  # it is done, and hours or a day went by


REPEATABLE = frozenset({"settle", "enqueue", "pin", "release", "revoke", "delete_case", "put", "send"})
INSIDE = frozenset({Fault.REFUSED, Fault.LOST, Fault.DIED_BEFORE, Fault.DIED_AFTER})  # of a transaction, of a file
ONCE = INSIDE | {Fault.LATE}


class Faults:
    """Draws faults for one seed, some kinds of them in one seed and others in the next, and counts them."""

    def __init__(self, random: Random, passes: Callable[[int], None]) -> None:
        """``passes`` lets so many hours go by."""
        self.random, self.passes, self.on = random, passes, True
        self.rate = random.uniform(RATE_MIN, RATE_MAX)
        drawn = [kind for kind in Fault if random.random() < 0.7]
        self.kinds = drawn if INSIDE & set(drawn) else [*drawn, Fault.LOST]
        self.able = cache(lambda possible: [kind for kind in self.kinds if kind in possible])
        self.journal: list[str] = []
        self.injected: Counter[str] = Counter()
        self.calls = 0

    def draw(self, call: str, possible: frozenset[Fault]) -> Fault | None:
        """The fault of this call, if any, one of those that are possible."""
        if not self.on:
            return None
        self.calls += 1
        if self.random.random() >= self.rate:
            return None
        kind: Fault = self.random.choice(self.able(possible))
        self.injected[f"{call.partition('.')[0]} {kind}"] += 1
        self.journal.append(f"{call} {kind}")
        return kind

    def around(
        self, call: str, possible: frozenset[Fault], trouble: Callable[[], Exception], do: Callable[[], Any]
    ) -> Any:
        """``do`` it, or what the seed makes of it."""
        fault = self.draw(call, possible)
        if fault is None:
            return do()
        if fault is Fault.DIED_BEFORE:
            raise Died
        if fault is Fault.REFUSED:
            raise trouble()
        if fault is Fault.TWICE:
            do()
        done = do()
        if fault is Fault.DIED_AFTER:
            raise Died
        if fault is Fault.LOST:
            raise trouble()
        if fault is Fault.LATE:
            self.passes(self.random.randint(1, HOURS_MAX))
        return done

    @contextmanager
    def rarer(self) -> Iterator[None]:
        """Calls fail more rarely meanwhile: an act of dozens of them shall come to its end now and then."""
        before, self.rate = self.rate, self.rate / LONG
        try:
            yield
        finally:
            self.rate = before

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
        if not callable(found := getattr(self.inner, attribute)):
            return found
        name, possible = f"{self.name}.{attribute}", frozenset(Fault) if attribute in REPEATABLE else ONCE

        def call(*args: Any, **kwargs: Any) -> Any:
            def do() -> Any:
                if attribute in self.watch:
                    with self.faults.none():
                        self.watch[attribute](*args, **kwargs)
                return getattr(self.inner, attribute)(*args, **kwargs)

            return self.faults.around(name, possible, self.trouble, do)

        return call


class FaultyEngine(SqliteEngine):
    """The SQLite file, where each statement of a writer may fail: what its transaction did before is undone."""

    def __init__(self, inner: SqliteEngine, faults: Faults) -> None:
        super().__init__(inner.path)
        self.faults = faults

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        with super().write() as db:
            yield Statements(db, self.faults)  # type: ignore[misc]  # as much of a connection as writers use


class Statements:
    """A writer's connection."""

    def __init__(self, db: sqlite3.Connection, faults: Faults) -> None:
        self.db, self.faults = db, faults

    def execute(self, sql: str, *args: Any) -> Any:
        return self._around(sql, lambda: self.db.execute(sql, *args))

    def executemany(self, sql: str, *args: Any) -> Any:
        return self._around(sql, lambda: self.db.executemany(sql, *args))

    def _around(self, sql: str, do: Callable[[], Any]) -> Any:
        if sql.startswith("SELECT"):
            return do()
        return self.faults.around(f"statement.{sql[:20]}", INSIDE, lambda: StoreUnavailableError("disk I/O error"), do)


def disk(faults: Faults) -> Callable[[int], None]:
    """``os.fsync``, which fails by the seed. What a process that dies there leaves half done is left."""

    def fsync(_: int) -> None:
        faults.around("disk.sync", INSIDE, lambda: OSError(errno.EIO, os.strerror(errno.EIO)), lambda: None)

    return fsync


@contextmanager
def seeded_chance(seed: int) -> Iterator[None]:
    """All random bytes of Python come from the seed. OpenSSL's own do not: nothing is ordered by what it draws."""
    chance = Random(seed)  # noqa: S311 - a replay
    with patch.object(os, "urandom", chance.randbytes), patch.object(random_module, "_urandom", chance.randbytes):
        yield

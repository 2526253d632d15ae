"""Telling a flood from people, without knowing anyone. Nothing is refused here: every report is taken. One that looks
like part of a flood is only marked, so that it waits in the coordinator's quarantine.

The limits for ``flood_per_hour`` = 60; they scale with it. Each kind of report is counted separately, within an hour.
A report beyond these numbers is marked:

=======================================  ==================  ===========
a report that came with                  from one address    from all
=======================================  ==================  ===========
a pass of a counter                      600                 600
a proof of work                          60                  600
a form that was viewed (no script)       30                  300
nothing (a program; also legal)          10                  60
=======================================  ==================  ===========

- **Each kind separately**: a program that floods without proof, even from the same village office, marks nobody who
  sends with one.
- **A counter's pass** comes from the desk, for a signed-in clerk. Many honest people share its address, so only the
  count of all applies. It is counted separately: a clerk's stolen session marks nobody else's reports.
- **Only what passed is counted.** One address passes at most 10 reports without proof into the count of all. So
  one flood does not use up the limit of others.
- **A proof counts once.** A repeated, forged or expired proof counts as none, and so does a form sent within seconds.
- **The same report again** (a link that broke, a second press) is counted once.
- **Unknown address**: only the count of all.

What it cannot do: a flood from many addresses uses up the count of all. Then everybody who sends without proof
waits in quarantine too until the hour is over. Hours begin with the first report, so two full hours may follow one
upon the other. Each process counts for itself: if the cloud runs several, the numbers are per process.

Memory holds for an hour: counts by bucket (already a keyed hash, see ``edge.request_filter``), and keyed hashes of
proofs and submission keys. The first report after the hour clears all of it and replaces the random key of the hashes.
Nothing of it is written anywhere.
"""

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from secrets import token_bytes
from typing import TypeVar

from functions.intake.proof import Proof, ProofKind

HOUR_SECONDS = 3600
MEMORY = 20_000  # entries of each sort; the oldest are dropped. Only reached if flood_per_hour is above 1,000
Entry = TypeVar("Entry", bytes, tuple[str, ProofKind])


@dataclass(frozen=True, slots=True)
class Limit:
    """How many reports pass unmarked within an hour: from one address, and from all together."""

    bucket: int
    all: int


def limits(flood_per_hour: int) -> dict[ProofKind, Limit]:
    """Return the limits of the table above for this setting. No limit is below 1."""
    return {
        ProofKind.NONE: Limit(max(1, flood_per_hour // 6), flood_per_hour),
        ProofKind.FORM: Limit(max(1, flood_per_hour // 2), 5 * flood_per_hour),
        ProofKind.WORK: Limit(flood_per_hour, 10 * flood_per_hour),
        ProofKind.COUNTER: Limit(10 * flood_per_hour, 10 * flood_per_hour),
    }


class Gate:
    """Weighs reports. One for a process; threads may share it. ``clock`` gives seconds that never run backwards."""

    def __init__(self, flood_per_hour: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits(flood_per_hour)
        self._clock = clock
        self._lock = threading.Lock()
        self._forget(float("-inf"))

    def weigh(self, bucket: str, proof: Proof, submission: bytes = b"") -> bool:
        """Whether a report looks like part of a flood. Call it once the report is complete, before it is stored.

        ``bucket`` stands for the address, "" if it is unknown. ``submission`` identifies a repeat: the submission key,
        or the lookup hash if the browser sealed; b"" counts every call.
        """
        with self._lock:
            now = self._clock()
            if now - self._since >= HOUR_SECONDS:
                self._forget(now)
            repeat = submission and self._hash(b"submission", submission)
            if repeat and repeat in self._passed:
                return False
            used = proof.mark and self._hash(b"proof", proof.mark)
            kind = ProofKind.NONE if used and used in self._used else proof.kind
            if self._is_full(bucket, kind):
                return True
            self._count(bucket, kind)
            for memory, entry in ((self._used, used), (self._passed, repeat)):
                if entry:
                    _remember(memory, entry)
            return False

    def _is_full(self, bucket: str, kind: ProofKind) -> bool:
        limit = self._limits[kind]
        return self._all[kind] >= limit.all or (bucket != "" and self._by_bucket.get((bucket, kind), 0) >= limit.bucket)

    def _count(self, bucket: str, kind: ProofKind) -> None:
        self._all[kind] += 1
        if bucket:
            _remember(self._by_bucket, (bucket, kind), self._by_bucket.get((bucket, kind), 0) + 1)

    def _hash(self, sort: bytes, secret: bytes) -> bytes:
        return blake2b(secret, digest_size=16, key=self._key, person=sort).digest()

    def _forget(self, now: float) -> None:
        """Begin an hour: with nothing counted, and a new key, so that nothing of the last hour can be found."""
        self._since, self._key = now, token_bytes(32)
        self._all: Counter[ProofKind] = Counter()
        self._by_bucket: OrderedDict[tuple[str, ProofKind], int] = OrderedDict()
        self._used: OrderedDict[bytes, int] = OrderedDict()
        self._passed: OrderedDict[bytes, int] = OrderedDict()


def _remember(memory: OrderedDict[Entry, int], entry: Entry, value: int = 1) -> None:
    memory[entry] = value
    memory.move_to_end(entry)
    if len(memory) > MEMORY:
        memory.popitem(last=False)

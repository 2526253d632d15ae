"""Telling a flood from people, without knowing anyone. Nothing is refused here: every report is taken.

The limits for ``flood_per_hour`` = 60; they scale with it. Each kind of report is counted separately, within an hour,
and so are those whose address is unknown, as all who come by the onion service:

=======================================  ==================  ===========
a report that came with                  from one address    from all
=======================================  ==================  ===========
a pass of a counter                      600                 600
a proof of work                          60                  600
a form that was viewed (no script)       30                  300
nothing (a program; also legal)          10                  60
=======================================  ==================  ===========

What becomes of a report beyond these numbers (``Verdict``):

- **With nothing**, it is held: it waits in the coordinator's quarantine until somebody looks.
- **With a proof, a viewed form or a pass**, it is never held. If it is like no other of this hour (``likeness``), it
  passes, up to the same numbers again. If not, it waits for the next batch, and then stands in the inbox by itself.

So a flood with proof delays an honest report until the next batch at most, and one of the same text over and over
delays none beside it.

- **Each kind separately**: a program that floods without proof, even from the same village office, marks nobody who
  sends with one.
- **Only what passed is counted.** One address passes at most 10 reports without proof into the count of all. So
  one flood does not use up the limit of others.
- **A proof counts for its own report alone** (``proof``), a pass once in an hour. A form sent within seconds counts
  as none. One of many forms given to one address at a time counts as viewed, but not against the first numbers.
- **The same report again** (a link that broke, a second press) is counted once.
- **Work grows dearer** (``toll``): doubled at each quarter of the limit, for the address or for all, up to 16 times.
  One address raises it for itself alone.

Hours begin with the first report, so two full hours may follow one upon the other. Each process counts for itself.

Memory holds for an hour: counts by bucket (already a keyed hash, see ``edge.request_filter``), and keyed hashes of
passes, submission keys and likeness. The first report after the hour clears all of it and replaces the random key of
the hashes. Nothing of it is written anywhere.
"""

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from secrets import token_bytes
from typing import TypeVar

from functions.intake.likeness import BANDS, bands
from functions.intake.proof import Proof, ProofKind

HOUR_SECONDS = 3600
MEMORY = 20_000  # entries of each sort; the oldest are dropped. Only reached if flood_per_hour is above 1,000
ALIKE = 10  # this many alike within the hour are a cluster
TOLL_MAX = 16  # 16 million rounds at most, as installed: 30 s on a phone that does half a million a second
VIEW_SECONDS, VIEWS_AT_ONCE, VIEW_MAX = 3, 30, 60  # one address views a form each 3 s, 30 in a burst
Key = TypeVar("Key", bytes, str, tuple[str, str])
Value = TypeVar("Value", int, float)


class Verdict(StrEnum):
    """What becomes of a report: it passes; waits for the next batch; is held in quarantine until somebody looks."""

    PASSES = "passes"
    WAITS = "waits"
    HELD = "held"


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

    def weigh(self, bucket: str, proof: Proof, submission: bytes = b"", traits: Iterable[bytes] = ()) -> Verdict:
        """Return what becomes of a report. Call it once the report is complete, before it is stored.

        ``bucket`` stands for the address, "" if it is unknown. ``submission`` identifies a repeat: the submission key,
        or the lookup hash if the browser sealed; b"" counts every call. ``traits`` are of ``likeness``.
        """
        with self._lock:
            self._turn_hour()
            repeat = submission and self._hash(b"submission", submission)
            if repeat and repeat in self._passed:
                return Verdict.PASSES
            used = proof.mark and self._hash(b"proof", proof.mark)
            kind = ProofKind.NONE if used and used in self._used else proof.kind
            alike = self._alike(traits)
            passed = not proof.hasty and self._pass(bucket, kind, kind)
            if not passed and kind is not ProofKind.NONE and alike < ALIKE:
                passed = self._pass(bucket, kind, f"{kind}, unlike all others")
            if not passed:
                return Verdict.HELD if kind is ProofKind.NONE else Verdict.WAITS
            for memory, entry in ((self._used, used), (self._passed, repeat)):
                if entry:
                    _remember(memory, entry, 1)
            return Verdict.PASSES

    def toll(self, bucket: str) -> int:
        """Count a challenge for this bucket; return how many times the ordinary work it asks: 1, 2, 4, 8 or 16."""
        with self._lock:
            self._turn_hour()
            limit, mine = self._limits[ProofKind.WORK], self._by_bucket.get((bucket, "asked"), 0)
            everybody = self._all[bool(bucket), "asked"]
            if not bucket or mine < limit.bucket:  # beyond its own limit, an address raises nothing for others
                self._count(bucket, "asked")
            quarters = 4 * max(mine / limit.bucket, everybody / limit.all)
            return int(2 ** min(quarters // 1, TOLL_MAX.bit_length() - 1))

    def view_seconds(self, bucket: str) -> float:
        """Count a form given to this bucket; return how long it has to be viewed beyond the ordinary, 60 s at most.
        An unknown address is nobody's, so nobody waits for others there."""
        with self._lock:
            self._turn_hour()
            if not bucket:
                return 0.0
            now = self._clock()
            burst = VIEW_SECONDS * VIEWS_AT_ONCE
            until = min(max(now, self._viewing.get(bucket, now)) + VIEW_SECONDS, now + burst + VIEW_MAX)
            _remember(self._viewing, bucket, until)
            return max(0.0, until - now - burst)

    def _pass(self, bucket: str, kind: ProofKind, counted: str) -> bool:
        """Count one more if the limit of its kind is not reached under this name."""
        limit = self._limits[kind]
        if self._all[bool(bucket), counted] >= limit.all:
            return False
        if bucket and self._by_bucket.get((bucket, counted), 0) >= limit.bucket:
            return False
        self._count(bucket, counted)
        return True

    def _count(self, bucket: str, counted: str) -> None:
        self._all[bool(bucket), counted] += 1
        if bucket:
            _remember(self._by_bucket, (bucket, counted), self._by_bucket.get((bucket, counted), 0) + 1)

    def _alike(self, traits: Iterable[bytes]) -> int:
        """Return how many reports of this hour were like this one, and count it."""
        most = 0
        for band in bands(traits, self._key):
            before = self._bands.get(band, 0)
            _remember(self._bands, band, before + 1, BANDS * MEMORY // 2)
            most = max(most, before)
        return most

    def _hash(self, sort: bytes, secret: bytes) -> bytes:
        return blake2b(secret, digest_size=16, key=self._key, person=sort).digest()

    def _turn_hour(self) -> None:
        now = self._clock()
        if now - self._since >= HOUR_SECONDS:
            self._forget(now)

    def _forget(self, now: float) -> None:
        """Begin an hour: with nothing counted, and a new key, so that nothing of the last hour can be found."""
        self._since, self._key = now, token_bytes(32)
        self._all: Counter[tuple[bool, str]] = Counter()
        self._by_bucket: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._viewing: OrderedDict[str, float] = OrderedDict()
        self._bands: OrderedDict[bytes, int] = OrderedDict()
        self._used: OrderedDict[bytes, int] = OrderedDict()
        self._passed: OrderedDict[bytes, int] = OrderedDict()


def _remember(memory: OrderedDict[Key, Value], entry: Key, value: Value, most: int = 0) -> None:
    memory[entry] = value
    memory.move_to_end(entry)
    if len(memory) > (most or MEMORY):
        memory.popitem(last=False)

"""Who is let in to have a file made anew: effort for each file, one file at a time, and a short line.

The caller is nobody: no receipt, no case, no session. So what bounds a flood is effort and order:

- **Work for each file**: PBKDF2 over the file's own hash, a number that the browser made up, and a count that is to be
  found (``is_worked``). It needs no challenge, so this door has no secret, and a phone on a slow line asks once.
  The same work lets a file in ``TIMES`` within an hour: an answer may be lost on its way.
- **One file at a time** is made anew, and ``PLACES`` are in hand. On a machine whose doors share a process this leaves
  one of the sandbox's two seats to whoever brings a receipt.
- **One place for each address**, ``UNKNOWN`` for all whose address is unknown, as by the onion service. Who finds no
  place is told to come again, which a browser does by itself.

Memory holds for an hour a keyed hash of each work that was spent, and buckets (already keyed hashes) only while they
are in line. Nothing of it is written anywhere.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b, pbkdf2_hmac
from secrets import token_bytes

from functions.sanitize.file_types import FileRefusedError, Refusal
from functions.sanitize.line import Line

SALT = b"lapor/1/clean"
ITERATIONS = 2000  # for each count that is tried, as in ``intake.proof``; 256 are tried on average
NONCE_BYTES, COUNT_BYTES, KEY_BYTES = 16, 4, 32
TIMES = 3
HOUR_SECONDS = 3600
MEMORY = 20_000
PLACES, UNKNOWN = 4, 2


def is_worked(digest: bytes, nonce: bytes, count: int) -> bool:
    """Tell whether the count yields a key that begins with a zero byte. ``digest`` is the file's SHA-256."""
    tried = digest + nonce + count.to_bytes(COUNT_BYTES)
    return pbkdf2_hmac("sha256", tried, SALT, ITERATIONS, KEY_BYTES)[0] == 0


class Spent:
    """Counts how often a work came within the hour. ``clock`` gives seconds that never run backwards."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._since, self._key, self._seen = float("-inf"), b"", Counter[bytes]()

    def spend(self, work: bytes) -> bool:
        """Count a work, and tell whether it may let a file in once more."""
        with self._lock:
            if self._clock() - self._since >= HOUR_SECONDS or len(self._seen) >= MEMORY:
                self._since, self._key, self._seen = self._clock(), token_bytes(32), Counter()
            mark = blake2b(work, key=self._key, digest_size=16).digest()
            self._seen[mark] += 1
            return self._seen[mark] <= TIMES


class FairLine:
    """A line with one place for each address."""

    def __init__(self, line: Line | None = None) -> None:
        self._line, self._lock, self._standing = line or Line(PLACES), threading.Lock(), Counter[str]()

    @contextmanager
    def turn(self, bucket: str) -> Iterator[None]:
        """Wait for a turn and hold it. ``bucket`` stands for an address, "" if it is unknown. Raises FileRefusedError,
        busy."""
        with self._lock:
            if self._standing[bucket] >= (1 if bucket else UNKNOWN):
                raise FileRefusedError(Refusal.BUSY)
            self._standing[bucket] += 1
        try:
            with self._line.turn():
                yield
        finally:
            with self._lock:
                self._standing -= Counter((bucket,))  # who left is forgotten

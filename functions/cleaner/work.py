"""Who is let in to have a file made anew: effort for each file, one file at a time, and a short line.

The caller is nobody: no receipt, no case, no session. So what bounds a flood is effort and order:

- **Work for each file**: PBKDF2 over the file's own hash, the hour, a number that the browser made up, and a count that
  is to be found (``is_worked``). It needs no challenge, so this door has no secret, and a phone on a slow line asks
  once. The same work lets a file in ``TIMES`` and no more: an answer may be lost on its way. It is good for its hour
  and the ones beside it, so it cannot be made in store.
- **One file at a time** is made anew, and ``PLACES`` are in hand, in a fair line (``sanitize.line``). On a machine
  whose doors share a process this leaves one of the sandbox's two seats to whoever brings a receipt. Who finds no
  place is told to come again, which a browser does by itself.

All of this is counted in a process. In AWS an instance serves one request, so there the work and the function's
reserved concurrency are what bounds (``infra/deploy/account.py``).

Memory holds for three hours a hash of each work that was spent, which nobody can compare since the number in it is
random, and buckets (keyed hashes) only while they are in line. Nothing of it is written anywhere.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from hashlib import blake2b, pbkdf2_hmac

SALT = b"lapor/2/clean"
ITERATIONS = 2000  # for each count that is tried, as in ``intake.proof``; 256 are tried on average
NONCE_BYTES, HOUR_BYTES, COUNT_BYTES, KEY_BYTES = 16, 4, 4, 32
TIMES = 3
HOUR_SECONDS = 3600
MEMORY, MARK_BYTES = 20_000, 16
PLACES = 4


def is_worked(digest: bytes, nonce: bytes, hour: int, count: int) -> bool:
    """Tell whether the count yields a key that begins with a zero byte. ``digest`` is the file's SHA-256, ``hour`` is
    counted from 1970 in UTC."""
    tried = digest + nonce + hour.to_bytes(HOUR_BYTES) + count.to_bytes(COUNT_BYTES)
    return pbkdf2_hmac("sha256", tried, SALT, ITERATIONS, KEY_BYTES)[0] == 0


class Spent:
    """Finds a work's hour, and counts how often it came. ``clock`` gives seconds since 1970."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._seen: dict[int, Counter[bytes]] = {}

    def hour_of(self, digest: bytes, nonce: bytes, count: int) -> int | None:
        """Return the hour a work was made for: this one or one beside it, since clocks differ. None if for none."""
        now = int(self._clock()) // HOUR_SECONDS
        return next((hour for hour in (now, now - 1, now + 1) if is_worked(digest, nonce, hour, count)), None)

    def spend(self, work: bytes, hour: int) -> bool:
        """Count a work of that hour, and tell whether it may let a file in once more."""
        with self._lock:
            now = int(self._clock()) // HOUR_SECONDS
            self._seen = {each: seen for each, seen in self._seen.items() if abs(now - each) <= 1}
            if sum(map(len, self._seen.values())) >= MEMORY:
                self._seen.clear()
            seen = self._seen.setdefault(hour, Counter())
            mark = blake2b(work, digest_size=MARK_BYTES).digest()
            seen[mark] += 1
            return seen[mark] <= TIMES

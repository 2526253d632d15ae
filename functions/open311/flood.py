"""Telling a flood from an app. Nothing is refused: reports beyond the limit wait in the coordinator's quarantine.

An app's reports come from its own server, so addresses say nothing here. Each app is counted separately: ``per_hour``
reports an hour pass unmarked. A flood from one app marks nobody else's reports. Counts live in memory, for an hour.
"""

import threading
import time
from collections.abc import Callable
from hashlib import blake2b
from secrets import token_bytes

HOUR_SECONDS = 3600


class Flood:
    """Counts the reports of apps. One for a process; threads may share it. ``clock`` gives seconds."""

    def __init__(self, per_hour: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_hour, self._clock, self._lock = per_hour, clock, threading.Lock()
        self._forget(float("-inf"))

    def weigh(self, app: str, submission: bytes) -> bool:
        """Whether a report of an app (by ident) exceeds the limit. A repeated submission counts once."""
        with self._lock:
            now = self._clock()
            if now - self._since >= HOUR_SECONDS:
                self._forget(now)
            passed = self._passed.setdefault(app, set())
            mark = blake2b(submission, digest_size=16, key=self._key).digest()
            if mark in passed:
                return False
            if len(passed) >= self._per_hour:
                return True
            passed.add(mark)
            return False

    def _forget(self, now: float) -> None:
        self._since, self._key = now, token_bytes(32)
        self._passed: dict[str, set[bytes]] = {}

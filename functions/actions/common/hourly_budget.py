"""How many messages may leave in an hour, counted in the store for all processes together.

A process takes them in portions, so that the store is written to once for each portion. What a process that ends has
left over is lost for the hour. The store shows only how many portions some hour took, under a name that a keyed hash
gives.

Tests: ``tests/doors/test_sms.py``.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from functions.storage.interface import Slip, Store, StoreUnavailableError
from functions.storage.retry import retry_on_conflict

HOUR, DAY = 3600, 24 * 3600
PORTIONS = 20


@dataclass(slots=True)
class HourlyBudget:
    """``named`` gives the slip's name for an hour (as text), ``most`` is the number of messages in an hour."""

    store: Store
    named: Callable[[str], str]
    most: int
    hour: int = 0
    left: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def spend(self, now: int) -> bool:
        """Count a message at ``now`` (epoch seconds); False if the hour has none left. Raises StorageError."""
        with self.lock:
            spent = self._left(now) > 0
            self.left -= spent
            return spent

    def has_left(self, now: int) -> bool:
        """Tell whether a message may leave at ``now``, and take no portion for it: whoever only looks, from many
        processes, leaves all to those who are answered. Raises StorageError."""
        with self.lock:
            if self.hour == now // HOUR and self.left:
                return True
            slip = self.store.read_slip(self.named(str(now // HOUR)), now)
            return ((slip.version if slip else 0) + 1) * self._size <= self.most

    @property
    def _size(self) -> int:
        return max(1, self.most // PORTIONS)

    def _left(self, now: int) -> int:
        if self.hour != now // HOUR:
            self.hour, self.left = now // HOUR, 0
        if not self.left:
            self.left = self._portion(now)
        return self.left

    def _portion(self, now: int) -> int:
        """Take a portion of this hour's messages and return how many they are, 0 if all are taken."""
        name, size = self.named(str(self.hour)), self._size

        def attempt() -> int:
            slip = self.store.read_slip(name, now)
            taken = slip.version if slip else 0
            if (taken + 1) * size > self.most:
                return 0
            self.store.write_slip(Slip(name, taken + 1, b"", (now // DAY + 2) * DAY), now)
            return size

        return retry_on_conflict(attempt, StoreUnavailableError("busy"))

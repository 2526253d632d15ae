"""How many letters may leave in a day, over all couriers, where a provider sets a quota (``LETTERS_PER_DAY``).

Ordinary news to officers leaves four fifths of it; the rest is kept for what somebody waits for: links, decisions,
escalations, all about an identity, answers to reporters. News that are held back leave the next morning, uncounted as a
try. Only a day and a number are kept, and only where there is a quota.

Tests: ``tests/actions/test_day_quota.py``.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from functions.actions.courier.digest import URGENT, may_wait
from functions.delivery.interface import Letter, Mailer
from functions.storage.interface import Notice, Register, Registers, VersionConflictError
from functions.storage.retry import retry_on_conflict

REGISTER = "mailed"
SHARE = 0.8  # of the quota, for what can wait


@dataclass(frozen=True, slots=True)
class DayQuota:
    """``most`` is the number of letters in a local day, 0 for any. ``morning`` returns the epoch hour at which held
    news leave. ``fresh`` counts letters that are not noted yet, ``known`` has what was noted by all, by day."""

    store: Registers
    most: int
    today: Callable[[], date]
    morning: Callable[[], int]
    fresh: list[int] = field(default_factory=list)
    known: dict[date, int] = field(default_factory=dict)

    def held_until(self, notice: Notice) -> int:
        """Return the epoch hour until which an entry waits, 0 if it may leave now. Raises StorageError."""
        if not self.most or not (notice is Notice.DIGEST or (may_wait(notice) and notice not in URGENT)):
            return 0
        if self.today() not in self.known:
            self._see(_count(self.store.read_register(REGISTER), self.today()))
        return self.morning() if self.known[self.today()] + len(self.fresh) >= SHARE * self.most else 0

    def sent(self) -> None:
        """Count a letter that left."""
        if self.most:
            self.fresh.append(1)

    def note(self) -> None:
        """Add the letters of this courier to those of all. Raises StorageError."""
        if self.fresh:
            self._see(retry_on_conflict(self._added, VersionConflictError))
            self.fresh.clear()

    def _added(self) -> int:
        standing, day = self.store.read_register(REGISTER), self.today()
        count = _count(standing, day) + len(self.fresh)
        body = json.dumps({"day": day.isoformat(), "count": count}).encode()
        self.store.write_registers([Register(REGISTER, (standing.version if standing else 0) + 1, body)])
        return count

    def _see(self, count: int) -> None:
        self.known.clear()
        self.known[self.today()] = count


@dataclass(frozen=True, slots=True)
class CountedMailer:
    """Sends by ``mailer``, and tells ``sent`` of each letter that left."""

    mailer: Mailer
    sent: Callable[[], None]

    def send(self, letter: Letter, /) -> None:
        """Send. Raises DeliveryError."""
        self.mailer.send(letter)
        self.sent()


def _count(register: Register | None, day: date) -> int:
    """Return the letters of this day."""
    raw = json.loads(register.body) if register else {}
    return int(raw["count"]) if raw.get("day") == day.isoformat() else 0

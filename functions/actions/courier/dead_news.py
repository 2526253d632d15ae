"""Forget given-up notices to reporters. Ops may try a dead letter again; until then it holds the sealed contact, which
goes everywhere else with the case or its closing.

Tests: ``tests/doors/test_notices.py``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from functions.actions.courier.reporter_news import TO_REPORTERS
from functions.config import logs
from functions.storage.interface import CaseNotFoundError, OutboxEntry, StorageError, Store

KEPT_HOURS = 30 * 24


@dataclass(slots=True)
class DeadNews:
    """``looked`` is the epoch hour of the last look; in memory: a restarted courier looks again."""

    store: Store
    looked: int = 0

    def forget(self, hour: int) -> None:
        """Once an hour, forget dead letters to reporters whose case is deleted, and those of a month ago."""
        if hour == self.looked:
            return
        self.looked = hour
        try:
            for entry in self._all():
                if entry.notice in TO_REPORTERS and self._over(entry, hour):
                    self.store.settle(entry.entry_id, "")
        except StorageError as error:  # the next hour does it; no letter waits for it
            logs.report("dead_news", error, code="store")

    def _all(self) -> Iterator[OutboxEntry]:
        letters, after = self.store.dead_letters()
        yield from letters
        while after:
            letters, after = self.store.dead_letters(after)
            yield from letters

    def _over(self, entry: OutboxEntry, hour: int) -> bool:
        if entry.not_before + KEPT_HOURS <= hour:
            return True
        try:
            return bool(entry.case_id) and self.store.read_whereabouts(entry.case_id).shredded
        except CaseNotFoundError:
            return True

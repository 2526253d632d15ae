"""Retention: cases whose time is over, and their removal."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from functions.casework.case import CaseHead
from functions.storage.interface.cases import Page
from functions.storage.interface.outbox import OutboxEntry


class Retention(Protocol):
    """Finds closed cases and removes them."""

    def shred(self, tombstone: CaseHead, expected_version: int, outbox: Sequence[OutboxEntry] = ()) -> None:
        """Replace the head by the tombstone, which makes the case dark, then remove its events and its identity.

        The tombstone's ``version`` is one more than the case's, so that whoever read the case before cannot write over
        it; it reads as a head without events. ``closed_before`` lists it until ``finish`` says that nothing is left of
        the case. To finish a shredding that was cut short, call this again with the stored tombstone and its own
        version. Raises ValueError for a tombstone that still holds something, VersionConflictError or
        CaseNotFoundError.
        """

    def finish(self, tombstone: CaseHead) -> None:
        """Note that nothing but the tombstone is left of a case. Repeating it changes nothing."""

    def closed_before(self, instance: str, day: date, limit: int = 20) -> tuple[CaseHead, ...]:
        """Return an instance's cases that were closed before ``day``, longest ago first, quarantined ones included.

        Tombstones are left out, except one with something left to remove, which comes first. Closed cases whose window
        ended before ``day`` unanswered and unmarked (no clock ran) come last.
        """

    def lapsing(self, instance: str, day: date, limit: int = 20) -> tuple[CaseHead, ...]:
        """Return an instance's closed cases whose window ended before ``day`` without an answer of the reporter, and
        which are not marked as lapsed yet."""

    def page_ended(self, instance: str, first: date, last: date, after: str = "", limit: int = 100) -> Page:
        """Return a page of cases that were closed from ``first`` through ``last`` and are over: confirmed, lapsed or
        archived. Latest closing first, then tombstones of those days; none in quarantine. Raises BadPageTokenError."""


def check_tombstone(tombstone: CaseHead, expected_version: int) -> None:
    """Raises ValueError for a head that would leave its case readable or has a wrong version.

    Right are one more than the case's, and the tombstone's own (to finish what was cut short).
    """
    kept = (tombstone.wraps.receipt, tombstone.wraps.desk, tombstone.wraps.subject, tombstone.reporter.contact)
    if not tombstone.shredded or any(kept):
        raise ValueError("a tombstone holds no wrap, no words and no contact")
    if tombstone.version not in (expected_version, expected_version + 1):
        raise ValueError(f"version {tombstone.version} of a tombstone does not follow version {expected_version}")

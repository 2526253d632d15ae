"""Deleting a case for good (crypto-shredding). Its wraps go first, with words and identity, so that no copy of them
opens any more, then its files: where somebody wrote meanwhile, the case stays whole. What is cut short is listed as due
until nothing is left.

Tests: ``tests/actions/test_erase.py``.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta

from functions.casework.case import CaseHead, Closing
from functions.casework.case_changes import tombstone
from functions.casework.directory.agencies import Directory
from functions.casework.problems import Problem
from functions.casework.stages import Stage
from functions.storage.interface import (
    Blobs,
    CaseNotFoundError,
    Cases,
    OutboxEntry,
    Retention,
    StorageError,
    VersionConflictError,
)

PAGE = 20


def erase(
    store: Retention,
    blobs: Blobs,
    head: CaseHead,
    outbox: tuple[OutboxEntry, ...] = (),
    closing: Closing | None = None,
) -> CaseHead:
    """Replace the case by a tombstone and remove all else. With ``closing``, the case is archived with that end first.
    Calling it again finishes a deletion that was cut short, even with the tombstone already in place.

    Raises VersionConflictError if somebody wrote meanwhile, CaseNotFoundError.
    """
    if head.shredded:
        dead = head
        store.shred(head, head.version)
    else:
        dead = tombstone(replace(head, stage=Stage.DIARSIPKAN, closing=closing) if closing else head)
        store.shred(dead, head.version, outbox)
    blobs.delete_case(head.case_id)
    store.finish(dead)
    return dead


@contextmanager
def with_its_case(store: Cases, blobs: Blobs, stored: Collection[str]) -> Iterator[None]:
    """Remove a file whose case was deleted while it was cleaned and stored: no later run looks for it. ``stored`` has
    the ids of cases that got a file, whose act is refused then."""
    try:
        yield
    except Problem:
        for case_id in {*stored}:
            if store.read_head(case_id).shredded:
                blobs.delete_case(case_id)
        raise


@dataclass(frozen=True, slots=True)
class Retain:
    """The retention period: cases closed more than ``days`` ago are deleted. Needs no key."""

    store: Retention
    blobs: Blobs
    directory: Directory
    today: Callable[[], date]
    days: int

    def __call__(self) -> int:
        """Delete all cases that are due and return their number. Safe to run again at any time. Raises as ``one``, once
        all instances were looked through."""
        count, trouble = 0, list[StorageError]()
        for instance in self.directory.instances():
            try:
                count += self.one(instance.code)
            except StorageError as error:
                trouble.append(error)
        if trouble:
            raise trouble[0]
        return count

    def one(self, instance: str) -> int:
        """Delete what is due in one instance, and return the number. Raises StorageError for a case that cannot go,
        once all others went: what is left of it is listed before them, at every run."""
        count, last, trouble = 0, self.today() - timedelta(days=self.days), list[StorageError]()
        while heads := self.store.closed_before(instance, last, PAGE):
            trouble.clear()
            done = sum(self._erased(head, trouble) for head in heads)
            count += done
            if not done:  # somebody just wrote to all of them: the next run tries again
                break
        if trouble:
            raise trouble[0]
        return count

    def _erased(self, head: CaseHead, trouble: list[StorageError]) -> bool:
        try:
            erase(self.store, self.blobs, head)
        except (VersionConflictError, CaseNotFoundError):
            return False
        except StorageError as error:
            trouble.append(error)
            return False
        return True

"""A reporter's verdict that the matter is done, whichever way it came.

Tests: ``tests/doors/test_sealed_thread.py``, ``tests/doors/test_thread.py``.
"""

from dataclasses import replace

from functions.actions.common.append import counted
from functions.casework.case import CaseHead
from functions.casework.stages import Actor, Stage

RATINGS = frozenset({"1", "2", "3", "4", "5"})


def confirmed(head: CaseHead, rating: str) -> CaseHead:
    """Return the head of a case whose reporter says that the matter is done, with a rating 1 to 5 or ""."""
    given = int(rating) if rating else None
    after = counted(head, Actor.REPORTER, Stage.SELESAI)
    return replace(after, closing=replace(after.closing, confirmed=True, lapsed=False, rating=given))

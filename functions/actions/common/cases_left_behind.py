"""What would be left behind where an agency goes: cases that are open, or that their reporters may open again, and
open ones of others on which it is the second unit.

Tests: ``tests/doors/test_instance.py``, ``tests/doors/test_instance_conflict.py``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from functions.casework.access import reporter_moves
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Agency, AgencyKind
from functions.casework.stages import Move
from functions.storage.interface import Cases, Scope

PAGE = 100
AGAIN = frozenset({Move.REOPEN, Move.APPEAL})


@dataclass(frozen=True, slots=True)
class Left:
    """How many cases stand in the way: open ones, closed ones that may be opened again, and all of them; for a unit,
    those that are over stand in nobody's way. ``beside``: open ones of others, on which it is the second unit."""

    open: int = 0
    again: int = 0
    total: int = 0
    beside: int = 0

    def __bool__(self) -> bool:
        return bool(self.total or self.beside)


def left_with(store: Cases, agency: Agency, counts: Callable[[CaseHead], bool] = lambda _: True) -> Left:
    """What would be left behind with an agency, of the cases that ``counts`` says count. An instance keeps all but
    tombstones, since retention would not reach them any more."""
    whole = agency.kind is AgencyKind.INSTANCE
    found = Left()
    for head in held(store, agency.code, whole=whole):
        again = not head.open and may_open_again(head)
        if counts(head) and (whole or head.open or again):
            found = Left(found.open + head.open, found.again + again, found.total + 1)
    beside = sum(head.open and counts(head) for head in _all(store, (Scope.SECOND,), agency.code))
    return replace(found, beside=beside)


def may_open_again(head: CaseHead) -> bool:
    """Whether the reporter of a closed case may still reopen it or appeal."""
    return not AGAIN.isdisjoint(reporter_moves(head))


def held(store: Cases, code: str, *, whole: bool = False) -> Iterator[CaseHead]:
    """All cases that an agency holds, or (``whole``) that an instance has; no tombstones."""
    scopes = (Scope.INSTANCE, Scope.INSTANCE_QUARANTINE) if whole else (Scope.HOLDER, Scope.QUARANTINE)
    return _all(store, scopes, code)


def _all(store: Cases, scopes: tuple[Scope, ...], code: str) -> Iterator[CaseHead]:
    for scope in scopes:
        after = ""
        while True:
            page = store.page(scope, code, after, PAGE)
            yield from (head for head in page.heads if not head.shredded)
            after = page.next
            if not after:
                break

"""Cases that removing an agency would leave behind: open ones, ones that reporters may reopen, and open cases of other
agencies with this one as second unit, and of an instance the names that its custodians keep.

Tests: ``tests/doors/test_instance.py``, ``tests/doors/test_instance_conflict.py``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from functions.casework.access import is_kept_from, reporter_moves, shadow_at
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Agency, AgencyKind, Directory
from functions.casework.stages import Move
from functions.storage.interface import Cases, Identities, Scope, Store

PAGE = 100
AGAIN = frozenset({Move.REOPEN, Move.APPEAL})


@dataclass(frozen=True, slots=True)
class Left:
    """How many cases prevent the removal: open ones, closed ones that may be reopened, and all of them. Closed and
    final cases do not prevent a unit's removal. ``beside`` counts open cases of others with it as second unit,
    ``names`` those in trust with an instance whose cases went to another: nobody else can open them."""

    open: int = 0
    again: int = 0
    total: int = 0
    beside: int = 0
    names: int = 0

    def __bool__(self) -> bool:
        return bool(self.total or self.beside or self.names)


def left_with(store: Store, agency: Agency, counts: Callable[[CaseHead], bool] = lambda _: True) -> Left:
    """Return the cases that would be left behind with an agency, counting those that ``counts`` accepts. For an
    instance, all but tombstones count, since retention would no longer reach them."""
    whole = agency.kind is AgencyKind.INSTANCE
    found, here = Left(), set[str]()
    for head in held(store, agency.code, whole=whole):
        here.add(head.case_id)
        again = not head.open and may_open_again(head)
        if counts(head) and (whole or head.open or again):
            found = Left(found.open + head.open, found.again + again, found.total + 1)
    beside = sum(head.open and counts(head) for head in _all(store, (Scope.SECOND,), agency.code))
    names = sum(each not in here for each in _named(store, agency.code)) if whole else 0
    return replace(found, beside=beside, names=names)


def hidden_from(store: Cases, old: Directory, new: Directory) -> dict[str, int]:
    """Return how many cases each agency holds that a change of the tree would hide from it: nobody could act on them.
    Only agencies that something else accuses than before are looked at."""
    sorts = {(each.code, each.coordinator) for each in old.instances()}
    changed = {each.code for each in new.instances() if (each.code, each.coordinator) not in sorts}
    both = [code for code in old.agencies if code in new.agencies]
    touched = [c for c in both if shadow_at(c, new) - shadow_at(c, old) or not changed.isdisjoint(new.lineage(c))]
    found: dict[str, int] = {}
    for code in touched:
        heads = (head for head in held(store, code) if head.open or may_open_again(head))
        if count := sum(is_kept_from(code, head, new) and not is_kept_from(code, head, old) for head in heads):
            found[code] = count
    return found


def may_open_again(head: CaseHead) -> bool:
    """Whether the reporter of a closed case may still reopen it or appeal."""
    return not AGAIN.isdisjoint(reporter_moves(head))


def held(store: Cases, code: str, *, whole: bool = False) -> Iterator[CaseHead]:
    """Yield all cases that an agency holds, or (``whole``) that an instance has; no tombstones."""
    scopes = (Scope.INSTANCE, Scope.INSTANCE_QUARANTINE) if whole else (Scope.HOLDER, Scope.QUARANTINE)
    return _all(store, scopes, code)


def _named(store: Identities, instance: str) -> Iterator[str]:
    """Yield the cases whose name is in trust with this instance, wherever they are."""
    after, more = "", True
    while more:
        identities, after = store.page_identities(instance, after, PAGE)
        yield from (identity.case_id for identity in identities if identity.sealed)
        more = bool(after)


def _all(store: Cases, scopes: tuple[Scope, ...], code: str) -> Iterator[CaseHead]:
    for scope in scopes:
        after = ""
        while True:
            page = store.page(scope, code, after, PAGE)
            yield from (head for head in page.heads if not head.shredded)
            after = page.next
            if not after:
                break

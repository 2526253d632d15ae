"""What every engine does with cases that came in a flood, the same on all."""

from datetime import date

import pytest

from functions.casework.stages import Stage
from functions.storage.interface import BadPageTokenError, Scope
from functions.storage.page_tokens import skip_waiting
from tests.storage.examples import DAY, INSTANCE, OTHER, UNIT, following, put_case


def shown(store, holder=UNIT):
    """The case ids in the holder's listing, in the instance's, and in the holder's quarantine."""
    where = ((Scope.HOLDER, holder), (Scope.INSTANCE, INSTANCE), (Scope.QUARANTINE, holder))
    return [[head.case_id for head in store.page(scope, code).heads] for scope, code in where]


def test_what_is_in_quarantine_stands_nowhere_else_until_it_is_released(store):
    plain, flood = put_case(store), put_case(store, quarantined=True, due=date(2026, 3, 4))
    assert shown(store) == [[plain.case_id], [plain.case_id], [flood.case_id]]
    assert shown(store, OTHER) == [[], [plain.case_id], []]
    released = following(flood, quarantined=False)
    store.append(released, 1)
    assert shown(store) == [[flood.case_id, plain.case_id], [flood.case_id, plain.case_id], []]
    store.append(following(released.head, quarantined=True), 2)
    assert shown(store) == [[plain.case_id], [plain.case_id], [flood.case_id]]


def test_a_case_handed_over_changes_quarantines(store):
    flood = put_case(store, quarantined=True)
    store.append(following(flood, holder=OTHER), 1)
    assert shown(store) == [[], [], []]
    assert shown(store, OTHER) == [[], [], [flood.case_id]]


def test_a_quarantine_comes_in_pages_of_its_own(store):
    ids = {put_case(store, quarantined=True).case_id for _ in range(3)}
    for _ in range(3):
        put_case(store)
    first = store.page(Scope.QUARANTINE, UNIT, limit=2)
    second = store.page(Scope.QUARANTINE, UNIT, first.next, limit=2)
    assert [len(first.heads), len(second.heads), second.next] == [2, 1, ""]
    assert {head.case_id for head in first.heads + second.heads} == ids
    for scope, code in ((Scope.HOLDER, UNIT), (Scope.INSTANCE, INSTANCE), (Scope.QUARANTINE, OTHER)):
        with pytest.raises(BadPageTokenError):
            store.page(scope, code, first.next)


def test_what_was_closed_in_quarantine_is_not_kept_for_ever(store):
    # Its reporter may withdraw it before anybody looks.
    flood = put_case(store, quarantined=True)
    closed = following(flood, stage=Stage.DIARSIPKAN, closed_on=DAY)
    store.append(closed, 1)
    assert store.closed_before(INSTANCE, date(2030, 1, 1)) == (closed.head,)


def test_what_waits_for_its_batch_stands_after_all_others_due_on_its_day(store):
    """So a page passes over all that waits with one more query, however much it is."""
    soon = {put_case(store, due=date(2026, 3, 5)).case_id for _ in range(3)}
    first = [put_case(store, due=date(2026, 3, 5), visible_from=494_006) for _ in range(2)]
    later = [put_case(store, due=date(2026, 3, 5), visible_from=494_012) for _ in range(4)]
    after = put_case(store, due=date(2026, 3, 6)).case_id
    page = store.page(Scope.HOLDER, UNIT, limit=5)
    assert {head.case_id for head in page.heads[:3]} == soon
    assert {head.case_id for head in page.heads[3:]} == {head.case_id for head in first}
    page = store.page(Scope.HOLDER, UNIT, page.next, 1)
    assert page.heads[0] in later
    rest = store.page(Scope.HOLDER, UNIT, skip_waiting(Scope.HOLDER, UNIT, page.heads[0]))
    assert [head.case_id for head in rest.heads] == [after]
    assert rest.next == ""

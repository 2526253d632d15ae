"""What every engine does with late cases that went up, the same on all."""

from datetime import date

import pytest

from functions.casework.case import EventKind
from functions.casework.stages import Actor
from functions.storage.interface import Append, BadPageTokenError, Scope
from tests.storage.examples import DAY, INSTANCE, OTHER, UNIT, following, make_event, put_case


def shown(store, agency):
    return [head.case_id for head in store.page(Scope.ESCALATED, agency).heads]


def test_a_late_case_stands_with_whom_it_went_up_to_and_where_it_stood(store):
    plain, late = put_case(store), put_case(store, due=date(2026, 3, 4))
    assert shown(store, OTHER) == []
    up = following(late, escalated=1, escalated_to=OTHER)
    store.append(up, 1)
    assert shown(store, OTHER) == [late.case_id]
    assert shown(store, UNIT) == []
    for scope, code in ((Scope.HOLDER, UNIT), (Scope.INSTANCE, INSTANCE)):
        assert [head.case_id for head in store.page(scope, code).heads] == [late.case_id, plain.case_id]
    store.append(following(up.head, escalated=0, escalated_to=""), 2)
    assert shown(store, OTHER) == []


def test_the_most_overdue_comes_first_in_pages_of_its_own(store):
    cases = [put_case(store, due=date(2026, 3, day), escalated=1, escalated_to=OTHER) for day in (9, 4, 6)]
    first = store.page(Scope.ESCALATED, OTHER, limit=2)
    second = store.page(Scope.ESCALATED, OTHER, first.next, limit=2)
    assert [head.clock.due.day for head in first.heads + second.heads] == [4, 6, 9]
    assert second.next == ""
    assert {head.case_id for head in first.heads + second.heads} == {case.case_id for case in cases}
    with pytest.raises(BadPageTokenError):
        store.page(Scope.HOLDER, OTHER, first.next)


def test_what_the_clock_did_comes_back_with_its_agency_and_no_words(store):
    head = put_case(store)
    up = following(head, escalated=1, escalated_to=OTHER)
    event = make_event(2, kind=EventKind.ESCALATE, by=Actor.SYSTEM, sealed=b"", once=b"", agency=OTHER, on=DAY)
    store.append(Append(up.head, (event,)), 1)
    assert store.read_case(head.case_id).events[1] == event

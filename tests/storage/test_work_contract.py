"""What every engine lists as an agency's open work, by its state, the same on all; and how older stores get there."""

import sqlite3
from contextlib import closing
from datetime import date

import pytest

from functions.casework.stages import Stage
from functions.storage.dynamodb.items import head_item, work_keys
from functions.storage.dynamodb.work_fill import fill_work
from functions.storage.interface import BadPageTokenError, Scope, Work
from functions.storage.page_tokens import skip_waiting
from functions.storage.sort_keys import work_spans
from functions.storage.sqlite.schema import STEPS, VERSION_10
from functions.storage.sqlite.store import SqliteStore
from tests.case_heads import changed
from tests.older import made_older
from tests.storage.conftest import SERVED
from tests.storage.examples import DAY, OTHER, UNIT, buried, following, make_event, make_head, put_case

NEW, HELD = {"stage": Stage.DIDISPOSISIKAN}, {"stage": Stage.DITAHAN}
BEGUN = {"stage": Stage.DIPROSES}


def due(day):
    return date(2026, 3, day)


def ids(store, span, code=UNIT):
    return [head.case_id for head in store.page(Scope.WORK, code, span=span).heads]


def test_each_state_is_a_span_with_the_urgent_first_then_by_deadline(store):
    late, soon = put_case(store, due=due(9), **NEW), put_case(store, due=due(4), **NEW)
    urgent = put_case(store, due=due(20), priority=True, **NEW)
    begun, held = put_case(store, due=due(2), **BEGUN), put_case(store, due=due(1), **HELD)
    put_case(store, stage=Stage.SELESAI, closed_on=DAY)
    put_case(store, quarantined=True)
    put_case(store, holder=OTHER, **NEW)
    (new,), (working,), (waiting,) = (work_spans(work) for work in (Work.NEW, Work.BEGUN, Work.HELD))
    assert ids(store, new) == [urgent.case_id, soon.case_id, late.case_id]
    assert (ids(store, working), ids(store, waiting)) == ([begun.case_id], [held.case_id])
    assert [ids(store, span) for span in work_spans(Work.NEW, before="2026-03-09")] == [[], [soon.case_id]]
    assert [ids(store, span) for span in work_spans(Work.NEW, on="2026-03-20")] == [[urgent.case_id], []]
    assert len(store.page(Scope.WORK, UNIT).heads) == 5


def test_a_case_moves_with_its_stage_and_leaves_when_it_is_closed_or_deleted(store):
    head = put_case(store, **NEW)
    (new,), (held,) = work_spans(Work.NEW), work_spans(Work.HELD)
    asked = following(head, **HELD)
    store.append(asked, 1)
    assert (ids(store, new), ids(store, held)) == ([], [head.case_id])
    closed = following(asked.head, stage=Stage.SELESAI, closed_on=DAY)
    store.append(closed, 2)
    other = put_case(store, **NEW)
    store.shred(buried(other), 1)
    assert store.page(Scope.WORK, UNIT).heads == ()


def test_pages_go_on_within_their_span_and_pass_over_what_waits(store):
    first, second, third = (put_case(store, due=due(day), **NEW) for day in (3, 5, 7))
    batch = put_case(store, due=due(5), visible_from=500_000, **NEW)
    (span,) = work_spans(Work.NEW)
    page = store.page(Scope.WORK, UNIT, "", 2, span)
    assert [head.case_id for head in page.heads] == [first.case_id, second.case_id]
    rest = store.page(Scope.WORK, UNIT, page.next, 5, span)
    assert [head.case_id for head in rest.heads] == [batch.case_id, third.case_id]
    passed = store.page(Scope.WORK, UNIT, skip_waiting(Scope.WORK, UNIT, batch), 5, span)
    assert [head.case_id for head in passed.heads] == [third.case_id]
    assert store.page(Scope.WORK, UNIT, page.next, 5, ("h", "h~")) == ((), "")
    for wrong in (page.next, "bohong"):
        with pytest.raises(BadPageTokenError):
            store.page(Scope.WORK, OTHER, wrong)


@pytest.mark.parametrize("engine", ["moto", *SERVED], indirect=True)
def test_an_older_table_is_filled_once_and_what_was_written_since_stays(store, watched):
    """As an older release left it: no item has ``work``, and nothing says that all have it."""
    client, table = watched.client(), store.calls.table_name
    old, held, over = make_head(**NEW), make_head(**HELD), make_head(stage=Stage.SELESAI, closed_on=DAY)
    for head in (old, held, over):
        store.create_case(head, [make_event()], [])
        item = {name: value for name, value in head_item(head).items() if name != "work"}
        client.put_item(TableName=table, Item=item)
    written = put_case(store, due=due(9), **NEW)
    client.delete_item(TableName=table, Key={"PK": {"S": "FILLED#work"}, "SK": {"S": "FILLED"}})
    assert [head.case_id for head in store.page(Scope.WORK, UNIT).heads] == [written.case_id]
    assert fill_work(store.calls) == 2
    assert {head.case_id for head in store.page(Scope.WORK, UNIT).heads} == {h.case_id for h in (old, held, written)}
    assert store.read_head(old.case_id) == old
    assert fill_work(store.calls) == 0
    watched.calls.clear()  # ops may scan; no request does


def test_an_older_file_lists_the_same_as_a_new_one(tmp_path):
    """A file of the release before, with a case in each state, is brought up; every place is as it would be written."""
    heads = [make_head(**facts) for facts in (NEW, BEGUN, HELD, {"priority": True}, {"quarantined": True})]
    heads += [make_head(stage=Stage.SELESAI, closed_on=DAY), make_head(visible_from=500_000, stage=Stage.BANDING)]
    store = SqliteStore(tmp_path / "lapor.sqlite")
    store.prepare()
    for head in heads:
        store.create_case(head, [make_event()], [])
    path = store.engine.path
    made_older(path, STEPS.index(VERSION_10))
    SqliteStore(path).prepare()
    with closing(sqlite3.connect(path)) as db:
        found = dict(db.execute("SELECT case_id, work FROM cases").fetchall())
    assert found == {head.case_id: work_keys(head).get("work", "") for head in heads}
    assert sum(map(bool, found.values())) == 5
    assert work_keys(changed(heads[0], shredded=True)) == {}

"""How cases lie in DynamoDB: in few bytes, and those of releases before as they lay then."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from functions.casework.case import Case, CaseHead, Event, EventKind
from functions.casework.case_fields import DEFAULTS, PLACES, flat
from functions.casework.stages import Actor, Stage
from functions.storage.dynamodb import cases, retention, shelves
from functions.storage.dynamodb.calls import pack
from functions.storage.dynamodb.items import LONG, SHORT, event_key, head_key
from functions.storage.dynamodb.table import INDEXES
from functions.storage.interface import Append, CaseExistsError, Scope
from functions.storage.records import names, to_row
from functions.storage.sort_keys import place
from tests.case_heads import changed
from tests.storage.examples import DAY, UNIT, buried, following, make_event, make_head, put_case

moto_only = pytest.mark.parametrize("engine", ["moto"], indirect=True)
REQUIRED = set(PLACES) - set(DEFAULTS)


def as_before(record, head_fields=()):
    """A record's attributes as releases before short names wrote them: every field, by its own name. Fields of
    ``head_fields`` were not known yet."""
    return pack({name: value for name, value in to_row(record).items() if name not in head_fields})


def put_as_before(client, table, head, event, without=()):
    at = {"at_holder": head.holder, "at_instance": head.instance, "place": place(head)}
    client.put_item(**table, Item=head_key(head.case_id) | as_before(head, without) | pack(at))
    client.put_item(**table, Item=event_key(head.case_id, event.n) | as_before(event))


@moto_only
def test_heads_and_events_with_long_names_are_read_and_change_when_they_are_written_next(store, watched):
    client, table = watched.client(), {"TableName": store.calls.table_name}
    head, event = make_head(origin="pusat", paused=3, chain=bytes(32)), make_event()
    put_as_before(client, table, head, event)
    assert store.read_case(head.case_id) == Case(head, (event,))
    assert store.page(Scope.HOLDER, UNIT).heads == (head,)
    where = store.read_whereabouts(head.case_id)
    assert (where.holder, where.instance, where.reporter.origin) == (head.holder, head.instance, "pusat")
    with pytest.raises(CaseExistsError) as met:
        store.create_case(make_head(case_id=head.case_id), [make_event()], [])
    assert met.value.head == head
    store.rewrap(head.case_id, "desk-1", "desk-2", b"w")
    change = following(store.read_head(head.case_id), from_officers=1)
    store.append(change, 1)
    assert store.read_case(head.case_id) == Case(change.head, (event, *change.events))
    now = client.get_item(**table, Key=head_key(head.case_id))["Item"]
    assert not set(SHORT) & set(now)
    assert {"hd", "in", "wr"} <= set(now)
    store.shred(buried(change.head), 2)
    assert store.read_case(head.case_id).events == ()


@moto_only
def test_a_head_that_knew_no_identity_and_no_tombstone_is_written_over(store, watched):
    client, table = watched.client(), {"TableName": store.calls.table_name}
    head = make_head()
    put_as_before(client, table, head, make_event(), without=("identity", "contact", "quarantined", "shredded"))
    assert store.read_head(head.case_id) == head
    store.append(following(head), 1)


@moto_only
def test_what_stands_at_its_default_costs_nothing_and_returns(store, watched):
    client, table = watched.client(), {"TableName": store.calls.table_name}
    head = put_case(store)
    lies = client.get_item(**table, Key=head_key(head.case_id))["Item"]
    keys = {"PK", "SK", "at_holder", "at_instance", "place", "work"}
    told = {name for name, value in flat(head).items() if name in REQUIRED or value != DEFAULTS[name]}
    assert set(lies) == keys | {SHORT.get(name, name) for name in told - {"case_id"}}  # the key says it
    back = changed(head, reminded=True, earlier_ends=(7,))
    store.append(Append(replace(back, version=2), (make_event(2),)), 1)
    store.append(Append(replace(head, version=3), (make_event(3),)), 2)
    assert store.read_head(head.case_id) == replace(head, version=3)


def test_a_short_name_stands_for_one_field_and_is_in_no_expression():
    kept = {name for kind in (CaseHead, Event) for name in names(kind)} - set(SHORT)
    keys = {"PK", "SK", "retired_key", *(name for names in INDEXES.values() for name in names)}
    assert len(LONG) == len(SHORT)
    assert not (set(LONG) & (kept | keys))
    assert {"version", "shredded", "key_id", "wrap_desk", "place"} <= kept | keys  # expressions name them
    modules = (cases, shelves, retention)
    named = {name for module in modules for name in re.findall(r'"#\w+": "(\w+)"', Path(module.__file__).read_text())}
    assert named >= {"version", "shredded", "retired_key"}
    assert not named & set(SHORT)


def test_defaults_at_rest_do_not_move():
    """What is left out of an item reads as the default of the day it is read: changing one would rewrite old cases."""
    row = to_row(make_head(version=0, from_reporter=0))
    texts = ("escalated_to", "sp4n", "second", "assigned", "lift", "lift_by", "origin", "publication")
    none = ("handed_on", "closed_on", "outcome", "rating", "held_on", "lift_on", "answered_on", "closed_due")
    empty = ("terms", "recused", "earlier_ends", "unmasked", "kept_from")
    expected = dict.fromkeys(texts, "") | dict.fromkeys(none) | dict.fromkeys(empty, "[]")
    expected |= {"identity": "anonim", "contact": b"", "chain": b"", "act": b""}
    others = {name: value for name, value in row.items() if name not in REQUIRED}
    assert {name: expected.get(name, 0) for name in others} == others
    event = to_row(Event(1, EventKind.REPORT, Actor.REPORTER, DAY, Stage.DITERIMA, b""))
    defaults = {"once": b"", "agency": "", "officer": "", "chain": b"", "clear": "", "sig": b""}
    assert {name: event[name] for name in defaults} == defaults

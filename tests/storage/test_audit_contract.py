"""The audit trail on each engine: links go in and come back whole, anchors stand in a register, and what goes on
beside it, rotation and deletion, breaks nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.actions.clock.audit import Audit
from functions.actions.clock.audit_anchors import Anchor, read_trail
from functions.casework import audit
from functions.casework.case import CaseHead
from functions.casework.case_changes import tombstone
from functions.casework.directory.agencies import Directory
from functions.casework.stages import Actor, Stage
from functions.config.settings import DEMO, load_directory
from functions.storage.interface import Append, Scope, Store, VersionConflictError
from tests.case_heads import changed
from tests.storage.examples import DAY, make_event, make_head

INSTANCE = "kutim"


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory(DEMO / "kutai-timur.toml")


def put(store: Store, **changes: object) -> CaseHead:
    head = make_head(instance=INSTANCE, holder=INSTANCE, version=1, **changes)
    head, event = audit.chained(head, make_event())
    store.create_case(head, [event], [])
    return head


def go_on(store: Store, head: CaseHead, **changes: object) -> CaseHead:
    n = head.version + 1
    event = make_event(n, by=Actor.OFFICER, officer="dpupr-1", stage=changes.get("stage", head.stage))
    after, linked = audit.chained(changed(head, version=n, **changes), event)
    store.append(Append(after, (linked,)), head.version)
    return after


def test_links_come_back_and_anchors_hold_whatever_goes_on_beside_them(store: Store, directory: Directory) -> None:
    trail, day = Audit(store, directory), DAY
    heads = [put(store) for _ in range(3)]
    flood = put(store, quarantined=True)
    first = trail.anchor(INSTANCE, day)
    assert first == trail.anchor(INSTANCE, day)
    assert first.cases == 4
    heads[0] = go_on(store, heads[0], stage=Stage.DIPROSES)
    heads[1] = go_on(store, heads[1])
    store.rewrap(heads[1].case_id, heads[1].wraps.key_id, "desk-2", b"another wrap")
    store.shred(tombstone(heads[2]), heads[2].version)
    go_on(store, flood, quarantined=False)
    for _ in range(3):
        verdict = trail.verify(INSTANCE, first.anchor.hex())
        assert verdict.faults == ()
        assert (verdict.cases, verdict.events, verdict.older) == (4, 6, 0)
        day += timedelta(days=1)
        trail.anchor(INSTANCE, day)
    assert isinstance(verdict.last, Anchor)
    assert verdict.last.day == day - timedelta(days=1)
    assert store.page(Scope.INSTANCE, INSTANCE).heads
    register = store.read_register(f"audit:{INSTANCE}")
    assert register is not None
    assert register.version == 4
    rows = [row for row in trail.export(INSTANCE) if row.case_id == heads[0].case_id]
    assert [(row.n, row.officer, row.chain) for row in rows] == [
        (event.n, event.officer, event.chain.hex()) for event in store.read_case(heads[0].case_id).events
    ]
    assert [row.kind for row in trail.export(INSTANCE) if row.case_id == heads[2].case_id] == ["deleted"]


def test_what_was_appended_outside_the_trail_is_found(store: Store, directory: Directory) -> None:
    """A writer that makes no link is one that is not ours."""
    trail = Audit(store, directory)
    head = put(store)
    trail.anchor(INSTANCE, DAY)
    store.append(Append(replace(head, version=2), (make_event(2),)), 1)
    (fault,) = trail.verify(INSTANCE).faults
    assert fault.startswith(f"{head.case_id}: event 2")


def test_more_cases_than_a_page_are_all_in_an_anchor(store: Store, directory: Directory) -> None:
    for n in range(103):
        put(store, stage=Stage.SELESAI if n % 2 else Stage.DIPROSES, closed_on=DAY if n % 2 else None)
    trail = Audit(store, directory)
    assert trail.anchor(INSTANCE, DAY).cases == 103
    assert len({row.case_id for row in trail.export(INSTANCE)}) == 103


def test_an_anchor_looks_a_case_up_that_the_listing_does_not_show(
    store: Store, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index lags, and a case moves in it while it is read: neither makes a case vanish, or go back."""
    trail = Audit(store, directory)
    kept, moved = put(store), put(store)
    trail.anchor(INSTANCE, DAY)
    page = store.page(Scope.INSTANCE, INSTANCE)
    after = go_on(store, moved)
    lagging = page._replace(heads=tuple(head for head in page.heads if head.case_id == moved.case_id))
    monkeypatch.setattr(
        type(store), "page", lambda _, scope, *__: lagging if scope is Scope.INSTANCE else page._replace(heads=())
    )
    second = trail.anchor(INSTANCE, DAY + timedelta(days=1))
    assert second.cases == 2
    assert trail.verify(INSTANCE).faults == ()
    register = store.read_register(f"audit:{INSTANCE}")
    assert register is not None
    known = read_trail(register.version, register.body).cases
    assert {case_id: each.version for case_id, each in known.items()} == {kept.case_id: 1, moved.case_id: 1}
    monkeypatch.undo()
    third = trail.anchor(INSTANCE, DAY + timedelta(days=2))
    register = store.read_register(f"audit:{INSTANCE}")
    assert register is not None
    assert read_trail(register.version, register.body).cases[moved.case_id].version == after.version == 2
    assert third.state != second.state


def test_two_writers_of_one_day_do_not_write_over_each_other(store: Store, directory: Directory) -> None:
    trail = Audit(store, directory)
    put(store)
    first = trail.anchor(INSTANCE, DAY)
    register = store.read_register(f"audit:{INSTANCE}")
    assert register is not None
    with pytest.raises(VersionConflictError):
        store.write_registers([register])
    assert trail.anchor(INSTANCE, DAY) == first

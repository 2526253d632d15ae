"""Taking waiting entries back together with a change of their case, the same on all engines."""

from dataclasses import replace

import pytest

from functions.actions.officer.handover.recall import Recall
from functions.casework.access import Viewer
from functions.casework.case import EventKind
from functions.casework.directory.agencies import Role
from functions.casework.problems import RecallProblem
from functions.storage.interface import Append, EntryGoneError, VersionConflictError
from functions.storage.interface.outbox import INTERRUPTED, OPENED, REVIVED
from tests.storage.conftest import PARALLEL
from tests.storage.examples import at_once, make_entry, make_event, make_head
from tests.world import World

HOUR = 494_000


def placed(store, **changes):
    """A case and an entry that waits."""
    head, entry = make_head(), make_entry(**changes)
    store.create_case(head, [make_event()], [entry])
    return head, entry


def taken_back(store, head, entry):
    after = replace(head, version=head.version + 1)
    store.append(Append(after, (make_event(after.version),), withdrawn=(entry,)), head.version)


def test_an_untouched_entry_goes_with_the_event(store):
    head, entry = placed(store)
    assert store.read_entry(entry.entry_id) == entry
    assert entry.untouched
    taken_back(store, head, entry)
    assert store.read_entry(entry.entry_id) is None
    assert store.claim("a", HOUR) == ()
    assert store.read_head(head.case_id).version == 2
    with pytest.raises(VersionConflictError):
        taken_back(store, head, entry)


def test_an_entry_that_is_no_longer_as_it_was_read_stops_all_of_it(store):
    for how in ("claimed", "settled", "put back", "pinned"):
        head, entry = placed(store)
        if how == "pinned":
            store.pin(entry.entry_id)
        else:
            (claimed,) = store.claim(how, HOUR)
        if how == "settled":
            store.settle(entry.entry_id, how)
        if how == "put back":
            store.put_back(replace(claimed, delivered=("budi",), not_before=HOUR + 1), how)
        before = store.read_entry(entry.entry_id)
        with pytest.raises(EntryGoneError):
            taken_back(store, head, entry)
        assert store.read_head(head.case_id).version == 1
        assert store.read_entry(entry.entry_id) == before


def test_what_a_courier_had_in_hand_is_touched_whatever_became_of_it(store):
    """It may have sent it before it ended: an entry that was given back, or revived, looks like no fresh one."""
    _, given_back = placed(store)
    (claimed,) = store.claim("a", HOUR)
    assert not claimed.untouched
    store.release("a")
    assert store.read_entry(given_back.entry_id).error == INTERRUPTED
    store.claim("a", HOUR)
    store.put_back(replace(claimed, attempts=6, dead=True, error="smtp_busy"), "a")
    assert not store.read_entry(given_back.entry_id).untouched
    store.revive(given_back.entry_id)
    revived = store.read_entry(given_back.entry_id)
    assert (revived.error, revived.attempts, revived.untouched) == (REVIVED, 0, False)


def test_a_pin_marks_an_entry_without_a_code_also_in_a_couriers_hand_and_stays(store):
    """A courier that puts it back, to wait for a digest, knows nothing of it."""
    _, entry = placed(store)
    store.pin("of no entry")
    store.pin(entry.entry_id)
    store.pin(entry.entry_id)
    assert store.read_entry(entry.entry_id) == replace(entry, error=OPENED)
    (claimed,) = store.claim("a", HOUR)
    assert claimed.error == OPENED
    assert store.put_back(replace(claimed, dead=True, error="smtp_busy"), "a")
    store.pin(entry.entry_id)
    assert store.read_entry(entry.entry_id).error == "smtp_busy"
    _, other = placed(store)
    (claimed,) = store.claim("a", HOUR)
    store.pin(other.entry_id)
    assert store.read_entry(other.entry_id) == replace(claimed, error=OPENED)
    assert store.put_back(replace(claimed, not_before=HOUR + 1, digest="kutim"), "a")
    (waits,) = store.held("kutim", HOUR + 1)
    assert (waits.error, waits.untouched) == (OPENED, False)
    assert store.put_back(claimed, "a") is False
    assert store.put_back(replace(claimed, entry_id="of no entry"), "") is False


@pytest.mark.parametrize("engine", PARALLEL, indirect=True)
def test_courier_and_desk_at_once_one_of_them_has_it(store):
    placings = [placed(store) for _ in range(6)]

    def work(i):
        if i % 2:
            return store.claim(f"w{i}", HOUR, limit=6)
        for head, entry in placings[i // 2 :: 3]:
            try:
                taken_back(store, head, entry)
            except EntryGoneError:
                continue
        return ()

    claimed = {entry.entry_id for answer in at_once(6, work) for entry in answer}
    for head, entry in placings:
        withdrawn = store.read_head(head.case_id).version == 2
        assert withdrawn is (entry.entry_id not in claimed) or store.read_entry(entry.entry_id) == entry


@pytest.mark.parametrize("engine", PARALLEL, indirect=True)
def test_two_coordinators_recall_at_once_and_it_comes_back_once(store, tmp_path):
    world = World(tmp_path, store)
    case_id = world.report(topic="lampu-jalan")["tracking_id"]
    first, second = Viewer("kutim-1", "kutim", Role.COORDINATOR), Viewer("kutim-2", "kutim", Role.COORDINATOR)
    before = store.read_head(case_id)
    world.handle.handover(first, case_id, "kutim-dishub", "Urusan Dishub.")
    recall = Recall(world.act)
    heads = at_once(4, lambda i: recall((first, second)[i % 2], case_id))
    assert [head.holder for head in heads] == ["kutim"] * 4
    case = store.read_case(case_id)
    assert [event.kind for event in case.events] == [EventKind.REPORT, EventKind.HANDOVER, EventKind.RECALL]
    assert (case.head.clock, case.head.stage) == (before.clock, before.stage)
    assert not [entry for entry in store.waiting() if entry.notice == "handed_over"]


@pytest.mark.parametrize("engine", PARALLEL, indirect=True)
def test_once_the_courier_has_claimed_the_letter_it_is_too_late(store, tmp_path):
    world = World(tmp_path, store)
    case_id = world.report(topic="lampu-jalan")["tracking_id"]
    viewer = Viewer("kutim-1", "kutim", Role.COORDINATOR)
    world.run_courier()
    world.handle.handover(viewer, case_id, "kutim-dishub", "Urusan Dishub.")
    assert len(world.deliver.claim("courier")) == 1
    with pytest.raises(RecallProblem) as late:
        Recall(world.act)(viewer, case_id)
    assert late.value.code == "recall_late"
    assert store.read_head(case_id).holder == "kutim-dishub"

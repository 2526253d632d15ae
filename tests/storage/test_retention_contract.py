"""What every engine does with cases whose time is over, the same on all."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from functions.casework.sealed_identity import StepKind
from functions.casework.stages import Stage
from functions.storage.interface import (
    BadPageTokenError,
    CaseExistsError,
    CaseNotFoundError,
    Scope,
    StorageError,
    StoreUnavailableError,
    VersionConflictError,
)
from tests.storage.conftest import DYNAMO, ENGINES, PARALLEL, QUICK
from tests.storage.examples import (
    DAY,
    INSTANCE,
    UNIT,
    all_pages,
    at_once,
    buried,
    following,
    make_entry,
    make_event,
    make_head,
    make_identity,
    put_case,
    stepped,
)

HOUR = 494_000
LATER = date(2030, 1, 1)


def put_long(store, events=1, **changes):
    """A closed case of so many events, with an identity; returns its head."""
    values = {"stage": Stage.SELESAI, "closed_on": DAY, "lapsed": True, "contact": b"an address"}
    head = make_head(version=events, **values | changes)
    identity = make_identity(case_id=head.case_id)
    store.create_case(head, [make_event(n) for n in range(1, events + 1)], [], identity)
    return head


def finished(store, head):
    """Remove a case of one event as ``erase`` does."""
    store.shred(buried(head), 1)
    store.finish(buried(head))


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
@pytest.mark.parametrize("events", [1, 3, 60])
def test_nothing_is_left_of_a_shredded_case_but_its_tombstone(store, events):
    head, other = put_long(store, events), put_long(store)
    tombstone, entry = buried(head), make_entry(case_id=head.case_id)
    store.shred(tombstone, events, [entry])
    case = store.read_case(head.case_id)
    assert (case.head, case.events) == (tombstone, ())
    assert store.read_head(head.case_id) == tombstone
    assert store.read_identity(head.case_id) is None
    assert [claimed.entry_id for claimed in store.claim("w", HOUR)] == [entry.entry_id]
    assert len(store.read_case(other.case_id).events) == 1
    assert [each.case_id for each in store.page_identities(INSTANCE)[0]] == [other.case_id]


def test_the_dead_stay_dead(store):
    head = put_long(store)
    tombstone = buried(head)
    store.shred(tombstone, 1)
    with pytest.raises(VersionConflictError):
        store.append(following(head), 1)
    with pytest.raises(VersionConflictError):
        store.append(following(tombstone, shredded=False, wrap_desk=b"a wrap"), 2)
    with pytest.raises(VersionConflictError):
        store.rewrap(head.case_id, tombstone.wraps.key_id, "desk-2", b"a wrap")
    with pytest.raises(VersionConflictError):
        store.write_identity(stepped(make_identity(case_id=head.case_id), StepKind.ASKED))
    with pytest.raises(CaseExistsError) as caught:
        store.create_case(make_head(case_id=head.case_id), [make_event()], [])
    assert caught.value.head == tombstone
    case = store.read_case(head.case_id)
    assert (case.head, case.events) == (tombstone, ())


def test_a_tombstone_of_the_same_version_keeps_an_append_out_as_well(store):
    head = put_long(store)
    tombstone = buried(head, version=1)
    store.shred(tombstone, 1)
    with pytest.raises(VersionConflictError):
        store.append(following(head), 1)
    assert store.read_case(head.case_id).head == tombstone


def test_a_case_that_was_written_to_is_not_shredded(store):
    head = put_long(store)
    store.append(following(head), 1)
    standing = store.read_case(head.case_id)
    with pytest.raises(VersionConflictError):
        store.shred(buried(head), 1, [make_entry()])
    with pytest.raises(CaseNotFoundError):
        store.shred(buried(make_head()), 1, [make_entry()])
    taken = make_entry()
    store.enqueue(taken)
    with pytest.raises(StorageError) as caught:
        store.shred(buried(standing.head), 2, [make_entry(), taken])
    assert type(caught.value) is StorageError
    assert store.read_case(head.case_id) == standing
    assert store.read_identity(head.case_id) is not None
    assert [entry.entry_id for entry in store.claim("w", HOUR)] == [taken.entry_id]


@pytest.mark.parametrize("engine", QUICK, indirect=True)
@pytest.mark.parametrize(
    "kept",
    [
        {"shredded": False},
        {"version": 7},
        *({name: b"kept"} for name in ("wrap_receipt", "wrap_desk", "subject", "contact")),
    ],
)
def test_what_would_leave_a_case_readable_is_no_tombstone(store, kept):
    head = put_long(store)
    with pytest.raises(ValueError, match="tombstone"):
        store.shred(buried(head, **kept), 1)
    assert store.read_head(head.case_id) == head


def test_a_page_that_ends_with_an_unfinished_removal_passes_over_no_tombstone(store):
    heads = [put_long(store, closed_on=DAY + timedelta(days=n)) for n in range(3)]
    for head in heads[1:]:
        finished(store, head)
    store.shred(buried(heads[0]), 1)
    pages = all_pages(lambda after: store.page(Scope.INSTANCE, INSTANCE, after, 1))
    assert {head.case_id for page in pages for head in page} == {head.case_id for head in heads}


def test_shredding_again_changes_nothing(store):
    head = put_long(store, 3)
    tombstone = buried(head)
    store.shred(tombstone, 3)
    store.shred(tombstone, tombstone.version)
    for _ in range(2):
        store.finish(tombstone)
    case = store.read_case(head.case_id)
    assert (case.head, case.events) == (tombstone, ())
    assert store.closed_before(INSTANCE, LATER) == ()


@pytest.mark.parametrize("engine", DYNAMO, indirect=True)
def test_a_shredding_cut_short_is_dark_at_once_and_found_again(store, watched, monkeypatch):
    def items():
        key = {":case": {"S": f"CASE#{head.case_id}"}}
        found = watched.client().query(
            TableName=store.calls.table_name, KeyConditionExpression="PK = :case", ExpressionAttributeValues=key
        )
        return [item["SK"]["S"] for item in found["Items"]]

    def cut(_):
        raise StoreUnavailableError("gone away")

    put_long(store, closed_on=DAY - timedelta(days=900))
    head = put_long(store, 30)
    tombstone = buried(head)
    with monkeypatch.context() as patched:
        patched.setattr(store.calls, "delete", cut)
        with pytest.raises(StoreUnavailableError):
            store.shred(tombstone, 30)
    assert len(items()) == 31
    case = store.read_case(head.case_id)
    assert (case.head, case.events) == (tombstone, ())
    assert store.read_identity(head.case_id) is None
    # The next look for what is due sees it first of all, however lately it was closed.
    (found,) = store.closed_before(INSTANCE, date(2020, 1, 1))
    assert found == tombstone
    assert store.closed_before(INSTANCE, LATER)[0] == tombstone
    store.shred(found, found.version)
    assert items() == ["HEAD"]
    store.finish(found)
    assert store.closed_before(INSTANCE, date(2020, 1, 1)) == ()


@pytest.mark.parametrize("engine", PARALLEL, indirect=True)
def test_an_append_and_a_shredding_at_once_leave_a_case_or_a_tombstone(store):
    for _ in range(4):
        head = put_long(store)
        appends, tombstone = [following(head) for _ in range(2)], buried(head)

        def work(i, appends=appends, tombstone=tombstone):
            return store.shred(tombstone, 1) if i % 2 else store.append(appends[i // 2], 1)

        answers = at_once(4, work)
        assert all(answer is None or isinstance(answer, VersionConflictError) for answer in answers), answers
        # A second shredder of the same version finds a tombstone of the next: it, too, came too late.
        assert answers.count(None) == 1
        case = store.read_case(head.case_id)
        assert len(case.events) == (0 if case.head.shredded else 2)
        assert (store.read_identity(head.case_id) is None) == case.head.shredded


def test_a_tombstone_is_due_until_all_is_finished(store):
    """Its files lie elsewhere: whoever is cut short while they go is followed by the next run."""
    head = put_long(store, quarantined=True)
    store.shred(buried(head), 1)
    assert store.closed_before(INSTANCE, date(2020, 1, 1)) == (buried(head),)
    store.finish(buried(head))
    assert store.closed_before(INSTANCE, LATER) == ()


def test_tombstones_come_last_in_the_listings(store):
    gone = put_long(store, closed_on=DAY + timedelta(days=5))
    young, old = put_long(store), put_long(store, closed_on=DAY - timedelta(days=9))
    waits, dropped = put_case(store), put_case(store)
    finished(store, gone)
    finished(store, dropped)  # at its reporter's wish, before anybody closed it
    want = [waits.case_id, young.case_id, old.case_id, gone.case_id, dropped.case_id]
    for scope, code in ((Scope.HOLDER, UNIT), (Scope.INSTANCE, INSTANCE)):
        first = store.page(scope, code, limit=4)
        rest = store.page(scope, code, first.next, limit=4)
        assert [head.case_id for head in first.heads + rest.heads] == want
        assert rest.next == ""


def test_closed_before_shows_what_was_closed_longest_ago_first(store):
    days = [DAY + timedelta(days=i * 7 % 12) for i in range(12)]
    heads = [put_long(store, closed_on=day, quarantined=i % 3 == 0) for i, day in enumerate(days)]
    early = put_case(store, stage=Stage.DIARSIPKAN, received_on=DAY - timedelta(days=1))  # no day of closing
    put_case(store)
    put_case(store, instance="64.09", stage=Stage.SELESAI)
    bound = DAY + timedelta(days=6)
    found = store.closed_before(INSTANCE, bound)
    assert found == (early, *sorted((h for h in heads if h.closing.on < bound), key=lambda h: h.closing.on))
    assert len(found) == 7
    assert store.closed_before(INSTANCE, bound, limit=4) == found[:4]
    assert store.closed_before(INSTANCE, DAY - timedelta(days=1)) == ()
    for head in found:
        finished(store, head)
    assert store.closed_before(INSTANCE, bound) == ()
    assert len(store.closed_before(INSTANCE, LATER)) == 6


def test_a_wrap_that_was_replaced_meanwhile_goes_as_well(store):
    head = put_long(store, key_id="old")
    store.rewrap(head.case_id, "old", "new", b"wrapped again")
    tombstone = buried(head)
    store.shred(tombstone, 1)
    assert store.read_head(head.case_id) == tombstone


def test_a_step_that_came_too_late_brings_no_identity_back(store):
    head = put_long(store)
    identity = store.read_identity(head.case_id)
    store.write_identity(stepped(identity, StepKind.ASKED))
    store.shred(buried(head), 1)
    with pytest.raises(VersionConflictError):
        store.write_identity(replace(identity, version=3))
    assert store.page_identities(INSTANCE) == ((), "")


def ended_on(store, first, last, limit=3):
    """All that ended between two days, and the sizes of the pages."""
    pages = all_pages(lambda after: astuple_page(store.page_ended(INSTANCE, first, last, after, limit)))
    return [head.case_id for page in pages for head in page], [len(page) for page in pages]


def astuple_page(page):
    return page.heads, page.next


def test_what_ended_between_two_days_comes_latest_first_and_tombstones_after_it(store):
    days = {n: DAY + timedelta(days=n) for n in range(6)}
    over = {n: put_long(store, closed_on=days[n]) for n in (0, 1, 2, 3, 5)}
    put_case(store, closed_on=None)
    put_long(store, closed_on=days[2], lapsed=False)  # its reporter may still answer
    put_long(store, closed_on=days[2], quarantined=True)
    put_case(store, closed_on=days[2], stage=Stage.DIARSIPKAN, instance="64.09")
    gone = put_long(store, closed_on=days[4])
    finished(store, gone)
    want = [over[n].case_id for n in (3, 2, 1)] + [gone.case_id]
    for limit, sizes in ((100, [4]), (4, [4]), (3, [3, 1]), (2, [2, 2]), (1, [1, 1, 1, 1])):
        assert ended_on(store, days[1], days[4], limit) == (want, sizes)
    assert ended_on(store, days[4], days[4]) == ([gone.case_id], [1])
    assert ended_on(store, LATER, LATER) == ([], [0])


def test_a_page_token_of_what_ended_is_good_for_that_instance_alone(store):
    for _ in range(2):
        put_long(store)
    token = store.page_ended(INSTANCE, DAY, DAY, limit=1).next
    assert token
    for wrong in (("64.09", token), (INSTANCE, "x")):
        with pytest.raises(BadPageTokenError):
            store.page_ended(wrong[0], DAY, DAY, wrong[1])
    assert store.page_ended(INSTANCE, LATER, LATER, token).heads == ()

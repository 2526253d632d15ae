"""What every engine does with cases, the same on all."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.casework.audit import facts
from functions.casework.stages import Stage
from functions.storage.interface import (
    Append,
    BadPageTokenError,
    CaseExistsError,
    CaseNotFoundError,
    Scope,
    StorageError,
    VersionConflictError,
)
from functions.storage.records import WHEREABOUTS, to_row
from tests.case_heads import changed
from tests.storage.conftest import PARALLEL, QUICK
from tests.storage.examples import (
    DAY,
    ENTRIES,
    INSTANCE,
    OTHER,
    UNIT,
    all_pages,
    at_once,
    events,
    following,
    heads,
    make_entry,
    make_event,
    make_head,
    new_id,
    put_case,
)

many = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
parallel = pytest.mark.parametrize("engine", PARALLEL, indirect=True)
HOUR = 494_000


def listed(store, scope, code, limit=20):
    def fetch(after):
        page = store.page(scope, code, after, limit)
        return [head.case_id for head in page.heads], page.next

    return all_pages(fetch)


def test_prepare_again_keeps_what_is_there(store):
    head = put_case(store)
    store.prepare()
    assert store.read_case(head.case_id).head == head


@many
@given(head=heads(2), first=events(1), second=events(2), entry=ENTRIES)
def test_every_field_comes_back(store, head, first, second, entry):
    store.create_case(head, [first, second], [replace(entry, not_before=0)])
    case = store.read_case(head.case_id)
    assert (case.head, case.events) == (head, (first, second))
    assert store.read_head(head.case_id) == head
    scopes = (Scope.HOLDER, Scope.QUARANTINE)
    found = [store.page(scope, head.holder, limit=1000).heads.count(head) for scope in scopes]
    assert found == [not head.quarantined, head.quarantined]
    (claimed,) = store.claim("w", HOUR, limit=1000)
    assert claimed == replace(entry, not_before=0, leased_by="w", leased_until=HOUR + 1)
    store.settle(claimed.entry_id, "w")


@many
@given(head=heads(1), event=events(1))
def test_where_a_case_lies_comes_back_and_nothing_else_of_it(store, head, event):
    store.create_case(head, [event], [])
    found, whole = to_row(store.read_whereabouts(head.case_id)), to_row(head)
    assert {name: found[name] for name in WHEREABOUTS} == {name: whole[name] for name in WHEREABOUTS}
    assert not any(found[name] for name in ("wrap_receipt", "wrap_desk", "subject", "contact", "lookup", "topic"))


def test_where_a_case_lies_that_is_not_there(store):
    with pytest.raises(CaseNotFoundError):
        store.read_whereabouts(new_id())


@many
@given(data=st.data())
def test_an_append_changes_every_field_it_may(store, data):
    before = data.draw(heads(1))
    wraps = before.wraps
    after = changed(data.draw(heads(2)), case_id=before.case_id, key_id=wraps.key_id, wrap_desk=wraps.desk, version=2)
    first, second = data.draw(events(1)), data.draw(events(2))
    store.create_case(before, [first], [])
    store.append(Append(after, (second,)), 1)
    case = store.read_case(before.case_id)
    assert (case.head, case.events) == (after, (first, second))


def test_first_put_stands_and_later_ones_get_its_head(store):
    # One after the other, on every engine; the same in parallel below.
    first = put_case(store)
    for _ in range(3):
        rival = make_head(case_id=first.case_id)
        with pytest.raises(CaseExistsError) as caught:
            store.create_case(rival, [make_event()], [make_entry()])
        assert caught.value.head == first
    assert store.claim("w", HOUR) == ()
    assert len(store.read_case(first.case_id).events) == 1


@parallel
def test_of_eight_at_once_exactly_one_creates(store):
    case_id = new_id()
    rivals = [make_head(case_id=case_id) for _ in range(8)]
    entries = [make_entry() for _ in rivals]
    answers = at_once(8, lambda i: store.create_case(rivals[i], [make_event()], [entries[i]]))
    winners = [i for i, answer in enumerate(answers) if answer is None]
    assert len(winners) == 1
    losers = [answer for answer in answers if answer is not None]
    assert all(isinstance(answer, CaseExistsError) for answer in losers), losers
    assert {answer.head for answer in losers} == {rivals[winners[0]]}
    assert store.read_case(case_id).head == rivals[winners[0]]
    assert [entry.entry_id for entry in store.claim("w", HOUR)] == [entries[winners[0]].entry_id]


def test_append_adds_event_and_notice(store):
    head = put_case(store)
    entry = make_entry(case_id=head.case_id)
    change = following(head, stage=Stage.DIVERIFIKASI, outbox=[entry])
    store.append(change, 1)
    case = store.read_case(head.case_id)
    assert case.head == change.head
    assert [event.n for event in case.events] == [1, 2]
    assert [claimed.entry_id for claimed in store.claim("w", HOUR)] == [entry.entry_id]


def test_append_with_another_version_writes_nothing(store):
    head = put_case(store)
    store.append(following(head), 1)
    standing = store.read_case(head.case_id)
    with pytest.raises(VersionConflictError):
        store.append(following(head, outbox=[make_entry()]), 1)
    assert store.read_case(head.case_id) == standing
    assert store.claim("w", HOUR) == ()


def test_append_to_no_case(store):
    head = make_head()
    with pytest.raises(CaseNotFoundError):
        store.append(following(head, outbox=[make_entry()]), 1)
    for read in (store.read_case, store.read_head):
        with pytest.raises(CaseNotFoundError):
            read(head.case_id)
    assert store.claim("w", HOUR) == ()


def test_what_fails_at_its_last_part_writes_no_part(store):
    taken = make_entry()
    store.enqueue(taken)
    head = put_case(store)
    with pytest.raises(StorageError):
        store.append(following(head, holder=OTHER, outbox=[make_entry(), taken]), 1)
    other = make_head()
    with pytest.raises(StorageError) as caught:
        store.create_case(other, [make_event()], [make_entry(), taken])
    assert not isinstance(caught.value, CaseExistsError)
    assert store.read_case(head.case_id).head == head
    assert len(store.read_case(head.case_id).events) == 1
    assert store.page(Scope.HOLDER, OTHER).heads == ()
    with pytest.raises(CaseNotFoundError):
        store.read_case(other.case_id)
    assert [entry.entry_id for entry in store.claim("w", HOUR)] == [taken.entry_id]


@pytest.mark.parametrize("numbers", [(), (1,), (3,), (2, 4), (3, 2)])
@pytest.mark.parametrize("engine", QUICK, indirect=True)
def test_wrongly_numbered_events_are_refused(store, numbers):
    head = put_case(store)
    change = Append(replace(head, version=2), tuple(make_event(n) for n in numbers))
    with pytest.raises(ValueError, match="do not follow"):
        store.append(change, 1)
    assert len(store.read_case(head.case_id).events) == 1


@parallel
def test_appends_at_once_lose_nothing(store):
    case_id = put_case(store).case_id

    def write(_):
        for _ in range(400):
            head = store.read_case(case_id).head
            change = following(head, outbox=[make_entry(case_id=case_id)])
            try:
                store.append(change, head.version)
            except VersionConflictError:
                continue
            return change.events[0]
        raise AssertionError("never got through")

    written = at_once(6, write)
    case = store.read_case(case_id)
    assert case.head.version == 7
    assert [event.n for event in case.events] == list(range(1, 8))
    assert set(case.events[1:]) == set(written)
    assert len(store.claim("w", HOUR, limit=20)) == 6


def test_pages_show_open_cases_by_due_date_then_the_latest_closed(store):
    still_open = [put_case(store, due=DAY + timedelta(days=i * 7 % 30)) for i in range(30)]
    closed = [
        put_case(
            store,
            stage=Stage.SELESAI if i % 2 else Stage.DIARSIPKAN,
            closed_on=DAY + timedelta(days=i * 4 % 15),
            confirmed=i % 4 == 1,
            lapsed=i % 4 == 3,
        )
        for i in range(15)
    ]
    put_case(store, holder=OTHER, instance="64.09")
    for scope, code in ((Scope.HOLDER, UNIT), (Scope.INSTANCE, INSTANCE)):
        pages = listed(store, scope, code)
        assert [len(page) for page in pages] == [20, 20, 5]
        ids = [case_id for page in pages for case_id in page]
        assert len(set(ids)) == 45
        by_id = {head.case_id: head for head in still_open + closed}
        shown = [by_id[case_id] for case_id in ids]
        assert [head.clock.due for head in shown[:30]] == sorted(head.clock.due for head in still_open)
        assert [head.closing.on for head in shown[30:]] == sorted((head.closing.on for head in closed), reverse=True)


def test_a_full_last_page_has_no_next(store):
    for _ in range(4):
        put_case(store)
    assert [len(page) for page in listed(store, Scope.HOLDER, UNIT, limit=2)] == [2, 2]
    assert store.page(Scope.HOLDER, "nobody") == store.page(Scope.INSTANCE, "nowhere")
    assert store.page(Scope.HOLDER, "nobody").heads == ()


@pytest.mark.parametrize("engine", QUICK, indirect=True)
def test_a_token_is_good_for_its_own_listing_only(store):
    for _ in range(3):
        put_case(store)
    token = store.page(Scope.HOLDER, UNIT, limit=2).next
    assert len(store.page(Scope.HOLDER, UNIT, token).heads) == 1
    assert token.isascii()
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    dead = [make_entry() for _ in range(2)]
    for entry in dead:
        store.enqueue(entry)
    for entry in store.claim("w", HOUR):
        store.put_back(replace(entry, dead=True), "w")
    wrong = [(Scope.HOLDER, OTHER, token), (Scope.INSTANCE, UNIT, token), (Scope.INSTANCE, INSTANCE, token)]
    wrong += [(Scope.HOLDER, UNIT, bad) for bad in ("x", "%", "é", token[:-4], token + "AAAA", "A" * 40)]
    wrong += [(Scope.HOLDER, UNIT, store.dead_letters(limit=1)[1])]
    for scope, code, bad in wrong:
        with pytest.raises(BadPageTokenError):
            store.page(scope, code, bad)
    for bad in (token, "x", "é"):
        with pytest.raises(BadPageTokenError):
            store.dead_letters(bad)


@pytest.mark.parametrize("engine", QUICK, indirect=True)
def test_a_token_names_no_case(store):
    # The last case of a page may be one that the reader of the page must not learn of.
    ids = [put_case(store).case_id for _ in range(3)]
    page = store.page(Scope.INSTANCE, INSTANCE, limit=2)
    from base64 import urlsafe_b64decode

    plain = urlsafe_b64decode(page.next + "==").decode()
    assert not any(case_id in plain for case_id in ids)


def test_a_case_handed_over_changes_listings(store):
    stays, goes = put_case(store), put_case(store)
    store.append(following(goes, holder=OTHER), 1)
    assert listed(store, Scope.HOLDER, UNIT) == [[stays.case_id]]
    assert listed(store, Scope.HOLDER, OTHER) == [[goes.case_id]]
    assert sorted(listed(store, Scope.INSTANCE, INSTANCE)[0]) == sorted([stays.case_id, goes.case_id])


def test_what_has_priority_comes_first_and_what_waits_for_its_reporter_between_open_and_closed(store):
    waiting = [put_case(store, stage=Stage.SELESAI, closed_on=DAY, due=DAY + timedelta(days=d)) for d in (9, 2)]
    confirmed = put_case(store, stage=Stage.SELESAI, closed_on=DAY, confirmed=True)
    lapsed = put_case(store, stage=Stage.SELESAI, closed_on=DAY - timedelta(days=1), lapsed=True)
    usual, urgent = put_case(store, due=DAY), put_case(store, priority=True, due=DAY + timedelta(days=30))
    wanted = (urgent, usual, waiting[1], waiting[0], confirmed, lapsed)
    assert store.page(Scope.HOLDER, UNIT).heads == wanted
    shown, after = [], ""
    while True:
        page = store.page(Scope.HOLDER, UNIT, after, 1)
        shown += page.heads
        if not (after := page.next):
            break
    assert tuple(shown) == wanted
    assert store.closed_before(INSTANCE, DAY + timedelta(days=5)) == (lapsed, confirmed, waiting[1])
    assert store.lapsing(INSTANCE, DAY + timedelta(days=2)) == ()
    assert store.lapsing(INSTANCE, DAY + timedelta(days=3)) == (waiting[1],)
    assert set(store.lapsing(INSTANCE, DAY + timedelta(days=10))) == set(waiting)
    assert len(store.lapsing(INSTANCE, DAY + timedelta(days=10), limit=1)) == 1


@pytest.mark.parametrize("engine", [*QUICK, "ministack"], indirect=True)
@pytest.mark.parametrize(
    ("scope", "field", "code"),
    [(Scope.SECOND, "second", "pupr"), (Scope.ASSIGNED, "assigned", "pupr-2"), (Scope.ASKED, "lift_by", "pusat")],
)
def test_the_further_listings_hold_what_has_their_mark_and_nothing_else(store, scope, field, code):
    put_case(store)
    late, soon = (put_case(store, **{field: code}, due=DAY + timedelta(days=d)) for d in (9, 2))
    put_case(store, **{field: code}, quarantined=True)
    assert store.page(scope, code).heads == (soon, late)
    assert store.page(scope, "other").heads == ()
    store.append(following(soon, **{field: ""}), 1)
    assert store.page(scope, code).heads == (late,)


def test_a_case_closed_and_reopened_changes_its_place(store):
    first = put_case(store, due=date(2026, 3, 3))
    second = put_case(store, due=date(2026, 3, 9))
    closing = following(first, stage=Stage.SELESAI, closed_on=DAY)
    store.append(closing, 1)
    assert listed(store, Scope.HOLDER, UNIT) == [[second.case_id, first.case_id]]
    store.append(following(closing.head, stage=Stage.DIPROSES, closed_on=None), 2)
    assert listed(store, Scope.HOLDER, UNIT) == [[first.case_id, second.case_id]]


def test_rewrap_replaces_the_wrap_and_nothing_else(store):
    head = put_case(store, key_id="old")
    store.rewrap(head.case_id, "old", "new", b"wrapped again")
    case = store.read_case(head.case_id)
    assert case.head == changed(head, key_id="new", wrap_desk=b"wrapped again")
    assert store.page(Scope.HOLDER, UNIT).heads == (case.head,)
    with pytest.raises(VersionConflictError):
        store.rewrap(head.case_id, "old", "newer", b"no")
    with pytest.raises(CaseNotFoundError):
        store.rewrap(new_id(), "old", "new", b"no")
    assert store.read_case(head.case_id) == case


def test_an_append_does_not_bring_a_retired_key_back(store):
    head = put_case(store, key_id="old")
    store.rewrap(head.case_id, "old", "new", b"wrapped again")
    with pytest.raises(VersionConflictError):
        store.append(following(head), 1)  # read before the rotation, written after it
    now = store.read_case(head.case_id).head
    store.append(following(now), 1)
    reopened = following(store.read_case(head.case_id).head, key_id="newer", wrap_desk=b"for today's key")
    store.append(reopened, 2)  # reopening wraps to the key of the day
    assert store.read_case(head.case_id).head == reopened.head


def test_a_contact_is_replaced_and_nothing_else(store):
    head = put_case(store, contact=b"old")
    store.reseal_contact(head.case_id, b"old", b"sealed anew")
    assert store.read_case(head.case_id).head == changed(head, contact=b"sealed anew")
    assert store.page(Scope.HOLDER, UNIT).heads == (changed(head, contact=b"sealed anew"),)
    with pytest.raises(VersionConflictError):
        store.reseal_contact(head.case_id, b"old", b"no")
    with pytest.raises(CaseNotFoundError):
        store.reseal_contact(new_id(), b"old", b"no")


def test_the_facts_around_each_new_sealing_are_known_until_the_next_append(store):
    heads = [put_case(store, contact=b"first")]
    case_id = heads[0].case_id
    assert store.resealed(case_id) == store.resealed(new_id()) == frozenset()
    for before, after in ((b"first", b"second"), (b"second", b"third")):
        store.reseal_contact(case_id, before, after)
        heads.append(store.read_head(case_id))
    assert {facts(head).hex() for head in heads} <= store.resealed(case_id)
    for head in heads[:2]:  # the older contacts come back by no append that began before
        with pytest.raises(VersionConflictError):
            store.append(following(head), 1)
    store.append(following(heads[-1]), 1)
    assert store.resealed(case_id) == frozenset()


def test_an_append_does_not_bring_a_contact_of_before_a_rotation_back(store):
    head = put_case(store, key_id="old", contact=b"old")
    store.rewrap(head.case_id, "old", "new", b"wrapped again")
    standing = store.read_head(head.case_id)
    store.reseal_contact(head.case_id, b"old", b"sealed anew")
    for read_before in (head, standing):  # neither rotation forgets what the other left behind
        with pytest.raises(VersionConflictError):
            store.append(following(read_before), 1)
    with pytest.raises(VersionConflictError):
        store.append(following(head, contact=b"sealed anew"), 1)
    now = store.read_head(head.case_id)
    store.append(following(now), 1)
    store.append(following(store.read_head(head.case_id), contact=b""), 2)  # it closes
    assert store.read_head(head.case_id).reporter.contact == b""


def test_a_contact_that_is_left_anew_after_a_rotation_goes_in(store):
    head = put_case(store, contact=b"old")
    store.reseal_contact(head.case_id, b"old", b"sealed anew")
    store.append(following(head, contact=b"another"), 1)
    assert store.read_head(head.case_id).reporter.contact == b"another"

"""What every engine does with the outbox, the same on all."""

from dataclasses import replace

import pytest

from functions.storage.interface import Notice
from functions.storage.interface.outbox import REVIVED
from tests.storage.conftest import PARALLEL
from tests.storage.examples import all_pages, at_once, make_entry

HOUR = 494_000


def enqueue(store, count=1, **changes):
    made = [make_entry(**changes) for _ in range(count)]
    for entry in made:
        store.enqueue(entry)
    return made


def ids(entries):
    return {entry.entry_id for entry in entries}


def test_a_claim_leases_through_the_next_hour(store):
    (entry,) = enqueue(store, notice=Notice.LINK_WANTED, sealed=b"an address")
    assert store.claim("a", HOUR) == (replace(entry, leased_by="a", leased_until=HOUR + 1),)
    for hour in (HOUR, HOUR + 1):
        assert store.claim("a", hour) == ()
        assert store.claim("b", hour) == ()
    assert store.claim("b", HOUR + 2) == (replace(entry, leased_by="b", leased_until=HOUR + 3),)


def test_a_claim_takes_no_more_than_asked_for(store):
    made = enqueue(store, 5)
    first, second, third = (store.claim("a", HOUR, limit=2) for _ in range(3))
    assert [len(claimed) for claimed in (first, second, third)] == [2, 2, 1]
    assert ids(first + second + third) == ids(made)


def test_what_is_not_due_is_not_claimed(store):
    (entry,) = enqueue(store, not_before=HOUR + 3)
    assert store.claim("a", HOUR + 2) == ()
    assert ids(store.claim("a", HOUR + 3)) == {entry.entry_id}


def test_the_same_entry_again_changes_nothing(store):
    (entry,) = enqueue(store)
    store.claim("a", HOUR)
    store.enqueue(replace(entry, agency="another"))
    assert store.claim("b", HOUR) == ()
    assert store.claim("b", HOUR + 2) == (replace(entry, leased_by="b", leased_until=HOUR + 3),)


@pytest.mark.parametrize("engine", PARALLEL, indirect=True)
def test_two_workers_never_hold_the_same_entry(store):
    made = enqueue(store, 24)
    workers = [f"w{i % 2}{i}" for i in range(6)]

    def work(i):
        held = []
        while claimed := store.claim(workers[i], HOUR, limit=3):
            held += claimed
        return held

    answers = at_once(6, work)
    held = [entry.entry_id for answer in answers for entry in answer]
    assert len(held) == len(set(held))
    # An index may be behind, so that a worker found nothing though there was some: the rest is claimed now.
    held += ids(store.claim("last", HOUR, limit=24))
    assert sorted(held) == sorted(ids(made))


def test_release_gives_back_the_workers_own_leases_only(store):
    enqueue(store, 4)
    (late,) = enqueue(store, not_before=HOUR + 5)
    mine, theirs = store.claim("a", HOUR, limit=2), store.claim("b", HOUR, limit=2)
    store.release("a")
    again = store.claim("a", HOUR)
    assert ids(again) == ids(mine)
    assert ids(again).isdisjoint(ids(theirs))
    assert store.claim("a", HOUR + 1) == ()
    store.release("nobody")
    assert ids(store.claim("c", HOUR + 5)) == ids(mine + theirs) | {late.entry_id}


def test_settled_is_gone(store):
    (entry,) = enqueue(store)
    store.claim("a", HOUR)
    assert store.settle(entry.entry_id, "a")
    assert not store.settle(entry.entry_id, "a")
    store.release("a")
    assert store.claim("a", HOUR + 9) == ()


def test_who_lost_the_lease_settles_and_puts_back_nothing(store):
    (entry,) = enqueue(store)
    (claimed,) = store.claim("a", HOUR)
    (taken,) = store.claim("b", HOUR + 2)
    assert not store.settle(entry.entry_id, "a")
    store.put_back(replace(claimed, attempts=3, dead=True), "a")
    assert not store.settle("of no entry", "a")
    store.put_back(make_entry(), "a")
    assert store.dead_letters() == ((), "")
    assert store.claim("c", HOUR + 4) == (replace(taken, leased_by="c", leased_until=HOUR + 5),)


def test_put_back_keeps_how_far_delivery_came(store):
    (entry,) = enqueue(store, sealed=b"kept")
    (claimed,) = store.claim("a", HOUR)
    back = replace(claimed, delivered=("budi", "sari"), attempts=2, not_before=HOUR + 4, error="smtp_busy")
    store.put_back(back, "a")
    assert store.claim("a", HOUR + 3) == ()
    (again,) = store.claim("b", HOUR + 4)
    assert again == replace(back, leased_by="b", leased_until=HOUR + 5)
    assert again.sealed == entry.sealed


def test_a_dead_letter_waits_until_it_is_revived(store):
    (entry,) = enqueue(store)
    (claimed,) = store.claim("a", HOUR)
    dead = replace(claimed, delivered=("budi",), attempts=6, not_before=HOUR + 32, dead=True, error="smtp_refused")
    store.put_back(dead, "a")
    assert store.claim("a", HOUR + 99) == ()
    standing = replace(dead, leased_by="", leased_until=0)
    assert store.dead_letters() == ((standing,), "")
    assert store.revive(entry.entry_id) is True
    assert store.revive(entry.entry_id) is False
    assert store.revive("of no entry") is False
    assert store.dead_letters() == ((), "")
    fresh = replace(standing, attempts=0, not_before=0, dead=False, error=REVIVED)
    assert store.claim("b", HOUR) == (replace(fresh, leased_by="b", leased_until=HOUR + 1),)


def test_what_waits_for_a_digest_is_claimed_by_nobody_and_listed_for_its_agency(store):
    made = enqueue(store, 3)
    for entry, agency, hour in zip(
        store.claim("a", HOUR), ("x", "x", "y"), (HOUR + 2, HOUR + 1, HOUR + 1), strict=True
    ):
        store.put_back(replace(entry, digest=agency, not_before=hour, delivered=("budi",)), "a")
    assert (store.claim("a", HOUR + 99), store.waiting()) == ((), ())
    assert store.held("x", HOUR) == ()
    (first,) = store.held("x", HOUR + 1)
    assert (first.digest, first.delivered, first.leased_by) == ("x", ("budi",), "")
    assert ids((*store.held("x", HOUR + 2), *store.held("y", HOUR + 2))) == ids(made)
    assert [entry.not_before for entry in store.held("x", HOUR + 2)] == [HOUR + 1, HOUR + 2]
    store.put_back(replace(first, not_before=HOUR + 9), "b")  # it is nobody's
    store.settle(first.entry_id, "b")
    assert first in store.held("x", HOUR + 2)
    store.put_back(replace(first, not_before=HOUR + 9), "")
    assert len(store.held("x", HOUR + 2)) == 1
    store.settle(first.entry_id, "")
    assert len(store.held("x", HOUR + 99)) == 1


def test_dead_letters_come_in_pages(store):
    made = enqueue(store, 5)
    for entry in store.claim("a", HOUR):
        store.put_back(replace(entry, dead=True), "a")
    pages = all_pages(lambda after: store.dead_letters(after, limit=2))
    assert [len(page) for page in pages] == [2, 2, 1]
    assert ids(entry for page in pages for entry in page) == ids(made)


def test_a_page_that_holds_the_last_dead_letters_names_no_further_one(store):
    enqueue(store, 2)
    for entry in store.claim("a", HOUR):
        store.put_back(replace(entry, dead=True), "a")
    pages = all_pages(lambda after: store.dead_letters(after, limit=2))
    assert [len(page) for page in pages] == [2]


def digest(**changes):
    values = {"entry_id": "karantina-64.08.dinas-a-494003", "notice": Notice.QUARANTINED, "count": 1}
    return make_entry(**values | changes)


def test_a_tally_puts_one_entry_and_counts_on_it(store):
    first = digest(not_before=HOUR)
    store.tally(first)
    for _ in range(3):
        store.tally(digest(not_before=HOUR + 7, agency="another", count=2))
    store.tally(digest(entry_id="another", not_before=HOUR + 1))
    store.enqueue(digest(count=50))  # an entry of this id stands
    assert store.claim("a", HOUR - 1) == ()
    assert store.claim("a", HOUR) == (replace(first, count=7, leased_by="a", leased_until=HOUR + 1),)


def test_a_tally_disturbs_no_entry_that_is_under_way(store):
    store.tally(digest())
    (claimed,) = store.claim("a", HOUR)
    store.tally(digest(not_before=HOUR + 9))
    assert store.claim("b", HOUR + 1) == ()  # leased as before
    back = replace(claimed, delivered=("budi",), attempts=2, not_before=HOUR + 4, error="smtp_busy")
    store.put_back(back, "a")  # by somebody who knows of one only
    store.tally(digest(count=3))
    assert store.claim("b", HOUR + 3) == ()  # put back as before
    (again,) = store.claim("b", HOUR + 4)
    assert again == replace(back, count=5, leased_by="b", leased_until=HOUR + 5)
    store.settle(again.entry_id, "b")
    store.tally(digest())
    assert [entry.count for entry in store.claim("b", HOUR)] == [1]


def test_a_tally_counts_on_a_dead_letter_too(store):
    for name in "xyz":
        store.tally(digest(entry_id=f"karantina-64.08.{name}"))
    for entry in store.claim("a", HOUR):
        store.put_back(replace(entry, dead=True), "a")
    store.tally(digest(entry_id="karantina-64.08.x"))
    assert store.claim("a", HOUR + 99) == ()
    pages = all_pages(lambda after: store.dead_letters(after, limit=2))
    assert [[entry.count for entry in page] for page in pages] == [[2, 1], [1]]
    assert store.revive("karantina-64.08.x") is True
    assert [entry.count for entry in store.claim("a", HOUR)] == [2]


@pytest.mark.parametrize("engine", PARALLEL, indirect=True)
def test_tallies_at_once_lose_none(store):
    answers = at_once(8, lambda _: [store.tally(digest()) for _ in range(5)])
    assert answers == [[None] * 5] * 8
    assert [entry.count for entry in store.claim("a", HOUR)] == [40]


def test_what_waits_is_shown_in_the_order_of_turns_and_leased_to_nobody(store):
    (later,) = enqueue(store, not_before=HOUR + 9)
    fresh = enqueue(store, 3)
    for entry in store.claim("a", HOUR, limit=1):
        leased = entry
    (dead,) = store.claim("a", HOUR, limit=1)
    store.put_back(replace(dead, dead=True), "a")
    seen = store.waiting()
    (left,) = (entry for entry in fresh if entry.entry_id not in {leased.entry_id, dead.entry_id})
    assert seen == (left, leased, later)
    assert store.waiting(2) == (left, leased)
    assert store.claim("b", HOUR) == (replace(left, leased_by="b", leased_until=HOUR + 1),)


def test_what_is_sealed_in_an_entry_is_replaced_whoever_has_it_in_hand(store):
    free, held, dead = (
        make_entry(notice=Notice.TEXTED, sealed=b"a number", words=b"a text", dead=dead)
        for dead in (False, False, True)
    )
    store.enqueue(held)
    (leased,) = store.claim("a", HOUR)
    store.enqueue(free)
    store.enqueue(dead)
    for entry, stands in ((free, free), (held, leased), (dead, dead)):
        assert store.reseal_entry(entry.entry_id, "sealed", b"a number", b"anew")
        assert not store.reseal_entry(entry.entry_id, "words", b"another text", b"anew")
        assert store.read_entry(entry.entry_id) == replace(stands, sealed=b"anew")
    assert not store.reseal_entry(make_entry().entry_id, "sealed", b"", b"anew")
    assert store.settle(held.entry_id, "a")

"""What every engine does with a case that goes to another instance, and with asking an overseer: the same on all."""

from dataclasses import replace

import pytest

from functions.casework.case import Lift
from functions.storage.interface import Append, Scope, VersionConflictError
from tests.storage.examples import INSTANCE, OTHER, following, make_event, make_identity, put_case

THERE, DESK = "64.74", "64.74"


def shown(store, scope, code):
    return [head.case_id for head in store.page(scope, code).heads]


def moved(head, **changes):
    """The append that gives a case to another instance."""
    place = {"instance": THERE, "holder": DESK, "origin": INSTANCE, "key_id": "there-1", "wrap_desk": b"for there"}
    return following(head, **place | changes)


def test_it_stands_in_the_listings_of_the_other_and_comes_back_whole(store):
    head = put_case(store)
    change = moved(head)
    store.append(change, 1)
    assert store.read_case(head.case_id).head == change.head
    assert (shown(store, Scope.INSTANCE, INSTANCE), shown(store, Scope.INSTANCE, THERE)) == ([], [head.case_id])
    assert shown(store, Scope.HOLDER, DESK) == [head.case_id]


def test_a_rotation_of_the_old_key_between_reading_and_writing_does_not_matter(store):
    """What is written is sealed to another key than the retired one: it may go in, and nothing puts the old wrap back."""
    head = put_case(store)
    store.rewrap(head.case_id, "desk-1", "desk-2", b"anew")
    store.append(moved(head), 1)
    now = store.read_head(head.case_id)
    assert (now.wraps.key_id, now.wraps.desk) == ("there-1", b"for there")
    with pytest.raises(VersionConflictError):
        store.rewrap(head.case_id, "desk-2", "desk-3", b"too late")


def test_a_rotation_of_the_new_key_afterwards_is_held_to(store):
    head = put_case(store)
    first = moved(head)
    store.append(first, 1)
    store.rewrap(head.case_id, "there-1", "there-2", b"anew there")
    with pytest.raises(VersionConflictError):
        store.append(following(first.head), 2)  # read before: would put the retired wrap back
    store.append(following(store.read_head(head.case_id), instance=INSTANCE, origin="", key_id="desk-9"), 2)
    assert store.read_head(head.case_id).wraps.key_id == "desk-9"


def test_an_identity_stays_with_the_instance_it_was_entrusted_to(store):
    head = put_case(store)
    first = moved(head)
    store.append(first, 1)
    identity = make_identity(case_id=head.case_id, instance=INSTANCE)
    second = following(first.head)._replace(identity=identity)
    store.append(second, 2)
    assert store.page_identities(INSTANCE)[0] == (identity,)
    assert store.page_identities(THERE)[0] == ()
    wrong = replace(identity, instance=THERE, version=2)
    with pytest.raises(ValueError, match="another case"):
        store.append(Append(replace(second.head, version=4), (make_event(4),), (), wrong), 3)


def test_what_waits_for_an_overseer_is_found_with_him_until_he_decided(store):
    head = put_case(store)
    asked = following(head, lift=Lift.ASKED, lift_by=OTHER)
    store.append(asked, 1)
    assert shown(store, Scope.ASKED, OTHER) == [head.case_id]
    store.append(following(asked.head, lift=Lift.LIFTED, lift_by=""), 2)
    assert shown(store, Scope.ASKED, OTHER) == []

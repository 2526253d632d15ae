"""What every engine does with used links and revocations, the same on all."""

from dataclasses import replace
from secrets import token_bytes

import pytest

from functions.storage.interface import Revocation
from tests.storage.conftest import PARALLEL
from tests.storage.examples import FAR, at_once, make_use


def test_the_first_browser_keeps_the_link(store):
    use = make_use(case_id="4F7K-2M9Q-XR3D")
    assert store.read_link_use(use.link_id) is None
    assert store.use_link(use) == use
    other = replace(use, secret_hash=token_bytes(32), officer="sari", expires=FAR + 60)
    assert store.use_link(other) == use
    assert store.read_link_use(use.link_id) == use


def test_the_same_browser_renews_its_session(store):
    use = make_use()
    store.use_link(use)
    later = replace(use, expires=use.expires + 600, role="coordinator")
    assert store.use_link(later) == later
    assert store.read_link_use(use.link_id) == later


@pytest.mark.parametrize("engine", PARALLEL, indirect=True)
def test_of_two_browsers_at_once_one_gets_the_link(store):
    use = make_use()
    rivals = [replace(use, secret_hash=token_bytes(32)) for _ in range(6)]
    answers = at_once(6, lambda i: store.use_link(rivals[i]))
    assert len(set(answers)) == 1
    assert answers[0] in rivals
    assert store.read_link_use(use.link_id) == answers[0]


def test_a_link_that_was_logged_out_stays_used(store):
    use = make_use()
    store.use_link(use)
    store.end_link_use(use.link_id)
    store.end_link_use("of no link")
    ended = replace(use, secret_hash=b"")
    assert store.read_link_use(use.link_id) == ended
    assert store.use_link(use) == ended
    assert store.read_link_use("of no link") is None
    with pytest.raises(ValueError, match="hash of its secret"):
        store.use_link(ended)


def test_a_use_outlives_its_session_as_long_as_the_link(store):
    # A session of hours, a link of weeks: the link must not open for a second browser in between.
    first = make_use(expires=FAR)
    store.use_link(first)
    store.use_link(make_use(expires=FAR + 32 * 86400))
    rival = replace(first, secret_hash=token_bytes(32), expires=FAR + 32 * 86400)
    assert store.use_link(rival) == first


def test_revocations_only_ever_grow(store):
    subjects = ("link:l1", "officer:budi", "agency:a")
    assert store.revoked(subjects) == {}
    store.revoke(Revocation("officer:budi", 1000))
    store.revoke(Revocation("agency:a", 500))
    assert store.revoked(subjects) == {"officer:budi": 1000, "agency:a": 500}
    store.revoke(Revocation("officer:budi", 900))
    store.revoke(Revocation("agency:a", 501))
    assert store.revoked(subjects) == {"officer:budi": 1000, "agency:a": 501}
    assert store.revoked(("link:l1",)) == {}
    assert store.revoked(()) == {}


def test_any_number_of_subjects_may_be_asked_for(store):
    store.revoke(Revocation("officer:150", 7))
    asked = [f"officer:{i}" for i in range(160)]
    assert store.revoked(asked + asked) == {"officer:150": 7}


@pytest.mark.parametrize("engine", PARALLEL, indirect=True)
def test_of_two_answers_to_one_challenge_one_counts(store):
    use = make_use()
    store.use_link(use)
    asked = replace(use, challenge=token_bytes(32))
    assert store.change_link_use(use, asked)
    answers = [replace(asked, challenge=b"", opened=500_000, proof=f"passkey{i}") for i in range(6)]
    assert sorted(at_once(6, lambda i: store.change_link_use(asked, answers[i]))) == [False] * 5 + [True]
    assert store.read_link_use(use.link_id) in answers
    assert not store.change_link_use(asked, replace(asked, opened=1))  # the challenge is gone


def test_an_ended_session_or_another_browsers_is_not_changed(store):
    use = make_use()
    store.use_link(use)
    assert not store.change_link_use(replace(use, secret_hash=token_bytes(32)), replace(use, opened=500_000))
    store.end_link_use(use.link_id)
    assert not store.change_link_use(use, replace(use, opened=500_000))
    assert store.read_link_use(use.link_id).opened == 0
    with pytest.raises(ValueError, match="hash of its secret"):
        store.change_link_use(replace(use, secret_hash=b""), use)

"""What every engine does with sealed identities, the same on all."""

from base64 import urlsafe_b64decode
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from functions.casework.sealed_identity import StepKind
from functions.storage.interface import (
    Append,
    BadPageTokenError,
    CaseExistsError,
    CaseNotFoundError,
    Scope,
    StorageError,
    VersionConflictError,
)
from tests.storage.conftest import PARALLEL, QUICK
from tests.storage.examples import (
    INSTANCE,
    UNIT,
    all_pages,
    at_once,
    buried,
    following,
    identities,
    make_entry,
    make_event,
    make_head,
    make_identity,
    new_id,
    put_case,
    stepped,
)

many = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
HOUR = 494_000


def put_both(store, **changes):
    """A new case with an identity; returns its head and the identity."""
    head = make_head()
    identity = make_identity(case_id=head.case_id, **changes)
    store.create_case(head, [make_event()], [], identity)
    return head, identity


@many
@given(first=identities(1), second=identities(2))
def test_every_field_comes_back(store, first, second):
    store.write_identity(first)
    assert store.read_identity(first.case_id) == first
    second = replace(second, case_id=first.case_id)
    store.write_identity(second)
    assert store.read_identity(first.case_id) == second
    listed, _ = store.page_identities(second.instance, limit=1000)
    assert listed.count(second) == 1


def test_shares_rest_apart_stay_with_each_step_and_go_with_the_name(store):
    head, identity = put_both(store, wrap_talk=b"t" * 61, shares=b"s" * 6_000)
    assert store.read_identity(head.case_id) == replace(identity, shares=b"")
    assert store.page_identities(identity.instance)[0][0].shares == b""
    assert store.read_shares(head.case_id) == identity.shares
    asked = stepped(store.read_identity(head.case_id), StepKind.ASKED, passes=b"p" * 4_000)
    store.write_identity(asked)
    assert (store.read_shares(head.case_id), store.read_identity(head.case_id)) == (identity.shares, asked)
    moved = stepped(asked, StepKind.AGREED, shares=b"n" * 6_000)
    store.write_identity(moved)
    assert store.read_shares(head.case_id) == moved.shares
    with pytest.raises(VersionConflictError):  # together or not at all
        store.write_identity(replace(asked, shares=b"x"))
    assert store.read_shares(head.case_id) == moved.shares
    store.write_identity(stepped(replace(moved, shares=b""), StepKind.WITHDRAWN, sealed=b"", wrap_talk=b"", passes=b""))
    assert store.read_shares(head.case_id) == store.read_shares(new_id()) == b""
    head, identity = put_both(store, shares=b"s" * 6_000)
    store.shred(buried(head), head.version)
    assert store.read_shares(head.case_id) == b""


def test_whether_a_request_waits(store):
    head, identity = put_both(store)
    assert store.identity_waits(head.case_id) is False
    asked = stepped(identity, StepKind.ASKED)
    store.write_identity(asked)
    assert store.identity_waits(head.case_id) is True
    store.write_identity(stepped(asked, StepKind.OBJECTED))
    assert store.identity_waits(head.case_id) is False
    assert store.identity_waits(new_id()) is None


def test_a_case_comes_with_its_identity_or_not_at_all(store):
    head, identity = put_both(store)
    assert store.read_identity(head.case_id) == identity
    with pytest.raises(CaseExistsError):
        store.create_case(head, [make_event()], [], make_identity(case_id=head.case_id))
    assert store.read_identity(head.case_id) == identity
    taken = make_entry()
    store.enqueue(taken)
    other = make_head()
    with pytest.raises(StorageError):
        store.create_case(other, [make_event()], [taken], make_identity(case_id=other.case_id))
    assert store.read_identity(other.case_id) is None
    # An identity stands without its case: nothing that was begun may write over it.
    alone = make_identity()
    store.write_identity(alone)
    rival = make_identity(case_id=alone.case_id)
    with pytest.raises(VersionConflictError):
        store.create_case(make_head(case_id=alone.case_id), [make_event()], [make_entry()], rival)
    with pytest.raises(CaseNotFoundError):
        store.read_head(alone.case_id)
    assert store.read_identity(alone.case_id) == alone
    assert [entry.entry_id for entry in store.claim("w", HOUR)] == [taken.entry_id]


def test_a_case_without_one_has_none(store):
    assert store.read_identity(put_case(store).case_id) is None
    assert store.read_identity(new_id()) is None
    assert store.page_identities(INSTANCE) == ((), "")


def test_an_append_changes_the_identity_with_the_case_or_neither(store):
    head, identity = put_both(store)
    objected = stepped(identity, StepKind.OBJECTED)
    store.append(following(head)._replace(identity=objected), 1)
    assert store.read_identity(head.case_id) == objected
    standing = store.read_case(head.case_id)
    stale = stepped(identity, StepKind.WITHDRAWN, sealed=b"")
    with pytest.raises(VersionConflictError):
        store.append(following(standing.head, outbox=[make_entry()])._replace(identity=stale), 2)
    with pytest.raises(VersionConflictError):
        store.append(following(head)._replace(identity=stepped(objected, StepKind.WITHDRAWN)), 1)
    assert store.read_case(head.case_id) == standing
    assert store.read_identity(head.case_id) == objected
    assert store.claim("w", HOUR) == ()
    withdrawn = stepped(objected, StepKind.WITHDRAWN, sealed=b"")
    store.append(following(standing.head)._replace(identity=withdrawn), 2)
    assert store.read_identity(head.case_id) == withdrawn


@pytest.mark.parametrize("engine", QUICK, indirect=True)
@pytest.mark.parametrize("wrong", [{}, {"instance": "64.09"}])
def test_an_identity_of_another_case_is_refused(store, wrong):
    head = make_head()
    identity = make_identity(**wrong | ({"case_id": head.case_id} if wrong else {}))
    with pytest.raises(ValueError, match="another case"):
        store.create_case(head, [make_event()], [], identity)
    put_case(store, case_id=head.case_id)
    change = following(head)
    with pytest.raises(ValueError, match="another case"):
        store.append(Append(change.head, change.events, identity=identity), 1)
    assert store.read_head(head.case_id).version == 1


def test_a_write_of_another_version_writes_nothing(store):
    _, identity = put_both(store)
    for version in (1, 3):
        with pytest.raises(VersionConflictError):
            store.write_identity(replace(identity, version=version, sealed=b"other"), [make_entry()])
    with pytest.raises(VersionConflictError):
        store.write_identity(make_identity(version=2), [make_entry()])
    taken = make_entry()
    store.enqueue(taken)
    with pytest.raises(StorageError) as caught:
        store.write_identity(stepped(identity, StepKind.ASKED), [make_entry(), taken])
    assert not isinstance(caught.value, VersionConflictError)
    assert store.read_identity(identity.case_id) == identity
    assert [entry.entry_id for entry in store.claim("w", HOUR)] == [taken.entry_id]


def test_a_write_announces_itself(store):
    _, identity = put_both(store)
    entry = make_entry(case_id=identity.case_id, sealed=b"an address")
    asked = stepped(identity, StepKind.ASKED)
    store.write_identity(asked, [entry])
    assert store.read_identity(identity.case_id) == asked
    assert [claimed.entry_id for claimed in store.claim("w", HOUR)] == [entry.entry_id]


@pytest.mark.parametrize("engine", PARALLEL, indirect=True)
def test_of_two_custodians_at_once_one_is_first(store):
    _, identity = put_both(store)
    rivals = [stepped(identity, StepKind.ASKED) for _ in range(6)]
    answers = at_once(6, lambda i: store.write_identity(rivals[i]))
    winners = [i for i, answer in enumerate(answers) if answer is None]
    assert len(winners) == 1
    losers = [answer for answer in answers if answer is not None]
    assert all(isinstance(answer, VersionConflictError) for answer in losers), losers
    assert store.read_identity(identity.case_id) == rivals[winners[0]]


def test_what_waits_for_a_second_custodian_comes_first(store):
    quiet = [put_both(store)[1] for _ in range(4)]
    waiting = [put_both(store)[1] for _ in range(3)]
    for identity in waiting:
        store.write_identity(stepped(identity, StepKind.ASKED))
    store.write_identity(make_identity(instance="64.09"))
    pages = all_pages(lambda after: store.page_identities(INSTANCE, after, limit=2))
    assert [len(page) for page in pages] == [2, 2, 2, 1]
    listed = [identity for page in pages for identity in page]
    assert [identity.pending for identity in listed] == [True] * 3 + [False] * 4
    assert {identity.case_id for identity in listed} == {each.case_id for each in quiet + waiting}
    opened = stepped(stepped(waiting[0], StepKind.ASKED), StepKind.OPENED)
    store.write_identity(opened)
    assert [identity.pending for identity in store.page_identities(INSTANCE)[0]] == [True] * 2 + [False] * 5
    assert len(store.page(Scope.HOLDER, UNIT).heads) == 7  # and the inbox shows cases only


@pytest.mark.parametrize("engine", QUICK, indirect=True)
def test_a_token_names_no_case_and_is_good_for_its_own_listing_only(store):
    ids = [put_both(store)[0].case_id for _ in range(3)]
    found, token = store.page_identities(INSTANCE, limit=2)
    plain = urlsafe_b64decode(token + "==").decode()
    assert not any(case_id in plain for case_id in ids)
    assert {identity.case_id for identity in found + store.page_identities(INSTANCE, token)[0]} == set(ids)
    cases = store.page(Scope.INSTANCE, INSTANCE, limit=2).next
    for instance, bad in (("64.09", token), (INSTANCE, cases), (INSTANCE, "x"), (INSTANCE, token + "AAAA")):
        with pytest.raises(BadPageTokenError):
            store.page_identities(instance, bad)
    with pytest.raises(BadPageTokenError):
        store.page(Scope.INSTANCE, INSTANCE, token)

"""The rules of an identity left in trust: two of different agencies, the reporter's days, and what ends a request."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework import sealed_identity
from functions.casework.access import Viewer
from functions.casework.directory.agencies import Role
from functions.casework.sealed_identity import Identity, IdentityStep, StepKind, TrustProblem, TrustState

TODAY = date(2026, 11, 25)  # a Wednesday
ENDS = date(2026, 11, 30)  # Thursday, Friday, Monday
ANI = Viewer("ani", "inspektorat", Role.CUSTODIAN)
BUDI = Viewer("budi", "bkpsdm", Role.CUSTODIAN)
CICI = Viewer("cici", "inspektorat", Role.CUSTODIAN)
DEDI = Viewer("dedi", "setda", Role.CUSTODIAN)


def left() -> Identity:
    step = IdentityStep(1, StepKind.LEFT, "", "", TODAY)
    return Identity("4F7K-2M9Q-XR3D", "kutim", "00" * 8, b"r", b"c", b"s", steps=(step,))


def asked(identity: Identity | None = None, on: date = TODAY) -> Identity:
    return sealed_identity.stepped(identity or left(), StepKind.ASKED, on, ANI, b"mengapa")


def opened(on: date = TODAY) -> Identity:
    return sealed_identity.stepped(asked(), StepKind.OPENED, on, BUDI, b"ya")


def code(act: object, *args: object) -> str:
    with pytest.raises(TrustProblem) as caught:
        act(*args)  # type: ignore[operator]
    return caught.value.code


def test_a_step_counts_version_and_number_and_names_its_author() -> None:
    after = asked()
    assert (after.version, after.steps[-1]) == (
        2,
        IdentityStep(2, StepKind.ASKED, "ani", "inspektorat", TODAY, b"mengapa"),
    )
    assert sealed_identity.stepped(after, StepKind.OBJECTED, TODAY).steps[-1].by == ""


def test_the_reporters_days_are_working_days_after_the_request() -> None:
    assert sealed_identity.objection_ends(asked(), 3) == ENDS
    assert sealed_identity.objection_ends(asked(), 3, {date(2026, 11, 26)}) == date(2026, 12, 1)
    assert code(sealed_identity.objection_ends, left(), 3) == "identity_not_pending"


def test_one_request_at_a_time_and_none_for_what_was_withdrawn() -> None:
    sealed_identity.check_ask(left(), ANI)
    sealed_identity.check_ask(opened(), ANI)
    assert code(sealed_identity.check_ask, asked(), BUDI) == "identity_pending"
    assert code(sealed_identity.check_ask, sealed_identity.withdrawn(left(), TODAY), ANI) == "identity_withdrawn"


def test_whom_the_reporter_refused_does_not_ask_again_before_another_has() -> None:
    refused = sealed_identity.stepped(asked(), StepKind.OBJECTED, TODAY)
    for viewer in (ANI, CICI):
        assert code(sealed_identity.check_ask, refused, viewer) == "identity_objected"
    sealed_identity.check_ask(refused, BUDI)
    other = sealed_identity.stepped(refused, StepKind.ASKED, TODAY, BUDI)
    again = sealed_identity.stepped(other, StepKind.OBJECTED, TODAY)
    sealed_identity.check_ask(again, ANI)
    assert code(sealed_identity.check_ask, again, BUDI) == "identity_objected"


@pytest.mark.parametrize("viewer", [ANI, CICI])
def test_neither_who_asked_nor_his_agency_decides(viewer: Viewer) -> None:
    assert code(sealed_identity.check_second, asked(), viewer) == "identity_second"
    assert code(sealed_identity.check_open, asked(), viewer, ENDS + timedelta(days=30), ENDS) == "identity_second"


def test_another_may_refuse_at_once_but_open_only_after_the_reporters_days() -> None:
    sealed_identity.check_second(asked(), BUDI)
    for day in (TODAY, ENDS):
        assert code(sealed_identity.check_open, asked(), BUDI, day, ENDS) == "identity_early"
    sealed_identity.check_open(asked(), BUDI, ENDS + timedelta(days=1), ENDS)


@pytest.mark.parametrize("end", [StepKind.OBJECTED, StepKind.REFUSED, StepKind.OPENED])
def test_whatever_answers_a_request_ends_it(end: StepKind) -> None:
    after = sealed_identity.stepped(asked(), end, TODAY, None if end is StepKind.OBJECTED else BUDI)
    assert not after.pending
    assert code(sealed_identity.check_pending, after) == "identity_not_pending"
    assert code(sealed_identity.check_open, after, BUDI, ENDS + timedelta(days=1), ENDS) == "identity_not_pending"
    sealed_identity.check_ask(after, BUDI)


def test_only_the_two_who_opened_it_read_it_and_for_fourteen_days() -> None:
    for viewer in (ANI, BUDI):
        assert sealed_identity.readable_until(opened(), viewer.officer) == TODAY + timedelta(days=14)
        assert sealed_identity.may_read(opened(), viewer.officer, TODAY + timedelta(days=14))
        assert not sealed_identity.may_read(opened(), viewer.officer, TODAY + timedelta(days=15))
    for viewer in (CICI, DEDI):
        assert not sealed_identity.may_read(opened(), viewer.officer, TODAY)


@pytest.mark.parametrize("identity", [left(), asked(), sealed_identity.stepped(asked(), StepKind.REFUSED, TODAY, BUDI)])
def test_before_it_is_opened_nobody_reads(identity: Identity) -> None:
    assert not [v for v in (ANI, BUDI, CICI, DEDI) if sealed_identity.may_read(identity, v.officer, TODAY)]


def test_a_reading_is_known_until_the_next_opening() -> None:
    read = sealed_identity.stepped(opened(), StepKind.READ, TODAY, ANI)
    assert sealed_identity.read_before(read, "ani")
    assert not sealed_identity.read_before(read, "budi")
    again = sealed_identity.stepped(
        sealed_identity.stepped(read, StepKind.ASKED, TODAY, BUDI), StepKind.OPENED, TODAY, ANI
    )
    assert not sealed_identity.read_before(again, "ani")


def test_a_first_reading_waits_for_a_request_that_waits_since_its_step_would_end_it() -> None:
    waiting = sealed_identity.stepped(opened(), StepKind.ASKED, TODAY, DEDI)
    assert not sealed_identity.may_read(waiting, "ani", TODAY)
    read = sealed_identity.stepped(
        sealed_identity.stepped(opened(), StepKind.READ, TODAY, ANI), StepKind.ASKED, TODAY, DEDI
    )
    assert sealed_identity.may_read(read, "ani", TODAY)
    assert read.pending


def test_withdrawing_empties_all_that_was_sealed_at_any_time() -> None:
    for identity in (left(), asked(), opened()):
        gone = sealed_identity.withdrawn(identity, TODAY)
        assert (gone.sealed, gone.wrap_receipt, gone.wrap_custody) == (b"", b"", b"")
        assert not [step for step in gone.steps if step.sealed]
        assert gone.steps[-1].kind is StepKind.WITHDRAWN
        assert sealed_identity.trust_state(gone) is TrustState.WITHDRAWN
        assert not sealed_identity.may_read(gone, "ani", TODAY)
        assert code(sealed_identity.withdrawn, gone, TODAY) == "identity_withdrawn"
        assert code(sealed_identity.check_pending, gone) == "identity_withdrawn"


def test_what_is_left_again_keeps_its_history_and_nobodys_right_to_read() -> None:
    gone = sealed_identity.withdrawn(opened(), TODAY)
    again = sealed_identity.left_again(gone, left())
    assert [step.n for step in again.steps] == [1, 2, 3, 4, 5]
    assert again.version == gone.version + 1
    assert sealed_identity.trust_state(again) is TrustState.SEALED
    assert sealed_identity.readable_until(again, "ani") is None
    assert code(sealed_identity.left_again, left(), left()) == "identity_left"


@pytest.mark.parametrize(
    ("identity", "state"), [(left(), "sealed"), (asked(), "asked"), (opened(), "opened"), (asked(opened()), "asked")]
)
def test_where_it_stands(identity: Identity, state: str) -> None:
    assert sealed_identity.trust_state(identity) == state


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["ask", "object", "refuse", "open", "read", "withdraw", "wait"]),
        st.sampled_from([ANI, BUDI, CICI, DEDI]),
    ),
    max_size=25,
)


@given(MOVES)
def test_no_order_of_acts_shows_a_name_that_two_agencies_did_not_open(moves: list[tuple[str, Viewer]]) -> None:
    """Whatever is tried, who reads it took part in an opening by two agencies, after the reporter's days."""
    identity, today = left(), TODAY
    for act, viewer in moves:
        if act == "wait":
            today += timedelta(days=2)
            continue
        try:
            identity = _tried(identity, act, viewer, today)
        except TrustProblem:
            continue
    for viewer in (ANI, BUDI, CICI, DEDI):
        if sealed_identity.may_read(identity, viewer.officer, today):
            pairs = list(zip(identity.steps, identity.steps[1:], strict=False))
            good = [
                step
                for request, step in pairs
                if step.kind is StepKind.OPENED
                and request.kind is StepKind.ASKED
                and request.agency != step.agency
                and viewer.officer in (request.by, step.by)
                and step.on > sealed_identity.objection_ends(_until(identity, request.n), 3)
                and today <= step.on + timedelta(days=14)
            ]
            assert good
            assert identity.sealed


def _tried(identity: Identity, act: str, viewer: Viewer, today: date) -> Identity:
    kinds = {"ask": "asked", "object": "objected", "refuse": "refused", "open": "opened", "read": "read"}
    if act == "withdraw":
        return sealed_identity.withdrawn(identity, today)
    if act == "ask":
        sealed_identity.check_ask(identity, viewer)
    elif act == "object":
        sealed_identity.check_pending(identity)
    elif act == "refuse":
        sealed_identity.check_second(identity, viewer)
    elif act == "open":
        sealed_identity.check_second(identity, viewer)
        sealed_identity.check_open(identity, viewer, today, sealed_identity.objection_ends(identity, 3))
    elif not sealed_identity.may_read(identity, viewer.officer, today) or sealed_identity.read_before(
        identity, viewer.officer
    ):
        return identity
    return sealed_identity.stepped(identity, StepKind(kinds[act]), today, None if act == "object" else viewer)


def _until(identity: Identity, n: int) -> Identity:
    return replace(identity, steps=identity.steps[:n])

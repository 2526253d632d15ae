"""The rules of an identity left in trust: the reporter's yes, two of different agencies, and what ends a request."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework import sealed_identity
from functions.casework.access import Viewer
from functions.casework.consent import identity_request
from functions.casework.consent.identity_request import Danger
from functions.casework.directory.agencies import Role
from functions.casework.sealed_identity import ANSWERS, Identity, IdentityStep, ReadStep, StepKind, TrustProblem

TODAY = date(2026, 11, 25)  # a Wednesday
ENDS = date(2026, 12, 4)  # seven working days later, a Friday
ANI = Viewer("ani", "inspektorat", Role.CUSTODIAN)
BUDI = Viewer("budi", "bkpsdm", Role.CUSTODIAN)
CICI = Viewer("cici", "inspektorat", Role.CUSTODIAN)
DEDI = Viewer("dedi", "setda", Role.CUSTODIAN)
SEKDA = Viewer("sekda", "kutim", Role.OVERSEER)
Told = tuple[Identity, tuple[ReadStep, ...]]


def left() -> Told:
    step = IdentityStep(1, StepKind.LEFT, "", "", TODAY)
    identity = Identity("4F7K-2M9Q-XR3D", "kutim", "00" * 8, b"r", b"c", b"s", steps=(step,))
    return identity, (ReadStep(1, StepKind.LEFT, "", "", TODAY),)


def then(
    told: Told, kind: StepKind, by: Viewer | None = None, *, on: date = TODAY, danger: str = "", request: int = 0
) -> Told:
    """What it is after one more step, as somebody with its key reads it."""
    identity = sealed_identity.stepped(told[0], kind, on, by, b"sealed")
    last = identity.steps[-1]
    step = ReadStep(last.n, kind, last.by, last.agency, on, "mengapa", danger, request)
    return identity, (*told[1], step)


def asked(danger: str = "", told: Told | None = None, by: Viewer = ANI) -> Told:
    return then(told or left(), StepKind.ASKED, by, danger=danger)


def agreed(told: Told | None = None) -> Told:
    found = told or asked()
    return then(found, StepKind.AGREED, request=identity_request.waiting(found[1]).n)


def opened() -> Told:
    return then(agreed(), StepKind.OPENED, BUDI)


def code(act: object, *args: object) -> str:
    with pytest.raises(TrustProblem) as caught:
        act(*args)  # type: ignore[operator]
    return caught.value.code


def may_open(told: Told, viewer: Viewer = BUDI, today: date = TODAY) -> str:
    """The code of what forbids it, "" if nothing does."""
    ends = identity_request.silence_ends(identity_request.waiting(told[1]), 7)
    try:
        identity_request.check_open(*told, viewer, today, ends)
    except TrustProblem as problem:
        return problem.code
    return ""


def test_a_step_counts_version_and_number_and_names_its_author() -> None:
    after, _ = asked()
    assert (after.version, after.steps[-1]) == (
        2,
        IdentityStep(2, StepKind.ASKED, "ani", "inspektorat", TODAY, b"sealed"),
    )
    assert sealed_identity.stepped(after, StepKind.OBJECTED, TODAY).steps[-1].by == ""


@pytest.mark.parametrize("days", [0, 3, 4, 30, 4000])
def test_silence_opens_nothing_however_long_it_lasts(days: int) -> None:
    assert may_open(asked(), today=TODAY + timedelta(days=days)) == "identity_no_yes"


def test_a_yes_lets_another_agency_open_at_once() -> None:
    assert may_open(agreed()) == ""
    for viewer in (ANI, CICI):
        assert may_open(agreed(), viewer) == "identity_second"
    assert may_open(agreed(), SEKDA) == "identity_role"


def test_a_yes_taken_back_is_none_and_may_be_said_again() -> None:
    back = then(agreed(), StepKind.UNDECIDED, request=2)
    assert may_open(back, today=TODAY + timedelta(days=400)) == "identity_no_yes"
    assert may_open(agreed(back)) == ""


def test_a_yes_to_an_earlier_request_says_nothing_about_another() -> None:
    ended = then(agreed(), StepKind.REFUSED, BUDI)
    fresh = asked(told=ended)
    assert may_open(fresh) == "identity_no_yes"
    assert may_open(then(fresh, StepKind.AGREED, request=2)) == "identity_no_yes"  # moved below another request
    assert code(identity_request.check_answer, *fresh, 2) == "identity_other"
    assert identity_request.check_answer(*fresh, 5).n == 5


def test_an_answer_that_is_not_what_its_seal_says_opens_nothing() -> None:
    identity, steps = agreed()
    assert may_open((identity, (*steps[:-1], steps[-1]._replace(whole=False)))) == "identity_broken"
    assert may_open((identity, (steps[0], steps[1]._replace(whole=False), steps[2]))) == "identity_broken"


def test_a_danger_wants_the_days_and_an_overseer_besides_two_custodians() -> None:
    told = asked(Danger.THREAT)
    assert may_open(told, today=ENDS) == "identity_early"
    late = ENDS + timedelta(days=1)
    assert may_open(told, today=late) == "identity_overseer"
    endorsed = then(told, StepKind.ENDORSED, SEKDA, request=2)
    assert may_open(endorsed, today=ENDS) == "identity_early"
    assert may_open(endorsed, today=late) == ""
    assert may_open(endorsed, ANI, late) == "identity_second"
    assert may_open(agreed(told)) == ""  # a yes needs neither


def test_an_overseer_decides_on_dangers_alone_and_once() -> None:
    identity_request.check_endorse(*asked(Danger.HEALTH), SEKDA)
    assert code(identity_request.check_endorse, *asked(), SEKDA) == "identity_no_danger"
    assert code(identity_request.check_endorse, *asked(Danger.HEALTH), BUDI) == "identity_role"
    done = then(asked(Danger.HEALTH), StepKind.ENDORSED, SEKDA, request=2)
    assert code(identity_request.check_endorse, *done, SEKDA) == "identity_endorsed"
    assert code(identity_request.check_ask, left()[0], SEKDA) == "identity_role"
    assert code(identity_request.check_refuse, *asked(Danger.HEALTH), SEKDA) == "identity_role"
    assert identity_request.overseen(asked(Danger.HEALTH)[1], "sekda")
    assert not identity_request.overseen(asked()[1], "sekda")
    assert identity_request.overseen(then(done, StepKind.REFUSED, BUDI)[1], "sekda")
    assert not identity_request.overseen(left()[1], "sekda")


def test_an_agreement_to_an_earlier_danger_counts_for_no_other() -> None:
    done = then(then(asked(Danger.HEALTH), StepKind.ENDORSED, SEKDA, request=2), StepKind.REFUSED, BUDI)
    again = asked(Danger.HEALTH, done)
    assert may_open(again, today=ENDS + timedelta(days=99)) == "identity_overseer"


def test_a_no_is_final_and_no_danger_overrules_it() -> None:
    ended = then(asked(Danger.THREAT), StepKind.OBJECTED, request=2)
    assert code(identity_request.waiting, ended[1]) == "identity_not_pending"
    assert code(identity_request.check_ask, ended[0], BUDI, Danger.THREAT) == "identity_final"
    identity_request.check_ask(ended[0], BUDI)  # who needs their yes
    again = left()[0]
    gone = sealed_identity.withdrawn(ended[0], TODAY)
    assert code(identity_request.check_ask, sealed_identity.left_again(gone, again), BUDI, Danger.THREAT) == (
        "identity_final"
    )


def test_a_yes_after_a_no_counts_for_the_request_it_is_said_to() -> None:
    ended = then(asked(), StepKind.OBJECTED, request=2)
    assert code(identity_request.check_answer, *ended, 2) == "identity_not_pending"
    assert may_open(agreed(asked(told=ended, by=BUDI)), ANI) == ""


def test_one_request_at_a_time_and_none_for_what_was_withdrawn() -> None:
    identity_request.check_ask(left()[0], ANI)
    identity_request.check_ask(opened()[0], ANI)
    for told in (asked(), agreed(), then(agreed(), StepKind.UNDECIDED, request=2)):
        assert told[0].pending
        assert code(identity_request.check_ask, told[0], BUDI) == "identity_pending"
        assert code(identity_request.check_ask, told[0], ANI) == "identity_pending"
    gone = sealed_identity.withdrawn(left()[0], TODAY)
    assert code(identity_request.check_ask, gone, ANI) == "identity_withdrawn"


def test_whom_the_reporter_refused_does_not_ask_again_before_another_has() -> None:
    refused = then(then(asked(), StepKind.AGREED, request=2), StepKind.OBJECTED, request=2)
    for viewer in (ANI, CICI):
        assert code(identity_request.check_ask, refused[0], viewer) == "identity_objected"
    again = then(asked(told=refused, by=BUDI), StepKind.OBJECTED, request=5)
    identity_request.check_ask(again[0], ANI)
    assert code(identity_request.check_ask, again[0], BUDI) == "identity_objected"


@pytest.mark.parametrize("viewer", [ANI, CICI])
def test_neither_who_asked_nor_his_agency_decides(viewer: Viewer) -> None:
    assert code(identity_request.check_refuse, *asked(), viewer) == "identity_second"
    identity_request.check_refuse(*asked(), BUDI)


@pytest.mark.parametrize("end", [StepKind.OBJECTED, StepKind.REFUSED, StepKind.OPENED])
def test_whatever_ends_a_request_ends_it(end: StepKind) -> None:
    after = then(agreed(), end, None if end is StepKind.OBJECTED else BUDI)
    assert not after[0].pending
    assert code(identity_request.check_answer, *after, 2) == "identity_not_pending"
    assert code(identity_request.check_open, *after, BUDI, ENDS, ENDS) == "identity_not_pending"
    identity_request.check_ask(after[0], BUDI)


def test_only_the_two_who_opened_it_read_it_and_for_fourteen_days() -> None:
    steps = opened()[1]
    for viewer in (ANI, BUDI):
        assert sealed_identity.readable_until(steps, viewer.officer) == TODAY + timedelta(days=14)
        assert sealed_identity.may_read(steps, viewer.officer, TODAY + timedelta(days=14))
        assert not sealed_identity.may_read(steps, viewer.officer, TODAY + timedelta(days=15))
    for viewer in (CICI, DEDI, SEKDA):
        assert not sealed_identity.may_read(steps, viewer.officer, TODAY)
    forged = (*steps[:-1], steps[-1]._replace(whole=False))
    assert not sealed_identity.may_read(forged, "budi", TODAY)


@pytest.mark.parametrize("told", [left(), asked(), agreed(), then(asked(), StepKind.REFUSED, BUDI)])
def test_before_it_is_opened_nobody_reads(told: Told) -> None:
    assert not [v for v in (ANI, BUDI, CICI, DEDI) if sealed_identity.may_read(told[1], v.officer, TODAY)]


def test_a_reading_is_known_until_the_next_opening() -> None:
    read = then(opened(), StepKind.READ, ANI)
    assert sealed_identity.read_before(read[1], "ani")
    assert not sealed_identity.read_before(read[1], "budi")
    again = then(agreed(asked(told=read, by=BUDI)), StepKind.OPENED, ANI)
    assert not sealed_identity.read_before(again[1], "ani")


def test_a_first_reading_waits_for_a_request_that_waits_since_its_step_would_end_it() -> None:
    for waiting in (asked(told=opened(), by=DEDI), agreed(asked(told=opened(), by=DEDI))):
        assert not sealed_identity.may_read(waiting[1], "ani", TODAY)
    read = asked(told=then(opened(), StepKind.READ, ANI), by=DEDI)
    assert sealed_identity.may_read(read[1], "ani", TODAY)
    assert read[0].pending


def test_withdrawing_empties_all_that_was_sealed_at_any_time() -> None:
    for told in (left(), asked(), agreed(), opened()):
        gone = sealed_identity.withdrawn(told[0], TODAY)
        assert (gone.sealed, gone.wrap_receipt, gone.wrap_custody) == (b"", b"", b"")
        assert not [step for step in gone.steps if step.sealed]
        assert gone.steps[-1].kind is StepKind.WITHDRAWN
        assert sealed_identity.trust_state(gone) == "withdrawn"
        assert code(sealed_identity.withdrawn, gone, TODAY) == "identity_withdrawn"
        assert code(identity_request.check_answer, gone, told[1], 2) == "identity_withdrawn"
        assert code(identity_request.check_open, gone, told[1], BUDI, ENDS, ENDS) == "identity_withdrawn"


def test_what_is_left_again_keeps_its_history_and_nobodys_right_to_read() -> None:
    told = then(opened(), StepKind.WITHDRAWN)
    gone = sealed_identity.withdrawn(opened()[0], TODAY)
    again = sealed_identity.left_again(gone, left()[0])
    assert [step.n for step in again.steps] == [1, 2, 3, 4, 5, 6]
    assert again.version == gone.version + 1
    assert sealed_identity.trust_state(again) == "sealed"
    assert sealed_identity.readable_until(then(told, StepKind.LEFT)[1], "ani") is None
    assert code(sealed_identity.left_again, left()[0], left()[0]) == "identity_left"


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (left(), "sealed"),
        (asked(), "asked"),
        (agreed(), "asked"),
        (opened(), "opened"),
        (asked(told=opened()), "asked"),
    ],
)
def test_where_it_stands(told: Told, state: str) -> None:
    assert sealed_identity.trust_state(told[0]) == state


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["ask", "danger", "yes", "no", "later", "refuse", "endorse", "open", "read", "wait"]),
        st.sampled_from([ANI, BUDI, CICI, DEDI, SEKDA]),
    ),
    max_size=25,
)


@given(MOVES)
def test_no_order_of_acts_shows_a_name_without_a_yes_or_a_danger_that_three_confirmed(
    moves: list[tuple[str, Viewer]],
) -> None:
    """Whatever is tried, who reads it took part in an opening by two agencies, and the reporter had said yes, or was
    silent for the days about a danger that an overseer confirmed."""
    told, today = left(), TODAY
    for act, viewer in moves:
        if act == "wait":
            today += timedelta(days=4)
            continue
        try:
            told = _tried(told, act, viewer, today)
        except TrustProblem:
            continue
    for viewer in (ANI, BUDI, CICI, DEDI, SEKDA):
        if sealed_identity.may_read(told[1], viewer.officer, today):
            assert any(_good(told[1], step, viewer, today) for step in told[1] if step.kind is StepKind.OPENED)


def _good(steps: tuple[ReadStep, ...], step: ReadStep, viewer: Viewer, today: date) -> bool:
    before = steps[: step.n - 1]
    asked = [each for each in before if each.kind is StepKind.ASKED][-1]
    since = before[asked.n :]
    said = [each.kind for each in since if each.kind in (StepKind.AGREED, StepKind.UNDECIDED)]
    refused = any(each.kind is StepKind.OBJECTED for each in before)
    endorsed = any(each.kind is StepKind.ENDORSED and each.by == "sekda" for each in since)
    silent = asked.danger and endorsed and not refused and step.on > asked.on + timedelta(days=8)
    return bool(
        {each.kind for each in since} <= ANSWERS
        and asked.agency != step.agency
        and viewer.officer in (asked.by, step.by)
        and today <= step.on + timedelta(days=14)
        and (said[-1:] == [StepKind.AGREED] or silent)
    )


def _tried(told: Told, act: str, viewer: Viewer, today: date) -> Told:
    identity, steps = told
    if act in ("ask", "danger"):
        danger = Danger.THREAT if act == "danger" else None
        identity_request.check_ask(identity, viewer, danger)
        return then(told, StepKind.ASKED, viewer, on=today, danger=danger or "")
    if act == "read":
        if not sealed_identity.may_read(steps, viewer.officer, today):
            return told
        return told if sealed_identity.read_before(steps, viewer.officer) else then(told, StepKind.READ, viewer)
    n = identity_request.waiting(steps).n
    if act in ("refuse", "endorse"):
        check, kind = {
            "refuse": (identity_request.check_refuse, StepKind.REFUSED),
            "endorse": (identity_request.check_endorse, StepKind.ENDORSED),
        }[act]
        check(identity, steps, viewer)
        return then(told, kind, viewer, on=today, request=n)
    if act in ("yes", "no", "later"):
        kinds = {"yes": StepKind.AGREED, "no": StepKind.OBJECTED, "later": StepKind.UNDECIDED}
        identity_request.check_answer(identity, steps, n)
        return then(told, kinds[act], on=today, request=n)
    ends = identity_request.silence_ends(identity_request.waiting(steps), 7)
    identity_request.check_open(identity, steps, viewer, today, ends)
    return then(told, StepKind.OPENED, viewer, on=today)


def test_holidays_are_no_days_of_silence() -> None:
    request = identity_request.waiting(asked(Danger.THREAT)[1])
    assert identity_request.silence_ends(request, 7) == ENDS
    assert identity_request.silence_ends(request, 7, {date(2026, 11, 26)}) == date(2026, 12, 7)
    assert identity_request.waiting((*asked()[1][:-1], replace_danger(asked()[1][-1]))).danger is None


def replace_danger(step: ReadStep) -> ReadStep:
    return step._replace(danger="not-one-of-the-list")

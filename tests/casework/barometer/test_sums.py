"""What one case adds to the sums, at each point of its life; and that sums add up."""

import json
from datetime import date, timedelta
from random import Random

import pytest

from functions.casework.barometer.counts import (
    AGES,
    BANDS,
    Calendar,
    Count,
    Sums,
    age_band,
    closed_in,
    cohort,
    contribution,
    from_json,
    settled,
    to_json,
    total,
)
from functions.casework.barometer.measures import measures
from functions.casework.barometer.survival import Durations
from functions.casework.case import EventKind, Kind, Outcome
from functions.casework.case_changes import answered, tombstone
from functions.casework.deadlines.workdays import workdays_between
from functions.casework.stages import OPEN, STANDING, Actor, Stage
from tests.casework.trees import a_head

CALENDAR = Calendar()
CAME = date(2026, 6, 2)  # a Tuesday
END = date(2026, 6, 30)


def open_case(**facts):
    return a_head(**{"received_on": CAME, "due": date(2026, 7, 10), "stage": Stage.DIPROSES} | facts)


def closed_case(**facts):
    plain = {"stage": Stage.SELESAI, "closed_on": date(2026, 6, 9), "closed_due": date(2026, 6, 20)}
    return open_case(**plain | {"answered_on": date(2026, 6, 4), "outcome": Outcome.DIJELASKAN} | facts)


def names(head, as_of=END):
    found = contribution(head, as_of, CALENDAR)
    assert set(found.counts.values()) <= {1}
    return set(found.counts) - {Count.RECEIVED, Count.PENGADUAN}


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        (open_case(), {Count.OPEN, Count.AGE_30}),
        (open_case(answered_on=date(2026, 6, 3)), {Count.OPEN, Count.AGE_30, Count.ANSWERED}),
        (open_case(answered_on=date(2026, 7, 1)), {Count.OPEN, Count.AGE_30}),
        (open_case(due=date(2026, 6, 29)), {Count.OPEN, Count.AGE_30, Count.OVERDUE, Count.FELL_DUE}),
        (open_case(due=date(2026, 6, 29), stage=Stage.DITAHAN), {Count.OPEN, Count.AGE_30, Count.HELD}),
        (
            open_case(due=date(2026, 6, 10), stage=Stage.DITAHAN, held_on=date(2026, 6, 29)),  # late when it was asked
            {Count.OPEN, Count.AGE_30, Count.HELD, Count.FELL_DUE},
        ),
        (
            open_case(due=date(2026, 6, 10), stage=Stage.DITAHAN, held_on=date(2026, 6, 10)),
            {Count.OPEN, Count.AGE_30, Count.HELD},
        ),
        (open_case(transferred=2), {Count.OPEN, Count.AGE_30, Count.TRANSFERRED}),
        (open_case(reopened=1), {Count.OPEN, Count.AGE_30, Count.REOPENED, Count.OPEN_AGAIN}),
        (closed_case(), {Count.CLOSED, Count.FELL_DUE, Count.ON_TIME, Count.EXPLAINED, Count.AWAITED, Count.ANSWERED}),
        (
            closed_case(closed_due=date(2026, 6, 8), lapsed=True),
            {Count.CLOSED, Count.FELL_DUE, Count.EXPLAINED, Count.LAPSED, Count.ANSWERED},
        ),
        (
            closed_case(confirmed=True, rating=4, outcome=Outcome.DIPERBAIKI),
            {Count.CLOSED, Count.FELL_DUE, Count.ON_TIME, Count.FIXED, Count.CONFIRMED, Count.ANSWERED}
            | {Count.RATED, Count.RATED_4},
        ),
        (
            closed_case(appealed=1, outcome=Outcome.SEBAGIAN, confirmed=True),
            {Count.CLOSED, Count.FELL_DUE, Count.ON_TIME, Count.PARTLY, Count.CONFIRMED, Count.ANSWERED}
            | {Count.APPEALED, Count.APPEAL_DECIDED, Count.APPEAL_UPHELD},
        ),
        (
            closed_case(stage=Stage.DIARSIPKAN, outcome=None),
            {Count.CLOSED, Count.FELL_DUE, Count.ON_TIME, Count.ARCHIVED, Count.ANSWERED},
        ),
        (tombstone(open_case(stage=Stage.DIARSIPKAN, closed_on=date(2026, 6, 9))), {Count.WITHDRAWN}),
        (
            tombstone(closed_case(confirmed=True)),
            {Count.CLOSED, Count.FELL_DUE, Count.ON_TIME, Count.EXPLAINED, Count.CONFIRMED, Count.ANSWERED},
        ),
    ],
)
def test_each_case_counts_for_what_it_is(head, wanted):
    assert names(head) == wanted


@pytest.mark.parametrize("stage", sorted(OPEN))
def test_an_open_case_past_its_deadline_is_late_at_every_stage_but_where_the_clock_stands(stage):
    found = names(open_case(stage=stage, due=CAME))
    assert Count.OPEN in found
    assert (Count.OVERDUE in found) == (stage not in STANDING)
    assert (Count.HELD in found) == (stage in STANDING)


def test_some_count_for_nothing():
    assert not contribution(open_case(quarantined=True), END, CALENDAR)
    gone = open_case(quarantined=True, stage=Stage.DIARSIPKAN, closed_on=date(2026, 6, 9))
    assert not contribution(tombstone(gone), END, CALENDAR)
    assert not contribution(open_case(), CAME - timedelta(days=1), CALENDAR)


def test_what_happened_after_the_month_has_not_happened_in_it():
    late = closed_case(due=date(2026, 6, 24), closed_on=date(2026, 7, 3), closed_due=date(2026, 6, 18))
    assert names(late) == {Count.OPEN, Count.AGE_30, Count.OVERDUE, Count.FELL_DUE, Count.ANSWERED}
    assert contribution(late, END, CALENDAR).resolve == Durations({}, {workdays_between(CAME, END): 1})


def test_who_was_opened_again_counts_in_part_and_whole_also_if_it_is_closed_when_the_clock_looks():
    late = closed_case(reopened=1, closed_on=date(2026, 7, 1))
    assert names(late) >= {Count.REOPENED, Count.OPEN_AGAIN}
    looked = measures(total(contribution(head, END, CALENDAR) for head in [late] * 30 + [closed_case()] * 20))
    assert looked.reopened == (30, 50)


def test_times_are_working_days_and_what_is_open_is_censored():
    found = contribution(closed_case(), END, CALENDAR)
    assert found.answer == Durations({workdays_between(CAME, date(2026, 6, 4)): 1}, {})
    assert found.resolve == Durations({workdays_between(CAME, date(2026, 6, 9)): 1}, {})
    waiting = contribution(open_case(), END, CALENDAR)
    assert waiting.answer == waiting.resolve == Durations({}, {workdays_between(CAME, END): 1})
    gone = contribution(tombstone(open_case(stage=Stage.DIARSIPKAN, closed_on=date(2026, 6, 9))), END, CALENDAR)
    assert gone.answer == gone.resolve == Durations({}, {workdays_between(CAME, date(2026, 6, 9)): 1})


def test_a_closed_row_from_before_the_field_was_answered_when_it_was_closed():
    old = closed_case(closed_due=None, answered_on=None)
    found = contribution(old, END, CALENDAR)
    assert found[Count.ANSWERED] == found[Count.ON_TIME] == 1
    assert found.answer == found.resolve


def test_a_settled_case_adds_the_same_for_ever_and_others_are_looked_at_again():
    for head in (closed_case(confirmed=True), closed_case(lapsed=True), closed_case(stage=Stage.DIARSIPKAN)):
        assert settled(head)
        later = contribution(head, date(2027, 6, 30), CALENDAR)
        assert later == contribution(head, END, CALENDAR)
    assert not settled(open_case())
    assert not settled(closed_case())  # its reporter may still speak
    assert settled(tombstone(closed_case()))


def test_where_a_case_belongs():
    assert (cohort(open_case()), closed_in(open_case())) == ("2026-06", "")
    assert closed_in(closed_case(closed_on=date(2026, 7, 3))) == "2026-07"
    assert closed_in(tombstone(open_case(stage=Stage.DIARSIPKAN, closed_on=END))) == ""


@pytest.mark.parametrize("own", [(), (date(2026, 6, 3), date(2026, 12, 31))])
def test_the_calendar_counts_as_the_clocks_do(own):
    random, calendar = Random(4), Calendar(own)  # noqa: S311 - invented days
    for _ in range(300):
        start = date(2025, 1, 1) + timedelta(days=random.randrange(900))
        end = start + timedelta(days=random.randrange(-5, 500))
        assert calendar.between(start, end) == workdays_between(start, end, own)


def test_ages_fall_into_bands_with_their_upper_ends():
    assert [age_band(days) for days in (0, 5, 6, 14, 15, 30, 31, 60, 61, 700)] == [
        *(AGES[0], AGES[0], AGES[1], AGES[1], AGES[2], AGES[2], AGES[3], AGES[3], AGES[4], AGES[4])
    ]
    assert len(AGES) == len(BANDS) + 1


def test_sums_add_up_are_taken_back_and_rest_as_json():
    heads = [open_case(kind=Kind.ASPIRASI), closed_case(), closed_case(confirmed=True, rating=1), open_case()]
    each = [contribution(head, END, CALENDAR) for head in heads]
    everything = total(each)
    assert everything[Count.RECEIVED] == 4
    assert everything[Count.RATED_1] == everything[Count.ASPIRASI] == 1
    assert everything[Count.DUPLICATE] == 0
    assert everything - each[1] == total([each[0], each[2], each[3]])
    text = json.dumps(to_json(everything))
    assert from_json(json.loads(text)) == everything
    assert json.dumps(to_json(total(reversed(each)))) == text  # in whatever order they came
    assert not Sums()
    with pytest.raises(ValueError):
        each[0] - each[1]
    with pytest.raises(ValueError):
        from_json({"n": {"no such count": 1}, "jawab": [[], []], "tuntas": [[], []]})


def test_the_first_answer_is_a_persons():
    before, today = open_case(), date(2026, 6, 5)

    def day(kind, by, **after):
        return answered(before, open_case(**after), kind, by, today).history.answered_on

    assert day(EventKind.MESSAGE, Actor.OFFICER) == today
    assert day(EventKind.MESSAGE, Actor.OFFICER, canned=1) is None  # a template as it is
    assert day(EventKind.MESSAGE, Actor.REPORTER) is None
    assert day(EventKind.REMIND, Actor.SYSTEM) is None
    assert day(EventKind.CLOSE, Actor.OFFICER, stage=Stage.SELESAI, canned=1) == today
    assert day(EventKind.STAGE, Actor.SYSTEM, stage=Stage.DIARSIPKAN) == today
    assert day(EventKind.MESSAGE, Actor.OFFICER, answered_on=CAME) == CAME  # the first stays

"""Deadlines: where each clock starts, and that no case is overdue the moment somebody takes it up."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.case import Kind
from functions.casework.deadlines.clocks import Deadlines, due_after, run_clock, with_due
from functions.casework.deadlines.workdays import add_workdays, is_workday, workdays_between
from functions.casework.stages import Stage
from tests.casework.trees import a_head

LIMITS = Deadlines()
RECEIVED = date(2026, 6, 2)
HANDED = date(2026, 6, 4)
TODAY = date(2026, 6, 9)


def a_head_at(head, stage):
    return replace(head, stage=stage)


@pytest.mark.parametrize(("kind", "days"), [(Kind.PENGADUAN, 14), (Kind.ASPIRASI, 14), (Kind.INFORMASI, 5)])
def test_the_end_depends_on_the_kind(kind, days):
    assert LIMITS.terms(kind).finish == days
    head = a_head(kind=kind, stage=Stage.DIDISPOSISIKAN, handed_on=HANDED, due=add_workdays(HANDED, 5))
    assert due_after(head, Stage.DIPROSES, TODAY, LIMITS) == add_workdays(HANDED, days)


def test_what_the_inspectorate_looks_into_has_sixty_days():
    head = a_head(oversight=True, stage=Stage.DIDISPOSISIKAN, handed_on=HANDED, due=add_workdays(HANDED, 5))
    assert due_after(head, Stage.DIPROSES, TODAY, LIMITS) == add_workdays(HANDED, 60)


def test_limits_are_settings():
    assert due_after(a_head(), Stage.DIALIHKAN, TODAY, Deadlines(verify=9)) == add_workdays(TODAY, 9)
    assert Deadlines(finish_informasi=7).terms(Kind.INFORMASI).finish == 7


def test_sorting_runs_from_the_day_of_receipt():
    assert due_after(a_head(), Stage.DITERIMA, TODAY, LIMITS) == add_workdays(RECEIVED, 3)


def test_verifying_renews_nothing():
    head = a_head(due=date(2026, 6, 5))
    assert due_after(head, Stage.DIVERIFIKASI, TODAY, LIMITS) == date(2026, 6, 5)


def test_a_returned_case_is_sorted_from_the_day_of_its_return():
    returned = a_head(stage=Stage.DIPROSES, handed_on=HANDED, due=add_workdays(HANDED, 14))
    due = due_after(returned, Stage.DIALIHKAN, TODAY, LIMITS)
    assert due == add_workdays(TODAY, 3)
    verified = due_after(a_head(stage=Stage.DIALIHKAN, due=due), Stage.DIVERIFIKASI, TODAY, LIMITS)
    assert verified == due


def test_the_unit_answers_first_within_its_days_from_the_hand_over():
    head = a_head(stage=Stage.DIVERIFIKASI)
    assert due_after(head, Stage.DIDISPOSISIKAN, TODAY, LIMITS) == add_workdays(TODAY, 5)


def test_the_inspectorate_counts_the_end_from_receipt_where_nothing_was_handed_over():
    head = a_head(stage=Stage.DITERIMA, due=add_workdays(RECEIVED, 3))
    assert due_after(head, Stage.DITANGGAPI, TODAY, LIMITS) == add_workdays(RECEIVED, 14)


def test_a_closed_case_gives_the_reporter_his_window():
    head = a_head(stage=Stage.DITANGGAPI, handed_on=HANDED, extended=True, due=date(2026, 9, 1))
    assert due_after(head, Stage.SELESAI, TODAY, LIMITS) == add_workdays(TODAY, 10)


@pytest.mark.parametrize("stage", [Stage.DITAHAN, Stage.DIARSIPKAN])
def test_a_held_case_keeps_its_date(stage):
    head = a_head(stage=Stage.DIPROSES, handed_on=HANDED, due=date(2026, 6, 30))
    assert due_after(head, stage, TODAY, LIMITS) == date(2026, 6, 30)


def test_an_extended_date_stands_while_the_unit_works_and_falls_with_a_new_hand_over():
    head = a_head(stage=Stage.DIPROSES, handed_on=HANDED, extended=True, due=date(2026, 9, 1))
    assert due_after(head, Stage.DITANGGAPI, TODAY, LIMITS) == date(2026, 9, 1)
    assert due_after(head, Stage.DIDISPOSISIKAN, TODAY, LIMITS) == add_workdays(TODAY, 5)


@pytest.mark.parametrize("back", [Stage.DIPROSES, Stage.BANDING])
@pytest.mark.parametrize("extended", [False, True])
def test_a_reopened_case_starts_anew_and_is_not_overdue_at_the_next_answer(back, extended):
    closed = a_head(stage=Stage.SELESAI, handed_on=HANDED, extended=extended, due=date(2026, 7, 20))
    late = date(2026, 7, 15)
    due = due_after(closed, back, late, LIMITS)
    assert due == add_workdays(late, 14)
    again = a_head(stage=back, handed_on=HANDED, due=due)
    assert due_after(again, Stage.DITANGGAPI, late, LIMITS) == due


def test_own_days_off_move_the_deadline():
    own = {date(2026, 6, 10)}
    assert due_after(a_head(), Stage.DIALIHKAN, TODAY, LIMITS, own) == date(2026, 6, 15)
    assert due_after(a_head(), Stage.DIALIHKAN, TODAY, LIMITS) == date(2026, 6, 12)


FRESH = [Stage.DIALIHKAN, Stage.DIDISPOSISIKAN, Stage.SELESAI]


@given(st.sampled_from(Stage), st.sampled_from(FRESH), st.sampled_from(Kind), st.dates(RECEIVED, date(2026, 12, 1)))
def test_a_clock_started_today_ends_later_and_on_a_working_day(now, to, kind, today):
    due = due_after(a_head(stage=now, kind=kind, handed_on=RECEIVED), to, today, LIMITS)
    assert due > today
    assert is_workday(due)


def test_a_setting_that_changes_moves_no_clock_that_runs():
    head = a_head(terms=(3, 5, 14, 10, 60), stage=Stage.DIDISPOSISIKAN, handed_on=HANDED, due=add_workdays(HANDED, 5))
    tighter = Deadlines(verify=1, respond=1, finish_pengaduan=2, window=1)
    assert due_after(head, Stage.DIPROSES, TODAY, tighter) == add_workdays(HANDED, 14)
    assert due_after(head, Stage.SELESAI, TODAY, tighter) == add_workdays(TODAY, 10)
    assert due_after(a_head(), Stage.SELESAI, TODAY, tighter) == add_workdays(TODAY, 1)


@given(
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.integers(0, 40),
    st.sampled_from([Stage.DITANGGAPI, Stage.DIPROSES]),
)
def test_while_it_is_held_a_clock_stands(asked, days, going_on):
    handed = add_workdays(asked, 0)
    head = a_head(stage=Stage.DIDISPOSISIKAN, received_on=asked, handed_on=handed, due=add_workdays(handed, 5))
    held = run_clock(head, Stage.DITAHAN, asked, LIMITS)
    assert (held.clock.due, held.clock.held_on) == (head.clock.due, asked)
    back = add_workdays(asked, days)
    again = run_clock(a_head_at(held, Stage.DITAHAN), going_on, back, LIMITS)
    assert (again.clock.held_on, again.clock.paused) == (None, workdays_between(asked, back))
    assert again.clock.due == add_workdays(handed, 14 + again.clock.paused)
    other = run_clock(a_head_at(again, going_on), Stage.DITANGGAPI, back, LIMITS)
    assert other.clock.due == again.clock.due  # and it is not counted twice


def test_asking_twice_holds_it_from_the_first_question_on():
    held = run_clock(a_head(stage=Stage.DIPROSES), Stage.DITAHAN, TODAY, LIMITS)
    assert run_clock(a_head_at(held, Stage.DITAHAN), Stage.DITAHAN, date(2026, 6, 11), LIMITS).clock.held_on == TODAY


@pytest.mark.parametrize("stage", [Stage.DIDISPOSISIKAN, Stage.DIALIHKAN, Stage.SELESAI])
def test_a_clock_that_starts_anew_has_not_stood(stage):
    assert run_clock(a_head(paused=4, stage=Stage.DIPROSES), stage, TODAY, LIMITS).clock.paused == 0


def test_a_new_deadline_takes_a_late_case_down_again():
    late = a_head(due=date(2026, 6, 3), reminded=True, escalated=2, escalated_to="lain")
    fresh = with_due(late, date(2026, 6, 20), TODAY)
    assert (fresh.clock.reminded, fresh.escalation.steps, fresh.escalation.agency) == (False, 0, "")
    still = with_due(late, date(2026, 6, 4), TODAY)
    assert (still.clock.reminded, still.escalation.steps, still.escalation.agency) == (False, 2, "lain")
    assert with_due(late, late.clock.due, TODAY) == late
    assert run_clock(late, Stage.DIARSIPKAN, TODAY, LIMITS).escalation.steps == 0


@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.integers(0, 60))
def test_counting_forwards_and_between_agree(start, days):
    assert workdays_between(start, add_workdays(start, days)) == days
    assert workdays_between(add_workdays(start, days), start) == 0

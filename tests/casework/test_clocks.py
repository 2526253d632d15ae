"""Deadlines: where each clock starts, and that no case is overdue the moment somebody takes it up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.case import Kind
from functions.casework.clocks import Deadlines, due_after
from functions.casework.stages import Stage
from functions.casework.workdays import add_workdays, is_workday
from tests.casework.trees import a_head

LIMITS = Deadlines()
RECEIVED = date(2026, 6, 2)
HANDED = date(2026, 6, 4)
TODAY = date(2026, 6, 9)


@pytest.mark.parametrize(("kind", "days"), [(Kind.PENGADUAN, 14), (Kind.ASPIRASI, 14), (Kind.INFORMASI, 5)])
def test_the_end_depends_on_the_kind(kind, days):
    assert LIMITS.finish(kind) == days
    head = a_head(kind=kind, stage=Stage.DIDISPOSISIKAN, handed_on=HANDED, due=add_workdays(HANDED, 5))
    assert due_after(head, Stage.DIPROSES, TODAY, LIMITS) == add_workdays(HANDED, days)


def test_limits_are_settings():
    assert due_after(a_head(), Stage.DIALIHKAN, TODAY, Deadlines(verify=9)) == add_workdays(TODAY, 9)
    assert Deadlines(finish_informasi=7).finish(Kind.INFORMASI) == 7


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

"""What the clock does when nobody else does, and to whom a late case goes up."""

from dataclasses import replace
from datetime import date

import pytest

from functions.casework.access import Viewer, is_accused, ladder, rights
from functions.casework.case import EventKind
from functions.casework.deadlines.escalation import Patience, lapse, next_step
from functions.casework.deadlines.workdays import add_workdays
from functions.casework.directory.agencies import Role
from functions.casework.stages import Duty, Move, Stage
from functions.config.settings import DEMO, load_directory
from tests.case_heads import changed
from tests.casework.trees import a_head

DIRECTORY = load_directory(DEMO / "kutai-timur.toml")
DUE = date(2026, 6, 9)  # a Tuesday
UNIT = "kutim-dpupr"


def a_case(**changes):
    facts = {"instance": "kutim", "holder": UNIT, "stage": Stage.DIDISPOSISIKAN, "due": DUE, "about_agency": ""}
    return a_head(**facts | changes)


def step(head, today, **changes):
    return next_step(head, today, DIRECTORY, Patience(**changes))


def test_the_holder_is_reminded_once_the_day_before():
    assert step(a_case(), date(2026, 6, 5)) is None
    reminded = step(a_case(), date(2026, 6, 8))
    assert (reminded.kind, reminded.agency, reminded.head.clock.reminded) == (EventKind.REMIND, UNIT, True)
    for day in (date(2026, 6, 8), DUE):
        assert step(reminded.head, day) is None
    assert step(a_case(), DUE).kind is EventKind.REMIND
    assert step(a_case(), date(2026, 6, 4), remind=3).kind is EventKind.REMIND


def test_after_it_the_case_goes_up_step_by_step():
    head, seen = a_case(), []
    for days in range(1, 15):
        today = add_workdays(DUE, days)
        while found := step(head, today):
            assert found.kind is EventKind.ESCALATE
            head = found.head
            seen.append((days, found.agency, head.escalation.steps, head.escalation.agency))
    assert seen == [
        (1, "kutim", 1, "kutim"),
        (5, "kutim-inspektorat", 2, "kutim-inspektorat"),
        (10, "pusat", 3, "pusat"),
    ]


def test_what_was_missed_is_made_up_for_at_once():
    head, today = a_case(), add_workdays(DUE, 30)
    kinds = []
    while found := step(head, today):
        kinds.append(found.agency)
        head = found.head
    assert kinds == ["kutim", "kutim-inspektorat", "pusat"]


@pytest.mark.parametrize("day", [date(2026, 6, 13), date(2026, 6, 14), date(2026, 6, 16)])  # weekend; 1 Muharram
def test_on_days_off_nothing_happens(day):
    assert step(a_case(), day) is None
    assert step(a_case(), date(2026, 6, 12)) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"stage": Stage.DITAHAN},
        {"stage": Stage.SELESAI},
        {"stage": Stage.DIARSIPKAN},
        {"quarantined": True},
        {"shredded": True},
    ],
)
def test_who_waits_for_somebody_else_is_not_late(changes):
    assert step(a_case(**changes), add_workdays(DUE, 20)) is None


def test_a_late_coordinator_is_passed_over_and_the_accused_never_gets_it():
    assert ladder(a_case(holder="kutim"), DIRECTORY) == ("kutim-inspektorat", "pusat")
    assert ladder(a_case(holder="kutim-inspektorat", about_agency="kutim-diskominfo"), DIRECTORY) == ("pusat",)
    assert ladder(a_case(about_agency="kutim-inspektorat"), DIRECTORY) == ("kutim", "pusat")
    assert ladder(a_case(holder="kutim-inspektorat"), DIRECTORY) == ("pusat",)  # an appeal: up, not back
    assert ladder(a_case(holder="pusat"), DIRECTORY) == ()
    assert ladder(a_case(oversight=True), DIRECTORY) == ("kutim-inspektorat", "pusat")
    for about in DIRECTORY.agencies:
        for holder in DIRECTORY.agencies:
            up = ladder(a_case(holder=holder, about_agency=about), DIRECTORY)
            assert holder not in up
            assert not any(is_accused(agency, about, DIRECTORY) for agency in up)


def test_the_words_open_for_whom_it_went_up_to_and_close_again():
    coordinator = Viewer("kutim-1", "kutim", Role.COORDINATOR)
    inspector = Viewer("inspektorat-1", "kutim-inspektorat", Role.INSPECTOR)
    centre = Viewer("pusat-1", "pusat", Role.CENTRE)
    for level, readers in (
        (0, ()),
        (1, (coordinator,)),
        (2, (coordinator, inspector)),
        (3, (coordinator, inspector, centre)),
    ):
        head = a_case(escalated=level)
        for viewer in (coordinator, inspector, centre):
            granted = rights(viewer, head, DIRECTORY)
            assert granted.words == (viewer in readers)
            if viewer in readers:
                assert (granted.duty, granted.moves) == (Duty.OVERSEE, (Move.HANDOVER, Move.UNMASK, Move.NOTE))
        assert not rights(Viewer("x", "kutim-dlh", Role.OFFICER), head, DIRECTORY).see
        assert not rights(Viewer("x", "kutim-inspektorat", Role.CUSTODIAN), head, DIRECTORY).see
        assert rights(Viewer("x", UNIT, Role.OFFICER), head, DIRECTORY).duty is Duty.ANSWER
    assert not rights(coordinator, replace(a_case(escalated=3), stage=Stage.SELESAI), DIRECTORY).words


def test_a_window_lapses_on_the_first_working_day_after_it_and_only_where_nobody_spoke():
    closed = a_case(stage=Stage.SELESAI, due=date(2026, 6, 12), closed_on=DUE)  # a Friday
    assert [lapse(closed, date(2026, 6, day)) for day in (11, 12, 13, 14)] == [None] * 4
    found = lapse(closed, date(2026, 6, 15))
    assert (found.kind, found.agency, found.head) == (EventKind.LAPSE, UNIT, changed(closed, lapsed=True))
    assert lapse(closed, date(2026, 6, 15), {date(2026, 6, 15)}) is None
    for other in ({"confirmed": True}, {"lapsed": True}, {"shredded": True}, {"stage": Stage.DIARSIPKAN}):
        assert lapse(changed(closed, **other), date(2026, 6, 15)) is None

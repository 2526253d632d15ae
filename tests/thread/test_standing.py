"""Where a reporter's case stands: the step of five that they see, whoever holds it, and the day of each step."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from functions.casework.stages import Stage
from functions.thread.standing import standing
from tests.case_heads import changed
from tests.casework.trees import a_head

CAME, CHECKED, HANDED, ANSWERED = (date(2026, 6, day) for day in (2, 3, 4, 9))


def seen(stage: Stage, *messages: tuple[Stage, date], sorting: bool = False, **facts: Any) -> Any:
    head = changed(a_head(stage=stage, received_on=CAME), **facts)
    said: Any = [SimpleNamespace(stage=at, on=on) for at, on in messages]
    return standing(head, said, (), sorting=sorting)


@pytest.mark.parametrize(
    ("stage", "step"),
    [
        (Stage.DITERIMA, 1),
        (Stage.DIVERIFIKASI, 2),
        (Stage.DIALIHKAN, 2),
        (Stage.DIDISPOSISIKAN, 3),
        (Stage.DIPROSES, 3),
        (Stage.BANDING, 3),
        (Stage.DITANGGAPI, 4),
        (Stage.SELESAI, 4),  # until they have said what they think of it
        (Stage.DIARSIPKAN, 0),
    ],
)
def test_each_stage_is_one_step_whoever_holds_the_case(stage: Stage, step: int) -> None:
    assert [seen(stage, sorting=sorting).step for sorting in (False, True)] == [step, step]


def test_whoever_is_asked_back_stands_where_the_case_lies() -> None:
    assert (seen(Stage.DITAHAN, sorting=True).step, seen(Stage.DITAHAN).step) == (2, 3)
    assert seen(Stage.SELESAI, confirmed=True).step == 5


def test_each_step_has_the_day_on_which_it_was_first_reached() -> None:
    way = [(Stage.DITAHAN, CHECKED), (Stage.DIDISPOSISIKAN, HANDED), (Stage.DITANGGAPI, ANSWERED)]
    assert seen(Stage.DITANGGAPI, *way).days == (CAME, CHECKED, HANDED, ANSWERED, None)
    assert seen(Stage.DIVERIFIKASI, (Stage.DIVERIFIKASI, CHECKED)).days == (CAME, CHECKED, None, None, None)
    passed = [(Stage.DIDISPOSISIKAN, HANDED), (Stage.SELESAI, ANSWERED)]  # a step that was passed over has its day too
    assert seen(Stage.SELESAI, *passed, confirmed=True).days == (CAME, HANDED, HANDED, ANSWERED, ANSWERED)

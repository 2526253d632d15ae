"""Notices of sensitive topics leave at fixed hours; all others at once."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from functions.casework.deadlines.batches import HOUR, Batches
from tests.casework.test_demo_directory import DIRECTORY

WITA = "Asia/Makassar"


def batches(day: int, hour: int, minute: int, hours=(8, 14)):
    moment = datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(WITA))
    return Batches(DIRECTORY, hours, WITA, lambda: int(moment.timestamp()))


def local(epoch_hour):
    return datetime.fromtimestamp(epoch_hour * HOUR, UTC).astimezone(ZoneInfo(WITA)).strftime("%d %H:%M")


@pytest.mark.parametrize(
    ("hour", "minute", "leaves"),
    [
        (7, 59, "25 08:00"),
        (8, 0, "25 14:00"),
        (8, 59, "25 14:00"),
        (13, 1, "25 14:00"),
        (14, 0, "26 08:00"),
        (23, 30, "26 08:00"),
    ],
)
def test_a_sensitive_notice_waits_for_the_next_batch(hour, minute, leaves):
    assert local(batches(25, hour, minute)("pungli")) == leaves


def test_all_reports_of_half_a_day_leave_in_the_same_hour():
    assert {batches(25, hour, minute)("pungli") for hour in range(8, 14) for minute in (0, 30)} == {
        batches(25, 9, 0).next()
    }


def test_other_topics_and_unknown_ones_leave_at_once():
    assert batches(25, 9, 0)("jalan") == 0
    assert batches(25, 9, 0)("gone") == 0


def test_without_hours_nothing_waits():
    assert batches(25, 9, 0, hours=())("pungli") == 0


def test_which_topics_of_the_demonstration_are_sensitive():
    assert {topic.code for topic in DIRECTORY.topics.values() if topic.sensitive} == {"pungli", "kekerasan", "desa"}

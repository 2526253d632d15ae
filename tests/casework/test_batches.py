"""What accuses, entrusts a name or is sensitive is noticed at fixed hours; all else at once."""

from dataclasses import fields
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from functions.casework.case import Mode
from functions.casework.deadlines.batches import HOUR, Batches
from functions.casework.deadlines.digests import HOURS
from functions.config.settings import Settings
from tests.case_heads import changed
from tests.casework.test_demo_directory import DIRECTORY
from tests.storage.examples import make_head

WITA = "Asia/Makassar"


def batches(day: int, hour: int, minute: int, hours=(8, 14)):
    moment = datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(WITA))
    return Batches(DIRECTORY, hours, WITA, lambda: int(moment.timestamp()))


def head(topic="jalan", **facts):
    return changed(make_head(topic=topic), **facts)


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
    assert local(batches(25, hour, minute)(head("pungli"), False)) == leaves


def test_all_reports_of_half_a_day_leave_in_the_same_hour():
    assert {batches(25, hour, minute)(head("pungli"), False) for hour in range(8, 14) for minute in (0, 30)} == {
        batches(25, 9, 0).next()
    }


def test_other_topics_and_unknown_ones_leave_at_once():
    assert batches(25, 9, 0)(head("jalan"), False) == 0
    assert batches(25, 9, 0)(head("gone"), False) == 0


def test_without_hours_nothing_waits():
    assert batches(25, 9, 0, hours=())(head("pungli"), False) == 0


def test_which_topics_of_the_demonstration_are_sensitive():
    assert {topic.code for topic in DIRECTORY.topics.values() if topic.sensitive} == {"pungli", "kekerasan", "desa"}


@pytest.mark.parametrize(
    ("facts", "officials"),
    [
        ({"about_agency": "64.08.dishub"}, False),
        ({"kept_from": ("64.08.dishub",)}, False),
        ({"identity": Mode.RAHASIA}, False),
        ({"identity": Mode.TERBUKA}, False),
        ({}, True),
        ({"visible_from": 1}, False),  # it waits already, for a reason that was not kept
    ],
)
def test_what_accuses_or_entrusts_a_name_waits_whatever_its_topic(facts, officials):
    assert local(batches(25, 9, 0)(head(**facts), officials)) == "25 14:00"


def test_digests_are_offered_an_hour_after_the_batches_of_the_default_settings() -> None:
    assert HOURS == (7, 9, 12, 15)
    default = next(each.default for each in fields(Settings) if each.name == "batch_hours")
    assert {hour + 1 for hour in default} < {*HOURS}

"""A mail about a sensitive topic must not time its writer: it leaves at fixed hours, with all others of its half day."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from functions.casework.deadlines.batches import Batches
from functions.thread import app as thread
from tests.world import World

WITA = "Asia/Makassar"


@pytest.fixture
def timed(world: World) -> World:
    """The world at nine in the morning, with batches at eight and two."""
    world.seconds = int(datetime(2026, 11, 25, 9, 0, tzinfo=ZoneInfo(WITA)).timestamp())
    batch = Batches(world.directory, (8, 14), WITA, lambda: world.seconds)
    object.__setattr__(world.submit, "batch", batch)
    world.converse = replace(world.converse, batch=batch)
    world.thread = thread.make_app(world.converse, https=False).test_client()
    return world


def hour(world: World) -> int:
    return datetime.fromtimestamp(world.seconds, UTC).astimezone(ZoneInfo(WITA)).hour


def test_reports_of_one_half_day_are_announced_in_the_same_hour(timed: World) -> None:
    first = timed.report(topic="pungli")
    timed.later(hours=2)
    second = timed.report(topic="pungli")
    while hour(timed) < 14:
        timed.run_courier()
        assert timed.mailbox.letters == []
        timed.later(hours=1)
    timed.run_courier()
    text = " ".join(letter.subject for letter in timed.mailbox.letters)
    assert first["tracking_id"] in text
    assert second["tracking_id"] in text


def test_what_its_writer_does_later_waits_as_well(timed: World) -> None:
    sent = timed.report(topic="pungli")
    timed.later(hours=5)
    timed.run_courier()
    before = len(timed.mailbox.letters)
    body = {"receipt": sent["receipt"], "body": "Ada lagi.", "message_key": "m" * 16}
    assert timed.post("/api/thread/messages", body).status_code == 201
    timed.run_courier()
    assert len(timed.mailbox.letters) == before
    withdrawn = timed.report(topic="pungli")
    timed.post("/api/thread/withdraw", {"receipt": withdrawn["receipt"]})
    timed.run_courier()
    assert len(timed.mailbox.letters) == before
    timed.later(hours=18)
    timed.run_courier()
    assert len(timed.mailbox.letters) > before


def test_other_topics_are_announced_at_once(timed: World) -> None:
    timed.report(topic="jalan")
    timed.run_courier()
    assert len(timed.mailbox.letters) == 1

"""A day's quota of letters: urgent ones still leave where ordinary news has to wait, and nothing is lost or doubled."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from functions.actions.courier.day_quota import REGISTER, CountedMailer, DayQuota
from functions.actions.courier.deliver import HOUR, Deliver
from functions.storage.interface import Notice, OutboxEntry
from tests.world import World

MOST = 10


def courier(world: World, most: int = MOST) -> Deliver:
    """A courier of its own, as another function or process would be: it knows only what the store says."""
    quota = DayQuota(world.store, most, lambda: world.today, lambda: world.seconds // HOUR + 12)
    mailer = CountedMailer(world.mailbox, quota.sent)
    mail = replace(world.deliver, mailer=mailer, quota=quota)
    return replace(mail, officers=replace(mail.officers))


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    for _ in range(12):
        world.report()
    return world


def drain(world: World, *couriers: Deliver) -> None:
    """Let these take turns until nothing is due."""
    while sum(each.run_once(f"courier-{n}") for n, each in enumerate(couriers)):
        pass


def waiting(world: World) -> list[Notice]:
    return [entry.notice for entry in world.store.waiting()]


def test_news_waits_for_the_morning_once_four_fifths_have_left_and_is_no_failure(world: World) -> None:
    drain(world, courier(world), courier(world))
    sent = len(world.mailbox.letters)
    assert MOST * 0.8 <= sent <= MOST, "two couriers may be a batch apart"
    held = world.store.waiting()
    assert held
    assert {(entry.notice, entry.attempts, entry.error, entry.untouched) for entry in held} == {
        (Notice.NEW_CASE, 0, "", True)
    }
    assert {entry.not_before for entry in held} == {world.seconds // HOUR + 12}


def test_a_link_still_leaves(world: World) -> None:
    drain(world, courier(world))
    sent = len(world.mailbox.letters)
    world.ask_link(world.officer("kutim").email)
    drain(world, courier(world))
    assert len(world.mailbox.letters) == sent + 1
    assert Notice.LINK_WANTED not in waiting(world)


def test_the_next_morning_all_of_it_leaves_once(world: World) -> None:
    for _ in range(12):
        drain(world, courier(world), courier(world))
        world.later(days=1)
        world.seconds += 24 * HOUR
    assert waiting(world) == []
    whole = World(world.folder / "whole")
    for _ in range(12):
        whole.report()
    drain(whole, courier(whole, most=0))
    assert whole.store.read_register(REGISTER) is None, "without a quota nothing is kept"
    for each in (world, whole):
        assert len(each.mailbox.letters) == len({letter.message_id for letter in each.mailbox.letters})
    assert Counter(letter.to for letter in world.mailbox.letters) == Counter(
        letter.to for letter in whole.mailbox.letters
    )


def test_what_is_kept_is_a_day_and_a_number(world: World) -> None:
    drain(world, courier(world))
    register = world.store.read_register(REGISTER)
    assert register is not None
    assert register.body == f'{{"day": "{world.today}", "count": {len(world.mailbox.letters)}}}'.encode()


def test_what_somebody_waits_for_is_never_held(world: World) -> None:
    quota = DayQuota(world.store, 1, lambda: world.today, lambda: 7, fresh=[1])
    ordinary = {"new_case", "handed_over", "reporter_wrote", "reopened", "confirmed", "withdrawn", "quarantined"}
    ordinary |= {"due_soon", "overdue", "asked_in", "stepped_out", "second_wrote", "assigned", "digest", "lift_ended"}
    ordinary |= {"unmask_decided", "publication_wished"}
    assert {notice.value for notice in Notice if quota.held_until(notice)} == ordinary


def test_another_day_counts_anew(world: World) -> None:
    quota = DayQuota(world.store, 1, lambda: world.today, lambda: 7, fresh=[1])
    quota.note()
    assert quota.held_until(Notice.NEW_CASE) == 7
    world.today += timedelta(days=1)
    assert quota.held_until(Notice.NEW_CASE) == 0
    assert OutboxEntry("a", Notice.NEW_CASE, "kutim").untouched

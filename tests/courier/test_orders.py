"""The courier in AWS: runs that end in time, give back what is in hand, and do not take from each other."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from functions.courier import orders as module
from functions.courier.orders import STOP_SECONDS, deliver_due
from functions.crypto.errors import KeysUnavailableError
from functions.delivery.interface import DeliveryError, Letter, Text
from functions.storage.interface import StoreUnavailableError
from tests.world import World

HOUR = 3600


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "data")


def deliver(world: World, left: Callable[[], float] = lambda: 900.0) -> int:
    return deliver_due(world.store, lambda: world.deliver, left)


def leased(world: World) -> list[str]:
    return [entry.leased_by for entry in world.store.waiting() if entry.leased_by]


def test_a_run_ends_when_nothing_is_due(world: World) -> None:
    for _ in range(12):
        world.report()
    assert deliver(world) == 12
    assert len({letter.message_id for letter in world.mailbox.letters}) == 12
    assert world.store.waiting() == ()
    assert deliver(world) == 0


def test_a_run_short_of_time_begins_nothing(world: World) -> None:
    world.report()
    assert deliver(world, lambda: STOP_SECONDS - 1) == 0
    assert (world.mailbox.letters, leased(world)) == ([], [])
    assert deliver(world) == 1


def test_what_is_in_hand_when_time_is_short_is_given_back_at_once(world: World) -> None:
    for _ in range(3):
        world.report()
    seconds = iter([900.0] * 4)  # enough for the first letter

    deliver(world, lambda: next(seconds, 0.0))
    assert len(world.mailbox.letters) == 1
    assert leased(world) == []
    assert deliver(world) == 2
    assert len({letter.message_id for letter in world.mailbox.letters}) == 3


def test_no_letter_is_begun_once_the_time_is_short(world: World) -> None:
    """An entry for two officers, and time for one: the other is served by a later run, and the first not again."""
    world.officers = (world.officer("kutim"), replace(world.officer("kutim"), ident="lain-1", email="l@x.example.id"))
    world.deliver = replace(world.deliver, officers=replace(world.deliver.officers, officers=world.officers))
    world.report()
    deliver(world, lambda: 900.0 if not world.mailbox.letters else 0.0)
    (entry,) = world.store.waiting()
    assert (len(world.mailbox.letters), entry.error, entry.leased_by, entry.dead) == (1, "no_time", "", False)
    world.later(hours=2)
    deliver(world)
    assert sorted(letter.to for letter in world.mailbox.letters) == sorted(o.email for o in world.officers)


def test_no_sms_is_begun_once_the_time_is_short(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An aggregator that does not answer takes the rest of the time: it is not asked a second time."""
    world.said("LAPOR lampu jalan mati")
    world.sms("cek")
    tried: list[Text] = []

    def silent(text: Text) -> None:
        tried.append(text)
        raise DeliveryError("sms_unreachable")

    with monkeypatch.context() as patch:
        patch.setattr(world.phone, "send", silent)
        deliver(world, lambda: 0.0 if tried else 900.0)
    (entry,) = world.store.waiting()
    assert (len(tried), entry.error, entry.leased_by, entry.dead) == (1, "no_time", "", False)
    world.later(hours=2)
    assert deliver(world) == 1
    assert [text.message_id for text in world.phone.texts[-1:]] == [tried[0].message_id]


def test_pauses_are_not_waited_for_when_time_is_short(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(module.time, "sleep", slept.append)
    world.mailbox.trouble = DeliveryError("ses_unreachable")
    world.report()
    deliver(world)
    assert slept == [0.0, 1.0, 5.0]
    world.later(hours=1)
    slept.clear()
    deliver(world, lambda: 900.0 if world.mailbox.tries < 4 else 0.0)
    assert slept == [0.0]


def test_two_runs_at_once_send_each_letter_once(world: World) -> None:
    """The second starts while the first has a letter in hand, and ends before it."""
    for _ in range(3):
        world.report()
    honest, beside = world.mailbox.send, []

    def meanwhile(letter: Letter) -> None:
        if not beside:
            beside.append(1)
            beside.append(deliver(world))
        honest(letter)

    world.mailbox.send = meanwhile  # type: ignore[method-assign]
    assert deliver(world) == 3
    assert beside == [1, 0]
    assert len(world.mailbox.letters) == len({letter.message_id for letter in world.mailbox.letters}) == 3


def test_a_run_that_is_short_of_time_gives_back_nothing_of_another(world: World) -> None:
    world.report()
    (entry,) = world.store.claim("courier-lain", world.seconds // HOUR)
    deliver(world, lambda: 0.0)
    assert leased(world) == ["courier-lain"]
    world.store.settle(entry.entry_id, "courier-lain")
    assert world.store.waiting() == ()


def test_what_a_killed_run_had_in_hand_is_taken_up_when_its_lease_is_over(world: World) -> None:
    world.report()
    world.store.claim("courier-mati", world.seconds // HOUR)
    assert deliver(world) == 0
    world.later(hours=2)
    assert deliver(world) == 1


@pytest.mark.parametrize("trouble", [StoreUnavailableError("kenari"), KeysUnavailableError("kenari")])
def test_what_fails_in_the_middle_is_raised_and_nothing_stays_in_hand(
    world: World, trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = world.deliver
    for _ in range(3):
        world.report()

    def fail(*_: object) -> None:
        raise trouble

    with monkeypatch.context() as patch:
        if isinstance(trouble, StoreUnavailableError):
            patch.setattr(world.store, "settle", fail)
        else:
            mail = replace(honest.officers, public_keys=fail)  # type: ignore[arg-type]
            world.deliver = replace(honest, officers=mail)
        with pytest.raises(type(trouble)):
            deliver(world)
    assert leased(world) == []
    assert len(world.store.waiting()) == 3
    world.deliver = honest
    assert deliver(world) == 3
    assert {entry.attempts for entry in world.store.waiting()} == set()


def test_a_worker_has_a_name_of_its_own_at_each_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []

    def note(worker: str, hour: int, limit: int = 10) -> tuple[()]:
        names.append(worker)
        return ()

    monkeypatch.setattr(world.store, "claim", note)
    deliver(world)
    deliver(world)
    assert len(set(names)) == 2
    assert all(name.startswith("courier-") for name in names)

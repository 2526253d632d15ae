"""The clock: everything that is due is done, whatever else fails; and ops see letters that were given up."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from functions.clock import main as module
from functions.clock.main import Housekeeping, make_housekeeping
from functions.config import logs
from functions.config.settings import load_settings
from functions.local import clock
from functions.storage.interface import Notice, OutboxEntry, StoreUnavailableError
from tests.world import World

LATER = date(2026, 12, 30)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "data")


def keep_house(world: World, today: date, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    settings = load_settings({"DATA_DIR": str(world.folder), "RETENTION_DAYS": "30"})
    monkeypatch.setattr(type(settings), "today", lambda _: today)
    return make_housekeeping(settings)()


def test_late_cases_go_up_old_ones_are_deleted_and_the_day_is_anchored(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, old = world.report(), world.report()
    unit = world.hand_over(old["tracking_id"])
    unit.post(f"/desk/cases/{old['tracking_id']}/close", {"outcome": "dijelaskan", "reason": "Beres."})
    done = keep_house(world, LATER, monkeypatch)
    assert (done["remind"] > 0, done["retain"], done["anchor"], done["dead_letters"]) == (True, 1, 1, 0)
    assert world.store.read_head(late["tracking_id"]).escalation.steps > 0
    assert world.store.read_head(old["tracking_id"]).shredded
    again = keep_house(world, LATER, monkeypatch)
    assert again == dict.fromkeys(again, 0)


def test_one_step_that_fails_holds_up_no_other_and_is_raised_at_the_end(world: World, capfd: Any) -> None:
    done: list[str] = []

    def fail(text: str) -> int:
        raise StoreUnavailableError(f"kenari {text}")

    def note(text: str) -> int:
        return len(done.append(text) or done)

    house = Housekeeping(
        world.store,
        lambda: ["kutim"],
        lambda: LATER,
        hourly={"first": lambda _: fail("first"), "second": note},
        daily={"third": lambda _: fail("third"), "fourth": note},
        whole={"fifth": lambda: note("all")},
    )
    logs.configure()
    with pytest.raises(StoreUnavailableError, match="kenari first"):
        house()
    assert done == ["kutim", "kutim", "all"]
    printed = capfd.readouterr().err
    assert [json.loads(line)["code"] for line in printed.splitlines()] == ["first", "third"]
    assert "kenari" not in printed


def test_a_disk_below_its_reserve_is_told_every_hour_until_there_is_room(
    world: World, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    told = {"level": "ERROR", "logger": "lapor", "event": "low_space"}
    settings = replace(load_settings({"DATA_DIR": str(world.folder)}), disk_reserve_mb=10)
    logs.configure()
    for free, low in ((10, 0), (9, 1), (9, 1), (10, 0)):
        monkeypatch.setattr(module, "free_bytes", lambda _, free=free: free * module.MEGABYTE)
        assert make_housekeeping(settings).whole["low_space"]() == low
        assert [json.loads(line) for line in capfd.readouterr().err.splitlines()] == [told] * low
    monkeypatch.setattr(module, "free_bytes", lambda _: 0)
    assert module.low_space(replace(settings, store="dynamodb")) == 0


def test_letters_that_were_given_up_are_told_every_hour_until_somebody_sees_to_them(world: World, capfd: Any) -> None:
    entry = OutboxEntry("a" * 32, Notice.NEW_CASE, "kutim")
    world.store.enqueue(replace(entry, dead=True, error="mailbox_unknown"))
    logs.configure()
    for _ in range(2):
        assert module.dead_letters(world.store) == 1
    assert [json.loads(line) for line in capfd.readouterr().err.splitlines()] == [
        {"level": "ERROR", "logger": "lapor", "event": "dead_letters"}
    ] * 2
    world.store.revive(entry.entry_id)
    assert module.dead_letters(world.store) == 0
    assert capfd.readouterr().err == ""


def test_on_one_machine_a_failing_hour_is_followed_by_another(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []

    class Stop:
        def is_set(self) -> bool:
            return len(runs) == 3

        def wait(self, seconds: float) -> None:
            assert seconds == 3600

    def fail(_: object) -> dict[str, int]:
        runs.append(1)
        raise StoreUnavailableError("gone for a moment")

    monkeypatch.setattr(clock, "make_housekeeping", lambda _: fail)
    clock.keep_house(load_settings({"DATA_DIR": str(world.folder)}), Stop())  # type: ignore[arg-type]
    assert len(runs) == 3

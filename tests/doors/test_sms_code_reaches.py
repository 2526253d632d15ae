"""The code reaches whoever reported: whatever fails once, and whatever others send."""

from dataclasses import replace
from pathlib import Path

import pytest

from functions.actions.common.hourly_budget import HOUR, PORTIONS, HourlyBudget
from functions.actions.reporter.texting.delivery import Delivery
from functions.storage.interface import StoreUnavailableError
from tests.doors.test_sms import bodies, cases, code
from tests.doors.test_sms_held import heard
from tests.doors.test_sms_weapon import ABROAD
from tests.world import NUMBER, World

LAMP = "lampu jalan depan sekolah mati sudah seminggu anak anak takut"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# A write that fails


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("saya di Sangkulirang", LAMP),
        ("desa marah haloq pak", "lampu tenaga surya bantuan rusak semua, 40 kk gelap"),
        (
            "usulan perbaikan jembatan desa kami sdh sampai mana ya pak",
            "Sangatta Selatan, jln poros kampung kajang",
        ),
        ("saya warga Bengalon", "LAPOR jembatan gantung mau putus, anak sekolah lewat situ"),
    ],
)
@pytest.mark.parametrize("name", ["enqueue", "write_slip"])
def test_the_code_is_sent_though_a_write_failed_after_a_place_came_first(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str, first: str, then: str
) -> None:
    heard(world, first)
    assert not cases(world)
    real, failed = getattr(world.store, name), list[bool]()

    def failing(entry: object, *more: object) -> object:
        if not failed and (name == "enqueue" or (entry.version == 2 and entry.sealed == b"")):  # type: ignore[attr-defined]
            failed.append(True)
            raise StoreUnavailableError("gone")
        return real(entry, *more)

    monkeypatch.setattr(world.store, name, failing)
    assert world.sms(then, NUMBER, gateway_id="77").status_code == 503
    receipt = code(heard(world, then, NUMBER, gateway_id="77") or world.phone.texts[-1].text)
    assert len(cases(world)) == 1
    assert bodies(world, receipt)[0].startswith(first)


# Answers of the hour


def budget(world: World, most: int = 600) -> HourlyBudget:
    return HourlyBudget(world.store, lambda hour: f"test{hour}", most)


def test_who_only_looks_takes_no_portion(world: World) -> None:
    for _ in range(2 * PORTIONS):
        assert budget(world).has_left(world.seconds)
    assert sum(budget(world).spend(world.seconds) for _ in range(2 * PORTIONS)) == PORTIONS


def test_who_looks_sees_when_all_is_taken_and_the_next_hour(world: World) -> None:
    one = budget(world, 1)
    assert one.has_left(world.seconds)
    assert one.spend(world.seconds)
    assert not one.has_left(world.seconds)
    assert not budget(world, 1).has_left(world.seconds)
    assert one.has_left(world.seconds + HOUR)


@pytest.mark.parametrize("text", ["hello", "CEK", "LAPOR jalan rusak", "mas anter galon 2 ke blok f yaa"])
def test_sms_from_abroad_to_many_processes_leave_the_answers_to_others(world: World, text: str) -> None:
    texting = world.texting
    for n in range(2 * PORTIONS):
        fresh = replace(texting, budgets={}, waiting={})
        fresh(Delivery(f"{ABROAD[0][:-2]}{n:02}", text, f"f{n}"))
    world.texting = replace(texting, budgets={}, waiting={})
    assert code(heard(world, "lampu jalan di Bengalon mati sudah seminggu depan pasar"))

"""What custodians read of a request before they decide: how many wait for them, which danger it names, and every step."""

from pathlib import Path

import pytest

from functions.casework.consent.identity_request import Danger
from functions.casework.sealed_identity import StepKind
from functions.web.identity_steps import DANGERS, TOLD
from tests.markup import page, text
from tests.trust import REASON, TrustWorld
from tests.world import Desk

HTML = {"Accept": "text/html"}


@pytest.fixture
def world(tmp_path: Path) -> TrustWorld:
    return TrustWorld(tmp_path)


def read(desk: Desk, path: str) -> str:
    return text(page(desk.client.get(path, headers=HTML)))


def test_a_request_waits_for_whoever_did_not_make_it(world: TrustWorld) -> None:
    for _ in range(2):
        _, case_id = world.entrusted()
        world.custody.ask(world.viewer(0), case_id, REASON)
    first, second = world.custodian(0), world.custodian(1)
    assert "2 permintaan menunggu keputusan Anda" in read(second, "/custody/")
    assert "Tidak ada permintaan yang menunggu Anda" in read(first, "/custody/")


def test_the_danger_to_life_is_named_where_a_custodian_decides(world: TrustWorld) -> None:
    _, calm = world.entrusted()
    _, threatened = world.entrusted()
    world.custody.ask(world.viewer(0), calm, REASON)
    world.custody.ask(world.viewer(0), threatened, REASON, Danger.THREAT)
    second = world.custodian(1)
    named = f"Bahaya yang disebut: {DANGERS[Danger.THREAT]}."
    assert named in read(second, f"/custody/cases/{threatened}")
    assert "Bahaya yang disebut" not in read(second, f"/custody/cases/{calm}")
    for case_id, dangers in ((threatened, [None, "threat"]), (calm, [None, None])):
        steps = second.get(f"/custody/cases/{case_id}").get_json()["steps"]
        assert [step["danger"] for step in steps] == dangers


def test_every_step_is_told_the_latest_first(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    world.answer(receipt)
    seen = read(world.custodian(1), f"/custody/cases/{case_id}").partition("Yang sudah terjadi")[2]
    steps = (StepKind.AGREED, StepKind.ASKED, StepKind.LEFT)
    places = [seen.find(TOLD[step].removeprefix("{agency} ")) for step in steps]
    assert -1 not in places
    assert places == sorted(places)

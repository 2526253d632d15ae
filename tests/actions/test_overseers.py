"""An overseer hears of a request that names a danger to life, and of no other; they never read a name."""

from dataclasses import replace
from pathlib import Path

import pytest

from functions.casework.directory.agencies import Role
from functions.casework.problems import NotFoundProblem
from tests.trust import CONTACT, NAME, REASON, TrustWorld


@pytest.fixture
def world(tmp_path: Path) -> TrustWorld:
    return TrustWorld(tmp_path)


def overseers_told(world: TrustWorld) -> set[str]:
    """The overseers who get a letter from here on."""
    before = len(world.mailbox.letters)
    world.run_courier()
    overseers = {officer.email for officer in world.officers if officer.role is Role.OVERSEER}
    return overseers & {letter.to for letter in world.mailbox.letters[before:]}


def test_no_overseer_is_told_of_a_request_that_names_no_danger_nor_of_what_becomes_of_it(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    world.run_courier()
    world.custody.ask(world.viewer(0), case_id, REASON)
    assert overseers_told(world) == set()
    world.custody.refuse(world.viewer(1), case_id, "Dapat dijawab tanpa nama.")
    assert overseers_told(world) == set()
    world.custody.ask(world.viewer(1), case_id, REASON, "threat")
    assert overseers_told(world) == {officer.email for officer in world.officers if officer.role is Role.OVERSEER}
    world.answer(receipt)
    world.custody.open(world.viewer(0), case_id, "Saya sependapat.")
    assert overseers_told(world) == set()


@pytest.mark.parametrize("which", [0, 1], ids=["who asked", "who opened"])
def test_a_custodian_who_became_an_overseer_reads_a_name_no_more(world: TrustWorld, which: int) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON, "threat")
    world.answer(receipt)
    world.custody.open(world.viewer(1), case_id, "Saya sependapat.")
    assert world.custody.look(world.viewer(which), case_id).name == NAME
    before = world.identity(case_id)
    view = world.custody.look(replace(world.viewer(which), agency="kutim", role=Role.OVERSEER), case_id)
    assert (view.name, view.contact, view.actions) == (None, None, ())
    assert NAME not in str(view.steps) + str(view.request)
    assert CONTACT not in str(view.steps) + str(view.request)
    assert world.identity(case_id) == before


def test_an_overseer_who_took_no_part_knows_a_case_only_while_a_danger_waits(world: TrustWorld) -> None:
    _, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON, "threat")
    assert world.custody.look(world.overseer(), case_id).actions == ("endorse",)
    world.custody.refuse(world.viewer(1), case_id, "Dapat dijawab tanpa nama.")
    with pytest.raises(NotFoundProblem):
        world.custody.look(world.overseer(), case_id)
    with pytest.raises(NotFoundProblem):
        world.custody.endorse(world.overseer(), case_id, "Ancaman itu nyata.")

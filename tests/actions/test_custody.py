"""The custodians' side: one alone opens nothing, two do, the accused sees nothing, and the reporter reads it all."""

from dataclasses import replace
from pathlib import Path

import pytest

from functions.casework.access import Viewer
from functions.casework.directory.agencies import Role
from functions.casework.problems import InvalidInputProblem, NotFoundProblem
from functions.casework.receipt import parse_receipt
from functions.casework.sealed_identity import StepKind, TrustProblem, TrustState
from functions.crypto.seal.public_keys import Purpose
from functions.storage.interface import VersionConflictError
from tests.trust import CONTACT, NAME, REASON, TrustWorld


@pytest.fixture
def world(tmp_path: Path) -> TrustWorld:
    return TrustWorld(tmp_path)


def kinds(world: TrustWorld, case_id: str) -> list[str]:
    return [step.kind.value for step in world.identity(case_id).steps]


def test_one_custodian_alone_opens_nothing_and_two_do(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    first, second = world.viewer(0), world.viewer(1)
    assert world.custody.look(first, case_id).actions == ("ask",)
    assert world.custody.ask(first, case_id, REASON) is TrustState.ASKED
    world.days_over()
    for act in (world.custody.open, world.custody.refuse):
        with pytest.raises(TrustProblem) as caught:
            act(first, case_id, "Saya setuju dengan diri saya.")
        assert caught.value.code == "identity_second"
    for viewer in (first, second):
        assert world.custody.look(viewer, case_id).name is None
    assert world.custody.open(second, case_id, "Saya sependapat.") is TrustState.OPENED
    for viewer in (first, second):
        view = world.custody.look(viewer, case_id)
        assert (view.name, view.contact) == (NAME, CONTACT)
    seen = world.trust.read(parse_receipt(receipt))
    assert seen is not None
    assert [(step.kind.value, step.agency, step.reason) for step in seen.steps[1:]] == [
        ("asked", "kutim-inspektorat", REASON),
        ("opened", "kutim-bkpsdm", "Saya sependapat."),
        ("read", "kutim-inspektorat", ""),
        ("read", "kutim-bkpsdm", ""),
    ]


def test_another_of_the_same_agency_is_not_a_second(world: TrustWorld) -> None:
    _, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    world.days_over()
    colleague = replace(world.viewer(0), officer="kustodian-9")
    for act in (world.custody.open, world.custody.refuse):
        with pytest.raises(TrustProblem):
            act(colleague, case_id, "Saya sependapat.")


def test_it_opens_only_after_the_reporters_days(world: TrustWorld) -> None:
    _, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    view = world.custody.look(world.viewer(1), case_id)
    assert (view.actions, str(view.opens_on)) == (("refuse",), "2026-12-01")
    world.later(days=5)  # Monday, the last of the three working days
    with pytest.raises(TrustProblem) as caught:
        world.custody.open(world.viewer(1), case_id, "Setuju.")
    assert caught.value.code == "identity_early"
    world.later(days=1)
    assert world.custody.look(world.viewer(1), case_id).actions == ("refuse", "open")
    world.custody.open(world.viewer(1), case_id, "Setuju.")


def test_refusing_needs_no_waiting_and_ends_it(world: TrustWorld) -> None:
    _, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    assert world.custody.refuse(world.viewer(1), case_id, "Dapat dijawab tanpa nama.") is TrustState.SEALED
    world.days_over()
    with pytest.raises(TrustProblem):
        world.custody.open(world.viewer(1), case_id, "Berubah pikiran.")
    assert kinds(world, case_id) == ["left", "asked", "refused"]


def test_one_request_at_a_time(world: TrustWorld) -> None:
    _, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    for viewer in (world.viewer(0), world.viewer(1)):
        with pytest.raises(TrustProblem) as caught:
            world.custody.ask(viewer, case_id, REASON)
        assert caught.value.code == "identity_pending"


@pytest.mark.parametrize("act", ["refuse", "open"])
def test_without_a_request_there_is_nothing_to_decide(world: TrustWorld, act: str) -> None:
    _, case_id = world.entrusted()
    with pytest.raises(TrustProblem) as caught:
        getattr(world.custody, act)(world.viewer(1), case_id, "Setuju.")
    assert caught.value.code == "identity_not_pending"


@pytest.mark.parametrize("reason", ["", " \n", "x" * 2001])
def test_every_decision_wants_a_reason(world: TrustWorld, reason: str) -> None:
    _, case_id = world.entrusted()
    with pytest.raises(InvalidInputProblem):
        world.custody.ask(world.viewer(0), case_id, reason)
    world.custody.ask(world.viewer(0), case_id, REASON)
    world.days_over()
    for act in (world.custody.refuse, world.custody.open):
        with pytest.raises(InvalidInputProblem):
            act(world.viewer(1), case_id, reason)
    assert kinds(world, case_id) == ["left", "asked"]


@pytest.mark.parametrize("accused", ["kutim-inspektorat", "kutim-bkpsdm"])
def test_the_accused_agencys_custodian_sees_nothing_at_all(world: TrustWorld, accused: str) -> None:
    receipt, case_id = world.entrusted(about_agency=accused)
    which = 0 if accused == "kutim-inspektorat" else 1
    out, other = world.viewer(which), world.viewer(1 - which)
    world.run_courier()
    world.mailbox.letters.clear()
    world.custody.ask(other, case_id, REASON)
    assert world.custody.pending(out) == ()
    assert [row.case_id for row in world.custody.pending(other)] == [case_id]
    world.days_over()
    for act in (
        lambda: world.custody.look(out, case_id),
        lambda: world.custody.ask(out, case_id, REASON),
        lambda: world.custody.refuse(out, case_id, REASON),
        lambda: world.custody.open(out, case_id, REASON),
    ):
        with pytest.raises(NotFoundProblem):
            act()
    world.trust.object(parse_receipt(receipt), "")
    world.run_courier()
    assert world.custodians[which].email not in [mail.to for mail in world.mailbox.letters]


def test_unknown_anonymous_and_elsewhere_are_one_answer(world: TrustWorld) -> None:
    _, case_id = world.entrusted()
    anonymous = world.report()["tracking_id"]
    viewer = world.viewer(0)
    wrong = [
        (viewer, "0000-0000-0000"),
        (viewer, anonymous),
        (replace(viewer, role=Role.INSPECTOR), case_id),
        (replace(viewer, agency="pusat"), case_id),
        (replace(viewer, agency="tidak-ada"), case_id),
        (replace(viewer, case_id=anonymous), case_id),
    ]
    for who, what in wrong:
        with pytest.raises(NotFoundProblem):
            world.custody.look(who, what)
    assert world.custody.look(replace(viewer, case_id=case_id), case_id).case_id == case_id


def test_a_reading_is_recorded_once_for_each_and_before_it_is_shown(
    world: TrustWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, case_id = world.opened()
    for _ in range(3):
        world.custody.look(world.viewer(0), case_id)
    assert kinds(world, case_id).count("read") == 1

    def cut_off(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(type(world.store), "write_identity", cut_off)
    with pytest.raises(ConnectionError):
        world.custody.look(world.viewer(1), case_id)


def test_reading_ends_after_fourteen_days(world: TrustWorld) -> None:
    _, case_id = world.opened()
    world.later(days=14)
    assert world.custody.look(world.viewer(1), case_id).name == NAME
    world.later(days=1)
    view = world.custody.look(world.viewer(1), case_id)
    assert (view.name, view.contact, view.state) == (None, None, TrustState.OPENED)
    assert view.readable_until is not None
    assert view.readable_until < world.today


def test_a_third_custodian_does_not_read_what_two_others_opened(world: TrustWorld) -> None:
    _, case_id = world.opened()
    third = Viewer("kustodian-3", "kutim-dinsos", Role.CUSTODIAN)
    assert world.custody.look(third, case_id).name is None
    assert "read" not in kinds(world, case_id)


def test_two_who_decide_at_once_do_not_both_decide(world: TrustWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    world.days_over()
    honest = type(world.store).write_identity
    once = iter([True])

    def objected_meanwhile(self: object, *args: object) -> None:
        if next(once, False):
            world.trust.object(parse_receipt(receipt), "Jangan.")
        honest(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(type(world.store), "write_identity", objected_meanwhile)
    with pytest.raises(TrustProblem):
        world.custody.open(world.viewer(1), case_id, "Setuju.")
    assert kinds(world, case_id) == ["left", "asked", "objected"]


def test_a_look_that_was_overtaken_looks_again(world: TrustWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt, case_id = world.opened()
    once = iter([True])
    honest = type(world.store).write_identity

    def taken_back_meanwhile(self: object, *args: object) -> None:
        if next(once, False):
            world.trust.withdraw(parse_receipt(receipt))
            raise VersionConflictError
        honest(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(type(world.store), "write_identity", taken_back_meanwhile)
    view = world.custody.look(world.viewer(0), case_id)
    assert (view.name, view.state) == (None, TrustState.WITHDRAWN)


def test_what_waits_is_listed_whole_however_much_there_is(world: TrustWorld) -> None:
    wanted = {world.entrusted()[1] for _ in range(25)}
    world.entrusted()
    for case_id in wanted:
        world.custody.ask(world.viewer(0), case_id, REASON)
    rows = world.custody.pending(world.viewer(1))
    assert {row.case_id for row in rows} == wanted
    assert not any(row.mine for row in rows)
    assert all(row.mine for row in world.custody.pending(world.viewer(0)))
    one = next(iter(wanted))
    assert [row.case_id for row in world.custody.pending(world.viewer(1, case_id=one))] == [one]
    assert world.custody.pending(replace(world.viewer(1), agency="pusat")) == ()


def test_under_a_destroyed_key_an_identity_is_dark_for_all_but_its_reporter(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    old = world.keys.public().current_id(Purpose.IDENTITY, "kutim")
    world.keys.generate(Purpose.IDENTITY, "kutim")
    assert world.custody.look(world.viewer(1), case_id).steps[-1].reason == REASON
    world.keys.destroy(Purpose.IDENTITY, "kutim", old)
    with pytest.raises(NotFoundProblem):
        world.custody.look(world.viewer(1), case_id)
    assert world.custody.pending(world.viewer(1)) == ()
    seen = world.trust.read(parse_receipt(receipt))
    assert seen is not None
    assert (seen.name, seen.steps[-1].kind) == (NAME, StepKind.ASKED)

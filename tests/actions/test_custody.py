"""The custodians' side: silence opens nothing, one alone opens nothing, the accused sees nothing, and the reporter
reads it all."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from functions.casework.access import Viewer
from functions.casework.directory.agencies import Role
from functions.casework.problems import InvalidInputProblem, NotFoundProblem
from functions.casework.receipt import parse_receipt
from functions.casework.sealed_identity import StepKind, TrustProblem, TrustState, stepped
from functions.crypto.seal.public_keys import Purpose
from functions.storage.interface import VersionConflictError
from tests.envelopes import seal_bytes
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
    world.answer(receipt)
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
        ("agreed", "", ""),
        ("opened", "kutim-bkpsdm", "Saya sependapat."),
        ("read", "kutim-inspektorat", ""),
        ("read", "kutim-bkpsdm", ""),
    ]


def test_another_of_the_same_agency_is_not_a_second(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    world.answer(receipt)
    colleague = replace(world.viewer(0), officer="kustodian-9")
    for act in (world.custody.open, world.custody.refuse):
        with pytest.raises(TrustProblem):
            act(colleague, case_id, "Saya sependapat.")


def test_silence_opens_nothing(world: TrustWorld) -> None:
    """The reporter never came. Three working days, three weeks and two years later it is still closed."""
    _, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    for days in (6, 21, 730):
        world.later(days=days)
        view = world.custody.look(world.viewer(1), case_id)
        assert (view.actions, view.opens_on) == (("refuse",), None)
        with pytest.raises(TrustProblem) as caught:
            world.custody.open(world.viewer(1), case_id, "Pelapor tidak berkeberatan.")
        assert caught.value.code == "identity_no_yes"
    for viewer in (world.viewer(0), world.viewer(1)):
        assert world.custody.look(viewer, case_id).name is None


def test_a_yes_opens_and_one_taken_back_does_not(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    world.answer(receipt)
    assert world.custody.look(world.viewer(1), case_id).actions == ("refuse", "open")
    world.answer(receipt, "later")
    assert world.custody.look(world.viewer(1), case_id).actions == ("refuse",)
    with pytest.raises(TrustProblem) as caught:
        world.custody.open(world.viewer(1), case_id, "Tadi ia setuju.")
    assert caught.value.code == "identity_no_yes"
    world.answer(receipt)
    world.custody.open(world.viewer(1), case_id, "Setuju.")


def test_a_yes_to_one_request_opens_no_later_one(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    world.answer(receipt)
    world.custody.refuse(world.viewer(1), case_id, "Belum perlu.")
    world.custody.ask(world.viewer(0), case_id, "Alasan yang lain sama sekali.")
    with pytest.raises(TrustProblem) as caught:
        world.custody.open(world.viewer(1), case_id, "Ia pernah setuju.")
    assert caught.value.code == "identity_no_yes"
    with pytest.raises(TrustProblem) as caught:
        world.answer(receipt, "yes", 2)  # from a page that shows the first request
    assert caught.value.code == "identity_other"


def test_a_danger_to_life_opens_after_the_days_with_an_overseer_and_the_reporter_reads_it(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    overseer = world.overseer()
    with pytest.raises(NotFoundProblem):
        world.custody.look(overseer, case_id)
    world.run_courier()
    world.mailbox.letters.clear()
    world.custody.ask(world.viewer(0), case_id, REASON, "threat")
    world.run_courier()
    told = {mail.to for mail in world.mailbox.letters if "nyawa" in mail.subject}
    assert told == {o.email for o in world.officers if o.role is Role.OVERSEER}
    view = world.custody.look(world.viewer(1), case_id)
    assert (view.actions, str(view.opens_on)) == (("refuse",), "2026-12-05")
    with pytest.raises(TrustProblem) as caught:
        world.custody.open(world.viewer(1), case_id, "Nyawa terancam.")
    assert caught.value.code == "identity_early"
    world.later(days=12)
    with pytest.raises(TrustProblem) as caught:
        world.custody.open(world.viewer(1), case_id, "Nyawa terancam.")
    assert caught.value.code == "identity_overseer"
    assert [row.case_id for row in world.custody.pending(overseer)] == [case_id]
    assert world.custody.look(overseer, case_id).actions == ("endorse",)
    assert world.custody.endorse(overseer, case_id, "Ancaman itu nyata.") is TrustState.ASKED
    world.custody.open(world.viewer(1), case_id, "Nyawa terancam.")
    assert world.custody.look(world.viewer(1), case_id).name == NAME
    assert world.custody.look(overseer, case_id).name is None
    assert "read" not in [step.kind for step in world.identity(case_id).steps if step.by == overseer.officer]
    seen = world.trust.read(parse_receipt(receipt))
    assert seen is not None
    assert [(step.kind.value, step.agency, step.reason, step.danger) for step in seen.steps[1:4]] == [
        ("asked", "kutim-inspektorat", REASON, "threat"),
        ("endorsed", "kutim", "Ancaman itu nyata.", ""),
        ("opened", "kutim-bkpsdm", "Nyawa terancam.", ""),
    ]


def test_a_no_is_final_against_any_danger(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON, "threat")
    world.custody.endorse(world.overseer("pusat", case_id), case_id, "Ancaman itu nyata.")
    world.answer(receipt, "no")
    world.days_over()
    for viewer, danger, code in (
        (world.viewer(0), "", "identity_objected"),
        (world.viewer(1), "violence", "identity_final"),
    ):
        with pytest.raises(TrustProblem) as caught:
            world.custody.ask(viewer, case_id, REASON, danger)
        assert caught.value.code == code
    with pytest.raises(TrustProblem):
        world.custody.open(world.viewer(1), case_id, "Tetap dibuka.")
    assert not world.custody.look(world.viewer(1), case_id).may_name_danger


def test_an_overseer_asks_refuses_and_opens_nothing(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    overseer = world.overseer()
    with pytest.raises(NotFoundProblem):
        world.custody.ask(overseer, case_id, REASON)
    world.custody.ask(world.viewer(0), case_id, REASON)
    with pytest.raises(NotFoundProblem):  # a request that names no danger is no business of theirs
        world.custody.endorse(overseer, case_id, REASON)
    assert world.custody.pending(overseer) == ()
    world.custody.refuse(world.viewer(1), case_id, "Tidak perlu.")
    world.custody.ask(world.viewer(0), case_id, REASON, "captive")
    world.answer(receipt)
    for act in (world.custody.open, world.custody.refuse, world.custody.ask):
        with pytest.raises(TrustProblem) as caught:
            act(overseer, case_id, REASON)
        assert caught.value.code in ("identity_role", "identity_pending")
    with pytest.raises(TrustProblem) as caught:
        world.custody.endorse(world.viewer(1), case_id, REASON)
    assert caught.value.code == "identity_role"


@pytest.mark.parametrize("accused", ["kutim", "pusat"])
def test_the_accused_agencys_overseer_sees_nothing_and_hears_nothing(world: TrustWorld, accused: str) -> None:
    _, case_id = world.entrusted(about_agency=accused)
    world.run_courier()
    world.mailbox.letters.clear()
    world.custody.ask(world.viewer(0), case_id, REASON, "threat")
    world.run_courier()
    out = world.overseer(accused)
    assert next(o.email for o in world.officers if o.ident == out.officer) not in [m.to for m in world.mailbox.letters]
    for act in (
        lambda: world.custody.look(out, case_id),
        lambda: world.custody.endorse(out, case_id, REASON),
    ):
        with pytest.raises(NotFoundProblem):
            act()


@pytest.mark.parametrize("forged", ["agreed", "opened", "endorsed"])
def test_a_step_that_somebody_wrote_into_the_store_opens_nothing(world: TrustWorld, forged: str) -> None:
    """Whoever may write to the store but holds no identity's key makes no yes, no agreement and no opening."""
    _, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON, "threat")
    identity = world.identity(case_id)
    by = {"agreed": None, "opened": world.viewer(1), "endorsed": world.overseer()}[forged]
    for sealed in (b"", identity.steps[-1].sealed, b"x" * 60):
        world.store.write_identity(stepped(world.identity(case_id), StepKind(forged), world.today, by, sealed))
        world.days_over()
        for viewer in (world.viewer(0), world.viewer(1)):
            assert world.custody.look(viewer, case_id).name is None
        with pytest.raises(TrustProblem):
            world.custody.open(world.viewer(1), case_id, "Sudah disetujui.")


def test_a_refusal_turned_into_a_yes_in_the_store_is_no_yes(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    world.answer(receipt, "no")
    identity = world.identity(case_id)
    steps = (*identity.steps[:-1], replace(identity.steps[-1], kind=StepKind.AGREED))
    world.store.write_identity(replace(identity, version=identity.version + 1, steps=steps))
    with pytest.raises(TrustProblem) as caught:
        world.custody.open(world.viewer(1), case_id, "Ia setuju.")
    assert caught.value.code == "identity_broken"


def test_a_request_of_the_version_before_waits_for_a_yes_too(world: TrustWorld) -> None:
    """Its step holds a sealed reason and no more. Its reporter reads it, and only their yes opens."""
    receipt, case_id = world.entrusted()
    identity = world.identity(case_id)
    key = world.keys.private(Purpose.IDENTITY).open("kutim", case_id, identity.wrap_custody)
    sealed = seal_bytes(key, case_id, 2, "identity-step", json.dumps({"reason": REASON}).encode())
    world.store.write_identity(stepped(identity, StepKind.ASKED, world.today, world.viewer(0), sealed))
    world.later(days=60)
    with pytest.raises(TrustProblem) as caught:
        world.custody.open(world.viewer(1), case_id, "Setuju.")
    assert caught.value.code == "identity_no_yes"
    assert world.custody.look(world.viewer(1), case_id).steps[-1].reason == REASON
    world.answer(receipt)
    world.custody.open(world.viewer(1), case_id, "Setuju.")
    assert world.custody.look(world.viewer(1), case_id).name == NAME


def test_what_was_opened_without_a_yes_before_is_closed_again(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    identity = world.identity(case_id)
    key = world.keys.private(Purpose.IDENTITY).open("kutim", case_id, identity.wrap_custody)
    for n, kind in ((2, StepKind.ASKED), (3, StepKind.OPENED)):
        sealed = seal_bytes(key, case_id, n, "identity-step", json.dumps({"reason": REASON}).encode())
        viewer = world.viewer(n - 2)
        world.store.write_identity(stepped(world.identity(case_id), kind, world.today, viewer, sealed))
    for viewer in (world.viewer(0), world.viewer(1)):
        view = world.custody.look(viewer, case_id)
        assert (view.name, view.actions, view.state) == (None, ("ask",), TrustState.OPENED)
    assert world.trust.read(parse_receipt(receipt)) is not None


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
    receipt, case_id = world.entrusted()
    with pytest.raises(InvalidInputProblem):
        world.custody.ask(world.viewer(0), case_id, reason)
    world.custody.ask(world.viewer(0), case_id, REASON)
    world.answer(receipt)
    for act in (world.custody.refuse, world.custody.open):
        with pytest.raises(InvalidInputProblem):
            act(world.viewer(1), case_id, reason)
    assert kinds(world, case_id) == ["left", "asked", "agreed"]
    with pytest.raises(InvalidInputProblem):
        world.custody.ask(world.viewer(0), case_id, REASON, "hunger")


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
    world.answer(receipt, "no")
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
    world.answer(receipt)
    honest = type(world.store).write_identity
    once = iter([True])

    def objected_meanwhile(self: object, *args: object) -> None:
        if next(once, False):
            world.answer(receipt, "no", 2, "Jangan.")
        honest(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(type(world.store), "write_identity", objected_meanwhile)
    with pytest.raises(TrustProblem):
        world.custody.open(world.viewer(1), case_id, "Setuju.")
    assert kinds(world, case_id) == ["left", "asked", "agreed", "objected"]


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

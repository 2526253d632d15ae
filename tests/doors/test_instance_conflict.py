"""Law 5 where the tree itself is changed, by a coordinator who may be the accused's friend, or the accused."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from functions.actions.common.cases_left_behind import hidden_from
from functions.casework.access import Viewer, is_accused, rights
from functions.casework.case import CaseHead, EventKind, Lift
from functions.casework.directory.agencies import Directory, Role
from functions.casework.directory.memory import remembering
from functions.casework.directory.names import succeeding
from functions.casework.directory.registers import DIRECTORY_REGISTER, encode_directory
from functions.casework.receipt import parse_receipt
from functions.casework.stages import Stage
from functions.crypto.seal.bound_facts import wrapped_again
from functions.storage.interface import Append, Register, Scope
from tests.case_heads import changed
from tests.storage.examples import make_event
from tests.tending import CHANGES, HOME, HTML, TendWorld, done, empty, move
from tests.world import Desk

REASON = "Kewenangan dinas."


@pytest.fixture
def world(tmp_path: Path) -> TendWorld:
    return TendWorld(tmp_path)


@pytest.fixture
def desk(world: TendWorld) -> Desk:
    return world.desk_of("kutim")


def about(world: TendWorld, agency: str, holder: str = "") -> CaseHead:
    """A report about an agency, handed to another by the desk that sorts it."""
    case_id = world.report(about_agency=agency)["tracking_id"]
    head = world.store.read_head(case_id)
    if not holder:
        return head
    moved = replace(head, holder=holder, stage=Stage.DIDISPOSISIKAN, version=2)
    world.store.append(Append(moved, (make_event(2),)), 1)
    return moved


def sees(world: TendWorld, agency: str, head: CaseHead, role: Role = Role.OFFICER) -> bool:
    return rights(Viewer("siapa-1", agency, role), head, world.directory).see


def lists(desk: Desk) -> bytes:
    return b"".join(
        desk.client.get(path, headers=headers).data
        for path in ("/desk/", "/desk/quarantine/", "/desk/escalated/")
        for headers in (HTML, {"Accept": "application/json"})
    )


def test_an_accused_unit_that_is_moved_stays_out_and_so_do_those_below_it_then(world: TendWorld, desk: Desk) -> None:
    head = about(world, "kutim-dlh", "kutim-dishub")
    assert move(desk, "kutim-dlh", "kutim-disdik").status_code == 200
    assert move(desk, "kutim-rsud", "kutim-dlh").status_code == 200
    for code in ("kutim-dlh", "kutim-rsud"):
        held = replace(head, holder=code)
        assert not sees(world, code, held)
    assert sees(world, "kutim-dishub", head)


@pytest.mark.long
def test_who_is_moved_out_from_under_the_accused_does_not_get_his_case(world: TendWorld, desk: Desk) -> None:
    assert move(desk, "kutim-rsud", "kutim-dinkes").status_code == 200
    head = about(world, "kutim-dinkes")
    shown = desk.post(CHANGES, {"act": "change", "code": "kutim-rsud", "name": "R", "level": "", "parent": "kutim"})
    assert "once_below: – → kutim-dinkes" in shown.get_json()["changes"][0]
    page = desk.client.post(
        CHANGES,
        data={"act": "change", "code": "kutim-rsud", "name": "R", "parent": "kutim", "csrf_token": desk.csrf},
        headers=HTML,
    ).text
    assert "laporan tentang Dinas Kesehatan tetap tersembunyi darinya" in page
    assert move(desk, "kutim-rsud", "kutim").status_code == 200
    path = f"/desk/cases/{head.case_id}"
    targets = {target["code"] for target in desk.get(path).get_json()["routing"]["targets"]}
    assert "kutim-dishub" in targets
    assert not targets & {"kutim-rsud", "kutim-dinkes"}
    assert desk.post(f"{path}/handover", {"agency": "kutim-rsud", "reason": REASON}).status_code == 422
    assert not sees(world, "kutim-rsud", replace(head, holder="kutim-rsud"))


def test_nor_does_he_when_the_accused_is_removed_afterwards(world: TendWorld, desk: Desk) -> None:
    assert move(desk, "kutim-rsud", "kutim-dinkes").status_code == 200
    head = about(world, "kutim-dinkes", "kutim-dishub")
    assert move(desk, "kutim-rsud", "kutim").status_code == 200
    empty(desk, world, "kutim-dinkes")
    assert done(desk, act="remove", code="kutim-dinkes").status_code == 200
    assert is_accused("kutim-rsud", "kutim-dinkes", world.directory)
    assert not sees(world, "kutim-rsud", replace(head, holder="kutim-rsud"))
    assert sees(world, "kutim-dishub", head)


def test_a_new_name_hides_as_before(world: TendWorld, desk: Desk) -> None:
    head = about(world, "kutim-dlh", "kutim-dishub")
    assert done(desk, act="change", code="kutim-dlh", name="Dinas Baru", level="opd", parent="kutim").status_code == 200
    assert not sees(world, "kutim-dlh", replace(head, holder="kutim-dlh"))


@pytest.mark.long
def test_a_unit_put_below_the_accused_loses_his_case_to_the_coordinator(world: TendWorld, desk: Desk) -> None:
    case_id = world.report(about_agency="kutim-disdik")["tracking_id"]
    unit = world.hand_over(case_id, "kutim-dishub")
    desk = world.desk_of("kutim")
    assert unit.get(f"/desk/cases/{case_id}").status_code == 200
    letters = len(world.mailbox.letters)
    assert move(desk, "kutim-dishub", "kutim-disdik").status_code == 200
    assert unit.get(f"/desk/cases/{case_id}").status_code == 404
    case = world.store.read_case(case_id)
    assert (case.head.holder, case.head.stage, case.events[-1].kind) == ("kutim", Stage.DIALIHKAN, EventKind.HANDOVER)
    assert (case.events[-1].officer, case.head.desk_work.assigned) == ("", "")
    said = desk.get(f"/desk/cases/{case_id}").get_json()["messages"][-1]["body"]
    assert said == ("Diteruskan ke Pemerintah Kabupaten Kutai Timur. Alasan: Susunan unit pemerintah daerah berubah.")
    world.run_courier()
    told = [letter.to for letter in world.mailbox.letters[letters:] if case_id in letter.subject]
    assert told == ["koordinator1@diskominfo.example.id"]


def test_a_unit_that_holds_cases_the_coordinator_sees_cannot_go(world: TendWorld, desk: Desk) -> None:
    case_id = world.report()["tracking_id"]
    world.hand_over(case_id, "kutim-disperindag")
    desk = world.desk_of("kutim")
    empty(desk, world, "kutim-disperindag")
    answer = desk.post(CHANGES, {"act": "remove", "code": "kutim-disperindag"})
    assert answer.status_code == 422
    assert "1 laporan terbuka dan 0 laporan tertutup" in answer.text


def test_a_refusal_never_tells_of_a_case_that_is_hidden_from_the_coordinator(world: TendWorld, desk: Desk) -> None:
    """A report about his own office, which the inspectorate handed to a unit that he removes."""
    empty(desk, world, "kutim-disperindag")
    same = {"act": "remove", "code": "kutim-disperindag"}
    without = desk.post(CHANGES, same).data
    head = about(world, "kutim-diskominfo", "kutim-disperindag")
    closed = about(world, "kutim-diskominfo", "kutim-disperindag")
    over = changed(closed, stage=Stage.SELESAI, closed_on=world.today, version=3)
    world.store.append(Append(over, (make_event(3, stage=Stage.SELESAI),)), 2)
    before = lists(desk)
    assert desk.post(CHANGES, same).data == without
    assert done(desk, **same).status_code == 200
    assert lists(desk) == before
    for case_id in (head.case_id, closed.case_id):
        now = world.store.read_head(case_id)
        assert now.holder == "kutim-inspektorat"
        assert desk.get(f"/desk/cases/{case_id}").status_code == 404
    assert world.store.read_head(head.case_id).stage is Stage.DIALIHKAN
    assert world.store.read_head(closed.case_id).stage is Stage.SELESAI
    assert head.case_id not in desk.get(HOME).text + desk.get(f"{HOME}trail.csv").text
    inspector = world.desk_of("kutim-inspektorat")
    assert inspector.get(f"/desk/cases/{head.case_id}").status_code == 200


def test_nor_does_it_tell_of_one_that_later_words_keep_from_him(world: TendWorld, desk: Desk) -> None:
    """No field accuses his office, but what the reporter wrote since."""
    empty(desk, world, "kutim-disperindag")
    same = {"act": "remove", "code": "kutim-disperindag"}
    without = desk.post(CHANGES, same).data
    head = about(world, "", "kutim-disperindag")
    kept = changed(head, kept_from=("kutim-diskominfo",), version=3)
    world.store.append(Append(kept, (make_event(3),)), 2)
    assert desk.get(f"/desk/cases/{head.case_id}").status_code == 404
    assert desk.post(CHANGES, same).data == without
    assert done(desk, **same).status_code == 200
    assert world.store.read_head(head.case_id).holder == "kutim-inspektorat"


def test_nor_of_one_that_an_overseer_allowed_him_and_nobody_gave_him(world: TendWorld, desk: Desk) -> None:
    empty(desk, world, "kutim-disperindag")
    same = {"act": "remove", "code": "kutim-disperindag"}
    without = desk.post(CHANGES, same).data
    head = about(world, "kutim-diskominfo", "kutim-disperindag")
    allowed = changed(head, lift=Lift.LIFTED, version=3)
    key_id, wrap = wrapped_again(allowed, world.cases.case_key(head), world.keys.public())
    bound = replace(allowed, wraps=replace(allowed.wraps, key_id=key_id, desk=wrap))
    world.store.append(Append(bound, (make_event(3),)), 2)
    assert desk.post(CHANGES, same).data == without
    assert done(desk, **same).status_code == 200
    assert world.store.read_head(head.case_id).holder == "kutim-inspektorat"


def test_the_desk_stays_out_where_another_unit_succeeds_that_of_its_staff(world: TendWorld, desk: Desk) -> None:
    """Ops import a merger with ``--succeeds``: the same people sit at the sorting desk, and the report is about them."""
    head, before = about(world, "kutim-diskominfo"), lists(desk)
    known, new = world.directory, "kutim-kominfo-sandi"
    unit = replace(known.agencies["kutim-diskominfo"], code=new, name="Dinas Komunikasi dan Persandian")
    agencies = {code: agency for code, agency in known.agencies.items() if code != "kutim-diskominfo"} | {new: unit}
    agencies["kutim"] = replace(agencies["kutim"], coordinator=new)
    old = Directory(known.agencies, known.topics, known.districts, known.former, known.villages)
    merged = succeeding(old, remembering(old, replace(old, agencies=agencies)), [(new, "kutim-diskominfo")])
    world.store.write_registers([Register(DIRECTORY_REGISTER, 2, encode_directory(merged, ()))])
    assert world.directory.agencies["kutim"].coordinator == new
    assert desk.get(f"/desk/cases/{head.case_id}").status_code == 404
    assert lists(desk) == before
    inspector = world.desk_of("kutim-inspektorat")
    routing = inspector.get(f"/desk/cases/{head.case_id}").get_json()["routing"]
    assert not {target["code"] for target in routing["targets"]} & {"kutim", new}
    assert hidden_from(world.store, old, merged) == {}
    other = about(world, "kutim-dispar", "kutim")
    taken = succeeding(old, remembering(old, old), [("kutim-diskominfo", "kutim-dispar")])
    assert hidden_from(world.store, old, taken) == {"kutim": 1}, other


def test_one_marked_for_the_inspectorate_goes_there(world: TendWorld, desk: Desk) -> None:
    head = about(world, "", "kutim-disperindag")
    marked = replace(head, oversight=True, version=3)
    _, wrap = wrapped_again(marked, world.act.cases.case_key(head), world.keys.public())
    marked = replace(marked, wraps=replace(head.wraps, desk=wrap))
    world.store.append(Append(marked, (make_event(3),)), 2)
    empty(desk, world, "kutim-disperindag")
    from functions.actions.common.rehome_cases import rescue

    known = world.directory
    gone = {code: agency for code, agency in known.agencies.items() if code != "kutim-disperindag"}
    assert rescue(world.act, Directory(gone, known.topics, known.districts), ["kutim-disperindag"]) == 1
    assert world.store.read_head(head.case_id).holder == "kutim-inspektorat"


def test_a_case_that_later_words_keep_from_the_coordinator_meanwhile_does_not_move_there(
    world: TendWorld, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it lies on a desk that must not see it, and nobody can act on it."""
    sent = world.report(about_agency="kutim-disdik")
    case_id, honest, said = sent["tracking_id"], world.store.page, list[int]()
    world.hand_over(case_id, "kutim-dishub")
    body = "Pegawai Diskominfo juga minta uang 200 ribu supaya diam."

    def listed(*arguments: Any, **more: Any) -> Any:
        found = honest(*arguments, **more)
        if arguments[:2] == (Scope.HOLDER, "kutim-dishub") and not said:
            said.append(world.converse.write(parse_receipt(sent["receipt"]), body, "m" * 16))
        return found

    typed = {"act": "change", "code": "kutim-dishub", "name": "Dishub", "level": "", "parent": "kutim-disdik"}
    with monkeypatch.context() as patched:
        patched.setattr(world.store, "page", listed)
        assert done(desk, **typed).status_code == 200
    head = world.store.read_head(case_id)
    assert said
    assert "kutim-diskominfo" in head.desk_work.kept_from
    assert head.holder == "kutim-inspektorat"
    assert world.desk_of("kutim-inspektorat").get(f"/desk/cases/{case_id}").status_code == 200

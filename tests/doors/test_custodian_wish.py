"""A handler asks the custodians to consider a name: they and the reporter read why, and nothing opens by itself."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.actions.officer.consent import ask_custodian
from functions.actions.ops.rotate import Rotate, rewrap_here
from functions.casework.sealed_identity import TrustState, trust_state
from functions.crypto.seal.public_keys import Purpose
from tests.markup import text
from tests.pages import check_page
from tests.trust import NAME, TrustWorld

HTML = {"Accept": "text/html"}
WHY = "Bantuan ini hanya dapat dicocokkan dengan nama penerimanya."


@pytest.fixture
def world(tmp_path: Path) -> TrustWorld:
    return TrustWorld(tmp_path)


def test_custodians_and_reporter_read_the_reason_and_nothing_opens(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    path, unit = f"/desk/cases/{case_id}", world.hand_over(case_id)
    page = check_page(unit.client.get(f"{path}?do=custodian", headers=HTML).text)
    assert "Kirim kepada kustodian" in text(page)
    data = {"csrf_token": unit.csrf, "form": "custodian"}
    assert unit.client.post(f"{path}/custodian", data=data | {"reason": " "}, headers=HTML).status_code == 422
    world.run_courier()
    before, identity = len(world.mailbox.letters), world.identity(case_id)
    done = unit.client.post(f"{path}/custodian", data=data | {"reason": WHY}, headers=HTML)
    assert done.headers["Location"] == f"{path}?done=custodian"
    world.run_courier()
    letters = [letter for letter in world.mailbox.letters[before:] if "bantuan kustodian" in letter.subject]
    assert {letter.to for letter in letters} == {officer.email for officer in world.custodians}
    assert not [letter for letter in letters if WHY in letter.text or NAME in letter.text]
    for which in (0, 1):
        custodian = world.custodian(which)
        seen = custodian.get(f"/custody/cases/{case_id}").get_json()
        assert (seen["wish"]["reason"], seen["wish"]["agency"]) == (WHY, "kutim-dpupr")
        assert (seen["state"], seen["actions"], seen["request"]) == ("sealed", ["ask"], None)
        shown = text(check_page(custodian.client.get(f"/custody/cases/{case_id}", headers=HTML).text))
        assert WHY in shown
        assert NAME not in shown
    assert world.identity(case_id) == identity  # the desk has written nothing there
    assert trust_state(identity) is TrustState.SEALED
    told = str(world.read(receipt)["messages"])
    assert "Petugas meminta kustodian menimbang" in told
    assert WHY in told
    slip = world.store.read_slip(f"wish:{case_id}", 0)
    assert slip
    assert WHY.encode() not in slip.sealed
    assert NAME not in unit.get(path).text


def test_it_is_for_a_name_in_trust_by_who_handles_the_case_and_not_every_day(world: TrustWorld) -> None:
    _, case_id = world.entrusted()
    path, unit = f"/desk/cases/{case_id}", world.hand_over(case_id)
    assert unit.post(f"{path}/custodian", {"reason": WHY}).status_code == 200
    again = unit.post(f"{path}/custodian", {"reason": "Sekali lagi."})
    assert again.get_json()["code"] == "identity_pending"
    assert world.desk_of("kutim").post(f"{path}/custodian", {"reason": WHY}).status_code == 403
    assert world.desk_of("kutim-dlh").post(f"{path}/custodian", {"reason": WHY}).status_code == 404
    assert world.custodian(0).get(f"/custody/cases/{case_id}").get_json()["wish"]["reason"] == WHY
    world.today += timedelta(days=7)
    world.seconds += 7 * 86400
    unit = world.desk_of("kutim-dpupr")
    assert unit.post(f"{path}/custodian", {"reason": "Sekali lagi."}).status_code == 200
    nameless = world.report()["tracking_id"]
    desk = world.hand_over(nameless)
    assert "custodian" not in desk.get(f"/desk/cases/{nameless}").get_json()["actions"]
    assert desk.post(f"/desk/cases/{nameless}/custodian", {"reason": WHY}).status_code == 409
    assert world.store.read_slip(f"wish:{nameless}", 0) is None


def test_custodians_of_the_accused_learn_nothing(world: TrustWorld) -> None:
    _, case_id = world.entrusted(about_agency="kutim-inspektorat")
    unit = world.hand_over(case_id)
    assert unit.post(f"/desk/cases/{case_id}/custodian", {"reason": WHY}).status_code == 200
    before = len(world.mailbox.letters)
    world.run_courier()
    told = {letter.to for letter in world.mailbox.letters[before:] if "bantuan kustodian" in letter.subject}
    assert told == {world.custodians[1].email}
    assert world.custodian(0).get(f"/custody/cases/{case_id}").status_code == 404


def test_an_overseer_reads_no_wish_and_nobody_does_once_the_name_is_taken_back(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    assert world.hand_over(case_id).post(f"/desk/cases/{case_id}/custodian", {"reason": WHY}).status_code == 200
    world.custody.ask(world.viewer(0), case_id, "Ada ancaman.", "threat")
    for viewer, reads in ((world.viewer(0), WHY), (world.viewer(1), WHY), (world.overseer(), None)):
        wish = world.custody.look(viewer, case_id).wish
        assert (wish.reason if wish else None) == reads
    assert world.post("/api/thread/identity/withdraw", {"receipt": receipt}).status_code == 200
    assert [world.custody.look(world.viewer(which), case_id).wish for which in (0, 1)] == [None, None]


def test_it_stays_readable_when_the_key_of_names_is_rotated(world: TrustWorld) -> None:
    _, case_id = world.entrusted()
    assert world.hand_over(case_id).post(f"/desk/cases/{case_id}/custodian", {"reason": WHY}).status_code == 200
    rewrap = rewrap_here(world.store, world.keys, lambda: world.today, lambda _: None)
    Rotate(world.keys, rewrap, lambda: None)(Purpose.IDENTITY, "kutim")
    assert world.custodian(0).get(f"/custody/cases/{case_id}").get_json()["wish"]["reason"] == WHY


def test_it_goes_with_its_case(world: TrustWorld) -> None:
    """Its words tell of the report, and the custody door's key would open them for sixty days."""
    receipt, case_id = world.entrusted()
    assert world.hand_over(case_id).post(f"/desk/cases/{case_id}/custodian", {"reason": WHY}).status_code == 200
    assert world.post("/api/thread/withdraw", {"receipt": receipt}).status_code == 200
    assert world.store.read_slip(f"wish:{case_id}", 0) is None


def test_nor_does_one_come_after_its_case_that_was_withdrawn_meanwhile(
    world: TrustWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt, case_id = world.entrusted()
    unit, honest = world.hand_over(case_id), ask_custodian.leave_wish

    def late(*arguments: Any) -> None:
        assert world.post("/api/thread/withdraw", {"receipt": receipt}).status_code == 200
        honest(*arguments)

    monkeypatch.setattr(ask_custodian, "leave_wish", late)
    assert unit.post(f"/desk/cases/{case_id}/custodian", {"reason": WHY}).status_code == 409
    assert world.store.read_slip(f"wish:{case_id}", 0) is None

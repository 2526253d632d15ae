"""Words that a browser sealed are read by the desk as the server reads later words, before anybody is shown them (law 5)."""

from pathlib import Path

import pytest

from functions.actions.officer.unread_words import KEPT
from tests.doors.test_later_accused import HOLDER
from tests.doors.test_sealed_thread import faults, looked
from tests.envelopes import sealed_fields
from tests.tending import TendWorld
from tests.trust import CONTACT, NAME, TrustWorld
from tests.world import JSON

OVER_THEM = {
    "kutim": "Pegawai Diskominfo minta uang 500 ribu kepada saya, ini pungli.",
    "kutim-inspektorat": "Pegawai Inspektorat minta uang 500 ribu kepada saya, ini pungli.",
}


@pytest.fixture
def world(tmp_path: Path) -> TendWorld:
    return TendWorld(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "Petugasnya minta uang rokok 500 ribu kepada saya.",
        "Mereka datang lalu minta bayar dulu 200 ribu.",
        "petugasnya bilang hrs bayar dl baru diperbaiki",
    ],
)
def test_they_are_those_of_the_unit_that_got_it(world: TendWorld, text: str) -> None:
    """The server took such a case from the unit; sealed by its writer's phone, the unit read who complained of it."""
    sent = world.report()
    path, desk = f"/desk/cases/{sent['tracking_id']}", world.hand_over(sent["tracking_id"], HOLDER)
    assert looked(world, sent["receipt"]).act("message", {"body": text})[0] == 201
    assert desk.get(path).status_code == 404
    head = world.store.read_head(sent["tracking_id"])
    assert (head.holder, HOLDER in head.desk_work.kept_from) == ("kutim", True)
    assert text in world.desk_of("kutim").get(path).get_json()["messages"][-2]["body"]


def test_an_office_that_they_only_point_to_did_what_the_report_tells(world: TendWorld) -> None:
    sent = world.report(subject="", place="", body="Ada yang minta uang ke warga tiap bulan di Telen.")
    path, desk = f"/desk/cases/{sent['tracking_id']}", world.hand_over(sent["tracking_id"], "kutim-dishub")
    assert looked(world, sent["receipt"]).act("message", {"body": "dishub pak"})[0] == 201
    assert desk.get(path).status_code == 404


@pytest.mark.parametrize(
    "text", ["petugasnya sudah datang tadi pagi, ramah", "mereka belum datang", "preman mukul sopir di situ"]
)
def test_what_they_do_at_work_takes_nothing_from_them(world: TendWorld, text: str) -> None:
    sent = world.report()
    path, desk = f"/desk/cases/{sent['tracking_id']}", world.hand_over(sent["tracking_id"], HOLDER)
    assert looked(world, sent["receipt"]).act("message", {"body": text})[0] == 201
    assert text in desk.get(path).text
    assert world.store.read_head(sent["tracking_id"]).desk_work.kept_from == ()


@pytest.mark.parametrize("above", OVER_THEM)
def test_a_desk_above_that_they_accuse_is_shown_and_told_nothing_once_they_were_read(
    world: TendWorld, above: str
) -> None:
    """It stood in the coordinator's list, and a late case was announced to whom its words accuse."""
    sent = world.report()
    path, unit = f"/desk/cases/{sent['tracking_id']}", world.hand_over(sent["tracking_id"], HOLDER)
    assert looked(world, sent["receipt"]).act("message", {"body": OVER_THEM[above]})[0] == 201
    for _ in range(2):
        assert OVER_THEM[above] in unit.get(path).text
    head = world.store.read_head(sent["tracking_id"])
    (code,) = head.desk_work.kept_from
    assert (head.holder, head.version) == (HOLDER, 4)
    said = unit.get(path).get_json()["messages"][-1]["body"]
    assert KEPT.format(agencies=world.directory.agency(code).name) in said
    assert world.read(sent["receipt"])["messages"][-1]["body"] == OVER_THEM[above]
    desk = world.desk_of(above)
    assert sent["tracking_id"] not in desk.get("/desk/").text
    assert desk.get(path).status_code == 404
    world.mailbox.letters.clear()
    for _ in range(40):
        world.later(days=1)
        world.remind()
    world.run_courier()
    told = {letter.to for letter in world.mailbox.letters}
    assert world.officer("pusat").email in told
    assert told.isdisjoint(officer.email for officer in world.officers if officer.agency == above)
    assert world.store.read_head(sent["tracking_id"]).escalation.agency == "pusat"
    assert faults(world) == ()


def test_a_report_that_its_browser_sealed_is_read_with_all_that_accuses(world: TendWorld) -> None:
    """The officials whom it names, too: whom the coordinator reads of is no step of a late case."""
    typed = {"place": "", "subject": "", "body": "Saya diminta uang 500 ribu supaya berkas cepat selesai."}
    fields, _ = sealed_fields(world.submit, world.fields(**typed, about_officials="Kepala Inspektorat"))
    sent = world.intake.post("/api/reports", json=fields, headers=JSON).get_json()
    assert world.desk_of("kutim").get(f"/desk/cases/{sent['tracking_id']}").status_code == 200
    assert world.store.read_head(sent["tracking_id"]).desk_work.kept_from == ("kutim-inspektorat",)


def test_the_custodian_of_another_agency_that_a_sealed_report_accuses_opens_no_name(tmp_path: Path) -> None:
    """The browser binds one; of the other nobody knew, whoever had read it."""
    trusted = TrustWorld(tmp_path)
    body = "Pegawai Dinas PUPR minta uang 500 ribu. Pegawai BKPSDM juga minta uang 1 juta supaya diam."
    typed = {"body": body, "about_agency": HOLDER, "identity_mode": "rahasia", "name": NAME, "contact": CONTACT}
    fields, _ = sealed_fields(trusted.submit, trusted.fields(**typed))
    case_id = trusted.intake.post("/api/reports", json=fields, headers=JSON).get_json()["tracking_id"]
    desk = trusted.desk_of("kutim")
    assert body in desk.get(f"/desk/cases/{case_id}").text
    assert trusted.store.read_head(case_id).desk_work.kept_from == ("kutim-bkpsdm",)
    trusted.custody.ask(trusted.viewer(0), case_id, "Hak jawabnya.")
    assert trusted.custodians[1].agency == "kutim-bkpsdm"
    assert trusted.custodian(1).get(f"/custody/cases/{case_id}").status_code == 404


@pytest.mark.parametrize("subject", ["", "Pasang wifi desa"])
def test_a_sorting_desk_that_a_sealed_report_accuses_reads_none_of_it(world: TendWorld, subject: str) -> None:
    """What the phone missed lay with the accused coordinator, whose list and page showed it; by the server it never did."""
    body = "Pegawai Diskominfo minta uang 500 ribu kepada saya, ini pungli."
    fields, _ = sealed_fields(world.submit, world.fields(subject=subject, place="", body=body))
    case_id = world.intake.post("/api/reports", json=fields, headers=JSON).get_json()["tracking_id"]
    desk, path = world.desk_of("kutim"), f"/desk/cases/{case_id}"
    ways = {"/desk/?view=all": {"Accept": "text/html"}, "/desk/": JSON, "/desk/?q=wifi": JSON, "/desk/?view=new": JSON}
    listed = [desk.client.get(way, headers=accept).text for way, accept in ways.items()]
    assert case_id in listed[0]
    assert not any((subject or "minta uang") in text for text in listed)
    assert desk.get(path).status_code == 404
    head = world.store.read_head(case_id)
    assert (head.holder, head.stage, head.desk_work.kept_from) == (
        "kutim-inspektorat",
        "diterima",
        ("kutim-diskominfo",),
    )
    assert case_id not in desk.get("/desk/").text
    inspects = world.desk_of("kutim-inspektorat")
    assert body in inspects.get(path).text
    told = [letter.to for letter in world.mailbox.letters if case_id in letter.subject]
    assert world.officer("kutim-inspektorat").email in told
    back = {"agency": "kutim", "reason": "Bukan tentang mereka."}
    assert inspects.post(f"{path}/handover", back).status_code == 422
    assert inspects.post(f"{path}/handover", back | {"yes": "yes"}).status_code == 200
    assert world.desk_of("kutim").get(path).status_code == 200


UNIT_OVER = "Pegawai Dinas PUPR minta uang 500 ribu kepada saya, ini pungli."


def test_a_unit_that_a_person_asks_in_knowing_what_they_say_stays(world: TendWorld) -> None:
    """The yes was taken, the unit told; whoever opened the page next put it out again."""
    sent = world.report()
    path, unit = f"/desk/cases/{sent['tracking_id']}", world.hand_over(sent["tracking_id"], "kutim-dishub")
    assert looked(world, sent["receipt"]).act("message", {"body": UNIT_OVER})[0] == 201
    assert unit.get(path).status_code == 200
    wanted = {"agency": HOLDER, "reason": "Keliru: yang dimaksud orang lain."}
    assert unit.post(f"{path}/second", wanted).status_code == 422
    assert unit.post(f"{path}/second", wanted | {"yes": "yes"}).status_code == 200
    for _ in range(2):
        assert unit.get(path).status_code == 200
        assert world.desk_of(HOLDER).get(path).status_code == 200
    assert world.store.read_head(sent["tracking_id"]).desk_work.kept_from == ()
    again = "Petugas Dinas PUPR juga minta rokok."
    assert looked(world, sent["receipt"]).act("message", {"body": again})[0] == 201
    assert world.desk_of(HOLDER).get(path).status_code == 404


@pytest.mark.parametrize("sealed", ["report", "answer"])
def test_what_accuses_another_unit_is_not_asked_for_the_public_page(world: TendWorld, sealed: str) -> None:
    """By the server it was bound, or kept from them; sealed by its browser it became public, for them to read."""
    fields, receipt = sealed_fields(world.submit, world.fields(subject="", place="", body=UNIT_OVER))
    sent = world.report() if sealed == "answer" else world.intake.post("/api/reports", json=fields, headers=JSON).json
    path = f"/desk/cases/{sent['tracking_id']}"
    unit = world.hand_over(sent["tracking_id"], "kutim-dishub")
    if sealed == "answer":
        receipt = sent["receipt"]
        assert looked(world, receipt).act("message", {"body": UNIT_OVER})[0] == 201
    said = {"body": "Kami periksa pungutan itu.", "message_key": "k" * 16}
    assert unit.post(f"{path}/messages", said).status_code == 201
    assert world.store.read_head(sent["tracking_id"]).desk_work.kept_from == (HOLDER,)
    assert world.post("/api/thread/publication", {"receipt": receipt}).get_json()["code"] == "not_public"
    assert faults(world) == ()

"""A hand-over taken back while nobody has learnt of it: by whom, until when, and what its reporter reads."""

from dataclasses import replace
from typing import Any

import pytest

from functions.actions.officer.handover.recall import Recall
from functions.casework.access import Viewer
from functions.casework.case import EventKind
from functions.casework.directory.agencies import Role
from functions.casework.problems import NotFoundProblem
from functions.casework.receipt import parse_receipt
from functions.casework.routing.recall import noted, read_noted, recalled
from functions.storage.interface import Notice
from tests.doors.test_bulk import HTML, LAMP_UNIT, confirmed, page, sent
from tests.pages import check_page
from tests.world import Desk, World

HAND = {"agency": LAMP_UNIT, "reason": "Urusan Dishub."}


def handed(world: World, **more: str) -> tuple[Desk, str, dict[str, Any]]:
    """A case that the coordinator just handed over, its letter waiting; with what its reporter holds."""
    report = world.report(topic="lampu-jalan")
    desk = world.desk_of("kutim")
    case_id = report["tracking_id"]
    assert desk.post(f"/desk/cases/{case_id}/handover", HAND | more).status_code == 200
    return desk, case_id, report


def recall(desk: Desk, case_id: str) -> Any:
    return desk.post(f"/desk/cases/{case_id}/recall", {})


def letters(world: World, agency: str) -> list[str]:
    return [mail.subject for mail in world.mailbox.letters if mail.to == world.officer(agency).email]


def test_a_recalled_case_lies_as_it_lay_and_its_reporter_reads_so(world: World) -> None:
    report = world.report(topic="lampu-jalan")
    case_id, desk = report["tracking_id"], world.desk_of("kutim")
    path = f"/desk/cases/{case_id}"
    assert desk.post(f"{path}/stage", {"stage": "ditahan", "reason": "Di mana tepatnya?"}).status_code == 200
    before = world.store.read_head(case_id)
    world.later(days=1)
    desk = world.desk_of("kutim")
    assert desk.post(f"{path}/handover", HAND | {"second": "kutim-dpupr"}).status_code == 200
    assert "messages" in desk.get(path).get_json()
    assert "subject" not in desk.get(path).get_json()
    assert recall(desk, case_id).get_json() == {"stage": "ditahan", "due": before.clock.due.isoformat()}
    after = world.store.read_head(case_id)
    assert (after.holder, after.stage, after.clock) == (before.holder, before.stage, before.clock)
    assert (after.desk_work.second, after.history.transferred) == ("", before.history.transferred)
    assert desk.get(path).get_json()["subject"] == "Lampu jalan mati"
    world.run_courier()
    assert letters(world, LAMP_UNIT) == letters(world, "kutim-dpupr") == []
    said = world.read(report["receipt"])["messages"][-1]["body"]
    assert said == (
        "Penerusan ke Dinas Perhubungan dibatalkan sebelum ada yang membukanya di sana. Laporan ini kembali ke "
        "Pemerintah Kabupaten Kutai Timur."
    )
    assert world.desk_of(LAMP_UNIT).get(path).status_code == 404
    again = world.desk_of("kutim").get(path).get_json()["routing"]
    assert again["proposed"] == LAMP_UNIT  # who never had it has not given it back


def test_repeated_it_changes_nothing_and_what_was_never_handed_over_is_none(world: World) -> None:
    desk, case_id, _ = handed(world)
    assert [recall(desk, case_id).status_code for _ in range(2)] == [200, 200]
    kinds = [event.kind for event in world.store.read_case(case_id).events]
    assert kinds == [EventKind.REPORT, EventKind.HANDOVER, EventKind.RECALL]
    fresh = world.report(topic="lampu-jalan")["tracking_id"]
    assert recall(desk, fresh).get_json()["code"] == "recall_none"
    assert recall(desk, "4F7K-2M9Q-XR3D").status_code == 404


OPENS = {
    "the page": lambda unit, path: unit.client.get(path, headers=HTML),
    "the JSON": lambda unit, path: unit.get(path),
    "a photo": lambda unit, path: unit.get(f"{path}/files/1"),
    "an act": lambda unit, path: unit.post(f"{path}/notes", {"body": "Catatan.", "message_key": "n" * 16}),
}


@pytest.mark.parametrize("what", OPENS)
@pytest.mark.parametrize("whose", [LAMP_UNIT, "kutim-dpupr"])
def test_once_the_unit_has_opened_it_it_is_too_late(world: World, what: str, whose: str) -> None:
    """They may come in by an older link before the letter leaves; also the second unit."""
    unit, report = world.desk_of(whose), world.report(topic="lampu-jalan")
    path = f"/desk/cases/{report['tracking_id']}"
    OPENS["the page"](unit, path)  # 404 before it is theirs: that is no opening
    desk = world.desk_of("kutim")
    assert desk.post(f"{path}/handover", HAND | {"second": "kutim-dpupr"}).status_code == 200
    assert recallable(desk, report["tracking_id"])
    unit.client.get("/desk/", headers=HTML)  # a list shows that there is something, and opens nothing
    assert recallable(desk, report["tracking_id"])
    OPENS[what](unit, path)
    if what != "a photo":
        assert recall(desk, report["tracking_id"]).get_json()["code"] == "recall_late"
        assert world.store.read_head(report["tracking_id"]).holder == LAMP_UNIT
    world.run_courier()
    assert len(letters(world, LAMP_UNIT)) >= 1  # their colleagues are told all the same


def recallable(desk: Desk, case_id: str) -> bool:
    inbox = desk.client.get(f"/desk/?done=handover~{case_id}", headers=HTML).get_data(as_text=True)
    check_page(inbox)
    assert "aporan diteruskan." in inbox
    return f'name="recall" value="{case_id}"' in inbox


@pytest.mark.parametrize("since", ["claimed", "left", "given back", "reporter wrote", "reminded"])
def test_once_somebody_may_have_learnt_of_it_it_is_too_late(world: World, since: str) -> None:
    desk, case_id, report = handed(world)
    assert recallable(desk, case_id)
    if since in ("claimed", "given back"):
        assert world.deliver.claim("courier")
    if since == "given back":  # a courier that ended may have sent it
        world.store.release("courier")
    if since == "left":
        world.run_courier()
    if since == "reporter wrote":
        body = {"receipt": report["receipt"], "body": "Masih gelap.", "message_key": "m" * 16}
        assert world.post("/api/thread/messages", body).status_code == 201
    if since == "reminded":
        world.later(days=9)
        assert world.remind()
    desk = world.desk_of("kutim") if since == "reminded" else desk
    assert not recallable(desk, case_id)
    refused = recall(desk, case_id)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "recall_late")
    assert world.store.read_head(case_id).holder == LAMP_UNIT
    text = page(desk, "/desk/bulk/recall", 409, recall=case_id)
    assert "Sudah terlambat dibatalkan" in text


def test_a_bulk_is_taken_back_with_one_button(world: World) -> None:
    cases = sent(world, 3)
    desk = world.desk_of("kutim")
    world.run_courier()
    went = page(desk, "/desk/bulk/handover", 303, **confirmed(page(desk, "/desk/bulk", case=cases)))
    world.run_courier()  # the hour has not come
    assert letters(world, LAMP_UNIT) == []
    bar = desk.client.get(went, headers=HTML).get_data(as_text=True)
    assert bar.count('name="recall"') == 3
    home = page(desk, "/desk/bulk/recall", 303, recall=cases)
    assert "kembali ke meja Anda" in desk.client.get(home, headers=HTML).get_data(as_text=True)
    assert {world.store.read_head(case_id).holder for case_id in cases} == {"kutim"}
    world.later(hours=2)
    world.run_courier()
    assert letters(world, LAMP_UNIT) == []


@pytest.mark.parametrize("count", [1, 2])
def test_back_to_the_page_that_said_handed_over_says_that_it_was_taken_back(world: World, count: int) -> None:
    cases = sent(world, 3)[:count]
    desk = world.desk_of("kutim")
    went = page(desk, "/desk/bulk/handover", 303, **confirmed(page(desk, "/desk/bulk", case=cases)))
    page(desk, "/desk/bulk/recall", 303, recall=cases[:1])
    text = desk.client.get(went, headers=HTML).get_data(as_text=True)
    check_page(text)
    assert "sudah keluar" not in text
    assert ("1 laporan diteruskan." in text) == (count == 2)  # the one that was not
    page(desk, "/desk/bulk/recall", 303, recall=cases)
    text = desk.client.get(went, headers=HTML).get_data(as_text=True)
    assert "aporan diteruskan." not in text
    assert "Penerusan dibatalkan." in text


def test_the_same_form_again_after_a_recall_hands_nothing_over_unseen(world: World) -> None:
    (case_id,) = sent(world)
    desk = world.desk_of("kutim")
    form = confirmed(page(desk, "/desk/bulk", case=case_id))
    page(desk, "/desk/bulk/handover", 303, **form)
    page(desk, "/desk/bulk/recall", 303, recall=case_id)
    page(desk, "/desk/bulk/handover", 409, **form)
    assert world.store.read_head(case_id).holder == "kutim"


def test_only_the_desk_that_handed_it_over_recalls_it(world: World) -> None:
    inspector, unit = world.desk_of("kutim-inspektorat"), world.desk_of(LAMP_UNIT)
    desk, case_id, _ = handed(world)
    assert recall(inspector, case_id).status_code == 404
    assert recall(unit, case_id).get_json()["code"] == "recall_none"
    assert recall(desk, case_id).status_code == 200
    given_back = {"agency": "kutim", "reason": "Bukan kami."}
    assert desk.post(f"/desk/cases/{case_id}/handover", HAND).status_code == 200
    assert unit.post(f"/desk/cases/{case_id}/handover", given_back).status_code == 200
    assert recall(desk, case_id).get_json()["code"] == "recall_none"
    assert recall(unit, case_id).status_code in (404, 409)


def test_hand_over_and_recall_open_nothing_to_the_accused(world: World) -> None:
    """Meanwhile the store says, or the words do, that it is about the sorting desk: it does not come back (law 5)."""
    desk, case_id, report = handed(world)
    body = "Pegawai Kominfo minta uang 500 ribu kalau mau lampunya dipasang"
    world.converse.write(parse_receipt(report["receipt"]), body, "m" * 16)
    assert world.store.read_head(case_id).about_agency == "kutim-diskominfo"
    assert recall(desk, case_id).status_code == 404
    assert page(desk, "/desk/bulk/recall", 409, recall=case_id).count("Tidak ada laporan dengan nomor ini") == 1
    assert desk.get(f"/desk/cases/{case_id}").status_code == 404
    assert world.store.read_head(case_id).holder == LAMP_UNIT


def test_words_that_may_accuse_the_desk_by_todays_names_keep_it_away_too(world: World) -> None:
    """The unit's name goes to the coordinating unit after the hand-over: the sealed name is asked as well."""
    report = world.report(topic="lampu-jalan", about_agency="kutim-dlh")
    case_id, desk = report["tracking_id"], world.desk_of("kutim")
    assert desk.post(f"/desk/cases/{case_id}/handover", HAND).status_code == 200
    agencies = dict(world.directory.agencies)
    name = agencies["kutim-dlh"].name
    agencies["kutim-dlh"] = replace(agencies["kutim-dlh"], name="Dinas Lain")
    agencies["kutim"] = replace(agencies["kutim"], name=name)
    world.directory = replace(world.directory, agencies=agencies)
    world.seat(lambda: world.keys.private("desk"))
    with pytest.raises(NotFoundProblem):
        Recall(world.act)(Viewer("kutim-1", "kutim", Role.COORDINATOR, hour=world.seconds // 3600), case_id)
    assert world.store.read_head(case_id).holder == LAMP_UNIT


def test_what_is_kept_for_a_recall_is_sealed_and_shown_to_nobody(world: World) -> None:
    _, case_id, report = handed(world)
    (notice,) = [e for e in world.store.waiting() if e.notice is Notice.HANDED_OVER and e.case_id == case_id]
    unit = world.desk_of(LAMP_UNIT)
    for text in (str(unit.get(f"/desk/cases/{case_id}").get_json()), str(world.read(report["receipt"]))):
        assert notice.entry_id not in text
        assert "notices" not in text
    raw = world.store.read_case(case_id).events[1].sealed
    assert notice.entry_id.encode() not in raw


def test_a_note_of_an_older_release_or_a_broken_one_recalls_nothing(world: World) -> None:
    _, case_id, _ = handed(world)
    head = world.store.read_head(case_id)
    assert read_noted({}) is None
    assert read_noted({"recall": "{"}) is None
    assert read_noted({"recall": '{"notices":[],"facts":{}}'}) is None
    before = replace(head, holder="kutim", stage=type(head.stage)("ditahan"))
    kept = read_noted({"recall": noted(before, head, ("a", "b"))})
    assert kept is not None
    assert (kept.desk, kept.notices, set(kept.facts)) == ("kutim", ("a", "b"), {"holder", "stage"})
    assert recalled(head, kept) == before


def test_what_later_words_accuse_stays_accused_after_a_recall(world: World) -> None:
    """A tick by mistake is taken back with the hand-over, also where the inspectorate is the one it was set for."""
    report = world.report(topic="jalan", subject="Jalan rusak", body="Jalan kampung rusak.", about_agency=LAMP_UNIT)
    said = {"receipt": report["receipt"], "body": "Pegawai Inspektorat minta uang 300 ribu.", "message_key": "k" * 16}
    assert world.post("/api/thread/messages", said).status_code == 201
    case_id, desk = report["tracking_id"], world.desk_of("kutim")
    before = world.store.read_head(case_id)
    assert before.desk_work.kept_from == ("kutim-inspektorat",)
    hand = {"agency": "kutim-inspektorat", "reason": "Urusan Inspektorat."}
    assert desk.post(f"/desk/cases/{case_id}/handover", hand).status_code == 422
    assert desk.post(f"/desk/cases/{case_id}/handover", hand | {"yes": "yes"}).status_code == 200
    assert recall(desk, case_id).status_code == 200
    after = world.store.read_head(case_id)
    assert (after.holder, after.desk_work.kept_from) == ("kutim", before.desk_work.kept_from)
    assert "Jalan kampung" in desk.get(f"/desk/cases/{case_id}").text  # its key opens by the facts of before
    for _ in range(15):
        world.later(days=1)
        world.remind()
    assert world.store.read_head(case_id).escalation.agency == "pusat"
    assert world.desk_of("kutim-inspektorat").get(f"/desk/cases/{case_id}").status_code == 404

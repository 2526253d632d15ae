"""Who is accused by words that no field names: by every way in, it is kept from them until a person decides (law 5)."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from secrets import token_hex

import pytest

from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Role
from functions.casework.directory.names import with_former
from functions.config.settings import DEMO, load_directory
from functions.crypto.seal.bound_facts import kept_in
from functions.storage.interface import Scope
from tests.doors.test_open311 import Apps
from tests.envelopes import sealed_fields
from tests.world import JSON, URL, World

HTML = {"Accept": "text/html"}
KOMINFO = "Pegawai Kominfo minta uang 500 ribu kalau mau wifi desa dipasang"
DISHUB = "Petugas Dishub minta uang 50 ribu tiap truk lewat"
INSPECTORS = "Petugas Dishub minta uang. Saya mengadu, lalu pegawai Inspektorat minta uang 300 ribu supaya diproses."

MASKED = {
    "kutim-satpolpp": "Dengan hormat, pada hari Selasa yang lalu saya menyaksikan sendiri anggota Satpol PP menendang gerobak "
    "seorang penjual buah lanjut usia di depan Taman Bersemi dan mengucapkan kata-kata kotor. Penertiban boleh, tetapi "
    "bukan begitu caranya aparat bekerja. Saya mohon yang bersangkutan diberi sanksi.",
    "kutim-diskan": "Saya laporkan bahwa Kepala Bidang Aset pada dinas tempat saya bekerja memerintahkan staf menandatangani "
    "daftar hadir rapat fiktif. Saya bendahara pengeluaran pembantu Dinas Perikanan dan takut dimutasi.",
}


def head(world: World, instance: str = "kutim") -> CaseHead:
    (found,) = world.store.page(Scope.INSTANCE, instance).heads
    return found


def page(world: World, **typed: object) -> str:
    answer = world.intake.post("/api/reports", data=typed, headers=HTML)
    assert answer.status_code in (200, 201), answer.data
    return answer.get_data(as_text=True)


def hidden(markup: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', markup)
    assert found, name
    return found[1]


def test_an_sms_about_the_coordinators_own_unit_is_neither_mailed_to_it_nor_opened_there(world: World) -> None:
    answer = world.said(KOMINFO)
    assert "Tentang Kominfo?" in answer
    found = head(world)
    assert (found.about_agency, found.holder) == ("kutim-diskominfo", "kutim-inspektorat")
    world.later(days=3)
    world.run_courier()
    told = {letter.to for letter in world.mailbox.letters}
    assert world.officer("kutim").email not in told
    assert world.officer("kutim-inspektorat").email in told
    coordinator = world.desk_of("kutim")
    assert coordinator.get(f"/desk/cases/{found.case_id}").status_code == 404
    assert coordinator.get("/desk/").get_json()["cases"] == []
    assert world.desk_of("kutim-inspektorat").get(f"/desk/cases/{found.case_id}").status_code == 200


def test_what_is_answered_to_the_question_reaches_whoever_decides(world: World) -> None:
    world.said(DISHUB)
    assert "Sudah ditambahkan" in world.said("bukan tentang mereka")
    desk = world.desk_of("kutim")
    bodies = [message["body"] for message in desk.get(f"/desk/cases/{head(world).case_id}").get_json()["messages"]]
    assert bodies == [DISHUB, "bukan tentang mereka"]


@pytest.mark.parametrize("both", [True, False])
def test_the_check_page_asks_with_the_safe_answer_set(world: World, both: bool) -> None:
    typed = world.fields(body=DISHUB, submission_key="")
    check = page(world, **typed)
    assert "Apakah laporan ini tentang mereka?" in check
    assert re.search(r'name="meant" value="kutim-dishub" checked', check)
    sent = {**typed, "submission_key": hidden(check, "submission_key"), "asked": hidden(check, "asked")}
    again = page(world, **{**sent, "mask_now": "1"})
    assert 'value="kutim-dishub" checked' not in again  # what was unticked stays so
    assert 'value="kutim-dishub"' in again
    page(world, **sent, **({"meant": "kutim-dishub"} if both else {}))
    assert head(world).about_agency == ("kutim-dishub" if both else "")


def test_a_form_that_names_them_is_not_asked_again(world: World) -> None:
    assert "tentang mereka?" not in page(
        world, **world.fields(body=DISHUB, about_agency="kutim-dishub", submission_key="")
    )
    assert "tentang mereka?" not in page(world, **world.fields(submission_key=""))
    assert "tentang mereka?" not in page(
        world, **world.fields(body="Lampu mati depan kantor Dishub", submission_key="")
    )


def test_a_forged_tick_binds_nobody_unknown(world: World) -> None:
    page(world, **world.fields(body=DISHUB, asked="1", meant="tidak-ada", submission_key=token_hex(16)))
    assert head(world).about_agency == ""


def test_json_says_whom_the_words_accuse_and_keeps_it_from_them(world: World) -> None:
    assert world.report(body=DISHUB)["suspected"] == ["kutim-dishub"]
    assert head(world).about_agency == "kutim-dishub"
    assert "suspected" not in world.report()


def test_who_is_called_by_a_former_name_is_accused_by_it(tmp_path: Path) -> None:
    """The unit whose staff sort has a new name; its people are called by the old one for years."""
    known = load_directory(DEMO / "kutai-timur.toml")
    new = replace(known.agencies["kutim-diskominfo"], name="Dinas Layanan Digital", spoken="")
    renamed = replace(known, agencies={**known.agencies, new.code: new})
    world = World(tmp_path, directory=with_former(known, renamed, date(2026, 11, 1)))
    assert world.report(body=KOMINFO)["suspected"] == [new.code]
    assert (head(world).about_agency, head(world).holder) == (new.code, "kutim-inspektorat")


def test_who_only_may_be_meant_gets_it_with_a_tick_alone(world: World) -> None:
    body = "Waktu membuat KTP petugasnya minta uang 100 ribu"
    case_id = world.report(body=body, subject="", topic="ktp")["tracking_id"]
    assert world.store.read_head(case_id).about_agency == ""
    desk = world.desk_of("kutim")
    shown = desk.get(f"/desk/cases/{case_id}").get_json()["routing"]
    assert [each["agency"] for each in shown["suspected"]] == ["kutim-disdukcapil"]
    assert "petugasnya minta uang" in shown["suspected"][0]["words"]
    assert shown["proposed"] == "kutim-inspektorat"
    markup = desk.client.get(f"/desk/cases/{case_id}", headers=HTML).get_data(as_text=True)
    assert "Kata-katanya mungkin tentang Dinas Kependudukan dan Pencatatan Sipil" in markup
    path, asked = f"/desk/cases/{case_id}/handover", {"agency": "kutim-disdukcapil", "reason": "Kewenangan dinas."}
    refused = desk.post(path, asked)
    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "yes")
    second = {"agency": "kutim-dishub", "second": "kutim-disdukcapil", "reason": "Berdua."}
    assert desk.post(path, second).status_code == 422
    form = {"csrf_token": desk.csrf, "form": "handover", **asked}
    given_back = desk.client.post(path, data=form, headers=HTML | {"Origin": URL})
    assert given_back.status_code == 422
    assert 'id="yes" name="yes"' in given_back.get_data(as_text=True)
    assert world.store.read_head(case_id).holder == "kutim"
    assert desk.post(path, asked | {"yes": "yes"}).status_code == 200
    assert world.store.read_head(case_id).holder == "kutim-disdukcapil"


def test_the_officials_whom_a_report_names_are_read_with_its_words(world: World) -> None:
    """The intake read them, the desk did not: it handed the report to their own office without a question."""
    typed = {"body": "Saya diminta uang 500 ribu supaya berkas cepat selesai.", "subject": "", "place": ""}
    case_id = world.report(**typed, about_officials="Kepala Dinas Perhubungan", topic="lainnya")["tracking_id"]
    desk, path = world.desk_of("kutim"), f"/desk/cases/{case_id}"
    shown = desk.get(path).get_json()["routing"]
    assert [each["agency"] for each in shown["suspected"]] == ["kutim-dishub"]
    refused = desk.post(f"{path}/handover", {"agency": "kutim-dishub", "reason": "Kewenangan dinas."})
    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "yes")
    assert world.desk_of("kutim-dishub").get(path).status_code == 404


@pytest.mark.parametrize(("whom", "body"), MASKED.items())
def test_whom_the_words_accuse_is_read_before_they_are_masked(world: World, whom: str, body: str) -> None:
    """Masking took the office away with its writer's job: their own superiors got the report without a question."""
    typed = world.fields(subject="", place="", topic="lainnya", body=body)
    fields, _ = sealed_fields(world.submit, typed)  # the browser found nobody
    case_id = world.intake.post("/api/reports", json=fields, headers=JSON).get_json()["tracking_id"]
    desk, path = world.desk_of("kutim"), f"/desk/cases/{case_id}"
    shown = desk.get(path).get_json()
    found = {each["agency"]: each["words"] for each in shown["routing"]["suspected"]}
    assert found[whom] == "…" or found[whom] in shown["messages"][0]["body"], "nothing of what is masked"
    assert whom != shown["routing"]["proposed"]
    refused = desk.post(f"{path}/handover", {"agency": whom, "reason": "Kewenangan dinas."})
    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "yes")
    assert world.desk_of(whom).get(path).status_code == 404


def test_words_on_an_older_page_bring_the_tick_when_it_is_handed_over(world: World) -> None:
    """The page shows the last messages alone, so it warns of nothing; the hand-over reads all of them."""
    told = world.report(subject="Antrean", body="Antrean KTP sangat panjang.", topic="ktp")
    path, unit = f"/desk/cases/{told['tracking_id']}", "kutim-disdukcapil"
    writes(world, told, "Waktu membuat KTP petugasnya minta uang 100 ribu.")
    asked = {"agency": unit, "reason": "Kewenangan dinas."}
    assert world.desk_of("kutim").post(f"{path}/handover", asked | {"yes": "yes"}).status_code == 200
    back = {"agency": "kutim", "reason": "Salah alamat."}
    assert world.desk_of(unit).post(f"{path}/handover", back).status_code == 200
    writes(world, told, "Antreannya masih panjang sekali, mohon segera diperhatikan. " * 333)  # a page holds 20,000
    desk = world.desk_of("kutim")
    markup = desk.client.get(path, headers=HTML).get_data(as_text=True)
    assert "minta uang" not in markup
    assert 'name="yes"' not in markup
    form = {"csrf_token": desk.csrf, "form": "handover", **asked}
    given_back = desk.client.post(f"{path}/handover", data=form, headers=HTML | {"Origin": URL})
    assert given_back.status_code == 422
    ticked = given_back.get_data(as_text=True)
    assert 'id="yes" name="yes"' in ticked
    assert "Kewenangan dinas." in ticked, "what was typed stays"
    assert head(world).holder == "kutim"
    done = desk.client.post(f"{path}/handover", data=form | {"yes": "yes"}, headers=HTML | {"Origin": URL})
    assert done.status_code == 303
    assert head(world).holder == unit


def writes(world: World, told: dict[str, str], body: str) -> None:
    answer = world.post(
        "/api/thread/messages", {"receipt": told["receipt"], "body": body, "message_key": token_hex(16)}
    )
    assert answer.status_code == 201, answer.text


def test_of_undone_work_the_desk_reads_and_needs_no_tick(world: World) -> None:
    case_id = world.report(subject="", body="Lampu mati. Sudah lapor ke Dishub, belum ada tindakan.")["tracking_id"]
    desk = world.desk_of("kutim")
    (found,) = desk.get(f"/desk/cases/{case_id}").get_json()["routing"]["suspected"]
    assert (found["agency"], found["undone"]) == ("kutim-dishub", True)
    done = desk.post(f"/desk/cases/{case_id}/handover", {"agency": "kutim-dishub", "reason": "Kewenangan dinas."})
    assert done.status_code == 200


def test_an_app_is_told_and_its_report_is_kept_from_them(world: World) -> None:
    apps = Apps(world)
    status, (taken,) = apps.post(description=DISHUB)
    assert status == 200
    assert "Kata-katanya mungkin tentang Dinas Perhubungan." in taken["service_notice"]
    assert head(world).about_agency == "kutim-dishub"


def test_a_repeat_under_the_same_key_is_the_same_case(world: World) -> None:
    typed = world.fields(body=DISHUB)
    first = world.intake.post("/api/reports", json=typed, headers=JSON)
    again = world.intake.post("/api/reports", json=typed, headers=JSON)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json()["receipt"] == again.get_json()["receipt"]


@pytest.mark.parametrize("way", ["JSON", "form"])
@pytest.mark.parametrize(("body", "above"), [(INSPECTORS, "kutim-inspektorat"), (KOMINFO, "kutim")])
def test_whom_words_accuse_beside_the_field_does_not_get_it_when_it_is_late(
    world: World, way: str, body: str, above: str
) -> None:
    """The check page promised: whoever is ticked is not shown the report."""
    typed = world.fields(body=body, subject="Pungli", about_agency="kutim-dishub")
    if way == "JSON":
        assert world.intake.post("/api/reports", json=typed, headers=JSON).status_code == 201
    else:
        check = page(world, **typed | {"submission_key": ""})
        ticked = re.findall(r'name="meant" value="([^"]*)" checked', check)
        hid = {name: hidden(check, name) for name in ("submission_key", "asked", "form_token", "about_name")}
        page(world, **typed | hid | {"meant": ticked})
    found = head(world)
    assert found.about_agency == "kutim-dishub"
    for _ in range(15):
        world.later(days=1)
        world.remind()
    late = head(world)
    assert late.escalation.agency == "pusat"
    told = {letter.to for letter in world.mailbox.letters}
    world.run_courier()
    assert world.officer(above).email not in told | {letter.to for letter in world.mailbox.letters}
    accused = world.desk_of(above)
    assert accused.get(f"/desk/cases/{found.case_id}").status_code == 404
    assert found.case_id not in accused.get("/desk/").text
    assert world.desk_of("pusat", Role.CENTRE).get(f"/desk/cases/{found.case_id}").status_code == 200


def test_whom_words_accuse_that_a_browser_sealed_does_not_get_it_when_it_is_late(world: World) -> None:
    """Who hands it on has read them, and answers for the unit that gets it: not for the desk above."""
    typed = world.fields(body=INSPECTORS, subject="Pungli", about_agency="kutim-dishub")
    body, _ = sealed_fields(world.submit, typed)
    assert world.intake.post("/api/reports", json=body, headers=JSON).status_code == 201
    world.hand_over(body["case_id"], "kutim-dpupr")
    assert head(world).desk_work.kept_from == ("kutim-inspektorat",)
    while not head(world).escalation.steps:
        world.later(days=1)
        world.remind()
    for _ in range(10):
        world.later(days=1)
        world.remind()
    assert head(world).escalation.agency == "pusat"
    assert world.desk_of("kutim-inspektorat").get(f"/desk/cases/{body['case_id']}").status_code == 404
    assert world.desk_of("kutim-dpupr").get(f"/desk/cases/{body['case_id']}").status_code == 200


def test_whom_the_words_accuse_beside_the_field_is_bound_into_the_seal(world: World) -> None:
    """Taken out of the store it would open nothing."""
    typed = world.fields(body=INSPECTORS, subject="Pungli", about_agency="kutim-dishub")
    assert world.intake.post("/api/reports", json=typed, headers=JSON).status_code == 201
    assert (head(world).desk_work.kept_from, kept_in(head(world))) == (("kutim-inspektorat",), 1)


def test_whom_the_words_accuse_sees_nothing_of_it_once_it_is_deleted_either(world: World) -> None:
    """What is left of it stands in the list of a coordinator, unless it is kept from them."""
    told = world.report(body=f"{KOMINFO}. {DISHUB}", about_agency="kutim-dishub")
    assert head(world).desk_work.kept_from == ("kutim-diskominfo",)
    assert world.post("/api/thread/withdraw", {"receipt": told["receipt"]}).status_code == 200
    accused, path = world.desk_of("kutim"), f"/desk/cases/{told['tracking_id']}"
    assert accused.get(path).status_code == 404
    assert told["tracking_id"] not in accused.get("/desk/?view=all").text
    assert world.desk_of("kutim-inspektorat").get(path).status_code == 200


def test_nor_once_it_went_up_and_came_back(world: World) -> None:
    """Who transfers it has read it as well, and answers for the desk that gets it: not for those above the next."""
    body, _ = sealed_fields(world.submit, world.fields(body=INSPECTORS, subject="Pungli", about_agency="kutim-dishub"))
    assert world.intake.post("/api/reports", json=body, headers=JSON).status_code == 201
    path, centre = f"/desk/cases/{body['case_id']}", world.desk_of("pusat", Role.CENTRE)
    up = {"instance": "pusat", "reason": "Bukan wewenang kami."}
    assert world.desk_of("kutim").post(f"{path}/transfer", up).status_code == 200
    back = {"agency": "kutim", "reason": "Wewenang Kutai Timur."}
    assert centre.post(f"{path}/handover", back).status_code == 200
    for _ in range(15):
        world.later(days=1)
        world.remind()
    assert head(world).escalation.agency == "pusat"
    assert world.desk_of("kutim-inspektorat").get(path).status_code == 404


@pytest.mark.parametrize("subject", ["", "Pungli di jembatan timbang"])
@pytest.mark.parametrize("about", ["", "kutim-dishub"])
def test_nor_does_a_list_show_it_what_its_page_keeps_from_it(world: World, about: str, subject: str) -> None:
    """Nobody has read what a browser sealed, and the clock brings it to the desk above by itself."""
    typed = world.fields(body=INSPECTORS, subject=subject, about_agency=about)
    body, _ = sealed_fields(world.submit, typed)
    assert world.intake.post("/api/reports", json=body, headers=JSON).status_code == 201
    while not head(world).escalation.steps:
        world.later(days=1)
        world.remind()
    above, coordinator = world.desk_of("kutim-inspektorat"), world.desk_of("kutim")
    assert above.get(f"/desk/cases/{body['case_id']}").status_code == 404
    for path in ("/desk/?view=late", "/desk/escalated/", "/desk/search/?q=pungli"):
        shown = "".join(above.client.get(path, headers=accept).text for accept in (HTML, JSON))
        assert "jembatan timbang" not in shown
        assert "minta uang" not in shown
    assert (subject or "minta uang") in coordinator.client.get("/desk/?view=all", headers=HTML).text

"""What officers note beside answering: a stake of their own, that it is for the inspectorate alone, a word to
colleagues, a number elsewhere."""

import csv
from datetime import date

import pytest

from functions.casework.deadlines.workdays import add_workdays
from tests.envelopes import sealed_fields
from tests.pages import check_page
from tests.world import JSON, World

HTML = {"Accept": "text/html"}
UNIT = "kutim-dpupr"


def told(world: World, receipt: str) -> str:
    return " ".join(message["body"] for message in world.read(receipt)["messages"])


def test_what_is_for_the_inspectorate_goes_there_and_nowhere_else(world: World) -> None:
    report = world.report(topic="pungli")
    path = f"/desk/cases/{report['tracking_id']}"
    coordinator = world.desk_of("kutim")
    assert "oversight" in coordinator.get(path).get_json()["actions"]
    page = coordinator.client.get(f"{path}?do=oversight", headers=HTML).text
    check_page(page)
    assert "Ini urusan Inspektorat" in page
    refused = coordinator.client.post(
        f"{path}/oversight", data={"csrf_token": coordinator.csrf, "form": "oversight", "reason": " "}, headers=HTML
    )
    assert refused.status_code == 422
    check_page(refused.text)
    done = coordinator.post(f"{path}/oversight", {"reason": "Pungutan liar."})
    assert done.get_json() == {"stage": "didisposisikan", "due": add_workdays(world.today, 5).isoformat()}
    assert "body" not in coordinator.get(path).get_json()["messages"][0]
    assert "Ini urusan Inspektorat. Diteruskan ke Inspektorat Daerah" in told(world, report["receipt"])
    inspector = world.desk_of("kutim-inspektorat")
    seen = inspector.get(path).get_json()
    assert seen["oversight"] is True
    assert [target["code"] for target in seen["routing"]["targets"]] == ["kutim"]
    assert inspector.post(f"{path}/handover", {"agency": UNIT, "reason": "x"}).status_code == 422
    reply = {"body": "Kami memeriksa.", "message_key": "jawaban01"}
    assert inspector.post(f"{path}/messages", reply).status_code == 201
    assert inspector.get(path).get_json()["due"] == add_workdays(world.today, 60).isoformat()


def test_the_inspectorate_may_give_it_back_to_be_sorted_anew(world: World) -> None:
    report = world.report(topic="pungli")
    path = f"/desk/cases/{report['tracking_id']}"
    world.desk_of("kutim").post(f"{path}/oversight", {"reason": "Pungutan liar."})
    inspector = world.desk_of("kutim-inspektorat")
    assert inspector.post(f"{path}/handover", {"agency": "kutim", "reason": "Bukan pengawasan."}).status_code == 200
    seen = world.desk_of("kutim").get(path).get_json()
    assert seen["oversight"] is False
    assert UNIT in [target["code"] for target in seen["routing"]["targets"]]


@pytest.mark.parametrize("changes", [{"kind": "informasi"}, {"about_agency": "kutim-inspektorat"}])
def test_what_cannot_be_for_the_inspectorate_is_not_offered(world: World, changes: dict[str, str]) -> None:
    path = f"/desk/cases/{world.report(**changes)['tracking_id']}"
    desk = world.desk_of("kutim")
    assert "oversight" not in desk.get(path).get_json()["actions"]
    assert desk.post(f"{path}/oversight", {"reason": "x"}).status_code == 409


def test_who_has_a_stake_lets_go_and_sees_it_no_more(world: World) -> None:
    report = world.report()
    unit = world.hand_over(report["tracking_id"])
    path = f"/desk/cases/{report['tracking_id']}"
    check_page(unit.client.get(path, headers=HTML).text)
    form = {"csrf_token": unit.csrf, "form": "recuse", "reason": "Tentang bidang saya sendiri."}
    left = unit.client.post(f"{path}/recuse", data=form, headers=HTML)
    assert (left.status_code, left.headers["Location"].partition("?")[0]) == (303, "/desk/")
    assert "tidak melihat laporan itu lagi" in unit.client.get(left.headers["Location"], headers=HTML).text
    assert unit.get(path).status_code == 404
    assert report["tracking_id"] not in unit.client.get("/desk/", headers=HTML).text
    head = world.store.read_head(report["tracking_id"])
    assert (head.holder, head.stage, head.desk_work.recused) == ("kutim", "dialihkan", ("dpupr-1",))
    assert "Petugas menyatakan benturan kepentingan" in told(world, report["receipt"])
    # The unit gets it again: his colleague does, he does not, not even a mail.
    world.run_courier()
    before = len(world.mailbox.letters)
    coordinator = world.desk_of("kutim")
    coordinator.post(f"{path}/handover", {"agency": UNIT, "reason": "Petugas lain."})
    world.run_courier()
    about = [m.to for m in world.mailbox.letters[before:] if report["tracking_id"] in m.subject]
    assert about == ["petugas2@dpupr.example.id"]
    assert unit.get(path).status_code in (401, 404)


def test_who_let_go_hears_nothing_more_of_it(world: World) -> None:
    report = world.report()
    unit = world.hand_over(report["tracking_id"])
    unit.post(f"/desk/cases/{report['tracking_id']}/recuse", {"reason": "Bidang saya."})
    world.desk_of("kutim").post(
        f"/desk/cases/{report['tracking_id']}/handover", {"agency": UNIT, "reason": "Petugas lain."}
    )
    world.run_courier()
    before = len(world.mailbox.letters)
    assert world.post("/api/thread/withdraw", {"receipt": report["receipt"]}).status_code == 200
    world.run_courier()
    assert [letter.to for letter in world.mailbox.letters[before:]] == ["petugas2@dpupr.example.id"]


def test_who_let_go_is_not_shown_what_deletion_leaves_of_it(world: World) -> None:
    """A coordinator with a stake read that it had been withdrawn, when, and where."""
    report = world.report()
    path, coordinator = f"/desk/cases/{report['tracking_id']}", world.desk_of("kutim")
    assert coordinator.post(f"{path}/recuse", {"reason": "Keluarga saya."}).status_code == 200
    assert coordinator.get(path).status_code == 404
    assert world.post("/api/thread/withdraw", {"receipt": report["receipt"]}).status_code == 200
    assert world.store.read_head(report["tracking_id"]).shredded
    again = world.desk_of("kutim")
    assert again.get(path).status_code == 404
    for view in ("/desk/", "/desk/?view=all", "/desk/?view=done"):
        assert report["tracking_id"] not in again.client.get(view, headers=HTML).text


def test_a_coordinator_with_a_stake_gives_it_to_the_inspectorate_and_that_to_the_level_above(world: World) -> None:
    report = world.report()
    path = f"/desk/cases/{report['tracking_id']}"
    assert world.desk_of("kutim").post(f"{path}/recuse", {"reason": "Keluarga saya."}).status_code == 200
    assert world.store.read_head(report["tracking_id"]).holder == "kutim-inspektorat"
    inspector = world.desk_of("kutim-inspektorat")
    assert inspector.post(f"{path}/recuse", {"reason": "Tetangga saya."}).status_code == 200
    head = world.store.read_head(report["tracking_id"])
    assert (head.holder, len(head.desk_work.recused)) == ("pusat", 2)
    centre = world.desk_of("pusat")
    assert "recuse" not in centre.get(path).get_json()["actions"]
    assert centre.post(f"{path}/recuse", {"reason": "x"}).status_code == 409


def test_colleagues_read_a_note_and_its_reporter_does_not(world: World) -> None:
    report = world.report(identity_mode="rahasia", name="", contact="siti@contoh.example")
    unit = world.hand_over(report["tracking_id"])
    path = f"/desk/cases/{report['tracking_id']}"
    world.run_courier()
    before = len(world.mailbox.letters)
    body = {"body": "Alat berat baru Kamis.", "message_key": "catatan01"}
    number = unit.post(f"{path}/notes", body).get_json()["n"]
    assert unit.post(f"{path}/notes", body).get_json()["n"] == number  # sent twice, kept once
    world.run_courier()
    assert world.mailbox.letters[before:] == []
    page = unit.client.get(path, headers=HTML).text
    check_page(page)
    assert "Alat berat baru Kamis." in page
    assert "Catatan antarpetugas" in page
    thread = world.thread.post("/api/thread", data={"receipt": report["receipt"]}, headers=HTML).text
    assert "Alat berat" not in thread + told(world, report["receipt"])
    assert "Catatan antarpetugas" not in thread
    empty = {"csrf_token": unit.csrf, "form": "note", "body": "", "message_key": "catatan02"}
    refused = unit.client.post(f"{path}/notes", data=empty, headers=HTML)
    assert refused.status_code == 422
    assert 'href="#note-body"' in refused.text
    check_page(refused.text)


def test_a_number_elsewhere_is_kept_shown_and_checked(world: World) -> None:
    report = world.report()
    path = f"/desk/cases/{report['tracking_id']}"
    desk = world.desk_of("kutim")
    for wrong in ("", "abc", "12", "1" * 13):
        answer = desk.client.post(
            f"{path}/sp4n", data={"csrf_token": desk.csrf, "form": "sp4n", "number": wrong}, headers=HTML
        )
        assert answer.status_code == 422
        check_page(answer.text)
    assert desk.post(f"{path}/sp4n", {"number": "#9197446"}).status_code == 200
    assert desk.get(path).get_json()["sp4n"] == "9197446"
    assert "#9197446" in desk.client.get(path, headers=HTML).text
    assert "Dicatat di SP4N-LAPOR! dengan nomor 9197446." in told(world, report["receipt"])


def test_they_need_the_token_and_a_session(world: World) -> None:
    path = f"/desk/cases/{world.report()['tracking_id']}"
    desk = world.desk_of("kutim")
    for action in ("notes", "oversight", "recuse", "sp4n"):
        assert desk.client.post(f"{path}/{action}", json={}, headers={"Accept": "application/json"}).status_code == 403
        stranger = world.desk_app.test_client()
        assert stranger.post(f"{path}/{action}", json={}, headers={"Accept": "application/json"}).status_code == 401
    assert world.store.read_head(path.rpartition("/")[2]).received_on == date(2026, 11, 25)


def test_what_is_not_ours_is_archived_with_whose_it_is_and_where_to_turn(world: World) -> None:
    report = world.report(
        topic="lainnya", body="Listrik padam tiap malam, tiang PLN di RT 4 miring.", subject="Listrik"
    )
    path = f"/desk/cases/{report['tracking_id']}"
    desk = world.desk_of("kutim")
    page = desk.client.get(f"{path}?do=archive", headers=HTML).text
    check_page(page)
    assert '<option value="pln" selected>' in page
    bad = {
        "csrf_token": desk.csrf,
        "form": "archive",
        "stage": "diarsipkan",
        "outside": "tidak-ada",
        "reason": "Listrik.",
    }
    refused = desk.client.post(f"{path}/stage", data=bad, headers=HTML)
    assert refused.status_code == 422
    check_page(refused.text)
    assert "Listrik." in refused.text
    only_there = {"stage": "diverifikasi", "outside": "pln", "reason": "x"}
    assert desk.post(f"{path}/stage", only_there).status_code == 422
    done = desk.post(f"{path}/stage", {"stage": "diarsipkan", "outside": "pln", "reason": "Jaringan listrik."})
    assert done.get_json()["stage"] == "diarsipkan"
    said = told(world, report["receipt"])
    assert "Bukan kewenangan pemerintah daerah." in said
    assert "123" in said
    assert "Alasan: Jaringan listrik." in said
    thread = world.thread.post("/api/thread", data={"receipt": report["receipt"]}, headers=HTML).text
    check_page(thread)
    assert "Bukan kewenangan pemerintah daerah." in thread


def test_a_copy_for_sp4n_is_masked_and_its_writer_is_told(world: World) -> None:
    body = "=A1+B2 Lampu mati, hp saya 0812-3456-7890."
    report = world.report(body=body, subject="Lampu jalan")
    path = f"/desk/cases/{report['tracking_id']}"
    desk = world.desk_of("kutim")
    answer = desk.client.post(f"{path}/sp4n/file", data={"csrf_token": desk.csrf}, headers=HTML)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="laporan-{report["tracking_id"]}.csv"'
    heads, row = csv.reader(answer.data.decode("utf-8-sig").splitlines())
    cells = dict(zip(heads, row, strict=True))
    assert cells["isi"] == "'=A1+B2 Lampu mati, hp saya [nomor telepon disamarkan]."
    assert (cells["nomor"], cells["kode_kecamatan"], cells["judul"]) == (
        report["tracking_id"],
        "64.08.04",
        "Lampu jalan",
    )
    assert "Salinan yang disamarkan diambil" in told(world, report["receipt"])
    assert desk.client.post(f"{path}/sp4n/file", headers=HTML).status_code == 403  # no token
    world.hand_over(report["tracking_id"])
    assert world.desk_of("kutim").post(f"{path}/sp4n/file", {}).status_code == 403  # his no more


def test_who_has_a_stake_gets_rid_of_a_case_whose_words_accuse_the_desk_above(world: World) -> None:
    """A browser sealed it, so nobody has read whom the words accuse; no tick is asked of somebody with a stake."""
    typed = world.fields(body="Jalan rusak. Pegawai Inspektorat minta uang 500 ribu kepada saya.", about_agency=UNIT)
    body, _ = sealed_fields(world.submit, typed)
    assert world.intake.post("/api/reports", json=body, headers=JSON).status_code == 201
    path, desk = f"/desk/cases/{body['case_id']}", world.desk_of("kutim")
    form = {"csrf_token": desk.csrf, "form": "oversight", "reason": "Penyalahgunaan wewenang."}
    asked = desk.client.post(f"{path}/oversight", data=form, headers=HTML)
    assert asked.status_code == 422
    assert 'id="oversight-yes" name="yes"' in asked.text
    left = desk.client.post(f"{path}/recuse", data=form | {"form": "recuse"}, headers=HTML)
    assert left.status_code == 303, left.text
    assert world.store.read_head(body["case_id"]).holder == "pusat"
    assert desk.get(path).status_code == 404

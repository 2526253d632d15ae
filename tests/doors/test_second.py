"""Two units on one case: named with the hand-over or asked in, each with its part, until it ends."""

from typing import Any

import pytest

from functions.storage.interface import Scope
from tests.pages import check_page
from tests.world import Desk, World

HTML = {"Accept": "text/html"}
FIRST, SECOND = "kutim-dpupr", "kutim-dlh"
BOTH = ["petugas1@dlh.example.id", "petugas1@dpupr.example.id", "petugas2@dpupr.example.id"]
NAMES = ("Dinas Pekerjaan Umum", "Dinas Lingkungan Hidup")


def told(world: World, receipt: str) -> str:
    return " ".join(message["body"] for message in world.read(receipt)["messages"])


def letters(world: World, case_id: str, since: int = 0) -> list[tuple[str, str]]:
    world.run_courier()
    found = [m for m in world.mailbox.letters[since:] if case_id in m.subject]
    return sorted((letter.to, letter.subject.partition("] ")[2].partition(" (")[0]) for letter in found)


def to_two(world: World, second: str = SECOND) -> tuple[dict[str, Any], Desk, Desk]:
    """A report handed to two units; both desks."""
    report = world.report()
    typed = {"agency": FIRST, "second": second, "reason": "Sampah menyumbat drainase."}
    answer = world.desk_of("kutim").post(f"/desk/cases/{report['tracking_id']}/handover", typed)
    assert answer.status_code == 200, answer.data
    return report, world.desk_of(FIRST), world.desk_of(second)


def test_who_sorts_names_two_and_both_are_told(world: World) -> None:
    report = world.report()
    path = f"/desk/cases/{report['tracking_id']}"
    coordinator = world.desk_of("kutim")
    page = coordinator.client.get(path, headers=HTML).text
    check_page(page)
    assert "Perlu dua instansi?" in page
    world.run_courier()
    since = len(world.mailbox.letters)
    form = {
        "csrf_token": coordinator.csrf,
        "form": "handover",
        "agency": FIRST,
        "second": SECOND,
        "reason": "Keduanya.",
    }
    assert coordinator.client.post(f"{path}/handover", data=form, headers=HTML).status_code == 303
    assert letters(world, report["tracking_id"], since) == [
        (BOTH[0], "Instansi Anda diminta ikut menangani"),
        *((to, "Laporan diteruskan kepada Anda") for to in BOTH[1:]),
    ]
    said = told(world, report["receipt"])
    assert all(name in said for name in NAMES)
    assert "ikut menangani." in said
    shown = coordinator.get(path).get_json()
    assert shown["routing"]["second"] == SECOND
    assert "body" not in shown["messages"][0]


def test_a_wrong_second_is_refused_and_what_was_typed_stays(world: World) -> None:
    report = world.report(about_agency="kutim-bkpsdm")
    path = f"/desk/cases/{report['tracking_id']}"
    desk = world.desk_of("kutim")
    for wrong in ("kutim-bkpsdm", FIRST, "kutim", "tidak-ada", "<b>"):
        form = {"csrf_token": desk.csrf, "form": "handover", "agency": FIRST, "second": wrong, "reason": "Kata saya."}
        refused = desk.client.post(f"{path}/handover", data=form, headers=HTML)
        assert refused.status_code == 422
        check_page(refused.text)
        assert 'href="#second"' in refused.text
        assert "Kata saya." in refused.text
    back = {"agency": "kutim-inspektorat", "second": "kutim-inspektorat", "reason": "x"}
    assert desk.post(f"{path}/handover", back).status_code == 422
    assert world.store.read_head(report["tracking_id"]).holder == "kutim"


def test_the_second_reads_answers_and_sets_nothing(world: World) -> None:
    report, holder, helper = to_two(world)
    path = f"/desk/cases/{report['tracking_id']}"
    before = world.store.read_head(report["tracking_id"])
    view = helper.get(path).get_json()
    assert view["messages"][0]["body"].startswith("Lampu jalan")
    assert set(view["actions"]) == {"reply", "attach", "note", "recuse", "second"}
    page = helper.client.get(path, headers=HTML).text
    check_page(page)
    assert "Anda ikut menangani laporan ini." in page
    since = len(world.mailbox.letters)
    reply = {"body": "Sampahnya kami angkut.", "message_key": "jawaban01"}
    assert helper.post(f"{path}/messages", reply).status_code == 201
    after = world.store.read_head(report["tracking_id"])
    assert (after.stage, after.clock.due, after.desk_work.second) == (before.stage, before.clock.due, SECOND)
    assert [subject for _, subject in letters(world, report["tracking_id"], since)] == [
        "Instansi kedua menjawab pelapor"
    ] * 2  # both officers of the holder
    for action, typed in (
        ("handover", {"agency": "kutim", "reason": "x"}),
        ("extend", {"due": "2026-12-30", "reason": "x"}),
        ("close", {"outcome": "dijelaskan", "reason": "x"}),
        ("stage", {"stage": "diproses", "reason": "x"}),
        ("oversight", {"reason": "x"}),
        ("sp4n", {"number": "9197446"}),
    ):
        assert helper.post(f"{path}/{action}", typed).status_code == 409, action
    assert helper.post(f"{path}/second", {"agency": "kutim-dishub", "reason": "x"}).status_code == 422
    assert "Sampahnya kami angkut." in told(world, report["receipt"])
    assert "Sampahnya kami angkut." in str(holder.get(path).get_json())


def test_both_hear_what_the_reporter_writes_and_take_up_what_he_reopens(world: World) -> None:
    report, holder, helper = to_two(world)
    case_id, receipt = report["tracking_id"], report["receipt"]
    world.run_courier()
    since = len(world.mailbox.letters)
    world.post("/api/thread/messages", {"receipt": receipt, "body": "Masih.", "message_key": "pesan0001"})
    assert [to for to, _ in letters(world, case_id, since)] == BOTH
    closed = {"outcome": "dijelaskan", "reason": "Sudah."}
    assert holder.post(f"/desk/cases/{case_id}/close", closed).status_code == 200
    assert helper.get(f"/desk/cases/{case_id}").get_json()["actions"] == []
    world.post("/api/thread/verdict", {"receipt": receipt, "verdict": "belum", "reason": "Belum."})
    assert "reply" in helper.get(f"/desk/cases/{case_id}").get_json()["actions"]
    holder.post(f"/desk/cases/{case_id}/close", closed)
    world.post("/api/thread/appeal", {"receipt": receipt, "reason": "Tidak benar."})
    assert world.store.read_head(case_id).desk_work.second == ""
    assert helper.get(f"/desk/cases/{case_id}").status_code == 404


def test_it_has_a_listing_of_its_own_and_a_line_in_the_inbox(world: World) -> None:
    report, holder, helper = to_two(world)
    inbox = helper.get("/desk/").get_json()
    assert (inbox["cases"], inbox["second"]) == ([], True)
    listed = helper.get("/desk/second/").get_json()["cases"]
    assert [case["tracking_id"] for case in listed] == [report["tracking_id"]]
    for path in ("/desk/", "/desk/second/"):
        check_page(helper.client.get(path, headers=HTML).text)
    assert "/desk/second/" in helper.client.get("/desk/", headers=HTML).text
    assert report["tracking_id"] in helper.client.get("/desk/second/", headers=HTML).text
    assert holder.get("/desk/").get_json()["second"] is False
    empty = holder.client.get("/desk/second/", headers=HTML).text
    check_page(empty)
    assert report["tracking_id"] not in empty
    assert helper.get("/desk/second/?after=x").status_code == 404


def test_the_holder_asks_one_in_later_and_lets_it_go(world: World) -> None:
    report = world.report()
    case_id, holder = report["tracking_id"], world.hand_over(report["tracking_id"], FIRST)
    path = f"/desk/cases/{case_id}"
    check_page(holder.client.get(path, headers=HTML).text)
    offered = [agency["code"] for agency in holder.get(path).get_json()["routing"]["seconds"]]
    assert SECOND in offered
    assert FIRST not in offered
    form = {"csrf_token": holder.csrf, "form": "second", "agency": "", "reason": "Alasan saya."}
    for wrong, field in (({"agency": ""}, "second"), ({"agency": FIRST}, "second"), ({"reason": ""}, "second-reason")):
        refused = holder.client.post(f"{path}/second", data=form | wrong, headers=HTML)
        assert refused.status_code == 422
        assert f'href="#{field}"' in refused.text
        check_page(refused.text)
    asked = holder.client.post(f"{path}/second", data=form | {"agency": SECOND}, headers=HTML)
    assert asked.headers["Location"] == f"{path}?done=second"
    page = holder.client.get(path, headers=HTML).text
    check_page(page)
    assert ", bersama Dinas" in page
    helper = world.desk_of(SECOND)
    assert helper.get(path).status_code == 200
    assert holder.post(f"{path}/second", {"agency": "kutim-dishub", "reason": "x"}).status_code == 422
    ended = holder.post(f"{path}/second", {"agency": "", "reason": "Bagian itu selesai."})
    assert ended.get_json()["second"] is None
    assert helper.get(path).status_code == 404
    assert helper.get("/desk/").get_json()["second"] is False
    assert "Dinas Lingkungan Hidup tidak ikut menangani lagi. Alasan: Bagian itu selesai." in told(
        world, report["receipt"]
    )


def test_the_second_steps_out_by_itself(world: World) -> None:
    report, holder, helper = to_two(world)
    path = f"/desk/cases/{report['tracking_id']}"
    form = {"csrf_token": helper.csrf, "form": "leave", "agency": "", "reason": ""}
    refused = helper.client.post(f"{path}/second", data=form, headers=HTML)
    assert refused.status_code == 422
    assert 'href="#leave-reason"' in refused.text
    check_page(refused.text)
    world.run_courier()
    since = len(world.mailbox.letters)
    left = helper.client.post(f"{path}/second", data=form | {"reason": "Bukan sampah."}, headers=HTML)
    assert left.headers["Location"] == "/desk/?done=leave"
    assert helper.get(path).status_code == 404
    assert (BOTH[1], "Instansi kedua tidak ikut lagi") in letters(world, report["tracking_id"], since)
    assert holder.get(path).get_json()["routing"]["second"] is None


def test_who_helps_and_has_a_stake_is_out_with_his_unit_and_the_holder_keeps_it(world: World) -> None:
    report, holder, helper = to_two(world)
    path = f"/desk/cases/{report['tracking_id']}"
    assert helper.post(f"{path}/recuse", {"reason": "Keluarga saya."}).status_code == 200
    head = world.store.read_head(report["tracking_id"])
    assert (head.holder, head.desk_work.second, len(head.desk_work.recused)) == (FIRST, "", 1)
    assert "Petugas Dinas Lingkungan Hidup menyatakan benturan kepentingan" in told(world, report["receipt"])
    assert holder.post(f"{path}/second", {"agency": SECOND, "reason": "Petugas lain."}).status_code == 200
    assert helper.get(path).status_code == 404  # his colleagues may, he does not
    assert helper.get("/desk/").get_json()["second"] is False


@pytest.mark.parametrize("how", ["handover", "recuse"])
def test_it_ends_where_the_case_goes_to_another_desk(world: World, how: str) -> None:
    report, holder, helper = to_two(world)
    case_id = report["tracking_id"]
    typed = {"agency": "kutim", "reason": "Bukan kami."} if how == "handover" else {"reason": "Bidang saya."}
    assert holder.post(f"/desk/cases/{case_id}/{how}", typed).status_code == 200
    assert world.store.read_head(case_id).desk_work.second == ""
    assert world.store.page(Scope.SECOND, SECOND).heads == ()
    assert helper.get(f"/desk/cases/{case_id}").status_code == 404
    sorted_anew = world.desk_of("kutim").post(
        f"/desk/cases/{case_id}/handover", {"agency": SECOND, "second": FIRST, "reason": "Tukar."}
    )
    assert sorted_anew.status_code == 200
    head = world.store.read_head(case_id)
    assert (head.holder, head.desk_work.second) == (SECOND, FIRST)


def test_what_became_for_the_inspectorate_alone_has_no_second(world: World) -> None:
    report = world.report(topic="pungli")
    path = f"/desk/cases/{report['tracking_id']}"
    world.desk_of("kutim").post(f"{path}/oversight", {"reason": "Pungutan liar."})
    inspector = world.desk_of("kutim-inspektorat")
    assert "second" not in inspector.get(path).get_json()["actions"]
    assert inspector.get(path).get_json()["routing"]["seconds"] == []
    assert inspector.post(f"{path}/second", {"agency": SECOND, "reason": "x"}).status_code == 422


def test_a_withdrawal_is_told_to_both_and_leaves_nothing_of_it(world: World) -> None:
    report, _, helper = to_two(world)
    world.run_courier()
    since = len(world.mailbox.letters)
    assert world.post("/api/thread/withdraw", {"receipt": report["receipt"]}).status_code == 200
    assert [to for to, _ in letters(world, report["tracking_id"], since)] == BOTH
    assert world.store.read_head(report["tracking_id"]).desk_work.second == ""
    assert helper.get(f"/desk/cases/{report['tracking_id']}").status_code == 404


def test_it_needs_the_token_and_a_session(world: World) -> None:
    path = f"/desk/cases/{world.report()['tracking_id']}/second"
    desk, json = world.desk_of("kutim"), {"Accept": "application/json"}
    assert desk.client.post(path, json={}, headers=json).status_code == 403
    assert world.desk_app.test_client().post(path, json={}, headers=json).status_code == 401
    assert desk.post(path, {"agency": SECOND, "reason": "x"}).status_code == 409  # who sorts names it in the hand-over

"""Joining cases about the same thing at the desk: as a page and as JSON, and what each side is shown."""

from typing import Any

import pytest

from tests.pages import check_page
from tests.world import JSON, Desk, World

HTML = {"Accept": "text/html"}
UNIT, OTHER = "kutim-dpupr", "kutim-dlh"
REASON = "Lampu yang sama, di depan sekolah."
UNKNOWN = "4F7K-2M9Q-XR3D"


def held(world: World, agency: str = UNIT, **changes: str) -> dict[str, Any]:
    report = world.report(**changes)
    world.hand_over(report["tracking_id"], agency)
    return report


def two(world: World) -> tuple[dict[str, Any], dict[str, Any], Desk]:
    """One, its induk, and the desk of the unit that has both."""
    one, induk = held(world, topic="jalan"), held(world, topic="lainnya")
    return one, induk, world.desk_of(UNIT)


def page_of(desk: Desk, report: dict[str, Any], do: str = "") -> str:
    page: str = desk.client.get(f"/desk/cases/{report['tracking_id']}?do={do}", headers=HTML).text
    check_page(page)
    return page


def send(desk: Desk, report: dict[str, Any], action: str, form: str, **typed: str) -> Any:
    typed |= {"csrf_token": desk.csrf, "form": form}
    return desk.client.post(f"/desk/cases/{report['tracking_id']}/{action}", data=typed, headers=HTML)


def test_two_are_joined_shown_on_both_and_parted_again(world: World) -> None:
    one, induk, desk = two(world)
    assert "Laporan tentang hal yang sama" in page_of(desk, one, "join")
    done = send(desk, one, "join", "join", tracking_id=induk["tracking_id"], reason=REASON)
    assert done.headers["Location"] == f"/desk/cases/{one['tracking_id']}?done=join"
    below, above = page_of(desk, one), page_of(desk, induk)
    assert f"Digabung ke laporan {induk['tracking_id']}." in below
    assert f"Laporan {one['tracking_id']} digabung ke sini." in above
    assert "Kirim juga ke laporan yang digabung (1)" in above
    assert "Kirim juga" not in below
    views = [desk.get(f"/desk/cases/{report['tracking_id']}").get_json()["joined"] for report in (one, induk)]
    assert views == [
        {"into": induk["tracking_id"], "cases": []},
        {"into": None, "cases": [{"tracking_id": one["tracking_id"], "stage": "didisposisikan"}]},
    ]
    refused = send(desk, one, "join", "part", tracking_id="", reason=" ")
    assert refused.status_code == 422
    assert 'href="#part-reason"' in refused.text
    check_page(refused.text)
    parted = send(desk, one, "join", "part", tracking_id="", reason="Ternyata lain.")
    assert parted.headers["Location"].endswith("?done=part")
    assert "Kirim juga" not in page_of(desk, induk)
    assert "Gabungkan ke laporan pertama" in page_of(desk, one, "join")


@pytest.mark.parametrize("typed", ["", "K7QM", UNKNOWN, "own", "<script>"])
def test_a_number_that_will_not_do_is_told_and_what_was_typed_stays(world: World, typed: str) -> None:
    one, _, desk = two(world)
    number = one["tracking_id"] if typed == "own" else typed
    refused = send(desk, one, "join", "join", tracking_id=number, reason="Kata saya.")
    assert refused.status_code == 422
    check_page(refused.text)
    assert 'href="#tracking_id"' in refused.text
    assert "Kata saya." in refused.text
    as_json = desk.post(f"/desk/cases/{one['tracking_id']}/join", {"tracking_id": number, "reason": "x"})
    assert [error["field"] for error in as_json.get_json()["errors"]] == ["tracking_id"]


def test_the_reporter_is_told_that_there_is_another_and_no_more(world: World) -> None:
    one, induk, desk = two(world)
    send(desk, one, "join", "join", tracking_id=induk["tracking_id"], reason=REASON)
    thread = world.thread.post("/api/thread", data={"receipt": one["receipt"]}, headers=HTML).text
    check_page(thread)
    assert "Ada laporan lain tentang hal yang sama" in thread
    theirs = world.thread.post("/api/thread", data={"receipt": induk["receipt"]}, headers=HTML).text
    assert "laporan lain" not in theirs
    for text, other in ((thread, induk), (theirs, one)):
        assert other["tracking_id"] not in text
        assert REASON not in text


def test_an_answer_goes_along_only_where_that_is_ticked(world: World) -> None:
    one, induk, desk = two(world)
    send(desk, one, "join", "join", tracking_id=induk["tracking_id"], reason=REASON)
    alone = send(desk, induk, "messages", "reply", body="Hanya di sini.", message_key="jawaban0001")
    assert alone.headers["Location"].endswith("?done=reply")
    along = send(desk, induk, "messages", "reply", body="Di keduanya.", message_key="jawaban0002", joined="yes")
    assert along.headers["Location"].endswith("?done=reply_joined")
    assert "juga ke laporan yang digabung" in desk.client.get(along.headers["Location"], headers=HTML).text
    bodies = [message["body"] for message in world.read(one["receipt"])["messages"]]
    assert ("Hanya di sini." in bodies, bodies.count("Di keduanya.")) == (False, 1)
    again = {"body": "Di keduanya.", "message_key": "jawaban0002", "joined": "yes"}
    answer = desk.post(f"/desk/cases/{induk['tracking_id']}/messages", again)
    assert answer.status_code == 201
    assert answer.get_json()["joined"] == [{"tracking_id": one["tracking_id"], "taken": True}]
    empty = send(desk, induk, "messages", "reply", body=" ", message_key="jawaban0003", joined="yes")
    assert empty.status_code == 422
    assert 'value="yes" checked' in empty.text
    check_page(empty.text)


def test_what_did_not_go_along_is_told_with_the_reason(world: World) -> None:
    one, induk, desk = two(world)
    send(desk, one, "join", "join", tracking_id=induk["tracking_id"], reason=REASON)
    closed = send(
        desk,
        induk,
        "close",
        "close",
        outcome="diperbaiki",
        reason="Sudah.",
        message_key="tutup00001",
        joined="yes",
    )
    assert closed.status_code == 200
    check_page(closed.text)
    assert "Belum masuk ke semua laporan yang digabung" in closed.text
    assert "pilih juga foto hasilnya" in closed.text
    assert world.read(induk["receipt"])["stage"] == "selesai"
    assert world.read(one["receipt"])["stage"] == "didisposisikan"
    again = {"outcome": "diperbaiki", "reason": "Sudah.", "message_key": "tutup00001", "joined": "yes"}
    answer = desk.post(f"/desk/cases/{induk['tracking_id']}/close", again).get_json()
    assert answer["stage"] == "selesai"
    assert [(told["tracking_id"], told["taken"]) for told in answer["joined"]] == [(one["tracking_id"], False)]
    assert "foto" in answer["joined"][0]["detail"]


def test_closing_goes_along_too(world: World) -> None:
    one, induk, desk = two(world)
    send(desk, one, "join", "join", tracking_id=induk["tracking_id"], reason=REASON)
    typed = {"outcome": "dijelaskan", "reason": "Lampu diganti.", "message_key": "tutup00001", "joined": "yes"}
    done = send(desk, induk, "close", "close", **typed)
    assert done.headers["Location"].endswith("?done=close_joined")
    for report in (one, induk):
        thread = world.read(report["receipt"])
        assert thread["stage"] == "selesai"
        assert "Lampu diganti." in thread["messages"][-1]["body"]


def test_to_the_accused_a_case_of_others_and_a_number_that_is_none_are_one(world: World) -> None:
    """An officer who is accused in the other, joins by its number: byte for byte what an unknown number gets."""
    hidden, mine = held(world, about_agency=OTHER), held(world, OTHER)
    desk = world.desk_of(OTHER)
    path = f"/desk/cases/{mine['tracking_id']}/join"
    for accept in (JSON, HTML):
        said = []
        for number in (hidden["tracking_id"], UNKNOWN):
            form = {"csrf_token": desk.csrf, "form": "join", "tracking_id": number, "reason": "x"}
            answer = desk.client.post(path, data=form, headers=accept)
            assert answer.status_code == 422
            said.append([line for line in answer.text.replace(number, UNKNOWN).splitlines() if "_key" not in line])
        assert said[0] == said[1]


def test_the_accused_who_gets_the_joined_one_later_is_shown_nothing_of_the_tie(world: World) -> None:
    induk, one = held(world, about_agency=OTHER), held(world)
    desk = world.desk_of(UNIT)
    send(desk, one, "join", "join", tracking_id=induk["tracking_id"], reason=REASON)
    desk.post(f"/desk/cases/{one['tracking_id']}/handover", {"agency": "kutim", "reason": "Bukan kami."})
    theirs = world.hand_over(one["tracking_id"], OTHER)
    for text in (page_of(theirs, one), theirs.get(f"/desk/cases/{one['tracking_id']}").text):
        assert induk["tracking_id"] not in text
        assert REASON not in text
        assert "hal yang sama;" not in text
    assert theirs.get(f"/desk/cases/{one['tracking_id']}").get_json()["joined"] == {"into": None, "cases": []}


def test_it_needs_the_token_and_a_session(world: World) -> None:
    path = f"/desk/cases/{world.report()['tracking_id']}/join"
    desk = world.desk_of("kutim")
    assert desk.client.post(path, json={}, headers=JSON).status_code == 403
    assert world.desk_app.test_client().post(path, json={}, headers=JSON).status_code == 401

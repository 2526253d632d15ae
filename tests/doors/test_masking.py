"""The officers' masked copy: what identifies the writer is hidden until an officer says why, and the writer reads it."""

import re

import pytest

from tests.pages import check_page
from tests.world import World

TEXT = "Nama saya Bunga Melati, NIK 6408014506900001, hp 0812-3456-7890. Kepala desa Rusdi minta uang 500 ribu."
SECRET = ("Bunga", "6408014506900001", "0812-3456-7890")


def sent(world: World, **changes: str) -> dict[str, str]:
    return world.report(body=TEXT, subject="Telepon saya 0812-3456-7890", **changes)


def test_officers_read_a_masked_copy_and_the_writer_his_own_words(world: World) -> None:
    report = sent(world)
    desk = world.desk_of("kutim")
    case = desk.get(f"/desk/cases/{report['tracking_id']}").get_json()
    page = desk.client.get(f"/desk/cases/{report['tracking_id']}", headers={"Accept": "text/html"}).text
    inbox = desk.get("/desk/").text
    for secret in SECRET:
        assert secret not in str(case) + page + inbox
    assert "Rusdi" in case["messages"][0]["body"]  # whom it is about has to be named
    assert case["messages"][0]["masked"] is True
    assert "unmask" in case["actions"]
    assert world.read(report["receipt"])["messages"][0]["body"] == TEXT
    check_page(page)


def test_unmasking_wants_a_reason_and_the_writer_reads_it(world: World) -> None:
    report = sent(world)
    desk = world.desk_of("kutim")
    path = f"/desk/cases/{report['tracking_id']}"
    assert desk.post(f"{path}/unmask", {"n": "1", "reason": " "}).status_code == 422
    assert desk.post(f"{path}/unmask", {"n": "7", "reason": "Perlu."}).status_code == 422
    assert TEXT not in desk.get(path).text
    done = desk.post(f"{path}/unmask", {"n": "1", "reason": "Perlu memeriksa NIK di sistem bansos."})
    assert (done.status_code, done.get_json()) == (201, {"n": 2})
    case = desk.get(path).get_json()
    assert case["messages"][0]["body"] == TEXT
    assert case["subject"] == "Telepon saya 0812-3456-7890"
    assert "unmask" not in case["actions"]
    told = world.read(report["receipt"])["messages"][-1]
    assert "Perlu memeriksa NIK" in told["body"]
    assert "Pemerintah Kabupaten Kutai Timur" in told["body"]
    assert desk.post(f"{path}/unmask", {"n": "1", "reason": "Sekali lagi."}).status_code == 422


def test_another_agency_has_to_say_its_own_reason(world: World) -> None:
    report = sent(world)
    path = f"/desk/cases/{report['tracking_id']}"
    world.desk_of("kutim").post(f"{path}/unmask", {"n": "1", "reason": "Perlu."})
    unit = world.hand_over(report["tracking_id"])
    assert "0812-3456-7890" not in unit.get(path).text
    assert unit.post(f"{path}/unmask", {"n": "1", "reason": "Menelepon pelapor atas permintaannya."}).status_code == 201
    assert "0812-3456-7890" in unit.get(path).text


def test_later_messages_are_masked_one_by_one(world: World) -> None:
    report = sent(world)
    path = f"/desk/cases/{report['tracking_id']}"
    unit = world.hand_over(report["tracking_id"])
    unit.post(f"{path}/unmask", {"n": "1", "reason": "Perlu."})
    more = {"receipt": report["receipt"], "body": "Surel saya melati@contoh.id", "message_key": "m" * 16}
    assert world.post("/api/thread/messages", more).status_code == 201
    bodies = [message["body"] for message in unit.get(path).get_json()["messages"]]
    assert TEXT in bodies
    assert "melati@contoh.id" not in str(bodies)


def test_the_officers_own_words_are_not_masked(world: World) -> None:
    report = world.report()
    unit = world.hand_over(report["tracking_id"])
    path = f"/desk/cases/{report['tracking_id']}"
    unit.post(f"{path}/messages", {"body": "Hubungi kantor kami di 0549-221234.", "message_key": "k" * 16})
    assert "0549-221234" in unit.get(path).text


@pytest.mark.parametrize(("topic", "shown"), [("jalan", True), ("pungli", False)])
def test_on_a_sensitive_topic_the_exact_place_is_hidden_until_needed(world: World, topic: str, shown: bool) -> None:
    report = world.report(topic=topic, place="belakang balai desa Sukamaju")
    desk = world.desk_of("kutim")
    path = f"/desk/cases/{report['tracking_id']}"
    assert ("balai desa Sukamaju" in desk.get(path).text) is shown
    if not shown:
        desk.post(f"{path}/unmask", {"n": "1", "reason": "Harus ke tempatnya."})
        assert "balai desa Sukamaju" in desk.get(path).text


def test_the_page_asks_for_the_reason_and_gives_it_back(world: World) -> None:
    report = sent(world)
    desk = world.desk_of("kutim")
    path = f"/desk/cases/{report['tracking_id']}"
    page = desk.client.get(path, headers={"Accept": "text/html"}).text
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert csrf
    form = {"csrf_token": csrf[1], "form": "unmask-1", "n": "1", "reason": "x" * 2001}
    refused = desk.client.post(f"{path}/unmask", data=form, headers={"Accept": "text/html"})
    assert refused.status_code == 422
    assert "x" * 2001 in refused.text
    check_page(refused.text)
    done = desk.client.post(f"{path}/unmask", data=form | {"reason": "Perlu."}, headers={"Accept": "text/html"})
    assert done.status_code == 303
    shown = desk.client.get(done.headers["Location"], headers={"Accept": "text/html"}).text
    assert "0812-3456-7890" in shown
    check_page(shown)

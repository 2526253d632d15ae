"""Two who write at once: the second reads what the first wrote before his own leaves, and loses nothing."""

from typing import Any

import pytest

from tests.markup import forms, page
from tests.memory import hidden
from tests.world import Desk, World

HTML = {"Accept": "text/html"}
FIRST, SECOND = "Kami datang besok pagi.", "Laporan ini sudah kami teruskan."


@pytest.fixture
def path(world: World) -> str:
    report = world.report()
    world.hand_over(report["tracking_id"])
    return f"/desk/cases/{report['tracking_id']}"


def seen(desk: Desk, path: str) -> str:
    return hidden(desk.client.get(path, headers=HTML).text, "seen")


def send(desk: Desk, path: str, body: str, seen: str, key: str) -> Any:
    typed = {"csrf_token": desk.csrf, "form": "reply", "body": body, "message_key": key, "seen": seen}
    return desk.client.post(f"{path}/messages", data=typed, headers=HTML)


def test_the_second_reads_the_first_and_then_sends_what_he_wrote(world: World, path: str) -> None:
    one, other = world.desk_of("kutim-dpupr"), world.desk_of("kutim-dpupr")
    shown = seen(other, path)
    assert send(one, path, FIRST, seen(one, path), "kunci-satu".replace("-", "")).status_code == 303
    held = send(other, path, SECOND, shown, "kuncidua2")
    root = page(held, 409)
    assert "Ada yang menulis sejak Anda membuka halaman ini." in held.text
    assert FIRST in held.text
    assert SECOND in held.text
    assert "reply" in forms(root)
    assert send(other, path, SECOND, hidden(held.text, "seen"), "kuncidua2").status_code == 303
    bodies = [message["body"] for message in one.get(path).get_json()["messages"]]
    assert bodies[-2:] == [FIRST, SECOND]


def test_what_the_reporter_added_is_read_first_too(world: World) -> None:
    report = world.report()
    desk = world.hand_over(report["tracking_id"])
    path = f"/desk/cases/{report['tracking_id']}"
    shown = seen(desk, path)
    more = {"receipt": report["receipt"], "body": "Kemarin ada yang jatuh.", "message_key": "pesan0001"}
    assert world.post("/api/thread/messages", more).status_code == 201
    held = send(desk, path, FIRST, shown, "kuncisatu1")
    assert held.status_code == 409
    assert "Kemarin ada yang jatuh." in held.text


def test_a_repeat_of_ones_own_is_no_news(world: World, path: str) -> None:
    desk = world.desk_of("kutim-dpupr")
    shown = seen(desk, path)
    for _ in range(2):
        assert send(desk, path, FIRST, shown, "kuncisatu1").status_code == 303
    bodies = [message["body"] for message in desk.get(path).get_json()["messages"]]
    assert bodies.count(FIRST) == 1


def test_who_does_not_say_what_he_saw_is_not_held(world: World, path: str) -> None:
    desk = world.desk_of("kutim-dpupr")
    for number, body in enumerate((FIRST, SECOND)):
        answer = desk.post(f"{path}/messages", {"body": body, "message_key": f"kunci{number}000"})
        assert answer.status_code == 201


def test_what_was_written_comes_back_where_the_case_went_elsewhere(world: World) -> None:
    """A late case is moved by the inspectorate while its unit still writes the answer."""
    case_id = world.report()["tracking_id"]
    unit = world.hand_over(case_id)
    for _ in range(20):
        world.later(days=1)
        world.remind()
    above, unit = world.desk_of("kutim-inspektorat"), world.desk_of("kutim-dpupr")
    path = f"/desk/cases/{case_id}"
    moved = above.post(f"{path}/handover", {"agency": "kutim-dishub", "reason": "Terlambat."})
    assert moved.status_code == 200, moved.text
    for act, field in (("messages", "body"), ("close", "reason"), ("notes", "body")):
        form = {
            "csrf_token": unit.csrf,
            "form": "reply",
            field: "Kami sudah ke lokasi kemarin.",
            "message_key": "m" * 16,
        }
        lost = unit.client.post(f"{path}/{act}", data=form, headers={"Accept": "text/html"})
        assert lost.status_code == 404
        assert "Kami sudah ke lokasi kemarin." in lost.text, act
    assert unit.client.get(path, headers={"Accept": "text/html"}).status_code == 404

"""District and topic are corrected: sealed anew, told to the reporter, followed by every rule, and by nobody's inbox."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from functions.actions.clock.audit import Audit
from functions.actions.clock.barometer_counts import CountBarometer
from functions.casework.barometer.cells import Cell
from functions.casework.case import EventKind, Publication
from functions.casework.deadlines.batches import Batches
from functions.casework.directory.agencies import Role
from functions.crypto.seal.public_keys import Purpose
from functions.storage.registers.barometer_counts import read_standing
from functions.thread import app as thread
from tests.markup import HOSTILE, field, forms, page, text
from tests.memory import hidden
from tests.neighbour import two_governments
from tests.pages import check_page
from tests.world import Desk, World

HTML = {"Accept": "text/html"}
HERE, THERE = "64.08.04", "64.08.02"
VAGUE = "Sudah dua minggu begini. Tolong segera diperiksa."
REASON = "Alamat di laporan ada di Muara Wahau."


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, None, *two_governments())


def press(desk: Desk, path: str, **typed: str) -> Any:
    data = {"csrf_token": desk.csrf, "form": "correct", **typed}
    return desk.client.post(f"{path}/correct", data=data, headers=HTML)


def correct(desk: Desk, path: str, **wanted: str) -> Any:
    return desk.post(f"{path}/correct", {"reason": REASON, **wanted})


def at_unit(world: World, agency: str = "kutim-dpupr", **changes: str) -> tuple[dict[str, Any], str, Desk]:
    sent = world.report(**changes)
    return sent, f"/desk/cases/{sent['tracking_id']}", world.hand_over(sent["tracking_id"], agency)


def test_it_is_sealed_anew_and_told_and_moves_nothing(world: World) -> None:
    sent = world.report(topic="jalan", body=VAGUE, subject="", identity_mode="rahasia", contact="siti@contoh.example")
    path, coordinator = f"/desk/cases/{sent['tracking_id']}", world.desk_of("kutim")
    district = world.directory.districts[HERE].name
    before = world.store.read_head(sent["tracking_id"])
    assert coordinator.get(path).get_json()["routing"]["proposed"] == "kutim-dpupr"
    drawer = coordinator.client.get(f"{path}?do=correct", headers=HTML).text
    check_page(drawer)
    assert f"Tetap: {district}" in drawer
    assert "Bontang Utara" not in drawer
    letters = len(world.mailbox.letters)
    done = press(coordinator, path, district=THERE, topic="lampu-jalan", reason=REASON, seen=hidden(drawer, "seen"))
    assert done.headers["Location"] == f"{path}?done=correct"
    after = world.store.read_head(sent["tracking_id"])
    assert (after.district, after.topic) == (THERE, "lampu-jalan")
    for kept in ("holder", "stage", "clock", "about_agency", "received_on", "oversight"):
        assert getattr(after, kept) == getattr(before, kept)
    assert after.wraps.desk != before.wraps.desk
    assert world.keys.private(Purpose.DESK).open_case(after)
    view = coordinator.get(path).get_json()
    assert (view["topic"], view["district"], view["routing"]["proposed"]) == ("lampu-jalan", THERE, "kutim-dishub")
    told = (
        f"Kecamatan dibetulkan: dari {district} menjadi Muara Wahau. Topik dibetulkan: dari Jalan dan jembatan menjadi "
        f"Lampu jalan, rambu dan angkutan. Alasan: {REASON}"
    )
    read = world.read(sent["receipt"])
    assert (read["messages"][-1]["body"], read["as_sealed"]) == (told, True)
    page_of_theirs = world.thread.post("/api/thread", data={"receipt": sent["receipt"]}, headers=HTML).text
    check_page(page_of_theirs)
    assert "Topik dibetulkan: dari Jalan dan jembatan menjadi" in page_of_theirs
    world.run_courier()
    assert [letter.to for letter in world.mailbox.letters[letters:]].count("siti@contoh.example") == 1
    event = world.store.read_case(sent["tracking_id"]).events[-1]
    assert (event.kind, event.officer) == (EventKind.CORRECT, "kutim-1")
    assert THERE.encode() not in event.sealed
    assert Audit(world.store, world.directory).verify("kutim").faults == ()
    unit = world.hand_over(sent["tracking_id"], "kutim-dishub")  # who opens what was sealed anew
    assert VAGUE in unit.get(path).text
    assert coordinator.post(f"{path}/correct", {"topic": "jalan", "reason": REASON}).status_code == 403
    assert world.desk_of("kutim-dlh").post(f"{path}/correct", {"topic": "jalan", "reason": REASON}).status_code == 404
    assert correct(unit, path, topic="jalan").get_json()["topic"] == "jalan"
    assert (
        "Topik dibetulkan" not in coordinator.client.get(path, headers=HTML).text
    )  # who reads no words reads no reason


def test_what_is_wrong_is_said_and_what_was_typed_stays(world: World) -> None:
    _, path, unit = at_unit(world, topic="jalan")
    before = world.store.read_head(path.rpartition("/")[2])
    for wrong, place, said in (
        ({"district": "99.99.99"}, "district", "Kecamatan ini tidak ada"),
        ({"district": "64.74.01"}, "district", "Kecamatan ini di wilayah Pemerintah Kota Bontang"),
        ({"topic": "tidak-ada"}, "topic", "Topik ini tidak ada"),
        ({}, "district", "Belum ada yang berubah"),
        ({"district": HERE, "topic": "jalan"}, "district", "Belum ada yang berubah"),
        ({"topic": HOSTILE}, "topic", "Topik ini tidak ada"),
        ({"topic": "lainnya", "reason": " "}, "correct-reason", "alasan"),
        ({"topic": "lainnya", "reason": "x" * 2001}, "correct-reason", "paling banyak"),
    ):
        answer = press(unit, path, **{"reason": "Yang kutulis.", **wrong})
        check_page(answer.text)
        root = page(answer, 422)
        assert f'href="#{place}"' in answer.text, wrong
        assert said in text(root), wrong
        assert wrong.get("reason", "Yang kutulis.").strip() in text(field(root, "correct-reason"))
        assert [d.get("open") is not None for d in root.iter("details") if "correct" in forms(d)] == [True]
    assert unit.post(f"{path}/correct", {"topic": "lainnya"}).get_json()["errors"][0]["field"] == "reason"
    assert world.store.read_head(path.rpartition("/")[2]) == before
    unit.post(f"{path}/close", {"outcome": "dijelaskan", "reason": "Sudah."})
    assert correct(unit, path, topic="lainnya").status_code == 409


def test_the_second_of_two_is_told_and_a_button_pressed_twice_writes_once(world: World) -> None:
    sent, path, unit = at_unit(world, topic="jalan")
    seen = hidden(unit.client.get(path, headers=HTML).text, "seen")
    more = {"receipt": sent["receipt"], "body": "Ada lagi.", "message_key": "pesan0001"}
    assert world.post("/api/thread/messages", more).status_code == 201  # is no correction, and holds nobody up
    for _ in range(2):
        assert press(unit, path, topic="banjir", reason=REASON, seen=seen).status_code == 303
    events = world.store.read_case(sent["tracking_id"]).events
    assert [event.kind for event in events].count(EventKind.CORRECT) == 1
    held = press(unit, path, topic="lainnya", reason="Menurut saya lain.", seen=seen)
    root = page(held, 409)
    check_page(held.text)
    assert "Orang lain sudah membetulkan kecamatan atau topik" in text(root)
    assert "Menurut saya lain." in text(field(root, "correct-reason"))
    assert "Tetap: Banjir dan saluran air" in text(root)
    assert [o.get("value") for o in root.iter("option") if o.get("selected") is not None] == ["lainnya"]
    assert world.store.read_head(sent["tracking_id"]).topic == "banjir"
    assert press(unit, path, topic="lainnya", reason="Lain.", seen=hidden(held.text, "seen")).status_code == 303
    assert world.store.read_head(sent["tracking_id"]).topic == "lainnya"


def test_the_accused_unit_of_the_new_topic_gets_nothing(world: World) -> None:
    sent = world.report(topic="lainnya", about_agency="kutim-dishub")
    path, coordinator = f"/desk/cases/{sent['tracking_id']}", world.desk_of("kutim")
    letters = len(world.mailbox.letters)
    assert correct(coordinator, path, topic="lampu-jalan").status_code == 200
    view = coordinator.get(path).get_json()["routing"]
    assert "kutim-dishub" not in str(view)
    assert world.store.read_head(sent["tracking_id"]).holder == "kutim"
    world.run_courier()
    assert not [m for m in world.mailbox.letters[letters:] if "dishub" in m.to]
    accused = world.desk_of("kutim-dishub")
    assert correct(accused, path, topic="jalan").status_code == accused.get(path).status_code == 404
    assert coordinator.post(f"{path}/handover", {"agency": "kutim-dishub", "reason": "x"}).status_code == 422


def test_what_a_sensitive_topic_hides_stays_hidden_and_what_is_new_follows(world: World) -> None:
    world.seconds = int(datetime(2026, 11, 25, 9, 0, tzinfo=ZoneInfo("Asia/Makassar")).timestamp())
    batch = Batches(world.directory, (8, 14), "Asia/Makassar", lambda: world.seconds)
    world.converse = replace(world.converse, batch=batch)
    world.thread = thread.make_app(world.converse, https=False).test_client()
    sent, path, unit = at_unit(world, topic="jalan", place="warung ujung")

    def adds(key: str) -> int:
        """The hour from which officers may notice what the reporter adds; 0 for at once."""
        body = {"receipt": sent["receipt"], "body": "Ada lagi.", "message_key": key * 8}
        assert world.post("/api/thread/messages", body).status_code == 201
        outbox = world.store.claim("test", 10**9, 100)
        for entry in outbox:
            world.store.settle(entry.entry_id, "test")
        return max(entry.not_before for entry in outbox)

    assert (unit.get(path).get_json()["messages"][0]["place"], adds("a")) == ("warung ujung", 0)
    assert correct(unit, path, topic="pungli").status_code == 200
    assert "warung ujung" not in unit.get(path).text
    assert adds("b") > 0
    # The holder cannot take the protection away by calling it another topic.
    assert correct(unit, path, topic="jalan").status_code == 200
    assert "warung ujung" not in unit.get(path).text
    assert adds("c") > 0
    ask = {"n": "1", "ground": "records", "reason": "Perlu tempatnya."}
    assert unit.post(f"{path}/unmask", ask).status_code == 201


def test_a_public_work_wants_its_photo_and_a_text_its_agreement_anew(world: World) -> None:
    sent, path, unit = at_unit(world, topic="lainnya")
    unit.post(f"{path}/messages", {"body": "Besok.", "message_key": "k" * 16})
    who = {"receipt": sent["receipt"]}
    assert world.post("/api/thread/publication", who).status_code == 200
    text_of_it = {"summary": "Lampu jalan padam.", "answer": "Sudah diganti.", "keep": "yes"}
    draft = str(unit.post(f"{path}/publication", text_of_it).get_json()["n"])
    assert world.post("/api/thread/publication/agree", who | {"draft": draft}).status_code == 200
    assert correct(unit, path, topic="jalan").status_code == 200
    standing = world.store.read_head(sent["tracking_id"]).publication
    assert (standing.state, standing.agreed) == (Publication.WISHED, 0)
    assert "pelapor akan diminta menyetujui teks yang baru" in world.read(sent["receipt"])["messages"][-1]["body"]
    assert world.post("/api/thread/publication/agree", who | {"draft": draft}).status_code == 409
    repaired = {"outcome": "diperbaiki", "reason": "Sudah."}
    assert unit.post(f"{path}/close", repaired).get_json()["errors"][0]["field"] == "outcome"
    assert correct(unit, path, topic="lainnya").status_code == 200
    assert unit.post(f"{path}/close", repaired).status_code == 200


def test_it_counts_where_it_belongs_and_what_was_counted_stays(world: World) -> None:
    sent, path, unit = at_unit(world)
    due = world.store.read_head(sent["tracking_id"]).clock.due

    def month_end(today: date, month: str) -> dict[str, bool]:
        """Which of the two districts a month's end has, of what is open."""
        CountBarometer(world.store, world.directory, lambda: today)()
        standing = read_standing(world.store, "kutim", month)
        assert standing is not None
        return {code: Cell("district", code) in standing.month for code in (HERE, THERE)}

    assert month_end(date(2026, 12, 1), "2026-11") == {HERE: True, THERE: False}
    assert correct(unit, path, district=THERE).get_json()["district"] == THERE
    assert world.store.read_head(sent["tracking_id"]).clock.due == due
    assert month_end(date(2026, 12, 2), "2026-11") == {HERE: True, THERE: False}
    assert month_end(date(2027, 1, 1), "2026-12") == {HERE: False, THERE: True}


def test_who_does_not_hold_it_corrects_nothing(world: World) -> None:
    _, path, unit = at_unit(world)
    assert unit.post(f"{path}/second", {"agency": "kutim-dlh", "reason": "Ikut."}).status_code == 200
    helper = world.desk_of("kutim-dlh")
    assert "correct" not in helper.get(path).get_json()["actions"]
    assert correct(helper, path, topic="lainnya").status_code == 409
    for agency, role in (("kutim", Role.OVERSEER), ("pusat", Role.CENTRE), ("kutim-inspektorat", Role.INSPECTOR)):
        assert correct(world.desk_of(agency, role), path, topic="lainnya").status_code == 404

"""An agency with a system of its own: a report goes there, and what is said there is read in the thread."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from functions.actions.clock import import_replies
from functions.actions.common.forward_to_system import AGAIN
from functions.actions.courier.circuit import RESTS_AFTER
from functions.actions.courier.open311_exchange import key_context
from functions.casework.access import Viewer
from functions.casework.linked_systems import CUT, DESCRIPTION_MAX, UNSAID
from functions.config.settings import DEMO, load_directory
from functions.crypto.seal.public_keys import Purpose
from functions.delivery import open311
from functions.storage.interface import Notice
from functions.storage.registers import linked_systems
from functions.storage.registers.linked_systems import Peer, read_link, read_sent, write_peer
from tests.linked_system import KEY, LinkedSystem
from tests.world import World

AGENCY = "kutim-dpupr"
NIK = "6408040101900001"  # invented


@pytest.fixture
def world(tmp_path: Path, system: LinkedSystem) -> World:
    return world_linked_to(tmp_path, system)


def world_linked_to(folder: Path, system: LinkedSystem) -> World:
    known = load_directory(DEMO / "kutai-timur.toml")
    channel = f"open311:{system.url}"
    agencies = {**known.agencies, AGENCY: replace(known.agencies[AGENCY], channel=channel)}
    made = World(folder, directory=replace(known, agencies=MappingProxyType(agencies)))
    sealed = made.keys.public().seal(Purpose.COURIER, "kutim", key_context(AGENCY), KEY.encode())[1]
    write_peer(made.store, AGENCY, Peer(sealed, "kutim", "", {next(iter(known.topics)): "JLN"}))
    return made


def hand(world: World, **changes: str) -> dict[str, str]:
    """A report, handed to the agency; what its reporter was told."""
    told = world.report(**changes)
    answer = world.desk_of("kutim").post(
        f"/desk/cases/{told['tracking_id']}/handover", {"agency": AGENCY, "reason": "Kewenangan dinas."}
    )
    assert answer.status_code == 200, answer.data
    return told


def hear(world: World) -> int:
    """An hour passes: the courier asks, the clock takes up."""
    world.later(hours=1)
    world.run_courier()
    return world.take_up()


def talk(world: World, told: dict[str, str]) -> list[str]:
    return [m["body"] for m in world.read(told["receipt"])["messages"]]


def test_a_report_goes_there_and_its_answer_and_closing_come_back(world: World, system: LinkedSystem) -> None:
    letters = len(world.mailbox.letters)
    told = hand(world, body=f"Jalan rusak di depan rumah saya. NIK saya {NIK}.")
    world.run_courier()
    (sent,) = system.requests
    assert sent["service_code"] == "JLN"
    assert sent["jurisdiction_id"] == "kutim"
    assert "Jalan rusak" in sent["description"]
    assert NIK not in json.dumps(sent)
    assert not {"email", "phone", "first_name", "last_name", "device_id"} & set(sent)
    dinas = world.officer(AGENCY).email
    assert dinas not in [letter.to for letter in world.mailbox.letters[letters:]]

    system.say("R-1", "Tim meninjau besok.")
    assert hear(world) == 1
    view = world.read(told["receipt"])
    assert view["messages"][-1]["body"] == "Tim meninjau besok."
    assert view["messages"][-1]["from"] == "petugas"
    assert view["stage"] == "ditanggapi"
    assert world.store.read_head(told["tracking_id"]).history.answered_on == world.today

    system.say("R-1", "Lubang sudah ditambal.", "CLOSED", "dijelaskan")
    assert hear(world) == 1
    view = world.read(told["receipt"])
    assert view["stage"] == "selesai"
    assert view["messages"][-1]["body"].endswith("Lubang sudah ditambal.")
    assert {"confirm", "reopen"} <= set(view["actions"])
    assert hear(world) == 0
    assert world.cases.read(world_viewer(world), told["tracking_id"]).messages[-1].body == "Lubang sudah ditambal."


def world_viewer(world: World) -> Viewer:
    officer = world.officer(AGENCY)
    return Viewer(officer.ident, officer.agency, officer.role)


def test_what_the_reporter_adds_goes_there_and_not_done_reopens_it(world: World, system: LinkedSystem) -> None:
    told = hand(world)
    world.run_courier()
    body = {"receipt": told["receipt"], "body": f"Sudah dua kali. NIK {NIK}", "message_key": "kunci0001"}
    assert world.post("/api/thread/messages", body).status_code == 201
    world.run_courier()
    (update,) = system.updates
    assert update["service_request_id"] == "R-1"
    assert "Sudah dua kali" in update["description"]
    assert NIK not in update["description"]
    system.closed["R-1"] = ("2026-12-01T00:00:00+08:00", "Selesai dikerjakan.")
    assert hear(world) == 1
    assert world.read(told["receipt"])["stage"] == "selesai"
    assert not read_sent(world.store, AGENCY).cases
    again = {"receipt": told["receipt"], "verdict": "belum", "reason": "Masih berlubang."}
    assert world.post("/api/thread/verdict", again).get_json()["stage"] == "diproses"
    world.run_courier()
    assert len(system.updates) == 1
    assert system.requests[1]["description"].split("\n\n")[1:3] == [AGAIN, "Masih berlubang."]
    assert "Sudah dua kali" in system.requests[1]["description"]
    assert NIK not in system.requests[1]["description"]
    assert read_sent(world.store, AGENCY).cases == {"R-2": told["tracking_id"]}
    system.closed["R-2"] = ("2026-12-05T00:00:00+08:00", "Sudah rata.")
    assert hear(world) == 1
    assert talk(world, told)[-1].endswith("Sudah rata.")


def test_a_token_is_asked_for_its_number_later(world: World, system: LinkedSystem) -> None:
    system.tokens = True
    told = hand(world)
    world.run_courier()
    assert list(read_sent(world.store, AGENCY).cases) == ["token TR-1"]
    hear(world)
    system.tokens = False
    hear(world)
    assert read_sent(world.store, AGENCY).cases == {"R-1": told["tracking_id"]}
    system.say("R-1", "Diterima.")
    assert hear(world) == 1
    assert talk(world, told)[-1] == "Diterima."


@pytest.mark.parametrize("status", [500, 429])
def test_a_system_that_is_away_is_tried_again_and_then_its_officers_get_a_letter(
    world: World, system: LinkedSystem, status: int
) -> None:
    told = hand(world)
    system.status = status
    world.run_courier()
    dinas = world.officer(AGENCY).email
    for _ in range(14):
        world.later(hours=1)
        world.run_courier()
    assert dinas not in [letter.to for letter in world.mailbox.letters]
    world.later(hours=1)
    world.run_courier()
    world.run_courier()
    assert [letter.to for letter in world.mailbox.letters].count(dinas) == 1
    desk = world.desk(world.mailbox.tokens(dinas)[-1])
    reply = {"body": "Kami jawab di sini.", "message_key": "kunci0002"}
    assert desk.post(f"/desk/cases/{told['tracking_id']}/messages", reply).status_code == 201
    assert talk(world, told)[-1] == "Kami jawab di sini."
    # what its reporter adds now goes by letter as well: that system never had the report
    system.status = 200
    body = {"receipt": told["receipt"], "body": "Terima kasih.", "message_key": "kunci0003"}
    world.post("/api/thread/messages", body)
    world.run_courier()
    world.run_courier()
    assert [letter.to for letter in world.mailbox.letters].count(dinas) == 2
    assert not system.updates


def test_a_refusal_goes_by_letter_at_once_and_so_does_a_system_without_a_key(
    world: World, system: LinkedSystem
) -> None:
    system.status = 400
    hand(world)
    world.run_courier()
    world.run_courier()
    dinas = world.officer(AGENCY).email
    assert [letter.to for letter in world.mailbox.letters].count(dinas) == 1
    write_peer(world.store, AGENCY, Peer(b"zerbrochen"))
    system.status = 200
    hand(world)
    world.run_courier()
    world.run_courier()
    assert [letter.to for letter in world.mailbox.letters].count(dinas) == 2
    assert not system.requests


def test_after_three_failures_nothing_is_tried_there_until_the_next_hour(world: World, system: LinkedSystem) -> None:
    told = [world.report(body=f"Lampu nomor {n} mati sejak lama.") for n in range(RESTS_AFTER + 2)]
    desk = world.desk_of("kutim")
    for each in told:
        desk.post(f"/desk/cases/{each['tracking_id']}/handover", {"agency": AGENCY, "reason": "Kewenangan dinas."})
    system.status = 503
    system.asked.clear()
    world.run_courier()
    tried = sum(asked.startswith("POST") for asked in system.asked)
    assert tried == RESTS_AFTER  # the other two were not tried
    system.status = 200
    world.later(hours=1)
    world.run_courier()
    assert len(system.requests) == len(told)


def test_an_answer_that_was_lost_makes_no_second_report(world: World, system: LinkedSystem) -> None:
    hand(world)
    system.body = b"<half"
    world.run_courier()
    system.body = None
    world.later(hours=1)
    world.run_courier()
    assert len(system.requests) == 1
    assert read_sent(world.store, AGENCY).cases


def test_only_its_own_cases_are_answered_and_once(world: World, system: LinkedSystem) -> None:
    told = hand(world)
    world.run_courier()
    system.say("R-1", "Satu kali.", update="u1")
    system.say("R-1", "Satu kali.", update="u1")
    system.say("R-9", "Bukan milik kita.")
    system.say("R-1", "   ")
    assert hear(world) == 1
    assert hear(world) == 0
    assert talk(world, told).count("Satu kali.") == 1


def test_a_close_without_a_word_says_so(world: World, system: LinkedSystem) -> None:
    system.speaks_updates = False
    told = hand(world)
    world.run_courier()
    system.closed["R-1"] = ("2026-12-01T00:00:00+08:00", "")
    assert hear(world) == 1
    assert talk(world, told)[-1].endswith(UNSAID)


def test_words_of_a_case_that_moved_on_come_in_and_move_nothing(world: World, system: LinkedSystem) -> None:
    told = hand(world)
    world.run_courier()
    viewer = world_viewer(world)
    world.handle.handover(viewer, told["tracking_id"], "kutim", "Bukan kewenangan kami.")
    system.say("R-1", "Selesai.", "CLOSED")
    assert hear(world) == 1
    view = world.read(told["receipt"])
    assert view["stage"] == "dialihkan"
    assert view["messages"][-1]["body"].endswith("Selesai.")


@pytest.mark.parametrize(
    "answer", [b"", b"<a>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"<a/>", b"x" * 2_000_001]
)
def test_a_strange_answer_is_a_failure_and_nothing_else(world: World, system: LinkedSystem, answer: bytes) -> None:
    system.body = answer
    hand(world)
    world.run_courier()
    waiting = [entry for entry in world.store.waiting() if entry.notice is Notice.FORWARDED]
    assert [entry.error for entry in waiting] in (["open311_strange"], ["open311_refused"])


def test_nothing_readable_rests_of_what_went_and_came(world: World, system: LinkedSystem) -> None:
    told = hand(world, body="Kata kenari di sini, sesuatu yang lain.")
    waiting = world.store.waiting()
    assert not any(b"kenari" in entry.words for entry in waiting)
    world.run_courier()
    system.say("R-1", "Jawaban kenari.")
    world.later(hours=1)
    world.run_courier()
    link = read_link(world.store, told["tracking_id"], world.seconds)
    assert link is not None
    assert link.waiting
    dump = (world.folder / "lapor.sqlite").read_bytes()
    assert b"kenari" not in dump
    # and it goes dark with its case
    world.take_up()
    world.post("/api/thread/withdraw", {"receipt": told["receipt"], "reason": "x"})
    system.say("R-1", "Terlambat.")
    assert hear(world) == 0


def test_a_long_report_is_cut_and_says_so(world: World, system: LinkedSystem) -> None:
    told = world.report(body="Panjang sekali. " * 240)
    world.post("/api/thread/messages", {"receipt": told["receipt"], "message_key": "kunci0009", "body": "Lagi. " * 500})
    world.desk_of("kutim").post(
        f"/desk/cases/{told['tracking_id']}/handover", {"agency": AGENCY, "reason": "Kewenangan dinas."}
    )
    world.run_courier()
    assert len(system.requests[0]["description"]) == DESCRIPTION_MAX
    assert system.requests[0]["description"].endswith(CUT)


def test_the_reply_key_is_shown_to_nobody(world: World, system: LinkedSystem) -> None:
    told = hand(world)
    desk = world.desk_of("kutim")
    for page in (world.read(told["receipt"]), desk.get(f"/desk/cases/{told['tracking_id']}").get_json()):
        assert "reply_key" not in json.dumps(page)


def test_a_system_that_floods_is_held_back_and_a_closing_still_comes_in(
    world: World, system: LinkedSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linked_systems, "WAITING_MAX", 10_000)
    monkeypatch.setattr(import_replies, "EVENTS_MAX", 5)
    told = hand(world)
    world.run_courier()
    for n in range(8):
        system.say("R-1", f"Kabar {n}.")
    world.later(hours=1)
    world.run_courier()  # and goes on with the others
    assert world.take_up() == 3
    system.said.clear()
    system.say("R-1", "Selesai.", "CLOSED", update="akhir")
    assert hear(world) == 1
    assert world.read(told["receipt"])["stage"] == "selesai"


def test_a_closing_that_comes_while_the_clock_takes_up_the_answer_before_it_comes_in(
    world: World, system: LinkedSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is closed is asked for no more, so nothing else would tell the clock that it waits."""
    told, honest, todo = hand(world), import_replies.mark_waiting, [1]

    def late(*arguments: Any, **how: Any) -> None:
        if todo and todo.pop():
            system.say("R-1", "Selesai.", "CLOSED", update="akhir")
            world.later(hours=1)
            world.run_courier()
        honest(*arguments, **how)

    world.run_courier()
    system.say("R-1", "Tim meninjau besok.")
    monkeypatch.setattr(import_replies, "mark_waiting", late)
    assert hear(world) == 1
    assert hear(world) == 1
    assert world.read(told["receipt"])["stage"] == "selesai"


def test_what_a_system_said_while_it_could_not_be_reached_is_heard_when_it_can(
    world: World, system: LinkedSystem
) -> None:
    """Its people worked through three days on which its address was shut. Like a real one, it tells by dates."""
    told = hand(world)
    world.run_courier()
    assert hear(world) == 0
    said_at, answer = world.seconds + 1800, system.answer
    system.say("R-1", "Lampu kami ganti hari Senin.")
    everything = list(system.said)

    def dated(method: str, path: str, form: dict[str, str]) -> tuple[int, str]:
        if "start_date" in form:
            start, end = (datetime.fromisoformat(form[name]).timestamp() for name in ("start_date", "end_date"))
            system.said[:] = everything if start <= said_at <= end else []
        return answer(method, path, form)

    system.answer = dated  # type: ignore[method-assign]
    system.status = 503
    for _ in range(72):
        assert hear(world) == 0
    system.status = 200
    assert sum(hear(world) for _ in range(3)) == 1
    assert talk(world, told)[-1] == "Lampu kami ganti hari Senin."


@pytest.mark.long
def test_what_leaves_of_a_case_of_many_long_messages_fits_an_item(world: World, system: LinkedSystem) -> None:
    """DynamoDB takes 400 KB, and that system 4,000 characters: a case may hold a million."""
    told = world.report(body="Jalan rusak. " * 1500)
    for n in range(14):
        body = {"receipt": told["receipt"], "body": f"{n} {'jalan ini rusak ' * 1200}", "message_key": f"kunci{n:010}"}
        assert world.post("/api/thread/messages", body).status_code == 201
    desk = world.desk_of("kutim")
    handed = desk.post(f"/desk/cases/{told['tracking_id']}/handover", {"agency": AGENCY, "reason": "Kewenangan dinas."})
    assert handed.status_code == 200
    (entry,) = [each for each in world.store.waiting() if each.notice is Notice.FORWARDED]
    assert len(entry.words) < 400_000
    world.run_courier()
    (sent,) = system.requests
    assert len(sent["description"]) == DESCRIPTION_MAX
    assert sent["description"].endswith(CUT)


def test_a_withdrawn_report_leaves_nothing_that_leads_to_its_number_there(world: World, system: LinkedSystem) -> None:
    """Its words stand in that system: the tombstone may not lead to them."""
    told = hand(world)
    world.run_courier()
    assert read_link(world.store, told["tracking_id"], world.seconds)
    assert world.post("/api/thread/withdraw", {"receipt": told["receipt"]}).status_code == 200
    assert read_link(world.store, told["tracking_id"], world.seconds) is None
    hear(world)
    assert not read_sent(world.store, AGENCY).cases


def test_nor_does_one_that_was_withdrawn_while_that_system_took_it(
    world: World, system: LinkedSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow system answers for a minute, and its number is noted after that."""
    told, honest = hand(world), open311.ask

    def slow(*arguments: Any) -> open311.Accepted:
        taken = honest(*arguments)
        assert world.post("/api/thread/withdraw", {"receipt": told["receipt"]}).status_code == 200
        return taken

    monkeypatch.setattr(open311, "ask", slow)
    world.run_courier()
    hear(world)
    assert read_link(world.store, told["tracking_id"], world.seconds) is None
    assert not read_sent(world.store, AGENCY).cases


def test_nor_does_one_whose_agency_has_no_system_any_more(world: World, system: LinkedSystem) -> None:
    """Nobody polls it, where deleted ones are forgotten else."""
    told = hand(world)
    world.run_courier()
    agencies = {**world.directory.agencies, AGENCY: replace(world.directory.agencies[AGENCY], channel="")}
    known = replace(world.directory, agencies=MappingProxyType(agencies))
    assert world.deliver.exchange
    world.deliver = replace(world.deliver, exchange=replace(world.deliver.exchange, directory=known))
    assert read_sent(world.store, AGENCY).cases
    assert world.post("/api/thread/withdraw", {"receipt": told["receipt"]}).status_code == 200
    hear(world)
    assert not read_sent(world.store, AGENCY).cases


def dated(system: LinkedSystem, said_at: int, text: str, *strange: tuple[int, str]) -> None:
    """Let it tell by dates, as a real one: that it said ``text`` of the last case then, and something ``strange``."""
    answer = system.answer

    def told(method: str, path: str, form: dict[str, str]) -> tuple[int, str]:
        if "start_date" not in form:
            return answer(method, path, form)
        start, end = (datetime.fromisoformat(form[name]).timestamp() for name in ("start_date", "end_date"))
        system.said.clear()
        if start <= said_at <= end:
            system.say(f"R-{len(system.requests)}", text, update="kata")
        for when, odd in strange:
            if start <= when <= end:
                system.say("X-9", odd, update="lain")
        return answer(method, path, form)

    system.answer = told  # type: ignore[method-assign]


def test_one_broken_word_to_somebody_else_keeps_no_answer_back(world: World, system: LinkedSystem) -> None:
    """It says everybody's updates, and XML ends at a control character, which people paste into forms."""
    told = hand(world)
    world.run_courier()
    assert hear(world) == 0
    dated(system, world.seconds + 90 * 3600, "Lampu sudah kami ganti.", (world.seconds + 1800, "rusak \x0b"))
    assert sum(hear(world) for _ in range(100)) == 1
    assert talk(world, told)[-1] == "Lampu sudah kami ganti."


def test_a_system_that_said_much_while_no_case_was_there_is_heard_again(world: World, system: LinkedSystem) -> None:
    """Of a month at once it says more than we read."""
    first = hand(world)
    world.run_courier()
    assert hear(world) == 0
    assert world.post("/api/thread/withdraw", {"receipt": first["receipt"]}).status_code == 200
    assert hear(world) == 0
    world.later(days=40)
    much = world.seconds - 9 * 24 * 3600, "x" * 2_000_000
    dated(system, world.seconds + 40 * 3600, "Lampu sudah kami ganti.", much)
    told = hand(world, subject="Lampu mati")
    world.run_courier()
    assert sum(hear(world) for _ in range(60)) == 1
    assert talk(world, told)[-1] == "Lampu sudah kami ganti."


def test_broken_words_of_many_hours_keep_no_answer_back_that_was_said_before_them(
    world: World, system: LinkedSystem
) -> None:
    """It was out of reach for a week, and people paste such characters every day."""
    told = hand(world)
    world.run_courier()
    assert hear(world) == 0
    odd = [(world.seconds + hours * 3600 + 1800, "rusak \x0b") for hours in range(30, 160, 20)]
    dated(system, world.seconds + 5 * 3600, "Lampu sudah kami ganti.", *odd)
    world.later(days=7)
    assert sum(hear(world) for _ in range(3)) == 1
    assert talk(world, told)[-1] == "Lampu sudah kami ganti."


def test_answers_come_in_after_a_clock_that_was_ahead_was_put_right(world: World, system: LinkedSystem) -> None:
    """A machine without a battery starts in another year; its network comes later, and with it the time."""
    told = hand(world)
    world.run_courier()
    world.seconds += 400 * 86_400
    world.run_courier()
    world.seconds -= 400 * 86_400
    system.say("R-1", "Tim meninjau besok.")
    assert hear(world) == 1
    assert talk(world, told)[-1] == "Tim meninjau besok."

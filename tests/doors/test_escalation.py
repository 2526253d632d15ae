"""A unit is silent: it is reminded, then its case goes up, and whoever wrote it reads so."""

import re
from datetime import date
from typing import Any

import pytest

from functions.storage.interface import Append, CaseNotFoundError, Scope, VersionConflictError
from tests.pages import check_page
from tests.world import Desk, World

HTML = {"Accept": "text/html"}
UNIT = "kutim-dpupr"


def listed(desk: Desk, path: str) -> list[str]:
    return [case["tracking_id"] for case in desk.get(path).get_json()["cases"]]


def told(world: World, receipt: str) -> list[str]:
    return [message["body"] for message in world.read(receipt)["messages"] if message["from"] == "sistem"]


def subjects(world: World, email: str) -> list[str]:
    world.run_courier()
    return [letter.subject for letter in world.mailbox.letters if letter.to == email]


def silent(world: World, **changes: str) -> tuple[dict[str, Any], str]:
    """A report at a unit that does not answer. Returns it and its path at the desk."""
    report = world.report(**changes)
    world.hand_over(report["tracking_id"])
    return report, f"/desk/cases/{report['tracking_id']}"


def until(world: World, day: date) -> int:
    """Let days pass, the clock looking each morning. Returns the steps that were taken."""
    taken = 0
    while world.today < day:
        world.later(days=1)
        taken += world.remind()
    return taken


def test_a_silent_unit_is_reminded_and_its_case_goes_up(world: World) -> None:
    report, path = silent(world)
    case_id, receipt = report["tracking_id"], report["receipt"]
    assert world.read(receipt)["due"] == "2026-12-02"
    assert until(world, date(2026, 11, 30)) == 0
    assert until(world, date(2026, 12, 1)) == 1
    unit, name = world.officer(UNIT).email, "Dinas Pekerjaan Umum dan Penataan Ruang"
    assert f"[Lapor Anonim] Batas waktu sudah dekat ({case_id})" in subjects(world, unit)
    assert told(world, receipt)[-1] == f"{name} diingatkan: batas waktunya dekat."
    assert until(world, date(2026, 12, 2)) == 0
    coordinator = world.desk_of("kutim")
    before = coordinator.get(path).get_json()
    assert "body" not in before["messages"][0]
    assert before["actions"] == []
    assert until(world, date(2026, 12, 3)) == 1
    assert f"[Lapor Anonim] Laporan terlambat ({case_id})" in subjects(world, unit)
    assert (
        subjects(world, world.officer("kutim").email)[-1]
        == f"[Lapor Anonim] Laporan terlambat naik kepada Anda ({case_id})"
    )
    up = "Terlambat. Diteruskan ke Pemerintah Kabupaten Kutai Timur, yang kini dapat membaca laporan ini."
    assert told(world, receipt)[-1] == up
    coordinator = world.desk_of("kutim")
    after = coordinator.get(path).get_json()
    assert after["messages"][0]["body"] == world.fields()["body"]
    assert after["actions"] == ["handover", "note"]
    assert (after["clocks"]["escalated"], after["clocks"]["escalated_to"]) == (1, "kutim")
    page = coordinator.client.get(path, headers=HTML).text
    check_page(page)
    assert "Terlambat, dan naik kepada Anda." in page
    assert ">Pindahkan</a>" in page
    inbox = coordinator.client.get("/desk/", headers=HTML).text
    check_page(inbox)
    assert "Meja hari ini: 1 laporan" in inbox
    assert "Terlambat, naik kepada Anda" in inbox
    thread = world.thread.post("/api/thread", data={"receipt": receipt}, headers=HTML).text
    check_page(thread)
    assert "diteruskan ke Pemerintah Kabupaten Kutai Timur" in thread


def test_from_the_coordinator_it_goes_to_the_inspectorate_and_on(world: World) -> None:
    report, path = silent(world)
    inspector = world.desk_of("kutim-inspektorat")
    assert inspector.get(path).status_code == 404
    until(world, date(2026, 12, 10))
    inspector = world.desk_of("kutim-inspektorat")
    assert listed(inspector, "/desk/") == []
    assert inspector.get("/desk/").get_json()["escalated"] is True
    assert listed(inspector, "/desk/escalated/") == [report["tracking_id"]]
    for address in ("/desk/", "/desk/escalated/", path):
        page = inspector.client.get(address, headers=HTML, follow_redirects=True)
        assert page.status_code == 200
        check_page(page.text)
    assert inspector.get(path).get_json()["messages"][0]["body"]
    until(world, date(2026, 12, 17))
    centre = world.desk_of("pusat")
    assert listed(centre, "/desk/escalated/") == [report["tracking_id"]]
    assert [text for text in told(world, report["receipt"]) if text.startswith("Terlambat.")][-1].startswith(
        "Terlambat. Diteruskan ke Pengelola nasional"
    )
    assert until(world, date(2027, 1, 20)) == 0  # there is nobody above


def test_an_answer_takes_it_down_again_and_closes_the_words(world: World) -> None:
    report, path = silent(world)
    until(world, date(2026, 12, 3))
    unit = world.desk_of(UNIT)
    body = {"body": "Kami datang besok.", "message_key": "jawaban01"}
    assert unit.post(f"{path}/messages", body).status_code == 201
    head = world.store.read_head(report["tracking_id"])
    assert (head.escalation.steps, head.escalation.agency, head.clock.reminded) == (0, "", False)
    assert "body" not in world.desk_of("kutim").get(path).get_json()["messages"][0]
    assert world.store.page(Scope.ESCALATED, "kutim").heads == ()


def test_the_coordinator_moves_a_late_case_to_another_unit(world: World) -> None:
    report, path = silent(world)
    until(world, date(2026, 12, 3))
    coordinator = world.desk_of("kutim")
    page = coordinator.client.get(path, headers=HTML).text
    assert f'value="{UNIT}"' not in page
    empty = {"csrf_token": coordinator.csrf, "form": "handover", "agency": "kutim-dishub", "reason": ""}
    refused = coordinator.client.post(f"{path}/handover", data=empty, headers=HTML)
    assert refused.status_code == 422
    check_page(refused.text)
    body = {"agency": "kutim-dishub", "reason": "Dinas PU tidak menjawab."}
    assert coordinator.post(f"{path}/handover", body).status_code == 200
    head = world.store.read_head(report["tracking_id"])
    assert (head.holder, head.stage, head.escalation.steps) == ("kutim-dishub", "didisposisikan", 0)
    assert world.desk_of("kutim-dishub").get(path).status_code == 200
    assert coordinator.post(f"{path}/messages", {"body": "x", "message_key": "jawaban01"}).status_code == 403


def test_a_late_case_never_goes_up_to_the_accused(world: World) -> None:
    report = world.report(
        about_agency="kutim-diskominfo"
    )  # the coordinator's own office: it starts at the inspectorate
    until(world, date(2027, 1, 20))
    head = world.store.read_head(report["tracking_id"])
    assert (head.holder, head.escalation.steps, head.escalation.agency) == ("kutim-inspektorat", 1, "pusat")
    world.run_courier()
    assert not [m for m in world.mailbox.letters if m.to == world.officer("kutim").email]
    assert report["tracking_id"] not in world.desk_of("kutim").get("/desk/").text


def test_what_waits_for_its_writer_moves_its_deadline(world: World) -> None:
    report, path = silent(world)
    world.later(days=1)
    unit = world.desk_of(UNIT)
    assert unit.post(f"{path}/stage", {"stage": "ditahan", "reason": "Di km berapa?"}).status_code == 200
    assert until(world, date(2026, 12, 7)) == 0
    page = world.thread.post("/api/thread", data={"receipt": report["receipt"]}, headers=HTML).text
    assert re.search(r"Selama menunggu Anda, batas waktu [^.]+ berhenti\.", page)
    answer = {"receipt": report["receipt"], "body": "Km 21.", "message_key": "pesan0001"}
    assert world.post("/api/thread/messages", answer).status_code == 201
    clocks = world.desk_of(UNIT).get(path).get_json()["clocks"]
    # Held on Thursday the 26th, answered on Monday the 7th: seven working days, by which the 2nd moves.
    assert (clocks["due"], clocks["paused"], clocks["held_on"]) == ("2026-12-11", 7, None)


def test_who_left_a_contact_is_told_that_there_is_news(world: World) -> None:
    report, _ = silent(world, identity_mode="rahasia", name="", contact="siti@contoh.example")
    world.run_courier()
    before = len(subjects(world, "siti@contoh.example"))
    until(world, date(2026, 12, 3))
    assert len(subjects(world, "siti@contoh.example")) == before + 1
    assert report["receipt"] not in " ".join(letter.text for letter in world.mailbox.letters)


def test_a_look_again_does_nothing_twice_and_reads_only_what_is_near(world: World) -> None:
    for _ in range(3):
        silent(world)
    until(world, date(2026, 12, 3))
    assert world.remind() == 0


def test_its_holder_is_told_once_that_a_case_is_late_however_high_it_goes(world: World) -> None:
    report, _ = silent(world)
    until(world, date(2026, 12, 17))
    assert world.store.read_head(report["tracking_id"]).escalation.steps == 3
    late = f"[Lapor Anonim] Laporan terlambat ({report['tracking_id']})"
    assert subjects(world, world.officer(UNIT).email).count(late) == 1


def test_every_case_is_looked_at_also_where_one_was_written_to_or_went_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.actions.clock.remind.PAGE", 2)
    cases = {world.report()["tracking_id"] for _ in range(5)}
    world.today = date(2026, 12, 3)
    append, refusals = world.store.append, [VersionConflictError, CaseNotFoundError]

    def meanwhile(change: Append, version: int) -> None:
        if refusals:
            raise refusals.pop()
        append(change, version)

    monkeypatch.setattr(world.store, "append", meanwhile)
    assert world.remind() == 3
    assert world.remind() == 2
    steps = [world.store.read_head(case_id).escalation for case_id in cases]
    assert [(step.steps, step.agency) for step in steps] == [(1, "kutim-inspektorat")] * 5


def test_the_heading_of_who_watches_says_what_waits(world: World) -> None:
    """A late case that its unit then asks about is nobody's to press: its clock stands."""
    _, path = silent(world)
    until(world, date(2026, 12, 3))
    late = world.desk_of("kutim").client.get(path, headers=HTML).text
    assert "Terlambat, dan naik kepada Anda." in late
    assert world.desk_of(UNIT).post(f"{path}/stage", {"stage": "ditahan", "reason": "Di mana?"}).status_code == 200
    held = world.desk_of("kutim").client.get(path, headers=HTML).text
    check_page(held)
    assert "Terlambat, dan naik" not in held
    assert "Jam berhenti" in held
    assert "Sampai itu tidak ada yang perlu Anda tagih." in held


def test_a_new_date_of_a_held_case_is_the_one_that_its_reporter_was_told(world: World) -> None:
    """What the clock stood before the extension is in the new date already, and is not added once more."""
    report = world.report()
    path = f"/desk/cases/{report['tracking_id']}"
    asked = {"stage": "ditahan", "reason": "Di mana tepatnya?"}
    assert world.hand_over(report["tracking_id"]).post(f"{path}/stage", asked).status_code == 200
    world.later(days=14)
    later = {"due": "2026-12-18", "reason": "Kami menunggu jawaban Anda."}
    assert world.desk_of("kutim-dpupr").post(f"{path}/extend", later).status_code == 200
    assert "Jumat, 18 Desember 2026" in world.read(report["receipt"])["messages"][-1]["body"]
    world.later(days=1)
    said = {"receipt": report["receipt"], "body": "Di depan pasar.", "message_key": "k" * 16}
    assert world.post("/api/thread/messages", said).status_code == 201
    assert world.read(report["receipt"])["due"] == "2026-12-21"  # the one day that it stood since

"""A reporter does not answer the closing of his case: that is told and counted apart, and he may still speak."""

from datetime import date
from typing import Any

import pytest

from functions.storage.interface import VersionConflictError
from tests.doors.test_escalation import UNIT, listed, told, until
from tests.pages import check_page
from tests.world import World

HTML = {"Accept": "text/html"}
LAPSED = (
    "Masa menanggapi berakhir tanpa jawaban pelapor. Ini dihitung tersendiri, bukan sebagai puas. "
    "Pelapor tetap boleh menanggapi."
)


def closed(world: World) -> dict[str, Any]:
    report = world.report()
    world.hand_over(report["tracking_id"])
    typed = {"outcome": "dijelaskan", "reason": "Sudah kami jelaskan."}
    assert world.desk_of(UNIT).post(f"/desk/cases/{report['tracking_id']}/close", typed).status_code == 200
    return report


def test_silence_is_told_once_and_is_no_consent(world: World) -> None:
    report = closed(world)
    due = date.fromisoformat(world.read(report["receipt"])["due"])
    until(world, due)
    assert told(world, report["receipt"])[-1] != LAPSED
    later = world.store.read_head(report["tracking_id"])
    assert until(world, date.fromordinal(due.toordinal() + 5)) == 1
    assert told(world, report["receipt"])[-1] == LAPSED
    head = world.store.read_head(report["tracking_id"])
    assert (head.closing.lapsed, head.closing.confirmed, head.closing.rating, head.stage) == (
        True,
        False,
        None,
        later.stage,
    )
    case = world.desk_of(UNIT).get(f"/desk/cases/{report['tracking_id']}").get_json()
    assert (case["lapsed"], case["confirmed"]) == (True, False)
    page = world.thread.post("/api/thread", data={"receipt": report["receipt"]}, headers=HTML).text
    check_page(page)
    assert LAPSED in page
    assert world.read(report["receipt"])["actions"] == ["confirm", "reopen", "withdraw"]


def test_nobody_gets_a_letter_that_the_time_to_answer_is_over(world: World) -> None:
    """Nobody needs to act. Who left a contact was told of the closing, and is not asked to look in for this."""
    case_id = world.report(identity_mode="rahasia", name="", contact="siti@contoh.example")["tracking_id"]
    world.hand_over(case_id)
    typed = {"outcome": "dijelaskan", "reason": "Sudah kami jelaskan."}
    assert world.desk_of(UNIT).post(f"/desk/cases/{case_id}/close", typed).status_code == 200
    world.run_courier()
    before = len(world.mailbox.letters)
    until(world, date(2026, 12, 31))
    assert world.store.read_head(case_id).closing.lapsed
    world.run_courier()
    assert [letter for letter in world.mailbox.letters[before:] if case_id in letter.subject + letter.text] == []
    assert "siti@contoh.example" not in [letter.to for letter in world.mailbox.letters[before:]]


@pytest.mark.parametrize("verdict", ["selesai", "belum"])
def test_who_speaks_after_it_is_heard(world: World, verdict: str) -> None:
    report = closed(world)
    until(world, date(2026, 12, 31))
    assert world.store.read_head(report["tracking_id"]).closing.lapsed
    typed = {"receipt": report["receipt"], "verdict": verdict, "reason": "Baru sempat membaca.", "rating": ""}
    assert world.thread.post("/api/thread/verdict", json=typed).status_code == 200
    head = world.store.read_head(report["tracking_id"])
    assert (head.closing.lapsed, head.closing.confirmed, head.open) == (False, verdict == "selesai", verdict == "belum")


def test_what_waits_for_its_reporter_stands_before_what_is_over(world: World) -> None:
    first, second = closed(world), closed(world)
    typed = {"receipt": first["receipt"], "verdict": "selesai", "rating": "", "reason": ""}
    assert world.thread.post("/api/thread/verdict", json=typed).status_code == 200
    still_open = world.report()
    world.hand_over(still_open["tracking_id"])
    wanted = [report["tracking_id"] for report in (still_open, second, first)]
    assert listed(world.desk_of(UNIT), "/desk/") == wanted


def test_many_lapse_in_one_look_and_who_is_written_to_meanwhile_in_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.actions.clock.remind.PAGE", 2)
    reports = [closed(world) for _ in range(5)]
    world.later(days=61)  # a Monday
    append, refused = world.store.append, []

    def once(change: Any, version: int) -> None:
        if not refused:
            refused.append(change.head.case_id)
            raise VersionConflictError
        append(change, version)

    monkeypatch.setattr(world.store, "append", once)
    assert world.remind() == 5
    assert all(world.store.read_head(report["tracking_id"]).closing.lapsed for report in reports)
    assert world.remind() == 0

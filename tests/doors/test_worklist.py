"""Which case first and whose it is: an officer takes one, it comes off his list by itself, and urgent ones lead."""

from datetime import date
from typing import Any

import pytest

from functions.storage.interface import Scope
from tests.pages import check_page
from tests.world import Desk, World

HTML = {"Accept": "text/html"}
UNIT = "kutim-dpupr"
COLLEAGUE = "petugas2@dpupr.example.id"


def listed(desk: Desk, path: str = "/desk/mine/") -> list[str]:
    return [case["tracking_id"] for case in desk.get(path).get_json()["cases"]]


def told(world: World, receipt: str) -> list[str]:
    return [message["body"] for message in world.read(receipt)["messages"] if message["from"] == "sistem"]


def colleague(world: World) -> Desk:
    world.run_courier()
    world.ask_link(COLLEAGUE)
    world.run_courier()
    return world.desk(world.mailbox.tokens(COLLEAGUE)[-1])


def at_unit(world: World, **changes: str) -> tuple[dict[str, Any], str, Desk]:
    """A report at the unit: it, its path at the desk, its first officer."""
    report = world.report(**changes)
    return report, f"/desk/cases/{report['tracking_id']}", world.hand_over(report["tracking_id"])


def form(desk: Desk, path: str, name: str, **typed: str) -> Any:
    data = {"csrf_token": desk.csrf, "form": name} | typed
    return desk.client.post(f"{path}/{name}", data=data, headers=HTML)


def test_an_officer_takes_a_case_and_his_colleagues_see_who_has_it(world: World) -> None:
    report, path, unit = at_unit(world)
    page = unit.client.get(f"{path}?do=assign", headers=HTML).text
    check_page(page)
    assert "Saya tangani" in page
    taken = form(unit, path, "assign", officer="dpupr-1")
    assert taken.headers["Location"] == f"{path}?done=assign"
    for where in (path, "/desk/", "/desk/mine/"):
        page = unit.client.get(where, headers=HTML, follow_redirects=True).text
        check_page(page)
        assert "Anda tangani" in page
    assert listed(unit) == [report["tracking_id"]]
    other = colleague(world)
    assert listed(other) == []
    page = other.client.get("/desk/", headers=HTML).text
    assert "Ditangani dpupr-1" in page
    assert (other.get(path).get_json()["assigned"], other.get("/desk/").get_json()["cases"][0]["assigned"]) == (
        "dpupr-1",
        "dpupr-1",
    )
    # His office knows who; nobody above does, and its reporter neither.
    coordinator = world.desk_of("kutim")
    assert coordinator.get(path).get_json()["assigned"] is None
    assert "dpupr-1" not in coordinator.client.get("/desk/", headers=HTML).text + coordinator.get("/desk/").text
    assert "dpupr-1" not in coordinator.client.get(path, headers=HTML).text
    thread = world.thread.post("/api/thread", data={"receipt": report["receipt"]}, headers=HTML).text
    check_page(thread)
    assert "Seorang petugas mengambil laporan ini." in thread
    assert "dpupr-1" not in thread


def test_taken_twice_is_taken_once_and_it_may_be_given_back_or_taken_over(world: World) -> None:
    report, path, unit = at_unit(world)
    for _ in range(2):
        assert unit.post(f"{path}/assign", {"officer": "dpupr-1"}).status_code == 200
    assert told(world, report["receipt"]).count("Seorang petugas mengambil laporan ini.") == 1
    other = colleague(world)
    page = other.client.get(f"{path}?do=assign", headers=HTML).text
    assert "Kini dpupr-1. Bila ia berhalangan, ambil alih." in page
    assert other.post(f"{path}/assign", {"officer": "dpupr-2"}).status_code == 200
    assert (listed(unit), listed(other)) == ([], [report["tracking_id"]])
    assert told(world, report["receipt"])[-1] == "Petugas lain mengambil laporan ini."
    for _ in range(2):
        assert other.post(f"{path}/assign", {"officer": ""}).status_code == 200
    assert world.store.read_head(report["tracking_id"]).desk_work.assigned == ""
    assert told(world, report["receipt"])[-1].startswith("Petugas yang mengambil laporan ini melepasnya lagi.")
    assert [e.officer for e in world.store.read_case(report["tracking_id"]).events if e.kind == "assign"] == [
        "dpupr-1",
        "dpupr-2",
        "dpupr-2",
    ]


def test_a_colleague_is_given_a_case_and_alone_gets_a_mail(world: World) -> None:
    report, path, unit = at_unit(world)
    other = colleague(world)
    page = unit.client.get(f"{path}?do=give", headers=HTML).text
    check_page(page)
    assert '<option value="dpupr-2">' in page
    assert "kutim-1" not in page
    before = len(world.mailbox.letters)
    given = form(unit, path, "assign", officer="dpupr-2")
    assert given.headers["Location"] == f"{path}?done=assign_other"
    world.run_courier()
    letters = world.mailbox.letters[before:]
    assert [letter.to for letter in letters] == [COLLEAGUE]
    assert "diberikan kepada Anda" in letters[0].subject
    assert listed(other) == [report["tracking_id"]]
    assert told(world, report["receipt"])[-1] == "Laporan ini diberikan kepada seorang petugas."
    assert world.store.read_case(report["tracking_id"]).events[-1].officer == "dpupr-1"


def test_no_stranger_is_given_a_case_and_who_only_looks_on_gives_none(world: World) -> None:
    _, path, unit = at_unit(world)
    for somebody in ("kutim-1", "dlh-1", "tidak-ada", "petugas@dpupr.example.id"):
        assert unit.post(f"{path}/assign", {"officer": somebody}).status_code == 422
    other = colleague(world)
    assert other.post(f"{path}/recuse", {"reason": "Saya ikut mengerjakannya."}).status_code == 200
    refused = form(world.hand_over(path.rpartition("/")[2]), path, "assign", officer="dpupr-2", form="give")
    assert refused.status_code == 422  # whoever has a stake in it sees it no more
    check_page(refused.text)
    assert world.desk_of("kutim").post(f"{path}/assign", {"officer": "kutim-1"}).status_code == 403
    assert world.desk_of("kutim-dlh").post(f"{path}/assign", {"officer": "dlh-1"}).status_code == 404


@pytest.mark.parametrize("how", ["handover", "recuse", "withdraw"])
def test_it_ends_by_itself_where_the_case_leaves(world: World, how: str) -> None:
    report, path, unit = at_unit(world)
    unit.post(f"{path}/assign", {"officer": "dpupr-1"})
    if how == "withdraw":
        assert world.post("/api/thread/withdraw", {"receipt": report["receipt"]}).status_code == 200
    else:
        assert unit.post(f"{path}/{how}", {"agency": "kutim", "reason": "Bukan kami."}).status_code == 200
    assert world.store.read_head(report["tracking_id"]).desk_work.assigned == ""
    assert listed(unit) == []
    assert world.store.page(Scope.ASSIGNED, "dpupr-1").heads == ()


def test_an_appeal_takes_it_off_and_a_reopening_brings_it_back_to_him(world: World) -> None:
    report, path, unit = at_unit(world)
    unit.post(f"{path}/assign", {"officer": "dpupr-1"})
    closing = {"outcome": "dijelaskan", "reason": "Sudah."}
    unit.post(f"{path}/close", closing)
    assert listed(unit) == [report["tracking_id"]]
    assert unit.post(f"{path}/assign", {"officer": ""}).status_code == 409  # closed: nothing to do
    world.post("/api/thread/verdict", {"receipt": report["receipt"], "verdict": "belum", "reason": "Masih."})
    assert world.store.read_head(report["tracking_id"]).desk_work.assigned == "dpupr-1"
    unit.post(f"{path}/close", closing)
    world.post("/api/thread/appeal", {"receipt": report["receipt"], "reason": "Masih."})
    assert world.store.read_head(report["tracking_id"]).desk_work.assigned == ""


def test_a_session_for_one_case_has_no_list(world: World) -> None:
    report, path, unit = at_unit(world)
    unit.post(f"{path}/assign", {"officer": "dpupr-1"})
    world.run_courier()
    about = [m for m in world.mailbox.letters if report["tracking_id"] in m.subject and "dpupr" in m.to]
    token = next(t for t in world.mailbox.tokens(about[-1].to) if world_case(world, t) == report["tracking_id"])
    one = world.desk(token)
    assert listed(one) == []
    assert "/desk/mine/" not in one.client.get("/desk/", headers=HTML).text


def world_case(world: World, token: str) -> str:
    """The case that a link is confined to."""
    return world.signin._verify(token).case_id


def test_what_is_urgent_comes_first_whatever_its_deadline(world: World) -> None:
    first = world.report()
    world.later(days=1)
    second = world.report()
    path, coordinator = f"/desk/cases/{second['tracking_id']}", world.desk_of("kutim")
    assert listed(coordinator, "/desk/") == [first["tracking_id"], second["tracking_id"]]
    due = coordinator.get(path).get_json()["due"]
    done = form(coordinator, path, "priority", on="yes", reason="Jembatan nyaris putus.")
    assert done.headers["Location"] == f"{path}?done=priority"
    assert listed(coordinator, "/desk/") == [second["tracking_id"], first["tracking_id"]]
    for where in (path, "/desk/"):
        page = coordinator.client.get(where, headers=HTML).text
        check_page(page)
        assert "Mendesak" in page
    assert coordinator.get(path).get_json()["due"] == due
    assert coordinator.get("/desk/").get_json()["cases"][0]["priority"] is True
    assert told(world, second["receipt"])[-1] == "Ditandai mendesak. Alasan: Jembatan nyaris putus."
    # The unit that gets it sees so too, and may take the mark away.
    unit = world.hand_over(second["tracking_id"])
    assert unit.get(path).get_json()["priority"] is True
    for _ in range(2):
        assert unit.post(f"{path}/priority", {"on": "no", "reason": "Sudah aman."}).status_code == 200
    assert unit.get(path).get_json()["priority"] is False
    assert told(world, second["receipt"])[-1] == "Tidak lagi ditandai mendesak. Alasan: Sudah aman."
    assert told(world, second["receipt"])[-2] != told(world, second["receipt"])[-1]


def test_bad_input_keeps_what_was_typed_and_a_closed_case_is_not_urgent(world: World) -> None:
    _, path, unit = at_unit(world)
    refused = form(unit, path, "priority", on="yes", reason=" ")
    assert refused.status_code == 422
    check_page(refused.text)
    assert 'href="#priority-reason"' in refused.text
    wrong = form(unit, path, "priority", on="sangat", reason="Atap runtuh.")
    assert wrong.status_code == 422
    check_page(wrong.text)
    assert "Atap runtuh." in wrong.text
    assert unit.post(f"{path}/priority", {"reason": "x"}).get_json()["errors"][0]["field"] == "on"
    assert unit.post(f"{path}/priority", {"on": "yes", "reason": "x" * 2001}).status_code == 422
    unit.post(f"{path}/priority", {"on": "yes", "reason": "Atap."})
    unit.post(f"{path}/close", {"outcome": "dijelaskan", "reason": "Sudah."})
    assert unit.post(f"{path}/priority", {"on": "no", "reason": "x"}).status_code == 409
    assert "Mendesak" not in unit.client.get("/desk/", headers=HTML).text


def test_neither_brings_the_reporter_a_mail(world: World) -> None:
    _, path, unit = at_unit(world, identity_mode="rahasia", name="", contact="siti@contoh.example")
    world.run_courier()
    before = len(world.mailbox.letters)
    unit.post(f"{path}/assign", {"officer": "dpupr-1"})
    unit.post(f"{path}/priority", {"on": "yes", "reason": "Atap."})
    world.run_courier()
    assert world.mailbox.letters[before:] == []


def test_a_closed_book_says_that_and_not_who_or_why(world: World) -> None:
    _, path, unit = at_unit(world)
    unit.post(f"{path}/assign", {"officer": "dpupr-1"})
    unit.post(f"{path}/priority", {"on": "yes", "reason": "Atap runtuh."})
    page = world.desk_of("kutim").client.get(path, headers=HTML).text
    check_page(page)
    assert "Petugas mengambil atau melepas laporan" in page
    assert "Tanda mendesak diberikan atau dihapus" in page
    assert "Atap runtuh." not in page


def test_the_clock_looks_past_what_is_urgent_and_not_due(world: World) -> None:
    """Urgent cases sort before all others: what is due stands behind them."""
    silent = [world.report() for _ in range(2)]
    world.later(days=5)
    fresh = world.report()
    coordinator = world.desk_of("kutim")
    for report in (fresh, silent[1]):
        path = f"/desk/cases/{report['tracking_id']}"
        assert coordinator.post(f"{path}/priority", {"on": "yes", "reason": "Atap."}).status_code == 200
    world.today = date(2026, 12, 1)
    assert world.remind() > 0
    up = {r["tracking_id"]: world.store.read_head(r["tracking_id"]).escalation.steps for r in (fresh, *silent)}
    assert list(up.values()) == [0, 1, 1]
    assert world.remind() == 0

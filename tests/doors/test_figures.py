"""Figures at the desk: counted once a day, shown to who oversees, and to nobody else."""

import json
from typing import Any

from functions.actions.clock.count_figures import CountFigures
from functions.casework.directory.agencies import Role
from functions.storage.interface import Register
from tests.doors.test_escalation import UNIT
from tests.doors.test_lapse import closed
from tests.markup import without_tokens
from tests.pages import check_page
from tests.world import Desk, World

HTML = {"Accept": "text/html"}


def count(world: World) -> int:
    return CountFigures(world.store, world.directory, lambda: world.today)()


def figures(desk: Desk, query: str = "") -> dict[str, Any]:
    answer = desk.get(f"/desk/figures/{query}")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def test_before_the_first_count_there_is_nothing_and_that_is_said(world: World) -> None:
    coordinator = world.desk_of("kutim")
    assert figures(coordinator) | {"instances": []} == {
        "instance": "kutim",
        "instances": [],
        "on": None,
        "closed_days": 90,
        "agencies": [],
        "total": figures(coordinator)["total"],
        "lately": {"received": 0, "answer": None, "resolve": None, "on_time": None, "reopened": None},
    }
    page = coordinator.client.get("/desk/figures/", headers=HTML).text
    check_page(page)
    assert "Belum ada yang dihitung." in page


def test_it_counts_once_a_day_and_over_many_pages(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr("functions.actions.officer.figures.PAGE", 2)
    closed(world)
    for _ in range(3):
        world.hand_over(world.report()["tracking_id"])
    world.report()
    assert (count(world), count(world)) == (1, 0)
    coordinator = world.desk_of("kutim")
    found = figures(coordinator)
    assert found["on"] == world.today.isoformat()
    assert [(row["code"], row["open"], row["closed"], row["mean"]) for row in found["agencies"]] == [
        (UNIT, 3, 1, None),
        ("kutim", 1, 0, None),
    ]
    assert (found["total"]["open"], found["total"]["closed"]) == (4, 1)
    world.later(days=1)
    world.report()
    assert count(world) == 1
    assert figures(world.desk_of("kutim"))["total"]["open"] == 5
    world.later(days=200)
    assert count(world) == 1
    assert figures(world.desk_of("kutim"))["total"]["closed"] == 0


def test_the_page_says_what_the_numbers_say(world: World) -> None:
    report = closed(world)
    typed = {"receipt": report["receipt"], "verdict": "selesai", "rating": "4", "reason": ""}
    assert world.thread.post("/api/thread/verdict", json=typed).status_code == 200
    world.hand_over(world.report()["tracking_id"])
    world.later(days=14)
    count(world)
    coordinator = world.desk_of("kutim")
    page = coordinator.client.get("/desk/figures/", headers=HTML).text
    check_page(page)
    assert "1 laporan terbuka, 1 di antaranya terlambat." in page
    assert "4,0 <small>(1)</small>" in page
    assert 'href="/desk/figures/"' in coordinator.client.get("/desk/", headers=HTML).text
    check_page(coordinator.client.get("/desk/figures/?lang=en", headers=HTML).text)


def test_unmaskings_are_counted_by_agency_with_their_base(world: World) -> None:
    report = world.report(body="Nama saya Bunga Melati. Jalan rusak.")
    world.report()
    desk = world.desk_of("kutim")
    wanted = {"n": "1", "ground": "evidence", "reason": "Ada di surat."}
    assert desk.post(f"/desk/cases/{report['tracking_id']}/unmask", wanted).get_json()["shown"] is True
    count(world)
    overseer = world.desk_of("kutim", Role.OVERSEER)
    row = next(row for row in figures(overseer)["agencies"] if row["code"] == "kutim")
    assert (row["unmasked"], row["cases"]) == (1, 2)
    page = overseer.client.get("/desk/figures/", headers=HTML).text
    assert 'data-label="Samaran dibuka">1<' in page
    check_page(page)


def test_overseers_alone_read_which_requests_there_were_and_for_what(world: World) -> None:
    """Counts and grounds of the list: no word of a case, no number, no reason that somebody wrote."""
    report = world.report(body="Nama saya Bunga Melati, hp 0812-3456-7890. Jalan rusak.")
    hidden = world.report(body="Nama saya Bunga Melati. Jalan rusak.", about_agency="kutim-diskominfo")
    path = f"/desk/cases/{report['tracking_id']}"
    unit = world.hand_over(report["tracking_id"])
    phone = {"n": "1", "ground": "records", "reason": "Perlu nomor Bunga."}
    asked = unit.post(f"{path}/unmask", phone).get_json()
    assert asked["shown"] is False
    decision = {"request": str(asked["n"]), "decision": "refused", "reason": "Belum perlu."}
    assert world.desk_of("kutim").post(f"{path}/unmask/decision", decision).status_code == 201
    again = str(unit.post(f"{path}/unmask", phone | {"ground": "on_site"}).get_json()["n"])
    refused = {"receipt": report["receipt"], "request": again, "reason": "Jangan."}
    assert world.post("/api/thread/unmask", refused).status_code == 201
    name = {"n": "1", "ground": "evidence", "reason": "Ada di surat."}
    world.later(days=1)
    inspector = world.desk_of("kutim-inspektorat")
    assert inspector.post(f"/desk/cases/{hidden['tracking_id']}/unmask", name).get_json()["shown"] is True
    count(world)

    def listed(desk: Desk, query: str = "") -> set[tuple[object, ...]]:
        rows = figures(desk, query).get("requests", [])
        return {tuple(row[each] for each in ("code", "ground", "asked", "seen", "refused", "objected")) for row in rows}

    ours = {(UNIT, "records", 1, 0, 1, 0), (UNIT, "on_site", 1, 0, 0, 1)}
    about_the_desk = {("kutim-inspektorat", "evidence", 1, 1, 0, 0)}
    centre = world.desk_of("pusat", Role.OVERSEER)
    assert listed(centre, "?instance=kutim") == ours | about_the_desk
    assert listed(world.desk_of("kutim", Role.OVERSEER)) == ours, "the accused's own desk learns of no such case"
    for agency, role in (("kutim", Role.COORDINATOR), ("kutim-inspektorat", Role.INSPECTOR), ("pusat", Role.CENTRE)):
        assert listed(world.desk_of(agency, role), "?instance=kutim") == set()
    assert world.desk_of(UNIT).get("/desk/figures/").status_code == 404
    page = centre.client.get("/desk/figures/?instance=kutim", headers=HTML).text
    check_page(page)
    assert "Permintaan melihat yang disamarkan" in page
    everything = without_tokens(page) + centre.get("/desk/figures/?instance=kutim").text
    register = world.store.read_register("figures:kutim")
    assert register
    for secret in ("Bunga", "0812", "Belum perlu", "Jangan", report["tracking_id"], hidden["tracking_id"], "dpupr-1"):
        assert secret not in everything + register.body.decode(), secret


def test_the_accused_counts_no_report_about_him(world: World) -> None:
    about = world.report(about_agency="kutim-diskominfo")
    world.report()
    count(world)
    assert about["receipt"]
    assert figures(world.desk_of("kutim"))["total"]["open"] == 1
    assert figures(world.desk_of("kutim-inspektorat"))["total"]["open"] == 2
    assert figures(world.desk_of("pusat"))["total"]["open"] == 2


def test_who_oversees_nothing_finds_no_page(world: World) -> None:
    unit = world.desk_of(UNIT)
    assert unit.get("/desk/figures/").status_code == 404
    assert "/desk/figures/" not in unit.client.get("/desk/", headers=HTML).text
    coordinator = world.desk_of("kutim")
    for unknown in ("?instance=pusat", "?instance=kutim-dpupr", "?instance=x"):
        assert coordinator.get(f"/desk/figures/{unknown}").status_code == 404
    assert world.officer("kutim").role is Role.COORDINATOR


def test_the_register_holds_counts_and_codes_and_nothing_else(world: World) -> None:
    report = world.report(about_agency="kutim-diskominfo")
    count(world)
    register = world.store.read_register("figures:kutim")
    assert register
    assert report["tracking_id"].encode() not in register.body
    received = {"n": {"diterima": 1, "pengaduan": 1, "terbuka": 1, "umur_0_5": 1}}
    still = {"jawab": [[], [[0, 1]]], "tuntas": [[], [[0, 1]]]}
    assert json.loads(register.body) == {
        "day": "2026-11-25",
        "cells": [["kutim-inspektorat", "kutim-diskominfo", {"open": 1, "cases": 1}]],
        "sums": [["kutim-inspektorat", "kutim-diskominfo", received | still]],
        "requests": [],
    }


def test_medians_of_what_came_in_lately_are_told_without_what_accuses_the_viewer(world: World) -> None:
    for _ in range(8):
        world.hand_over(world.report()["tracking_id"])
    for _ in range(8):
        world.report(about_agency="kutim-diskominfo")
    world.later(days=14)
    count(world)
    coordinator = world.desk_of("kutim")
    lately = figures(coordinator)["lately"]
    assert (lately["received"], lately["answer"]) == (8, {"median": None, "waiting": {"30": 100, "60": 100, "90": 100}})
    assert figures(world.desk_of("kutim-inspektorat"))["lately"]["received"] == 16
    page = coordinator.client.get("/desk/figures/", headers=HTML).text
    check_page(page)
    assert "Lebih dari separuh belum dijawab petugas." in page
    world.later(days=100)
    count(world)
    assert figures(world.desk_of("kutim"))["lately"]["received"] == 0


def test_a_register_of_an_older_release_is_read(world: World) -> None:
    body = b'{"day":"2026-11-25","cells":[["kutim","",{"open":3}]]}'
    world.store.write_registers([Register("figures:kutim", 1, body)])
    found = figures(world.desk_of("kutim"))
    assert (found["total"]["open"], found["lately"]["received"]) == (3, 0)


def test_nor_does_whom_later_words_accuse_beside_the_bound_one(world: World) -> None:
    told = world.report(topic="jalan", about_agency="kutim-dishub")
    world.hand_over(told["tracking_id"], UNIT)
    words = "Pegawai Kominfo minta uang 500 ribu kalau mau dipasang."
    said = {"receipt": told["receipt"], "body": words, "message_key": "k" * 16}
    assert world.post("/api/thread/messages", said).status_code == 201
    head = world.store.read_head(told["tracking_id"])
    assert (head.accused, head.desk_work.kept_from) == ("kutim-dishub", ("kutim-diskominfo",))
    accused = world.desk_of("kutim")
    assert accused.get(f"/desk/cases/{head.case_id}").status_code == 404
    count(world)
    assert figures(accused)["total"]["open"] == 0
    assert figures(accused)["lately"]["received"] == 0
    assert figures(world.desk_of("kutim-inspektorat"))["total"]["open"] == 1
    register = world.store.read_register("figures:kutim")
    assert register
    # The release before takes what stands beside a holder for one code: it would hide such a row from nobody.
    raw = json.loads(register.body)
    rows = [*raw["cells"], *raw["sums"], *raw["requests"]]
    assert [row for row in rows if " " in row[-2]] == []

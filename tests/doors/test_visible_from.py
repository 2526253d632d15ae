"""Nobody at a desk can tell when a report came that accuses, entrusts a name or is sensitive: it shows with its batch.

Every way by which an officer or a custodian looks is tried, before the hour of the batch and in it.
"""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from functions.actions.clock.count_figures import CountFigures
from functions.actions.clock.remind import Remind
from functions.casework.access import Viewer, rights
from functions.casework.deadlines.batches import HOUR, Batches
from functions.casework.deadlines.escalation import Patience
from functions.casework.directory.agencies import Role
from functions.casework.sealed_identity import may_look
from functions.intake.envelope import read_envelope
from functions.storage.interface import Scope
from functions.thread import app as thread
from tests.envelopes import sealed_fields
from tests.ways_in import Way, by_app, by_counter, by_form, by_letter, by_nation, by_waiting
from tests.world import JSON, Desk, World

WITA = "Asia/Makassar"
NAMED = {"name": "Rahmat", "contact": "rahmat@example.org"}
WAITING = {
    "a sensitive topic": {"topic": "pungli"},
    "accuses an agency": {"about_agency": "kutim-dpupr"},
    "accuses officials": {"about_officials": "Kepala seksi"},
    "entrusts a name": {"identity_mode": "rahasia", **NAMED},
    "gives a name": {"identity_mode": "terbuka", **NAMED},
}


@pytest.fixture
def timed(world: World) -> World:
    """The world at nine in the morning, with batches at eight and two."""
    world.seconds = int(datetime(2026, 11, 25, 9, 0, tzinfo=ZoneInfo(WITA)).timestamp())
    batch = Batches(world.directory, (8, 14), WITA, lambda: world.seconds)
    object.__setattr__(world.submit, "batch", batch)
    object.__setattr__(world.submit, "digest", batch.next)
    world.converse = replace(world.converse, batch=batch)
    world.thread = thread.make_app(world.converse, https=False).test_client()
    return world


def in_clear(world: World, facts: dict[str, str]) -> str:
    return str(world.report(**facts)["tracking_id"])


def sealed_in_a_browser(world: World, facts: dict[str, str]) -> str:
    body, _ = sealed_fields(world.submit, world.fields(**facts))
    answer = world.intake.post("/api/reports", json=body, headers=JSON)
    assert answer.status_code == 201
    return str(answer.get_json()["tracking_id"])


def in_a_flood(world: World, facts: dict[str, str]) -> str:
    body, _ = sealed_fields(world.submit, world.fields(**facts))
    envelope = read_envelope(body, world.directory)
    return world.submit.sealed(envelope, suspicious=True).tracking_id


def shown(desk: Desk, case_id: str) -> set[str]:
    """By which of a desk's pages a case can be noticed."""
    lists = ("", "quarantine/", "escalated/", "second/", "asked/", "taken/")
    seen = {name for name in lists if case_id in desk.get(f"/desk/{name}").text}
    html = desk.client.get("/desk/", headers={"Accept": "text/html"}).text
    seen |= {"page"} if case_id in html else set()
    return seen | ({"case"} if desk.get(f"/desk/cases/{case_id}").status_code == 200 else set())


@pytest.mark.parametrize("way", [in_clear, sealed_in_a_browser])
@pytest.mark.parametrize("why", WAITING)
def test_it_shows_with_its_batch_and_not_before(timed: World, why: str, way: Any) -> None:
    desk = timed.desk_of("kutim")
    case_id = way(timed, WAITING[why])
    while timed.seconds // HOUR % 24 != 6:  # 14:00 in WITA
        timed.run_courier()
        assert shown(desk, case_id) == set()
        assert case_id not in "".join(letter.text + letter.subject for letter in timed.mailbox.letters)
        timed.later(hours=1)
    timed.run_courier()
    assert shown(desk, case_id) == {"", "page", "case"}
    assert case_id in "".join(letter.text + letter.subject for letter in timed.mailbox.letters)


def test_a_report_of_a_street_lamp_shows_at_once(timed: World) -> None:
    desk = timed.desk_of("kutim")
    assert shown(desk, in_clear(timed, {})) == {"", "page", "case"}


def test_in_quarantine_it_waits_as_well(timed: World) -> None:
    desk = timed.desk_of("kutim")
    case_id = in_a_flood(timed, WAITING["accuses officials"])
    assert shown(desk, case_id) == set()
    assert json.loads(desk.get("/desk/").data).get("quarantine") in (None, False)
    timed.later(hours=4)
    assert shown(desk, case_id) == {"quarantine/", "case"}


def test_what_shows_between_stands_on_full_pages(timed: World) -> None:
    """25 that wait and 25 that do not: the pages are full, and what waits shows as no gap."""
    desk = timed.desk_of("kutim")
    hidden = {in_clear(timed, WAITING["accuses officials"]) for _ in range(25)}
    open_ones = {in_clear(timed, {}) for _ in range(25)}
    timed.later(days=1)
    open_ones |= {in_clear(timed, {}) for _ in range(3)}
    timed.later(days=-1)
    desk = timed.desk_of("kutim")
    first = desk.get("/desk/").get_json()
    second = desk.get(f"/desk/?after={first['next']}").get_json()
    found = [case["tracking_id"] for case in (*first["cases"], *second["cases"])]
    assert (len(first["cases"]), len(second["cases"]), second["next"]) == (20, 8, None)
    assert set(found) == open_ones
    assert not hidden & set(found)


def test_what_waits_is_passed_over_in_one_step(timed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many wait: a page takes no more queries."""
    for _ in range(60):
        in_clear(timed, WAITING["accuses officials"])
    desk, pages = timed.desk_of("kutim"), []
    page = timed.store.page
    monkeypatch.setattr(timed.store, "page", lambda *asked: pages.append(asked) or page(*asked), raising=False)
    assert desk.get("/desk/").get_json()["cases"] == []
    assert len(pages) <= 4
    assert sum(asked[3] for asked in pages) <= 60


def test_figures_leave_it_out(timed: World) -> None:
    in_clear(timed, WAITING["accuses an agency"])
    in_clear(timed, {})
    CountFigures(timed.store, timed.directory, lambda: timed.today, hour=lambda: timed.seconds // HOUR)()
    assert timed.desk_of("kutim").get("/desk/figures/").get_json()["total"]["open"] == 1
    timed.later(days=1)
    CountFigures(timed.store, timed.directory, lambda: timed.today, hour=lambda: timed.seconds // HOUR)()
    assert timed.desk_of("kutim").get("/desk/figures/").get_json()["total"]["open"] == 2


def test_its_reporter_reads_writes_and_withdraws_at_once(timed: World) -> None:
    desk = timed.desk_of("kutim")
    sent = timed.report(**WAITING["accuses an agency"])
    assert len(timed.read(sent["receipt"])["messages"]) == 1
    more = {"receipt": sent["receipt"], "body": "Ada lagi.", "message_key": "m" * 16}
    assert timed.post("/api/thread/messages", more).status_code == 201
    assert shown(desk, sent["tracking_id"]) == set()
    assert timed.post("/api/thread/withdraw", {"receipt": sent["receipt"]}).status_code == 200
    assert shown(desk, sent["tracking_id"]) == set()  # nor that something came and went
    timed.run_courier()
    assert sent["tracking_id"] not in "".join(letter.subject for letter in timed.mailbox.letters)
    timed.later(hours=6)
    assert shown(desk, sent["tracking_id"]) == {"", "page", "case"}


def test_the_clock_runs_and_tells_nobody_before(timed: World) -> None:
    case_id = in_clear(timed, WAITING["accuses an agency"])
    before = timed.store.read_head(case_id)
    Remind(timed.store, timed.directory, lambda: timed.today, Patience(30))()
    assert timed.store.read_head(case_id).clock == replace(before.clock, reminded=True)
    timed.run_courier()
    assert timed.mailbox.letters == []
    timed.later(hours=6)
    timed.run_courier()
    assert len(timed.mailbox.letters) == 2  # new, and due soon


def test_its_hour_is_forgotten_once_an_officer_has_acted(timed: World) -> None:
    case_id = in_clear(timed, WAITING["accuses an agency"])
    assert timed.store.read_head(case_id).visible_from * HOUR % (24 * HOUR) == 6 * HOUR  # 14:00 in WITA, whole
    timed.later(hours=6)
    desk = timed.desk_of("kutim")
    answer = desk.post(f"/desk/cases/{case_id}/stage", {"stage": "diverifikasi", "reason": "Lengkap."})
    assert answer.status_code == 200, answer.data
    assert timed.store.read_head(case_id).visible_from == 0


def test_nobody_waits_longer_than_until_the_next_batch(timed: World) -> None:
    for _ in range(24):
        head = timed.store.read_head(in_clear(timed, WAITING["accuses officials"]))
        assert 0 < head.visible_from - timed.seconds // HOUR <= 18
        timed.later(hours=1)


def test_who_has_no_hour_sees_nothing_that_waits(timed: World) -> None:
    """The wall itself: a viewer that some new page makes without a clock is shown too little, never too much."""
    head = timed.store.read_head(in_clear(timed, WAITING["accuses officials"]))
    viewer = Viewer("siti", "kutim", Role.COORDINATOR)
    assert not rights(viewer, head, timed.directory).see
    assert rights(replace(viewer, hour=head.visible_from), head, timed.directory).see
    assert timed.store.page(Scope.INSTANCE, "kutim").heads == (head,)


def test_a_custodian_learns_of_a_name_with_the_batch(timed: World) -> None:
    case_id = in_clear(timed, WAITING["entrusts a name"])
    head = timed.store.read_head(case_id)
    custodian = Viewer("kustodian", "kutim-inspektorat", Role.CUSTODIAN, hour=timed.seconds // HOUR)
    assert not may_look(custodian, head, timed.directory)
    assert may_look(replace(custodian, hour=head.visible_from), head, timed.directory)


@pytest.mark.parametrize("way", [by_form, by_waiting, by_counter, by_letter, by_app, by_nation])
def test_by_every_other_way_it_shows_with_its_batch_as_well(timed: World, way: Way) -> None:
    way(timed, {})  # whoever signs in for it does so before
    timed.run_courier()
    desk = timed.desk_of("kutim")
    _, case_id = way(timed, {"topic": "pungli"})
    while timed.seconds // HOUR % 24 != 6:  # 14:00 in WITA
        timed.run_courier()
        assert shown(desk, case_id) == set()
        timed.later(hours=1)
    assert {"", "page", "case"} <= shown(timed.desk_of("kutim"), case_id)

"""An officer's own reminders: a day and a line, sealed, shown to nobody else, and silent about what they may not see."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

from functions.actions.officer.case_act import CaseAct
from functions.actions.officer.personal.reminders import STALE
from functions.actions.officer.worklist import Worklist
from functions.casework.report import LINE_MAX
from functions.storage.registers.reminders import read_reminders
from tests.markup import field, text
from tests.pages import check_page
from tests.world import Desk, World

HTML = {"Accept": "text/html"}
LINE = "Tanyakan hasil ukur tiang ke bengkel"


def at_unit(world: World) -> tuple[str, str, Desk]:
    report = world.report()
    return report["tracking_id"], f"/desk/cases/{report['tracking_id']}", world.hand_over(report["tracking_id"])


def remind(desk: Desk, path: str, **typed: str) -> Any:
    data = {"csrf_token": desk.csrf, "form": "remind"} | typed
    return desk.client.post(f"{path}/remind", data=data, headers=HTML)


def mine(desk: Desk) -> str:
    return text(check_page(desk.client.get("/desk/mine/", headers=HTML, follow_redirects=True).text))


def test_it_shows_on_its_day_to_its_officer_alone(world: World) -> None:
    case_id, path, unit = at_unit(world)
    day = world.today + timedelta(days=2)
    done = remind(unit, path, day=day.isoformat(), line=LINE)
    assert done.headers["Location"] == f"{path}?done=remind"
    assert LINE not in mine(unit)
    (kept,) = read_reminders(world.store, "dpupr-1")
    assert (kept.case_id, kept.day) == (case_id, day)
    assert LINE.encode() not in kept.sealed
    worklist = Worklist(CaseAct(world.cases, world.keys.public))
    assert worklist.reminders_due("dpupr-1", day - timedelta(days=1)) == ()
    assert [(r.case_id, r.day) for r in worklist.reminders_due("dpupr-1", day)] == [(case_id, day)]
    world.today = day
    unit = world.desk_of("kutim-dpupr")
    assert f"{case_id}: {LINE}" in mine(unit)
    assert LINE in text(check_page(unit.client.get(f"{path}?do=remind", headers=HTML).text))
    assert LINE not in unit.get(path).text  # and no event tells the reporter or a colleague
    assert remind(unit, path, off="yes").headers["Location"] == f"{path}?done=remind_left"
    assert LINE not in mine(unit)


def test_a_case_that_left_is_named_no_more(world: World) -> None:
    case_id, path, unit = at_unit(world)
    day = world.today + timedelta(days=1)
    unit.post(f"{path}/remind", {"day": day.isoformat(), "line": LINE})
    assert unit.post(f"{path}/handover", {"agency": "kutim", "reason": "Bukan kami."}).status_code == 200
    world.today = day
    after = mine(world.desk_of("kutim-dpupr"))
    assert case_id not in after
    assert LINE not in after
    world.today += STALE + timedelta(days=1)
    _, other, desk = at_unit(world)
    desk.post(f"{other}/remind", {"day": (world.today + timedelta(days=1)).isoformat()})
    assert case_id not in [r.case_id for r in read_reminders(world.store, "dpupr-1")]


def test_a_case_whose_facts_were_changed_by_hand_takes_no_other_reminder_along(world: World) -> None:
    (broken, path, unit), (sound, other, _) = at_unit(world), at_unit(world)
    day = world.today + timedelta(days=1)
    for each in (path, other):
        assert unit.post(f"{each}/remind", {"day": day.isoformat(), "line": LINE}).status_code == 200
    with closing(sqlite3.connect(world.folder / "lapor.sqlite")) as db, db:
        db.execute("UPDATE cases SET about_agency = 'kutim-disdik' WHERE case_id = ?", (broken,))
    world.today = day
    shown = mine(world.desk_of("kutim-dpupr"))
    assert f"{sound}: {LINE}" in shown
    assert broken not in shown


def test_a_day_has_to_come_and_a_line_has_an_end(world: World) -> None:
    _, path, unit = at_unit(world)
    for day in ("", "besok", world.today.isoformat(), (world.today + timedelta(days=400)).isoformat()):
        refused = remind(unit, path, day=day, line=LINE)
        assert refused.status_code == 422
        root = check_page(refused.text)
        assert field(root, "day").get("value") == day
        assert field(root, "line").get("value") == LINE
    assert unit.post(f"{path}/remind", {"day": "2027-01-04", "line": "a" * (LINE_MAX + 1)}).status_code == 422
    assert world.desk_of("kutim").post(f"{path}/remind", {"day": "2027-01-04"}).status_code == 403
    assert world.desk_of("kutim-dlh").post(f"{path}/remind", {"day": "2027-01-04"}).status_code == 404

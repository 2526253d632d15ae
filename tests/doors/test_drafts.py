"""A draft of an answer: kept sealed for its officer alone, told of a second tab, gone with the answer and the case."""

from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any

import pytest

from functions.actions.officer.personal.drafts import KEPT_DAYS
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.seal.sealing import draft_name
from tests.markup import field, text
from tests.pages import check_page
from tests.world import Desk, World

HTML = {"Accept": "text/html"}
CANARY = "Tambalannya kami mulai di depan warung Bu Sari"
COLLEAGUE = "petugas2@dpupr.example.id"


def at_unit(world: World) -> tuple[dict[str, Any], str, Desk]:
    report = world.report()
    return report, f"/desk/cases/{report['tracking_id']}", world.hand_over(report["tracking_id"])


def colleague(world: World) -> Desk:
    world.run_courier()
    world.ask_link(COLLEAGUE)
    world.run_courier()
    return world.desk(world.mailbox.tokens(COLLEAGUE)[-1])


def shown(desk: Desk, path: str) -> str:
    """What stands in the answer's field of a fresh page."""
    return (field(check_page(desk.client.get(path, headers=HTML).text), "body").text or "").strip()


def keep(desk: Desk, path: str, body: str, seen: str = "0") -> Any:
    """Press "Simpan konsep", as without script."""
    data = {"csrf_token": desk.csrf, "form": "reply", "body": body, "draft_seen": seen, "draft": "yes"}
    return desk.client.post(f"{path}/messages", data=data, headers=HTML)


def slip_of(world: World, report: dict[str, Any], officer: str) -> str:
    """The name of an officer's draft, which takes the case key."""
    head = world.store.read_head(report["tracking_id"])
    return draft_name(world.keys.private(Purpose.DESK).open_case(head), officer)


def test_it_outlives_the_page_and_the_session_and_is_its_officers_alone(world: World) -> None:
    report, path, unit = at_unit(world)
    kept = keep(unit, path, CANARY)
    assert (kept.status_code, kept.headers["Location"]) == (303, f"{path}?done=draft")
    page = check_page(unit.client.get(f"{path}?done=draft", headers=HTML).text)
    assert "Konsep tersimpan. Hanya Anda yang melihatnya" in text(page)
    unit.client.post("/desk/session/end", data={"csrf_token": unit.csrf}, headers=HTML)
    again = world.desk_of("kutim-dpupr")
    assert shown(again, path) == CANARY
    other = colleague(world)
    assert shown(other, path) == ""
    for desk in (again, other, world.desk_of("kutim")):  # no JSON and no list tells of it either
        assert CANARY not in desk.get(path).text + desk.get("/desk/").text
    assert CANARY not in str(world.read(report["receipt"]))
    events = world.store.read_case(report["tracking_id"]).events
    assert [event.kind.value for event in events] == ["report", "handover"]
    slip = world.store.read_slip(slip_of(world, report, "dpupr-1"), 0)
    assert slip
    assert CANARY.encode() not in slip.sealed
    assert report["tracking_id"] not in slip.name


def test_of_two_tabs_the_last_one_wins_and_the_other_is_told(world: World) -> None:
    _, path, unit = at_unit(world)
    first = unit.post(f"{path}/draft", {"body": "Satu.", "seen": "0"}).get_json()
    assert first == {"version": 1, "replaced": False}
    assert unit.post(f"{path}/draft", {"body": "Dua.", "seen": "0"}).get_json() == {"version": 2, "replaced": True}
    assert unit.post(f"{path}/draft", {"body": "Dua lagi.", "seen": "2"}).get_json() == {
        "version": 3,
        "replaced": False,
    }
    told = keep(unit, path, "Satu, lebih panjang.", seen="1")
    assert told.headers["Location"] == f"{path}?done=draft_other"
    assert shown(unit, path) == "Satu, lebih panjang."
    assert unit.post(f"{path}/draft", {"body": "", "seen": "4"}).get_json() == {"version": 0, "replaced": False}
    assert shown(unit, path) == ""


@pytest.mark.parametrize("way", ["sent", "closed", "withdrawn", "old"])
def test_it_goes_with_what_it_was_for(world: World, way: str) -> None:
    report, path, unit = at_unit(world)
    other = colleague(world)
    for desk in (unit, other):
        keep(desk, path, CANARY)
    names = [slip_of(world, report, officer) for officer in ("dpupr-1", "dpupr-2")]
    if way == "sent":
        data = {"csrf_token": unit.csrf, "form": "reply", "body": "Selasa.", "message_key": token_hex(8)}
        assert unit.client.post(f"{path}/messages", data=data, headers=HTML).status_code == 303
        assert [world.store.read_slip(name, 0) is None for name in names] == [True, False]
    elif way == "closed":
        assert unit.post(f"{path}/close", {"outcome": "dijelaskan", "reason": "Sudah."}).status_code == 200
        assert [world.store.read_slip(name, 0) for name in names] == [None, None]
    elif way == "withdrawn":  # its key is gone, so what is left opens for nobody
        assert world.post("/api/thread/withdraw", {"receipt": report["receipt"]}).status_code == 200
        assert world.store.read_head(report["tracking_id"]).wraps.desk == b""
    else:
        slip = world.store.read_slip(names[0], 0)
        assert slip
        midnight = datetime(world.today.year, world.today.month, world.today.day, tzinfo=UTC)
        assert slip.expires == (midnight + timedelta(days=KEPT_DAYS + 1)).timestamp()
        assert world.store.read_slip(names[0], slip.expires) is None


def test_who_may_not_answer_keeps_none_and_too_much_is_told(world: World) -> None:
    _, path, unit = at_unit(world)
    assert world.desk_of("kutim").post(f"{path}/draft", {"body": "Lihat."}).status_code == 403
    assert world.desk_of("kutim-dlh").post(f"{path}/draft", {"body": "Lihat."}).status_code == 404
    refused = keep(unit, path, "a" * 20_001)
    assert refused.status_code == 422
    root = check_page(refused.text)
    assert len((field(root, "body").text or "").strip()) == 20_001

"""What later words keep from somebody is not public either: they would read it there (law 5)."""

from pathlib import Path
from secrets import token_hex

import pytest

from tests.doors.test_later_accused import ACCUSING, UNSURE
from tests.doors.test_publication import UNIT, Filed, filed
from tests.doors.test_sealed_thread import looked
from tests.trust import TrustWorld


@pytest.fixture
def world(tmp_path: Path) -> TrustWorld:
    return TrustWorld(tmp_path)


def accuse(world: TrustWorld, one: Filed, way: str) -> None:
    if way == "script":
        assert looked(world, one.receipt).act("message", {"body": ACCUSING}, f"- {UNIT}")[0] == 201
        return
    said = {"receipt": one.receipt, "body": UNSURE if way == "unsure" else ACCUSING, "message_key": token_hex(8)}
    assert world.post("/api/thread/messages", said).status_code == 201


@pytest.mark.parametrize("way", ["sure", "unsure", "script"])
def test_it_goes_from_the_public_page_and_none_is_asked_for(world: TrustWorld, way: str) -> None:
    one = filed(world)
    one.agreed()
    assert len(one.run(next_week=True)) == 1
    accuse(world, one, way)
    assert one.desk.get(one.path).status_code == 404
    assert one.run(next_week=True) == ()
    assert one.standing()["actions"] == ["stop"]
    assert one.say("/stop").status_code == 200
    assert one.standing()["actions"] == []
    assert one.say().get_json()["code"] == "not_public"


def test_no_text_of_another_unit_about_the_accused_becomes_public(world: TrustWorld) -> None:
    one = filed(world)
    accuse(world, one, "script")
    other = world.hand_over(one.case_id, "kutim-dishub")
    said = {"body": "Kami periksa pungutan itu.", "message_key": token_hex(8)}
    assert other.post(f"{one.path}/messages", said).status_code == 201
    assert world.store.read_head(one.case_id).desk_work.kept_from == (UNIT,)
    assert one.say().get_json().get("code") == "not_public"

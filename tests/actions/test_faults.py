"""Real faults between people and their cases: a file that was written by half, and a clock that jumps."""

from io import BytesIO
from secrets import token_hex

import pytest

from functions.actions.clock.audit import Audit
from functions.casework.stages import Stage
from tests.whole.test_canary import photo
from tests.world import JSON, World


def test_a_file_that_was_written_by_half_is_missing_and_nothing_else_is(world: World) -> None:
    """The disk lost its end: reader and officer learn that it is not there, and the case goes on."""
    sent = world.report()
    file = {"receipt": sent["receipt"], "file_key": token_hex(8), "file": (BytesIO(photo()), "a.jpg")}
    n = world.thread.post("/api/thread/files", data=file, headers=JSON).get_json()["n"]
    desk = world.desk_of("kutim")
    path = f"/desk/cases/{sent['tracking_id']}"
    assert desk.get(f"{path}/files/{n}").status_code == 200
    (blob,) = (each for each in world.blobs.root.rglob("*") if each.is_file())
    whole = blob.read_bytes()
    for rest in (whole[: len(whole) // 2], whole[:1], b"", whole[:-1] + b"\x00"):
        blob.write_bytes(rest)
        assert desk.get(f"{path}/files/{n}").status_code == 404
        asked = world.post(f"/api/thread/files/{n}", {"receipt": sent["receipt"]})
        assert asked.status_code == 404
        assert desk.get(path).get_json()["messages"][1]["files"][0]["n"] == n
    assert desk.post(f"{path}/stage", {"stage": "diarsipkan", "reason": "Uji."}).status_code == 200


@pytest.mark.parametrize("jumps", [(-1, 1), (-1, 400, -400), (400, -400, 1), (-30, 31)], ids=str)
def test_a_clock_that_jumps_loses_nothing_and_repeats_nothing(world: World, jumps: tuple[int, ...]) -> None:
    """Also on the way back: what was said stays said, no step of the clock is taken twice, and people go on."""
    sent = world.report()
    unit = world.hand_over(sent["tracking_id"])
    said = [message["body"] for message in world.read(sent["receipt"])["messages"]]
    for days in jumps:
        world.later(days=days)
        world.remind()
        again = world.remind()
        world.run_courier()
        assert again == 0
        read = [message["body"] for message in world.read(sent["receipt"])["messages"]]
        assert read[: len(said)] == said
        said = read
        assert world.report()["stage"] == "diterima"
        note = {"receipt": sent["receipt"], "body": f"Masih begitu ({days}).", "message_key": token_hex(8)}
        assert world.post("/api/thread/messages", note).status_code == 201
        said = [message["body"] for message in world.read(sent["receipt"])["messages"]]
    assert len(said) == len(set(said))
    assert unit.get("/desk/").status_code in (200, 401)
    head = world.store.read_head(sent["tracking_id"])
    assert head.stage in (Stage.DIDISPOSISIKAN, Stage.DIPROSES)
    assert head.escalation.steps <= 3
    assert Audit(world.store, world.directory).verify("kutim").faults == ()

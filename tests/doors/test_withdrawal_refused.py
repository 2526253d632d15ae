"""A withdrawal that is refused, since an officer wrote meanwhile, has destroyed nothing."""

from secrets import token_hex
from typing import Any

import pytest

from functions.casework.case import EventKind
from tests.doors.test_sealed_thread import looked
from tests.doors.test_thread import photo, upload
from tests.world import World


def test_the_files_are_there_where_somebody_wrote_meanwhile(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = world.report()
    desk, case_id = world.hand_over(sent["tracking_id"]), sent["tracking_id"]
    assert upload(world, sent["receipt"], photo()).status_code == 201
    n = next(event.n for event in world.store.read_case(case_id).events if event.kind is EventKind.FILE)
    phone, shred = looked(world, sent["receipt"]), world.store.shred

    def meanwhile(*arguments: Any) -> None:
        monkeypatch.undo()
        said = {"body": "Sudah kami perbaiki.", "message_key": token_hex(8)}
        assert desk.post(f"/desk/cases/{case_id}/messages", said).status_code == 201
        shred(*arguments)

    monkeypatch.setattr(world.store, "shred", meanwhile)
    status, answer = phone.act("withdraw")
    assert (status, answer["code"]) == (409, "meanwhile")
    assert not world.store.read_head(case_id).shredded
    assert world.thread.post(f"/api/thread/files/{n}", data={"receipt": sent["receipt"]}).status_code == 200

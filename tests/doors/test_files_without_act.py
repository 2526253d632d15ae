"""A file that is refused for want of room among the words lies nowhere."""

from secrets import token_hex

import pytest

from functions.actions.common import append
from tests.doors.test_thread import photo, upload, write
from tests.world import World


def test_who_has_said_all_stores_no_more_files(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(append, "TALK_MAX", 3)
    receipt = world.report()["receipt"]
    assert [write(world, receipt).status_code for _ in range(3)] == [201, 201, 201]
    for _ in range(8):
        assert upload(world, receipt, photo(), token_hex(8)).status_code == 409
    assert [path for path in world.blobs.root.rglob("*") if path.is_file()] == []

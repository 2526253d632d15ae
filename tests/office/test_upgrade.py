"""An office of an older release is taken up by the next start: every receipt opens, the desk reads, the trail holds."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from functions.actions.officer.mail.request_link import RequestLink
from functions.config.settings import load_settings
from functions.crypto.seal.public_keys import PublicKeys, Purpose, encode_public
from functions.local.setup import make_keys
from functions.storage.interface import Scope
from functions.storage.sqlite import schema
from functions.storage.sqlite.store import SqliteStore
from tests.office.test_backup import done, opened, report, run
from tests.older import made_older
from tests.world import WORDS, World

# Each step by its hash: one that was released is never edited.
RELEASED = {
    1: "add1c42a2431f7249bdf1ba8b21e0cc44794d23c1ce8ca6dcf6befc6474fecd8",
    2: "5d48e9930b3e3d8f45324e764cf6f50809ec938dd83c2b9298263098eede7277",
    3: "14bfd790512605b3dae0a4df6d83a06dfaf9d78ffb58405d586909969844fd19",
}
CHAINED = 3


@pytest.mark.parametrize("version", sorted(RELEASED))
def test_what_was_released_was_not_edited(version: int) -> None:
    text = "\n".join(" ".join(s.split()) for s in schema.STEPS[version - 1])
    assert hashlib.sha256(text.encode()).hexdigest() == RELEASED[version]


@pytest.mark.every_day(1)
@pytest.mark.parametrize("version", sorted(RELEASED))
def test_an_office_of_an_older_release_opens_all_it_had(tmp_path: Path, version: int) -> None:
    world = World(tmp_path / "data")
    sent = [report(world, photos=1), report(world)]
    path = world.folder / "lapor.sqlite"
    made_older(path, version)
    older = SqliteStore(path).unprepared()
    assert f"has schema {version} of" in older
    # Backed up before the upgrade, by the new release; the restored office is an older one, too.
    assert "2 cases, 1 files" in done(run(world.folder, "backup", tmp_path / "a"))
    done(run(tmp_path / "restored", "restore", tmp_path / "a"))
    for folder in (world.folder, tmp_path / "restored"):
        SqliteStore(folder / "lapor.sqlite").prepare()  # as every start does
        assert SqliteStore(folder / "lapor.sqlite").unprepared() == ""
        for one in sent:
            assert opened(folder, one["receipt"])[0] == WORDS
        assert len(opened(folder, sent[0]["receipt"])[1]) == 1
        store = SqliteStore(folder / "lapor.sqlite")
        heads = store.page(Scope.INSTANCE, "kutim").heads
        assert {head.case_id for head in heads} == {one["tracking_id"] for one in sent}
        private = world.keys.private(Purpose.DESK)
        assert all(len(private.open_case(head)) == 32 for head in heads)
        if version < CHAINED:  # later trails are tried as older releases wrote them: tests/upgrades
            assert "older than the trail" in done(run(folder, "audit", "verify", "kutim"))


def test_an_office_that_knew_no_mandates_gets_their_key_and_keeps_all_others(tmp_path: Path) -> None:
    world = World(tmp_path / "data")
    public = world.keys.public()
    gone = public.current[Purpose.MANDATES, "kutim"]
    (world.keys.root / Purpose.MANDATES / "kutim" / gone).unlink()
    before = {place: key_id for place, key_id in public.current.items() if place[0] is not Purpose.MANDATES}
    keys = {key_id: key for key_id, key in public.keys.items() if key_id in before.values()}
    raw = json.loads(encode_public(PublicKeys(keys, before)))
    del raw["added"]
    world.keys.public_file.write_text(json.dumps(raw))
    assert world.keys.missing(Purpose, ["kutim"]) == [(Purpose.MANDATES, "kutim")]
    assert make_keys(load_settings({"DATA_DIR": str(world.folder)}), world.directory) == 1
    now = world.keys.public().current
    assert {place: now[place] for place in before} == before
    signing = world.keys.private(Purpose.MANDATES)
    world.mandates = replace(world.mandates, signing_keys=lambda: signing)
    RequestLink(world.mandates, world.directory)(world.officer("kutim").email)
    world.run_courier()
    assert [letter.to for letter in world.mailbox.letters] == [world.officer("kutim").email]

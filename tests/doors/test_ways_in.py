"""What holds for a report by whichever way it comes: docs/promises.md names these tests, way by way."""

import pytest

from tests.doors.test_masking import SECRET, TEXT
from tests.doors.test_visible_from import shown
from tests.ways_in import WAYS_IN, Way, by_sms
from tests.world import World

HTML = {"Accept": "text/html"}
CANARY = "kenarijingga belakang masjid"


@pytest.mark.parametrize("way", [way for way in WAYS_IN if way is not by_sms])  # an SMS has no field for it
def test_the_accused_is_shown_nothing_of_it(world: World, way: Way) -> None:
    _, case_id = way(world, {"about_agency": "kutim-dpupr"})
    accused = world.desk_of("kutim-dpupr")
    assert shown(accused, case_id) == set()
    assert (
        accused.post(f"/desk/cases/{case_id}/messages", {"body": "Siapa?", "message_key": "ab" * 8}).status_code == 404
    )
    assert {"", "page", "case"} <= shown(world.desk_of("kutim"), case_id)
    told = [mail for mail in world.mailbox.letters if case_id in mail.text + mail.html]
    assert world.officer("kutim-dpupr").email not in {mail.to for mail in told}


@pytest.mark.parametrize("way", WAYS_IN)
def test_officers_read_it_masked(world: World, way: Way) -> None:
    _, case_id = way(world, {"body": TEXT})
    desk = world.desk_of("kutim")
    path = f"/desk/cases/{case_id}"
    read = desk.get(path).text + desk.client.get(path, headers=HTML).text + desk.get("/desk/").text
    assert "Kepala desa Rusdi" in read
    assert not [secret for secret in SECRET if secret in read]


@pytest.mark.parametrize("way", WAYS_IN)
def test_nothing_of_its_words_is_stored_in_clear(world: World, way: Way) -> None:
    receipt, _ = way(world, {"body": f"Jalan rusak, {CANARY}."})
    letter = [*world.folder.glob("*.csv")]  # the way by letter reads a file of its own, which no store has
    kept = [path for path in world.folder.rglob("*") if path.is_file() and path not in letter]
    assert kept
    for path in kept:
        raw = path.read_bytes()
        assert CANARY.encode() not in raw, path
        assert receipt.encode() not in raw, path
        assert receipt.replace("-", "").encode() not in raw, path
    assert CANARY in world.read(receipt)["messages"][0]["body"]

"""A file is told by its own notice, unless words of the same day were told to the same readers."""

from collections.abc import Callable
from secrets import token_hex

import pytest

from tests.doors.test_desk import attach
from tests.doors.test_linked import AGENCY, hand
from tests.doors.test_linked import world as linked  # noqa: F401 - a fixture
from tests.doors.test_notices import LEFT, to_reporter
from tests.doors.test_sealed_thread import looked
from tests.doors.test_thread import photo, upload
from tests.phone import Phone
from tests.world import World

UNIT = "kutim-dpupr"


def letters(world: World, agency: str) -> int:
    world.run_courier()
    return sum(letter.to == world.officer(agency).email for letter in world.mailbox.letters)


def by_server(world: World, receipt: str, phone: Phone) -> None:
    assert upload(world, receipt, photo()).status_code == 201


def by_script(world: World, receipt: str, phone: Phone) -> None:
    assert phone.look() == 200
    assert phone.attach(photo())[0] == 201


@pytest.mark.parametrize("add", [by_server, by_script])
def test_a_photo_after_a_name_is_told(world: World, add: Callable[[World, str, Phone], None]) -> None:
    sent = world.report()
    world.hand_over(sent["tracking_id"])
    world.later(days=1)
    before = letters(world, UNIT)
    assert world.post("/api/thread/identity", {"receipt": sent["receipt"], "name": "Bunga"}).status_code == 200
    assert letters(world, UNIT) == before
    add(world, sent["receipt"], looked(world, sent["receipt"]))
    assert letters(world, UNIT) == before + 1


@pytest.mark.parametrize("add", [by_server, by_script])
def test_a_photo_after_words_that_went_to_another_system_is_told(
    linked: World,  # noqa: F811 - the fixture
    add: Callable[[World, str, Phone], None],
) -> None:
    told = hand(linked)
    linked.run_courier()
    linked.later(days=1)
    before = letters(linked, AGENCY)
    words = {"receipt": told["receipt"], "body": "Foto menyusul.", "message_key": token_hex(8)}
    assert linked.post("/api/thread/messages", words).status_code == 201
    assert letters(linked, AGENCY) == before
    add(linked, told["receipt"], looked(linked, told["receipt"]))
    assert letters(linked, AGENCY) == before + 1


def test_a_reporter_is_told_of_an_officers_file_after_a_note(world: World) -> None:
    sent = world.report(**LEFT)
    unit = world.hand_over(sent["tracking_id"])
    note = {"body": "Foto menyusul.", "message_key": token_hex(8)}
    assert unit.post(f"/desk/cases/{sent['tracking_id']}/notes", note).status_code in (200, 201)
    before = len(to_reporter(world))
    assert attach(unit, sent["tracking_id"], photo()).status_code == 201
    assert len(to_reporter(world)) == before + 1

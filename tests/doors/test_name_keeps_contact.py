"""A name that is left later brings news nowhere else, and ends none: how its reporter is told stays as it was."""

import re
from secrets import token_hex

from functions.casework.case import Mode
from tests.doors.test_notices import CONTACT, to_reporter
from tests.world import World

CODE = re.compile(r"[0-9A-Z]{5}(?:-[0-9A-Z]{5}){4}")


def leave(world: World, receipt: str, **typed: str) -> None:
    assert world.post("/api/thread/identity", {"receipt": receipt, **typed}).status_code == 200


def answer(world: World, case_id: str) -> None:
    unit, said = world.hand_over(case_id), {"body": "Kami periksa besok.", "message_key": token_hex(8)}
    assert unit.post(f"/desk/cases/{case_id}/messages", said).status_code == 201


def test_a_reporter_by_sms_who_leaves_a_name_is_still_answered(world: World) -> None:
    found = CODE.search(world.said("LAPOR lampu jalan mati di Sangatta Utara sudah dua minggu, gelap sekali"))
    assert found
    case_id = world.read(found[0])["tracking_id"]
    leave(world, found[0], name="Bunga Melati")
    head = world.store.read_head(case_id)
    assert (head.reporter.mode, head.reporter.texted) == (Mode.RAHASIA, True)
    answer(world, case_id)
    world.run_courier()
    assert "Kami periksa besok." in world.phone.texts[-1].text


def test_an_anonymous_address_for_news_stays_where_a_name_brings_none(world: World) -> None:
    for typed in ({"name": "Bunga Melati"}, {"name": "Bunga Melati", "contact": "0812-3456-7890"}):
        sent = world.report(contact=CONTACT)
        before = len(to_reporter(world))
        leave(world, sent["receipt"], **typed)
        answer(world, sent["tracking_id"])
        assert len(to_reporter(world)) == before + 2, "handed over, and answered"


def test_taking_the_name_back_ends_all_news_as_its_page_says(world: World) -> None:
    sent = world.report(contact=CONTACT)
    leave(world, sent["receipt"], name="Bunga Melati")
    assert world.post("/api/thread/identity/withdraw", {"receipt": sent["receipt"]}).status_code == 200
    assert world.store.read_head(sent["tracking_id"]).reporter.contact == b""

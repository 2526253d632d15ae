"""What a reporter who left a contact is told by mail: that there is news, and nothing that names him or his report."""

from functions.actions.courier.dead_news import KEPT_HOURS
from functions.delivery.interface import DeliveryError
from functions.storage.interface import OutboxEntry
from tests.world import WORDS, World

CONTACT = "bunga@contoh.id"
LEFT = {"identity_mode": "rahasia", "name": "Bunga Melati", "contact": CONTACT}


def to_reporter(world: World) -> list[str]:
    world.run_courier()
    return [letter.subject + letter.text + letter.html for letter in world.mailbox.letters if letter.to == CONTACT]


def test_a_notice_says_that_there_is_news_and_nothing_else(world: World) -> None:
    sent = world.report(**LEFT)
    unit = world.hand_over(sent["tracking_id"])
    path = f"/desk/cases/{sent['tracking_id']}"
    assert unit.post(f"{path}/messages", {"body": "Kami periksa besok.", "message_key": "k" * 16}).status_code == 201
    letters = to_reporter(world)
    assert letters
    for letter in letters:
        for secret in (
            WORDS,
            "Kami periksa",
            "Lampu",
            "jalan mati",
            sent["tracking_id"],
            sent["receipt"],
            "Bunga",
            "Dinas",
        ):
            assert secret not in letter
        assert "/lacak/" in letter


def test_an_anonymous_reporter_gets_none(world: World) -> None:
    sent = world.report()
    world.hand_over(sent["tracking_id"])
    assert to_reporter(world) == []


def test_closing_erases_the_contact(world: World) -> None:
    sent = world.report(**LEFT)
    unit = world.hand_over(sent["tracking_id"])
    before = world.store.read_head(sent["tracking_id"]).reporter.contact
    path = f"/desk/cases/{sent['tracking_id']}/close"
    assert unit.post(path, {"outcome": "dijelaskan", "reason": "Sudah."}).status_code == 200
    count = len(to_reporter(world))
    assert count == 2  # handed over, closed
    assert world.store.read_head(sent["tracking_id"]).reporter.contact == b""
    on_disk = b"".join(file.read_bytes() for file in world.folder.glob("lapor.sqlite*"))
    assert before[13:45] not in on_disk
    world.post("/api/thread/verdict", {"receipt": sent["receipt"], "verdict": "belum", "reason": "Masih."})
    unit.post(f"/desk/cases/{sent['tracking_id']}/messages", {"body": "Baik.", "message_key": "k" * 16})
    assert len(to_reporter(world)) == count


def given_up(world: World, case_id: str) -> list[OutboxEntry]:
    """The notices of a case to an address that takes no mail, once they are given up."""
    unit = world.hand_over(case_id)
    unit.post(f"/desk/cases/{case_id}/messages", {"body": "Kami periksa.", "message_key": "k" * 16})
    world.mailbox.trouble = DeliveryError("no_such_mailbox", lasting=True)
    world.run_courier()
    world.mailbox.trouble = None
    return dead_of(world, case_id)


def dead_of(world: World, case_id: str) -> list[OutboxEntry]:
    return [entry for entry in world.store.dead_letters()[0] if entry.case_id == case_id and entry.sealed]


def test_a_notice_that_was_given_up_goes_with_its_case(world: World) -> None:
    """Nobody may ever try it again, and it holds the reporter's address."""
    sent = world.report(**LEFT)
    assert given_up(world, sent["tracking_id"])
    world.later(hours=1)
    world.run_courier()
    assert dead_of(world, sent["tracking_id"])  # ops may send it yet
    assert world.post("/api/thread/withdraw", {"receipt": sent["receipt"]}).status_code == 200
    world.later(hours=1)
    world.run_courier()
    assert not dead_of(world, sent["tracking_id"])


def test_and_after_a_month_whatever_becomes_of_the_case(world: World) -> None:
    sent = world.report(**LEFT)
    assert given_up(world, sent["tracking_id"])
    world.later(hours=KEPT_HOURS - 1)
    world.run_courier()
    assert dead_of(world, sent["tracking_id"])
    world.later(hours=2)
    world.run_courier()
    assert not dead_of(world, sent["tracking_id"])


def test_each_act_of_an_officer_brings_one(world: World) -> None:
    sent = world.report(**LEFT)
    unit = world.hand_over(sent["tracking_id"])
    unit.post(f"/desk/cases/{sent['tracking_id']}/messages", {"body": "Ini.", "message_key": "k" * 16})
    assert len(to_reporter(world)) == 2

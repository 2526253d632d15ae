"""What the outbox and the public keys alone can make the courier do. Intake, thread, gateway, open311, clock and custody
hold both, so whoever takes one of them over holds them too: no officer, and no link to anybody else's case."""

import pytest

from functions.casework.directory.enrolment import ADD, WISH_BUCKET, Wish, pack_wish
from functions.crypto.padding import pad
from functions.crypto.seal.public_keys import Purpose
from functions.storage.interface import Notice, OutboxEntry
from tests.tending import TendWorld
from tests.world import World

OUTSIDER = "orang@luar.example.com"
ENTRY = "e" * 32


@pytest.fixture
def world(tmp_path):
    return TendWorld(tmp_path)


def put(world: World, notice: Notice, plain: bytes, size: int, *delivered: str) -> None:
    """Seal to the courier's public key and enqueue, as any function can."""
    _, sealed = world.keys.public().seal(Purpose.COURIER, "kutim", ENTRY, pad(plain, size))
    world.store.enqueue(OutboxEntry(ENTRY, notice, "kutim", sealed=sealed, delivered=delivered))
    world.run_courier()


def to_outsiders(world: World) -> list[str]:
    return [letter.to for letter in world.mailbox.letters if letter.to == OUTSIDER]


@pytest.mark.parametrize("role", ["coordinator", "officer"])
def test_an_outsider_becomes_no_officer(world: TendWorld, role: str) -> None:
    world.report()
    before, unit = world.staff(), {"coordinator": "kutim", "officer": "kutim-dishub"}[role]
    wish = Wish(ADD, "luar-1", "kutim-1", OUTSIDER, unit, role)
    put(world, Notice.OFFICER_WISH, pack_wish(wish), WISH_BUCKET)
    assert (world.staff(), to_outsiders(world)) == (before, [])


@pytest.mark.parametrize("outcome", ["=added", "=removed"])
def test_an_entry_that_says_it_was_carried_out_invites_nobody(world: TendWorld, outcome: str) -> None:
    wish = Wish(ADD, "luar-1", "kutim-1", OUTSIDER, "kutim", "coordinator")
    put(world, Notice.OFFICER_WISH, pack_wish(wish), WISH_BUCKET, outcome)
    assert to_outsiders(world) == []
    assert world.mailbox.letters == []


def test_nobody_but_the_desk_has_an_inbox_link_made(world: TendWorld) -> None:
    put(world, Notice.LINK_WANTED, world.officer("kutim").email.encode(), 512)
    assert world.mailbox.letters == []


@pytest.mark.parametrize("agency", ["kutim-dpupr", "kutim-inspektorat", "pusat"])
@pytest.mark.parametrize("notice", [Notice.NEW_CASE, Notice.HANDED_OVER, Notice.ESCALATED, Notice.ASKED_IN])
def test_a_notice_reaches_nobody_with_whom_the_case_does_not_lie(world: TendWorld, notice: Notice, agency: str) -> None:
    case_id = world.report(about_agency="kutim-dpupr")["tracking_id"]
    world.run_courier()
    world.mailbox.letters.clear()
    world.store.enqueue(OutboxEntry(ENTRY, notice, "kutim", agency, case_id))
    world.run_courier()
    assert world.mailbox.letters == []


def test_a_notice_about_no_case_makes_no_link(world: TendWorld) -> None:
    for n, case_id in enumerate(("", "4F7K-2M9Q-XR3D")):
        world.store.enqueue(OutboxEntry(f"{n}" * 32, Notice.NEW_CASE, "kutim", "kutim", case_id))
    world.run_courier()
    assert world.mailbox.letters == []


def test_a_digest_reaches_only_desks_where_reports_come_in(world: TendWorld) -> None:
    world.store.tally(OutboxEntry("karantina-x", Notice.QUARANTINED, "kutim", "kutim-dpupr", count=3))
    world.run_courier()
    assert world.mailbox.letters == []
    world.store.tally(OutboxEntry("karantina-y", Notice.QUARANTINED, "kutim", "kutim", count=3))
    world.run_courier()
    assert [letter.to for letter in world.mailbox.letters] == [world.officer("kutim").email]

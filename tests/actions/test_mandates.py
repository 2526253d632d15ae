"""What the desk asks of the courier: carried out once, in time, for the entry and the instance it was signed for."""

import logging
from dataclasses import replace

import pytest

from functions.casework.directory.agencies import Role
from functions.casework.directory.enrolment import ADD, REMOVE, WISH_BUCKET, Wish, pack_wish
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.padding import pad, unpad
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.sign.mandate_signer import sign_mandate
from functions.crypto.sign.mandates import MOST_HOURS, Mandate, MandateError, read_mandate
from functions.delivery.interface import DeliveryError
from functions.storage.interface import Notice, OutboxEntry
from functions.storage.interface.outbox import MANDATE_PREFIX
from tests.tending import OFFICERS, TendWorld, done

HOUR = 3600
EMAIL = "petugas9@dishub.example.id"
WISH = Wish(ADD, "dishub-9", "kutim-1", EMAIL, "kutim-dishub", "officer")
COORDINATOR = "koordinator1@diskominfo.example.id"
ENTRY = MANDATE_PREFIX + "e" * 32


@pytest.fixture
def world(tmp_path):
    return TendWorld(tmp_path)


def waiting(world: TendWorld) -> OutboxEntry:
    (entry,) = world.store.waiting()
    return entry


def sent(world: TendWorld, wish: Wish = WISH) -> OutboxEntry:
    """A mandate of the desk, as it waits in the outbox."""
    world.mandates.send(Notice.OFFICER_WISH, "kutim", pack_wish(wish), WISH_BUCKET)
    return waiting(world)


def entered(world: TendWorld) -> bool:
    return any(officer.ident == WISH.ident for officer in world.staff())


def said_to(world: TendWorld, to: str = COORDINATOR) -> str:
    """The latest letter to somebody."""
    return " ".join(next(mail.text for mail in reversed(world.mailbox.letters) if mail.to == to).split())


def refused(world: TendWorld) -> list[str]:
    return [entry.error for entry in world.store.dead_letters()[0]]


def test_a_mandate_is_carried_out_and_its_entry_is_of_its_own_kind(world: TendWorld) -> None:
    entry = sent(world)
    assert entry.entry_id.startswith(MANDATE_PREFIX)
    world.run_courier()
    assert entered(world)
    assert refused(world) == []


def test_a_mandate_that_comes_again_is_not_carried_out_again(world: TendWorld, caplog) -> None:
    entry = sent(world)
    world.run_courier()
    world.mandates.send(Notice.OFFICER_WISH, "kutim", pack_wish(Wish(REMOVE, WISH.ident, "kutim-1")), WISH_BUCKET)
    world.run_courier()
    assert not entered(world)
    world.store.enqueue(entry)  # as it lay there before, signed by the desk
    with caplog.at_level(logging.ERROR):
        world.run_courier()
    assert not entered(world)
    assert "sudah pernah diperiksa" in said_to(world)
    assert [getattr(record, "lapor", {}).get("code") for record in caplog.records] == ["repeated"]


@pytest.mark.parametrize("claimed", ["=added", "=removed", "=late"])
def test_what_it_says_of_itself_brings_nobody_back(world: TendWorld, claimed: str) -> None:
    entry = sent(world)
    world.run_courier()
    world.mandates.send(Notice.OFFICER_WISH, "kutim", pack_wish(Wish(REMOVE, WISH.ident, "kutim-1")), WISH_BUCKET)
    world.run_courier()
    since = len(world.mailbox.letters)
    world.store.enqueue(replace(entry, delivered=(claimed,)))
    world.run_courier()
    assert not entered(world)
    assert EMAIL not in [letter.to for letter in world.mailbox.letters[since:]]


def test_a_mandate_that_is_too_old_is_told_and_not_carried_out(world: TendWorld) -> None:
    sent(world)
    world.later(hours=MOST_HOURS + 1)
    world.run_courier()
    assert not entered(world)
    assert "sudah terlalu lama" in said_to(world)


def test_one_that_waited_over_a_weekend_is_carried_out(world: TendWorld) -> None:
    sent(world)
    world.later(hours=MOST_HOURS)
    world.run_courier()
    assert entered(world)


@pytest.mark.parametrize(("hours", "why"), [(-2, "early"), (-1, ""), (0, ""), (72, ""), (73, "late")])
def test_a_mandate_is_carried_out_from_an_hour_early_to_three_days_late(hours: int, why: str) -> None:
    """Two machines' clocks may differ a little, and a courier may rest over a weekend."""
    made = Mandate(Notice.OFFICER_WISH.value, ENTRY, "kutim", 500_000, b"")
    assert made.untimely(500_000 + hours) == why


def test_with_the_clock_set_back_nothing_is_carried_out_that_was_not_yet_made(world: TendWorld) -> None:
    sent(world)
    world.seconds -= 48 * HOUR
    world.run_courier()
    assert not entered(world)
    assert "jam kedua mesin berbeda" in said_to(world)


def test_with_the_clock_set_back_an_old_mandate_stays_carried_out(world: TendWorld) -> None:
    entry = sent(world)
    world.run_courier()
    world.mandates.send(Notice.OFFICER_WISH, "kutim", pack_wish(Wish(REMOVE, WISH.ident, "kutim-1")), WISH_BUCKET)
    world.run_courier()
    world.later(days=400)
    world.seconds -= 400 * 24 * HOUR
    world.store.enqueue(entry)
    world.run_courier()
    assert not entered(world)


def test_one_that_was_refused_is_not_carried_out_once_the_clock_is_right(world: TendWorld) -> None:
    entry = sent(world)
    world.seconds -= 48 * HOUR
    world.run_courier()
    world.seconds += 48 * HOUR
    world.store.enqueue(entry)
    world.run_courier()
    assert not entered(world)


def test_the_wish_of_a_coordinator_who_was_removed_since_is_refused(world: TendWorld) -> None:
    desk = world.desk_of("kutim")
    more = {"act": ADD, "ident": "kutim-3", "email": "k3@diskominfo.example.id", "unit": "kutim", "role": "coordinator"}
    assert done(desk, OFFICERS, **more).status_code == 202
    world.run_courier()
    second = Wish(REMOVE, "kutim-1", "kutim-3")
    for wish in (second, WISH):  # the first removes the coordinator by whom the second is
        world.mandates.send(Notice.OFFICER_WISH, "kutim", pack_wish(wish), WISH_BUCKET)
        world.run_courier()
    assert not entered(world)
    assert "bukan koordinator" in said_to(world, "k3@diskominfo.example.id")


@pytest.mark.parametrize("place", [0, 1, 9, 13, 20, 77, 100, -1])
def test_a_mandate_with_one_bit_changed_is_refused(world: TendWorld, place: int) -> None:
    entry = sent(world)
    key = world.keys.private(Purpose.COURIER)
    raw = bytearray(unpad(key.open("kutim", entry.entry_id, entry.sealed)))
    raw[place] ^= 1
    _, sealed = world.keys.public().seal(Purpose.COURIER, "kutim", entry.entry_id, pad(bytes(raw), WISH_BUCKET))
    world.store.claim("x", world.seconds // HOUR)
    world.store.settle(entry.entry_id, "x")
    world.store.enqueue(replace(entry, sealed=sealed))
    world.run_courier()
    assert (entered(world), world.mailbox.letters, refused(world)) == (False, [], ["mandate_unsigned"])


def signed(world: TendWorld, mandate: Mandate, purpose: Purpose = Purpose.MANDATES) -> bytes:
    key_id = world.keys.public().current_id(purpose, mandate.instance)
    return sign_mandate(mandate, key_id, world.keys.private(purpose).key(mandate.instance, key_id))


def mandate(world: TendWorld, **changes: str) -> Mandate:
    made = Mandate(Notice.OFFICER_WISH.value, ENTRY, "kutim", world.seconds // HOUR, pack_wish(WISH))
    return made._replace(**changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [{"entry_id": MANDATE_PREFIX + "f" * 32}, {"notice": Notice.LINK_WANTED.value}, {"instance": "pusat"}],
    ids=["another entry", "another notice", "another instance"],
)
def test_a_mandate_signed_for_something_else_is_refused(world: TendWorld, changes: dict[str, str]) -> None:
    if "instance" in changes:
        world.keys.generate(Purpose.MANDATES, changes["instance"])
    raw = signed(world, mandate(world, **changes))
    _, sealed = world.keys.public().seal(Purpose.COURIER, "kutim", ENTRY, pad(raw, WISH_BUCKET))
    world.store.enqueue(OutboxEntry(ENTRY, Notice.OFFICER_WISH, "kutim", sealed=sealed))
    world.run_courier()
    assert (entered(world), refused(world)) == (False, ["mandate_unsigned"])


def test_the_links_key_signs_no_mandate_and_another_instances_signs_none_for_ours(world: TendWorld) -> None:
    public, ours = world.keys.public(), mandate(world)
    for each in (ours, ours._replace(payload=b"")):  # a notice may say all
        assert read_mandate(signed(world, each), *each[:3], public) == each
    with pytest.raises(MandateError):
        read_mandate(signed(world, ours, Purpose.LINKS), *ours[:3], public)
    key_id = world.keys.generate(Purpose.MANDATES, "bontang")
    theirs = sign_mandate(ours, key_id, world.keys.private(Purpose.MANDATES).key("bontang", key_id))
    with pytest.raises(MandateError):
        read_mandate(theirs, *ours[:3], world.keys.public())


def test_after_a_rotation_the_old_key_counts_until_it_is_destroyed(world: TendWorld) -> None:
    ours = mandate(world)
    raw, old = signed(world, ours), world.keys.public().current_id(Purpose.MANDATES, "kutim")
    world.keys.generate(Purpose.MANDATES, "kutim")
    assert read_mandate(raw, *ours[:3], world.keys.public()) == ours
    world.keys.destroy(Purpose.MANDATES, "kutim", old)
    with pytest.raises(MandateError):
        read_mandate(raw, *ours[:3], world.keys.public())


def test_the_letters_of_a_mandate_that_failed_leave_later(world: TendWorld) -> None:
    sent(world)
    world.mailbox.trouble = DeliveryError("server_unreachable")
    world.run_courier()
    world.mailbox.trouble = None
    world.later(hours=1)
    world.run_courier()
    assert entered(world)
    assert EMAIL in [letter.to for letter in world.mailbox.letters]


def test_a_late_request_for_a_link_brings_none(world: TendWorld) -> None:
    world.ask_link(world.officer("kutim").email)
    world.later(hours=MOST_HOURS + 1)
    world.run_courier()
    assert (world.mailbox.letters, refused(world)) == ([], [])


def test_who_asks_for_a_link_while_they_are_being_removed_gets_none_that_works(world: TendWorld, monkeypatch) -> None:
    """The request for the link comes after the removal, in one look at the outbox."""
    ids = iter(["1" * 32, "2" * 32])
    monkeypatch.setattr("functions.actions.officer.mandates.token_hex", lambda _: next(ids))
    gone = world.officer("kutim-dpupr")
    world.mandates.send(Notice.OFFICER_WISH, "kutim", pack_wish(Wish(REMOVE, gone.ident, "kutim-1")), WISH_BUCKET)
    world.ask_link(gone.email)
    world.run_courier()
    assert gone.ident not in [officer.ident for officer in world.staff()]
    assert gone.email not in [letter.to for letter in world.mailbox.letters]


def test_a_desk_without_its_key_asks_for_nothing_and_says_so(world: TendWorld) -> None:
    world.mandates = replace(world.mandates, signing_keys=lambda: PrivateKeys(Purpose.MANDATES, {}))
    world.desk_app = world.seated()
    answer = world.desk_app.test_client().post("/desk/links", json={"email": world.officer("kutim").email})
    assert answer.status_code == 503
    assert world.store.waiting() == ()


def test_the_longest_request_fits_its_size(world: TendWorld) -> None:
    longest = Wish(ADD, "i" * 64, "b" * 64, f"{'x' * 242}@example.id", "u" * 64, Role.COORDINATOR)
    world.mandates.send(Notice.OFFICER_WISH, "kutim", pack_wish(longest), WISH_BUCKET)
    address = f"{'x' * 243}@example.id"
    assert len(address) == 254
    world.ask_link(address)
    assert len(world.store.waiting()) == 2

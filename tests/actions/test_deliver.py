"""The courier: who gets which letter, what is in it, and what happens when mail does not leave."""

import itertools
import re

import pytest

from functions.actions.deliver import Deliver
from functions.casework.agencies import Officer, Role
from functions.delivery.interface import DeliveryError
from functions.storage.interface import Notice, OutboxEntry
from functions.vault.keyring import Purpose
from functions.vault.links import read_link
from tests.world import WORDS, World

HOUR = 3600


def dead(world: World) -> list[OutboxEntry]:
    return list(world.store.dead_letters()[0])


def test_a_new_report_brings_the_coordinator_a_link_and_no_word_of_it(world: World) -> None:
    sent = world.report(place="Gang Rahasia 7", about_officials="Oknum Fulan")
    assert world.run_courier() == 1
    (letter,) = world.mailbox.letters
    assert letter.to == world.officer("kutim").email
    assert sent["tracking_id"] in letter.subject
    for text in (letter.text, letter.html, letter.subject):
        for secret in (WORDS, "Lampu jalan", "Gang Rahasia", "Oknum Fulan", sent["receipt"], sent["receipt"][:11]):
            assert secret not in text
    token = world.mailbox.tokens()[0]
    assert f"http://127.0.0.1:8000/masuk/#{token}" in letter.text
    assert token in letter.html
    keys = world.keys.public()
    link = read_link(token, [keys.keys[keys.current_id(Purpose.LINKS, "kutim")]], world.seconds)
    assert (link.agency, link.role, link.case_id) == ("kutim", Role.COORDINATOR, sent["tracking_id"])
    assert link.expires % 86400 == 86399  # the end of a day: a link does not tell its minute
    assert world.run_courier() == 0


def test_every_officer_of_the_agency_gets_a_link_of_his_own(world: World) -> None:
    sent = world.report()
    world.hand_over(sent["tracking_id"], "kutim-dpupr")
    wanted = {officer.email for officer in world.officers if officer.agency == "kutim-dpupr"}
    assert len(wanted) == 2
    told = [mail for mail in world.mailbox.letters if "diteruskan" in mail.subject]
    assert {mail.to for mail in told} == wanted
    assert len({world.mailbox.tokens(mail.to)[0] for mail in told}) == 2
    assert len({mail.message_id for mail in told}) == 2


def test_trouble_is_retried_with_back_off_then_given_up_visibly(world: World) -> None:
    world.report()
    world.mailbox.trouble = DeliveryError("server_unreachable")
    waits = []
    for _ in range(100):
        if world.deliver.run_once("courier"):
            waits.append(world.seconds // HOUR)
        world.later(hours=1)
        if dead(world):
            break
    gaps = [later - earlier for earlier, later in itertools.pairwise(waits)]
    assert gaps == [1, 2, 4, 8, 16]
    assert world.mailbox.tries == 6 * 3  # three quick tries each time
    (entry,) = dead(world)
    assert (entry.error, entry.attempts, entry.notice) == ("server_unreachable", 6, Notice.NEW_CASE)
    world.mailbox.trouble = None
    assert world.run_courier() == 0
    assert world.store.revive(entry.entry_id)
    assert world.run_courier() == 1
    assert len(world.mailbox.letters) == 1


def test_a_lasting_refusal_is_given_up_at_once(world: World) -> None:
    world.report()
    world.mailbox.trouble = DeliveryError("recipient_refused", lasting=True)
    world.run_courier()
    assert [entry.error for entry in dead(world)] == ["recipient_refused"]
    assert world.mailbox.tries == 1


def test_who_was_served_is_not_served_twice(world: World) -> None:
    sent = world.report()
    world.hand_over(sent["tracking_id"], "kutim-dpupr")
    world.mailbox.letters.clear()
    refused = [officer.email for officer in world.officers if officer.agency == "kutim-dpupr"][1]
    honest = world.mailbox.send

    def picky(letter: object) -> None:
        if letter.to == refused:  # type: ignore[attr-defined]
            raise DeliveryError("server_refused")
        honest(letter)  # type: ignore[arg-type]

    world.mailbox.send = picky  # type: ignore[method-assign]
    world.post("/api/thread/messages", {"receipt": sent["receipt"], "body": "Halo", "message_key": "k" * 16})
    world.run_courier()
    assert len(world.mailbox.letters) == 1
    world.mailbox.send = honest  # type: ignore[method-assign]
    world.later(hours=1)
    world.run_courier()
    assert sorted(mail.to for mail in world.mailbox.letters) == sorted(
        officer.email for officer in world.officers if officer.agency == "kutim-dpupr"
    )


def test_a_courier_killed_with_an_entry_in_hand_takes_it_up_again(world: World) -> None:
    world.report()
    assert len(world.store.claim("courier", world.seconds // HOUR)) == 1  # and dies here
    assert world.run_courier() == 0
    world.store.release("courier")
    assert world.run_courier() == 1
    assert len(world.mailbox.letters) == 1


def test_nobodys_mailbox_can_be_flooded_with_links(world: World) -> None:
    email = world.officer("kutim").email
    for _ in range(5):
        world.signin.ask_link(email.upper())
    world.run_courier()
    assert len(world.mailbox.letters) == 1
    world.later(hours=1)
    world.signin.ask_link(email)
    world.run_courier()
    assert len(world.mailbox.letters) == 2
    assert "Nomor laporan" not in world.mailbox.letters[0].text


@pytest.mark.parametrize("sealed", [b"", b"\x01" + bytes(2000)])
def test_an_address_that_does_not_open_is_dropped(world: World, sealed: bytes) -> None:
    world.store.enqueue(OutboxEntry("e" * 32, Notice.LINK_WANTED, "kutim", sealed=sealed))
    assert world.run_courier() == 1
    assert world.mailbox.letters == []
    assert dead(world) == []


@pytest.mark.parametrize("notice", [n for n in Notice if n is not Notice.LINK_WANTED])
def test_every_notice_has_its_letter(world: World, notice: Notice) -> None:
    world.store.enqueue(OutboxEntry("e" * 32, notice, "kutim", "kutim", "4F7K-2M9Q-XR3D"))
    world.run_courier()
    (letter,) = world.mailbox.letters
    assert "4F7K-2M9Q-XR3D" in letter.text
    assert letter.subject.startswith("[Lapor Anonim] ")
    assert not re.search(r"\{\{|\}\}|\{%", letter.text + letter.html)


def test_an_entry_that_cannot_be_handled_does_not_stop_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    poison, sound = world.report()["tracking_id"], world.report()["tracking_id"]
    honest = Deliver._send

    def send(self: Deliver, entry: OutboxEntry, officer: Officer) -> None:
        if entry.case_id == poison:
            raise RuntimeError("petugas@rahasia.example.id")
        honest(self, entry, officer)

    monkeypatch.setattr(Deliver, "_send", send)
    assert world.run_courier() == 2
    assert [sound in mail.subject for mail in world.mailbox.letters] == [True]
    assert "rahasia" not in caplog.text
    for _ in range(40):
        world.later(hours=1)
        world.run_courier()
    assert [entry.error for entry in dead(world)] == ["unexpected"]


def test_told_to_stop_it_finishes_what_is_in_hand_and_leaves_the_rest(world: World) -> None:
    for _ in range(3):
        world.report()
    asked = iter([False, True])
    assert world.deliver.run_once("courier", lambda: next(asked)) == 3
    assert len(world.mailbox.letters) == 1
    world.store.release("courier")
    assert world.run_courier() == 2
    assert len(world.mailbox.letters) == 3

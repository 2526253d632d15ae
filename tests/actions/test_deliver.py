"""The courier: who gets which letter, what is in it, and what happens when mail does not leave."""

import itertools
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from functions.actions.courier.notice_rules import NoticeProofs
from functions.actions.courier.officers_mail import TO_CUSTODIANS, OfficersMail
from functions.actions.courier.reporter_news import TO_REPORTERS
from functions.actions.reporter.identity import Trust
from functions.actions.reporter.seal_identity import contact_context, seal_contact
from functions.casework.channel import Channel, Contact
from functions.casework.directory.agencies import Officer, Role
from functions.casework.receipt import parse_receipt
from functions.casework.sealed_identity import StepKind, stepped
from functions.config import logs
from functions.crypto.padding import pad
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.sign.links import read_link
from functions.delivery.interface import DeliveryError, Letter
from functions.storage.interface import Notice, OutboxEntry, StoreUnavailableError
from tests.world import NUMBER, WORDS, World

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
    assert (link.agency, link.role, link.case_id) == ("kutim", Role.COORDINATOR, "")  # whose work is the inbox
    assert (link.expires + 8 * 3600) % 86400 == 86399  # the end of a day in WITA: a link does not tell its minute
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


def test_ops_hear_of_letters_that_wait_by_the_hour_and_never_of_a_first_try(world: World, capfd: Any) -> None:
    """The minute of a first try may be its reporter's; later tries are by the hour."""
    world.report()
    world.mailbox.trouble = DeliveryError("ses_not_verified", by_hand=True)
    logs.configure()
    world.deliver.run_once("courier")
    assert (capfd.readouterr().err, world.mailbox.tries) == ("", 1)  # nor is it tried again within seconds
    world.later(hours=1)
    world.deliver.run_once("courier")
    assert [json.loads(line) for line in capfd.readouterr().err.splitlines()] == [
        {"level": "WARNING", "logger": "lapor", "event": "letters_wait", "code": "ses_not_verified"}
    ]


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
        world.ask_link(email.upper())
    world.run_courier()
    assert len(world.mailbox.letters) == 1
    world.later(hours=1)
    world.ask_link(email)
    world.run_courier()
    assert len(world.mailbox.letters) == 2
    assert "Nomor laporan" not in world.mailbox.letters[0].text


def test_a_link_to_one_door_keeps_an_overseer_from_none_to_the_other(world: World) -> None:
    """Anybody may ask for them by an address that is no secret, on the hour, every hour."""
    email = next(officer.email for officer in world.officers if officer.role is Role.OVERSEER)
    for _ in range(3):
        world.ask_link(email, "custody")
        world.ask_link(email)
    world.run_courier()
    assert sorted("/masuk/kustodian/#" in letter.text for letter in world.mailbox.letters) == [False, True]
    world.ask_link(world.officer("kutim").email, "custody")
    world.ask_link(world.officer("kutim").email)  # who has one door alone gets one link
    world.run_courier()
    assert len(world.mailbox.letters) == 3


@pytest.mark.parametrize(("sealed", "why"), [(b"", []), (b"\x01" + bytes(2000), ["mandate_unsigned"])])
def test_an_address_that_does_not_open_gets_no_link(world: World, sealed: bytes, why: list[str]) -> None:
    world.store.enqueue(OutboxEntry("e" * 32, Notice.LINK_WANTED, "kutim", sealed=sealed))
    assert world.run_courier() == 1
    world.later(hours=1)  # its key may be one of a rotation that the courier has not seen
    world.run_courier()
    assert world.mailbox.letters == []
    assert [entry.error for entry in dead(world)] == why


NOT_BY_AGENCY = {Notice.LINK_WANTED, Notice.OFFICER_WISH, Notice.DIRECTORY_CHANGED, Notice.DIGEST}
NOT_BY_AGENCY |= {Notice.FACTOR_CHANGED}  # sealed to whose it is: test_factor_mail.py
NOT_BY_AGENCY |= {Notice.RELAYED}  # a report for a linked office: tests/doors/test_relay.py


@pytest.mark.parametrize(
    "notice",
    [n for n in Notice if n not in NOT_BY_AGENCY and n not in TO_CUSTODIANS | TO_REPORTERS],
)
def test_every_notice_has_its_letter(world: World, monkeypatch: pytest.MonkeyPatch, notice: Notice) -> None:
    """Its wording; with whom a case must lie is asked in ``test_false_mandates``."""
    monkeypatch.setattr(NoticeProofs, "holds", lambda proofs, entry: True)
    monkeypatch.setattr(OfficersMail, "_concerned", lambda mail, entry: (None, mail._recipients(entry)))
    world.store.enqueue(OutboxEntry("e" * 32, notice, "kutim", "kutim", "4F7K-2M9Q-XR3D"))
    world.run_courier()
    letters = world.mailbox.letters
    # To the coordinator, of an escalation to an overseer beside them; of a danger to every overseer.
    assert len(letters) == (2 if notice in (Notice.ESCALATED, Notice.IDENTITY_DANGER) else 1)
    for letter in letters:
        assert "4F7K-2M9Q-XR3D" in letter.text
        assert letter.subject.startswith("[Lapor Anonim] ")
        assert not re.search(r"\{\{|\}\}|\{%", letter.text + letter.html)


def test_an_entry_that_cannot_be_handled_does_not_stop_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    poison, sound = world.report()["tracking_id"], world.report()["tracking_id"]
    honest = OfficersMail._write

    def write(self: OfficersMail, entry: OutboxEntry, officer: Officer) -> Letter:
        if entry.case_id == poison:
            raise RuntimeError("petugas@rahasia.example.id")
        return honest(self, entry, officer)

    monkeypatch.setattr(OfficersMail, "_write", write)
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


CASE = "4F7K-2M9Q-XR3D"
CONTACT = "siti@surat.example.id"


def sealed_contact(world: World, contact: str, case_id: str = CASE) -> bytes:
    return seal_contact(world.keys.public(), "kutim", case_id, Contact.parse(contact)).envelope


def answered(world: World, contact: str = CONTACT, case_id: str = CASE, **changes: bytes) -> None:
    """Put a notice to a reporter into the outbox."""
    sealed = changes.get("sealed", sealed_contact(world, contact, case_id))
    world.store.enqueue(OutboxEntry("a" * 32, Notice.ANSWERED, "kutim", case_id=CASE, sealed=sealed))


def to_custodians(
    world: World,
    notice: Notice = Notice.IDENTITY_ASKED,
    accused: str = "",
    *served: str,
    left: StepKind = StepKind.ASKED,
) -> tuple[str, list[str]]:
    """Leave an identity in trust, let a step be taken, and put a notice to the custodians into the outbox. The case, and
    who got a letter."""
    case_id = world.report(identity_mode="rahasia", name="Siti", contact=CONTACT, about_agency=accused)["tracking_id"]
    world.run_courier()
    world.mailbox.letters.clear()
    identity = world.store.read_identity(case_id)
    assert identity
    if left is not StepKind.LEFT:
        world.store.write_identity(stepped(identity, left, world.today))
    world.store.enqueue(OutboxEntry("c" * 32, notice, "kutim", accused, case_id, delivered=served))
    assert world.run_courier() == 1
    return case_id, sorted(mail.to for mail in world.mailbox.letters)


def test_a_reporter_who_left_an_address_is_told_that_there_is_news_and_nothing_else(world: World) -> None:
    answered(world)
    assert world.run_courier() == 1
    (letter,) = world.mailbox.letters
    assert (letter.to, letter.subject) == (CONTACT, "Ada kabar")
    assert "http://127.0.0.1:8000/lacak/" in letter.text
    for text in (letter.text, letter.subject, re.sub(r"#[0-9a-f]{3,6}\b", "", letter.html)):
        for secret in (CASE, CASE[:4], "#", "kutim", "Inspektorat", "/masuk"):
            assert secret not in text
    assert world.run_courier() == 0


def test_a_reporters_address_is_in_no_store_and_no_log(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answered(world)
    world.mailbox.trouble = DeliveryError("server_unreachable")
    world.run_courier()
    (entry,) = world.store.claim("test", world.seconds // HOUR + 2)
    assert CONTACT not in repr(entry)
    world.store.release("test")
    world.mailbox.trouble = None

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(CONTACT)

    monkeypatch.setattr("functions.delivery.notify_mail.write_reporters_letter", broken)
    world.later(hours=2)
    world.run_courier()
    assert CONTACT not in caplog.text
    assert not [path for path in world.folder.rglob("*") if path.is_file() and CONTACT.encode() in path.read_bytes()]


def test_a_reporter_is_told_once_though_the_first_try_failed(world: World) -> None:
    answered(world)
    world.mailbox.trouble = DeliveryError("server_unreachable")
    world.run_courier()
    world.mailbox.trouble = None
    world.later(hours=1)
    assert world.run_courier() == 1
    assert len(world.mailbox.letters) == 1
    assert dead(world) == []


def test_what_is_no_address_for_letters_is_settled_without_a_word(world: World) -> None:
    number = world.keys.public().seal(Purpose.COURIER, "kutim", contact_context(CASE), pad(b"0812 0000 0000", 256))[1]
    for sealed in (number, b"", b"\x01" + bytes(2000), sealed_contact(world, CONTACT, "other")):
        answered(world, sealed=sealed)
        assert world.run_courier() == 1
        world.later(hours=1)  # as above
        world.run_courier()
        assert world.store.waiting() == ()
    assert world.mailbox.letters == []
    assert dead(world) == []


def test_a_number_that_a_browser_sealed_is_sent_nothing(world: World) -> None:
    """It may be anybody's: only who writes by SMS is reached there."""
    answered(world, Contact(Channel.SMS, NUMBER).encode())
    assert world.run_courier() == 1
    assert (world.phone.texts, world.mailbox.letters, dead(world)) == ([], [], [])


def test_a_channel_that_is_switched_off_leaves_a_dead_letter_that_says_so(world: World) -> None:
    world.said(f"LAPOR {WORDS}")
    world.deliver = replace(world.deliver, notifiers={})
    world.sms("cek")
    for _ in range(40):
        world.run_courier()
        world.later(hours=1)
    assert [entry.error for entry in dead(world)] == ["no_sms"]


def test_who_leaves_an_address_after_an_sms_is_told_there_and_without_words(world: World) -> None:
    found = re.search(r"\w{5}(-\w{5}){4}", world.said(f"LAPOR {WORDS}"))
    assert found
    receipt = parse_receipt(found[0])
    Trust(world.store, world.keys.public, lambda: world.today, world.directory).leave(receipt, "Siti", CONTACT)
    case_id = world.read(found[0])["tracking_id"]
    head = world.store.read_head(case_id)
    assert not head.reporter.texted
    desk = world.hand_over(case_id)
    world.run_courier()
    world.mailbox.letters.clear()
    world.phone.texts.clear()
    desk.post(f"/desk/cases/{case_id}/messages", {"body": "Sudah kami catat.", "message_key": "m" * 16})
    (entry,) = (entry for entry in world.store.waiting() if entry.notice is Notice.ANSWERED)
    assert entry.words == b""
    world.run_courier()
    assert ([mail.to for mail in world.mailbox.letters], world.phone.texts) == ([CONTACT], [])


def test_what_custodians_are_told_goes_to_them_alone_by_their_own_door(world: World) -> None:
    case_id, told = to_custodians(world)
    assert told == ["kustodian1@inspektorat.example.id", "kustodian2@bkpsdm.example.id"]
    keys = world.keys.public()
    for letter in world.mailbox.letters:
        token = letter.text.partition("http://127.0.0.1:8000/masuk/kustodian/#")[2].split()[0]
        link = read_link(token, [keys.keys[keys.current_id(Purpose.LINKS, "kutim")]], world.seconds)
        assert (link.role, link.case_id) == (Role.CUSTODIAN, case_id)
        assert case_id in letter.subject
        assert "Tugas kita menjawab" not in letter.text


def test_who_asked_is_not_told_of_his_own_request(world: World) -> None:
    assert to_custodians(world, Notice.IDENTITY_ASKED, "", "kustodian-1")[1] == ["kustodian2@bkpsdm.example.id"]


@pytest.mark.parametrize("left", [StepKind.LEFT, StepKind.OBJECTED])
def test_a_request_that_does_not_wait_is_announced_to_nobody(world: World, left: StepKind) -> None:
    assert to_custodians(world, left=left)[1] == []


def test_an_objection_where_no_identity_is_reaches_nobody(world: World) -> None:
    case_id = world.report()["tracking_id"]
    world.run_courier()
    world.mailbox.letters.clear()
    world.store.enqueue(OutboxEntry("c" * 32, Notice.IDENTITY_OBJECTED, "kutim", "", case_id))
    assert world.run_courier() == 1
    assert world.mailbox.letters == []


@pytest.mark.parametrize("notice", sorted(TO_CUSTODIANS))
def test_the_accused_agencys_custodian_is_told_nothing(world: World, notice: Notice) -> None:
    """Whoever is named in the entry: the store says who is accused."""
    case_id, told = to_custodians(world, notice, "kutim-inspektorat")
    assert told == ["kustodian2@bkpsdm.example.id"]
    world.mailbox.letters.clear()
    world.store.enqueue(OutboxEntry("d" * 32, notice, "kutim", "", case_id))
    world.run_courier()
    assert [mail.to for mail in world.mailbox.letters] == told


def test_custodians_of_another_instance_are_told_nothing(world: World) -> None:
    world.store.enqueue(OutboxEntry("c" * 32, Notice.IDENTITY_ASKED, "bontang", "", CASE))
    assert world.run_courier() == 1
    assert world.mailbox.letters == []


@pytest.mark.parametrize("notice", [Notice.NEW_CASE, Notice.HANDED_OVER, Notice.APPEALED])
def test_an_agencys_custodian_gets_none_of_its_cases(world: World, notice: Notice) -> None:
    case_id = world.report(about_agency="kutim")["tracking_id"]
    world.run_courier()
    world.mailbox.letters.clear()
    world.store.enqueue(OutboxEntry("e" * 32, notice, "kutim", "kutim-inspektorat", case_id))
    world.run_courier()
    assert [mail.to for mail in world.mailbox.letters] == ["pemeriksa1@inspektorat.example.id"]


def test_a_custodian_who_lost_his_link_gets_one_to_his_own_door(world: World) -> None:
    world.ask_link("kustodian1@inspektorat.example.id")
    world.run_courier()
    (letter,) = world.mailbox.letters
    assert "/masuk/kustodian/#" in letter.text


def test_a_digest_of_a_flood_says_how_many_and_names_none(world: World) -> None:
    for _ in range(3):
        world.store.tally(OutboxEntry("karantina", Notice.QUARANTINED, "kutim", "kutim", count=1))
    world.run_courier()
    (letter,) = world.mailbox.letters
    assert letter.to == world.officer("kutim").email
    assert "3 laporan datang beramai-ramai" in letter.text
    assert "Nomor laporan" not in letter.text
    keys = world.keys.public()
    link = read_link(world.mailbox.tokens()[0], [keys.keys[keys.current_id(Purpose.LINKS, "kutim")]], world.seconds)
    assert link.case_id == ""


def test_an_answer_reaches_the_reporter_who_left_an_address_when_he_reported(world: World) -> None:
    sent = world.report(identity_mode="rahasia", name="Siti Khayalan", contact=CONTACT)
    desk = world.hand_over(sent["tracking_id"])
    world.mailbox.letters.clear()
    desk.post(f"/desk/cases/{sent['tracking_id']}/messages", {"body": "Sudah kami catat.", "message_key": "m" * 16})
    world.run_courier()
    assert [mail.to for mail in world.mailbox.letters] == [CONTACT]
    (letter,) = world.mailbox.letters
    for secret in (sent["tracking_id"], sent["receipt"], "Sudah kami catat", "Siti"):
        assert secret not in letter.text + letter.html


def test_a_link_that_was_asked_for_leaves_though_the_store_was_away_for_a_moment(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That it was asked for is noted in memory, so that nobody's mailbox is flooded: not before its letter is written."""
    email = world.officer("kutim").email
    world.ask_link(email)
    revoked, asked = world.store.revoked, []

    def away_once(subjects: Sequence[str]) -> dict[str, int]:
        asked.append(subjects)
        if len(asked) == 1:
            raise StoreUnavailableError("SQLite: database is locked")
        return revoked(subjects)

    monkeypatch.setattr(world.store, "revoked", away_once)
    with pytest.raises(StoreUnavailableError):
        world.deliver.run_once("courier")
    world.store.release("courier")
    world.run_courier()
    assert [letter.to for letter in world.mailbox.letters] == [email]


def test_what_one_courier_kept_in_hand_too_long_another_sends_and_it_does_not(world: World) -> None:
    world.said(f"LAPOR {WORDS}")
    world.phone.texts.clear()
    world.sms("cek")
    in_hand = world.deliver.claim("courier")
    world.later(hours=3)
    world.deliver.run_once("another")
    assert len(world.phone.texts) == 1
    other = replace(world.deliver, sent={})
    other.deliver(in_hand, "courier", lambda: False)
    assert len(world.phone.texts) == 1

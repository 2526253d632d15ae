"""Rotation of the courier's key: what waits to leave, and contacts of open cases, are sealed anew. Nobody goes without
their answer, and the old key opens nothing that is stored."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from functions.actions.clock.audit import Audit
from functions.actions.courier.open311_exchange import key_context
from functions.actions.courier.reporter_news import TO_REPORTERS
from functions.actions.courier.seal_anew import Envelopes, decode, encode, seal_anew
from functions.actions.ops.reseal import ResealForCourier
from functions.actions.ops.rotate import Rotate, rewrap_here
from functions.aws_lambda.orders import Order
from functions.casework.apps import App
from functions.config.settings import load_settings
from functions.courier import orders as courier
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose, hint_of
from functions.delivery.interface import DeliveryError
from functions.storage.interface import Notice, Scope, StoreUnavailableError
from functions.storage.registers.apps import write_apps
from functions.storage.registers.linked_systems import Peer, app_peer, drop_peer, read_peer, write_peer
from tests.world import WORDS, World

ADDRESS = "warga@contoh.example"
ANSWER = "Lampu diganti hari Rabu."


def rotate(world: World) -> str:
    """Rotate; the courier reads its keys again, as it does before each claim."""
    rewrap = rewrap_here(world.store, world.keys, lambda: world.today, lambda _: None)
    new = Rotate(world.keys, rewrap, lambda: None)(Purpose.COURIER, "kutim")
    reload(world)
    return new


def reload(world: World) -> None:
    keys = world.keys.private(Purpose.COURIER)
    exchange = replace(world.deliver.exchange, courier_keys=keys) if world.deliver.exchange else None
    officers = replace(world.deliver.officers, courier_keys=keys)
    world.deliver = replace(world.deliver, courier_keys=keys, officers=officers, exchange=exchange)


def number_of(world: World) -> str:
    """Report by SMS; returns the case's number."""
    world.said(f"LAPOR {WORDS}")
    (head,) = world.store.page(Scope.INSTANCE, "kutim").heads
    return head.case_id


def answer(world: World, case_id: str) -> None:
    desk = world.hand_over(case_id)
    assert desk.post(f"/desk/cases/{case_id}/messages", {"body": ANSWER, "message_key": "0" * 32}).status_code == 201


def test_who_reported_by_sms_before_a_rotation_gets_the_answer(world: World) -> None:
    case_id = number_of(world)
    rotate(world)
    world.phone.texts.clear()
    answer(world, case_id)
    world.run_courier()
    assert any(ANSWER in text.text for text in world.phone.texts)


def test_who_left_an_address_before_a_rotation_is_told_of_the_answer(world: World) -> None:
    case_id = world.report(contact=ADDRESS)["tracking_id"]
    rotate(world)
    answer(world, case_id)
    world.run_courier()
    assert ADDRESS in [letter.to for letter in world.mailbox.letters]


def by_hand(world: World, contact: bytes) -> bytes:
    """Put another contact into the only case; returns the one before."""
    with closing(sqlite3.connect(world.folder / "lapor.sqlite")) as db, db:
        before: bytes = db.execute("SELECT contact FROM cases").fetchone()[0]
        db.execute("UPDATE cases SET contact = ?", (contact,))
    return before


def test_the_trail_tells_a_rotation_from_a_change_by_hand(world: World) -> None:
    """Contacts are sealed anew without an event, twice before the next anchor and again after it."""
    audit = Audit(world.store, world.directory)
    case_id = world.report(contact=ADDRESS)["tracking_id"]
    for turns in (2, 1):
        audit.anchor("kutim", world.today)
        for _ in range(turns):
            rotate(world)
            assert audit.verify("kutim").faults == ()
        before = by_hand(world, b"another's")
        assert [case_id in fault for fault in audit.verify("kutim").faults] == [True]
        by_hand(world, before)
        world.later(days=1)


def test_an_sms_that_waits_during_a_rotation_leaves(world: World) -> None:
    case_id = number_of(world)
    world.phone.texts.clear()
    world.phone.trouble = DeliveryError("sms_unreachable")
    answer(world, case_id)
    world.sms("CEK")
    world.run_courier()
    waits = [entry for entry in world.store.waiting() if entry.notice in TO_REPORTERS]
    rotate(world)
    world.phone.trouble = None
    world.later(hours=2)
    world.run_courier()
    assert any(ANSWER in text.text for text in world.phone.texts)
    assert len(world.phone.texts) == len(waits) > 1


def test_an_sms_that_a_courier_has_in_hand_during_a_rotation_leaves(world: World) -> None:
    number_of(world)
    world.phone.texts.clear()
    world.sms("CEK")
    in_hand = world.deliver.claim("courier")
    assert [entry.notice for entry in in_hand if entry.notice is Notice.TEXTED]
    rotate(world)
    world.deliver.deliver(in_hand, "courier", lambda: False)
    world.later(hours=1)
    world.run_courier()
    assert len(world.phone.texts) == 1
    assert world.store.waiting() == ()


def test_a_given_up_sms_leaves_when_it_is_revived_after_a_rotation(world: World) -> None:
    number_of(world)
    world.phone.texts.clear()
    world.phone.trouble = DeliveryError("sms_refused", lasting=True)
    world.sms("CEK")
    world.run_courier()
    (dead,), _ = world.store.dead_letters()
    rotate(world)
    world.phone.trouble = None
    world.store.revive(dead.entry_id)
    world.run_courier()
    assert len(world.phone.texts) == 1


def test_after_a_rotation_nothing_that_is_stored_is_under_the_old_key(world: World) -> None:
    old = hint_of(world.keys.public().current_id(Purpose.COURIER, "kutim"))
    case_id = number_of(world)
    world.report(contact=ADDRESS)
    world.phone.trouble = world.mailbox.trouble = DeliveryError("server_unreachable")
    world.sms("CEK")
    world.ask_link(world.officer("kutim").email)
    world.run_courier()
    new = rotate(world)
    assert world.keys.private_ids(Purpose.COURIER, "kutim") == [new]
    kept = [part for entry in world.store.waiting() for part in (entry.sealed, entry.words) if part]
    kept += [head.reporter.contact for head in world.store.page(Scope.INSTANCE, "kutim").heads]
    assert len(kept) >= 4
    assert not [part for part in kept if part[1:9] == old]
    assert world.store.read_head(case_id).reporter.texted


def test_a_link_that_was_asked_for_leaves_after_a_rotation(world: World) -> None:
    address = world.officer("kutim").email
    world.mailbox.trouble = DeliveryError("server_unreachable")
    world.ask_link(address)
    world.run_courier()
    rotate(world)
    world.mailbox.trouble = None
    world.later(hours=2)
    world.run_courier()
    assert len(world.mailbox.tokens(address)) == 1


def test_secrets_of_systems_and_apps_are_sealed_anew(world: World) -> None:
    system, app = "kutim-dpupr", app_peer("warga", "kutim")
    channel = replace(world.directory.agencies[system], channel="open311:https://sistem.example")
    directory = replace(world.directory, agencies=MappingProxyType({**world.directory.agencies, system: channel}))
    write_apps(world.store, 0, [App("warga", "Warga", "0" * 64)])
    for name in (system, app):
        sealed = world.keys.public().seal(Purpose.COURIER, "kutim", key_context(name), b"kunci")[1]
        write_peer(world.store, name, Peer(sealed, service="jalan"))
    rewrap = rewrap_here(world.store, world.keys, lambda: world.today, lambda _: None, (), directory)
    Rotate(world.keys, rewrap, lambda: None)(Purpose.COURIER, "kutim")
    keys = world.keys.private(Purpose.COURIER)
    for name in (system, app):
        peer = read_peer(world.store, name)
        assert peer
        assert (keys.open("kutim", key_context(name), peer.sealed_key), peer.service) == (b"kunci", "jalan")


def test_an_app_that_is_revoked_during_a_rotation_stays_so(world: World) -> None:
    app = app_peer("warga", "kutim")
    write_apps(world.store, 0, [App("warga", "Warga", "0" * 64)])
    sealed = world.keys.public().seal(Purpose.COURIER, "kutim", key_context(app), b"kunci")[1]
    write_peer(world.store, app, Peer(sealed))

    def meanwhile(instance: str, envelopes: Envelopes) -> list[bytes]:
        drop_peer(world.store, app)
        return seal_anew(instance, envelopes, world.keys.private(Purpose.COURIER), world.keys.public())

    world.keys.generate(Purpose.COURIER, "kutim")
    assert ResealForCourier(world.store, world.keys.public, meanwhile, world.directory)("kutim") == 0
    assert read_peer(world.store, app) is None


def test_what_ops_bring_the_courier_in_the_cloud_comes_back_under_the_new_key(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through its order, whose answer is nothing that ops could read."""
    case_id = number_of(world)
    junk = world.report(contact=ADDRESS)["tracking_id"]
    world.store.reseal_contact(junk, world.store.read_head(junk).reporter.contact, b"\x01" + bytes(1400))
    monkeypatch.setattr("functions.courier.orders.open_keys", lambda _: world.keys)

    def by_order(instance: str, envelopes: Envelopes) -> list[bytes]:
        order = Order("seal_anew", lambda: 900.0, instance, envelopes=encode(envelopes))
        return [each for _, each in decode(str(courier.obey(order, load_settings({}))["envelopes"]))]

    world.keys.generate(Purpose.COURIER, "kutim")
    reseal = ResealForCourier(world.store, world.keys.public, by_order)
    assert reseal("kutim") == 1
    assert reseal("kutim") == 0
    reload(world)
    world.phone.texts.clear()
    answer(world, case_id)
    world.run_courier()
    assert any(ANSWER in text.text for text in world.phone.texts)


def test_what_was_erased_or_left_anew_meanwhile_stays_so(world: World) -> None:
    case_id, receipt = (sent := world.report(contact=ADDRESS))["tracking_id"], sent["receipt"]

    def meanwhile(instance: str, envelopes: Envelopes) -> list[bytes]:
        assert world.post("/api/thread/withdraw", {"receipt": receipt, "reason": "Sudah beres."}).status_code == 200
        public = world.keys.public()
        return seal_anew(instance, envelopes, world.keys.private(Purpose.COURIER), public)

    world.keys.generate(Purpose.COURIER, "kutim")
    assert ResealForCourier(world.store, world.keys.public, meanwhile)("kutim") == 0
    assert world.store.read_head(case_id).reporter.contact == b""


def test_no_key_of_the_courier_goes_while_one_instance_fails(tmp_path: Path) -> None:
    """Among its cases some may have come from another."""
    keys = KeyDirectory(tmp_path)
    old = [keys.generate(Purpose.COURIER, code) for code in ("kutim", "bontang")]

    def failing(instance: str) -> int:
        if instance == "bontang":
            raise StoreUnavailableError("invented")
        return 0

    turn = Rotate(keys, {Purpose.COURIER: failing}, lambda: None)
    with pytest.raises(StoreUnavailableError):
        turn.all(Purpose.COURIER, ["kutim", "bontang"])
    assert {*old} <= {*keys.private_ids(Purpose.COURIER, "kutim"), *keys.private_ids(Purpose.COURIER, "bontang")}

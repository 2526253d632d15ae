"""The thread without the receipt: sealed bytes for who presents the look-up value, and acts that the reporter signed."""

import json
from base64 import b64encode
from dataclasses import replace
from secrets import token_hex
from typing import Any

import pytest

from functions.actions.clock.audit import Audit
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.officer.unread_words import WHY, unread_accuse
from functions.casework.audit import chained
from functions.casework.case import BY_APP, UNREAD, CaseHead, Event, EventKind
from functions.casework.case_fields import AccessFacts
from functions.casework.receipt import parse_receipt
from functions.casework.stages import Actor
from functions.casework.understanding.words import Words
from functions.crypto.key_pairs import public_of
from functions.crypto.open import opening
from functions.crypto.seal import sealing
from functions.crypto.seal.bound_facts import wrapped_again
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.sign import reporter_acts
from functions.storage.interface import Append
from tests.doors.test_thread import closed, photo, upload, write
from tests.phone import Phone, phone_of
from tests.world import JSON, WORDS, World

HTML = {"Accept": "text/html"}
FOUND, MADE = 200, 201


def looked(world: World, receipt: str) -> Phone:
    phone = phone_of(world, receipt)
    assert phone.look() == FOUND
    return phone


def faults(world: World) -> tuple[str, ...]:
    return Audit(world.store, world.directory, acts_fault=reporter_acts.forged).verify("kutim").faults


def test_who_presents_the_look_up_value_gets_the_sealed_case(world: World) -> None:
    sent = world.report()
    desk = world.hand_over(sent["tracking_id"])
    path = f"/desk/cases/{sent['tracking_id']}"
    assert desk.post(f"{path}/messages", {"body": "Besok diperbaiki.", "message_key": token_hex(8)}).status_code == MADE
    assert desk.post(f"{path}/notes", {"body": "Di antara kita.", "message_key": token_hex(8)}).status_code in (
        FOUND,
        MADE,
    )
    phone = looked(world, sent["receipt"])
    kinds = [kind for _, kind, *_ in phone.head["events"]]
    assert (kinds[0], kinds[-1], "note" in kinds) == ("report", "message", False)
    said = phone.words()
    assert (said[0]["body"], said[-1]["body"]) == (WORDS, "Besok diperbaiki.")
    subject = opening.open_item(phone.key, phone.keys.case_id, 0, "subject", phone.items[0])
    assert subject.decode() == "Lampu jalan mati"
    plain = json.dumps(phone.head)
    assert not any(text in plain for text in (WORDS, "Lampu jalan", "Besok", "Dinas", sent["receipt"]))
    assert phone.look(since=2) == FOUND
    assert [n for n, *_ in phone.head["events"]] == list(range(3, 4))


def test_what_rests_in_the_store_presents_nothing(world: World) -> None:
    sent = world.report()
    head = world.store.read_head(sent["tracking_id"])
    phone = phone_of(world, sent["receipt"])
    unknown = phone.call("/api/thread/sealed", {"case_id": "0000-0000-0001", "look": "0" * 64})
    for value in (head.wraps.lookup, head.wraps.act, head.wraps.fingerprint):
        assert phone.call("/api/thread/sealed", {"case_id": head.case_id, "look": value.hex()}) == unknown
    assert unknown[0] == 404
    assert phone.look() == FOUND


def test_a_case_of_before_is_unknown_until_its_reporter_acts(world: World) -> None:
    sent = world.report()
    case = world.store.read_case(sent["tracking_id"])
    keys = sealing.receipt_keys(parse_receipt(sent["receipt"]))
    old = replace(case.head, wraps=replace(case.head.wraps, act=b"", lookup=keys.lookup))
    rows = (old.wraps.act, old.wraps.lookup, old.case_id)
    with world.store.engine.write() as db:
        db.execute("UPDATE cases SET act = ?, lookup = ? WHERE case_id = ?", rows)
        db.execute("UPDATE events SET sig = x'' WHERE case_id = ?", (old.case_id,))
    phone = phone_of(world, sent["receipt"])
    assert phone.look() == 404
    assert world.read(sent["receipt"])["messages"][0]["body"] == WORDS
    assert write(world, sent["receipt"]).status_code == MADE
    assert phone.look() == FOUND
    assert len(world.store.read_case(old.case_id).events[1].sig) == 96
    assert phone.act("message", {"body": "Lagi."})[0] == MADE
    assert reporter_acts.forged(world.store.read_case(old.case_id)) == ""


def test_an_answer_is_signed_counted_and_read_by_the_desk(world: World) -> None:
    sent = world.report()
    desk = world.hand_over(sent["tracking_id"])
    phone = looked(world, sent["receipt"])
    made = phone.made("message", {"body": "Masih gelap."})
    status, raw = phone.call("/api/thread/acts", made)
    assert (status, json.loads(raw)["n"]) == (MADE, phone.head["version"] + 1)
    assert desk.get(f"/desk/cases/{sent['tracking_id']}").get_json()["messages"][-1]["body"] == "Masih gelap."
    assert phone.call("/api/thread/acts", made)[0] == MADE  # the answer was lost: the same once, one event
    assert world.store.read_head(sent["tracking_id"]).version == phone.head["version"] + 1
    stale = phone.act("message", {"body": "Lain."})
    assert (stale[0], stale[1]["code"]) == (409, "meanwhile")
    assert world.read(sent["receipt"])["messages"][-1]["body"] == "Masih gelap."
    assert faults(world) == ()


@pytest.mark.parametrize("field", ["n", "act", "clear", "once", "sig", "item", "case_id"])
def test_what_was_altered_on_the_way_is_unknown(world: World, field: str) -> None:
    """Replayed at the next number, under another name or with another item: the signature covers each of them."""
    sent, other = world.report(), world.report()
    phone = looked(world, sent["receipt"])
    item = b64encode(b"\x02" + bytes(sealing.SIGNED_FLOOR + 28)).decode()
    changed: dict[str, Any] = {"n": 3, "act": "reopen", "clear": "- kutim-dpupr", "once": "0" * 32, "sig": "0" * 128}
    changed |= {"item": item, "case_id": other["tracking_id"]}
    made = phone.made("message", {"body": "x"}) | {field: changed[field]}
    assert phone.call("/api/thread/acts", made)[0] == 404
    assert world.store.read_head(sent["tracking_id"]).version == 1


def test_a_holder_of_the_dump_and_the_case_key_cannot_act(world: World) -> None:
    sent = world.report()
    phone = looked(world, sent["receipt"])
    head = world.store.read_head(sent["tracking_id"])
    for seed in (head.wraps.lookup, phone.key, phone.keys.look, head.wraps.fingerprint):
        phone.keys = replace(phone.keys, act_seed=seed)
        assert phone.act("message", {"body": "Bukan saya."})[0] == 404
        assert phone.act("withdraw")[0] == 404
    assert not world.store.read_head(sent["tracking_id"]).shredded


def test_a_verdict_and_nothing_of_it_can_be_invented(world: World) -> None:
    receipt, case_id, _ = closed(world)
    phone = looked(world, receipt)
    assert phone.act("confirm", {"reason": "Terima kasih."}, "6")[0] == 422
    status, told = phone.act("confirm", {"reason": "Terima kasih."}, "4")
    assert (status, told["stage"]) == (MADE, "selesai")
    case = world.store.read_case(case_id)
    assert (case.head.closing.confirmed, case.head.closing.rating) == (True, 4)
    assert faults(world) == ()
    better = replace(case.head, closing=replace(case.head.closing, rating=5))
    assert "verdict" in reporter_acts.forged(case._replace(head=better))


@pytest.mark.parametrize("kind", [EventKind.CONFIRM, EventKind.MESSAGE, EventKind.REOPEN])
def test_a_desk_that_writes_in_its_reporters_name_is_found(world: World, kind: EventKind) -> None:
    _, case_id, _ = closed(world)
    case = world.store.read_case(case_id)
    key = world.keys.private(Purpose.DESK).open_case(case.head)
    sealed = sealing.seal_item(key, case_id, case.head.version + 1, kind, Words({"body": "Puas sekali."}))
    event = Event(case.head.version + 1, kind, Actor.REPORTER, world.today, case.head.stage, sealed)
    wraps = case.head.wraps
    for sig, act in ((b"", wraps.act), (bytes(64), wraps.act), (key * 2, wraps.act)):
        head = replace(case.head, version=event.n, wraps=replace(wraps, act=act))
        head, signed = chained(head, replace(event, sig=sig))
        assert reporter_acts.forged(case._replace(head=head, events=(*case.events, signed))) != ""
    own = sealing.receipt_keys(parse_receipt(world.report()["receipt"]))
    for brought in (b"", public_of(own.act_seed)):
        signed = replace(event, sig=brought + reporter_acts.signed(own.act_seed, case_id, event))
        swapped = replace(case.head, version=event.n, wraps=replace(wraps, act=public_of(own.act_seed)))
        head, signed = chained(swapped, signed)
        assert reporter_acts.forged(case._replace(head=head, events=(*case.events, signed))) != ""
    head, signed = chained(replace(case.head, version=event.n), event)
    world.store.append(Append(head, (signed,)), case.head.version)
    assert any("not signed" in fault for fault in faults(world))


@pytest.mark.parametrize(("first", "passes"), [("", False), (BY_APP, True)])
def test_only_in_a_report_of_an_app_is_an_addition_not_signed(world: World, first: str, passes: bool) -> None:
    case = world.store.read_case(world.report()["tracking_id"])
    head, report = chained(replace(case.head, chain=b""), replace(case.events[0], clear=first))
    event = Event(2, EventKind.MESSAGE, Actor.REPORTER, world.today, head.stage, b"\x41" + bytes(1200))
    head, added = chained(replace(head, version=2), event)
    said = reporter_acts.forged(case._replace(head=head, events=(report, added)))
    assert (said == "") is passes


def rewrapped(phone: Phone, world: World, case_key: bytes = b"") -> tuple[str, bytes]:
    """A wrap as a browser makes it, by what the door says of the case."""
    facts = AccessFacts(*phone.head["bound"][:4], *(flag == "1" for flag in phone.head["bound"][4:6]))
    facts = facts._replace(kept_from=tuple(phone.head["bound"][6:]))
    return world.keys.public().wrap_case_key(phone.keys.case_id, facts, case_key or phone.key)


def brought(phone: Phone, kind: str, key_id: str, wrap: bytes, clear: str | None = None) -> Any:
    """An act that brings a wrap, signed unless ``clear`` says something else."""
    said = f"{UNREAD} {reporter_acts.wrap_said(key_id, wrap)}" if clear is None else clear
    return phone.act(kind, {"reason": "Masih gelap."}, said, key_id=key_id, wrap=b64encode(wrap).decode())


def taken_up(phone: Phone, world: World, kind: str) -> Any:
    return brought(phone, kind, *rewrapped(phone, world))


def test_a_closed_case_is_taken_up_again_under_the_key_of_today(world: World) -> None:
    receipt, case_id, desk = closed(world)
    phone = looked(world, receipt)
    assert taken_up(phone, world, "reopen")[1]["stage"] == "diproses"
    assert desk.get(f"/desk/cases/{case_id}").get_json()["stage"] == "diproses"
    again = {"outcome": "dijelaskan", "reason": "Sudah."}
    assert desk.post(f"/desk/cases/{case_id}/close", again).status_code == FOUND
    phone.look()
    assert taken_up(phone, world, "appeal")[1]["stage"] == "banding"
    holder = world.store.read_head(case_id).holder
    assert holder == "kutim-inspektorat"
    seen = world.desk_of(holder).get(f"/desk/cases/{case_id}").get_json()["messages"]
    assert "Masih gelap." in seen[-1]["body"]
    assert faults(world) == ()


def test_a_wrap_to_another_key_or_for_other_facts_is_refused(world: World) -> None:
    receipt, case_id, _ = closed(world)
    phone = looked(world, receipt)
    world.keys.generate(Purpose.DESK, "kutim")
    phone.head["bound"][3] = "kutim-dishub"
    assert taken_up(phone, world, "reopen")[1]["code"] == "keys_changed"
    phone.look()
    old = world.store.read_head(case_id)
    status, told = brought(phone, "reopen", old.wraps.key_id, old.wraps.desk)
    assert (status, told["code"]) == (409, "keys_changed")
    assert taken_up(phone, world, "reopen")[0] == MADE


def test_what_a_foreign_browser_wraps_makes_no_case_unreadable(world: World) -> None:
    """While the key of today has it already: nobody can tell here what is in a wrap."""
    receipt, case_id, desk = closed(world)
    phone, before = looked(world, receipt), world.store.read_head(case_id).wraps
    assert brought(phone, "reopen", "x", bytes(90_000))[0] == MADE
    assert world.store.read_head(case_id).wraps == before
    assert desk.get(f"/desk/cases/{case_id}").status_code == FOUND


@pytest.mark.parametrize("kept", [(), ("kutim-dishub",)])
def test_a_wrap_of_another_form_than_ours_is_refused(world: World, kept: tuple[str, ...]) -> None:
    """None of 90,000 bytes, none that counts others, none that was not signed, and not none at all."""
    receipt, case_id, desk = closed(world)
    case = world.store.read_case(case_id)
    key = world.keys.private(Purpose.DESK).open_case(case.head)
    head = replace(case.head, desk_work=replace(case.head.desk_work, kept_from=kept))
    head = replace(head, wraps=replace(head.wraps, desk=wrapped_again(head, key, world.keys.public())[1]))
    words = Words({"body": "Dijawab."})
    sealed = sealing.seal_item(key, case_id, head.version + 1, EventKind.NOTE, words)
    event = Event(head.version + 1, EventKind.NOTE, Actor.OFFICER, world.today, head.stage, sealed)
    world.store.append(Append(*_linked(head, event)), head.version)
    phone = looked(world, receipt)
    world.keys.generate(Purpose.DESK, "kutim")
    key_id, wrap = rewrapped(phone, world)
    assert wrap[:1] == (b"\x03" if kept else b"\x02")
    other = replace(head, desk_work=replace(head.desk_work, kept_from=()))
    unkept = world.keys.public().wrap_case_key(case_id, AccessFacts.of(other), phone.key)[1]
    whole = unkept[:1] + wrap[1:5] + unkept[5:] if kept else b"\x03" + wrap[1:9] + b"\x01" + wrap[9:]
    wrong = [wrap + bytes(90_000), wrap[:-1], whole, b"\x01" + wrap[1:], b""]
    for each in wrong:
        assert brought(phone, "reopen", key_id, each)[1]["code"] == "keys_changed"
    for clear in (UNREAD, f"{UNREAD} {reporter_acts.wrap_said(key_id, wrap[:-1])}"):
        assert brought(phone, "reopen", key_id, wrap, clear)[1]["code"] == "keys_changed"
    assert world.store.read_head(case_id).version == head.version + 1
    assert brought(phone, "reopen", key_id, wrap)[0] == MADE
    assert desk.get(f"/desk/cases/{case_id}").status_code == FOUND
    assert faults(world) == ()


def _linked(head: CaseHead, event: Event) -> tuple[CaseHead, tuple[Event, ...]]:
    head, event = chained(replace(head, version=event.n), event)
    return head, (event,)


@pytest.mark.parametrize("kind", ["reopen", "appeal"])
def test_a_case_that_its_reporter_locked_away_can_be_deleted_by_who_holds_it(world: World, kind: str) -> None:
    """Nothing opens it, and the signature says who brought that wrap. What somebody changed in the store stays: its
    facts may be put right."""
    receipt, case_id, desk = closed(world)
    phone = looked(world, receipt)
    if kind == "appeal":
        assert taken_up(phone, world, "reopen")[0] == MADE
        close = {"outcome": "dijelaskan", "reason": "Sudah."}
        assert desk.post(f"/desk/cases/{case_id}/close", close).status_code == FOUND
        phone.look()
    world.keys.generate(Purpose.DESK, "kutim")
    key_id, wrap = rewrapped(phone, world)
    assert brought(phone, kind, key_id, wrap[:-1] + bytes([wrap[-1] ^ 1]))[0] == MADE
    case, path = world.store.read_case(case_id), f"/desk/cases/{case_id}"
    desk = world.desk_of(case.head.holder)
    assert desk.get("/desk/").status_code == FOUND
    seen = desk.get(path)
    assert (seen.status_code, seen.get_json()["actions"]) == (FOUND, ["discard"])
    assert "disegel dengan cara yang keliru" in desk.client.get(path, headers=HTML).text
    assert desk.post(f"{path}/close", {"outcome": "dijelaskan", "reason": "x"}).status_code in (403, 409)
    forged = replace(case.head, about_agency="kutim-dishub")
    mark = sealing.facts_hash(case_id, AccessFacts.of(forged).text())
    forged = replace(forged, wraps=replace(forged.wraps, desk=wrap[:1] + mark + forged.wraps.desk[5:]))
    assert not reporter_acts.brought_wrap(case._replace(head=forged))
    assert desk.post(f"{path}/discard", {}).status_code == FOUND
    head = world.store.read_head(case_id)
    assert (head.shredded, head.withdrawn) == (True, False)
    assert faults(world) == ()


def test_a_case_that_its_reporter_wrapped_another_key_for_can_be_closed(world: World) -> None:
    """It opens to a key that opens none of its words: all of them read as broken."""
    receipt, case_id, desk = closed(world)
    phone = looked(world, receipt)
    world.keys.generate(Purpose.DESK, "kutim")
    assert brought(phone, "reopen", *rewrapped(phone, world, bytes(32)))[0] == MADE
    for how in (JSON, HTML):
        assert desk.client.get(f"/desk/cases/{case_id}", headers=how).status_code == FOUND
    close = {"outcome": "dijelaskan", "reason": "Tidak terbaca."}
    assert desk.post(f"/desk/cases/{case_id}/close", close).status_code == FOUND


def test_one_key_for_two_kinds_of_acts_is_refused(world: World) -> None:
    receipt, _, _ = closed(world)
    phone = looked(world, receipt)
    made = phone.made("confirm", {"reason": "x", "rating": "5"}, clear="5")
    assert phone.call("/api/thread/acts", made)[0] == MADE
    phone.look()
    other = phone.made("reopen", {"reason": "x"}, once=made["once"])
    status, raw = phone.call("/api/thread/acts", other)
    assert (status, json.loads(raw)["code"]) == (409, "changed_text")


def test_withdrawing_deletes_and_its_signature_stays(world: World) -> None:
    sent = world.report()
    phone = looked(world, sent["receipt"])
    made = phone.made("withdraw")
    assert phone.call("/api/thread/acts", made)[0] == MADE
    assert phone.call("/api/thread/acts", made)[0] == MADE  # cut short, and finished
    head = world.store.read_head(sent["tracking_id"])
    assert (head.shredded, head.withdrawn, len(head.wraps.act)) == (True, True, 96)
    assert phone.look() == FOUND
    assert (phone.head["withdrawn"], phone.head["events"]) == (True, [])
    assert faults(world) == ()
    invented = replace(head, wraps=replace(head.wraps, act=head.wraps.act[:32]))
    case = world.store.read_case(sent["tracking_id"])
    assert "withdrawn without" in reporter_acts.forged(case._replace(head=invented))
    assert "withdrawn without" not in reporter_acts.forged(case)


def test_the_way_without_script_signs_too(world: World) -> None:
    sent = world.report()
    receipt, case_id = sent["receipt"], sent["tracking_id"]
    desk = world.hand_over(case_id)
    assert write(world, receipt).status_code == MADE
    assert upload(world, receipt, photo()).status_code == MADE
    assert desk.post(f"/desk/cases/{case_id}/close", {"outcome": "dijelaskan", "reason": "x"}).status_code == FOUND
    verdict = {"receipt": receipt, "verdict": "selesai", "rating": "3"}
    assert world.post("/api/thread/verdict", verdict).status_code == FOUND
    events = [event for event in world.store.read_case(case_id).events if event.by == "pelapor"]
    assert [len(event.sig) for event in events] == [32, 64, 64, 64]
    gone = world.report()
    assert world.post("/api/thread/withdraw", {"receipt": gone["receipt"]}).status_code == FOUND
    assert faults(world) == ()


ACCUSING = "Petugas Dinas PUPR minta uang rokok 500 ribu kepada saya, ini pungli."


def test_whom_its_words_accuse_does_not_read_them(world: World) -> None:
    """The browser says whom; what it missed the desk finds before it shows anything (law 5)."""
    sent = world.report()
    desk = world.hand_over(sent["tracking_id"])
    phone = looked(world, sent["receipt"])
    assert phone.act("message", {"body": ACCUSING}, f"{UNREAD} kutim-dpupr")[0] == MADE
    head = world.store.read_head(sent["tracking_id"])
    assert head.holder != "kutim-dpupr"
    assert "kutim-dpupr" in head.desk_work.kept_from
    assert desk.get(f"/desk/cases/{sent['tracking_id']}").status_code == 404
    missed = world.report()
    desk = world.hand_over(missed["tracking_id"])
    phone = looked(world, missed["receipt"])
    assert phone.act("message", {"body": ACCUSING})[0] == MADE
    assert desk.get(f"/desk/cases/{missed['tracking_id']}").status_code == 404
    opened = OpenedCase(world.store.read_case(missed["tracking_id"]), phone.key)
    accused = [code for code in world.directory.agencies if unread_accuse(code, opened, world.directory)]
    assert accused == ["kutim-dpupr"]


def test_what_only_the_desk_finds_takes_the_case_to_whoever_may_hold_it(world: World) -> None:
    """The next desk is told, its clock runs, and a person who has read it may give it back (law 5)."""
    sent = world.report()
    case_id, path = sent["tracking_id"], f"/desk/cases/{sent['tracking_id']}"
    world.hand_over(case_id)
    world.later(days=2)
    desk = world.desk_of("kutim-dpupr")
    assert looked(world, sent["receipt"]).act("message", {"body": ACCUSING})[0] == MADE
    world.run_courier()
    world.mailbox.letters.clear()
    before = world.store.read_head(case_id)
    assert (before.holder, before.desk_work.kept_from) == ("kutim-dpupr", ())
    for _ in range(2):
        assert desk.get(path).status_code == 404
    head = world.store.read_head(case_id)
    assert (head.holder, head.stage, head.desk_work.kept_from) == ("kutim", "dialihkan", ("kutim-dpupr",))
    assert (head.version, head.clock.due > world.today) == (before.version + 1, True)
    world.run_courier()
    assert {letter.to for letter in world.mailbox.letters} == {world.officer("kutim").email}
    coordinator = world.desk_of("kutim")
    assert ACCUSING in coordinator.get(path).get_json()["messages"][-2]["body"]
    said = world.read(sent["receipt"])["messages"][-1]
    assert (said["from"], WHY in said["body"]) == ("sistem", True)
    back = {"agency": "kutim-dpupr", "reason": "Keliru."}
    assert coordinator.post(f"{path}/handover", back).status_code == 422
    assert coordinator.post(f"{path}/handover", back | {"yes": "yes"}).status_code == FOUND
    assert desk.get(path).status_code == FOUND  # a false alarm stops nothing for ever
    assert faults(world) == ()


def test_a_second_unit_that_only_the_desk_finds_accused_is_out(world: World) -> None:
    sent = world.report()
    case_id = sent["tracking_id"]
    both = {"agency": "kutim-dishub", "second": "kutim-dpupr", "reason": "Keduanya."}
    assert world.desk_of("kutim").post(f"/desk/cases/{case_id}/handover", both).status_code == FOUND
    desk = world.desk_of("kutim-dishub")
    assert looked(world, sent["receipt"]).act("message", {"body": ACCUSING})[0] == MADE
    assert ACCUSING in desk.get(f"/desk/cases/{case_id}").text
    head = world.store.read_head(case_id)
    assert (head.holder, head.desk_work.second, head.desk_work.kept_from) == ("kutim-dishub", "", ("kutim-dpupr",))
    assert world.desk_of("kutim-dpupr").get(f"/desk/cases/{case_id}").status_code == 404

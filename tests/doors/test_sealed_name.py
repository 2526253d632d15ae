"""The name by script: a yes or no signed on the phone, a name left and taken back, and no receipt in the thread."""

import json
from base64 import b64decode
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.actions.clock.audit import Audit
from functions.actions.common.decrypted_identity import OpenedIdentity
from functions.actions.ops.rotate import Rotate, rewrap_here
from functions.actions.reporter.names.sealed_fields import read_left_identity
from functions.actions.reporter.names.sealed_name import LENGTHS
from functions.casework.audit import custody
from functions.casework.consent.identity_request import ANSWERS_MAX
from functions.casework.problems import TooManyProblem
from functions.casework.sealed_identity import Identity, IdentityStep, StepKind, TrustProblem
from functions.crypto.key_pairs import public_of
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.sign import name_answers, reporter_acts
from functions.crypto.sign.name_answers import ANSWER_BYTES, forged_name
from functions.storage.dynamodb.identities import identity_put
from tests.bench.meter import WRITE_BYTES, size
from tests.named_phone import NamedPhone, named_phone
from tests.split_world import SplitWorld
from tests.trust import CONTACT, NAME, REASON, TrustWorld

FOUND, MADE = 200, 201
NO = "kenariungu: saya takut"


@pytest.fixture
def world(tmp_path: Path) -> TrustWorld:
    return TrustWorld(tmp_path)


def asked(world: TrustWorld) -> tuple[NamedPhone, str, str]:
    """A name that was asked for: phone, receipt, case."""
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    phone = named_phone(world, receipt)
    assert (phone.look(), phone.name()) == (FOUND, FOUND)
    return phone, receipt, case_id


def faults(world: TrustWorld) -> tuple[str, ...]:
    signed = {"acts_fault": reporter_acts.forged, "name_fault": forged_name}
    return Audit(world.store, world.directory, **signed).verify("kutim").faults


def kinds(world: TrustWorld, case_id: str) -> list[str]:
    return [step.kind.value for step in world.identity(case_id).steps]


def test_the_record_comes_sealed_and_says_nothing_in_clear(world: TrustWorld) -> None:
    phone, receipt, case_id = asked(world)
    assert (phone.record["state"], phone.record["actions"]) == ("asked", ["withdraw", "answer"])
    assert phone.person() == {"name": NAME, "contact": CONTACT}
    assert phone.said()[-1]["reason"] == REASON
    plain = json.dumps(phone.record)
    assert not any(text in plain for text in (NAME, CONTACT, REASON, receipt))
    unknown = phone.call("/api/thread/name", {"case_id": "0000-0000-0001", "look": "0" * 64})
    lookup = world.store.read_head(case_id).wraps.lookup
    assert phone.call("/api/thread/name", {"case_id": case_id, "look": lookup.hex()}) == unknown
    assert unknown[0] == 404


@pytest.mark.parametrize("reason", ["", "Silakan, hubungi saya."])
def test_a_yes_is_signed_and_lets_two_custodians_open(world: TrustWorld, reason: str) -> None:
    phone, receipt, case_id = asked(world)
    with pytest.raises(TrustProblem, match="identity_no_yes"):
        world.custody.open(world.viewer(1), case_id, "Setuju.")
    status, told = phone.answer("yes", reason)
    assert (status, told) == (MADE, {"state": "asked"})
    step = world.identity(case_id).steps[-1]
    assert (step.kind, len(step.sig), len(step.sealed)) == (StepKind.AGREED, ANSWER_BYTES, LENGTHS[0])
    view = world.custody.look(world.viewer(1), case_id)
    assert (view.steps[-1].reason, view.request.yes if view.request else None) == (reason, True)
    world.custody.open(world.viewer(1), case_id, "Setuju.")
    assert world.custody.look(world.viewer(1), case_id).name == NAME
    assert faults(world) == ()
    assert world.read(receipt)["identity"]["steps"][2]["reason"] == reason  # the older way reads the same


def test_a_yes_is_taken_back_and_a_no_ends_the_request(world: TrustWorld) -> None:
    phone, _, case_id = asked(world)
    assert phone.answer("later") == (MADE, {"state": "asked"})
    assert kinds(world, case_id) == ["left", "asked"]  # nothing has changed
    for said in ("yes", "later", "yes"):
        assert phone.answer(said)[0] == MADE
    assert phone.answer("yes")[0] == MADE
    assert kinds(world, case_id) == ["left", "asked", "agreed", "undecided", "agreed"]
    assert phone.answer("no", NO) == (MADE, {"state": "sealed"})
    assert world.custody.look(world.viewer(0), case_id).steps[-1].reason == NO
    with pytest.raises(TrustProblem, match="identity_objected"):
        world.custody.ask(world.viewer(0), case_id, REASON)
    assert phone.answer("yes")[1]["code"] == "identity_not_pending"
    assert faults(world) == ()


def test_both_ways_write_the_same_and_take_turns(world: TrustWorld) -> None:
    phone, receipt, case_id = asked(world)
    world.answer(receipt, "yes", reason="Lama.")
    assert phone.answer("later", "Baru.")[0] == MADE
    world.answer(receipt, "yes")
    sigs = [len(step.sig) for step in world.identity(case_id).steps]
    assert sigs == [32, 0, ANSWER_BYTES, ANSWER_BYTES, ANSWER_BYTES]
    assert len({len(step.sealed) for step in world.identity(case_id).steps[2:]}) == 1  # no size tells the way
    world.custody.open(world.viewer(1), case_id, "Setuju.")
    assert faults(world) == ()


def test_a_lost_answer_is_one_step_and_an_old_number_or_day_is_sent_again(world: TrustWorld) -> None:
    phone, _, case_id = asked(world)
    body = phone.answered("yes")
    assert [phone.post_answer(body)[0] for _ in range(2)] == [MADE, MADE]
    assert kinds(world, case_id) == ["left", "asked", "agreed"]
    assert phone.post_answer(phone.answered("no"))[1]["code"] == "meanwhile"
    assert phone.name() == FOUND
    for on in ("2026-11-24", "2026-11-26", "9999-12-31"):
        assert phone.post_answer(phone.answered("no", on=on))[1]["code"] == "meanwhile"
    assert phone.post_answer(phone.answered("no", on="2026-11-25"))[0] == MADE


def test_a_request_that_is_over_or_another_is_not_answered(world: TrustWorld) -> None:
    phone, _, case_id = asked(world)
    for request in (1, 3, 999999):
        assert phone.answer("yes", request=request)[1]["code"] == "identity_other"
    world.custody.refuse(world.viewer(1), case_id, "Tidak perlu.")
    assert phone.answer("yes")[1]["code"] == "identity_not_pending"
    world.custody.ask(world.viewer(1), case_id, REASON)
    assert phone.answer("yes", request=2)[1]["code"] == "identity_other"
    assert kinds(world, case_id)[-1] == "asked"


FORGED: dict[str, Any] = {
    "no signature": {"sig": "00" * 64},
    "own key": {"seed": b"s" * 32},
    "another digest": {"digest": "00" * 32},
    "signed later, said yes": {"consent": "yes"},
    "another number": {"n": 4},
    "another day": {"on": "2026-11-26"},
}


@pytest.mark.parametrize("how", FORGED)
def test_a_thread_says_no_yes_without_the_receipt(world: TrustWorld, how: str) -> None:
    phone, _, case_id = asked(world)
    change = dict(FORGED[how])
    seed = {"seed": change.pop("seed")} if "seed" in change else {}
    body = phone.answered("later" if "consent" in change else "yes", **seed) | change
    assert phone.post_answer(body)[0] == 404
    assert kinds(world, case_id) == ["left", "asked"]


def invented(world: TrustWorld, case_id: str, phone: NamedPhone, way: str) -> Identity:
    """An identity with a yes that nobody said, by who has the key of the reasons and may write to the store."""
    identity = world.identity(case_id)
    opened = OpenedIdentity(identity, phone.name_key, phone.talk)
    seed = {"own key": b"s" * 32, "key swapped": b"s" * 32}.get(way, b"")
    if way == "key swapped":  # the step LEFT brings another key
        first = replace(identity.steps[0], sig=public_of(seed))
        opened = replace(opened, identity=replace(identity, steps=(first, *identity.steps[1:])))
    if way == "key taken away":
        first = replace(identity.steps[0], sig=b"")
        opened = replace(opened, identity=replace(identity, steps=(first, *identity.steps[1:])))
    after = opened.after(StepKind.AGREED, world.today, None, "", request=2, seed=seed)
    if way == "key brought":
        after = opened.after(StepKind.AGREED, world.today, None, "", request=2, seed=b"s" * 32)
        bent = replace(after.steps[-1], sig=public_of(b"s" * 32) + after.steps[-1].sig)
        after = replace(after, steps=(*after.steps[:-1], bent))
    return replace(after, version=identity.version + 1)


@pytest.mark.parametrize("way", ["unsigned", "own key", "key brought"])
def test_a_yes_that_its_reporter_did_not_sign_opens_nothing_and_is_found(world: TrustWorld, way: str) -> None:
    phone, receipt, case_id = asked(world)
    world.store.write_identity(invented(world, case_id, phone, way))
    assert world.custody.look(world.viewer(1), case_id).steps[-1].whole is False
    with pytest.raises(TrustProblem, match="identity_broken"):
        world.custody.open(world.viewer(1), case_id, "Setuju.")
    assert world.read(receipt)["identity"]["steps"][-1]["whole"] is False
    assert [fault.partition(":")[0] for fault in faults(world)] == [case_id]


@pytest.mark.parametrize("way", ["key swapped", "key taken away"])
def test_who_takes_the_key_away_meets_an_anchor(world: TrustWorld, way: str) -> None:
    phone, _, case_id = asked(world)
    Audit(world.store, world.directory).anchor("kutim", world.today)
    world.store.write_identity(invented(world, case_id, phone, way))
    assert [fault.partition(":")[0] for fault in faults(world)][:1] == [case_id]


def test_a_yes_of_one_step_is_no_yes_of_another(world: TrustWorld) -> None:
    """A signed yes is kept, and put under a later request by who may write to the store."""
    phone, _, case_id = asked(world)
    assert phone.answer("yes")[0] == MADE
    signed = world.identity(case_id).steps[-1]
    world.custody.refuse(world.viewer(1), case_id, "Tidak perlu.")
    world.custody.ask(world.viewer(1), case_id, REASON)
    identity = world.identity(case_id)
    step = replace(signed, n=len(identity.steps) + 1)
    world.store.write_identity(replace(identity, version=identity.version + 1, steps=(*identity.steps, step)))
    with pytest.raises(TrustProblem, match="identity_broken"):
        world.custody.open(world.viewer(0), case_id, "Setuju.")
    assert len(faults(world)) == 1


def test_a_reason_that_was_changed_is_found_where_it_is_read(world: TrustWorld) -> None:
    phone, _, case_id = asked(world)
    assert phone.answer("no", NO)[0] == MADE
    opened = OpenedIdentity(world.identity(case_id), phone.name_key, phone.talk)
    words = phone.answered("no", "Saya setuju saja.", n=3, request=2)
    bent = replace(opened.identity.steps[-1], sealed=b64decode(words["item"]))
    identity = opened.identity
    steps = (*identity.steps[:-1], bent)
    world.store.write_identity(replace(identity, version=identity.version + 1, steps=steps))
    assert world.custody.look(world.viewer(0), case_id).steps[-1].whole is False
    assert faults(world) == ()  # the audit has no key: it knows that a no was signed, and not why


def test_an_opening_without_a_signed_yes_is_found(world: TrustWorld) -> None:
    phone, _, case_id = asked(world)
    identity = world.identity(case_id)
    opened = OpenedIdentity(identity, phone.name_key, phone.talk)
    world.store.write_identity(opened.after(StepKind.OPENED, world.today, world.viewer(1), "x", request=2))
    assert "without its reporter's signed yes" in faults(world)[0]


def test_a_danger_that_an_overseer_agreed_to_needs_no_yes(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON, "threat")
    world.custody.endorse(world.overseer(), case_id, "Ancaman itu nyata.")
    phone = named_phone(world, receipt)
    assert (phone.look(), phone.name()) == (FOUND, FOUND)
    assert phone.record["ends"] == "2026-12-04"
    world.days_over()
    world.custody.open(world.viewer(1), case_id, "Setuju.")
    assert faults(world) == ()


def born_before(world: TrustWorld, case_id: str) -> None:
    """Make a case one whose report brought no key of acts."""
    with world.store.engine.write() as db:
        db.execute("UPDATE events SET sig = x'' WHERE case_id = ? AND n = 1", (case_id,))


def named_fault(world: TrustWorld, case_id: str) -> str:
    return forged_name(world.store.read_case(case_id), world.identity(case_id))


def test_a_name_of_before_stays_and_its_first_signed_answer_brings_the_key(world: TrustWorld) -> None:
    phone, receipt, case_id = asked(world)
    born_before(world, case_id)
    identity = world.identity(case_id)
    plain = (replace(identity.steps[0], sig=b""), *identity.steps[1:])
    opened = OpenedIdentity(replace(identity, steps=plain), phone.name_key, phone.talk)
    world.store.write_identity(opened.after(StepKind.AGREED, world.today, None, "Lama.", request=2))
    view = world.custody.look(world.viewer(1), case_id)
    assert (view.request.yes if view.request else None, named_fault(world, case_id)) == (True, "")  # as it was
    assert phone.answer("later")[0] == MADE
    assert [len(step.sig) for step in world.identity(case_id).steps] == [0, 0, 0, 32 + ANSWER_BYTES]
    world.answer(receipt, "yes")
    assert len(world.identity(case_id).steps[-1].sig) == ANSWER_BYTES
    world.custody.open(world.viewer(1), case_id, "Setuju.")
    assert named_fault(world, case_id) == ""
    assert custody(case_id, plain) == custody(case_id, [replace(step, sig=b"") for step in plain])


def test_an_answer_is_held_to_a_number_and_a_length_and_a_no_never(world: TrustWorld) -> None:
    phone, receipt, _ = asked(world)
    for nth in range(ANSWERS_MAX):
        assert phone.answer("later" if nth % 2 else "yes")[0] == MADE
    assert phone.answer("yes")[1]["code"] == "too_many"
    with pytest.raises(TooManyProblem):
        world.answer(receipt, "yes", n=2)
    long = "".join(chr(0x4E00 + nth % 20_000) for nth in range(20_000))
    assert phone.answer("no", long)[0] == 422
    for item in ("", "AA==", "AQ" + "A" * 2490):
        assert phone.post_answer(phone.answered("no") | {"item": item})[0] in (400, 422)
    assert phone.answer("no", NO)[0] == MADE


def test_a_name_is_left_and_taken_back_by_script(world: TrustWorld) -> None:
    receipt = world.report()["receipt"]
    phone = named_phone(world, receipt)
    assert (phone.look(), phone.name()) == (FOUND, FOUND)
    assert (phone.record["state"], phone.record["actions"]) == ("none", ["leave"])
    public = world.keys.public()
    assert phone.leave(public, NAME, CONTACT)[0] == MADE
    case_id = phone.keys.case_id
    head = world.store.read_head(case_id)
    assert (head.reporter.mode, bool(head.reporter.contact)) == ("rahasia", True)
    assert phone.name() == FOUND
    assert phone.person() == {"name": NAME, "contact": CONTACT}
    assert phone.leave(public, "Lain")[1]["code"] == "identity_left"
    assert faults(world) == ()
    world.custody.ask(world.viewer(0), case_id, REASON)
    assert phone.answer("yes")[0] == MADE
    assert phone.take_back()[0] == MADE
    assert (world.identity(case_id).sealed, kinds(world, case_id)[-1]) == (b"", "withdrawn")
    assert world.store.read_head(case_id).reporter.contact == b""
    assert phone.take_back()[1]["code"] == "not_now"
    assert faults(world) == ()
    assert phone.leave(public, "Siti Lain")[0] == MADE
    assert (phone.name(), phone.person()["name"]) == (FOUND, "Siti Lain")
    assert faults(world) == ()
    assert world.read(receipt)["identity"]["state"] == "sealed"


LEFT_WRONG: dict[str, Any] = {
    "another name": ("identity_sealed", 422),
    "another wrap": ("identity_wrap_receipt", 422),
    "another address": ("contact", 422),
}


@pytest.mark.parametrize("how", LEFT_WRONG)
def test_a_thread_leaves_no_other_name_than_its_reporter_signed(world: TrustWorld, how: str) -> None:
    phone, other = (named_phone(world, world.report()["receipt"]) for _ in range(2))
    field, status = LEFT_WRONG[how]
    public = world.keys.public()
    stolen, real = {}, other.call

    def call(path: str, body: dict[str, Any], headers: Any = None) -> Any:
        stolen.update(body)
        return real(path, body, headers)

    other.call = call
    assert other.leave(public, "Orang lain", "lain@surat.example.id")[0] == MADE
    assert read_left_identity(stolen).sealed == world.identity(other.keys.case_id).sealed
    assert phone.leave(public, NAME, CONTACT, **{field: stolen[field]})[0] == status
    assert world.store.read_head(phone.keys.case_id).reporter.mode == "anonim"


def test_a_name_for_a_key_or_a_roster_of_before_is_sealed_again(tmp_path: Path) -> None:
    world = SplitWorld(tmp_path)
    old = world.keys.public()
    world.split()
    phone = named_phone(world, world.report()["receipt"])

    assert phone.leave(old, NAME)[1]["code"] == "keys_changed"
    assert phone.leave(world.keys.public(), NAME)[0] == MADE
    assert world.identity(phone.keys.case_id).split
    world.passed(0, phone.keys.case_id)
    assert phone.answer("yes")[0] == MADE
    world.custody.open(world.viewer(1), phone.keys.case_id, "Setuju.")
    assert world.read_by(1, phone.keys.case_id)["name"] == NAME
    assert faults(world) == ()


def test_a_name_taken_back_or_changed_by_nobody_is_found(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    phone = named_phone(world, receipt)
    identity = world.identity(case_id)
    step = IdentityStep(2, StepKind.WITHDRAWN, "", "", world.today)
    gone = replace(identity, version=2, steps=(*identity.steps, step), sealed=b"", wrap_receipt=b"")
    world.store.write_identity(gone)
    assert "taken back without" in faults(world)[0]
    world.store.write_identity(replace(identity, version=3))
    assert faults(world) == ()
    assert phone.take_back()[0] == MADE
    assert phone.leave(world.keys.public(), NAME)[0] == MADE
    left = world.identity(case_id)
    world.store.write_identity(replace(left, version=left.version + 1, sealed=bytes(len(left.sealed))))
    assert "not the one that its reporter left" in faults(world)[0]


def test_an_open_name_and_a_mere_address_are_taken_back_too(world: TrustWorld) -> None:
    for changes in ({"identity_mode": "terbuka", "name": NAME}, {"contact": CONTACT}):
        phone = named_phone(world, world.report(**changes)["receipt"])
        assert (phone.look(), phone.name()) == (FOUND, FOUND)
        assert "withdraw" in phone.record["actions"]
        assert phone.take_back()[0] == MADE
        assert world.store.read_head(phone.keys.case_id).reporter.mode == "anonim"
    assert faults(world) == ()


@pytest.mark.parametrize("clear", ["", "-", "left", "withdrawn x", "left 00 00", "renamed"])
def test_what_says_nothing_moves_no_name(world: TrustWorld, clear: str) -> None:
    phone = named_phone(world, world.entrusted()[0])
    phone.look()
    assert phone.act("identity", {"change": "withdrawn"}, clear)[0] == 422


def test_hostile_words_of_an_answer_break_no_custodians_page(world: TrustWorld) -> None:
    for words in ({"kind": "opened"}, {"request": "x"}, {"reason": "lain"}, {"salt": "zz"}, {"on": "2026-11-01"}):
        phone, _, case_id = asked(world)
        assert phone.answer("yes", words=words)[0] == MADE
        view = world.custody.look(world.viewer(1), case_id)
        assert (view.steps[-1].whole, "open" in view.actions) == (False, False)
        assert "refuse" in view.actions
        world.custody.refuse(world.viewer(1), case_id, "Rusak.")
        world.custody.ask(world.viewer(1), case_id, REASON)
        assert phone.answer("yes")[0] == MADE
        world.custody.open(world.viewer(0), case_id, "Setuju.")
    phone, _, case_id = asked(world)
    assert phone.answer("yes", talk=b"k" * 32)[0] == MADE  # sealed with another key
    assert world.custody.look(world.viewer(1), case_id).steps[-1].whole is False


def test_a_rotation_and_a_roster_that_comes_later_keep_every_signature(tmp_path: Path) -> None:
    world = SplitWorld(tmp_path)
    phone, receipt, case_id = asked(world)
    assert phone.answer("yes", "Baik.")[0] == MADE
    world.split()
    rewrap = rewrap_here(world.store, world.keys, lambda: world.today, lambda _: None)[Purpose.IDENTITY]
    Rotate(world.keys, {Purpose.IDENTITY: rewrap}, lambda: None)(Purpose.IDENTITY, "kutim")
    assert world.identity(case_id).split
    assert world.custody.look(world.viewer(1), case_id).steps[-1].reason == "Baik."
    handed = world.shares.hand_out(world.viewer(0), case_id)
    world.shares.take_passes(world.viewer(0), case_id, world.browsers[0].pass_on(handed))
    world.custody.open(world.viewer(1), case_id, "Setuju.")
    assert world.read_by(1, case_id)["name"] == NAME
    assert faults(world) == ()
    assert receipt


def test_a_key_that_rests_signs_for_nobody() -> None:
    step = IdentityStep(3, StepKind.AGREED, "", "", date(2026, 11, 25))
    asked = name_answers.asked_said(IdentityStep(2, StepKind.ASKED, "ani", "kutim-inspektorat", step.on))
    digest = name_answers.said_digest("00" * 16, "", "")
    sig = name_answers.signed_answer(b"s" * 32, "A", (), step, asked, digest)
    public = public_of(b"s" * 32)
    assert name_answers.brought_by(sig) == public
    signed = replace(step, sig=sig)
    assert name_answers.is_answered(public, "A", signed, asked)
    for wrong in (
        ("B", signed, asked),
        ("A", signed, asked.replace("2 ", "3 ")),
        ("A", replace(signed, n=4), asked),
        ("A", signed, asked.replace("ani", "adi")),
    ):
        assert not name_answers.is_answered(public, *wrong)
    assert not name_answers.is_answered(public, "A", replace(signed, on=step.on + timedelta(days=1)), asked)
    assert not name_answers.is_answered(public, "A", replace(signed, kind=StepKind.OBJECTED), asked)
    assert not name_answers.is_answered(b"", "A", signed, asked)
    assert not name_answers.is_answered(public, "A", replace(signed, sig=b""), asked)


def test_a_name_with_the_key_of_its_answers_takes_two_write_units(world: TrustWorld) -> None:
    identity = world.identity(world.entrusted()[1])
    assert len(identity.steps[0].sig) == 32
    assert size(identity_put(identity)["Item"]) <= 2 * WRITE_BYTES

"""A thread that was taken over while reporters say yes and no by script: it reads none of it, and invents none.

Counted are the three that somebody may be asked for: a text for the public, what is masked, and the name. The controls
do the same by the older way, where the thread meets the receipt; the planted leaks turn the count red.
"""

from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from functions.actions.clock.audit import Audit
from functions.casework.audit import chained
from functions.casework.case import Case, Event, EventKind, Publication
from functions.casework.receipt import Receipt, parse_receipt
from functions.casework.sealed_identity import Identity, IdentityStep, StepKind, TrustProblem
from functions.casework.stages import Actor
from functions.crypto.errors import SealError
from functions.crypto.key_pairs import public_of
from functions.crypto.open import opening
from functions.crypto.seal import sealing
from functions.crypto.sign import name_answers, reporter_acts
from functions.crypto.sign.name_answers import forged_name
from functions.storage.interface import Append
from tests.captured.attacker import Attacker
from tests.captured.conftest import Taken
from tests.depth import deep
from tests.named_phone import NamedPhone
from tests.trust import NAME, REASON, TrustWorld

FOUND, MADE = 200, 201
ASKED, BY_SCRIPT = deep((12, 9), (3, 2))
WHY = "kenariabu: demi warga desa"


@pytest.fixture
def world(tmp_path: Path) -> TrustWorld:
    return TrustWorld(tmp_path)


def asked_for(world: TrustWorld, count: int) -> list[tuple[str, str]]:
    """Receipts and cases whose names somebody asked for."""
    found = [world.entrusted() for _ in range(count)]
    for _, case_id in found:
        world.custody.ask(world.viewer(0), case_id, REASON)
    return found


def phone_at(door: Taken, receipt: str, cookie: str = "", /, **always: str) -> NamedPhone:
    """A phone at the door; ``always`` goes with each body, as a page would send it that leaks."""
    cookies = {"Cookie": cookie} if cookie else {}

    def call(path: str, body: Any, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        return door.call(path, body if isinstance(body, bytes) else body | always, cookies | (headers or {}))

    return NamedPhone(receipt, call)


def says_yes(phone: NamedPhone) -> None:
    assert phone.look() == FOUND
    assert phone.answer("yes", WHY) == (MADE, {"state": "asked"})
    assert phone.name() == FOUND


def name_keys(attacker: Attacker, identity: Identity) -> Iterator[bytes]:
    """Every key of a name that they come to by what they know."""
    yield from attacker.keys
    for symbols in attacker.receipts:
        with suppress(SealError):
            yield opening.unwrap_identity_with_receipt(sealing.receipt_keys(Receipt(symbols)), identity.wrap_receipt)
    for key in attacker.keys:
        keys = sealing.ReceiptKeys(identity.case_id, b"", b"", key)
        with suppress(SealError, ValueError):
            yield opening.unwrap_identity_with_receipt(keys, identity.wrap_receipt)


def read(attacker: Attacker, identities: list[Identity]) -> tuple[int, int]:
    """How many names, and how many reasons for a yes, they can read."""
    names = reasons = 0
    for identity in identities:
        keys = set(name_keys(attacker, identity))
        for key in list(keys):
            with suppress(SealError, ValueError):
                keys.add(opening.unwrap_talk(identity.case_id, key, identity.wrap_talk))
        names += any(opens(key, identity, 0, "identity", identity.sealed) for key in keys)
        answers = [step for step in identity.steps if step.kind is StepKind.AGREED]
        reasons += any(opens(key, identity, step.n, "identity-step", step.sealed) for key in keys for step in answers)
    return names, reasons


def opens(key: bytes, identity: Identity, n: int, kind: str, sealed: bytes) -> bool:
    try:
        return bool(opening.open_item(key, identity.case_id, n, kind, sealed))
    except (SealError, ValueError):
        return False


def seeds(attacker: Attacker, cases: list[Case]) -> int:
    """In how many cases they have the key that signs the reporter's acts."""
    found = {public_of(sealing.receipt_keys(Receipt(symbols)).act_seed) for symbols in attacker.receipts}
    for key in attacker.keys:
        with suppress(ValueError):
            found.add(public_of(key))
    return sum(case.head.wraps.act in found for case in cases)


def test_it_reads_no_name_and_no_reason_and_gets_no_key_that_says_yes(
    world: TrustWorld, taken: Callable[..., Taken]
) -> None:
    asked, door = asked_for(world, ASKED), taken("thread")
    for receipt, _ in asked[:BY_SCRIPT]:
        says_yes(phone_at(door, receipt))
    identities = [world.identity(case_id) for _, case_id in asked]
    cases = [world.store.read_case(case_id) for _, case_id in asked]
    assert [identity.steps[-1].kind for identity in identities[:BY_SCRIPT]] == [StepKind.AGREED] * BY_SCRIPT
    kept = door.journal()
    assert {noted.what for noted in kept} == {"request", "answer", "printed"}  # no key was handed to any primitive
    week = Attacker().learn(kept, door.memory() if deep(True, False) else b"")
    assert (read(week, identities), seeds(week, cases)) == ((0, 0), 0)
    for receipt, _ in asked[BY_SCRIPT:]:  # the control: the same yes by the older way
        body = {"receipt": receipt, "consent": "yes", "request": "2", "reason": WHY}
        assert door.call("/api/thread/identity/answer", body)[0] == FOUND
    identities = [world.identity(case_id) for _, case_id in asked]
    old, rest = Attacker().learn(door.journal()), ASKED - BY_SCRIPT
    assert (read(old, identities), seeds(old, cases)) == ((rest, rest), rest)
    for _, case_id in asked:
        world.custody.open(world.viewer(1), case_id, "Saya sependapat.")
        assert world.custody.look(world.viewer(1), case_id).name == NAME


LEAKS = ("receipt with the yes", "receipt in a cookie", "no check of the signature")


@pytest.mark.parametrize("leak", LEAKS)
def test_a_planted_leak_turns_it_red(world: TrustWorld, taken: Callable[..., Taken], leak: str) -> None:
    ((receipt, case_id),) = asked_for(world, 1)
    if leak == "no check of the signature":
        door = taken("thread", "unsigned-name")
        phone = phone_at(door, receipt)
        assert (phone.look(), phone.name()) == (FOUND, FOUND)
        body = phone.answered(
            "yes", seed=b"s" * 32, talk=b"k" * 32
        )  # by who never had the receipt, nor the key of the reasons
        assert phone.post_answer(body)[0] == MADE
        assert [fault.partition(":")[0] for fault in faults(world)] == [case_id]
        with pytest.raises(TrustProblem, match="identity_broken"):
            world.custody.open(world.viewer(1), case_id, "Saya sependapat.")
        return
    door = taken("thread")
    always = {"receipt": receipt} if leak == "receipt with the yes" else {}
    says_yes(phone_at(door, receipt, "" if always else f"kode={receipt}", **always))
    noted = [each for each in door.journal() if each.what == "request"]
    attacker = Attacker().learn(noted)
    assert read(attacker, [world.identity(case_id)]) == (1, 1)
    assert seeds(attacker, [world.store.read_case(case_id)]) == 1


def faults(world: TrustWorld) -> tuple[str, ...]:
    signed = {"acts_fault": reporter_acts.forged, "name_fault": forged_name}
    return Audit(world.store, world.directory, **signed).verify("kutim").faults


def a_text(case: Case) -> tuple[Case, Event]:
    """A yes to a text for the public, as a thread would invent it."""
    public = replace(case.head.publication, state=Publication.AGREED, agreed=1)
    head = replace(case.head, publication=public, version=case.head.version + 1)
    return case._replace(head=head), event_of(case, EventKind.PUBLISH, "agreed 1")


def a_no(case: Case) -> tuple[Case, Event]:
    """An answer to a request for masked words that its reporter never gave."""
    head = replace(case.head, version=case.head.version + 1)
    return case._replace(head=head), event_of(case, EventKind.UNMASK, "objected 1 kutim-dpupr records -")


def a_name_taken_back(case: Case) -> tuple[Case, Event]:
    head = replace(case.head, version=case.head.version + 1)
    return case._replace(head=head), event_of(case, EventKind.IDENTITY, "withdrawn")


def event_of(case: Case, kind: EventKind, clear: str) -> Event:
    n = case.head.version + 1
    return Event(n, kind, Actor.REPORTER, case.head.received_on, case.head.stage, b"\x02" + bytes(1820), clear=clear)


FORGERIES = {"publication": a_text, "unmasking": a_no, "name taken back": a_name_taken_back}


@pytest.mark.parametrize("signer", ["nobody", "themselves", "an earlier act"])
@pytest.mark.parametrize("consent", FORGERIES)
def test_it_forges_no_consent_that_the_audit_passes(world: TrustWorld, consent: str, signer: str) -> None:
    """It may write to the store, and has seen every signature that passed."""
    receipt, case_id = world.entrusted()
    phone = NamedPhone(receipt, lambda path, body, headers=None: posted(world, path, body))
    assert phone.look() == FOUND
    assert phone.act("message", {"body": "Masih gelap."})[0] == MADE
    assert faults(world) == ()
    before = world.store.read_case(case_id)
    after, event = FORGERIES[consent](before)
    earlier = before.events[-1].sig
    signature = {"nobody": b"", "themselves": reporter_acts.signed(b"s" * 32, case_id, event)}.get(signer, earlier)
    head, event = chained(after.head, replace(event, sig=signature))
    world.store.append(Append(head, (event,)), before.head.version)
    assert [fault.partition(":")[0] for fault in faults(world)] == [case_id]


@pytest.mark.parametrize("signer", ["nobody", "themselves", "an earlier answer"])
def test_it_forges_no_yes_that_the_audit_passes_or_a_custodian_acts_on(world: TrustWorld, signer: str) -> None:
    """As above, for the name. It lacks the key of the reasons, so it cannot even seal one."""
    receipt, case_id = world.entrusted()
    phone = NamedPhone(receipt, lambda path, body, headers=None: posted(world, path, body))
    world.custody.ask(world.viewer(0), case_id, REASON)
    assert phone.look() == FOUND
    assert [phone.answer(said)[0] for said in ("yes", "later")] == [MADE, MADE]
    identity = world.identity(case_id)
    yes = identity.steps[2]
    n, own = len(identity.steps) + 1, bytes(1869)
    step = IdentityStep(n, StepKind.AGREED, "", "", world.today, yes.sealed if signer != "themselves" else own)
    digest, to = name_answers.said_digest("00" * 16, "", ""), name_answers.asked_said(identity.steps[1])
    mine = name_answers.signed_answer(b"s" * 32, case_id, identity.steps, step, to, digest)
    step = replace(step, sig={"nobody": b"", "themselves": mine}.get(signer, yes.sig))
    world.store.write_identity(replace(identity, version=identity.version + 1, steps=(*identity.steps, step)))
    with pytest.raises(TrustProblem, match="identity_broken"):
        world.custody.open(world.viewer(1), case_id, "Saya sependapat.")
    assert [fault.partition(":")[0] for fault in faults(world)] == [case_id]


def posted(world: TrustWorld, path: str, body: Any) -> tuple[int, bytes]:
    answer = world.thread.post(path, json=body, headers={"Accept": "application/json"})
    return answer.status_code, answer.data


def test_the_count_can_find_what_it_counts(world: TrustWorld) -> None:
    """With the receipt in hand every name and reason is read: what found nothing above was able to."""
    ((receipt, case_id),) = asked_for(world, 1)
    phone = NamedPhone(receipt, lambda path, body, headers=None: posted(world, path, body))
    says_yes(phone)
    knows = Attacker(receipts={parse_receipt(receipt).symbols})
    assert read(knows, [world.identity(case_id)]) == (1, 1)
    assert seeds(knows, [world.store.read_case(case_id)]) == 1
    assert b64decode(phone.record["sealed"]) == world.identity(case_id).sealed

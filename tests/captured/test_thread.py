"""A thread that an attacker has taken over for a week: they open the cases visited without script, and no other."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from functions.actions.clock.audit import Audit
from functions.casework.audit import chained
from functions.casework.case import Case, Event, EventKind
from functions.casework.receipt import parse_receipt
from functions.casework.stages import Actor
from functions.casework.understanding.words import Words
from functions.crypto.key_pairs import public_of
from functions.crypto.seal import sealing
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.sign import reporter_acts
from functions.storage.interface import Append
from tests.captured.attacker import Attacker
from tests.captured.conftest import Taken
from tests.captured.leaks import LEAKS
from tests.depth import deep
from tests.doors.test_thread import photo
from tests.envelopes import sealed_fields
from tests.phone import Phone
from tests.world import JSON, World

CASES, VISITED, WITHOUT_SCRIPT = deep((40, 28, 2), (6, 4, 1))
FOUND, MADE = 200, 201


def reported(world: World, count: int) -> list[str]:
    """Receipts of reports that browsers sealed."""
    receipts = []
    for _ in range(count):
        body, receipt = sealed_fields(world.submit, world.fields())
        assert world.intake.post("/api/reports", json=body, headers=JSON).status_code == MADE
        receipts.append(receipt)
    return receipts


def number_of(receipt: str) -> str:
    return sealing.receipt_keys(parse_receipt(receipt)).case_id


def stored(world: World, receipts: list[str]) -> list[Case]:
    return [world.store.read_case(number_of(receipt)) for receipt in receipts]


def by_script(door: Taken, receipt: str, cookie: str = "") -> None:
    """Read a case and answer in it, as the page's script does."""
    cookies = {"Cookie": cookie} if cookie else {}
    phone = Phone(receipt, lambda path, body, headers=None: door.call(path, body, cookies | (headers or {})))
    assert phone.look() == FOUND
    assert phone.words()[0]["body"]
    assert phone.act("message", {"body": "Masih sama seperti minggu lalu."})[0] == MADE
    phone.look()
    status, made = phone.attach(photo())
    assert (status, phone.look()) == (MADE, FOUND)
    assert phone.fetch(made["n"]) == (FOUND, photo())


def by_the_older_form(door: Taken, receipt: str) -> None:
    """Send a photo with its receipt, as the form did before it sealed photos."""
    boundary, body = encode_multipart(
        {"receipt": receipt, "file_key": "ab" * 8, "file": FileStorage(BytesIO(photo()), "-")}
    )
    kind = {"Content-Type": f'multipart/form-data; boundary="{boundary}"'}
    assert door.call("/api/thread/files", body, kind)[0] == MADE


def test_it_opens_what_was_visited_without_script_and_no_more(world: World, taken: Callable[..., Taken]) -> None:
    receipts = reported(world, CASES)
    door, nights = taken("thread"), list[list[Case]]()
    visited, without = receipts[:VISITED], receipts[:WITHOUT_SCRIPT]
    for receipt in visited[WITHOUT_SCRIPT:]:
        by_script(door, receipt)
        nights.append(stored(world, receipts))
    kept = door.journal()
    assert {noted.what for noted in kept} == {"request", "answer", "printed"}  # no key was handed to any primitive
    assert Attacker().learn(kept, door.memory() if deep(True, False) else b"").opened(nights[-1]) == set()
    for receipt in without:
        assert door.call("/api/thread", {"receipt": receipt})[0] == FOUND
        nights.append(stored(world, receipts))
    week = Attacker().learn(door.journal())
    assert {number for night in nights for number in week.opened(night)} == {number_of(receipt) for receipt in without}
    for receipt in visited:  # the control: the same visits by the old path open all of them
        assert door.call("/api/thread", {"receipt": receipt})[0] == FOUND
    old = Attacker().learn(door.journal())
    assert old.opened(nights[-1]) == {number_of(receipt) for receipt in visited}


@pytest.mark.parametrize("leak", sorted(LEAKS))
def test_a_planted_leak_turns_it_red(world: World, taken: Callable[..., Taken], leak: str) -> None:
    """A receipt in a cookie and a logged body open cases; a look-up value taken for a password lets the store in."""
    (receipt,) = reported(world, 1)
    door, number = taken("thread", leak), number_of(receipt)
    if leak == "lookup":
        rests = world.store.read_head(number).wraps.lookup
        assert door.call("/api/thread/sealed", {"case_id": number, "look": rests.hex()})[0] == FOUND
        return
    if leak == "cookie":
        by_script(door, receipt, cookie=f"kode={receipt}")
    elif leak == "photo":
        by_the_older_form(door, receipt)
    else:
        door.call("/api/thread", {"receipt": receipt})
    noted = [each for each in door.journal() if each.what == ("printed" if leak == "log" else "request")]
    assert Attacker().learn(noted).opened(stored(world, [receipt])) == {number}


def test_a_desk_with_the_store_forges_no_act_that_the_audit_passes(world: World) -> None:
    """It has the desk's key, so every case key, and writes what it likes into the store."""
    numbers = [number_of(receipt) for receipt in reported(world, 3)]
    audit = Audit(world.store, world.directory, acts_fault=reporter_acts.forged)
    audit.anchor("kutim", world.today)
    key = world.keys.private(Purpose.DESK)
    assert audit.verify("kutim").faults == ()
    for number, way in zip(numbers, ("unsigned", "own key", "key swapped"), strict=True):
        case = world.store.read_case(number)
        case_key = key.open_case(case.head)
        words = Words({"reason": "Puas sekali.", "rating": "5"})
        sealed = sealing.seal_item(case_key, number, 2, EventKind.CONFIRM, words)
        event = Event(2, EventKind.CONFIRM, Actor.REPORTER, world.today, case.head.stage, sealed, clear="5")
        seed = case_key if way != "unsigned" else b""
        signature = reporter_acts.signed(seed, number, event) if seed else b""
        closing = replace(case.head.closing, confirmed=True, rating=5)
        wraps = replace(case.head.wraps, act=public_of(seed)) if way == "key swapped" else case.head.wraps
        head, event = chained(
            replace(case.head, version=2, closing=closing, wraps=wraps), replace(event, sig=signature)
        )
        world.store.append(Append(head, (event,)), 1)
    faults = audit.verify("kutim").faults
    assert [fault.partition(":")[0] for fault in faults] == sorted(numbers)

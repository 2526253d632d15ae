"""What a hostile browser seals is read as broken, never as an error, and its case can always be ended."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from functions.actions.common.decrypted_identity import SEALED, OpenedIdentity
from functions.casework.audit import chained
from functions.casework.case import EventKind, Lift, LiftRequest
from functions.casework.formats.event_words import check_words
from functions.casework.receipt import parse_receipt
from functions.casework.sealed_identity import Identity, IdentityStep, StepKind
from functions.casework.stages import Actor
from functions.crypto.open import opening
from functions.crypto.seal import sealing
from functions.storage.interface import Append
from tests.depth import deep
from tests.doors.test_sealed import forged
from tests.envelopes import seal_bytes
from tests.fuzz.hostile import shapes
from tests.world import JSON, Desk, World

HTML = {"Accept": "text/html"}
THEIRS = (
    *(EventKind.MESSAGE, EventKind.FILE, EventKind.CONFIRM, EventKind.REOPEN, EventKind.APPEAL, EventKind.WITHDRAW),
    *(EventKind.LIFT, EventKind.PUBLISH, EventKind.UNMASK, EventKind.IDENTITY, EventKind.CORRECT, EventKind.RECALL),
)
OURS = (EventKind.HANDOVER, EventKind.CLOSE, EventKind.JOIN, EventKind.SECOND, EventKind.EXTEND, EventKind.NOTE)
ODD = EventKind.ASSIGN, EventKind.PRIORITY, EventKind.SP4N, EventKind.RECUSE, EventKind.STAGE


def pages(world: World, desk: Desk, case_id: str, receipt: str) -> dict[str, Any]:
    """Every reading of a case by its officer and its reporter, also as pages; returns the desk's JSON."""
    path = f"/desk/cases/{case_id}"
    case = desk.get(path)
    seen = {
        "desk": case.status_code,
        "page": desk.client.get(path, headers=HTML).status_code,
        "list": desk.get("/desk/").status_code,
        "thread": world.post("/api/thread", {"receipt": receipt}).status_code,
        "theirs": world.thread.post("/api/thread", data={"receipt": receipt}, headers=HTML).status_code,
    }
    assert set(seen.values()) == {200}, seen
    found: dict[str, Any] = case.get_json()
    return found


def end(desk: Desk, case_id: str) -> None:
    reason = {"stage": "diarsipkan", "reason": "Bukan laporan."}
    answer = desk.post(f"/desk/cases/{case_id}/stage", reason)
    assert (answer.status_code, answer.get_json()["stage"]) == (200, "diarsipkan")


def test_any_report_is_read_or_broken_and_can_be_ended(world: World) -> None:
    whole, broken = 0, 0
    found = shapes()
    desk = world.desk_of("kutim")
    for plain in found[:: deep(1, 12)]:
        body, receipt = forged(world, plain, subject=plain[:200])
        assert world.intake.post("/api/reports", json=body, headers=JSON).status_code == 201
        first = pages(world, desk, body["case_id"], receipt)["messages"][0]
        whole, broken = whole + bool(first["body"]), broken + bool(first.get("broken"))
        assert bool(first["body"]) is not bool(first.get("broken"))
        end(desk, body["case_id"])
    assert min(whole, broken) > deep(20, 3)


@pytest.mark.parametrize("by", deep([Actor.REPORTER, Actor.OFFICER, Actor.SYSTEM], [Actor.REPORTER]))
def test_any_later_item_is_read_or_broken_and_the_case_can_be_ended(world: World, by: Actor) -> None:
    """Also under the hands of officers: an older release, or one that wrote to the store with the case's key."""
    desk = world.desk_of("kutim")
    kinds = THEIRS if by is Actor.REPORTER else (*THEIRS, *OURS, *ODD)
    found, turn = shapes(), deep(1, 12)
    for at, kind in enumerate(kinds):
        sent = world.report()
        case_id, receipt = sent["tracking_id"], sent["receipt"]
        keys = sealing.receipt_keys(parse_receipt(receipt))
        head = world.store.read_head(case_id)
        key = opening.unwrap_with_receipt(keys, head.wraps.receipt)
        wanted = LiftRequest(Lift.ASKED, "kutim", world.today) if kind is EventKind.LIFT else head.lift
        for plain in found[at % turn :: turn]:
            n = head.version + 1
            sealed = seal_bytes(key, case_id, n, kind, plain)
            after = replace(head, version=n, lift=wanted)
            first = world.store.read_case(case_id).events[0]
            after, event = chained(after, replace(first, n=n, kind=kind, by=by, sealed=sealed))
            world.store.append(Append(after, (event,)), head.version)
            head = after
        pages(world, desk, case_id, receipt)
        said = {"receipt": receipt, "body": "Masih begitu.", "message_key": "ab" * 8}
        assert world.post("/api/thread/messages", said).status_code in (201, 409, 429)
        end(desk, case_id)


def test_any_identity_is_read_or_empty_and_no_step_of_it_makes_a_yes() -> None:
    """Who leaves a name has the identity's key, and could seal steps in custodians' places."""
    key, case_id, day = b"i" * 32, "4F7K-2M9Q-XR3D", date(2026, 11, 25)
    for plain in shapes():
        sealed = seal_bytes(key, case_id, 0, "identity", plain, sealing.IDENTITY_FLOOR)
        steps = tuple(
            IdentityStep(n, kind, "", "", day, seal_bytes(key, case_id, n, "identity-step", plain))
            for n, kind in enumerate(StepKind, start=1)
        )
        opened = OpenedIdentity(Identity(case_id, "kutim", "00" * 16, b"", b"", sealed, steps=steps), key, key)
        assert all(isinstance(text, str) for text in opened.person())
        assert not any(step.whole for step in opened.steps() if step.kind in SEALED)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            EventKind.PUBLISH,
            {"step": "drafted", "summary": "x", "answer": "y", "agency": "kutim", "month": "2026-11-01"},
        ),
        (EventKind.PUBLISH, {"step": "declined"}),
        (EventKind.LIFT, {"step": "granted", "about": "kutim-dpupr"}),
        (EventKind.UNMASK, {"step": "agreed", "agency": "kutim-dpupr", "target": "1", "request": "2"}),
        (EventKind.IDENTITY, {"change": "wished"}),
        (EventKind.HANDOVER, {"agency": "kutim-dpupr", "reason": "Kewenangan dinas."}),
        (EventKind.CLOSE, {"outcome": "dijelaskan", "reason": "Selesai."}),
        (EventKind.NOTE, {"body": "Catatan.", "agency": "kutim"}),
    ],
    ids=str,
)
def test_no_step_of_an_officer_can_be_sealed_in_their_place(kind: EventKind, words: dict[str, str]) -> None:
    assert check_words(kind, Actor.SYSTEM, words) == words
    with pytest.raises(ValueError, match="no reporter"):
        check_words(kind, Actor.REPORTER, words)

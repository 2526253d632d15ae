"""Deleting for good: by the writer's wish and by the keeping time, with nothing left that opens."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from functions.actions.common import append
from functions.actions.common.erase import Retain, erase
from functions.casework.case import DeskWork, Escalation
from functions.casework.case_changes import tombstone
from functions.casework.case_fields import flat
from functions.casework.receipt import parse_receipt
from functions.crypto.errors import SealError
from functions.crypto.open.opening import unwrap_with_receipt
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.seal.sealing import receipt_keys
from functions.storage.interface import StoreUnavailableError, VersionConflictError
from tests.case_heads import changed
from tests.world import JSON, World

NAMED = {"identity_mode": "rahasia", "name": "Bunga Melati", "contact": "bunga@contoh.id"}


def photo() -> bytes:
    raw = BytesIO()
    Image.new("RGB", (300, 200), "teal").save(raw, "JPEG")
    return raw.getvalue()


def full(world: World, **changes: str) -> dict[str, Any]:
    """A case with everything a case can have."""
    report = world.report(**(NAMED | changes))
    sent = {"receipt": report["receipt"], "file_key": "f" * 16, "file": FileStorage(BytesIO(photo()), "a.jpg")}
    assert world.thread.post("/api/thread/files", data=sent, headers={"Accept": "application/json"}).status_code == 201
    return report


def closed(world: World) -> dict[str, Any]:
    report = full(world)
    unit = world.hand_over(report["tracking_id"])
    path = f"/desk/cases/{report['tracking_id']}/close"
    assert unit.post(path, {"outcome": "dijelaskan", "reason": "Sudah."}).status_code == 200
    return report


def files(world: World) -> list[str]:
    return [path.name for path in world.blobs.root.rglob("*") if path.is_file()]


def test_a_withdrawn_case_cannot_be_opened_by_anyone_holding_everything_else(world: World) -> None:
    """Every private key there is, the receipt, the store and the files as they are afterwards."""
    report = full(world)
    before = world.store.read_case(report["tracking_id"])
    words, wraps = before.events[0].sealed, (before.head.wraps.receipt, before.head.wraps.desk)
    left = world.store.read_identity(report["tracking_id"])
    assert left is not None
    world.post("/api/thread/withdraw", {"receipt": report["receipt"]})
    case = world.store.read_case(report["tracking_id"])
    assert case.events == ()
    assert case.head.shredded
    keys = receipt_keys(parse_receipt(report["receipt"]))
    for wrap in (case.head.wraps.receipt, case.head.wraps.desk, case.head.reporter.contact, case.head.wraps.subject):
        assert wrap == b""
    with pytest.raises(SealError):
        unwrap_with_receipt(keys, case.head.wraps.receipt)
    with pytest.raises(SealError):
        world.keys.private(Purpose.DESK).open_case(case.head)
    assert world.store.read_identity(report["tracking_id"]) is None
    assert files(world) == []
    on_disk = b"".join(path.read_bytes() for path in world.folder.glob("lapor.sqlite*"))
    for gone in (*wraps, words, before.head.reporter.contact, left.wrap_custody, left.wrap_receipt, left.sealed):
        assert gone[13:45] not in on_disk


@pytest.mark.parametrize("by", ["reporter", "officer"])
def test_a_file_that_is_cleaned_while_its_case_goes_does_not_stay(
    world: World, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    """No later run looks for it: what is listed as due has its tombstone already."""
    report, honest = full(world), append.clean
    case_id = report["tracking_id"]
    desk = world.hand_over(case_id)

    def slow(*arguments: Any, **named: Any) -> Any:
        world.post("/api/thread/withdraw", {"receipt": report["receipt"]})
        return honest(*arguments, **named)

    monkeypatch.setattr(append, "clean", slow)
    sent = {"receipt": report["receipt"], "file_key": "g" * 16, "file": FileStorage(BytesIO(photo()), "a.jpg")}
    client, path = (
        (world.thread, "/api/thread/files") if by == "reporter" else (desk.client, f"/desk/cases/{case_id}/files")
    )
    assert client.post(path, data=sent, headers=JSON | {"X-CSRF-Token": desk.csrf}).status_code == 409
    assert files(world) == []


def test_the_tombstone_keeps_facts_for_the_statistics_and_no_word(world: World) -> None:
    report = full(world)
    before = world.store.read_head(report["tracking_id"])
    known = {"sp4n": "9197446", "recused": ("dpupr-1",), "escalated": 1, "escalated_to": "kutim"}
    dead = tombstone(changed(before, **known))
    assert (dead.desk_work, dead.escalation, dead.clock.terms) == (DeskWork(recused=("dpupr-1",)), Escalation(), ())
    kept = ("case_id", "instance", "holder", "kind", "topic", "district", "received_on", "lookup", "from_reporter")
    assert all(flat(dead)[name] == flat(before)[name] for name in kept)
    assert dead.version == before.version + 1
    left = [name for name, value in flat(dead).items() if isinstance(value, bytes) and value]
    assert left == ["lookup", "chain", "act"]
    assert dead.chain == before.chain


def test_what_an_officer_was_writing_meanwhile_does_not_bring_it_back(world: World) -> None:
    report = full(world)
    head = world.store.read_head(report["tracking_id"])
    erase(world.store, world.blobs, head)
    with pytest.raises(VersionConflictError):
        erase(world.store, world.blobs, head)
    assert world.store.read_head(report["tracking_id"]).shredded


def test_the_keeping_time_deletes_what_was_closed_long_ago_and_nothing_else(world: World) -> None:
    old = closed(world)
    window = (world.store.read_head(old["tracking_id"]).clock.due - world.today).days  # its reporter may answer
    world.later(days=400)
    young, still_open = closed(world), full(world)
    retain = Retain(world.store, world.blobs, world.directory, lambda: world.today, days=730)
    world.later(days=330 + window)
    assert retain() == 0
    world.later(days=1)
    assert retain() == 1
    assert retain() == 0
    assert world.read(old["receipt"])["messages"] == []
    assert world.read(old["receipt"])["stage"] == "selesai"  # it was closed, not withdrawn
    for report in (young, still_open):
        assert world.read(report["receipt"])["messages"]


def test_a_run_that_was_cut_short_is_finished_by_the_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reports = [closed(world) for _ in range(3)]
    world.later(days=800)
    retain = Retain(world.store, world.blobs, world.directory, lambda: world.today, days=730)
    shred, calls = world.store.shred, []

    def once(*arguments: Any) -> None:
        calls.append(arguments)
        if len(calls) >= 2:
            raise StoreUnavailableError
        shred(*arguments)

    monkeypatch.setattr(world.store, "shred", once)
    with pytest.raises(StoreUnavailableError):
        retain()
    monkeypatch.setattr(world.store, "shred", shred)
    assert retain() == 2
    assert all(world.read(report["receipt"])["messages"] == [] for report in reports)
    assert files(world) == []


def test_files_that_could_not_go_are_looked_for_by_the_next_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    report = full(world)
    retain = Retain(world.store, world.blobs, world.directory, lambda: world.today, days=730)

    def away(_: str) -> None:
        raise StoreUnavailableError

    with monkeypatch.context() as patched:
        patched.setattr(world.blobs, "delete_case", away)
        assert world.post("/api/thread/withdraw", {"receipt": report["receipt"]}).status_code == 503
    assert world.store.read_head(report["tracking_id"]).shredded
    assert files(world)
    assert retain() == 1
    assert files(world) == []
    assert retain() == 0


def test_files_of_one_case_that_cannot_go_keep_no_other_case_from_going(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is listed before all others, at every run."""
    due, stuck = closed(world), full(world)
    honest = world.blobs.delete_case

    def away(case_id: str) -> None:
        if case_id == stuck["tracking_id"]:
            raise StoreUnavailableError
        honest(case_id)

    monkeypatch.setattr(world.blobs, "delete_case", away)
    assert world.post("/api/thread/withdraw", {"receipt": stuck["receipt"]}).status_code == 503
    world.later(days=800)
    with pytest.raises(StoreUnavailableError):
        Retain(world.store, world.blobs, world.directory, lambda: world.today, days=730)()
    assert world.store.read_head(due["tracking_id"]).shredded


def test_files_of_one_government_that_cannot_go_keep_none_of_another_from_going(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    due, honest = closed(world), world.store.closed_before

    def listed(instance: str, *span: Any) -> Any:
        if instance == "bontang":
            raise StoreUnavailableError
        return honest(instance, *span)

    monkeypatch.setattr(world.store, "closed_before", listed)
    world.later(days=800)
    (kutim,) = world.directory.instances()
    both: Any = SimpleNamespace(instances=lambda: (replace(kutim, code="bontang"), kutim))
    with pytest.raises(StoreUnavailableError):
        Retain(world.store, world.blobs, both, lambda: world.today, days=730)()
    assert world.store.read_head(due["tracking_id"]).shredded


def test_more_than_a_page_is_deleted_in_one_run(world: World) -> None:
    desk = world.desk_of("kutim")
    for _ in range(25):
        report = world.report()
        path = f"/desk/cases/{report['tracking_id']}/stage"
        assert desk.post(path, {"stage": "diarsipkan", "reason": "Bukan laporan."}).status_code == 200
    world.today += timedelta(days=800)
    assert Retain(world.store, world.blobs, world.directory, lambda: world.today, days=730)() == 25

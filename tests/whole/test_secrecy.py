"""What a thief reads: the store and the disk whole, with every key but one."""

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from secrets import token_hex

import pytest
from PIL import Image

from functions.casework import audit
from functions.casework.case import EventKind
from functions.casework.stages import Actor, Stage
from functions.crypto.errors import SealError
from functions.crypto.open import opening
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.padding import LENGTH_BYTES, file_bucket
from functions.crypto.seal import sealing
from functions.crypto.seal.public_keys import Purpose
from functions.storage.interface import Scope
from tests.crypto.scripts import prose
from tests.world import JSON, World

CANARIES = {
    "body": "Burung kenari di badan laporan",
    "subject": "Kenari judul",
    "place": "Gang Kenari nomor tujuh",
    "about_officials": "Oknum Kenari",
    "name": "Bunga Kenari",
    "contact": "kenari@contoh.id",
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world with one whole conversation in it."""
    world = World(tmp_path)
    sent = world.report(**CANARIES, identity_mode="rahasia")
    raw = BytesIO()
    Image.effect_noise((200, 120), 60).save(raw, "PNG")
    world.thread.post(
        "/api/thread/files",
        data={"receipt": sent["receipt"], "file_key": token_hex(8), "file": (BytesIO(raw.getvalue()), "kenari.png")},
        headers=JSON,
    )
    desk = world.hand_over(sent["tracking_id"])
    desk.post(f"/desk/cases/{sent['tracking_id']}/messages", {"body": "Jawaban kenari", "message_key": token_hex(8)})
    world.ask_link("kenari@dinas.example.id")
    world.sent = sent  # type: ignore[attr-defined]
    return world


def disk(world: World) -> dict[str, bytes]:
    """Every file, the database's pages and its write-ahead log included."""
    return {
        str(path.relative_to(world.folder)): path.read_bytes() for path in world.folder.rglob("*") if path.is_file()
    }


def values(world: World) -> list[object]:
    """Every value of every table."""
    with closing(sqlite3.connect(world.folder / "lapor.sqlite")) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [value for name in tables for row in connection.execute(f'SELECT * FROM "{name}"') for value in row]  # noqa: S608 - names from the catalogue


def test_no_word_name_or_receipt_stands_anywhere_in_clear(world: World) -> None:
    receipt = world.sent["receipt"]  # type: ignore[attr-defined]
    symbols = receipt.replace("-", "")
    hunted = [*CANARIES.values(), "Jawaban kenari", "kenari.png", "kenari@dinas", receipt, symbols, symbols[:10]]
    found = disk(world)
    assert any("sqlite" in name for name in found)
    assert any("blobs" in name for name in found)
    for name, content in found.items():
        for text in hunted:
            assert text.encode() not in content, (text, name)


def test_only_the_desks_key_opens_the_words(world: World) -> None:
    """Each private key on the disk, and all public ones, tried on each envelope: only the desk's opens."""
    head = world.store.page(Scope.INSTANCE, "kutim").heads[0]
    opened = []
    for purpose in Purpose:
        for key_id, private in world.keys.private(purpose).keys.items():
            named = replace(head, wraps=replace(head.wraps, key_id=key_id))  # as whoever tries them all
            try:
                case_key = PrivateKeys(purpose, {key_id: private}).open_case(named)
            except (SealError, ValueError):
                continue
            opened.append((purpose, key_id))
            words = opening.open_item(
                case_key, head.case_id, 1, EventKind.REPORT, world.store.read_case(head.case_id).events[0].sealed
            )
            assert json.loads(words)["body"] == CANARIES["body"]
    assert opened == [(Purpose.DESK, head.wraps.key_id)]


def test_name_and_contact_open_with_their_own_key_and_no_other(world: World) -> None:
    """Whoever reads the words cannot learn who wrote them; whoever may learn that cannot read the words."""
    head = world.store.page(Scope.INSTANCE, "kutim").heads[0]
    identity = world.store.read_identity(head.case_id)
    assert identity is not None
    opened = []
    for purpose in Purpose:
        for as_purpose in (Purpose.DESK, Purpose.COURIER, Purpose.IDENTITY):
            keys = PrivateKeys(as_purpose, world.keys.private(purpose).keys)
            for context, envelope in (
                (head.case_id, identity.wrap_custody),
                (head.case_id + ":contact", head.reporter.contact),
            ):
                try:
                    opened.append((purpose, as_purpose, keys.open("kutim", context, envelope)))
                except (SealError, ValueError):
                    continue
    (courier, _, contact), (custody, _, key) = sorted(opened)
    assert (courier, custody) == (Purpose.COURIER, Purpose.IDENTITY)
    assert CANARIES["contact"].encode() in contact
    assert CANARIES["name"].encode() in opening.open_item(key, head.case_id, 0, "identity", identity.sealed)
    with pytest.raises(SealError):
        opening.open_item(key, head.case_id, 1, EventKind.REPORT, world.store.read_case(head.case_id).events[0].sealed)


def test_what_intake_and_thread_hold_opens_nothing(world: World, tmp_path: Path) -> None:
    """They hold public keys and the store: every value there is tried as a key on every sealed value."""
    public = KeyDirectory(world.folder / "keys").public()
    case = world.store.read_case(world.sent["tracking_id"])  # type: ignore[attr-defined]
    identity = world.store.read_identity(case.head.case_id)
    assert identity is not None
    held = [value for value in values(world) if isinstance(value, bytes)]
    held += [raw[start : start + 32] for raw in public.keys.values() for start in range(0, len(raw) - 31, 32)]
    keys = [value for value in held if len(value) == 32] + [value[-32:] for value in held if len(value) > 32]
    assert len(keys) > 10
    for key in keys:
        for event in case.events:
            with pytest.raises(SealError):
                opening.open_item(key, case.head.case_id, event.n, event.kind, event.sealed)
        wrong = sealing.ReceiptKeys(case.head.case_id, case.head.wraps.lookup, key, key)
        with pytest.raises(SealError):
            opening.unwrap_with_receipt(wrong, case.head.wraps.receipt)
        with pytest.raises(SealError):
            opening.unwrap_identity_with_receipt(wrong, identity.wrap_receipt)


def test_a_receipt_opens_its_own_case_only(world: World) -> None:
    other = world.report(body="Laporan orang lain")
    head = world.store.read_case(other["tracking_id"]).head
    from functions.casework.receipt import parse_receipt

    keys = sealing.receipt_keys(parse_receipt(world.sent["receipt"]))  # type: ignore[attr-defined]
    with pytest.raises(SealError):
        opening.unwrap_with_receipt(keys, head.wraps.receipt)
    forged = replace(keys, case_id=other["tracking_id"], lookup=head.wraps.lookup)
    with pytest.raises(SealError):
        opening.unwrap_with_receipt(forged, head.wraps.receipt)


def test_the_key_of_one_instance_does_not_open_anothers_case(world: World) -> None:
    world.keys.generate(Purpose.DESK, "bontang")
    head = world.store.page(Scope.INSTANCE, "kutim").heads[0]
    other = {
        k: v
        for k, v in world.keys.private(Purpose.DESK).keys.items()
        if k in world.keys.private_ids(Purpose.DESK, "bontang")
    }
    with pytest.raises(SealError):
        PrivateKeys(Purpose.DESK, other).open_case(head)
    with pytest.raises(SealError):
        world.keys.private(Purpose.DESK).open_case(replace(head, instance="bontang"))


def test_an_item_cannot_pass_for_another(world: World) -> None:
    case = world.store.read_case(world.sent["tracking_id"])  # type: ignore[attr-defined]
    case_key = world.keys.private(Purpose.DESK).open_case(case.head)
    first = case.events[0]
    for n, kind, case_id in (
        (2, first.kind, case.head.case_id),
        (1, EventKind.MESSAGE, case.head.case_id),
        (1, first.kind, "4F7K-2M9Q-XR3D"),
    ):
        with pytest.raises(SealError):
            opening.open_item(case_key, case_id, n, kind, first.sealed)


def test_lengths_fall_into_buckets_and_days_have_no_time(world: World) -> None:
    sizes = set()
    for length in (1, 10, 300, 900, 2_500):
        sent = world.report(body=prose()[:length])
        answer = {"receipt": sent["receipt"], "body": prose()[length : 2 * length], "message_key": "ab" * 8}
        assert world.post("/api/thread/messages", answer).status_code == 201
        sizes |= {(event.n, len(event.sealed)) for event in world.store.read_case(sent["tracking_id"]).events}
    assert len(sizes) == 2  # one for the report, one for what is signed
    for value in values(world):
        if isinstance(value, str):
            assert not re.search(r"\d\d:\d\d", value), value
        if isinstance(value, int):
            assert not 1_600_000_000 < value < 2_000_000_000 or value in allowed_seconds(world), value


def test_an_event_names_the_officer_who_did_it_and_says_nothing_of_the_reporter(world: World) -> None:
    """All texts of an event in clear, and what each may be: no field is left that could hold anything else."""
    officers = {officer.ident for officer in world.officers}
    allowed = {
        "case_id": {world.sent["tracking_id"]},  # type: ignore[attr-defined]
        "kind": {*EventKind},
        "by": {*Actor},
        "on": {world.today.isoformat(), (world.today - timedelta(days=1)).isoformat()},
        "stage": {*Stage},
        "agency": {"", *world.directory.agencies},
        "officer": {"", *officers},
        "clear": {"", *"12345"},  # a rating, as in the head
    }
    with closing(sqlite3.connect(world.folder / "lapor.sqlite")) as connection:
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute("SELECT * FROM events")]
    assert {row["officer"] for row in rows if row["by"] == Actor.REPORTER} == {""}
    assert {row["officer"] for row in rows} == {"", world.officer("kutim").ident, world.officer("kutim-dpupr").ident}
    for row in rows:
        assert {name for name, value in row.items() if isinstance(value, str)} == set(allowed)
        if row["kind"] == EventKind.FILE:  # what its padded bytes are on the disk as well
            assert file_bucket(int(row["clear"]) - LENGTH_BYTES) == int(row["clear"])
            row["clear"] = ""
        for name, values in allowed.items():
            assert row[name] in values, (name, row[name])


def test_a_link_is_made_of_what_stands_in_clear_and_of_sealed_bytes_alone(world: World) -> None:
    """Made anew here without any key, from what the thief has anyway: it tells him nothing more."""
    case = world.store.read_case(world.sent["tracking_id"])  # type: ignore[attr-defined]
    previous = bytes(32)
    for event in case.events:
        assert event.chain == audit.link(previous, case.head.case_id, replace(event, chain=b""))
        previous = event.chain
    assert case.head.chain == previous


def allowed_seconds(world: World) -> set[int]:
    """Seconds that concern officers alone: a link's end and issue, kept with its use."""
    with closing(sqlite3.connect(world.folder / "lapor.sqlite")) as connection:
        rows = connection.execute("SELECT issued, expires FROM link_uses").fetchall()
    return {seconds for row in rows for seconds in row}


def test_files_on_disk_are_private_and_tell_a_day(world: World) -> None:
    blobs = list((world.folder / "blobs").rglob("*"))
    assert any(path.is_file() for path in blobs)
    for path in blobs:
        assert path.stat().st_mode & 0o077 == 0, path
        assert path.stat().st_mtime % 60 == 0, path
    public = world.folder / "keys" / "public.json"
    assert public.stat().st_mode & 0o777 == 0o644  # each door's own user seals to what is in it
    for path in (world.folder / "keys").rglob("*"):
        assert path == public or path.stat().st_mode & 0o077 == 0, path

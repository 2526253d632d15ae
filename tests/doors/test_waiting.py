"""Reports that waited on a phone: sealed whole to the intake's key, acknowledged by a token, refused in words."""

import hashlib
import json
from base64 import b64decode
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from functions.config.settings import load_settings
from functions.crypto.errors import SealError
from functions.crypto.key_pairs import SUITE, hpke_public
from functions.crypto.padding import pad
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.seal.relayed import seal_whole
from functions.crypto.transport.waiting_reports import (
    INFO,
    STEP_BYTES,
    StrangeKeyError,
    WaitingKey,
    make_waiting_secret,
    read_waiting_secret,
)
from tests.envelopes import sealed_fields
from tests.world import JSON, WORDS, World


def published(world: World) -> tuple[str, bytes]:
    key = world.intake.get("/api/reports/waiting-key", headers=JSON).get_json()
    public = b64decode(key["public"])
    assert key["key_id"] == hashlib.sha256(public).hexdigest()[:32]
    return key["key_id"], public


def sealed_for(key: tuple[str, bytes], inside: bytes, step: int = STEP_BYTES) -> bytes:
    size = -(-(len(inside) + 4) // step) * step
    return b"\x01" + bytes.fromhex(key[0])[:8] + SUITE.encrypt(pad(inside, size), hpke_public(key[1]), info=INFO)


@pytest.mark.parametrize(("size", "taken"), [(2048, True), (256 * 1024, True), (256 * 1024 + 2048, False)])
def test_a_waiting_report_is_of_one_step_to_256_kilobytes(size: int, taken: bool) -> None:
    key, inside = WaitingKey(b"w" * 32), bytes(size - 4)
    envelope = seal_whole(key.public, inside)
    assert len(envelope) == size + 1145
    if taken:
        assert key.open(envelope) == inside
    else:
        with pytest.raises(SealError, match="not a waiting report"):
            key.open(envelope)
    for less in (seal_whole(key.public, b"")[: 1145 + 1], envelope[:-1], envelope[:1145], b""):
        with pytest.raises(SealError, match="not a waiting report"):
            key.open(less)


def send(world: World, envelope: bytes, **more: str) -> Any:
    form = {"sealed": "waiting", "envelope": (BytesIO(envelope), "blob"), **more}
    return world.intake.post("/api/reports", data=form, headers=JSON)


def test_it_is_taken_as_if_it_had_come_at_once_and_acknowledged_by_its_token(world: World) -> None:
    body, receipt = sealed_fields(world.submit, world.fields())
    token = token_hex(32)
    envelope = sealed_for(published(world), json.dumps(body | {"opened": token}).encode())
    for status in (201, 200):
        answer = send(world, envelope)
        assert answer.status_code == status
        assert answer.get_json()["opened"] == token
        assert answer.get_json()["tracking_id"] == body["case_id"]
        assert "receipt" not in answer.get_json()
    seen = world.read(receipt)
    assert (seen["sealed"], seen["messages"][0]["body"]) == ("browser", WORDS)
    # The same report sent at once, since its answer was lost: the same case.
    assert world.intake.post("/api/reports", json=body, headers=JSON).status_code == 200


def test_the_outer_seal_hides_the_clear_facts_and_the_number_too(world: World) -> None:
    body, receipt = sealed_fields(world.submit, world.fields(about_agency="kutim-dpupr"))
    envelope = sealed_for(published(world), json.dumps(body | {"opened": token_hex(32)}).encode())
    for secret in (body["case_id"], body["lookup"], body["topic"], "kutim-dpupr", body["words"][:40], receipt, "{"):
        raw = secret.encode()
        assert len(raw) < 3 or raw not in envelope
    # and its length tells a step of 2 KiB
    assert (len(envelope) - 1 - 8 - 1120 - 16) % STEP_BYTES == 0


def test_a_key_that_changed_meanwhile_is_told_inside_and_outside(world: World) -> None:
    body, _ = sealed_fields(world.submit, world.fields())
    inside = json.dumps(body | {"opened": token_hex(32)}).encode()
    stranger = WaitingKey(b"another secret than ours")
    answer = send(world, sealed_for((stranger.key_id, stranger.public), inside))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "keys_changed")
    envelope = sealed_for(published(world), inside)
    world.keys.generate(Purpose.DESK, "kutim")
    answer = send(world, envelope)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "keys_changed")
    assert "opened" not in answer.get_json()


@pytest.mark.parametrize(
    "inside",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"opened": "kurang"}',
        json.dumps({"opened": "ab" * 32, "kind": 1}).encode(),
        json.dumps({"opened": "ab" * 32, "kind": "pengaduan"}).encode(),
        b"\xff\xfe",
        b"[" * 60_000,
    ],
)
def test_what_is_inside_must_be_a_report_and_its_token(world: World, inside: bytes) -> None:
    answer = send(world, sealed_for(published(world), inside))
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid")
    assert answer.get_json()["errors"]


def test_what_is_no_envelope_is_refused(world: World) -> None:
    good = sealed_for(published(world), b"{}")
    for bad in (b"", good[:-1], good[:100], b"\x02" + good[1:], good[:-1] + bytes([good[-1] ^ 1])):
        assert send(world, bad).status_code == 422
    assert send(world, sealed_for(published(world), b"{}", step=1024)).status_code == 422
    assert world.intake.post("/api/reports", json={"sealed": "waiting"}, headers=JSON).status_code == 422


def test_a_field_outside_cannot_take_the_place_of_one_inside(world: World) -> None:
    body, _ = sealed_fields(world.submit, world.fields())
    envelope = sealed_for(published(world), json.dumps(body | {"opened": token_hex(32)}).encode())
    answer = send(world, envelope, case_id="0000-0000-0000", topic="tidak-ada", opened="00" * 32)
    assert answer.status_code == 201
    assert answer.get_json()["tracking_id"] == body["case_id"]
    assert answer.get_json()["opened"] != "00" * 32


def test_one_secret_makes_one_key_and_another_opens_nothing() -> None:
    ours, again, other = WaitingKey(b"rahasia satu"), WaitingKey(b"rahasia satu"), WaitingKey(b"rahasia dua")
    assert (ours.key_id, ours.public) == (again.key_id, again.public)
    envelope = sealed_for((ours.key_id, ours.public), b"isi")
    assert again.open(envelope) == b"isi"
    with pytest.raises(StrangeKeyError):
        other.open(envelope)
    with pytest.raises(SealError):
        other.open(envelope[:1] + bytes.fromhex(other.key_id)[:8] + envelope[9:])


def test_the_secret_is_the_setting_or_a_file_that_a_first_start_makes(tmp_path: Path) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path)})
    assert read_waiting_secret(settings) == b""
    make_waiting_secret(settings)
    made = read_waiting_secret(settings)
    assert len(made) == 64
    path = tmp_path / "keys" / "waiting"
    assert path.stat().st_mode & 0o077 == 0
    make_waiting_secret(settings)
    assert read_waiting_secret(settings) == made
    given = replace(settings, form_secret="yang-ditetapkan-pengelola")
    assert read_waiting_secret(given) == b"yang-ditetapkan-pengelola"

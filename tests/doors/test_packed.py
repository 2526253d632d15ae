"""A sealed report as the form posts it: its envelopes as bytes. The same report as one in JSON, and junk is refused."""

import json
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from functions.intake.packed import NAMES
from tests.envelopes import sealed_fields
from tests.split_world import SplitWorld
from tests.world import JSON, WORDS, World

NAMED = {"identity_mode": "rahasia", "name": "Bunga Melati", "contact": "bunga@contoh.id"}


def packed(body: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The clear part and the bytes of what goes as JSON otherwise."""
    envelopes = {name: b64decode(body[name]) for name in sorted(NAMES & body.keys())}
    clear = {name: text for name, text in body.items() if name not in NAMES}
    return clear | {"lengths": {name: len(raw) for name, raw in envelopes.items()}}, b"".join(envelopes.values())


def send(world: World, report: Any, envelopes: bytes | None) -> Any:
    form = {"report": report if isinstance(report, str) else json.dumps(report)}
    file = {} if envelopes is None else {"envelopes": (BytesIO(envelopes), "-")}
    return world.intake.post("/api/reports", data=form | file, headers=JSON, content_type="multipart/form-data")


def test_it_is_the_same_report_as_one_in_json_and_lighter(world: World) -> None:
    body, receipt = sealed_fields(world.submit, world.fields())
    report, envelopes = packed(body)
    answer = send(world, report, envelopes)
    assert answer.status_code == 201
    assert set(answer.get_json()) == {"tracking_id", "stage", "due"}
    assert send(world, report, envelopes).status_code == 200
    assert world.intake.post("/api/reports", json=body, headers=JSON).status_code == 200
    seen = world.read(receipt)
    assert (seen["sealed"], seen["messages"][0]["body"]) == ("browser", WORDS)
    assert len(json.dumps(report)) + len(envelopes) < 0.8 * len(json.dumps(body))


def test_an_identity_comes_along(world: World) -> None:
    body, _ = sealed_fields(world.submit, world.fields(**NAMED))
    report, envelopes = packed(body)
    assert set(report["lengths"]) == NAMES - {"identity_wrap_talk", "identity_shares"}
    assert send(world, report, envelopes).status_code == 201
    assert world.store.read_identity(body["case_id"]) is not None
    assert world.store.read_head(body["case_id"]).reporter.contact == b64decode(body["contact"])


def test_the_shares_of_a_name_come_along_and_are_no_part_of_its_identity(tmp_path: Path) -> None:
    world = SplitWorld(tmp_path)
    world.split()
    body, _ = sealed_fields(world.submit, world.fields(**NAMED))
    report, envelopes = packed(body)
    assert set(report["lengths"]) == NAMES
    assert send(world, report, envelopes).status_code == 201
    assert world.store.read_shares(body["case_id"]) == b64decode(body["identity_shares"])
    assert world.identity(body["case_id"]).shares == b""
    for name in ("identity_wrap_talk", "identity_shares"):
        other, _ = sealed_fields(world.submit, world.fields(**NAMED))
        short = other | {name: body[name][:-4]}
        assert world.intake.post("/api/reports", json=short, headers=JSON).status_code == 422


def refused(answer: Any, field: str) -> bool:
    (error,) = answer.get_json()["errors"]
    return (answer.status_code, error["field"]) == (422, field) and "Segel kiriman ini rusak" in error["message"]


@pytest.mark.parametrize(
    "report",
    ["", "{", "[]", "7", "null", '"halo"', "{}", "[" * 30_000, '{"lengths": []}', '{"lengths": {}, "kind": 7}'],
)
def test_what_is_no_report_is_refused(world: World, report: str) -> None:
    assert refused(send(world, report, b"x"), "envelopes")


@pytest.mark.parametrize(
    "lengths",
    [
        {"words": "4125"},
        {"words": 41.25},
        {"words": True},
        {"words": -1},
        {"words": 0},
        {"words": 10**30},
        {"kind": 5},
        {"case_id": 5},
        {},
    ],
)
def test_lengths_that_are_none_or_another_fields_are_refused(world: World, lengths: dict[str, Any]) -> None:
    report, envelopes = packed(sealed_fields(world.submit, world.fields())[0])
    assert refused(send(world, report | {"lengths": lengths}, envelopes), "envelopes")


def test_bytes_that_are_missing_or_left_over_are_refused(world: World) -> None:
    report, envelopes = packed(sealed_fields(world.submit, world.fields())[0])
    for other in (envelopes[:-1], envelopes + b"\0", b"", None):
        assert refused(send(world, report, other), "envelopes")
    swapped = report | {"lengths": dict(reversed(report["lengths"].items()))}
    assert send(world, swapped, envelopes).status_code == 422
    assert refused(send(world, report | {"body": "\ud800"}, envelopes), "envelopes")
    assert send(world, report, envelopes).status_code == 201

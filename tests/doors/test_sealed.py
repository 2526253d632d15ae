"""A report that its browser sealed: taken as it is, opened by those it is for, and no door stumbles over junk."""

import json
from base64 import b64decode, b64encode
from dataclasses import replace
from typing import Any

import pytest

from functions.casework.case import EventKind
from functions.casework.formats.event_words import LIMITS, read_words
from functions.casework.receipt import parse_receipt
from functions.casework.report import read_report
from functions.crypto.open import opening
from functions.crypto.seal import sealing
from functions.crypto.seal.public_keys import Purpose
from tests.envelopes import as_version_1, fields_of, seal_bytes, sealed_fields
from tests.pages import check_page
from tests.world import JSON, WORDS, World

NAMED = {"identity_mode": "rahasia", "name": "Bunga Melati", "contact": "bunga@contoh.id"}


def send(world: World, body: dict[str, Any]) -> Any:
    return world.intake.post("/api/reports", json=body, headers=JSON)


def forged(world: World, plain: bytes, *, subject: bytes = b"") -> tuple[dict[str, Any], str]:
    """What a browser that is not ours may send: any plaintext under good envelopes."""
    typed = world.fields()
    submission = bytes.fromhex(typed["submission_key"])
    receipt = sealing.receipt_for(submission)
    keys = sealing.receipt_keys(receipt)
    good = world.submit._seal(read_report(typed, world.directory, world.today), keys, bytes(32), {})
    case_key = sealing.new_case_key()
    _, wrap = world.keys.public().seal(Purpose.DESK, "kutim", keys.case_id, case_key)
    bad = replace(
        good,
        wrap_receipt=sealing.wrap_for_receipt(keys, case_key),
        wrap_desk=wrap,
        words=seal_bytes(case_key, keys.case_id, 1, EventKind.REPORT, plain),
        subject=seal_bytes(case_key, keys.case_id, 0, "subject", subject, sealing.SUBJECT_FLOOR),
    )
    return fields_of(bad), str(receipt)


def test_it_is_taken_and_opens_for_its_writer_and_the_officer(world: World) -> None:
    body, receipt = sealed_fields(world.submit, world.fields())
    answer = send(world, body)
    assert answer.status_code == 201
    assert set(answer.get_json()) == {"tracking_id", "stage", "due"}
    assert answer.get_json()["tracking_id"] == body["case_id"]
    seen = world.read(receipt)
    assert (seen["sealed"], seen["messages"][0]["body"]) == ("browser", WORDS)
    case = world.desk_of("kutim").get(f"/desk/cases/{body['case_id']}").get_json()
    assert (case["sealed"], case["messages"][0]["body"]) == ("browser", WORDS)


def test_whom_a_writer_ticked_beside_whom_the_form_names_is_not_told_of_it(world: World) -> None:
    """The seal binds one agency; the coordinator, accused as well, was mailed before anybody had read the words."""
    said = "Pegawai Dinas PUPR minta uang 500 ribu. Pegawai Kominfo juga minta uang 1 juta supaya diam."
    typed = world.fields(about_agency="kutim-dpupr", subject="", place="", body=said)
    body, _ = sealed_fields(world.submit, typed)
    junk = "kutim-tidak-ada " + "x" * 500
    assert send(world, body | {"meant": f"kutim-diskominfo {junk}"}).status_code == 201
    head = world.store.read_head(body["case_id"])
    assert (head.holder, head.about_agency) == ("kutim-inspektorat", "kutim-dpupr")
    assert head.desk_work.kept_from == ("kutim-diskominfo",)
    world.later(days=1)
    world.run_courier()
    assert world.officer("kutim").email not in {letter.to for letter in world.mailbox.letters}
    desk = world.desk_of("kutim")
    assert body["case_id"] not in desk.client.get("/desk/", headers={"Accept": "text/html"}).text
    path = f"/desk/cases/{body['case_id']}"
    assert desk.get(path).status_code == 404
    assert said in str(world.desk_of("kutim-inspektorat").get(path).get_json()["messages"])


def test_nothing_that_was_sent_tells_the_words_or_the_receipt(world: World) -> None:
    typed = world.fields(**NAMED)
    body, receipt = sealed_fields(world.submit, typed)
    sent = json.dumps(body)
    secrets = [typed["body"], typed["subject"], typed["place"], typed["name"], typed["contact"]]
    for secret in [*secrets, receipt, receipt.replace("-", ""), typed["submission_key"]]:
        assert secret not in sent
        assert b64encode(secret.encode()).decode().rstrip("=") not in sent


def test_sending_again_is_the_same_report_and_other_words_are_not(world: World) -> None:
    typed = world.fields()
    first, again = sealed_fields(world.submit, typed)[0], sealed_fields(world.submit, typed)[0]
    assert first["words"] != again["words"]  # sealed anew, with another key
    assert (send(world, first).status_code, send(world, again).status_code) == (201, 200)
    changed = send(world, sealed_fields(world.submit, typed | {"body": "Lain."})[0])
    assert (changed.status_code, changed.get_json()["code"]) == (409, "changed_text")
    stranger = send(world, again | {"lookup": "00" * 32})
    assert (stranger.status_code, stranger.get_json()["code"]) == (409, "clash")


def test_a_key_that_is_no_longer_current_is_told(world: World) -> None:
    body, _ = sealed_fields(world.submit, world.fields())
    world.keys.generate(Purpose.DESK, "kutim")
    answer = send(world, body)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "keys_changed")
    secret, _ = sealed_fields(world.submit, world.fields(**NAMED))
    world.keys.generate(Purpose.IDENTITY, "kutim")
    assert send(world, secret).get_json()["code"] == "keys_changed"


def test_an_identity_is_kept_only_in_its_mode_and_a_contact_in_any(world: World) -> None:
    body, _ = sealed_fields(world.submit, world.fields(**NAMED))
    assert send(world, body).status_code == 201
    head = world.store.read_head(body["case_id"])
    identity = world.store.read_identity(body["case_id"])
    assert (head.reporter.mode, len(head.reporter.contact) > 0) == ("rahasia", True)
    assert identity is not None
    assert b"Bunga" not in identity.sealed
    other, _ = sealed_fields(world.submit, world.fields(**NAMED))
    assert send(world, other | {"identity_mode": "anonim"}).status_code == 201
    assert world.store.read_identity(other["case_id"]) is None
    assert len(world.store.read_head(other["case_id"]).reporter.contact) > 0  # sealed to the courier alone


@pytest.mark.parametrize(
    "name", ["case_id", "lookup", "fingerprint", "key_id", "wrap_receipt", "wrap_desk", "subject", "words"]
)
@pytest.mark.parametrize("value", ["", "zz", "AAAA", "ä"])
def test_a_broken_envelope_is_refused_by_name(world: World, name: str, value: str) -> None:
    body, _ = sealed_fields(world.submit, world.fields())
    answer = send(world, body | {name: value})
    assert answer.status_code == 422
    assert name in {error["field"] for error in answer.get_json()["errors"]} | {"key_id"}
    assert "Segel kiriman ini rusak" in answer.get_json()["errors"][0]["message"]


LENGTHS = {
    sealing.VERSION: {"words": (4096, 2**17), "subject": (512, 1024), "identity_sealed": (1024, 2048)},
    sealing.ITEM_VERSION: {"words": (1840, 117_760), "subject": (256, 1024), "identity_sealed": (448, 1792)},
}


@pytest.mark.parametrize("version", LENGTHS, ids=["before", "now"])
@pytest.mark.parametrize("name", ["words", "subject", "identity_sealed"])
def test_lengths_must_be_ones_that_we_make_in_that_version(world: World, name: str, version: bytes) -> None:
    low, high = LENGTHS[version][name]

    def status(size: int, version: bytes = version) -> int:
        body, _ = sealed_fields(world.submit, world.fields(**NAMED))
        raw = version + bytes(size + sealing.ITEM_OVERHEAD - 1)
        answer: int = send(world, body | {name: b64encode(raw).decode()}).status_code
        return answer

    assert [status(size) for size in (low, 2 * low, high)] == [201, 201, 201]
    assert [status(size) for size in (low // 2, low - 1, low + 1, high + 1, 2 * high)] == [422] * 5
    assert status(low, b"\x03") == 422


@pytest.mark.parametrize("body", ["Jembatan putus.", "Jembatan putus. " * 400], ids=["short", "long"])
def test_a_page_of_before_items_were_packed_is_still_taken(world: World, body: str) -> None:
    """Somebody left the form open, or his report waited on the phone, while the portal was published anew."""
    typed = world.fields(body=body)
    fresh, receipt = sealed_fields(world.submit, typed)
    keys = sealing.receipt_keys(parse_receipt(receipt))
    case_key = opening.unwrap_with_receipt(keys, b64decode(fresh["wrap_receipt"]))
    old = as_version_1(fresh, case_key, read_report(typed, world.directory, world.today))
    assert len(old["words"]) > len(fresh["words"])
    assert send(world, old).status_code == 201
    assert send(world, fresh).status_code == 200  # the same report, sealed anew: the page was loaded again
    path = f"/desk/cases/{old['case_id']}"
    desk = world.desk_of("kutim")
    case = desk.get(path).get_json()
    assert (case["subject"], case["messages"][0]["body"]) == (typed["subject"], body.strip())
    said = {"receipt": receipt, "body": "Masih begitu.", "message_key": "ab" * 8}
    assert world.post("/api/thread/messages", said).status_code == 201
    assert [message["body"] for message in world.read(receipt)["messages"]] == [body.strip(), "Masih begitu."]
    versions = [event.sealed[:1] for event in world.store.read_case(old["case_id"]).events]
    assert versions == [sealing.VERSION, sealing.ITEM_VERSION]


@pytest.mark.parametrize("missing", ["topic", "kind", "district"])
def test_the_clear_choices_are_checked_as_ever(world: World, missing: str) -> None:
    body, _ = sealed_fields(world.submit, world.fields())
    answer = send(world, body | {missing: "gone"})
    assert [(e["field"], answer.status_code) for e in answer.get_json()["errors"]] == [(missing, 422)]


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'"halo"',
        b"{}",
        b'{"body": ""}',
        b'{"body": 7}',
        b'{"body": {"a": 1}}',
        b'{"body": "x", "place": [1]}',
        b"[" * 3000,
        b'{"body": "x", "subject": null}',
    ],
)
def test_junk_under_a_good_seal_is_shown_as_broken_and_can_be_archived(world: World, plain: bytes) -> None:
    body, receipt = forged(world, plain, subject=b"\xff\xfe\x00")
    assert send(world, body).status_code == 201
    desk = world.desk_of("kutim")
    path = f"/desk/cases/{body['case_id']}"
    case = desk.get(path).get_json()
    assert case["messages"][0]["broken"] is True
    check_page(desk.client.get(path, headers={"Accept": "text/html"}).text)
    check_page(desk.client.get("/desk/", headers={"Accept": "text/html"}).text)
    assert world.post("/api/thread", {"receipt": receipt}).status_code == 200
    check_page(world.thread.post("/api/thread", data={"receipt": receipt}, headers={"Accept": "text/html"}).text)
    assert desk.post(f"{path}/stage", {"stage": "diarsipkan", "reason": "Bukan laporan."}).status_code == 200


def test_words_beyond_the_forms_limits_are_cut_and_cleaned(world: World) -> None:
    long = {name: "\x07" + "ü" * (limit + 50) for name, limit in LIMITS.items()} | {
        "more": "x",
        "happened_on": "2026-99-99",
    }
    words = read_words(json.dumps(long).encode())
    assert {name: len(text) for name, text in words.items() if name != "happened_on"} == {
        name: limit for name, limit in LIMITS.items() if name != "happened_on"
    }
    assert words["happened_on"] == ""
    assert "\x07" not in "".join(words.values())


def test_what_no_key_opens_can_be_cleared_away_and_nothing_else(world: World) -> None:
    """A browser that wraps junk would otherwise leave a case in the inbox for good."""
    body, receipt = sealed_fields(world.submit, world.fields())
    wrap = bytearray(b64decode(body["wrap_desk"]))
    wrap[-1] ^= 1
    body["wrap_desk"] = b64encode(wrap).decode()
    assert send(world, body).status_code == 201
    good = world.report()
    desk = world.desk_of("kutim")
    path = f"/desk/cases/{body['case_id']}"
    assert desk.get("/desk/").status_code == 200
    case = desk.get(path).get_json()
    assert case["actions"] == ["discard"]
    page = desk.client.get(path, headers={"Accept": "text/html"}).text
    assert "Hapus laporan yang rusak ini" in page
    check_page(page)
    assert desk.post(f"/desk/cases/{good['tracking_id']}/discard", {}).status_code == 403
    assert desk.post(f"{path}/discard", {}).status_code == 200
    assert desk.get(path).get_json()["shredded"] is True
    assert world.read(receipt)["messages"] == []

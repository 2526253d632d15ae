"""It fails closed: with wrong keys, in a browser that cannot, or for a report not in its final form, nothing comes out."""

import copy
from base64 import b64decode, b64encode

import pytest

from functions.crypto.seal.public_keys import key_id_of
from tests.seal.conftest import RefusedError
from tests.seal.opening import OPEN, PLAIN, SECRET


@pytest.fixture
def keys(published):
    return copy.deepcopy(published)


def desk(keys):
    (key,) = keys["keys"]
    return key


def optional(keys, purpose):
    (key,) = [key for key in keys["optional_keys"] if key["purpose"] == purpose]
    return key


def refused(ask, code, **arguments):
    with pytest.raises(RefusedError) as refusal:
        ask("seal", **arguments)
    assert (refusal.value.name, refusal.value.code) == ("SealError", code), refusal.value
    return str(refusal.value)


@pytest.mark.parametrize("byte", [0, 600, 1183, 1184, 1215])
def test_one_altered_byte_of_the_key_is_noticed(ask, keys, byte):
    raw = bytearray(b64decode(desk(keys)["public"]))
    raw[byte] ^= 1
    desk(keys)["public"] = b64encode(raw).decode()
    assert "not what it claims" in refused(ask, "keys", report=PLAIN, keys=keys)


@pytest.mark.parametrize("purpose", ["identity", "courier"])
def test_a_list_tampered_with_is_not_trusted_in_part(ask, keys, purpose):
    optional(keys, purpose)["key_id"] = "0" * 32
    refused(ask, "keys", report=PLAIN, keys=keys)


def test_a_key_of_another_length_is_refused_though_its_id_fits(ask, keys):
    for raw in (b"", bytes(32), bytes(1217)):
        desk(keys).update(public=b64encode(raw).decode(), key_id=key_id_of(raw))
        refused(ask, "keys", report=PLAIN, keys=keys)


@pytest.mark.parametrize("public", ["!", "AAA", None, 5])
def test_a_key_that_is_no_base64_is_refused(ask, keys, public):
    desk(keys)["public"] = public
    refused(ask, "keys", report=PLAIN, keys=keys)


def test_an_id_that_is_longer_or_in_capitals_is_refused(ask, keys):
    for key_id in (desk(keys)["key_id"] + "00", desk(keys)["key_id"][:-1], desk(keys)["key_id"].upper() + " "):
        desk(keys)["key_id"] = key_id
        refused(ask, "keys", report=PLAIN, keys=keys)


@pytest.mark.parametrize("name", ["keys", "optional_keys", "instances"])
def test_a_list_that_is_missing_is_refused(ask, keys, name):
    del keys[name]
    assert refused(ask, "keys", report=PLAIN, keys=keys) == f"{name} are missing"


def test_no_keys_at_all_are_refused(ask):
    for keys in (None, {}, {"keys": [], "optional_keys": [], "instances": []}):
        refused(ask, "keys", report=PLAIN, keys=keys)


def test_a_key_of_another_purpose_or_instance_is_not_taken(ask, keys):
    for name, value in (("instance", "kukar"), ("purpose", "links")):
        other = copy.deepcopy(keys)
        desk(other)[name] = value
        assert "0 keys for desk of kutim" in refused(ask, "keys", report=PLAIN, keys=other)


def test_two_keys_for_one_purpose_are_one_too_many(ask, keys):
    keys["keys"] *= 2
    assert "2 keys" in refused(ask, "keys", report=PLAIN, keys=keys)


@pytest.mark.parametrize("purpose", ["identity", "courier"])
def test_an_identity_or_contact_without_its_key_is_refused_and_an_anonymous_report_is_not(ask, keys, purpose):
    keys["optional_keys"].remove(optional(keys, purpose))
    assert f"0 keys for {purpose}" in refused(ask, "keys", report=SECRET, keys=keys)
    assert ask("seal", report=PLAIN, keys=keys)["receipt"]


@pytest.mark.parametrize("district", ["64.09.01", "64.080.4", "64.08", "6", "99"])
def test_a_district_of_no_instance_is_refused(ask, keys, district):
    assert "no instance" in refused(ask, "keys", report=PLAIN | {"district": district}, keys=keys)


def test_the_instances_may_come_from_elsewhere(ask, keys):
    instances = keys.pop("instances")
    assert ask("seal", report=PLAIN, keys=keys, directory={"instances": instances})["trackingId"]
    nobody = {"instances": [{"code": "kukar", "region": "64.08.04"}, {"code": "kukar", "region": ""}]}
    refused(ask, "keys", report=PLAIN, keys=keys, directory=nobody)


@pytest.mark.parametrize(
    "change",
    [
        {"body": ""},
        {"kind": ""},
        {"topic": None},
        {"district": 64.08},
        {"identity_mode": ""},
        {"identity_mode": "lain"},
        {"happened_on": "20-11-2026"},
        {"name": "Siti"},
        {"identity_mode": "rahasia"},
        {"identity_mode": "terbuka", "contact": "siti@contoh.example"},
    ],
    ids=str,
)
def test_a_report_not_in_its_final_form_is_refused(ask, keys, change):
    message = refused(ask, "report", report=PLAIN | change, keys=keys)
    assert "siti" not in message.lower()


def test_half_a_symbol_is_refused(ask, keys):
    """Python could not have written it, so the bytes would not agree."""
    for text in ("\\ud83d", "a\\ude22b"):
        report = PLAIN | {"body": text.encode().decode("unicode_escape")}
        refused(ask, "report", report=report, keys=keys)


@pytest.mark.parametrize("key", ["", "00", "g" * 32, "0" * 31, "0" * 33, "0" * 32 + "\n", 0, None])
def test_a_submission_key_of_another_form_is_refused(ask, keys, key):
    refused(ask, "report", report=PLAIN, keys=keys, submissionKey=key)


@pytest.mark.parametrize("without", ["crypto", "BigInt"])
def test_a_browser_that_cannot_says_so(ask, keys, without):
    refused(ask, "unsupported", report=OPEN, keys=keys, without=without)
    assert ask("seal", report=OPEN, keys=keys)["receipt"]

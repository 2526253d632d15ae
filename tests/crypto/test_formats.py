"""Fixed sizes, names and codes: stored data, other releases and phones depend on each of them."""

import json
import re
from base64 import b64decode
from pathlib import Path

import pytest

from functions.casework.case_fields import AccessFacts
from functions.casework.receipt import ALPHABET
from functions.crypto.key_pairs import SUITE, hpke_private
from functions.crypto.open.private.key_files import unlocked
from functions.crypto.padding import message_bucket
from functions.crypto.seal import sealing
from functions.crypto.seal.bound_facts import COUNT
from functions.crypto.seal.outbox_words import padded
from functions.crypto.seal.public_keys import BOUND_OVERHEAD, HPKE_OVERHEAD, PublicKeys, Purpose
from functions.crypto.sign.name_answers import left_said
from functions.crypto.sign.reporter_acts import wrap_said
from functions.crypto.slips.app_tokens import case_keys, is_token, token_name, token_of

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())
BROWSER = Path(__file__).parents[2] / "site" / "browser"
FLOOR = re.compile(r"\b((?:SUBJECT|WORDS|SIGNED|IDENTITY)_FLOOR|CONTACT_BUCKET) = (\d+)")
TOKEN = "9M6D1EZNYX417Z9SJYRF"
LOCKED = (  # 32 bytes from 0 to 31, as an earlier release wrote them with KEY_PASSPHRASE "kata sandi uji"
    "000102030405060708090a0b0c0d0e0f000000000000000000000000db84ebd7d93711ab282d71530330ee2a"
    "8870c9d04617fe12485f80d6e6e9143eecbc291b6aea0b921137e84d47b91d07"
)


def test_a_key_file_that_an_earlier_release_locked_opens_with_its_passphrase() -> None:
    assert unlocked(bytes.fromhex(LOCKED), "kata sandi uji") == bytes(range(32))


def test_browsers_pad_to_the_sizes_that_doors_take() -> None:
    found = {pair for path in BROWSER.rglob("*.js") for pair in FLOOR.findall(path.read_text())}
    assert found == {
        ("SUBJECT_FLOOR", "256"),
        ("WORDS_FLOOR", "1840"),
        ("SIGNED_FLOOR", "1792"),
        ("IDENTITY_FLOOR", "448"),
        ("CONTACT_BUCKET", "256"),
    }
    assert {(name, str(getattr(sealing, name))) for name, _ in found} == found


def test_stored_envelopes_are_longer_than_what_is_in_them_by_what_doors_expect() -> None:
    case, hpke, bound = VECTORS["case"], VECTORS["hpke"], VECTORS["bound"]
    overheads = [
        (case["wrap_receipt"], case["case_key"], sealing.ITEM_OVERHEAD),
        (hpke["envelope"], hpke["plain"], HPKE_OVERHEAD),
        (bound["wrap"], bound["case_key"], BOUND_OVERHEAD),
    ]
    for envelope, plain, overhead in overheads:
        assert len(b64decode(envelope)) == len(b64decode(plain)) + overhead


def test_texts_to_the_courier_and_to_other_systems_have_one_size_each() -> None:
    assert {len(padded(text)) for text in ("", "Ya", 201 * "ꦲ")} == {1024}
    assert (message_bucket(0), message_bucket(2044), message_bucket(2045)) == (2048, 2048, 4096)


def test_names_and_codes_of_an_earlier_day_are_found_again() -> None:
    """A slip whose name changed is lost, and a hash that a phone signed is compared with ours."""
    keys = case_keys(TOKEN)
    assert token_of(sealing.receipt_for(bytes(range(16)))) == TOKEN
    assert token_name(TOKEN) == "o311-token:48629aad7a36b76d0ac560eae740233b701876882dc870fff82282bcb3156af7"
    assert keys.name == "o311-token:76171d0a16691a9f0ab3c51582b3bf61ea0b4fab260b6f5a87ed13576b984f3f"
    assert keys.key.hex() == "6e3d55854b45431dc09e1a99b6828406a543a88b4ba961ce49e5fc9082b250e2"
    assert sealing.draft_name(bytes(range(32)), "dpupr-1") == "draft:2e30e486d4298051fb93d185cfc6422d"
    assert wrap_said("d99e4496af749b54", b"bungkus") == "wrap.46e06c26cc34e224099f43081995c7ca"
    assert left_said(b"bungkus", b"nama", b"alamat") == (
        "left 0636fb94b96d379da0819f13b83028ff 148ed87db4a5992411d9b3bb2a8ba1ab"
    )


@pytest.mark.parametrize(
    ("text", "may_be"),
    [
        (TOKEN, True),
        (ALPHABET[:20], True),
        ("", False),
        (TOKEN[:-1], False),
        (TOKEN + "0", False),
        (TOKEN.lower(), False),
        (TOKEN[:-1] + "U", False),  # no symbol of ours
        (TOKEN[:5] + "-" + TOKEN[6:], False),
    ],
)
def test_a_token_has_twenty_symbols_of_ours_and_nothing_else(text: str, may_be: bool) -> None:
    assert is_token(text) is may_be


def test_a_case_kept_from_more_than_one_byte_counts_binds_the_first_255() -> None:
    hpke = VECTORS["hpke"]
    private, public = (b64decode(hpke[name]) for name in ("private_key", "public_key"))
    keys = PublicKeys({hpke["key_id"]: public}, {(Purpose.DESK, "kutim"): hpke["key_id"]})
    facts = AccessFacts("kutim", "pengaduan", "jalan", "", kept_from=tuple(f"kutim-unit-{n}" for n in range(300)))
    _, wrap = keys.wrap_case_key("4F7K-2M9Q-XR3D", facts, bytes(32))
    info = sealing.bound_info("4F7K-2M9Q-XR3D", facts._replace(kept_from=facts.kept_from[:255]).text())
    assert (wrap[:1], wrap[COUNT]) == (sealing.KEPT_VERSION, b"\xff")
    assert SUITE.decrypt(wrap[COUNT.stop :], hpke_private(private), info=info) == bytes(32)


@pytest.mark.parametrize(
    ("rests", "has_key", "is_of"),
    [
        ("newer", True, True),
        ("newer", False, True),  # an older door took in what a newer page sealed
        ("older", False, True),  # a case of before
        ("older", True, False),  # nobody who reads the older value in a backup gets at a case of today
        ("another's", True, False),
        ("another's", False, False),
    ],
)
def test_a_case_is_a_receipts_by_the_look_up_value_of_its_time(rests: str, has_key: bool, is_of: bool) -> None:
    keys = sealing.receipt_keys(sealing.receipt_for(bytes(16)))
    values = {"newer": sealing.look_at_rest(keys.look), "older": keys.lookup, "another's": bytes(32)}
    assert keys.is_of(values[rests], bytes(32) if has_key else b"") is is_of

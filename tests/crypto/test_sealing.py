"""Sealing: the wire format does not move, and nothing opens in another place than its own."""

import hashlib
import hmac
import json
import zlib
from base64 import b64decode
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from functions.crypto.decrypt import unpadded
from functions.crypto.errors import SealError
from functions.crypto.key_pairs import public_of
from functions.crypto.open import opening
from functions.crypto.packing import MOST_BYTES
from functions.crypto.padding import message_bucket, pad
from functions.crypto.seal import sealing
from functions.crypto.slips.phone_numbers import PhoneSecret
from tests.envelopes import seal_bytes

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())
CASE = VECTORS["case"]
CASE_KEY = b64decode(CASE["case_key"])
CASE_ID = CASE["case_id"]
NONCE_AND_TAG = 1 + 12 + 16
random = Random(6408).randbytes  # noqa: S311 - bytes that nothing makes shorter, the same each time


def hkdf(secret: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 with SHA-256 and no salt, for outputs of one block."""
    key = hmac.digest(bytes(32), secret, hashlib.sha256)
    return hmac.digest(key, info + b"\x01", hashlib.sha256)[:length]


@pytest.mark.parametrize("vector", VECTORS["derivations"], ids=lambda vector: vector["submission_key_hex"][:8])
def test_a_submission_key_yields_what_it_always_did(vector):
    submission_key = bytes.fromhex(vector["submission_key_hex"])
    receipt = sealing.receipt_for(submission_key)
    keys = sealing.receipt_keys(receipt)
    assert str(receipt) == vector["receipt"]
    assert keys.case_id == vector["case_id"]
    assert keys.lookup == b64decode(vector["lookup"])
    assert (keys.look.hex(), sealing.look_at_rest(keys.look).hex()) == (vector["look"], vector["look_at_rest"])
    assert public_of(keys.act_seed).hex() == vector["act_public"]
    assert keys.wrap_key == b64decode(vector["wrap_key"])
    mac = vector["fingerprint"]
    assert sealing.fingerprint(submission_key, mac["content"].encode()) == b64decode(mac["mac"])


@given(st.binary(min_size=16, max_size=16))
def test_derivations_agree_with_another_hkdf(submission_key):
    receipt = sealing.receipt_for(submission_key)
    number = int.from_bytes(hkdf(submission_key, b"lapor/1/receipt", 13), "big") >> 4
    assert (
        sum("0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(s) << 5 * i for i, s in enumerate(receipt.symbols[::-1])) == number
    )
    keys = sealing.receipt_keys(receipt)
    assert keys.lookup == hkdf(receipt.symbols.encode(), b"lapor/1/lookup", 32)
    assert keys.look == hkdf(receipt.symbols.encode(), b"lapor/2/look", 32)
    assert keys.act_seed == hkdf(receipt.symbols.encode(), b"lapor/2/act", 32)
    assert keys.wrap_key == hkdf(receipt.symbols.encode(), b"lapor/1/wrap", 32)


@pytest.mark.parametrize("size", [0, 15, 17, 32])
def test_a_submission_key_has_sixteen_bytes(size):
    with pytest.raises(ValueError, match="16 bytes"):
        sealing.receipt_for(bytes(size))


@pytest.mark.parametrize(
    ("name", "version"), [("item", b"\x02"), ("item_deflated", b"\x02"), ("item_of_version_1", b"\x01")]
)
def test_stored_items_still_open(name, version):
    item = CASE[name]
    envelope = b64decode(item["envelope"])
    assert envelope[:1] == version
    assert opening.open_item(CASE_KEY, CASE_ID, item["n"], item["kind"], envelope).decode() == item["plain"]


@pytest.mark.parametrize("name", ["item", "item_deflated", "item_of_version_1"])
def test_no_item_opens_as_one_of_another_version(name):
    item = CASE[name]
    envelope = b64decode(item["envelope"])
    other = b"\x01" if envelope[:1] == b"\x02" else b"\x02"
    with pytest.raises(SealError, match="does not open"):
        opening.open_item(CASE_KEY, CASE_ID, item["n"], item["kind"], other + envelope[1:])


def test_a_stored_wrap_still_opens():
    keys = sealing.receipt_keys(sealing.receipt_for(bytes(range(16))))
    assert opening.unwrap_with_receipt(keys, b64decode(CASE["wrap_receipt"])) == CASE_KEY


def test_hashes_and_names_stay():
    assert sealing.once_hash(CASE_ID, CASE["once"]["key"]) == b64decode(CASE["once"]["hash"])
    assert sealing.blob_name(CASE_KEY, CASE["blob_name"]["file_key"]) == CASE["blob_name"]["name"]


@given(st.binary(max_size=5000), st.integers(0, 10_000), st.sampled_from(["report", "message", "file"]))
def test_an_item_opens_where_it_belongs(plain, n, kind):
    envelope = seal_bytes(CASE_KEY, CASE_ID, n, kind, plain)
    assert opening.open_item(CASE_KEY, CASE_ID, n, kind, envelope) == plain


@pytest.mark.parametrize(
    ("key", "case_id", "n", "kind"),
    [
        (bytes(32), CASE_ID, 3, "message"),
        (CASE_KEY, "ZZZZ-ZZZZ-ZZZZ", 3, "message"),
        (CASE_KEY, CASE_ID, 4, "message"),
        (CASE_KEY, CASE_ID, 3, "report"),
    ],
    ids=["key", "case", "number", "kind"],
)
def test_an_item_opens_nowhere_else(key, case_id, n, kind):
    envelope = seal_bytes(CASE_KEY, CASE_ID, 3, "message", b"isi")
    with pytest.raises(SealError):
        opening.open_item(key, case_id, n, kind, envelope)


@given(st.data())
def test_one_altered_bit_opens_nothing(data):
    envelope = bytearray(seal_bytes(CASE_KEY, CASE_ID, 1, "report", b"isi"))
    position = data.draw(st.integers(0, len(envelope) - 1))
    envelope[position] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealError):
        opening.open_item(CASE_KEY, CASE_ID, 1, "report", bytes(envelope))


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_as_an_envelope(envelope):
    for version in (b"", sealing.VERSION, sealing.ITEM_VERSION):
        with pytest.raises(SealError):
            opening.open_item(CASE_KEY, CASE_ID, 1, "report", version + envelope)


def test_a_sealed_text_without_true_padding_is_refused():
    keys = sealing.receipt_keys(sealing.receipt_for(bytes(16)))
    raw = sealing.wrap_for_receipt(keys, b"\xff" * 32)
    with pytest.raises(SealError, match="padding"):
        unpadded(opening.unwrap_with_receipt(keys, raw))


def test_two_seals_of_the_same_words_differ():
    one, two = (seal_bytes(CASE_KEY, CASE_ID, 1, "report", b"isi") for _ in range(2))
    assert one != two
    assert len(one) == len(two)


@pytest.mark.parametrize(
    ("plain", "floor", "padded"),
    [
        (b"", 256, 256),
        (random(251), 256, 256),
        (random(252), 256, 512),
        (bytes(100_000), 256, 256),
        (random(1835), 1840, 1840),
        (random(1836), 1840, 3680),
    ],
    ids=["nothing", "what fits", "one more", "many of one", "words that fit", "one more of them"],
)
def test_an_envelope_tells_only_its_bucket(plain, floor, padded):
    envelope = seal_bytes(CASE_KEY, CASE_ID, 1, "report", plain, floor)
    assert len(envelope) == padded + NONCE_AND_TAG
    assert opening.open_item(CASE_KEY, CASE_ID, 1, "report", envelope) == plain


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        (b"", "no mark"),
        (b"\x02isi", "no mark"),
        (b"\x01isi", "not deflated"),
        (b"\x01" + zlib.compress(random(500))[:-5], "cut short"),
        (b"\x01" + zlib.compress(b"isi") + b"more", "something after it"),
        (b"\x01" + zlib.compress(bytes(MOST_BYTES + 1)), f"more than {MOST_BYTES} bytes"),
        (100_000_000, f"more than {MOST_BYTES} bytes"),  # packed when asked for: a third of a second, of each worker
    ],
    ids=["nothing", "another mark", "no zlib", "cut", "something after", "one byte too many", "a bomb"],
)
def test_what_is_badly_packed_under_a_good_seal_is_refused(inside, said):
    inside = b"\x01" + zlib.compress(bytes(inside)) if isinstance(inside, int) else inside
    label = b"lapor/2/item\x00%s\x001\x00report" % CASE_ID.encode()
    padded = pad(inside, message_bucket(len(inside), 1840))
    envelope = b"\x02" + bytes(12) + AESGCM(CASE_KEY).encrypt(bytes(12), padded, label)
    with pytest.raises(SealError, match=f"badly packed: .*{said}"):
        opening.open_item(CASE_KEY, CASE_ID, 1, "report", envelope)


def test_a_numbers_slip_is_as_long_as_what_is_in_it_and_tells_no_repetition():
    """Whoever writes in a number's name, and sees how long its slip grows, may not find out the receipt beside it by
    writing guesses of it: a right one would be deflated better than a wrong one."""
    keys = PhoneSecret(bytes(32)).keys("+628123456789")
    receipt = "RQY584X2X45KKY6SZQN7"
    guesses = [receipt * 150, "".join(chr(random(1)[0] % 64 + 48) for _ in range(len(receipt) * 150))]
    sealed = [keys.seal(1, {"receipts": [receipt], "kept": guess}) for guess in guesses]
    assert [len(each) for each in sealed] == [3680 + NONCE_AND_TAG] * 2
    assert keys.open(1, sealed[0])["kept"] == guesses[0]


def test_a_blob_opens_under_its_name_in_its_case():
    name = sealing.blob_name(CASE_KEY, "kunci")
    envelope = sealing.seal_blob(CASE_KEY, CASE_ID, name, b"foto")
    assert opening.open_blob(CASE_KEY, CASE_ID, name, envelope) == b"foto"
    assert len(envelope) == 65536 + NONCE_AND_TAG
    for case_id, other in ((CASE_ID, "0" * 32), ("ZZZZ-ZZZZ-ZZZZ", name)):
        with pytest.raises(SealError):
            opening.open_blob(CASE_KEY, case_id, other, envelope)


def test_another_receipt_does_not_unwrap():
    mine = sealing.receipt_keys(sealing.receipt_for(bytes(16)))
    other = sealing.receipt_keys(sealing.receipt_for(b"\x01" * 16))
    wrap = sealing.wrap_for_receipt(mine, CASE_KEY)
    assert opening.unwrap_with_receipt(mine, wrap) == CASE_KEY
    with pytest.raises(SealError):
        opening.unwrap_with_receipt(other, wrap)


def test_a_changed_text_and_another_key_give_another_fingerprint():
    marks = {sealing.fingerprint(key, text) for key in (bytes(16), b"\x01" * 16) for text in (b"satu", b"dua")}
    assert len(marks) == 4
    assert {len(mark) for mark in marks} == {32}


def test_once_hashes_tell_cases_and_keys_apart():
    marks = {sealing.once_hash(case, key) for case in ("A", "B") for key in ("x", "y")}
    assert len(marks) == 4
    assert sealing.once_hash("A", "x") == sealing.once_hash("A", "x")
    assert {len(mark) for mark in marks} == {16}


def test_blob_names_tell_files_and_cases_apart():
    names = {sealing.blob_name(key, file) for key in (bytes(32), CASE_KEY) for file in ("x", "y")}
    assert len(names) == 4
    assert all(len(name) == 32 and set(name) <= set("0123456789abcdef") for name in names)


def test_case_keys_are_fresh():
    assert len({sealing.new_case_key() for _ in range(50)}) == 50
    assert len(sealing.new_case_key()) == 32


def test_no_traceback_shows_keys():
    keys = sealing.receipt_keys(sealing.receipt_for(bytes(16)))
    assert keys.wrap_key.hex() not in repr(keys)
    assert repr(keys.wrap_key) not in repr(keys)

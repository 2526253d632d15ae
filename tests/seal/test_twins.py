"""The same inputs give the same bytes in Python, in Node and in the browser."""

import json
import random
import sys
from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from functions.crypto import packing, padding
from functions.crypto.open import opening
from functions.crypto.seal import sealing
from functions.crypto.sign import reporter_acts
from tests.crypto.scripts import prose
from tests.envelopes import seal_bytes
from tests.seal.conftest import RefusedError
from tests.seal.opening import ACCUSING, OPEN, PLAIN, SECRET, as_report
from tests.seal.workshop import ROOT

VECTORS = json.loads((ROOT / "tests" / "crypto" / "vectors.json").read_text())
CASE = VECTORS["case"]
FUZZ_KEY = bytes([15] * 16)
NONCE = 12
TEXTS = 200
SCRIPTS = [(0x20, 0x7E), (0xA0, 0x24F), (0x600, 0x6FF), (0xE00, 0xE5B), (0xA980, 0xA9DF), (0x4E00, 0x9FFF)]
ODD = "\x7f\u2028\u2029\ufeff\ufffe\uffff\u0085\t\n\r\b\f\0\x1f\"\\/'<>&\U0010ffff\U00010000😢👨‍👩‍👧e\u0301\u200f"


@pytest.fixture
def given_nonce(monkeypatch: pytest.MonkeyPatch):
    """Let Python seal with the nonce of an envelope that stands."""

    def give(envelope: bytes) -> str:
        nonce = envelope[1 : 1 + NONCE]
        monkeypatch.setattr(sealing.os, "urandom", lambda size: nonce[:size])
        return b64encode(nonce).decode()

    return give


@pytest.mark.parametrize("vector", VECTORS["derivations"], ids=lambda vector: vector["submission_key_hex"][:8])
def test_a_submission_key_yields_the_same(ask, vector):
    key = vector["submission_key_hex"]
    derived = ask("derive", submissionKey=key)
    identity_wrap = sealing.receipt_keys(sealing.receipt_for(bytes.fromhex(key))).identity_wrap
    assert b64decode(derived.pop("identity_wrap")) == identity_wrap
    assert derived == {name: vector[name] for name in derived}
    assert set(derived) == {"receipt", "case_id", "lookup", "look", "look_at_rest", "act_public", "wrap_key"}
    item, once = bytes(range(40)), "0f" * 16
    act = {"caseId": derived["case_id"], "n": 7, "act": "confirm", "clear": "5", "once": once}
    signature = b64decode(ask("sign", submissionKey=key, item=b64encode(item).decode(), **act))
    signed = reporter_acts.signed_bytes(derived["case_id"], 7, "confirm", "5", item, bytes.fromhex(once))
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(vector["act_public"])).verify(signature, signed)
    assert ask("mac", submissionKey=key, text=vector["fingerprint"]["content"]) == vector["fingerprint"]["mac"]


def test_many_submission_keys_yield_the_same(in_node):
    dice = random.Random(20261125)  # noqa: S311 - the same examples each time
    for _ in range(100):
        key = dice.randbytes(16)
        receipt = sealing.receipt_for(key)
        derived = in_node("derive", submissionKey=key.hex())
        assert (derived["receipt"], derived["case_id"]) == (str(receipt), sealing.receipt_keys(receipt).case_id)


def test_an_item_is_the_same_under_the_same_nonce(ask, given_nonce):
    item, stored = CASE["item"], b64decode(CASE["item"]["envelope"])
    plain = b64encode(item["plain"].encode()).decode()
    asked = {"key": CASE["case_key"], "caseId": CASE["case_id"], "n": item["n"], "kind": item["kind"], "plain": plain}
    assert ask("item", nonce=given_nonce(stored), floor=sealing.WORDS_FLOOR, **asked) == item["envelope"]


@pytest.mark.parametrize("floor", [sealing.SUBJECT_FLOOR, sealing.IDENTITY_FLOOR, 4096])
def test_an_item_with_a_floor_is_the_same(ask, given_nonce, floor):
    nonce = given_nonce(bytes(range(13)))
    sealed = seal_bytes(bytes(32), "4F7K-2M9Q-XR3D", 0, "subject", b"isi", floor)
    asked = {"key": b64encode(bytes(32)).decode(), "caseId": "4F7K-2M9Q-XR3D", "n": 0, "kind": "subject"}
    assert b64decode(ask("item", plain=b64encode(b"isi").decode(), floor=floor, nonce=nonce, **asked)) == sealed


def test_the_wraps_under_the_receipt_are_the_same(ask, given_nonce):
    stored = b64decode(CASE["wrap_receipt"])
    asked = {"submissionKey": bytes(range(16)).hex(), "key": CASE["case_key"], "nonce": given_nonce(stored)}
    assert ask("wrap", **asked) == CASE["wrap_receipt"]
    keys = sealing.receipt_keys(sealing.receipt_for(bytes(range(16))))
    wrapped = sealing.wrap_identity_for_receipt(keys, b64decode(CASE["case_key"]))
    assert b64decode(ask("wrapIdentity", **asked)) == wrapped
    assert wrapped[13:] != stored[13:]


def test_an_envelope_is_aes_gcm_as_another_maker_of_it_says(in_node):
    nonce, key = b64encode(bytes(12)).decode(), b64encode(bytes(32)).decode()
    asked = {"key": key, "caseId": "A", "n": 7, "kind": "message", "plain": "", "floor": 16, "nonce": nonce}
    sealed = b64decode(in_node("item", **asked))
    assert sealed[:13] == b"\x02" + bytes(12)
    padded = AESGCM(bytes(32)).decrypt(bytes(12), sealed[13:], b"lapor/2/item\x00A\x007\x00message")
    assert padded == b"\x00\x00\x00\x01" + bytes(
        12
    )  # the length of the mark alone, which says that nothing is deflated


LONG = {
    "one letter": b"x" * 5_000,
    "prose": prose().encode(),
    "bytes by chance": random.Random(6408).randbytes(5_000),  # noqa: S311 - the same each time
    "the most that is deflated": bytes(packing.MOST_BYTES),
    "more than is deflated": bytes(packing.MOST_BYTES + 1),
}


@pytest.mark.parametrize("without", ["", "CompressionStream"], ids=["deflating", "a browser that cannot"])
@pytest.mark.parametrize("name", LONG)
def test_a_long_item_opens_whether_the_browser_could_deflate_it_or_not(ask, name, without):
    """Two makers of zlib need not agree on bytes: here they agree on what comes out, and on the size."""
    plain = LONG[name]
    asked = {"key": CASE["case_key"], "caseId": "A", "n": 7, "kind": "message", "plain": b64encode(plain).decode()}
    sealed = b64decode(ask("item", floor=256, nonce=b64encode(bytes(12)).decode(), without=without, **asked))
    key = b64decode(CASE["case_key"])
    assert opening.open_item(key, "A", 7, "message", sealed) == plain
    as_it_is = padding.message_bucket(len(plain) + 1, 256) + sealing.ITEM_OVERHEAD
    ours = len(seal_bytes(key, "A", 7, "message", plain, 256))
    assert len(sealed) == (as_it_is if without else ours)
    assert (ours < as_it_is) is (name in {"one letter", "prose", "the most that is deflated"})


@pytest.mark.parametrize("floor", [256, 448, 1840, 4096])
def test_buckets_are_the_same(ask, floor):
    edges = [
        size + step
        for size in (0, 256, 448, 512, 1024, 1840, 2048, 3680, 4096, 8192, 65536, 131072)
        for step in range(-6, 3)
    ]
    lengths = [length for length in edges if length >= 0]
    assert ask("pad", lengths=lengths, floor=floor) == [padding.message_bucket(length, floor) for length in lengths]


def test_padding_is_the_same_and_refuses_what_does_not_fit(ask):
    plain = b64encode("abc—😢".encode()).decode()
    assert b64decode(ask("padded", plain=plain, size=20)) == padding.pad("abc—😢".encode(), 20)
    with pytest.raises(RefusedError, match="10 bytes do not fit in 13"):
        ask("padded", plain=plain, size=13)


def report_bytes(fields):
    """What Python makes of the same report."""
    report = as_report(fields)
    content = json.dumps(report.content(), sort_keys=True).encode()
    identity = {"name": report.name, "contact": report.contact}
    return {
        "words": json.dumps(report.words(), ensure_ascii=False).encode(),
        "identity": json.dumps(identity, ensure_ascii=False).encode(),
        "content": content,
        "fingerprint": sealing.fingerprint(FUZZ_KEY, content),
    }


def compare(ask, reports):
    answers = ask("bytes", reports=reports)
    assert len(answers) == len(reports)
    for fields, answer in zip(reports, answers, strict=True):
        assert {name: b64decode(text) for name, text in answer.items()} == report_bytes(fields), fields


@pytest.mark.parametrize(
    "fields",
    [PLAIN, SECRET, OPEN, ACCUSING, PLAIN | {"happened_on": ""}],
    ids=["anonim", "rahasia", "terbuka", "accusing", "no day"],
)
def test_a_report_is_the_same_bytes(ask, fields):
    compare(ask, [fields])


def any_text(dice, most):
    """A text of one script or of all of Unicode, with what JSON and JavaScript trip over strewn in."""
    low, high = dice.choice([*SCRIPTS, (1, sys.maxunicode)])
    symbols = (chr(dice.randint(low, high)) for _ in range(dice.randint(1, most)))
    return (
        "".join(dice.choice(ODD) if dice.random() < 0.1 else c for c in symbols if not "\ud800" <= c <= "\udfff") or "x"
    )


def test_two_hundred_texts_are_the_same_bytes(ask):
    dice = random.Random(6408)  # noqa: S311 - the same examples each time
    reports = [
        {name: any_text(dice, 120) for name in PLAIN}
        | {"kind": "aspirasi", "happened_on": "", "identity_mode": dice.choice(["rahasia", "terbuka"])}
        for _ in range(TEXTS)
    ]
    every = "".join(text for report in reports for text in report.values())
    assert all(symbol in every for symbol in ODD)
    assert max(every) > "\uffff"
    compare(ask, reports)


def test_every_symbol_below_the_surrogates_is_escaped_alike(in_node):
    blocks = ["".join(map(chr, range(start, start + 2048))) for start in range(0, 0x10000, 2048)]
    compare(in_node, [PLAIN | {"body": block} for block in blocks if not "\ud800" <= block[0] <= "\udfff"])

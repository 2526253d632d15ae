"""What a browser sealed opens for whom it was meant, and tells nobody else a length or a word."""

import json
import re
from base64 import b64decode
from copy import deepcopy

import pytest

from functions.actions.reporter.seal_identity import contact_context, seal_contact, seal_identity
from functions.casework.case import Lift
from functions.casework.case_fields import AccessFacts
from functions.casework.channel import Contact
from functions.casework.receipt import parse_receipt
from functions.crypto.errors import SealError
from functions.crypto.open.opening import unwrap_identity_with_receipt
from functions.crypto.seal import sealing
from functions.crypto.seal.bound_facts import HASH, PROOF
from functions.crypto.seal.public_keys import Purpose
from functions.intake.envelope import read_envelope
from tests.seal import opening
from tests.seal.opening import ACCUSING, OPEN, PLAIN, SECRET, as_report

CLEAR = {
    "sealed",
    "kind",
    "topic",
    "district",
    "about_agency",
    "identity_mode",
    "names_officials",
    "case_id",
    "lookup",
    "fingerprint",
}
ALWAYS = CLEAR | {"act", "key_id", "wrap_receipt", "wrap_desk", "subject", "words"}
IDENTITY = {"identity_key_id", "identity_wrap_receipt", "identity_wrap_custody", "identity_sealed"}
KEY = "8f3a6c1de2b94750a1c4f6e8d2b70935"
ANY_SCRIPT = ["x", "é", "ก", "ꦲ", "橋", "😢", "\n", '"']


def test_the_receipt_and_the_desk_open_the_same_words(ask, office, published):
    sealed = ask("seal", report=PLAIN, keys=published)
    body = sealed["body"]
    key = opening.by_receipt(sealed)
    assert office.open_case(body) == key
    assert opening.words_of(body, key) == as_report(PLAIN).words()
    assert opening.subject_of(body, key) == PLAIN["subject"]
    assert sealed["trackingId"] == body["case_id"]


@pytest.mark.parametrize("report", [PLAIN, ACCUSING], ids=["plain", "accusing"])
def test_the_wrap_binds_the_facts_that_decide_who_reads(ask, office, published, report):
    """The browser binds what Python binds: hash and proof hold there, and another fact opens nothing."""
    sealed = ask("seal", report=report, keys=published)
    body, key = sealed["body"], opening.by_receipt(sealed)
    facts = AccessFacts("kutim", report["kind"], report["topic"], report["about_agency"])
    wrap = b64decode(body["wrap_desk"])
    assert (wrap[:1], wrap[HASH], wrap[PROOF]) == (
        sealing.BOUND_VERSION,
        sealing.facts_hash(body["case_id"], facts.text()),
        sealing.facts_proof(key, facts.text()),
    )
    assert len(wrap) == len(office.keys.public().wrap_case_key(body["case_id"], facts, key)[1])
    assert office.open_case(body) == key
    assert opening.words_of(body, key).get("about_name", "") == report["about_name"]
    others = {"about_agency": "pupr", "kind": "aspirasi", "topic": "pungli", "oversight": True, "lift": Lift.LIFTED}
    for name, value in others.items():
        with pytest.raises(SealError):
            office.open_case(body, **{name: value})


def test_keys_of_the_release_before_have_the_shorter_id_and_are_sealed_to(ask, published):
    older = deepcopy(published)
    for key in (*older["keys"], *older["optional_keys"]):
        key["key_id"] = key["key_id"][:16]
    body = ask("seal", report=SECRET, keys=older, submissionKey=KEY)["body"]
    assert body["key_id"] == older["keys"][0]["key_id"]
    wrap = b64decode(body["identity_wrap_custody"])
    assert wrap[1:9].hex() == body["identity_key_id"]


def test_the_body_is_these_fields_and_no_others(ask, office, published):
    sealed = ask("seal", report=PLAIN, keys=published, submissionKey=KEY)
    body = sealed["body"]
    assert set(body) == ALWAYS
    assert {name: body[name] for name in ("kind", "topic", "district", "about_agency", "identity_mode")} == {
        name: PLAIN[name] for name in ("kind", "topic", "district", "about_agency", "identity_mode")
    }
    assert body["sealed"] == "browser"
    assert body["key_id"] == office.keys.public().current_id(Purpose.DESK, "kutim")
    for name, digits in (("lookup", 64), ("fingerprint", 64), ("key_id", 32)):
        assert re.fullmatch(rf"[0-9a-f]{{{digits}}}", body[name])
    derived = sealing.receipt_keys(sealing.receipt_for(bytes.fromhex(KEY)))
    content = json.dumps(as_report(PLAIN).content(), sort_keys=True).encode()
    assert (body["case_id"], body["lookup"]) == (derived.case_id, sealing.look_at_rest(derived.look).hex())
    assert body["fingerprint"] == sealing.fingerprint(bytes.fromhex(KEY), content).hex()


def test_the_receipt_and_the_words_are_not_in_what_leaves(ask, published):
    sealed = ask("seal", report=OPEN, keys=published, submissionKey=KEY)
    sent = json.dumps(sealed["body"], ensure_ascii=False)
    decoded = b"".join(
        b64decode(text) for name, text in sealed["body"].items() if name in ("words", "subject", "contact")
    )
    secrets = [sealed["receipt"], sealed["receipt"].replace("-", ""), parse_receipt(sealed["receipt"]).symbols, KEY]
    for text in [*secrets, *(OPEN[name] for name in ("body", "subject", "place", "name", "contact"))]:
        assert text
        assert text not in sent
        assert text.encode() not in decoded


def test_a_repeat_has_the_same_marks_and_other_envelopes(ask, published):
    one, two = (ask("seal", report=PLAIN, keys=published, submissionKey=KEY) for _ in range(2))
    assert one["receipt"] == two["receipt"]
    for name in ALWAYS:
        same = one["body"][name] == two["body"][name]
        assert same == (name not in {"wrap_receipt", "wrap_desk", "subject", "words"}), name
    changed = ask("seal", report=PLAIN | {"body": "lain"}, keys=published, submissionKey=KEY.upper())
    assert changed["receipt"] == one["receipt"]
    assert changed["body"]["fingerprint"] != one["body"]["fingerprint"]


def test_without_a_submission_key_each_report_has_a_fresh_one(ask, published):
    assert len({ask("seal", report=PLAIN, keys=published)["receipt"] for _ in range(5)}) == 5


def test_a_trusted_identity_opens_for_receipt_and_custodians_alone(ask, office, published):
    sealed = ask("seal", report=SECRET, keys=published)
    body = sealed["body"]
    case_id = body["case_id"]
    assert set(body) == ALWAYS | IDENTITY | {"contact"}
    assert body["identity_key_id"] == office.keys.public().current_id(Purpose.IDENTITY, "kutim")
    key = unwrap_identity_with_receipt(opening.keys_of(sealed["receipt"]), b64decode(body["identity_wrap_receipt"]))
    assert office.open(Purpose.IDENTITY, case_id, body["identity_wrap_custody"]) == key
    assert json.loads(opening.identity_of(body, key)) == {"name": SECRET["name"], "contact": SECRET["contact"]}
    assert opening.contact_of(office, body) == SECRET["contact"]
    case_key = opening.by_receipt(sealed)
    assert case_key != key
    assert opening.words_of(body, case_key) == as_report(SECRET).words()
    assert SECRET["name"] not in opening.words_of(body, case_key).values()
    for purpose, envelope in [(Purpose.DESK, body["identity_wrap_custody"]), (Purpose.IDENTITY, body["wrap_desk"])]:
        with pytest.raises(SealError):
            office.open(purpose, case_id, envelope)
    with pytest.raises(SealError):
        opening.identity_of(body, case_key)


def test_an_identity_is_as_long_as_one_that_the_server_seals(ask, office, published):
    sealed = ask("seal", report=SECRET, keys=published, submissionKey=KEY)
    keys = opening.keys_of(sealed["receipt"])
    public = office.keys.public()
    made = seal_identity(keys, "kutim", SECRET["name"], SECRET["contact"], public)
    for name in ("wrap_receipt", "wrap_custody", "sealed"):
        assert len(b64decode(sealed["body"][f"identity_{name}"])) == len(getattr(made, name))
    contact = seal_contact(public, "kutim", keys.case_id, Contact.typed(SECRET["contact"])).envelope
    assert len(b64decode(sealed["body"]["contact"])) == len(contact)
    assert contact_context(keys.case_id) == f"{keys.case_id}:contact"


def test_an_open_name_stands_among_the_words_and_no_custodian_is_asked(ask, office, published):
    sealed = ask("seal", report=OPEN, keys=published)
    assert set(sealed["body"]) == ALWAYS | {"contact"}
    opened = opening.words_of(sealed["body"], opening.by_receipt(sealed))
    assert opened == as_report(OPEN).words()
    assert list(opened)[-1] == "name"
    assert opening.contact_of(office, sealed["body"]) == OPEN["contact"]


@pytest.mark.parametrize(
    "contact",
    [
        "",
        "a@b.example",
        "0812 0000 0000",
        "dua@at@b.example",
        "a b@c.example",
        "@b.example",
        "a@b",
        "a@.b.",
        "a@b.c.",
        "é@日本.example",
        "a" * 241 + "@b.example",
        "a" * 242 + "@b.example",
    ],
    ids=lambda contact: contact[:20] or "none",
)
def test_notices_go_where_the_server_would_send_them(in_node, office, published, contact):
    body = in_node("seal", report=SECRET | {"contact": contact}, keys=published)["body"]
    sealed = seal_contact(office.keys.public(), "kutim", body["case_id"], Contact.typed(contact)).envelope
    assert bool(sealed) == ("contact" in body)


@pytest.mark.parametrize("symbol", ANY_SCRIPT)
def test_a_short_and_a_long_report_are_of_one_length(in_node, published, symbol):
    sizes = set()
    for length in (1, 10, 300, 900):
        report = PLAIN | {"body": symbol * length, "subject": "", "place": ""}
        body = in_node("seal", report=report, keys=published, submissionKey=KEY)["body"]
        sizes.add(tuple(len(body[name]) for name in ("words", "subject", "wrap_receipt", "wrap_desk")))
    assert len(sizes) == 1


def test_the_longest_report_opens(ask, published):
    report = PLAIN | {"body": "😢" * 20_000, "subject": "橋" * 150, "place": "ก" * 200, "about_officials": "ꦲ" * 500}
    sealed = ask("seal", report=report, keys=published)
    assert opening.words_of(sealed["body"], opening.by_receipt(sealed)) == as_report(report).words()


@pytest.mark.parametrize("fields", [PLAIN, SECRET, OPEN], ids=["anonim", "rahasia", "terbuka"])
def test_the_intake_reads_it(ask, directory, published, fields):
    body = ask("seal", report=fields, keys=published)["body"]
    assert all(isinstance(text, str) for text in body.values())
    envelope = read_envelope(body, directory)
    assert (envelope.mode, envelope.case_id) == (fields["identity_mode"], body["case_id"])
    assert (envelope.identity is not None, bool(envelope.contact.envelope)) == (
        "identity_sealed" in body,
        "contact" in body,
    )

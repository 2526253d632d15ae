"""A report as a browser seals it, made in Python: the same bytes, so that doors can be tried without a browser."""

import json
import os
from base64 import b64encode, urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from functions.actions.reporter.envelope import Envelope
from functions.actions.reporter.submit import Submit
from functions.casework.report import Report, read_report
from functions.crypto.packing import packed
from functions.crypto.padding import message_bucket, pad
from functions.crypto.seal import sealing


def sealed_fields(submit: Submit, typed: dict[str, str]) -> tuple[dict[str, Any], str]:
    """The JSON body for ``POST /api/reports`` with ``sealed: browser``, and the receipt that stays behind."""
    report = read_report(typed, submit.directory, submit.today())
    key = bytes.fromhex(typed["submission_key"])
    receipt = sealing.receipt_for(key)
    content = json.dumps(report.content(), sort_keys=True).encode()
    envelope = submit._seal(report, sealing.receipt_keys(receipt), sealing.fingerprint(key, content), {})
    return fields_of(envelope), str(receipt)


def seal_bytes(
    case_key: bytes, case_id: str, n: int, kind: str, plain: bytes, floor: int = sealing.WORDS_FLOOR
) -> bytes:
    """What a foreign browser or an older release sealed: any bytes, also with a receipt in them."""
    label = sealing.item_aad(case_id, str(n), kind, sealing.ITEM)
    return sealing._seal(case_key, label, packed(plain, floor), floor)


def as_version_1(body: dict[str, Any], case_key: bytes, report: Report) -> dict[str, Any]:
    """The same body with the envelopes that a page of before items were packed makes: padded only, from the floors of
    its time, under another label."""
    words = json.dumps(report.words(), ensure_ascii=False).encode()
    items = {"words": (b"1", b"report", words, 4096), "subject": (b"0", b"subject", report.subject.encode(), 512)}
    return body | {name: _text(_item_1(case_key, body["case_id"].encode(), *item)) for name, item in items.items()}


def _item_1(key: bytes, case_id: bytes, n: bytes, kind: bytes, plain: bytes, floor: int) -> bytes:
    nonce = os.urandom(12)
    padded = pad(plain, message_bucket(len(plain), floor))
    label = b"\x00".join((b"lapor/1/item", case_id, n, kind))
    return b"\x01" + nonce + AESGCM(key).encrypt(nonce, padded, label)


def fields_of(envelope: Envelope) -> dict[str, Any]:
    """An envelope as JSON fields."""
    fields: dict[str, Any] = {
        "sealed": "browser",
        "kind": envelope.kind,
        "topic": envelope.topic,
        "district": envelope.district,
        "about_agency": envelope.about_agency,
        "identity_mode": envelope.mode,
        "names_officials": "1" if envelope.officials else "0",
        "case_id": envelope.case_id,
        "lookup": envelope.lookup.hex(),
        "act": urlsafe_b64encode(envelope.act).decode().rstrip("="),
        "fingerprint": envelope.fingerprint.hex(),
        "key_id": envelope.key_id,
        "wrap_receipt": _text(envelope.wrap_receipt),
        "wrap_desk": _text(envelope.wrap_desk),
        "subject": _text(envelope.subject),
        "words": _text(envelope.words),
    }
    if envelope.identity:
        fields |= {
            "identity_key_id": envelope.identity.key_id,
            "identity_wrap_receipt": _text(envelope.identity.wrap_receipt),
            "identity_wrap_custody": _text(envelope.identity.wrap_custody),
            "identity_sealed": _text(envelope.identity.sealed),
        }
    if envelope.identity and envelope.identity.roster:
        fields |= {
            "identity_roster": envelope.identity.roster,
            "identity_wrap_talk": _text(envelope.identity.wrap_talk),
            "identity_shares": _text(envelope.identity.shares),
        }
    return fields | ({"contact": _text(envelope.contact.envelope)} if envelope.contact.envelope else {})


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()

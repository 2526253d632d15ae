"""The other side: an office with its keys, and how each who may opens what a browser sealed."""

import base64
import json
from datetime import date
from typing import Any

from functions.casework.case import Kind, Mode, Sealed
from functions.casework.receipt import parse_receipt
from functions.casework.report import Report
from functions.casework.stages import Stage
from functions.crypto.open import opening
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.padding import unpad
from functions.crypto.seal import sealing
from functions.crypto.seal.public_keys import Purpose
from tests.case_heads import case_head

INSTANCE = "kutim"
CLEAR: dict[str, Any] = {
    "instance": INSTANCE,
    "holder": INSTANCE,
    "district": "64.08.04",
    "stage": Stage.DITERIMA,
    "received_on": date(2026, 11, 25),
    "due": date(2026, 12, 2),
    "sealed": Sealed.BROWSER,
    **dict.fromkeys(("key_id",), ""),
    **dict.fromkeys(("lookup", "fingerprint", "wrap_receipt", "subject"), b""),
}
PLAIN: dict[str, str] = {
    "kind": "pengaduan",
    "topic": "jalan",
    "district": "64.08.04",
    "about_agency": "",
    "place": "Jl. Poros km 5 — dekat jembatan",
    "happened_on": "2026-11-20",
    "subject": "Jembatan putus 😢",
    "body": 'Jembatan "lama" putus.\nTolong diperbaiki; جسر، สะพาน, 橋 — \x7f\u2028',
    "about_officials": "",
    "identity_mode": "anonim",
    "name": "",
    "contact": "",
    "about_name": "",
}
SECRET = PLAIN | {"identity_mode": "rahasia", "name": "Siti Contoh", "contact": "siti@contoh.example"}
OPEN = SECRET | {"identity_mode": "terbuka"}
ACCUSING = PLAIN | {"about_agency": "dishub", "about_name": "Dinas Perhubungan"}


def as_report(fields: dict[str, str]) -> Report:
    """What the intake would make of the same fields."""
    texts = {name: text for name, text in fields.items() if name not in ("kind", "happened_on", "identity_mode")}
    happened = date.fromisoformat(fields["happened_on"]) if fields["happened_on"] else None
    return Report(Kind(fields["kind"]), happened_on=happened, mode=Mode(fields["identity_mode"]), **texts)


def decode(text: str) -> bytes:
    """Bytes of strict base64."""
    return base64.b64decode(text, validate=True)


class Office:
    """All keys of one instance, as only a test holds them in one hand."""

    today = date(2026, 11, 25)

    def __init__(self, keys: KeyDirectory) -> None:
        self.keys = keys
        for purpose in (Purpose.DESK, Purpose.IDENTITY, Purpose.COURIER, Purpose.LINKS):
            keys.generate(purpose, INSTANCE)

    def open(self, purpose: Purpose, context: str, envelope: str) -> bytes:
        """With the private key of a purpose."""
        return self.keys.private(purpose).open(INSTANCE, context, decode(envelope))

    def open_case(self, body: dict[str, Any], **changes: object) -> bytes:
        """The case key, as the desk gets it from what was posted, with facts changed in the store."""
        clear = {name: body[name] for name in ("kind", "topic", "about_agency")}
        wrap = {"case_id": body["case_id"], "key_id": body["key_id"], "wrap_desk": decode(body["wrap_desk"])}
        head = case_head(**CLEAR | clear | wrap | changes)
        return self.keys.private(Purpose.DESK).open_case(head)


def keys_of(receipt: str) -> sealing.ReceiptKeys:
    """What the receipt yields, read as a person types it."""
    return sealing.receipt_keys(parse_receipt(receipt))


def by_receipt(sealed: dict[str, Any]) -> bytes:
    """The case key, as the reporter gets it."""
    return opening.unwrap_with_receipt(keys_of(sealed["receipt"]), decode(sealed["body"]["wrap_receipt"]))


def words_of(body: dict[str, Any], case_key: bytes) -> dict[str, str]:
    """The sealed words."""
    opened: dict[str, str] = json.loads(
        opening.open_item(case_key, body["case_id"], 1, "report", decode(body["words"]))
    )
    return opened


def subject_of(body: dict[str, Any], case_key: bytes) -> str:
    """The sealed subject."""
    return opening.open_item(case_key, body["case_id"], 0, "subject", decode(body["subject"])).decode()


def identity_of(body: dict[str, Any], identity_key: bytes) -> bytes:
    """The sealed identity's JSON."""
    return opening.open_item(identity_key, body["case_id"], 0, "identity", decode(body["identity_sealed"]))


def contact_of(office: Office, body: dict[str, Any]) -> str:
    """The contact, as the courier gets it; always in the same number of bytes."""
    padded = office.open(Purpose.COURIER, f"{body['case_id']}:contact", body["contact"])
    assert len(padded) == sealing.CONTACT_BUCKET
    return unpad(padded).decode()

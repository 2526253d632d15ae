"""Sealing what tells who wrote: to the custodians and the receipt, and the address for notices to the courier.

This is the half that opens nothing, so that the intake may have it; the reporter's other half is ``entrusted.py``.
"""

import json
from datetime import date

from functions.casework.report import APP, is_address
from functions.casework.sealed_identity import Identity, IdentityStep, StepKind
from functions.crypto.padding import PaddingError, pad
from functions.crypto.seal import sealing
from functions.crypto.seal.public_keys import PublicKeys, Purpose

TEL = "tel:"  # RFC 3966; no contact that is typed into a form passes with it


def make_identity(
    keys: sealing.ReceiptKeys, instance: str, name: str, contact: str, public_keys: PublicKeys, today: date
) -> Identity:
    """A new identity, version 1 with the step LEFT: name and contact under a fresh key of its own, which is wrapped
    to the receipt and to the custody door. Raises KeyringError where the instance has no such door."""
    identity_key = sealing.new_case_key()
    key_id, wrap_custody = public_keys.seal(Purpose.IDENTITY, instance, keys.case_id, identity_key)
    plain = json.dumps({"name": name, "contact": contact}, ensure_ascii=False).encode()
    return Identity(
        case_id=keys.case_id,
        instance=instance,
        key_id=key_id,
        wrap_receipt=sealing.wrap_identity_for_receipt(keys, identity_key),
        wrap_custody=wrap_custody,
        sealed=sealing.seal_item(identity_key, keys.case_id, 0, "identity", plain, sealing.IDENTITY_FLOOR),
        steps=(IdentityStep(1, StepKind.LEFT, "", "", today),),
    )


def seal_contact(public_keys: PublicKeys, instance: str, case_id: str, contact: str) -> bytes:
    """The address for notices, sealed to the courier, the number (``tel:+62…``) of who writes by SMS, or the app
    (``linked.app_contact``) that is to tell him; b"" where
    no letter could go there: a number that was typed, or an address longer than any (RFC 5321 §4.5.3.1). Raises
    KeyringError."""
    if not is_address(contact) and not contact.startswith((TEL, APP)):
        return b""
    try:
        padded = pad(contact.encode(), sealing.CONTACT_BUCKET)
    except PaddingError:
        return b""
    return public_keys.seal(Purpose.COURIER, instance, contact_context(case_id), padded)[1]


def contact_context(case_id: str) -> str:
    """What the envelope of a contact belongs to: a wrap of the case's key opens in no other place, nor this."""
    return f"{case_id}:contact"

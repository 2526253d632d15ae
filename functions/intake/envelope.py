"""Reading a report that its browser sealed: clear choices, and envelopes that must have one of our lengths.

How each envelope is read says ``actions.reporter.names.sealed_fields``. Items and wraps of both versions are taken: a
report may have waited on a phone since before items were packed, or wraps bound whom it accuses.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping

from functions.actions.reporter.envelope import Envelope
from functions.actions.reporter.names.sealed_fields import (
    DESK_WRAP,
    SUBJECT,
    WORDS,
    WRAP,
    bad_field,
    hex_field,
    key_id_field,
    read_left_contact,
    read_left_identity,
    sealed_field,
    wrap_field,
)
from functions.casework.case import Kind, Mode
from functions.casework.directory.agencies import Directory
from functions.casework.directory.check import CODE
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.casework.receipt import parse_tracking_id
from functions.casework.report import read_choices
from functions.crypto.seal.sealing import KEY_BYTES

MEANT_MAX = 50


def read_envelope(fields: Mapping[str, str], directory: Directory) -> Envelope:
    """Return the envelopes of a JSON body with ``sealed: browser``. Raises InvalidInputProblem."""
    errors: list[FieldError] = []
    kind, topic, district, about_agency = read_choices(fields, directory, errors)
    if fields.get("path") and CODE.fullmatch(about_agency):  # the nation's form lists agencies that we do not know
        errors = [error for error in errors if error.field != "about_agency"]
    mode = fields.get("identity_mode", "") or Mode.ANONIM
    if mode not in list(Mode):
        errors.append(FieldError("identity_mode", "unknown"))
    if errors:
        raise InvalidInputProblem(*errors)
    return Envelope(
        kind=Kind(kind),
        topic=topic,
        district=district,
        about_agency=about_agency,
        mode=Mode(mode),
        case_id=_case_id(fields),
        lookup=hex_field(fields, "lookup", KEY_BYTES),
        fingerprint=hex_field(fields, "fingerprint", KEY_BYTES),
        key_id=key_id_field(fields, "key_id"),
        wrap_receipt=sealed_field(fields, "wrap_receipt", WRAP),
        wrap_desk=wrap_field(fields, "wrap_desk", "key_id", DESK_WRAP),
        subject=sealed_field(fields, "subject", SUBJECT),
        words=sealed_field(fields, "words", WORDS),
        identity=read_left_identity(fields) if mode == Mode.RAHASIA else None,
        contact=read_left_contact(fields),
        officials=fields.get("names_officials") == "1",
        act=_act(fields),
        meant=tuple(fields.get("meant", "").split()[:MEANT_MAX]),
    )


def _act(fields: Mapping[str, str]) -> bytes:
    """Return the public key of the reporter's acts (base64url, as browsers export it). A page of an older release and
    a browser without Ed25519 send none."""
    typed = fields.get("act", "")
    if typed and not re.fullmatch(r"[\w-]{43}", typed, re.ASCII):
        raise bad_field("act")
    return urlsafe_b64decode(typed + "=") if typed else b""


def _case_id(fields: Mapping[str, str]) -> str:
    try:
        return parse_tracking_id(fields.get("case_id", ""))
    except ValueError:
        raise bad_field("case_id") from None

"""Reading a report that its browser sealed: clear choices, and envelopes that must have one of our lengths.

The content cannot be checked here. Lengths must be buckets of ``crypto.padding``: a foreign browser must not reveal
more by a length, nor fill the store. Items and wraps of both versions are taken. A page may be older than this release,
and a report may have waited on a phone since before items were packed, or wraps bound whom it accuses.
"""

import re
from base64 import b64decode, urlsafe_b64decode
from binascii import Error as NotBase64Error
from collections.abc import Mapping
from dataclasses import replace

from functions.actions.reporter.envelope import Envelope
from functions.actions.reporter.seal_identity import NO_CONTACT, SealedContact, SealedIdentity
from functions.casework.case import Kind, Mode
from functions.casework.consent.roster import ID_BYTES, LEAST_MEMBERS, MOST_MEMBERS
from functions.casework.directory.agencies import Directory
from functions.casework.directory.check import CODE
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.casework.receipt import parse_tracking_id
from functions.casework.report import read_choices
from functions.crypto.seal.public_keys import BOUND_OVERHEAD, HINT_BYTES, HPKE_OVERHEAD, KEY_ID_BYTES
from functions.crypto.seal.sealing import (
    BOUND_VERSION,
    CONTACT_BUCKET,
    IDENTITY_FLOOR,
    ITEM_OVERHEAD,
    ITEM_VERSION,
    KEY_BYTES,
    SUBJECT_FLOOR,
    VERSION,
    WORDS_FLOOR,
)
from functions.crypto.seal.shares import sized


def _buckets(low: int, doublings: int) -> tuple[int, ...]:
    """Return the lengths an item may have: doubling buckets plus the envelope's overhead."""
    return tuple((low << step) + ITEM_OVERHEAD for step in range(doublings + 1))


# Lengths by the envelope's version; version 1 has the floors of its time. The longest input of the form fits into each
# last length uncompressed, at four bytes a character: browsers need not be able to deflate.
SUBJECT = {VERSION: _buckets(512, 1), ITEM_VERSION: _buckets(SUBJECT_FLOOR, 2)}
WORDS = {VERSION: _buckets(4096, 5), ITEM_VERSION: _buckets(WORDS_FLOOR, 6)}
IDENTITY = {VERSION: _buckets(1024, 1), ITEM_VERSION: _buckets(IDENTITY_FLOOR, 2)}
WRAP = {VERSION: (KEY_BYTES + ITEM_OVERHEAD,)}
HPKE_WRAP = {VERSION: (KEY_BYTES + HPKE_OVERHEAD,)}
DESK_WRAP = HPKE_WRAP | {BOUND_VERSION: (KEY_BYTES + BOUND_OVERHEAD,)}
SHARES = {VERSION: tuple(sized(count) + HPKE_OVERHEAD for count in range(LEAST_MEMBERS, MOST_MEMBERS + 1))}
MEANT_MAX = 50
CONTACT = {VERSION: (CONTACT_BUCKET + HPKE_OVERHEAD,)}


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
        lookup=_hex(fields, "lookup", KEY_BYTES),
        fingerprint=_hex(fields, "fingerprint", KEY_BYTES),
        key_id=_key_id(fields, "key_id"),
        wrap_receipt=_sealed(fields, "wrap_receipt", WRAP),
        wrap_desk=_wrap(fields, "wrap_desk", "key_id", DESK_WRAP),
        subject=_sealed(fields, "subject", SUBJECT),
        words=_sealed(fields, "words", WORDS),
        identity=_identity(fields) if mode == Mode.RAHASIA else None,
        contact=_contact(fields),
        officials=fields.get("names_officials") == "1",
        act=_act(fields),
        meant=tuple(fields.get("meant", "").split()[:MEANT_MAX]) if fields.get("path") else (),
    )


def _identity(fields: Mapping[str, str]) -> SealedIdentity:
    left = SealedIdentity(
        _key_id(fields, "identity_key_id"),
        _sealed(fields, "identity_wrap_receipt", WRAP),
        _wrap(fields, "identity_wrap_custody", "identity_key_id"),
        _sealed(fields, "identity_sealed", IDENTITY),
    )
    if not fields.get("identity_roster"):  # no roster, or a page of before: the older path
        return left
    return replace(
        left,
        wrap_talk=_sealed(fields, "identity_wrap_talk", WRAP),
        shares=_wrap(fields, "identity_shares", "identity_key_id", SHARES),
        roster=_hex(fields, "identity_roster", ID_BYTES).hex(),
    )


def _act(fields: Mapping[str, str]) -> bytes:
    """Return the public key of the reporter's acts (base64url, as browsers export it). A page of an older release and
    a browser without Ed25519 send none."""
    typed = fields.get("act", "")
    if typed and not re.fullmatch(r"[\w-]{43}", typed, re.ASCII):
        raise _bad("act")
    return urlsafe_b64decode(typed + "=") if typed else b""


def _contact(fields: Mapping[str, str]) -> SealedContact:
    return SealedContact(_sealed(fields, "contact", CONTACT)) if fields.get("contact") else NO_CONTACT


def _case_id(fields: Mapping[str, str]) -> str:
    try:
        return parse_tracking_id(fields.get("case_id", ""))
    except ValueError:
        raise _bad("case_id") from None


def _key_id(fields: Mapping[str, str], name: str) -> str:
    """Return a key's id, of either length: the key may be older than this release."""
    older = len(fields.get(name, "")) == 2 * HINT_BYTES
    return _hex(fields, name, HINT_BYTES if older else KEY_ID_BYTES).hex()


def _hex(fields: Mapping[str, str], name: str, size: int) -> bytes:
    typed = fields.get(name, "")
    if not re.fullmatch(rf"[0-9a-f]{{{2 * size}}}", typed, re.ASCII):
        raise _bad(name)
    return bytes.fromhex(typed)


def _sealed(fields: Mapping[str, str], name: str, lengths: Mapping[bytes, tuple[int, ...]]) -> bytes:
    try:
        raw = b64decode(fields.get(name, ""), validate=True)
    except (NotBase64Error, ValueError):
        raise _bad(name) from None
    if len(raw) not in lengths.get(raw[:1], ()):
        raise _bad(name)
    return raw


def _wrap(
    fields: Mapping[str, str], name: str, key_field: str, lengths: Mapping[bytes, tuple[int, ...]] = HPKE_WRAP
) -> bytes:
    """Return a wrap to a public key. If it carries a hint of its key's id, that must be the one named beside it."""
    raw = _sealed(fields, name, lengths)
    if raw[:1] == VERSION and not fields.get(key_field, "").startswith(raw[1 : 1 + HINT_BYTES].hex()):
        raise _bad(key_field)
    return raw


def _bad(name: str) -> InvalidInputProblem:
    return InvalidInputProblem(FieldError(name, "bad_envelope"))

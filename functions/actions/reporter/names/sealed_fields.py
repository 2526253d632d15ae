"""Reading what a browser sealed, as it comes in a form: envelopes that must have one of our lengths, keys by their ids.

The content cannot be checked here. Lengths must be buckets of ``crypto.padding``: a foreign browser must not reveal
more by a length, nor fill the store. Items and wraps of both versions are taken: a page may be older than this release.

Tests: ``tests/doors/test_sealed_name.py``.
"""

import re
from base64 import b64decode
from binascii import Error as NotBase64Error
from collections.abc import Mapping
from dataclasses import replace

from functions.actions.reporter.seal_identity import NO_CONTACT, SealedContact, SealedIdentity
from functions.casework.consent.roster import ID_BYTES, LEAST_MEMBERS, MOST_MEMBERS
from functions.casework.problems import FieldError, InvalidInputProblem
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
CONTACT = {VERSION: (CONTACT_BUCKET + HPKE_OVERHEAD,)}


def read_left_identity(fields: Mapping[str, str]) -> SealedIdentity:
    """Return a name that a browser sealed. Raises InvalidInputProblem."""
    left = SealedIdentity(
        key_id_field(fields, "identity_key_id"),
        sealed_field(fields, "identity_wrap_receipt", WRAP),
        wrap_field(fields, "identity_wrap_custody", "identity_key_id"),
        sealed_field(fields, "identity_sealed", IDENTITY),
    )
    if not fields.get("identity_roster"):  # no roster, or a page of before: the older path
        return left
    return replace(
        left,
        wrap_talk=sealed_field(fields, "identity_wrap_talk", WRAP),
        shares=wrap_field(fields, "identity_shares", "identity_key_id", SHARES),
        roster=hex_field(fields, "identity_roster", ID_BYTES).hex(),
    )


def read_left_contact(fields: Mapping[str, str]) -> SealedContact:
    """Return the address for notices that a browser sealed. Raises InvalidInputProblem."""
    return SealedContact(sealed_field(fields, "contact", CONTACT)) if fields.get("contact") else NO_CONTACT


def key_id_field(fields: Mapping[str, str], name: str) -> str:
    """Return a key's id, of either length: the key may be older than this release."""
    older = len(fields.get(name, "")) == 2 * HINT_BYTES
    return hex_field(fields, name, HINT_BYTES if older else KEY_ID_BYTES).hex()


def hex_field(fields: Mapping[str, str], name: str, size: int) -> bytes:
    """Return bytes of a size that stand as hex. Raises InvalidInputProblem."""
    typed = fields.get(name, "")
    if not re.fullmatch(rf"[0-9a-f]{{{2 * size}}}", typed, re.ASCII):
        raise bad_field(name)
    return bytes.fromhex(typed)


def sealed_field(fields: Mapping[str, str], name: str, lengths: Mapping[bytes, tuple[int, ...]]) -> bytes:
    """Return an envelope of one of the lengths of its version. Raises InvalidInputProblem."""
    try:
        raw = b64decode(fields.get(name, ""), validate=True)
    except (NotBase64Error, ValueError):
        raise bad_field(name) from None
    if len(raw) not in lengths.get(raw[:1], ()):
        raise bad_field(name)
    return raw


def wrap_field(
    fields: Mapping[str, str], name: str, key_field: str, lengths: Mapping[bytes, tuple[int, ...]] = HPKE_WRAP
) -> bytes:
    """Return a wrap to a public key. If it carries a hint of its key's id, that must be the one named beside it."""
    raw = sealed_field(fields, name, lengths)
    if raw[:1] == VERSION and not fields.get(key_field, "").startswith(raw[1 : 1 + HINT_BYTES].hex()):
        raise bad_field(key_field)
    return raw


def bad_field(name: str) -> InvalidInputProblem:
    """Return what is raised for a field that no browser of ours sends."""
    return InvalidInputProblem(FieldError(name, "bad_envelope"))

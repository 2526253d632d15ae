"""Mandates: what the desk asks of the courier, signed with a key that the desk alone holds.

Whoever may write to the outbox can seal to the courier's public key, so a seal proves nothing about its sender. A
mandate is signed for one notice, one entry and one instance, and for the hour it was made in. It lies inside the seal.

Wire format: ``version(1) ‖ hint(8) of the key's id ‖ hour(4, big-endian) ‖ Ed25519 signature(64) ‖ payload`` (RFC
8032).
"""

import json
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from functions.crypto.seal.public_keys import HINT_BYTES, PublicKeys, Purpose, id_with

CONTEXT = b"lapor/1/mandate\x00"
VERSION = b"\x01"
HOUR_BYTES, SIGNATURE_BYTES, PUBLIC_BYTES = 4, 64, 32
HEAD_BYTES = len(VERSION) + HINT_BYTES + HOUR_BYTES + SIGNATURE_BYTES
MOST_HOURS = 72  # a courier that rested over a weekend still carries it out
AHEAD_HOURS = 1  # two machines' clocks may differ a little


class MandateError(Exception):
    """It is not signed by this instance's desk for this entry: forged, altered, or meant for another."""


class Mandate(NamedTuple):
    """A request. ``notice`` names its kind, ``entry_id`` the outbox entry, ``hour`` is the epoch hour it was made."""

    notice: str
    entry_id: str
    instance: str
    hour: int
    payload: bytes

    def signed(self) -> bytes:
        """Return the bytes that are signed."""
        bound = json.dumps([self.notice, self.entry_id, self.instance, self.hour]).encode()
        return CONTEXT + bound + b"\x00" + self.payload

    def untimely(self, hour: int) -> str:
        """Return why it is not carried out at this epoch hour: ``late``, or ``early`` if a clock was set back. "" if
        it is in time."""
        if self.hour > hour + AHEAD_HOURS:
            return "early"
        return "late" if self.hour < hour - MOST_HOURS else ""


def read_mandate(raw: bytes, notice: str, entry_id: str, instance: str, public: PublicKeys) -> Mandate:
    """Verify a mandate for this notice, entry and instance. Raises MandateError."""
    if raw[:1] != VERSION or len(raw) < HEAD_BYTES:
        raise MandateError("not signed")
    key_id, rest = id_with(raw[1 : 1 + HINT_BYTES], public.keys), raw[1 + HINT_BYTES :]
    hour, signature = int.from_bytes(rest[:HOUR_BYTES], "big"), rest[HOUR_BYTES : HOUR_BYTES + SIGNATURE_BYTES]
    mandate = Mandate(notice, entry_id, instance, hour, rest[HOUR_BYTES + SIGNATURE_BYTES :])
    try:
        Ed25519PublicKey.from_public_bytes(_key(public, instance, key_id)).verify(signature, mandate.signed())
    except InvalidSignature as error:
        raise MandateError("not signed for this entry") from error
    return mandate


def _key(public: PublicKeys, instance: str, key_id: str) -> bytes:
    """Return the public key: the instance's current one, or an old one until its rotation has destroyed it. A key that
    is current for anything else signs no mandate."""
    key = public.keys.get(key_id, b"")
    elsewhere = {found for place, found in public.current.items() if place != (Purpose.MANDATES, instance)}
    if len(key) != PUBLIC_BYTES or key_id in elsewhere:
        raise MandateError("not signed with a key of this desk")
    return key

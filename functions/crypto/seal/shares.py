"""Split a name's key so that any two custodians of a roster open it together, and none alone.

Shamir's scheme with threshold 2 over GF(2^8) with x^8+x^4+x^3+x+1: each byte is a line whose value at 0 is the secret.
A share is 32 bytes, then its ``x``. No table is looked up and no branch depends on a secret. Nothing here combines
shares: only custodians' browsers do (``site/browser/custodian/shamir.js``).

Wire format of what the custody door keeps: ``0x01 ‖ roster id(8) ‖ n × (key id(8) ‖ x(1) ‖ SHA-256(share)(32) ‖
envelope(1,178))``. HPKE ``info`` of a share: purpose ``share``, context ``case id:x``.

Source: A. Shamir, "How to share a secret", CACM 22(11), 1979.
"""

import os
from hashlib import sha256
from typing import NamedTuple

from functions.casework.consent.roster import ID_BYTES, Roster

VERSION = b"\x01"
HINT_BYTES, DIGEST_BYTES = 8, 32
ENVELOPE_BYTES = 1178  # version, hint, encapsulated secret, share, tag
SLOT_BYTES = HINT_BYTES + 1 + DIGEST_BYTES + ENVELOPE_BYTES
HEAD_BYTES = len(VERSION) + ID_BYTES
SHARE, PASSED = "share", "passed"  # the purposes that an envelope to a custodian is bound to


class SharesError(ValueError):
    """These bytes are not the shares of a name."""


class Slot(NamedTuple):
    """One custodian's part of a name: ``hint`` begins their key's id, ``digest`` is the SHA-256 of their share."""

    hint: bytes
    x: int
    digest: bytes
    envelope: bytes


def times(left: int, right: int) -> int:
    """Multiply in GF(2^8)."""
    product = 0
    for bit in range(8):
        product ^= -(right >> bit & 1) & left
        left = (left << 1) ^ (-(left >> 7) & 0x11B)
    return product


def split(secret: bytes, places: tuple[int, ...], slope: bytes = b"") -> dict[int, bytes]:
    """Return the share (33 bytes) at each place. ``slope`` (32 bytes) is given by tests alone."""
    slope = slope or os.urandom(len(secret))
    return {x: bytes(s ^ times(m, x) for s, m in zip(secret, slope, strict=True)) + bytes([x]) for x in places}


def joined(roster_id: str, slots: tuple[Slot, ...]) -> bytes:
    """Return what goes into the envelope to the custody door."""
    each = (slot.hint + bytes([slot.x]) + slot.digest + slot.envelope for slot in slots)
    return VERSION + bytes.fromhex(roster_id) + b"".join(each)


def parted(plain: bytes) -> tuple[str, tuple[Slot, ...]]:
    """Return the roster's id and the slots of what ``joined`` made. Raises SharesError."""
    body = plain[HEAD_BYTES:]
    if plain[:1] != VERSION or not body or len(body) % SLOT_BYTES:
        raise SharesError("not the shares of a name")
    rows = (body[at : at + SLOT_BYTES] for at in range(0, len(body), SLOT_BYTES))
    return plain[1:HEAD_BYTES].hex(), tuple(map(_slot, rows))


def _slot(row: bytes) -> Slot:
    place, digest = HINT_BYTES, HINT_BYTES + 1
    envelope = digest + DIGEST_BYTES
    return Slot(row[:place], row[place], row[digest:envelope], row[envelope:])


def sized(members: int) -> int:
    """Return the length of what ``joined`` makes for so many members."""
    return HEAD_BYTES + members * SLOT_BYTES


def digest_of(share: bytes) -> bytes:
    """Return the hash by which a damaged share, or one of another case, is found."""
    return sha256(share).digest()


def share_context(case_id: str, x: int) -> str:
    """Return the HPKE context of a member's share."""
    return f"{case_id}:{x}"


def talk_context(case_id: str) -> str:
    """Return the HPKE context of the talk key's envelope to the custody door."""
    return f"{case_id}:talk"


def shares_context(case_id: str) -> str:
    """Return the HPKE context of the envelope around all shares."""
    return f"{case_id}:shares"


def passes_context(case_id: str) -> str:
    """Return the HPKE context of the envelope around the shares that custodians passed on."""
    return f"{case_id}:passes"


def passed_context(case_id: str, step: int, x: int) -> str:
    """Return the HPKE context of one share passed on for the request ``step``, to the member at ``x``."""
    return f"{case_id}:{step}:{x}"


def places_of(roster: Roster) -> tuple[int, ...]:
    """Return the places of its members."""
    return tuple(member.x for member in roster.members)

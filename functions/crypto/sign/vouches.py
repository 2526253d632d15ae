"""Vouches: a custodian's signature under the next roster, made in their browser.

The key follows from their personal seed (HKDF ``lapor/2/roster``), which no server has. The key that signs officers'
links must not vouch: it is the one most worth stealing. Two members of the roster before have to.

Wire format: Ed25519 (RFC 8032) over ``"lapor/2/vouch" 0x00 roster text``.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from functions.casework.consent.roster import VOUCHES, Member, Roster, RosterError

CONTEXT = b"lapor/2/vouch\x00"


def signs(member: Member, roster: Roster, signature: bytes) -> bool:
    """Whether this is the member's signature under a roster."""
    try:
        Ed25519PublicKey.from_public_bytes(member.vouch).verify(signature, CONTEXT + roster.text)
    except (InvalidSignature, ValueError):
        return False
    return True


def check_vouched(roster: Roster, before: Roster) -> None:
    """Raise RosterError unless two members of the roster before vouch for this one, which continues it."""
    if (roster.instance, roster.previous) != (before.instance, before.id):
        raise RosterError("this roster does not continue the one that stands; propose it again")
    if roster.next_x < before.next_x:
        raise RosterError("this roster gives a place again that another person had")
    known = {member.x: member for member in before.members}
    for member in roster.members:
        if member.x < before.next_x and known.get(member.x) != member:
            raise RosterError(f"this roster gives the place of another person to {member.agency}")
    able = {x for x, signature in roster.vouched if x in known and signs(known[x], roster, signature)}
    if len(able) < VOUCHES:
        raise RosterError(f"{len(able)} of {VOUCHES} custodians vouched for this roster")

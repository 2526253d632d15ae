"""The next roster: two members of the one before vouch for it, and no place is given to another person."""

import re
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from functions.casework.consent.roster import Member, Roster, RosterError
from functions.crypto.key_pairs import public_of
from functions.crypto.seal.shares import ENVELOPE_BYTES, Slot, joined, parted
from functions.crypto.sign.vouches import CONTEXT, check_vouched, signs

SEEDS = {x: bytes([x]) * 32 for x in range(1, 7)}


def member(x: int) -> Member:
    return Member(f"kutim-unit-{x}", f"{x:032x}", bytes([x]) * 1216, public_of(SEEDS[x]), x)


def signature(x: int, roster: Roster) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(SEEDS[x]).sign(CONTEXT + roster.text)


def vouched(roster: Roster, *by: int) -> Roster:
    return replace(roster, vouched=tuple((x, signature(x, roster)) for x in by))


BEFORE = Roster("kutim", tuple(map(member, (1, 2, 3, 4))), 5)
FIFTH = Roster("kutim", tuple(map(member, (1, 2, 3, 4, 5))), 6, BEFORE.id)
FEWER = Roster("kutim", tuple(map(member, (1, 2, 3))), 5, BEFORE.id)


@pytest.mark.parametrize("roster", [FIFTH, FEWER], ids=["one more", "one less"])
def test_two_members_of_the_roster_before_are_enough(roster: Roster) -> None:
    check_vouched(vouched(roster, 1, 2), BEFORE)
    check_vouched(vouched(roster, 4, 1, 2), BEFORE)  # who leaves may vouch too


FORGED = replace(FIFTH, vouched=((1, signature(1, FIFTH)), (2, bytes(64))))
SHORT = replace(FIFTH, vouched=((1, signature(1, FIFTH)), (2, b"")))
ANOTHERS = replace(FIFTH, vouched=((1, signature(1, FIFTH)), (2, signature(1, FIFTH))))
EARLIER = replace(FIFTH, vouched=((1, signature(1, FIFTH)), (2, signature(2, FEWER))))
PLACED_ANEW = replace(FIFTH, members=(replace(member(1), vouch=public_of(SEEDS[6])), *FIFTH.members[1:]))


@pytest.mark.parametrize(
    ("roster", "why"),
    [
        (FIFTH, "0 of 2"),
        (vouched(FIFTH, 1), "1 of 2"),
        (vouched(FIFTH, 1, 1), "1 of 2"),
        (vouched(FIFTH, 1, 5), "1 of 2"),
        (FORGED, "1 of 2"),
        (SHORT, "1 of 2"),
        (ANOTHERS, "1 of 2"),
        (EARLIER, "1 of 2"),
        (vouched(replace(FIFTH, previous="00" * 8), 1, 2), "does not continue"),
        (vouched(replace(FIFTH, instance="bontang"), 1, 2), "does not continue"),
        (vouched(replace(FEWER, next_x=4), 1, 2), "gives a place again"),
        (vouched(PLACED_ANEW, 2, 3), "gives the place of another person to kutim-unit-1"),
    ],
    ids=[
        "nobody",
        "one alone",
        "one twice",
        "a newcomer",
        "no signature",
        "an empty one",
        "one's under another's place",
        "of another roster",
        "of another before",
        "of another government",
        "a place that somebody had",
        "a place with other keys",
    ],
)
def test_no_roster_stands_that_two_did_not_vouch_for(roster: Roster, why: str) -> None:
    with pytest.raises(RosterError, match=re.escape(why)):
        check_vouched(roster, BEFORE)


def test_a_signature_is_the_members_and_of_this_roster() -> None:
    first, broken = member(1), replace(member(1), vouch=b"short")
    assert signs(first, FIFTH, signature(1, FIFTH))
    for who, roster, signed in (
        (member(2), FIFTH, signature(1, FIFTH)),
        (first, FEWER, signature(1, FIFTH)),
        (first, FIFTH, b""),
        (broken, FIFTH, signature(1, FIFTH)),
    ):
        assert not signs(who, roster, signed)


def test_the_shares_of_a_name_come_apart_as_they_were_put_together() -> None:
    slots = tuple(Slot(bytes([x]) * 8, x, bytes([x]) * 32, bytes([x]) * ENVELOPE_BYTES) for x in (1, 2, 200))
    assert parted(joined("a1b2c3d4e5f60718", slots)) == ("a1b2c3d4e5f60718", slots)

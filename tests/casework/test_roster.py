"""The roster of custodians: whose keys may stand in it, which places are given, and who has to vouch for the next."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from functions.casework.consent.roster import (
    Candidate,
    Member,
    Roster,
    RosterError,
    check_roster,
    key_id_of,
    next_roster,
    read_roster,
    roster_json,
)
from functions.crypto.seal import public_keys
from functions.crypto.sign.vouches import CONTEXT, check_vouched

AGENCIES = ("bkpsdm", "dinkes", "disdik", "inspektorat")


def signing(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())


def candidate(agency: str, who: str = "") -> Candidate:
    """The keys of somebody at an agency."""
    name = agency + who
    return Candidate(agency, sha256(name.encode()).digest() * 38, signing(name).public_key().public_bytes_raw())


FOUR = [candidate(agency) for agency in AGENCIES]
FIRST = next_roster("kutim", None, FOUR)


def with_first(**facts: Any) -> Roster:
    """The first roster with another first member."""
    return replace(FIRST, members=(replace(FIRST.members[0], **facts), *FIRST.members[1:]))


def test_places_are_given_one_by_one_and_never_again() -> None:
    assert [(member.agency, member.x) for member in FIRST.members] == [*zip(AGENCIES, (1, 2, 3, 4), strict=True)]
    assert FIRST.next_x == 5
    came = [candidate("bkpsdm", "newcomer"), *FOUR[1:3], candidate("inspektorat", "newcomer")]
    after = next_roster("kutim", FIRST, came)
    assert [(member.agency, member.x) for member in after.members] == [
        ("dinkes", 2),
        ("disdik", 3),
        ("bkpsdm", 5),
        ("inspektorat", 6),
    ]
    assert (after.next_x, after.previous) == (7, FIRST.id)


@pytest.mark.parametrize(("before", "fits"), [(251, True), (252, False)])
def test_places_end_with_the_byte_that_names_them(before: int, fits: bool) -> None:
    late = replace(FIRST, next_x=before)
    came = [candidate(agency, "newcomer") for agency in AGENCIES]
    if fits:
        assert next_roster("kutim", late, came).next_x == 255
    else:
        with pytest.raises(RosterError, match="the place of bkpsdm is none"):
            next_roster("kutim", late, came)


def test_its_id_and_those_of_its_keys_are_the_first_bytes_of_a_hash() -> None:
    assert FIRST.id == sha256(FIRST.text).hexdigest()[:16]
    for member in FIRST.members:
        assert member.key_id == key_id_of(member.public) == public_keys.key_id_of(member.public)


def test_what_is_published_reads_back() -> None:
    assert read_roster(roster_json(FIRST)) == FIRST


SHORT, LONG = FOUR[0].public[:-1], FOUR[0].public + b"\0"


@pytest.mark.parametrize(
    "facts",
    [
        {"public": SHORT, "key_id": key_id_of(SHORT)},
        {"public": LONG, "key_id": key_id_of(LONG)},
        {"vouch": FOUR[0].vouch[:-1]},
        {"vouch": FOUR[0].vouch + b"\0"},
        {"public": candidate("bkpsdm", "stranger").public},
        {"key_id": key_id_of(candidate("bkpsdm", "stranger").public)},
    ],
    ids=["short key", "long key", "short vouch", "long vouch", "strange key", "strange id"],
)
def test_a_key_of_another_size_or_id_stands_in_no_roster(facts: dict[str, Any]) -> None:
    check_roster(FIRST)
    with pytest.raises(RosterError, match="the key of bkpsdm is not what its id says"):
        check_roster(with_first(**facts))


def vouched(roster: Roster, by: Sequence[Member]) -> Roster:
    """The roster with their signatures."""
    text = CONTEXT + roster.text
    return replace(roster, vouched=tuple((member.x, signing(member.agency).sign(text)) for member in by))


def test_two_of_the_roster_before_vouch_and_no_one_alone() -> None:
    proposed = next_roster("kutim", FIRST, [*FOUR[:3], candidate("inspektorat", "newcomer")])
    check_vouched(vouched(proposed, FIRST.members[:2]), FIRST)
    check_vouched(vouched(proposed, FIRST.members[2:]), FIRST)
    for one in FIRST.members:
        for by in ([one], [one, one]):
            with pytest.raises(RosterError, match="1 of 2"):
                check_vouched(vouched(proposed, by), FIRST)

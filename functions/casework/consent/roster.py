"""The roster of an instance: the custodians whose browsers hold a share of each name's key.

Two of them open a name together, none alone (``crypto.seal.shares``). A member's ``x`` is the place of their shares and
is never given to another person: whoever held it before may still know old shares. An instance without a roster stays
on the older path, where the custody door keeps the rule.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from functions.casework.receipt import receipt_from_bytes

FIRST_MEMBERS, LEAST_MEMBERS, MOST_MEMBERS = 4, 3, 8
VOUCHES = 2
PUBLIC_BYTES, VOUCH_BYTES = 1216, 32
ID_BYTES = 8
MOST_X = 255


class RosterError(ValueError):
    """It is not a roster that may stand; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Member:
    """A custodian by their ``agency``, which has one. ``public`` (1,216 bytes) is the X-Wing key that their shares are
    sealed to and ``key_id`` its id, ``vouch`` (32 bytes) the Ed25519 key that signs a later roster."""

    agency: str
    key_id: str
    public: bytes
    vouch: bytes
    x: int

    @property
    def fingerprint(self) -> str:
        """Both keys as five groups with checks, like a receipt: 100 bits, to be read aloud."""
        return fingerprint_of(self.public, self.vouch)


@dataclass(frozen=True, slots=True)
class Roster:
    """The members in the order of their ``x``. ``next_x`` was never given; ``previous`` is the id of the roster before,
    "" for the first; ``vouched`` holds signatures by the ``x`` of a member of that roster."""

    instance: str
    members: tuple[Member, ...]
    next_x: int
    previous: str = ""
    vouched: tuple[tuple[int, bytes], ...] = ()

    @property
    def text(self) -> bytes:
        """What is hashed and signed: everything but the signatures."""
        each = (f"{m.x}:{m.agency}:{m.key_id}:{_base64(m.public)}:{_base64(m.vouch)}" for m in self.members)
        parts = ("lapor/2/roster", self.instance, self.previous, str(self.next_x), *each)
        return "\0".join(parts).encode()

    @property
    def id(self) -> str:
        """The first 8 bytes of its SHA-256, in hex."""
        return sha256(self.text).digest()[:ID_BYTES].hex()

    def of(self, agency: str) -> Member | None:
        """Return the member of an agency."""
        return next((member for member in self.members if member.agency == agency), None)


@dataclass(frozen=True, slots=True)
class Candidate:
    """The keys that a custodian's browser made. Nothing is sealed to them before a roster names them."""

    agency: str
    public: bytes
    vouch: bytes


def fingerprint_of(public: bytes, vouch: bytes) -> str:
    """Return the fingerprint of a custodian's two public keys."""
    return str(receipt_from_bytes(sha256(public + vouch).digest()[:13]))


def next_roster(instance: str, before: Roster | None, candidates: Sequence[Candidate]) -> Roster:
    """Return the roster of these custodians, which nobody vouched for yet. Whoever keeps their keys keeps their ``x``.

    Raises RosterError for too few, too many, two of one agency or two with one key.
    """
    least = LEAST_MEMBERS if before else FIRST_MEMBERS
    if not least <= len(candidates) <= MOST_MEMBERS:
        raise RosterError(f"{len(candidates)} custodians have a key; a roster has {least} to {MOST_MEMBERS}")
    next_x = before.next_x if before else 1
    members: list[Member] = []
    for one in sorted(candidates, key=lambda candidate: candidate.agency):
        known = before.of(one.agency) if before else None
        if known and (known.public, known.vouch) == (one.public, one.vouch):
            members.append(known)
            continue
        members.append(Member(one.agency, key_id_of(one.public), one.public, one.vouch, next_x))
        next_x += 1
    members.sort(key=lambda member: member.x)
    roster = Roster(instance, tuple(members), next_x, before.id if before else "")
    check_roster(roster)
    return roster


def check_roster(roster: Roster) -> None:
    """Raise RosterError unless its members are distinct and each is what it claims to be."""
    members = roster.members
    if not LEAST_MEMBERS <= len(members) <= MOST_MEMBERS:
        raise RosterError(f"a roster has {LEAST_MEMBERS} to {MOST_MEMBERS} members, not {len(members)}")
    for name, values in (
        ("agency", [m.agency for m in members]),
        ("key", [m.public for m in members]),
        ("signing key", [m.vouch for m in members]),
        ("x", [m.x for m in members]),
    ):
        if len(set(values)) != len(values):
            raise RosterError(f"two members of the roster have one {name}")
    for member in members:
        sizes = (len(member.public), len(member.vouch))
        if sizes != (PUBLIC_BYTES, VOUCH_BYTES) or member.key_id != key_id_of(member.public):
            raise RosterError(f"the key of {member.agency} is not what its id says")
        if not 1 <= member.x < roster.next_x <= MOST_X:
            raise RosterError(f"the place of {member.agency} is none: {member.x}")


def roster_json(roster: Roster) -> dict[str, Any]:
    """Return a roster as ``/keys.json`` and ``public.json`` show it."""
    return {
        "instance": roster.instance,
        "id": roster.id,
        "members": [
            {
                "agency": m.agency,
                "key_id": m.key_id,
                "public": _base64(m.public),
                "vouch": _base64(m.vouch),
                "x": m.x,
            }
            for m in roster.members
        ],
        "next_x": roster.next_x,
        "previous": roster.previous,
        "vouched": [{"x": x, "signature": _base64(signature)} for x, signature in roster.vouched],
    }


def read_roster(raw: Mapping[str, Any]) -> Roster:
    """Read what ``roster_json`` made. Raises RosterError if it is damaged or may not stand."""
    try:
        members = tuple(
            Member(str(m["agency"]), str(m["key_id"]), b64decode(m["public"]), b64decode(m["vouch"]), int(m["x"]))
            for m in raw["members"]
        )
        vouched = tuple((int(each["x"]), b64decode(each["signature"])) for each in raw["vouched"])
        roster = Roster(str(raw["instance"]), members, int(raw["next_x"]), str(raw["previous"]), vouched)
    except (KeyError, TypeError, ValueError) as error:
        raise RosterError("the roster is damaged") from error
    check_roster(roster)
    if roster.id != raw.get("id"):
        raise RosterError("the roster is not what its id says")
    return roster


def key_id_of(public: bytes) -> str:
    """Return the id of a public key, as ``crypto.seal.public_keys`` makes it."""
    return sha256(public).digest()[:16].hex()


def _base64(raw: bytes) -> str:
    return b64encode(raw).decode()

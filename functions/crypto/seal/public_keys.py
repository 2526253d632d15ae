"""Public keys by purpose and instance: all that a function needs to seal.

``public.json`` holds every public key, and which one is current for each purpose and instance. Only
``crypto.open.private`` reads the private halves.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from cryptography.hazmat.primitives import hashes

from functions.casework.case_fields import AccessFacts
from functions.casework.consent.roster import Roster, RosterError, read_roster, roster_json
from functions.casework.directory.linked_office import LinkedOffice
from functions.crypto.errors import KeyringError
from functions.crypto.key_pairs import SUITE, hpke_public
from functions.crypto.seal import shares
from functions.crypto.seal.sealing import (
    BOUND_VERSION,
    FACTS_BYTES,
    KEPT_MAX,
    KEPT_VERSION,
    VERSION,
    bound_info,
    facts_hash,
    facts_proof,
    hpke_info,
)

KEY_ID_BYTES = 16
HINT_BYTES = 8  # of a key's id, in an envelope: it only says which key to try. Older ids are no longer than that
ADDED = "added"  # purposes that older releases do not know; among ``current`` they would take the file for damaged
HPKE_OVERHEAD = 1 + HINT_BYTES + 1120 + 16  # version, hint, encapsulated secret, tag
BOUND_OVERHEAD = 1 + 2 * FACTS_BYTES + 1120 + 16  # version, hash and proof of the bound facts, encapsulated secret, tag


class Purpose(StrEnum):
    """The purpose of a key pair.

    Each opens or signs one thing. The courier holds two, its own and the one that signs links. The desk holds two, its
    own and the one that signs what it asks of the courier (law 2).
    """

    DESK = "desk"
    COURIER = "courier"
    LINKS = "links"
    IDENTITY = "identity"
    MANDATES = "mandates"


SIGNING = frozenset({Purpose.LINKS, Purpose.MANDATES})  # these sign; the others open what was sealed to them


def key_id_of(public: bytes) -> str:
    """Return the id of a key pair: the first 16 bytes of the SHA-256 of its public key, in hex. Pairs of an older
    release keep theirs, the first 8 (``is_id_of``)."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(public)
    return digest.finalize()[:KEY_ID_BYTES].hex()


def is_id_of(key_id: str, public: bytes) -> bool:
    """Whether this is the id of a public key, of either length."""
    whole = key_id_of(public)
    return key_id in (whole, hint_of(whole).hex())


def hint_of(key_id: str) -> bytes:
    """Return what an envelope carries of a key's id."""
    return bytes.fromhex(key_id)[:HINT_BYTES]


def id_with(hint: bytes, ids: Iterable[str]) -> str:
    """Return the id that an envelope's hint is of, "" if none of these is. No two keys share a hint (``new_pair``)."""
    return next((key_id for key_id in ids if key_id.startswith(hint.hex())), "")


class PublicKeys(NamedTuple):
    """Public keys (raw bytes) by key id, the current key id by (purpose, instance), and the custodians' roster by
    instance, where there is one.

    ``linked`` are linked offices by code: the nation seals to their keys, which are among the others, and opens
    nothing. ``late`` are keys of before, by (purpose, instance), to which a linked office still takes reports that were
    on their way."""

    keys: Mapping[str, bytes]
    current: Mapping[tuple[Purpose, str], str]
    rosters: Mapping[str, Roster] = MappingProxyType({})
    linked: Mapping[str, LinkedOffice] = MappingProxyType({})
    late: Mapping[tuple[Purpose, str], str] = MappingProxyType({})

    def current_id(self, purpose: Purpose, instance: str) -> str:
        """Return the key id to seal to. Raises KeyringError."""
        try:
            return self.current[purpose, instance]
        except KeyError as error:
            raise KeyringError(
                f"no public key for {purpose} of {instance}; run `python -m functions.cli init`"
            ) from error

    def takes(self, purpose: Purpose, instance: str, key_id: str) -> bool:
        """Tell whether a report sealed to this key may still be stored. Raises KeyringError."""
        return key_id in (self.current_id(purpose, instance), self.late.get((purpose, instance)))

    def seal(self, purpose: Purpose, instance: str, context: str, plain: bytes) -> tuple[str, bytes]:
        """HPKE-seal to the current key. Returns the key id and the envelope (``plain`` + HPKE_OVERHEAD)."""
        key_id = self.current_id(purpose, instance)
        return key_id, _sealed(key_id, self.keys[key_id], hpke_info(purpose, instance, context), plain)

    def seal_shares(self, instance: str, case_id: str, name_key: bytes) -> bytes:
        """Split a name's key over the instance's roster, seal each share to its custodian, and all of it to the custody
        door. Raises KeyringError."""
        roster = self.rosters[instance]
        parts = shares.split(name_key, shares.places_of(roster))
        slots = []
        for member in roster.members:
            share, context = parts[member.x], shares.share_context(case_id, member.x)
            envelope = _sealed(member.key_id, member.public, hpke_info(shares.SHARE, instance, context), share)
            slots.append(shares.Slot(hint_of(member.key_id), member.x, shares.digest_of(share), envelope))
        plain = shares.joined(roster.id, tuple(slots))
        return self.seal(Purpose.IDENTITY, instance, shares.shares_context(case_id), plain)[1]

    def wrap_case_key(self, case_id: str, facts: AccessFacts, case_key: bytes) -> tuple[str, bytes]:
        """Wrap a case key to its desk, bound to the facts that decide who may read the case (``sealing``).

        Returns the key id and the wrap: ``case_key`` + BOUND_OVERHEAD, and a byte more where it is kept from somebody.
        Raises KeyringError.
        """
        kept = facts.kept_from[:KEPT_MAX]
        key_id, text = self.current_id(Purpose.DESK, facts.instance), facts._replace(kept_from=kept).text()
        info = bound_info(case_id, text)
        sealed = SUITE.encrypt(case_key, hpke_public(self.keys[key_id]), info=info)
        version, count = (KEPT_VERSION, bytes([len(kept)])) if kept else (BOUND_VERSION, b"")
        return key_id, version + facts_hash(case_id, text) + facts_proof(case_key, text) + count + sealed


def _sealed(key_id: str, public: bytes, info: bytes, plain: bytes) -> bytes:
    return VERSION + hint_of(key_id) + SUITE.encrypt(plain, hpke_public(public), info=info)


def encode_public(public: PublicKeys) -> bytes:
    """Return the content of ``public.json``."""
    raw: dict[str, Any] = {
        "keys": {key_id: base64.b64encode(value).decode() for key_id, value in public.keys.items()},
        "current": [],
        ADDED: [],
    }
    for (purpose, instance), key_id in public.current.items():
        place = {"purpose": purpose, "instance": instance, "key_id": key_id}
        raw[ADDED if purpose is Purpose.MANDATES else "current"].append(place)
    if public.rosters:
        raw["rosters"] = [roster_json(roster) for roster in public.rosters.values()]
    if public.linked:
        raw["linked"] = [office.plain() for office in public.linked.values()]
    if public.late:
        raw["late"] = [{"purpose": p, "instance": i, "key_id": key_id} for (p, i), key_id in public.late.items()]
    return json.dumps(raw, indent=1).encode()


def decode_public(content: bytes, where: str) -> PublicKeys:
    """Parse what ``encode_public`` wrote. Raises KeyringError, which names ``where``, if it is damaged."""
    try:
        raw = json.loads(content)
        keys = {key_id: base64.b64decode(text) for key_id, text in raw["keys"].items()}
        places = [*raw["current"], *raw.get(ADDED, [])]
        current = {(Purpose(place["purpose"]), place["instance"]): place["key_id"] for place in places}
        rosters = {roster.instance: roster for roster in map(read_roster, raw.get("rosters", []))}
        linked = {office.document.code: office for office in map(LinkedOffice.read, raw.get("linked", []))}
        late = {(Purpose(each["purpose"]), each["instance"]): each["key_id"] for each in raw.get("late", [])}
    except RosterError as error:
        raise KeyringError(f"{where}: {error}; restore it from a backup") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyringError(f"{where} is damaged; restore it from a backup") from error
    if not all(is_id_of(key_id, public) for key_id, public in keys.items()):
        raise KeyringError(f"{where}: a key does not match its id; restore it from a backup")
    return PublicKeys(keys, current, rosters, linked, late)

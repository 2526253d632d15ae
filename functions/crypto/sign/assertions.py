"""Passkeys' answers to a challenge (Web Authentication Level 3, §7.1 and §7.2), verified without CBOR.

The browser gives a new key's public half as SPKI (``getPublicKey()``). As no attestation is asked for, nothing else of
the CBOR would count. ``tests/crypto/test_assertions.py`` compares with the package ``webauthn``.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Collection
from hashlib import sha256
from hmac import compare_digest
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

CREATE, GET = "webauthn.create", "webauthn.get"
PRESENT, VERIFIED, MAY_SYNC, HAS_KEY = 0x01, 0x04, 0x08, 0x40  # flags: §6.1
HEAD_BYTES, ID_AT, ID_MAX = 37, 55, 1023
RSA_BITS = 2048
SPKI_MAX = 600  # of RSA with 4,096 bits it has 550 bytes. A longer one would fill the register of an agency


class PasskeyError(Exception):
    """Not an answer of this key to this challenge at this address."""


class Site(NamedTuple):
    """Where passkeys hold: the portal's host, and the origins whose pages may ask."""

    host: str
    origins: Collection[str]


class Answer(NamedTuple):
    """What an authenticator says. ``signs`` counts its signatures, 0 if it does not count; ``synced``: its key may be
    copied to other devices; ``key_id`` only of a new key."""

    signs: int
    synced: bool
    key_id: bytes = b""


def challenge_in(client_data: bytes, kind: str, site: Site) -> bytes:
    """Return the challenge that was answered. Raises PasskeyError unless this is of the kind (CREATE or GET) and was
    made by a page of ours, not within a frame of another."""
    try:
        said: dict[str, Any] = json.loads(client_data)
        challenge = urlsafe_b64decode(said["challenge"] + "==")
        fits = said["type"] == kind and said["origin"] in site.origins and said.get("crossOrigin") is not True
    except (ValueError, KeyError, TypeError) as error:
        raise PasskeyError("no client data") from error
    if not fits:
        raise PasskeyError("asked for by another page")
    return challenge


def verify_answer(public: bytes, data: bytes, client_data: bytes, signature: bytes, site: Site) -> Answer:
    """Verify a signature over authenticator data and client data with a key (SPKI). Whoever calls has looked at the
    challenge, and compares the count. Raises PasskeyError."""
    answer = _read(data, site)
    signed = data + sha256(client_data).digest()
    try:
        match key := _load(public):
            case EllipticCurvePublicKey():
                key.verify(signature, signed, ECDSA(SHA256()))
            case RSAPublicKey():
                key.verify(signature, signed, PKCS1v15(), SHA256())
            case _:
                key.verify(signature, signed)
    except InvalidSignature as error:
        raise PasskeyError("not signed by this key") from error
    return answer


def read_new(public: bytes, data: bytes, site: Site) -> Answer:
    """Read the authenticator data of a new key, and check that its public half (SPKI) is of a kind we verify. Raises
    PasskeyError."""
    answer = _read(data, site)
    _load(public)
    size = int.from_bytes(data[ID_AT - 2 : ID_AT], "big")
    key_id = data[ID_AT : ID_AT + size]
    if not data[HEAD_BYTES - 5] & HAS_KEY or not 0 < size <= ID_MAX or len(key_id) != size:
        raise PasskeyError("no new key")
    return answer._replace(key_id=key_id)


def _read(data: bytes, site: Site) -> Answer:
    """Read the host's hash (32 bytes), flags and count (4) of authenticator data."""
    flags = data[32] if len(data) >= HEAD_BYTES else 0
    if not compare_digest(data[:32], sha256(site.host.encode()).digest()):
        raise PasskeyError("of another host")
    if not flags & PRESENT or not flags & VERIFIED:
        raise PasskeyError("nobody proved who they are")
    return Answer(int.from_bytes(data[33:HEAD_BYTES], "big"), bool(flags & MAY_SYNC))


def _load(public: bytes) -> EllipticCurvePublicKey | RSAPublicKey | Ed25519PublicKey:
    """Return the key: ES256 (P-256), RS256 or EdDSA (Ed25519)."""
    if len(public) > SPKI_MAX:
        raise PasskeyError("a key of a kind that is not asked for")
    try:
        key = load_der_public_key(public)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise PasskeyError("no key") from error
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return key
    if isinstance(key, Ed25519PublicKey) or (isinstance(key, RSAPublicKey) and key.key_size >= RSA_BITS):
        return key
    raise PasskeyError("a key of a kind that is not asked for")

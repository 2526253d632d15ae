"""Seal to the courier's current key what is under an older one: half of a rotation, done by the holder of the key.

It knows no store: ops bring the envelopes and put them back (``ops.reseal``), so that in the cloud the courier still
finds no case whose number nobody told it.

Tests: ``tests/actions/test_rotate_courier.py``.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence

from functions.crypto.errors import SealError
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.public_keys import PublicKeys, Purpose

Envelopes = Sequence[tuple[str, bytes]]  # each with its HPKE context


def seal_anew(instance: str, envelopes: Envelopes, private: PrivateKeys, public: PublicKeys) -> list[bytes]:
    """Return each envelope under the current key. What does not open stays as it is: a foreign browser sealed it.
    Raises KeyringError."""
    return [_anew(instance, *each, private, public) for each in envelopes]


def encode(envelopes: Envelopes) -> str:
    """Return envelopes as a text, for an order."""
    return json.dumps([[context, b64encode(envelope).decode()] for context, envelope in envelopes])


def decode(text: str) -> list[tuple[str, bytes]]:
    """Read what ``encode`` wrote. Raises ValueError."""
    return [(str(context), b64decode(envelope)) for context, envelope in json.loads(text)]


def _anew(instance: str, context: str, envelope: bytes, private: PrivateKeys, public: PublicKeys) -> bytes:
    try:
        plain = private.open(instance, context, envelope)
    except SealError:
        return envelope
    return public.seal(Purpose.COURIER, instance, context, plain)[1]

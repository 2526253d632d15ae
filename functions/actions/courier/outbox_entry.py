"""What the courier reads of an outbox entry. What does not open reads as empty.

Tests: ``tests/actions/test_deliver.py``.
"""

from dataclasses import replace
from hashlib import sha256

from functions.crypto.errors import SealError
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.padding import PaddingError, unpad
from functions.crypto.seal.outbox_words import words_context
from functions.storage.interface import Notice, OutboxEntry


def open_sealed(entry: OutboxEntry, context: str, keys: PrivateKeys) -> bytes:
    """Open an entry's ``sealed`` under an HPKE context."""
    try:
        return unpad(keys.open(entry.instance, context, entry.sealed))
    except (SealError, PaddingError):
        return b""


def open_address(entry: OutboxEntry, context: str, keys: PrivateKeys) -> str:
    """Open an entry's ``sealed`` as text."""
    try:
        return open_sealed(entry, context, keys).decode()
    except UnicodeDecodeError:
        return ""


def open_words(entry: OutboxEntry, keys: PrivateKeys) -> bytes:
    """Open an entry's ``words``."""
    return open_sealed(replace(entry, sealed=entry.words), words_context(entry.entry_id), keys)


def is_unkeyed(entry: OutboxEntry, keys: PrivateKeys) -> bool:
    """Tell whether a key that the entry is sealed to is not here: a rotation came between its claim and the reading of
    the keys, and what the store has by now may open."""
    parts = (entry.sealed, entry.words)
    return entry.notice is not Notice.RELAYED and any(keys.names_gone(part) for part in parts)


def message_id(entry: OutboxEntry, recipient: str) -> str:
    """Return the id of an entry's message to one recipient (32 hex), the same for every try."""
    return sha256(f"{entry.entry_id}/{recipient}".encode()).hexdigest()[:32]

"""Tell by mail that a second factor was added, used up, removed or given a code: to the officer, and to who watches.

The letter has no link and does nothing. The courier finds the addresses; the event is sealed to it.

Tests: ``tests/actions/test_factor_mail.py``.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_hex

from functions.casework.factors.events import Event
from functions.crypto.padding import pad
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.storage.interface import Notice, OutboxEntry
from functions.storage.interface.outbox import Outbox

BUCKET = 256


@dataclass(frozen=True, slots=True)
class Notify:
    """Puts the notice into the outbox."""

    store: Outbox
    public: Callable[[], PublicKeys]

    def __call__(self, instance: str, officer: str, event: Event, by: str = "") -> None:
        """Tell what happened to an officer's factors; ``by`` is the ident of a helper, "" for ops or the officer.
        Raises KeyringError, StorageError."""
        entry_id = token_hex(16)
        said = pad(json.dumps([officer, event.value, by]).encode(), BUCKET)
        _, sealed = self.public().seal(Purpose.COURIER, instance, entry_id, said)
        self.store.enqueue(OutboxEntry(entry_id, Notice.FACTOR_CHANGED, instance, sealed=sealed))

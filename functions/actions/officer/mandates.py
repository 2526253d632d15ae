"""Ask the courier for what only the desk may ask: an officer, a link to somebody's whole inbox, or that it tells a
reporter an officer's words.

The request is signed with the desk's own key, then sealed to the courier. Its outbox entry has an id of its own kind,
which in the cloud no other function may write.

Tests: ``tests/actions/test_mandates.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_hex

from functions.crypto.errors import KeyringError, SealError
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.padding import pad
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.crypto.sign.mandate_signer import sign_mandate
from functions.crypto.sign.mandates import Mandate
from functions.storage.interface import Notice, OutboxEntry, Store
from functions.storage.interface.outbox import MANDATE_PREFIX

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Mandates:
    """The desk's requests. ``signing_keys`` returns its own keys, ``now`` gives epoch seconds."""

    store: Store
    public_keys: Callable[[], PublicKeys]
    signing_keys: Callable[[], PrivateKeys]
    now: Callable[[], int]

    def send(self, notice: Notice, instance: str, payload: bytes, size: int) -> None:
        """Sign a request, pad it to ``size`` bytes, seal it and put it into the outbox. Raises KeyringError,
        StorageError."""
        entry_id = MANDATE_PREFIX + token_hex(16)
        signed = self.sign(notice, entry_id, instance, payload)
        _, sealed = self.public_keys().seal(Purpose.COURIER, instance, entry_id, pad(signed, size))
        self.store.enqueue(OutboxEntry(entry_id, notice, instance, sealed=sealed))

    def sign(self, notice: Notice, entry_id: str, instance: str, payload: bytes) -> bytes:
        """Return a request for one entry, signed. Raises KeyringError."""
        key_id = self.public_keys().current_id(Purpose.MANDATES, instance)
        try:
            private = self.signing_keys().key(instance, key_id)
        except SealError as error:
            raise KeyringError(f"the {Purpose.MANDATES} key of {instance} is not here; restart the desk") from error
        return sign_mandate(Mandate(notice.value, entry_id, instance, self.now() // HOUR, payload), key_id, private)

"""Ask the courier for what only the desk may ask: an officer, or a link to somebody's whole inbox.

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
        public, entry_id = self.public_keys(), MANDATE_PREFIX + token_hex(16)
        key_id = public.current_id(Purpose.MANDATES, instance)
        try:
            private = self.signing_keys().key(instance, key_id)
        except SealError as error:
            raise KeyringError(f"the {Purpose.MANDATES} key of {instance} is not here; restart the desk") from error
        mandate = Mandate(notice.value, entry_id, instance, self.now() // HOUR, payload)
        signed = sign_mandate(mandate, key_id, private)
        _, sealed = public.seal(Purpose.COURIER, instance, entry_id, pad(signed, size))
        self.store.enqueue(OutboxEntry(entry_id, notice, instance, sealed=sealed))

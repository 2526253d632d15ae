"""What leaves in words, sealed to the courier: an officer's to who can be reached no other way (by SMS, or by the app
that sent the report), and the gateway's answers. The one exception to the rule that the courier has no words;
docs/threat-model.md says what it costs.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from secrets import token_hex

from functions.actions.common.reporter_notice import news
from functions.actions.reporter.seal_identity import TEL
from functions.casework.case import CaseHead, EventKind
from functions.crypto.padding import message_bucket, pad
from functions.crypto.seal.outbox_words import padded, words_context
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.storage.interface import Notice, OutboxEntry

KEPT = ("body", "reason", "due", "outcome")
SAID = frozenset({EventKind.MESSAGE, EventKind.CLOSE, EventKind.STAGE, EventKind.EXTEND})


@dataclass(frozen=True, slots=True)
class Texts:
    """Makes the outbox entries."""

    public_keys: Callable[[], PublicKeys]

    def news(self, head: CaseHead, kind: EventKind, words: Mapping[str, str]) -> OutboxEntry:
        """What an officer did, in his words where they are for the reporter (``told.read_said`` reads them). Raises
        KeyringError."""
        if kind not in SAID:
            return news(head)
        entry_id = token_hex(16)
        plain = json.dumps({"kind": kind} | {name: words[name] for name in KEPT if name in words}).encode()
        padding = pad(plain, message_bucket(len(plain)))
        return news(head, entry_id, self._seal(head.entrusted_to, words_context(entry_id), padding))

    def answer(self, instance: str, entry_id: str, number: str, text: str) -> OutboxEntry:
        """An answer to an SMS; it names no case. Raises KeyringError."""
        sealed = self._seal(instance, entry_id, padded(TEL + number))
        words = self._seal(instance, words_context(entry_id), padded(text))
        return OutboxEntry(entry_id, Notice.TEXTED, instance, sealed=sealed, words=words)

    def _seal(self, instance: str, context: str, padding: bytes) -> bytes:
        return self.public_keys().seal(Purpose.COURIER, instance, context, padding)[1]

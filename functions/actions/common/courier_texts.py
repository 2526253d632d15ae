"""Message texts sealed to the courier: officers' answers for a channel that quotes, and replies to incoming messages.

This is the one exception to the rule that the courier has no words; docs/threat-model.md names its cost.

Tests: ``tests/doors/test_sms.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_hex

from functions.actions.common.reporter_notice import news
from functions.casework.answer import Answer
from functions.casework.case import CaseHead, EventKind
from functions.casework.channel import Contact
from functions.casework.understanding.words import Words
from functions.crypto.padding import message_bucket, pad
from functions.crypto.seal.outbox_words import padded, words_context
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.crypto.seal.sealing import checked_words
from functions.storage.interface import Notice, OutboxEntry


@dataclass(frozen=True, slots=True)
class Texts:
    """Makes the outbox entries."""

    public_keys: Callable[[], PublicKeys]

    def news(self, head: CaseHead, kind: EventKind, words: Words) -> OutboxEntry:
        """Return the notice of an officer's act, with its words if the reporter's channel quotes and they are for the
        reporter. Raises KeyringError."""
        answer = Answer.of(kind, checked_words(words)) if head.reporter.texted else None
        if answer is None:
            return news(head)
        entry_id, plain = token_hex(16), answer.encode()
        padding = pad(plain, message_bucket(len(plain)))
        return news(head, entry_id, self._seal(head.entrusted_to, words_context(entry_id), padding))

    def reply(self, instance: str, entry_id: str, contact: Contact, text: str) -> OutboxEntry:
        """Return the reply to an incoming message; it names no case. Raises KeyringError."""
        sealed = self._seal(instance, entry_id, padded(contact.encode()))
        words = self._seal(instance, words_context(entry_id), padded(text))
        return OutboxEntry(entry_id, Notice.TEXTED, instance, sealed=sealed, words=words)

    def _seal(self, instance: str, context: str, padding: bytes) -> bytes:
        return self.public_keys().seal(Purpose.COURIER, instance, context, padding)[1]

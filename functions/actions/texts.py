"""What leaves by SMS, sealed to the courier: an officer's words to who can be reached no other way, and the gateway's
answers. The one exception to the rule that the courier has no words; docs/threat-model.md says what it costs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from secrets import token_hex

from functions.actions.news import news
from functions.actions.trust import TEL
from functions.casework import sms_words
from functions.casework.case import CaseHead, EventKind
from functions.storage.interface import Notice, OutboxEntry
from functions.vault.keyring import PublicKeys, Purpose
from functions.vault.phones import padded, words_context


@dataclass(frozen=True, slots=True)
class Texts:
    """Makes the outbox entries. ``url`` is where the portal is reached."""

    public_keys: Callable[[], PublicKeys]
    url: str

    def news(self, head: CaseHead, kind: EventKind, words: Mapping[str, str]) -> OutboxEntry:
        """What an officer did, in his words where they are for the reporter. Raises KeyringError."""
        text, entry_id = self._said(kind, words), token_hex(16)
        if not text:
            return news(head)
        return news(head, entry_id, self._seal(head.entrusted_to, words_context(entry_id), text))

    def answer(self, instance: str, entry_id: str, number: str, text: str) -> OutboxEntry:
        """An answer to an SMS; it names no case. Raises KeyringError."""
        sealed = self._seal(instance, entry_id, TEL + number)
        words = self._seal(instance, words_context(entry_id), text)
        return OutboxEntry(entry_id, Notice.TEXTED, instance, sealed=sealed, words=words)

    def _seal(self, instance: str, context: str, text: str) -> bytes:
        return self.public_keys().seal(Purpose.COURIER, instance, context, padded(text))[1]

    def _said(self, kind: EventKind, words: Mapping[str, str]) -> str:
        if kind is EventKind.MESSAGE:
            return sms_words.quoted(words["body"], self.url)
        if kind is EventKind.CLOSE:
            return sms_words.closed(words["reason"], self.url)
        if kind is EventKind.STAGE:
            return sms_words.quoted(words["reason"], self.url)
        if kind is EventKind.EXTEND:
            return sms_words.later(date.fromisoformat(words["due"]), words["reason"], self.url)
        return ""

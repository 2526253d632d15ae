"""Message texts sealed to the courier: officers' answers for a channel that quotes, and replies to incoming messages.

This is the one exception to the rule that the courier has no words; docs/threat-model.md names its cost. An answer is
signed by the desk: a seal proves nothing, and whoever can write to the outbox would speak in an officer's name.

Tests: ``tests/doors/test_sms.py``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from secrets import token_hex

from functions.actions.common.reporter_notice import news
from functions.casework.answer import Answer
from functions.casework.case import CaseHead, EventKind
from functions.casework.channel import Contact
from functions.casework.stages import Stage
from functions.casework.understanding.words import Words
from functions.config import logs
from functions.crypto.errors import KeyringError
from functions.crypto.padding import message_bucket, pad
from functions.crypto.seal.outbox_words import answer_payload, padded, words_context
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.crypto.seal.sealing import checked_words
from functions.storage.interface import Notice, OutboxEntry
from functions.storage.interface.outbox import MANDATE_PREFIX


@dataclass(frozen=True, slots=True)
class Texts:
    """Makes the outbox entries. ``sign`` signs what the desk asks for (``officer.mandates``); who has none quotes
    nobody."""

    public_keys: Callable[[], PublicKeys]
    sign: Callable[[Notice, str, str, bytes], bytes] | None = None

    def news(self, head: CaseHead, kind: EventKind, words: Words, stage: Stage) -> OutboxEntry:
        """Return the notice of an officer's act that brings a case (``head``, before it) to ``stage``, with its words
        if the reporter's channel quotes and they are for the reporter. Without the desk's key to sign them it says that
        there is news. Raises KeyringError."""
        told = checked_words(words) if head.reporter.texted else {}
        answer = Answer.of(kind, {**told, **_standing(head, kind, stage, told)}) if told else None
        if answer is None or self.sign is None:
            return news(head)
        entry_id, payload = MANDATE_PREFIX + token_hex(16), answer_payload(head.case_id, answer.encode())
        try:
            signed = self.sign(Notice.ANSWERED_SMS, entry_id, head.entrusted_to, payload)
        except KeyringError as error:
            logs.report("mandate_unsigned", error)
            return news(head)
        padding = pad(signed, message_bucket(len(signed)))
        return news(head, entry_id, self._seal(head.entrusted_to, words_context(entry_id), padding))

    def reply(self, instance: str, entry_id: str, contact: Contact, text: str) -> OutboxEntry:
        """Return the reply to an incoming message; it names no case. Raises KeyringError."""
        sealed = self._seal(instance, entry_id, padded(contact.encode()))
        words = self._seal(instance, words_context(entry_id), padded(text))
        return OutboxEntry(entry_id, Notice.TEXTED, instance, sealed=sealed, words=words)

    def _seal(self, instance: str, context: str, padding: bytes) -> bytes:
        return self.public_keys().seal(Purpose.COURIER, instance, context, padding)[1]


def _standing(head: CaseHead, kind: EventKind, stage: Stage, words: Mapping[str, str]) -> dict[str, str]:
    """Return what the words of an act leave out, and its reporter has to know: that it ends the case, and what is left
    to them."""
    if kind is EventKind.CLOSE:
        undone = "none" if head.history.appealed else "appeal" if head.history.reopened else ""
        return {"undone": undone} if undone else {}
    if kind is not EventKind.STAGE or stage is not Stage.DIARSIPKAN:
        return {}
    told = {"stage": str(stage)}
    if outside := words.get("outside", ""):
        from functions.casework.routing.propose import outside_targets  # noqa: PLC0415 - the desk has it; SMS need not

        target = outside_targets().get(outside)
        told |= {"turn_to": target.turn_to} if target else {}
    return told

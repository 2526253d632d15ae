"""Reports for agencies' own systems, sealed to the courier, which alone speaks to outside systems.

Like an SMS, a forwarded report passes the courier as text: docs/threat-model.md names the cost.

Tests: ``tests/doors/test_linked.py``.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from secrets import token_hex

from functions.actions.common.decrypted_case import Message, OpenedCase
from functions.casework.case import Case, CaseHead, EventKind
from functions.casework.directory.agencies import Directory
from functions.casework.linked_systems import DESCRIPTION_MAX, REPLY_KEY, Forward, report_text, system_of
from functions.casework.stages import Actor
from functions.crypto.padding import message_bucket, pad
from functions.crypto.seal.outbox_words import words_context
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.crypto.seal.reply_keys import new_reply_key, public_of_reply_key
from functions.storage.interface import Notice, OutboxEntry

AGAIN = "Pelapor menyatakan belum selesai:"
TAKEN = DESCRIPTION_MAX + 1  # that system gets no more, and is told of the cut; an item of DynamoDB holds 400 KB
TOLD = frozenset({EventKind.MESSAGE, EventKind.REOPEN})  # of what a reporter adds, that system is told
SPOKEN = frozenset({EventKind.REPORT, EventKind.MESSAGE, EventKind.REOPEN, EventKind.APPEAL})


@dataclass(frozen=True, slots=True)
class Forwarding:
    """Makes the outbox entries."""

    public_keys: Callable[[], PublicKeys]
    directory: Directory

    def reaches(self, agency: str) -> bool:
        """Tell whether an agency has its own system."""
        return bool(system_of(agency, self.directory))

    def begin(self, head: CaseHead, subject: str, messages: Iterable[Message]) -> tuple[dict[str, str], OutboxEntry]:
        """Return the words of the hand-over's event, which hold the reply key, and the entry with the copy for the
        holder of ``head``. ``subject`` and ``messages`` are masked, as the holder's officers read them. Raises
        KeyringError."""
        private, public = new_reply_key()
        return {REPLY_KEY: private}, self._entry(Notice.FORWARDED, head, self._forward(head, subject, messages, public))

    def has(self, opened: OpenedCase, head: CaseHead) -> bool:
        """Tell whether the system of the holder of ``head`` was sent this case."""
        return self.reaches(head.holder) and bool(opened.reply_key(head.holder))

    def told_last(self, case: Case) -> bool:
        """Tell whether the last words went to the system of the holder. A file does not go there."""
        return case.events[-1].kind in TOLD and self.reaches(case.head.holder)

    def more(self, opened: OpenedCase, head: CaseHead, words: Mapping[str, str]) -> OutboxEntry:
        """Return the entry with a reporter's addition, masked, for the system that has the case. "Not done" becomes a
        new request with the whole text, since not every system adds to a closed one. Raises KeyringError."""
        from functions.actions.officer.masking import mask_text, masked  # noqa: PLC0415 - the thread masks nothing else

        words = opened.new_words(words)  # what it has already may hold the beginning of a receipt
        if "body" in words:
            return self._entry(
                Notice.FORWARDED_MORE, head, Forward(head.topic, head.district, mask_text(words["body"]))
            )
        topic = self.directory.topics.get(head.topic)
        messages = masked(opened.messages(), (), sensitive=topic is not None and topic.sensitive)
        public = public_of_reply_key(opened.reply_key(head.holder))
        again = self._forward(head, mask_text(opened.subject()), messages, public)
        said = f"{AGAIN}\n\n{mask_text(words['reason'])}\n\n{again.text}"
        return self._entry(Notice.FORWARDED, head, replace(again, text=said))

    def _forward(self, head: CaseHead, subject: str, messages: Iterable[Message], public: bytes) -> Forward:
        said = [message for message in messages if message.by is Actor.REPORTER and message.kind in SPOKEN]
        facts = said[0].facts if said else {}
        return Forward(
            topic=head.topic,
            district=head.district,
            text=report_text((message.body, message.on) for message in said)[:TAKEN],
            subject=subject,
            place=facts.get("place", ""),
            happened_on=facts.get("happened_on", ""),
            reply=b64encode(public).decode(),
        )

    def _entry(self, notice: Notice, head: CaseHead, forward: Forward) -> OutboxEntry:
        entry_id, plain = token_hex(16), forward.encode()
        padded = pad(plain, message_bucket(len(plain)))
        words = self.public_keys().seal(Purpose.COURIER, head.instance, words_context(entry_id), padded)[1]
        place = (head.instance, head.holder, head.case_id)
        return OutboxEntry(entry_id, notice, *place, words=words, delivered=head.desk_work.recused)

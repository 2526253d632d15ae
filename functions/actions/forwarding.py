"""A report on its way to an agency's own system, sealed to the courier, which alone speaks to systems outside.

Like an SMS, it passes the courier as text: docs/threat-model.md says what that costs.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from secrets import token_hex

from functions.actions.opened import REPLY_KEY, Message, OpenedCase
from functions.casework.agencies import Directory
from functions.casework.case import CaseHead, EventKind
from functions.casework.linked import Forward, report_text, system_of
from functions.casework.stages import Actor
from functions.storage.interface import Notice, OutboxEntry
from functions.vault.keyring import PublicKeys, Purpose
from functions.vault.padding import message_bucket, pad
from functions.vault.phones import words_context
from functions.vault.reply_keys import new_reply_key

SPOKEN = frozenset({EventKind.REPORT, EventKind.MESSAGE, EventKind.REOPEN, EventKind.APPEAL})


@dataclass(frozen=True, slots=True)
class Forwarding:
    """Makes the outbox entries."""

    public_keys: Callable[[], PublicKeys]
    directory: Directory

    def reaches(self, agency: str) -> bool:
        """Whether an agency is reached by its own system."""
        return bool(system_of(agency, self.directory))

    def begin(self, head: CaseHead, subject: str, messages: Iterable[Message]) -> tuple[dict[str, str], OutboxEntry]:
        """The copy for the agency that ``head`` lies with now: the words that go into the event of its hand-over, and
        the entry. ``subject`` and ``messages`` are what its officers would read, masked. Raises KeyringError."""
        private, public = new_reply_key()
        said = [message for message in messages if message.by is Actor.REPORTER and message.kind in SPOKEN]
        facts = said[0].facts if said else {}
        forward = Forward(
            topic=head.topic,
            district=head.district,
            text=report_text((message.body, message.on) for message in said),
            subject=subject,
            place=facts.get("place", ""),
            happened_on=facts.get("happened_on", ""),
            reply=b64encode(public).decode(),
        )
        return {REPLY_KEY: private}, self._entry(Notice.FORWARDED, head, forward)

    def more(self, opened: OpenedCase, head: CaseHead, text: str) -> OutboxEntry | None:
        """What its reporter adds, masked, for the system that has the case; None where none has it. Raises
        KeyringError."""
        if not self.reaches(head.holder) or not opened.reply_key(head.holder):
            return None
        from functions.actions.masking import mask_text  # noqa: PLC0415 - the thread masks nothing else

        return self._entry(Notice.FORWARDED_MORE, head, Forward(head.topic, head.district, mask_text(text)))

    def _entry(self, notice: Notice, head: CaseHead, forward: Forward) -> OutboxEntry:
        entry_id, plain = token_hex(16), forward.encode()
        padded = pad(plain, message_bucket(len(plain)))
        words = self.public_keys().seal(Purpose.COURIER, head.instance, words_context(entry_id), padded)[1]
        place = (head.instance, head.holder, head.case_id)
        return OutboxEntry(entry_id, notice, *place, words=words, delivered=head.recused)

"""The entry that tells a reporter who can be reached that there is news."""

from secrets import token_hex

from functions.casework.case import CaseHead
from functions.storage.interface import Notice, OutboxEntry


def news(head: CaseHead, entry_id: str = "", words: bytes = b"") -> OutboxEntry:
    """To the contact in ``head``, by the way it is reached. ``words``: what an officer said, sealed to the courier for
    an SMS; a mail says nothing of it."""
    notice = Notice.ANSWERED_SMS if head.reporter.texted else Notice.ANSWERED
    return OutboxEntry(
        entry_id or token_hex(16),
        notice,
        head.entrusted_to,  # whose key the contact is sealed to
        case_id=head.case_id,
        sealed=head.reporter.contact,
        words=words,
    )

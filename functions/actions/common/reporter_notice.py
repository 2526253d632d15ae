"""The outbox entry that notifies a reporter of news.

Tests: ``tests/doors/test_notices.py``.
"""

from secrets import token_hex

from functions.casework.case import CaseHead
from functions.storage.interface import Notice, OutboxEntry


def news(head: CaseHead, entry_id: str = "", words: bytes = b"") -> OutboxEntry:
    """Return a notice to the contact in ``head``. ``words`` is an officer's answer, sealed to the courier for a channel
    that quotes."""
    notice = Notice.ANSWERED_SMS if head.reporter.texted else Notice.ANSWERED
    return OutboxEntry(
        entry_id or token_hex(16),
        notice,
        head.entrusted_to,  # the contact is sealed to this instance's key
        case_id=head.case_id,
        sealed=head.reporter.contact,
        words=words,
    )

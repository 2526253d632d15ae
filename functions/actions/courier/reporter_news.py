"""What an outbox entry has to tell its reporter, as a notifier takes it.

Tests: ``tests/actions/test_deliver.py``.
"""

from functions.actions.courier.outbox_entry import message_id, open_address, open_words
from functions.actions.reporter.seal_identity import contact_context
from functions.casework.answer import Answer
from functions.casework.channel import Contact
from functions.crypto.open.private.keys import PrivateKeys
from functions.delivery.interface import News
from functions.storage.interface import Notice, OutboxEntry

REPORTER = "pelapor"  # in an entry's ``delivered``, where officers stand by their idents
TO_REPORTERS = frozenset({Notice.ANSWERED, Notice.ANSWERED_SMS, Notice.TEXTED})


def read_news(entry: OutboxEntry, keys: PrivateKeys) -> News | None:
    """Open an entry of ``TO_REPORTERS``. None if its contact or its words do not open, or if no channel reaches it."""
    reply = entry.notice is Notice.TEXTED
    context = entry.entry_id if reply else contact_context(entry.case_id)
    address = open_address(entry, context, keys)
    contact = Contact.typed(address) if entry.notice is Notice.ANSWERED else Contact.parse(address)
    plain = open_words(entry, keys) if entry.words else b""
    if contact is None or (entry.words and not plain):
        return None
    answer = None if reply else Answer.decode(plain)
    return News(
        contact=contact,
        instance=entry.instance,
        entry_id=entry.entry_id,
        message_id=message_id(entry, REPORTER),
        answer=answer,
        text="" if answer else plain.decode(),
        reply=reply,
    )

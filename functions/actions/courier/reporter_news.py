"""What an outbox entry has to tell its reporter, as a notifier takes it.

Tests: ``tests/actions/test_deliver.py``.
"""

from functions.actions.courier.outbox_entry import message_id, open_address, open_words
from functions.actions.reporter.seal_identity import contact_context
from functions.casework.answer import Answer
from functions.casework.channel import Contact
from functions.config import logs
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.outbox_words import answer_payload
from functions.crypto.seal.public_keys import PublicKeys
from functions.crypto.sign.mandates import MandateError, read_mandate
from functions.delivery.interface import News
from functions.storage.interface import Notice, OutboxEntry

REPORTER = "pelapor"  # in an entry's ``delivered``, where officers stand by their idents
TO_REPORTERS = frozenset({Notice.ANSWERED, Notice.ANSWERED_SMS, Notice.TEXTED})


def read_news(entry: OutboxEntry, keys: PrivateKeys, public: PublicKeys) -> News | None:
    """Open an entry of ``TO_REPORTERS``. None if its contact or its words do not open, or if no channel reaches it.
    Words that the desk did not sign for this case and entry are left out: then it only says that there is news."""
    reply = entry.notice is Notice.TEXTED
    context = entry.entry_id if reply else contact_context(entry.case_id)
    address = open_address(entry, context, keys)
    contact = Contact.typed(address) if entry.notice is Notice.ANSWERED else Contact.parse(address)
    plain = open_words(entry, keys) if entry.words else b""
    if contact is None or (entry.words and not plain):
        return None
    answer = None if reply or not plain else _answer(entry, plain, public)
    return News(
        contact=contact,
        instance=entry.instance,
        entry_id=entry.entry_id,
        message_id=message_id(entry, REPORTER),
        answer=answer,
        text=plain.decode() if reply else "",
        reply=reply,
    )


def _answer(entry: OutboxEntry, plain: bytes, public: PublicKeys) -> Answer | None:
    """Return the answer that the desk signed for this entry's case; None if it did not."""
    try:
        payload = read_mandate(plain, entry.notice.value, entry.entry_id, entry.instance, public).payload
    except MandateError as error:
        logs.report("mandate_refused", error, code="unsigned")
        return None
    begin = answer_payload(entry.case_id, b"")
    return Answer.decode(payload.removeprefix(begin)) if payload.startswith(begin) else None

"""How words for the courier are padded, and what they are bound to."""

from functions.crypto.padding import pad

TEXT_BUCKET = 1024  # three parts of the widest alphabet, in UTF-8


def words_context(entry_id: str) -> str:
    """The HPKE context of the words of an outbox entry."""
    return f"{entry_id}:words"


def padded(text: str) -> bytes:
    """A text for a phone, padded: all of them have one length."""
    return pad(text.encode(), TEXT_BUCKET)

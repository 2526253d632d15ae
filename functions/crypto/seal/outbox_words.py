"""Padding and context of texts that are sealed to the courier."""

from functions.crypto.padding import pad

TEXT_BUCKET = 1024  # three parts of the widest alphabet, in UTF-8


def words_context(entry_id: str) -> str:
    """Return the HPKE context of an outbox entry's text."""
    return f"{entry_id}:words"


def answer_payload(case_id: str, answer: bytes) -> bytes:
    """Return what the desk signs of an officer's answer: to which case it belongs, and what it says."""
    return case_id.encode() + b"\0" + answer


def padded(text: str) -> bytes:
    """Pad an SMS text: all of them have the same length."""
    return pad(text.encode(), TEXT_BUCKET)

"""Contacts and answers keep the form in which they rest in stores of today."""

import pytest

from functions.casework.answer import Answer
from functions.casework.case import EventKind
from functions.casework.channel import PREFIXES, Channel, Contact

STORED = [
    ("siti@surat.example.id", Contact(Channel.MAIL, "siti@surat.example.id")),
    ("tel:+6281200000017", Contact(Channel.SMS, "+6281200000017")),
    ("app:kota:0a1b2c", Contact(Channel.APP, "kota:0a1b2c")),
]


@pytest.mark.parametrize(("text", "contact"), STORED)
def test_a_contact_is_written_and_read_as_it_always_was(text: str, contact: Contact) -> None:
    assert Contact.parse(text) == contact
    assert contact.encode() == text


def test_every_channel_has_an_example_above_and_no_two_are_written_alike() -> None:
    assert {contact.channel for _, contact in STORED} == set(Channel)
    for channel in Channel:
        written = Contact(channel, "x@y.example").encode()
        assert Contact.parse(written) == Contact(channel, "x@y.example")


@pytest.mark.parametrize("text", ["", "0812 0000 0000", "+6281200000017", "siti", "siti@", "TEL:+6281200000017"])
def test_what_no_channel_reaches_is_no_contact(text: str) -> None:
    assert Contact.parse(text) is None


@pytest.mark.parametrize("prefix", PREFIXES.values())
def test_nothing_typed_passes_for_another_channel(prefix: str) -> None:
    """The form takes what may be an e-mail address, and this one is, if a strange one."""
    assert Contact.typed(f"{prefix}+6281200000017") is None
    strange = Contact.typed(f"{prefix}kota@surat.example.id")
    assert strange == Contact(Channel.MAIL, f"{prefix}kota@surat.example.id")


def test_no_contact_shows_its_address() -> None:
    for text, contact in STORED:
        assert text.rpartition(":")[2] not in repr(contact)


def test_only_a_mail_carries_no_words() -> None:
    assert [channel for channel in Channel if not channel.quotes] == [Channel.MAIL]


@pytest.mark.parametrize(
    ("kind", "words", "raw"),
    [
        (EventKind.MESSAGE, {"body": "Sudah."}, b'{"kind": "message", "body": "Sudah."}'),
        (
            EventKind.CLOSE,
            {"reason": "Menyala.", "outcome": "dijelaskan", "until": "x"},
            b'{"kind": "close", "reason": "Menyala.", "outcome": "dijelaskan"}',
        ),
        (
            EventKind.EXTEND,
            {"due": "2026-12-01", "reason": "Suku cadang."},
            b'{"kind": "extend", "reason": "Suku cadang.", "due": "2026-12-01"}',
        ),
    ],
)
def test_an_answer_is_sealed_as_it_always_was(kind: EventKind, words: dict[str, str], raw: bytes) -> None:
    answer = Answer.of(kind, words)
    assert answer is not None
    assert answer.encode() == raw
    assert Answer.decode(raw) == answer
    assert "Sudah" not in repr(answer)


def test_what_is_not_for_the_reporter_is_no_answer() -> None:
    assert [Answer.of(kind, {"body": "x"}) for kind in (EventKind.NOTE, EventKind.HANDOVER)] == [None, None]


@pytest.mark.parametrize("raw", [b"", b"Sudah diganti.", b"17", b"[]", b"null", b'"kind"', b"{}", b"\xff"])
def test_anything_else_is_no_answer(raw: bytes) -> None:
    assert Answer.decode(raw) is None

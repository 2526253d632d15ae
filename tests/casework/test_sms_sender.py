"""What is stored of a number: read by this release, by the one before, and by one that knows more."""

import json

from functions.casework.formats.sms_sender import Asked, Long, Sender, hash_of, read_sender
from functions.crypto.slips.phone_numbers import NumberKeys

# What the release before knows (tests/rollback/before.tar.xz); it takes a slip with any other field for broken.
KNOWN_BEFORE = frozenset(
    [
        "receipts",
        "long",
        "kept",
        "day",
        "came",
        "sent",
        "told",
        "doubtful",
        "helped",
        "helps",
        "asked",
        "about",
        "options",
        "unplaced",
        "late",
        "last",
        "said",
    ]
)
OPEN = ["AAAAA"]


def stored(sender):
    return json.loads(json.dumps(sender.plain()))


def full():
    sender = Sender(receipts=OPEN, day="2026-11-27", asked=Asked.DONE, dangers=["BBBBB"], last="AAAAA")
    sender.long = {"r/2": Long(2, "2026-11-27", "ab", {"1": "Jalan"}, "r/2")}
    sender.remember("Jalan rusak di depan pasar")
    sender.keep("Belum diperbaiki", "AAAAA")
    return sender


def test_a_number_is_read_as_it_was_kept():
    for sender in (Sender(), full()):
        assert read_sender(stored(sender)) == sender


def test_the_release_before_finds_no_field_that_it_does_not_know():
    for sender in (Sender(), full()):
        assert stored(sender).keys() == KNOWN_BEFORE


def test_what_the_release_before_writes_back_is_read_with_what_it_did_not_know():
    back = stored(full()) | {"came": 7}
    assert (read_sender(back).kept_for, read_sender(back).held) == ("AAAAA", "2026-11-27")
    back["kept"] = "Lubangnya masih ada"
    read = read_sender(back)
    assert (read.kept, read.kept_for, read.held, read.dangers) == ("Lubangnya masih ada", "", "", ["BBBBB"])


def test_what_it_carries_along_is_no_text_that_was_said():
    sender = full()
    assert read_sender(stored(sender)).said == {hash_of("Jalan rusak di depan pasar"): "AAAAA"}


def test_a_later_release_may_know_more():
    assert read_sender(stored(full()) | {"weather": "fine"}) == full()


PART = "\u0e01" * 67  # of what is no GSM text: its JSON is six times as long


def test_whatever_is_sent_from_a_number_fits_into_one_item_of_the_store():
    """A number can be forged: whoever writes in its owner's name must not make that one's SMS bounce for good."""
    sender = Sender(receipts=OPEN, last="AAAAA")
    sender.begin("2026-11-27")
    for n in range(400):  # the first part of a long one, again and again
        sender.join(f"a{n}", 1, 255, PART, f"{n:032}")
        if n % 8 == 0:
            taken(sender)
    for n, part in ((n, part) for n in range(4) for part in range(1, 256)):  # long ones that are whole
        sender.join(f"b{n}", part, 255, PART, f"{n:032}")
        if part % 15 == 0:
            taken(sender)
    for n, part in ((n, part) for n in range(8) for part in range(1, 255)):  # and ones that never are
        sender.join(f"c{n}", part, 255, PART, f"{n:032}")
        if part % 15 == 0:
            taken(sender)
    sender.hold("\U0001f4a1" * 30_000, 20_000)
    sender.shed()
    sealed = NumberKeys("a name", bytes(32)).seal(1, sender.plain())
    assert len(sealed) < 400_000
    assert sender.long


def test_words_that_wait_take_six_bytes_a_sign_whatever_they_are_written_in():
    sender = Sender(day="2026-11-27")
    sender.hold("Jalan " * 200, 1000)
    assert len(sender.kept) == 1000
    sender.keep("")
    sender.hold("\U0001f4a1" * 100 + "\u0e01" * 900, 1000)  # of JSON 6.6 bytes a sign
    assert len(json.dumps(sender.kept)) <= 6000
    assert sender.kept.endswith("\u0e01" * 100), "the latest stay"


def taken(sender):
    for long in sender.ready():
        sender.went(long, "AAAAA")
    sender.shed()

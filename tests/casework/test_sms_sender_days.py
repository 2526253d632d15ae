"""What is remembered of a number from one SMS and one day to the next: cases, words that wait, and long SMS in parts."""

from datetime import date, timedelta

import pytest

from functions.casework.formats.sms_sender import SAID_MOST, Long, Sender, hash_of
from functions.gateway.app import read_delivery

DAY = date(2026, 11, 20)
OLD, NEW = "AAAAA", "BBBBB"
KEY = "ab" * 16


def day(days: int) -> str:
    return (DAY + timedelta(days)).isoformat()


def begun(days: int = 0, **known: object) -> Sender:
    sender = Sender(**known)  # type: ignore[arg-type]  # each test gives some fields
    sender.begin(day(days))
    return sender


# Cases


@pytest.mark.parametrize(
    ("receipts", "doubtful", "known"),
    [([], [], False), ([OLD], [], True), ([OLD], [OLD], False), ([OLD, NEW], [OLD], True)],
)
def test_a_case_that_waits_in_quarantine_is_no_open_one(receipts: list[str], doubtful: list[str], known: bool) -> None:
    assert Sender(receipts=receipts, doubtful=doubtful).has_open_case is known


def test_twenty_cases_are_remembered_and_a_forged_one_pushes_out_no_other() -> None:
    sender = Sender()
    for n in range(20):
        sender.add(f"C{n}", doubtful=n == 7)
    assert len(sender.receipts) == 20
    sender.add(NEW, doubtful=True)
    assert (len(sender.receipts), "C7" in sender.receipts, sender.doubtful) == (20, False, [NEW])
    sender.forget(NEW)
    sender.add("C20")
    sender.add("C21")
    assert sender.receipts == [f"C{n}" for n in range(21) if n != 7]


def test_a_case_that_is_forgotten_is_not_asked_about_and_the_others_are() -> None:
    sender = Sender(receipts=[OLD, NEW], doubtful=[OLD, NEW], unplaced=[OLD, NEW])
    sender.forget(OLD)
    assert sender.receipts == sender.doubtful == sender.unplaced == [NEW]


# Words


def test_words_that_went_to_no_case_wait_for_two_days() -> None:
    sender = begun()
    sender.keep("jalan rusak")
    for days, waiting in ((0, True), (1, True), (2, True), (3, False)):
        sender.begin(day(days))
        assert bool(sender.waiting) is waiting, days


def test_as_many_texts_as_are_remembered_are_known_again() -> None:
    sender = begun(last=OLD)
    for n in range(SAID_MOST + 1):
        sender.remember(f"jalan {n} rusak")
    assert [hash_of(f"jalan {n} rusak") in sender.said for n in range(SAID_MOST + 1)] == [False] + [True] * SAID_MOST


def test_words_are_known_again_that_an_older_release_remembered() -> None:
    """Calculated by hand: SHA-256 of the words in lower case with one blank between them, its first 64 bits."""
    assert hash_of(" Jalan  RUSAK di depan pasar\n") == "f8e7da83fe514957"


# Long SMS


@pytest.mark.parametrize(
    ("part", "parts", "read"),
    [("2", "3", (2, 3)), ("255", "255", (255, 255)), ("1", "256", (1, 1)), ("0", "3", (1, 1)), ("4", "3", (1, 1))],
)
def test_a_text_whose_numbers_no_phone_sends_counts_as_whole(part: str, parts: str, read: tuple[int, int]) -> None:
    """3GPP TS 23.040 §9.2.3.24.1: both are one octet, from 1 on."""
    delivery = read_delivery({"from": "+628123456789", "text": "Jalan", "part": part, "parts": parts})
    assert (delivery.part, delivery.parts) == read


def test_parts_wait_for_the_rest_of_their_day() -> None:
    sender = begun()
    sender.join("9", 1, 2, "Jalan", KEY)
    assert sender.ready() == []
    sender.begin(day(1))
    assert [each.text() for each in sender.ready()] == ["Jalan [...]"]
    assert sender.ready() == []


def cut_short(*texts: str) -> Sender:
    """A sender whose long SMS of three parts was taken with the first ones alone, into a case."""
    sender = begun(last=OLD)
    for n, text in enumerate(texts, 1):
        sender.join("9", n, 3, text, KEY)
    sender.begin(day(1))
    (long,) = sender.ready()
    sender.went(long, OLD)
    return sender


def test_each_missing_part_comes_late_once_and_again_only_where_it_is_the_same_delivery() -> None:
    sender = cut_short("Jalan ")
    assert sender.done == {}
    assert sender.late_for("9/3", 2, "rusak ", again=False) == OLD
    assert sender.late_for("9/3", 2, "lain", again=False) is None
    assert sender.late_for("9/3", 2, "rusak ", again=True) == OLD
    assert sender.late_for("9/3", 3, "sekali", again=False) == OLD
    assert sender.late_for("9/3", 1, "Jalan ", again=False) is None  # it was there
    assert sender.late_for("8/3", 2, "rusak ", again=False) is None  # of no SMS that was taken


def test_a_phone_that_counts_its_references_anew_sends_no_late_parts() -> None:
    sender = cut_short("Jalan ")
    sender.join("9", 1, 3, "Lampu ", "cd" * 16)
    assert sender.late_for("9/3", 2, "mati ", again=False) is None


def test_a_late_part_may_come_on_the_next_day_on_which_a_number_writes_and_then_no_more() -> None:
    sender = cut_short("Jalan ")
    sender.begin(day(4))
    assert sender.late_for("9/3", 2, "rusak ", again=False) == OLD
    sender = cut_short("Jalan ")
    sender.begin(day(2))
    sender.begin(day(3))
    assert sender.late_for("9/3", 2, "rusak ", again=False) is None


def made_whole(sender: Sender, *texts: str) -> None:
    for n, text in enumerate(texts, 1):
        sender.join("9", n, len(texts), text, "cd" * 16)
    (long,) = sender.ready()
    assert long.whole
    sender.went(long, NEW)


def test_a_part_of_a_whole_sms_that_a_gateway_sends_again_takes_it_back_in_hand() -> None:
    sender = begun()
    made_whole(sender, "Lampu ", "mati ", "lagi")
    assert sender.late_for("9/3", 2, "rusak ", again=True) is None  # another text
    assert sender.long == {}
    assert sender.late_for("9/3", 2, "mati ", again=True) is None
    assert [each.text() for each in sender.ready()] == ["Lampu mati lagi"]


def test_what_is_sent_again_goes_to_no_earlier_case_whose_sms_had_the_same_number() -> None:
    sender = cut_short("Jalan ")
    made_whole(sender, "Lampu ", "mati ", "lagi")
    assert sender.late_for("9/3", 2, "mati ", again=True) is None
    assert [each.text() for each in sender.ready()] == ["Lampu mati lagi"]


def test_a_whole_sms_is_known_again_for_as_long_as_a_gateway_tries() -> None:
    sender = begun()
    made_whole(sender, "Lampu ", "mati")
    sender.begin(day(7))
    assert list(sender.done) == ["9/2"]
    sender.begin(day(8))
    assert sender.done == {}


def test_only_whole_ones_with_a_number_can_be_sent_again() -> None:
    sender = begun(last=OLD)
    for long in (Long(2, day(0), KEY, {"1": "Jalan"}, "9/2"), Long(1, day(0), KEY, {"1": "Jalan"})):
        sender.went(long, OLD)
    assert sender.done == {}

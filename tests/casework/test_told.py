"""What was written of a case before: its telling words, and whether an officer asked last."""

import pytest

from functions.casework.understanding.opinion.likely import Standing, shown
from functions.casework.understanding.opinion.told import UNTOLD, telling, told_by


@pytest.mark.parametrize(
    ("last", "asks"),
    [
        ("Sejak kapan air mati?", True),
        ("Mohon sebutkan nomor rumahnya", True),
        ("Mohon bersabar, tim sedang bekerja", False),
        ("Sudah kami perbaiki.", False),
    ],
)
def test_an_officer_asks_or_only_tells(last: str, asks: bool) -> None:
    assert told_by(["lampu mati", last], by_officer=True).asks is asks
    assert not told_by(["lampu mati", last], by_officer=False).asks


def test_words_that_tell_a_case_are_neither_short_nor_courtesies() -> None:
    assert telling("pak airnya mati di rt 4, got") == {"air", "mati", "got"}


def test_what_was_said_before_and_asked_last_is_seen() -> None:
    case = told_by(["lampu jalan mati depan masjid", "Tiang nomor berapa?"], by_officer=True)
    cues = shown("lampu yang depan masjid itu", Standing.ANSWERED, case)[1]
    assert {"&3", "&3 answered", "&asked"} <= cues
    assert {"&0", "&asked"} <= shown("sapi masuk kebun", Standing.ANSWERED, case)[1]
    assert not any(cue.startswith("&") for cue in shown("sapi masuk kebun", Standing.ANSWERED, UNTOLD)[1])


def test_three_words_said_again_are_as_good_as_more() -> None:
    case = told_by(["lampu jalan mati depan masjid tiang bengkok"], by_officer=False)
    assert "&1" in shown("lampu", Standing.OPEN, case)[1]
    more = shown("lampu mati bengkok masjid", Standing.OPEN, case)[1]
    assert {cue for cue in more if cue[0] == "&"} == {"&3", "&3 open"}

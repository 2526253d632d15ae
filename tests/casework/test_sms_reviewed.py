"""Danger that reviewers found missed, what is told of safety, and texts that took long to read."""

import pytest

from functions.casework.formats import sms_about
from functions.casework.understanding.danger import is_in_danger, is_relieved
from functions.casework.understanding.silence import lifts_silence
from functions.casework.understanding.thanks import is_partly_done
from tests.bench.cpu import times_as_long


@pytest.mark.parametrize(
    "text",
    [
        "kapal karam di Sangkulirang, 2 sudah ditemukan, 5 hilang",
        "anak hanyut, kakaknya sudah selamat adiknya belum ketemu",
        "bapak dibacok, pelaku sudah aman di polsek tapi bapak pendarahan",
        "rumah terbakar di Telen, keuntungan warga hilang semua",
    ],
)
def test_relief_of_one_is_not_of_all(text: str) -> None:
    assert is_in_danger(text)
    assert not is_relieved(text)


@pytest.mark.parametrize(
    "text",
    [
        "api sudah padam, tidak ada korban",
        "anak hanyut tapi sudah ketemu selamat",
        "tertabrak, untungnya selamat semua",
    ],
)
def test_danger_that_is_over_is_over(text: str) -> None:
    assert not is_in_danger(text)


@pytest.mark.parametrize("word", ["dulu ", "dulu sekarang ", "semoga ", "sekarang "])
def test_time_is_in_proportion_to_the_text(word: str) -> None:
    def read(length: int) -> None:
        text = (word * length)[:length]
        lifts_silence(text)
        is_partly_done(text)

    # Eight times the text takes about eight times as long; what grows with the square takes 64 times.
    assert times_as_long(read, 5_000, 40_000) < 20


def test_blows_that_fall_now_are_danger_and_an_hour_is_none() -> None:
    for text in (
        "ada suami lg mukul istrinya pake kayu di sebelah rmh sy",
        "lagi pukul istri",
        "masih menghajar anaknya",
    ):
        assert is_in_danger(text), text
    for text in ("lagi pukul berapa buka kantornya", "masih pukul 7 belum buka", "masih pukul tujuh"):
        assert not is_in_danger(text), text


def test_whoever_asks_whether_it_is_safe_hears_that_the_operator_sees_the_number() -> None:
    for told in (sms_about.ABOUT, sms_about.ABOUT_CASE, sms_about.BESIDE):
        assert "operator melihat nomor anda" in told["safe"].lower()

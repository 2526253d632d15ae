"""Relief that is not of all, and texts that took minutes to read."""

import time

import pytest

from functions.casework.understanding.danger import is_in_danger, is_relieved
from functions.casework.understanding.silence import lifts_silence
from functions.casework.understanding.thanks import is_partly_done


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
def test_no_text_takes_long(word: str) -> None:
    text = (word * 4000)[:20000]
    began = time.process_time()
    lifts_silence(text)
    is_partly_done(text)
    assert time.process_time() - began < 1

"""Whom later words accuse: by themselves, or read on from what stood before them."""

import pytest

from functions.casework.routing.later_accused import newly_accused
from functions.config.settings import DEMO, load_directory

DIRECTORY = load_directory(DEMO / "kutai-timur.toml")


@pytest.mark.parametrize(
    ("before", "text", "whom"),
    [
        ("Lampu mati, kata petugas dishub", "mereka minta uang baru mau memperbaiki", ["kutim-dishub"]),
        ("Jalan rusak di depan rumah. Ini soal Dinas PUPR.", "Mereka minta suap.", ["kutim-dpupr"]),
        ("", "mereka minta uang baru mau memperbaiki", []),
        ("", "Petugas dishub minta uang.", ["kutim-dishub"]),
        ("  \n", "Petugas dishub minta uang.", ["kutim-dishub"]),
        ("Laporan tentang Dinas Perhubungan: petugasnya minta uang.", "Terima kasih, mohon diperiksa.", []),
    ],
)
def test_words_are_read_on_from_those_before(before: str, text: str, whom: list[str]) -> None:
    assert [each.agency for each in newly_accused(text, before, DIRECTORY, "kutim")] == whom

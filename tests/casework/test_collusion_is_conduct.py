"""Whoever is said to collude is complained about, however little else the words are like a complaint."""

import pytest

from functions.casework.understanding.accused import look_for_accused
from tests.casework.routing_scores import DIRECTORY


@pytest.mark.parametrize("who", ["camat Bengalon", "lurah Teluk Lingga", "mantri hutan", "kades Sepaso", "camat"])
@pytest.mark.parametrize(
    "what",
    [
        "kongkalikong dengan perusahaan tambang",
        "berkongkalikong sama pabrik",
        "kongkalingkong dengan juragan kayu",
        "bersekongkol dengan pemilik kapal",
        "kolusi dengan perusahaan tambang",
    ],
)
def test_collusion_is_conduct(who: str, what: str) -> None:
    assert look_for_accused(f"{who} {what}", DIRECTORY, "kutim").conduct


@pytest.mark.parametrize(
    "text",
    [
        "lampu jalan di Bengalon mati sudah seminggu depan pasar",
        "camat Bengalon rapat dengan perusahaan tambang",
        "jalan dekat perusahaan tambang rusak berlubang",
    ],
)
def test_what_tells_of_none_is_none(text: str) -> None:
    assert not look_for_accused(text, DIRECTORY, "kutim").conduct

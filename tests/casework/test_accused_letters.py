"""Whom words accuse is found in other forms of letters too, as sites for "fancy text" give them."""

import pytest

from functions.casework.formats.clean_text import clean_text
from functions.casework.understanding.said import what_is_said
from tests.casework.routing_scores import DIRECTORY

SAID = "Pegawai Inspektorat minta uang 300 ribu supaya diproses."


def drawn(capital: int, small: int) -> str:
    """The words in letters that begin at these places."""
    first = {"A": capital, "a": small}
    return "".join(chr(first["a" if c.islower() else "A"] + (ord(c) & 31) - 1) if c.isalpha() else c for c in SAID)


@pytest.mark.parametrize(
    "written",
    [
        *(drawn(capital, capital + 26) for capital in (0x1D400, 0x1D4D0, 0x1D5D4, 0x1D670)),
        drawn(0xFF21, 0xFF41),
        drawn(0x24B6, 0x24D0),
        drawn(0x1F130, 0x1F130),
        drawn(0x1F150, 0x1F150),
        drawn(0x1F170, 0x1F170),
        SAID.lower().translate(str.maketrans("adegiklmnoprstuw", "ᴀᴅᴇɢɪᴋʟᴍɴᴏᴘʀꜱᴛᴜᴡ")),
        "".join(c + "\u0336" for c in SAID),
        "".join(c + "\u1dc0\u20d2" for c in SAID),
    ],
    ids=[
        *("bold", "script", "bold without serifs", "typewriter", "wide", "in circles", "in squares"),
        *("in black circles", "in black squares", "small capitals", "struck through", "under marks"),
    ],
)
def test_who_is_accused_in_other_letters_is_accused(written: str) -> None:
    plainly = what_is_said(SAID, DIRECTORY, "kutim").accused
    found = what_is_said(clean_text(written), DIRECTORY, "kutim").accused
    assert [(each.agency, each.sure) for each in found] == [(each.agency, each.sure) for each in plainly] != []

"""Signs that nobody sees hide no number, name of an account or receipt, in Python and in the browser's twin."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.formats.clean_text import clean_text
from functions.pii import rules, words

# Every format character of Unicode without a form of its own, and what else has no width or turns the line round.
SHOWN = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
UNSEEN = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) == "Cf" and c not in SHOWN]
FILLERS = list("\u034f\u1ab0\u1dc0\ufe20\u115f\u1160\u17b4\u17b5\u180b\u2800\u3164\ufe00\ufe0f\uffa0\U000e0100")
SIGNS = [c for c in UNSEEN + FILLERS if not 0x13430 <= ord(c) < 0x1E000]
SECRETS = [
    ("phone", "0812-5550-1990"),
    ("phone", "+62 812 5550 1990"),
    ("nik", "6408014507890003"),
    ("receipt", "0C202-A1G7Q-104GA-M2RCM-1M70C"),
    ("receipt", "0c202a1g7q104gam2rcm1m70c"),
    ("email", "tini.s@contoh.com"),
    ("handle", "@budi_santoso88"),
    ("handle", "t.me/borneo_adit"),
]


@st.composite
def hidden(draw: st.DrawFn) -> tuple[str, str, str]:
    """A secret with any of these signs anywhere in it, its kind, and the secret."""
    kind, secret = draw(st.sampled_from(SECRETS))
    odd = st.text(st.sampled_from(SIGNS), max_size=3)
    return kind, "".join(c + draw(odd) for c in secret), secret


@given(hidden())
def test_what_is_split_by_unseen_signs_is_masked_as_written_and_as_cleaned(drawn):
    kind, written, secret = drawn
    text = f"kirim ke {written} ya pak"
    label = rules.categories()[kind]["masked"]["id"]
    for shown in (words.mask_all(text), words.mask_all(clean_text(text)), clean_text(words.mask_all(text))):
        assert label in shown
        assert not any(part in shown for part in (secret, written, secret[-5:]))


@pytest.mark.parametrize(("kind", "secret"), SECRETS)
def test_each_sign_between_all_symbols_is_read_over(kind, secret):
    for written in (sign.join(secret) for sign in SIGNS):
        assert [(f.category, f.text) for f in words.find(f"ke {written} ya")] == [(kind, written)], ascii(written)


@pytest.mark.parametrize(
    "text",
    ["hubungi @budi_santoso88", "instagram: Budi Santoso", "insta = budi.s", "wa.me/aduanbudi", "telegram.me/_budi",
     "(@siti.amelia)", "youtube.com/@budi", "wa.me/6281255501990"],
)  # fmt: skip
def test_accounts_are_masked_however_they_are_written(text):
    left = words.mask_all(text)
    assert "disamarkan]" in left
    assert not any(name in left.casefold() for name in ("budi", "siti", "santoso", "5550"))


@pytest.mark.parametrize("text", ["beras @10 kg", "2 sak @ Rp 50.000", "lapor@contoh, bukan", "10 orang@5000"])
def test_a_price_for_each_is_no_account(text):
    assert [f for f in words.find(text) if f.category == "handle"] == []


def test_a_receipt_needs_its_check_symbols():
    right = "0C202-A1G7Q-104GA-M2RCM-1M70C"
    found = [finding.text for finding in words.find(f"{right} hp 0812-5550-1990") if finding.category == words.RECEIPT]
    assert found == [right]
    assert not [finding for finding in words.find("0C203-A1G7R-104GB-M2RCN-1M70D") if finding.category == words.RECEIPT]


def in_script(name: str) -> str:
    """A name in mathematical script letters, as sites for "fancy text" give it."""
    first = 0x1D4D0
    capitals = {chr(ord("A") + n): chr(first + n) for n in range(26)}
    return "".join(
        (capitals | {one.lower(): chr(ord(to) + 26) for one, to in capitals.items()}).get(c, c) for c in name
    )


@pytest.mark.parametrize(
    "written",
    [
        "hp saya " + "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in "081255501990"),
        "hp saya " + "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(digit)] for digit in "081255501990"),
        "email saya " + "".join(chr(ord(sign) + 0xFEE0) for sign in "tini.s@contoh.com"),
        "nama saya " + in_script("Budi Santoso"),
        "nama saya Sutéja Ñoman",
        "email saya andré@contoh.com",
    ],
    ids=["raised", "in circles", "wide", "in script letters", "with marks", "an address with a mark"],
)
def test_other_forms_of_letters_and_digits_hide_nothing(written):
    for form in ("NFC", "NFD"):
        left = words.mask_all(unicodedata.normalize(form, f"{written}, tolong"))
        assert "disamarkan]" in left
        assert left.removesuffix(", tolong").endswith("]"), left
        assert left.count("disamarkan]") == 1, left
    assert words.unjudged(written) or "nama" not in written

"""One function cleans text on every way in: what hides or turns words goes, what a script needs stays."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.formats.clean_text import clean_text

# Format characters that show: Arabic, Syriac and Kaithi signs of numbers and verses.
SHOWN = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"


def test_no_sign_without_a_form_is_left_between_letters():
    for char in map(chr, range(sys.maxunicode + 1)):
        if unicodedata.category(char) in ("Cc", "Cf", "Cs") and char not in SHOWN + "\n\t\r":
            assert clean_text(f"a{char}b1{char}2") == "ab12", f"U+{ord(char):04X}"


@pytest.mark.parametrize(
    "written",
    [
        "می\u200cخواهم",  # Persian: two parts of one word
        "क\u094d\u200dष",  # Hindi: a half letter
        "ꦏ\ua9c0\u200cꦥ",  # Javanese: pangkon without a stack
        "👩\U0001f3fd\u200d🌾 dan 👨\u200d👩\u200d👧",
        "🏳\ufe0f\u200d🌈 ❤\ufe0f",
        "1\ufe0f\u20e3",
        "سلام, é, 漢字",
    ],
)
def test_what_a_script_or_an_emoji_needs_stays(written):
    assert clean_text(written) == written


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("kirim ke \u202eidub\u202c", "kirim ke idub"),
        ("Bu\u200bdi\u2060 San\ufefftoso\xad", "Budi Santoso"),
        ("a\u200db 1\u200c2 \u0661\u200d\u0662", "ab 12 \u0661\u0662"),
        ("👩\u200d\u200d\u200d dan \ufe0f\ufe0f", "👩 dan"),
        ("satu\u2028dua\u2029tiga", "satu\ndua\ntiga"),
        ("\U000e0041\U000e0042rahasia", "rahasia"),
        ("x\u3164\u115f\u2800y", "xy"),
        ("\u2066\u2069\u200e \u200f", ""),
    ],
)
def test_what_hides_or_turns_words_goes(written, kept):
    assert clean_text(written) == kept


ANY = st.text(st.one_of(st.characters(), st.sampled_from("\u200c\u200d\ufe0f\u20e3👩♀مक\u094d1a \n")), max_size=30)


@given(ANY)
def test_cleaning_again_changes_nothing(text):
    once = clean_text(text)
    assert clean_text(once) == once


def test_long_rows_of_joiners_take_no_time():
    assert clean_text("👩\u200d\ufe0f" * 20_000 + "م\u200c" * 20_000) != ""

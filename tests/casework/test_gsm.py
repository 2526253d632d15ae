"""Counting, splitting and folding; the vectors of 3GPP's alphabet and of what counters get wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.formats.gsm import GSM_MANY, UCS_MANY, count, cut, fold, is_gsm, split, units

VECTORS = [
    ("", 1),
    ("a" * 160, 1),
    ("a" * 161, 2),
    ("a" * 306, 2),
    ("a" * 307, 3),
    ("a" * 159 + "€", 2),
    ("a" * 158 + "€", 1),
    ("ł" * 70, 1),
    ("ł" * 71, 2),
    ("😀" * 35, 1),
    ("😀" * 36, 2),
    # A character of two units does not straddle parts: dividing the length by the part's size says 2 here.
    ("a" * 152 + "€" + "a" * 152, 3),
    ("ł" * 66 + "😀" + "ł" * 66, 3),
    ("`", 1),
    ("a" * 70 + "`", 2),  # the backtick is not GSM-7
]


@pytest.mark.parametrize(("text", "parts"), VECTORS)
def test_a_text_takes_so_many_parts(text, parts):
    assert count(text) == parts


@pytest.mark.parametrize("c", "^{}\\[~]|€")
def test_the_extended_characters_count_twice(c):
    assert units(c) == 2
    assert is_gsm(c)
    assert count(c * 80) == 1
    assert count(c * 81) == 2
    assert len(split(c * 81)[0]) == 76  # 153 septets hold 76 pairs


@given(st.text(alphabet=st.sampled_from("aé€^ł😀\n `")))
def test_parts_are_the_text_and_none_is_too_long(text):
    parts = split(text)
    assert "".join(parts) == text
    if len(parts) > 1:
        for part in parts:
            size = units(part) if is_gsm(text) else len(part.encode("utf-16-le")) // 2
            assert size <= (GSM_MANY if is_gsm(text) else UCS_MANY)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("“Jalan” rusak – parah… ‘tolong’", "\"Jalan\" rusak - parah... 'tolong'"),
        ("Lampu\u00a0mati\t\u200bsekali", "Lampu mati sekali"),
        ("è é ù ì ò à ä ö ñ ü", "è é ù ì ò à ä ö ñ ü"),
        ("ê ë â ç Ł ł", "e e a c L l"),
        ("Terima kasih 🙏🏽👨‍👩‍👧", "Terima kasih"),
        ("ﬁle ①", "file 1"),
        ("satu\r\ndua", "satu\ndua"),
        ("`kutip`", "'kutip'"),
    ],
)
def test_folding_costs_no_meaning(typed, sent):
    assert fold(typed) == sent
    assert is_gsm(sent)


@pytest.mark.parametrize("text", ["ꦱꦸꦒꦼꦁ", "السلام عليكم"])
def test_letters_of_other_scripts_stay(text):
    assert fold(text) != ""
    assert not is_gsm(fold(text))


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.sampled_from("ab c€ł😀"), max_size=700), st.integers(1, 4))
def test_what_is_cut_fits_and_says_so(text, parts):
    tail = "... lengkapnya di sini"
    sent = cut(text, parts, tail)
    assert sent == text or sent.endswith(tail)
    assert count(sent) <= parts


def test_what_just_fits_is_sent_whole_and_a_sign_more_is_cut() -> None:
    assert cut("a" * 160, 1, "...") == "a" * 160
    assert cut("a" * 306, 2, "...") == "a" * 306
    assert cut("a" * 307, 2, "...") == "a" * 303 + "..."


@pytest.mark.parametrize("length", [*range(161, 170), 199, 256, 1_000])
def test_as_much_of_a_text_is_sent_as_fits_beside_the_tail(length: int) -> None:
    assert cut("a" * length, 1, "...") == "a" * 157 + "..."


def test_a_tail_that_fills_a_part_stands_alone() -> None:
    assert cut("Jalan rusak " * 20, 1, "z" * 160) == "z" * 160


@pytest.mark.parametrize(
    ("before", "sent"),
    [
        (90, "x" * 90 + "..."),
        (79, "x" * 79 + "..."),  # more than half of the 157 that fit
        (78, "x" * 78 + " " + "y" * 78 + "..."),
        (60, "x" * 60 + " " + "y" * 96 + "..."),
        (2, "xx " + "y" * 154 + "..."),
    ],
)
def test_a_cut_ends_with_a_word_unless_one_long_word_is_most_of_the_text(before: int, sent: str) -> None:
    assert cut("x" * before + " " + "y" * 300, 1, "...") == sent

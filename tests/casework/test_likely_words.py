"""How many words a text shows, and from how many on a question tells a matter of its own."""

import pytest

from functions.casework.understanding.opinion.likely import shown, tells_matter
from functions.casework.understanding.spelling import words_of


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("kapan jalan rusak di sini diperbaiki", True),
        ("kapan jalan rusak sini diperbaiki", False),
        ("kapan saya bisa kembali ke sana", False),
        ("kapan laporan jalan rusak kami diperbaiki", False),
    ],
    ids=["six words", "five words", "of no office", "of a report"],
)
def test_a_question_of_six_words_about_what_offices_do_is_a_matter(text: str, *, tells: bool) -> None:
    assert tells_matter(text, words_of(text)) is tells


@pytest.mark.parametrize(("text", "size"), [("0812?", "~0"), ("rusak", "~1"), ("jalan rusak", "~2")])
def test_a_text_shows_how_many_words_it_has_and_none_where_it_has_none(text: str, size: str) -> None:
    assert {cue for cue in shown(text)[1] if cue[0] == "~"} == {size}

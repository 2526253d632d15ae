"""The copy with everything masked: nothing is left that could be, what is to stay stays, a second time changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.pii import rules, words
from tests.pii.words_scores import messages

FILES = ("words_corpus", "words_held_out", "words_fresh", "words_blind", "words_unseen")
TEXTS = [m.text for name in FILES for m in messages(name)]
CATEGORIES = sorted(rules.categories())
RUN_TOGETHER = st.lists(st.one_of(st.sampled_from(TEXTS), st.text(max_size=8)), min_size=1, max_size=4).map(" ".join)


def maskable(text: str) -> list[words.Finding]:
    return [f for f in words.find(text) if f.mask]


@given(text=RUN_TOGETHER, language=st.sampled_from(["id", "en"]))
def test_masking_a_masked_text_changes_nothing(text, language):
    once = words.mask_all(text, language)
    assert words.mask_all(once, language) == once
    assert words.mask_all(once, "en") == once
    assert not words.has_maskable(once)


@given(text=RUN_TOGETHER, skip=st.sets(st.sampled_from(CATEGORIES), max_size=4))
def test_masking_a_masked_text_again_with_the_same_left_out_changes_nothing(text, skip):
    once = words.mask_all(text, skip=skip)
    assert words.mask_all(once, skip=skip) == once
    assert {f.category for f in maskable(once)} <= skip


@given(text=RUN_TOGETHER)
def test_a_text_has_something_maskable_where_masking_changes_it(text):
    assert words.has_maskable(text) == (words.mask_all(text) != text) == bool(maskable(text))


def test_everything_maskable_is_masked_but_the_categories_left_out():
    text = "nama saya Budi, wa 0812-1297-775, motor saya KT 4521 XY lewat depan rumah saya, jgn sebut nama sy"
    assert words.mask_all(text) == (
        "nama saya [nama disamarkan], wa [nomor telepon disamarkan], motor saya [nomor polisi disamarkan] lewat depan"
        " rumah saya, jgn sebut nama sy"
    )
    assert words.mask_all(text, "en", skip={"self_name", "plate"}) == text.replace(
        "0812-1297-775", "[phone number masked]"
    )


def test_what_stands_within_something_left_out_is_masked():
    text = "alamat: jl mekar rt 4 hp 0852 5000 1122"
    assert words.mask_all(text, skip=["home"]) == "alamat: jl mekar rt 4 hp [nomor telepon disamarkan]"
    assert words.mask_all(text) == "alamat: [alamat rumah disamarkan] hp [nomor telepon disamarkan]"


def test_a_finding_begins_in_no_mask():
    text = "[data anak disamarkan] lahir 12-05-2014"
    assert [f.text for f in maskable(text)] == ["lahir 12-05-2014"]


def test_a_category_nobody_knows_is_refused():
    with pytest.raises(rules.WordsError, match="moon"):
        words.mask_all("wa 0812-1297-775", skip=["moon"])


def test_harmless_texts_have_next_to_nothing_maskable():
    harmless = [m.text for name in FILES for m in messages(name) if not m.marks and not m.plea]
    assert len(harmless) >= 200
    assert sum(words.has_maskable(text) for text in harmless) <= len(harmless) // 9

"""What ties cases about the same thing: the state after any events, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.case_ties import JOINED_MAX, Change, Tie, Ties, refused_from, refused_into, ties, words_of

A, B = "4F7K-2M9Q-XR3D", "5G8M-3N0R-YS4E"


def test_what_was_joined_and_parted_stands_no_more():
    events = [words_of(Tie.INTO, A, Change.JOINED), words_of(Tie.FROM, B, Change.JOINED)]
    assert ties(events) == Ties(A, (B,))
    assert ties([*events, words_of(Tie.INTO, A, Change.PARTED)]) == Ties("", (B,))
    assert ties([*events, words_of(Tie.FROM, B, Change.PARTED)]) == Ties(A, ())
    assert ties([]) == Ties()


def test_parting_from_another_than_the_present_one_changes_nothing():
    events = [words_of(Tie.INTO, A, Change.JOINED), words_of(Tie.INTO, B, Change.JOINED)]
    assert ties([*events, words_of(Tie.INTO, A, Change.PARTED)]).into == B


@given(st.lists(st.tuples(st.sampled_from(Tie), st.sampled_from("abc"), st.sampled_from(Change))))
def test_each_numbers_last_word_counts(drawn):
    found = ties(words_of(*one) for one in drawn)
    for number in "abc":
        last = [change for tie, named, change in drawn if (tie, named) == (Tie.FROM, number)][-1:]
        assert (number in found.joined) == (last == [Change.JOINED])
    assert len(found.joined) == len(set(found.joined))


@pytest.mark.parametrize(
    ("own", "code"),
    [(Ties(), ""), (Ties(A), ""), (Ties(B), "join_other"), (Ties("", (B,)), "join_has_own")],
)
def test_no_chains_from_below(own, code):
    assert refused_into(own, A) == code


def test_nor_from_above_nor_more_than_so_many():
    full = tuple(str(number) for number in range(JOINED_MAX))
    assert refused_from(Ties(B), A) == "join_elsewhere"
    assert refused_from(Ties("", full), A) == "join_full"
    assert refused_from(Ties("", (A, *full[1:])), A) == ""
    assert refused_from(Ties("", full[1:]), A) == ""

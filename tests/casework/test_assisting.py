"""The second unit: who may be one, what it may do, and when it is one no more."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.access import NONE, Viewer, assisting, is_accused, may_assist, may_list, rights
from functions.casework.directory.agencies import Role
from functions.casework.stages import Duty, Move, Stage
from tests.case_heads import changed
from tests.casework.test_access import SMALL
from tests.casework.trees import a_head, directories

HEAD = a_head(holder="a-dinkes", second="a-kominfo", stage=Stage.DIPROSES)
HELPER = Viewer("o9", "a-kominfo", Role.OFFICER)


@given(directories(), st.data())
def test_whoever_is_named_the_accused_is_never_the_second(directory, data):
    codes = sorted(directory.agencies)
    accused, second = data.draw(st.sampled_from(codes)), data.draw(st.sampled_from(codes))
    head = a_head(
        about_agency=accused,
        holder=data.draw(st.sampled_from(codes)),
        second=second,
        stage=data.draw(st.sampled_from(Stage)),
        oversight=data.draw(st.booleans()),
    )
    helper = Viewer("o", second, data.draw(st.sampled_from([Role.OFFICER, Role.INSPECTOR])))
    granted = rights(helper, head, directory)
    if is_accused(second, accused, directory):
        assert not may_assist(second, head, directory)
        assert assisting(head, directory) == ""
        assert granted == NONE
        assert not may_list(helper, head, directory)
    if granted.duty is Duty.ASSIST:
        assert assisting(head, directory) == second != head.holder
        assert not head.oversight


def test_it_reads_answers_and_notes_and_leaves_the_rest_to_the_holder():
    granted = rights(HELPER, HEAD, SMALL)
    assert (granted.see, granted.words, granted.duty) == (True, True, Duty.ASSIST)
    assert set(granted.moves) == {Move.REPLY, Move.ATTACH, Move.UNMASK, Move.NOTE, Move.RECUSE, Move.SECOND}


@pytest.mark.parametrize(
    "facts",
    [
        {"second": ""},
        {"second": "a-dinkes"},
        {"holder": "a-kominfo"},
        {"holder": "a"},
        {"holder": "top"},
        {"oversight": True},
        {"about_agency": "a-kominfo"},
        {"about_agency": "a"},
        {"second": "b-kominfo"},
        {"second": "a"},
        {"second": "gone"},
    ],
)
def test_it_is_none_any_more(facts):
    head = changed(HEAD, **facts)
    assert assisting(head, SMALL) == ""
    assert rights(HELPER, head, SMALL).duty is not Duty.ASSIST


@pytest.mark.parametrize("viewer", [replace(HELPER, agency="a-kominfo-seksi"), replace(HELPER, role=Role.OVERSEER)])
def test_neither_those_below_it_nor_an_overseer_are_the_second(viewer):
    assert rights(viewer, HEAD, SMALL) == NONE


def test_who_declared_a_stake_helps_no_more():
    assert rights(HELPER, changed(HEAD, recused=("o9",)), SMALL) == NONE


def test_it_reads_a_closed_case_and_does_nothing_with_it():
    granted = rights(HELPER, replace(HEAD, stage=Stage.SELESAI), SMALL)
    assert (granted.words, granted.moves) == (True, ())


def test_only_who_answers_may_ask_one_in():
    holder = Viewer("o2", "a-dinkes", Role.OFFICER)
    assert Move.SECOND in rights(holder, changed(HEAD, second=""), SMALL).moves
    assert Move.SECOND not in rights(holder, changed(HEAD, second="", oversight=True), SMALL).moves
    sorter = Viewer("o1", "a", Role.COORDINATOR)
    assert Move.SECOND not in rights(sorter, a_head(), SMALL).moves

"""Who may see a case, read it and act on it: the accused never, the coordinator only until he hands over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.access import (
    NONE,
    Viewer,
    first_holder,
    is_accused,
    may_list,
    may_receive,
    reporter_moves,
    rights,
)
from functions.casework.directory.agencies import Agency, AgencyKind, Directory, Role
from functions.casework.stages import CLOSED, Duty, Move, Stage
from tests.casework.trees import a_head, directories

SMALL = Directory(
    {
        agency.code: agency
        for agency in (
            Agency("top", "Pusat", AgencyKind.CENTRE),
            Agency("a", "Kabupaten A", AgencyKind.INSTANCE, "top", "64.08", "a-kominfo", "a-inspektorat"),
            Agency("a-kominfo", "Kominfo", AgencyKind.UNIT, "a"),
            Agency("a-kominfo-seksi", "Seksi", AgencyKind.UNIT, "a-kominfo"),
            Agency("a-inspektorat", "Inspektorat", AgencyKind.UNIT, "a"),
            Agency("a-dinkes", "Dinkes", AgencyKind.UNIT, "a"),
            Agency("a-puskesmas", "Puskesmas", AgencyKind.UNIT, "a-dinkes"),
            Agency("b", "Kabupaten B", AgencyKind.INSTANCE, "top", "64.02", "b-kominfo", "b-inspektorat"),
            Agency("b-kominfo", "Kominfo B", AgencyKind.UNIT, "b"),
            Agency("b-inspektorat", "Inspektorat B", AgencyKind.UNIT, "b"),
        )
    },
    {},
    {},
)
COORDINATOR = Viewer("o1", "a", Role.COORDINATOR)


@given(directories(), st.data())
def test_the_accused_never_gets_the_case(directory, data):
    """Whatever the tree, the holder, the stage and the role: no accused unit, and none below it, sees it."""
    codes = sorted(directory.agencies)
    accused = data.draw(st.sampled_from(codes))
    viewer = Viewer("o", data.draw(st.sampled_from(codes)), data.draw(st.sampled_from(Role)))
    head = a_head(
        about_agency=accused,
        holder=data.draw(st.sampled_from(codes)),
        stage=data.draw(st.sampled_from(Stage)),
    )
    kind = directory.agencies[accused].kind
    if viewer.agency == accused or (kind is AgencyKind.UNIT and accused in directory.lineage(viewer.agency)):
        assert rights(viewer, head, directory) == NONE
        assert not may_list(viewer, head, directory)
        assert not may_receive(viewer.agency, head, directory)


@given(directories(), st.data())
def test_an_accused_instance_includes_who_sorts_for_it(directory, data):
    sorting = [c for c in directory.agencies if "a0" in directory.lineage(c)] + ["a"]
    viewer = Viewer("o", data.draw(st.sampled_from(sorting)), data.draw(st.sampled_from(Role)))
    head = a_head(about_agency="a", holder=data.draw(st.sampled_from(sorted(directory.agencies))))
    assert rights(viewer, head, directory) == NONE


@given(directories(), st.data())
def test_some_desk_always_gets_the_report(directory, data):
    """The guard must not make a report vanish: its first holder is never the accused, and can read it."""
    accused = data.draw(st.sampled_from(["", "unknown", *sorted(directory.agencies)]))
    holder = first_holder(directory.agencies["a"], accused, directory)
    assert not is_accused(holder, accused, directory)
    role = {"a": Role.COORDINATOR, "top": Role.CENTRE}.get(holder, Role.INSPECTOR)
    granted = rights(Viewer("o", holder, role), a_head(about_agency=accused, holder=holder), directory)
    assert granted.see
    assert granted.words
    assert granted.moves


@given(directories(), st.data())
def test_words_are_for_the_holder_alone(directory, data):
    codes = sorted(directory.agencies)
    viewer = Viewer("o", data.draw(st.sampled_from(codes)), data.draw(st.sampled_from(Role)))
    head = a_head(
        holder=data.draw(st.sampled_from(codes)),
        about_agency=data.draw(st.sampled_from(["", *codes])),
        stage=data.draw(st.sampled_from(Stage)),
    )
    granted = rights(viewer, head, directory)
    if granted.words:
        assert viewer.agency == head.holder
    if granted.moves:
        assert granted.words
    if not granted.see:
        assert granted == NONE


@pytest.mark.parametrize(
    ("accused", "holder"),
    [
        ("", "a"),
        ("a-dinkes", "a"),
        ("a-inspektorat", "a"),
        ("top", "a"),
        ("b", "a"),
        ("a-kominfo-seksi", "a"),
        ("a-kominfo", "a-inspektorat"),
        ("a", "a-inspektorat"),
    ],
)
def test_a_report_about_the_coordinator_goes_to_the_inspectorate(accused, holder):
    assert first_holder(SMALL.agencies["a"], accused, SMALL) == holder


def test_where_one_unit_is_both_the_level_above_gets_the_report():
    both = Agency("c", "Kabupaten C", AgencyKind.INSTANCE, "top", "64.09", "c-umum", "c-umum")
    directory = Directory(
        {**SMALL.agencies, "c": both, "c-umum": Agency("c-umum", "Umum", AgencyKind.UNIT, "c")}, {}, {}
    )
    assert first_holder(both, "c-umum", directory) == "top"


def test_after_the_hand_over_the_coordinator_sees_the_stage_not_the_words():
    head = a_head(stage=Stage.DITERIMA)
    before = rights(COORDINATOR, head, SMALL)
    assert (before.words, before.duty) == (True, Duty.SORT)
    assert Move.HANDOVER in before.moves
    handed = a_head(holder="a-dinkes", stage=Stage.DIDISPOSISIKAN)
    after = rights(COORDINATOR, handed, SMALL)
    assert (after.see, after.words, after.duty, after.moves) == (True, False, None, ())


def test_the_unit_answers_what_it_holds_and_nothing_else():
    officer = Viewer("o2", "a-dinkes", Role.OFFICER)
    handed = a_head(holder="a-dinkes", stage=Stage.DIDISPOSISIKAN)
    granted = rights(officer, handed, SMALL)
    assert (granted.words, granted.duty) == (True, Duty.ANSWER)
    assert {Move.REPLY, Move.CLOSE, Move.EXTEND} <= set(granted.moves)
    assert rights(officer, a_head(), SMALL) == NONE
    assert rights(Viewer("o3", "a-puskesmas", Role.OFFICER), handed, SMALL) == NONE
    assert rights(Viewer("o4", "b", Role.COORDINATOR), handed, SMALL) == NONE


def test_a_date_is_extended_once():
    officer = Viewer("o2", "a-dinkes", Role.OFFICER)
    extended = a_head(holder="a-dinkes", stage=Stage.DIPROSES, extended=True)
    assert Move.EXTEND not in rights(officer, extended, SMALL).moves


def test_a_session_for_one_case_opens_no_other():
    confined = Viewer("o1", "a", Role.COORDINATOR, case_id="AAAA-AAAA-AAAA")
    assert rights(confined, a_head(case_id="AAAA-AAAA-AAAA"), SMALL).words
    assert rights(confined, a_head(), SMALL) == NONE


def test_an_agency_that_is_no_more_sees_nothing():
    assert rights(Viewer("o", "gone", Role.OFFICER), a_head(holder="gone"), SMALL) == NONE


def test_who_may_receive_a_case():
    head = a_head(about_agency="a-dinkes")
    able = {code for code in SMALL.agencies if may_receive(code, head, SMALL)}
    assert able == {"a", "a-kominfo", "a-kominfo-seksi", "a-inspektorat"}
    assert not may_receive("gone", head, SMALL)


@pytest.mark.parametrize(
    ("facts", "moves"),
    [
        ({"stage": Stage.DIPROSES}, {Move.REPLY, Move.ATTACH, Move.WITHDRAW}),
        ({"stage": Stage.SELESAI}, {Move.CONFIRM, Move.REOPEN, Move.WITHDRAW}),
        ({"stage": Stage.SELESAI, "reopened": 1}, {Move.CONFIRM, Move.APPEAL, Move.WITHDRAW}),
        ({"stage": Stage.SELESAI, "reopened": 1, "appealed": 1}, {Move.CONFIRM, Move.WITHDRAW}),
        ({"stage": Stage.SELESAI, "confirmed": True}, {Move.WITHDRAW}),
        ({"stage": Stage.DIARSIPKAN}, {Move.WITHDRAW}),
        ({"stage": Stage.DIARSIPKAN, "shredded": True}, set()),
        ({"stage": Stage.SELESAI, "shredded": True}, set()),
    ],
)
def test_what_the_reporter_may_do(facts, moves):
    assert set(reporter_moves(a_head(**facts))) == moves


@pytest.mark.parametrize("stage", Stage)
def test_a_case_is_open_until_done_or_archived(stage):
    assert a_head(stage=stage).open == (stage not in CLOSED)

"""Law 5 over random trees: whoever is accused neither sees, lists, reads, receives, hears of nor moves a case.

Every agency of the tree is tried in every role, with a session for all cases, for this one and for another. What is
accused is decided by ``conflict.accused``, which does not know the product's guard.
"""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from functions.casework import sealed_identity
from functions.casework.access import (
    NONE,
    Viewer,
    first_holder,
    is_accused,
    ladder,
    lift_decider,
    may_list,
    may_receive,
    rights,
    transfer_targets,
    transferred_to,
)
from functions.casework.case import CaseHead, Kind, Lift, Mode, Outcome, Sealed
from functions.casework.directory.agencies import AgencyKind, Directory, DirectoryError, Role
from functions.casework.directory.check import directory_from_mapping
from functions.casework.stages import AT_SORTING, AT_UNIT, OPEN, Duty, Move, Stage
from tests.case_heads import case_head, changed
from tests.casework.conflict import accused, below, directories
from tests.casework.trees import a_head
from tests.depth import deep

CASE, OTHER = "4F7K-2M9Q-XR3D", "AAAA-AAAA-AAAA"
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
# They hold no desk: identities are the one's, what is late and went up the other's, and a clerk reads nothing.
LOOK_ON = (Role.CUSTODIAN, Role.OVERSEER, Role.CLERK)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Directory, CaseHead]:
    """A directory and a case in any state at all, also in one that no way leads to: held by the accused."""
    directory = draw(directories())
    codes = sorted(directory.agencies)
    head = case_head(
        case_id=CASE,
        instance=draw(st.sampled_from([i.code for i in directory.instances()])),
        holder=draw(st.sampled_from([*codes, "gone", ""])),
        kind=draw(st.sampled_from(Kind)),
        topic="jalan",
        district="60.00.01",
        about_agency=draw(st.sampled_from([*codes, "gone", ""])),
        stage=draw(st.sampled_from(Stage)),
        received_on=draw(DAYS),
        due=draw(DAYS),
        sealed=draw(st.sampled_from(Sealed)),
        key_id="",
        lookup=bytes(32),
        fingerprint=bytes(32),
        wrap_receipt=b"",
        wrap_desk=b"",
        subject=b"",
        closed_on=draw(st.none() | DAYS),
        outcome=draw(st.none() | st.sampled_from(Outcome)),
        confirmed=draw(st.booleans()),
        extended=draw(st.booleans()),
        reopened=draw(st.integers(0, 1)),
        appealed=draw(st.integers(0, 1)),
        identity=draw(st.sampled_from(Mode)),
        quarantined=draw(st.booleans()),
        shredded=draw(st.booleans()),
        lift=draw(st.sampled_from([state for state in Lift if state is not Lift.LIFTED])),
    )
    return directory, head


def viewers(*agencies: str) -> list[Viewer]:
    """Officers of these agencies in every role, with every kind of session."""
    return [
        Viewer(f"{a}-{role}", a, role, confined) for a, role, confined in product(agencies, Role, ("", CASE, OTHER))
    ]


def has_nothing(viewer: Viewer, head: CaseHead, directory: Directory) -> bool:
    """Whether every question of the domain about this viewer and this case is answered with no."""
    return (
        rights(viewer, head, directory) == NONE
        and not may_list(viewer, head, directory)
        and not may_receive(viewer.agency, head, directory)
        and not sealed_identity.may_look(viewer, head, directory)
    )


@settings(max_examples=deep(300, 60))
@given(worlds(), st.data())
def test_while_an_overseer_is_asked_he_sees_it_and_no_accused_does(
    world: tuple[Directory, CaseHead], data: st.DataObject
) -> None:
    """Wherever the product puts the request, and wherever a change of the directory may leave it."""
    directory, head = world
    guilty = accused(directory, head.about_agency)
    decider = lift_decider(head, directory)
    above = {head.instance, directory.agencies[head.instance].parent} - {""}
    wanted = (above - guilty) if head.about_agency in directory.agencies else set()
    assert (decider in wanted) if wanted else decider == ""
    asked = changed(head, lift=Lift.ASKED, lift_by=data.draw(st.sampled_from([decider, *directory.agencies])))
    for viewer in viewers(*directory.agencies):
        if viewer.agency in guilty:
            assert has_nothing(viewer, asked, directory), viewer
        elif viewer.role is Role.OVERSEER:
            granted = rights(viewer, asked, directory)
            judges = viewer.agency == asked.lift.by and viewer.case_id != OTHER and asked.open and not asked.shredded
            assert (granted.see, granted.words) == (judges, judges)
            assert set(granted.moves) == ({Move.LIFT, Move.NOTE, Move.UNMASK} if judges else set())


@given(worlds())
def test_a_clerk_has_nothing_wherever_he_stands_and_whatever_the_case(world: tuple[Directory, CaseHead]) -> None:
    """Also where his office holds it, it went up there, or it is about nobody."""
    directory, head = world
    late = changed(head, escalated=3, escalated_to="x")
    for viewer in viewers(*directory.agencies):
        if viewer.role is Role.CLERK:
            for case in (head, late, replace(head, about_agency=""), changed(head, lift=Lift.LIFTED)):
                assert rights(viewer, case, directory) == NONE, viewer
                assert not may_list(viewer, case, directory), viewer
                assert not sealed_identity.may_look(viewer, case, directory), viewer


@settings(max_examples=deep(300, 60))
@given(worlds())
def test_lifting_takes_the_guard_away_and_nothing_else(world: tuple[Directory, CaseHead]) -> None:
    """As if nobody were accused: for receiving and transfers, and for seeing and reading once somebody handed it to
    them. Not for names, nor where a late case, an appeal or a colleague with a stake goes by itself."""
    directory, head = world
    guilty = accused(directory, head.about_agency)
    lifted, plain = changed(head, lift=Lift.LIFTED), changed(head, about_agency="", lift=Lift.NONE)
    late = changed(lifted, escalated=3, escalated_to="x")
    assert not set(ladder(lifted, directory)) & guilty
    for code in directory.agencies:
        assert may_receive(code, lifted, directory) == may_receive(code, plain, directory)
    assert list(transfer_targets(lifted, directory)) == list(transfer_targets(plain, directory))
    for viewer in viewers(*directory.agencies):
        ours, theirs = rights(viewer, lifted, directory), rights(viewer, plain, directory)
        theirs = NONE if viewer.agency in guilty - {head.holder} else theirs
        assert (ours.see, ours.words, ours.duty) == (theirs.see, theirs.words, theirs.duty)
        assert set(ours.moves) - {Move.RECUSE} == set(theirs.moves) - {Move.RECUSE}
        if viewer.agency in guilty:
            assert not sealed_identity.may_look(viewer, lifted, directory)
            if rights(viewer, late, directory).words:
                assert viewer.agency == head.holder


@given(worlds())
def test_a_transferred_case_lies_on_a_desk_that_is_not_accused(world: tuple[Directory, CaseHead]) -> None:
    directory, head = world
    guilty = accused(directory, head.about_agency)
    for target in transfer_targets(head, directory):
        if target.kind is AgencyKind.CENTRE:
            assert target.code == directory.agencies[head.instance].parent
            assert target.code not in guilty
        else:
            assert directory.agencies[head.holder].kind is AgencyKind.CENTRE
            assert target.code != head.instance
            assert transferred_to(target, head, directory) in set(directory.agencies) - guilty


@settings(max_examples=deep(500, 100))
@given(worlds())
def test_no_accused_gets_anything_of_the_case(world: tuple[Directory, CaseHead]) -> None:
    directory, head = world
    guilty = accused(directory, head.about_agency)
    event(f"accused agencies: {min(len(guilty), 4)}")
    for viewer in viewers(*guilty):
        assert has_nothing(viewer, head, directory), viewer


@given(worlds())
def test_the_guard_hides_from_the_accused_and_from_nobody_else(world: tuple[Directory, CaseHead]) -> None:
    """Too wide a guard protects the accused as well: a report that nobody may read is as good as none."""
    directory, head = world
    guarded = {code for code in directory.agencies if is_accused(code, head.about_agency, directory)}
    assert guarded == accused(directory, head.about_agency)


@given(worlds())
def test_who_has_no_seat_in_the_tree_and_who_keeps_identities_see_nothing(world: tuple[Directory, CaseHead]) -> None:
    directory, head = world
    for viewer in viewers("gone", "", "I0", "pusat "):
        assert has_nothing(viewer, head, directory), viewer
    for code, confined in product(directory.agencies, ("", CASE, OTHER)):
        custodian = Viewer("k", code, Role.CUSTODIAN, confined)
        assert rights(custodian, head, directory) == NONE
        assert not may_list(custodian, head, directory)


@given(worlds())
def test_a_session_for_one_case_shows_no_other(world: tuple[Directory, CaseHead]) -> None:
    directory, head = world
    for viewer in viewers(*directory.agencies):
        if viewer.case_id == OTHER:
            assert rights(viewer, head, directory) == NONE
            assert not sealed_identity.may_look(viewer, head, directory)


@given(worlds())
def test_whoever_is_not_accused_and_holds_it_reads_it_and_others_do_not(world: tuple[Directory, CaseHead]) -> None:
    directory, head = world
    free = set(directory.agencies) - accused(directory, head.about_agency)
    for viewer in viewers(*directory.agencies):
        granted = rights(viewer, head, directory)
        inside = viewer.agency in free and viewer.role not in LOOK_ON and viewer.case_id != OTHER
        holds = inside and viewer.agency == head.holder
        coordinates = inside and viewer.role is Role.COORDINATOR and viewer.agency == head.instance
        assert granted.see == (holds or coordinates)
        assert granted.words == (holds and not head.shredded)
        assert (granted.duty is not None) == granted.words
        assert granted.words or not granted.moves


@given(worlds())
def test_the_first_desk_exists_is_not_accused_and_its_staff_can_act(world: tuple[Directory, CaseHead]) -> None:
    """Nobody is left without a reader, whatever the tree: the unit that sorts and inspects in one, an instance whose
    own level above is accused, an instance with nobody above."""
    directory, head = world
    instance = directory.agencies[head.instance]
    desk = first_holder(instance, head.about_agency, directory)
    assert desk in directory.agencies
    assert desk not in accused(directory, head.about_agency)
    place = "sorting" if desk == instance.code else "inspectorate" if desk == instance.inspectorate else "above"
    event(f"first desk: {place}")
    new = replace(head, holder=desk, stage=Stage.DITERIMA, shredded=False)
    for viewer in viewers(desk):
        if viewer.role not in LOOK_ON and viewer.case_id != OTHER:
            granted = rights(viewer, new, directory)
            assert (granted.see, granted.words) == (True, True)
            assert Move.STAGE in granted.moves
            assert granted.duty is Duty.SORT or Move.CLOSE in granted.moves


@given(worlds())
def test_whom_it_may_be_handed_to_can_work_on_it(world: tuple[Directory, CaseHead]) -> None:
    """No way leads from a handing over to a desk on which nothing can be done."""
    directory, head = world
    for target in (code for code in directory.agencies if may_receive(code, head, directory)):
        sorts = directory.agencies[target].kind is AgencyKind.INSTANCE
        role, stages = (Role.COORDINATOR, AT_SORTING) if sorts else (Role.OFFICER, AT_UNIT)
        for stage in stages & OPEN:
            there = replace(head, holder=target, stage=stage, shredded=False)
            assert rights(Viewer("o", target, role), there, directory).moves


@given(directories())
def test_a_report_about_the_coordinator_goes_to_the_inspectorate_or_the_level_above(directory: Directory) -> None:
    for instance in directory.instances():
        both = instance.coordinator == instance.inspectorate
        assert first_holder(instance, instance.coordinator, directory) == (
            instance.parent if both else instance.inspectorate
        )
        if not both:
            assert first_holder(instance, instance.inspectorate, directory) == instance.code
        for unit in below(directory, instance.coordinator) - {instance.coordinator}:
            assert first_holder(instance, unit, directory) == instance.code


TOPICS = [{"code": "jalan", "name": "Jalan", "name_en": "Roads"}]
DISTRICTS = [{"code": "64.08.01", "name": "Satu"}]
PLAIN = {"pusat": "centre", "dinas": "unit", "a": "instance", "a0": "unit", "a1": "unit", "a2": "unit", "b": "instance"}


def tree(**parents: str) -> Directory:
    """A small directory: the agencies of ``PLAIN`` that are named, each below its parent."""
    seats = {"a": {"region": "64.08", "coordinator": "a0", "inspectorate": "a1"}}
    seats["b"] = {"region": "64.09", "coordinator": "a2", "inspectorate": "a2"}
    rows = [{"code": c, "name": c, "kind": PLAIN[c], "parent": p} | seats.get(c, {}) for c, p in parents.items()]
    return directory_from_mapping({"agencies": rows, "topics": TOPICS, "districts": DISTRICTS})


@pytest.mark.parametrize(
    ("parents", "says"),
    [
        ({"pusat": "", "dinas": "pusat", "a": "dinas", "a0": "a", "a1": "a"}, "its parent dinas is of kind unit"),
        ({"pusat": "", "b": "pusat", "a2": "b", "a": "b", "a0": "a", "a1": "a"}, "its parent b is of kind instance"),
        ({"a": "", "a0": "a", "a1": "a", "pusat": "a0"}, "its parent a0 is of kind unit"),
    ],
)
def test_an_instance_hangs_below_nothing_that_may_be_accused_with_it(parents: dict[str, str], says: str) -> None:
    """Found by the property over trees of any shape: below a unit, all of an instance is "below the accused" once that
    unit is, and the report landed on the accused desk above."""
    with pytest.raises(DirectoryError, match=says):
        tree(**parents)


def test_the_properties_hold_for_the_plain_tree_too() -> None:
    """A tree one can follow by eye, so that a mistake in the strategies cannot hide."""
    directory = tree(pusat="", a="pusat", a0="a", a1="a", a2="a0")
    assert accused(directory, "a0") == {"a", "a0", "a2"}
    assert accused(directory, "a2") == {"a2"}
    assert accused(directory, "a") == {"a", "a0", "a2"}
    assert accused(directory, "a1") == {"a1"}
    assert accused(directory, "pusat") == {"pusat"}
    assert accused(directory, "gone") == set()
    head = a_head(about_agency="a0", holder="a")
    assert has_nothing(Viewer("o", "a", Role.COORDINATOR), head, directory)
    assert rights(Viewer("o", "a1", Role.INSPECTOR), replace(head, holder="a1"), directory).words

"""Where a case goes: up the ladder, off a desk that may not keep it, to another instance, to whoever decides on a lift."""

from dataclasses import replace

import pytest

from functions.casework.access import (
    NONE,
    Viewer,
    first_holder,
    instance_kept_by,
    is_accused,
    kept_above,
    ladder,
    lift_decider,
    may_assist,
    rights,
    stranded_to,
    surveyed,
    transfer_targets,
    transferred_to,
    upward,
)
from functions.casework.case import Kind, Lift
from functions.casework.directory.agencies import Role
from functions.casework.stages import Move
from tests.casework.test_access import SMALL
from tests.casework.trees import a_head

UNIT, INSPECTORATE = "a-dinkes", "a-inspektorat"


@pytest.mark.parametrize(
    ("facts", "desks"),
    [
        ({"holder": UNIT}, ("a", INSPECTORATE, "top")),
        ({"holder": "a"}, (INSPECTORATE, "top")),
        ({"holder": INSPECTORATE}, ("top",)),
        ({"holder": "top"}, ()),
        ({"holder": UNIT, "oversight": True}, (INSPECTORATE, "top")),
        ({"holder": UNIT, "about_agency": INSPECTORATE}, ("a", "top")),
        ({"holder": UNIT, "about_agency": "a-kominfo"}, (INSPECTORATE, "top")),
        ({"holder": UNIT, "kept_from": ("a",)}, (INSPECTORATE, "top")),
        ({"holder": UNIT, "kept_from": ("a", INSPECTORATE, "top")}, ()),
    ],
)
def test_a_late_case_goes_up_desk_by_desk_past_whom_it_accuses(
    facts: dict[str, object], desks: tuple[str, ...]
) -> None:
    head = a_head(**facts)
    assert ladder(head, SMALL) == desks
    assert upward(head, SMALL) == next(iter(desks), "")


@pytest.mark.parametrize(
    ("facts", "desk"),
    [
        ({"holder": UNIT}, ""),
        ({"holder": UNIT, "about_agency": "b-kominfo"}, ""),
        ({"holder": "gone"}, "a"),
        ({"holder": UNIT, "about_agency": UNIT}, "a"),
        ({"holder": "gone", "about_agency": "a-kominfo"}, INSPECTORATE),
        ({"holder": "gone", "oversight": True}, INSPECTORATE),
        ({"holder": "gone", "oversight": True, "about_agency": INSPECTORATE}, "top"),
        ({"holder": "gone", "kept_from": ("a",)}, INSPECTORATE),
        ({"holder": "gone", "kept_from": ("a", INSPECTORATE)}, "top"),
    ],
)
def test_a_case_leaves_a_desk_that_is_gone_or_accused(facts: dict[str, object], desk: str) -> None:
    assert stranded_to(a_head(**facts), SMALL) == desk


@pytest.mark.parametrize(
    ("facts", "targets"),
    [
        ({"holder": "a"}, ["top"]),
        ({"holder": UNIT}, ["top"]),
        ({"holder": "a", "about_agency": "top"}, []),
        ({"holder": "a", "kept_from": ("top",)}, []),
        ({"holder": "a", "oversight": True}, []),
        ({"holder": "gone"}, []),
        ({"holder": "top"}, ["b"]),
        ({"holder": "top", "kept_from": ("b",)}, []),
        ({"holder": "top", "oversight": True}, []),
    ],
)
def test_a_case_is_transferred_to_the_centre_and_by_it_to_another_instance(
    facts: dict[str, object], targets: list[str]
) -> None:
    assert [target.code for target in transfer_targets(a_head(**facts), SMALL)] == targets


def test_whoever_is_accused_at_another_instance_does_not_receive_it() -> None:
    other = SMALL.agencies["b"]
    assert transferred_to(other, a_head(holder="top"), SMALL) == "b"
    assert transferred_to(other, a_head(holder="top", about_agency="b-kominfo"), SMALL) == "b-inspektorat"


@pytest.mark.parametrize(
    ("about", "decides"), [("", ""), ("nobody", ""), (UNIT, "a"), ("a", "top"), ("a-kominfo", "top"), ("top", "a")]
)
def test_the_overseer_of_a_level_that_is_not_accused_decides_on_a_lift(about: str, decides: str) -> None:
    assert lift_decider(a_head(holder="a", about_agency=about), SMALL) == decides


def test_whom_later_words_accuse_does_not_decide_on_letting_the_accused_read() -> None:
    """They would never see the request, and it would wait for ever."""
    head = a_head(holder=INSPECTORATE, about_agency=UNIT, kept_from=("a-kominfo",))
    assert lift_decider(head, SMALL) == "top"


@pytest.mark.parametrize(
    ("facts", "other", "may"),
    [
        ({"holder": UNIT}, "a-puskesmas", True),
        ({"holder": UNIT}, UNIT, False),
        ({"holder": UNIT}, "a", False),
        ({"holder": UNIT}, "b-kominfo", False),
        ({"holder": UNIT}, "gone", False),
        ({"holder": "gone"}, UNIT, False),
        ({"holder": "a"}, UNIT, False),
        ({"holder": UNIT, "oversight": True}, INSPECTORATE, False),
        ({"holder": UNIT, "about_agency": "a-puskesmas"}, "a-puskesmas", False),
    ],
)
def test_a_second_unit_is_another_one_of_the_same_instance(facts: dict[str, object], other: str, may: bool) -> None:
    assert may_assist(other, a_head(**facts), SMALL) is may


@pytest.mark.parametrize(
    ("move", "facts", "may"),
    [
        (Move.RECUSE, {}, True),
        (Move.RECUSE, {"kept_from": (INSPECTORATE, "top")}, False),
        (Move.OVERSIGHT, {}, True),
        (Move.OVERSIGHT, {"kind": Kind.ASPIRASI}, False),
        (Move.OVERSIGHT, {"oversight": True}, False),
        (Move.OVERSIGHT, {"about_agency": INSPECTORATE}, False),
        (Move.LIFT, {}, False),
        (Move.LIFT, {"about_agency": UNIT}, True),
        (Move.LIFT, {"about_agency": UNIT, "lift": Lift.ASKED, "lift_by": "a"}, False),
        (Move.LIFT, {"about_agency": UNIT, "lift": Lift.ASKED, "lift_by": "gone"}, True),
        (Move.LIFT, {"about_agency": UNIT, "lift": Lift.ASKED, "lift_by": "top", "kept_from": ("top",)}, True),
        (Move.LIFT, {"about_agency": UNIT, "lift": Lift.REFUSED}, True),
        (Move.LIFT, {"about_agency": UNIT, "lift": Lift.REFUSED, "lift_by": "a"}, True),
        (Move.LIFT, {"about_agency": UNIT, "lift": Lift.OBJECTED}, False),
        (Move.PUBLISH, {}, False),
    ],
)
def test_a_desk_has_the_moves_that_the_case_allows(move: Move, facts: dict[str, object], may: bool) -> None:
    viewer = Viewer("o1", "a", Role.COORDINATOR)
    assert (move in rights(viewer, a_head(holder="a", **facts), SMALL).moves) is may


@pytest.mark.parametrize(("about", "desk"), [("", "top"), (UNIT, "top"), ("top", "a")])
def test_new_reports_come_in_above_where_that_sorts_for_an_instance(about: str, desk: str) -> None:
    assert first_holder(replace(SMALL.agencies["a"], sorted_by="centre"), about, SMALL) == desk


@pytest.mark.parametrize(("meant", "desk"), [((UNIT,), "top"), (("top",), "a"), (("top", "a-kominfo"), INSPECTORATE)])
def test_nor_does_the_centre_sort_what_words_may_say_of_it(meant: tuple[str, ...], desk: str) -> None:
    assert first_holder(replace(SMALL.agencies["a"], sorted_by="centre"), "", SMALL, meant) == desk


@pytest.mark.parametrize(
    ("viewer", "kept", "figures"),
    [
        (Viewer("o", "a", Role.COORDINATOR), "a", ("a",)),
        (Viewer("o", "a", Role.COORDINATOR, "4F7K-2M9Q-XR3D"), "", ()),
        (Viewer("o", "a", Role.OVERSEER), "", ("a",)),
        (Viewer("o", INSPECTORATE, Role.INSPECTOR), "", ("a",)),
        (Viewer("o", UNIT, Role.INSPECTOR), "", ()),
        (Viewer("o", UNIT, Role.COORDINATOR), "", ()),
    ],
)
def test_a_coordinator_keeps_their_own_instance_and_the_inspectorate_reads_its_figures(
    viewer: Viewer, kept: str, figures: tuple[str, ...]
) -> None:
    assert instance_kept_by(viewer, SMALL) == kept
    assert surveyed(viewer, SMALL) == figures


def test_the_overseer_who_is_asked_may_decide_on_the_lift_and_little_else() -> None:
    head = a_head(holder="a-kominfo-seksi", about_agency=UNIT, lift=Lift.ASKED, lift_by="a")
    asked = rights(Viewer("o", "a", Role.OVERSEER), head, SMALL)
    assert asked.words
    assert Move.LIFT in asked.moves
    assert set(asked.moves) <= {Move.LIFT, Move.NOTE, Move.UNMASK}
    assert rights(Viewer("o", "top", Role.OVERSEER), head, SMALL) == NONE


@pytest.mark.parametrize(
    ("about", "meant", "first", "kept"),
    [
        ("", ("a",), INSPECTORATE, ("a",)),
        ("", ("a-kominfo",), INSPECTORATE, ("a-kominfo",)),
        ("", (INSPECTORATE,), "a", (INSPECTORATE,)),
        ("", ("top",), "a", ("top",)),
        ("", (UNIT,), "a", ()),
        ("", (INSPECTORATE, UNIT), "a", (INSPECTORATE,)),
        ("", ("a", INSPECTORATE), "top", ("a", INSPECTORATE)),
        ("", ("a", INSPECTORATE, "top"), "top", ("a", INSPECTORATE)),  # whoever is left reads it
        ("a-kominfo", ("a",), INSPECTORATE, ()),  # the accusation that is bound covers it
        ("a-kominfo", (INSPECTORATE,), "top", (INSPECTORATE,)),
        (INSPECTORATE, (INSPECTORATE,), "a", ()),
    ],
)
def test_a_report_passes_the_desks_that_its_words_may_mean(
    about: str, meant: tuple[str, ...], first: str, kept: tuple[str, ...]
) -> None:
    instance = SMALL.agencies["a"]
    assert first_holder(instance, about, SMALL, meant) == first
    assert kept_above(instance, about, meant, SMALL) == kept


def test_a_name_in_trust_is_kept_from_every_agency_that_the_words_may_mean() -> None:
    assert kept_above(SMALL.agencies["a"], "", (UNIT, "a-kominfo"), SMALL, named=True) == (UNIT, "a-kominfo")


@pytest.mark.parametrize("about", ["", "gone", "top", "a", "a-kominfo", UNIT])
def test_an_agency_that_the_directory_does_not_have_is_not_accused(about: str) -> None:
    assert not is_accused("gone", about, SMALL)

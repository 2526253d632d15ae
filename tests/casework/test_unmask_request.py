"""A request to see masked words: which one waits, who may know of it, who may agree, and who is told."""

from dataclasses import replace
from http import HTTPStatus

import pytest

from functions.casework.access import Viewer
from functions.casework.case import CaseHead
from functions.casework.consent.unmask_request import (
    Ground,
    UnmaskFact,
    UnmaskProblem,
    UnmaskRequest,
    UnmaskStep,
    check_ask,
    check_decide,
    find,
    may_look,
    shown_to,
    told_to,
    waiting,
)
from functions.casework.directory.agencies import Directory, Role
from tests.casework.test_access import SMALL
from tests.casework.trees import a_head

UNIT, OTHER, INSPECTORATE = "a-dinkes", "a-puskesmas", "a-inspektorat"
HEAD = a_head(holder=UNIT)
COORDINATOR, INSPECTOR = Viewer("k1", "a", Role.COORDINATOR), Viewer("i1", INSPECTORATE, Role.INSPECTOR)


def asked(n: int, target: int = 1, agency: str = UNIT) -> UnmaskFact:
    facts = {"agency": agency, "target": str(target), "asker": "p1", "ground": "records", "kinds": "nik:1,phone:2"}
    return UnmaskFact(n, {"step": UnmaskStep.ASKED, **facts}, "Perlu dicocokkan.")


def said(n: int, step: UnmaskStep, **facts: str) -> UnmaskFact:
    return UnmaskFact(n, {"step": step, "agency": UNIT, "target": "1", **facts}, "")


def test_a_request_waits_until_somebody_decided_it() -> None:
    shown = said(2, UnmaskStep.SHOWN)
    request = UnmaskRequest(3, 1, UNIT, "p1", Ground.RECORDS, "Perlu dicocokkan.", {"nik": 1, "phone": 2})
    assert waiting([]) == waiting([shown]) == ()
    assert waiting([shown, asked(3)]) == (request,)
    assert [one.n for one in waiting([asked(3), asked(4, target=2)])] == [3, 4]
    for step in (UnmaskStep.AGREED, UnmaskStep.REFUSED, UnmaskStep.OBJECTED):
        decided = [asked(3), asked(4, target=2), said(5, step, request="3")]
        assert [one.n for one in waiting(decided)] == [4], step
        assert find(decided, "4").target == 2
        with pytest.raises(UnmaskProblem) as over:
            find(decided, "3")
        assert (over.value.code, over.value.status) == ("unmask_over", HTTPStatus.CONFLICT)


def test_only_what_was_shown_or_agreed_to_is_seen() -> None:
    for step, seen in {UnmaskStep.SHOWN: {1}, UnmaskStep.AGREED: {1}, UnmaskStep.REFUSED: set()}.items():
        assert shown_to(UNIT, [asked(3), said(4, step, request="3")]) == seen
        assert shown_to(OTHER, [asked(3), said(4, step, request="3")]) == set()


@pytest.mark.parametrize("more", [{}, {"request": "3", "reason": "Itu nomor saya."}], ids=["bare", "with a reason"])
def test_a_reporters_no_is_final_for_that_agency_and_that_message(more: dict[str, str]) -> None:
    events = [asked(3), said(4, UnmaskStep.OBJECTED, **{"request": "3"} | more)]
    bare = [said(4, UnmaskStep.OBJECTED, **more)]
    for each in (events, bare):
        with pytest.raises(UnmaskProblem) as problem:
            check_ask(UNIT, 1, each)
        assert problem.value.code == "unmask_objected"
        check_ask(UNIT, 2, each)
        check_ask(OTHER, 1, each)
    check_ask(UNIT, 1, [asked(3), said(4, UnmaskStep.REFUSED, request="3")])


def may_decide(viewer: Viewer, head: CaseHead = HEAD) -> bool:
    (request,) = waiting([asked(3)])
    try:
        check_decide(request, viewer, head, SMALL)
    except UnmaskProblem as problem:
        return problem.code != "unmask_second"
    return True


@pytest.mark.parametrize(
    ("viewer", "allowed"),
    [
        (Viewer("p2", UNIT, Role.OFFICER), True),
        (COORDINATOR, True),
        (INSPECTOR, True),
        (Viewer("p1", UNIT, Role.OFFICER), False),  # who asked
        (Viewer("p1", "a", Role.COORDINATOR), False),  # and now sits elsewhere
        (Viewer("p3", OTHER, Role.OFFICER), False),
        (Viewer("s1", "a", Role.OVERSEER), False),
        (Viewer("c1", UNIT, Role.CLERK), False),  # a colleague who reads no case
        (Viewer("k2", "b", Role.COORDINATOR), False),
    ],
    ids=lambda each: f"{each.agency} {each.role} {each.officer}" if isinstance(each, Viewer) else "",
)
def test_a_colleague_or_who_stands_above_agrees_and_nobody_else(viewer: Viewer, allowed: bool) -> None:
    assert may_decide(viewer) is allowed


def test_who_acts_for_another_agency_does_not_agree() -> None:
    helped = a_head(holder=UNIT, second=OTHER)
    assert may_look(Viewer("p3", OTHER, Role.OFFICER), helped, SMALL)
    assert not may_decide(Viewer("p3", OTHER, Role.OFFICER), helped)
    assert may_decide(Viewer("p2", UNIT, Role.OFFICER), helped)


@pytest.mark.parametrize("viewer", [Viewer("p2", UNIT, Role.OFFICER), COORDINATOR, INSPECTOR], ids=lambda v: v.agency)
def test_who_acts_on_a_case_or_stands_above_knows_unless_it_is_hidden_or_gone(viewer: Viewer) -> None:
    stake = replace(HEAD, desk_work=replace(HEAD.desk_work, recused=(viewer.officer,)))
    assert may_look(viewer, HEAD, SMALL)
    for head in (stake, replace(HEAD, shredded=True), a_head(holder=UNIT, about_agency=viewer.agency)):
        assert not may_look(viewer, head, SMALL)


def test_who_only_looks_on_knows_of_no_request() -> None:
    for viewer in (Viewer("p3", OTHER, Role.OFFICER), Viewer("s1", "a", Role.OVERSEER), Viewer("c1", UNIT, Role.CLERK)):
        assert not may_look(viewer, HEAD, SMALL)


@pytest.mark.parametrize(
    ("agency", "facts", "told"),
    [
        (UNIT, {}, (UNIT, "a")),
        ("a", {"holder": "a"}, ("a", INSPECTORATE)),
        (INSPECTORATE, {"holder": INSPECTORATE}, (INSPECTORATE, "a")),
        (UNIT, {"about_agency": "a-kominfo"}, (UNIT, INSPECTORATE)),  # the accused sort for it
        (UNIT, {"about_agency": "a-kominfo", "kept_from": (INSPECTORATE,)}, (UNIT,)),
    ],
)
def test_the_asking_desk_and_the_first_above_it_are_told(agency: str, facts: dict[str, object], told: object) -> None:
    assert told_to(agency, a_head(**{"holder": UNIT} | facts), SMALL) == told


def test_where_no_inspectorate_stands_the_desk_alone_is_told() -> None:
    alone = replace(SMALL.agencies["a"], inspectorate="")
    assert told_to("a", a_head(holder="a"), Directory({**SMALL.agencies, "a": alone}, {}, {})) == ("a",)

"""Counts for who oversees: what counts, what does not, and what the accused may not even count."""

from collections import Counter
from dataclasses import fields
from datetime import date, timedelta

import pytest

from functions.casework.access import Viewer, is_accused, surveyed
from functions.casework.barometer.cells import Adder
from functions.casework.barometer.counts import Calendar, Count
from functions.casework.case import Lift
from functions.casework.directory.agencies import Role
from functions.casework.figures import CLOSED_DAYS, Tally, counts_for, known_to, requests_in, spans, tally
from functions.casework.stages import Stage
from functions.config.settings import DEMO, load_directory
from tests.casework.trees import a_head

DIRECTORY = load_directory(DEMO / "kutai-timur.toml")
TODAY = date(2026, 6, 9)
UNIT = "kutim-dpupr"


def a_case(**changes):
    facts = {"instance": "kutim", "holder": UNIT, "stage": Stage.DIPROSES, "due": TODAY, "about_agency": ""}
    return a_head(**facts | changes)


def closed(days=1, **changes):
    return a_case(stage=Stage.SELESAI, closed_on=TODAY - timedelta(days=days), **changes)


def counted(*heads):
    (found,) = tally(heads, TODAY).values()
    assert found.cases == 1
    return {field.name: n for field in fields(found) if field.name != "cases" and (n := getattr(found, field.name))}


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        (a_case(), {"open": 1}),
        (a_case(due=TODAY - timedelta(days=1)), {"open": 1, "late": 1}),
        (a_case(due=TODAY - timedelta(days=9), escalated=2), {"open": 1, "late": 1, "risen": 1}),
        (a_case(stage=Stage.DITAHAN, due=TODAY - timedelta(days=1)), {"open": 1, "held": 1}),
        (a_case(due=TODAY, escalated=1), {"open": 1, "risen": 1}),
        (a_case(appealed=1), {"open": 1, "appealed": 1}),
        (a_case(reopened=1, appealed=2, canned=2), {"open": 1, "reopened": 1, "appealed": 1, "canned": 1}),
        (a_case(canned=1), {"open": 1}),
        (a_case(unmasked=(UNIT, UNIT)), {"open": 1, "unmasked": 2}),
        (closed(), {"closed": 1, "awaited": 1}),
        (closed(confirmed=True, rating=4), {"closed": 1, "confirmed": 1, "rated": 1, "ratings": 4}),
        (closed(lapsed=True), {"closed": 1, "silent": 1}),
        (closed(CLOSED_DAYS), {"awaited": 1}),
        (a_case(stage=Stage.DIARSIPKAN, closed_on=TODAY), {"closed": 1}),
    ],
)
def test_each_case_counts_for_what_it_is(head, wanted):
    assert counted(head) == wanted


@pytest.mark.parametrize(
    "head", [a_case(shredded=True), a_case(quarantined=True), closed(CLOSED_DAYS, lapsed=True, rating=None)]
)
def test_some_count_for_nothing(head):
    assert tally([head], TODAY) == {}


def test_unmaskings_count_for_whom_the_words_were_shown_to_and_never_for_the_accused():
    heads = [a_case(unmasked=("kutim", UNIT, UNIT)), a_case(about_agency="kutim", unmasked=(UNIT,))]
    cells = tally(heads, TODAY)
    known = known_to(Viewer("a", "pusat", Role.OVERSEER), cells, DIRECTORY)
    assert {agency: (each.unmasked, each.cases) for agency, each in known.items()} == {UNIT: (3, 2), "kutim": (1, 0)}
    known = known_to(Viewer("a", "kutim", Role.OVERSEER), cells, DIRECTORY)
    assert {agency: (each.unmasked, each.cases) for agency, each in known.items()} == {UNIT: (2, 1), "kutim": (1, 0)}


def test_no_request_is_counted_in_a_case_that_nobody_looked_at_or_that_is_gone():
    heads = [
        a_case(unmasked=(UNIT,)),
        a_case(unmasked=(UNIT,), quarantined=True),
        a_case(unmasked=(UNIT,), shredded=True),
    ]
    found = Counter()
    assert list(requests_in(heads, found)) == heads
    assert sum(found.values()) == 1


def test_the_measures_of_late_hold_what_came_in_within_ninety_days_and_no_tombstone():
    def came(days, **changes):
        return a_case(received_on=TODAY - timedelta(days=days), **changes)

    adder = Adder()
    heads = [came(0), came(89), came(90), came(1, shredded=True)]
    assert list(spans(heads, TODAY, Calendar(), adder)) == heads
    (sums,) = adder.cells().values()
    assert sums.counts[Count.RECEIVED] == 2


def test_a_listing_may_be_left_at_the_first_that_does_not_count():
    assert [counts_for(closed(days, confirmed=True), TODAY) for days in (0, CLOSED_DAYS - 1, CLOSED_DAYS)] == [
        *(True, True),
        False,
    ]


def test_the_sums_are_kept_apart_for_each_accused_and_given_to_nobody_who_may_not_know():
    heads = [a_case(), a_case(), a_case(about_agency="kutim-diskominfo"), a_case(about_agency="kutim-inspektorat")]
    cells = tally(heads, TODAY)
    assert {cell: each.open for cell, each in cells.items()} == {
        (UNIT, ""): 2,
        (UNIT, "kutim-diskominfo"): 1,
        (UNIT, "kutim-inspektorat"): 1,
    }
    for agency, wanted in (("kutim", 3), ("kutim-diskominfo", 3), ("kutim-inspektorat", 3), ("pusat", 4)):
        assert known_to(Viewer("a", agency, Role.COORDINATOR), cells, DIRECTORY) == {
            UNIT: Tally(open=wanted, cases=wanted)
        }


def test_nobody_ever_counts_a_case_that_he_may_not_see():
    everywhere = list(DIRECTORY.agencies)
    cells = tally([a_case(about_agency=accused) for accused in everywhere], TODAY)
    for agency in everywhere:
        known = known_to(Viewer("a", agency, Role.OVERSEER), cells, DIRECTORY)
        hidden = sum(is_accused(agency, accused, DIRECTORY) for accused in everywhere)
        assert sum(each.open for each in known.values()) == len(everywhere) - hidden


def test_a_case_that_the_accused_may_read_counts_for_them_no_more_than_before():
    """An overseer's leave shows nothing before a hand-over."""
    lifted = a_case(holder="kutim-inspektorat", about_agency="kutim-diskominfo", lift=Lift.LIFTED)
    cells = tally([lifted], TODAY)
    assert known_to(Viewer("a", "kutim", Role.COORDINATOR), cells, DIRECTORY) == {}
    assert known_to(Viewer("a", "pusat", Role.OVERSEER), cells, DIRECTORY)["kutim-inspektorat"].open == 1


def test_who_oversees_sees_his_own():
    def of(agency, role, case_id=""):
        return surveyed(Viewer("a", agency, role, case_id), DIRECTORY)

    assert of("kutim", Role.COORDINATOR) == of("kutim", Role.OVERSEER) == ("kutim",)
    assert (
        of("kutim-inspektorat", Role.INSPECTOR) == of("pusat", Role.CENTRE) == of("pusat", Role.OVERSEER) == ("kutim",)
    )
    for nobody in (of(UNIT, Role.OFFICER), of(UNIT, Role.INSPECTOR), of("kutim-inspektorat", Role.CUSTODIAN)):
        assert nobody == ()
    assert of("kutim", Role.COORDINATOR, "some case") == of("gone", Role.CENTRE) == ()

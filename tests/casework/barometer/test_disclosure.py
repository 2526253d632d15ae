"""The rule by which a number may be told, and the menu of tables, one test for each."""

import json
from dataclasses import replace
from datetime import date

import pytest

from functions.casework.barometer.disclosure import (
    ALL,
    COLUMNS,
    KINDS,
    OTHER,
    TOTAL,
    WHOLE,
    Edition,
    Menu,
    Suppressed,
    assemble,
    possible,
    printed,
    public,
    publishable_from,
    quarter_of,
    table,
)
from functions.casework.barometer.stored_tables import from_json, to_json
from tests.casework.barometer.offices import editions


def test_one_to_seven_are_hidden_and_the_rest_is_rounded_to_five():
    assert [printed(n) for n in (0, 1, 7, 8, 9, 10, 12, 13, 17, 18, 112, 113)] == [
        *(0, Suppressed.SMALL, Suppressed.SMALL, 10, 10, 10, 10, 15, 15, 20, 110, 115)
    ]


def test_what_a_printed_number_may_stand_for_is_what_prints_as_it():
    for n in range(300):
        low, high = possible(printed(n))
        assert {m for m in range(400) if printed(m) == printed(n)} == {*range(low, high + 1)}
    assert possible(Suppressed.WITHHELD)[0] == 0


def test_totals_are_formed_before_they_are_rounded():
    counts = {Menu.RECEIVED: {(ALL, ALL): 11}, Menu.RECEIVED_AGENCY: {("a", ALL): 11}}
    counts[Menu.RECEIVED_DISTRICT] = {("d1", KINDS[0]): 3, ("d2", KINDS[0]): 8}
    counts[Menu.RECEIVED_TOPIC] = {("t", KINDS[0]): 11}
    shown = table(assemble("uji", "2026-01", {}, counts), Menu.RECEIVED_DISTRICT)
    assert shown["d1", KINDS[0]] is Suppressed.SMALL
    assert (shown["d2", KINDS[0]], shown[TOTAL, KINDS[0]]) == (10, 10)
    assert shown["d2", KINDS[1]] == 0


def test_an_edition_waits_a_week_after_its_month():
    assert publishable_from("2026-02") == date(2026, 3, 7)
    assert publishable_from("2026-12") == date(2027, 1, 7)
    assert publishable_from("2028-02") == date(2028, 3, 7)  # a leap year


def test_no_table_has_more_than_two_ways():
    for edition in editions(3):
        for rows in public(edition).values():
            for columns in rows.values():
                assert all(isinstance(number, (int, Suppressed)) for number in columns.values())
    assert set(COLUMNS) == set(Menu)


def test_nothing_that_leaves_is_finer_than_the_rule():
    numbers = {
        number
        for seed in range(30)
        for edition in editions(seed)
        for rows in public(edition).values()
        for columns in rows.values()
        for number in columns.values()
    }
    assert {n for n in numbers if isinstance(n, int) and n % 5} == set()
    assert Suppressed.SMALL in numbers


def month(name, sensitive, earlier=(), others=(9, 3)):
    """A month with two ordinary topics and some sensitive cases."""
    n, kind = sum(others) + sensitive, KINDS[0]
    topics = {("jalan", kind): others[0], ("sampah", kind): others[1], (OTHER, kind): sensitive}
    counts = {
        Menu.RECEIVED: {(ALL, ALL): n},
        Menu.RECEIVED_DISTRICT: {("d", kind): n},
        Menu.RECEIVED_TOPIC: {cell: n for cell, n in topics.items() if n},
        Menu.RECEIVED_AGENCY: {("a", ALL): n},
        Menu.SENSITIVE: {("korupsi", ALL): sensitive} if sensitive else {},
    }
    rows = {Menu.RECEIVED_TOPIC: ("jalan", "sampah", OTHER), Menu.SENSITIVE: ("korupsi", "disiplin")}
    return assemble("uji", name, rows, counts, earlier)


def test_a_sensitive_topic_is_told_of_by_the_quarter_alone():
    first = month("2026-04", 4)
    second = month("2026-05", 3, [first])
    third = month("2026-06", 5, [first, second])
    assert [table(each, Menu.SENSITIVE) for each in (first, second)] == [{}, {}]
    assert table(third, Menu.SENSITIVE) == {("korupsi", ALL): 10, ("disiplin", ALL): 0}
    assert {"korupsi", "disiplin"} & {row for row, _ in table(third, Menu.RECEIVED_TOPIC)} == set()
    assert quarter_of("2026-05") == ("2026-04", "2026-05", "2026-06")


def test_a_quarter_counts_a_corrected_month_once():
    """4 of April and 5 of June are 9 in June's correction too, not 14."""
    before = [month("2026-04", 4), month("2026-05", 0)]
    june = month("2026-06", 5, before)
    again = month("2026-06", 5, [*before, june])
    assert (june.number, again.number) == (1, 2)
    assert again.quarter == june.quarter == {"korupsi": 9}
    assert table(again, Menu.SENSITIVE) == {("korupsi", ALL): 10, ("disiplin", ALL): 0}


@pytest.mark.parametrize("sensitive", [0, 4, 30])
def test_the_rest_is_never_the_sensitive_ones_alone(sensitive):
    """Whether any came in or not, an ordinary topic stands in the rest beside them."""
    edition = month("2026-04", sensitive)
    assert "sampah" in edition.folded[Menu.RECEIVED_TOPIC]
    assert ("sampah", TOTAL) not in table(edition, Menu.RECEIVED_TOPIC)


def test_the_rest_is_hidden_or_has_eight_ordinary_cases_in_it():
    edition = month("2026-04", 30)
    assert edition.folded[Menu.RECEIVED_TOPIC] == {"jalan", "sampah"}  # 3 alone would tell of 30 within 5
    assert month("2026-04", 2).folded[Menu.RECEIVED_TOPIC] == {"sampah"}


@pytest.mark.parametrize(
    ("ordinary", "wanted"),
    [
        ({"t1": 8, "t2": 30}, {"t1"}),  # 10, which is 8 at least
        ({"t1": 7, "t2": 30}, {"t1", "t2"}),
        ({"t1": 5, "t2": 6, "t3": 30}, {"t1", "t2", "t3"}),  # 11, but all that is printed is 1 to 7, twice
        ({"t1": 5, "t2": 9, "t3": 30}, {"t1", "t2"}),
    ],
)
def test_beside_thirty_sensitive_ones_stand_eight_ordinary_ones_that_printed_numbers_prove(ordinary, wanted):
    topics, kind = {**ordinary, OTHER: 30}, KINDS[0]
    n = sum(topics.values())
    counts = {
        Menu.RECEIVED: {(ALL, ALL): n},
        Menu.RECEIVED_DISTRICT: {("d", kind): n},
        Menu.RECEIVED_TOPIC: {(row, kind): count for row, count in topics.items()},
        Menu.RECEIVED_AGENCY: {("a", ALL): n},
        Menu.SENSITIVE: {("korupsi", ALL): 30},
    }
    edition = assemble("uji", "2026-04", {Menu.RECEIVED_TOPIC: tuple(topics)}, counts)
    assert edition.folded == {Menu.RECEIVED_TOPIC: wanted}


def test_a_code_that_nobody_lists_any_more_is_listed_all_the_same():
    edition = assemble(
        "uji",
        "2026-01",
        {Menu.CLOSED_AGENCY: ("a",)},
        {Menu.CLOSED: {(ALL, ALL): 9}, Menu.CLOSED_AGENCY: {("gone", ALL): 9}},
    )
    assert table(edition, Menu.CLOSED_AGENCY) == {("a", ALL): 0, ("gone", ALL): 10}


def test_a_code_is_listed_once_and_an_instances_own_number_has_no_rows():
    counts = {Menu.CLOSED: {(ALL, ALL): 23}, Menu.CLOSED_AGENCY: {("a", ALL): 9, ("b", ALL): 14}}
    edition = assemble("uji", "2026-01", {Menu.CLOSED_AGENCY: ("b",)}, counts)
    assert edition.rows[Menu.CLOSED_AGENCY] == ("b", "a")
    assert {edition.rows[menu] for menu in WHOLE} == {()}


@pytest.mark.parametrize("seed", range(10))
def test_an_edition_rests_as_json(seed):
    for edition in editions(seed):
        again = from_json(json.loads(json.dumps(to_json(edition))))
        assert public(again) == public(edition)
        assert to_json(again) == to_json(edition)
        assert isinstance(again, Edition)


def test_a_withheld_table_says_nothing():
    edition = month("2026-04", 4)
    assert public(replace(edition, withheld=frozenset(Menu))) == {}

"""The rule by which a number may be told, and the menu of tables, one test for each."""

import json
from datetime import date

import pytest

from functions.casework.barometer.counts import Calendar
from functions.casework.barometer.disclosure import (
    ALL,
    BAND_NAMES,
    COLUMNS,
    KINDS,
    OTHER,
    TOTAL,
    Edition,
    Menu,
    Quiet,
    Suppressed,
    assemble,
    cells,
    last_day,
    possible,
    printed,
    public,
    publishable_from,
    quarter_of,
    table,
)
from functions.casework.barometer.stored_tables import from_json, to_json
from functions.casework.case import Kind
from functions.casework.stages import Stage
from tests.casework.barometer.offices import editions
from tests.casework.trees import a_head

CALENDAR = Calendar()
QUIET = Quiet(frozenset({"korupsi"}), frozenset({"inspektorat"}))


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
    assert last_day("2028-02") == date(2028, 2, 29)


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


def case(**facts):
    return a_head(**{"received_on": date(2026, 6, 2), "due": date(2026, 8, 1), "stage": Stage.DIPROSES} | facts)


@pytest.mark.parametrize(
    ("head", "month", "wanted"),
    [
        (
            case(),
            "2026-06",
            {
                (Menu.RECEIVED, ALL, ALL),
                (Menu.RECEIVED_DISTRICT, "64.08.01", "pengaduan"),
                (Menu.RECEIVED_TOPIC, "jalan", "pengaduan"),
                (Menu.RECEIVED_AGENCY, "a", ALL),
                (Menu.OPEN, ALL, ALL),
                (Menu.OPEN_AGENCY, "a", BAND_NAMES[2]),
            },
        ),
        (case(), "2026-07", {(Menu.OPEN, ALL, ALL), (Menu.OPEN_AGENCY, "a", BAND_NAMES[3])}),
        (case(), "2026-05", set()),
        (case(quarantined=True), "2026-06", set()),
        (
            case(stage=Stage.SELESAI, closed_on=date(2026, 7, 3)),
            "2026-07",
            {(Menu.CLOSED, ALL, ALL), (Menu.CLOSED_AGENCY, "a", ALL)},
        ),
        (
            case(topic="korupsi", holder="inspektorat", kind=Kind.INFORMASI),
            "2026-06",
            {
                (Menu.RECEIVED, ALL, ALL),
                (Menu.RECEIVED_DISTRICT, "64.08.01", "informasi"),
                (Menu.RECEIVED_TOPIC, OTHER, "informasi"),
                (Menu.RECEIVED_AGENCY, OTHER, ALL),
                (Menu.SENSITIVE, "korupsi", ALL),
                (Menu.OPEN, ALL, ALL),
                (Menu.OPEN_AGENCY, OTHER, BAND_NAMES[2]),
            },
        ),
    ],
)
def test_where_a_case_counts(head, month, wanted):
    assert set(cells(head, month, CALENDAR, QUIET)) == wanted


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


def test_a_code_that_nobody_lists_any_more_is_listed_all_the_same():
    edition = assemble(
        "uji",
        "2026-01",
        {Menu.CLOSED_AGENCY: ("a",)},
        {Menu.CLOSED: {(ALL, ALL): 9}, Menu.CLOSED_AGENCY: {("gone", ALL): 9}},
    )
    assert table(edition, Menu.CLOSED_AGENCY) == {("a", ALL): 0, ("gone", ALL): 10}


@pytest.mark.parametrize("seed", range(10))
def test_an_edition_rests_as_json(seed):
    for edition in editions(seed):
        again = from_json(json.loads(json.dumps(to_json(edition))))
        assert public(again) == public(edition)
        assert to_json(again) == to_json(edition)
        assert isinstance(again, Edition)


def test_a_withheld_table_says_nothing():
    edition = month("2026-04", 4)
    less = Edition("uji", "2026-04", edition.rows, edition.counts, withheld=frozenset(Menu))
    assert public(less) == {}

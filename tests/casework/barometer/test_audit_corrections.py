"""A corrected month: it replaces the one that was published, says no more by being compared with it, and hides no more
than that needs."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from functions.casework.barometer.audit import Ledger, corrected, publishable
from functions.casework.barometer.disclosure import (
    ALL,
    KINDS,
    OTHER,
    TOTAL,
    Cell,
    Edition,
    Menu,
    Suppressed,
    assemble,
    public,
    table,
)
from functions.casework.barometer.stored_tables import from_json, to_json

AGENCIES = (Menu.RECEIVED_AGENCY, Menu.CLOSED_AGENCY, Menu.OPEN_AGENCY)
DISTRICTS = ("d1", "d2", "d3", "d4", "d5")
ROWS = {
    Menu.RECEIVED_TOPIC: ("t1", "t2"),
    **dict.fromkeys(AGENCIES, ("a1", "a2")),
}


def january(districts: tuple[int, ...], halves: tuple[int, int], *earlier: Edition) -> Edition:
    """A month's complaints by district, and by topic and agency; all were closed. After an ``earlier`` one of the month
    it is its correction."""
    kind, received, listed = KINDS[0], {(ALL, ALL): sum(districts)}, DISTRICTS[: len(districts)]
    by_agency = dict(zip((("a1", ALL), ("a2", ALL)), halves, strict=True))
    counts: Mapping[Menu, Mapping[Cell, int]] = {
        Menu.RECEIVED: received,
        Menu.CLOSED: received,
        Menu.RECEIVED_DISTRICT: {(row, kind): n for row, n in zip(listed, districts, strict=True)},
        Menu.RECEIVED_TOPIC: {(row, kind): n for row, n in zip(("t1", "t2"), halves, strict=True)},
        Menu.RECEIVED_AGENCY: by_agency,
        Menu.CLOSED_AGENCY: by_agency,
    }
    return assemble("uji", "2026-01", ROWS | {Menu.RECEIVED_DISTRICT: listed}, counts, earlier)


def rows(edition: Edition, menu: Menu) -> set[str]:
    return {row for row, _ in table(edition, menu)}


def test_a_correction_is_audited_in_place_of_what_it_corrects() -> None:
    """8, 8 and 1 are printed as 10, 10 and hidden, their sum as 15: so the hidden one is 1. The audit sees it also beside
    the edition before, which left it open."""
    first = publishable(january((8, 8, 2), (10, 8)))
    assert table(first, Menu.RECEIVED_DISTRICT)["d3", TOTAL] is Suppressed.SMALL
    second = january((8, 8, 1), (9, 8), first)
    assert corrected(second, first) == second  # row by row nothing differs
    ledger = Ledger()
    ledger.add(second)
    assert {(pin.menu, pin.row) for pin in ledger.pins()} == {(Menu.RECEIVED_DISTRICT, "d3")}
    safe = publishable(second, [first])
    assert safe.number == 2
    assert "d3" not in rows(safe, Menu.RECEIVED_DISTRICT)


def test_a_correction_that_crosses_nothing_hides_nothing_more() -> None:
    first = publishable(january((8, 30, 3), (21, 20)))
    again = publishable(january((8, 30, 3), (21, 20), first), [first])
    assert public(again) == public(first)
    more = publishable(january((9, 60, 4), (38, 35), first), [first])
    assert rows(more, Menu.RECEIVED_DISTRICT) == rows(first, Menu.RECEIVED_DISTRICT) == {"d1", "d2", "d3", TOTAL}
    assert table(more, Menu.RECEIVED_DISTRICT)["d2", TOTAL] == 60


def test_a_row_that_only_the_correction_lists_is_compared_with_nothing() -> None:
    """No report came from d4 when the month was first told: nobody listed it."""
    first = publishable(january((8, 30, 3), (21, 20)))
    second = january((8, 30, 3), (21, 20), first)
    more = {**second.rows, Menu.RECEIVED_DISTRICT: (*second.rows[Menu.RECEIVED_DISTRICT], "d4")}
    listed = assemble("uji", "2026-01", more, second.counts, [first])
    assert rows(publishable(listed, [first]), Menu.RECEIVED_DISTRICT) == {"d1", "d2", "d3", "d4", TOTAL}


def test_a_row_that_became_empty_takes_its_table_along() -> None:
    """Told as folded it would be told as empty: whatever else is folded had something in it."""
    first = publishable(january((8, 30, 3, 5, 6), (26, 26)))
    again = publishable(january((8, 30, 0, 5, 6), (25, 24), first), [first])
    assert again.withheld == {Menu.RECEIVED_DISTRICT}
    filled = publishable(january((8, 30, 3, 5, 6), (26, 26), again), [first, again])
    assert filled.withheld == {Menu.RECEIVED_DISTRICT}  # nor does the next correction tell


def test_a_row_that_was_empty_and_is_not_any_more_is_folded() -> None:
    first = publishable(january((8, 30, 0, 5, 6), (25, 24)))
    again = publishable(january((8, 30, 3, 5, 6), (26, 26), first), [first])
    assert again.withheld == set()
    assert "d3" in again.folded_now(Menu.RECEIVED_DISTRICT)


EARLIER = january((9, 9, 9, 1, 3), (16, 15))


@pytest.mark.parametrize(
    ("number", "earlier"),
    [(1, []), (2, [EARLIER]), (2, [])],
    ids=["first", "correction", "first told by a correction"],
)
def test_what_is_folded_for_the_first_time_had_something_in_it(number: int, earlier: list[Edition]) -> None:
    """26 print as 25, at most 27. Three rows of at least 8 leave 3 for the last two, of which each had something: were
    they alone in the rest, it would be 2 or 3."""
    safe = publishable(replace(january((8, 8, 8, 1, 1), (13, 13), *earlier), number=number), earlier)
    assert table(safe, Menu.RECEIVED_DISTRICT)[OTHER, TOTAL] == 10


def test_what_was_folded_before_may_be_empty_by_now() -> None:
    """Two reports counted under water were about roads. The rest still has one in it, which is less than two."""
    rows_of = {Menu.RECEIVED_TOPIC: ("air", "jalan", "sampah", OTHER)}

    def told(water: int, roads: int, waste: int, *earlier: Edition) -> Edition:
        kind, received = KINDS[0], {(ALL, ALL): water + roads + waste}
        by_agency = {("a1", ALL): water + roads + waste}
        topics = {("air", kind): water, ("jalan", kind): roads, ("sampah", kind): waste}
        counts = {
            Menu.RECEIVED: received,
            Menu.CLOSED: received,
            Menu.RECEIVED_DISTRICT: {("d1", kind): water + roads + waste},
            Menu.RECEIVED_TOPIC: {cell: count for cell, count in topics.items() if count},
            Menu.RECEIVED_AGENCY: by_agency,
            Menu.CLOSED_AGENCY: by_agency,
        }
        return publishable(assemble("uji", "2026-01", rows_of, counts, earlier), earlier)

    first = told(2, 30, 2)
    second = told(0, 33, 1, first)
    assert first.folded == {Menu.RECEIVED_TOPIC: {"air"}}
    assert second.folded == {Menu.RECEIVED_TOPIC: {"air", "sampah"}}
    assert table(second, Menu.RECEIVED_TOPIC)[OTHER, TOTAL] is Suppressed.SMALL
    assert from_json(to_json(second)) == second
    assert second.folded_now(Menu.RECEIVED_TOPIC) == {"sampah"}


@pytest.mark.parametrize(("number", "sure"), [(1, {"air"}), (2, set()), (3, set())])
def test_of_what_an_earlier_release_folded_only_the_first_edition_is_sure(number: int, sure: set[str]) -> None:
    stored = to_json(replace(EARLIER, number=number, folded={Menu.RECEIVED_TOPIC: frozenset({"air"})}))
    del stored["kept"]
    assert from_json(stored).folded_now(Menu.RECEIVED_TOPIC) == sure

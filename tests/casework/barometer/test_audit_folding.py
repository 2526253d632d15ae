"""Which rows go into "Lainnya", and which table goes: no more than it takes, and by printed numbers alone."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import pytest

from functions.casework.barometer.audit import folded, publishable, row_sizes
from functions.casework.barometer.disclosure import (
    ALL,
    BAND_NAMES,
    KINDS,
    OTHER,
    TOTAL,
    Edition,
    Menu,
    Suppressed,
    assemble,
    public,
    table,
)
from functions.casework.barometer.printed_month import Pin

CLOSED = {"a1": 2, "a2": 9, "a3": 14, "a4": 20, "a5": 30}


def closed(there: Collection[str] = ()) -> Edition:
    """A month of which only closings are counted; ``there`` is what "Lainnya" holds already."""
    counts = {(row, ALL): n for row, n in CLOSED.items()}
    whole = {(ALL, ALL): sum(CLOSED.values())}
    edition = assemble("uji", "2026-01", {}, {Menu.CLOSED: whole, Menu.CLOSED_AGENCY: counts})
    return replace(edition, folded={Menu.CLOSED_AGENCY: frozenset(there)} if there else {})


@pytest.mark.parametrize(
    ("pinned", "there", "wanted"),
    [
        ("a1", set(), {"a1", "a2"}),  # never alone: the next smallest with it
        ("a3", set(), {"a3", "a1"}),
        ("a4", {"a1", "a2"}, {"a1", "a2", "a4"}),  # something is there already
        (OTHER, {"a1", "a2"}, {"a1", "a2", "a3"}),  # what is there is pinned itself: the next smallest
    ],
)
def test_a_pinned_row_is_folded_and_no_more_than_it_takes(pinned: str, there: set[str], wanted: set[str]) -> None:
    less = folded(closed(there), Pin("2026-01", Menu.CLOSED_AGENCY, pinned, ALL))
    assert less.folded == {Menu.CLOSED_AGENCY: wanted}
    assert less.withheld == set()


def test_a_table_of_one_column_is_measured_by_it_and_of_several_by_their_total() -> None:
    assert row_sizes(closed(), Menu.CLOSED_AGENCY) == {"a1": 1, "a2": 8, "a3": 13, "a4": 18, "a5": 28}
    ages = {("a1", BAND_NAMES[0]): 30, ("a1", BAND_NAMES[-1]): 3, ("a2", BAND_NAMES[1]): 4}
    still = assemble("uji", "2026-01", {}, {Menu.OPEN: {(ALL, ALL): 37}, Menu.OPEN_AGENCY: ages})
    assert row_sizes(still, Menu.OPEN_AGENCY) == {"a1": 33, "a2": 1}


def test_the_last_table_goes_too_where_it_gives_an_earlier_month_away() -> None:
    """Of January 7 are open, and hidden. All 7 are withdrawn in February, as an attacker knows, and of February nothing is
    told but that none came: then there were 7 at least. Rather than no edition there is one that tells nothing."""
    bands = {("a1", BAND_NAMES[0]): 7}
    came: dict[Menu, Mapping[tuple[str, str], int]] = {
        Menu.RECEIVED: {(ALL, ALL): 7},
        Menu.RECEIVED_DISTRICT: {("d1", KINDS[0]): 7},
        Menu.RECEIVED_TOPIC: {("t1", KINDS[0]): 7},
        Menu.RECEIVED_AGENCY: {("a1", ALL): 7},
        Menu.OPEN: {(ALL, ALL): 7},
        Menu.OPEN_AGENCY: bands,
    }
    january = publishable(assemble("uji", "2026-01", {}, came))
    assert table(january, Menu.OPEN) == {(TOTAL, TOTAL): Suppressed.SMALL}
    february = replace(assemble("uji", "2026-02", {}, {}), withheld=frozenset(Menu) - {Menu.RECEIVED})
    assert public(february) == {Menu.RECEIVED: {TOTAL: {TOTAL: 0}}}
    assert public(publishable(february, [january])) == {}

"""A corrected month: it replaces the one that was published, says no more by being compared with it, and hides no more
than that needs."""

from collections.abc import Mapping

from functions.casework.barometer.audit import Ledger, corrected, publishable
from functions.casework.barometer.disclosure import (
    ALL,
    KINDS,
    TOTAL,
    Cell,
    Edition,
    Menu,
    Suppressed,
    assemble,
    public,
    table,
)

AGENCIES = (Menu.RECEIVED_AGENCY, Menu.CLOSED_AGENCY, Menu.OPEN_AGENCY)
ROWS = {
    Menu.RECEIVED_DISTRICT: ("d1", "d2", "d3"),
    Menu.RECEIVED_TOPIC: ("t1", "t2"),
    **dict.fromkeys(AGENCIES, ("a1", "a2")),
}


def january(districts: tuple[int, ...], halves: tuple[int, int], *earlier: Edition) -> Edition:
    """A month's complaints by district, and by topic and agency; all were closed. After an ``earlier`` one of the month
    it is its correction."""
    kind, received = KINDS[0], {(ALL, ALL): sum(districts)}
    by_agency = dict(zip((("a1", ALL), ("a2", ALL)), halves, strict=True))
    counts: Mapping[Menu, Mapping[Cell, int]] = {
        Menu.RECEIVED: received,
        Menu.CLOSED: received,
        Menu.RECEIVED_DISTRICT: {(row, kind): n for row, n in zip(("d1", "d2", "d3"), districts, strict=True)},
        Menu.RECEIVED_TOPIC: {(row, kind): n for row, n in zip(("t1", "t2"), halves, strict=True)},
        Menu.RECEIVED_AGENCY: by_agency,
        Menu.CLOSED_AGENCY: by_agency,
    }
    return assemble("uji", "2026-01", ROWS, counts, earlier)


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

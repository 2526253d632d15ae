"""What the audit's net knows of a year, in single numbers: which of them are given away, and which are not."""

from dataclasses import replace

import pytest

from functions.casework.barometer.audit import Ledger
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
    table,
)
from functions.casework.barometer.printed_month import Book, Month, Pin
from functions.casework.barometer.printed_net import Net

QUIET = ("disiplin", "korupsi", "pungli", "s1", "s2")
ROWS = {
    Menu.RECEIVED_DISTRICT: ("d1", "d2", "d3", "d4"),
    Menu.RECEIVED_TOPIC: ("t1", "t2", OTHER),
    Menu.SENSITIVE: QUIET,
    **dict.fromkeys((Menu.RECEIVED_AGENCY, Menu.CLOSED_AGENCY, Menu.OPEN_AGENCY), ("a1",)),
}


def month(
    name: str,
    topics: tuple[int, int] = (0, 0),
    sensitive: tuple[int, ...] = (),
    districts: tuple[int, ...] = (),
    still: int = 0,
    earlier: tuple[Edition, ...] = (),
) -> Edition:
    """A month in which so many reports came in of two topics, and of sensitive ones (``QUIET``). ``districts``: all of
    them by district, else they came from one. ``still``: how many are open at its end; nothing is closed."""
    quiet = sum(sensitive)
    received = sum(topics) + quiet
    counts = {
        Menu.RECEIVED: {(ALL, ALL): received},
        Menu.RECEIVED_DISTRICT: {
            (row, KINDS[0]): n for row, n in zip(("d1", "d2", "d3", "d4"), districts or (received,), strict=False)
        },
        Menu.RECEIVED_TOPIC: {(row, KINDS[0]): n for row, n in zip(("t1", "t2", OTHER), (*topics, quiet), strict=True)},
        Menu.SENSITIVE: {(row, ALL): n for row, n in zip(QUIET, sensitive, strict=False)},
        Menu.RECEIVED_AGENCY: {("a1", ALL): received},
        Menu.OPEN: {(ALL, ALL): still},
        Menu.OPEN_AGENCY: {("a1", BAND_NAMES[0]): still},
    }
    known = {menu: {cell: n for cell, n in each.items() if n} for menu, each in counts.items()}
    return assemble("uji", name, ROWS, known, earlier)


def whole(edition: Edition) -> Edition:
    """An edition with the table that shows sensitive reports alone, which is withheld else."""
    return replace(edition, withheld=frozenset())


def pins(*editions: Edition) -> list[Pin]:
    ledger = Ledger()
    for edition in editions:
        ledger.add(edition)
    return ledger.pins()


def test_a_quarters_sensitive_reports_are_part_of_what_lainnya_held_and_of_nothing_else() -> None:
    """Four topics of the quarter are printed as 10, so at least 8 each, 32 in all. "Lainnya" is hidden in January, so
    at most 7, one of which is of the ordinary topic that was folded, and printed as 25 in March, so at most 27: that
    leaves 1 for the fifth topic. What is printed of January's other topic lends it no room."""
    january = month("2026-01", topics=(30, 1), sensitive=(0, 6))
    march = whole(month("2026-03", sensitive=(1, 2, 8, 8, 8), earlier=(january,)))
    assert [table(january, Menu.RECEIVED_TOPIC)[row, TOTAL] for row in ("t1", OTHER)] == [30, Suppressed.SMALL]
    assert table(march, Menu.RECEIVED_TOPIC)[OTHER, TOTAL] == 25
    assert [number for _, number in sorted(table(march, Menu.SENSITIVE).items())] == [Suppressed.SMALL, *[10] * 4]
    assert Pin("2026-03", Menu.SENSITIVE, "disiplin", ALL) in pins(january, month("2026-02"), march)
    roomy = whole(month("2026-03", sensitive=(1, 5, 8, 8, 8), earlier=(january,)))
    assert table(roomy, Menu.RECEIVED_TOPIC)[OTHER, TOTAL] == 30  # so at most 32
    assert pins(january, month("2026-02"), roomy) == []


def test_of_what_may_be_sensitive_in_a_quarter_nothing_is_known_before_it_ends() -> None:
    february = whole(month("2026-02", sensitive=(7,), still=7))
    assert table(february, Menu.RECEIVED_TOPIC)[OTHER, TOTAL] is Suppressed.SMALL
    assert pins(month("2026-01"), february) == []  # 1 to 7, of no topic


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        (Menu.RECEIVED_DISTRICT, Menu.RECEIVED_TOPIC),
        (Menu.RECEIVED_TOPIC, Menu.RECEIVED_DISTRICT),
    ],
)
def test_a_total_of_a_kind_that_two_tables_tell_is_read_in_the_one_that_is_left(gone: Menu, left: Menu) -> None:
    entered = Month(Book(), replace(month("2026-01", topics=(5, 0)), withheld=frozenset({gone})))
    entered.enter()
    told = {pin.menu for _, pin, _ in entered.hidden if (pin.row, pin.column) == (TOTAL, KINDS[0])}
    assert told == {left}


def test_each_row_folded_into_lainnya_had_something_in_it_but_what_a_correction_keeps_there() -> None:
    """8 and the three rows of 1 are printed as 10 and "kurang dari 8", the total of 11 as 10, so at most 12: in
    "Lainnya" are at most 4. Three rows were folded, so 3 or 4; where a correction only keeps them folded, some may have become empty."""
    first = month("2026-01", topics=(11, 0), districts=(8, 1, 1, 1))
    first = replace(first, folded={**first.folded, Menu.RECEIVED_DISTRICT: frozenset({"d2", "d3", "d4"})})
    assert table(first, Menu.RECEIVED_DISTRICT)[OTHER, TOTAL] is Suppressed.SMALL
    assert {pin.row for pin in pins(first)} == {OTHER}
    assert pins(replace(first, number=2)) == pins(first)
    assert pins(replace(first, number=2, kept=first.folded)) == []


def test_a_hidden_number_of_a_month_is_looked_at_again_when_a_later_month_is_printed() -> None:
    """7 are open in January, and it is not told where; in February none came or went, one was opened again, and 10 are
    told, which is at least 8. So it was 7."""
    january = replace(month("2026-01", topics=(7, 0), still=7), withheld=frozenset({*Menu} - {Menu.OPEN}))
    february = replace(month("2026-02", still=8), withheld=frozenset({Menu.OPEN_AGENCY}))
    assert pins(january) == []
    assert pins(january, february) == [Pin("2026-01", Menu.OPEN, TOTAL, TOTAL)]


def test_only_numbers_that_their_own_table_leaves_no_room_are_looked_at_again() -> None:
    """What can be moved to another district without changing a printed number stays safe, whatever is printed later."""
    roomy = month("2026-01", topics=(40, 0), districts=(30, 5, 5), still=40)
    book = Book()
    entered = Month(book, roomy)
    entered.enter()
    hidden = {pin.row for _, pin, _ in entered.hidden}
    assert hidden == {"d2", "d3"}
    assert entered.fragile() == []


@pytest.mark.parametrize("wanted", [1, 2, 5])
def test_as_many_other_worlds_are_searched_as_are_wanted(wanted: int) -> None:
    net = Net()
    arc = net.arc("a", "b", (0, 9), 4)
    net.arc("b", "a", (0, 9), 4)
    worlds = net.others(arc, wanted)
    assert len({world[arc] for world in worlds}) == len(worlds) == wanted
    assert len(net.others(arc, 99)) == 9

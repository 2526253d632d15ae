"""One month's printed tables as a part of the net of all that was published (``printed_net``)."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from functions.casework.barometer.disclosure import (
    ALL,
    COLUMNS,
    KINDS,
    MOST,
    OTHER,
    TOTAL,
    WHOLE,
    Cell,
    Edition,
    Menu,
    Printed,
    Suppressed,
    possible,
    quarter_of,
    table,
)
from functions.casework.barometer.printed_net import LINK, Net

VALUES = 3
FREE = (0, MOST)
WORLD = "world"


class Pin(NamedTuple):
    """A hidden number: its month, table, row and column."""

    month: str
    menu: Menu
    row: str
    column: str


@dataclass(slots=True)
class Book:
    """The months entered so far.

    ``pools`` holds by quarter the arc of sensitive cases that are not published yet. ``left`` is the arc of what the
    last month left open.
    """

    net: Net = field(default_factory=Net)
    months: list[str] = field(default_factory=list)
    pools: dict[str, int] = field(default_factory=dict)
    left: int | None = None


class Month:
    """Builds one month's part of the net.

    It runs world → topics → kinds → districts → agencies → the month. Closed cases leave by agency to the world, open
    ones by agency and age to the next month.
    """

    def __init__(self, book: Book, edition: Edition) -> None:
        self.book, self.net, self.edition = book, book.net, edition
        self.month = edition.month
        self.part = len(book.months) * 3
        self.hidden: list[tuple[int, Pin, int]] = []
        self.shown: dict[Menu, Mapping[Cell, Printed]] = {menu: table(edition, menu) for menu in Menu}

    def enter(self) -> None:
        """Write the month into the book."""
        self.received()
        self.closed()
        self.open()
        self.handed_on()

    def received(self) -> None:
        """Add received cases. Both two-way tables share the totals of their columns, so they stand in one chain."""
        part, start, agencies = self.part, ("in", self.month), ("agencies", self.month)
        topics, districts = self.groups(Menu.RECEIVED_TOPIC), self.groups(Menu.RECEIVED_DISTRICT)
        quiet = sum(self.edition.counts.get(Menu.SENSITIVE, {}).values())
        rest = self.edition.count(Menu.RECEIVED_TOPIC, topics.get(OTHER, ()), KINDS) - quiet
        self.net.arc(WORLD, start, FREE, self.edition.count(Menu.RECEIVED, (ALL,), (ALL,)) - quiet)
        least = self.edition.least_folded(Menu.RECEIVED_TOPIC)
        self.net.arc(start, ("other", self.month), (least, MOST), rest, part)
        self.quiet(("other", self.month), quiet)
        for row, codes in topics.items():
            topic = "topic", self.month, row
            self.cell(Menu.RECEIVED_TOPIC, row, codes, TOTAL, ("other", self.month) if row == OTHER else start, topic)
            for kind in KINDS:
                self.cell(Menu.RECEIVED_TOPIC, row, codes, kind, topic, ("kind", self.month, kind))
        self.kinds(districts)
        for row, codes in districts.items():
            district = "district", self.month, row
            for kind in KINDS:
                self.cell(Menu.RECEIVED_DISTRICT, row, codes, kind, ("of kind", self.month, kind), district)
            self.cell(Menu.RECEIVED_DISTRICT, row, codes, TOTAL, district, agencies)
        for row, codes in self.groups(Menu.RECEIVED_AGENCY).items():
            self.cell(Menu.RECEIVED_AGENCY, row, codes, ALL, agencies, ("all", self.month))
        self.whole(Menu.RECEIVED, ("all", self.month), ("month", self.month))

    def kinds(self, districts: Mapping[str, tuple[str, ...]]) -> None:
        """Add the totals of the columns, which either table publishes."""
        everywhere = tuple(code for codes in districts.values() for code in codes)
        gone = Menu.RECEIVED_DISTRICT in self.edition.withheld
        menu = Menu.RECEIVED_TOPIC if gone else Menu.RECEIVED_DISTRICT
        for kind in KINDS:
            flow = self.edition.count(Menu.RECEIVED_DISTRICT, everywhere, (kind,))
            ends = ("kind", self.month, kind), ("of kind", self.month, kind)
            self.number(self.shown[menu].get((TOTAL, kind)), flow, *ends, Pin(self.month, menu, TOTAL, kind), self.part)

    def quiet(self, other: Hashable, count: int) -> None:
        """Add sensitive cases, which a month publishes only in "Lainnya" and a quarter by topic."""
        quarter, pools = quarter_of(self.month)[-1], self.book.pools
        pool, waiting = ("quiet", quarter), count
        if quarter in pools:
            before = pools.pop(quarter)
            waiting += self.net.flow[before]
            self.net.fix(before, 0)
        self.net.arc(pool, other, FREE, count)
        shown = self.shown[Menu.SENSITIVE]
        if not shown:
            pools[quarter] = self.net.arc(WORLD, pool, FREE, waiting)
            return
        for row, codes in self.edition.groups(Menu.SENSITIVE).items():
            flow, pin = self.edition.in_quarter(codes), Pin(self.month, Menu.SENSITIVE, row, ALL)
            least = self.edition.least_folded(Menu.SENSITIVE) if row == OTHER else 1
            self.number(shown[row, ALL], flow, WORLD, pool, pin, LINK, least)
            waiting -= flow
        self.net.arc(WORLD, pool, (waiting, waiting), waiting)  # for a month that was corrected later

    def closed(self) -> None:
        """Add the cases closed in the month, out of it."""
        self.part += 1
        start, end = ("closed", self.month), ("gone", self.month)
        self.whole(Menu.CLOSED, ("month", self.month), start)
        for row, codes in self.groups(Menu.CLOSED_AGENCY).items():
            self.cell(Menu.CLOSED_AGENCY, row, codes, ALL, start, end)
        self.net.arc(end, WORLD, FREE, self.edition.count(Menu.CLOSED, (ALL,), (ALL,)))

    def open(self) -> None:
        """Add the cases open at its end, into the next month."""
        self.part += 1
        menu, start, end = Menu.OPEN_AGENCY, ("open", self.month), ("left", self.month)
        groups = self.groups(menu)
        self.whole(Menu.OPEN, ("month", self.month), start)
        for row, codes in groups.items():
            agency = "agency", self.month, row
            self.cell(menu, row, codes, TOTAL, start, agency)
            for band in COLUMNS[menu]:
                self.cell(menu, row, codes, band, agency, ("age", self.month, band))
        everywhere = tuple(code for codes in groups.values() for code in codes)
        for band in COLUMNS[menu]:
            flow, ends = self.edition.count(menu, everywhere, (band,)), (("age", self.month, band), end)
            self.number(self.shown[menu].get((TOTAL, band)), flow, *ends, Pin(self.month, menu, TOTAL, band), self.part)

    def handed_on(self) -> None:
        """Connect the months: what the month before left open comes in, and what this one leaves may go anywhere.

        Withdrawn cases are subtracted and those opened again added; we assume the attacker knows both. What is left is
        free until another month follows.
        """
        count = {menu: self.edition.count(menu, (ALL,), (ALL,)) for menu in WHOLE}
        came, now = count[Menu.CLOSED] + count[Menu.OPEN] - count[Menu.RECEIVED], ("month", self.month)
        if self.book.left is None:
            self.net.arc(WORLD, now, (came, came), came)
        else:
            left, before = self.book.left, ("left", self.book.months[-1])
            self.net.fix(left, self.net.flow[left] - came)
            self.net.arc(before, now, (-MOST, MOST), came)
        self.book.left = self.net.arc(("left", self.month), WORLD, FREE, count[Menu.OPEN])
        self.book.months.append(self.month)

    def whole(self, menu: Menu, start: Hashable, end: Hashable) -> None:
        """Add the instance's own number of a table, which connects its parts to the other months."""
        number, flow = self.shown[menu].get((TOTAL, TOTAL)), self.edition.count(menu, (ALL,), (ALL,))
        self.number(number, flow, start, end, Pin(self.month, menu, TOTAL, TOTAL), LINK)

    def cell(self, menu: Menu, row: str, codes: Sequence[str], column: str, start: Hashable, end: Hashable) -> None:
        """Add a number of a table, or the total of its row.

        Each row folded into "Lainnya" had something in it, as the attacker knows, unless a correction only keeps it
        folded: it may have become empty.
        """
        across = COLUMNS[menu] if column == TOTAL else (column,)
        mixed = row == OTHER and across == COLUMNS[menu]
        least = len(self.edition.folded_now(menu)) if mixed else 1
        shown, pin = self.shown[menu].get((row, column)), Pin(self.month, menu, row, column)
        self.number(shown, self.edition.count(menu, codes, across), start, end, pin, self.part, least)

    def number(
        self, shown: Printed | None, flow: int, start: Hashable, end: Hashable, pin: Pin, part: int, least: int = 1
    ) -> None:
        """Add an arc for a printed number; None if it is not published.

        ``least``: what any number but 0 stands for at least, if more than one is known from elsewhere.
        """
        low, high = FREE if shown is None else possible(shown)
        arc = self.net.arc(start, end, (max(low, least) if shown else low, high), flow, part)
        if shown is Suppressed.SMALL:
            self.hidden.append((arc, pin, part))

    def fragile(self) -> list[tuple[int, Pin]]:
        """Return the hidden numbers that have too few other values by themselves.

        The others need no second look: no later edition says anything about what moves within a part, since its totals
        stay.
        """
        return [
            (arc, pin)
            for arc, pin, part in self.hidden
            if part == LINK or len(self.net.others(arc, VALUES - 1, part)) < VALUES - 1
        ]

    def groups(self, menu: Menu) -> dict[str, tuple[str, ...]]:
        """Return the rows as published; one for all of them if the table is withheld."""
        if menu in self.edition.withheld:
            return {OTHER: tuple({OTHER, *self.edition.rows.get(menu, ())})}
        return self.edition.groups(menu)

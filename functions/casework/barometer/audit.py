"""The audit before publishing: no hidden number may be worked out from all that was published.

The attacker reads every table of this and of all earlier editions, knows the rules (1 to 7 hidden, everything else to
the nearest 5, totals printed apart), and is taken to know what no table says: how many cases were opened again or taken
back in each month, so that open, received and closed cases of all months hang together for him. A number is safe while
at least ``VALUES`` whole numbers are possible for it (``worlds``). Where one is not, its row is folded into
"Lainnya" with the next smallest, and where that does not help a table is withheld; then all is audited again.

What is folded follows from the printed numbers alone, not from what was counted.

Shares and medians are no part of the net. ``shown`` prints them so that they fit other counts as well.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    Veil,
    possible,
    quarter_of,
    same_quarter,
    sensitive,
    table,
)
from functions.casework.barometer.worlds import LINK, Net

VALUES = 3
FREE = (0, MOST)
# What is given up first where nothing can be folded any more.
GIVEN_UP = (
    Menu.SENSITIVE,
    Menu.OPEN_AGENCY,
    Menu.CLOSED_AGENCY,
    Menu.RECEIVED_AGENCY,
    Menu.RECEIVED_TOPIC,
    Menu.RECEIVED_DISTRICT,
    Menu.OPEN,
    Menu.CLOSED,
    Menu.RECEIVED,
)
WORLD = "world"


class AuditFailedError(Exception):
    """A number of an earlier edition is pinned down whatever this one withholds: that one was never audited."""


class Pin(NamedTuple):
    """A hidden number that too few values are possible for: of which month, in which table, row and column."""

    month: str
    menu: Menu
    row: str
    column: str


def publishable(edition: Edition, earlier: Iterable[Edition] = ()) -> Edition:
    """The edition with as much folded and withheld as it takes. ``earlier`` are the instance's published editions in
    any order, also those of later months where this corrects a month; of each month the newest counts.

    Raises AuditFailedError where nothing helps, ValueError where tables of one month contradict each other.
    """
    newest = {each.month: each for each in sorted(earlier, key=lambda each: each.number)}
    before = [newest[month] for month in sorted(newest) if month < edition.month]
    after = [newest[month] for month in sorted(newest) if month > edition.month]
    ledger = Ledger()
    for each in before:
        ledger.add(each)
    return ledger.publish(edition, after)


@dataclass(slots=True)
class Ledger:
    """Everything published so far of one instance, as its attacker reads it."""

    editions: list[Edition] = field(default_factory=list)
    net: Net = field(default_factory=Net)
    fragile: list[tuple[int, Pin]] = field(default_factory=list)  # hidden numbers whose other values lean on totals
    pools: dict[str, int] = field(
        default_factory=dict
    )  # by quarter: the arc that lets any number of sensitive cases in
    left: int | None = None  # the arc of what the last month left open

    def publish(self, edition: Edition, after: Sequence[Edition] = ()) -> Edition:
        """Add an edition, with as much folded and withheld as it takes; returns it so. See ``publishable``."""
        while True:
            pins = self._try(edition, after)
            if not pins:
                self.add(edition)
                return edition
            edition = self._relaxed(edition, pins, after)

    def add(self, edition: Edition) -> None:
        """Add an edition of a later month as it was published."""
        month = _Month(self, edition)
        month.received()
        month.closed()
        month.open()
        month.handed_on()
        self.fragile += month.fragile()
        self.editions.append(edition)

    def pins(self) -> list[Pin]:
        """All hidden numbers that too few values are possible for."""
        return [pin for arc, pin in self.fragile if self.net.others(arc, VALUES - 1) < VALUES - 1]

    def _try(self, edition: Edition, after: Sequence[Edition]) -> list[Pin]:
        mark, known, left = self.net.mark(), len(self.editions), self.left
        fragile, pools = len(self.fragile), dict(self.pools)
        for each in (edition, *after):
            self.add(each)
        pins = self.pins()
        self.net.cut(mark)
        del self.editions[known:], self.fragile[fragile:]
        self.left, self.pools = left, pools
        return pins

    def _relaxed(self, edition: Edition, pins: list[Pin], after: Sequence[Edition]) -> Edition:
        """One step towards saying less: fold a row of the edition whose number is pinned, else give up a table: the
        first whose absence frees a number, or else simply the first."""
        for pin in pins:
            if pin.month == edition.month and pin.menu not in (*WHOLE, *edition.withheld):
                return folded(edition, pin, self.editions)
        rest = [menu for menu in GIVEN_UP if menu not in edition.withheld]
        if not rest:
            raise AuditFailedError
        without = [replace(edition, withheld=edition.withheld | {menu}) for menu in rest]
        return next((each for each in without if len(self._try(each, after)) < len(pins)), without[0])


def folded(edition: Edition, pin: Pin, earlier: Iterable[Edition]) -> Edition:
    """The edition with the row of a pinned number in ``OTHER``, and the next smallest with it unless something is there
    already; where that leaves no two rows, without the table. Which is small is read off what is printed."""
    menu = pin.menu
    sizes = row_sizes(edition, menu, earlier)
    small = sorted((row for row in sizes if row != OTHER), key=lambda row: (sizes[row], row))
    first = [pin.row] if pin.row in small else small[:1]
    more = [] if OTHER in sizes and pin.row in small else [row for row in small if row not in first][:1]
    if len(small) - len(first) - len(more) < 1:
        return replace(edition, withheld=edition.withheld | {menu})
    rows = edition.folded.get(menu, frozenset()) | {*first, *more}
    return replace(edition, folded={**edition.folded, menu: rows})


def row_sizes(edition: Edition, menu: Menu, earlier: Iterable[Edition] = ()) -> dict[str, int]:
    """How large each row of a table is, as far as its printed total tells: the least it may stand for."""
    shown = sensitive(same_quarter(edition, earlier)) if menu is Menu.SENSITIVE else table(edition, menu)
    column = TOTAL if len(COLUMNS[menu]) > 1 else ALL
    return {row: possible(number)[0] for (row, of), number in shown.items() if of == column and row != TOTAL}


class _Month:
    """Builds one month's part of the net: world → topics → kinds → districts → agencies → the month; out of it the
    closed ones go by agency back to the world, the open ones by agency and age into the next month."""

    def __init__(self, ledger: Ledger, edition: Edition) -> None:
        self.ledger, self.net, self.edition = ledger, ledger.net, edition
        self.month = edition.month
        self.part = len(ledger.editions) * 3
        self.hidden: list[tuple[int, Pin, int]] = []
        self.shown: dict[Menu, Mapping[Cell, Printed]] = {
            menu: table(edition, menu) for menu in Menu if menu is not Menu.SENSITIVE
        }

    def received(self) -> None:
        """Received cases. Both two-way tables share the totals of their columns, hence stand in one chain."""
        part, start, agencies = self.part, ("in", self.month), ("agencies", self.month)
        topics, districts = self.groups(Menu.RECEIVED_TOPIC), self.groups(Menu.RECEIVED_DISTRICT)
        quiet = sum(self.edition.counts.get(Menu.SENSITIVE, {}).values())
        rest = self.edition.count(Menu.RECEIVED_TOPIC, topics.get(OTHER, ()), KINDS) - quiet
        self.net.arc(WORLD, start, FREE, self.edition.count(Menu.RECEIVED, (ALL,), (ALL,)) - quiet)
        self.net.arc(start, ("other", self.month), FREE, rest, part)
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
        """The totals of the columns, which either table tells."""
        everywhere = tuple(code for codes in districts.values() for code in codes)
        told = (Menu.RECEIVED_DISTRICT, Menu.RECEIVED_TOPIC)
        menu = next((menu for menu in told if menu not in self.edition.withheld), told[0])
        for kind in KINDS:
            flow = self.edition.count(Menu.RECEIVED_DISTRICT, everywhere, (kind,))
            ends = ("kind", self.month, kind), ("of kind", self.month, kind)
            self.number(self.shown[menu].get((TOTAL, kind)), flow, *ends, Pin(self.month, menu, TOTAL, kind), self.part)

    def quiet(self, other: Hashable, count: int) -> None:
        """Sensitive cases, which a month tells of only in "Lainnya" and a quarter by topic."""
        quarter, pools = quarter_of(self.month)[-1], self.ledger.pools
        pool, told = ("quiet", quarter), same_quarter(self.edition, self.ledger.editions)
        before = self.net.flow[pools[quarter]] if quarter in pools else 0
        if quarter in pools:
            self.net.fix(pools.pop(quarter), 0)
        self.net.arc(pool, other, FREE, count)
        shown = sensitive(told)
        if not shown:
            pools[quarter] = self.net.arc(WORLD, pool, FREE, before + count)
            return
        for row, codes in self.edition.groups(Menu.SENSITIVE).items():
            flow = sum(each.count(Menu.SENSITIVE, codes, (ALL,)) for each in told)
            self.number(shown[row, ALL], flow, WORLD, pool, Pin(self.month, Menu.SENSITIVE, row, ALL), LINK)

    def closed(self) -> None:
        """Cases closed in the month, out of it."""
        self.part += 1
        start, end = ("closed", self.month), ("gone", self.month)
        self.whole(Menu.CLOSED, ("month", self.month), start)
        for row, codes in self.groups(Menu.CLOSED_AGENCY).items():
            self.cell(Menu.CLOSED_AGENCY, row, codes, ALL, start, end)
        self.net.arc(end, WORLD, FREE, self.edition.count(Menu.CLOSED, (ALL,), (ALL,)))

    def open(self) -> None:
        """Cases open at its end, into the next month."""
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
        """What the month before left open comes in, less what was taken back and with what was opened again, which the
        attacker is taken to know; and what this one leaves is free to go anywhere, until another month follows."""
        count = {menu: self.edition.count(menu, (ALL,), (ALL,)) for menu in WHOLE}
        came, now = count[Menu.CLOSED] + count[Menu.OPEN] - count[Menu.RECEIVED], ("month", self.month)
        if self.ledger.left is None:
            self.net.arc(WORLD, now, (came, came), came)
        else:
            left, before = self.ledger.left, ("left", self.ledger.editions[-1].month)
            self.net.fix(left, self.net.flow[left] - came)
            self.net.arc(before, now, (-MOST, MOST), came)
        self.ledger.left = self.net.arc(("left", self.month), WORLD, FREE, count[Menu.OPEN])

    def whole(self, menu: Menu, start: Hashable, end: Hashable) -> None:
        """The instance's own number of a table, which ties its parts to the other months."""
        number, flow = self.shown[menu].get((TOTAL, TOTAL)), self.edition.count(menu, (ALL,), (ALL,))
        self.number(number, flow, start, end, Pin(self.month, menu, TOTAL, TOTAL), LINK)

    def cell(self, menu: Menu, row: str, codes: Sequence[str], column: str, start: Hashable, end: Hashable) -> None:
        """A number of a table, or the total of its row."""
        flow = self.edition.count(menu, codes, COLUMNS[menu] if column == TOTAL else (column,))
        self.number(
            self.shown[menu].get((row, column)), flow, start, end, Pin(self.month, menu, row, column), self.part
        )

    def number(self, number: Printed | None, flow: int, start: Hashable, end: Hashable, pin: Pin, part: int) -> None:
        """An arc for a printed number; None where it is not told."""
        arc = self.net.arc(start, end, FREE if number is None else possible(number), flow, part)
        if number is Veil.SMALL:
            self.hidden.append((arc, pin, part))

    def fragile(self) -> list[tuple[int, Pin]]:
        """The hidden numbers that have too few other values by themselves. The others need no second look: no later
        edition says anything of what moves within a part, since its totals stay."""
        return [
            (arc, pin)
            for arc, pin, part in self.hidden
            if part == LINK or self.net.others(arc, VALUES - 1, part) < VALUES - 1
        ]

    def groups(self, menu: Menu) -> dict[str, tuple[str, ...]]:
        """The rows as told; one for all of them where the table is withheld."""
        if menu in self.edition.withheld:
            return {OTHER: tuple({OTHER, *self.edition.rows.get(menu, ())})}
        return self.edition.groups(menu)

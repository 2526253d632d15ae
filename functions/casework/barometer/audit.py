"""The audit before publishing: no hidden number may be worked out from all that was published.

The attacker reads every table of this and all earlier editions and knows the rules: 1 to 7 hidden, all else to the
nearest 5, totals printed separately. We also assume they know what no table says: how many cases were opened again or
withdrawn in each month. So open, received and closed cases of all months are connected for them. A number is safe while
at least ``VALUES`` whole numbers are possible for it (``worlds``). If one is not safe, its row is folded into "Lainnya"
with the next smallest. If that does not help, a table is withheld. Then everything is audited again.

What is folded follows from the printed numbers alone, not from the counts behind them.

Sums of several instances (the nation, a province, a kind) are part of no instance's net. So they may rule out nothing
that a net leaves possible: ``allowed``. The worlds of several instances are then as many as if each were alone.

Shares and medians are not part of the net. ``shown`` prints them so that they fit other counts as well.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from functions.casework.barometer.disclosure import (
    ALL,
    COLUMNS,
    OTHER,
    TOTAL,
    WHOLE,
    Edition,
    Menu,
    Suppressed,
    possible,
    table,
)
from functions.casework.barometer.edition import Published
from functions.casework.barometer.national import Total, span_of
from functions.casework.barometer.printed_month import VALUES, Book, Month, Pin
from functions.casework.barometer.printed_net import World

# What is withheld once nothing can be folded: one table, or one together with the total that would reveal it.
GIVEN_UP = (
    {Menu.OPEN_AGENCY},
    {Menu.CLOSED_AGENCY},
    {Menu.RECEIVED_AGENCY},
    {Menu.RECEIVED_TOPIC},
    {Menu.RECEIVED_DISTRICT},
    {Menu.SENSITIVE},
    {Menu.OPEN},
    {Menu.CLOSED},
    {Menu.RECEIVED},
    {Menu.OPEN, Menu.OPEN_AGENCY},
    {Menu.CLOSED, Menu.CLOSED_AGENCY},
    {Menu.RECEIVED_TOPIC, Menu.RECEIVED_DISTRICT},
)
Stand = tuple[tuple[int, int], int, int, dict[str, int], int | None]


class AuditFailedError(Exception):
    """A number of an earlier edition is pinned down whatever this one withholds: that edition was never audited. Or a
    sum of several instances tells more than their own numbers do."""


def publishable(edition: Edition, earlier: Iterable[Edition] = ()) -> Edition:
    """Return the edition, folded and withheld as far as needed.

    ``earlier`` are the instance's published editions in any order, also those of later months if this corrects a month;
    of each month the newest counts. Raises AuditFailedError if nothing helps, ValueError if tables of one month
    contradict each other.
    """
    newest = {each.month: each for each in sorted(earlier, key=lambda each: each.number)}
    before = [newest[month] for month in sorted(newest) if month < edition.month]
    after = [newest[month] for month in sorted(newest) if month > edition.month]
    ledger = Ledger()
    for each in before:
        ledger.add(each)
    return ledger.publish(corrected(edition, newest.get(edition.month)), after)


def allowed(told: Total, numbers: Iterable[Published]) -> Total:
    """Return a sum of several instances' counts, if it may be published beside them.

    Every combination of what the printed numbers may stand for has to fit it. Otherwise an attacker who subtracts all
    others from it learns of the one that is left, or of the rows behind it. Raises AuditFailedError.
    """
    spans = [span_of(number) for number in numbers]
    most = sum(most for _, most in spans)
    if told.least > sum(least for least, _ in spans) or (told.most is not None and told.most < most):
        raise AuditFailedError
    return told


def corrected(edition: Edition, former: Edition | None) -> Edition:
    """Return a correction that allows no comparison.

    What was folded or withheld stays so. A row also becomes so if a number of it is hidden in one of the two editions
    only. One that became empty is not folded, since whatever is folded had something in it: its table is withheld.
    """
    if former is None:
        return edition
    both = {menu: edition.folded.get(menu, frozenset()) | rows for menu, rows in former.folded.items()}
    gone = edition.withheld | former.withheld
    edition = replace(edition, folded={**edition.folded, **both}, withheld=gone, kept=former.folded)
    for menu in Menu:
        while pin := _crossed(edition, former, menu):
            less = replace(edition, withheld=edition.withheld | {menu})
            edition = less if menu in WHOLE else folded(edition, pin)
    return edition


def _crossed(edition: Edition, former: Edition, menu: Menu) -> Pin | None:
    now, before = table(edition, menu), table(former, menu)
    for cell in now:
        if cell in before and (now[cell] is Suppressed.SMALL) != (before[cell] is Suppressed.SMALL):
            return Pin(edition.month, menu, *cell)
    return None


@dataclass(slots=True)
class Ledger:
    """Everything published so far of one instance, as an attacker reads it."""

    book: Book = field(default_factory=Book)
    fragile: list[tuple[int, Pin]] = field(default_factory=list)  # hidden numbers with other values that need totals
    worlds: dict[int, list[World]] = field(default_factory=dict)  # by arc: the worlds that last proved it safe

    def publish(self, edition: Edition, after: Sequence[Edition] = ()) -> Edition:
        """Add an edition and return it, folded and withheld as far as needed. See ``publishable``."""
        while True:
            stand = self._stand()
            pins = self._with(edition, after)
            if not pins:
                return edition
            self._back_to(stand)
            edition = self._relaxed(edition, pins, after)

    def add(self, edition: Edition) -> None:
        """Add an edition of a later month as it was published."""
        month = Month(self.book, edition)
        month.enter()
        self.fragile += month.fragile()

    def pins(self) -> list[Pin]:
        """Return all hidden numbers with too few possible values."""
        return [pin for arc, pin in self.fragile if not self._safe(arc)]

    def _safe(self, arc: int) -> bool:
        """Tell whether enough values are possible. Worlds that proved it before mostly still do when a month is
        added."""
        known = [world for world in self.worlds.get(arc, ()) if self.book.net.fits(world)]
        if len(known) < VALUES - 1:
            known = self.worlds[arc] = self.book.net.others(arc, VALUES - 1)
        return len(known) >= VALUES - 1

    def _with(self, edition: Edition, after: Sequence[Edition]) -> list[Pin]:
        for each in (edition, *after):
            self.add(each)
        return self.pins()

    def _stand(self) -> Stand:
        book = self.book
        return book.net.mark(), len(book.months), len(self.fragile), dict(book.pools), book.left

    def _back_to(self, stand: Stand) -> None:
        mark, months, fragile, self.book.pools, self.book.left = stand
        self.book.net.cut(mark)
        del self.book.months[months:], self.fragile[fragile:]
        self.worlds = {arc: found for arc, found in self.worlds.items() if _within(found, mark[0])}

    def _relaxed(self, edition: Edition, pins: list[Pin], after: Sequence[Edition]) -> Edition:
        """Return the edition one step less detailed.

        Fold a row whose number is pinned. Without one, withhold tables: the first whose absence frees a number, or else
        the first.
        """
        for pin in pins:
            if pin.month == edition.month and pin.menu not in (*WHOLE, *edition.withheld):
                return folded(edition, pin)
        told = {menu for menu in Menu if table(edition, menu)}
        rest = [replace(edition, withheld=edition.withheld | menus) for menus in GIVEN_UP if menus <= told]
        if not rest:
            raise AuditFailedError
        return next((less for less in rest if self._frees(less, len(pins), after)), rest[0])

    def _frees(self, edition: Edition, pinned: int, after: Sequence[Edition]) -> bool:
        stand = self._stand()
        fewer = len(self._with(edition, after)) < pinned
        self._back_to(stand)
        return fewer


def folded(edition: Edition, pin: Pin) -> Edition:
    """Return the edition with the row of a pinned number folded into ``OTHER``.

    The next smallest row follows, unless something is there already. If fewer than two rows remain, the table goes.
    Printed numbers decide which row is small.
    """
    menu = pin.menu
    sizes = row_sizes(edition, menu)
    small = sorted((row for row in sizes if row != OTHER and sizes[row]), key=lambda row: (sizes[row], row))
    rows = [pin.row] if pin.row in small else small[:1]
    if pin.row in small and OTHER not in sizes:
        rows += [row for row in small if row != pin.row][:1]
    if len(small) <= len(rows):
        return replace(edition, withheld=edition.withheld | {menu})
    return replace(edition, folded={**edition.folded, menu: edition.folded.get(menu, frozenset()) | {*rows}})


def row_sizes(edition: Edition, menu: Menu) -> dict[str, int]:
    """Return the size of each row of a table by its printed total: the least it may stand for."""
    column = ALL if COLUMNS[menu] == (ALL,) else TOTAL
    return {row: possible(number)[0] for (row, of), number in table(edition, menu).items() if of == column}


def _within(worlds: Iterable[World], arcs: int) -> bool:
    return all(arc < arcs for world in worlds for arc in world)

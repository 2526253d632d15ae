"""What may be published of a month's counts: a fixed menu of tables, and one rule for every number in them.

1 to 7 is printed as "kurang dari 8", all else to the nearest 5, and 0 as 0. Totals are formed from the counts and then
printed by the same rule, so they do not add up (NHS Digital's rule for counts below the nation). No table has more than
two dimensions, and none counts by day. Sensitive topics have names only in a table of the quarter. ``audit`` finds out
whether all that was printed so far still pins down a hidden number.

``Edition`` also holds the counts themselves, for the audit of later editions. It stays in the store
(``stored_tables``); only ``public`` leaves it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from functions.casework.barometer.counts import AGES
from functions.casework.barometer.months import month_end
from functions.casework.case import Kind

SMALL = 8  # anything less, but 0, is hidden
BASE = 5
WAIT_DAYS = 7  # an edition appears this long after its month at the earliest
QUARTER = 3
OTHER = "lainnya"  # the row that takes folded rows
TOTAL = "jumlah"
ALL = "semua"  # the only column of a table with one dimension
MOST = 1 << 30
RULES = 2  # by 1 folded rows left no less room to the sensitive topics beside them


class Suppressed(StrEnum):
    """What is printed in place of a number."""

    SMALL = "kurang dari 8"
    FEW = "sedikit"  # these two are for shares only: ``published_measures``
    NEARLY = "hampir semua"
    WITHHELD = "tidak ditampilkan"


Printed = int | Suppressed


class Menu(StrEnum):
    """All tables there are; the value is a table's name in addresses and files."""

    RECEIVED = "diterima"
    CLOSED = "selesai"
    OPEN = "terbuka"
    RECEIVED_DISTRICT = "diterima_kecamatan"
    RECEIVED_TOPIC = "diterima_topik"
    RECEIVED_AGENCY = "diterima_instansi"
    CLOSED_AGENCY = "selesai_instansi"
    OPEN_AGENCY = "terbuka_instansi"
    SENSITIVE = "topik_peka_triwulan"


KINDS = tuple(kind.value for kind in Kind)
BAND_NAMES = tuple(age.value for age in AGES)
COLUMNS: dict[Menu, tuple[str, ...]] = {
    **dict.fromkeys(Menu, (ALL,)),
    Menu.RECEIVED_DISTRICT: KINDS,
    Menu.RECEIVED_TOPIC: KINDS,
    Menu.OPEN_AGENCY: BAND_NAMES,
}
# A number for a whole instance: a table without rows
WHOLE = (Menu.RECEIVED, Menu.CLOSED, Menu.OPEN)

AGENCIES = (Menu.RECEIVED_AGENCY, Menu.CLOSED_AGENCY, Menu.OPEN_AGENCY)
# The tables that cover the same cases as a whole number does
PARTS = {
    Menu.RECEIVED: (Menu.RECEIVED_DISTRICT, Menu.RECEIVED_TOPIC, Menu.RECEIVED_AGENCY),
    Menu.CLOSED: (Menu.CLOSED_AGENCY,),
    Menu.OPEN: (Menu.OPEN_AGENCY,),
}

Cell = tuple[str, str]  # row and column
Counts = Mapping[Menu, Mapping[Cell, int]]


class Quiet(NamedTuple):
    """What no table of a month may name: sensitive topics, and agencies that get what is *berkadar pengawasan*.

    They are counted under ``OTHER`` from the start.
    """

    topics: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()


def printed(count: int) -> Printed:
    """Return a number as it may be printed."""
    if 0 < count < SMALL:
        return Suppressed.SMALL
    return (count + BASE // 2) // BASE * BASE


def possible(shown: Printed) -> tuple[int, int]:
    """Return the least and the most that a printed number may stand for, both included."""
    if shown is Suppressed.SMALL:
        return 1, SMALL - 1
    if isinstance(shown, Suppressed):
        return 0, MOST
    return (max(SMALL, shown - BASE // 2), shown + BASE // 2) if shown else (0, 0)


def publishable_from(month: str) -> date:
    """Return the first day on which the edition of a month (``YYYY-MM``) may appear."""
    return month_end(month) + timedelta(days=WAIT_DAYS)


def due_on(today: date) -> str:
    """Return the newest month whose edition may have appeared by a day."""
    month = f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"
    if today < publishable_from(month):
        month = f"{date.fromisoformat(f'{month}-01') - timedelta(days=1):%Y-%m}"
    return month


def quarter_of(month: str) -> tuple[str, ...]:
    """Return the three months of the quarter that holds ``month``."""
    year, number = month.split("-")
    first = (int(number) - 1) // QUARTER * QUARTER + 1
    return tuple(f"{year}-{n:02}" for n in range(first, first + QUARTER))


@dataclass(frozen=True, slots=True)
class Edition:
    """The tables of one month of one instance.

    ``number`` 1 is the first; a correction is a whole new edition with the next number. ``rows`` are the codes each
    table lists, also those with nothing in them. ``counts`` are the counts by table, row and column, without zeros. For
    ``SENSITIVE`` they are of this month alone, and ``quarter`` has those of the quarter up to this month, by topic.
    ``folded`` rows are published only as part of ``OTHER``; ``withheld`` tables are not published at all. ``kept`` rows
    are folded since the edition that this one corrects folded them, and may have become empty; all others had something
    in them. ``rules`` are those by which it was audited: an earlier release's edition stays as it was published, and if
    newer rules pinned a number of it, no later edition could appear.
    """

    instance: str
    month: str
    rows: Mapping[Menu, tuple[str, ...]]
    counts: Counts
    number: int
    quarter: Mapping[str, int] = field(default_factory=dict)
    folded: Mapping[Menu, frozenset[str]] = field(default_factory=dict)
    withheld: frozenset[Menu] = frozenset()
    kept: Mapping[Menu, frozenset[str]] = field(default_factory=dict)
    rules: int = RULES

    def count(self, menu: Menu, rows: Collection[str], columns: Collection[str]) -> int:
        """Return the count of these rows and columns."""
        table = self.counts.get(menu, {})
        return sum(table.get((row, column), 0) for row in rows for column in columns)

    def in_quarter(self, topics: Collection[str]) -> int:
        """Return how many cases of these sensitive topics the quarter had, up to this month."""
        return sum(self.quarter.get(topic, 0) for topic in topics)

    def folded_now(self, menu: Menu) -> frozenset[str]:
        """Return the rows that this edition folds and the one it corrects did not."""
        return self.folded.get(menu, frozenset()) - self.kept.get(menu, frozenset())

    def least_folded(self, menu: Menu) -> int:
        """Return how many cases everybody knows to be in the folded rows of a table beside what must not be named.

        Each row had something in it; one that is folded alone, if "Lainnya" is not hidden, as many as may be printed
        (``assemble``).
        """
        rows = self.folded_now(menu)
        if self.rules < RULES or menu in self.withheld:
            return 0
        hidden = printed(self.count(menu, (*rows, OTHER), COLUMNS[menu])) is Suppressed.SMALL
        return len(rows) if hidden or len(rows) != 1 or self.kept.get(menu) else SMALL

    def groups(self, menu: Menu) -> dict[str, tuple[str, ...]]:
        """Return the rows as published, each with the codes in it; ``OTHER`` only if something is folded into it."""
        folded = self.folded.get(menu, frozenset())
        rows = self.rows.get(menu, ())
        found = {row: (row,) for row in rows if row not in folded and row != OTHER}
        return found | ({OTHER: (*sorted(folded), OTHER)} if folded or OTHER in rows else {})

    def tells_sensitive(self) -> bool:
        """Tell whether this is the last edition of its quarter, which alone publishes sensitive topics."""
        return quarter_of(self.month)[-1] == self.month


def assemble(
    instance: str, month: str, rows: Mapping[Menu, tuple[str, ...]], counts: Counts, earlier: Iterable[Edition] = ()
) -> Edition:
    """Build an edition from the counts, before its audit.

    ``rows`` are the codes to be listed, for ``SENSITIVE`` the sensitive topics; a counted code is listed in any case.
    ``earlier`` are the instance's editions so far, in any order: one of the same month makes this a correction, with
    the next number.

    "Lainnya" holds what must not be named, and so never that alone. The smallest non-empty rows are folded into it
    until it is hidden itself, or until they may be published without hiding. Where no other row has anything, the table
    is withheld, as the audit does: beside zeros "Lainnya" would be told as one kind of report. ``rows`` list it if
    something may have to stay unnamed, whether or not any of that came in. Raises ValueError if the tables contradict
    each other.
    """
    listed = {menu: (*rows.get(menu, ()), *_unlisted(rows.get(menu, ()), counts.get(menu, {}))) for menu in Menu}
    known = {menu: dict(each) for menu, each in counts.items() if each}
    newest = {each.month: each for each in sorted(earlier, key=lambda each: each.number)}
    number = newest[month].number + 1 if month in newest else 1
    months = [newest[each].counts for each in quarter_of(month) if each < month and each in newest]
    quarter = Counter[str]()
    for each in (*months, known):
        quarter.update({topic: n for (topic, _), n in each.get(Menu.SENSITIVE, {}).items()})
    edition = Edition(instance, month, listed, known, number, dict(quarter))
    _check(edition)
    mixed = [menu for menu in (Menu.RECEIVED_TOPIC, *AGENCIES) if OTHER in listed[menu]]
    edition = replace(edition, folded={menu: found for menu in mixed if (found := _company(edition, menu))})
    return replace(edition, withheld=frozenset(menu for menu in mixed if _names_nothing(edition, menu)))


def _unlisted(rows: Collection[str], table: Mapping[Cell, int]) -> list[str]:
    return sorted({row for row, _ in table if row not in rows and row != ALL})


def _check(edition: Edition) -> None:
    for whole, parts in PARTS.items():
        for menu in parts:
            if sum(edition.counts.get(menu, {}).values()) != edition.count(whole, (ALL,), (ALL,)):
                raise ValueError(f"{menu} does not add up to {whole}")
    for kind in KINDS:
        found = {edition.count(menu, {*edition.rows[menu], OTHER}, (kind,)) for menu in PARTS[Menu.RECEIVED][:2]}
        if len(found) > 1:
            raise ValueError(f"{kind} differs between two tables")


def _company(edition: Edition, menu: Menu) -> frozenset[str]:
    """Return the rows to fold into ``OTHER`` together with what must not be named."""
    columns, found = COLUMNS[menu], list[str]()
    size = {
        row: possible(printed(edition.count(menu, (row,), columns)))[0] for row in edition.rows[menu] if row != OTHER
    }
    for row in sorted((row for row in size if size[row]), key=lambda row: (size[row], row)):
        hidden = printed(edition.count(menu, (*found, OTHER), columns)) is Suppressed.SMALL
        if found and (hidden or sum(size[each] for each in found) >= SMALL):
            break
        found.append(row)
    return frozenset(found)


def _names_nothing(edition: Edition, menu: Menu) -> bool:
    """Tell whether all that a table counts is in ``OTHER``."""
    groups = edition.groups(menu)
    counted = {row for row, codes in groups.items() if edition.count(menu, codes, COLUMNS[menu])}
    return counted == {OTHER}


def table(edition: Edition, menu: Menu) -> dict[Cell, Printed]:
    """Return one table of a month as published, with its totals in the row and the column ``TOTAL``.

    It is empty if it is withheld. ``SENSITIVE`` is empty except in the last month of a quarter; it has no totals.
    """
    columns, groups = COLUMNS[menu], edition.groups(menu)
    if menu in edition.withheld or (menu is Menu.SENSITIVE and not edition.tells_sensitive()):
        return {}
    if menu is Menu.SENSITIVE:
        return {(row, ALL): printed(edition.in_quarter(codes)) for row, codes in groups.items()}
    if menu in WHOLE:
        return {(TOTAL, TOTAL): printed(edition.count(menu, (ALL,), (ALL,)))}
    many = columns != (ALL,)
    across = {column: (column,) for column in columns} | ({TOTAL: columns} if many else {})
    down = dict(groups)
    if many:  # the total of a single column is the instance's own number, which has its own table
        down |= {TOTAL: tuple({code for codes in groups.values() for code in codes})}
    found = {
        (row, column): printed(edition.count(menu, codes, of))
        for row, codes in down.items()
        for column, of in across.items()
    }
    found.pop((TOTAL, TOTAL), None)
    return found


def public(edition: Edition) -> dict[str, dict[str, dict[str, Printed]]]:
    """Return all tables as published: table, row, column, number. Nothing else of an edition leaves the store."""
    found: dict[str, dict[str, dict[str, Printed]]] = {}
    for menu in Menu:
        for (row, column), number in table(edition, menu).items():
            found.setdefault(menu.value, {}).setdefault(row, {})[column] = number
    return found

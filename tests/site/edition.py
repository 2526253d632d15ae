"""An edition of invented cases, made by the product's own rules, for the pages' tests."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from random import Random

from functions.casework.barometer.audit import publishable
from functions.casework.barometer.audit_tables import Ended, tables_of
from functions.casework.barometer.cells import Adder, Cell, cells_of
from functions.casework.barometer.counts import Calendar, cohort, contribution
from functions.casework.barometer.disclosure import Edition as Tables
from functions.casework.barometer.edition import Edition
from functions.casework.barometer.months import add_months, month_end, month_of
from functions.casework.barometer.places import places_of
from functions.casework.case import CaseHead, Kind, Outcome
from functions.casework.directory.agencies import Directory
from functions.casework.stages import Stage
from tests.storage.examples import make_head

FIRST, CASES, SEED = "2025-11", 1_200, 3


def cases(directory: Directory) -> list[CaseHead]:
    """A year's cases, all closed in the end: whether one is open follows from the day on which one looks."""
    random = Random(SEED)  # noqa: S311 - one year, the same each time
    units = [unit.code for unit in directory.units("kutim")]
    speed = {unit: random.choice((6, 9, 14, 25, 60)) for unit in units}
    by_rank = [1 / (rank + 1) for rank in range(len(units))]
    found = []
    for _ in range(CASES):
        received = date(2025, 11, 1) + timedelta(days=random.randrange(365))
        unit = random.choices(units, by_rank)[0] if random.random() < 0.7 else "kutim-dpupr"
        took = int(random.expovariate(1 / speed[unit])) + 1
        due = received + timedelta(days=20)
        found.append(
            make_head(
                instance="kutim",
                holder=unit,
                kind=random.choice(list(Kind)),
                topic=random.choice(list(directory.topics)),
                district=random.choices(list(directory.districts), by_rank[: len(directory.districts)])[0],
                received_on=received,
                due=due,
                answered_on=received + timedelta(days=random.randrange(min(took, 9) + 1)),
                stage=Stage.SELESAI,
                closed_on=received + timedelta(days=took),
                closed_due=due,
                outcome=random.choice(list(Outcome)),
                lapsed=True,
                rating=random.choice((None, 1, 4, 5)),
                reopened=int(random.random() < 0.1),
                transferred=int(random.random() < 0.1),
            )
        )
    return found


def ended_of(heads: Iterable[CaseHead], month: str) -> Ended:
    """What the clock would count of these cases at a month's end."""
    as_of, calendar = month_end(month), Calendar()
    year, closed_or_open, received = Adder[Cell](), Adder[Cell](), Adder[Cell]()
    for head in heads:
        sums, cells = contribution(head, as_of, calendar), cells_of(head)
        assert head.closing.on
        year.add(cells, sums)
        if head.closing.on > as_of or month_of(head.closing.on) == month:
            closed_or_open.add(cells, sums)
        if cohort(head) == month:
            received.add(cells, sums)
    return Ended(year.cells(), closed_or_open.cells(), received.cells())


def edition_of(directory: Directory, month: str, earlier: Edition | None = None) -> Edition:
    """The edition of a month, after another one."""
    return made_of(cases(directory), directory, [month], earlier)


def year_of(heads: Sequence[CaseHead], directory: Directory, months: Sequence[str]) -> list[Tables]:
    """The audited tables of these months."""
    year = list[Tables]()
    for month in months:
        found = tables_of(directory.agencies["kutim"], month, ended_of(heads, month), directory, year)
        year.append(publishable(found, year))
    return year


def made_of(
    heads: Sequence[CaseHead], directory: Directory, months: Sequence[str], earlier: Edition | None = None
) -> Edition:
    """The edition of the last of these months, of each of which tables are told."""
    month, year = months[-1], year_of(heads, directory, months)
    places = places_of(directory.agencies["kutim"], year, ended_of(heads, month), directory, earlier)
    return Edition(month, 1, add_months(month, -11), month_end(month) + timedelta(days=8), places)

"""From a month's end and its audited tables to the places as published.

A place has counts of the month from its instance's tables (``disclosure``). Of what came in within twelve months it has
medians and shares as far as ``published_measures`` allows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from functions.casework.barometer import disclosure as law
from functions.casework.barometer.audit_tables import Ended, agencies_of, districts_of, quiet_of
from functions.casework.barometer.cells import Cell
from functions.casework.barometer.counts import AGES, Count, Sums
from functions.casework.barometer.disclosure import ALL, OTHER, TOTAL, Menu, Printed, Suppressed
from functions.casework.barometer.edition import (
    FEW,
    HIDDEN,
    NEARLY,
    Edition,
    Month,
    Place,
    Published,
    Quarter,
    Sensitive,
)
from functions.casework.barometer.measures import CHECKPOINTS, rate
from functions.casework.barometer.months import add_months
from functions.casework.barometer.national import kind_of
from functions.casework.barometer.published_measures import (
    Known,
    PublishedMeasures,
    PublishedSpell,
    Share,
    curve_of,
    known,
    share_of,
    shown,
)
from functions.casework.barometer.quality import Office, qualities
from functions.casework.barometer.yearly_refresh import corrected, enough, kept, measured_of, tells
from functions.casework.directory.agencies import Agency, Directory

HISTORY = 12
CURVE = (0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90)  # working days of the curve's points
PER_CENT = 100
# The rows and tables that say how many came in and how many were closed
TOLD: Mapping[str, tuple[Menu, Menu | None]] = {
    "instance": (Menu.RECEIVED, Menu.CLOSED),
    "agency": (Menu.RECEIVED_AGENCY, Menu.CLOSED_AGENCY),
    "topic": (Menu.RECEIVED_TOPIC, None),
    "district": (Menu.RECEIVED_DISTRICT, None),
}


def places_of(
    instance: Agency,
    year: Sequence[law.Edition],
    ended: Ended,
    directory: Directory,
    earlier: Edition | None,
    former: Edition | None = None,
) -> tuple[Place, ...]:
    """Return an instance's places as published: itself, its agencies, topics and districts.

    Each has its history from the edition before, and measures that are renewed or kept (``yearly_refresh``). ``year``
    are the audited tables of the months whose reports are in the sums of a year, the last of them this edition's.
    ``former`` is the edition that this one corrects.
    """
    quiet, districts = quiet_of(instance, directory), directory.districts
    named = [
        (Cell("instance", instance.code), instance.name, ""),
        *((Cell("agency", each.code), each.name, "") for each in agencies_of(instance, directory)),
        *((Cell("topic", each.code), each.name, each.name_en) for each in directory.topics.values()),
        *((Cell("district", code), districts[code].name, "") for code in districts_of(instance, directory)),
    ]
    told = _Telling(year, law.public(year[-1]), ended)
    found = [
        told.standing(told.place(cell, instance.code, name, english), earlier, former)
        for cell, name, english in named
        if cell.code not in (quiet.topics if cell.level == "topic" else quiet.agencies)
    ]
    quarter = _quarter(year, directory, earlier.place(*found[0].key) if earlier else None)
    found[0] = replace(found[0], quarter=quarter, kind=kind_of(instance).value, region=instance.region)
    return tuple(_with_history(place, year[-1].month, earlier) for place in _compared(found, told))


def _quarter(year: Sequence[law.Edition], directory: Directory, before: Place | None) -> Quarter | None:
    """Return the sensitive topics of the quarter that ends with the year, else of the one before it."""
    tables, topics = year[-1], directory.topics
    if not tables.rows.get(Menu.SENSITIVE):
        return Quarter("", "")
    if not tables.tells_sensitive():
        return before.quarter if before else None
    first = min(each.month for each in year if each.month in law.quarter_of(tables.month))
    names = {code: (topics[code].name, topics[code].name_en) for code in topics} | {OTHER: ("Lainnya", "Other topics")}
    told = [
        Sensitive(row, *names.get(row, (row, "")), _published(number))
        for (row, _), number in law.table(tables, Menu.SENSITIVE).items()
    ]
    return Quarter(first, tables.month, tuple(told))


@dataclass(frozen=True, slots=True)
class _Telling:
    """What may be published of an instance's cells."""

    year: Sequence[law.Edition]
    tables: Mapping[str, Mapping[str, Mapping[str, Printed]]]
    ended: Ended

    def place(self, cell: Cell, instance: str, name: str, name_en: str) -> Place:
        """Return one place, without the name of its month."""
        counts, what = self.counts(cell), self.known(cell)
        month, now = self.ended.month.get(cell, Sums()), self.known(cell, self.year[-1:])
        of_month = rate(month[Count.ON_TIME], month[Count.FELL_DUE]) if TOLD[cell.level][1] else None
        on_time = _share(share_of(of_month, now.closed))
        told = self.shown(cell)
        curve = curve_of(self.ended.cohorts.get(cell, Sums()).resolve, what.received, CURVE)
        return Place(
            cell.level,
            cell.code,
            name,
            name_en,
            instance,
            counts | values_of(told),
            (Month("", counts["received"], counts["closed"], on_time),),
            tuple((day, share / PER_CENT) for day, share in curve if isinstance(share, int)),
            self.ages(cell),
            {outcome.value: _share(share) for outcome, share in told.mix.items()},
        )

    def shown(self, cell: Cell) -> PublishedMeasures:
        """Return the publishable measures of a cell."""
        return shown(self.ended.cohorts.get(cell, Sums()), self.known(cell))

    def standing(self, place: Place, earlier: Edition | None, former: Edition | None) -> Place:
        """Return the place with this edition's measures, or the former ones while too little is new."""
        here = self.year[-1].month
        if former:
            before = former.place(*place.key) or replace(place, values=nothing_told(), curve=(), closings={}, months=())
            return corrected(place, before, measured_of(before, former))
        stood = earlier.place(*place.key) if earlier else None
        if earlier is None or stood is None or not tells(stood):
            return replace(place, measured=here)
        through = measured_of(stood, earlier)
        since = self.known(Cell(*place.key), [each for each in self.year if each.month > through])
        return replace(place, measured=here) if enough(since) else kept(place, stood, through)

    def known(self, cell: Cell, year: Sequence[law.Edition] | None = None) -> Known:
        """Return the least number of cases, as everybody can work it out."""
        received, closed = TOLD[cell.level]
        row = TOTAL if cell.level == "instance" else cell.code
        ended = (closed, row) if closed else (Menu.CLOSED, TOTAL)
        return known(self.year if year is None else year, (received, row), ended)

    def counts(self, cell: Cell) -> dict[str, Published]:
        """Return the counts that the month's tables publish of a place."""
        if cell.level == "instance":
            menus = (Menu.RECEIVED, Menu.CLOSED, Menu.OPEN)
            names = ("received", "closed", "open")
            return {name: self._told(menu, TOTAL, TOTAL) for name, menu in zip(names, menus, strict=True)}
        if cell.level == "agency":
            return {
                "received": self._told(Menu.RECEIVED_AGENCY, cell.code, ALL),
                "closed": self._told(Menu.CLOSED_AGENCY, cell.code, ALL),
                "open": self._told(Menu.OPEN_AGENCY, cell.code, TOTAL),
            }
        return {"received": self._told(TOLD[cell.level][0], cell.code, TOTAL), "closed": None, "open": None}

    def ages(self, cell: Cell) -> dict[str, Published]:
        """Return open cases by age."""
        row = TOTAL if cell.level == "instance" else cell.code
        if cell.level not in ("instance", "agency") or row not in self.tables.get(Menu.OPEN_AGENCY.value, {}):
            return {}
        return {band.value: self._told(Menu.OPEN_AGENCY, row, band.value) for band in AGES}

    def _told(self, menu: Menu, row: str, column: str) -> Published:
        return _published(self.tables.get(menu.value, {}).get(row, {}).get(column))


def values_of(told: PublishedMeasures) -> dict[str, Published]:
    """Return the medians and shares of a place by the names of ``Place.values``."""
    waiting = told.resolve.waiting if told.resolve else (None,) * len(CHECKPOINTS)
    return {
        **_spell("answer", told.answer),
        **_spell("finish", told.resolve),
        **{f"open_{day}": _share(share) for day, share in zip(CHECKPOINTS, waiting, strict=True)},
        "on_time": _share(told.on_time),
        "reopened": _share(told.reopened),
        "appealed": _share(told.appealed),
        "upheld": _share(told.upheld),
        "transferred": _share(told.transferred),
        "lapsed": _share(told.lapsed),
        "confirmed": _share(told.confirmed),
        "rated": _share(told.rated),
        "satisfied": _share(told.satisfied),
        **dict.fromkeys(("index", "group", "standing")),
    }


def nothing_told() -> dict[str, Published]:
    """Return the values of a place of which nothing may be published."""
    return {"received": None, "closed": None, "open": None} | values_of(shown(Sums(), Known(0, 0)))


def _spell(name: str, told: PublishedSpell | None) -> dict[str, Published]:
    """Return a median; one that is known but not reached is "known" and None."""
    return {
        f"{name}_known": told is not None,
        f"{name}_median": told.median if told else None,
        f"{name}_low": told.low if told else None,
        f"{name}_high": told.high if told else None,
        f"{name}_p90": told.tail if told else None,
    }


def _published(number: Printed | None) -> Published:
    if number is Suppressed.SMALL:
        return HIDDEN
    return number if isinstance(number, int) else None


def _share(share: Share) -> Published:
    if isinstance(share, Suppressed):
        return {Suppressed.FEW: FEW, Suppressed.NEARLY: NEARLY}.get(share)
    return None if share is None else share / PER_CENT


def _compared(places: Sequence[Place], told: _Telling) -> Iterator[Place]:
    """Return the places with their index, for agencies that can be compared."""
    offices = [
        Office(place.code, told.known(Cell(*place.key)), place.values) for place in places if place.level == "agency"
    ]
    found = {each.code: each for each in qualities(offices)}
    for place in places:
        quality = found.get(place.code) if place.level == "agency" else None
        if quality is None:
            yield place
        else:
            index = {"index": quality.index, "group": quality.group.value, "standing": quality.standing.value}
            yield replace(place, values={**place.values, **index})


def _with_history(place: Place, month: str, earlier: Edition | None) -> Place:
    """Return the place with the months before as published, and its present name."""
    before = earlier.place(place.level, place.code) if earlier else None
    history = {each.month: each for each in before.months} if before else {}
    history[month] = replace(place.months[0], month=month)
    names = [add_months(month, back) for back in range(1 - HISTORY, 1)]
    return replace(place, months=tuple(history.get(name, Month(name)) for name in names if name >= min(history)))

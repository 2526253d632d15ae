"""What is published of an instance's places: which there are, and what stands on each."""

from dataclasses import replace

import pytest

from functions.casework.barometer.audit_tables import Ended, tables_of
from functions.casework.barometer.cells import Cell
from functions.casework.barometer.counts import AGES, Count, Sums
from functions.casework.barometer.disclosure import Edition as Tables
from functions.casework.barometer.disclosure import Menu
from functions.casework.barometer.edition import FEW, HIDDEN, Place
from functions.casework.barometer.places import places_of
from functions.casework.barometer.quality import Group, Standing
from functions.casework.barometer.survival import Durations
from functions.casework.directory.agencies import Agency, AgencyKind, Directory, District, Topic

UNITS = ("u1", "u2", "u3", "u4", "u5")
SMALLEST = "u0"  # printed with the inspectorate, which must not be named and so not stand alone
INSTANCE = Agency("tirta", "Kabupaten Tirta", AgencyKind.INSTANCE, "pusat", "64.99", inspectorate="inspektorat")
OTHERS = (
    Agency("pusat", "Pusat", AgencyKind.CENTRE),
    *(Agency(unit, f"Dinas {unit}", AgencyKind.UNIT, "tirta") for unit in (SMALLEST, *UNITS, "inspektorat")),
)
DIRECTORY = Directory(
    {each.code: each for each in (INSTANCE, *OTHERS)},
    {
        "air": Topic("air", "Air bersih", "Water"),  # the smallest: printed with the sensitive one
        "jalan": Topic("jalan", "Jalan", "Roads"),
        "pungli": Topic("pungli", "Pungutan liar", "Illegal levies", sensitive=True),
    },
    {"64.99.01": District("64.99.01", "Hulu")},
)
INSTANCE_CELL = Cell("instance", "tirta")
TAKE = Durations({10: 30, 20: 15, 40: 15}, {})  # half of all is done after ten working days, three quarters after 20


def cell(reports: int, **counts: int) -> Sums:
    """So many complaints, all closed."""
    plain = {Count.RECEIVED: reports, Count.PENGADUAN: reports, Count.CLOSED: reports}
    return Sums(plain | {Count[name]: n for name, n in counts.items()}, TAKE, TAKE)


def month(**left: int) -> Ended:
    """A month's end. ``left``: by unit how many older reports are still open, all of the youngest age."""
    fine = {"FELL_DUE": 60, "ON_TIME": 45, "REOPENED": 12, "RATED": 40, "RATED_5": 30, "FIXED": 30, "EXPLAINED": 30}
    found = {Cell("agency", unit): cell(60, **fine) for unit in UNITS} | {
        Cell("agency", SMALLEST): cell(10),
        Cell("agency", "inspektorat"): cell(10),
        Cell("topic", "air"): cell(20),
        Cell("topic", "jalan"): cell(290, FELL_DUE=290, ON_TIME=145),
        Cell("topic", "pungli"): cell(10),
        Cell("district", "64.99.01"): cell(320),
        INSTANCE_CELL: cell(320, **{name: 5 * n for name, n in fine.items()}),
    }
    ended = dict(found)
    for unit, n in left.items():
        for place in (Cell("agency", unit), INSTANCE_CELL):
            ended[place] += Sums({Count.OPEN: n, Count.AGE_5: n})
    return Ended(found, ended, found)


def tables(name: str, ended: Ended) -> Tables:
    return tables_of(INSTANCE, name, ended, DIRECTORY)


def places(ended: Ended, *year: Tables) -> dict[tuple[str, str], Place]:
    told = year or (tables("2026-10", ended),)
    return {place.key: place for place in places_of(INSTANCE, told, ended, DIRECTORY, None)}


@pytest.fixture(scope="module")
def told() -> dict[tuple[str, str], Place]:
    return places(month(u0=3, u1=20, u2=4))


def test_neither_a_sensitive_topic_nor_the_inspectorate_is_a_place(told: dict[tuple[str, str], Place]) -> None:
    assert {*told} == {("instance", "tirta"), ("agency", "tirta"), ("agency", "pusat")} | {
        *(("agency", unit) for unit in (SMALLEST, *UNITS)),
        *(("topic", "air"), ("topic", "jalan"), ("district", "64.99.01")),
    }


def test_counts_of_the_month_stand_where_a_table_prints_them(told: dict[tuple[str, str], Place]) -> None:
    counts = {key: tuple(place.values[name] for name in ("received", "closed", "open")) for key, place in told.items()}
    assert counts["instance", "tirta"] == (320, 320, 25)
    assert counts["agency", "u1"] == (60, 60, 20)
    assert counts["agency", "u2"] == (60, 60, HIDDEN)
    assert counts["agency", "u3"] == (60, 60, 0)
    assert counts["agency", SMALLEST] == (None, None, None)
    assert counts["topic", "jalan"] == (290, None, None)
    assert counts["district", "64.99.01"] == (320, None, None)


def test_ages_stand_where_a_table_prints_them_and_nothing_where_it_does_not() -> None:
    ended = month(u0=3, u1=20, u2=4, u3=1)
    whole = tables("2026-10", ended)
    folded = replace(whole, folded={**whole.folded, Menu.OPEN_AGENCY: frozenset({"u2", "u3"})})
    found = places(ended, folded)
    youngest, *older = (age.value for age in AGES)
    assert found["agency", "u1"].ages == {youngest: 20, **dict.fromkeys(older, 0)}
    assert found["instance", "tirta"].ages == {youngest: 30, **dict.fromkeys(older, 0)}
    for other in (("agency", "u2"), ("topic", "jalan"), ("district", "64.99.01")):
        assert found[other].ages == {}
    withheld = places(ended, replace(whole, withheld=frozenset({Menu.OPEN_AGENCY})))
    assert {len(place.ages) for place in withheld.values()} == {0}


def test_shares_are_in_hundredths_and_the_curve_tells_of_the_days_that_pages_name(
    told: dict[tuple[str, str], Place],
) -> None:
    unit = told["agency", "u1"]
    assert (unit.values["on_time"], unit.values["reopened"], unit.values["satisfied"]) == (0.75, 0.2, 0.75)
    assert unit.closings[Count.FIXED.value] == 0.5
    assert unit.values["answer_median"] == unit.values["finish_median"] == 10
    assert (unit.values["open_30"], unit.values["open_60"], unit.values["open_90"]) == (0.25, FEW, FEW)
    curve = dict(unit.curve)
    assert [curve.get(day) for day in (5, 15, 30, 60, 90)] == [None, 0.5, 0.25, None, None]  # nearly all, or few
    slow = replace(cell(60), resolve=Durations({1: 30}, {100: 30}))
    curve = dict(places(Ended({**month().cohorts, Cell("agency", "u1"): slow}, *month()[1:]))["agency", "u1"].curve)
    assert [curve.get(day) for day in (0, 5, 15, 30, 60, 90)] == [None, 0.5, 0.5, 0.5, 0.5, 0.5]


def test_the_share_on_time_of_a_month_stands_on_twenty_that_were_closed_in_this_month() -> None:
    """Those of the month before say nothing of this one, however many they are."""
    before, now = month(), month()
    fewer = {place: now.month[place] - Sums({Count.CLOSED: 50}) for place in (Cell("agency", "u1"), INSTANCE_CELL)}
    now = now._replace(month={**now.month, **fewer})
    found = places(now, tables("2026-09", before), tables("2026-10", now))
    assert found["agency", "u1"].values["closed"] == 10
    assert found["agency", "u1"].months[-1].on_time is None
    assert found["agency", "u2"].months[-1].on_time == 0.75
    assert found["topic", "jalan"].months[-1].on_time is None  # of a topic nobody knows how many were closed


def test_units_have_an_index_among_their_like_and_nothing_else_has_one(told: dict[tuple[str, str], Place]) -> None:
    compared = ("index", "group", "standing")
    found = {key: tuple(place.values[name] for name in compared) for key, place in told.items()}
    units = {key for key in found if key[1] in UNITS}
    assert {found[key] for key in units} == {(76.0, Group.MIDDLE, Standing.AMONG)}
    assert {found[key] for key in {*found} - units} == {(None, None, None)}

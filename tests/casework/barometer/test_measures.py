"""Measures, what may be told of them, and the index."""

from pathlib import Path
from random import Random

import pytest

from functions.casework.barometer.counts import Count, Sums
from functions.casework.barometer.disclosure import ALL, BASE, TOTAL, Menu, Suppressed, table
from functions.casework.barometer.edition import FEW, HIDDEN, NEARLY
from functions.casework.barometer.measures import MEDIAN_MIN, RATE_MIN, TAIL_MIN, Rate, measures
from functions.casework.barometer.published_measures import (
    Known,
    behind,
    curve_of,
    known,
    rounded,
    share_of,
    shown,
    spell_of,
)
from functions.casework.barometer.quality import (
    GROUP_MIN,
    WEIGHTS,
    Group,
    Office,
    Standing,
    group_of,
    parts_of,
    qualities,
)
from functions.casework.barometer.survival import Durations, one
from tests.casework.barometer.offices import editions

MANY = Known(500, 500)

ROOT = Path(__file__).resolve().parents[3]


def sums(**counts):
    return Sums({Count[name]: n for name, n in counts.items()})


def test_nothing_is_said_of_too_few():
    few = Sums(
        {Count.RECEIVED: 7, Count.CLOSED: 7, Count.FELL_DUE: RATE_MIN - 1},
        Durations({3: MEDIAN_MIN - 1}, {}),
        Durations({3: MEDIAN_MIN}, {}),
    )
    found = measures(few)
    assert found.answer is None
    assert found.resolve is not None
    assert found.resolve.tail is None
    assert (found.on_time, found.mix, found.rated, found.satisfied) == (None, None, None, None)


def test_shares_are_of_all_that_they_could_be_of():
    found = measures(
        sums(
            RECEIVED=100, CLOSED=60, OPEN=40, OPEN_AGAIN=10, FELL_DUE=80, ON_TIME=40, REOPENED=14, APPEALED=7,
            APPEAL_DECIDED=20, APPEAL_UPHELD=5, TRANSFERRED=25, LAPSED=30, CONFIRMED=20, RATED=24, RATED_4=8, RATED_5=4,
            FIXED=15, EXPLAINED=45,
        )
    )  # fmt: skip
    assert found.on_time == (40, 80)  # what is open and late among them
    assert found.reopened == (14, 70)  # what is open again among them
    assert found.appealed == (7, 70)
    assert found.upheld == (5, 20)
    assert found.transferred == (25, 100)
    assert (found.lapsed, found.confirmed) == ((30, 60), (20, 60))
    assert (found.rated, found.satisfied) == ((24, 60), (12, 24))
    assert found.mix[Count.FIXED].share == 0.25
    assert found.backlog[Count.OPEN] == 40


def test_leaving_cases_open_makes_nobody_look_better():
    """The same office, once with its late cases closed late, once with them left open."""
    closed = measures(sums(CLOSED=100, FELL_DUE=100, ON_TIME=50))
    left = measures(sums(CLOSED=50, OPEN=50, OVERDUE=50, FELL_DUE=100, ON_TIME=50))
    assert closed.on_time == left.on_time


def test_a_median_has_its_interval_and_what_still_waits():
    durations = Durations(dict.fromkeys(range(1, 41), 1), {50: 10})
    found = measures(Sums({Count.RECEIVED: 50}, durations, durations)).resolve
    assert found.median.day == 25
    assert found.median.low < 25 < found.median.high
    assert found.tail.day is None  # a fifth is still open
    assert found.waiting[30].share == pytest.approx(0.4)
    assert found.n == 50


@pytest.mark.parametrize(
    ("part", "whole", "least", "wanted"),
    [
        (10, 19, 19, None),
        (10, 20, 19, None),  # nobody outside could know that there are twenty
        (10, 20, 20, 50),
        (0, 20, 20, Suppressed.FEW),
        (20, 20, 20, Suppressed.NEARLY),
        (1, 40, 40, Suppressed.FEW),
        (7, 400, 400, Suppressed.FEW),
        (393, 400, 400, Suppressed.NEARLY),
        (8, 107, 107, 5),
        (8, 107, 106, Suppressed.FEW),  # that there are 107 nobody outside could know
        (99, 107, 106, Suppressed.NEARLY),
        (9, 40, 40, 25),
        (8, 500, 500, 0),
        (492, 500, 500, 100),
    ],
)
def test_a_share_as_it_may_be_told(part, whole, least, wanted):
    assert share_of(Rate(part, whole), least) == wanted


def test_who_wrote_all_but_one_learns_of_that_one_as_the_page_says():
    """No rule can prevent it, as nobody counts reports by writer: so the numbers that page and docs name are held."""
    own, late, others = 99, 12, 1
    assert [share_of(Rate(late + one, own + others), own + others) for one in (0, others)] == [10, 15]
    for told in (ROOT / "site/pages/barometer/cara.html", ROOT / "docs/barometer.md"):
        assert all(number in told.read_text() for number in (f"{own}", "dari 10 ke 15 "))


@pytest.mark.parametrize("least", [20, 21, 33, 64, 107, 150])
def test_a_share_rules_out_no_number_of_cases(least):
    """Whatever share is told, every number of cases from the least that is known has a count that gives it."""
    numbers = range(least, least + 150)
    told = {whole: {share_of(Rate(part, whole), least) for part in range(whole + 1)} for whole in numbers}
    assert Suppressed.FEW in told[least]
    assert len(told[least]) >= 6
    assert {len(shares ^ told[least]) for shares in told.values()} == {0}


def test_what_stands_behind_a_share_is_what_is_rounded_to_it():
    for whole in (20, 27, 106, 107, 400):
        for share in range(0, 101, BASE):
            parts = [part for part in range(whole + 1) if rounded(Rate(part, whole)) == share]
            assert behind(share, whole) == (parts[0], parts[-1])


def test_a_median_is_told_only_where_others_numbers_give_the_same():
    durations = Durations({1: 3, 4: 4, 9: 3, 20: 2}, {30: 3})
    told = spell_of(durations, MEDIAN_MIN)
    assert told.median == 9
    assert (told.low, told.high, told.tail) == (None, None, None)
    assert spell_of(durations, MEDIAN_MIN - 1) is None
    wide = Durations(dict.fromkeys(range(1, 30), 6), {40: 20})
    full = spell_of(wide, 150)
    assert full.low <= full.median <= full.high
    assert full.tail is None
    assert spell_of(wide, TAIL_MIN - 1).low is None


def test_an_interval_that_gives_the_number_of_cases_away_is_not_told():
    """Of some offices with more than enough cases only the median is told: no case could be added or taken away without
    moving an end of the interval."""
    seen = set()
    for seed in range(60):
        random = Random(seed)  # noqa: S311 - invented cases
        durations = Durations()
        for _ in range(40):
            durations += one(int(random.expovariate(1 / 15)), happened=random.random() < 0.9)
        seen.add(spell_of(durations, 30).tail is None)
    assert seen == {False, True}


def test_the_curve_hides_what_few_cases_make():
    durations = Durations(dict.fromkeys(range(1, 21), 5), {})
    curve = dict(curve_of(durations, 100, (0, 1, 2, 10, 19, 20)))
    assert curve == {0: Suppressed.NEARLY, 1: Suppressed.NEARLY, 2: 90, 10: 50, 19: Suppressed.FEW, 20: Suppressed.FEW}
    assert set(dict(curve_of(durations, 19, (5, 9))).values()) == {None}


def test_a_single_hidden_outcome_is_not_what_is_missing_to_a_hundred():
    found = shown(sums(RECEIVED=100, CLOSED=100, FIXED=60, EXPLAINED=35, CANNOT=5), MANY)
    assert found.mix[Count.FIXED] == 60
    assert found.mix[Count.CANNOT] is found.mix[Count.DUPLICATE] is Suppressed.FEW
    assert found.mix[Count.EXPLAINED] == 35
    outcomes = dict.fromkeys(("EXPLAINED", "PARTLY", "DUPLICATE", "ARCHIVED"), 10)
    found = shown(sums(RECEIVED=100, CLOSED=100, FIXED=55, CANNOT=5, **outcomes), MANY)
    assert found.mix[Count.CANNOT] is Suppressed.FEW
    assert list(found.mix.values()).count(Suppressed.WITHHELD) == 1


def test_how_many_there_are_at_least_is_read_off_printed_numbers():
    for seed in range(20):
        year = editions(seed)
        what = known(year, (Menu.RECEIVED, TOTAL), (Menu.CLOSED, TOTAL))
        received = sum(edition.count(Menu.RECEIVED, (ALL,), (ALL,)) for edition in year)
        assert what.received <= received
        row = next(iter(year[0].groups(Menu.RECEIVED_DISTRICT)))
        of_row = known(year, (Menu.RECEIVED_DISTRICT, row), (Menu.CLOSED, TOTAL))
        assert of_row.received <= sum(
            edition.count(Menu.RECEIVED_DISTRICT, (row,), ("pengaduan", "aspirasi", "informasi")) for edition in year
        )
        assert of_row.closed == what.closed  # no table tells it of a district
        assert (what.received > 0) == any(table(edition, Menu.RECEIVED)[TOTAL, TOTAL] for edition in year)


def office(code, on_time=0.8, waiting=0.2, reopened=0.1, satisfied=0.7, cases=100):
    values = {"on_time": on_time, "open_30": waiting, "reopened": reopened, "satisfied": satisfied}
    return Office(code, Known(cases, cases), values)


def test_the_index_is_the_formula_on_the_page():
    offices = [office(f"o{n}") for n in range(GROUP_MIN)]
    found = qualities(offices)
    assert {quality.index for quality in found} == {round((35 * 80 + 25 * 80 + 20 * 90 + 20 * 70) / 100, 1)}
    assert {quality.standing for quality in found} == {Standing.AMONG}
    assert sum(WEIGHTS.values()) == 100


def test_few_cases_are_drawn_to_the_mean_and_make_nobody_first():
    offices = [office(f"o{n}") for n in range(6)]
    lucky, proven = office("lucky", on_time=1.0, cases=50), office("proven", on_time=1.0, cases=240)
    found = {quality.code: quality for quality in qualities([*offices, lucky, proven])}
    assert found["o1"].index < found["lucky"].index < found["proven"].index
    assert found["lucky"].group is found["proven"].group is Group.MIDDLE


def test_offices_are_compared_with_their_like_only_and_never_below_a_minimum():
    assert [group_of(Known(n, n)) for n in (19, 20, 49, 50, 249, 250)] == [
        *(None, Group.SMALL, Group.SMALL, Group.MIDDLE, Group.MIDDLE, Group.LARGE)
    ]
    assert qualities([office(f"o{n}") for n in range(GROUP_MIN - 1)]) == ()
    large = [office(f"l{n}", on_time=0.2, cases=900) for n in range(GROUP_MIN)]
    middle = [office(f"m{n}", on_time=0.9) for n in range(GROUP_MIN)]
    assert {quality.standing for quality in qualities(large + middle)} == {Standing.AMONG}
    ahead = office("ahead", on_time=1.0, waiting=0.1, reopened=FEW, satisfied=1.0, cases=240)
    behind = office("behind", on_time=0.3, waiting=0.6, reopened=0.4, satisfied=0.3, cases=240)
    found = {quality.code: quality.standing for quality in qualities([*middle, ahead, behind])}
    assert (found["ahead"], found["behind"]) == (Standing.ABOVE, Standing.BELOW)


@pytest.mark.parametrize("missing", ["on_time", "waiting", "reopened", "satisfied"])
def test_without_one_of_its_parts_there_is_no_index(missing):
    for share in (None, HIDDEN):
        assert parts_of(office("o", **{missing: share}).values, 100) is None
    assert parts_of(office("o").values, 100) == {"on_time": 80, "done": 80, "kept": 90, "satisfied": 70}
    assert parts_of(office("o").values, 0) is None


def test_few_counts_as_four_of_the_closed_ones_and_nearly_all_as_all_but_four():
    good = office("o", on_time=NEARLY, waiting=FEW, reopened=FEW, satisfied=NEARLY)
    assert parts_of(good.values, 50) == {"on_time": 92, "done": 92, "kept": 92, "satisfied": 92}
    assert parts_of(office("o", on_time=FEW).values, 200)["on_time"] == 2


def test_the_order_says_nothing_of_rank():
    codes = [f"o{n}" for n in range(GROUP_MIN)]
    offices = [office(code, on_time=0.5 + 0.1 * n) for n, code in enumerate(codes)]
    for order in (offices, offices[::-1]):
        assert [quality.code for quality in qualities(order)] == codes

"""From how many cases on the barometer speaks, and of what: the numbers that ``docs/barometer.md`` promises, at their
bounds."""

from fractions import Fraction

import pytest

from functions.casework.barometer.disclosure import Suppressed
from functions.casework.barometer.edition import FEW, NEARLY, Published
from functions.casework.barometer.measures import spell
from functions.casework.barometer.published_measures import Known, curve_of, spell_of
from functions.casework.barometer.quality import Office, Quality, Standing, qualities
from functions.casework.barometer.survival import Durations, one


def test_a_median_needs_eight_cases_and_its_ninetieth_percentile_twenty() -> None:
    assert spell(Durations({3: 7}, {})) is None
    nineteen, twenty = spell(Durations({3: 19}, {})), spell(Durations({3: 20}, {}))
    assert nineteen
    assert twenty
    assert (nineteen.median.day, nineteen.tail) == (3, None)
    assert twenty.tail
    assert twenty.tail.day == 3


def test_an_interval_is_published_if_twenty_cases_are_known_and_only_with_the_ninetieth_percentile() -> None:
    same_day = Durations({3: 60}, {})
    known = {least: spell_of(same_day, least) for least in (7, 8, 19, 20)}
    assert known[7] is None
    told = {least: (each.median, each.low, each.high, each.tail) for least, each in known.items() if each}
    assert told == {8: (3, None, None, None), 19: (3, None, None, None), 20: (3, 3, 3, 3)}


WHOLE, BARE = "with its interval", "the median alone"


@pytest.mark.parametrize(
    ("durations", "known", "wanted"),
    [
        # Forty cases: with one fewer an end of the interval moves, whichever is taken. Who knows of all forty does not
        # ask what 39 would give; who knows of 39 does.
        (Durations({0: 13, 1: 16, 2: 7, 4: 4}), 40, WHOLE),
        (Durations({0: 13, 1: 16, 2: 7, 4: 4}), 39, BARE),
        # Of each day one is tried, also where there are few days: the same without one that took a day.
        (Durations({0: 18, 1: 5, 2: 3}), 24, WHOLE),
        # One more on the same day as it came in, and the numbers stay; one more on another day, and they do not.
        (Durations({0: 14, 1: 4, 2: 4, 3: 1, 4: 1}, {1: 2}), 24, WHOLE),
        # One fewer of those that still wait, and the numbers stay; one fewer of those that are done, and they do not.
        (Durations({0: 10, 1: 5}, {0: 9, 1: 3, 2: 2, 3: 1}), 20, WHOLE),
        (Durations({0: 8}), 8, BARE),  # nine could give the same; that there may be seven nobody thinks
    ],
)
def test_a_spell_is_published_as_far_as_others_who_may_be_meant_give_the_same(
    durations: Durations, known: int, wanted: str
) -> None:
    told = spell_of(durations, known)
    assert told
    assert {True: BARE, False: WHOLE}[told.low is None] == wanted
    exact = spell(durations)
    assert exact
    assert told.median == exact.median.day
    assert (told.low, told.high) == ((exact.median.low, exact.median.high) if wanted == WHOLE else (None, None))


def test_beside_a_bare_median_no_share_stands_that_the_interval_would_give_away() -> None:
    durations = Durations({0: 13, 1: 16, 2: 7, 4: 4})
    bare, whole = spell_of(durations, 39), spell_of(durations, 40)
    assert bare
    assert whole
    assert bare.waiting == (None, None, None)
    assert whole.waiting == (Suppressed.FEW,) * 3


def test_a_share_still_waiting_is_given_in_fives_from_none_to_all() -> None:
    durations = Durations(dict.fromkeys(range(1, 20), 10), {20: 10})
    told = dict(curve_of(durations, 200, range(20)))
    assert [told[0], told[19]] == [Suppressed.NEARLY, 5]
    assert [told[day] for day in range(1, 19)] == [*range(95, 5, -5)]


def test_what_took_more_than_750_days_is_kept_as_longer_than_that() -> None:
    """What the store holds of years ago was added so, and is taken back so where a case is opened again."""
    stored = Durations({750: 1}, {750: 1})
    assert one(750, happened=True) + one(751, happened=True) == stored
    assert stored - one(900, happened=True) - one(750, happened=True) == Durations()


def office(code: str, *shares: Published, closed: int = 80, received: int = 100) -> Office:
    """An office by its shares: on time, open after 30 days, reopened, satisfied."""
    names = ("on_time", "open_30", "reopened", "satisfied")
    return Office(code, Known(received, closed), dict(zip(names, shares, strict=True)))


def alike(count: int, *shares: Published) -> list[Office]:
    return [office(f"o{n}", *shares) for n in range(count)]


def found(offices: list[Office]) -> dict[str, Quality]:
    return {each.code: each for each in qualities(offices)}


USUAL = (0.75, 0.25, 0.1, 0.7)


def test_five_offices_of_like_size_are_compared_and_four_are_not() -> None:
    assert len(qualities(alike(5, *USUAL))) == 5
    assert qualities(alike(4, *USUAL)) == ()
    larger = [office(f"l{n}", *USUAL, received=250) for n in range(4)]
    assert qualities([*larger, office("smaller", *USUAL, received=249)]) == ()


@pytest.mark.parametrize("missing", range(4))
def test_an_office_without_one_of_the_shares_has_no_index_and_takes_nobody_elses(missing: int) -> None:
    shares = [None if n == missing else share for n, share in enumerate(USUAL)]
    offices = alike(5, *USUAL)
    assert found([*offices, office("one missing", *shares)]) == found(offices)
    assert qualities([*offices[:4], office("one missing", *shares)]) == ()
    assert found([*offices, office("few came in", *USUAL, received=19)]) == found(offices)


@pytest.mark.parametrize(
    ("shares", "closed"),
    [
        ((0.95, 0.05, 0.05, 0.9), 63),
        ((NEARLY, FEW, FEW, NEARLY), 57),
        ((0.85, 0.2, 0.05, 0.4), 17),
        ((0.6, 0.8, 0.55, 0.85), 122),
        ((0.25, 0.85, 0.25, 0.35), 68),
    ],
)
def test_anybody_can_work_out_an_index_from_the_published_formula(shares: tuple[Published, ...], closed: int) -> None:
    """As ``docs/barometer.md`` has it, in fractions: each share drawn to the group's mean by twenty cases, then
    weighed, and rounded once, at the end."""
    group = [*alike(5, *USUAL), office("asked", *shares, closed=closed)]
    few = Fraction(4, closed)
    exact = {FEW: few, NEARLY: 1 - few}
    ours = [exact[each] if isinstance(each, str) else Fraction(str(each)) for each in shares]
    usual = [Fraction(str(each)) for each in USUAL]
    means = [(5 * theirs + our) / 6 for theirs, our in zip(usual, ours, strict=True)]
    drawn = [(our * closed + mean * 20) / (closed + 20) for our, mean in zip(ours, means, strict=True)]
    on_time, waiting, reopened, satisfied = drawn
    wanted = 35 * on_time + 25 * (1 - waiting) + 20 * (1 - reopened) + 20 * satisfied
    assert found(group)["asked"].index == round(float(wanted), 1)


@pytest.mark.parametrize(
    ("theirs", "waiting", "apart"),
    [
        ((0.2, 0.6, 0.3, 0.15), 0.9, (27.8, Standing.BELOW)),  # of a group of 32.8
        ((0.2, 0.6, 0.3, 0.15), 0.85, (28.8, Standing.AMONG)),
        ((0.05, 0.45, 0.75, 0.5), 0.15, (36.8, Standing.ABOVE)),  # of a group of 31.8
        ((0.05, 0.45, 0.75, 0.5), 0.2, (35.7, Standing.AMONG)),
    ],
)
def test_an_office_five_points_from_its_groups_mean_stands_apart_from_it(
    theirs: tuple[float, float, float, float], waiting: float, apart: tuple[float, Standing]
) -> None:
    on_time, _, reopened, satisfied = theirs
    group = [*alike(5, *theirs), office("asked", on_time, waiting, reopened, satisfied)]
    asked = found(group)["asked"]
    assert (asked.index, asked.standing) == apart

"""How the nation's page classes instances, and what half or a quarter of them reach."""

import pytest

from functions.casework.barometer.edition import FEW, NEARLY, Published
from functions.casework.barometer.national import Size, middle_share, quartiles, size_of


def test_instances_are_compared_from_fifty_reports_a_year_on_with_their_like() -> None:
    """The bounds of ``docs/barometer.md``: 50-249, 250-999, 1,000 or more."""
    classes = {reports: size_of(reports) for reports in (0, 49, 50, 249, 250, 999, 1_000, 40_000)}
    assert [size for reports, size in classes.items() if reports < 50] == [None, None]
    assert [classes[reports] for reports in (50, 249)] == [Size.SMALL, Size.SMALL]
    assert [classes[reports] for reports in (250, 999)] == [Size.MIDDLE, Size.MIDDLE]
    assert [classes[reports] for reports in (1_000, 40_000)] == [Size.LARGE, Size.LARGE]


@pytest.mark.parametrize(
    ("medians", "wanted"),
    [
        ([6], (6, 6, 6, 1)),
        ([1, 0, 3, 2], (0, 1, 2, 4)),  # answered on the same day is faster than on the next
        ([8, 3, 6, 1, 7, 2, 5, 4], (2, 4, 6, 8)),
        ([9, None, 4, None], (4, 9, None, 4)),  # what is not reached is the longest
        ([None, None], (None, None, None, 2)),
    ],
)
def test_a_quarter_half_and_three_quarters_of_the_instances_need_so_many_days_at_most(
    medians: list[int | None], wanted: tuple[int | None, int | None, int | None, int]
) -> None:
    assert quartiles(medians) == wanted


@pytest.mark.parametrize(
    ("shares", "wanted"),
    [
        ([0.9, 0.2, 0.6, 0.4, 0.8], 0.6),
        ([0.9, 0.2, 0.6, 0.4], 0.6),  # two of four reach it
        ([FEW, 0.0, FEW, 0.05, 0.1], 0.0),  # few are fewer than any share
        ([NEARLY, 1.0, NEARLY, 0.95, NEARLY], NEARLY),  # and nearly all are more than any
        ([NEARLY, FEW, 0.5], 0.5),
    ],
)
def test_half_of_the_instances_reach_the_middle_share(shares: list[Published], wanted: Published) -> None:
    assert middle_share(shares) == wanted


def test_of_no_instance_nothing_is_said() -> None:
    assert quartiles([]) is None
    assert middle_share([]) is None

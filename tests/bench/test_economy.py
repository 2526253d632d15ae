"""docs/costs.md and docs/scale.md are what the program says, and the program says nothing that cannot be."""

from dataclasses import replace
from pathlib import Path

import pytest

from infra.economy import scale
from infra.economy.__main__ import PAGES
from infra.economy.costs import OFFICES, bill, for_a_report, usage
from infra.economy.measured import ACTS
from infra.economy.prices import LIFE, PRICES

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_what_the_program_says(name: str) -> None:
    assert (ROOT / "docs" / name).read_text() == PAGES[name](), "run: python -m infra.economy"


def test_everything_used_has_a_price_and_every_price_is_used() -> None:
    assert set(usage(OFFICES[-1])) == set(PRICES)
    assert set(for_a_report()) <= set(PRICES)


def test_every_act_that_was_measured_is_counted() -> None:
    assert set(LIFE) <= set(ACTS)
    assert set(ACTS) - set(LIFE) == {"notice", "nothing to deliver", "twenty heads", "inbox"}
    assert LIFE["report"] + LIFE["report in trust"] == 1


def test_a_year_costs_what_stands_and_what_each_report_costs() -> None:
    quiet, more = OFFICES[2], replace(OFFICES[2], reports=OFFICES[2].reports + 1000)
    added = sum(bill(usage(more)).values()) - sum(bill(usage(quiet)).values())
    each = sum(bill({name: 1000 * units for name, units in for_a_report().items()}).values())
    assert each < added < each * 1.5  # the rest is keeping them, and the clock's looking at them


def test_at_rest_it_is_firewall_keys_and_alarms() -> None:
    at_rest = bill(usage(OFFICES[0]))
    standing = at_rest["WAF"] + at_rest["KMS"] + at_rest["CloudWatch"]
    assert standing > 0.95 * sum(at_rest.values())
    assert sum(at_rest.values()) < 200


def test_totals_grow_with_the_reports() -> None:
    totals = [sum(bill(usage(office)).values()) for office in OFFICES]
    assert totals == sorted(totals)


def test_what_breaks_first_stands_first_and_each_has_a_setting() -> None:
    found = scale.limits()
    assert [limit.room for limit in found] == sorted(limit.room for limit in found)
    assert all(limit.setting and limit.then for limit in found)
    assert len({limit.what for limit in found}) == len(found)
    for limit in found:
        assert limit.ordinary <= limit.burst
        assert limit.room > 0


def test_a_limit_is_met_at_the_load_that_is_said() -> None:
    """By the definition, the other way round: at that multiple of the ordinary load it gives just what it gives."""
    for limit in (limit for limit in scale.limits() if limit.bursts):
        each = (limit.burst - limit.ordinary) / (scale.BURST - 1)
        at = limit.ordinary + each * (limit.room * scale.BURST - 1)
        assert at == pytest.approx(limit.gives)


def test_the_clock_takes_longer_with_every_case_and_every_instance() -> None:
    total = sum(scale.clock_seconds().values())
    assert sum(scale.clock_seconds(cases=scale.CASES * 2).values()) > 1.8 * total - 200
    assert sum(scale.clock_seconds(instances=scale.INSTANCES * 2).values()) > total
    assert sum(scale.clock_seconds(cases=100_000, instances=10).values()) < scale.LAMBDA_SECONDS / 4

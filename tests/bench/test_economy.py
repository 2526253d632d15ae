"""docs/costs.md and docs/scale.md are what the program says, and the program says nothing that cannot be."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from infra.economy import scale
from infra.economy.__main__ import PAGES
from infra.economy.costs import FREE, OFFICES, at_rest, backups, bill, for_a_report, usage, whole_nights
from infra.economy.measured import ACTS
from infra.economy.prices import ALARMS, KEYS, LIFE, METRICS, PRICES

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
    assert each < added < each * 2  # the rest is keeping them, backing them up, and the clock's looking at them


def test_at_rest_it_is_machine_firewall_keys_and_alarms() -> None:
    rest = bill(usage(OFFICES[0]))
    standing = rest["Runner"] + rest["WAF"] + rest["KMS"] + rest["CloudWatch"]
    assert standing > 0.95 * sum(rest.values())
    assert sum(rest.values()) < 350
    assert sum(dollars for _, _, dollars in at_rest()) == pytest.approx(sum(rest.values()))


def test_each_thing_that_stands_at_rest_has_a_row() -> None:
    """Of the templates: a price, or the word that it has none; and as many as are there."""
    text = "".join(path.read_text() for path in sorted((ROOT / "infra/stacks").glob("*.yaml")))
    kinds = re.findall(r"^    Type: (AWS::\w+::\w+)$", text, re.MULTILINE)
    counted = {"AWS::KMS::Key": KEYS, "AWS::CloudWatch::Alarm": ALARMS, "AWS::CloudWatch::Dashboard": 1}
    assert {kind: kinds.count(kind) for kind in counted} == counted
    priced = {*counted, "AWS::KMS::Alias", "AWS::WAFv2::WebACL", "AWS::Route53::RecordSet"}
    assert {kind for kind in kinds if kind.rpartition("::")[0] not in FREE} == priced
    ours = set(re.findall(r"Namespace: !Sub lapor-\$\{Environment\}\n +MetricName: (\w+)", text))
    (events,) = re.findall(r"MatchingEventTypes: \[(.+)\]\n +CloudWatchDestination", text)
    assert len(ours) + len(events.split(",")) == METRICS


def test_nights_that_share_cost_the_nation_a_fraction_of_whole_ones() -> None:
    shared, whole = (bill(each(OFFICES[-1]))["Backups"] for each in (backups, whole_nights))
    assert shared < whole / 5


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

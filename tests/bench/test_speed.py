"""What an act costs stays within bounds that no load of the machine moves: calls, bytes, and CPU as ratio to a floor."""

from pathlib import Path

from tests.bench.acts import acts
from tests.bench.speed import Times, apart, at_rest, floors_in, measure, table

MOST = {"report, JSON": 6, "report, sealed in the browser": 5, "thread, JSON": 4, "thread, page": 6}
# An eighth more than were counted on 29 November 2026, with Python 3.13. Before, by the same count: a report by form
# 55,400, the thread's page 11,900, a message 8,600, the desk 224,000 of as many lines, a case 26,100, a hand-over 12,500.
CALLS = {
    "report, JSON": 6_700,
    "report, form: check page and receipt": 50_300,
    "report, sealed in the browser": 3_600,
    "thread, JSON": 3_000,
    "thread, page": 9_200,
    "message of a reporter": 7_500,
    "desk, page of twenty": 231_000,
    "case, page": 23_500,
    "hand-over": 13_400,
    "reply of a unit": 5_800,
    "notice: a letter with a link": 1_900,
}
TURNS = 20
BYTES_AT_REST = 6_000


def test_an_act_makes_few_calls_and_costs_a_few_times_its_floor(tmp_path: Path) -> None:
    for name in ("floor", "world"):
        (tmp_path / name).mkdir()
    found = {}
    with floors_in(tmp_path / "floor") as floors:
        for act in acts(tmp_path / "world"):
            found[act.name] = measure(act, floors, TURNS if act.name in MOST else 1)
    assert {name: found[name].ratio for name in MOST if found[name].ratio > MOST[name]} == {}
    assert {name: found[name].calls for name in CALLS if found[name].calls > CALLS[name]} == {}
    assert all(found[name].calls for name in CALLS)


def test_a_report_rests_on_few_bytes() -> None:
    assert at_rest(100) < BYTES_AT_REST


def test_the_table_names_every_act_and_how_far_two_runs_are_apart() -> None:
    found = {"report": Times(2, 3, 4, 1.5, 1.8, 99)}
    assert "| report | 2.00 | 3.00 | 4.00 | 99 | 1.50 | 1.80 |" in table(found)
    assert round(apart(found.values())) == 20

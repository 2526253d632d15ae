"""What an act costs stays within a few times of what it must cost: CPU of both, taken in turns in one run."""

from pathlib import Path

from tests.bench.acts import acts
from tests.bench.speed import Times, floors_in, measure, table

MOST = {"report, JSON": 9, "report, sealed in the browser": 8, "thread, JSON": 5, "thread, page": 8}
TURNS = 20


def test_a_report_and_a_look_cost_a_few_times_their_floor(tmp_path: Path) -> None:
    for name in ("floor", "world"):
        (tmp_path / name).mkdir()
    with floors_in(tmp_path / "floor") as floors:
        for act in acts(tmp_path / "world"):
            if act.name in MOST:
                assert measure(act, floors, TURNS).ratio < MOST[act.name], act.name
            else:
                measure(act, floors, 1)  # it can still be taken


def test_the_table_names_every_act() -> None:
    assert "| report | 2.00 | 3.00 | 4.00 | 1.50 |" in table({"report": Times(2, 3, 4, 1.5)})

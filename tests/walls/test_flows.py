"""The flows of ``docs/architecture.md`` are those of the code."""

import sys

import pytest

from tests.walls.planting import ROOT

sys.path.insert(0, str(ROOT / "infra"))

import flows


def test_the_page_is_drawn_from_the_code() -> None:
    text = flows.TARGET.read_text()
    assert flows.page(text) == text, "run `python infra/flows.py`"
    assert len(flows.FLOWS) == 3


@pytest.mark.parametrize(
    ("hop", "said"),
    [
        (flows.Hop("intake/app.py", "Intake.give", "", ""), "has no Intake.give"),
        (flows.Hop("intake/app.py", "Intake.take", "open_item", ""), "does not call open_item"),
    ],
)
def test_a_hop_that_is_gone_or_calls_something_else_fails(hop: flows.Hop, said: str) -> None:
    with pytest.raises(flows.FlowError, match=said):
        flows.check(hop)


def test_a_flow_through_too_many_files_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [f"storage/sqlite/{name}.py" for name in ("cases", "links", "outbox")]
    hops = tuple(
        flows.Hop(file, name, "", "")
        for file, name in zip(files, ("SqliteCases", "SqliteLinks", "SqliteOutbox"), strict=True)
    )
    monkeypatch.setattr(flows, "FLOWS", {"long": hops})
    monkeypatch.setattr(flows, "MOST_FILES", 2)
    with pytest.raises(flows.FlowError, match="3 files"):
        flows.drawn()

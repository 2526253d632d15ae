"""What a restore brings back of a thousand cases is what docs/operations.md calculates hours with."""

import re
from pathlib import Path

import pytest
from moto import mock_aws

from tests.cloud.drill import drilled
from tests.cloud.stacks import ROOT
from tests.depth import deep

CASES = deep(200, 40)
ROWS = ("calls that write", "items of the table", "write units", "MB of sealed files", "MB of the table's parts")


def written() -> tuple[int, ...]:
    """The numbers of the page, in the order of ``ROWS``."""
    page = (ROOT / "docs" / "operations.md").read_text()
    found = [re.search(rf"^\| {re.escape(row)}.*\| ([\d,]+) \|$", page, re.MULTILINE) for row in ROWS]
    return tuple(int(match[1].replace(",", "")) for match in found if match)


def test_a_restore_of_a_known_office_takes_what_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "uji")
    with mock_aws():
        drill = drilled(CASES, tmp_path)
    assert len(written()) == len(ROWS)
    calls, *counts = written()
    assert list(drill.row()[1:]) == [pytest.approx(number, rel=0.1, abs=1) for number in counts]
    parts = drill.calls["GetObject"]  # each read twice, and its last call of items not full
    assert 0.9 * calls * CASES / 1000 <= drill.writes() <= 1.1 * calls * CASES / 1000 + parts

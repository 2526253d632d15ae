"""Measure anew what acts cost, and write it into infra/economy/measured.py: ``python -m tests.bench.measure``; then
``python -m infra.economy`` for the pages."""

import re
import tempfile
from pathlib import Path

from moto import mock_aws

from infra.economy.measured import ACTS, Act
from tests.bench.test_capacity import Bench

TARGET = Path(__file__).parents[2] / "infra" / "economy" / "measured.py"


def row(name: str, door: str, act: Act) -> str:
    further = "".join(f", {field}={n}" for field, n in (("turns", act.turns), ("listed", act.listed)) if n)
    return f'    "{name}": Act("{door}", {act.write}, {act.read:g}, {act.calls}{further}),\n'


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, mock_aws():
        bench = Bench(Path(folder) / "data")
    text = TARGET.read_text()
    rows = "".join(row(name, ACTS[name].door, bench.acts[name]) for name in ACTS)
    text = re.sub(r"ACTS = \{\n.*?\n\}\n", f"ACTS = {{\n{rows}}}\n", text, flags=re.DOTALL)
    text = re.sub(r"HEAD_BYTES = [\d_]+", f"HEAD_BYTES = {round(bench.sizes['head'], -1):_}", text)
    TARGET.write_text(re.sub(r"CASE_BYTES = [\d_]+", f"CASE_BYTES = {round(bench.sizes['case'], -2):_}", text))


if __name__ == "__main__":
    main()

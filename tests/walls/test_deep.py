"""``make test-deep``: every test that has a whole size is in a part, and no part hides what is red, skipped or not run."""

import json
import sys
from pathlib import Path

import pytest

from tests.deep import __main__ as deep
from tests.deep.__main__ import FOLDER, PARTS, Progress, Unit, deep_files, main, part_of, run, state, units

GREEN = "def test_it(): pass"
RED = "def test_it(): assert 1 == 2"
TELLS = "import os; open(os.environ['LAPOR_TOLD'], 'a').write(os.environ['LINE'] + chr(10))"
SKIPPED = "import pytest\ndef test_it(): pytest.skip('no Python 3.99')"


@pytest.fixture
def three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A part of three files: one green, one that skips, one red."""
    for name, text in {"green": GREEN, "skipped": SKIPPED, "red": RED}.items():
        (tmp_path / f"test_{name}.py").write_text(text)
    command = (sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "-c", "/dev/null")
    made = [Unit(name, (*command, f"{tmp_path}/test_{name}.py"), {}) for name in ("green", "skipped", "red", "none")]
    monkeypatch.setattr(deep, "units", lambda _: made)
    monkeypatch.setattr(deep, "FOLDER", tmp_path / "deep")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # three tests need none, and each run would load all
    return tmp_path


def test_what_has_a_whole_size_is_in_one_part() -> None:
    units_of = {part: list(units(part)) for part in PARTS}
    named = [unit.name for each in units_of.values() for unit in each]
    assert len(named) == len(set(named))
    files = [file for each in units_of.values() for file in {unit.name.split()[0] for unit in each}]
    run_by = {file for file in files if file.endswith(".py")}
    assert set(deep_files()) <= run_by
    assert sum(file.endswith(".py") for file in files) == len(run_by), "one of two parts would play it again"
    assert {part_of(file) for file in deep_files()} <= set(PARTS)


def test_every_seed_is_played() -> None:
    played = [range(*map(int, unit.environment["LAPOR_SEEDS"].split())) for unit in units("simulation")]
    assert [seed for seeds in played for seed in seeds] == [*range(10_000)]


@pytest.mark.long
def test_red_and_skipped_are_said_and_only_green_is_left_out_next_time(
    three: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["words"]) == 1
    said = capfd.readouterr().out
    assert "(4 of 4 runs left)" in said
    assert "skipped: " in said
    assert "no Python 3.99" in said
    assert said.count("red    ") == 2, "a file without tests is red too"
    assert "== red: words" in said
    (three / "test_red.py").write_text(GREEN)
    (three / "test_none.py").write_text(GREEN)
    assert main(["words"]) == 0
    assert "(3 of 4 runs left)" in capfd.readouterr().out
    assert main(["--fresh", "words"]) == 0
    assert "(4 of 4 runs left)" in capfd.readouterr().out


def test_what_was_green_counts_for_the_same_code_only(tmp_path: Path) -> None:
    unit = Unit("one", (sys.executable, "-c", "pass"), {})
    Progress(tmp_path, "before").ended(unit, run(unit), "1 of 1")
    assert Progress(tmp_path, "before").green == {"one"}
    assert Progress(tmp_path, "after").green == set()
    assert state(FOLDER.parents[1]) == state(FOLDER.parents[1])


def test_a_part_that_does_not_exist_is_refused() -> None:
    with pytest.raises(SystemExit, match="there is no part moon; there are long"):
        main(["moon"])


def test_what_the_seeds_did_is_added_up_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    told = json.dumps(
        {
            "first": 0,
            "end": 2,
            "seeds": 2,
            "steps": 9,
            "calls": 30,
            "violations": [],
            "faults": {"mail lost": 7},
            "did": {},
        }
    )
    monkeypatch.setattr(deep, "FOLDER", tmp_path)
    monkeypatch.setattr(deep, "units", lambda _: [Unit("seeds", (sys.executable, "-c", TELLS), {"LINE": told})])
    monkeypatch.delenv("LAPOR_TOLD", raising=False)
    assert main(["simulation"]) == 0
    said = capfd.readouterr().out
    assert "2 seeds, 9 steps, 30 calls" in said
    assert "7 faults: lost 7" in said
    assert "at: mail 7" in said
    assert "- 2 seeds, 9 steps, 30 calls\n" in (tmp_path.with_name("evidence") / "simulation.md").read_text()
    assert main(["simulation"]) == 0, "what is green stays told"
    assert "7 faults: lost 7" in capfd.readouterr().out

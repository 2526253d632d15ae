"""The way mutants are run, on a copy of a product of two lines: what its tests see is killed, nothing else is."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutation import results as module
from tests.mutation.__main__ import functions_at, tried, users
from tests.mutation.draw import every_of_all
from tests.mutation.equal import EQUAL
from tests.mutation.forked import Runner
from tests.mutation.named import Mutant
from tests.mutation.results import Result, Results, key_of, summary

SOURCE = "MOST = 5\n\n\ndef positive(number: int) -> bool:\n    return number > 0\n"
TESTS = """from functions.two import positive


def test_edge():
    assert not positive(0)


def test_other():
    assert MOST if (MOST := 1) else 0
"""
FILE, TEST = "functions/two.py", "tests/test_two.py"
SEEN = Mutant(FILE, "    return number > 0\n", "    return number >= 0\n", TEST)
UNSEEN = Mutant(FILE, "MOST = 5\n", "MOST = 6\n", TEST)


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    for folder in ("functions", "tests/mutation"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "__init__.py").touch()
    (tmp_path / "tests/__init__.py").touch()
    (tmp_path / FILE).write_text(SOURCE)
    (tmp_path / TEST).write_text(TESTS)
    shutil.copy(Path(__file__).with_name("forked.py"), tmp_path / "tests/mutation/forked.py")
    made = Runner(tmp_path)
    yield made
    made.close()


@pytest.mark.long
def test_a_mutant_is_killed_by_who_reaches_it_and_survives_only_all(runner: Runner, tmp_path: Path) -> None:
    runner.load(TEST)
    assert runner.run([TEST], str(tmp_path / "reach")).status == 0
    reach = json.loads((tmp_path / "reach").read_text())
    assert functions_at(reach, SEEN, range(5, 6)) == [f"{TEST}::test_edge"]
    found = [tried(runner, mutant, reach) for mutant in (SEEN, UNSEEN, SEEN)]
    assert [(each.killed, each.line, each.tests) for each in found] == [(True, 5, 1), (False, 1, 0), (True, 5, 1)]
    assert (tmp_path / FILE).read_text() == SOURCE
    assert tried(runner, SEEN, {}).killed, "where it is not known who reaches it, all run"
    broken = Mutant(FILE, "MOST = 5\n", "MOST = 5 / 0\n", TEST)
    assert tried(runner, broken, {FILE: {"1": ["tests.test_two.test_edge"]}}).killed, (
        "no test function can be found then"
    )
    with pytest.raises(ValueError, match="ran nothing"):
        runner.run([TEST, "-k", "nobody"])


def test_who_uses_a_constant_is_asked_first() -> None:
    text = (
        "MOST = 5\nLESS = {\n    MOST,\n}\n\n\ndef one(other):\n    return LESS\n\n\ndef two(LEAST):\n    return MOST\n"
    )
    assert sorted(users(text, [1])) == [3, 8, 12]
    assert users(text, [3]) == [8]
    assert users(text, [8]) == []


def test_what_is_known_holds_until_file_or_tests_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROOT", tmp_path)
    for name, text in ((FILE, SOURCE), (TEST, TESTS)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    Results(tmp_path).put(SEEN, Result(True, 5, 1.5, 1))
    assert Results(tmp_path).of(SEEN) == Result(True, 5, 1.5, 1)
    assert Results(tmp_path).of(UNSEEN) is None
    before = key_of(SEEN)
    (tmp_path / TEST).write_text(TESTS + "\n")
    assert key_of(SEEN) != before
    assert Results(tmp_path).of(SEEN) is None


def test_a_survivor_stands_with_why_it_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "key_of", lambda mutant: mutant.new)
    known = Results(tmp_path)
    known.put(SEEN, Result(True, 5, 1, 1))
    known.put(UNSEEN, Result(False, 1, 2, 0))
    assert f"| `{FILE}` | 2 | 2 | 1 | 0 | 1 | 50.0 % |" in [*summary([SEEN, UNSEEN], known)]
    assert f"| `{FILE}:1` | `MOST = 5` | `MOST = 6` | **wants a test** |" in [*summary([SEEN, UNSEEN], known)]
    monkeypatch.setitem(EQUAL, FILE, {("MOST = 5", "MOST = 6"): "a choice"})
    assert f"| `{FILE}` | 2 | 2 | 1 | 1 | 0 | 100.0 % |" in [*summary([SEEN, UNSEEN], known)]
    assert f"| `{FILE}:1` | `MOST = 5` | `MOST = 6` | a choice |" in [*summary([SEEN, UNSEEN], known)]


def test_each_mutant_that_may_survive_is_drawn() -> None:
    """Else the list speaks of code that is no more."""
    drawn = {(mutant.file, mutant.old.strip(), mutant.new.strip()) for mutant in every_of_all()}
    assert {(file, *pair) for file, pairs in EQUAL.items() for pair in pairs} <= drawn

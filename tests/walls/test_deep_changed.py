"""CI runs a part of ``make test-deep`` where what it tries has changed, and never fails for want of history."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.deep.__main__ import ROOT
from tests.deep.changed import CONCERNS, SHARED, changed_files, concerned, main

DAY, LONG_AGO = 24 * 3600, 1_790_000_000
RULE, PAGE = "functions/casework/stages.py", "docs/operations.md"


def git(folder: Path, *arguments: str, at: int = LONG_AGO) -> None:
    names = {f"GIT_{who}_{what}": "ci@example.id" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    dates = {f"GIT_{who}_DATE": f"{at} +0000" for who in ("AUTHOR", "COMMITTER")}
    subprocess.run(("git", "-C", folder, *arguments), env=os.environ | names | dates, check=True, capture_output=True)


def commit(folder: Path, path: str, at: int) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(f"{at}")
    git(folder, "add", ".")
    git(folder, "commit", "-m", path, at=at)


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A repository with a commit of long ago."""
    git(tmp_path, "init", "-b", "main", "origin")
    commit(tmp_path / "origin", "README.md", LONG_AGO)
    return tmp_path / "origin"


def cloned(origin: Path, *options: str) -> Path:
    git(origin.parent, "clone", *options, f"file://{origin}", "clone")
    return origin.parent / "clone"


def test_on_main_all_of_a_weeks_commits_count(origin: Path) -> None:
    commit(origin, RULE, LONG_AGO + 30 * DAY)
    commit(origin, PAGE, LONG_AGO + 33 * DAY)
    assert changed_files(cloned(origin)) == [PAGE, RULE]


def test_what_is_older_is_not_tried_again(origin: Path) -> None:
    commit(origin, RULE, LONG_AGO + 20 * DAY)
    commit(origin, PAGE, LONG_AGO + 33 * DAY)
    assert changed_files(cloned(origin)) == [PAGE]


def test_on_a_branch_its_own_commits_count(origin: Path) -> None:
    commit(origin, RULE, LONG_AGO + DAY)
    clone = cloned(origin)
    git(clone, "checkout", "-b", "work")
    commit(clone, PAGE, LONG_AGO + 2 * DAY)
    assert changed_files(clone) == [PAGE]


def test_before_the_first_week_is_over_all_since_the_first_commit_counts(origin: Path) -> None:
    commit(origin, RULE, LONG_AGO + DAY)
    assert changed_files(cloned(origin)) == [RULE]


@pytest.mark.parametrize("there", ["shallow", "one commit", "none"])
def test_without_history_a_line_says_so_and_nothing_is_run(
    origin: Path, there: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if there == "shallow":
        commit(origin, RULE, LONG_AGO + 30 * DAY)
    root = origin.parent if there == "none" else cloned(origin, *["--depth=1"][: there == "shallow"])
    assert main(root) == 0
    said = capsys.readouterr()
    assert said.out == "\n"
    assert said.err.count("\n") == 1
    assert "no history to compare with" in said.err


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        (RULE, ["years"]),
        ("functions/clock/main.py", ["years"]),
        ("functions/actions/clock/publish_edition.py", ["years"]),
        ("tests/casework/barometer/test_audit.py", ["years"]),
        ("tests/actions/test_year.py", ["years"]),
        ("tests/doors/test_flood.py", []),  # of another part
        ("functions/desk/app.py", []),
        (PAGE, []),
    ],
)
def test_a_file_concerns_the_part_that_tries_it(path: str, parts: list[str]) -> None:
    assert (ROOT / path).exists()
    assert concerned([path]) == parts
    assert all((ROOT / each).exists() for part in CONCERNS for each in (*CONCERNS[part], *SHARED[part]))

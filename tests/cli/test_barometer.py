"""Editions at a terminal: which there are, and correcting one."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from functions.actions.clock.barometer_counts import CountBarometer
from functions.actions.clock.publish_edition import Editions
from functions.cli.main import cli
from functions.config.settings import Settings
from functions.storage.registers.barometer_counts import read_standing
from functions.storage.sqlite.store import SqliteStore
from tests.actions.test_tallies import DIRECTORY, KUTIM, invented, put, seeded

TODAY = date(2026, 8, 8)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SqliteStore:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setattr(Settings, "today", lambda _: TODAY)
    made = SqliteStore(tmp_path / "lapor.sqlite")
    made.prepare()
    return made


def say(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["barometer", *arguments])
    return done.exit_code, done.output


def test_editions_are_listed_and_corrected(store: SqliteStore) -> None:
    assert say("list") == (0, "no edition yet: the first appears a week after the first whole month\n")
    assert say("correct", "2026-07")[0] == 1
    random = seeded(23)
    put(store, [invented(random) for _ in range(60)])
    CountBarometer(store, DIRECTORY, lambda: TODAY)()
    Editions(store, DIRECTORY, lambda: TODAY)()
    code, listed = say("list")
    assert (code, listed.split()[:3]) == (0, ["2026-07", "1", "2026-08-08"])
    before = read_standing(store, KUTIM, "2026-07")
    put(
        store, [invented(random, received_on=date(2026, 7, 2), closed_on=None) for _ in range(40)]
    )  # come to light late
    assert say("correct", "2026-07") == (0, "edition 2 of 2026-07 is published\n")
    assert read_standing(store, KUTIM, "2026-07") != before
    assert [line.split()[1] for line in say("list")[1].splitlines()] == ["1", "2"]

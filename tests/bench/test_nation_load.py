"""The trial of the nation's load, on a nation small enough for every day: each part does what it is said to measure."""

from pathlib import Path

import pytest

from functions.casework.barometer.places import HISTORY
from functions.config.settings import Settings
from functions.storage.interface import Scope
from functions.storage.registers.directory import read_directory
from tests.bench import nation_load
from tests.bench.nation_mail import EACH
from tests.bench.nation_parts import EDITION, FIRST, Nation
from tests.bench.nation_store import codes

CASES, INSTANCES = 300, 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("nation")
    nation_load.write(made, CASES, INSTANCES)
    return made


@pytest.fixture
def nation(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Nation:
    monkeypatch.setattr(Settings, "today", Settings.today)  # which a part sets, and this sets back
    return Nation(folder)


@pytest.mark.long
def test_a_mornings_digests_reach_each_officer_who_has_news_once(nation: Nation) -> None:
    """``tell`` fails where somebody gets two or none; here the numbers are counted another way."""
    directory = read_directory(nation.store, nation.settings).directory
    heads = [head for code in codes(directory) for head in nation.store.page(Scope.INSTANCE, code, "", EACH).heads]
    told = nation.morning(FIRST, codes(directory))
    assert told["notices"] == len(heads) > 0
    assert told["letters"] > len({head.holder for head in heads})
    assert told["bytes"] > 1_000 * told["letters"]


def test_the_twelfth_month_of_a_government_follows_on_eleven_that_are_out(nation: Nation) -> None:
    big, *_ = codes(read_directory(nation.store, nation.settings).directory)
    spent = nation.edition_of_one(big, EDITION)
    assert [name for name in spent if name.startswith("audit")] == [f"audit of month {n + 1}" for n in range(HISTORY)]


@pytest.mark.long
def test_every_part_runs_and_says_how_large_the_file_is(folder: Path, nation: Nation) -> None:
    parts = nation_load.parts(folder, CASES, INSTANCES)
    for name in (name for name in parts if name.startswith(("the day", "clock", "figures", "edition, all", "outbox"))):
        parts[name]()
    parts["edition, the nation's sums"]()
    told = parts["bytes"]()
    assert all(told[each] > 1_000 for each in ("file", "anchors", "edition")), told

"""The clock's function has half a gigabyte, and an instance may have two hundred thousand cases: no task holds their
heads."""

import gc
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.actions.clock import audit, publish_reports
from functions.casework.case import CaseHead
from functions.clock import main
from functions.config.settings import Settings, load_settings
from functions.storage.sqlite.store import SqliteStore
from tests.bench.nation_store import codes, directory_of, new_store

TODAY = date(2026, 3, 10)
CASES = 8_000  # of which a tenth is the biggest instance's
MOST = 2 * publish_reports.PAGE  # the longest page, and the one after it


class Watching:
    """A store that notes how many heads are alive whenever it is asked for more."""

    def __init__(self, store: SqliteStore) -> None:
        self.store, self.alive, self.pages = store, 0, 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*given: Any, **more: Any) -> Any:
            if name == "page":
                self.pages += 1
                self.alive = max(self.alive, sum(isinstance(each, CaseHead) for each in gc.get_objects()))
            return getattr(self.store, name)(*given, **more)

        return call


@pytest.mark.long
def test_no_task_of_a_day_holds_more_heads_than_two_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = directory_of(tmp_path / "tables", 42)
    big, *_ = codes(directory)
    store = new_store(tmp_path / "lapor.sqlite", directory, CASES, TODAY)
    watched = Watching(store)
    monkeypatch.setattr(main, "open_store", lambda _: watched)
    settings = load_settings({"DATA_DIR": str(tmp_path)})
    gc.collect()  # else heads that tests before it left go meanwhile, and are counted as if they were ours
    before = sum(isinstance(each, CaseHead) for each in gc.get_objects())
    for days in (0, 1):  # the second day reads the list of the first
        monkeypatch.setattr(Settings, "today", lambda _, day=TODAY + timedelta(days=days): day)
        done = main.make_housekeeping(settings).one(big)
        assert (done["anchor"], done["count"], done["tally"]) == (1, 1, 1)
    assert watched.pages > CASES // 10 // audit.PAGE
    assert before + 10 < watched.alive <= before + MOST, (before, watched.alive)

from pathlib import Path
from traceback import format_exception
from typing import Any

import pytest

from functions.config import logs
from tests.world import World


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose doors say where they stumbled."""

    def report(event: str, error: BaseException, **facts: Any) -> None:
        print(event, facts, *format_exception(error)[-9:])  # noqa: T201 - read where a test fails

    monkeypatch.setattr(logs, "report", report)
    return World(tmp_path)

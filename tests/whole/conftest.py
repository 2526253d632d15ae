import shutil
from pathlib import Path

import pytest

from tests.world import World


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with keys and tables, not to be changed."""
    return World(tmp_path_factory.mktemp("ready") / "data").folder


@pytest.fixture
def folder(ready: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    shutil.copytree(ready, tmp_path / "data")
    return tmp_path / "data"

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.linked_system import LinkedSystem, linked_system
from tests.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def system() -> Iterator[LinkedSystem]:
    """An agency's own system."""
    with linked_system() as running:
        yield running
